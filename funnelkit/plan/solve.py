"""Solving for B: each lever alone, and equal effort on several."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.products import aggregate
from funnelkit.plan.reach import Reach, reach
from funnelkit.plan.room import Room, own_levers, room
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.solution import Solution, Verdict, equally, settle

__all__ = ["Alone", "alone", "equal_effort"]

Array = NDArray[np.float64]

FEW = 17
"""Places looked at on each of the ways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """What one lever would have to be if no other moved, and how far its ceiling lets it.

    Attributes
    ----------
    name : str
        A lever of the scenario, or one that its product line sums up.
    verdict : Verdict
    now, needed : float
        Its value now and where B is reached, past its ceiling where that is what it takes; NaN
        where no value does.
    value : float
        Within the ceiling: as needed, or the best of what it can do.
    reached : float
        The goal's month at `value`, client's currency.
    gap : float
        B less that; 0 or less where B is reached.
    """

    name: str
    verdict: Verdict
    now: float
    needed: float
    value: float
    reached: float
    gap: float

    @property
    def multiplier(self) -> float:
        """Needed / now; NaN from 0."""
        return self.needed / self.now if self.now else float("nan")


def alone(
    scenario: Scenario,
    levers: Collection[str] | None = None,
    *,
    locked: Collection[str] = frozenset(),
) -> tuple[Alone, ...]:
    """Solve for B with each lever alone, the other free ones staying at now.

    All of them are walked at once, upwards by their multipliers (downwards where less is better,
    linearly from 0) to their ceiling and on to what is possible at all: 1 for a share, 0 where
    less is better, a million times now for the rest.

    Parameters
    ----------
    scenario : Scenario
    levers, locked : collection of str
        As in `room`. A lever that a product line sums up moves the products' levers together,
        each to its own ceiling.

    Returns
    -------
    tuple of Alone
        In the order of `levers`, or of the scenario.

    Raises
    ------
    KeyError
        For a name that the scenario does not have.
    """
    free = room(scenario, levers, locked)
    groups = {name: own_levers(name, scenario) for name in levers or free.names}
    groups = {name: group for name, group in groups.items() if set(group) <= set(free.names)}
    if not groups:
        return ()
    moves = np.array([[own in group for own in free.names] for group in groups.values()], float)
    within = _walks(free, moves, 0.0, tops=True)
    # Those that their ceiling stops are walked on, to what is possible at all.
    short = ~within.reached
    possible = room(replace(scenario, ceilings={}), levers, locked)
    first_stop = np.where(moves > 0, np.where(free.now == 0, 0.0, free.effort), np.inf).min(axis=1)
    on = _walks(possible, moves[short], first_stop[short], tops=False)
    values = free.at_effort(within.place[:, np.newaxis] * moves)
    further = values.copy()
    further[short] = possible.at_effort(on.place[:, np.newaxis] * moves[short])
    past = np.zeros_like(short)
    past[short] = on.reached
    b = scenario.goal.b
    found = []
    for i, name in enumerate(groups):
        known = within.reached[i] or past[i]
        reached = float(within.value[i])
        if np.isnan(reached):
            verdict = Verdict.MISSING
        elif within.reached[i]:
            verdict = Verdict.REACHED if within.place[i] > 0 else Verdict.HELD
        else:
            verdict = Verdict.ABOVE_CEILING if known else Verdict.UNREACHABLE
        found.append(
            Alone(
                name=name,
                verdict=verdict,
                now=scenario.present(name),
                needed=_read(free, name, further[i]) if known else float("nan"),
                value=_read(free, name, values[i]),
                reached=reached,
                gap=b - reached,
            )
        )
    return tuple(found)


def _read(free: Room, name: str, values: Array) -> float:
    levers = free.held | dict(zip(free.names, values.tolist(), strict=True))
    return aggregate(levers, free.scenario.business.line, name)


def _walks(free: Room, moves: Array, begin: Array | float, *, tops: bool) -> Reach:
    """Walk groups of levers, shape (groups, levers), each from an effort on to its end."""
    end = (moves * free.effort).max(axis=1)
    begin = np.broadcast_to(begin, end.shape)
    shares = np.linspace(0.0, 1.0, FEW) ** 2
    grid = begin[:, np.newaxis] + shares * (end - begin)[:, np.newaxis]

    def goal(places: Array) -> Array:
        return free.goal(free.at_effort(places[..., np.newaxis] * moves[:, np.newaxis]))

    return reach(goal, free.scenario.goal.b, grid, tops=tops)


def equal_effort(
    scenario: Scenario,
    levers: Collection[str] | None = None,
    *,
    locked: Collection[str] = frozenset(),
) -> Solution:
    """Solve for B with one multiplier for all free levers.

    Levers of which less is better are divided by it. One that reaches its ceiling stops there,
    the others go on; levers at 0 have no multiplier and stay. The plan has to reach B in the
    goal's month; of several multipliers that do the smallest is taken.

    Parameters
    ----------
    scenario : Scenario
    levers, locked : collection of str
        As in `room`.

    Returns
    -------
    Solution

    Raises
    ------
    KeyError
        For a name that the scenario does not have.

    Examples
    --------
    Three factors triple their product at the cube root of 3 each:

    >>> from funnelkit.model.owner import Business
    >>> from funnelkit.plan.scenario import Goal
    >>> scenario = Scenario(
    ...     goal=Goal(metric="revenue", a=1000, b=3000, horizon=3),
    ...     business=Business(),
    ...     now={"visitors": 1000.0, "win_rate": 0.1, "average_check": 10.0},
    ...     plan={},
    ... )
    >>> found = equal_effort(scenario)
    >>> {name: round(times, 6) for name, times in found.multipliers.items()}
    {'visitors': 1.44225, 'win_rate': 1.44225, 'average_check': 1.44225}
    """
    free = room(scenario, levers, locked).multiplied()
    return settle(free, equally(free)[1])
