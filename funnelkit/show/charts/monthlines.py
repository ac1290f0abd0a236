"""How the months' chart is drawn: places and layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import altair as alt

from funnelkit.show.charts import theme
from funnelkit.show.charts.measure import width
from funnelkit.show.picture import Row

__all__ = ["COMPACT", "ROOMY", "Canvas", "apart", "beside", "layers", "span", "thinned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """Measures in pixels: the whole, the lines' field, and rows of text.

    Attributes
    ----------
    width, height : float
    left, right, top, bottom : float
        Edges of the field in which the lines run.
    overhang : float
        How far level lines go on beyond it.
    key : tuple of (float, float)
        Places of the two lines' names.
    months, goal : float
        Heights of the months' names and of what is said of the goal's month.
    value_room, name_room : float
        Room that a value and a month's name take.
    b_left : bool
        Whether B is named on the left of its line or among the lines' names.
    """

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    overhang: float
    key: tuple[tuple[float, float], tuple[float, float]]
    months: float
    goal: float
    value_room: float
    name_room: float
    b_left: bool


ROOMY = Canvas(
    width=752,
    height=400,
    left=150,
    right=700,
    top=74,
    bottom=310,
    overhang=40,
    key=((150, 12), (360, 12)),
    months=356,
    goal=373,
    value_room=104,
    name_room=62,
    b_left=True,
)
COMPACT = Canvas(
    width=298,
    height=330,
    left=50,
    right=250,
    top=92,
    bottom=262,
    overhang=46,
    key=((2, 10), (2, 28)),
    months=292,
    goal=308,
    value_room=110,
    name_room=56,
    b_left=False,
)
_STEEP, _VALUE = 10.0, 14.0


def thinned(count: int, horizon: int, at: Canvas, *, names: bool) -> frozenset[int]:
    """Choose the months that have room for a text: the goal's first, then the ends, then more."""
    room = at.name_room if names else at.value_room
    steps = room * max(count - 1, 1) / (at.right - at.left)
    chosen: list[int] = []
    wanted = [horizon, 0, count - 1, *range(horizon, -1, -1), *range(horizon, count)]
    for month in wanted:
        if 0 <= month < count and all(abs(month - other) >= steps for other in chosen):
            chosen.append(month)
    return frozenset(chosen)


def beside(
    line: Sequence[float], month: int, text: str, at: Canvas, *, above: bool, span: float
) -> dict[str, Any]:
    """Say where a month's value is written so that its own line does not cross it.

    Parameters
    ----------
    line : sequence of float
    month : int
    text : str
        The value as it is written.
    at : Canvas
    above : bool
        Whether the text stands above the line.
    span : float
        Highest less lowest value of the picture.

    Returns
    -------
    dict
        ``dx`` and ``dy`` of the text from its point.
    """
    toward = (at.bottom - at.top) / span * (1 if above else -1)

    def steep(a: int, b: int) -> bool:
        inside = min(a, b) >= 0 and max(a, b) < len(line)
        return inside and (line[b] - line[a]) * toward > _STEEP

    dx = 22.0 * (steep(month, month - 1) - steep(month, month + 1))
    x = at.left + (at.right - at.left) * month / max(len(line) - 1, 1)
    room = min(width(text, _VALUE, bold=True) / 2, at.width / 2) + 1
    dx = min(max(dx, room - x), at.width - room - x)
    return {"dx": dx, "dy": -16 if above else 17}


def apart(one: Row, other: Row, count: int, at: Canvas, *, span: float) -> bool:
    """Whether two values of a picture over so many months are written clear of each other."""
    month = (at.right - at.left) / max(count - 1, 1)
    across, down = (
        float(abs(one[place] * scale + one[shift] - other[place] * scale - other[shift]))
        for place, shift, scale in (
            ("month", "dx", month),
            ("value", "dy", (at.top - at.bottom) / span),
        )
    )
    room: float = sum(width(row["text"], _VALUE, bold=True) / 2 for row in (one, other))
    return across > room or down > _VALUE + 4


def span(values: Sequence[float]) -> float:
    """Return how much the picture's heights stand for, in the values' unit."""
    known = [0.0, *(value for value in values if not isnan(value))]
    return max(known) - min(known) or 1.0


def layers(count: int, at: Canvas) -> list[alt.Chart]:
    """Draw the goal's month, B, both lines, then texts, over so many months."""
    across = alt.Scale(range=[at.left, at.right], domain=[0, max(count - 1, 1)], nice=False)
    scale = alt.Scale(range=[at.bottom, at.top], nice=False, zero=True)

    def y(field: str) -> alt.Y:
        return alt.Y(field, type="quantitative", scale=scale, axis=None)

    x = alt.X("month", type="quantitative", scale=across, axis=None)
    start, end = alt.XValue(at.left - at.overhang), alt.X2Value(at.right + at.overhang)
    path, goal = alt.NamedData("path"), alt.NamedData("goal")
    head, foot = at.top - 44, at.goal + 10
    band = (
        alt.Chart(goal)
        .mark_tick(color=theme.PALE, thickness=64, size=foot - head, orient="vertical", opacity=1)
        .encode(x=x, y=alt.YValue((head + foot) / 2))
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
        .encode(x=theme.across("x"), x2="x2:Q", y=theme.down("y"), color=theme.own("colour"))
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
                size=_VALUE,
                dx=alt.ExprRef("datum.dx"),
                dy=alt.ExprRef("datum.dy"),
                halo=halo,
            )
            for halo in (True, False)
        ),
        theme.text("later", x=x, y=y("value"), align="right", bold=True, dx=-12, colour=theme.GOAL),
        *_goal(at, y("b")),
        theme.text(
            "goal", x=x, y=at.goal, field="when", align="center", size=12, colour=theme.QUIET
        ),
        theme.text(
            "names", x=x, y=at.months, align="center", bold=alt.ExprRef("datum.weight"), size=12
        ),
        theme.text("key", x=theme.across("x2"), y=theme.down("y"), dx=8, colour=theme.INK),
        theme.text("note", x=4, y=at.height - 8, size=12, colour=theme.QUIET),
    ]


def _goal(at: Canvas, y: alt.Y) -> list[alt.Chart]:
    """Name B and its value: beside its line, or among the names where there is no room."""
    if at.b_left:
        return [
            theme.text("goal", x=4, y=y, field=field, bold=True, dy=dy, colour=theme.GOAL)
            for field, dy in (("text", -9), ("value", 9))
        ]
    (_left, line), end = at.key[0], at.width - 2
    swatch = (
        alt.Chart(alt.NamedData("goal"))
        .mark_rule(color=theme.GOAL, strokeWidth=1.5, strokeDash=[6, 4])
        .encode(x=alt.XValue(end - 136), x2=alt.X2Value(end - 114), y=alt.YValue(line))
    )
    named = theme.text("goal", x=end - 108, y=line, field="named", bold=True, colour=theme.GOAL)
    return [swatch, named]
