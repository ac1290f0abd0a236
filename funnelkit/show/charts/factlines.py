"""How facts beside the plan are drawn: measures and layers."""

from dataclasses import replace

import altair as alt

from funnelkit.show.charts import theme
from funnelkit.show.charts.monthlines import ROOMY

__all__ = ["AT", "DIFFERENCES", "FACTS", "bar_width", "layers", "place"]

AT = replace(ROOMY, height=408.0, top=78.0, bottom=308.0, months=346.0)
FACTS, DIFFERENCES = 370.0, 392.0
"""Heights of the rows of facts and of what they differ by."""


def place(month: int, count: int) -> float:
    """Return where a month among so many stands."""
    return AT.left + (AT.right - AT.left) * month / max(count - 1, 1)


def bar_width(count: int) -> float:
    """Return how wide a month's bar is among so many."""
    return min(40.0, 0.6 * (AT.right - AT.left) / max(count - 1, 1))


def layers() -> list[alt.Chart]:
    """Draw the forecast, bars, B, the plan's line, then texts."""
    x, y, weight = theme.across("x"), theme.down("y"), alt.ExprRef("datum.weight")
    start, end = alt.XValue(AT.left - AT.overhang), alt.X2Value(AT.right + AT.overhang)
    # A month that is not over is pale and has a broken edge.
    forecast = (
        alt.Chart(alt.NamedData("forecast"))
        .mark_rect(fill=theme.PALE, stroke=theme.GREY, strokeWidth=1.5, strokeDash=[4, 3])
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
    )
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_rect(color=theme.NOW)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
    )
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=theme.GREY).encode(x=start, x2=end, y=y)
    b = (
        alt.Chart(alt.NamedData("b"))
        .mark_rule(color=theme.GOAL, strokeWidth=1.5, strokeDash=[6, 4])
        .encode(x=start, x2=end, y=y)
    )
    line = (
        alt.Chart(alt.NamedData("path"))
        .mark_line(color=theme.PLAN, strokeWidth=3)
        .encode(x=x, y=y, detail="part:N")
    )
    points = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(
            shape="circle", size=50, fill=theme.PLAN, stroke="white", strokeWidth=1.5, opacity=1
        )
        .encode(x=x, y=y)
    )
    key = alt.Chart(alt.NamedData("key"))
    swatch = key.mark_rule().encode(
        x=x,
        x2="x2:Q",
        y=alt.YValue(12),
        color=theme.own("colour"),
        strokeWidth=alt.StrokeWidth("thick:Q", scale=None, legend=None),
    )
    return [
        *(forecast, bars, zero, b, line, points, swatch),
        *(
            theme.text("values", x=x, y=y, align="center", bold=True, size=13, **ink)
            for ink in ({"halo": True, "colour": "white"}, {"colour": theme.PLAN})
        ),
        *(
            theme.text("b", x=4, y=y, field=field, bold=True, dy=dy, colour=theme.GOAL)
            for field, dy in (("text", -9), ("value", 9))
        ),
        theme.text("key", x=theme.across("x2"), y=12, dx=8, colour=theme.INK),
        theme.text("headline", x=2, y=40, bold=True, size=14, colour=theme.INK),
        theme.text("months", x=x, y=AT.months, align="center", bold=weight, size=12),
        theme.text("facts", x=x, y=FACTS, align="center", bold=True, size=12),
        theme.text("differences", x=x, y=DIFFERENCES, align="center", size=12),
        theme.text("rows", x=4, y=y, size=12, colour=theme.QUIET),
    ]
