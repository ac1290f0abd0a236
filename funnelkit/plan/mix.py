"""Price, volume and mix: why a product line's revenue changed. Exact for every product."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.plan.lmdi import PEOPLE, realised_factors
from funnelkit.plan.scenario import Scenario

__all__ = ["EFFECTS", "mix_of_scenario", "price_volume_mix"]

Array = NDArray[np.float64]

EFFECTS = ("price", "volume", "mix", "new", "dropped")
"""Parts of a product's change."""


def _times(quantity: Array, price: Array) -> Array:
    """Multiply, with 0 where nothing is sold, so that a price nobody knows does no harm."""
    product: Array = np.where(quantity == 0, 0.0, quantity * price)
    return product


def price_volume_mix(
    units_base: ArrayLike, price_base: ArrayLike, units: ArrayLike, price: ArrayLike
) -> dict[str, Array]:
    """Split each product's change of revenue, units x price, over what changed it.

    Of the products sold at both ends, U0 and U1 units in all: *price* is the change of price on
    the actual units; *volume* what all products growing alike, by U1 / U0, would add at base
    prices; *mix* what the shift of shares adds, each product at its own base price. A product
    without a base is *new* with all it brings, one that is no longer sold is *dropped*; they are
    outside the totals, and so are products that are free at both ends, as a lead magnet.

    Parameters
    ----------
    units_base, price_base, units, price : array_like, shape (..., products)
        Units and prices at the base (budget, now) and in fact (plan). A price may be missing
        (NaN) where no units are sold.

    Returns
    -------
    dict of str to ndarray, shape (..., products)
        By the names of `EFFECTS`; they add up to ``units * price - units_base * price_base``.

    Raises
    ------
    ValueError
        If units are below 0.

    Examples
    --------
    >>> effects = price_volume_mix([50, 40], [1.2, 0.8], [60, 50], [1.1, 1])
    >>> {name: part.round(3).tolist() for name, part in effects.items() if part.any()}
    {'price': [-6.0, 10.0], 'volume': [13.333, 7.111], 'mix': [-1.333, 0.889]}
    """
    u0, p0, u1, p1 = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(x, dtype=float)) for x in (units_base, price_base, units, price))
    )
    if (u0 < 0).any() or (u1 < 0).any():
        raise ValueError("units below 0 have no share in a mix")
    compared = (u0 != 0) & (u1 != 0) & ((p0 != 0) | (p1 != 0))
    base, actual = np.where(compared, u0, 0.0), np.where(compared, u1, 0.0)
    before, after = (x.sum(axis=-1, keepdims=True) for x in (base, actual))
    alike = base * np.divide(after, before, out=np.zeros_like(before), where=before != 0)
    return {
        "price": _times(actual, p1 - p0),
        "volume": _times(alike - base, p0),
        "mix": _times(actual - alike, p0),
        "new": np.where(u0 == 0, _times(u1, p1), 0.0),
        "dropped": np.where(u1 == 0, -_times(u0, p0), 0.0),
    }


def mix_of_scenario(scenario: Scenario) -> dict[str, Array]:
    """Split what the plan adds to each product's revenue in the goal's month.

    Units are purchases of the month, prices those of the line at the share that is collected
    now; *collected* is what a changed share of payments (and of refunds, for new sales) adds, on
    the planned units and prices.

    Returns
    -------
    dict of str to ndarray, shape (products,)
        By the names of `EFFECTS`, and ``collected``; they add up to the product's change of
        revenue, whatever the goal's metric. Rows as in `by_product` without its last, which
        belongs to no product.
    """
    now, plan = realised_factors(scenario, {}), realised_factors(scenario)
    u0, u1 = (
        _times(end["take_rate"], np.prod([end[name] for name in PEOPLE], axis=0))
        for end in (now, plan)
    )
    c0, c1 = (end["collected"] * end["kept"] for end in (now, plan))
    effects = price_volume_mix(u0, now["price"] * c0, u1, plan["price"] * c0)
    return effects | {"collected": _times(u1, plan["price"]) * (c1 - c0)}
