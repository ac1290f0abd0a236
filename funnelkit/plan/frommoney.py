"""Solving for B "from the money": stage after stage in the owner's order, towards the ceilings."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.levers import Stage
from funnelkit.plan.room import Room, room
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.solution import Solution, settle, walked

__all__ = ["FromMoney", "from_the_money", "stage_way"]

Array = NDArray[np.float64]

PLACES = np.linspace(0.0, 1.0, 65)
"""Shares of now -> best that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FromMoney:
    """A plan that works off stage after stage.

    Attributes
    ----------
    solution : Solution
    shares : dict of Stage to float
        How far each stage's levers go from now to their ceilings, 0-1, by the owner's order; 0
        where it is not needed or does not help.
    reached : dict of Stage to float
        The goal's month once the stage and those before it have gone so far, client's currency.
    """

    solution: Solution
    shares: dict[Stage, float]
    reached: dict[Stage, float]


def stage_way(free: Room, values: Array, moving: NDArray[np.bool_]) -> Callable[[Array], Array]:
    """Return the way of a stage's levers by one common share, shape (...) to (..., levers).

    The others stay at `values`, shape (levers,).
    """

    def way(share: Array) -> Array:
        return np.where(moving, free.at_share(share[..., np.newaxis]), values)

    return way


def from_the_money(
    scenario: Scenario,
    levers: Collection[str] | None = None,
    *,
    locked: Collection[str] = frozenset(),
) -> FromMoney:
    """Work off the four stages in the owner's order until B is reached.

    All free levers of a stage go by one common share of the way to their ceilings, linearly, so
    that those at 0 go too; one without a ceiling stays. The stage at which B is reached goes only
    so far. Where the goal's month falls again along a stage's way the best place of the way
    counts, not its end.

    Parameters
    ----------
    scenario : Scenario
    levers, locked : collection of str
        As in `room`.

    Returns
    -------
    FromMoney

    Raises
    ------
    KeyError
        For a name that the scenario does not have.

    Examples
    --------
    Conversion goes all the way, lead generation a fifth of it:

    >>> from funnelkit.model.owner import Business
    >>> from funnelkit.plan.scenario import Goal
    >>> scenario = Scenario(
    ...     goal=Goal(metric="revenue", a=1000, b=2400, horizon=3),
    ...     business=Business(),
    ...     now={"visitors": 1000.0, "win_rate": 0.1, "average_check": 10.0},
    ...     plan={},
    ...     ceilings={"win_rate": 0.2, "average_check": 10.0, "visitors": 2000.0},
    ... )
    >>> found = from_the_money(scenario)
    >>> {str(stage): round(share, 6) for stage, share in found.shares.items() if share}
    {'conversion': 1.0, 'generation': 0.2}
    """
    free = room(scenario, levers, locked)
    values, b = free.now, scenario.goal.b
    shares: dict[Stage, float] = {stage: 0.0 for stage in Stage if stage is not Stage.ECONOMICS}
    reached: dict[Stage, float] = {}
    value = float(free.goal(values))
    for stage in shares:
        moving = free.of_stage(stage)
        if not value >= b and moving.any():
            shares[stage], values = walked(free, stage_way(free, values, moving), PLACES)
            value = float(free.goal(values))
        reached[stage] = value
    return FromMoney(solution=settle(free, values), shares=shares, reached=reached)
