from collections.abc import Mapping
from dataclasses import replace
from math import isnan, log, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkit.model.owner import METRICS, Business, by_product
from funnelkit.model.products import Product, Role
from funnelkit.plan.decompose import bridge, shapley
from funnelkit.plan.lmdi import (
    FACTORS,
    NEW_SALES,
    PEOPLE,
    REPEAT_SALES,
    lmdi,
    lmdi_of_scenario,
    realised_factors,
)
from funnelkit.plan.scenario import Goal, Scenario
from tests.strategies import counts, money, scenarios, shares

# Max Halford, "Decomposing funnel metrics" (maxhalford.github.io, 2023): impressions, clicks,
# conversions and revenue of a month of 2018 and of the same month of 2019, by month and group.
HALFORD = {
    ("January", "A"): ((1000, 150, 120, 8600), (1000, 120, 100, 9055)),
    ("January", "B"): ((2000, 150, 150, 9400), (2150, 200, 145, 8739)),
    ("January", "C"): ((2500, 250, 125, 10750), (2000, 400, 166, 10147)),
    ("February", "A"): ((50, 20, 10, 500), (2500, 1000, 500, 50000)),
    ("February", "B"): ((2000, 300, 150, 11400), (2150, 323, 145, 10739)),
    ("February", "C"): ((2500, 250, 125, 8750), (2000, 320, 166, 12147)),
}
HALFORDS_BRIDGE = {  # as published, in whole dollars
    ("January", "A"): (0, -1720, 287, 1888),
    ("January", "B"): (705, 2428, -3447, -348),
    ("January", "C"): (-2150, 8600, -2924, -4129),
    ("February", "A"): (24500, 0, 0, 25000),
    ("February", "B"): (855, 19, -1254, -281),
    ("February", "C"): (-1750, 4200, 420, 527),
}


def funnel(impressions: float, clicks: float, conversions: float, revenue: float) -> dict:
    return {
        "impressions": float(impressions),
        "click_rate": clicks / impressions,
        "conversion_rate": conversions / clicks,
        "spend": revenue / conversions,
    }


def product(levers: Mapping[str, np.ndarray]) -> np.ndarray:
    return prod(levers.values())


def stepwise(method):
    """The methods for any function, on a product of factors."""

    def decompose(now: dict, plan: dict) -> dict:
        return method(product, now, plan, {name: [name] for name in now})

    return decompose


METHODS = {"bridge": stepwise(bridge), "shapley": stepwise(shapley), "lmdi": lmdi}


@pytest.mark.parametrize("method", METHODS)
def test_halfords_six_groups_by_every_method(method: str) -> None:
    total = 0.0
    for before, after in HALFORD.values():
        steps = METHODS[method](funnel(*before), funnel(*after))
        assert sum(steps.values()) == pytest.approx(after[-1] - before[-1], rel=0, abs=1e-8)
        total += float(sum(steps.values()))
    assert total == pytest.approx(51_427, rel=0, abs=1e-7)


@pytest.mark.parametrize("group", HALFORD)
def test_halfords_published_steps(group: tuple[str, str]) -> None:
    before, after = HALFORD[group]
    steps = METHODS["bridge"](funnel(*before), funnel(*after))
    assert [round(float(step)) for step in steps.values()] == list(HALFORDS_BRIDGE[group])


def test_halfords_groups_are_the_cells_of_one_table() -> None:
    ends = [[funnel(*end[i]) for end in HALFORD.values()] for i in (0, 1)]
    now, plan = ({name: np.array([cell[name] for cell in end]) for name in end[0]} for end in ends)
    table = lmdi(now, plan)
    for place, (before, after) in enumerate(HALFORD.values()):
        alone = lmdi(funnel(*before), funnel(*after))
        assert {name: float(row[place]) for name, row in table.items()} == pytest.approx(alone)
    assert sum(row.sum() for row in table.values()) == pytest.approx(51_427)


# The formula.


def log_mean(a: float, b: float) -> float:
    return a if a == b else (b - a) / log(b / a)


@given(st.lists(st.tuples(st.floats(0.01, 1000), st.floats(0.01, 1000)), min_size=1, max_size=5))
def test_the_closed_form(factors: list[tuple[float, float]]) -> None:
    now, plan = ({str(i): pair[end] for i, pair in enumerate(factors)} for end in (0, 1))
    before, after = prod(now.values()), prod(plan.values())
    steps = lmdi(now, plan)
    far = abs(log(after / before)) > 1e-3  # nearer, the closed form itself loses its digits
    for name, step in steps.items():
        closed = log_mean(before, after) * log(plan[name] / now[name])
        if far:
            assert step == pytest.approx(closed, rel=1e-9, abs=1e-9 * max(before, after))
    assert sum(steps.values()) == pytest.approx(after - before, rel=0, abs=1e-12 * (before + after))


def test_near_equality_no_digit_is_lost() -> None:
    """Two factors whose changes all but cancel out: L is between the two totals."""
    tiny = 2.0**-40
    steps = lmdi({"a": 3.0, "b": 5.0}, {"a": 6.0, "b": 2.5 * (1 + tiny)})
    assert steps["a"] == pytest.approx(15 * log(2), rel=1e-11)
    assert sum(steps.values()) == pytest.approx(15 * tiny, rel=1e-2)  # rounding of 10.4


def test_equal_factors_rise_alike_and_an_unmoved_one_brings_nothing() -> None:
    steps = lmdi({"a": 2.0, "b": 5.0, "c": 7.0}, {"a": 3.0, "b": 7.5, "c": 7.0})
    assert [steps["a"], steps["b"]] == pytest.approx([(2.25 - 1) * 70 / 2] * 2)
    assert steps["c"] == 0


# Zeros: the eight cases of Ang & Liu (2007), by what is 0 of the total and the factor x.


@pytest.mark.parametrize(
    ("now", "plan", "of_x"),
    [
        ({"x": 0, "y": 2}, {"x": 3, "y": 5}, 15),
        ({"x": 3, "y": 5}, {"x": 0, "y": 2}, -15),
        ({"x": 2, "y": 0}, {"x": 3, "y": 5}, 0),
        ({"x": 2, "y": 5}, {"x": 3, "y": 0}, 0),
        ({"x": 2, "y": 0}, {"x": 3, "y": 0}, 0),
        ({"x": 0, "y": 2}, {"x": 0, "y": 5}, 0),
        ({"x": 2, "y": 0}, {"x": 0, "y": 5}, 0),
        ({"x": 0, "y": 5}, {"x": 2, "y": 0}, 0),
    ],
)
def test_zeros(now: dict, plan: dict, of_x: float) -> None:
    steps = lmdi(now, plan)
    assert steps["x"] == of_x
    assert steps["x"] + steps["y"] == prod(plan.values()) - prod(now.values())


def test_several_zeros_share_equally() -> None:
    now, plan = {"a": 0.0, "b": 2.0, "c": 0.0, "d": 0.0}, {"a": 5.0, "b": 3.0, "c": 7.0, "d": 2.0}
    assert lmdi(now, plan) == {"a": 70.0, "b": 0.0, "c": 70.0, "d": 70.0}
    assert lmdi(plan, now) == {"a": -70.0, "b": 0.0, "c": -70.0, "d": -70.0}


def test_a_zero_is_the_limit_of_small_numbers() -> None:
    """Slowly, as 1 / log: two factors go to 0 together and share; the third's part vanishes."""
    plan = {"a": 5.0, "b": 3.0, "c": 7.0}
    parts = [lmdi({"a": tiny, "b": 2.0, "c": tiny}, plan)["b"] for tiny in (1e-3, 1e-30, 1e-150)]
    assert parts[0] > parts[1] > parts[2] > 0
    almost = lmdi({"a": 1e-150, "b": 2.0, "c": 1e-150}, plan)
    assert almost["a"] == pytest.approx(105 / 2, rel=0.01)
    assert almost["c"] == pytest.approx(105 / 2, rel=0.01)


def test_a_total_too_small_for_a_number_is_still_shared() -> None:
    steps = lmdi({"a": 1e-200, "b": 1e-200}, {"a": 1.0, "b": 1.0})
    assert list(steps.values()) == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(
    ("now", "plan"), [({"x": 2, "y": -1}, {"x": 3, "y": 1}), ({"x": 2, "y": 1}, {"x": 3, "y": -1})]
)
def test_signs_are_refused_with_the_reason(now: dict, plan: dict) -> None:
    with pytest.raises(ValueError, match=r"below 0: y; LMDI takes logarithms.*change its sign"):
        lmdi(now, plan)
    with pytest.raises(ValueError, match="below 0: y;"):
        lmdi(now | {"y": [1.0, now["y"]]}, plan | {"y": [1.0, plan["y"]]})


def test_both_ends_have_the_same_factors() -> None:
    with pytest.raises(ValueError, match="not at both ends: x, y"):
        lmdi({"x": 1.0}, {"y": 1.0})
    assert lmdi({}, {}) == {}


def test_what_is_missing_stays_missing_unless_it_does_not_matter() -> None:
    nan = float("nan")
    steps = lmdi({"x": [nan, nan, nan], "y": [1, 0, 0]}, {"x": [2, nan, 2], "y": [3, 0, 3]})
    assert np.isnan(steps["x"]).tolist() == [True, False, False]
    assert (steps["x"][1:].tolist(), steps["y"][1:].tolist()) == ([0, 0], [0, 6])
    assert all(isnan(step) for step in lmdi({"x": 0, "y": 1}, {"x": 2, "y": nan}).values())


# Tables of cells, with zeros anywhere.

VALUES = counts(5) | shares() | money() | counts(10**6)


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict, dict]:
    """Up to five factors of channel x product at both ends; some alike in all rows or columns."""
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    shapes = {
        str(i): draw(st.sampled_from([(rows, columns), (columns,), (rows, 1), ()]))
        for i in range(draw(st.integers(1, 5)))
    } | {"cells": (rows, columns)}
    return tuple(
        {
            name: np.array(
                draw(st.lists(VALUES, min_size=prod(shape), max_size=prod(shape)))
            ).reshape(shape)
            for name, shape in shapes.items()
        }
        for _ in range(2)
    )


def products(end: Mapping[str, np.ndarray]) -> np.ndarray:
    return prod(end.values())


@given(tables())
def test_tables_are_exact_along_every_axis(ends: tuple[dict, dict]) -> None:
    now, plan = ends
    change, most = products(plan) - products(now), products(plan) + products(now)
    table = np.stack(list(lmdi(now, plan).values()))
    assert table.shape == (len(now), *change.shape)
    near = 1e-12 * (most + np.abs(table).sum(axis=0))
    assert (np.abs(table.sum(axis=0) - change) <= near).all()
    for axis in (0, 1):
        assert (
            np.abs(table.sum(axis=(0, 1 + axis)) - change.sum(axis=axis)) <= near.sum(axis=axis)
        ).all()
    assert abs(table.sum() - change.sum()) <= near.sum()


@given(tables(), st.randoms())
def test_the_order_of_factors_and_of_the_ends_does_not_matter(ends, random) -> None:
    now, plan = ends
    steps, back = lmdi(now, plan), lmdi(plan, now)
    names = random.sample(list(now), len(now))
    mixed = lmdi({name: now[name] for name in names}, plan)
    near = 1e-12 * (products(plan) + products(now)) * 20
    for name, step in steps.items():
        assert (np.abs(mixed[name] - step) <= near).all()
        assert (np.abs(back[name] + step) <= near).all()


@given(tables(), st.sampled_from([0.001, 7.0, 1e6]))
def test_another_currency_scales_all(ends: tuple[dict, dict], rate: float) -> None:
    now, plan = ends
    scaled = lmdi(now | {"0": now["0"] * rate}, plan | {"0": plan["0"] * rate})
    near = 1e-11 * (products(plan) + products(now)) * rate * 20
    for name, step in lmdi(now, plan).items():
        assert (np.abs(scaled[name] - rate * step) <= near).all()


# The owner's model.


def rounding(scenario: Scenario, table: np.ndarray) -> float:
    """1e-11 of all the money at both ends and of all that is shared out."""
    paths = (scenario.run({}), scenario.run())
    signed = sum(float(np.max(p.signed_new + p.signed_repeat + p.other_revenue)) for p in paths)
    return 1e-11 * (1.0 + signed + float(np.abs(table).sum()))


def of_revenue(scenario: Scenario) -> Scenario:
    return replace(scenario, goal=replace(scenario.goal, metric="revenue"))


@given(scenarios().map(of_revenue))
@settings(max_examples=200)
def test_factors_and_products_add_up(scenario: Scenario) -> None:
    parts = lmdi_of_scenario(scenario)
    assert tuple(parts) == FACTORS
    table = np.stack(list(parts.values()))
    near = rounding(scenario, table)
    change = scenario.at_goal_by_product() - scenario.at_goal_by_product({})
    np.testing.assert_allclose(table.sum(axis=0), change[:-1], rtol=0, atol=near)
    horizon = scenario.goal.horizon
    other = np.subtract(*(p.other_revenue[horizon] for p in (scenario.run(), scenario.run({}))))
    revenue = float(scenario.at_goal() - scenario.at_goal({}))
    assert table.sum() == pytest.approx(revenue - other, rel=0, abs=near)


@given(scenarios(), st.booleans())
def test_realised_factors_multiply_to_the_months_revenue(scenario: Scenario, idle: bool) -> None:
    plan = {} if idle else None
    factors = realised_factors(scenario, plan)
    horizon = scenario.goal.horizon
    path = scenario.run(plan)
    line = scenario.business.line
    first = np.array([product.first for product in line]) if line else np.array([True, False])
    buyers = np.where(first, path.new_customers[horizon], path.active_customers[horizon])
    assert prod(factors[name] for name in PEOPLE) == pytest.approx(buyers, rel=1e-11, abs=1e-9)
    revenue = by_product(scenario.paths(plan), scenario.business, metric="revenue")
    near = rounding(scenario, revenue)
    np.testing.assert_allclose(prod(factors.values()), revenue[:-1, horizon], rtol=1e-11, atol=near)


@given(scenarios().map(of_revenue))
def test_a_product_has_only_the_factors_of_its_chain(scenario: Scenario) -> None:
    line = scenario.business.line
    first = [product.first for product in line] if line else [True, False]
    for name, row in lmdi_of_scenario(scenario).items():
        for new, part in zip(first, row, strict=True):
            assert name in (NEW_SALES if new else REPEAT_SALES) or part == 0


NOW = {
    "visitors": 1000.0,
    "lead_rate": 0.1,
    "answered_rate": 0.8,
    "qualified_rate": 0.5,
    "win_rate": 0.25,
    "average_check": 50.0,
    "collection_new": 0.9,
    "refund_rate": 0.1,
    "retention_rate": 0.5,
    "purchase_rate": 2.0,
    "repeat_check": 10.0,
    "other_revenue": 70.0,
}


def shop(plan: dict, **options: object) -> Scenario:
    given = {
        "goal": Goal(metric="revenue", a=1000.0, b=3000.0, horizon=2),
        "business": Business(active_customers=10),
        "now": NOW,
    }
    return Scenario(**(given | options), plan=plan)


def test_one_factor_moved_brings_all() -> None:
    for lever, factor in (
        ("visitors", "worked_leads"),
        ("answered_rate", "answered_rate"),
        ("qualified_rate", "qualified_rate"),
        ("win_rate", "win_rate"),
        ("average_check", "price"),
        ("collection_new", "collected"),
        ("refund_rate", "kept"),
    ):
        late = shop({lever: 0.9 * NOW[lever]}, start={lever: 2})  # no time for repeat sales
        parts = lmdi_of_scenario(late)
        added = float(late.at_goal() - late.at_goal({}))
        assert abs(added) > 1
        assert parts.pop(factor) == pytest.approx([added, 0.0])
        assert not np.any(list(parts.values()))


def test_a_sales_cycle_blurs_no_rate() -> None:
    """Leads double at the end; their deals fall due later, and the win rate is what it was."""
    business = Business(active_customers=10, sales_cycle=(0.5, 0.5))
    scenario = shop({"visitors": 2000.0}, business=business, start={"visitors": 2})
    factors = realised_factors(scenario)
    assert factors["worked_leads"][0] == pytest.approx((100 + 200) / 2)
    assert [factors[name][0] for name in ("answered_rate", "qualified_rate", "win_rate")] == (
        pytest.approx([0.8, 0.5, 0.25])
    )
    added = lmdi_of_scenario(scenario)
    assert added["worked_leads"][0] == pytest.approx(50 * 0.8 * 0.5 * 0.25 * 50 * 0.9 * 0.9)
    assert np.abs([row for name, row in added.items() if name != "worked_leads"]).max() < 1e-9


def test_a_rate_of_nobody_is_the_levers_own() -> None:
    """Without leads the rates bring nothing, and the leads bring all."""
    scenario = shop({"visitors": 1000.0, "win_rate": 0.5}, now=NOW | {"visitors": 0.0})
    before = realised_factors(scenario, {})
    assert [before[name][0] for name in PEOPLE[:4]] == [0, 0.8, 0.5, 0.25]
    parts = lmdi_of_scenario(scenario)
    assert parts["worked_leads"][0] == pytest.approx(100 * 0.8 * 0.5 * 0.5 * 50 * 0.9 * 0.9)
    assert parts["win_rate"].tolist() == [0, 0]


def test_unknown_retention_without_repeat_sales_does_no_harm() -> None:
    line = (Product(name="a", role=Role.CORE), Product(name="b", role=Role.UPSELL))
    now = {"visitors": 100.0, "take_rate.a": 1.0, "price.a": 10.0, "margin.a": 0.5}
    now |= {"take_rate.b": 0.0, "price.b": 10.0, "margin.b": 0.5}
    scenario = shop({"visitors": 150.0}, now=now, business=Business(line=line))
    parts = lmdi_of_scenario(scenario)
    assert parts.pop("worked_leads").tolist() == pytest.approx([500.0, 0.0])
    assert not np.any(list(parts.values()))


@pytest.mark.parametrize("metric", [name for name in METRICS if name != "revenue"])
def test_differences_are_no_products(metric: str) -> None:
    goal = Goal(metric=metric, a=1000.0, b=3000.0, horizon=2)
    with pytest.raises(ValueError, match=f"{metric} is none"):
        lmdi_of_scenario(shop({"visitors": 2000.0}, goal=goal))
