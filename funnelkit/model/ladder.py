"""The product ladder, lead magnet to recurring: what each rung earns, and where people fall off.

The last axis is the product, leading axes are free.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.products import Product, Role
from funnelkit.model.quantity import checked, over, times

__all__ = ["Ladder", "Product", "Role", "ladder"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """What a ladder earns; client's currency.

    Attributes
    ----------
    per_client, per_visitor : ndarray, shape (..., products)
        Contribution of each rung over a client's whole relation, and its share of a visitor.
    left : ndarray, shape (..., products)
        What a visitor has earned up to and including the rung, less the advertising cost.
    earned_back : ndarray, shape (...)
        The whole ladder per visitor / advertising cost per visitor: 1 and above pays for it.
    lost : ndarray, shape (..., products)
        Contribution per client lost to take rates below the reference; NaN without one.
    leak : ndarray of int, shape (...)
        Where the ladder leaks: the rung that loses most against the reference, without one the
        rung with the lowest take rate. -1 where none loses, or none has a take rate.
    """

    per_client: Array
    per_visitor: Array
    left: Array
    earned_back: Array
    lost: Array
    leak: NDArray[np.intp]


def ladder(
    line: Sequence[Product],
    *,
    take_rate: ArrayLike,
    price: ArrayLike,
    margin: ArrayLike,
    months: ArrayLike = 1.0,
    clients_per_visitor: ArrayLike = 1.0,
    cost_per_visitor: ArrayLike = np.nan,
    reference: ArrayLike = np.nan,
) -> Ladder:
    """Climb the line, rung after rung as listed.

    Parameters
    ----------
    line : sequence of Product
        A product's role decides whether it sells once, to a new client, or month by month.
    take_rate, price, margin : array_like, shape (..., products)
        The product line's levers: purchases per new client, or per active client and month;
        client's currency; share of the price left after direct costs, at most 1.
    months : array_like, shape (...)
        Months in which a client buys again (`funnelkit.model.ltv.lifetime_months`); by default
        one, as where everything is sold in one visit.
    clients_per_visitor : array_like, shape (...)
        Share of the visitors who become clients, 0–1; by default the client is the visitor.
    cost_per_visitor : array_like, shape (...)
        Advertising cost.
    reference : array_like, shape (..., products)
        Take rates to compare with: a plan's, a benchmark's, last year's.

    Raises
    ------
    ValueError
        For a product listed twice, numbers that are not one a product, or outside their range.

    Examples
    --------
    The hamburger pays for the advertisement, fries and cola are the profit.

    >>> meal = ladder(
    ...     [
    ...         Product(name="hamburger", role=Role.TRIPWIRE),
    ...         Product(name="fries and cola", role=Role.UPSELL),
    ...     ],
    ...     take_rate=1,
    ...     price=[2.09, 1.32],
    ...     margin=1,
    ...     cost_per_visitor=1.91,
    ... )
    >>> meal.left.round(2).tolist()
    [0.18, 1.5]
    """
    names = [product.name for product in line]
    if len(set(names)) < len(names):
        raise ValueError(f"line: a product is listed twice in {', '.join(names)}")

    def rungs(name: str, value: ArrayLike, **bounds: float) -> Array:
        array = checked(name, value, **bounds)
        if (length := array.shape[-1] if array.ndim else 1) not in (1, len(line)):
            raise ValueError(f"{name} must be {len(line)} numbers, one a product, got {length}")
        return np.broadcast_to(array, np.broadcast_shapes(array.shape, (len(line),)))

    def of_visitor(name: str, value: ArrayLike, **bounds: float) -> Array:
        return checked(name, value, **bounds)[..., np.newaxis]

    take, usual = rungs("take_rate", take_rate), rungs("reference", reference)
    earns = rungs("margin", margin, low=-np.inf, high=1.0)
    often = np.where([product.first for product in line], 1.0, of_visitor("months", months))
    value = times(times(rungs("price", price), often), earns)
    per_client = times(take, value)
    per_visitor = per_client * of_visitor("clients_per_visitor", clients_per_visitor, high=1.0)
    cost = of_visitor("cost_per_visitor", cost_per_visitor)
    lost = np.maximum(usual - take, 0.0) * value
    compared = ~np.isnan(usual).all(axis=-1, keepdims=True)
    worst = np.where(compared, np.where(lost > 0, lost, np.nan), -take)
    found = ~np.isnan(worst)
    leak = np.where(found, worst, -np.inf).argmax(axis=-1)
    return Ladder(
        per_client=per_client,
        per_visitor=per_visitor,
        left=per_visitor.cumsum(axis=-1) - cost,
        earned_back=over(per_visitor.sum(axis=-1), cost[..., 0]),
        lost=lost,
        leak=np.where(found.any(axis=-1), leak, -1),
    )
