"""What clients are worth by measured habits: a new one's LTV, and what those there will bring.

Intervals are those of the fitted parameters: each model is drawn anew from its likelihood's
curvature, see `Fit.drawn`. That costs a hundredth of fitting to resampled clients, needs no second
fit that may fail, and is the same for equal data. What else is not known is not in them: that
clients go on as they have done is what the check on the second half of the log is for.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.quantity import over
from funnelkit.plan.bgnbd import Bgnbd
from funnelkit.plan.clientele import MONTH, WEEK, Clientele
from funnelkit.plan.contracts import Contracts
from funnelkit.plan.estimate import Estimate
from funnelkit.plan.gammagamma import GammaGamma, expected_value
from funnelkit.plan.habits import Fitted, Habits, tried
from funnelkit.plan.lifetime import Fit, LifetimeError, discounted
from funnelkit.plan.orders import Buyers
from funnelkit.plan.sbg import Sbg

__all__ = ["Worth", "new_worth", "worth_of"]

Array = NDArray[np.float64]
_Models = tuple[Bgnbd, GammaGamma]

DRAWS = 200
SEEN = 400
"""Draws of the parameters, and clients whose sum's spread is taken for that of all."""

PERIOD = MONTH / WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What clients are worth, as contribution in the client's currency.

    Attributes
    ----------
    new : Estimate, shape (months + 1,)
        What a new client brings within 0, 1, ... months, the first purchase in the first: LTV by
        horizon.
    horizons : tuple of int
        Months.
    purchases, value : Estimate, shape (horizons,)
        What all present clients will buy, and bring, within each.
    there : ndarray, shape (clients,)
        Probability that each client is still one, 0-1.
    each_purchases, each : ndarray, shape (clients,)
        What each will buy and bring within the chosen horizon.
    """

    new: Estimate
    horizons: tuple[int, ...]
    purchases: Estimate
    value: Estimate
    there: Array
    each_purchases: Array
    each: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """How contribution is reckoned: horizons, the discount a month, a share of what is paid."""

    months: int
    horizons: tuple[int, ...]
    chosen: int
    discount: float
    share: float

    def worth(self, paid: Array) -> Array:
        """Turn what is paid within 0, 1, ... months into contribution, discounted; same shape."""
        by_month = np.diff(paid, axis=-1)
        worth = [
            discounted(by_month[..., :month], self.discount) for month in range(self.months + 1)
        ]
        return self.share * np.stack(worth, axis=-1)


def worth_of(
    found: Habits | Contracts,
    *,
    horizons: Sequence[int],
    chosen: int,
    discount: float = 0.0,
    margin: float = 1.0,
) -> Worth | LifetimeError:
    """Reckon what clients are worth, or return why that is not known.

    Parameters
    ----------
    found : Habits or Contracts
    horizons : sequence of int
        Months from now.
    chosen : int
        The one of them that each client's worth is reckoned for.
    discount : float
        Rate a month, 0 or more; what a month brings comes at its end.
    margin : float
        Share of what is paid and kept that is contribution, 0-1.
    """
    terms = _Terms(
        months=max(horizons),
        horizons=tuple(horizons),
        chosen=chosen,
        discount=discount,
        share=margin * found.clientele.kept,
    )
    if isinstance(found, Contracts):
        whole = found.whole
        return whole if isinstance(whole, LifetimeError) else _staying(found, whole, terms)
    purchases, spend = found.whole.purchases, found.whole.spend
    if isinstance(purchases, LifetimeError):
        return purchases
    if isinstance(spend, LifetimeError):
        return spend
    return _coming(found, purchases, spend, terms)


def _coming(found: Habits, purchases: Fit[Bgnbd], spend: Fit[GammaGamma], terms: _Terms) -> Worth:
    """Reckon for clients who come and go."""
    buyers = found.whole.buyers
    some = _spread_out(buyers)
    fitted = (purchases.model, spend.model)
    drawn = (purchases.drawn(DRAWS), spend.drawn(DRAWS))
    whole, part, draws = (
        _course(models, of, terms)
        for models, of in ((fitted, buyers), (fitted, some), (drawn, some))
    )
    counts, sums = (
        Estimate.of(all_, over(scattered, few) * all_)
        for all_, few, scattered in zip(whole, part, draws, strict=True)
    )
    value = expected_value(
        *fitted, buyers, periods=terms.chosen, period=PERIOD, discount=terms.discount
    )
    return Worth(
        new=_new_coming(found.clientele, fitted, drawn, terms),
        horizons=terms.horizons,
        purchases=counts,
        value=sums,
        there=purchases.model.alive(buyers),
        each_purchases=purchases.model.purchases(buyers, PERIOD * terms.chosen),
        each=terms.share * value,
    )


def _course(models: _Models, buyers: Buyers, terms: _Terms) -> tuple[Array, Array]:
    """Sum what clients will buy and bring within each horizon, both of shape (..., horizons)."""
    purchases, spend = models
    mean = spend.expected(buyers)
    counts, sums = [np.zeros(mean.shape[:-1])], [np.zeros(mean.shape[:-1])]
    for month in range(1, terms.months + 1):
        bought = purchases.purchases(buyers, PERIOD * month)
        counts.append(bought.sum(axis=-1))
        sums.append((bought * mean).sum(axis=-1))
    places = list(terms.horizons)
    worth = terms.worth(np.stack(sums, axis=-1))
    return np.stack(counts, axis=-1)[..., places], worth[..., places]


def _spread_out(buyers: Buyers) -> Buyers:
    """Take as many clients as are enough, evenly among all by what they have bought."""
    order = np.lexsort((buyers.last, buyers.age, buyers.repeats))
    some = order[np.unique(np.linspace(0, order.size - 1, SEEN).astype(np.int64))]
    return Buyers(
        repeats=buyers.repeats[some],
        last=buyers.last[some],
        age=buyers.age[some],
        spend=buyers.spend[some],
    )


def _staying(found: Contracts, fit: Fit[Sbg], terms: _Terms) -> Worth:
    """Reckon for clients with a contract, each of whom goes on to pay what he has paid."""
    standing, drawn = found.standing, fit.drawn(DRAWS)
    there, done = standing.there, standing.done
    fee = terms.share * standing.fee
    ages = np.arange(done.max(initial=0) + 1)

    def total(weight: Array, discount: float) -> Estimate:
        by_age = np.bincount(done, there * weight)
        value, draws = (
            np.stack(
                [m.expected_renewals(h, ages, discount=discount) @ by_age for h in terms.horizons],
                axis=-1,
            )
            for m in (fit.model, drawn)
        )
        return Estimate.of(value, draws)

    def each(discount: float) -> Array:
        return fit.model.expected_renewals(terms.chosen, ages, discount=discount)[done] * there

    return Worth(
        new=_new_staying(found, fit.model, drawn, terms),
        horizons=terms.horizons,
        purchases=total(np.ones(there.size), 0.0),
        value=total(fee, terms.discount),
        there=there,
        each_purchases=each(0.0),
        each=each(terms.discount) * fee,
    )


def new_worth(
    clientele: Clientele, *, months: int, discount: float = 0.0, margin: float = 1.0
) -> Estimate | LifetimeError:
    """Reckon what a new client brings within 0, 1, ... months, as `Worth.new`, and nothing else.

    Returns
    -------
    Estimate, shape (months + 1,), or LifetimeError
        The reason where that is not known.
    """
    share = margin * clientele.kept
    terms = _Terms(months=months, horizons=(), chosen=months, discount=discount, share=share)
    if clientele.contractual:
        found = tried(lambda: Contracts.of(clientele))
        if isinstance(found, LifetimeError):
            return found
        fit = found.whole
        if isinstance(fit, LifetimeError):
            return fit
        return _new_staying(found, fit.model, fit.drawn(DRAWS), terms)
    whole = Fitted.to(clientele.orders.buyers(clientele.end, WEEK))
    purchases, spend = whole.purchases, whole.spend
    if isinstance(purchases, LifetimeError):
        return purchases
    if isinstance(spend, LifetimeError):
        return spend
    drawn = (purchases.drawn(DRAWS), spend.drawn(DRAWS))
    return _new_coming(clientele, (purchases.model, spend.model), drawn, terms)


def _new_coming(clientele: Clientele, fitted: _Models, drawn: _Models, terms: _Terms) -> Estimate:
    ends = PERIOD * np.arange(terms.months + 1.0)
    paid, scattered = (
        purchases.new_purchases(ends) * spend.mean for purchases, spend in (fitted, drawn)
    )
    return _new(clientele, paid, scattered, terms)


def _new_staying(found: Contracts, fitted: Sbg, drawn: Sbg, terms: _Terms) -> Estimate:
    fee = found.standing.mean_fee

    def paid(model: Sbg) -> Array:
        renewals = np.cumsum(model.survival(terms.months), axis=-1) - 1.0
        return np.asarray(renewals.squeeze() * fee, dtype=float)

    return _new(found.clientele, paid(fitted), paid(drawn), terms)


def _new(clientele: Clientele, paid: Array, drawn: Array, terms: _Terms) -> Estimate:
    """Reckon what a new client brings within 0, 1, ... months.

    Parameters
    ----------
    clientele : Clientele
        Whose first purchases are those of a new client; their mean's own error is in the interval.
    paid : ndarray, shape (months + 1,)
        What a client pays after the first purchase within so many months.
    drawn : ndarray, shape (draws, months + 1)
        The same by drawn parameters.
    terms : _Terms
    """
    first = clientele.orders.first_amount
    error = float(np.std(first)) / np.sqrt(first.size)
    stream = np.random.default_rng([0, zlib.crc32(b"first purchase")])
    scattered = first.mean() + error * stream.standard_normal((DRAWS, 1))

    return Estimate.of(
        terms.share * first.mean() + terms.worth(paid),
        terms.share * scattered + terms.worth(drawn),
    )
