import numpy as np
import pytest

from funnelkit.plan.lifetime import Check, Fit, Lack, LifetimeError, discounted, maximise
from funnelkit.plan.sbg import Sbg


def test_a_maximum_is_found_with_its_spread() -> None:
    """A Gaussian in two logarithms, correlated, whose covariance is known."""
    middle, spread = np.array([0.4, -1.0]), np.array([[0.04, 0.03], [0.03, 0.09]])
    sharp = np.linalg.inv(spread)

    def objective(logs: np.ndarray) -> tuple[float, np.ndarray]:
        away = logs - middle
        return float(away @ sharp @ away) / 2, sharp @ away

    logs, covariance = maximise(objective, [[0.0, 0.0], [2.0, 2.0]])
    np.testing.assert_allclose(logs, middle, atol=1e-12)
    np.testing.assert_allclose(covariance, spread, rtol=1e-7)


def test_a_maximum_at_the_end_of_all_parameters_is_none() -> None:
    def objective(logs: np.ndarray) -> tuple[float, np.ndarray]:
        return -float(logs.sum()), -np.ones(logs.size)

    with pytest.raises(LifetimeError) as refused:
        maximise(objective, [[0.0, 0.0]])
    assert refused.value.lack is Lack.ALIKE


def test_a_parameter_that_data_leave_open_is_none() -> None:
    def objective(logs: np.ndarray) -> tuple[float, np.ndarray]:
        sharp = np.array([100.0, 0.05])
        return float(sharp @ logs**2) / 2, sharp * logs

    with pytest.raises(LifetimeError, match="clients do not differ enough"):
        maximise(objective, [[1.0, 1.0]])


def test_draws_have_the_spread_and_are_the_same_each_time() -> None:
    covariance = np.array([[0.04, 0.03], [0.03, 0.09]])
    fit = Fit(model=Sbg(alpha=0.7, beta=1.2), covariance=covariance, log_likelihood=0.0)
    drawn = fit.drawn(40_000)
    assert np.shape(drawn.alpha) == (40_000, 1)
    logs = np.log(np.stack([np.ravel(drawn.alpha), np.ravel(drawn.beta)]))
    np.testing.assert_allclose(np.cov(logs), covariance, rtol=0.03)
    np.testing.assert_allclose(np.exp(logs.mean(axis=1)), [0.7, 1.2], rtol=0.01)
    np.testing.assert_array_equal(fit.drawn(40_000).alpha, drawn.alpha)
    assert (np.asarray(fit.drawn(9, seed=1).alpha) != np.asarray(fit.drawn(9).alpha)).all()


def test_what_comes_later_is_worth_less() -> None:
    values = np.array([[100.0, 100.0, 100.0], [0.0, 0.0, 8.0]])
    assert discounted(values, 0.0).tolist() == [300, 8]
    expected = [100 / 1.5 + 100 / 1.5**2 + 100 / 1.5**3, 8 / 1.5**3]
    np.testing.assert_allclose(discounted(values, 0.5), expected, rtol=1e-15)


def test_an_excess_is_that_of_totals_over_what_is_known() -> None:
    check = Check(predicted=np.array([60.0, 50.0, 9.0]), actual=np.array([50.0, 50.0, np.nan]))
    assert check.excess == pytest.approx(0.1)
    assert np.isnan(Check(predicted=np.ones(1), actual=np.zeros(1)).excess)
