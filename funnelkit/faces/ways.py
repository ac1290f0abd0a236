"""The ways to B of a client: what its file locks stays, what it weighs counts."""

from collections.abc import Callable, Collection, Mapping

from funnelkit.client.client import Client
from funnelkit.plan.cost import least_cost
from funnelkit.plan.effort import least_effort
from funnelkit.plan.frommoney import from_the_money
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.solution import Solution
from funnelkit.plan.solve import equal_effort

__all__ = ["way_to_b", "ways_to_b"]


def way_to_b(
    name: str, client: Client, scenario: Scenario, locked: Collection[str] | None = None
) -> Solution:
    """Solve for B in one way: ``money``, ``equal``, ``effort`` or ``cost``.

    Parameters
    ----------
    name : str
    client : Client
    scenario : Scenario
    locked : collection of str, optional
        Levers that stay; by default those that the file locks.
    """
    kept = client.locked if locked is None else locked
    solve: Mapping[str, Callable[[], Solution]] = {
        "money": lambda: from_the_money(scenario, locked=kept).solution,
        "equal": lambda: equal_effort(scenario, locked=kept),
        "effort": lambda: least_effort(scenario, locked=kept, weights=dict(client.weights)),
        "cost": lambda: least_cost(scenario, locked=kept),
    }
    return solve[name]()


def ways_to_b(client: Client, scenario: Scenario) -> dict[str, Solution]:
    """Solve for B in every way."""
    names = ("money", "equal", "effort", "cost")
    return {name: way_to_b(name, client, scenario) for name in names}
