"""Plan against fact: the plan's months, what came of those that are over, where this one goes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from math import isfinite, nan

import numpy as np
from numpy.typing import ArrayLike

from funnelkit.model.levers import message as _
from funnelkit.show.charts import theme
from funnelkit.show.charts.factlines import AT, DIFFERENCES, FACTS, bar_width, layers, place
from funnelkit.show.charts.heights import Heights, pieces
from funnelkit.show.charts.measure import shortened, width
from funnelkit.show.charts.monthlines import beside, thinned
from funnelkit.show.picture import Picture, Row
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

__all__ = ["facts_chart"]

_POINTS = 24
"""Most months that have a point each on the plan's line."""

_MATTERS = 0.02
"""From which share of the plan on a difference is written."""


@dataclass(frozen=True, slots=True)
class _Gone:
    """A month with a fact: what is compared with the plan, and whether it is a forecast."""

    month: int
    plan: float
    fact: float
    value: float
    forecast: bool

    @property
    def difference(self) -> float:
        return self.value - self.plan

    @property
    def matters(self) -> bool:
        return not abs(self.difference) < _MATTERS * abs(self.plan)

    @property
    def ink(self) -> str:
        return theme.BAD if self.matters and self.difference < 0 else theme.INK


def facts_chart(
    plan: ArrayLike,
    fact: ArrayLike,
    first_month: date,
    words: Words,
    *,
    goal: float = nan,
    running: int | None = None,
    forecast: float = nan,
) -> Picture:
    """Draw the plan's months as a line and the actual ones as bars.

    Parameters
    ----------
    plan : array_like, shape (months,)
        The goal's metric as it was planned, client's currency a month; NaN is missing.
    fact : array_like, shape (months,)
        What came of it; NaN where a month has none yet. Of the running month it is so far.
    first_month : date
        A day of month 0.
    words : Words
    goal : float
        B, client's currency; no line where it is missing.
    running : int, optional
        The month that is not over.
    forecast : float
        What the running month is heading for, client's currency; it is what is compared with the
        plan.

    Returns
    -------
    Picture
    """
    planned, actual = (np.asarray(line, dtype=float).tolist() for line in (plan, fact))
    count = len(planned)
    running = running if running is not None and isfinite(forecast) else None
    gone = [
        _Gone(
            month, planned[month], value, forecast if month == running else value, month == running
        )
        for month, value in enumerate(actual)
        if isfinite(value) or month == running
    ]
    values = [month.value for month in gone] + [month.fact for month in gone]
    heights = Heights.of([*planned, *values, goal], top=AT.top, bottom=AT.bottom)
    half, zero = bar_width(count) / 2, heights.at(0.0)
    last = gone[-1].month if gone else -1

    def bar(month: int, value: float) -> Row:
        x, y = place(month, count), heights.at(value)
        return {"x": x - half, "x2": x + half, "y": min(y, zero), "y2": max(y, zero)}

    below = [(month, _texts(month, words)) for month in gone]
    room = max(
        (max(width(texts[0], 12, bold=True), width(texts[1], 12)) for _m, texts in below), default=0
    )
    at = replace(AT, name_room=max(AT.name_room, room + 1))
    named = thinned(count, max(last, 0), at, names=True)
    b = words.short_money(goal)
    headline = _headline(gone, first_month, words)
    line = [
        {"x": place(month, count), "y": heights.at(value)} for month, value in enumerate(planned)
    ]
    path = pieces(line, "y")
    keys = [
        (2.0, words(_("Plan")), theme.PLAN, 4),
        (110.0, words(_("Fact")), theme.NOW, 12),
        (220.0, words(_("forecast of the running month")), theme.PALE, 0),
    ][: 3 if running is not None else 2]
    outlook = [{"x": x, "x2": x + 18, "y": 6, "y2": 18} for x, *_rest in keys[2:]]
    datasets: dict[str, Sequence[Row]] = {
        "path": path,
        "points": path if count <= _POINTS else [],
        "bars": [bar(month.month, month.fact) for month in gone if isfinite(month.fact)],
        "forecast": [
            *outlook,
            *(bar(month.month, month.value) for month in gone if month.forecast),
        ],
        "zero": [{"y": zero}],
        "b": [{"y": heights.at(goal), "text": words(_("Goal (B)")), "value": b}]
        if isfinite(goal)
        else [],
        "values": _values(planned, last, heights, words),
        "months": [
            {
                "x": place(month, count),
                "text": words.short_month(first_month, month),
                "weight": "bold" if month == last else "normal",
                "colour": theme.INK if month == last else theme.QUIET,
            }
            for month in sorted(named)
        ],
        "facts": [
            {
                "x": place(month.month, count),
                "text": texts[0],
                "colour": theme.QUIET if month.forecast else theme.INK,
            }
            for month, texts in below
            if month.month in named
        ],
        "differences": [
            {"x": place(month.month, count), "text": texts[1], "colour": month.ink}
            for month, texts in below
            if month.month in named
        ],
        "rows": [
            {"y": y, "text": shortened(text, 96, 12)}
            for y, text in ((FACTS, words(_("Fact"))), (DIFFERENCES, words(_("Difference"))))
        ]
        if gone
        else [],
        "headline": [{"text": shortened(headline, AT.width - 4, 14, bold=True)}],
        "key": [
            {"x": x, "x2": x + 18, "text": text, "colour": colour, "thick": thick}
            for x, text, colour, thick in keys
        ],
    }
    description = words(
        _("Plan against fact. {said}. Goal (B): {b}."), said=headline, b=words.short_money(goal)
    )
    return theme.picture(
        layers,
        datasets,
        size=(AT.width, AT.height),
        description=description,
        table=partial(_table, planned, gone, words, first_month, description),
    )


def _texts(month: _Gone, words: Words) -> tuple[str, str]:
    """Write a month's fact and what differs, without the currency: months stand close."""
    fact = words.short_count(month.fact) if isfinite(month.fact) else "–"
    if not isfinite(month.difference):
        return fact, "–"
    sign = "+" if month.difference > 0 else ""
    return fact, sign + words.short_count(month.difference) if month.matters else "≈"


def _headline(gone: Sequence[_Gone], first_month: date, words: Words) -> str:
    """Say how the last month stands."""
    if not gone:
        return words(_("No facts yet"))
    month = gone[-1]
    name = words.month(first_month, month.month)
    values = {
        "month": name[:1].upper() + name[1:],
        "value": words.short_money(month.value),
        "difference": words.change(month.difference),
    }
    if month.forecast:
        return words(_("{month} is heading for {value}, {difference} against the plan"), **values)
    return words(_("{month}: {value}, {difference} against the plan"), **values)


def _values(plan: Sequence[float], last: int, heights: Heights, words: Words) -> list[Row]:
    """Write the plan of months to come, as many as there is room for."""
    count = len(plan)
    rows: list[Row] = []
    for month in sorted(thinned(count, count - 1, AT, names=False)):
        if month <= last or not isfinite(plan[month]):
            continue
        text = words.short_money(plan[month])
        shift = beside(plan, month, text, AT, above=True, span=heights.high - heights.low)
        x, y = place(month, count) + shift["dx"], heights.at(plan[month]) + shift["dy"]
        rows.append({"x": x, "y": y, "text": text})
    return rows


def _table(
    plan: Sequence[float],
    gone: Sequence[_Gone],
    words: Words,
    first_month: date,
    caption: str,
) -> Table:
    """List the months; the running one has its forecast in a row of its own."""
    found = {month.month: month for month in gone}
    rows: list[tuple[str | Cell, ...]] = []

    def row(name: str, planned: float, fact: float, difference: float) -> None:
        shown = ("+" if difference > 0 else "") + words.money(difference)
        rows.append(
            (
                name,
                Cell(words.money(planned), "" if isfinite(planned) else "missing"),
                words.money(fact) if isfinite(fact) else "",
                Cell(shown, "bad" if difference < 0 else "") if isfinite(difference) else "",
            )
        )

    for month, planned in enumerate(plan):
        name, known = words.month(first_month, month), found.get(month)
        if known is None:
            row(name, planned, nan, nan)
        elif known.forecast:
            row(words(_("{month}, so far"), month=name), planned, known.fact, nan)
            forecast = words(_("{month}, forecast"), month=name)
            row(forecast, planned, known.value, known.difference)
        else:
            row(name, planned, known.fact, known.difference)
    return Table(
        header=(words(_("Month")), words(_("Plan")), words(_("Fact")), words(_("Difference"))),
        rows=tuple(rows),
        caption=caption,
    )
