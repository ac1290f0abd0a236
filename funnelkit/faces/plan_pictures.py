"""The plan's pictures: what B takes of each lever, how sure it is, what growth costs, facts."""

from collections.abc import Sequence

import numpy as np

from funnelkit.client.client import Client, UnderWay
from funnelkit.model.pace import Pace
from funnelkit.model.products import stage_of
from funnelkit.plan.growth import GrowthPrice
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.solution import Solution
from funnelkit.plan.spread import Bar, Spread
from funnelkit.show.charts.facts import facts_chart
from funnelkit.show.charts.fan import fan_chart
from funnelkit.show.charts.growth import GrowthCurve, growth_chart
from funnelkit.show.charts.needed import NeededRow, needed_chart
from funnelkit.show.charts.tornado import TornadoRow, tornado_chart
from funnelkit.show.lever_texts import lever_text, unit_of
from funnelkit.show.picture import Picture
from funnelkit.show.stages import department_names
from funnelkit.show.tables import Table, note_alone
from funnelkit.show.words import Words

__all__ = [
    "facts_picture",
    "fan_picture",
    "growth_picture",
    "needed_picture",
    "tornado_picture",
]


def needed_picture(
    client: Client, scenario: Scenario, found: Solution, words: Words
) -> Picture | Table:
    """Draw what a way to B takes of each lever that it or the plan moves."""
    target, plan = found.scenario.target, scenario.target
    moved = dict.fromkeys((*found.scenario.moved, *scenario.moved))
    rows = []
    for name in (lever for lever in found.scenario.now if lever in moved):
        unit, now = unit_of(name), found.scenario.now[name]
        ceiling = scenario.ceilings.get(name, np.nan)
        texts = [words.value(value, unit, short=True) for value in (now, plan[name], target[name])]
        rows.append(
            NeededRow(
                key=name,
                stage=stage_of(name, scenario.business.line),
                name=lever_text(name, words),
                now=now,
                plan=plan[name],
                needed=target[name],
                ceiling=ceiling,
                now_text=texts[0],
                plan_text=texts[1],
                needed_text=texts[2],
                ceiling_text=words.value(ceiling, unit, short=True) if ceiling == ceiling else "",
                reachable=True,
            )
        )
    if not rows:
        why = words("Nothing moves: B holds as things are, or no lever may move.")
        return note_alone(words("What B takes of each lever"), why)
    return needed_chart(rows, words, departments=department_names(client.departments, words))


def fan_picture(
    client: Client, scenario: Scenario, found: Spread | None, words: Words
) -> Picture | Table:
    """Draw the months with what is not known exactly."""
    if found is None:
        why = words("Nothing was counted or guessed as a range, so nothing can be drawn.")
        return note_alone(words("How sure the months are"), why)
    goal = scenario.goal
    p10, p50, p90 = found.fan
    return fan_chart(
        p10,
        p50,
        p90,
        scenario.run().metric(goal.metric),
        goal.b,
        found.by_month,
        client.first_month,
        words,
        horizon=goal.horizon,
    )


def tornado_picture(
    scenario: Scenario, found: Spread | None, bars: Sequence[Bar], words: Words
) -> Picture | Table:
    """Draw what each uncertain input does to B's month."""
    if found is None:
        why = words("Nothing was counted or guessed as a range, so nothing can be drawn.")
        return note_alone(words("What each uncertain number does to B's month"), why)
    rows = [
        TornadoRow(
            key=bar.name,
            name=lever_text(bar.name, words),
            low=bar.at_low,
            high=bar.at_high,
            low_text=words.value(bar.low, unit_of(bar.name), short=True),
            high_text=words.value(bar.high, unit_of(bar.name), short=True),
            share=found.shares[bar.name],
            left=found.left[bar.name],
        )
        for bar in bars
    ]
    return tornado_chart(rows, float(scenario.at_goal()), words, b=scenario.goal.b)


def growth_picture(prices: Sequence[GrowthPrice], words: Words) -> Picture | Table:
    """Draw what growth costs through each stage, up to the gap."""
    if not prices:
        why = words("There is no gap to close, or it is not known.")
        return note_alone(words("What growth costs"), why)
    curves = [
        GrowthCurve(
            stage=price.stage,
            amounts=price.amounts,
            costs=price.average * price.amounts,
            next_costs=price.marginal,
            unpriced=[lever_text(name, words) for name in price.unpriced],
        )
        for price in prices
    ]
    return growth_chart(curves, words, gap=float(prices[0].amounts[-1]))


def facts_picture(
    client: Client, scenario: Scenario, running: tuple[UnderWay, Pace] | None, words: Words
) -> Picture | Table:
    """Draw the months gone beside the plan, and where the running one goes."""
    if not client.gone and running is None:
        why = words("The client's file has no months gone yet.")
        return note_alone(words("Plan against fact"), why)
    goal = scenario.goal
    fact = np.full(scenario.months, np.nan)
    fact[0] = goal.a
    for month, gone in enumerate(client.gone, start=1):
        fact[month] = np.nan if gone.metric is None else gone.metric
    forecast = np.nan
    if running:
        under_way, pace = running
        forecast = float(pace.forecast)
        fact[under_way.month] = under_way.value
    return facts_chart(
        scenario.run().metric(goal.metric),
        fact,
        client.first_month,
        words,
        goal=goal.b,
        running=running[0].month if running else None,
        forecast=forecast,
    )
