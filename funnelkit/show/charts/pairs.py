"""Bars in pairs, now above plan: what the funnel's and the product line's charts share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf, isfinite
from typing import Any, Literal

import altair as alt

from funnelkit.model.levers import message as _
from funnelkit.show.charts import theme
from funnelkit.show.charts.measure import shortened, width, wrapped
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Table
from funnelkit.show.words import Words

__all__ = ["Pair", "Rule", "pairs_picture"]

HEAD = 34.0
RULED = 20.0
_MOST = 530.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Canvas:
    """Measures in pixels.

    Attributes
    ----------
    width, height : float
        The whole; a height of 0 grows with the rows, any other is shared by them.
    names, values : float
        Room for names on the left of the bars and for values behind them; without room on the
        left the names stand above.
    bar : float
        How thick a bar is.
    """

    width: float
    height: float
    names: float
    values: float
    bar: float

    @property
    def above(self) -> float:
        """Room for a name above its bars."""
        return 0.0 if self.names else 18.0

    def row(self, rows: int, below: float = 0.0) -> float:
        if self.height:
            return (self.height - HEAD - below) / max(rows, 1)
        return min(54.0, _MOST / max(rows, 1))


_ROOMY = _Canvas(width=752, height=0, names=222, values=118, bar=20)
_COMPACT = _Canvas(width=250, height=330, names=0, values=52, bar=15)


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


@dataclass(frozen=True, slots=True)
class Rule:
    """A value that bars are held against, and its name below them."""

    at: float
    text: str


def pairs_picture(
    pairs: Sequence[Pair],
    words: Words,
    *,
    description: str,
    table: Callable[[], Table],
    side: str,
    side_room: float,
    side_compact: str = "",
    note: str = "",
    scale: Literal["linear", "sqrt"] = "linear",
    rules: Sequence[Rule] = (),
    bars_are: tuple[str, str] = (_("Now"), _("Plan")),
    compact: bool = False,
) -> Picture:
    """Draw rows of two bars.

    Parameters
    ----------
    pairs : sequence of Pair
    words : Words
    description : str
    table : callable
        Returns the numbers.
    side : str
        What the texts at the right edge are.
    side_room : float
        Room for them in pixels.
    side_compact : str
        What stands above them where the picture is compact.
    note : str
        What has to be known of the picture; there is no room for it where it is compact.
    scale : {"linear", "sqrt"}
        How long a bar is.
    rules : sequence of Rule
        From the lowest; a name that has no room beside the next one's is left out.
    bars_are : tuple of str
        Message ids of what the upper and the lower bar of a row are.
    compact : bool
        Whether the picture is one of several on a screen.

    Returns
    -------
    Picture
    """
    at = _COMPACT if compact else _ROOMY
    below = RULED if rules else 0.0
    row = at.row(len(pairs), below)
    at = replace(at, bar=min(at.bar, (row - 12) / 2)) if not at.height else at
    foot = HEAD + row * len(pairs)
    bars, names = [], []
    lines: tuple[str, ...]
    for number, pair in enumerate(pairs):
        middle = HEAD + row * (number + 0.5) + at.above / 2
        if at.above:
            lines, place = (shortened(pair.name, at.width - 4, 13),), middle - at.bar - 9
        else:
            lines, place = wrapped(pair.name, at.names - 12, 13), middle
        for line, text in enumerate(lines):
            y = place + 16 * (line - (len(lines) - 1) / 2)
            names.append({"y": y, "text": text})
        for up, value, text, aside, colour, ink in (
            (True, pair.now, pair.now_text, pair.now_side, theme.NOW, theme.QUIET),
            (False, pair.plan, pair.plan_text, pair.plan_side, theme.PLAN, theme.INK),
        ):
            y = middle - at.bar - 1 if up else middle
            bars.append(
                {
                    "name": pair.key,
                    "when": "now" if up else "plan",
                    "value": value,
                    "far": max(value, 0) if value == value else 0,
                    "y": y,
                    "y2": y + at.bar,
                    "mid": y + at.bar / 2 + 0.5,
                    "text": text,
                    "side": aside,
                    "colour": colour,
                    "ink": ink,
                }
            )
    upper, lower = (words(name) for name in bars_are)
    beside = at.names + max(80 if compact else 120, width(upper, 13) + 40)
    key: list[dict[str, Any]] = [
        {"x": x, "x2": x + 14, "text": text, "colour": colour}
        for x, text, colour in ((at.names, upper, theme.NOW), (beside, lower, theme.PLAN))
    ]
    datasets: dict[str, list[dict[str, Any]]] = {
        "bars": bars,
        "names": names,
        "zero": [{"at": 0}],
        "key": key,
        "side": [{"text": text} for text in (side_compact if compact else side,) if text],
        "note": [{"text": note}] if note and not compact else [],
    }
    end = at.width - at.values - side_room
    if rules:
        lengths = [pair.now for pair in pairs] + [pair.plan for pair in pairs]
        datasets["rules"] = _rules(rules, lengths, scale, end - at.names)
    high = foot + below + (24 if datasets["note"] else 0)
    return theme.picture(
        partial(_layers, at, scale, foot, high, end, bool(rules)),
        datasets,
        size=(at.width, high),
        description=description,
        table=table,
    )


def _rules(
    rules: Sequence[Rule],
    lengths: Sequence[float],
    scale: Literal["linear", "sqrt"],
    room: float,
) -> list[dict[str, Any]]:
    """Name the rules from the highest, each whose name is clear of the one before."""
    known = [0.0, *(rule.at for rule in rules), *(x for x in lengths if isfinite(x))]
    power = 0.5 if scale == "sqrt" else 1.0
    wide = max(known) ** power + abs(min(known)) ** power
    rows: list[dict[str, Any]] = []
    free = inf
    for rule in reversed(rules):
        place, half = room * rule.at**power / wide, width(rule.text, 12) / 2
        fits = place + half + 4 <= free
        rows.append({"at": rule.at, "text": rule.text if fits else ""})
        free = place - half if fits else free
    return rows


def _layers(
    at: _Canvas,
    scale: Literal["linear", "sqrt"],
    foot: float,
    high: float,
    end: float,
    ruled: bool,
) -> list[alt.Chart]:
    """Draw bars, the zero line, then texts."""
    length = alt.Scale(range=[at.names, end], type=scale, nice=False, zero=True)

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
        .encode(x=x("at"), y=alt.YValue(HEAD), y2=alt.Y2Value(foot))
    )
    swatch = (
        alt.Chart(alt.NamedData("key"))
        .mark_rule(strokeWidth=12)
        .encode(x=theme.across("x"), x2="x2:Q", y=alt.YValue(12), color=colour)
    )
    ink = theme.own("ink")
    middle = theme.down("mid")
    now, plan = "datum.when === 'now'", "datum.when === 'plan'"
    edge = at.width - 2
    layers = [bars, zero, swatch]
    layers.append(theme.text("key", x=theme.across("x2"), y=12, dx=8, colour=theme.INK))
    for when, bold in ((now, False), (plan, True)):
        size = 14 if bold else 13
        value = theme.text("bars", x=x("far"), y=middle, bold=bold, size=size, dx=7)
        share = theme.text(
            "bars", x=edge, y=middle, field="side", align="right", bold=bold, size=size
        )
        layers += [part.encode(color=ink).transform_filter(when) for part in (value, share)]
    left = theme.text("names", x=at.names - 10, y=y, align="right", colour=theme.INK)
    above = theme.text("names", x=1, y=y, colour=theme.INK)
    rules = alt.NamedData("rules")
    ruling = [
        alt.Chart(rules)
        .mark_rule(color=theme.LINE)
        .encode(x=x("at"), y=alt.YValue(HEAD), y2=alt.Y2Value(foot + 4)),
        theme.text("rules", x=x("at"), y=foot + 12, align="center", size=12, colour=theme.QUIET),
    ]
    return [
        *(ruling if ruled else []),
        *layers,
        above if at.above else left,
        theme.text("side", x=edge, y=12, align="right", size=12, colour=theme.QUIET),
        theme.text("note", x=edge, y=high - 9, align="right", size=12, colour=theme.QUIET),
    ]
