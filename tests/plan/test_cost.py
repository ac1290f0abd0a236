from dataclasses import replace
from math import nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkit.model.owner import Business
from funnelkit.plan.cost import Paid, least_cost, unit_costs
from funnelkit.plan.room import Room, room
from funnelkit.plan.scenario import Goal, Scenario
from funnelkit.plan.solution import Solution, Verdict
from tests.strategies import solvable


def shop(growth: float = 1.5, **options: object) -> Scenario:
    """Revenue = visitors x win rate x check, 1,000 now."""
    given = {
        "goal": Goal(metric="revenue", a=1000, b=growth * 1000, horizon=2),
        "business": Business(),
        "now": {"visitors": 1000.0, "win_rate": 0.1, "average_check": 10.0},
        "plan": {},
        "ceilings": {"visitors": 2000.0, "win_rate": 0.2, "average_check": 20.0},
    }
    return Scenario(**(given | options))


def units(scenario: Scenario) -> dict[str, float]:
    free = room(scenario)
    return dict(zip(free.names, unit_costs(free).tolist(), strict=True))


def test_a_typed_cost_is_in_proportion_to_the_way_to_the_ceiling() -> None:
    costs = {"visitors": 500.0, "win_rate": 300.0}
    assert units(shop(costs=costs)) == pytest.approx(
        {"visitors": 0.5, "win_rate": 3000, "average_check": nan}, nan_ok=True
    )


def test_the_model_knows_what_visitors_and_managers_cost() -> None:
    now = shop().now | {"managers": 1.0, "cost_per_visitor": 2.0, "cost_per_manager": 700.0}
    found = units(shop(now=now, costs={"visitors": 500.0}))
    assert found == pytest.approx(
        {"visitors": 2.5, "win_rate": nan, "average_check": nan, "managers": 700}, nan_ok=True
    )


def test_a_cost_without_a_ceiling_or_a_price_is_unknown() -> None:
    now = shop().now | {"audience": 5.0, "marketing_fixed": 3.0}
    found = units(shop(now=now, ceilings={}, costs={"visitors": 500.0}))
    assert np.isnan(found["visitors"])
    assert np.isnan(found["audience"])


def spent(found: Solution) -> float:
    free = room(found.scenario)
    values = np.array([found.scenario.target[name] for name in free.names])
    return float(np.nansum(unit_costs(free) * np.abs(values - free.now)))


def test_two_factors_meet_where_the_last_per_cent_costs_alike() -> None:
    """Costs of 1 a visitor and 50,000 a win rate: 1000 e^x = 5000 e^y, e^x e^y = 1.5."""
    scenario = shop(7.0, ceilings={"visitors": 9000.0, "win_rate": 0.9}, costs={})
    scenario = replace(scenario, costs={"visitors": 8000.0, "win_rate": 40_000.0})
    found = least_cost(scenario)
    # 7 = (5 y) y where both rise, y being the win rate's multiplier.
    y = (7 / 5) ** 0.5
    assert found.multipliers == pytest.approx({"visitors": 5 * y, "win_rate": y}, rel=1e-4)
    assert spent(found) == pytest.approx(1000 * (5 * y - 1) + 5000 * (y - 1), rel=1e-7)


def test_only_levers_with_a_known_cost_move() -> None:
    found = least_cost(shop(costs={"visitors": 500.0}))
    assert found.multipliers == pytest.approx({"visitors": 1.5})
    nothing = least_cost(shop())
    assert (nothing.verdict, nothing.multipliers) == (Verdict.NO_LEVERS, {})


def test_a_lever_at_0_moves_too() -> None:
    now = shop().now | {"audience": 0.0, "engagement_rate": 0.1}
    scenario = shop(
        now=now,
        ceilings={"audience": 9000.0, "visitors": 4000.0},
        costs={"audience": 90.0, "visitors": 3000.0},
    )
    found = least_cost(scenario)
    assert found.scenario.target["audience"] == pytest.approx(5000, rel=1e-6)
    assert found.scenario.target["visitors"] == pytest.approx(1000, rel=1e-6)


def test_out_of_reach_the_best_is_shown() -> None:
    found = least_cost(shop(9, costs={"visitors": 500.0, "win_rate": 300.0}))
    assert found.verdict is Verdict.UNREACHABLE
    assert found.reached == pytest.approx(4000)
    assert found.binding == ("visitors", "win_rate")


@given(st.floats(1.1, 3.5), st.lists(st.floats(10, 5000), min_size=3, max_size=3))
@settings(max_examples=40)
def test_no_plan_of_a_grid_is_cheaper(growth: float, costs: list[float]) -> None:
    names = ("visitors", "win_rate", "average_check")
    scenario = shop(growth, costs=dict(zip(names, costs, strict=True)))
    found = least_cost(scenario)
    assert found.verdict is Verdict.REACHED
    one, two = np.meshgrid(np.linspace(1, 2, 201), np.linspace(1, 2, 201))
    three = growth / one / two
    total = (one - 1) * costs[0] + (two - 1) * costs[1] + (np.maximum(three, 1) - 1) * costs[2]
    cheapest = total[three <= 2].min()
    # Ours is exact to the width of a step, the grid's to its own, which only makes it dearer.
    assert spent(found) <= cheapest * (1 + 1e-5) + 1e-6


@given(solvable())
@settings(max_examples=40)
def test_what_is_found_reaches_and_costs_what_it_says(scenario: Scenario) -> None:
    found = least_cost(scenario)
    if found.verdict is Verdict.REACHED:
        assert found.gap <= 0
        free: Room = room(scenario)
        known = np.isfinite(unit_costs(free))
        moved = {name for name in found.multipliers if name in free.names}
        assert moved <= {name for name, k in zip(free.names, known, strict=True) if k}


def test_the_bowl_has_the_costs_slope() -> None:
    free = room(shop(costs={"visitors": 500.0, "win_rate": 300.0}), ["visitors", "win_rate"])
    paid = Paid(free=free, unit=unit_costs(free))
    at = np.array([0.2, 0.4])
    bottom, stiffness = paid.bowl(at)
    slope = (paid.of(at + 1e-7 * np.eye(2)) - paid.of(at)) / 1e-7
    assert 2 * stiffness * (at - bottom) == pytest.approx(slope, rel=1e-5)
