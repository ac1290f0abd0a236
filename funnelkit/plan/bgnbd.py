"""Non-contractual clients, who leave without a word: the BG/NBD model of purchases.

Fader, Hardie & Lee (2005), "Counting your customers" the easy way: an alternative to the
Pareto/NBD model, Marketing Science 24(2), 275-284. A client buys at random at a rate of his own,
gamma-distributed over clients, and leaves after a purchase with a probability of his own,
beta-distributed. Equations are those of the paper.

Powers and factorials of counts overflow, so the likelihood is one of logarithms and time is
scaled; 2F1 is taken after Pfaff's transformation (DLMF 15.8.1), which leaves the client's count
only in the denominator of the series.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.plan.lifetime import (
    EVENTS,
    Check,
    Fit,
    Lack,
    LifetimeError,
    Objective,
    keep_positive,
    maximise,
)
from funnelkit.plan.orders import Buyers, Orders

__all__ = ["Bgnbd", "check_bgnbd", "fit_bgnbd", "track_bgnbd"]

Array = NDArray[np.float64]

STARTS = np.log([[1.0, 1.0, 1.0, 1.0], [0.3, 0.1, 0.7, 3.0], [3.0, 0.5, 0.1, 1.0]])

EVENLY = np.log([0.01, 0.1, 1.0, 10.0, 100.0])
"""Logarithms of `a` to choose from where data leave it open; with the last one clients' chances
to leave differ by a tenth."""

DIGITS, NODES = 1e-4, 32
"""Difference of 1 and a number that has lost too many digits, and nodes of the integral then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bgnbd:
    """Clients' purchase rates and probabilities to leave; all parameters are above 0.

    Attributes
    ----------
    r, alpha : ndarray
        Purchase rates are gamma-distributed with mean ``r / alpha`` per unit of time.
    a, b : ndarray
        Probabilities to leave after a purchase are beta-distributed, mean ``a / (a + b)``.
        All broadcast against clients, the last axis.
    """

    r: ArrayLike
    alpha: ArrayLike
    a: ArrayLike
    b: ArrayLike

    def __post_init__(self) -> None:
        keep_positive(self)

    def _parameters(self) -> tuple[Array, Array, Array, Array]:
        r, alpha, a, b = (np.asarray(getattr(self, field.name)) for field in fields(self))
        return r, alpha, a, b

    def alive(self, buyers: Buyers) -> Array:
        """Probability that clients have not left, shape (..., clients).

        From the likelihood, equation 6, the share of its second term. Who has not bought again
        cannot have left: here clients leave after a purchase only.
        """
        from scipy.special import expit

        r, alpha, a, b = self._parameters()
        x = buyers.repeats
        far = (r + x) * np.log((alpha + buyers.age) / (alpha + buyers.last))
        again = x > 0
        odds = np.log(a / (b + np.where(again, x, 2.0) - 1.0)) + far
        return np.where(again, expit(-odds), 1.0)

    def purchases(self, buyers: Buyers, horizon: ArrayLike) -> Array:
        """Purchases that clients are expected to make from now to a horizon; equation 10.

        Parameters
        ----------
        buyers : Buyers
            Client's history.
        horizon : array_like
            Units of time, broadcasting against clients.

        Returns
        -------
        ndarray, shape (..., clients)
        """
        _, alpha, _, _ = self._parameters()
        reach = np.asarray(horizon, dtype=float) / (alpha + buyers.age)
        return self.alive(buyers) * self._bought(buyers.repeats, reach)

    def new_purchases(self, horizon: ArrayLike) -> Array:
        """Repeat purchases that a client is expected to make after the first; equation 9.

        Examples
        --------
        >>> model = Bgnbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
        >>> model.new_purchases([0.0, 13.0, 39.0]).round(3).tolist()
        [0.0, 0.534, 1.197]
        """
        _, alpha, _, _ = self._parameters()
        return self._bought(np.array(0.0), np.asarray(horizon, dtype=float) / alpha)

    def _bought(self, x: Array, reach: Array) -> Array:
        """Purchases of a client who is there and has bought x times again, for z = t / (alpha + T).

        ``(a + b + x - 1) / (a - 1) * (1 - 2F1(r + x, a - 1; a + b + x - 1; -z))``, where the
        difference has digits enough; it has none where a = 1 or a + b + x = 1.
        """
        from scipy.special import hyp2f1

        r, _, a, b = self._parameters()
        r, a, b, x, reach = np.broadcast_arrays(r, a, b, x, reach)
        below = a + b + x - 1.0
        with np.errstate(all="ignore"):  # at the poles
            series = hyp2f1(a + b - 1.0 - r, a - 1.0, below, reach / (1.0 + reach))
            left = 1.0 - (1.0 + reach) ** (1.0 - a) * series
            bought: Array = np.atleast_1d(below / (a - 1.0) * left)
        lost = np.atleast_1d(~(np.abs(left) > DIGITS) | (np.abs(below) < DIGITS))
        if lost.any():
            rest = (np.atleast_1d(value)[lost] for value in (r, a, b, x, reach))
            bought[lost] = _bought_by_rate(*rest)
        return bought.reshape(reach.shape)

    def counts(self, age: ArrayLike, top: int) -> Array:
        """Probabilities of 0, 1, ... `top` repeat purchases in a time, and of more; equation 8.

        Parameters
        ----------
        age : array_like, shape (..., clients)
            Units of time since the first purchase.
        top : int

        Returns
        -------
        ndarray, shape (..., clients, top + 2)
        """
        from scipy.special import betaln, gammaln, xlogy

        r, alpha, a, b = (value[..., np.newaxis] for value in self._parameters())
        time = np.asarray(age, dtype=float)[..., np.newaxis]
        x = np.arange(top + 1.0)
        share = xlogy(x, time / (alpha + time))
        log_nbd = gammaln(r + x) - gammaln(r) - gammaln(x + 1.0) + share
        nbd = np.exp(log_nbd + r * np.log(alpha / (alpha + time)))
        stayed = np.exp(betaln(a, b + x) - betaln(a, b)) * nbd
        # who leaves after purchase x would have made x or more: 1 - what is below x
        enough = np.maximum(1.0 - np.cumsum(nbd, axis=-1) + nbd, 0.0)
        left = np.where(x > 0, x, 1.0) - 1.0
        gone = np.exp(betaln(a + 1.0, b + left) - betaln(a, b)) * enough * (x > 0)
        share = stayed + gone
        rest = np.maximum(1.0 - share.sum(axis=-1, keepdims=True), 0.0)
        return np.concatenate([share, rest], axis=-1)


def _bought_by_rate(r: Array, a: Array, b: Array, x: Array, reach: Array) -> Array:
    """Integrate the rate of purchases over time by Gauss and Legendre; shapes are (n,).

    ``(r + x) / (alpha + T) * 2F1(r + x + 1, a; a + b + x; -s / (alpha + T))``, equation 10's
    derivative for who is there, has no poles. In u = ln(1 + z) it is smooth however far it goes.
    """
    from scipy.special import hyp2f1

    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    half = np.log1p(reach) / 2.0
    u = half[:, np.newaxis] * (1.0 + nodes)
    r, a, b, x = (value[:, np.newaxis] for value in (r, a, b, x))
    rate = np.exp(u * (1.0 - a)) * hyp2f1(a + b - r - 1.0, a, a + b + x, -np.expm1(-u))
    bought: Array = half * (((r + x) * rate) @ weights)
    return bought


def fit_bgnbd(buyers: Buyers) -> Fit[Bgnbd]:
    """Fit the model to clients' histories by maximum likelihood.

    Where data know the ratio of a and b and nothing else of them (clients are about as likely to
    leave, or few have left), `a` is the likeliest of a few numbers, of variance 0.

    Raises
    ------
    LifetimeError
        For numbers below 0, a last purchase after the age or without repeats, fewer than 40
        clients who bought again (four parameters), or clients who do not differ in how often they
        buy, or of whom nobody seems to have left.
    """
    _refuse(buyers)
    scale = float(buyers.age.max())
    objective = _objective(buyers, scale)
    try:
        logs, covariance = maximise(objective, STARTS)
    except LifetimeError:
        logs, covariance = _by_ratio(objective)
    r, alpha, a, b = np.exp(logs)
    model = Bgnbd(r=r, alpha=alpha * scale, a=a, b=b)
    # a density per unit of time for each repeat purchase
    in_units = float(buyers.repeats.sum()) * np.log(scale)
    return Fit(model=model, covariance=covariance, log_likelihood=-objective(logs)[0] - in_units)


def _by_ratio(objective: Objective) -> tuple[Array, Array]:
    """Maximise a likelihood where data know no more of a and b than their ratio."""
    place = [0, 1, 3]

    def held(log_a: float) -> tuple[float, Array, Array]:
        def all_of(some: Array) -> Array:
            return np.array([some[0], some[1], log_a, log_a + some[2]])

        def of_some(some: Array) -> tuple[float, Array]:
            value, gradient = objective(all_of(some))
            return value, gradient[place]

        some, known = maximise(of_some, [*STARTS[1, :2], STARTS[1, 3] - STARTS[1, 2]])
        covariance = np.zeros((4, 4))
        covariance[np.ix_(place, place)] = known
        return of_some(some)[0], all_of(some), covariance

    found, lacks = [], []
    for log_a in EVENLY:
        try:
            found.append(held(log_a))
        except LifetimeError as error:
            lacks.append(error)
    if not found:
        raise lacks[-1]
    _value, logs, covariance = min(found, key=lambda each: each[0])
    return logs, covariance


def _refuse(buyers: Buyers) -> None:
    x, last, age = buyers.repeats, buyers.last, buyers.age
    if not x.shape == last.shape == age.shape == (x.size,):
        raise LifetimeError(Lack.SHAPE, float(last.size))
    for value in (x, last, age):
        wrong = ~np.isfinite(value) | (value < 0)
        if wrong.any():
            raise LifetimeError(Lack.RANGE, float(value[wrong][0]))
    wrong = (last > age) | ((x > 0) != (last > 0))
    if wrong.any():
        raise LifetimeError(Lack.RANGE, float(last[wrong][0]))
    again = int((x > 0).sum())
    if again < 4 * EVENTS:
        raise LifetimeError(Lack.REPEATS, float(again))


def _objective(buyers: Buyers, scale: float) -> Objective:
    """Return minus the log-likelihood, equation 6, and its gradient by the logarithms.

    Clients with the same history are counted, not repeated, and what depends on the number of
    purchases alone is worked out once for each number.
    """
    from scipy.special import digamma, expit, gammaln

    history = np.stack([buyers.repeats, buyers.last / scale, buyers.age / scale])
    order = np.lexsort(history)
    history = history[:, order]
    new = np.ones(order.size, dtype=bool)
    new[1:] = (history[:, 1:] != history[:, :-1]).any(axis=0)
    (x, last, age), weight = history[:, new], np.diff(np.append(np.flatnonzero(new), order.size))
    counts, place = np.unique(x, return_inverse=True)
    again = x > 0
    prior = np.where(counts > 0, counts, 2.0) - 1.0

    def objective(logs: Array) -> tuple[float, Array]:
        r, alpha, a, b = np.exp(logs)
        to_end, to_last = np.log(alpha + age), np.log(alpha + last)
        by_count = (
            gammaln(r + counts)
            - gammaln(r)
            + r * logs[1]
            + gammaln(a + b)
            - gammaln(a + b + counts)
            + gammaln(b + counts)
            - gammaln(b)
        )
        staying = -(r + x) * to_end
        leaving = np.where(again, logs[2] - np.log(b + prior)[place] - (r + x) * to_last, -np.inf)
        value = weight @ (by_count[place] + np.logaddexp(staying, leaving))
        gone = weight * np.where(again, expit(leaving - staying), 0.0)
        there = weight - gone
        n = np.bincount(place, weights=weight)
        n_gone = np.bincount(place, weights=gone)
        both = n @ (digamma(a + b) - digamma(a + b + counts))
        by_r = n @ (digamma(r + counts) - digamma(r) + logs[1]) - there @ to_end - gone @ to_last
        by_alpha = n.sum() * r / alpha
        by_alpha -= there @ ((r + x) / (alpha + age)) + gone @ ((r + x) / (alpha + last))
        by_a = both + n_gone.sum() / a
        by_b = both + n @ (digamma(b + counts) - digamma(b)) - n_gone @ (1.0 / (b + prior))
        return -float(value), -np.array([by_r * r, by_alpha * alpha, by_a * a, by_b * b])

    return objective


def check_bgnbd(model: Bgnbd, buyers: Buyers, top: int = 7) -> Check:
    """Lay how many clients should have bought 0, 1, ... times again beside how many have.

    Returns
    -------
    Check
        With arrays of shape (top + 1,), the last one counting those who bought `top` times or
        more often; figure 2 of the paper.
    """
    predicted = model.counts(buyers.age, top - 1).sum(axis=-2)
    bought = np.minimum(buyers.repeats, top).astype(np.int64)
    return Check(predicted=predicted, actual=np.bincount(bought, minlength=top + 1).astype(float))


def track_bgnbd(model: Bgnbd, orders: Orders, ends: ArrayLike, unit: float = 1.0) -> Check:
    """Lay the repeat purchases that all clients should have made by some days beside those made.

    Figure 3 of the paper. Days after those that the model was fitted to show whether it foretells.

    Parameters
    ----------
    model : Bgnbd
        With parameters of shape ().
    orders : Orders
    ends : array_like of int, shape (ends,)
        Days as the orders have them.
    unit : float
        Days in the model's unit of time.

    Returns
    -------
    Check
        With arrays of shape (ends,), counted from the first purchases on.
    """
    days = np.asarray(ends, dtype=np.int64)
    came, clients = np.unique(orders.first, return_counts=True)
    passed = np.maximum(days[:, np.newaxis] - came, 0) / unit
    predicted: Array = model.new_purchases(passed) @ clients
    bought = np.searchsorted(np.sort(orders.day), days, side="right")
    joined = np.searchsorted(np.sort(orders.first), days, side="right")
    return Check(predicted=predicted, actual=(bought - joined).astype(float))
