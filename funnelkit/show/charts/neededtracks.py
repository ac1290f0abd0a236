"""How the levers' tracks are drawn: places and layers."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

import altair as alt

from funnelkit.show.charts import theme

__all__ = [
    "CEILING",
    "FOOT",
    "GROUP",
    "HEAD",
    "NAME",
    "NEEDED",
    "NOW",
    "WIDTH",
    "Track",
    "layers",
    "row_height",
]

WIDTH = 752.0
HEAD, GROUP, FOOT = 26.0, 28.0, 28.0
NAME, NOW, NEEDED, CEILING = 16.0, 296.0, 512.0, 750.0
"""Pixels: the whole; heights of the columns' names, of a department's, of what stands below; and
the columns' places."""

_START, _END = 306.0, 478.0
_BEYOND = 1.14
"""How far beyond its ceiling a lever is drawn, as a share of the track."""

_OPEN = 1.15
"""How long a track without a ceiling is, as a multiple of the furthest value."""

_GROUND = "#e2e7ec"
_TALLEST, _LOWEST, _MOST = 34.0, 25.0, 600.0


def row_height(rows: int, groups: int) -> tuple[float, int]:
    """Return how high a row is, and for how many there is room."""
    room = _MOST - HEAD - FOOT - GROUP * groups
    return max(min(_TALLEST, room / max(rows, 1)), _LOWEST), int(room // _LOWEST)


class Track:
    """Where a lever's values stand between 0 and its ceiling.

    The track of a lever that is better lower runs the other way: its ceiling, the lowest value,
    stands at the end as others' do.

    Parameters
    ----------
    now, plan, needed, ceiling : float
        In the lever's unit; NaN is missing.
    """

    start, end = _START, _END

    def __init__(self, now: float, plan: float, needed: float, ceiling: float) -> None:
        known = [abs(value) for value in (now, plan, needed) if isfinite(value)]
        self._now, self._needed = now, needed
        self.limited = isfinite(ceiling)
        self._ceiling = ceiling if self.limited else _OPEN * max(known, default=0.0)
        self._whole = self._ceiling
        self._down = self.limited and isfinite(now) and ceiling < now
        if self._down:
            self._whole = now

    def at(self, value: float) -> float:
        """Return a value's place; what is far beyond the ceiling stands at the picture's limit."""
        if self._down:
            share = 1.0 - (value - self._ceiling) / self._whole if self._whole else 1.0
        else:
            share = value / self._whole if self._whole else 0.0
        return self.start + (self.end - self.start) * min(max(share, 0.0), _BEYOND)

    def way(self, reachable: bool) -> Iterator[tuple[bool, float, float]]:
        """Yield the ways from now to what is needed: whether beyond the ceiling, from, to."""
        if not isfinite(self._now):
            return
        first = self.at(self._now)
        if isfinite(self._needed):
            last = self.at(self._needed)
        elif not reachable:
            last = self.start + (self.end - self.start) * _BEYOND
        else:
            return
        if not self.limited:
            yield not reachable, min(first, last), max(first, last)
            return
        within = sorted(min(x, self.end) for x in (first, last))
        beyond = sorted(max(x, self.end) for x in (first, last))
        if within[1] > within[0]:
            yield False, within[0], within[1]
        if beyond[1] > beyond[0]:
            yield True, beyond[0], beyond[1]


def layers(foot: float) -> list[alt.Chart]:
    """Draw the departments, tracks, ways, marks, then texts."""
    x, y, colour = theme.across("x"), theme.down("y"), theme.own("colour")

    def across(data: str, **style: Any) -> alt.Chart:
        chart: alt.Chart = (
            alt.Chart(alt.NamedData(data)).mark_rule(**style).encode(x=x, x2="x2:Q", y=y)
        )
        return chart

    def mark(data: str, high: float, thick: float, ink: str) -> alt.Chart:
        chart: alt.Chart = (
            alt.Chart(alt.NamedData(data))
            .mark_tick(orient="vertical", size=high, thickness=thick, color=ink, opacity=1)
            .encode(x=x, y=y)
        )
        return chart

    groups = (
        alt.Chart(alt.NamedData("groups"))
        .mark_rule(strokeWidth=4)
        .encode(x=alt.XValue(3), y=y, y2="y2:Q", color=colour)
    )
    dots = (
        alt.Chart(alt.NamedData("dots"))
        .mark_point(
            shape="circle", size=80, fill="white", stroke=theme.QUIET, strokeWidth=2, opacity=1
        )
        .encode(x=x, y=y)
    )
    line = foot + 15
    swatch = (
        alt.Chart(alt.NamedData("key"))
        .mark_rule(strokeWidth=12)
        .encode(x=x, x2="x2:Q", y=alt.YValue(line), color=colour)
    )
    return [
        groups,
        across("tracks", strokeWidth=10, color=_GROUND),
        across("bars", strokeWidth=10).encode(color=colour),
        mark("ceilings", 20, 2, theme.GREY),
        mark("plans", 18, 3, theme.INK),
        dots,
        swatch,
        theme.text("groups", x=NAME, y=theme.down("title"), bold=True, size=13),
        theme.text(
            "texts",
            x=x,
            y=y,
            align=alt.ExprRef("datum.align"),
            bold=alt.ExprRef("datum.weight"),
            size=alt.ExprRef("datum.size"),
        ),
        theme.text(
            "heads",
            x=x,
            y=14,
            align=alt.ExprRef("datum.align"),
            size=12,
            colour=theme.QUIET,
        ),
        theme.text("key", x=theme.across("x2"), y=line, dx=7, size=12, colour=theme.INK),
        theme.text("more", x=NAME, y=line, size=12, colour=theme.QUIET),
    ]
