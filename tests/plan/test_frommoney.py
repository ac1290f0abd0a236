import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings

from funnelkit.model.levers import Stage
from funnelkit.model.owner import Business
from funnelkit.plan.frommoney import from_the_money
from funnelkit.plan.room import room
from funnelkit.plan.scenario import Goal, Scenario
from funnelkit.plan.solution import Verdict
from tests.strategies import solvable

NOW = {"retention_rate": 1.0, "purchase_rate": 0.1, "repeat_check": 10.0}
NOW |= {"win_rate": 0.1, "average_check": 10.0, "visitors": 1000.0, "audience": 0.0}
BEST = {"purchase_rate": 0.2, "repeat_check": 20.0, "win_rate": 0.2, "average_check": 15.0}
BEST |= {"visitors": 2000.0, "audience": 1000.0}


def shop(b: float, **options: object) -> Scenario:
    """200 clients buy for 200 a month, 100 deals of 10 bring 1,000; a month away."""
    given = {
        "goal": Goal(metric="revenue", a=1200, b=b, horizon=1),
        "business": Business(active_customers=100),
        "now": NOW,
        "plan": {},
        "ceilings": BEST,
    }
    return Scenario(**(given | options))


IDLE, ACCOUNT, CONVERSION, GENERATION, ALL = 1200.0, 1800.0, 3800.0, 6800.0, 9800.0
"""Month 1: clients are 200 then, 1 x 200 -> 4 x 200; deals 1,000 -> 3,000 -> 6,000 -> 9,000."""


def test_stage_after_stage_by_hand() -> None:
    found = from_the_money(shop(1e6))
    assert list(found.reached.values()) == pytest.approx([ACCOUNT, CONVERSION, GENERATION, ALL])
    assert set(found.shares.values()) == {1}
    assert found.solution.verdict is Verdict.UNREACHABLE
    assert found.solution.reached == pytest.approx(ALL)
    assert found.solution.gap == pytest.approx(1e6 - ALL)
    assert set(found.solution.binding) == set(BEST)


@pytest.mark.parametrize(
    ("b", "last", "share"),
    [
        (IDLE + 0.0, None, 0.0),
        # 200 x (1 + s) ** 2 + 1,000 = 1,450
        (1450.0, Stage.ACCOUNT, 0.5),
        # 800 + 1,000 x (1 + s) (1 + s / 2)
        (800 + 1.2 * 1.1 * 1000, Stage.CONVERSION, 0.2),
        (5300.0, Stage.GENERATION, 0.5),
        (7700.0, Stage.NURTURING, 0.3),
    ],
)
def test_the_last_stage_goes_partly(b: float, last: Stage | None, share: float) -> None:
    found = from_the_money(shop(b))
    stages = list(found.shares)
    place = stages.index(last) if last else -1
    expected = [1.0] * max(place, 0) + ([share] if last else [])
    expected += [0.0] * (4 - len(expected))
    assert list(found.shares.values()) == pytest.approx(expected)
    assert found.solution.reached == pytest.approx(b)
    assert found.solution.verdict is (Verdict.REACHED if last else Verdict.HELD)


def test_a_stage_whose_levers_are_locked_is_passed_over() -> None:
    found = from_the_money(shop(5000.0), locked={"purchase_rate", "repeat_check", "retention_rate"})
    assert found.shares[Stage.ACCOUNT] == 0
    assert found.solution.scenario.target["purchase_rate"] == 0.1
    assert found.solution.verdict is Verdict.REACHED


def test_a_lever_without_a_ceiling_stays_and_a_share_has_one_of_1() -> None:
    found = from_the_money(shop(1e6, ceilings={}))
    assert found.solution.multipliers == pytest.approx({"win_rate": 10})


def test_of_a_stage_that_falls_again_the_best_place_counts() -> None:
    """10 leads a manager, half won, 100 each, 20 a visitor: the 11th lead only costs."""
    scenario = Scenario(
        goal=Goal(metric="profit", a=150, b=1000, horizon=1),
        business=Business(leads_per_manager=10, overflow="lost"),
        now={"visitors": 5.0, "win_rate": 0.5, "average_check": 100.0, "managers": 1.0}
        | {"margin": 1.0, "cost_per_visitor": 20.0, "fixed_costs": 0.0, "marketing_fixed": 0.0}
        | {"cost_per_manager": 0.0},
        plan={},
        ceilings={"visitors": 25.0, "win_rate": 0.5, "average_check": 100.0, "managers": 1.0},
    )
    found = from_the_money(scenario)
    # The width that ends the search for a top, see tests/plan/test_reach.py.
    assert found.shares[Stage.GENERATION] == pytest.approx(0.25, abs=1e-7)
    assert found.solution.reached == pytest.approx(300, abs=1e-4)
    assert found.solution.verdict is Verdict.UNREACHABLE


def test_a_stage_that_only_costs_is_not_worked_on() -> None:
    now = {"win_rate": 0.5, "visitors": 10.0, "average_check": 100.0, "managers": 1.0}
    now |= {"margin": 1.0, "cost_per_manager": 50.0, "fixed_costs": 0.0, "marketing_fixed": 0.0}
    scenario = Scenario(
        goal=Goal(metric="profit", a=450, b=1000, horizon=1),
        business=Business(leads_per_manager=10),
        now=now | {"cost_per_visitor": 0.0},
        plan={},
        ceilings={"managers": 4.0, "win_rate": 0.5, "average_check": 100.0, "visitors": 10.0},
    )
    found = from_the_money(scenario)
    assert set(found.shares.values()) == {0}
    assert found.solution.scenario.target["managers"] == 1


def test_a_missing_metric_is_missing() -> None:
    scenario = shop(5000.0)
    missing = replace(scenario, goal=replace(scenario.goal, metric="profit"))
    found = from_the_money(missing)
    assert found.solution.verdict is Verdict.MISSING
    assert set(found.shares.values()) == {0}


@given(solvable())
@settings(max_examples=60)
def test_stages_never_make_it_worse_and_stop_at_b(scenario: Scenario) -> None:
    found = from_the_money(scenario)
    if found.solution.verdict is Verdict.MISSING:
        return
    way = [float(room(scenario).goal(room(scenario).now)), *found.reached.values()]
    money = 1 + abs(way[-1]) + float(found.solution.scenario.run().revenue.max())
    for before, after in itertools.pairwise(way):
        assert after >= before - 1e-11 * money
    if found.solution.verdict is Verdict.REACHED:
        # Where the month jumps B is passed and not met; it never stays below.
        assert found.solution.gap <= 0
        partly = [share for share in found.shares.values() if 0 < share < 1]
        begun = [stage for stage, share in found.shares.items() if share > 0]
        assert found.solution.reached == pytest.approx(found.reached[begun[-1]], rel=1e-9)
        assert len(partly) <= len(begun)
