"""Bars in pairs, now above plan: what the funnel's and the product line's charts share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from funnelkit.model.levers import message as _
from funnelkit.show.charts import theme
from funnelkit.show.charts.measure import wrapped
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Table
from funnelkit.show.words import Words

__all__ = ["Pair", "pairs_picture"]

WIDTH, ROW, HEAD = 752.0, 54.0, 34.0
NAMES, VALUES = 222.0, 118.0


@dataclass(frozen=True, slots=True)
class Pair:
    """A row.

    Attributes
    ----------
    key, name : str
        What tells it from others, and what it is called.
    now, plan : float
    now_text, plan_text : str
        The values in words.
    now_side, plan_side : str
        What stands at the right edge.
    """

    key: str
    name: str
    now: float
    plan: float
    now_text: str
    plan_text: str
    now_side: str = ""
    plan_side: str = ""


def pairs_picture(
    pairs: Sequence[Pair],
    words: Words,
    *,
    description: str,
    table: Table,
    side: str,
    side_room: float,
    note: str = "",
    scale: Literal["linear", "sqrt"] = "linear",
) -> Picture:
    """Draw rows of two bars.

    Parameters
    ----------
    pairs : sequence of Pair
    words : Words
    description : str
    table : Table
    side : str
        What the texts at the right edge are.
    side_room : float
        Room for them in pixels.
    note : str
        What has to be known of the picture.
    scale : {"linear", "sqrt"}
        How long a bar is.

    Returns
    -------
    Picture
    """
    top, high = HEAD, HEAD + ROW * len(pairs)
    bars, names = [], []
    for number, pair in enumerate(pairs):
        middle = top + ROW * (number + 0.5)
        lines = wrapped(pair.name, NAMES - 12, 13)
        for line, text in enumerate(lines):
            y = middle + 16 * (line - (len(lines) - 1) / 2)
            names.append({"y": y, "text": text})
        for up, value, text, aside, colour, ink in (
            (True, pair.now, pair.now_text, pair.now_side, theme.NOW, theme.QUIET),
            (False, pair.plan, pair.plan_text, pair.plan_side, theme.PLAN, theme.INK),
        ):
            y = middle - 21 if up else middle
            bars.append(
                {
                    "name": pair.key,
                    "when": "now" if up else "plan",
                    "value": value,
                    "far": max(value, 0) if value == value else 0,
                    "y": y,
                    "y2": y + 20,
                    "mid": y + 10.5,
                    "text": text,
                    "side": aside,
                    "colour": colour,
                    "ink": ink,
                }
            )
    key: list[dict[str, Any]] = [
        {"x": NAMES, "x2": NAMES + 14, "text": words(_("Now")), "colour": theme.NOW},
        {"x": NAMES + 120, "x2": NAMES + 134, "text": words(_("Plan")), "colour": theme.PLAN},
    ]
    datasets: dict[str, list[dict[str, Any]]] = {
        "bars": bars,
        "names": names,
        "zero": [{"at": 0}],
        "key": key,
        "side": [{"text": side}],
        "note": [{"text": note}] if note else [],
    }
    high += 24 if note else 0
    return theme.picture(
        _layers(scale, top, top + ROW * len(pairs), high, WIDTH - VALUES - side_room),
        datasets,
        size=(WIDTH, high),
        description=description,
        table=table,
    )


def _layers(
    scale: Literal["linear", "sqrt"], top: float, foot: float, high: float, end: float
) -> list[alt.Chart]:
    """Draw bars, the zero line, then texts."""
    length = alt.Scale(range=[NAMES, end], type=scale, nice=False, zero=True)

    def x(field: str) -> alt.X:
        return alt.X(field, type="quantitative", scale=length, axis=None)

    y, colour = theme.down("y"), theme.own("colour")
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_rect(cornerRadius=1)
        .encode(x=x("value"), x2=alt.X2Datum(0), y=y, y2="y2:Q", color=colour)
    )
    zero = (
        alt.Chart(alt.NamedData("zero"))
        .mark_rule(color=theme.GREY)
        .encode(x=x("at"), y=alt.value(top), y2=alt.value(foot))
    )
    swatch = (
        alt.Chart(alt.NamedData("key"))
        .mark_rule(strokeWidth=12)
        .encode(x=theme.across("x"), x2="x2:Q", y=alt.value(12), color=colour)
    )
    ink = theme.own("ink")
    middle = theme.down("mid")
    now, plan = "datum.when === 'now'", "datum.when === 'plan'"
    edge = WIDTH - 2
    layers = [bars, zero, swatch]
    layers.append(theme.text("key", x=theme.across("x2"), y=12, dx=8, colour=theme.INK))
    for when, bold in ((now, False), (plan, True)):
        size = 14 if bold else 13
        value = theme.text("bars", x=x("far"), y=middle, bold=bold, size=size, dx=7)
        share = theme.text(
            "bars", x=edge, y=middle, field="side", align="right", bold=bold, size=size
        )
        layers += [part.encode(color=ink).transform_filter(when) for part in (value, share)]
    return [
        *layers,
        theme.text("names", x=NAMES - 10, y=y, align="right", bold=False, colour=theme.INK),
        theme.text("side", x=edge, y=12, align="right", size=12, colour=theme.QUIET),
        theme.text("note", x=edge, y=high - 9, align="right", size=12, colour=theme.QUIET),
    ]
