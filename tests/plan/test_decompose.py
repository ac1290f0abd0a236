from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise, permutations
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkit.model.owner import METRICS, Business, static
from funnelkit.model.products import Product, Role
from funnelkit.plan.decompose import (
    SHAPLEY_PLAYERS,
    bridge,
    by_parameter,
    by_stage,
    shapley,
    stage_product_table,
    waterfall,
)
from funnelkit.plan.scenario import Goal, Scenario
from tests.strategies import scenarios

METHODS = pytest.mark.parametrize("method", [bridge, shapley])
STAGES = ["account", "conversion", "generation", "nurturing", "economics"]


def product(levers: Mapping[str, np.ndarray]) -> np.ndarray:
    return prod(levers.values())


def alone(names: Mapping[str, object]) -> dict[str, list[str]]:
    """Every lever its own group."""
    return {name: [name] for name in names}


# Published examples.

FIVE_WAYS = {
    "leads": 4000.0,
    "conversion": 0.25,
    "purchases": 2.0,
    "price": 100.0,
    "margin": 0.25,
}
"""Bradley Sugars' "5 ways" (ActionCOACH): 10 % more of each factor is 61.05 % more profit."""
FIVE_WAYS_MORE = {name: 1.1 * value for name, value in FIVE_WAYS.items()}


@METHODS
def test_the_five_ways(method) -> None:
    assert product(FIVE_WAYS) == 50_000
    steps = method(product, FIVE_WAYS, FIVE_WAYS_MORE, alone(FIVE_WAYS))
    assert 50_000 + sum(steps.values()) == pytest.approx(80_525.50)
    assert sum(steps.values()) / 50_000 == pytest.approx(0.61051)


def test_the_five_ways_step_by_step_and_shared() -> None:
    """In sequence each factor adds 10 % of what is there; fairly, equal rises share equally."""
    steps = bridge(product, FIVE_WAYS, FIVE_WAYS_MORE, alone(FIVE_WAYS))
    assert list(steps.values()) == pytest.approx([5000 * 1.1**i for i in range(5)])
    shared = shapley(product, FIVE_WAYS, FIVE_WAYS_MORE, alone(FIVE_WAYS))
    assert list(shared.values()) == pytest.approx([30_525.50 / 5] * 5)


def test_the_five_ways_through_the_owners_model() -> None:
    line = (Product(name="sale", role=Role.CORE),)
    names = ("visitors", "win_rate", "take_rate.sale", "price.sale", "margin.sale")
    now = dict(zip(names, FIVE_WAYS.values(), strict=True))
    plan = {name: 1.1 * value for name, value in now.items()}

    def profit(levers: Mapping[str, np.ndarray]) -> np.ndarray:
        return static(levers, Business(line=line)).contribution[..., 0]

    steps = bridge(profit, now, plan, alone(now))
    assert list(steps.values()) == pytest.approx([5000 * 1.1**i for i in range(5)])


def test_halfords_funnel() -> None:
    """Max Halford, "Funnel decomposition" (maxhalford.github.io), January, group B."""

    def funnel(impressions: float, clicks: float, conversions: float, revenue: float) -> dict:
        return {
            "impressions": impressions,
            "click_rate": clicks / impressions,
            "conversion_rate": conversions / clicks,
            "spend": revenue / conversions,
        }

    before, after = funnel(2000, 150, 150, 9400), funnel(2150, 200, 145, 8739)
    steps = bridge(product, before, after, alone(before))
    assert [round(float(step), 2) for step in steps.values()] == [705, 2428.33, -3446.67, -347.67]


# Any function of levers: a table of values at the corners is every game there is.


def table_game(n: int, values: list[float]):
    """Players 0 .. n-1 at 0 or 1; the function reads its value off a table of 2**n."""

    def f(levers: Mapping[str, np.ndarray]) -> np.ndarray:
        row = sum(levers[str(i)].astype(int) << i for i in range(n))
        return np.asarray(values)[row]

    players = [str(i) for i in range(n)]
    return f, dict.fromkeys(players, 0.0), dict.fromkeys(players, 1.0)


@st.composite
def games(draw: st.DrawFn, most: int = 5) -> tuple[int, list[float]]:
    n = draw(st.integers(1, most))
    return n, draw(st.lists(st.integers(-1000, 1000).map(float), min_size=2**n, max_size=2**n))


@given(games())
def test_shapley_is_the_mean_over_all_orders(game: tuple[int, list[float]]) -> None:
    n, values = game
    brute = dict.fromkeys(map(str, range(n)), 0.0)
    orders = list(permutations(range(n)))
    for order in orders:
        corners = [0]
        for player in order:
            corners.append(corners[-1] | 1 << player)
        for player, (before, after) in zip(order, pairwise(corners), strict=True):
            brute[str(player)] += (values[after] - values[before]) / len(orders)
    f, now, plan = table_game(n, values)
    assert shapley(f, now, plan, alone(now)) == pytest.approx(brute, abs=1e-9)


@given(games())
def test_the_bridge_walks_from_corner_to_corner(game: tuple[int, list[float]]) -> None:
    n, values = game
    f, now, plan = table_game(n, values)
    way = [values[2**i - 1] for i in range(n + 1)]
    assert list(bridge(f, now, plan, alone(now)).values()) == [b - a for a, b in pairwise(way)]


@given(games(), st.randoms())
def test_contributions_add_up_in_any_order(game: tuple[int, list[float]], random) -> None:
    n, values = game
    f, now, plan = table_game(n, values)
    names = random.sample(list(now), n)
    in_order, in_other = (shapley(f, now, plan, alone(order)) for order in (now, names))
    for name in names:
        assert in_other[name] == pytest.approx(in_order[name], abs=1e-9)
    for steps in (in_order, bridge(f, now, plan, alone(names))):
        assert sum(steps.values()) == pytest.approx(values[-1] - values[0], abs=1e-9)


@given(games(most=4))
def test_who_changes_nothing_gets_nothing(game: tuple[int, list[float]]) -> None:
    n, values = game
    f, now, plan = table_game(n + 1, values + values)  # the last player is a dummy
    assert shapley(f, now, plan, alone(now))[str(n)] == 0


@given(games(most=4))
def test_who_is_alike_gets_alike(game: tuple[int, list[float]]) -> None:
    n, values = game

    def f(levers: Mapping[str, np.ndarray]) -> np.ndarray:  # of two twins only the number counts
        twins = (levers["a"] + levers["b"]).astype(int)
        rest = sum(levers[str(i)].astype(int) << i for i in range(1, n))
        return np.asarray(values)[rest] * twins**2 + rest

    names = ["a", *map(str, range(1, n)), "b"]
    steps = shapley(f, dict.fromkeys(names, 0.0), dict.fromkeys(names, 1.0), alone(names))
    assert steps["a"] == pytest.approx(steps["b"], abs=1e-9)


@METHODS
def test_further_axes_are_decomposed_along(method) -> None:
    now, plan = {"a": 1.0, "b": 2.0}, {"a": 3.0, "b": 5.0}

    def f(x: Mapping[str, np.ndarray]) -> np.ndarray:
        return np.stack([x["a"] * x["b"], x["a"] + x["b"]], axis=-1)

    steps = method(f, now, plan, alone(now))
    assert sum(steps.values()).tolist() == [13, 5]
    for column, part in enumerate((product, lambda x: x["a"] + x["b"])):
        assert [s[column] for s in steps.values()] == list(
            method(part, now, plan, alone(now)).values()
        )


@METHODS
def test_groups_move_together_and_levers_in_none_stay(method) -> None:
    now = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 5.0}
    plan = {"a": 2.0, "b": 3.0, "c": 5.0, "d": 99.0}
    steps = method(product, now, plan, {"ab": ["a", "b"], "c": ["c"]})
    assert sum(steps.values()) == 2 * 3 * 5 * 5 - 1 * 2 * 3 * 5
    assert steps["ab"] == {bridge: 60, shapley: (60 + 100) / 2}[method]


@METHODS
def test_nothing_moved_is_nothing_to_share(method) -> None:
    assert method(product, {"a": 1.0}, {"a": 1.0}, {}) == {}


def test_too_many_players_are_refused() -> None:
    names = [f"x{i}" for i in range(SHAPLEY_PLAYERS + 1)]
    with pytest.raises(ValueError, match="15 groups"):
        shapley(product, dict.fromkeys(names, 1.0), dict.fromkeys(names, 2.0), alone(names))


def test_as_many_players_as_allowed() -> None:
    names = [f"x{i}" for i in range(SHAPLEY_PLAYERS)]
    steps = shapley(product, dict.fromkeys(names, 1.0), dict.fromkeys(names, 2.0), alone(names))
    assert list(steps.values()) == pytest.approx([(2**14 - 1) / 14] * 14)


# The owner's model, with delay, capacity, products and any metric.


def rounding(scenario: Scenario, steps: Mapping[str, np.ndarray]) -> float:
    """1e-11 of all the money that is added and subtracted on the way.

    That is what both ends take in and spend, and every step between them; a month is a few
    hundred operations, each rounded to 1.1e-16.
    """
    total = 1.0
    for path in (scenario.run({}), scenario.run()):
        signed = path.signed_new + path.signed_repeat + path.other_revenue
        total += float(np.max(2 * signed + abs(path.profit)))
    return 1e-11 * (total + sum(float(np.abs(step).sum()) for step in steps.values()))


@METHODS
@given(scenario=scenarios(), by=st.sampled_from([by_stage, by_parameter]))
@settings(max_examples=60)
def test_contributions_sum_to_what_the_plan_adds(method, scenario: Scenario, by) -> None:
    steps = method(scenario.at_goal, scenario.now, scenario.target, by(scenario))
    added = float(scenario.at_goal() - scenario.at_goal({}))
    assert sum(steps.values()) == pytest.approx(added, rel=0, abs=rounding(scenario, steps))


@given(scenarios())
def test_the_waterfall_goes_from_a_to_b(scenario: Scenario) -> None:
    fall = waterfall(scenario)
    near = {"rel": 0, "abs": rounding(scenario, fall.stages) + 1e-8}  # A and B up to 1e6
    idle, path = scenario.run({}), scenario.run()
    metric, horizon = scenario.goal.metric, scenario.goal.horizon
    assert (fall.a, fall.b) == (scenario.goal.a, scenario.goal.b)
    assert fall.a + fall.calibration == pytest.approx(idle.metric(metric)[0], **near)
    assert fall.drift == pytest.approx(
        idle.metric(metric)[horizon] - idle.metric(metric)[0], **near
    )
    assert fall.reached == pytest.approx(path.metric(metric)[horizon], **near)
    assert sum(fall.stages.values()) == pytest.approx(
        path.metric(metric)[horizon] - idle.metric(metric)[horizon], **near
    )
    way = fall.a + fall.calibration + fall.drift + sum(fall.stages.values()) + fall.gap
    assert way == pytest.approx(fall.b, **near)


def shop(metric: str = "revenue", **options: object) -> Scenario:
    now = {
        "visitors": 1000.0,
        "lead_rate": 0.1,
        "win_rate": 0.2,
        "average_check": 50.0,
        "retention_rate": 0.5,
        "purchase_rate": 1.0,
        "repeat_check": 10.0,
        "margin": 0.4,
    }
    given = {
        "goal": Goal(metric=metric, a=1150.0, b=3000.0, horizon=2),
        "business": Business(active_customers=20),
        "now": now,
        "plan": {"visitors": 2000.0, "win_rate": 0.3, "repeat_check": 20.0, "margin": 0.5},
    }
    return Scenario(**(given | options))


def test_a_waterfall_by_hand() -> None:
    """Twenty clients stay twenty if nothing is done: (20 + 20) / 2.

    Moved together: in month 1 a half of the way, 1500 visitors x 0.1 x 0.25 = 37.5 new clients;
    in month 2 (20 + 37.5) / 2 = 28.75 old and 2000 x 0.1 x 0.3 = 60 new ones.
    """
    fall = waterfall(shop())
    assert fall.calibration == pytest.approx(1000 + 200 - 1150)
    assert fall.drift == pytest.approx(0)
    account = 20 * 20 - 20 * 10  # dearer repeat sales
    conversion = 10 * 50 + 2.5 * 20  # 10 more new ones; 5 more in month 1, half of whom stay
    generation = 30 * 50 + (28.75 - 22.5) * 20
    assert fall.stages == pytest.approx(
        {"account": account, "conversion": conversion, "generation": generation, "economics": 0}
    )
    assert fall.reached == pytest.approx(60 * 50 + 28.75 * 20)
    assert fall.gap == pytest.approx(3000 - 3575)


def test_economics_is_a_step_of_its_own() -> None:
    fall = waterfall(shop("contribution"))
    assert fall.stages["economics"] == pytest.approx(0.1 * 3575)


def test_the_drift_is_what_comes_by_itself() -> None:
    fall = waterfall(shop(business=Business(active_customers=100)))
    # 100 clients, then (100 + 20) / 2 = 60, then 40
    assert fall.drift == pytest.approx((40 - 100) * 10)


@given(scenarios())
def test_stages_come_in_the_owners_order(scenario: Scenario) -> None:
    groups = by_stage(scenario)
    assert list(groups) == [stage for stage in STAGES if stage in groups]
    for grouped in (groups, by_parameter(scenario)):
        names = [name for levers in grouped.values() for name in levers]
        assert sorted(names) == sorted(scenario.moved)
        assert all(grouped.values())


def test_parameters_gather_a_lines_products() -> None:
    line = (Product(name="a", role=Role.CORE), Product(name="b", role=Role.UPSELL))
    kinds = ("take_rate", "price", "margin")
    now = {f"{kind}.{p.name}": 0.5 for p in line for kind in kinds} | {"visitors": 1.0}
    scenario = shop(
        now=now, plan=dict.fromkeys(now, 0.6), business=Business(active_customers=1, line=line)
    )
    assert by_parameter(scenario) == {
        "average_check": ["take_rate.a", "price.a"],
        "margin": ["margin.a", "margin.b"],
        "purchase_rate": ["take_rate.b"],
        "repeat_check": ["price.b"],
        "visitors": ["visitors"],
    }
    assert by_stage(scenario) == {
        "account": ["take_rate.b", "price.b"],
        "conversion": ["take_rate.a", "price.a"],
        "generation": ["visitors"],
        "economics": ["margin.a", "margin.b"],
    }


@given(scenarios(), st.sampled_from(METRICS))
def test_stages_by_products_add_up_both_ways(scenario: Scenario, metric: str) -> None:
    scenario = replace(scenario, goal=replace(scenario.goal, metric=metric))
    table = stage_product_table(scenario)
    split = metric if metric == "revenue" else "contribution"
    of_split = replace(scenario, goal=replace(scenario.goal, metric=split))
    steps = bridge(of_split.at_goal, scenario.now, scenario.target, by_stage(scenario))
    near = rounding(scenario, table)
    assert list(table) == list(steps)
    for stage, row in table.items():
        assert row.shape == (len(scenario.business.line or "12") + 1,)
        assert row.sum() == pytest.approx(float(steps[stage]), rel=0, abs=near)
    change = scenario.at_goal_by_product() - scenario.at_goal_by_product({})
    np.testing.assert_allclose(sum(table.values(), 0 * change), change, rtol=0, atol=near)
