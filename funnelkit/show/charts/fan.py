"""The fan: how far the plan's months may come out otherwise, and how probable B is."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import chain
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from funnelkit.model.levers import message as _
from funnelkit.show.charts import theme
from funnelkit.show.charts.fanlines import BAND, COMPACT, HALF, MEDIAN, ROOMY, Canvas, layers
from funnelkit.show.charts.heights import Heights, pieces, stacked
from funnelkit.show.charts.measure import shortened, width
from funnelkit.show.charts.monthlines import thinned
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

__all__ = ["fan_chart"]

_LINE = 17.0
_INKS = (theme.QUIET, MEDIAN, theme.QUIET, theme.PLAN)
"""Of the texts of P10, the median, P90 and the plan."""


def fan_chart(
    p10: ArrayLike,
    p50: ArrayLike,
    p90: ArrayLike,
    plan: ArrayLike,
    goal: float,
    probability: ArrayLike,
    first_month: date,
    words: Words,
    *,
    horizon: int,
    compact: bool = False,
) -> Picture:
    """Draw what draws of all that is not known exactly come to, month by month.

    Parameters
    ----------
    p10, p50, p90 : array_like, shape (months,)
        The goal's metric that 9, 5 and 1 of 10 draws exceed, client's currency a month; NaN is
        missing.
    plan : array_like, shape (months,)
        The same with every input as it is taken to be.
    goal : float
        B, client's currency a month.
    probability : array_like, shape (months,)
        Of a month that holds B, 0-1.
    first_month : date
        A day of month 0.
    words : Words
    horizon : int
        The goal's month, one of the months.
    compact : bool
        Whether the picture is one of several on a screen.

    Returns
    -------
    Picture
    """
    at = COMPACT if compact else ROOMY
    lines = tuple(np.asarray(line, dtype=float).tolist() for line in (p10, p50, p90, plan))
    chances = np.asarray(probability, dtype=float).tolist()
    count = len(chances)
    heights = Heights.of([*chain(*lines), goal], top=at.top, bottom=at.bottom)
    places = [at.x(month, count) for month in range(count)]
    tens, middles, nineties, planned = lines
    known = isfinite(goal)
    b = words.short_money(goal)
    said = _chance(chances[horizon], words)
    shown = sorted(thinned(count, horizon, at.months, names=True))
    datasets: dict[str, list[dict[str, Any]]] = {
        "goal": [_goal(at, places[horizon], said)],
        "zero": [{"y": heights.at(0.0)}],
        "fan": pieces(
            [
                {"x": x, "y": heights.at(low), "y2": heights.at(high)}
                for x, low, high in zip(places, tens, nineties, strict=True)
            ],
            *("y", "y2"),
        ),
        "median": _line(places, middles, heights),
        "plan": _line(places, planned, heights),
        "range": [],
        "dots": [
            {"x": places[horizon], "y": heights.at(line[horizon]), "colour": colour}
            for line, colour in zip(lines, _INKS, strict=True)
            if isfinite(line[horizon]) and colour != theme.QUIET
        ],
        "b": [
            {
                "y": heights.at(goal),
                "text": words(_("Goal (B)")),
                "value": b,
                "named": shortened(words(_("B: {value}"), value=b), 122, 13, bold=True),
            }
        ]
        if known
        else [],
        "values": _values(at, [line[horizon] for line in lines], places[horizon], heights, words),
        "names": _texts(
            shown, horizon, places, [words.short_month(first_month, m) for m in range(count)]
        ),
        "chances": _texts(shown, horizon, places, [_percent(p, words) for p in chances]),
        "foot": [{"text": words(_("Probability of B"))}],
        "key": [
            {"x": x, "x2": x + 18, "y": y, "text": text, "colour": colour, "thick": thick}
            for (x, y), text, colour, thick in zip(
                at.key,
                (
                    words(_("In 8 of 10 cases")),
                    words(_("Median")) if compact else words(_("Median: half of the cases above")),
                    words(_("Plan")),
                ),
                (BAND, MEDIAN, theme.PLAN),
                (12, 2, 4),
                strict=True,
            )
        ],
    }
    if isfinite(tens[horizon]) and isfinite(nineties[horizon]):
        ends = {"y": heights.at(tens[horizon]), "y2": heights.at(nineties[horizon])}
        datasets["range"].append({"x": places[horizon]} | ends)
    description = words(
        _("{month}, goal {b}: {low} to {high} in 8 of 10 cases, median {median}. {chance}."),
        month=words.month(first_month, horizon),
        low=words.short_money(tens[horizon]),
        high=words.short_money(nineties[horizon]),
        median=words.short_money(middles[horizon]),
        b=b,
        chance=said,
    )
    return theme.picture(
        partial(layers, at),
        datasets,
        size=(at.months.width, at.months.height),
        description=description,
        table=partial(_table, lines, chances, horizon, words, first_month, description),
    )


def _chance(probability: float, words: Words) -> str:
    """Say how probable B is, as cases are counted."""
    if not isfinite(probability):
        return words(_("Probability of B: {value}"), value=words.missing)
    cases = round(100 * probability)
    return words.plural("B in {n} of 100 cases", "B in {n} of 100 cases", cases)


def _percent(probability: float, words: Words) -> str:
    return words.share(round(probability, 2)) if isfinite(probability) else "–"


def _goal(at: Canvas, x: float, said: str) -> dict[str, Any]:
    """Place the ground of the goal's month, and what is said above it."""
    room = width(said, 14, bold=True) / 2 + 1
    middle = min(max(x, room), at.months.width - room)
    return {"x": middle, "text": said, "x1": x - HALF, "x2": x + HALF}


def _line(places: Sequence[float], line: Sequence[float], heights: Heights) -> list[dict[str, Any]]:
    rows = [{"x": x, "y": heights.at(value)} for x, value in zip(places, line, strict=True)]
    return pieces(rows, "y")


def _texts(
    months: Sequence[int], horizon: int, places: Sequence[float], texts: Sequence[str]
) -> list[dict[str, Any]]:
    """Write a row of texts below the months; the goal's stands out."""
    return [
        {
            "x": places[month],
            "text": texts[month],
            "weight": "bold" if month == horizon else "normal",
            "colour": theme.INK if month == horizon else theme.QUIET,
        }
        for month in months
    ]


def _values(
    at: Canvas, values: Sequence[float], x: float, heights: Heights, words: Words
) -> list[dict[str, Any]]:
    """Write the goal's month beside its points: the upper half above them, the lower below."""
    ranked = sorted(
        (number for number, value in enumerate(values) if isfinite(value)),
        key=lambda number: -values[number],
    )
    half = (len(ranked) + 1) // 2
    points = [heights.at(values[number]) for number in ranked]
    tops = [place - 14.0 for place in points[:half]]
    lows = [place + 15.0 for place in points[half:]]
    first, last = at.headline + _LINE, at.names - _LINE
    up = stacked(tops, _LINE, top=first, bottom=tops[-1]) if tops else []
    down = stacked(lows, _LINE, top=lows[0], bottom=last) if lows else []
    rows = []
    for number, y in zip(ranked, [*up, *down], strict=True):
        text = words.short_money(values[number])
        room = width(text, at.value, bold=True) / 2 + 1
        rows.append(
            {
                "x": min(max(x, room), at.months.width - room),
                "y": y,
                "text": text,
                "weight": "bold" if _INKS[number] == theme.PLAN else "normal",
                "colour": _INKS[number],
            }
        )
    return rows


def _table(
    lines: Sequence[Sequence[float]],
    chances: Sequence[float],
    horizon: int,
    words: Words,
    first_month: date,
    caption: str,
) -> Table:
    """List the months."""

    def cell(value: float, text: str) -> Cell:
        return Cell(text, "" if isfinite(value) else "missing")

    return Table(
        header=(
            words(_("Month")),
            words(_("9 of 10 cases above")),
            words(_("Median")),
            words(_("1 of 10 cases above")),
            words(_("Plan")),
            words(_("Probability of B")),
        ),
        rows=tuple(
            (
                words.month(first_month, month),
                *(cell(value, words.money(value)) for value in values),
                cell(chance, words.share(chance)),
            )
            for month, (*values, chance) in enumerate(zip(*lines, chances, strict=True))
        ),
        caption=caption,
        emphasis=frozenset({horizon}),
    )
