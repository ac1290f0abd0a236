"""How the fan of a plan's months is drawn: places and layers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt

from funnelkit.show.charts import theme
from funnelkit.show.charts.monthlines import COMPACT as MONTHS_COMPACT
from funnelkit.show.charts.monthlines import ROOMY as MONTHS_ROOMY
from funnelkit.show.charts.monthlines import Canvas as MonthsCanvas

__all__ = ["BAND", "COMPACT", "HALF", "MEDIAN", "ROOMY", "Canvas", "layers"]

BAND = "#d3e0ee"
MEDIAN = "#3a6ea5"
HALF = 32.0
"""Half as wide as the ground of the goal's month."""

_DASH = [6, 4]
_HALO: Mapping[str, Any] = {"halo": True, "colour": "white"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """Measures in pixels: what the months' chart has, and rows of text of its own.

    Attributes
    ----------
    months : funnelkit.show.charts.monthlines.Canvas
        Of it the size, the left and right edges and the room for names.
    top, bottom : float
        Edges of the field in which the lines run.
    headline : float
        Height of what is said of the goal's month.
    names, chances : float
        Heights of the months' names and of the probabilities.
    foot : tuple of float
        Where it stands what the probabilities are.
    key : tuple of tuple of float
        Places of the names of the band, the median and the plan.
    value : float
        Size of the values.
    """

    months: MonthsCanvas
    top: float
    bottom: float
    headline: float
    names: float
    chances: float
    foot: tuple[float, float]
    key: tuple[tuple[float, float], ...]
    value: float

    def x(self, month: int, count: int) -> float:
        """Return the place of a month among so many."""
        at = self.months
        return at.left + (at.right - at.left) * month / max(count - 1, 1)


ROOMY = Canvas(
    months=MONTHS_ROOMY,
    top=98,
    bottom=316,
    headline=42,
    names=358,
    chances=380,
    foot=(4, 380),
    key=((2, 12), (220, 12), (560, 12)),
    value=14,
)
COMPACT = Canvas(
    months=MONTHS_COMPACT,
    top=104,
    bottom=240,
    headline=52,
    names=282,
    chances=300,
    foot=(2, 319),
    key=((2, 10), (2, 28), (150, 28)),
    value=13,
)


def layers(at: Canvas) -> list[alt.Chart]:
    """Draw the goal's month, the band, B, both lines, then texts."""
    x, y, weight = theme.across("x"), theme.down("y"), alt.ExprRef("datum.weight")
    start = alt.XValue(at.months.left - at.months.overhang)
    end = alt.X2Value(at.months.right + at.months.overhang)
    goal, fan = alt.NamedData("goal"), alt.NamedData("fan")
    ground = (
        alt.Chart(goal)
        .mark_rect(color=theme.PALE)
        .encode(
            x=theme.across("x1"),
            x2="x2:Q",
            y=alt.YValue(at.headline + 12),
            y2=alt.Y2Value(at.chances + 11),
        )
    )
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=theme.LINE).encode(x=start, x2=end, y=y)
    band = alt.Chart(fan).mark_area(color=BAND).encode(x=x, y=y, y2="y2:Q", detail="part:N")
    between = (
        alt.Chart(alt.NamedData("range"))
        .mark_rule(color=MEDIAN, strokeWidth=1.5)
        .encode(x=x, y=y, y2="y2:Q")
    )
    b = (
        alt.Chart(alt.NamedData("b"))
        .mark_rule(color=theme.GOAL, strokeWidth=1.5, strokeDash=_DASH)
        .encode(x=start, x2=end, y=y)
    )

    def line(data: str, ink: str, thick: float) -> alt.Chart:
        chart: alt.Chart = (
            alt.Chart(alt.NamedData(data))
            .mark_line(color=ink, strokeWidth=thick, strokeJoin="round")
            .encode(x=x, y=y, detail="part:N")
        )
        return chart

    dots = (
        alt.Chart(alt.NamedData("dots"))
        .mark_point(shape="circle", size=70, stroke="white", strokeWidth=1.5, opacity=1)
        .encode(x=x, y=y, fill=alt.Fill("colour:N", scale=None, legend=None))
    )
    swatch = (
        alt.Chart(alt.NamedData("key"))
        .mark_rule()
        .encode(
            x=x,
            x2="x2:Q",
            y=y,
            color=theme.own("colour"),
            strokeWidth=alt.StrokeWidth("thick:Q", scale=None, legend=None),
        )
    )
    return [
        *(ground, zero, band, b, between),
        *(line("median", MEDIAN, 2), line("plan", theme.PLAN, 3), dots, swatch),
        *(
            theme.text("values", x=x, y=y, align="center", bold=weight, size=at.value, **ink)
            for ink in (_HALO, {})
        ),
        theme.text(
            "goal", x=x, y=at.headline, align="center", bold=True, size=14, colour=theme.INK
        ),
        *(
            theme.text(data, x=x, y=height, align="center", bold=weight, size=12)
            for data, height in (("names", at.names), ("chances", at.chances))
        ),
        theme.text("foot", x=at.foot[0], y=at.foot[1], size=12, colour=theme.QUIET),
        theme.text("key", x=theme.across("x2"), y=y, dx=8, colour=theme.INK),
        *_named(at),
    ]


def _named(at: Canvas) -> list[alt.Chart]:
    """Name B and its value: beside its line, or among the names where there is no room."""
    if at.months.b_left:
        return [
            theme.text(
                "b", x=4, y=theme.down("y"), field=field, bold=True, dy=dy, colour=theme.GOAL
            )
            for field, dy in (("text", -9), ("value", 9))
        ]
    end, line = at.months.width - 2, at.key[0][1]
    swatch = (
        alt.Chart(alt.NamedData("b"))
        .mark_rule(color=theme.GOAL, strokeWidth=1.5, strokeDash=_DASH)
        .encode(x=alt.XValue(end - 146), x2=alt.X2Value(end - 128), y=alt.YValue(line))
    )
    named = theme.text("b", x=end - 122, y=line, field="named", bold=True, colour=theme.GOAL)
    return [swatch, named]
