"""Numbers of all channels together, and moving all channels in proportion until one is reached."""

from collections.abc import Callable
from math import log
from typing import Literal

import numpy as np

from funnelkit.model.marketer import Table
from funnelkit.model.quantity import over
from funnelkit.plan.media import Media, channel_levers
from funnelkit.plan.scenario import Scenario

__all__ = ["JOINT", "Joint", "joined", "joint", "joint_move"]

Joint = Literal["budget", "ctr", "cpc", "lead_rate", "sale_rate"]

JOINT: tuple[Joint, ...] = ("budget", "ctr", "cpc", "lead_rate", "sale_rate")
"""Ad spend of the channels that have a budget; clicks per impression; ad spend per click of the
paid channels; leads per visitor; orders per lead."""

CLOSE, STEPS = 1e-12, 40
"""Share by which a value may be missed, and the most steps towards it."""


def joint(name: Joint, media: Media, table: Table) -> float:
    """Return a number of all complete channels together; NaN where it is missing."""
    channels, whole = table.channels, table.complete
    match name:
        case "budget":
            return float(np.nansum(media.plan.amount[media.starting("media")]))
        case "ctr":
            shown = whole & (channels.impressions > 0)
            pair = channels.clicks[shown].sum(), channels.impressions[shown].sum()
        case "cpc":
            paid = whole & (channels.media > 0) & (channels.clicks > 0)
            pair = channels.media[paid].sum(), channels.clicks[paid].sum()
        case "lead_rate":
            return channel_levers(table)["lead_rate"]
        case "sale_rate":
            pair = table.total.orders, table.total.leads
    return float(over(*(np.asarray(value, dtype=float) for value in pair)))


def joined(media: Media, scenario: Scenario) -> tuple[Scenario, Table]:
    """Return a scenario with what its channels sum up to, and their table."""
    table = media.planned(scenario)
    return scenario.with_plan(**channel_levers(table)), table


def joint_move(
    name: Joint, value: float, media: Media, scenario: Scenario
) -> tuple[Media, Scenario]:
    """Move all channels in proportion until a number of them all is `value`.

    Orders per lead move the share of won deals. Where shares stop at 1, it goes as far as it can.

    Raises
    ------
    ValueError
        Where the channels have nothing that could be moved there.
    """
    plan = media.plan
    move: Callable[[float], tuple[Media, Scenario]]
    match name:
        case "budget":
            by = np.where(media.starting("media"), 1.0, 0.0)

            def move(times: float) -> tuple[Media, Scenario]:
                return media.with_plan(plan.moved(amount=1.0 + by * (times - 1.0))), scenario
        case "cpc":

            def move(times: float) -> tuple[Media, Scenario]:
                return media.with_plan(plan.moved(price=times)), scenario
        case "ctr" | "lead_rate":
            rate = "ctr" if name == "ctr" else "landing_rate"

            def move(times: float) -> tuple[Media, Scenario]:
                return media.with_plan(plan.moved(rates={rate: times})), scenario
        case "sale_rate":
            won = scenario.planned("win_rate")

            def move(times: float) -> tuple[Media, Scenario]:
                return media, scenario.with_plan(win_rate=min(won * times, 1.0))

    def brought(moved: tuple[Media, Scenario]) -> float:
        return joint(name, moved[0], moved[0].planned(moved[1]))

    times, found = 1.0, move(1.0)
    before: tuple[float, float] | None = None
    for _step in range(STEPS):
        reached = brought(found)
        if abs(reached - value) <= CLOSE * abs(value):
            break
        if not (reached > 0 and value > 0):
            raise ValueError(f"{name} cannot be moved in proportion from {reached:g} to {value:g}")
        slope = log(reached / before[1]) / log(times / before[0]) if before else 1.0
        if not slope > CLOSE:
            break  # every share stands at 1
        before = times, reached
        times = times * (value / reached) ** (1.0 / slope)
        found = move(times)
        if times == before[0]:
            break
    moved, other = found
    return moved, joined(moved, other)[0]
