"""Lifetime value (LTV) of a client, and how a target LTV is spread over what makes it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.quantity import over

__all__ = [
    "LTV_PARTS",
    "LtvMove",
    "lifetime_months",
    "ltv",
    "ltv_by_margin",
    "ltv_simple",
    "ltv_within",
    "spread_ltv",
]

LTV_PARTS = ("purchase_rate", "repeat_check", "retention_rate")
"""The levers an LTV slider moves; the first check belongs to lead conversion."""


def lifetime_months(retention_rate: ArrayLike, discount: float = 0.0) -> NDArray[np.float64]:
    """Months of repeat sales that a new client brings, the first month not counted.

    ``r / (1 + d - r)`` for monthly retention r (0–1) and monthly discount d; NaN at r = 1 without
    a discount, where the sum does not end.
    """
    r = np.asarray(retention_rate, dtype=float)
    rest = 1.0 + discount - r
    months: NDArray[np.float64] = np.divide(r, rest, out=np.full_like(rest, np.nan), where=rest > 0)
    return months


def ltv(
    first_value: ArrayLike,
    monthly_value: ArrayLike,
    retention_rate: ArrayLike,
    discount: float = 0.0,
) -> NDArray[np.float64]:
    """Contribution that one more new client brings over the whole relation.

    Parameters
    ----------
    first_value : array_like
        Contribution of the first sale, client's currency:
        ``average_check * (collection_new * (1 - refund_rate) - 1 + margin)``.
    monthly_value : array_like
        Contribution of an active client a month:
        ``purchase_rate * repeat_check * (collection_repeat - 1 + margin)``.
    retention_rate : array_like
        Share of clients who are still clients a month later, 0–1.
    discount : float
        Monthly discount rate.

    Returns
    -------
    ndarray
        Client's currency. NaN where clients buy again and retention is 1 with nothing discounted.

    Examples
    --------
    >>> round(float(ltv(30.0, 24.0, 0.9)), 6)
    246.0
    """
    monthly = np.asarray(monthly_value, dtype=float)
    again = np.where(monthly == 0, 0.0, monthly * lifetime_months(retention_rate, discount))
    return np.asarray(first_value, dtype=float) + again


def ltv_within(
    months: ArrayLike,
    first_value: ArrayLike,
    monthly_value: ArrayLike,
    retention_rate: ArrayLike,
    discount: float = 0.0,
) -> NDArray[np.float64]:
    """Contribution that one more new client brings within so many months; else as `ltv`.

    ``first_value + monthly_value * sum of q ** k`` for k = 1 to `months`, q = r / (1 + d).

    Examples
    --------
    >>> ltv_within([0, 1, 2], 30.0, 24.0, 0.5).tolist()
    [30.0, 42.0, 48.0]
    """
    n = np.asarray(months, dtype=float)
    q = np.asarray(retention_rate, dtype=float) / (1.0 + discount)
    series = np.where(q == 1.0, n, over(q * (1.0 - q**n), 1.0 - q))
    return np.asarray(first_value, dtype=float) + np.multiply(monthly_value, series)


def ltv_simple(check: ArrayLike, purchases: ArrayLike) -> NDArray[np.float64]:
    """Revenue over the whole relation, check x purchases: no margin, no time."""
    return np.multiply(check, purchases, dtype=float)


def ltv_by_margin(arpu: ArrayLike, margin: ArrayLike, churn: ArrayLike) -> NDArray[np.float64]:
    """ARPU x margin / churn: a subscription that pays from the first month on.

    Parameters
    ----------
    arpu : array_like
        Average revenue per user a month, client's currency.
    margin : array_like
        Share of it left after direct costs.
    churn : array_like
        Share of clients who leave in a month, 0–1; without any the LTV is missing.
    """
    monthly = np.multiply(arpu, margin, dtype=float)
    return over(monthly, np.asarray(churn, dtype=float))


@dataclass(frozen=True, slots=True, kw_only=True)
class LtvMove:
    """What an LTV slider did.

    Attributes
    ----------
    levers : dict
        New values of the parts that moved, by name.
    reached : float
        LTV at these values; below the target where the ceilings do not allow it.
    clipped : tuple of str
        Parts that stopped at their ceiling.
    """

    levers: dict[str, float]
    reached: float
    clipped: tuple[str, ...]


def spread_ltv(
    target: float,
    *,
    first_value: float,
    monthly_value: float,
    parts: Mapping[str, float],
    ceilings: Mapping[str, float],
    locked: frozenset[str] = frozenset(),
    discount: float = 0.0,
) -> LtvMove:
    """Move the unlocked parts of LTV so that it reaches a target.

    The repeat part has to grow by a factor f, so k unlocked parts grow by ``f ** (1 / k)`` each,
    retention through its months of life. A part that meets its ceiling stops there and the
    others take over the rest.

    Parameters
    ----------
    target : float
        LTV wanted, client's currency.
    first_value, monthly_value : float
        Contribution of the first sale and of an active client's month at `parts`, as in `ltv`.
    parts : mapping
        Present `purchase_rate`, `repeat_check` and `retention_rate`.
    ceilings : mapping
        Highest realistic value of each part; a part at or above its ceiling does not grow.
    locked : frozenset of str
        Parts that stay.
    discount : float
        Monthly discount rate.

    Raises
    ------
    ValueError
        If the repeat part is not positive and so cannot be multiplied, or if the target lies
        below the first sale's contribution.
    """

    def months(retention: float) -> float:
        return float(lifetime_months(retention, discount))

    repeat = monthly_value * months(parts["retention_rate"])
    if not repeat > 0:
        raise ValueError("the repeat part of LTV is not positive, there is nothing to multiply")
    factor = (target - first_value) / repeat
    if not factor > 0:
        raise ValueError("repeat sales cannot bring LTV below the first sale's value")

    room = {}
    for name in LTV_PARTS:
        if name not in locked:
            top = max(ceilings[name], parts[name])
            if name == "retention_rate":
                life = months(top)
                room[name] = np.inf if np.isnan(life) else life / months(parts[name])
            else:
                room[name] = top / parts[name]
    growth: dict[str, float] = {}
    left = factor
    while room:
        each = left ** (1.0 / len(room))
        stopped = [name for name, most in room.items() if most <= each]
        if not stopped:
            growth |= dict.fromkeys(room, each)
            left = 1.0
            break
        for name in stopped:
            growth[name] = room.pop(name)
            left /= growth[name]

    levers = {}
    for name, times in growth.items():
        if name == "retention_rate":
            life = months(parts[name]) * times
            levers[name] = life * (1.0 + discount) / (1.0 + life)
        else:
            levers[name] = parts[name] * times
    reached = first_value + repeat * float(np.prod(list(growth.values())))
    clipped = tuple(name for name in LTV_PARTS if name in growth and name not in room)
    return LtvMove(levers=levers, reached=reached, clipped=clipped)
