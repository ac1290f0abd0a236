"""What solving for B came to: the plan, how near it comes, and which ceilings bind."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from funnelkit.plan.reach import reach
from funnelkit.plan.room import Room
from funnelkit.plan.scenario import Scenario

__all__ = ["Solution", "Verdict", "equally", "settle", "walked"]

Array = NDArray[np.float64]
Way = Callable[[Array], Array]

BEYOND = 1e-4
"""How far past its ceiling a lever is looked at, as a share, to see whether the ceiling binds."""

MANY, FEW = 65, 17
"""Efforts looked at on the way to the furthest ceiling, and from there on."""

_STEPS = (0.0, *(10.0**power for power in range(-15, -9)))
"""Steps by which rounding is made up for, where one call of the model and many differ by it."""


class Verdict(StrEnum):
    """How a solve ended."""

    HELD = "held"  # B holds with the free levers as they are now
    REACHED = "reached"
    ABOVE_CEILING = "above_ceiling"  # B is reached, but beyond a realistic ceiling
    UNREACHABLE = "unreachable"
    NO_LEVERS = "no_levers"  # B is not reached and no lever may or can move
    MISSING = "missing"  # the goal's metric is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A plan found.

    Attributes
    ----------
    scenario : Scenario
        With the plan found; where B is not reached, with the best one.
    verdict : Verdict
    reached : float
        The goal's metric in the goal's month, client's currency; NaN where it is missing.
    binding : tuple of str
        Levers that stopped at their ceiling and would bring more beyond it.
    """

    scenario: Scenario
    verdict: Verdict
    reached: float
    binding: tuple[str, ...]

    @property
    def gap(self) -> float:
        """B less what is reached, client's currency; 0 or less where B is reached."""
        return self.scenario.goal.b - self.reached

    @property
    def multipliers(self) -> dict[str, float]:
        """Plan / now of the levers that move; NaN from 0."""
        target, now = self.scenario.target, self.scenario.now
        return {
            name: target[name] / now[name] if now[name] else float("nan")
            for name in self.scenario.moved
        }


def settle(free: Room, values: Array) -> Solution:
    """Judge levers of shape (levers,) that a solve has come to."""
    scenario = free.planned(values)
    reached = float(scenario.at_goal())
    if np.isnan(reached):
        verdict = Verdict.MISSING
    elif reached >= scenario.goal.b:
        moved = bool((values != free.now).any())
        verdict = Verdict.REACHED if moved else Verdict.HELD
    else:
        verdict = Verdict.UNREACHABLE if free.open else Verdict.NO_LEVERS
    return Solution(
        scenario=scenario, verdict=verdict, reached=reached, binding=_binding(free, values)
    )


def equally(free: Room) -> tuple[float, Array]:
    """Return the effort, one for all levers, that reaches B or is the best, and the levers."""
    return walked(free, free.at_common, free.grid(MANY, FEW))


def walked(free: Room, way: Way, grid: Array) -> tuple[float, Array]:
    """Return the place where one way reaches B, or its best, and the levers there.

    Parameters
    ----------
    free : Room
    way : callable
        Takes places of shape (...), returns levers of shape (..., levers).
    grid : ndarray, shape (places,)
        Places to look at, ascending.
    """
    b = free.scenario.goal.b
    found = reach(lambda places: free.goal(way(places)), b, grid[np.newaxis, :])
    place = float(found.place[0])
    for step in _STEPS:
        values = way(np.array(min(place * (1.0 + step), float(grid[-1]))))
        if not found.reached[0] or float(free.planned(values).at_goal()) >= b:
            break
    return place, values


def _binding(free: Room, values: Array) -> tuple[str, ...]:
    """Find the levers at their ceiling which would bring more beyond it, all others as they are."""
    at_end = np.flatnonzero(values == free.best)
    if not at_end.size:
        return ()
    further = np.tile(values, (at_end.size + 1, 1))
    step = BEYOND * np.where(values == 0, 1.0, values) * np.where(free.falls, -1.0, 1.0)
    rows = np.arange(at_end.size)
    further[rows, at_end] += step[at_end]
    goals = free.goal(further)
    more = goals[:-1] > goals[-1] + 1e-12 * np.abs(goals[-1])
    return tuple(free.names[i] for i, helps in zip(at_end, more, strict=True) if helps)
