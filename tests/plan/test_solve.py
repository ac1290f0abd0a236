from dataclasses import replace
from math import inf, isnan, nan

import pytest
from hypothesis import given, settings

from funnelkit.model.levers import LEVERS
from funnelkit.model.owner import Business
from funnelkit.model.products import Product, Role, parameter_of
from funnelkit.plan.scenario import Goal, Scenario
from funnelkit.plan.solution import Verdict
from funnelkit.plan.solve import alone, equal_effort
from tests.strategies import solvable

FACTORS = {
    "visitors": 1000.0,
    "lead_rate": 0.01,
    "answered_rate": 0.01,
    "qualified_rate": 0.01,
    "win_rate": 0.01,
    "average_check": 1e9,
    "collection_new": 0.01,
}


def factors(count: int, **options: object) -> Scenario:
    """A product of so many factors, each with room to grow, that has to triple."""
    now = dict(list(FACTORS.items())[:count])
    if "average_check" not in now:
        now["average_check"] = 1e6
    start = Scenario(
        goal=Goal(metric="revenue", a=1, b=2, horizon=3), business=Business(), now=now, plan={}
    )
    idle = float(start.at_goal())
    given = {"goal": replace(start.goal, a=idle, b=3 * idle)}
    return replace(start, **(given | options))


@pytest.mark.parametrize(
    ("count", "times"), [(3, 1.442250), (4, 1.316074), (5, 1.245731), (7, 1.169931)]
)
def test_factors_triple_together_at_the_published_multiplier(count: int, times: float) -> None:
    """3 ** (1 / n), to the six digits published."""
    scenario = factors(count)
    found = equal_effort(scenario, list(FACTORS)[:count])
    assert found.verdict is Verdict.REACHED
    assert list(found.multipliers.values()) == pytest.approx([times] * count, abs=5e-7)
    assert found.gap <= 0


def test_a_lever_at_its_ceiling_stops_and_the_others_go_on() -> None:
    scenario = factors(3, ceilings={"lead_rate": 0.012})
    found = equal_effort(scenario, ["visitors", "lead_rate", "answered_rate"])
    assert found.multipliers == pytest.approx(
        {"visitors": 2.5**0.5, "lead_rate": 1.2, "answered_rate": 2.5**0.5}, rel=1e-12
    )
    assert found.binding == ("lead_rate",)


def test_a_ceiling_below_now_leaves_no_room() -> None:
    scenario = factors(3, ceilings={"lead_rate": 0.005})
    found = equal_effort(scenario, ["visitors", "lead_rate"])
    assert found.multipliers == pytest.approx({"visitors": 3})
    assert found.binding == ("lead_rate",)


def test_out_of_reach_the_best_is_shown_with_the_gap_and_what_binds() -> None:
    scenario = factors(3, ceilings={"lead_rate": 0.012, "visitors": 2000.0, "average_check": 0.0})
    found = equal_effort(scenario, ["visitors", "lead_rate", "average_check"])
    assert found.verdict is Verdict.UNREACHABLE
    assert found.reached == pytest.approx(2.4 * scenario.goal.a)
    assert found.gap == pytest.approx(0.6 * scenario.goal.a)
    # The check is at its ceiling from the first, and would bring more beyond it like the others.
    assert set(found.binding) == {"visitors", "lead_rate", "average_check"}


def test_less_refunds_are_better() -> None:
    scenario = replace(factors(1), now=dict(factors(1).now) | {"refund_rate": 0.4})
    idle = float(scenario.at_goal({}))
    scenario = replace(scenario, goal=replace(scenario.goal, b=idle * 1.2))
    found = equal_effort(scenario, ["refund_rate"])
    assert found.multipliers == pytest.approx({"refund_rate": 0.28 / 0.4})
    nothing_left = replace(scenario, goal=replace(scenario.goal, b=idle * 2))
    best = equal_effort(nothing_left, ["refund_rate"])
    assert best.scenario.target["refund_rate"] == 0
    assert best.reached == pytest.approx(idle / 0.6)


def test_a_lever_at_0_has_no_multiplier_and_stays() -> None:
    scenario = factors(2)
    scenario = replace(scenario, now=dict(scenario.now) | {"audience": 0.0})
    found = equal_effort(scenario)
    assert found.scenario.target["audience"] == 0
    only = equal_effort(scenario, ["audience"])
    assert only.verdict is Verdict.NO_LEVERS
    assert only.gap == pytest.approx(2 * scenario.goal.a)


def test_alone_a_lever_at_0_goes_linearly_to_its_ceiling() -> None:
    now = {"visitors": 100.0, "audience": 0.0, "average_check": 10.0}
    scenario = Scenario(
        goal=Goal(metric="revenue", a=1000, b=1500, horizon=2),
        business=Business(),
        now=now,
        plan={},
        ceilings={"audience": 200.0},
    )
    (found,) = alone(scenario, ["audience"])
    assert found.needed == pytest.approx(50)
    assert isnan(found.multiplier)
    assert found.verdict is Verdict.REACHED
    (endless,) = alone(replace(scenario, ceilings={}), ["audience"])
    assert endless.verdict is Verdict.UNREACHABLE


def test_locked_levers_stay_as_planned_and_free_ones_begin_at_now() -> None:
    scenario = factors(3).with_plan(visitors=2000.0, lead_rate=0.9)
    found = equal_effort(scenario, locked={"visitors", "average_check"})
    assert found.scenario.target["visitors"] == 2000
    assert found.scenario.target["lead_rate"] == pytest.approx(0.01 * 1.5**0.5)


def test_with_every_lever_locked_the_verdict_says_so() -> None:
    scenario = factors(3)
    for found in (equal_effort(scenario, locked=scenario.now), equal_effort(scenario, [])):
        assert found.verdict is Verdict.NO_LEVERS
        assert found.reached == pytest.approx(scenario.goal.a)
    assert alone(scenario, locked=scenario.now) == ()


def test_what_holds_already_asks_for_nothing() -> None:
    scenario = factors(3, goal=Goal(metric="revenue", a=1, b=0, horizon=3))
    found = equal_effort(scenario)
    assert (found.verdict, found.multipliers) == (Verdict.HELD, {})
    assert {one.verdict for one in alone(scenario)} == {Verdict.HELD}


def test_a_missing_metric_is_missing() -> None:
    scenario = factors(3, goal=Goal(metric="profit", a=1, b=2, horizon=3))
    assert equal_effort(scenario).verdict is Verdict.MISSING
    assert {one.verdict for one in alone(scenario)} == {Verdict.MISSING}


def test_unknown_names_are_refused() -> None:
    for arguments in ({"levers": ["visitros"]}, {"locked": {"visitros"}}):
        with pytest.raises(KeyError, match="visitros"):
            equal_effort(factors(3), **arguments)


def test_alone_says_what_is_needed_past_the_ceiling() -> None:
    scenario = factors(3, ceilings={"visitors": 2000.0, "lead_rate": 0.05})
    visitors, lead_rate, answered = alone(scenario, list(FACTORS)[:3])
    assert (visitors.verdict, visitors.needed) == (Verdict.ABOVE_CEILING, pytest.approx(3000))
    assert (visitors.value, visitors.reached) == (2000, pytest.approx(2 * scenario.goal.a))
    assert visitors.gap == pytest.approx(scenario.goal.a)
    assert (lead_rate.verdict, lead_rate.value) == (Verdict.REACHED, pytest.approx(0.03))
    assert answered.multiplier == pytest.approx(3)


def test_more_than_all_of_a_share_is_no_value() -> None:
    scenario = factors(2)
    scenario = replace(scenario, now=dict(scenario.now) | {"win_rate": 0.5})
    scenario = replace(scenario, goal=replace(scenario.goal, b=3 * float(scenario.at_goal({}))))
    (found,) = alone(scenario, ["win_rate"])
    assert found.verdict is Verdict.UNREACHABLE
    assert isnan(found.needed)
    assert found.value == 1


def test_retention_cannot_help_the_next_month() -> None:
    now = {"retention_rate": 0.5, "purchase_rate": 1.0, "repeat_check": 10.0}
    scenario = Scenario(
        goal=Goal(metric="revenue", a=100, b=60, horizon=1),
        business=Business(active_customers=10),
        now=now,
        plan={},
    )
    (found,) = alone(scenario, ["retention_rate"])
    assert (found.verdict, found.value) == (Verdict.UNREACHABLE, 0.5)
    assert alone(scenario, ["purchase_rate"])[0].multiplier == pytest.approx(1.2)


def test_a_cycle_longer_than_the_horizon_leaves_leads_nothing_to_do() -> None:
    scenario = factors(3, business=Business(sales_cycle=(0, 0, 0, 0, 0, 1)))
    assert equal_effort(scenario, ["visitors"]).verdict is Verdict.UNREACHABLE
    assert equal_effort(scenario, ["visitors"]).multipliers == {}
    # The check is that of the deal's month.
    assert equal_effort(scenario, ["visitors", "average_check"]).multipliers[
        "average_check"
    ] == pytest.approx(3)


def test_paid_visitors_on_a_full_team_end_at_the_best_place() -> None:
    """10 leads a manager, half of them won, 100 each, 20 a visitor: the 11th lead only costs."""
    scenario = Scenario(
        goal=Goal(metric="profit", a=150, b=1000, horizon=1),
        business=Business(leads_per_manager=10, overflow="lost"),
        now={"visitors": 5.0, "win_rate": 0.5, "average_check": 100.0, "managers": 1.0}
        | {"margin": 1.0, "cost_per_visitor": 20.0, "fixed_costs": 0.0, "marketing_fixed": 0.0}
        | {"cost_per_manager": 0.0},
        plan={},
    )
    found = equal_effort(scenario, ["visitors"])
    assert found.verdict is Verdict.UNREACHABLE
    # The width that ends the search for a top, see tests/plan/test_reach.py.
    assert found.scenario.target["visitors"] == pytest.approx(10, abs=1e-6)
    assert found.reached == pytest.approx(300, abs=1e-4)


CLUB = (Product(name="club", role=Role.RECURRING), Product(name="box", role=Role.RECURRING))


def test_a_lever_that_the_line_sums_up_moves_its_products() -> None:
    scenario = Scenario(
        goal=Goal(metric="revenue", a=100, b=180, horizon=1),
        business=Business(active_customers=10, line=CLUB),
        now={"retention_rate": 1.0, "take_rate.club": 0.5, "price.club": 10.0, "margin.club": 0.5}
        | {"take_rate.box": 0.5, "price.box": 10.0, "margin.box": 0.5},
        plan={},
        ceilings={"price.club": 12.0},
    )
    (found,) = alone(scenario, ["repeat_check"])
    assert found.now == 10
    # The club's price stops at 12, so that the box goes on to 24.
    assert found.value == pytest.approx(18)
    assert found.verdict is Verdict.REACHED
    locked = equal_effort(scenario, locked={"repeat_check"})
    assert set(locked.multipliers) == {"take_rate.club", "take_rate.box"}


@given(solvable())
@settings(max_examples=60)
def test_goal_seek_is_substituting_back(scenario: Scenario) -> None:
    for found in alone(scenario):
        if found.verdict in (Verdict.MISSING, Verdict.UNREACHABLE):
            continue
        idle = replace(
            scenario, plan={n: v for n, v in scenario.plan.items() if economic(n, scenario)}
        )
        back = float(idle.with_plan(**{found.name: found.needed}).at_goal())
        money = abs(scenario.goal.b) + float(idle.run().revenue.max())
        # Where the month jumps, as from 0, B is passed and not met.
        assert back >= scenario.goal.b - 1e-9 * money
    found = equal_effort(scenario)
    assert found.verdict is Verdict.MISSING or found.reached == pytest.approx(
        float(found.scenario.at_goal())
    )
    if found.verdict is Verdict.REACHED:
        assert found.gap <= 0


def economic(name: str, scenario: Scenario) -> bool:
    return LEVERS[parameter_of(name, scenario.business.line)].stage == "economics"


@given(solvable())
@settings(max_examples=40)
def test_no_lever_passes_its_ceiling(scenario: Scenario) -> None:
    target = equal_effort(scenario).scenario.target
    for name, value in target.items():
        now, ceiling = scenario.now[name], scenario.ceilings.get(name, nan)
        if economic(name, scenario) or value == now:
            continue
        falls = LEVERS[parameter_of(name, scenario.business.line)].lower_is_better
        assert value < now if falls else value > now
        assert (
            value >= ceiling
            if falls and ceiling == ceiling
            else value <= (ceiling if ceiling == ceiling else inf)
        )
