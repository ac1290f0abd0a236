"""Curves over time: what has been counted beside what is foretold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from funnelkit.show.charts import theme
from funnelkit.show.charts.curvelines import AT, layers
from funnelkit.show.charts.heights import Heights, pieces, stacked
from funnelkit.show.charts.measure import shortened, width
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Table

__all__ = ["Curve", "curves_chart"]

_ROOM = 38.0
"""Least distance of two curves' names, each with a value below it, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A curve with a point for each place.

    Attributes
    ----------
    name : str
        What stands at its end; nothing for a curve that is one of many.
    values : array_like, shape (places,)
        NaN is missing.
    colour : str
    style : {"line", "dashes", "thin"}
    low, high : array_like, shape (places,)
        Ends of an interval; none where empty.
    """

    name: str
    values: ArrayLike
    colour: str
    style: str = "line"
    low: ArrayLike = ()
    high: ArrayLike = ()

    @property
    def numbers(self) -> list[float]:
        """The values as plain numbers."""
        numbers: list[float] = np.asarray(self.values, dtype=float).tolist()
        return numbers

    @property
    def band(self) -> list[tuple[float, float]]:
        """The interval at each place; nothing without one."""
        low, high = (np.asarray(end, dtype=float).tolist() for end in (self.low, self.high))
        return list(zip(low, high, strict=True))


def curves_chart(
    curves: Sequence[Curve],
    *,
    above: str,
    below: str,
    places: Sequence[str],
    say: Callable[[float], str],
    description: str,
    table: Callable[[], Table],
    mark: tuple[int, str] | None = None,
    top: float = 0.0,
    note: str = "",
) -> Picture:
    """Draw curves over the same places.

    Parameters
    ----------
    curves : sequence of Curve
        In the order in which they are drawn, the last one on top.
    above, below : str
        What the heights are, and what the places are.
    places : sequence of str
        What stands below each place; as many of them are shown as have room.
    say : callable
        Says a value.
    description : str
    table : callable
        Returns the numbers.
    mark : tuple of int and str, optional
        A place after which something else begins, and what ends there.
    top : float
        What the highest line stands for at least.
    note : str
        What has to be known of the picture.
    """
    count = len(places)
    known = [value for curve in curves for value in (*curve.numbers, *chain(*curve.band))]
    heights = Heights.of([*known, top], top=AT.top, bottom=AT.bottom)
    right = AT.right - _names_room(curves, say)
    across = [AT.left + (right - AT.left) * n / max(count - 1, 1) for n in range(count)]
    lines: list[dict[str, Any]] = []
    bands: list[dict[str, Any]] = []
    ends: list[tuple[float, Curve, float]] = []
    for number, curve in enumerate(curves):
        rows = [
            {"x": x, "y": heights.at(value), "colour": curve.colour, "style": curve.style}
            for x, value in zip(across, curve.numbers, strict=True)
        ]
        whole = pieces(rows, "y")
        lines += [row | {"part": f"{number} {row['part']}"} for row in whole]
        bands += [
            {"x": x, "y": heights.at(low), "y2": heights.at(high), "part": str(number)}
            for x, (low, high) in zip(across, curve.band, strict=False)
            if isfinite(low) and isfinite(high)
        ]
        if whole and curve.name:
            last = [value for value in curve.numbers if isfinite(value)][-1]
            ends.append((whole[-1]["x"], curve, last))
    datasets: dict[str, Sequence[dict[str, Any]]] = {
        "lines": lines,
        "bands": bands,
        "dots": [
            {"x": x, "y": heights.at(value), "colour": curve.colour} for x, curve, value in ends
        ],
        "names": _names(ends, heights, right, say),
        "edges": [{"x": AT.left, "x2": right}],
        "mark": [],
        "texts": [
            _text(2, 14, above, "left", theme.INK),
            _text((AT.left + right) / 2, AT.bottom + 42, below, "center", theme.INK),
            *_heights(heights, say),
            *_below(places, across),
        ],
        "note": [{"text": shortened(note, AT.width - 8, 12)}] if note else [],
    }
    if mark is not None:
        x = across[mark[0]]
        on_the_left = width(mark[1], 12) <= x - AT.left or x > (AT.left + right) / 2
        text = shortened(mark[1], x - AT.left if on_the_left else right - x, 12)
        side = "right" if on_the_left else "left"
        datasets["mark"] = [_text(x, AT.top - 12, text, side, theme.QUIET)]
    return theme.picture(
        layers,
        datasets,
        size=(AT.width, AT.height if note else AT.height - 24),
        description=description,
        table=table,
    )


def _text(x: float, y: float, text: str, align: str, colour: str) -> dict[str, Any]:
    return {"x": x, "y": y, "text": text, "align": align, "colour": colour}


def _names_room(curves: Sequence[Curve], say: Callable[[float], str]) -> float:
    """Return how much room the names at the curves' ends take."""
    texts = [curve.name for curve in curves if curve.name]
    widest = max((width(text, 13, bold=True) for text in texts), default=0.0)
    values = [say(max(curve.numbers, default=0.0)) for curve in curves if curve.name]
    widest = max([widest, *(width(value, 13) for value in values)])
    return min(widest, AT.most_name) + 16


def _names(
    ends: Sequence[tuple[float, Curve, float]],
    heights: Heights,
    right: float,
    say: Callable[[float], str],
) -> list[dict[str, Any]]:
    """Write each curve's name and last value at the right, from the highest to the lowest."""
    rows: list[dict[str, Any]] = []
    ordered = sorted(ends, key=lambda end: heights.at(end[2]))
    wanted = [heights.at(value) for _x, _curve, value in ordered]
    placed = stacked(wanted, _ROOM, top=AT.top + 8, bottom=AT.bottom - 10)
    for (_x, curve, value), y in zip(ordered, placed, strict=True):
        for text, dy, weight in ((curve.name, -8, "bold"), (say(value), 9, "normal")):
            text = shortened(text, AT.right - right - 12, 13, bold=weight == "bold")
            row = _text(right + 12, y + dy, text, "left", curve.colour)
            rows.append(row | {"weight": weight})
    return rows


def _heights(heights: Heights, say: Callable[[float], str]) -> list[dict[str, Any]]:
    """Say what the field's upper and lower edge stand for."""
    return [
        _text(AT.left - 8, heights.at(value), say(value), "right", theme.QUIET)
        for value in (heights.low, heights.high)
    ]


def _below(places: Sequence[str], across: Sequence[float]) -> list[dict[str, Any]]:
    """Write below the field every place, every second, third, ...: as many as have room."""
    named = [number for number, place in enumerate(places) if place]

    def room(one: int, other: int) -> bool:
        wide = (width(places[one], 12) + width(places[other], 12)) / 2
        return across[other] - across[one] >= wide + 10

    step = next(
        (
            step
            for step in range(1, len(named))
            if all(room(*pair) for pair in pairwise(named[::step]))
        ),
        len(named) or 1,
    )
    return [
        _text(across[number], AT.bottom + 18, places[number], "center", theme.QUIET)
        for number in named[::step]
    ]
