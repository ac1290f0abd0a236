"""Leads against budget: what more money still brings, and where today and the plan stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite, nan
from types import MappingProxyType

from funnelkit.model.levers import Stage
from funnelkit.model.levers import message as _
from funnelkit.show.charts import theme
from funnelkit.show.charts.measure import shortened
from funnelkit.show.charts.spendlabels import SpendLabels
from funnelkit.show.charts.spendlines import COMPACT, ROOMY, Canvas, Scale, layers, round_up
from funnelkit.show.picture import Picture, Row
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

__all__ = ["CurvePoint", "SpendPoint", "spend_chart"]

_COLOURS = MappingProxyType(
    {
        "today": theme.QUIET,
        "plan": theme.PLAN,
        "cheapest": theme.STAGE_COLOURS[Stage.ACCOUNT],
    }
)
_IN_TABLE = 10
"""Most points of the line that the table lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """The most leads that a budget brings.

    Attributes
    ----------
    budget : float
        Client's currency.
    leads : float
    seen : bool
        Whether the channels' history has seen such spends.
    """

    budget: float
    leads: float
    seen: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendPoint:
    """A budget with a name.

    Attributes
    ----------
    key : str
        ``today``, ``plan`` and ``cheapest`` have colours of their own.
    name : str
        In the reader's language.
    budget, leads : float
        Client's currency and a count; one that is missing, NaN, is said to be.
    """

    key: str
    name: str
    budget: float
    leads: float

    @property
    def known(self) -> bool:
        """Whether the point has a place."""
        return isfinite(self.budget) and isfinite(self.leads)


def spend_chart(
    curve: Sequence[CurvePoint],
    points: Sequence[SpendPoint],
    words: Words,
    *,
    needed: float = nan,
    average_cpl: float = nan,
    marginal_cpl: float = nan,
    compact: bool = False,
) -> Picture:
    """Draw the most leads for every budget, and some budgets by name.

    Parameters
    ----------
    curve : sequence of CurvePoint
        In any order; points that are missing are left out. Beyond what history has seen the line
        is dashed.
    points : sequence of SpendPoint
        The first have the best places for their labels.
    words : Words
    needed : float
        Leads that the owner's plan needs; no line where it is missing.
    average_cpl, marginal_cpl : float
        What a lead costs by the plan, on average and the last one; client's currency.
    compact : bool
        Whether the picture is one of several on a screen.

    Returns
    -------
    Picture
    """
    at = COMPACT if compact else ROOMY
    known = sorted(
        (p for p in curve if isfinite(p.budget) and isfinite(p.leads)),
        key=lambda p: (p.budget, p.leads),
    )
    placed = [point for point in points if point.known]
    budgets = [p.budget for p in known] + [p.budget for p in placed]
    leads = [p.leads for p in known] + [p.leads for p in placed]
    scale = Scale(at, round_up(budgets), round_up([*leads, needed]))
    level = scale.place(0.0, needed)[1] if isfinite(needed) else None
    dots: list[Row] = []
    for point in placed:
        x, y = scale.place(point.budget, point.leads)
        colour = _COLOURS.get(point.key, theme.NEUTRAL)
        row = {"key": point.key, "x": x, "y": y, "colour": colour}
        dots.append(row | {"budget": point.budget, "leads": point.leads})
    labels = SpendLabels(
        at,
        [[scale.place(point.budget, point.leads) for point in known]],
        [(dot["x"], dot["y"]) for dot in dots],
        level,
    )
    labels.write_level(words(_("Leads needed: {leads}"), leads=words.count(needed)))
    for point in points:
        place = scale.place(point.budget, point.leads) if point.known else None
        colour = _COLOURS.get(point.key, theme.NEUTRAL)
        labels.write(point.key, point.name, _said(point, words), colour, place)
    cpl = _cpl(average_cpl, marginal_cpl, words, compact=compact)
    description = _description(points, needed, words)
    if cpl:
        description += " " + _cpl(average_cpl, marginal_cpl, words)
    datasets: dict[str, Sequence[Row]] = {
        "curve": _parts(known, scale),
        "dots": dots,
        "needed": [] if level is None else [{"y": level}],
        "leaders": labels.leaders,
        "labels": labels.rows,
        "ends": _ends(at, scale, words, empty=not known and not points),
        "cpl": [{"text": shortened(cpl, at.width - 8, at.said)}] if cpl else [],
        "key": _key(at, words) if any(not point.seen for point in known) else [],
    }
    return theme.picture(
        partial(layers, at),
        datasets,
        size=(at.width, at.height),
        description=description,
        table=partial(_table, known, points, needed, words, description),
    )


def _said(point: SpendPoint, words: Words) -> str:
    if not point.known:
        return words.missing
    return f"{words.short_money(point.budget)} → {words.count(point.leads)}"


def _cpl(average: float, marginal: float, words: Words, *, compact: bool = False) -> str:
    """Say what a lead costs by the plan; nothing where nothing is known of it."""
    if not isfinite(average) and not isfinite(marginal):
        return ""
    costs = {"average": words.short_money(average), "last": words.short_money(marginal)}
    if compact:
        return words(_("A lead by the plan: {average}, the last one {last}"), **costs)
    return words(_("By the plan a lead costs {average} on average, the last one {last}."), **costs)


def _description(points: Sequence[SpendPoint], needed: float, words: Words) -> str:
    said = [f"{point.name} – {_said(point, words)}" for point in points]
    if isfinite(needed):
        said.append(words(_("Leads needed: {leads}"), leads=words.count(needed)))
    return words(_("Ad spend → leads: {points}."), points="; ".join(said) or words.missing)


def _parts(curve: Sequence[CurvePoint], scale: Scale) -> list[Row]:
    """Cut the line where what history has seen ends; both parts have the point between them."""
    rows: list[Row] = []
    part = 0
    for number, point in enumerate(curve):
        x, y = scale.place(point.budget, point.leads)
        row = {"part": part, "seen": point.seen, "x": x, "y": y}
        if number and point.seen != curve[number - 1].seen:
            part += 1
            if point.seen:  # what leads to the first that was seen is not
                rows.append(row | {"seen": False})
            else:
                rows.append({**rows[-1], "part": part, "seen": False})
            row["part"] = part
        rows.append(row)
    return rows


def _ends(at: Canvas, scale: Scale, words: Words, *, empty: bool) -> list[Row]:
    """Say what the field's edges stand for."""
    below, left = at.bottom + 14, at.left - 8
    texts: list[tuple[float, float, str, str, str]] = [
        (at.left, at.top - 18, words(_("Leads")), "left", theme.INK),
        ((at.left + at.right) / 2, below, words(_("Ad spend")), "center", theme.INK),
    ]
    if scale.known:
        texts += [
            (left, at.top, words.short_count(scale.leads), "right", theme.QUIET),
            (left, at.bottom, words.number(0), "right", theme.QUIET),
            (at.left, below, words.money(0), "center", theme.QUIET),
            (at.right, below, words.short_money(scale.budget), "right", theme.QUIET),
        ]
    if empty:
        middle = (at.top + at.bottom) / 2
        texts.append(((at.left + at.right) / 2, middle, words.missing, "center", theme.QUIET))
    return [
        {"x": x, "y": y, "text": text, "align": align, "colour": colour}
        for x, y, text, align, colour in texts
    ]


def _key(at: Canvas, words: Words) -> list[Row]:
    text = words(_("beyond what history has seen"))
    end = at.right - 4 - at.text_width(text)
    return [{"x": end - 26, "x2": end, "y": at.top - 18, "text": text}]


def _table(
    curve: Sequence[CurvePoint],
    points: Sequence[SpendPoint],
    needed: float,
    words: Words,
    caption: str,
) -> Table:
    """List the named budgets, then some of the line's."""

    def row(name: str, budget: float, leads: float) -> tuple[str | Cell, ...]:
        return (
            name,
            Cell(words.money(budget), "" if isfinite(budget) else "missing"),
            Cell(words.count(leads), "" if isfinite(leads) else "missing"),
        )

    rows = [row(point.name, point.budget, point.leads) for point in points]
    if isfinite(needed):
        rows.append((words(_("Leads needed")), "", words.count(needed)))
    named = len(rows)
    step = max(1, -(-len(curve) // _IN_TABLE))
    for point in curve[::-1][::step][::-1]:
        name = _("Best for this sum") if point.seen else _("The same, beyond what history has seen")
        rows.append(row(words(name), point.budget, point.leads))
    return Table(
        header=(words(_("Budget")), words(_("Ad spend")), words(_("Leads"))),
        rows=tuple(rows),
        caption=caption,
        emphasis=frozenset(range(named)),
    )
