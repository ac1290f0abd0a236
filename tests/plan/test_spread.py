import tracemalloc
from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc, betaincinv
from scipy.stats import spearmanr

from funnelkit.model.owner import Business
from funnelkit.plan.scenario import Goal, Scenario
from funnelkit.plan.spread import QUANTILES, spread, tornado
from funnelkit.plan.uncertainty import CHUNK, Counts, Range, draws, outcomes, wilson
from tests.plan.chances import probability
from tests.strategies import scenarios

MANY = 40_000
WON, CAME = Counts(won=24, of=120), Counts(won=30, of=200)


def shop(b: float = 35.0, **plan: float) -> Scenario:
    """Revenue = 100 visitors x lead rate x win rate x 10; now 30."""
    return Scenario(
        goal=Goal(metric="revenue", a=30, b=b, horizon=2),
        business=Business(),
        now={"visitors": 100.0, "lead_rate": 0.15, "win_rate": 0.2, "average_check": 10.0},
        plan=plan,
    )


def test_one_rate_spreads_the_month_as_it_spreads() -> None:
    """150 x Beta(24.5, 96.5), half as much again by month 2."""
    found = spread(shop(45, win_rate=0.3), {"win_rate": WON}, size=MANY)
    assert found is not None
    for month, times in enumerate((1.0, 1.25, 1.5, 1.5, 1.5)):
        p = 1 - betainc(24.5, 96.5, 45 / 150 / times)
        # Five standard errors of a share of draws, of a fixed seed.
        assert found.by_month[month] == pytest.approx(p, abs=5 * sqrt(p * (1 - p) / MANY))
        expected = 150 * times * betaincinv(24.5, 96.5, QUANTILES)
        # A quantile's standard error is sqrt(q (1 - q) / n) / density, here below 0.6 % of it.
        assert found.fan[:, month] == pytest.approx(expected, rel=0.03)
    assert found.probability == found.by_month[2]
    assert found.shares == pytest.approx({"win_rate": 1.0})


def test_the_probability_is_probabilitys() -> None:
    evidence = {"win_rate": WON, "lead_rate": CAME}
    found = spread(shop(), evidence, size=7777)
    assert found is not None
    assert found.probability == probability(shop(), evidence, size=7777)


def test_shares_are_squared_rank_correlations() -> None:
    evidence = {"win_rate": WON, "lead_rate": CAME}
    found = spread(shop(), evidence)
    inputs = {name: draws(name, known, 10_000) for name, known in evidence.items()}
    product = inputs["win_rate"] * inputs["lead_rate"]
    assert found is not None
    for name, drawn in inputs.items():
        assert found.shares[name] == pytest.approx(spearmanr(drawn, product).statistic ** 2)


def test_what_is_known_leaves_the_others_spread() -> None:
    """Of a product the other factor's spread is left, times what the known one is on average."""
    evidence = {"win_rate": WON, "lead_rate": CAME}
    found = spread(shop(), evidence, size=MANY)
    assert found is not None
    for known, other, a, b in (
        ("win_rate", "lead_rate", 30.5, 170.5),
        ("lead_rate", "win_rate", 24.5, 96.5),
    ):
        low, high = betaincinv(a, b, [QUANTILES[0], QUANTILES[-1]])
        mean = {"win_rate": 24.5 / 121, "lead_rate": 30.5 / 201}[known]
        # 200 draws a slice: their outer quantiles scatter by some 8 %, their mean over 200
        # slices by 0.6 %; within a slice the known input still varies by a little.
        assert found.left[known] == pytest.approx(1000 * mean * (high - low), rel=0.03), other
    assert found.first == "win_rate"


def test_an_input_that_does_nothing_has_no_share_and_leaves_all() -> None:
    scenario = shop()
    idle = replace(scenario, now=dict(scenario.now) | {"retention_rate": 0.5})
    evidence = {"win_rate": WON, "retention_rate": CAME, "visitors": Range(low=9, likely=9, high=9)}
    found = spread(idle, evidence)
    assert found is not None
    width = found.fan[2, 2] - found.fan[0, 2]
    assert found.shares["retention_rate"] < 0.002  # five standard errors of r are 0.05
    assert found.shares["visitors"] == 0
    assert found.left["retention_rate"] == pytest.approx(width, rel=0.05)
    assert found.first == "win_rate"


def test_order_other_levers_and_chunks_change_no_draw() -> None:
    evidence = {"win_rate": WON, "lead_rate": CAME}
    size = 2 * CHUNK + 17
    whole = draws("win_rate", WON, size)
    for given_ in (evidence, dict(reversed(evidence.items())), {"win_rate": WON}):
        seen = [inputs["win_rate"] for inputs, _ in outcomes(shop(), given_, size=size)]
        assert np.concatenate(seen).tolist() == whole.tolist()
    one, other = spread(shop(), evidence), spread(shop(), dict(reversed(evidence.items())))
    assert one is not None
    assert other is not None
    assert one.shares == other.shares
    assert one.fan.tolist() == other.fan.tolist()
    again = spread(shop(), evidence, seed=1)
    assert again is not None
    assert again.fan.tolist() != one.fan.tolist()


def test_twice_the_draws_have_a_spread_smaller_by_the_square_root_of_two() -> None:
    """Probabilities of many seeds; their deviation falls by sqrt 2, each known to 1 / sqrt(2n)."""
    seeds = 300
    deviations = [
        np.std([probability(shop(), {"win_rate": WON}, size=n, seed=s) for s in range(seeds)])
        for n in (500, 1000)
    ]
    # The ratio's standard error is sqrt(2) * sqrt(2 / (2 * 300)) = 0.08; three of them.
    assert deviations[0] / deviations[1] == pytest.approx(sqrt(2), abs=0.25)


def test_memory_does_not_grow_with_the_draws() -> None:
    peaks = []
    for size in (20_000, 80_000):
        tracemalloc.start()
        spread(shop(), {"win_rate": WON, "lead_rate": CAME}, size=size)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]


def test_a_plan_may_have_a_range_of_its_own() -> None:
    """The plan is 0.25 + 0.1 x Beta(1, 5) whatever today's draw is, and may pass it."""
    own = {"win_rate": Range(low=0.25, likely=0.25, high=0.35)}
    p = probability(shop(42, win_rate=0.3), {"win_rate": WON}, own, size=MANY)
    assert p == pytest.approx(0.7**5, abs=5 * sqrt(0.7**5 / MANY))  # 150 x 0.28 = 42
    alone = probability(shop(42, win_rate=0.3), {}, own, size=MANY)
    assert alone == p
    found = spread(shop(42, win_rate=0.3), {"win_rate": WON}, own)
    assert found is not None
    assert found.shares == pytest.approx({"win_rate": 1.0})
    assert found.fan[0, 0] < 25 < 35 < found.fan[2, 0]  # today's month spreads as today's rate


def test_without_evidence_or_metric_no_spread() -> None:
    assert spread(shop(), {}) is None
    unknown = shop()
    unknown = replace(unknown, goal=replace(unknown.goal, metric="profit"))
    assert spread(unknown, {"win_rate": WON}) is None


def test_evidence_for_a_lever_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError, match="audience"):
        spread(shop(), {"audience": Range(low=1, likely=2, high=3)})


# Tornado.


def test_bars_by_hand() -> None:
    evidence = {
        "visitors": Range(low=90, likely=100, high=110),
        "win_rate": WON,
        "lead_rate": Range(low=0.15, likely=0.15, high=0.15),
    }
    wide, narrow, nothing = tornado(shop(win_rate=0.3), evidence)
    low, high = wilson(WON)
    assert (wide.name, wide.low, wide.high) == ("win_rate", low, high)
    assert (wide.at_low, wide.at_high) == pytest.approx((225 * low, 225 * high))
    assert narrow.name == "visitors"
    assert (narrow.at_low, narrow.at_high) == pytest.approx((40.5, 49.5))
    assert nothing.at_low == nothing.at_high == pytest.approx(45)


def test_a_bar_of_a_plans_own_range_moves_the_plan_alone() -> None:
    own = {"win_rate": Range(low=0.2, likely=0.3, high=0.4)}
    (bar,) = tornado(shop(win_rate=0.3), {"win_rate": WON}, own)
    assert (bar.at_low, bar.at_high) == pytest.approx((30, 60))
    assert tornado(shop(), {}) == ()


@given(scenarios(most_moved=3), st.data())
@settings(max_examples=30)
def test_bars_are_the_model_run_at_their_ends(scenario: Scenario, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(scenario.now)))
    known = Range(low=scenario.now[name] / 2, likely=scenario.now[name], high=scenario.now[name])
    (bar,) = tornado(scenario, {name: known})
    planned = scenario.target[name]
    half = {name: planned / 2 if scenario.now[name] else planned}
    path = scenario.run(scenario.target | half, {name: np.array(scenario.now[name] / 2)})
    month = path.metric(scenario.goal.metric)[scenario.goal.horizon]
    money = 1 + float(path.revenue.max()) + float(scenario.run().revenue.max())
    assert bar.at_low == pytest.approx(float(month), rel=0, abs=1e-9 * money, nan_ok=True)
    assert bar.at_high == pytest.approx(
        float(scenario.at_goal()), rel=0, abs=1e-9 * money, nan_ok=True
    )
