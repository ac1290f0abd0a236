"""How the months' chart is drawn: places and layers."""

from collections.abc import Sequence
from math import isnan
from typing import Any

import altair as alt

from funnelkit.show.charts import theme

__all__ = ["KEY", "SIZE", "beside", "layers", "span", "thinned"]

SIZE = (752.0, 400.0)
KEY = (150.0, 360.0)
"""Where the two lines' names stand."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 150.0, 700.0, 74.0, 310.0
_MONTHS, _GOAL = 356.0, 373.0
_VALUE_ROOM, _NAME_ROOM = 104.0, 62.0
_STEEP = 10.0


def thinned(count: int, horizon: int, *, names: bool) -> frozenset[int]:
    """Choose the months that have room for a text: the goal's first, then the ends, then more."""
    room = _NAME_ROOM if names else _VALUE_ROOM
    steps = room * max(count - 1, 1) / (_RIGHT - _LEFT)
    chosen: list[int] = []
    wanted = [horizon, 0, count - 1, *range(horizon, -1, -1), *range(horizon, count)]
    for month in wanted:
        if 0 <= month < count and all(abs(month - other) >= steps for other in chosen):
            chosen.append(month)
    return frozenset(chosen)


def beside(line: Sequence[float], month: int, *, above: bool, span: float) -> dict[str, Any]:
    """Say where a month's value is written so that its own line does not cross it.

    Parameters
    ----------
    line : sequence of float
    month : int
    above : bool
        Whether the text stands above the line.
    span : float
        Highest less lowest value of the picture.

    Returns
    -------
    dict
        ``dx`` and ``dy`` of the text from its point.
    """
    toward = (_BOTTOM - _TOP) / span * (1 if above else -1)

    def steep(a: int, b: int) -> bool:
        inside = min(a, b) >= 0 and max(a, b) < len(line)
        return inside and (line[b] - line[a]) * toward > _STEEP

    dy = -16 if above else 17
    return {"dx": 22 * (steep(month, month - 1) - steep(month, month + 1)), "dy": dy}


def span(values: Sequence[float]) -> float:
    """Return how much the picture's heights stand for, in the values' unit."""
    known = [0.0, *(value for value in values if not isnan(value))]
    return max(known) - min(known) or 1.0


def layers(count: int) -> list[alt.Chart]:
    """Draw the goal's month, B, both lines, then texts, over so many months."""
    across = alt.Scale(range=[_LEFT, _RIGHT], domain=[0, max(count - 1, 1)], nice=False)
    scale = alt.Scale(range=[_BOTTOM, _TOP], nice=False, zero=True)

    def y(field: str) -> alt.Y:
        return alt.Y(field, type="quantitative", scale=scale, axis=None)

    x = alt.X("month", type="quantitative", scale=across, axis=None)
    start, end = alt.value(_LEFT - 40), alt.value(_RIGHT + 40)
    path, goal = alt.NamedData("path"), alt.NamedData("goal")
    band = (
        alt.Chart(goal)
        .mark_rule(color=theme.PALE, strokeWidth=64)
        .encode(x=x, y=alt.value(_TOP - 44), y2=alt.value(_GOAL + 10))
    )
    zero = alt.Chart(goal).mark_rule(color=theme.LINE).encode(y=y("zero"), x=start, x2=end)
    b = (
        alt.Chart(goal)
        .mark_rule(color=theme.GOAL, strokeWidth=1.5, strokeDash=[6, 4])
        .encode(y=y("b"), x=start, x2=end)
    )
    idle = alt.Chart(path).mark_line(color=theme.GREY, strokeWidth=2).encode(x=x, y=y("idle"))
    plan = alt.Chart(path).mark_line(color=theme.PLAN, strokeWidth=3).encode(x=x, y=y("plan"))
    points = (
        alt.Chart(path)
        .mark_point(
            shape="circle", size=60, fill=theme.PLAN, stroke="white", strokeWidth=1.5, opacity=1
        )
        .encode(x=x, y=y("plan"))
    )
    later = (
        alt.Chart(alt.NamedData("later"))
        .mark_point(shape="diamond", size=130, fill=theme.GOAL, stroke="white", opacity=1)
        .encode(x=x, y=y("value"))
    )
    swatch = (
        alt.Chart(alt.NamedData("key"))
        .mark_rule(strokeWidth=4)
        .encode(x=theme.across("x"), x2="x2:Q", y=alt.value(12), color=theme.own("colour"))
    )
    return [
        *(band, zero, b, idle, plan, points, later, swatch),
        *(
            theme.text(
                "values",
                x=x,
                y=y("value"),
                align="center",
                bold=alt.ExprRef("datum.weight"),
                size=14,
                dx=alt.ExprRef("datum.dx"),
                dy=alt.ExprRef("datum.dy"),
                halo=halo,
            )
            for halo in (True, False)
        ),
        theme.text("later", x=x, y=y("value"), align="right", bold=True, dx=-12, colour=theme.GOAL),
        theme.text("goal", x=4, y=y("b"), bold=True, dy=-9, colour=theme.GOAL),
        theme.text("goal", x=4, y=y("b"), field="value", bold=True, dy=9, colour=theme.GOAL),
        theme.text("goal", x=x, y=_GOAL, field="when", align="center", size=12, colour=theme.QUIET),
        theme.text(
            "names", x=x, y=_MONTHS, align="center", bold=alt.ExprRef("datum.weight"), size=12
        ),
        theme.text("key", x=theme.across("x2"), y=12, dx=8, colour=theme.INK),
        theme.text("note", x=4, y=SIZE[1] - 8, size=12, colour=theme.QUIET),
    ]
