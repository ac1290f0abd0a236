"""The waterfall from A to B: what comes by itself, what each stage adds, what is missing."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from funnelkit.model.levers import Stage
from funnelkit.model.levers import message as _
from funnelkit.plan.decompose import Waterfall
from funnelkit.show.charts import theme
from funnelkit.show.charts.steps import Step, steps_picture
from funnelkit.show.picture import Picture
from funnelkit.show.stages import STAGES
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

__all__ = ["waterfall_chart"]


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
    steps = tuple(_steps(waterfall, words, departments))
    description = words(
        _("{metric} a month: {a} today, {b} is the goal; the plan reaches {reached}."),
        metric=metric_label,
        a=words.short_money(waterfall.a),
        b=words.short_money(waterfall.b),
        reached=words.short_money(waterfall.reached),
    )
    return steps_picture(
        steps,
        description=description,
        table=partial(_table, steps, words, metric_label, description),
        compact=compact,
    )


def _steps(waterfall: Waterfall, words: Words, departments: Mapping[Stage, str]) -> Iterator[Step]:
    yield _level("a", words(_("Today (A)")), words(_("measured")), waterfall.a, words)
    level = waterfall.a
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
            yield _change(key, name, detail, level, level + change, theme.GREY, words)
            level += change
    for key, change in waterfall.stages.items():
        stage = Stage(key)
        name, detail = words(STAGES[stage]), departments.get(stage, "")
        colour = theme.STAGE_COLOURS[stage]
        yield _change(key, name, detail, level, level + change, colour, words)
        level += change
    reached, b = waterfall.reached, waterfall.b
    detail = words(_("in the goal's month"))
    yield _level("reached", words(_("Plan reaches")), detail, reached, words)
    if waterfall.gap < 0:
        name, detail, colour = words(_("Beyond B")), words(_("a reserve")), theme.RESERVE
    else:
        name, detail, colour = words(_("Missing to B")), words(_("not planned yet")), theme.GAP
    if waterfall.gap != 0:
        # Neither a gain nor a loss: it has no sign.
        text = words.short_money(abs(b - reached))
        yield Step(
            key="gap", name=name, detail=detail, start=reached, end=b, text=text, colour=colour
        )
    yield _level("b", words(_("Goal (B)")), words(_("the target")), b, words)


def _level(key: str, name: str, detail: str, value: float, words: Words) -> Step:
    return Step(
        key=key,
        name=name,
        detail=detail,
        start=0,
        end=value,
        text=words.short_money(value),
        colour=theme.NEUTRAL,
        total=True,
    )


def _change(
    key: str, name: str, detail: str, start: float, end: float, colour: str, words: Words
) -> Step:
    return Step(
        key=key,
        name=name,
        detail=detail,
        start=start,
        end=end,
        text=words.change(end - start),
        colour=colour,
        bad=end < start,
    )


def _table(steps: Sequence[Step], words: Words, metric_label: str, caption: str) -> Table:
    """List the steps and where each leaves the metric."""
    rows: list[tuple[str | Cell, ...]] = []
    for step in steps:
        change = step.end - step.start
        shown = ("+" if change > 0 else "") + words.money(change)
        rows.append(
            (
                f"{step.name}, {step.detail}" if step.detail else step.name,
                "" if step.total else Cell(shown, "bad") if step.bad else shown,
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
