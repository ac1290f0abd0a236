"""The price of growth: what the next unit of the goal's month costs through each stage."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.levers import Stage
from funnelkit.plan.cost import unit_costs
from funnelkit.plan.frommoney import stage_way
from funnelkit.plan.reach import reach
from funnelkit.plan.room import Room, room
from funnelkit.plan.scenario import Scenario

__all__ = ["GrowthPrice", "growth_prices"]

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

NEXT = 1e-5
"""Share of the way to the ceilings over which the next unit is priced."""

PLACES = 17
"""Shares of now -> best that are looked at for every amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthPrice:
    """What growth through one stage costs; arrays of shape (amounts,).

    Attributes
    ----------
    stage : Stage
    amounts : ndarray
        What the goal's month grows by, client's currency.
    share : ndarray
        Common share of now -> best that the stage's levers go for it, 0-1; NaN where the stage
        alone does not bring so much.
    average, marginal : ndarray
        Money a month for one unit of the goal's month: of all up to this amount, and of the next
        one. NaN where the amount is out of reach or no cost is known.
    unpriced : tuple of str
        Levers that go along without a known cost: with any, prices are the least they can be.
    """

    stage: Stage
    amounts: Array
    share: Array
    average: Array
    marginal: Array
    unpriced: tuple[str, ...]


def growth_prices(
    scenario: Scenario,
    levers: Collection[str] | None = None,
    *,
    locked: Collection[str] = frozenset(),
    points: int = 12,
) -> tuple[GrowthPrice, ...]:
    """Price growth through each stage alone, from little to all of the gap.

    A stage's levers go by one common share of the way to their ceilings, as from the money. What
    that costs is what the file says of a lever's cost, and what visitors, people reached and
    managers cost in the model.

    Parameters
    ----------
    scenario : Scenario
    levers, locked : collection of str
        As in `room`.
    points : int
        Number of amounts, equal steps up to the gap between what the free levers bring now and
        B; 1 or more.

    Returns
    -------
    tuple of GrowthPrice
        One for every stage that has levers, in the owner's order; none where there is no gap or
        the goal's metric is missing.

    Raises
    ------
    KeyError
        For a name that the scenario does not have.
    ValueError
        For less than one point.

    Examples
    --------
    Every visitor brings 1 and costs 0.5 a month, until their ceiling brings no more:

    >>> from funnelkit.model.owner import Business
    >>> from funnelkit.plan.scenario import Goal
    >>> scenario = Scenario(
    ...     goal=Goal(metric="revenue", a=1000, b=1500, horizon=3),
    ...     business=Business(),
    ...     now={"visitors": 1000.0, "win_rate": 0.1, "average_check": 10.0},
    ...     plan={},
    ...     ceilings={"visitors": 1400.0},
    ...     costs={"visitors": 200.0},
    ... )
    >>> prices = growth_prices(scenario, ["visitors"], points=5)
    >>> [part.round(6).tolist() for part in (prices[0].amounts, prices[0].marginal)]
    [[100.0, 200.0, 300.0, 400.0, 500.0], [0.5, 0.5, 0.5, nan, nan]]
    """
    if points < 1:
        raise ValueError(f"points must be 1 or more, got {points}")
    free = room(scenario, levers, locked)
    start = float(free.goal(free.now))
    gap = scenario.goal.b - start
    if not gap > 0:
        return ()
    amounts = gap * np.arange(1, points + 1) / points
    units = unit_costs(free)
    return tuple(
        _price(free, stage, moving, units, start, amounts)
        for stage in Stage
        if stage is not Stage.ECONOMICS
        and (moving := free.of_stage(stage) & (free.effort > 0) & np.isfinite(free.best)).any()
    )


def _price(
    free: Room, stage: Stage, moving: Bools, units: Array, start: float, amounts: Array
) -> GrowthPrice:
    """Price amounts through the levers of one stage, `moving` (levers,); units as `unit_costs`."""
    way = stage_way(free, free.now, moving)
    grid = np.tile(np.linspace(0.0, 1.0, PLACES), (len(amounts), 1))
    met = reach(lambda share: free.goal(way(share)), start + amounts, grid, tops=False)
    share = np.where(met.reached, met.place, np.nan)
    known = moving & np.isfinite(units)
    whole = float((units * np.abs(free.best - free.now))[known].sum()) if known.any() else np.nan
    after = np.minimum(met.place + NEXT, 1.0)
    rise = free.goal(way(after)) - met.value
    with np.errstate(divide="ignore", invalid="ignore"):
        marginal = np.where(rise > 0, whole * (after - share) / rise, np.nan)
    pairs = zip(free.names, moving & ~known, strict=True)
    return GrowthPrice(
        stage=stage,
        amounts=amounts,
        share=share,
        average=whole * share / amounts,
        marginal=marginal,
        unpriced=tuple(name for name, unpriced in pairs if unpriced),
    )
