"""What to do first: the levers without which the plan would lose most."""

from dataclasses import dataclass

import numpy as np

from funnelkit.model.levers import LEVERS, Stage
from funnelkit.plan.decompose import by_parameter
from funnelkit.plan.scenario import Scenario

__all__ = ["Priority", "priorities"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """One planned change and what it is worth.

    Attributes
    ----------
    name : str
        Lever of the table; on a product line it stands for its products' levers.
    stage : Stage
    now, plan : float
    start : int
        Last month at `now`.
    worth : float
        What the goal's month would lack without this change, all others made; client's currency.
        The worths of several changes do not add up, since they multiply each other.
    """

    name: str
    stage: Stage
    now: float
    plan: float
    start: int
    worth: float


def priorities(scenario: Scenario) -> tuple[Priority, ...]:
    """Rank the planned changes by what the goal's month would lack without each."""
    groups = by_parameter(scenario)
    target = scenario.target
    left_out = {
        name: np.array(
            [scenario.now[name] if name in group else value for group in groups.values()]
        )
        for name, value in target.items()
    }
    if not groups:
        return ()
    lost = scenario.at_goal() - scenario.at_goal(left_out)
    found = [
        Priority(
            name=parameter,
            stage=LEVERS[parameter].stage,
            now=scenario.present(parameter),
            plan=scenario.planned(parameter),
            start=min(scenario.start.get(name, 0) for name in groups[parameter]),
            worth=float(worth),
        )
        for parameter, worth in zip(groups, lost, strict=True)
    ]
    return tuple(sorted(found, key=lambda p: -p.worth))
