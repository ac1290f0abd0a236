"""Contractual clients: the shifted-beta-geometric model of retention.

Fader & Hardie (2007), How to project customer retention, Journal of Interactive Marketing 21(1),
76-90. A client leaves at each renewal with a probability of his own; over clients it is
beta-distributed. So those who stay longest are those who leave least, and retention grows from
renewal to renewal although nobody changes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.plan.lifetime import (
    EVENTS,
    Check,
    Fit,
    Lack,
    LifetimeError,
    discounted,
    keep_positive,
    maximise,
)

__all__ = ["Sbg", "check_sbg", "fit_sbg"]

Array = NDArray[np.float64]

STARTS = np.log([[1.0, 1.0], [0.3, 3.0], [5.0, 50.0], [0.1, 0.1]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sbg:
    """Beta distribution of the probability to leave at a renewal.

    Attributes
    ----------
    alpha, beta : ndarray, shape (...)
        Above 0; a new client leaves at the first renewal with probability
        ``alpha / (alpha + beta)``. They broadcast against clients.

    Examples
    --------
    >>> regular = Sbg(alpha=0.704, beta=1.182)
    >>> regular.survival(7).round(3).tolist()
    [1.0, 0.627, 0.474, 0.388, 0.332, 0.292, 0.262, 0.239]
    """

    alpha: ArrayLike
    beta: ArrayLike

    def __post_init__(self) -> None:
        keep_positive(self)

    def retention(self, renewals: int, done: ArrayLike = 0) -> Array:
        """Share of those still there who stay at the next renewals; equation 8 of the paper.

        Parameters
        ----------
        renewals : int
        done : array_like, shape (...)
            Renewals that clients have made already.

        Returns
        -------
        ndarray, shape (..., renewals)
        """
        a, b = (np.asarray(value)[..., np.newaxis] for value in (self.alpha, self.beta))
        stayed = np.asarray(done, dtype=float)[..., np.newaxis] + np.arange(renewals)
        rate: Array = (b + stayed) / (a + b + stayed)
        return rate

    def survival(self, renewals: int, done: ArrayLike = 0) -> Array:
        """Probability that clients are still there after 0, 1, ... further renewals.

        Parameters
        ----------
        renewals : int
        done : array_like, shape (...)
            Renewals that clients have made already.

        Returns
        -------
        ndarray, shape (..., renewals + 1)
        """
        stay = np.cumprod(self.retention(renewals, done), axis=-1)
        start = np.ones((*stay.shape[:-1], 1))
        return np.concatenate([start, stay], axis=-1)

    def expected_renewals(
        self, horizon: int, done: ArrayLike = 0, *, discount: float = 0.0
    ) -> Array:
        """Renewals that clients are expected to make within a horizon, discounted.

        Their lifetime value is these times the contribution of a renewal, and a new client's
        first payment beside it.

        Parameters
        ----------
        horizon : int
            Periods from now; the first renewal comes at the end of the first.
        done : array_like, shape (...)
            Renewals that clients have made already.
        discount : float
            Rate per period.

        Returns
        -------
        ndarray, shape (...)
        """
        return discounted(self.survival(horizon, done)[..., 1:], discount)


def fit_sbg(survivors: ArrayLike) -> Fit[Sbg]:
    """Fit the model to how many clients of each cohort were left after each renewal.

    Parameters
    ----------
    survivors : array_like, shape (cohorts, renewals + 1) or (renewals + 1,)
        Clients at the start and after 1, 2, ... renewals; NaN once a cohort's time is over.

    Raises
    ------
    LifetimeError
        For counts below 0 or that grow, a gap between counts, fewer than 2 renewals or
        20 lost clients, and clients who do not differ.

    Examples
    --------
    >>> model = fit_sbg([1000, 631, 468, 382, 326, 289, 262, 241]).model
    >>> round(float(model.alpha), 3), round(float(model.beta), 3)
    (0.704, 1.182)
    """
    from scipy.special import betaln, digamma

    lost, left, after = _counts(survivors)
    renewals = np.arange(1, lost.size + 1)

    def objective(logs: Array) -> tuple[float, Array]:
        a, b = np.exp(logs)
        # everybody's log-probability has the denominator ln B(a, b); equations 5 and 6
        going, staying = betaln(a + 1.0, b + renewals - 1.0), betaln(a, b + after)
        clients = lost.sum() + left.sum()
        value = lost @ going + left @ staying - clients * betaln(a, b)
        both = lost @ digamma(a + b + renewals) + left @ digamma(a + b + after)
        shared = clients * digamma(a + b) - both
        by_a = lost.sum() * digamma(a + 1.0) + (left.sum() - clients) * digamma(a) + shared
        by_b = lost @ digamma(b + renewals - 1.0) + left @ digamma(b + after)
        by_b += shared - clients * digamma(b)
        return -value, -np.array([by_a * a, by_b * b])

    logs, covariance = maximise(objective, STARTS)
    a, b = np.exp(logs)
    return Fit(
        model=Sbg(alpha=a, beta=b), covariance=covariance, log_likelihood=-objective(logs)[0]
    )


def _counts(survivors: ArrayLike) -> tuple[Array, Array, Array]:
    """Count the lost by renewal over all cohorts, and the left with the renewals they made."""
    table = np.atleast_2d(np.asarray(survivors, dtype=float))
    known = ~np.isnan(table)
    if table.ndim != 2 or table.size == 0:
        raise LifetimeError(Lack.SHAPE, float(table.ndim))
    after_gap = np.zeros_like(known)
    after_gap[:, 1:] = known[:, 1:] & ~known[:, :-1]
    wrong = known & ((table < 0) | np.isinf(table) | after_gap)
    if wrong.any():
        raise LifetimeError(Lack.RANGE, float(table[wrong][0]))
    change = np.diff(table, axis=1)
    if (change > 0).any():
        raise LifetimeError(Lack.GROWING, float(np.nanmax(change)))
    after = known.sum(axis=1) - 1
    if after.max(initial=0) < 2:
        raise LifetimeError(Lack.PERIODS, float(max(after.max(initial=0), 0)))
    lost = -np.nansum(change, axis=0)
    if lost.sum() < 2 * EVENTS:
        raise LifetimeError(Lack.LOST, float(lost.sum()))
    seen = after >= 0
    left = np.take_along_axis(table, np.maximum(after, 0)[:, np.newaxis], axis=1)[:, 0]
    return lost, left[seen], after[seen].astype(float)


def check_sbg(model: Sbg, survivors: ArrayLike) -> Check:
    """Lay the model's survivors beside those counted, summed over cohorts, renewal by renewal.

    Parameters
    ----------
    model : Sbg
        With parameters of shape ().
    survivors : array_like, shape (cohorts, renewals + 1) or (renewals + 1,)
        As `fit_sbg` takes them, also of renewals that it was not shown.

    Returns
    -------
    Check
        With arrays of shape (renewals,), the start left out.
    """
    table = np.atleast_2d(np.asarray(survivors, dtype=float))
    expected = table[:, :1] * model.survival(table.shape[1] - 1)
    expected = np.where(np.isnan(table), np.nan, expected)
    return Check(predicted=np.nansum(expected, axis=0)[1:], actual=np.nansum(table, axis=0)[1:])
