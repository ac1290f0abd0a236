"""How the portfolio's picture is drawn: places and layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite

import altair as alt

from funnelkit.show.charts import theme
from funnelkit.show.charts.measure import width
from funnelkit.show.picture import Row

__all__ = ["FOOT", "HEAD", "NAMED", "WIDTH", "Panel", "Rows", "layers"]

WIDTH, HEAD, FOOT = 752.0, 46.0, 6.0
"""Pixels: the whole, room above and below the rows."""

_ROW, _ROWS = 24.0, 520.0
"""Pixels: how high a row is at most, and all of a panel's rows."""

_LOW, _HIGH = -0.5, 2.0
"""Shares of B beyond which a mark stands at the edge."""

_LEAST = 1.1
"""Share of B that there is always room for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """How rows stand.

    Attributes
    ----------
    count : int
        Panels side by side.
    names, right : float
        Room for names and for what stands at the right, in pixels.
    named, growth : bool
        Whether rows have names and values, and growth as well.
    """

    count: int
    names: float
    right: float
    named: bool
    growth: bool

    @property
    def wide(self) -> float:
        """A panel's width in pixels, with what keeps it from its neighbour."""
        return (WIDTH + 16) / self.count

    def right_edge(self, panel: int) -> float:
        """Return where a panel ends."""
        return self.wide * (panel + 1) - 18


_PANELS = (
    (30, Panel(count=1, names=230, right=142, named=True, growth=True)),
    (60, Panel(count=2, names=172, right=58, named=True, growth=False)),
)
NAMED = _PANELS[-1][0]
"""Most clients whose rows have room for a name."""

_BLOCKS = Panel(count=1, names=230, right=20, named=False, growth=False)


class Rows:
    """The rows, and where their marks stand.

    Parameters
    ----------
    shares : sequence of float
        All that is drawn, as multiples of B; NaN is missing.
    count : int
        Number of rows.

    Attributes
    ----------
    panel : Panel
    foot : float
        Height of the rows' lower edge.
    thick : float
        Of a row's line.
    ways, points : list of dict
    """

    def __init__(self, shares: Sequence[float], count: int) -> None:
        known = [value for value in shares if isfinite(value)]
        self._low = max(min([0.0, *known]), _LOW)
        self._high = min(max([_LEAST, *known]), _HIGH)
        self.panel = next((panel for most, panel in _PANELS if count <= most), _BLOCKS)
        self._per = ceil(max(count, 1) / self.panel.count)
        self._row = min(_ROW, _ROWS / self._per)
        self.foot = HEAD + self._row * self._per
        self.thick = max(min(self._row / 3, 5.0), min(self._row * 0.7, 2.0))
        self.ways: list[Row] = []
        self.points: list[Row] = []

    def middle(self, place: int) -> float:
        """Return the height of a row."""
        return HEAD + self._row * (place % self._per + 0.5)

    def left(self, place: int) -> float:
        """Return where a row's name ends."""
        return self.panel.wide * (place // self._per) + self.panel.names - 10

    def right(self, place: int) -> float:
        """Return where a row ends."""
        return self.panel.right_edge(place // self._per)

    def draw(self, place: int, now: float, plan: float) -> None:
        """Draw a row's way from A to the plan, with a point at both ends where rows are named."""
        y, colour = self.middle(place), theme.BAD if plan < 1 else theme.PLAN
        panel = place // self._per
        if isfinite(plan):
            ends = (self._x(now if isfinite(now) else 0.0, panel), self._x(plan, panel))
            self.ways.append({"x": ends[0], "x2": ends[1], "y": y, "colour": colour})
        for share, ink in ((now, theme.GREY), (plan, colour)):
            if self.panel.named and isfinite(share):
                self.points.append({"x": self._x(share, panel), "y": y, "colour": ink})

    def heads(self, shares: Sequence[tuple[float, str]]) -> list[Row]:
        """Name lines at the rows' head: those that the rows reach, apart from B's."""
        found: list[Row] = []
        for panel in range(self.panel.count):
            b = self._x(1.0, panel)
            for share, text in shares:
                x, room = self._x(share, panel), width(text, 12) / 2
                apart = share == 1.0 or abs(x - b) > room + 46
                if self._low <= share <= self._high and apart:
                    found.append({"x": x, "text": text})
        return found

    def _x(self, share: float, panel: int) -> float:
        """Return where a share of B stands; what is beyond the edge stands at it."""
        part = (min(max(share, self._low), self._high) - self._low) / (self._high - self._low)
        left = self.panel.wide * panel + self.panel.names
        return left + (self.panel.right_edge(panel) - self.panel.right - left) * part


def layers(foot: float, thick: float) -> list[alt.Chart]:
    """Draw lines at shares of B, the ways, B's line, then texts."""
    x, y, colour = theme.across("x"), theme.down("y"), theme.own("colour")

    def level(data: str, ink: str, wide: float) -> alt.Chart:
        chart: alt.Chart = (
            alt.Chart(alt.NamedData(data))
            .mark_rule(color=ink, strokeWidth=wide)
            .encode(x=x, y=alt.YValue(HEAD - 4), y2=alt.Y2Value(foot))
        )
        return chart

    ways = (
        alt.Chart(alt.NamedData("ways"))
        .mark_rule(strokeWidth=thick)
        .encode(x=x, x2="x2:Q", y=y, color=colour)
    )
    points = (
        alt.Chart(alt.NamedData("points"))
        .mark_circle(size=64, opacity=1)
        .encode(x=x, y=y, color=colour)
    )
    key = (
        alt.Chart(alt.NamedData("key"))
        .mark_circle(size=64, opacity=1, xOffset=5)
        .encode(x=x, y=alt.YValue(12), color=colour)
    )
    return [
        level("heads", theme.LINE, 1),
        level("b", theme.GOAL, 1.5),
        ways,
        points,
        key,
        theme.text("key", x=x, y=12, dx=16, size=12, colour=theme.INK),
        theme.text("heads", x=x, y=33, align="center", size=12, colour=theme.QUIET),
        theme.text("b", x=x, y=33, align="center", size=12, bold=True, colour=theme.GOAL),
        theme.text("head", x=WIDTH - 2, y=33, align="right", size=12, colour=theme.QUIET),
        theme.text("names", x=x, y=y, align="right", size=12),
        theme.text("values", x=x, y=y, align="right", size=12),
    ]
