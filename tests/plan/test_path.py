from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from funnelkit.model.owner import Business
from funnelkit.plan.path import month_path
from funnelkit.plan.scenario import Goal, Scenario
from tests.strategies import scenarios

NOW = {"visitors": 100.0, "win_rate": 0.5, "average_check": 20.0, "managers": 1.0}
COSTS = {"margin": 0.5, "fixed_costs": 100.0, "marketing_fixed": 0.0, "cost_per_manager": 50.0}
COSTS |= {"cost_per_visitor": 1.0}


def shop(**options: object) -> Scenario:
    given = {
        "goal": Goal(metric="revenue", a=1000, b=2000, horizon=3),
        "business": Business(leads_per_manager=100),
        "now": NOW,
        "plan": {"visitors": 400.0, "managers": 4.0},
    }
    return Scenario(**(given | options))


def test_the_month_that_reaches_b() -> None:
    assert month_path(shop()).run_rate.tolist() == [1000, 2000, 3000, 4000, 4000, 4000]
    assert month_path(shop()).reached == 1
    assert month_path(shop(goal=Goal(metric="revenue", a=1, b=4001, horizon=3))).reached is None


def test_clients_may_reach_it_after_the_goals_month() -> None:
    now = NOW | {"retention_rate": 0.9, "purchase_rate": 1.0, "repeat_check": 10.0}
    scenario = shop(now=now, goal=Goal(metric="revenue", a=1000, b=9000, horizon=1))
    assert month_path(scenario).reached is None
    path = month_path(scenario, months=12)
    active, month = 0.0, 0
    while 1000 * (1 if month == 0 else 4) + 10 * active < 9000:
        active = 0.9 * (active + 50 * (1 if month == 0 else 4))
        month += 1
    assert path.reached == month
    assert len(path.run_rate) == 12


def test_a_backlog_worked_off_is_beside_the_run_rate() -> None:
    scenario = shop(business=Business(leads_per_manager=100, backlog=90), plan={"managers": 2.0})
    path = month_path(scenario, months=4)
    # Managers 1, 4/3, 5/3, 2: 100 of 190 in month 0; then what is left of 33 and 57 more.
    assert path.run_rate == pytest.approx([1000] * 4)
    assert path.backlog == pytest.approx([0, 10 * 100 / 3, 10 * (90 - 100 / 3), 0])
    assert path.waiting == pytest.approx([90, 90 - 100 / 3, 0, 0])
    earned = month_path(
        replace(scenario, goal=replace(scenario.goal, metric="contribution"), now=NOW | COSTS)
    )
    assert earned.run_rate[:4] == pytest.approx([500] * 4)
    assert earned.backlog[:4] == pytest.approx(path.backlog / 2)


def test_what_overload_loses_and_who_is_needed() -> None:
    scenario = shop(
        plan={"visitors": 400.0}, business=Business(leads_per_manager=100, overflow="lost")
    )
    path = month_path(scenario)
    assert path.lost.tolist() == [0, 100, 200, 300, 300, 300]
    assert path.overload.tolist() == [0, 1000, 2000, 3000, 3000, 3000]
    assert path.needed.tolist() == [1, 2, 3, 4, 4, 4]
    assert path.hired.tolist() == [0, 1, 1, 1, 0, 0]
    assert path.managers.tolist() == [1] * 6


def test_nobody_is_hired_twice() -> None:
    scenario = shop(plan={"visitors": 50.0}, now=NOW | {"visitors": 250.0, "managers": 2.0})
    path = month_path(scenario)
    assert path.needed.tolist() == [3, 2, 2, 1, 1, 1]
    assert path.hired.tolist() == [1, 0, 0, 0, 0, 0]


def test_a_whole_manager_is_enough_but_for_rounding() -> None:
    scenario = shop(now=NOW | {"visitors": 3.0, "lead_rate": 0.1}, plan={})
    scenario = replace(scenario, business=Business(leads_per_manager=0.1))
    assert 3.0 * 0.1 > 0.3  # 0.30000000000000004
    assert month_path(scenario).needed[0] == 3


def test_without_a_limit_nobody_is_needed() -> None:
    path = month_path(shop(business=Business()))
    assert np.isnan(path.needed).all()
    assert np.isnan(path.hired).all()
    assert not path.overload.any()


def test_cash_adds_up_from_the_first_month_on() -> None:
    path = month_path(shop(now=NOW | COSTS), recovered={0: 7.0, 2: 300.0})
    # 2,000 x 0.5 - 100 - 2 x 50 - 200 in month 1; then 950 and 1,300.
    assert path.cash == pytest.approx([0, 600, 1850, 3150, 4450, 5750])
    assert path.recovered.tolist() == [7, 0, 300, 0, 0, 0]
    assert np.isnan(month_path(shop()).cash[1:]).all()


@pytest.mark.parametrize("month", [-1, 6])
def test_a_debt_outside_the_months_is_refused(month: int) -> None:
    with pytest.raises(ValueError, match=f"month {month}"):
        month_path(shop(), recovered={month: 1.0})


def test_no_months_are_refused() -> None:
    with pytest.raises(ValueError, match="months"):
        month_path(shop(), months=0)


@given(scenarios())
@settings(max_examples=60)
def test_parts_add_up_to_the_model(scenario: Scenario) -> None:
    path, months = month_path(scenario), scenario.run()
    money = 1 + float(months.revenue.max()) + float(np.nanmax(np.abs(months.profit), initial=0.0))
    whole = months.metric(scenario.goal.metric)
    assert path.run_rate + path.backlog == pytest.approx(
        whole, rel=0, abs=1e-9 * money, nan_ok=True
    )
    if scenario.goal.metric == "revenue":
        # A share of the new sales, so that it is no more than they are.
        assert (path.backlog <= months.revenue_new + 1e-9 * money).all()
        # Leads that wait may be won later, and better; those that are lost are not.
        if scenario.business.overflow == "lost" and scenario.business.backlog == 0:
            assert (path.overload >= -1e-9 * money).all()
