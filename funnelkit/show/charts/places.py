"""Where labels stand beside their points, clear of each other and of lines."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import hypot

__all__ = ["Area", "Line", "free_place"]

Line = Sequence[tuple[float, float]]
"""Points of a line from left to right, in pixels."""

_CLEAR = 4.0
_DISTANCES = (9.0, 14.0, 20.0, 28.0, 38.0, 50.0, 64.0, 82.0, 106.0, 136.0)
_GRID = 12.0
_SIDES = ((1, 1), (-1, -1), (1, 0), (0, 1), (0, -1), (-1, 0), (1, -1), (-1, 1))
"""Below on the right first: leads grow with the budget, and there is room below their line."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in pixels, its top above its bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Area") -> bool:
        """Whether two areas are nearer to each other than texts may be."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > -_CLEAR
            and min(self.bottom, other.bottom) - max(self.top, other.top) > -_CLEAR
        )

    def crossed(self, line: Line) -> bool:
        """Whether a line runs through or close by."""
        left, right = self.left - _CLEAR, self.right + _CLEAR
        xs = [x for x, _y in line]
        first, last = bisect_left(xs, left), bisect_right(xs, right)
        ys = [y for _x, y in line[first:last]]
        for after, x in ((first, left), (last, right)):
            if 0 < after < len(line):
                ys.append(_height(line[after - 1], line[after], x))
        return bool(ys) and min(ys) < self.bottom + _CLEAR and max(ys) > self.top - _CLEAR

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """Return the area's point that is nearest to another."""
        return min(max(x, self.left), self.right), min(max(y, self.top), self.bottom)


def free_place(
    x: float,
    y: float,
    size: tuple[float, float],
    field: Area,
    *,
    dots: Sequence[Area],
    labels: Sequence[Area],
    lines: Sequence[Line],
) -> Area:
    """Return where a label of a point stands: near it, and clear of all else where it can be.

    Parameters
    ----------
    x, y : float
        The point.
    size : tuple of float
        Width and height of the label.
    field : Area
        What the label may not leave.
    dots, labels : sequence of Area
        Where points and other texts are: these are never covered while there is room elsewhere.
    lines : sequence of Line
        What the label crosses only if there is no other room; so it is with labels that would
        stand between it and its point.
    """
    second: Area | None = None
    for place in chain(_around(x, y, size, field), _everywhere(x, y, size, field)):
        if any(place.meets(other) for other in (*dots, *labels)):
            continue
        way = sorted([(x, y), place.nearest(x, y)])
        if not any(place.crossed(line) for line in lines) and not any(
            label.crossed(way) for label in labels
        ):
            return place
        second = second or place
    return second or next(_around(x, y, size, field))


def _around(x: float, y: float, size: tuple[float, float], field: Area) -> Iterator[Area]:
    """Yield places around a point, the nearest first."""
    wide, high = size
    for distance in _DISTANCES:
        for right, below in _SIDES:
            centre = x + right * (distance + wide / 2), y + below * (distance + high / 2)
            yield _inside(*centre, size, field)


def _everywhere(x: float, y: float, size: tuple[float, float], field: Area) -> Iterator[Area]:
    """Yield places all over the field, the nearest first."""
    wide, high = size
    columns = int((field.right - field.left - wide) // _GRID) + 1
    lines = int((field.bottom - field.top - high) // _GRID) + 1
    places = [
        _inside(
            field.left + wide / 2 + column * _GRID, field.top + high / 2 + line * _GRID, size, field
        )
        for column in range(max(columns, 1))
        for line in range(max(lines, 1))
    ]

    def distance(place: Area) -> float:
        at, height = place.nearest(x, y)
        return hypot(at - x, height - y)

    yield from sorted(places, key=distance)


def _inside(x: float, y: float, size: tuple[float, float], field: Area) -> Area:
    """Return the area around a centre, moved so that it does not leave the field."""
    wide, high = size
    left = max(min(x - wide / 2, field.right - wide), field.left)
    top = max(min(y - high / 2, field.bottom - high), field.top)
    return Area(left, top, left + wide, top + high)


def _height(one: tuple[float, float], other: tuple[float, float], x: float) -> float:
    """Return how high a line is between two of its points."""
    (x1, y1), (x2, y2) = one, other
    return y1 if x2 == x1 else y1 + (y2 - y1) * (x - x1) / (x2 - x1)
