"""Who brings how much: exact decompositions of a change, for any function of named levers.

Every decomposition here is exact: its contributions add up to f(plan) - f(now).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.levers import Stage
from funnelkit.model.products import parameter_of, stage_of
from funnelkit.plan.scenario import Scenario

__all__ = [
    "SHAPLEY_PLAYERS",
    "Waterfall",
    "bridge",
    "by_parameter",
    "by_stage",
    "shapley",
    "stage_product_table",
    "waterfall",
]

Array = NDArray[np.float64]
Function = Callable[[Mapping[str, Array]], ArrayLike]
Groups = Mapping[str, Sequence[str]]

SHAPLEY_PLAYERS = 14
"""Above so many players (2**14 corners) Shapley values are left to coarser groups."""


def _corner_values(
    f: Function, now: Mapping[str, float], plan: Mapping[str, float], groups: Groups, moved: Array
) -> Array:
    """Evaluate f once at all corners; `moved` (corners, groups) says which groups are at plan."""
    corners = {name: np.full(len(moved), value) for name, value in now.items()}
    for column, names in zip(moved.T, groups.values(), strict=True):
        for name in names:
            corners[name] = np.where(column, plan[name], now[name])
    return np.asarray(f(corners), dtype=float)


def bridge(
    f: Function, now: Mapping[str, float], plan: Mapping[str, float], groups: Groups
) -> dict[str, Array]:
    """Move group after group from now to plan; each gets what it adds after those before it.

    The result depends on the order of the groups.

    Parameters
    ----------
    f : callable
        Takes a mapping of lever to array of shape (corners,), returns an array whose first axis
        is the corners; further axes (products, say) are decomposed along.
    now, plan : mapping of str to float
        The levers' values at both ends.
    groups : mapping of str to sequence of str
        Levers moved together, in the order of moving.

    Returns
    -------
    dict of str to ndarray
        Contribution of each group, of f's trailing shape.

    Examples
    --------
    A price rise after a volume rise is paid on the new volume:

    >>> now, plan = {"units": 100.0, "price": 2.0}, {"units": 150.0, "price": 3.0}
    >>> both = {"volume": ["units"], "price": ["price"]}
    >>> steps = bridge(lambda x: x["units"] * x["price"], now, plan, both)
    >>> {name: float(value) for name, value in steps.items()}
    {'volume': 100.0, 'price': 150.0}
    """
    moved = np.tri(len(groups) + 1, len(groups), k=-1, dtype=bool)
    steps = np.diff(_corner_values(f, now, plan, groups, moved), axis=0)
    return dict(zip(groups, steps, strict=True))


def shapley(
    f: Function, now: Mapping[str, float], plan: Mapping[str, float], groups: Groups
) -> dict[str, Array]:
    """Average each group's addition over all orders of moving; independent of the order.

    Shapley (1953), A value for n-person games. Parameters and result as in `bridge`.

    Raises
    ------
    ValueError
        For more than `SHAPLEY_PLAYERS` groups.
    """
    n = len(groups)
    if n > SHAPLEY_PLAYERS:
        raise ValueError(f"{n} groups are 2**{n} corners; at most {SHAPLEY_PLAYERS} groups")
    subsets = np.arange(2**n)
    moved = (subsets[:, np.newaxis] >> np.arange(n)) & 1 == 1
    values = _corner_values(f, now, plan, groups, moved)
    weight = np.array([1.0 / (n * comb(n - 1, size)) for size in range(n)])
    result = {}
    for player, name in enumerate(groups):
        without = subsets[~moved[:, player]]
        gains = values[without | (1 << player)] - values[without]
        result[name] = np.tensordot(weight[moved[without].sum(axis=1)], gains, axes=1)
    return result


def by_stage(scenario: Scenario) -> dict[str, list[str]]:
    """Group the moved levers by stage, in the owner's order; stages without one are left out."""
    line = scenario.business.line
    groups = {
        stage: [name for name in scenario.moved if stage_of(name, line) is stage] for stage in Stage
    }
    return {str(stage): names for stage, names in groups.items() if names}


def by_parameter(scenario: Scenario) -> dict[str, list[str]]:
    """Group the moved levers by the lever of the table they belong to (a line's products)."""
    groups: dict[str, list[str]] = {}
    for name in scenario.moved:
        groups.setdefault(parameter_of(name, scenario.business.line), []).append(name)
    return groups


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """The way from A to B in the goal's metric, client's currency a month.

    Attributes
    ----------
    a : float
        Point A, measured.
    calibration : float
        The model's month 0 less A.
    drift : float
        The goal's month if nothing is done, less month 0.
    stages : dict of str to float
        The bridge: what each stage's levers add after those before, in the owner's order.
    gap : float
        B less what the plan reaches; negative where it reaches more.
    b : float
        Point B. All the above but `b` add up to it.
    """

    a: float
    calibration: float
    drift: float
    stages: dict[str, float]
    gap: float
    b: float

    @property
    def reached(self) -> float:
        """What the plan reaches in the goal's month."""
        return self.b - self.gap


def waterfall(scenario: Scenario) -> Waterfall:
    """Decompose the way from A to B; the contributions add up to B - A."""
    goal = scenario.goal
    start = float(scenario.run({}).metric(goal.metric)[0])
    idle = float(scenario.at_goal({}))
    steps = bridge(scenario.at_goal, scenario.now, scenario.target, by_stage(scenario))
    return Waterfall(
        a=goal.a,
        calibration=start - goal.a,
        drift=idle - start,
        stages={stage: float(value) for stage, value in steps.items()},
        gap=goal.b - float(scenario.at_goal()),
        b=goal.b,
    )


def stage_product_table(scenario: Scenario) -> dict[str, Array]:
    """Split each stage's step of the bridge over the product line.

    Returns
    -------
    dict of str to ndarray, shape (products + 1,)
        A row a stage; the last column is what belongs to no product. Rows add up to the stage's
        step in revenue (or contribution), columns to the product's change.
    """
    return bridge(scenario.at_goal_by_product, scenario.now, scenario.target, by_stage(scenario))
