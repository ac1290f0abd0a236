"""Budgets by equal marginal return: the least for the required leads, the best for a sum.

Where no bound binds, the last unit of money brings the same in every channel; its return is the
multiplier of the sum (Karush-Kuhn-Tucker). The multiplier is searched for all draws at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.plan.response import Response, limits

__all__ = ["Budget", "Verdict", "best_budget", "least_budget"]

Array = NDArray[np.float64]
Amount = Callable[[Array], Array]

TOLERANCE = 1e-9
"""A sum that bounds miss by less than this share is met."""

WIDEST, CLOSE, STEPS = 700.0, 1e-13, 200
"""Search of the multiplier's logarithm: ends on both sides of 0, width that ends it, most steps."""


class Verdict(StrEnum):
    """Whether a budget is what was asked for."""

    MET = "met"
    LOWER_BOUNDS = "lower_bounds"  # together they ask for more than the sum
    UPPER_BOUNDS = "upper_bounds"  # together they take less than the sum
    UNREACHABLE = "unreachable"  # all channels at their upper bounds bring fewer leads
    MISSING = "missing"  # no sum or no number of leads was given


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Spend by channel, and what it brings; by month, money in the client's currency.

    A channel without data (a missing curve or worth) is left out: it has NaN and no part of the
    sums.

    Attributes
    ----------
    spend, leads : ndarray, shape (..., channels)
        At the nearest that bounds allow where the verdict is not `MET`. A spend without end is
        NaN: the best that is reachable has a number of leads, but no cost.
    marginal : ndarray, shape (..., channels)
        Leads for one more unit of money.
    beyond : ndarray of bool, shape (..., channels)
        Spend lies beyond what the channel's history has seen.
    losing : ndarray of bool, shape (..., channels)
        The last unit of money brings less than one of contribution; False where a lead's worth
        is not known.
    verdict : ndarray of str, shape (...)
        Values of `Verdict`.
    """

    spend: Array
    leads: Array
    marginal: Array
    beyond: NDArray[np.bool_]
    losing: NDArray[np.bool_]
    verdict: NDArray[np.str_]

    @property
    def total_spend(self) -> Array:
        """Money of all channels with data, shape (...)."""
        return self._total(self.spend)

    @property
    def total_leads(self) -> Array:
        """Leads of all channels with data, shape (...)."""
        return self._total(self.leads)

    def _total(self, values: Array) -> Array:
        known = ~np.isnan(self.leads)
        return np.where(known.any(axis=-1), np.where(known, values, 0.0).sum(axis=-1), np.nan)


def best_budget(
    response: Response,
    total: ArrayLike,
    *,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
    worth: ArrayLike | None = None,
) -> Budget:
    """Share a sum among channels so that it brings the most contribution, or the most leads.

    The whole sum is spent, whether or not its last unit returns itself; `Budget.losing` tells.
    Channels that are equally good at the margin, as linear ones are, are filled in their order.

    Parameters
    ----------
    response : Response
        The channels' curves, shape (..., channels).
    total : array_like, shape (...)
        Money to spend a month; 0 or more.
    lower, upper : array_like, shape (..., channels)
        Bounds of each channel's spend, 0 <= lower <= upper.
    worth : array_like, shape (..., channels), optional
        Contribution before marketing that a lead brings, client's currency; below 0 it is decided
        upon as 0. Without it the budget is the one with the most leads.

    Returns
    -------
    Budget

    Raises
    ------
    ValueError
        If the sum or a bound is below 0, or a lower bound above its upper bound.

    Examples
    --------
    Optimal Advertising: 10 sqrt(x1) + 15 sqrt(x2) with 100 to spend.

    >>> curves = Response(scale=np.array([10.0, 15.0]), exponent=np.array(0.5))
    >>> best = best_budget(curves, 100.0)
    >>> best.spend.round(3).tolist(), round(float(best.total_leads), 3), str(best.verdict)
    ([30.769, 69.231], 180.278, 'met')
    """
    return _budget(
        response,
        total,
        lower,
        upper,
        weight=1.0 if worth is None else worth,
        worth=np.nan if worth is None else worth,
        amount=_money,
        cost=_money,
        over=Verdict.LOWER_BOUNDS,
        under=Verdict.UPPER_BOUNDS,
    )


def least_budget(
    response: Response,
    leads: ArrayLike,
    *,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
    worth: ArrayLike | None = None,
) -> Budget:
    """Find the least spend that brings the required leads.

    Where the lower bounds alone bring more, they are the budget.

    Parameters
    ----------
    response, lower, upper
        As in `best_budget`.
    leads : array_like, shape (...)
        Leads a month that all channels must bring together; 0 or more.
    worth : array_like, shape (..., channels), optional
        Contribution before marketing that a lead brings, client's currency; it decides nothing
        but `Budget.losing`.

    Returns
    -------
    Budget

    Raises
    ------
    ValueError
        If the number of leads or a bound is below 0, or a lower bound above its upper bound.

    Examples
    --------
    >>> curves = Response(scale=np.array([10.0, 15.0]), exponent=np.array(0.5))
    >>> round(float(least_budget(curves, 180.278).total_spend), 2)
    100.0
    >>> str(least_budget(curves, 200.0, upper=50.0).verdict)
    'unreachable'
    """
    return _budget(
        response,
        leads,
        lower,
        upper,
        weight=1.0,
        worth=np.nan if worth is None else worth,
        amount=response.leads,
        cost=response.spend_for,
        over=Verdict.MET,
        under=Verdict.UNREACHABLE,
    )


def _money(spend: Array) -> Array:
    return spend


@limits
def _budget(
    response: Response,
    required: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    *,
    weight: ArrayLike,
    worth: ArrayLike,
    amount: Amount,
    cost: Amount,
    over: Verdict,
    under: Verdict,
) -> Budget:
    """Meet a required sum of amounts, be they money or leads, at equal marginal return.

    `amount` is what a channel's spend counts towards the sum and `cost` its inverse; `over` and
    `under` are the verdicts where the bounds leave only more, or only less.
    """
    sought, low, high, gain = (
        np.asarray(value, dtype=float) for value in (required, lower, upper, weight)
    )
    if (sought < 0).any():
        raise ValueError(f"a budget needs a sum or leads of 0 or more, got {sought.min():g}")
    low, high, gain, seen, _ = np.broadcast_arrays(
        low, high, gain, response.seen, sought[..., np.newaxis]
    )
    if (wrong := (low < 0) | (low > high)).any():
        raise ValueError(
            "bounds must be 0 <= lower <= upper, got "
            f"lower {low[wrong][0]:g} with upper {high[wrong][0]:g}"
        )
    missing = np.isnan(response.marginal(1.0)) | np.isnan(gain)
    low, high = np.where(missing, 0.0, low), np.where(missing, 0.0, high)

    def counted(spend: Array) -> Array:
        return np.where(missing, 0.0, amount(spend))

    def spent(multiplier: Array) -> tuple[Array, Array]:
        """Return the sum's excess and spends at a multiplier's logarithm."""
        rate = np.exp(multiplier)[..., np.newaxis] / np.maximum(gain, 0.0)
        spend = np.fmin(np.fmax(response.spend_at(rate), low), high)  # bounds where it is missing
        return np.log(counted(spend).sum(axis=-1)) - np.log(sought), spend

    # Where the sum bends or jumps, and around where it is met by equal amounts.
    foot, equal = response.foot, cost(sought[..., np.newaxis] / seen.shape[-1])
    rates = [foot * (1.0 - CLOSE / 4.0), foot * (1.0 + CLOSE / 4.0)]
    rates += [response.marginal(spend) for spend in (low, high, equal)]
    points = np.log(np.concatenate([np.broadcast_to(x, seen.shape) * gain for x in rates], -1))
    points = np.clip(np.where(np.isnan(points), WIDEST, points), -WIDEST, WIDEST)
    most, least = _search(spent, points, high, low)
    # What the two ends leave open is next to nothing, but for channels with a linear part.
    base = counted(least)
    gaps = counted(most) - base
    rest = (sought - base.sum(axis=-1))[..., np.newaxis]
    before = np.concatenate([0.0 * rest, np.cumsum(gaps, axis=-1)[..., :-1]], axis=-1)
    taken = np.clip(rest - before, 0.0, gaps)
    part = np.clip(cost(base + taken), least, most)
    spend = np.where(taken == 0, least, np.where(taken == gaps, most, part))

    fewest, largest = counted(low), counted(high)
    too_much = fewest.sum(axis=-1) > sought * (1.0 + TOLERANCE)
    too_little = largest.sum(axis=-1) < sought * (1.0 - TOLERANCE)
    verdict = np.where(too_much, over, np.where(too_little, under, Verdict.MET))
    verdict = np.where(np.isnan(sought), Verdict.MISSING, verdict)
    nearest = np.where(largest > fewest, high, low)
    spend = np.where(too_little[..., np.newaxis], nearest, spend)
    spend = np.where(missing | np.isnan(sought)[..., np.newaxis], np.nan, spend)
    marginal = response.marginal(spend)
    return Budget(
        spend=np.where(np.isinf(spend), np.nan, spend),
        leads=response.leads(spend),
        marginal=marginal,
        beyond=response.beyond(spend),
        losing=(spend > 0) & (np.asarray(worth) * marginal < 1.0 - TOLERANCE),
        verdict=verdict,
    )


def _search(
    function: Callable[[Array], tuple[Array, Array]], points: Array, at_a: Array, at_b: Array
) -> tuple[Array, Array]:
    """Close in on where falling functions turn negative, all of an array at once.

    First by halving the `points`, shape (..., points), that are left; then by bisection, and by
    inverse quadratic interpolation where that can be trusted: Chandrupatla (1997), Advances in
    Engineering Software 28, 145-149.

    Returns
    -------
    tuple of ndarray, shape (..., channels)
        What `function` gives beside its value for the last argument known to be 0 or more, and
        for the first known to be less; at the ends `at_a` and `at_b`.
    """
    a, b = np.full(points.shape[:-1], -WIDEST), np.full(points.shape[:-1], WIDEST)
    fa, fb = np.full(a.shape, np.inf), np.full(a.shape, -np.inf)
    share = np.full(a.shape, 0.5)
    points = np.concatenate([np.sort(points, axis=-1), b[..., np.newaxis]], axis=-1)
    for _ in range(STEPS):
        first, last = (
            (points <= end[..., np.newaxis]).sum(axis=-1)
            for end in (np.minimum(a, b), np.nextafter(np.maximum(a, b), -np.inf))
        )
        halfway = np.take_along_axis(points, ((first + last) // 2)[..., np.newaxis], axis=-1)
        x = np.where(first < last, halfway[..., 0], a + share * (b - a))
        fx, at_x = function(x)
        same = (fx >= 0) == (fa >= 0)
        c, fc = np.where(same, a, b), np.where(same, fa, fb)
        b, fb = np.where(same, b, a), np.where(same, fb, fa)
        at_b = np.where(same[..., np.newaxis], at_b, at_a)
        a, fa, at_a = x, fx, at_x
        close = CLOSE * (1.0 + np.abs(a)) / np.abs(b - a)
        if (close >= 1).all():
            break
        xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
        trusted = (phi**2 < xi) & ((1.0 - phi) ** 2 < 1.0 - xi)
        third = (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        edge = np.minimum(close / 2.0, 0.5)
        share = np.clip(fa / (fb - fa) * fc / (fb - fc) + third, edge, 1.0 - edge)
        share = np.where(trusted, share, 0.5)
    ordered = (a < b)[..., np.newaxis]
    return np.where(ordered, at_a, at_b), np.where(ordered, at_b, at_a)
