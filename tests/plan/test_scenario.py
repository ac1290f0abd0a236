from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from funnelkit.model.owner import Business, static
from funnelkit.model.products import Product, Role
from funnelkit.plan import scenario as scenario_module
from funnelkit.plan.scenario import Goal, Scenario
from tests.reference import ramp, reference
from tests.strategies import scenarios

GOAL = Goal(metric="revenue", a=1000, b=2000, horizon=3)


def simple(**options: object) -> Scenario:
    now = {"visitors": 100.0, "win_rate": 0.5, "average_check": 20.0}
    given = {"goal": GOAL, "business": Business(), "now": now, "plan": {"visitors": 400.0}}
    return Scenario(**(given | options))


def test_a_lever_not_planned_stays() -> None:
    scenario = simple()
    assert scenario.target == {"visitors": 400, "win_rate": 0.5, "average_check": 20}
    assert scenario.moved == ("visitors",)


def test_a_lever_planned_as_it_is_does_not_move() -> None:
    assert simple(plan={"visitors": 100.0}).moved == ()


def test_the_months_go_two_past_the_goal() -> None:
    assert simple().run().revenue.tolist() == [1000, 2000, 3000, 4000, 4000, 4000]
    assert simple(start={"visitors": 2}).run().revenue.tolist() == [1000] * 3 + [4000] * 3


def test_the_goals_month_is_what_counts() -> None:
    assert simple().at_goal() == 4000
    assert simple(business=Business(sales_cycle=(0, 1))).at_goal() == 3000


def test_nothing_done_is_the_empty_plan() -> None:
    assert simple().run({}).revenue.tolist() == [1000] * 6


def counted_runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grow by one each time that the owner's model is run."""
    runs: list[int] = []
    real = scenario_module.run

    def counting(*arguments: object) -> object:
        runs.append(1)
        return real(*arguments)

    monkeypatch.setattr(scenario_module, "run", counting)
    return runs


def test_what_a_plan_and_doing_nothing_come_to_is_worked_out_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs, scenario = counted_runs(monkeypatch), simple()
    for _time in range(3):
        assert scenario.run().revenue.tolist() == [1000, 2000, 3000, 4000, 4000, 4000]
        assert scenario.run({}).revenue.tolist() == [1000] * 6
        assert scenario.at_goal() == 4000
    assert len(runs) == 2


def test_other_plans_are_worked_out_each_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    runs, scenario = counted_runs(monkeypatch), simple()
    assert [scenario.at_goal({"visitors": v}).item() for v in (200.0, 300.0, 200.0)] == [
        2000,
        3000,
        2000,
    ]
    assert scenario.run(now={"visitors": 200.0}).revenue[0] == 2000
    assert scenario.at_goal() == 4000
    assert scenario.run({}).revenue.tolist() == [1000] * 6
    assert len(runs) == 6


def test_a_copy_with_another_plan_or_goal_does_not_show_the_first_ones_months() -> None:
    before = simple()
    assert (before.at_goal(), before.run({}).revenue[0]) == (4000, 1000)
    assert before.with_plan(visitors=500.0).at_goal() == 5000
    assert before.with_plan(win_rate=0.25).at_goal() == 2000
    assert replace(before, plan={}).at_goal() == 1000
    assert replace(before, now=before.now | {"visitors": 300.0}).run({}).revenue[0] == 3000
    assert (
        replace(before, goal=replace(GOAL, horizon=1)).run().revenue.tolist() == [1000] + [4000] * 3
    )
    assert replace(before, business=Business(sales_cycle=(0, 1))).at_goal() == 3000
    assert before.at_goal() == 4000


@given(scenarios(), scenarios())
@settings(max_examples=50)
def test_what_was_worked_out_is_no_part_of_what_a_scenario_is(
    one: Scenario, other: Scenario
) -> None:
    fresh = replace(one)
    one.run()
    one.run({})
    assert one == fresh
    assert repr(one) == repr(fresh)
    moved = one.with_plan(visitors=other.now["visitors"])
    alone = replace(fresh, plan={**fresh.target, "visitors": other.now["visitors"]})
    assert moved.at_goal() == pytest.approx(float(alone.at_goal()), nan_ok=True)


@given(scenarios())
def test_the_goals_month_is_the_references(scenario: Scenario) -> None:
    horizon = scenario.goal.horizon
    for plan in (dict(scenario.plan), {}):
        ways = {
            name: ramp(
                value, plan.get(name, value), scenario.start.get(name, 0), horizon, horizon + 3
            )
            for name, value in scenario.now.items()
        }
        month = {n: v[horizon] for n, v in reference(ways, scenario.business, horizon + 3).items()}
        # 1e-11 of all money that enters the sum, see tests/model/test_owner.py.
        money = 1 + month["revenue"] + abs(month["profit"])
        assert scenario.at_goal(plan) == pytest.approx(
            month[scenario.goal.metric], rel=0, abs=1e-11 * money
        )


@given(scenarios())
@settings(max_examples=50)
def test_other_plans_come_in_batches(scenario: Scenario) -> None:
    plan = {name: np.array([scenario.now[name], value]) for name, value in scenario.plan.items()}
    plan |= {"visitors": np.array([1.0, 2.0])}
    both = scenario.at_goal(plan)
    for i in range(2):
        alone = scenario.at_goal({name: values[i] for name, values in plan.items()})
        assert both[i] == pytest.approx(float(alone), rel=1e-9, abs=1e-3)


def test_other_presents_move_to_the_same_plan() -> None:
    path = simple().run(now={"visitors": np.array([100.0, 250.0])})
    assert path.revenue[:, :4].tolist() == [[1000, 2000, 3000, 4000], [2500, 3000, 3500, 4000]]


def test_steady_is_at_the_plans_levers() -> None:
    now = {"visitors": 100.0, "retention_rate": 0.5, "purchase_rate": 1.0, "repeat_check": 3.0}
    scenario = simple(now=now, business=Business(active_customers=7, sales_cycle=(0, 0, 1)))
    assert scenario.steady().active_customers == pytest.approx([400])
    assert scenario.steady().revenue == pytest.approx([1200])


LINE = (
    Product(name="trial", role=Role.TRIPWIRE),
    Product(name="course", role=Role.CORE),
    Product(name="club", role=Role.RECURRING),
)
OF_LINE = {
    "visitors": 10.0,
    "take_rate.trial": 0.5,
    "price.trial": 40.0,
    "margin.trial": 0.2,
    "take_rate.course": 0.4,
    "price.course": 200.0,
    "margin.course": 0.6,
    "take_rate.club": 0.5,
    "price.club": 30.0,
    "margin.club": 0.8,
}


def with_line(**options: object) -> Scenario:
    business = Business(active_customers=20, line=LINE)
    return simple(business=business, now=OF_LINE, **({"plan": {}} | options))


def test_with_plan_moves_a_line_in_proportion() -> None:
    scenario = with_line().with_plan(average_check=150.0, visitors=12.0)
    assert scenario.present("average_check") == pytest.approx(100)
    assert scenario.planned("average_check") == pytest.approx(150)
    assert scenario.target == pytest.approx(
        OF_LINE | {"visitors": 12, "price.trial": 60, "price.course": 300}
    )


def test_with_plan_changes_a_copy_and_keeps_the_rest_of_the_plan() -> None:
    before = simple()
    after = before.with_plan(win_rate=0.7)
    assert before.plan == {"visitors": 400}
    assert (after.planned("visitors"), after.planned("win_rate")) == (400, 0.7)


@given(scenarios())
def test_products_add_up_in_the_goals_month(scenario: Scenario) -> None:
    table = scenario.at_goal_by_product()
    path = scenario.run()
    metric = "revenue" if scenario.goal.metric == "revenue" else "contribution"
    expected = path.metric(metric)[scenario.goal.horizon]
    scale = 1 + path.signed_new.max() + path.signed_repeat.max() + path.other_revenue.max()
    assert table.sum() == pytest.approx(expected, rel=0, abs=1e-11 * scale)


def test_products_of_the_goals_month_by_hand() -> None:
    table = with_line(plan={"price.club": 50.0}).at_goal_by_product()
    # Month 3: ten new clients a month, all of month 0's and later gone where retention is missing.
    assert table[:2] == pytest.approx([10 * 0.5 * 40, 10 * 0.4 * 200])
    assert np.isnan(table[2])


FIVE_WAYS = {"visitors": 4000.0, "win_rate": 0.25, "take_rate.sale": 2.0} | {
    "price.sale": 100.0,
    "margin.sale": 0.25,
}


def test_the_five_ways_in_the_owners_model() -> None:
    """Bradley Sugars' "5 ways" example (ActionCOACH), as a line of one first product."""
    business = Business(line=(Product(name="sale", role=Role.CORE),))
    assert static(FIVE_WAYS, business).contribution == pytest.approx([50_000])
    more = {name: 1.1 * value for name, value in FIVE_WAYS.items()}
    assert static(more, business).contribution == pytest.approx([80_525.50])
    in_months = Scenario(
        goal=Goal(metric="contribution", a=50_000, b=80_525.5, horizon=3),
        business=business,
        now=FIVE_WAYS,
        plan=more,
    )
    assert in_months.at_goal() == pytest.approx(80_525.50)


def test_a_lever_may_be_planned_that_now_does_not_name() -> None:
    plan = {"audience": 100.0}  # engaged and nurtured rates are 1 where nobody names them
    assert simple(plan=plan).at_goal() == pytest.approx((100 + 100) * 0.5 * 20)


@pytest.mark.parametrize(
    "change",
    [
        lambda: simple(plan={"visitros": 500.0}).at_goal(),
        lambda: simple().with_plan(visitros=500.0).at_goal(),
    ],
    ids=["plan", "with_plan"],
)
def test_a_planned_lever_that_nobody_knows_is_refused(change: Callable[[], object]) -> None:
    with pytest.raises(KeyError, match="visitros"):
        change()
