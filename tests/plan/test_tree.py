"""The tree of B: what every node is made of, by hand and from the reference."""

from dataclasses import replace
from math import isnan, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkit.model.levers import Stage
from funnelkit.model.owner import METRICS, Business
from funnelkit.model.products import Product, Role
from funnelkit.plan.scenario import Goal, Scenario
from funnelkit.plan.tree import Node, tree
from tests.reference import ramp, reference
from tests.strategies import scenarios

NOW = {
    "visitors": 1000.0,
    "lead_rate": 0.1,
    "audience": 500.0,
    "engagement_rate": 0.2,
    "nurtured_lead_rate": 0.5,
    "managers": 2.0,
    "answered_rate": 0.5,
    "qualified_rate": 0.8,
    "win_rate": 0.25,
    "average_check": 100.0,
    "collection_new": 0.9,
    "refund_rate": 0.1,
    "retention_rate": 0.5,
    "purchase_rate": 2.0,
    "repeat_check": 10.0,
    "collection_repeat": 0.8,
    "other_revenue": 70.0,
    "margin": 0.5,
    "other_revenue_margin": 0.5,
    "fixed_costs": 100.0,
    "cost_per_manager": 20.0,
    "marketing_fixed": 30.0,
    "cost_per_visitor": 0.0,
    "cost_per_reached": 0.0,
}
PLAN = {"visitors": 2000.0, "managers": 4.0, "win_rate": 0.5, "repeat_check": 20.0}


def shop(metric: str = "revenue", **options: object) -> Scenario:
    given = {
        "goal": Goal(metric=metric, a=1000, b=3000, horizon=1),
        "business": Business(active_customers=30, leads_per_manager=60),
        "now": NOW,
        "plan": PLAN,
    }
    return Scenario(**(given | options))


def nodes(scenario: Scenario) -> dict[str, Node]:
    return {node.name: node for node in tree(scenario)}


def test_every_number_by_hand() -> None:
    """Month 0: 150 leads for 120 places. Month 1: 250 and the 30 who wait, for 240 places."""
    both = {name: (node.now, node.plan) for name, node in nodes(shop()).items()}
    old = (30 + 120 * 0.4 * 0.25) * 0.5
    expected = {
        "visitors": (1000, 2000),
        "audience": (500, 500),
        "leads": (150, 250),
        "worked_leads": (120, 240),
        "qualified_leads": (48, 96),
        "new_customers": (12, 48),
        "average_check": (100, 100),
        "revenue_new": (1200 * 0.81, 4800 * 0.81),
        "active_customers": (30, old),
        "purchase_rate": (2, 2),
        "repeat_check": (10, 20),
        "revenue_repeat": (30 * 20 * 0.8, old * 40 * 0.8),
        "other_revenue": (70, 70),
        "revenue": (972 + 480 + 70, 3888 + old * 32 + 70),
    }
    assert set(both) == set(expected)
    for name, pair in both.items():
        assert pair == pytest.approx(expected[name]), name


@pytest.mark.parametrize(("metric", "rest"), [("contribution", (0, 0)), ("profit", (170, 210))])
def test_other_metrics_put_costs_beside_revenue(metric: str, rest: tuple[float, float]) -> None:
    found = nodes(shop(metric))
    revenue, costs, top = found["revenue"], found["costs"], found[metric]
    assert (top.parent, revenue.parent, costs.parent) == (None, metric, metric)
    assert top.stage is None
    assert costs.stage == "economics"
    signed = 1200 + 600, 4800 + 21 * 40
    direct = [-0.5 * s - 0.5 * 70 for s in signed]
    now, plan = (cost - more for cost, more in zip(direct, rest, strict=True))
    assert (costs.now, costs.plan) == pytest.approx((now, plan))
    assert (top.now, top.plan) == pytest.approx((revenue.now + now, revenue.plan + plan))
    assert set(found) - {metric, "costs"} == set(nodes(shop()))


SUMS = ("revenue", "contribution", "profit")
WAYS = {
    "leads": lambda c, r: (
        c.get("visitors", 0) * r["lead_rate"]
        + c.get("audience", 0) * r["engagement_rate"] * r["nurtured_lead_rate"]
    ),
    "qualified_leads": lambda c, r: prod(c.values()) * r["answered_rate"] * r["qualified_rate"],
    "new_customers": lambda c, r: prod(c.values()) * r["win_rate"],
    "revenue_new": lambda c, r: prod(c.values()) * r["collection_new"] * (1 - r["refund_rate"]),
    "revenue_repeat": lambda c, r: prod(c.values()) * r["collection_repeat"],
}
"""How a node follows from its children and from the levers beside them."""


@given(
    scenarios(
        sales_cycle=st.just((1.0,)),
        line=st.just(()) | st.just((Product(name="p", role=Role.CORE),)),
    ),
    st.sampled_from(METRICS),
)
@settings(max_examples=200)
def test_every_parent_follows_from_its_children(scenario: Scenario, metric: str) -> None:
    scenario = replace(scenario, goal=replace(scenario.goal, metric=metric))
    found = tree(scenario)
    for end, levers in (("now", scenario.now), ("plan", scenario.target)):
        for node in found:
            children = {c.name: getattr(c, end) for c in found if c.parent == node.name}
            if node.name in SUMS and children:
                scale = sum(map(abs, children.values()))
                expected = sum(children.values())
            elif node.name in WAYS:
                scale = expected = WAYS[node.name](children, levers)
            else:
                continue
            assert getattr(node, end) == pytest.approx(expected, rel=0, abs=1e-9 * (1 + scale))


@given(scenarios())
@settings(max_examples=50)
def test_flows_are_month_0_and_the_goals_month(scenario: Scenario) -> None:
    horizon = scenario.goal.horizon
    ways = {
        name: ramp(v, scenario.target[name], scenario.start.get(name, 0), horizon, horizon + 1)
        for name, v in scenario.now.items()
    }
    expected = reference(ways, scenario.business, horizon + 1)
    found = nodes(scenario)
    money = 1 + abs(found["revenue"].plan if "revenue" in found else 0)
    for name, node in found.items():
        if name in expected and name not in scenario.now:
            values = expected[name][0], expected[name][horizon]
            assert (node.now, node.plan) == pytest.approx(values, abs=1e-9 * money), name


@given(scenarios())
def test_parents_come_before_their_children_and_once(scenario: Scenario) -> None:
    seen: list[str | None] = [None]
    for node in tree(scenario):
        assert node.parent in seen
        assert node.name not in seen
        seen.append(node.name)


def test_a_team_with_room_is_no_node() -> None:
    found = nodes(shop(business=Business(active_customers=30)))
    assert "worked_leads" not in found
    assert found["leads"].parent == "qualified_leads"
    assert nodes(shop())["leads"].parent == "worked_leads"


def test_a_team_that_is_short_at_one_end_is_a_node() -> None:
    for managers in ((2.0, 9.0), (9.0, 2.0)):
        now, plan = ({"managers": m} for m in managers)
        assert "worked_leads" in nodes(shop(now=NOW | now, plan=PLAN | plan))


@pytest.mark.parametrize(
    ("zero", "gone"),
    [
        (["audience"], {"audience"}),
        (["visitors"], {"visitors"}),
        (["other_revenue"], {"other_revenue"}),
        (
            ["repeat_check"],
            {"revenue_repeat", "active_customers", "purchase_rate", "repeat_check"},
        ),
        (
            ["visitors", "audience"],
            {"revenue_new", "new_customers", "qualified_leads", "worked_leads", "leads"}
            | {"visitors", "audience", "average_check"},
        ),
    ],
)
def test_what_is_zero_at_both_ends_is_left_out(zero: list[str], gone: set[str]) -> None:
    busy = {
        "plan": {"win_rate": 0.5},
        "business": Business(active_customers=9, leads_per_manager=9),
    }
    without = shop(now=NOW | dict.fromkeys(zero, 0.0), **busy)
    assert set(nodes(shop(**busy))) - set(nodes(without)) == gone


def test_what_is_zero_at_one_end_stays() -> None:
    found = nodes(shop(now=NOW | {"audience": 0.0}, plan={"audience": 10.0}))
    assert (found["audience"].now, found["audience"].plan) == (0, 10)
    assert isnan(found["audience"].multiplier)


def test_the_multiplier() -> None:
    assert nodes(shop())["visitors"].multiplier == 2
    assert nodes(shop())["audience"].multiplier == 1


def test_levers_nobody_named_are_not_in_the_tree() -> None:
    now = {"visitors": 100.0, "win_rate": 0.5, "average_check": 20.0}
    found = nodes(shop(now=now, plan={}, business=Business()))
    assert list(found) == [
        *("revenue", "revenue_new", "new_customers", "qualified_leads", "leads", "visitors"),
        "average_check",
    ]
    assert [rate.name for node in found.values() for rate in node.rates] == ["win_rate"]


def test_rates_and_departments() -> None:
    found = nodes(shop())
    rates = {node.name: {r.name: (r.now, r.plan) for r in node.rates} for node in found.values()}
    assert {name: of for name, of in rates.items() if of} == {
        "revenue_new": {"collection_new": (0.9, 0.9), "refund_rate": (0.1, 0.1)},
        "new_customers": {"win_rate": (0.25, 0.5)},
        "qualified_leads": {"answered_rate": (0.5, 0.5), "qualified_rate": (0.8, 0.8)},
        "worked_leads": {"managers": (2, 4)},
        "visitors": {"lead_rate": (0.1, 0.1)},
        "audience": {"engagement_rate": (0.2, 0.2), "nurtured_lead_rate": (0.5, 0.5)},
        "revenue_repeat": {"collection_repeat": (0.8, 0.8)},
        "active_customers": {"retention_rate": (0.5, 0.5)},
    }
    stages = {name: node.stage and str(node.stage) for name, node in found.items()}
    assert stages == (
        dict.fromkeys(("revenue", "other_revenue", "leads"))
        | dict.fromkeys(("revenue_new", "new_customers", "qualified_leads"), "conversion")
        | dict.fromkeys(("worked_leads", "average_check"), "conversion")
        | {"visitors": "generation", "audience": "nurturing"}
        | dict.fromkeys(("revenue_repeat", "active_customers"), "account")
        | dict.fromkeys(("purchase_rate", "repeat_check"), "account")
    )


LINE = (
    Product(name="course", role=Role.CORE),
    Product(name="club", role=Role.RECURRING),
    Product(name="extra", role=Role.UPSELL),
)
NUMBERS = {"course": (0.5, 200.0), "club": (0.5, 30.0), "extra": (0.5, 10.0)}
OF_LINE = {"visitors": 10.0, "retention_rate": 0.5}
for _name, (_take_rate, _price) in NUMBERS.items():
    OF_LINE |= {f"take_rate.{_name}": _take_rate, f"price.{_name}": _price, f"margin.{_name}": 0.6}


def with_line(now: dict[str, float], plan: dict[str, float]) -> dict[str, Node]:
    business = Business(active_customers=20, line=LINE)
    return nodes(shop(now=OF_LINE | now, plan=plan, business=business))


def test_a_line_stands_as_its_sums() -> None:
    found = with_line({}, {"price.course": 300.0, "take_rate.club": 1.5})
    assert (found["average_check"].now, found["average_check"].plan) == (100, 150)
    assert (found["purchase_rate"].now, found["purchase_rate"].plan) == (1, 2)
    assert (found["repeat_check"].now, found["repeat_check"].plan) == (20, 25)
    assert (found["revenue_repeat"].now, found["revenue_repeat"].plan) == (400, 15 * 50)


def test_a_line_that_begins_to_sell_again_shows_its_repeat_check() -> None:
    none = {"take_rate.club": 0.0, "take_rate.extra": 0.0}
    found = with_line(none, {"take_rate.club": 1.0})
    children = [n.plan for n in found.values() if n.parent == "revenue_repeat"]
    assert found["revenue_repeat"].plan == pytest.approx(np.prod(children))


def test_leads_of_visitors_alone_are_advertisings() -> None:
    assert nodes(shop(now=NOW | {"audience": 0.0}))["leads"].stage is Stage.GENERATION


def test_a_business_without_anything_is_a_root_alone() -> None:
    nothing = dict.fromkeys(NOW, 0.0)
    assert list(nodes(shop(now=nothing, plan={}))) == ["revenue"]
