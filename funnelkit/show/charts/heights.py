"""Where values stand in pixels, and lines that have holes where a value is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any, Self

__all__ = ["Heights", "pieces", "stacked"]


@dataclass(frozen=True, slots=True)
class Heights:
    """A scale from a lowest value at the bottom to a highest one at the top, in pixels."""

    top: float
    bottom: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float], *, top: float, bottom: float) -> Self:
        """Fit the known values, and 0, between top and bottom."""
        known = [0.0, *(value for value in values if isfinite(value))]
        low, high = min(known), max(known)
        return cls(top, bottom, low, high if high > low else low + 1.0)

    def at(self, value: float) -> float:
        """Return a value's height."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom + (self.top - self.bottom) * share


def pieces(rows: Sequence[dict[str, Any]], *fields: str) -> list[dict[str, Any]]:
    """Leave out rows in which a field is missing, and count what is left between them as parts.

    Examples
    --------
    >>> rows = pieces([{"y": 1.0}, {"y": float("nan")}, {"y": 2.0}], "y")
    >>> [(row["y"], row["part"]) for row in rows]
    [(1.0, 0), (2.0, 1)]
    """
    part, whole = 0, []
    for row in rows:
        if all(isfinite(row[field]) for field in fields):
            whole.append(row | {"part": part})
        else:
            part += 1
    return whole


def stacked(wanted: Sequence[float], room: float, *, top: float, bottom: float) -> list[float]:
    """Move heights apart that are nearer to each other than texts may be.

    Parameters
    ----------
    wanted : sequence of float
        From the highest on the picture to the lowest.
    room : float
        Least distance of two.
    top, bottom : float
        What none of them may leave, as far as there is room for all.

    Examples
    --------
    >>> stacked([0, 4, 50], 10, top=0, bottom=100)
    [0, 10, 50]
    >>> stacked([95, 100], 10, top=0, bottom=100)
    [90, 100]
    """
    placed = [min(max(height, top), bottom) for height in wanted]
    for upper, lower in pairwise(range(len(placed))):
        placed[lower] = max(placed[lower], placed[upper] + room)
    floor = bottom
    for number in reversed(range(len(placed))):
        placed[number] = min(placed[number], floor)
        floor = placed[number] - room
    return placed
