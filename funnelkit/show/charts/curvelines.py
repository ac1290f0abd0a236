"""How curves over time are drawn: measures and layers."""

from dataclasses import dataclass
from typing import Any

import altair as alt

from funnelkit.show.charts import theme

__all__ = ["AT", "layers"]

_STYLES: dict[str, dict[str, Any]] = {
    "thin": {"strokeWidth": 1.5, "opacity": 0.8},
    "line": {"strokeWidth": 3},
    "dashes": {"strokeWidth": 3, "strokeDash": [8, 5]},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Canvas:
    """Measures in pixels: the whole, the field, and the most room that a name takes."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    most_name: float


AT = _Canvas(width=752, height=420, left=84, right=748, top=52, bottom=340, most_name=170)


def layers() -> list[alt.Chart]:
    """Draw intervals, the field's edges, the mark, curves and their ends, then texts."""
    x, y, colour = theme.across("x"), theme.down("y"), theme.own("colour")
    bands = (
        alt.Chart(alt.NamedData("bands"))
        .mark_area(color=theme.PLAN, opacity=0.15)
        .encode(x=x, y=y, y2="y2:Q", detail="part:N")
    )
    edges = [
        alt.Chart(alt.NamedData("edges")).mark_rule(color=theme.LINE).encode(**ends)
        for ends in (
            {"x": x, "x2": "x2:Q", "y": alt.YValue(AT.bottom)},
            {"x": x, "y": alt.YValue(AT.top - 4), "y2": alt.Y2Value(AT.bottom)},
        )
    ]
    mark = (
        alt.Chart(alt.NamedData("mark"))
        .mark_rule(color=theme.GOAL, strokeWidth=1.5, strokeDash=[6, 4])
        .encode(x=x, y=alt.YValue(AT.top - 4), y2=alt.Y2Value(AT.bottom))
    )
    lines = [
        alt.Chart(alt.NamedData("lines"))
        .mark_line(strokeJoin="round", **style)
        .encode(x=x, y=y, color=colour, detail="part:N")
        .transform_filter(f"datum.style === '{name}'")
        for name, style in _STYLES.items()
    ]
    dots = (
        alt.Chart(alt.NamedData("dots"))
        .mark_point(shape="circle", size=80, stroke="white", strokeWidth=1.5, opacity=1)
        .encode(x=x, y=y, fill=alt.Fill("colour:N", scale=None, legend=None))
    )
    align = alt.ExprRef("datum.align")
    return [
        *(bands, *edges, mark, *lines, dots),
        theme.text("names", x=x, y=y, bold=alt.ExprRef("datum.weight")),
        theme.text("mark", x=x, y=y, size=12, align=align, dx=0),
        theme.text("texts", x=x, y=y, size=12, align=align),
        theme.text("note", x=2, y=AT.height - 10, size=12, colour=theme.QUIET),
    ]
