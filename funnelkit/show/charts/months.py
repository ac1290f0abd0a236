"""The months: the plan's way to B, beside what comes if nothing is done."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from math import isnan
from typing import Any

from funnelkit.model.levers import message as _
from funnelkit.model.owner import Months
from funnelkit.plan.scenario import Goal
from funnelkit.show.charts import theme
from funnelkit.show.charts.monthlines import (
    COMPACT,
    ROOMY,
    apart,
    beside,
    layers,
    span,
    thinned,
)
from funnelkit.show.labels import label
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Table
from funnelkit.show.words import Words

__all__ = ["months_chart"]


def months_chart(
    planned: Months,
    idle: Months,
    goal: Goal,
    words: Words,
    first_month: date,
    later: tuple[str, int, float] | None = None,
    *,
    compact: bool = False,
) -> Picture:
    """Draw the goal's metric month by month.

    Parameters
    ----------
    planned, idle : Months
        With the plan and if nothing is done, arrays of shape (months,).
    goal : Goal
    words : Words
    first_month : date
        A day of month 0.
    later : tuple of (str, int, float), optional
        Point C: its name, month and value; drawn if the months reach that far, else a note.
    compact : bool
        Whether the picture is one of several on a screen; then it has no note.

    Returns
    -------
    Picture
    """
    plan: list[float] = planned.metric(goal.metric).tolist()
    quiet: list[float] = idle.metric(goal.metric).tolist()
    count, horizon = len(plan), goal.horizon
    at = COMPACT if compact else ROOMY
    valued = thinned(count, horizon, at, names=False)
    named = thinned(count, horizon, at, names=True)
    b = words.short_money(goal.b)
    height = span([*plan, *quiet, goal.b])
    values = [
        {
            "month": month,
            "value": plan[month],
            "text": words.short_money(plan[month]),
            "weight": "bold",
            "colour": theme.PLAN,
        }
        | beside(
            plan,
            month,
            words.short_money(plan[month]),
            at,
            above=not plan[month] < quiet[month],
            span=height,
        )
        for month in sorted(valued)
        if not isnan(plan[month])
    ]
    last = count - 1
    if not isnan(quiet[last]):
        text = words.short_money(quiet[last])
        rest = {"month": last, "value": quiet[last], "text": text}
        side = beside(quiet, last, text, at, above=quiet[last] > plan[last], span=height)
        rest |= {"weight": "normal", "colour": theme.QUIET} | side
        if all(apart(rest, value, count, at, span=height) for value in values):
            values.append(rest)
    key = (
        (*at.key[0], words(_("With the plan")), theme.PLAN),
        (*at.key[1], words(_("If nothing is done")), theme.GREY),
    )
    datasets: dict[str, list[dict[str, Any]]] = {
        "path": [
            {"month": month, "plan": with_plan, "idle": without}
            for month, (with_plan, without) in enumerate(zip(plan, quiet, strict=True))
        ],
        "values": values,
        "names": [
            {
                "month": month,
                "text": words.short_month(first_month, month),
                "weight": "bold" if month == horizon else "normal",
                "colour": theme.INK if month == horizon else theme.QUIET,
            }
            for month in sorted(named)
        ],
        "goal": [
            {
                "month": horizon,
                "b": goal.b,
                "zero": 0,
                "text": words(_("Goal (B)")),
                "value": b,
                "named": words(_("B: {value}"), value=b),
                "when": words(_("goal's month")),
            }
        ],
        "key": [
            {"x": x, "x2": x + 18, "y": y, "text": text, "colour": ink} for x, y, text, ink in key
        ],
        "later": [],
        "note": [],
    }
    metric = label(goal.metric, words)
    description = words(
        _("{metric} by month: {reached} with the plan and {idle} without in {month}; goal {b}."),
        metric=metric,
        reached=words.short_money(plan[horizon]),
        idle=words.short_money(quiet[horizon]),
        month=words.month(first_month, horizon),
        b=b,
    )
    note = ""
    if later is not None:
        name, month, value = later
        note = words(
            _("Point C: {name}, {value} in {month}."),
            name=name,
            value=words.short_money(value),
            month=words.month(first_month, month),
        )
        if not compact:
            datasets["note"].append({"text": note})
        if month < count:
            datasets["later"].append({"month": month, "value": value, "text": words(_("C"))})
    return theme.picture(
        partial(layers, count, at),
        datasets,
        size=(at.width, at.height),
        description=description,
        table=partial(_table, plan, quiet, goal, words, first_month, description, note),
    )


def _table(
    plan: Sequence[float],
    idle: Sequence[float],
    goal: Goal,
    words: Words,
    first_month: date,
    caption: str,
    note: str,
) -> Table:
    """List the months."""
    return Table(
        header=(words(_("Month")), words(_("With the plan")), words(_("If nothing is done"))),
        rows=tuple(
            (words.month(first_month, month), words.money(with_plan), words.money(without))
            for month, (with_plan, without) in enumerate(zip(plan, idle, strict=True))
        ),
        caption=caption,
        note=note,
        emphasis=frozenset({goal.horizon}),
    )
