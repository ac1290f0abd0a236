"""One look for all charts: colours, type, and how marks become a picture.

A chart draws on a canvas of fixed size (``autosize`` none), with its texts measured by
`funnelkit.show.charts.measure`: what a machine has for fonts moves nothing. There are no axes;
numbers stand at their marks, formatted in the reader's language.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, Literal

import altair as alt
from altair.utils.schemapi import debug_mode

from funnelkit.model.levers import Stage
from funnelkit.show.picture import SCHEMA, Picture, Row, Spec
from funnelkit.show.tables import Table

__all__ = [
    "BAD",
    "FONT",
    "GAP",
    "GOAL",
    "GREY",
    "INK",
    "LINE",
    "NEUTRAL",
    "NOW",
    "PALE",
    "PLAN",
    "QUIET",
    "RESERVE",
    "STAGE_COLOURS",
    "STAGE_TINTS",
    "across",
    "down",
    "own",
    "picture",
    "text",
]

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
INK = "#1b2430"
QUIET = "#5b6674"
LINE = "#c9d0d9"
PALE = "#f4f6f8"
NOW = "#b9c2cd"
GREY = "#8a95a3"
GAP = "#e3b7ae"
RESERVE = "#a9d3c6"
PLAN = "#12467b"
GOAL = "#1b2430"
NEUTRAL = "#39475a"
BAD = "#b42318"

STAGE_COLOURS = MappingProxyType(
    {
        Stage.ACCOUNT: "#00604d",
        Stage.CONVERSION: "#1f5fae",
        Stage.GENERATION: "#b04a00",
        Stage.NURTURING: "#7d1f6e",
        Stage.ECONOMICS: "#6c7178",
    }
)
"""Told apart with any colour vision and in grey print; white text on them is legible."""

STAGE_TINTS = MappingProxyType(
    {
        Stage.ACCOUNT: "#e3f1ed",
        Stage.CONVERSION: "#e6eef8",
        Stage.GENERATION: "#faebdf",
        Stage.NURTURING: "#f5e6f1",
        Stage.ECONOMICS: "#f7f8f9",
    }
)
"""The same colours as a quiet ground; their stage's colour is legible on them."""


def across(field: str) -> alt.X:
    """Encode a horizontal position that is given in pixels."""
    return alt.X(field, type="quantitative", scale=None, axis=None)


def down(field: str) -> alt.Y:
    """Encode a vertical position that is given in pixels, from the top."""
    return alt.Y(field, type="quantitative", scale=None, axis=None)


def own(field: str) -> alt.Color:
    """Encode a colour that is given as such."""
    return alt.Color(field, type="nominal", scale=None, legend=None)


def text(
    data: str,
    *,
    x: alt.X | float,
    y: alt.Y | float,
    field: str = "text",
    align: Literal["left", "center", "right"] | alt.ExprRef = "left",
    bold: bool | alt.ExprRef = False,
    size: float | alt.ExprRef = 13,
    colour: str | None = None,
    dx: float | alt.ExprRef = 0,
    dy: float | alt.ExprRef = 0,
    halo: bool = False,
) -> alt.Chart:
    """Write a dataset's texts; without `colour` each row has its own in ``colour``.

    A halo is the ground on which a text that crosses a line is legible.
    """
    weight: Any = bold if isinstance(bold, alt.ExprRef) else "bold" if bold else "normal"
    edge: Any = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
    chart: alt.Chart = alt.Chart(alt.NamedData(data)).mark_text(
        align=align,
        baseline="middle",
        fontSize=size,
        fontWeight=weight,
        dx=dx,
        dy=dy,
        **(edge if halo else {}),
    )
    ink: Any = alt.ColorValue(colour) if colour else own("colour")
    return chart.encode(
        x=x if isinstance(x, alt.X) else alt.XValue(x),
        y=y if isinstance(y, alt.Y) else alt.YValue(y),
        text=alt.Text(field, type="nominal"),
        color=ink,
    )


_CHECKED: set[Callable[..., Sequence[alt.Chart]]] = set()

EMBEDDED: Mapping[str, Any] = {"embedOptions": {"actions": False, "renderer": "svg"}}
"""How JupyterLab embeds a chart: without a menu of Vega's own, as sharp as the screen allows."""


def picture(
    layers: Callable[[], Sequence[alt.Chart]],
    datasets: Mapping[str, Sequence[Row]],
    *,
    size: tuple[float, float],
    description: str,
    table: Callable[[], Table],
) -> Picture:
    """Put layers on a canvas of so many pixels and give them their data.

    Parameters
    ----------
    layers : callable
        Returns the layers; where they depend on anything it is a `partial` with that, hashable.
    datasets : mapping of str to sequence of mapping
    size : tuple of float
        Width and height.
    description : str
    table : callable
        Returns the numbers behind the picture.
    """
    wide, high = size
    whole = partial(layers)

    def draw() -> Spec:
        return _marks(whole.func, *whole.args, **whole.keywords) | {
            "width": wide,
            "height": high,
            "description": description,
            "$schema": SCHEMA,
            "usermeta": EMBEDDED,
        }

    return Picture(datasets=datasets, description=description, draw=draw, tabulate=table)


@lru_cache(maxsize=512, typed=True)  # 13 and 13.0 are written otherwise
def _marks(layers: Callable[..., Sequence[alt.Chart]], *args: Any, **keywords: Any) -> Spec:
    """Return layers as Vega-Lite.

    Altair takes most of the time to check them, so it does that once for each function: with other
    numbers its marks are as right.
    """
    known = layers in _CHECKED
    with debug_mode(False) if known else nullcontext():
        chart = (
            alt.layer(*layers(*args, **keywords))
            .properties(autosize="none", padding=4)
            .resolve_scale(color="independent")
            .configure(font=FONT, background="white", aria=False)
            .configure_view(stroke=None)
        )
        spec = dict(chart.to_dict(validate=not known))
    _CHECKED.add(layers)
    return spec
