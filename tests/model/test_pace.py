from math import isnan, nan

import pytest

from funnelkit.model.pace import pace

PLAN = {"days": 30, "cost_planned": 500, "cost_actual": 650}


def test_a_month_goes_on_as_it_began() -> None:
    month = pace([300, 200], fact=[80, 100], days_gone=10, **PLAN)
    assert month.forecast.tolist() == [240, 300]
    assert month.left.tolist() == [220, 100]
    assert month.budget_planned.tolist() == [110_000, 50_000]
    assert month.budget_actual.tolist() == [143_000, 65_000]


def test_a_goal_that_is_reached_needs_nothing() -> None:
    month = pace(300, fact=310, days_gone=20, days=30, cost_planned=nan, cost_actual=650)
    assert month.left == month.budget_planned == month.budget_actual == 0


def test_before_the_first_day_there_is_no_forecast() -> None:
    month = pace(300, fact=0, days_gone=0, **PLAN)
    assert isnan(month.forecast)
    assert month.budget_planned == 150_000


def test_an_unknown_fact_leaves_everything_open() -> None:
    month = pace(300, fact=nan, days_gone=10, **PLAN)
    assert isnan(month.forecast)
    assert isnan(month.budget_actual)


def test_a_negative_fact_is_refused() -> None:
    with pytest.raises(ValueError, match="fact must be 0 or more, got -1"):
        pace(300, fact=-1, days_gone=10, **PLAN)
