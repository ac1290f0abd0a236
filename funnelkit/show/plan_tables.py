"""The plan's other tables: months with team and cash, chances, the price of growth, facts."""

from collections.abc import Sequence

import numpy as np

from funnelkit.client.client import Client, UnderWay
from funnelkit.model.levers import Stage
from funnelkit.model.pace import Pace
from funnelkit.plan.fact import MonthGone
from funnelkit.plan.growth import GrowthPrice
from funnelkit.plan.path import MonthPath
from funnelkit.plan.scenario import Scenario
from funnelkit.show.labels import label
from funnelkit.show.stages import STAGES
from funnelkit.show.tables import Cell, Table, note_alone
from funnelkit.show.words import Words

__all__ = ["facts_table", "growth_table", "path_table"]


def path_table(client: Client, scenario: Scenario, path: MonthPath, words: Words) -> Table:
    """Return the plan month by month: run rate, one-off money, team, cash."""
    count = len(path.run_rate)
    rows: list[tuple[str | Cell, ...]] = [
        (
            words("Run rate: {metric}", metric=label(scenario.goal.metric, words)),
            *_money(path.run_rate, words),
        )
    ]
    strong = frozenset({0})
    if path.backlog.any():
        rows.append((words("One-off: backlog worked off"), *_money(path.backlog, words)))
    if path.recovered.any():
        rows.append((words("One-off: debts collected"), *_money(path.recovered, words)))
    if np.isfinite(path.needed).any():
        rows.append((words("Managers as planned"), *_counts(path.managers, words)))
        short = path.needed > np.ceil(np.nan_to_num(path.managers) - 1e-9)
        rows.append(
            (
                words("Managers that the leads take"),
                *(
                    Cell(text, "bad") if few else text
                    for text, few in zip(_counts(path.needed, words), short, strict=True)
                ),
            )
        )
        if path.waiting.any() or path.lost.any():
            for text, people in (
                (words("Leads that wait"), path.waiting),
                (words("Leads lost"), path.lost),
            ):
                if people.any():
                    rows.append((text, *_counts(people, words)))
            rows.append((words("Lost to overload"), *_money(path.overload, words)))
    if np.isfinite(path.cash).all():
        rows.append((words("Profit and debts added up"), *_money(path.cash, words)))
    first = client.first_month
    if path.reached is None:
        note = words("In none of these months does the run rate hold B.")
    else:
        note = words("The run rate holds B from {month}.", month=words.month(first, path.reached))
    return Table(
        header=("", *(words.short_month(first, month) for month in range(count))),
        rows=tuple(rows),
        caption=words("Run rate, team and cash"),
        note=note,
        emphasis=strong,
    )


def _money(values: np.ndarray, words: Words) -> list[str]:
    return [words.money(value) for value in values.tolist()]


def _counts(values: np.ndarray, words: Words) -> list[str]:
    return [words.count(value) for value in values.tolist()]


def growth_table(prices: Sequence[GrowthPrice], words: Words) -> Table:
    """Return what the next unit of the goal's month costs through each stage."""
    caption = words("What one more unit of the month costs through each stage")
    if not prices:
        return note_alone(caption, words("There is no gap to close, or it is not known."))
    amounts = prices[0].amounts
    reached = np.flatnonzero(~np.isnan([price.share for price in prices]).all(axis=0))
    last = int(reached[-1]) if reached.size else 0
    chosen = sorted({0, last // 3, 2 * last // 3, last})
    rows = []
    for price in prices:
        text = words(STAGES[price.stage])
        cells: list[str | Cell] = []
        for place in chosen:
            if np.isnan(price.share[place]):
                cells.append(Cell(words("out of reach"), "quiet"))
            else:
                cells.append(words.money(float(price.marginal[place])))
        rows.append((text + (" *" if price.unpriced else ""), *cells))
    note = words("Costs a month per unit of the month's goal, by the costs that the file names.")
    if any(price.unpriced for price in prices):
        note += " " + words("* Some of its levers have no cost: the price is the least it can be.")
    by_stage = {price.stage: price for price in prices}
    old, new = by_stage.get(Stage.ACCOUNT), by_stage.get(Stage.GENERATION)
    if old and new and old.marginal[0] > 0 and new.marginal[0] > 0:
        note += " " + words(
            "Growth through new clients costs {times} of growth through existing ones; the rule "
            "of thumb is ×6.",
            times=words.times(float(new.marginal[0] / old.marginal[0])),
        )
    return Table(
        header=(
            words("Stage"),
            *(words.short_money(float(amounts[place])) for place in chosen),
        ),
        rows=tuple(rows),
        caption=caption,
        note=note,
    )


def facts_table(
    client: Client,
    scenario: Scenario,
    gone: Sequence[MonthGone],
    running: tuple[UnderWay, Pace] | None,
    words: Words,
) -> Table:
    """Return months gone beside the plan, with why they differ, and the running month's end."""
    caption = words("Plan against fact, month by month")
    stages = list(dict.fromkeys(stage for month in gone for stage in month.stages))
    first = client.first_month
    rows: list[tuple[str | Cell, ...]] = []
    for month in gone:
        measured = "" if month.measured is None else words.money(month.measured)
        apart = month.unexplained
        rows.append(
            (
                words.month(first, month.month),
                words.money(month.planned),
                *(_change(month.stages.get(stage, 0.0), words) for stage in stages),
                words.money(month.by_model),
                "" if apart is None else _change(apart, words),
                measured,
            )
        )
    note = words("Each stage's share is added to those before it, in the owner's order.")
    if running:
        under_way, pace = running
        planned = scenario.run().metric(scenario.goal.metric)[under_way.month]
        note += " " + words(
            "{month}, {gone} of {days} days: {fact} so far, forecast {forecast}, plan {planned}.",
            month=words.month(first, under_way.month),
            gone=under_way.days_gone,
            days=under_way.days,
            fact=words.money(under_way.value),
            forecast=words.money(float(pace.forecast)),
            planned=words.money(float(planned)),
        )
    return Table(
        header=(
            words("Month"),
            words("Plan"),
            *(words(STAGES[Stage(stage)]) for stage in stages),
            words("By the model"),
            words("Not explained"),
            words("Measured"),
        ),
        rows=tuple(rows),
        caption=caption,
        note=note,
    )


def _change(value: float, words: Words) -> Cell:
    text = words.change(round(value, 2)) if round(value, 2) else words.money(0.0)
    return Cell(text, "bad" if round(value, 2) < 0 else "")
