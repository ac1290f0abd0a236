from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from funnelkit.model.levers import Stage
from funnelkit.model.owner import Business
from funnelkit.plan.growth import growth_prices
from funnelkit.plan.order import order_of_work
from funnelkit.plan.scenario import Goal, Scenario
from tests.strategies import solvable

NOW = {"win_rate": 0.1, "average_check": 10.0, "visitors": 1000.0, "lead_rate": 1.0}
BEST = {"win_rate": 0.2, "average_check": 20.0, "visitors": 3000.0, "lead_rate": 1.0}


def shop(b: float = 5000, **options: object) -> Scenario:
    given = {
        "goal": Goal(metric="revenue", a=1000, b=b, horizon=2),
        "business": Business(),
        "now": NOW,
        "plan": {},
        "ceilings": BEST,
        "costs": {"win_rate": 600.0, "average_check": 200.0, "visitors": 1000.0},
    }
    return Scenario(**(given | options))


def test_prices_by_hand() -> None:
    """Conversion is at 1,000 (1 + s) ** 2 for 800 s, generation at 1,000 (1 + 2 s) for 1,000 s."""
    conversion, generation = growth_prices(shop(), points=4)
    assert conversion.amounts.tolist() == [1000, 2000, 3000, 4000]
    share = np.sqrt([2, 3, 4, np.nan]) - 1
    assert conversion.share == pytest.approx(share, nan_ok=True)
    assert conversion.average == pytest.approx(800 * share / [1000, 2000, 3000, 4000], nan_ok=True)
    # At the ceiling there is no next unit; the others are priced over 1e-5 of the way.
    slope = [800 / 2000 / (1 + s) for s in share[:2]]
    assert conversion.marginal[:2] == pytest.approx(slope, rel=1e-5)
    assert np.isnan(conversion.marginal[2:]).all()
    assert generation.average == pytest.approx([0.5, 0.5, np.nan, np.nan], nan_ok=True)


def test_without_a_cost_there_is_no_price() -> None:
    conversion, generation = growth_prices(shop(costs={"win_rate": 600.0}), points=2)
    assert conversion.unpriced == ("average_check",)
    assert np.isfinite(conversion.average[0])
    assert generation.unpriced == ("visitors",)
    assert np.isnan(generation.average).all()
    assert np.isnan(generation.marginal).all()
    assert generation.share[0] == pytest.approx(1)


def test_visitors_on_a_full_team_bring_nothing_at_any_price() -> None:
    full = shop(
        now=NOW | {"managers": 10.0},
        business=Business(leads_per_manager=100),
        ceilings=BEST | {"managers": 10.0},
    )
    conversion, generation = growth_prices(full)
    assert np.isnan(generation.share).all()
    assert np.isfinite(conversion.share[0])


def test_no_gap_no_levers_and_no_metric_have_no_price() -> None:
    assert growth_prices(shop(b=900)) == ()
    assert growth_prices(shop(), locked=NOW) == ()
    assert growth_prices(shop(goal=Goal(metric="profit", a=1, b=2, horizon=2))) == ()
    with pytest.raises(ValueError, match="points"):
        growth_prices(shop(), points=0)


@pytest.mark.parametrize("stage", [Stage.CONVERSION, Stage.GENERATION])
def test_the_whole_stage_costs_what_the_order_of_work_says(stage: Stage) -> None:
    """Both price a stage at its ceilings by typed costs and by the model's own."""
    now = NOW | {"cost_per_visitor": 0.25, "marketing_fixed": 70.0, "managers": 2.0}
    scenario = shop(now=now | {"cost_per_manager": 80.0}, ceilings=BEST | {"managers": 3.0})
    (work,) = (work for work in order_of_work(scenario, ()) if work.stage is stage)
    idle = float(scenario.at_goal({}))
    reached = replace(scenario, goal=replace(scenario.goal, b=idle + work.gain * (1 - 1e-12)))
    (price,) = (price for price in growth_prices(reached, points=1) if price.stage is stage)
    assert price.share == pytest.approx([1])
    assert price.average == pytest.approx([work.price])


@given(solvable())
@settings(max_examples=40)
def test_amounts_are_what_the_way_brings(scenario: Scenario) -> None:
    for price in growth_prices(scenario, points=3):
        for amount, share in zip(price.amounts, price.share, strict=True):
            assert np.isnan(share) or 0 < share <= 1
            assert amount > 0
        known = price.average[np.isfinite(price.average)]
        assert (known >= 0).all()
