"""Where a plan starts: any count, a budget or a revenue, read as a count of the chain."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.channel import COUNTS, TRAFFIC, Market
from funnelkit.model.economics import Economics
from funnelkit.model.quantity import needed

__all__ = ["GIVEN", "starts", "unit_price"]

Array = NDArray[np.float64]

GIVEN = ("media", *COUNTS, "gross_revenue", "revenue")
"""What a channel's plan can start from: forwards from media, backwards from the others."""


def unit_price(market: Market, price: ArrayLike) -> Array:
    """Price of one click, lead or single impression, from that of 1,000 impressions."""
    return market.each("price", price) / np.where(market.buys("impressions"), 1000.0, 1.0)


def starts(
    market: Market, given: Mapping[str, ArrayLike], price: Array, economics: Economics
) -> Iterator[tuple[str, str, Array]]:
    """Read what is given as counts of the chain.

    Parameters
    ----------
    market : Market
    given : mapping of str to array_like, each of shape (..., channels)
        Counts and sums by a name of `GIVEN`, NaN for a channel that starts from something else.
    price : ndarray, shape (..., channels)
        As `unit_price` returns it.
    economics : Economics
        The check and VAT through which a revenue becomes paid orders.

    Yields
    ------
    tuple of str, str and ndarray
        Name given, name of the count, and the count.

    Raises
    ------
    KeyError
        For a name outside `GIVEN`.
    ValueError
        For a channel that starts from two things, from a count that it does not have, or from
        any though it recovers what others lose.
    """
    if unknown := set(given) - set(GIVEN):
        raise KeyError(f"given {', '.join(sorted(unknown))}: known are {', '.join(GIVEN)}")
    found = {name: market.sums(name, value) for name, value in given.items()}
    by_channel: dict[str, list[str]] = {name: [] for name in market.names}
    for name, amount in found.items():
        rows = np.broadcast_to(amount, np.broadcast_shapes(amount.shape, (len(market.names),)))
        for channel, row in zip(market.names, np.moveaxis(rows, -1, 0), strict=True):
            if not np.isnan(row).all():
                by_channel[channel].append(name)
    recovering = {recovery.channel for recovery in market.recoveries}
    for channel, names in by_channel.items():
        if len(names) > (channel not in recovering):
            allowed = "what others lose" if channel in recovering else "one of them"
            raise ValueError(f"{channel!r} starts from {' and '.join(names)}: give {allowed} alone")
        for unit in TRAFFIC:
            if unit in names and not market.has(unit)[market.names.index(channel)]:
                raise ValueError(f"{channel!r} has no {unit}, so it cannot start from them")

    for name, amount in found.items():
        if name == "media":
            bought = needed(amount, price)
            for unit in TRAFFIC:
                yield name, unit, np.where(market.buys(unit), bought, np.nan)
        elif name in COUNTS:
            yield name, name, amount
        else:
            vat = market.each("vat_in_prices", economics.vat_in_prices)
            gross = amount * (1.0 + vat) if name == "revenue" else amount
            yield name, "paid_orders", needed(gross, market.each("check", economics.check))
