"""The visitors that B needs: put back into the model they reach it, and fewer do not."""

import numpy as np
import pytest
from hypothesis import given

from funnelkit.plan.need import visitors_needed
from funnelkit.plan.scenario import Scenario
from tests.plan.channels import OWNER, scenario
from tests.strategies import scenarios

VISITED = OWNER | {
    "visitors": 1000.0,
    "lead_rate": 0.1,
    "cost_per_visitor": 1.0,
    "marketing_fixed": 0.0,
}


def reaches(plan: Scenario, visitors: float) -> bool:
    return bool(plan.with_plan(visitors=visitors).at_goal() >= plan.goal.b)


def test_by_hand() -> None:
    """A lead is 0.2 clients of 324: with nobody else, 10,000 needs 10,000 / 6.48 visitors."""
    levers = VISITED | {"purchase_rate": 0.0}
    found = visitors_needed(scenario(levers, b=10_000.0, active_customers=0.0))
    assert found == pytest.approx(10_000 / (0.1 * 0.2 * 324), rel=1e-9)


@given(scenarios())
def test_put_back_they_reach_b_and_fewer_do_not(plan: Scenario) -> None:
    found = visitors_needed(plan)
    if np.isnan(found):
        for times in (0.0, 0.5, 1.0, 3.0, 100.0):
            assert plan.planned("visitors") == 0 or not reaches(
                plan, times * plan.planned("visitors")
            )
        return
    assert reaches(plan, found)
    for share in (0.0, 0.3, 0.9, 1 - 1e-9):
        assert found == 0 or not reaches(plan, share * found)


def test_clients_who_reach_b_alone_need_no_visitor() -> None:
    assert visitors_needed(scenario(VISITED, b=100.0)) == 0.0


@pytest.mark.parametrize(
    ("levers", "business"),
    [
        ({}, {"leads_per_manager": 5.0}),  # the team is full
        ({"visitors": 0.0}, {}),
        ({"win_rate": 0.0}, {}),
        ({"lead_rate": 0.0}, {}),
    ],
)
def test_where_no_number_reaches_b_there_is_none(
    levers: dict[str, float], business: dict[str, float]
) -> None:
    assert np.isnan(visitors_needed(scenario(VISITED | levers, **business)))


def test_a_profit_that_visitors_only_cost_is_not_reached() -> None:
    dear = VISITED | {"cost_per_visitor": 100.0}
    assert np.isnan(visitors_needed(scenario(dear, b=1e5, metric="profit")))
    assert visitors_needed(scenario(dear, b=-1e5, metric="profit")) == 0.0


def test_without_visitors_there_is_nothing_to_need() -> None:
    assert np.isnan(visitors_needed(scenario()))
