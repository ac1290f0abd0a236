"""The owner's model beside an independent month-by-month evaluation (`tests.reference`)."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from math import inf, isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkit.model.levers import LEVERS, Unit
from funnelkit.model.owner import Business, Months, by_product, per_customer, run, static, steady
from funnelkit.model.products import REPLACED_BY_LINE, Product, Role, known_levers
from funnelkit.plan.scenario import Scenario
from tests.reference import MONEY, PEOPLE, ramp, reference, sales
from tests.strategies import (
    businesses,
    levers,
    lines,
    money,
    scenarios,
    shares,
)

FIELDS = tuple(field.name for field in fields(Months))

# A month is at most a few hundred additions and products of numbers of one size, each rounded to
# 1.1e-16, and differences (waiting leads, profit) lose what the largest term has lost. So 1e-11
# of the largest term of the same kind is far above rounding, and far below any other formula.
ROUNDING = 1e-11


Values = Mapping[str, Sequence[float]]


def largest(path: Values, names: tuple[str, ...]) -> float:
    return float(np.nanmax([np.abs(path[name]).max() for name in names], initial=1.0))


def assert_same(path: Months | Values, expected: Values) -> None:
    """Compare all fields of the reference; a sum within rounding of the largest of its kind."""
    if isinstance(path, Months):
        path = as_dict(path)
    for names in (PEOPLE, MONEY):
        scale = ROUNDING * largest(expected, names)
        for name in names:
            np.testing.assert_allclose(path[name], expected[name], rtol=0, atol=scale, err_msg=name)
    # LTV subtracts sums below 4 products x 4 purchases x 1,000, rounded by some 1e-11, and
    # multiplies by r / (1 - r) < 1,000.
    np.testing.assert_allclose(path["ltv"], expected["ltv"], rtol=ROUNDING, atol=1e-7)
    np.testing.assert_allclose(path["cac"], expected["cac"], rtol=ROUNDING)


def as_dict(path: Months, at: object = ...) -> dict[str, np.ndarray]:
    return {name: getattr(path, name)[at] for name in FIELDS}


def reference_of(scenario: Scenario) -> dict[str, list[float]]:
    ways = {
        name: ramp(
            scenario.now[name],
            scenario.plan.get(name, scenario.now[name]),
            scenario.start.get(name, 0),
            scenario.goal.horizon,
            scenario.goal.horizon + 3,
        )
        for name in scenario.now
    }
    return reference(ways, scenario.business, scenario.goal.horizon + 3)


@given(scenarios())
@settings(max_examples=300)
def test_run_is_the_definition_month_by_month(scenario: Scenario) -> None:
    assert_same(scenario.run(), reference_of(scenario))


def test_three_months_by_hand() -> None:
    """One case on paper, so that not everything hangs on the reference."""
    path = run(
        {
            "visitors": [1000, 1000, 2000],
            "lead_rate": 0.1,
            "managers": 3,
            "answered_rate": 0.5,
            "qualified_rate": 0.8,
            "win_rate": [0.25, 0.25, 0.5],
            "average_check": 100,
            "collection_new": 0.9,
            "refund_rate": 0.1,
            "retention_rate": 0.5,
            "purchase_rate": 2,
            "repeat_check": 10,
            "collection_repeat": 0.5,
            "margin": 0.4,
            "fixed_costs": 50,
            "cost_per_manager": 20,
            "marketing_fixed": 30,
            "cost_per_visitor": 0.01,
        },
        Business(active_customers=40, sales_cycle=(0.5, 0.5), leads_per_manager=50),
    )
    assert path.leads.tolist() == [100, 100, 200]
    assert path.worked_leads.tolist() == [100, 100, 150]
    assert path.waiting_leads.tolist() == [0, 0, 50]
    assert path.qualified_leads.tolist() == [40, 40, 60]
    assert path.new_customers.tolist() == [10, 10, 25]  # (40 + 60) / 2 * 0.5
    assert path.active_customers.tolist() == [40, 25, 17.5]
    assert path.signed_new == pytest.approx([1000, 1000, 2500])
    assert path.revenue == pytest.approx([810 + 400, 810 + 250, 2025 + 175])
    assert path.contribution == pytest.approx(
        [1210 - 0.6 * 1800, 1060 - 0.6 * 1500, 2200 - 0.6 * 2850]
    )
    assert path.marketing == pytest.approx([40, 40, 50])
    assert path.profit == pytest.approx([130 - 50 - 60 - 40, 160 - 150, 490 - 160])
    assert path.ltv == pytest.approx([100 * (0.81 - 0.6) + 20 * (0.5 - 0.6) * 1] * 3)
    assert path.cac == pytest.approx([10, 10, 110 / 25])


@given(st.data(), businesses(), st.permutations(range(4)))
def test_a_batch_is_its_scenarios_in_their_order(
    data: st.DataObject, business: Business, order: list[int]
) -> None:
    many = [data.draw(levers(business.line)) for _ in order]
    starts = np.array([data.draw(st.integers(0, 500)) for _ in order], dtype=float)
    stacked = {name: np.array([[x[name]] for x in many]) for name in many[0]}
    batch = run(stacked, replace(business, active_customers=starts), months=5)
    permuted = run(
        {name: value[order] for name, value in stacked.items()},
        replace(business, active_customers=starts[order]),
        months=5,
    )
    for i, x in enumerate(many):
        alone = run(x, replace(business, active_customers=starts[i]), months=5)
        assert_same(alone, as_dict(batch, i))
        assert_same(alone, as_dict(permuted, order.index(i)))


def test_ten_thousand_scenarios_in_one_call() -> None:
    win = np.linspace(0, 1, 10_000)[:, np.newaxis]
    ways = {"visitors": np.arange(12.0), "win_rate": win, "average_check": 10.0}
    path = run(ways, Business(sales_cycle=(0.5, 0.5)))
    assert {getattr(path, name).shape for name in FIELDS} == {(10_000, 12)}
    assert path.revenue[9_999, 11] == pytest.approx(10 * 10.5)


def test_leading_axes_broadcast() -> None:
    path = run(
        {"visitors": np.ones((3, 1, 1)), "win_rate": np.full((4, 1), 0.5), "average_check": 10},
        Business(active_customers=np.zeros((2, 1, 1))),
        months=6,
    )
    assert path.revenue.shape == (2, 3, 4, 6)


@given(scenarios(), st.sampled_from([0.01, 0.37, 92.5, 1000.0]))
def test_the_currency_scales_money_and_nothing_else(scenario: Scenario, rate: float) -> None:
    def is_money(name: str) -> bool:
        return name.startswith("price.") or (name in LEVERS and LEVERS[name].unit is Unit.MONEY)

    ways = scenario.paths()
    converted = {name: way * rate if is_money(name) else way for name, way in ways.items()}
    before = as_dict(run(ways, scenario.business))
    after = as_dict(run(converted, scenario.business))
    for name in PEOPLE:
        assert after[name].tolist() == before[name].tolist(), name
    assert_same({n: v if n in PEOPLE else v / rate for n, v in after.items()}, before)


@given(scenarios())
def test_a_queue_loses_nobody(scenario: Scenario) -> None:
    path = scenario.run()
    came = scenario.business.backlog + np.cumsum(path.leads)
    gone = np.cumsum(path.worked_leads) + np.cumsum(path.lost_leads)
    # Running sums of at most nine months of people.
    np.testing.assert_allclose(gone + path.waiting_leads, came, rtol=ROUNDING, atol=ROUNDING)
    assert (path.waiting_leads >= 0).all()
    assert (path.lost_leads >= 0).all()
    nobody = path.waiting_leads if scenario.business.overflow == "lost" else path.lost_leads
    assert not nobody.any()


def test_who_waits_is_worked_on_when_there_is_room_and_shown_apart() -> None:
    path = run(
        {"visitors": [150, 50, 50, 50], "managers": 1, "win_rate": 0.5, "average_check": 10},
        Business(leads_per_manager=80, sales_cycle=(0, 1)),
    )
    assert path.worked_leads.tolist() == [80, 80, 80, 60]
    assert path.waiting_leads.tolist() == [70, 40, 10, 0]
    assert path.new_customers.tolist() == [40, 40, 40, 40]  # a month later; 80 a month before
    assert path.backlog_revenue.tolist() == [0, 0, 150, 150]  # 30 leads more than came


def test_before_month_0_there_was_no_backlog() -> None:
    path = run(
        {"visitors": 50, "managers": 1, "average_check": 1},
        Business(leads_per_manager=80, sales_cycle=(0, 1), backlog=40),
        months=4,
    )
    assert path.worked_leads.tolist() == [80, 60, 50, 50]
    assert path.new_customers.tolist() == [50, 80, 60, 50]
    assert path.backlog_revenue.tolist() == [0, 30, 10, 0]


@st.composite
def settled(draw: st.DrawFn, **given: st.SearchStrategy) -> tuple[dict[str, float], Business]:
    """A business and constant levers at which clients come and go: retention below 1."""
    business = draw(businesses(leads_per_manager=st.just(inf), **given))
    x = draw(levers(business.line))
    return x | {"retention_rate": draw(shares(most=0.95))}, business


MANY = 700
"""Months after which retention up to 0.95 has left 0.95 ** 700 = 3e-16 of a client."""


@given(settled(discount=st.just(0.0)))
@settings(max_examples=50)
def test_one_more_customer_brings_the_ltv(case: tuple[dict[str, float], Business]) -> None:
    """A lead more in month 4, when the months before 0 are out of every deal's reach."""
    x, business = case
    x |= {"audience": np.zeros(MANY), "engagement_rate": 1.0, "nurtured_lead_rate": 1.0}
    x |= {"answered_rate": 0.5, "qualified_rate": 0.5, "win_rate": 0.5}
    before = run(x, business)
    x["audience"] = np.where(np.arange(MANY) == 4, 8.0, 0.0)
    after = run(x, business)
    assert (after.new_customers - before.new_customers).sum() == pytest.approx(1)
    brought = (after.contribution - before.contribution).sum()
    # The tail left out is below 1e-14 of the LTV's repeat part. The rest is what subtracting two
    # large contributions costs: 700 months of roundings.
    rounding = MANY * 1e-15 * np.abs(before.contribution).max()
    assert brought == pytest.approx(before.ltv[0], rel=1e-9, abs=rounding + 1e-9)


@given(settled(sales_cycle=st.just((1.0,)), discount=st.sampled_from([0.005, 0.02])))
@settings(max_examples=50)
def test_the_ltv_counts_later_money_for_less(case: tuple[dict[str, float], Business]) -> None:
    x, business = case
    x |= {"answered_rate": 1.0, "qualified_rate": 1.0, "win_rate": 1.0, "lead_rate": 1.0}
    x |= {"other_revenue": 0.0, "audience": 0.0, "visitors": [1.0] + [0.0] * (MANY - 1)}
    path = run(x, replace(business, active_customers=0.0, backlog=0.0))
    brought = sum(c / (1 + business.discount) ** t for t, c in enumerate(path.contribution))
    assert brought == pytest.approx(path.ltv[0], rel=1e-9, abs=1e-9)


@given(settled())
@settings(max_examples=50)
def test_steady_is_where_the_months_settle(case: tuple[dict[str, float], Business]) -> None:
    x, business = case
    assert_same(steady(x, business), as_dict(run(x, business, months=MANY), slice(-1, None)))


@given(st.data(), businesses(backlog=st.just(0.0)))
@settings(max_examples=50)
def test_steady_knows_the_team(data: st.DataObject, business: Business) -> None:
    x = data.draw(levers(business.line)) | {"retention_rate": 0.5}
    last = as_dict(run(x, business, months=80), slice(-1, None))  # 0.5 ** 80 = 8e-25
    if business.overflow == "wait":  # a queue that grows every month is the one thing unsettled
        last["waiting_leads"] = steady(x, business).waiting_leads
    assert_same(steady(x, business), last)


def test_a_line_of_one_sale_settles_too() -> None:
    path = steady({"visitors": 90, "retention_rate": 0.9, "purchase_rate": 1, "repeat_check": 1})
    assert path.active_customers == pytest.approx([810])
    assert path.revenue == pytest.approx([810])


def test_clients_who_never_leave_never_settle() -> None:
    path = steady({"visitors": 90, "retention_rate": 1, "purchase_rate": 1, "repeat_check": 1})
    assert isnan(path.revenue[0])


@given(st.data(), businesses(sales_cycle=st.just((1.0,)), backlog=st.just(0.0)))
def test_static_is_one_month_of_the_model(data: st.DataObject, business: Business) -> None:
    x = data.draw(levers(business.line))
    month = reference({name: [value] for name, value in x.items()}, business, 1)
    assert_same(static(x, business), month)


def test_static_moves_the_stock_like_any_factor() -> None:
    x = {"purchase_rate": [1.0, 2.0], "repeat_check": 5.0}
    path = static(x, Business(active_customers=[10.0, 20.0]))
    assert path.revenue.tolist() == [[50.0], [200.0]]


@given(st.data(), businesses(), st.sampled_from(["revenue", "contribution"]))
def test_products_add_up(data: st.DataObject, business: Business, metric: str) -> None:
    x = data.draw(levers(business.line))
    rows = by_product(x, business, metric=metric, months=4)
    path = run(x, business, months=4)
    assert rows.shape == (len(business.line) + 1 if business.line else 3, 4)
    scale = ROUNDING * largest(as_dict(path), MONEY)
    np.testing.assert_allclose(rows.sum(axis=0), path.metric(metric), rtol=0, atol=scale)


@given(st.data(), lines(least=1))
def test_each_product_has_its_own_row(data: st.DataObject, line: tuple[Product, ...]) -> None:
    """By hand: people x take rate x price x what is collected, less cost on what is signed."""
    x = data.draw(levers(line))
    business = Business(active_customers=30.0, line=line)
    rows = by_product(x, business, metric="contribution")
    new = run(x, business).new_customers[0]
    for product, row in zip(line, rows, strict=False):
        people = new if product.first else 30.0
        signed = people * x[f"take_rate.{product.name}"] * x[f"price.{product.name}"]
        kept = (
            x["collection_new"] * (1 - x["refund_rate"])
            if product.first
            else x["collection_repeat"]
        )
        expected = signed * kept - signed * (1 - x[f"margin.{product.name}"])
        assert row == pytest.approx([expected], rel=1e-9, abs=1e-12 * max(signed, 1))


def test_products_of_a_batch_keep_its_axes() -> None:
    x = {"visitors": np.ones((5, 1)), "average_check": 10, "margin": 0.5}
    assert by_product(x, Business(), metric="revenue", months=4).shape == (5, 3, 4)


def test_profit_does_not_split_over_products() -> None:
    with pytest.raises(KeyError, match="does not split"):
        by_product({}, Business(), metric="profit")


@given(st.data(), businesses(line=st.just(())))
def test_a_line_of_two_equals_the_plain_levers(data: st.DataObject, business: Business) -> None:
    x = data.draw(levers())
    line = (Product(name="first", role=Role.CORE), Product(name="again", role=Role.RECURRING))
    beside = {name: way for name, way in x.items() if name not in REPLACED_BY_LINE}
    of_line = beside | {
        "take_rate.first": 1.0,
        "price.first": x["average_check"],
        "margin.first": x["margin"],
        "take_rate.again": x["purchase_rate"],
        "price.again": x["repeat_check"],
        "margin.again": x["margin"],
    }
    plain = run(x, business, months=4)
    assert_same(run(of_line, replace(business, line=line), months=4), as_dict(plain))


# What is missing, absent, zero or wrong.


def test_a_missing_margin_leaves_revenue_and_takes_contribution() -> None:
    path = run({"visitors": 10, "average_check": 5}, months=2)
    assert path.revenue.tolist() == [50, 50]
    for name in ("contribution", "profit", "ltv"):
        assert np.isnan(getattr(path, name)).all(), name


def test_a_missing_margin_is_harmless_where_nothing_is_sold() -> None:
    path = run({"visitors": 10, "other_revenue": 7, "other_revenue_margin": 1})
    assert path.contribution.tolist() == [7]


@pytest.mark.parametrize("missing", ["fixed_costs", "marketing_fixed", "cost_per_visitor"])
def test_a_missing_cost_takes_profit_alone(missing: str) -> None:
    x = {"visitors": 10.0, "average_check": 5, "margin": 0.5, "managers": 0}
    x |= {"fixed_costs": 0, "marketing_fixed": 0, "cost_per_visitor": 0}
    del x[missing]
    path = run(x)
    assert path.contribution.tolist() == [25]
    assert isnan(path.profit[0])
    assert isnan(path.cac[0]) == (missing != "fixed_costs")


def test_no_visitors_bring_nothing_and_no_cac() -> None:
    path = run({"visitors": 0, "average_check": 5, "marketing_fixed": 9}, months=3)
    assert path.revenue.tolist() == [0, 0, 0]
    assert np.isnan(path.cac).all()


@given(businesses())
def test_zero_levers_bring_zero(business: Business) -> None:
    path = run(dict.fromkeys(known_levers(business.line), 0.0), business, months=3)
    for name in ("revenue", "contribution", "profit", "new_customers", "ltv"):
        assert not getattr(path, name).any(), name


def test_no_levers_at_all_bring_zero_revenue() -> None:
    assert run({}, months=2).revenue.tolist() == [0, 0]


@given(st.data(), businesses(line=st.just(())), st.sets(st.sampled_from(list(LEVERS))))
def test_a_lever_left_out_has_its_absent_value(
    data: st.DataObject, business: Business, left_out: set[str]
) -> None:
    x = data.draw(levers())
    named = {name: value for name, value in x.items() if name not in left_out}
    spelt_out = named | {name: LEVERS[name].absent for name in left_out}
    without, spelt = run(named, business, months=3), run(spelt_out, business, months=3)
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(without, name), getattr(spelt, name), err_msg=name)


def test_retention_1_has_no_ltv_unless_discounted() -> None:
    x = {"retention_rate": 1, "purchase_rate": 1, "repeat_check": 10, "margin": 0.5}
    assert isnan(run(x).ltv[0])
    assert run(x, Business(discount=0.01)).ltv == pytest.approx([5 / 0.01])
    assert run(x, Business(active_customers=3), months=3).revenue.tolist() == [30, 30, 30]


def test_unknown_levers_are_refused() -> None:
    with pytest.raises(KeyError, match=r"unknown levers: price\.course, vistors"):
        run({"vistors": 10, "price.course": 3})


def test_a_product_needs_all_its_levers() -> None:
    line = (Product(name="course", role=Role.CORE),)
    with pytest.raises(KeyError, match=r"margin\.course, price\.course"):
        run({"take_rate.course": 1}, Business(line=line))


@pytest.mark.parametrize("cycle", [(0.5, 0.4), (1.5, -0.5), (), (nan,)])
def test_a_sales_cycle_must_be_shares_that_sum_to_1(cycle: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="sales_cycle"):
        Business(sales_cycle=cycle)


def test_a_negative_backlog_is_refused() -> None:
    with pytest.raises(ValueError, match="backlog"):
        Business(backlog=-1)


def test_only_the_goals_metrics_can_be_asked_for() -> None:
    path = run({"visitors": 3, "average_check": 2})
    assert path.metric("revenue").tolist() == [6]
    with pytest.raises(KeyError, match="'leads' is none of revenue, contribution, profit"):
        path.metric("leads")


@given(money(), money())
def test_an_unpaid_sale_has_cost_its_cost(check: float, visitors: float) -> None:
    x = {"visitors": visitors, "average_check": check, "collection_new": 0.0, "margin": 0.25}
    path = run(x)
    assert path.revenue.tolist() == [0]
    assert path.contribution == pytest.approx([-0.75 * visitors * check])


def test_products_add_up_where_a_margin_is_missing_and_nobody_buys() -> None:
    line = (Product(name="care", role=Role.RECURRING),)
    x = {"take_rate.care": 1, "price.care": 9, "margin.care": nan}
    rows = by_product(x, Business(line=line), metric="contribution")
    np.testing.assert_array_equal(rows.sum(axis=0), run(x, Business(line=line)).contribution)


def test_a_team_of_unknown_size_is_not_a_team_of_nobody() -> None:
    path = run({"visitors": 10, "average_check": 5}, Business(leads_per_manager=40))
    assert np.isnan(path.revenue).all()


def test_a_stock_that_nobody_joins_or_leaves_is_settled() -> None:
    x = {"retention_rate": 1, "purchase_rate": 1, "repeat_check": 10}
    assert steady(x, Business(active_customers=3)).revenue.tolist() == [30]


def test_a_stock_of_unknown_retention_settles_nowhere() -> None:
    x = {"purchase_rate": 1, "repeat_check": 10}
    assert np.isnan(run(x, Business(active_customers=3), months=2).revenue[1])
    assert np.isnan(steady(x, Business(active_customers=3)).revenue).all()


@given(st.data(), businesses())
def test_one_client_taken_apart(data: st.DataObject, business: Business) -> None:
    x = data.draw(levers(business.line))
    one, path = per_customer(x, business), run(x, business)
    expected = sales({name: [value] for name, value in x.items()}, business, 0)
    near = {"rel": 1e-9, "abs": 1e-9}
    assert one.signed_new == pytest.approx([expected["new"]], **near)
    assert one.cost_new == pytest.approx([expected["new_cost"]], **near)
    assert one.signed_repeat == pytest.approx([expected["again"]], **near)
    assert one.cost_repeat == pytest.approx([expected["again_cost"]], **near)
    kept = x["collection_new"] * (1 - x["refund_rate"])
    assert one.first_value == pytest.approx(one.signed_new * kept - one.cost_new, **near)
    assert one.monthly_value == pytest.approx(
        one.signed_repeat * x["collection_repeat"] - one.cost_repeat, **near
    )
    np.testing.assert_array_equal(one.ltv, path.ltv)


@pytest.mark.parametrize("name", ["average_check", "margin"])
def test_a_lever_that_the_line_replaces_is_refused(name: str) -> None:
    line = (Product(name="club", role=Role.CORE),)
    x = {"take_rate.club": 1, "price.club": 9, "margin.club": 0.5, name: 0.5}
    with pytest.raises(KeyError, match=name):
        run(x, Business(line=line))


def test_ltv_over_cac_is_missing_where_either_is() -> None:
    x = {"visitors": 10, "average_check": 8, "margin": 0.5, "marketing_fixed": 20, "managers": 0}
    assert run(x | {"cost_per_visitor": 0}).ltv_to_cac.tolist() == [4 / 2]
    assert np.isnan(run(x | {"cost_per_visitor": 0, "visitors": 0}).ltv_to_cac).all()
    assert np.isnan(run(x).ltv_to_cac).all()
