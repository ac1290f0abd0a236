"""What a purchase is worth: the gamma-gamma model of spend.

Fader & Hardie (2013), The gamma-gamma model of monetary value, brucehardie.com/notes/025.
A client's purchases scatter about a mean of his own, which is itself distributed over clients, and
has nothing to do with how often he buys. So the mean of a few purchases is drawn towards that of
all clients, and the more so the fewer they are. Equation 1a is the likelihood, 5 the expectation.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.plan.bgnbd import Bgnbd
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
from funnelkit.plan.orders import Buyers

__all__ = ["GammaGamma", "check_gammagamma", "expected_value", "fit_gammagamma", "independence"]

Array = NDArray[np.float64]

STARTS = np.log([[3.0, 3.0, 1.0], [1.0, 2.0, 1.0], [10.0, 5.0, 0.3]])

STEADY = float(np.log(100.0))
"""Logarithm of `p` with which a client's purchases differ by a tenth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GammaGamma:
    """Clients' mean spend; all parameters are above 0.

    Attributes
    ----------
    p : ndarray
        Shape of the spend of one client's purchases.
    q, v : ndarray
        Shape and scale of its rate over clients; v in the client's currency. With q up to 1 the
        mean over clients is not finite. All broadcast against clients, the last axis.

    Examples
    --------
    >>> model = GammaGamma(p=6.25, q=3.74, v=15.44)
    >>> round(float(model.mean), 2)
    35.22
    """

    p: ArrayLike
    q: ArrayLike
    v: ArrayLike

    def __post_init__(self) -> None:
        keep_positive(self)

    def _parameters(self) -> tuple[Array, Array, Array]:
        p, q, v = (np.asarray(getattr(self, field.name)) for field in fields(self))
        return p, q, v

    @property
    def mean(self) -> Array:
        """Mean spend over clients, ``p * v / (q - 1)``; NaN where it is not finite."""
        p, q, v = self._parameters()
        return np.where(q > 1, p * v / np.where(q > 1, q - 1.0, 1.0), np.nan)

    def expected(self, buyers: Buyers) -> Array:
        """Expect of each client's future purchase so much, shape (..., clients).

        The mean over clients for who has not bought again.
        """
        p, q, v = self._parameters()
        x = buyers.repeats
        again = x > 0
        count = np.where(again, x, 1.0)
        spend = np.where(again, buyers.spend, 1.0)
        weighed = p * (v + count * spend) / (p * count + q - 1.0)
        return np.where(again, weighed, self.mean)


def fit_gammagamma(buyers: Buyers) -> Fit[GammaGamma]:
    """Fit the model to the mean spend of clients who bought again, by maximum likelihood.

    Where each client's purchases differ so little from one another, or are so many, that data do
    not know how much they differ, `p` is taken to be 100, of variance 0.

    Raises
    ------
    LifetimeError
        For a mean spend of 0 or less (a client whose returns exceed what he bought), fewer than
        30 clients who bought again (three parameters), clients who do not differ, and a mean over
        clients that is not finite.
    """
    from scipy.special import digamma, gammaln

    again = buyers.repeats > 0
    x, spend = buyers.repeats[again], buyers.spend[again]
    wrong = ~(np.isfinite(spend) & (spend > 0))
    if wrong.any():
        raise LifetimeError(Lack.SPEND, float(spend[wrong][0]))
    if x.size < 3 * EVENTS:
        raise LifetimeError(Lack.REPEATS, float(x.size))
    scale = float(np.exp(np.mean(np.log(spend))))
    z = spend / scale
    # what depends on the number of purchases alone is worked out once for each number
    counts, n = np.unique(x, return_counts=True)
    of_x = float(x @ (np.log(z) + np.log(x)))
    log_z = float(np.log(z).sum())

    def objective(logs: Array) -> tuple[float, Array]:
        p, q, v = np.exp(logs)
        shape, both = p * counts, p * counts + q
        total = v + x * z
        log_sum = np.log(total)
        value = (
            n @ (gammaln(both) - gammaln(shape))
            + x.size * (q * logs[2] - gammaln(q))
            + p * of_x
            - log_z
            - (p * x + q) @ log_sum
        )
        above = digamma(both)
        by_p = (n * counts) @ (above - digamma(shape)) + of_x - x @ log_sum
        by_q = n @ above + x.size * (logs[2] - digamma(q)) - log_sum.sum()
        by_v = x.size * q / v - np.sum((p * x + q) / total)
        return -float(value), -np.array([by_p * p, by_q * q, by_v * v])

    def steady(some: Array) -> tuple[float, Array]:
        value, gradient = objective(np.array([STEADY, *some]))
        return value, gradient[1:]

    try:
        logs, covariance = maximise(objective, STARTS)
    except LifetimeError:
        some, known = maximise(steady, STARTS[:, 1:])
        logs, covariance = np.array([STEADY, *some]), np.zeros((3, 3))
        covariance[1:, 1:] = known
    p, q, v = np.exp(logs)
    if q <= 1:
        raise LifetimeError(Lack.HEAVY, float(q))
    # a density per unit of money for each client
    in_units = x.size * np.log(scale)
    return Fit(
        model=GammaGamma(p=p, q=q, v=v * scale),
        covariance=covariance,
        log_likelihood=-objective(logs)[0] - in_units,
    )


def independence(buyers: Buyers) -> float:
    """Correlation of how often clients bought again with their spend; the model takes 0.

    NaN where either does not vary.
    """
    again = buyers.repeats > 0
    x, spend = buyers.repeats[again], buyers.spend[again]
    if x.size < 2 or np.ptp(x) == 0 or np.ptp(spend) == 0:
        return np.nan
    return float(np.corrcoef(x, spend)[0, 1])


def check_gammagamma(model: GammaGamma, buyers: Buyers, groups: int = 10) -> Check:
    """Lay clients' expected spend beside what they spent, in groups by the latter.

    Returns
    -------
    Check
        With the mean spend in tenths (`groups`) of the clients who bought again, from those who
        spend least, shape (groups,). The predicted rise is the smaller, as it should be.
    """
    again = buyers.repeats > 0
    spend, expected = buyers.spend[again], model.expected(buyers)[again]
    parts = np.array_split(np.argsort(spend, kind="stable"), groups)
    return Check(
        predicted=np.array([expected[part].mean() for part in parts if part.size]),
        actual=np.array([spend[part].mean() for part in parts if part.size]),
    )


def expected_value(
    purchases: Bgnbd,
    spend: GammaGamma,
    buyers: Buyers,
    *,
    periods: int,
    period: float = 1.0,
    discount: float = 0.0,
    margin: float = 1.0,
) -> Array:
    """Contribution that each client is expected to bring from now to a horizon.

    Parameters
    ----------
    purchases : Bgnbd
    spend : GammaGamma
    buyers : Buyers
        Clients' histories, in the unit of time of `purchases`.
    periods : int
        Periods to the horizon.
    period : float
        Units of time in one: 30.4375 / 7 for months where the unit is a week.
    discount : float
        Rate per period; what a period brings comes at its end.
    margin : float
        Share of the spend that is contribution, 0-1.

    Returns
    -------
    ndarray, shape (..., clients)
        Client's currency; the total is their sum.
    """
    ends = period * np.arange(1.0, periods + 1.0)
    to_end = np.stack([purchases.purchases(buyers, end) for end in ends], axis=-1)
    by_period = np.diff(to_end, axis=-1, prepend=0.0)
    return discounted(by_period, discount) * spend.expected(buyers) * margin
