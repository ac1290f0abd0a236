"""Least effort: the plan that reaches B with the least weighed squares of logarithms."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnelkit.plan.lightest import lightest
from funnelkit.plan.room import own_levers, room
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.solution import Solution

__all__ = ["Weighed", "least_effort"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Weighed squares of efforts; `weights` of shape (levers,), above 0."""

    weights: Array

    def of(self, effort: Array) -> Array:
        """Return ``sum(weights * effort ** 2)``."""
        total: Array = (self.weights * effort**2).sum(axis=-1)
        return total

    def bowl(self, effort: Array) -> tuple[Array, Array]:
        """Return the burden itself, which is a bowl about 0."""
        return np.zeros_like(effort), self.weights


def least_effort(
    scenario: Scenario,
    levers: Collection[str] | None = None,
    *,
    locked: Collection[str] = frozenset(),
    weights: Mapping[str, float] | None = None,
) -> Solution:
    """Solve for B with the least ``sum(weight * ln(multiplier) ** 2)`` within ceilings.

    Levers at 0 have no multiplier and stay. Where ceilings do not let B be reached, the plan is
    the best that was found within them.

    Parameters
    ----------
    scenario : Scenario
    levers, locked : collection of str
        As in `room`.
    weights : mapping of str to float, optional
        How hard a lever is to move; 1 where not named.

    Returns
    -------
    Solution

    Raises
    ------
    KeyError
        For a name that the scenario does not have.
    ValueError
        For a weight that is not above 0 and finite.

    Examples
    --------
    A lever that is four times as hard takes a quarter of the logarithm:

    >>> from funnelkit.model.owner import Business
    >>> from funnelkit.plan.scenario import Goal
    >>> scenario = Scenario(
    ...     goal=Goal(metric="revenue", a=1000, b=32000, horizon=3),
    ...     business=Business(),
    ...     now={"visitors": 1000.0, "win_rate": 0.01, "average_check": 100.0},
    ...     plan={},
    ... )
    >>> found = least_effort(scenario, ["visitors", "win_rate"], weights={"win_rate": 4.0})
    >>> {name: round(times, 6) for name, times in found.multipliers.items()}
    {'visitors': 16.0, 'win_rate': 2.0}
    """
    free = room(scenario, levers, locked).multiplied()
    given = dict.fromkeys(free.names, 1.0)
    for name, weight in (weights or {}).items():
        if not 0 < weight < float("inf"):
            raise ValueError(f"the weight of {name!r} must be above 0 and finite, got {weight}")
        given |= dict.fromkeys(set(own_levers(name, scenario)) & set(given), weight)
    return lightest(free, Weighed(weights=np.array([given[name] for name in free.names])))
