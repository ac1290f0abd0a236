"""Budgets by equal marginal return: the least for the required leads, the best for a sum.

Where no bound binds, the last unit of money brings the same in every channel; its return is the
multiplier of the sum (Karush-Kuhn-Tucker). The multiplier is searched for all draws at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.plan.crossing import CLOSE, crossing
from funnelkit.plan.response import Response, limits

__all__ = ["Budget", "Verdict", "best_budget", "least_budget"]

Array = NDArray[np.float64]
Amount = Callable[[Array], Array]

TOLERANCE = 1e-9
"""A sum that bounds miss by less than this share is met."""


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
        Bounds of each channel's spend, 0 <= lower <= upper; NaN where there is none.
    worth : array_like, shape (..., channels), optional
        Contribution before marketing that a lead brings, client's currency; below 0 it is decided
        upon as 0. Without it the budget is the one with the most leads.

    Returns
    -------
    Budget

    Raises
    ------
    ValueError
        If the sum is below 0 or infinite, or bounds are not as above.

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
        worth,
        weight=1.0 if worth is None else worth,
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
        If the number of leads is below 0 or infinite, or bounds are not as above.

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
        worth,
        weight=1.0,
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
    worth: ArrayLike | None,
    *,
    weight: ArrayLike,
    amount: Amount,
    cost: Amount,
    over: Verdict,
    under: Verdict,
) -> Budget:
    """Meet a required sum of amounts, be they money or leads, at equal marginal return.

    `weight` is what a lead counts for in the return, `amount` what a spend counts for in the sum
    and `cost` its inverse; `over` and `under` are the verdicts where the bounds leave only more,
    or only less.
    """
    value = np.asarray(np.nan if worth is None else worth, dtype=float)
    sought, low, high, gain = (
        np.asarray(given, dtype=float) for given in (required, lower, upper, weight)
    )
    if (wrong := (sought < 0) | np.isinf(sought)).any():
        raise ValueError(f"a sum must be finite and 0 or more, got {sought[wrong][0]:g}")
    low, high = np.where(np.isnan(low), 0.0, low), np.where(np.isnan(high), np.inf, high)
    sums = sought[..., np.newaxis]
    low, high, gain, foot, _ = np.broadcast_arrays(low, high, gain, response.foot, sums)
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
        """Return by how much the sum is exceeded, and spends, at a multiplier's logarithm."""
        rate = np.exp(multiplier)[..., np.newaxis] / np.maximum(gain, 0.0)
        spend = np.fmin(np.fmax(response.spend_at(rate), low), high)  # bounds where it is missing
        return np.log(counted(spend).sum(axis=-1)) - np.log(sought), spend

    # Spends jump where lines begin, bend at bounds, and meet the sum around equal amounts.
    rates = [foot * (1.0 - CLOSE / 4.0), foot * (1.0 + CLOSE / 4.0)]
    rates += [response.marginal(at) for at in (low, high, cost(sums / foot.shape[-1]))]
    points = np.log(np.concatenate([rate * gain for rate in rates], axis=-1))
    most, least = crossing(spent, points, high, low)
    # What the two leave open is next to nothing, but for channels on a line.
    base = counted(least)
    gaps = counted(most) - base
    rest = sums - base.sum(axis=-1, keepdims=True)
    before = np.concatenate([0.0 * rest, np.cumsum(gaps, axis=-1)[..., :-1]], axis=-1)
    taken = np.clip(rest - before, 0.0, gaps)
    part = np.clip(cost(base + taken), least, most)
    spend = np.where(taken == 0, least, np.where(taken == gaps, most, part))

    fewest, largest = counted(low), counted(high)
    bottom, top = fewest.sum(axis=-1), largest.sum(axis=-1)
    nothing, too_little = np.isnan(sought), top < sought * (1.0 - TOLERANCE)
    spend = np.where((bottom >= sought)[..., np.newaxis], low, spend)
    spend = np.where(too_little[..., np.newaxis], np.where(largest > fewest, high, low), spend)
    spend = np.where(missing | nothing[..., np.newaxis], np.nan, spend)
    too_much = bottom > sought * (1.0 + TOLERANCE)
    verdict = np.where(too_much, over, np.where(too_little, under, Verdict.MET))
    marginal = response.marginal(spend)
    return Budget(
        spend=np.where(np.isinf(spend), np.nan, spend),
        leads=response.leads(spend),
        marginal=marginal,
        beyond=response.beyond(spend),
        losing=(spend > 0) & (value * marginal < 1.0 - TOLERANCE),
        verdict=np.where(nothing, Verdict.MISSING, verdict),
    )
