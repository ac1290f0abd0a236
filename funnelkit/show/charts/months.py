"""The months: the plan's way to B, beside what comes if nothing is done."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt

from funnelkit.model.owner import Months
from funnelkit.plan.scenario import Goal
from funnelkit.show.charts import theme
from funnelkit.show.labels import label
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Table
from funnelkit.show.words import Words

__all__ = ["months_chart"]

WIDTH, HEIGHT = 752.0, 400.0
LEFT, RIGHT, TOP, BOTTOM = 150.0, 700.0, 74.0, 330.0
VALUE_ROOM, NAME_ROOM = 104.0, 62.0


def _(message: str) -> str:
    """Mark a message id for the catalog."""
    return message


def months_chart(
    planned: Months,
    idle: Months,
    goal: Goal,
    words: Words,
    first_month: date,
    later: tuple[str, int, float] | None = None,
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

    Returns
    -------
    Picture
    """
    plan: list[float] = planned.metric(goal.metric).tolist()
    quiet: list[float] = idle.metric(goal.metric).tolist()
    count, horizon = len(plan), goal.horizon
    pitch = (RIGHT - LEFT) / max(count - 1, 1)
    valued = _thinned(count, horizon, VALUE_ROOM / pitch)
    named = _thinned(count, horizon, NAME_ROOM / pitch)
    path = [
        {
            "month": month,
            "plan": plan[month],
            "idle": quiet[month],
            "above": bool(not plan[month] < quiet[month]),
            "name": words.short_month(first_month, month) if month in named else "",
            "text": words.short_money(plan[month]) if month in valued else "",
            "goal": month == horizon,
        }
        for month in range(count)
    ]
    b = words.short_money(goal.b)
    last = count - 1
    datasets: dict[str, list[dict[str, Any]]] = {
        "path": path,
        "goal": [
            {
                "b": goal.b,
                "month": horizon,
                "text": words(_("Goal (B)")),
                "value": b,
                "when": words(_("goal's month")),
            }
        ],
        "end": [
            {
                "month": last,
                "idle": quiet[last],
                "above": bool(quiet[last] > plan[last]),
                "text": words.short_money(quiet[last]),
            }
        ],
        "key": [
            {"x": LEFT, "x2": LEFT + 18, "text": words(_("With the plan")), "colour": theme.PLAN},
            {
                "x": LEFT + 210,
                "x2": LEFT + 228,
                "text": words(_("If nothing is done")),
                "colour": theme.GREY,
            },
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
        datasets["note"].append({"text": note})
        if month < count:
            datasets["later"].append({"month": month, "value": value, "text": "C"})
    return theme.picture(
        _layers(count),
        datasets,
        size=(WIDTH, HEIGHT),
        description=description,
        table=_table(plan, quiet, goal, words, first_month, description, note),
    )


def _thinned(count: int, horizon: int, steps: float) -> frozenset[int]:
    """Choose the months that have room for a text: the goal's first, then the ends, then more."""
    chosen: list[int] = []
    wanted = [horizon, 0, count - 1, *range(horizon, -1, -1), *range(horizon, count)]
    for month in wanted:
        if 0 <= month < count and all(abs(month - other) >= steps for other in chosen):
            chosen.append(month)
    return frozenset(chosen)


def _layers(count: int) -> list[alt.Chart]:
    """Draw the goal's month, B, both lines, then texts."""
    across = alt.Scale(range=[LEFT, RIGHT], domain=[0, max(count - 1, 1)], nice=False)
    scale = alt.Scale(range=[BOTTOM - 20, TOP], nice=False, zero=True)

    def y(field: str) -> alt.Y:
        return alt.Y(field, type="quantitative", scale=scale, axis=None)

    x = alt.X("month", type="quantitative", scale=across, axis=None)
    path, goal = alt.NamedData("path"), alt.NamedData("goal")
    foot = BOTTOM + 26
    band = (
        alt.Chart(goal)
        .mark_rule(color=theme.PALE, strokeWidth=64)
        .encode(x=x, y=alt.value(TOP - 44), y2=alt.value(BOTTOM + 52))
    )
    zero = (
        alt.Chart(goal)
        .mark_rule(color=theme.LINE)
        .encode(
            y=alt.YDatum(0, type="quantitative", scale=scale, axis=None),
            x=alt.value(LEFT - 30),
            x2=alt.value(RIGHT + 40),
        )
    )
    rule = (
        alt.Chart(goal)
        .mark_rule(color=theme.GOAL, strokeWidth=1.5, strokeDash=[6, 4])
        .encode(y=y("b"), x=alt.value(LEFT - 40), x2=alt.value(RIGHT + 40))
    )
    idle = alt.Chart(path).mark_line(color=theme.GREY, strokeWidth=2).encode(x=x, y=y("idle"))
    line = alt.Chart(path).mark_line(color=theme.PLAN, strokeWidth=3).encode(x=x, y=y("plan"))
    points = (
        alt.Chart(path)
        .mark_point(
            shape="circle", size=60, fill=theme.PLAN, stroke="white", strokeWidth=1.5, opacity=1
        )
        .encode(x=x, y=y("plan"))
    )
    later = alt.NamedData("later")
    layers = [band, zero, rule, idle, line, points]
    layers.append(
        alt.Chart(later)
        .mark_point(shape="diamond", size=130, fill=theme.GOAL, stroke="white", opacity=1)
        .encode(x=x, y=y("value"))
    )
    layers.append(theme.text("later", x=x, y=y("value"), bold=True, dx=12, colour=theme.GOAL))
    for name, field, ink in (("path", "plan", theme.PLAN), ("end", "idle", theme.QUIET)):
        for above in (True, False):
            for halo in (True, False):
                mark = theme.text(
                    name,
                    x=x,
                    y=y(field),
                    align="center",
                    bold=name == "path",
                    size=14 if name == "path" else 13,
                    dy=-16 if above else 17,
                    colour="white" if halo else ink,
                    halo=halo,
                )
                layers.append(mark.transform_filter(f"datum.above === {str(above).lower()}"))
    swatch = (
        alt.Chart(alt.NamedData("key"))
        .mark_rule(strokeWidth=4)
        .encode(
            x=theme.across("x"),
            x2="x2:Q",
            y=alt.value(12),
            color=alt.Color("colour:N", scale=None, legend=None),
        )
    )
    layers.append(swatch)
    layers += [
        theme.text("goal", x=4, y=y("b"), bold=True, dy=-9, colour=theme.GOAL),
        theme.text(
            "goal",
            x=4,
            y=y("b"),
            field="value",
            bold=True,
            size=14,
            dy=9,
            colour=theme.GOAL,
        ),
        theme.text(
            "goal",
            x=x,
            y=BOTTOM + 43,
            field="when",
            align="center",
            size=12,
            colour=theme.QUIET,
        ),
        theme.text(
            "path", x=x, y=foot, field="name", align="center", size=12, colour=theme.QUIET
        ).transform_filter("!datum.goal"),
        theme.text(
            "path", x=x, y=foot, field="name", align="center", bold=True, colour=theme.INK
        ).transform_filter("datum.goal"),
        theme.text("key", x=theme.across("x"), y=12, dx=26, colour=theme.INK),
        theme.text("note", x=4, y=HEIGHT - 8, size=12, colour=theme.QUIET),
    ]
    return layers


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
