from math import gamma

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.plan.lifetime import Lack, LifetimeError
from funnelkit.plan.sbg import Sbg, check_sbg, fit_sbg

REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
nan = np.nan


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta"), [(REGULAR, 0.704, 1.182), (HIGH_END, 0.668, 3.806)]
)
def test_the_fit_is_the_published_one(survivors: list[int], alpha: float, beta: float) -> None:
    """Fader & Hardie (2007), all seven renewals of table 1's segments."""
    fit = fit_sbg(survivors)
    assert (round(float(fit.model.alpha), 3), round(float(fit.model.beta), 3)) == (alpha, beta)
    assert abs(check_sbg(fit.model, survivors).excess) < 0.01


def beta_function(a: float, b: float) -> float:
    return gamma(a) * gamma(b) / gamma(a + b)


@given(st.floats(0.1, 20), st.floats(0.1, 20), st.integers(0, 8), st.integers(1, 8))
def test_survival_is_a_ratio_of_beta_functions(
    alpha: float, beta: float, done: int, renewals: int
) -> None:
    """Equation 6, and by Bayes for clients who have renewed already."""
    model = Sbg(alpha=alpha, beta=beta)
    by_hand = [
        beta_function(alpha, beta + done + t) / beta_function(alpha, beta + done)
        for t in range(renewals + 1)
    ]
    np.testing.assert_allclose(model.survival(renewals, done), by_hand, rtol=1e-12)
    undiscounted = model.expected_renewals(renewals, done)
    assert float(undiscounted) == pytest.approx(sum(by_hand[1:]), rel=1e-12)
    ratios = np.divide(by_hand[1:], by_hand[:-1])
    np.testing.assert_allclose(model.retention(renewals, done), ratios, rtol=1e-12)


def test_cohorts_count_together_and_their_order_does_not_matter() -> None:
    """Two cohorts split at random from one are that one."""
    whole, part = np.array(REGULAR, dtype=float), np.array(HIGH_END, dtype=float) / 4
    both = fit_sbg([part, whole - part])
    single = fit_sbg(whole)
    np.testing.assert_allclose(both.model.alpha, single.model.alpha, rtol=1e-7)
    np.testing.assert_allclose(both.covariance, single.covariance, rtol=1e-5)
    assert both.log_likelihood == pytest.approx(single.log_likelihood, rel=1e-12)


def test_a_cohort_counts_up_to_where_its_time_is_over() -> None:
    """The log-likelihood by hand: who is left after the last known renewal only survived it."""
    table = np.array([[1000, 631, 468, 382], [500, 330, 240, nan], [300, nan, nan, nan]])
    fit = fit_sbg(table)
    survival = fit.model.survival(3)
    leave = survival[:-1] - survival[1:]
    lost = np.array([369 + 170, 163 + 90, 86])
    by_hand = lost @ np.log(leave) + 382 * np.log(survival[3]) + 240 * np.log(survival[2])
    assert fit.log_likelihood == pytest.approx(by_hand, rel=1e-12)
    check = check_sbg(fit.model, table)
    assert check.actual.tolist() == [961, 708, 382]
    np.testing.assert_allclose(check.predicted, survival[1:] * [1500, 1500, 1000], rtol=1e-12)


@pytest.mark.parametrize(("alpha", "beta"), [(0.5, 2.0), (3.0, 1.5), (0.2, 0.4)])
def test_a_model_is_found_again_among_clients_drawn_from_it(alpha: float, beta: float) -> None:
    dice = np.random.default_rng(0)
    leave = dice.beta(alpha, beta, 20_000)
    stays = dice.geometric(np.maximum(leave, 1e-12))
    survivors = [(stays > t).sum() for t in range(11)]
    fit = fit_sbg(survivors)
    errors = np.log([fit.model.alpha, fit.model.beta]) - np.log([alpha, beta])
    # chi-squared with 2 degrees of freedom is above 13.8 once in a thousand times
    assert errors @ np.linalg.solve(fit.covariance, errors) < 13.8


def test_the_scale_of_counts_does_not_move_the_fit() -> None:
    small, large = fit_sbg(np.divide(REGULAR, 10)), fit_sbg(np.multiply(REGULAR, 1e6))
    np.testing.assert_allclose(small.model.beta, large.model.beta, rtol=1e-6)
    np.testing.assert_allclose(small.covariance, 1e7 * large.covariance, rtol=1e-4)


def test_uncertainty_makes_a_range_of_values() -> None:
    fit = fit_sbg(REGULAR)
    drawn = fit.drawn(500).expected_renewals(12, [0, 3], discount=0.01)
    assert drawn.shape == (500, 2)
    low, high = np.percentile(drawn, [5, 95], axis=0)
    best = fit.model.expected_renewals(12, [0, 3], discount=0.01)
    assert ((low < best) & (best < high)).all()
    assert (best[1] > best[0]).all()


CONSTANT = 10_000 * 0.8 ** np.arange(9)


@pytest.mark.parametrize(
    ("survivors", "lack", "found"),
    [
        ([], Lack.SHAPE, None),
        ([100.0, 60.0], Lack.PERIODS, 1),
        ([nan, nan, nan], Lack.PERIODS, 0),
        ([100.0, 60.0, 70.0], Lack.GROWING, 10),
        ([100.0, -1.0, -2.0], Lack.RANGE, -1),
        ([100.0, np.inf, 5.0], Lack.RANGE, np.inf),
        ([100.0, nan, 50.0], Lack.RANGE, 50),
        ([100.0, 95.0, 85.0], Lack.LOST, 15),
        (CONSTANT, Lack.ALIKE, None),
    ],
)
def test_too_little_is_said_and_not_fitted(survivors, lack, found) -> None:
    with pytest.raises(LifetimeError) as refused:
        fit_sbg(survivors)
    assert refused.value.lack is lack
    if found is not None:
        assert refused.value.found == found


def test_impossible_parameters_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^beta must be above 0, got 0$"):
        Sbg(alpha=1.0, beta=[1.0, 0.0])
