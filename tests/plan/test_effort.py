from dataclasses import replace
from math import inf, log, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from funnelkit.model.owner import Business
from funnelkit.plan.effort import least_effort
from funnelkit.plan.room import room
from funnelkit.plan.scenario import Goal, Scenario
from funnelkit.plan.solution import Solution, Verdict
from funnelkit.plan.solve import equal_effort
from tests.strategies import solvable

NAMES = ("visitors", "lead_rate", "answered_rate", "win_rate", "average_check")


def product(growth: float, caps: dict[str, float]) -> Scenario:
    """A product of five factors that has to grow so much; ceilings as multipliers."""
    now = {"visitors": 1000.0, "lead_rate": 1e-4, "answered_rate": 1e-4, "win_rate": 1e-4}
    now["average_check"] = 1e12
    scenario = Scenario(
        goal=Goal(metric="revenue", a=1, b=1, horizon=2),
        business=Business(),
        now=now,
        plan={},
        ceilings={name: now[name] * cap for name, cap in caps.items()},
    )
    idle = float(scenario.at_goal())
    return replace(scenario, goal=replace(scenario.goal, a=idle, b=growth * idle))


def closed_form(growth: float, weights: list[float], most: list[float]) -> list[float] | None:
    """Logarithms by DESIGN's formula for a product, re-solved as levers meet their bounds."""
    bound: dict[int, float] = {}
    while True:
        free = [k for k in range(len(weights)) if k not in bound]
        left = log(growth) - sum(bound.values())
        if not free:
            return None if left > 1e-12 else [bound[k] for k in range(len(weights))]
        shares = sum(1 / weights[k] for k in free)
        x = {k: left / weights[k] / shares for k in free}
        over = [k for k in free if x[k] > most[k]]
        if not over:
            return [(x | bound)[k] for k in range(len(weights))]
        bound |= {k: most[k] for k in over}


weights_of_five = st.lists(st.floats(0.1, 10), min_size=5, max_size=5)


@given(st.floats(1.01, 20), weights_of_five)
def test_a_product_is_the_closed_form(growth: float, weights: list[float]) -> None:
    found = least_effort(product(growth, {}), NAMES, weights=dict(zip(NAMES, weights, strict=True)))
    expected = closed_form(growth, weights, [inf] * 5)
    times = [found.multipliers.get(name, 1.0) for name in NAMES]
    # Slopes are taken over a step of 1e-6, and efforts below 1e-7 are none.
    assert np.log(times) == pytest.approx(expected, rel=1e-5, abs=2e-7)


@given(
    st.floats(1.01, 6),
    weights_of_five,
    st.dictionaries(st.sampled_from(NAMES), st.floats(1.0, 4), max_size=5),
)
def test_a_product_with_ceilings_is_the_closed_form_solved_again(
    growth: float, weights: list[float], caps: dict[str, float]
) -> None:
    scenario = product(growth, caps)
    found = least_effort(scenario, NAMES, weights=dict(zip(NAMES, weights, strict=True)))
    expected = closed_form(growth, weights, [log(caps.get(name, inf)) for name in NAMES])
    if expected is None:
        assert found.verdict is Verdict.UNREACHABLE
        assert found.reached == pytest.approx(prod(caps.values()) * scenario.goal.a, rel=1e-9)
        assert set(found.binding) == set(NAMES)
        return
    times = [found.multipliers.get(name, 1.0) for name in NAMES]
    # As above; which levers are at their bounds may differ within that.
    assert np.log(times) == pytest.approx(expected, rel=1e-4, abs=1e-5)
    assert found.verdict is Verdict.REACHED


def effort(found: Solution, names: tuple[str, ...]) -> float:
    times = (found.multipliers.get(name, 1.0) for name in names)
    return sum(log(t) ** 2 if t > 0 else inf for t in times)


@given(solvable())
@settings(max_examples=60)
def test_least_effort_is_never_more_than_equal_effort(scenario: Scenario) -> None:
    equal, least = equal_effort(scenario), least_effort(scenario)
    if equal.verdict is Verdict.REACHED:
        assert least.verdict is Verdict.REACHED
        names = room(scenario).multiplied().names
        # B is met to rounding, which moves an effort by as much at most.
        assert effort(least, names) <= effort(equal, names) * (1 + 1e-9) + 1e-12
    elif equal.verdict is Verdict.UNREACHABLE:
        money = abs(equal.reached) + float(equal.scenario.run().revenue.max())
        assert least.reached >= equal.reached - 1e-6 * money
    else:
        assert least.verdict is equal.verdict


def business(**options: object) -> Scenario:
    """New and repeat sales, an audience, a cycle and a team: sums of products with kinks."""
    now = {"retention_rate": 0.9, "purchase_rate": 0.5, "repeat_check": 40.0}
    now |= {"answered_rate": 0.7, "qualified_rate": 0.5, "win_rate": 0.3, "average_check": 100.0}
    now |= {"managers": 2.0, "visitors": 4000.0, "lead_rate": 0.05, "audience": 9000.0}
    now |= {"engagement_rate": 0.1, "nurtured_lead_rate": 0.05, "margin": 0.5}
    now |= {"cost_per_visitor": 0.4, "cost_per_manager": 500.0, "cost_per_reached": 0.01}
    now |= {"fixed_costs": 500.0, "marketing_fixed": 100.0}
    scenario = Scenario(
        goal=Goal(metric="revenue", a=1, b=1, horizon=3),
        business=Business(active_customers=150, sales_cycle=(0.6, 0.4), leads_per_manager=125),
        now=now,
        plan={},
        ceilings={"win_rate": 0.4, "answered_rate": 0.95, "purchase_rate": 0.7, "managers": 5.0},
    )
    return replace(scenario, **options)


@pytest.mark.parametrize("metric", ["revenue", "profit"])
@pytest.mark.parametrize("growth", [1.3, 2.5])
@pytest.mark.parametrize("team", [inf, 125.0])
def test_slsqp_from_many_places_finds_nothing_lighter(
    metric: str, growth: float, team: float
) -> None:
    given = business()
    scenario = replace(
        given,
        goal=replace(given.goal, metric=metric),
        business=replace(given.business, leads_per_manager=team),
    )
    b = growth * abs(float(scenario.at_goal({})))
    scenario = replace(scenario, goal=replace(scenario.goal, b=b))
    found = least_effort(scenario)
    assert found.verdict is Verdict.REACHED
    free = room(scenario)
    size = len(free.names)

    def level(x: np.ndarray) -> np.ndarray:
        return free.goal(free.at_effort(x)) / b - 1

    def slope(x: np.ndarray) -> np.ndarray:
        step = np.where(x + 1e-7 > free.effort, -1e-7, 1e-7)
        points = level(np.vstack([x, x + np.diag(step)]))
        return (points[1:] - points[0]) / step

    dice, lightest = np.random.default_rng(0), inf
    for _ in range(5):
        theirs = minimize(
            lambda x: x @ x,
            dice.uniform(0, np.minimum(free.effort, 1.0)),
            jac=lambda x: 2 * x,
            bounds=[(0, most) for most in free.effort],
            constraints=[{"type": "ineq", "fun": level, "jac": slope}],
            method="SLSQP",
            options={"ftol": 1e-12, "maxiter": 60},
        )
        if level(theirs.x) >= -1e-9:
            lightest = min(lightest, theirs.fun)
    assert size == 13
    # Ours meets B, theirs by 1e-9; near a kink a step ends within a millionth of the best.
    assert effort(found, free.names) <= lightest * (1 + 1e-5)


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), inf])
def test_a_weight_that_is_none_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="win_rate"):
        least_effort(product(3, {}), weights={"win_rate": weight})


def test_a_weight_of_an_unknown_lever_is_refused() -> None:
    with pytest.raises(KeyError, match="win_rat"):
        least_effort(product(3, {}), weights={"win_rat": 1.0})


def test_locked_and_no_levers() -> None:
    scenario = product(3, {})
    assert least_effort(scenario, locked=scenario.now).verdict is Verdict.NO_LEVERS
    held = replace(scenario, goal=replace(scenario.goal, b=scenario.goal.a / 2))
    assert least_effort(held).verdict is Verdict.HELD
    missing = replace(scenario, goal=replace(scenario.goal, metric="profit"))
    assert least_effort(missing).verdict is Verdict.MISSING


def test_a_target_below_0_is_solved_as_well() -> None:
    """From a loss of 1,500 to one of 1,000."""
    scenario = business(goal=Goal(metric="profit", a=1, b=-1000, horizon=3))
    scenario = replace(scenario, now=dict(scenario.now) | {"fixed_costs": 11_000.0})
    assert float(scenario.at_goal()) < -1500
    found = least_effort(scenario)
    assert found.reached == pytest.approx(-1000)
    assert found.verdict is Verdict.REACHED
