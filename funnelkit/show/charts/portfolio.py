"""All clients beside each other: from A to the plan, each as a share of its own B."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite, nan

from funnelkit.model.levers import message as _
from funnelkit.show.charts import theme
from funnelkit.show.charts.measure import shortened, width
from funnelkit.show.charts.portfoliorows import FOOT, HEAD, NAMED, WIDTH, Rows, layers
from funnelkit.show.picture import Picture, Row
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

__all__ = ["PortfolioRow", "portfolio_chart"]

_GROWTH = 70.0
"""Pixels for a multiple of A."""

_NAMED_FIRST = 3
"""How many of the clients furthest from B the text alternative names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioRow:
    """A client's way from A to the plan.

    Attributes
    ----------
    name : str
    now, plan : float
        Point A, and B's month with the plan, as multiples of the client's B; NaN is missing.
    growth : float
        B's month with the plan as a multiple of A; NaN is missing.
    """

    name: str
    now: float
    plan: float
    growth: float = nan


def portfolio_chart(rows: Sequence[PortfolioRow], words: Words) -> Picture:
    """Draw every client's way from A to the plan; the plan furthest from its B comes first.

    Up to 30 clients have a named row each, up to 60 in two panels. Of more the rows shrink and
    stand in two blocks, those that fall short of B and those that reach it.

    Parameters
    ----------
    rows : sequence of PortfolioRow
        In any order; those without a plan come last and have no mark.
    words : Words

    Returns
    -------
    Picture
    """
    ranked = sorted(rows, key=lambda row: (not isfinite(row.plan), row.plan, row.name))
    known = [row for row in ranked if isfinite(row.plan)]
    short = sum(row.plan < 1 for row in known)
    shown = ranked if len(ranked) <= NAMED else known
    drawn = Rows([value for row in known for value in (row.now, row.plan)], len(shown))
    named = drawn.panel.named
    for place, row in enumerate(shown):
        drawn.draw(place, row.now, row.plan)
    datasets: dict[str, Sequence[Row]] = {
        "ways": drawn.ways,
        "points": drawn.points,
        "names": _names(shown, drawn) if named else _blocks(short, len(known), drawn, words),
        "values": _values(shown, drawn, words) if named else [],
        "heads": drawn.heads([(share, words.share(share)) for share in (0.0, 0.5, 1.5)]),
        "b": drawn.heads([(1.0, words(_("Goal (B)")))]),
        "head": [{"text": words(_("× of A"))}] if drawn.panel.growth else [],
        "key": _key(named, words),
    }
    description = _description(known, short, len(ranked), words)
    return theme.picture(
        partial(layers, drawn.foot, drawn.thick),
        datasets,
        size=(WIDTH, drawn.foot + FOOT),
        description=description,
        table=partial(_table, ranked, words, description),
    )


def _names(rows: Sequence[PortfolioRow], drawn: Rows) -> list[Row]:
    return [
        {
            "x": drawn.left(place),
            "y": drawn.middle(place),
            "text": shortened(row.name, drawn.panel.names - 14, 12),
            "colour": theme.INK,
        }
        for place, row in enumerate(rows)
    ]


def _blocks(short: int, known: int, drawn: Rows, words: Words) -> list[Row]:
    """Name the two blocks that many rows stand in, in the middle of each."""
    blocks = [
        (0, short, _("fall short of B: {n}"), theme.BAD),
        (short, known, _("reach B: {n}"), theme.PLAN),
    ]
    names: list[Row] = []
    for first, end, said, colour in blocks:
        if end > first:
            middle = (drawn.middle(first) + drawn.middle(end - 1)) / 2
            # A block of a row or two beside a large one: their names stay apart.
            y = min(max(middle, HEAD + 8), drawn.foot - 8)
            x = drawn.left(first)
            names.append(
                {"x": x, "y": y, "text": words(said, n=words.number(end - first)), "colour": colour}
            )
    return names


def _values(rows: Sequence[PortfolioRow], drawn: Rows, words: Words) -> list[Row]:
    """Write the plan as a share of B, and where there is room as a multiple of A."""
    texts: list[Row] = []
    for place, row in enumerate(rows):
        y, known = drawn.middle(place), isfinite(row.plan)
        said = words.share(round(row.plan, 3)) if known else words.missing
        ink = theme.QUIET if not known else theme.BAD if row.plan < 1 else theme.INK
        edge = drawn.right(place)
        if drawn.panel.growth:
            growth = words.times(row.growth) if isfinite(row.growth) else "–"
            texts.append({"x": edge, "y": y, "text": growth, "colour": theme.QUIET})
            edge -= _GROWTH
        texts.append({"x": edge, "y": y, "text": said, "colour": ink})
    return texts


def _key(named: bool, words: Words) -> list[Row]:
    parts = [
        (_("today (A)"), theme.GREY),
        (_("plan that reaches B"), theme.PLAN),
        (_("plan that falls short"), theme.BAD),
    ]
    x, rows = 2.0, list[Row]()
    for text, colour in parts[not named :]:
        rows.append({"x": x, "text": words(text), "colour": colour})
        x += 16 + width(words(text), 12) + 20
    return rows


def _description(known: Sequence[PortfolioRow], short: int, count: int, words: Words) -> str:
    said = words.plural(
        "{n} client, from A to the plan as shares of B.",
        "{n} clients, from A to the plan as shares of B.",
        count,
    )
    counted = words(
        _("Plans that reach B: {met}; that fall short: {short}; not known: {unknown}."),
        met=words.number(len(known) - short),
        short=words.number(short),
        unknown=words.number(count - len(known)),
    )
    furthest = "; ".join(
        f"{row.name} – {words.share(round(row.plan, 3))}" for row in known[:_NAMED_FIRST]
    )
    whole = words(_("Furthest from B: {clients}."), clients=furthest) if furthest else ""
    return f"{said} {counted} {whole}".strip()


def _table(rows: Sequence[PortfolioRow], words: Words, caption: str) -> Table:
    def cell(text: str, value: float, *, bad: bool = False) -> Cell:
        if not isfinite(value):
            return Cell(words.missing, "missing")
        return Cell(text, "bad" if bad else "")

    return Table(
        header=(
            words(_("Client")),
            words(_("A as a share of B")),
            words(_("The plan as a share of B")),
            words(_("The plan as a multiple of A")),
        ),
        rows=tuple(
            (
                row.name,
                cell(words.share(row.now), row.now),
                cell(words.share(row.plan), row.plan, bad=row.plan < 1),
                cell(words.times(row.growth), row.growth),
            )
            for row in rows
        ),
        caption=caption,
    )
