"""How leads against budget are drawn: scale and layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import Any

import altair as alt

from funnelkit.show.charts import theme
from funnelkit.show.charts.measure import width

__all__ = ["COMPACT", "ROOMY", "Canvas", "Scale", "layers", "round_up"]

_SMALL = 12.0
_DASH = [8, 5]


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """Measures in pixels.

    Attributes
    ----------
    width, height : float
        The whole.
    left, right, top, bottom : float
        Edges of the field in which the line runs.
    name, value, said : float
        Sizes of a label's name and value, and of what is said above the field.
    name_room : float
        Widest line of a label.
    """

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    name: float
    value: float
    said: float
    name_room: float

    def text_width(self, text: str) -> float:
        """Return how wide a small text is."""
        return width(text, _SMALL)


ROOMY = Canvas(
    width=752,
    height=420,
    left=84,
    right=740,
    top=70,
    bottom=390,
    name=13,
    value=14,
    said=14,
    name_room=190,
)
COMPACT = Canvas(
    width=562,
    height=330,
    left=76,
    right=552,
    top=58,
    bottom=304,
    name=12.5,
    value=13,
    said=13,
    name_room=150,
)


def round_up(values: Sequence[float]) -> float:
    """Return the highest of the known values, rounded up to two digits; 0 where there is none."""
    highest = max((value for value in values if isfinite(value)), default=0.0)
    if highest <= 0:
        return 0.0
    step = 10.0 ** (floor(log10(highest)) - 1)
    return ceil(highest / step - 1e-9) * step


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a budget and its leads stand; what the right and the upper edge stand for."""

    at: Canvas
    budget: float
    leads: float

    @property
    def known(self) -> bool:
        """Whether there is anything to draw."""
        return self.budget > 0 or self.leads > 0

    def place(self, budget: float, leads: float) -> tuple[float, float]:
        """Return a point's place in pixels."""
        at = self.at
        x = at.left + (at.right - at.left) * budget / (self.budget or 1.0)
        y = at.bottom - (at.bottom - at.top) * leads / (self.leads or 1.0)
        return x, y


def layers(at: Canvas) -> list[alt.Chart]:
    """Draw the field's edges, the lines, the dots, then texts."""
    x, y = theme.across("x"), theme.down("y")
    ends = alt.NamedData("ends")
    edges = [
        alt.Chart(ends)
        .mark_rule(color=theme.LINE)
        .encode(x=alt.XValue(x1), x2=alt.X2Value(x2), y=alt.YValue(y1), y2=alt.Y2Value(y2))
        for x1, y1, x2, y2 in (
            (at.left, at.top - 6, at.left, at.bottom),
            (at.left, at.bottom, at.right, at.bottom),
        )
    ]
    needed = (
        alt.Chart(alt.NamedData("needed"))
        .mark_rule(color=theme.GOAL, strokeWidth=1.5, strokeDash=[6, 4])
        .encode(y=y, x=alt.XValue(at.left), x2=alt.X2Value(at.right))
    )

    def line(seen: bool) -> alt.Chart:
        style: dict[str, Any] = {} if seen else {"strokeDash": _DASH}
        chart: alt.Chart = (
            alt.Chart(alt.NamedData("curve"))
            .mark_line(color=theme.GREY, strokeWidth=2.5, strokeJoin="round", **style)
            .encode(x=x, y=y, detail="part:N")
            .transform_filter(f"datum.seen === {'true' if seen else 'false'}")
        )
        return chart

    leaders = (
        alt.Chart(alt.NamedData("leaders"))
        .mark_rule(color=theme.GREY, strokeWidth=1)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
    )
    dots = (
        alt.Chart(alt.NamedData("dots"))
        .mark_point(shape="circle", size=120, stroke="white", strokeWidth=1.5, opacity=1)
        .encode(x=x, y=y, fill=alt.Fill("colour:N", scale=None, legend=None))
    )
    swatch = (
        alt.Chart(alt.NamedData("key"))
        .mark_rule(color=theme.GREY, strokeWidth=2.5, strokeDash=_DASH)
        .encode(x=x, x2="x2:Q", y=y)
    )
    aside = alt.ExprRef("datum.align")
    labels = [
        theme.text(
            "labels",
            x=x,
            y=y,
            align=aside,
            bold=alt.ExprRef("datum.weight"),
            size=alt.ExprRef("datum.size"),
            halo=halo,
            colour="white" if halo else None,
        )
        for halo in (True, False)
    ]
    edge = at.right
    return [
        *(*edges, needed, line(True), line(False), leaders, dots, swatch, *labels),
        theme.text("ends", x=x, y=y, size=_SMALL, align=aside),
        theme.text("cpl", x=2, y=12, bold=True, size=at.said, colour=theme.INK),
        theme.text("key", x=edge, y=y, align="right", size=_SMALL, colour=theme.QUIET),
    ]
