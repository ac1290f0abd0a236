from dataclasses import replace
from math import nan

import pytest
from hypothesis import given, settings

from funnelkit.model.owner import Business
from funnelkit.model.products import Product, Role
from funnelkit.plan.diagnosis import STATUS, Case, Verdict, smart, stable
from funnelkit.plan.scenario import Goal, Scenario
from tests.strategies import scenarios

CHECKS = ("specific", "measurable", "achievable", "relevant", "time_bound")
NOW = {
    "visitors": 1000.0,
    "win_rate": 0.1,
    "average_check": 10.0,
    "refund_rate": 0.0,
    "retention_rate": 0.5,
    "margin": 0.4,
}


def scenario(
    *,
    a: float = 1000.0,
    b: float = 2000.0,
    metric: str = "revenue",
    horizon: int = 3,
    now: dict[str, float] | None = None,
    plan: dict[str, float] | None = None,
    start: dict[str, int] | None = None,
    ceilings: dict[str, float] | None = None,
    cycle: tuple[float, ...] = (1.0,),
) -> Scenario:
    """Revenue = 1000 visitors x 0.1 x 10 = 1000 now, without clients and repeat sales."""
    return Scenario(
        goal=Goal(metric=metric, a=a, b=b, horizon=horizon),
        business=Business(sales_cycle=cycle),
        now=NOW | (now or {}),
        plan={"win_rate": 0.2} if plan is None else plan,
        start=start or {},
        ceilings=ceilings or {},
    )


def verdict(check: str, **options: object) -> Verdict:
    return smart(scenario(**options))[CHECKS.index(check)]


TABLE = [
    ("specific", {}, Case.SPECIFIC, "passed"),
    # The model's month 0 is 1000; 5 % of A may be missing.
    ("measurable", {}, Case.A_AGREES, "passed"),
    ("measurable", {"a": 952.4}, Case.A_AGREES, "passed"),
    ("measurable", {"a": 952.3}, Case.A_CONTRADICTED, "warning"),
    ("measurable", {"a": 1052.6}, Case.A_AGREES, "passed"),
    ("measurable", {"a": 1052.7}, Case.A_CONTRADICTED, "warning"),
    ("measurable", {"a": 0.0}, Case.A_CONTRADICTED, "warning"),
    ("measurable", {"a": 0.0, "now": {"visitors": 0.0}}, Case.A_AGREES, "passed"),
    ("measurable", {"metric": "profit"}, Case.MODEL_UNKNOWN, "no_data"),
    # The plan brings 2000; what the ceilings allow is what counts.
    ("achievable", {}, Case.WITHIN_CEILINGS, "passed"),
    ("achievable", {"ceilings": {"win_rate": 0.2}}, Case.WITHIN_CEILINGS, "passed"),
    (
        "achievable",
        {"ceilings": {"win_rate": 0.19, "visitors": 1100.0}},
        Case.ABOVE_CEILINGS,
        "warning",
    ),
    ("achievable", {"b": 2001.0, "ceilings": {"win_rate": 0.2}}, Case.OUT_OF_REACH, "failed"),
    ("achievable", {"b": 2001.0, "ceilings": {"win_rate": 0.3}}, Case.PLAN_FALLS_SHORT, "warning"),
    (
        "achievable",
        {"b": 2001.0, "ceilings": {"visitors": 1100.0}},
        Case.PLAN_FALLS_SHORT,
        "warning",
    ),
    (
        "achievable",
        {"metric": "contribution", "now": {"margin": nan}},
        Case.MODEL_UNKNOWN,
        "no_data",
    ),
    # Less of a refund is better: its ceiling is the least that is realistic.
    (
        "achievable",
        {
            "b": 700.0,
            "now": {"refund_rate": 0.5},
            "plan": {"refund_rate": 0.1},
            "ceilings": {"refund_rate": 0.2},
        },
        Case.ABOVE_CEILINGS,
        "warning",
    ),
    (
        "achievable",
        {"b": 900, "now": {"refund_rate": 0.5}, "plan": {"refund_rate": 0.1}}
        | {"ceilings": {"refund_rate": 0.1}},
        Case.WITHIN_CEILINGS,
        "passed",
    ),
    ("relevant", {}, Case.CONTRIBUTION_RISES, "passed"),
    ("relevant", {"plan": {"win_rate": 0.2, "margin": 0.19}}, Case.CONTRIBUTION_FALLS, "failed"),
    ("relevant", {"plan": {"win_rate": 0.2, "margin": 0.21}}, Case.CONTRIBUTION_RISES, "passed"),
    ("relevant", {"plan": {}}, Case.CONTRIBUTION_FALLS, "failed"),
    ("relevant", {"now": {"margin": nan}}, Case.CONTRIBUTION_UNKNOWN, "no_data"),
    ("time_bound", {}, Case.IN_TIME, "passed"),
    ("time_bound", {"cycle": (0, 0, 1)}, Case.IN_TIME, "passed"),
    ("time_bound", {"cycle": (0, 0, 0, 1)}, Case.CYCLE_TOO_LONG, "failed"),
    ("time_bound", {"cycle": (0.1, 0, 0, 0.9)}, Case.IN_TIME, "passed"),
    (
        "time_bound",
        {"plan": {"retention_rate": 0.6}, "start": {"retention_rate": 1}},
        Case.IN_TIME,
        "passed",
    ),
    (
        "time_bound",
        {"plan": {"retention_rate": 0.6}, "start": {"retention_rate": 2}},
        Case.RETENTION_TOO_LATE,
        "warning",
    ),
    ("time_bound", {"start": {"retention_rate": 2}}, Case.IN_TIME, "passed"),
    (
        "time_bound",
        {"plan": {"retention_rate": 0.6}, "horizon": 1},
        Case.RETENTION_TOO_LATE,
        "warning",
    ),
]


@pytest.mark.parametrize(("check", "options", "case", "status"), TABLE)
def test_cases(check: str, options: dict[str, object], case: Case, status: str) -> None:
    found = verdict(check, **options)
    assert (found.check, found.case, found.status) == (check, case, status)


def test_every_case_is_in_the_table() -> None:
    assert {case for _, _, case, _ in TABLE} == set(Case) == set(STATUS)


@given(scenarios())
@settings(max_examples=50)
def test_every_goal_gets_the_five_verdicts(any_scenario: Scenario) -> None:
    verdicts = smart(any_scenario)
    assert tuple(v.check for v in verdicts) == CHECKS
    assert all(v.status == STATUS[v.case] for v in verdicts)


def test_the_sentences_numbers() -> None:
    found = smart(scenario(b=2500.0, ceilings={"win_rate": 0.22}, a=1010.0, cycle=(0, 1)))
    assert found[0].money == {"a": 1010, "b": 2500}
    assert found[1].money == pytest.approx({"a": 1010, "model": 1000})
    # With a month's delay month 3 sells month 2's leads, at month 3's win rate.
    assert found[2].money == pytest.approx({"b": 2500, "reached": 2000, "best": 2200})
    assert found[3].money == pytest.approx({"now": 400, "plan": 800})
    assert found[4].counts == {"months": 3, "cycle": 1}


def test_levers_above_their_ceilings_are_named() -> None:
    found = verdict(
        "achievable",
        plan={"win_rate": 0.2, "visitors": 5000.0, "average_check": 11.0},
        ceilings={"win_rate": 0.15, "visitors": 4000.0, "average_check": 11.0},
    )
    assert set(found.levers) == {"win_rate", "visitors"}


def test_a_late_retention_does_not_help_the_goals_month() -> None:
    """What the warning says, in the model: retention that starts at H - 1 changes nothing at H."""
    loyal = {"purchase_rate": 1.0, "repeat_check": 10.0}
    late, early = (
        scenario(now=loyal, plan={"retention_rate": 0.9}, start={"retention_rate": s})
        for s in (2, 1)
    )
    assert late.at_goal() == late.at_goal({})
    assert early.at_goal() > early.at_goal({})


def test_the_longest_cycle_in_time_just_helps() -> None:
    """The same for the sales cycle: leads of a plan that begins today close in its last month."""
    plan = {"visitors": 4000.0}
    in_time, late = (scenario(plan=plan, cycle=c) for c in ((0, 0, 1), (0, 0, 0, 1)))
    assert in_time.at_goal() > in_time.at_goal({})
    assert late.at_goal() == late.at_goal({})


def test_a_share_cannot_be_planned_above_1() -> None:
    found = verdict("achievable", plan={"win_rate": 1.2})
    assert (found.case, found.levers) == (Case.ABOVE_CEILINGS, ("win_rate",))
    assert found.money["best"] == 10_000


@pytest.mark.parametrize(("planned", "above"), [(0.3, True), (0.06, False)])
def test_a_lever_already_above_its_ceiling(planned: float, above: bool) -> None:
    """Today's 0.1 is above the 0.08 that somebody called realistic; B of 700 is below both."""
    ceilings = {"win_rate": 0.08}
    found = verdict("achievable", plan={"win_rate": planned}, ceilings=ceilings, b=700.0)
    assert (found.case is Case.ABOVE_CEILINGS) is above


def test_the_best_is_what_the_ceilings_allow() -> None:
    found = verdict("achievable", plan={"win_rate": 0.9}, ceilings={"win_rate": 0.15}, b=5000.0)
    assert found.money["best"] == pytest.approx(1500)


def test_out_of_reach_is_said_whatever_the_plan() -> None:
    found = verdict("achievable", plan={"win_rate": 0.9}, ceilings={"win_rate": 0.15}, b=5000.0)
    assert found.case is Case.OUT_OF_REACH


def test_a_products_margin_cannot_be_planned_above_1() -> None:
    line = (Product(name="course", role=Role.CORE),)
    course = {"visitors": 10.0, "take_rate.course": 1.0, "price.course": 10.0, "margin.course": 0.5}
    found = smart(
        Scenario(
            goal=Goal(metric="contribution", a=50, b=60, horizon=3),
            business=Business(line=line),
            now=course,
            plan={"margin.course": 1.3},
        )
    )[2]
    assert (found.case, found.levers) == (Case.ABOVE_CEILINGS, ("margin",))


@pytest.mark.parametrize(("b", "holds"), [(2000.0, True), (1999.0, True), (2001.0, False)])
def test_a_goal_that_is_reached_and_held_is_stable(b: float, holds: bool) -> None:
    assert stable(scenario(b=b)) is holds


def test_a_goal_reached_out_of_a_backlog_is_not_stable() -> None:
    """600 who wait and 1000 who come, for 1200 places: 1200, 1200, 1200, then 1000."""
    busy = scenario(b=1100.0, now={"managers": 1.0}, plan={}, horizon=2)
    team = Business(leads_per_manager=1200.0, backlog=600.0)
    assert replace(busy, business=team).at_goal() == 1200
    assert not stable(replace(busy, business=team))
