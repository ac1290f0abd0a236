from math import exp, isnan, lgamma, log, sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from funnelkit.model.levers import LEVERS
from funnelkit.model.owner import Business
from funnelkit.model.products import Product, Role
from funnelkit.plan.scenario import Goal, Scenario
from funnelkit.plan.uncertainty import Counts, Range, draws, wilson
from tests.plan.chances import probability

MANY = 100_000


# Wilson's interval.


@pytest.mark.parametrize(
    ("won", "of", "interval"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilson_as_published(won: int, of: int, interval: tuple[float, float]) -> None:
    """Newcombe (1998), Statistics in Medicine 17, 857-872, table I, score method."""
    assert wilson(Counts(won=won, of=of)) == pytest.approx(interval, abs=5e-5)


@given(
    st.integers(0, 500), st.integers(1, 500), st.sampled_from([(0.95, 1.959964), (0.9, 1.644854)])
)
def test_wilsons_limits_are_z_standard_errors_away(
    won: int, of: int, level: tuple[float, float]
) -> None:
    """The limits p are where (rate - p)**2 = z**2 * p * (1 - p) / n: no closed form needed."""
    assume(won <= of)
    confidence, z = level
    low, high = wilson(Counts(won=won, of=of), confidence)
    rate = won / of
    assert 0 <= low <= rate + 1e-15
    assert rate - 1e-15 <= high <= 1
    for p in (low, high):  # z is given to 6 digits, and near 0 and 1 both sides vanish
        assert (rate - p) ** 2 == pytest.approx(z * z * p * (1 - p) / of, rel=1e-5, abs=1e-9)


# Draws.


def test_a_lever_draws_the_same_whoever_else_draws() -> None:
    first = draws("win_rate", Counts(won=24, of=120), 100)
    draws("lead_rate", Counts(won=1, of=3), 7)
    assert draws("win_rate", Counts(won=24, of=120), 100).tolist() == first.tolist()


def test_names_and_seeds_have_streams_of_their_own() -> None:
    known = Counts(won=24, of=120)
    streams = [draws(name, known, MANY // 10) for name in LEVERS]
    streams.append(draws("win_rate", known, MANY // 10, seed=1))
    together = np.corrcoef(streams) - np.eye(len(streams))
    # 300 correlations of independent draws, standard error 0.01 each
    assert np.abs(together).max() < 0.05


def beta_moments(a: float, b: float) -> tuple[float, float]:
    return a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))


def pert_moments(low: float, likely: float, high: float) -> tuple[float, float]:
    """Of the PERT distribution: Vose (2008), Risk Analysis, 3rd ed."""
    mean = (low + 4 * likely + high) / 6
    return mean, (mean - low) * (high - mean) / 7


@pytest.mark.parametrize(
    ("evidence", "moments"),
    [
        (Counts(won=24, of=120), beta_moments(24.5, 96.5)),
        (Counts(won=0, of=10), beta_moments(0.5, 10.5)),
        (Counts(won=3, of=3), beta_moments(3.5, 0.5)),
        (Range(low=0.1, likely=0.2, high=0.6), pert_moments(0.1, 0.2, 0.6)),
        (Range(low=100, likely=100, high=400), pert_moments(100, 100, 400)),
    ],
    ids=str,
)
def test_draws_have_the_mean_and_variance_they_should(
    evidence: Counts | Range, moments: tuple[float, float]
) -> None:
    """Within five standard errors, of a fixed seed: no flicker, and hardly ever a false alarm."""
    drawn = draws("win_rate", evidence, MANY)
    mean, variance = moments
    assert drawn.mean() == pytest.approx(mean, abs=5 * sqrt(variance / MANY))
    kurtosis = np.mean(((drawn - mean) ** 2 / variance) ** 2)
    assert drawn.var() == pytest.approx(variance, rel=5 * sqrt((kurtosis - 1) / MANY))


def test_a_range_is_never_left() -> None:
    drawn = draws("visitors", Range(low=10, likely=15, high=40), MANY)
    assert drawn.min() >= 10
    assert drawn.max() <= 40


def test_a_range_without_width_is_a_number() -> None:
    assert set(draws("visitors", Range(low=7, likely=7, high=7), 9)) == {7}


def test_evidence_has_a_value() -> None:
    assert Counts(won=24, of=120).value == 0.2
    assert Range(low=1, likely=2, high=9).value == 2


# The probability of B.


def beta_density(x: float, a: float, b: float) -> float:
    if not 0 < x < 1:
        return 0.0
    return exp(lgamma(a + b) - lgamma(a) - lgamma(b) + (a - 1) * log(x) + (b - 1) * log(1 - x))


def beta_above(c: float, a: float, b: float, steps: int = 2000) -> float:
    """P(draw >= c) by Simpson's rule, in plain Python."""
    width = (1 - c) / steps
    weights = [1, *[4, 2] * (steps // 2 - 1), 4, 1]
    ends = (w * beta_density(c + i * width, a, b) for i, w in enumerate(weights))
    return width / 3 * sum(ends)


def near(p: float) -> object:
    """Five standard errors of a share of draws, of a fixed seed."""
    return pytest.approx(p, abs=5 * sqrt(p * (1 - p) / MANY) + 1e-6)


def shop(b: float, metric: str = "revenue", **plan: float) -> Scenario:
    """Revenue = 100 visitors x lead rate x win rate x 10; now 30."""
    return Scenario(
        goal=Goal(metric=metric, a=30, b=b, horizon=2),
        business=Business(),
        now={"visitors": 100.0, "lead_rate": 0.15, "win_rate": 0.2, "average_check": 10.0},
        plan=plan,
    )


WON = Counts(won=24, of=120)


def test_the_integral_is_right() -> None:
    assert beta_above(0, 24.5, 96.5) == pytest.approx(1)
    assert beta_above(0.5, 3, 3) == pytest.approx(0.5)
    assert beta_above(0.25, 1, 3) == pytest.approx(0.75**3)


def test_one_uncertain_rate() -> None:
    """150 x win rate >= 33 where the win rate is Beta(24.5, 96.5)."""
    p = probability(shop(33), {"win_rate": WON}, size=MANY)
    assert p == near(beta_above(0.22, 24.5, 96.5))


def test_a_plans_rate_is_as_uncertain_as_todays() -> None:
    """The plan of 0.3 is drawn as 1.5 x today's."""
    p = probability(shop(50, win_rate=0.3), {"win_rate": WON}, size=MANY)
    assert p == near(beta_above(50 / 150 / 1.5, 24.5, 96.5))


def test_a_plans_share_stays_a_share() -> None:
    """0.9 x draw / 0.2 passes 1 where the draw passes 0.222; more than all never buys."""
    evidence = {"win_rate": WON}
    assert probability(shop(150.001, win_rate=0.9), evidence, size=MANY) == 0
    p = probability(shop(149.999, win_rate=0.9), evidence, size=MANY)
    assert p == near(beta_above(149.999 / 150 / 4.5, 24.5, 96.5))


def test_a_count_may_pass_1() -> None:
    evidence = {"visitors": Range(low=100, likely=100, high=200)}
    # PERT at its lower end is 100 + 100 x Beta(1, 5); 120 visitors bring 36.
    assert probability(shop(36), evidence, size=MANY) == near(0.8**5)


def test_two_independent_uncertain_rates() -> None:
    """Lead rate x win rate >= 0.035, integrated over the lead rate's density."""
    p = probability(shop(35), {"win_rate": WON, "lead_rate": Counts(won=30, of=200)}, size=MANY)
    cells = [(i + 0.5) / 400 for i in range(400)]
    expected = sum(
        beta_density(lead, 30.5, 170.5) / 400 * beta_above(0.035 / lead, 24.5, 96.5, 200)
        for lead in cells
        if 0.035 < lead < 0.5  # above, a Beta(30.5, 170.5) has nothing
    )
    assert p == near(expected)


def test_of_a_line_the_margin_is_a_share_and_the_take_rate_is_not() -> None:
    """Contribution = 100 x 0.8 x 10 x 0.5 = 400, at most 800 with all of the margin."""
    now = {"visitors": 100.0, "take_rate.p": 0.8, "price.p": 10.0, "margin.p": 0.5}

    def chance(b: float, name: str) -> float | None:
        scenario = Scenario(
            goal=Goal(metric="contribution", a=400, b=b, horizon=2),
            business=Business(line=(Product(name="p", role=Role.CORE),)),
            now=now,
            plan={"margin.p": 0.9} if name == "margin.p" else {"take_rate.p": 1.6},
        )
        return probability(scenario, {name: Counts(won=80, of=100)}, size=MANY)

    assert chance(800.01, "margin.p") == 0
    assert chance(799.99, "margin.p") == 1  # 0.9 / 0.5 x some 0.8, capped
    # 100 x (1.6 / 0.8 x draw) x 10 x 0.5 >= 800 where the draw is 0.8 or more
    assert chance(800, "take_rate.p") == near(beta_above(0.8, 80.5, 20.5))


def test_from_0_a_plan_is_certain_and_no_plan_is_the_draw() -> None:
    """A lever at 0 has no multiplier: what is planned holds, what is not moved is as drawn."""
    scenario = shop(45)
    nothing = Scenario(
        goal=scenario.goal,
        business=scenario.business,
        now=dict(scenario.now) | {"win_rate": 0.0},
        plan={},
    )
    evidence = {"win_rate": Counts(won=0, of=10)}
    assert probability(nothing, evidence, size=MANY) == near(beta_above(0.3, 0.5, 10.5))
    assert probability(nothing.with_plan(win_rate=0.3), evidence) == 1
    assert probability(nothing.with_plan(win_rate=0.29), evidence) == 0


def test_on_the_way_levers_ramp_from_todays_draw() -> None:
    """With a delay of a month, month 2 sells month 1's leads: halfway from 0.15 d to 0.3 d."""
    scenario = shop(50, lead_rate=0.3)
    scenario = Scenario(
        goal=scenario.goal,
        business=Business(sales_cycle=(0, 1)),
        now=scenario.now,
        plan=scenario.plan,
    )
    evidence = {"lead_rate": Counts(won=30, of=200)}
    p = probability(scenario, evidence, size=MANY)
    assert p == near(beta_above(50 / (100 * 0.2 * 10) / 1.5, 30.5, 170.5))


def test_order_and_idle_evidence_change_nothing() -> None:
    evidence = {"win_rate": WON, "lead_rate": Counts(won=30, of=200)}
    backwards = dict(reversed(evidence.items()))
    scenario = shop(35)
    p = probability(scenario, evidence)
    assert probability(scenario, backwards) == p
    with_idle = Scenario(
        goal=scenario.goal,
        business=scenario.business,
        now={"retention_rate": 0.5} | dict(scenario.now),
        plan={},
    )
    assert probability(with_idle, {"retention_rate": WON} | evidence) == p


def test_without_evidence_no_probability() -> None:
    assert probability(shop(33), {}) is None


def test_certain_and_impossible() -> None:
    assert probability(shop(0), {"win_rate": WON}) == 1
    assert probability(shop(151), {"win_rate": WON}) == 0


def test_a_metric_without_data_has_no_probability() -> None:
    p = probability(shop(1, metric="contribution"), {"win_rate": WON})
    assert p is None or isnan(p)
