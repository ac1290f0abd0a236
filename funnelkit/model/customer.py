"""What one client signs, costs and brings."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.business import Business, filled
from funnelkit.model.ltv import ltv
from funnelkit.model.products import offer
from funnelkit.model.quantity import times

__all__ = ["PerCustomer", "per_customer"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerCustomer:
    """What one client signs, costs and brings; arrays of shape (..., months), client's currency.

    Attributes
    ----------
    signed_new, cost_new : ndarray
        Signed by a new client at first, and its direct cost.
    signed_repeat, cost_repeat : ndarray
        Signed by an active client a month, and its direct cost.
    first_value, monthly_value : ndarray
        Contribution of the first sale, and of an active client's month.
    ltv : ndarray
        Contribution over the whole relation.
    """

    signed_new: Array
    cost_new: Array
    signed_repeat: Array
    cost_repeat: Array
    first_value: Array
    monthly_value: Array
    ltv: Array


def per_customer(levers: Mapping[str, ArrayLike], business: Business) -> PerCustomer:
    """Take a client's lifetime value apart; parameters as in `run`."""
    x = filled(levers, business.line)
    of = offer(x, business.line)
    cost = times(of.signed, 1.0 - of.margin)
    signed_new, signed_repeat = (of.signed[..., rows, :].sum(-2) for rows in (of.first, ~of.first))
    cost_new, cost_repeat = (cost[..., rows, :].sum(-2) for rows in (of.first, ~of.first))
    first = signed_new * x["collection_new"] * (1.0 - x["refund_rate"]) - cost_new
    monthly = signed_repeat * x["collection_repeat"] - cost_repeat
    return PerCustomer(
        signed_new=signed_new,
        cost_new=cost_new,
        signed_repeat=signed_repeat,
        cost_repeat=cost_repeat,
        first_value=first,
        monthly_value=monthly,
        ltv=ltv(first, monthly, x["retention_rate"], business.discount),
    )
