"""How the tornado is drawn: places and layers."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

import altair as alt

from funnelkit.show.charts import theme
from funnelkit.show.charts.measure import shortened, width
from funnelkit.show.picture import Row

__all__ = ["FOOT", "ROW", "WIDTH", "Bars", "layers"]

WIDTH = 752.0
ROW = 44.0
FOOT = 26.0
"""Pixels: the whole, a row, room below the rows."""

_HEAD, _BAR, _SIZE = 48.0, 20.0, 13.0
_NAMES, _VALUES, _SIDES = 210.0, 96.0, 96.0
"""Pixels: room for names, for a value beside a bar, for what stands at the right edge."""

_LEFT, _RIGHT = _NAMES + _VALUES, WIDTH - _SIDES - _VALUES
_FAR = 1.0
"""How many times as far as the bars reach B may be and still have a line."""


class Bars:
    """The rows, and where their values stand.

    Parameters
    ----------
    ends : sequence of tuple of float
        Values at both ends of every row's input; NaN is missing.
    base, b : float
        Where bars begin, and B.

    Attributes
    ----------
    b : bool
        Whether B has a line.
    foot : float
        Height of the rows' lower edge.
    bars, names, values, sides : list of dict
    """

    def __init__(self, ends: Sequence[tuple[float, float]], base: float, b: float) -> None:
        known = [value for pair in (*ends, (base,)) for value in pair if isfinite(value)]
        low, high = (min(known), max(known)) if known else (0.0, 0.0)
        reach = (high - low) * _FAR
        self.b = isfinite(b) and bool(known) and low - reach <= b <= high + reach
        self._low, self._high = (min(low, b), max(high, b)) if self.b else (low, high)
        self._base = base
        self.foot = _HEAD + ROW * max(len(ends), 1)
        self.bars: list[Row] = []
        self.names: list[Row] = []
        self.values: list[Row] = []
        self.sides: list[Row] = []

    def name(self, number: int, key: str, name: str, detail: str) -> None:
        """Write what a row's input is called and what is known of it."""
        y = _middle(number)
        for size, text, dy, ink in ((13, name, -8, theme.INK), (12, detail, 9, theme.QUIET)):
            bold = size == 13
            self.names.append(
                {
                    "key": key,
                    "y": y + dy,
                    "text": shortened(text, _NAMES - 14, size, bold=bold),
                    "size": size,
                    "weight": "bold" if bold else "normal",
                    "colour": ink,
                }
            )

    def draw(
        self,
        number: int,
        key: str,
        ends: tuple[float, float],
        texts: Sequence[str],
        missing: str,
    ) -> None:
        """Draw a row's bar from the base both ways, and write its ends beside it.

        Where both ends lie on one side the shorter half is drawn upon the longer one.
        """
        y = _middle(number)
        known = [
            (self._x(value), text, colour)
            for value, text, colour in zip(ends, texts, (theme.NOW, theme.PLAN), strict=True)
            if isfinite(value)
        ]
        if not known:
            self._value(key, self._x(self._base) + 8, y, missing, "left", theme.QUIET)
            return
        start = self._x(self._base) if isfinite(self._base) else known[0][0]
        for x, _text, colour in sorted(known, key=lambda end: -abs(end[0] - start)):
            row = {"key": key, "x": min(x, start), "x2": max(x, start), "colour": colour}
            self.bars.append(row | {"y": y - _BAR / 2, "y2": y + _BAR / 2})
        (first, low, _ink), (last, high, _other) = min(known), max(known)
        self._value(key, min(first, start) - 7, y, low, "right", theme.INK)
        if len(known) > 1:
            self._value(key, max(last, start) + 7, y, high, "left", theme.INK)

    def aside(self, number: int, key: str, text: str) -> None:
        """Write what stands at a row's right edge."""
        self.sides.append({"key": key, "y": _middle(number), "text": text})

    def level(self, value: float, text: str) -> list[Row]:
        """Place a level line and its name above the rows; none where the value is missing."""
        if not isfinite(value):
            return []
        x, room = self._x(value), width(text, 13, bold=True) / 2 + 1
        middle = min(max(x, _NAMES + room), WIDTH - _SIDES - room)
        ground = {"left": middle - room, "right": middle + room}
        return [{"x": x, "named": middle, "text": text} | ground]

    def nothing(self, text: str) -> Row:
        """Say in the middle of the picture that there is nothing to draw."""
        x, y = (_LEFT + _RIGHT) / 2, _middle(0)
        row = {"key": "", "x": x, "y": y, "text": text, "align": "center", "colour": theme.QUIET}
        return row | {"left": x, "right": x, "top": y, "bottom": y}

    def _x(self, value: float) -> float:
        if not isfinite(value) or self._high <= self._low:
            return (_LEFT + _RIGHT) / 2
        return _LEFT + (_RIGHT - _LEFT) * (value - self._low) / (self._high - self._low)

    def _value(self, key: str, x: float, y: float, text: str, align: str, ink: str) -> None:
        wide = width(text, _SIZE) + 1
        left = x - wide if align == "right" else x
        row = {"key": key, "x": x, "y": y, "text": text, "align": align, "colour": ink}
        ground = {"left": left, "right": left + wide, "top": y - 8, "bottom": y + 9}
        self.values.append(row | ground)


def _middle(number: int) -> float:
    return _HEAD + ROW * (number + 0.5)


def layers(foot: float) -> list[alt.Chart]:
    """Draw bars, the plan's and B's lines, then texts."""
    x, y, colour = theme.across("x"), theme.down("y"), theme.own("colour")
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_rect(cornerRadius=1)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=colour)
    )

    def level(data: str, top: float, **style: Any) -> alt.Chart:
        chart: alt.Chart = (
            alt.Chart(alt.NamedData(data))
            .mark_rule(**style)
            .encode(x=x, y=alt.YValue(top), y2=alt.Y2Value(foot))
        )
        return chart

    def ground(data: str) -> alt.Chart:
        chart: alt.Chart = (
            alt.Chart(alt.NamedData(data))
            .mark_rect(color="white")
            .encode(x=theme.across("left"), x2="right:Q")
        )
        return chart

    swatch = (
        alt.Chart(alt.NamedData("key"))
        .mark_rule(strokeWidth=12)
        .encode(x=alt.XValue(2), x2=alt.X2Value(16), y=y, color=colour)
    )
    edge, named = WIDTH - 2, theme.across("named")
    return [
        level("b", 22, color=theme.GOAL, strokeWidth=1.5, strokeDash=[6, 4]),
        # Where B's line would run through a text it is left out.
        ground("values").encode(y=theme.down("top"), y2="bottom:Q"),
        ground("base").encode(y=alt.YValue(23), y2=alt.Y2Value(39)),
        bars,
        level("base", 40, color=theme.NEUTRAL, strokeWidth=1.5),
        swatch,
        theme.text("values", x=x, y=y, align=alt.ExprRef("datum.align"), size=_SIZE),
        theme.text(
            "names",
            x=_NAMES - 10,
            y=y,
            align="right",
            bold=alt.ExprRef("datum.weight"),
            size=alt.ExprRef("datum.size"),
        ),
        theme.text("sides", x=edge, y=y, align="right", bold=True, size=14, colour=theme.INK),
        theme.text("head", x=edge, y=31, align="right", size=12, colour=theme.QUIET),
        theme.text("b", x=named, y=12, align="center", bold=True, colour=theme.GOAL),
        theme.text("base", x=named, y=31, align="center", bold=True, colour=theme.NEUTRAL),
        theme.text("key", x=24, y=y, size=12, colour=theme.INK),
        theme.text("note", x=2, y=foot + 14, size=12, colour=theme.INK),
        theme.text("more", x=edge, y=foot + 14, align="right", size=12, colour=theme.QUIET),
    ]
