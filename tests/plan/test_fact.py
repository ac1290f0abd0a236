from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkit.model.owner import Business, run
from funnelkit.plan.fact import Fact, against_fact, begun_anew, running_month
from funnelkit.plan.scenario import Goal, Scenario
from funnelkit.plan.solution import Verdict
from funnelkit.plan.solve import equal_effort
from tests.strategies import scenarios, values


def shop(**options: object) -> Scenario:
    given = {
        "goal": Goal(metric="revenue", a=1000, b=4000, horizon=3),
        "business": Business(),
        "now": {"visitors": 100.0, "win_rate": 0.5, "average_check": 20.0},
        "plan": {"visitors": 400.0},
    }
    return Scenario(**(given | options))


def test_as_planned_nothing_differs() -> None:
    (month,) = against_fact(shop(), [Fact(levers={"visitors": 200.0}, metric=2000.0)])
    assert (month.month, month.planned, month.stages) == (1, 2000, {})
    assert month.by_model == 2000
    assert month.unexplained == 0
    (unmeasured,) = against_fact(shop(), [Fact(levers={})])
    assert unmeasured.unexplained is None


def test_what_earlier_months_did_is_in_the_later_ones() -> None:
    """In month 2 there are the clients that month 1 brought."""
    now = dict(shop().now) | {"retention_rate": 1.0, "purchase_rate": 1.0, "repeat_check": 1.0}
    first, second = against_fact(shop(now=now), [Fact(levers={"visitors": 100.0}), Fact(levers={})])
    assert first.stages == pytest.approx({"generation": -1000})
    assert second.stages == pytest.approx({"generation": -50})


@given(scenarios(), st.data())
@settings(max_examples=60)
def test_the_bridge_adds_up_to_the_model_at_the_facts(
    scenario: Scenario, data: st.DataObject
) -> None:
    gone = data.draw(st.integers(1, scenario.goal.horizon))
    facts = []
    for _ in range(gone):
        names = data.draw(st.lists(st.sampled_from(list(scenario.now)), max_size=4, unique=True))
        facts.append(Fact(levers={name: data.draw(values(name)) for name in names}))
    ways = {name: way.copy() for name, way in scenario.paths().items()}
    for month, fact in enumerate(facts, start=1):
        for name, value in fact.levers.items():
            ways[name][month] = value
    path = run(ways, scenario.business)
    happened = path.metric(scenario.goal.metric)
    money = 1 + float(path.revenue.max()) + float(scenario.run().revenue.max())
    money += float(np.abs(happened).max()) + float(np.abs(scenario.run().profit).max())
    for month in against_fact(scenario, facts):
        assert month.by_model == pytest.approx(
            float(happened[month.month]), rel=0, abs=1e-9 * money
        )


@given(scenarios(), st.data())
@settings(max_examples=60)
def test_a_plan_kept_to_begins_anew_on_its_own_way(scenario: Scenario, data: st.DataObject) -> None:
    """Without a delay, whose deals under way no scenario can tell, the months are the same."""
    scenario = replace(scenario, business=replace(scenario.business, sales_cycle=(1.0,)))
    gone = data.draw(st.integers(0, scenario.goal.horizon - 1))
    anew = begun_anew(scenario, [Fact(levers={})] * gone)
    assert anew.goal.horizon == scenario.goal.horizon - gone
    money = 1 + float(scenario.run().revenue.max()) + float(np.abs(scenario.run().profit).max())
    assert anew.run().metric(scenario.goal.metric) == pytest.approx(
        scenario.run().metric(scenario.goal.metric)[gone:], rel=0, abs=1e-9 * money
    )
    if gone:
        assert anew.goal.a == pytest.approx(
            float(scenario.run().metric(scenario.goal.metric)[gone]), rel=0, abs=1e-9 * money
        )


def test_the_stocks_are_those_of_the_fact() -> None:
    now = dict(shop().now) | {"retention_rate": 0.5, "managers": 1.0}
    scenario = shop(now=now, business=Business(active_customers=7, leads_per_manager=90))
    facts = [Fact(levers={"visitors": 300.0}), Fact(levers={"visitors": 120.0}, metric=950.0)]
    anew = begun_anew(scenario, facts)
    # 10 waited after month 0, 220 after month 1; 90 leads are 45 clients, half of whom stay.
    assert anew.business.backlog == pytest.approx(220)
    assert anew.business.active_customers == pytest.approx(((7 + 45) / 2 + 45) / 2)
    assert (anew.goal.a, anew.goal.b, anew.now["visitors"]) == (950, 4000, 120)
    counted = begun_anew(scenario, [replace(facts[0], active_customers=31.0)])
    assert counted.business.active_customers == 31


def test_the_plan_is_solved_again_from_where_things_stand() -> None:
    anew = begun_anew(shop(), [Fact(levers={"visitors": 150.0, "win_rate": 0.6})])
    found = equal_effort(anew, ["visitors"])
    assert found.verdict is Verdict.REACHED
    assert found.scenario.target["visitors"] == pytest.approx(4000 / 0.6 / 20)
    assert found.scenario.target["win_rate"] == 0.6


def test_a_goals_month_that_is_gone_is_refused() -> None:
    with pytest.raises(ValueError, match="3 months are gone"):
        begun_anew(shop(), [Fact(levers={})] * 3)
    with pytest.raises(ValueError, match="6 facts"):
        against_fact(shop(), [Fact(levers={})] * 6)


def test_an_unknown_lever_is_refused() -> None:
    with pytest.raises(KeyError, match="audience"):
        against_fact(shop(), [Fact(levers={"audience": 3.0})])


def test_the_running_months_end() -> None:
    found = running_month(shop(), 1, fact=500.0, days_gone=10, days=30)
    assert (float(found.forecast), float(found.left)) == (1500, 1500)
