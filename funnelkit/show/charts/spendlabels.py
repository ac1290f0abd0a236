"""The labels in a field of lines, as of leads against budget."""

from collections.abc import Sequence
from math import hypot

from funnelkit.show.charts import theme
from funnelkit.show.charts.measure import shortened, width, wrapped
from funnelkit.show.charts.places import Area, Line, free_place
from funnelkit.show.charts.spendlines import Canvas
from funnelkit.show.picture import Row

__all__ = ["SpendLabels"]

_LINE, _DOT, _FAR = 17.0, 6.0, 22.0
"""Pixels: height of a line, a dot's half, and how far away a label is led to its dot."""


class SpendLabels:
    """The labels in the field, each where it is clear of the others, the lines and the dots.

    Parameters
    ----------
    at : Canvas
    curves : sequence of sequence of tuple of float
        Places of the lines' points in pixels.
    dots : sequence of tuple of float
        Places in pixels.
    level : float, optional
        Height of the line of the leads needed.

    Attributes
    ----------
    rows : list of dict
        The labels' lines of text.
    leaders : list of dict
        Lines from dots to labels that stand away from them.
    """

    def __init__(
        self, at: Canvas, curves: Sequence[Line], dots: Line, level: float | None = None
    ) -> None:
        self.rows: list[Row] = []
        self.leaders: list[Row] = []
        self._at, self._level = at, level
        self._field = Area(at.left + 6, at.top - 4, at.right, at.bottom - 6)
        self._lines: list[Line] = list(curves)
        if level is not None:
            self._lines.append([(at.left, level), (at.right, level)])
        self._dots = [Area(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in dots]
        self._taken: list[Area] = []

    def write_level(self, text: str) -> None:
        """Name the line of the leads needed, above or below one of its ends."""
        at, level, curves = self._at, self._level, self._lines[:-1]
        if level is None:
            return
        text = shortened(text, (at.right - at.left) / 2, at.name, bold=True)
        wide = width(text, at.name, bold=True)
        places = [
            Area(x, y, x + wide, y + at.name)
            for x in (at.left + 6, at.right - wide)
            for y in (level - at.name - 5, level + 5)
            if at.top - 5 <= y <= at.bottom - at.name
        ]
        free = (
            place
            for place in places
            if not any(place.meets(dot) for dot in self._dots)
            and not any(place.crossed(curve) for curve in curves)
        )
        place = next(free, places[0])
        self._text("needed", True, text, place, place.left > at.left + 6, 0.5, theme.GOAL)

    def write(
        self, key: str, name: str, value: str, colour: str, dot: tuple[float, float] | None
    ) -> None:
        """Write a label; one without a dot stands where nothing else does."""
        at = self._at
        names = wrapped(name, at.name_room, at.name, bold=True)
        value = shortened(value, at.name_room, at.value)
        wide = max(*(width(line, at.name, bold=True) for line in names), width(value, at.value))
        x, y = dot or (self._field.right, self._field.bottom)
        place = free_place(
            x,
            y,
            (wide, _LINE * (len(names) + 1)),
            self._field,
            dots=self._dots,
            labels=self._taken,
            lines=self._lines,
        )
        on_the_left = place.right < x
        shares = [(number + 0.5) / (len(names) + 1) for number in range(len(names) + 1)]
        for line, share in zip(names, shares, strict=False):
            self._text(key, True, line, place, on_the_left, share, colour)
        ink = theme.INK if dot else theme.QUIET
        self._text(key, False, value, place, on_the_left, shares[-1], ink)
        near = place.nearest(x, y)
        if dot and hypot(near[0] - x, near[1] - y) > _FAR:
            self.leaders.append({"key": key, "x": x, "y": y, "x2": near[0], "y2": near[1]})
            self._lines.append(sorted([(x, y), near]))

    def _text(
        self,
        key: str,
        is_name: bool,
        text: str,
        place: Area,
        right: bool,
        share: float,
        colour: str,
    ) -> None:
        """Write a line at a share of an area's height, along its left or its right edge."""
        if place not in self._taken:
            self._taken.append(place)
        self.rows.append(
            {
                "key": key,
                "x": place.right if right else place.left,
                "y": place.top + share * (place.bottom - place.top),
                "text": text,
                "align": "right" if right else "left",
                "weight": "bold" if is_name else "normal",
                "size": self._at.name if is_name else self._at.value,
                "colour": colour,
            }
        )
