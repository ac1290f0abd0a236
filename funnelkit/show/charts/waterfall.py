"""The waterfall from A to B: what comes by itself, what each stage adds, what is missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import isfinite

import altair as alt

from funnelkit.model.levers import Stage
from funnelkit.model.levers import message as _
from funnelkit.plan.decompose import Waterfall
from funnelkit.show.charts import theme
from funnelkit.show.charts.measure import shortened
from funnelkit.show.picture import Picture
from funnelkit.show.stages import STAGES
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

__all__ = ["waterfall_chart"]


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


@dataclass(frozen=True, slots=True)
class _Step:
    """A row: what it is called and explained by, and the bar from start to end."""

    key: str
    name: str
    detail: str
    start: float
    end: float
    total: bool
    colour: str

    @property
    def is_loss(self) -> bool:
        """Whether the step takes something away; what lies beyond B does not."""
        return not self.total and self.key != "gap" and self.end < self.start


def waterfall_chart(
    waterfall: Waterfall,
    words: Words,
    departments: Mapping[Stage, str],
    metric_label: str,
    *,
    compact: bool = False,
) -> Picture:
    """Draw the way from A to B, a row a step, from top to bottom.

    Parameters
    ----------
    waterfall : Waterfall
    words : Words
    departments : mapping of Stage to str
        Who answers for a stage, in the reader's language.
    metric_label : str
        What the goal's metric is called.
    compact : bool
        Whether the picture is one of several on a screen.

    Returns
    -------
    Picture
    """
    at = _COMPACT if compact else _ROOMY
    steps = tuple(_steps(waterfall, words, departments))
    values = [_beside_the_bar(step, words) for step in steps]
    rows = [
        {
            "step": s.key,
            "name": shortened(s.name, at.names - 8, at.name_size, bold=not compact),
            "detail": "" if compact else shortened(s.detail, at.names - 8, 12),
            "start": s.start,
            "end": s.end,
            "far": max(filter(isfinite, (s.start, s.end)), default=0.0),
            "text": value,
            "colour": s.colour,
            "ink": theme.BAD if s.is_loss else theme.INK,
        }
        for s, value in zip(steps, values, strict=True)
    ]
    ties = [
        {"step": upper.key, "next": lower.key, "at": upper.end} for upper, lower in pairwise(steps)
    ]
    description = words(
        _("{metric} a month: {a} today, {b} is the goal; the plan reaches {reached}."),
        metric=metric_label,
        a=words.short_money(waterfall.a),
        b=words.short_money(waterfall.b),
        reached=words.short_money(waterfall.reached),
    )
    return theme.picture(
        partial(_layers, at),
        {"steps": rows, "ties": ties, "zero": [{"at": 0}]},
        size=(at.width, at.high(len(rows))),
        description=description,
        table=partial(_table, steps, words, metric_label, description),
    )


def _steps(waterfall: Waterfall, words: Words, departments: Mapping[Stage, str]) -> Iterator[_Step]:
    level = waterfall.a
    yield _Step("a", words(_("Today (A)")), words(_("measured")), 0, level, True, theme.NEUTRAL)
    before = (
        (
            "calibration",
            words(_("Model against A")),
            words(_("the model's today less A")),
            waterfall.calibration,
        ),
        (
            "drift",
            words(_("If nothing is done")),
            words(_("change until the goal's month")),
            waterfall.drift,
        ),
    )
    for key, name, detail, change in before:
        if change != 0:
            yield _Step(key, name, detail, level, level + change, False, theme.GREY)
            level += change
    for key, change in waterfall.stages.items():
        stage = Stage(key)
        colour = theme.STAGE_COLOURS[stage]
        owner = departments.get(stage, "")
        yield _Step(key, words(STAGES[stage]), owner, level, level + change, False, colour)
        level += change
    reached, b = waterfall.reached, waterfall.b
    detail = words(_("in the goal's month"))
    yield _Step("reached", words(_("Plan reaches")), detail, 0, reached, True, theme.NEUTRAL)
    if waterfall.gap < 0:
        name, detail, colour = words(_("Beyond B")), words(_("a reserve")), theme.RESERVE
    else:
        name, detail, colour = words(_("Missing to B")), words(_("not planned yet")), theme.GAP
    if waterfall.gap != 0:
        yield _Step("gap", name, detail, reached, b, False, colour)
    yield _Step("b", words(_("Goal (B)")), words(_("the target")), 0, b, True, theme.NEUTRAL)


def _beside_the_bar(step: _Step, words: Words) -> str:
    """Format a total, or a change with its sign; what is missing to B, or beyond it, has none."""
    if step.total:
        return words.short_money(step.end)
    change = step.end - step.start
    return words.short_money(abs(change)) if step.key == "gap" else words.change(change)


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


def _table(steps: tuple[_Step, ...], words: Words, metric_label: str, caption: str) -> Table:
    """List the steps and where each leaves the metric."""
    rows: list[tuple[str | Cell, ...]] = []
    for step in steps:
        change = step.end - step.start
        shown = ("+" if change > 0 else "") + words.money(change)
        rows.append(
            (
                f"{step.name}, {step.detail}" if step.detail else step.name,
                "" if step.total else Cell(shown, "bad") if step.is_loss else shown,
                words.money(step.end),
            )
        )
    return Table(
        header=(words(_("Step")), words(_("Change")), metric_label),
        rows=tuple(rows),
        caption=caption,
        note=words(_("Each stage is added to those above it; another order gives other shares.")),
        emphasis=frozenset(number for number, step in enumerate(steps) if step.total),
    )
