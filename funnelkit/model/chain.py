"""The chain of counts from impressions to new customers, forwards and backwards from any of them.

The last axis is the channel, leading axes are free.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.channel import TRAFFIC, Market, Recovery
from funnelkit.model.economics import Economics
from funnelkit.model.quantity import needed

__all__ = ["Counts", "Whole", "flow", "recovered", "steps"]

Array = NDArray[np.float64]
Counts = dict[str, Array]

Whole = Literal["no", "end", "stages"]
"""People and orders as fractions, rounded up once at the end, or at every stage of the way."""

TOLERANCE = 1e-9
"""What a count may exceed a whole number by without being rounded up."""


def steps(market: Market, rates: Mapping[str, ArrayLike], economics: Economics) -> Counts:
    """Name each count of the chain and the rate that leads to it from the one before.

    Parameters
    ----------
    market : Market
    rates : mapping of str to array_like, each of shape (..., channels)
        Shares by `market.rates`, 0–1. A rate that is not there is missing; one that a channel
        skips is 1 for it.
    economics : Economics
        Its shares lead from orders to paid orders and new customers.

    Raises
    ------
    KeyError
        For a rate that the market does not have.
    ValueError
        For a share outside 0–1, or another count of numbers than channels.
    """
    if unknown := set(rates) - set(market.rates):
        raise KeyError(f"rates {', '.join(sorted(unknown))}: known are {', '.join(market.rates)}")

    def share(name: str) -> Array:
        return market.each(name, getattr(economics, name))

    one = np.ones(len(market.channels))
    rate = {n: market.each(n, rates.get(n, np.nan), high=1.0) for n in market.rates}
    chain = {"impressions": one, "clicks": rate["ctr"], "leads": rate["landing_rate"]}
    for stage in market.stages:
        skipped = [stage in channel.skips for channel in market.channels]
        chain[stage] = np.where(skipped, 1.0, rate[stage])
    chain["orders"] = one
    chain["paid_orders"] = share("redeemed_share") * (1.0 - share("returned_share"))
    chain["new_customers"] = 1.0 - share("repeat_share")
    return chain


def flow(
    chain: Mapping[str, Array], market: Market, *, at: str, count: Array, whole: Whole = "no"
) -> Counts:
    """Fill the chain from one of its counts: divide by the rates before it, multiply by the rest.

    Parameters
    ----------
    chain : mapping
        As `steps` returns it.
    market : Market
        Says which channels have no impressions or clicks: theirs are 0.
    at : str
        The given count, one of `COUNTS`.
    count : ndarray, shape (..., channels)
    whole : {"no", "end", "stages"}
        Whether counts stay fractions, are rounded up when all are known, or each before it
        leads to the next.
    """

    def whole_up(counts: Array) -> Array:
        return np.ceil(counts - TOLERANCE) + 0.0  # + 0.0 makes a 0 of a -0

    def kept(counts: Array) -> Array:
        return whole_up(counts) if whole == "stages" else counts

    names = list(chain)
    start = names.index(at)
    counts = {at: kept(count)}
    for here, before in pairwise(reversed(names[: start + 1])):
        counts[before] = kept(needed(counts[here], chain[here]))
    for before, here in pairwise(names[start:]):
        counts[here] = kept(counts[before] * chain[here])
    for unit in TRAFFIC:
        counts[unit] = np.where(market.has(unit), counts[unit], 0.0)
    return {name: whole_up(counts[name]) if whole == "end" else counts[name] for name in names}


def recovered(market: Market, recovery: Recovery, counts: Counts, *, by_month: bool) -> Array:
    """Count those who come back to a recovery's channel, shape (...).

    Channels whose losses are missing are left out. With `by_month` axis -2 is the month: who is
    lost now is back after the delay, and the months before the first were like it. Without it
    the table is one month of many alike, and the delay does not show.
    """
    sort = {each.channel: each.of for each in market.recoveries}
    if recovery.of == "visitors":
        lost = counts["clicks"] - counts["leads"]
        draws = market.has("clicks") & [name not in sort for name in market.names]
    else:
        lost = counts["leads"] - counts["orders"]
        draws = np.array([sort.get(name) != "leads" for name in market.names])
    gone = np.nansum(np.where(draws, lost, 0.0), axis=-1)
    if by_month and gone.ndim:
        gone = gone[..., np.maximum(np.arange(gone.shape[-1]) - recovery.delay, 0)]
    back: Array = recovery.share * gone
    return back
