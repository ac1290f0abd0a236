import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkit.model.levers import LEVERS
from funnelkit.model.owner import METRICS, Business
from funnelkit.model.products import Product, Role
from funnelkit.plan.decompose import SHAPLEY_PLAYERS, by_parameter, by_stage, shapley
from funnelkit.plan.lmdi import FACTORS, lmdi_of_scenario
from funnelkit.plan.mix import mix_of_scenario
from funnelkit.plan.scenario import Goal, Scenario
from funnelkit.show.appendix import FACTOR_LABELS, lmdi_table, mix_table, shapley_table
from funnelkit.show.tables import Table
from funnelkit.show.words import Words
from tests.strategies import lines, scenarios

WORDS = Words(language="en", currency="USD")
LINE = (
    Product(name="guide", role=Role.LEAD_MAGNET),
    Product(name="course", role=Role.CORE),
    Product(name="club", role=Role.RECURRING),
)
NOW = {
    "visitors": 1000.0,
    "lead_rate": 0.1,
    "win_rate": 0.5,
    "retention_rate": 0.9,
    "collection_repeat": 0.5,
    "other_revenue": 100.0,
    "take_rate.guide": 1.0,
    "price.guide": 0.0,
    "take_rate.course": 0.2,
    "price.course": 500.0,
    "take_rate.club": 1.0,
    "price.club": 100.0,
} | {f"margin.{product.name}": 0.5 for product in LINE}
PLAN = {"visitors": 2000.0, "win_rate": 0.6, "price.course": 600.0, "take_rate.club": 1.5}


def school(metric: str = "revenue", **options: object) -> Scenario:
    given = {
        "goal": Goal(metric=metric, a=1000.0, b=30_000.0, horizon=3),
        "business": Business(active_customers=40, line=LINE),
        "now": NOW,
        "plan": PLAN,
    }
    return Scenario(**(given | options))


def amount(cell: object) -> float:
    """The number in a cell; an empty one adds nothing."""
    text = re.sub(r"[^\d.−]", "", str(cell)).replace("−", "-")
    return float(text) if text else 0.0


def amounts(table: Table) -> list[list[float]]:
    return [[amount(cell) for cell in row[1:]] for row in table.rows]


def adds_up(table: Table) -> None:
    """Every row to its last cell, every column to the last row, but for rounding to show."""
    *body, totals = amounts(table)
    for row in (*body, totals):
        assert sum(row[:-1]) == pytest.approx(row[-1], rel=1e-9, abs=0.51 * len(row))
    for column in zip(*body, totals, strict=True):
        assert sum(column[:-1]) == pytest.approx(column[-1], rel=1e-9, abs=0.51 * len(column))
    assert table.emphasis == {len(table.rows) - 1}
    assert table.rows[-1][0] == "Total"


def added(scenario: Scenario) -> float:
    return float(scenario.at_goal() - scenario.at_goal({}))


# Shapley values.


def test_levers_stand_under_their_stages() -> None:
    scenario = school()
    table = shapley_table(scenario, WORDS)
    assert table.header == ("Stage", "Lever", "Revenue")
    assert [row[:2] for row in table.rows] == [
        ("Account management", ""),
        ("", "Purchases per client"),
        ("Lead conversion", ""),
        ("", "Won deals"),
        ("", "First check"),
        ("Lead generation", ""),
        ("", "Visitors"),
        ("Total", ""),
    ]
    assert table.emphasis == {0, 2, 5, 7}
    parts = shapley(scenario.at_goal, scenario.now, scenario.target, by_parameter(scenario))
    shown = {row[1]: row[2] for row in table.rows if row[1]}
    assert shown == {LEVERS[n].label: WORDS.money(float(v)) for n, v in parts.items()}
    assert amount(table.rows[2][2]) == pytest.approx(
        float(parts["win_rate"] + parts["average_check"]), abs=0.5
    )
    assert table.rows[-1][2] == WORDS.money(added(scenario))


def test_too_many_levers_are_moved_stage_by_stage() -> None:
    names = [name for name, lever in LEVERS.items() if not lever.cost][: SHAPLEY_PLAYERS + 1]
    now = dict.fromkeys(names, 0.4)
    scenario = school(now=now, plan=dict.fromkeys(names, 0.5), business=Business())
    table = shapley_table(scenario, WORDS)
    assert [row[0] for row in table.rows] == [
        "Account management",
        "Lead conversion",
        "Lead generation",
        "Lead nurturing",
        "Total",
    ]
    assert not any(row[1] for row in table.rows)
    assert "more than 14 levers" in table.note
    fewer = school(now=now, plan=dict.fromkeys(names[1:], 0.5), business=Business())
    assert len(shapley_table(fewer, WORDS).rows) == SHAPLEY_PLAYERS + 5
    assert "stages" not in shapley_table(fewer, WORDS).note


def test_a_plan_that_moves_nothing_has_a_total_of_nothing() -> None:
    assert shapley_table(school(plan={}), WORDS).rows == (("Total", "", "$0"),)


def test_what_is_not_known_is_no_number() -> None:
    table = shapley_table(school("profit"), WORDS)  # no costs are given
    assert {row[2] for row in table.rows} == {"no data"}
    assert table.header[-1] == "Profit"


@given(scenarios(most_moved=4), st.sampled_from(METRICS))
@settings(max_examples=30)
def test_stages_and_levers_add_up(scenario: Scenario, metric: str) -> None:
    scenario = replace(scenario, goal=replace(scenario.goal, metric=metric))
    table = shapley_table(scenario, WORDS)
    sums = [amount(row[2]) for row in table.rows if row[0]]
    parts = [amount(row[2]) for row in table.rows if row[1]]
    assert len(sums) == len(by_stage(scenario)) + 1
    assert len(parts) == len(by_parameter(scenario))
    for found in (sums[:-1], parts):
        assert sum(found) == pytest.approx(sums[-1], rel=1e-9, abs=0.51 * (len(found) + 1))
    assert sums[-1] == pytest.approx(added(scenario), rel=1e-9, abs=0.51)


# LMDI.


def by_factor(scenario: Scenario) -> Table:
    """The table with a row a factor, as the method is usually written."""
    return lmdi_table(scenario, WORDS).turned("Factor")


def test_a_product_has_a_row_so_that_twenty_fit_a_page() -> None:
    table = lmdi_table(school(), WORDS)
    assert [row[0] for row in table.rows] == ["guide", "course", "club", "Unallocated", "Total"]
    assert table.header[0] == "Product"


def test_factors_by_products() -> None:
    scenario = school()
    table = by_factor(scenario)
    assert table.header == ("Factor", "guide", "course", "club", "Unallocated", "Total")
    assert [row[0] for row in table.rows] == [
        "Leads worked on",
        "Won deals",
        "Active clients",
        "Purchases per client",
        "Price",
        "Total",
    ]
    adds_up(table)
    parts = lmdi_of_scenario(scenario)
    assert table.rows[0][2] == WORDS.money(float(parts["worked_leads"][1]))
    assert table.rows[0][3] == ""  # no factor of what is sold again
    assert table.rows[2][1:3] == ("", "")
    assert table.rows[-1][-1] == WORDS.money(added(scenario))


def test_other_revenue_stands_apart() -> None:
    table = by_factor(school(plan=PLAN | {"other_revenue": 300.0}))
    assert table.rows[-2] == ("Other revenue", "", "", "", "$200", "$200")
    adds_up(table)


def test_without_a_line_there_are_two_rows_of_sales() -> None:
    now = {"visitors": 100.0, "average_check": 50.0, "retention_rate": 0.5}
    now |= {"purchase_rate": 1.0, "repeat_check": 20.0}
    scenario = school(now=now, plan={"visitors": 200.0}, business=Business())
    table = by_factor(scenario)
    assert table.header[1:3] == ("First sale", "Repeat sales")
    assert [row[0] for row in table.rows] == ["Leads worked on", "Active clients", "Total"]


@pytest.mark.parametrize("metric", ["contribution", "profit"])
def test_another_goal_gets_a_note(metric: str) -> None:
    table = lmdi_table(school(metric), WORDS)
    assert table.rows == ()
    assert f"({metric.capitalize()})" in table.note
    cell = ElementTree.fromstring(table.html()).find("tfoot/tr/td")
    assert cell.get("colspan") == "1"


def test_every_factor_has_a_name() -> None:
    assert tuple(FACTOR_LABELS) == FACTORS


# Price, volume, mix.


def test_effects_by_products() -> None:
    scenario = school(plan=PLAN | {"collection_repeat": 0.6, "other_revenue": 50.0})
    table = mix_table(scenario, WORDS)
    assert table.header == (
        "Product",
        *("Price", "Volume", "Mix", "Collected", "Other revenue", "Total"),
    )
    assert [row[0] for row in table.rows] == ["guide", "course", "club", "Unallocated", "Total"]
    assert table.rows[3][1:] == ("$0", "$0", "$0", "$0", "−$50", "−$50")
    adds_up(table)
    effects = mix_of_scenario(scenario)
    assert table.rows[1][1:4] == tuple(
        WORDS.money(float(effects[name][1])) for name in ("price", "volume", "mix")
    )
    assert amount(table.rows[-1][-1]) == pytest.approx(added(scenario), abs=0.5)


def test_new_and_dropped_products_share_a_column() -> None:
    scenario = school(
        now=NOW | {"take_rate.course": 0.0}, plan={"take_rate.course": 0.5, "take_rate.club": 0.0}
    )
    table = mix_table(scenario, WORDS)
    assert table.header[4:] == ("New or dropped", "Total")
    adds_up(table)
    course, club = table.rows[1:3]
    assert amount(course[4]) == amount(course[-1]) > 0
    assert amount(club[4]) == amount(club[-1]) < 0


def test_without_a_line_there_is_no_mix() -> None:
    table = mix_table(school(now={}, plan={"visitors": 1.0}, business=Business()), WORDS)
    assert table.rows == ()
    assert "product line" in table.note
    ElementTree.fromstring(table.html())


@pytest.mark.parametrize("make", [lmdi_table, mix_table])
@given(scenario=scenarios(line=lines(least=1)))
@settings(max_examples=30)
def test_tables_add_up_both_ways(
    make: Callable[[Scenario, Words], Table], scenario: Scenario
) -> None:
    scenario = replace(scenario, goal=replace(scenario.goal, metric="revenue"))
    table = make(scenario, WORDS)
    adds_up(table)
    assert amount(table.rows[-1][-1]) == pytest.approx(added(scenario), rel=1e-9, abs=0.51)


def test_what_is_left_of_rounding_is_nothing() -> None:
    """Both products grow alike, to the last digit but one: no "$0.00" stands in the mix."""
    line = (Product(name="a", role=Role.CORE), Product(name="b", role=Role.TRIPWIRE))
    now = {"visitors": 1000.0, "lead_rate": 0.07, "take_rate.a": 0.9, "take_rate.b": 0.07}
    now |= {"price.a": 1234.56, "price.b": 99.9, "margin.a": 0.5, "margin.b": 0.5}
    scenario = school(now=now, plan={"visitors": 1370.0}, business=Business(line=line))
    table = mix_table(scenario, WORDS)
    assert {row[3] for row in table.rows} == {"$0"}
