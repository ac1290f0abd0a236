"""A scenario as the levers by which it differs from the file's plan."""

from collections.abc import Mapping
from math import isclose, isfinite, isnan

from funnelkit.client.client import Client, purchases_last
from funnelkit.model.levers import LEVERS
from funnelkit.model.products import SUMMED_UP
from funnelkit.plan.scenario import Scenario

__all__ = ["levers_of", "stored_levers"]


def stored_levers(plan: Scenario, levers: Mapping[str, float]) -> dict[str, float]:
    """Return the levers that a scenario has to name: those that the plan has otherwise.

    They come in the order of the table with purchases last. The repeat check of a product line is
    money over purchases, so it is set while the purchases are still the plan's: then each lever
    moves what it moves by one multiplication from the plan, and the same levers give the same
    line to the last digit, whatever was moved first. Beside levers of single products the line's
    sums are always named: the products come first, and then the plan's sums are a move, too.
    """
    of_products = not set(levers) <= set(LEVERS)
    present = {name: _planned(plan, name) for name in levers}
    order = {name: place for place, name in enumerate(LEVERS)}
    return {
        name: float(levers[name])
        for name in purchases_last(sorted(levers, key=lambda name: order.get(name, -1)))
        if levers[name] != present[name] or (of_products and name in SUMMED_UP)
    }


def levers_of(client: Client, scenario: Scenario) -> dict[str, float]:
    """Return the levers that turn the file's plan into a scenario of this client.

    Levers of single products stand in where the line is out of proportion to the plan's.
    """
    for variant in client.variants.values():
        levers = stored_levers(client.plan, variant)
        if client.plan.with_plan(**levers) == scenario:
            return levers
    levers = {}
    for name in LEVERS:
        planned, present = _planned(scenario, name), _planned(client.plan, name)
        if planned is None or not isfinite(planned) or _alike(planned, present, 1e-12):
            continue
        summed = bool(scenario.business.line) and name in SUMMED_UP
        levers[name] = float(f"{planned:.12g}") if summed else planned  # without a sum's dust
    rebuilt = client.scenario("plan", levers).target
    if any(not _alike(value, rebuilt.get(name), 1e-9) for name, value in scenario.target.items()):
        own = {name: value for name, value in scenario.target.items() if name not in LEVERS}
        levers = own | {n: value for n, value in levers.items() if n not in SUMMED_UP}
    return stored_levers(client.plan, levers)


def _planned(scenario: Scenario, name: str) -> float | None:
    """Return a lever's planned value, None where the business does not have it."""
    return scenario.planned(name) if scenario.has(name) else None


def _alike(one: float, other: float | None, tolerance: float) -> bool:
    if other is None:
        return False
    return (isnan(one) and isnan(other)) or isclose(one, other, rel_tol=tolerance)
