"""A sparkline: a client's months on a stamp, drawn by hand since a page has hundreds of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from funnelkit.show.words import Words

__all__ = ["Spark", "spark_of"]

WIDE, HIGH, EDGE = 96.0, 26.0, 3.0
"""Pixels: the stamp, and room at its edges."""

_MOST = 48
"""Months for which it has room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """Where a sparkline's marks stand, in pixels from the top left.

    Attributes
    ----------
    wide, high : float
    points : str
        The months' line.
    goal : float or None
        Height of B's line.
    dot : tuple of float or None
        B's month.
    name : str
        The text alternative.
    """

    wide: float
    high: float
    points: str
    goal: float | None
    dot: tuple[float, float] | None
    name: str


def spark_of(
    course: Sequence[float | None], b: float | None, horizon: int, words: Words
) -> Spark | None:
    """Draw months; nothing where fewer than two are known.

    Parameters
    ----------
    course : sequence of float or None
        The goal's metric by month, client's currency.
    b : float or None
    horizon : int
        B's month.
    words : Words
        With the client's currency.

    Examples
    --------
    >>> spark_of([100.0, 150.0, 300.0], 300.0, 2, Words(language="en", currency="USD")).points
    '3,23 48,18 93,3'
    """
    shown = list(course[: max(_MOST, horizon + 1)])
    known = {month: value for month, value in enumerate(shown) if value is not None}
    if len(known) < 2:
        return None
    levels = [*known.values(), *([] if b is None else [b])]
    low, high = min(levels), max(levels)

    def place(month: int, value: float) -> tuple[float, float]:
        x = EDGE + (WIDE - 2 * EDGE) * month / (len(shown) - 1)
        part = (value / 2 - low / 2) / (high / 2 - low / 2) if high > low else 0.5
        return round(x, 1), round(HIGH - EDGE - (HIGH - 2 * EDGE) * part, 1)

    return Spark(
        wide=WIDE,
        high=HIGH,
        points=" ".join("{:g},{:g}".format(*place(*point)) for point in known.items()),
        goal=None if b is None else place(0, b)[1],
        dot=place(horizon, known[horizon]) if horizon in known else None,
        name=", ".join(
            words.missing if value is None else words.short_money(value) for value in shown
        ),
    )
