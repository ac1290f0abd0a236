"""The funnel of a month, now against plan."""

from collections.abc import Iterator, Sequence
from functools import partial
from math import isclose

from funnelkit.model.levers import message as _
from funnelkit.model.owner import Months
from funnelkit.show.charts.pairs import Pair, pairs_picture
from funnelkit.show.labels import label
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Table
from funnelkit.show.words import Words

__all__ = ["funnel_chart"]

_STEPS = ("leads", "worked_leads", "answered_leads", "qualified_leads", "new_customers")


def funnel_chart(
    path: Months,
    horizon: int,
    words: Words,
    people: tuple[float, float] | None = None,
    *,
    compact: bool = False,
) -> Picture:
    """Draw the funnel's steps with two bars each: month 0 and the goal's month.

    A step that lets everybody through, now and as planned, is left out.

    Parameters
    ----------
    path : Months
        The plan's months, arrays of shape (months,).
    horizon : int
        The goal's month.
    words : Words
    people : tuple of float, optional
        Visitors and audience together, now and as planned: the funnel's first step.
    compact : bool
        Whether the picture is one of several on a screen.

    Returns
    -------
    Picture
    """
    steps = list(_steps(path, horizon, people))
    pairs = []
    before: tuple[float, float] | None = None
    for name, now, plan in steps:
        called = words(_("Visitors and audience")) if name == "people" else label(name, words)
        shares = ("", "")
        if before:
            shares = (words.share(_over(now, before[0])), words.share(_over(plan, before[1])))
        texts = (words.count(now), words.count(plan))
        pairs.append(Pair(name, called, now, plan, *texts, *shares))
        before = (now, plan)
    side = words(_("of the step before"))
    description = words(
        _("The funnel: {now} new clients a month today, {plan} in the goal's month."),
        now=words.count(steps[-1][1]),
        plan=words.count(steps[-1][2]),
    )
    note = words(_("The bars' lengths grow with the square root, so that small steps are seen."))
    return pairs_picture(
        pairs,
        words,
        description=description,
        table=partial(_table, pairs, words, side, description),
        side=side,
        side_room=64 if compact else 72,
        note=note,
        scale="sqrt",
        compact=compact,
    )


def _table(pairs: Sequence[Pair], words: Words, side: str, caption: str) -> Table:
    """List the steps, each with its share of the step before."""
    return Table(
        header=(words(_("Step")), words(_("Now")), side, words(_("Plan")), side),
        rows=tuple((p.name, p.now_text, p.now_side, p.plan_text, p.plan_side) for p in pairs),
        caption=caption,
    )


def _steps(
    path: Months, horizon: int, people: tuple[float, float] | None
) -> Iterator[tuple[str, float, float]]:
    """Yield name and count, now and as planned, of the steps that change the count."""
    before = people
    if people:
        yield "people", *people
    for name in _STEPS:
        months = getattr(path, name)
        now, plan = float(months[..., 0]), float(months[..., horizon])
        same = before is not None and all(
            isclose(one, other, rel_tol=1e-9)
            for one, other in zip(before, (now, plan), strict=True)
        )
        if not same or name in ("leads", "new_customers"):
            yield name, now, plan
        before = (now, plan)


def _over(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
