"""A waterfall: bars that hang from one another, a row a step, from top to bottom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import isfinite

import altair as alt

from funnelkit.show.charts import theme
from funnelkit.show.charts.measure import shortened
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Table

__all__ = ["Step", "steps_picture"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Canvas:
    """Measures in pixels: the whole, room for names and values, sizes of texts.

    A height of None grows with the rows; where one is set, rows share it and have no details.
    """

    width: float
    height: float | None
    names: float
    values: float
    name_size: float
    value_size: float

    def high(self, rows: int) -> float:
        return self.height or 46.0 * rows


_ROOMY = _Canvas(width=752, height=None, names=232, values=116, name_size=13, value_size=14)
_COMPACT = _Canvas(width=384, height=330, names=172, values=112, name_size=12.5, value_size=13)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A row: what it is called and explained by, and the bar from start to end.

    Attributes
    ----------
    key, name, detail : str
        What tells it from others, what it is called, and what explains it.
    start, end : float
        A bar with a missing end is not drawn; its text stands at 0.
    text : str
        What stands beside the bar.
    colour : str
    total : bool
        Whether the bar is a level, from 0, and no change.
    bad : bool
        Whether the text is red.
    """

    key: str
    name: str
    detail: str
    start: float
    end: float
    text: str
    colour: str
    total: bool = False
    bad: bool = False


def steps_picture(
    steps: Sequence[Step],
    *,
    description: str,
    table: Callable[[], Table],
    compact: bool = False,
) -> Picture:
    """Draw a waterfall.

    Parameters
    ----------
    steps : sequence of Step
        From top to bottom; each is tied to the next where it ends.
    description : str
    table : callable
        Returns the numbers.
    compact : bool
        Whether the picture is one of several on a screen; then it has no details.

    Returns
    -------
    Picture
    """
    at = _COMPACT if compact else _ROOMY
    rows = [
        {
            "step": s.key,
            "name": shortened(s.name, at.names - 8, at.name_size, bold=not compact),
            "detail": "" if compact else shortened(s.detail, at.names - 8, 12),
            "start": s.start,
            "end": s.end,
            "far": max(filter(isfinite, (s.start, s.end)), default=0.0),
            "text": s.text,
            "colour": s.colour,
            "ink": theme.BAD if s.bad else theme.INK,
        }
        for s in steps
    ]
    ties = [
        {"step": upper.key, "next": lower.key, "at": upper.end} for upper, lower in pairwise(steps)
    ]
    return theme.picture(
        partial(_layers, at),
        {"steps": rows, "ties": ties, "zero": [{"at": 0}]},
        size=(at.width, at.high(len(rows))),
        description=description,
        table=table,
    )


def _layers(at: _Canvas) -> list[alt.Chart]:
    """Draw the zero line, ties, bars, then texts."""
    scale = alt.Scale(range=[at.names, at.width - at.values], nice=False, zero=True)
    band = alt.Scale(paddingInner=0.4, paddingOuter=0.2)

    def x(field: str) -> alt.X:
        return alt.X(field, type="quantitative", scale=scale, axis=None)

    y = alt.Y("step", type="nominal", sort=None, scale=band, axis=None)
    steps, colour = alt.NamedData("steps"), theme.own("colour")
    # The outline keeps a step of next to nothing visible.
    bars = (
        alt.Chart(steps)
        .mark_bar(cornerRadius=2, strokeWidth=1.5)
        .encode(
            x=x("start"),
            x2="end:Q",
            y=y,
            color=colour,
            stroke=alt.Stroke("colour:N", scale=None, legend=None),
        )
    )
    ties = (
        alt.Chart(alt.NamedData("ties"))
        .mark_rule(color=theme.LINE, strokeWidth=1)
        .encode(x=x("at"), y=y, y2="next:N")
    )
    zero = (
        alt.Chart(alt.NamedData("zero"))
        .mark_rule(color=theme.LINE, strokeWidth=1)
        .encode(x=x("at"))
    )
    left = at.names - 8
    alone = at.height is not None
    name = partial(theme.text, "steps", x=left, y=y, align="right")
    names = name(
        field="name",
        bold=not alone,
        size=at.name_size,
        dy=0 if alone else -8,
        colour=theme.INK,
    )
    details = [] if alone else [name(field="detail", size=12, dy=9, colour=theme.QUIET)]
    value = partial(theme.text, "steps", x=x("far"), y=y, bold=True, size=at.value_size, dx=8)
    halo = value(colour="white", halo=True)
    return [names, *details, zero, ties, bars, halo, value().encode(color=theme.own("ink"))]
