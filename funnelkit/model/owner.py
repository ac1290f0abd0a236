"""The owner's model: four stages from audience to profit, month by month.

Every array's last axis is the month; leading axes are free and broadcast (scenario, draw, corner
of a decomposition, grid). The recursion over months is the only loop.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.business import Business, filled
from funnelkit.model.customer import PerCustomer, per_customer
from funnelkit.model.ltv import lifetime_months
from funnelkit.model.products import offer
from funnelkit.model.quantity import over, times

__all__ = [
    "METRICS",
    "Business",
    "Months",
    "PerCustomer",
    "by_product",
    "per_customer",
    "run",
    "static",
    "steady",
]

Array = NDArray[np.float64]

METRICS = ("revenue", "contribution", "profit")
"""The quantities of a month that can be a goal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """What the model says of every month; arrays of shape (..., months).

    Attributes
    ----------
    leads, worked_leads, waiting_leads, lost_leads : ndarray
        Leads that come, are worked on, wait at the month's end, are lost to lack of capacity.
    answered_leads, qualified_leads : ndarray
        Of the worked leads, those called back in time, and of these those that can buy.
    new_customers, active_customers : ndarray
        New clients of the month; clients at its start.
    signed_new, signed_repeat : ndarray
        Signed sums, client's currency.
    revenue_new, revenue_repeat, other_revenue, revenue : ndarray
        Collected sums net of VAT; the last is the sum of the others.
    backlog_revenue : ndarray
        Part of `revenue_new` that comes from a backlog being worked off: one-off, not run rate.
    contribution, marketing, sales_cost, profit : ndarray
        Client's currency; NaN where an input they need is missing.
    ltv : ndarray
        Contribution of one more new client at the month's levers, client's currency.
    cac : ndarray
        (marketing + sales cost) / new customers; NaN without new customers.
    """

    leads: Array
    worked_leads: Array
    waiting_leads: Array
    lost_leads: Array
    answered_leads: Array
    qualified_leads: Array
    new_customers: Array
    active_customers: Array
    signed_new: Array
    signed_repeat: Array
    revenue_new: Array
    revenue_repeat: Array
    other_revenue: Array
    revenue: Array
    backlog_revenue: Array
    contribution: Array
    marketing: Array
    sales_cost: Array
    profit: Array
    ltv: Array
    cac: Array

    @property
    def ltv_to_cac(self) -> Array:
        """LTV / CAC; NaN where either is missing or CAC is 0."""
        return over(self.ltv, self.cac)

    def metric(self, name: str) -> Array:
        """Return one of `METRICS` by name; KeyError for another name."""
        if name not in METRICS:
            raise KeyError(f"{name!r} is none of {', '.join(METRICS)}")
        value: Array = getattr(self, name)
        return value


def _closed(ready: Array, before: Array, sales_cycle: tuple[float, ...]) -> Array:
    """Spread what is ready over the sales cycle; `before` (..., 1) is every month before 0."""
    taps = len(sales_cycle)
    earlier = np.broadcast_to(before, (*ready.shape[:-1], taps - 1))
    whole = np.concatenate([earlier, ready], axis=-1)
    windows = np.lib.stride_tricks.sliding_window_view(whole, taps, axis=-1)
    closed: Array = windows @ np.asarray(sales_cycle[::-1])
    return closed


def run(
    levers: Mapping[str, ArrayLike], business: Business | None = None, *, months: int | None = None
) -> Months:
    """Run the owner's model.

    Before month 0 the funnel ran at month 0's levers without a backlog.

    Parameters
    ----------
    levers : mapping of str to array_like, each of shape (..., months) or (..., 1)
        Values by lever name (`funnelkit.model.levers.LEVERS`, and those of the product line);
        a plain number holds for all months. A lever not named has its `absent` value.
    business : Business, optional
        Stocks, delays and capacity; the default has no clients, no delay and no limit.
    months : int, optional
        Number of months; by default as many as the levers have.

    Returns
    -------
    Months
        Arrays of shape (..., months).

    Raises
    ------
    KeyError
        For a lever that no table knows or that the product line replaces, or a product without
        take rate, price or margin.

    Examples
    --------
    >>> path = run(dict(visitors=4000, lead_rate=0.25, win_rate=0.5, average_check=10), months=2)
    >>> path.revenue.tolist()
    [5000.0, 5000.0]
    """
    business = business or Business()
    x = filled(levers, business.line)
    stock = np.asarray(business.active_customers, dtype=float)[..., np.newaxis]
    shape = np.broadcast_shapes(stock.shape, (months or 1,), *(v.shape for v in x.values()))

    leads = np.broadcast_to(
        x["visitors"] * x["lead_rate"]
        + x["audience"] * x["engagement_rate"] * x["nurtured_lead_rate"],
        shape,
    )
    if np.isinf(business.leads_per_manager):
        capacity = np.broadcast_to(np.inf, shape)
    else:
        capacity = np.broadcast_to(x["managers"] * business.leads_per_manager, shape)

    worked, waiting, lost = np.empty(shape), np.zeros(shape), np.zeros(shape)
    queue = np.full(shape[:-1], business.backlog)
    for month in range(shape[-1]):
        at_hand = queue + leads[..., month]
        worked[..., month] = np.minimum(at_hand, capacity[..., month])
        rest = at_hand - worked[..., month]
        if business.overflow == "wait":
            queue = waiting[..., month] = rest
        else:
            queue, lost[..., month] = np.zeros_like(rest), rest

    answered = worked * x["answered_rate"]
    qualified = answered * x["qualified_rate"]
    per_lead = np.broadcast_to(x["answered_rate"] * x["qualified_rate"], shape)
    before = np.minimum(leads[..., :1], capacity[..., :1]) * per_lead[..., :1]
    new = x["win_rate"] * _closed(qualified, before, business.sales_cycle)
    from_backlog = x["win_rate"] * _closed(
        np.maximum(worked - leads, 0.0) * per_lead, np.zeros_like(before), business.sales_cycle
    )

    active = np.empty(shape)
    retention = np.broadcast_to(x["retention_rate"], shape)
    active[..., 0] = np.broadcast_to(stock[..., 0], shape[:-1])
    for month in range(1, shape[-1]):
        active[..., month] = (active[..., month - 1] + new[..., month - 1]) * retention[
            ..., month - 1
        ]

    return _money(
        x,
        business,
        leads=leads,
        worked_leads=worked,
        waiting_leads=waiting,
        lost_leads=lost,
        answered_leads=answered,
        qualified_leads=qualified,
        new_customers=new,
        active_customers=active,
        from_backlog=from_backlog,
    )


def _money(
    x: Mapping[str, Array],
    business: Business,
    *,
    new_customers: Array,
    active_customers: Array,
    from_backlog: Array,
    **people: Array,
) -> Months:
    """Turn people into money."""
    one = per_customer(x, business)
    kept = x["collection_new"] * (1.0 - x["refund_rate"])
    signed_new = new_customers * one.signed_new
    signed_repeat = times(one.signed_repeat, active_customers)
    revenue_new = signed_new * kept
    revenue_repeat = signed_repeat * x["collection_repeat"]
    shape = new_customers.shape
    other = np.broadcast_to(x["other_revenue"], shape)
    revenue = revenue_new + revenue_repeat + other
    contribution = (
        revenue
        - times(new_customers, one.cost_new)
        - times(one.cost_repeat, active_customers)
        - times(other, 1.0 - x["other_revenue_margin"])
    )
    marketing = np.broadcast_to(
        x["marketing_fixed"]
        + times(x["visitors"], x["cost_per_visitor"])
        + times(x["audience"], x["cost_per_reached"]),
        shape,
    )
    sales_cost = np.broadcast_to(times(x["managers"], x["cost_per_manager"]), shape)
    return Months(
        **people,
        new_customers=new_customers,
        active_customers=active_customers,
        signed_new=signed_new,
        signed_repeat=signed_repeat,
        revenue_new=revenue_new,
        revenue_repeat=revenue_repeat,
        other_revenue=other,
        revenue=revenue,
        backlog_revenue=from_backlog * one.signed_new * kept,
        contribution=contribution,
        marketing=marketing,
        sales_cost=sales_cost,
        profit=contribution - x["fixed_costs"] - sales_cost - marketing,
        ltv=np.broadcast_to(one.ltv, shape),
        cac=over(marketing + sales_cost, new_customers),
    )


def by_product(
    levers: Mapping[str, ArrayLike], business: Business, *, metric: str, months: int | None = None
) -> Array:
    """Split a month's revenue or contribution over the product line.

    Parameters
    ----------
    levers, business, months
        As in `run`.
    metric : {"revenue", "contribution"}

    Returns
    -------
    ndarray, shape (..., products + 1, months)
        One row a product (without a line: first sale and repeat sales), then what belongs to
        none; the rows add up to `run`'s.

    Raises
    ------
    KeyError
        For a metric that does not split over products.
    """
    if metric not in ("revenue", "contribution"):
        raise KeyError(f"{metric!r} does not split over products")
    path = run(levers, business, months=months)
    x = filled(levers, business.line)
    of = offer(x, business.line)
    people = np.where(
        of.first[:, np.newaxis],
        path.new_customers[..., np.newaxis, :],
        path.active_customers[..., np.newaxis, :],
    )
    kept = np.where(
        of.first[:, np.newaxis],
        (x["collection_new"] * (1.0 - x["refund_rate"]))[..., np.newaxis, :],
        x["collection_repeat"][..., np.newaxis, :],
    )
    signed = times(of.signed, people)
    rows = signed * kept
    other = path.other_revenue
    if metric == "contribution":
        rows = rows - times(signed, 1.0 - of.margin)
        other = other - times(other, 1.0 - x["other_revenue_margin"])
    return np.concatenate([rows, other[..., np.newaxis, :]], axis=-2)


def static(levers: Mapping[str, ArrayLike], business: Business | None = None) -> Months:
    """Evaluate one month at constant levers: no recursion, no delay, no backlog.

    `business.active_customers` is a factor like any other here.

    Parameters
    ----------
    levers : mapping of str to array_like, each of shape (...)
    business : Business, optional

    Returns
    -------
    Months
        Arrays of shape (..., 1).
    """
    business = replace(business or Business(), sales_cycle=(1.0,), backlog=0.0)
    columns = {name: np.asarray(v, dtype=float)[..., np.newaxis] for name, v in levers.items()}
    return run(columns, business)


def steady(levers: Mapping[str, ArrayLike], business: Business | None = None) -> Months:
    """Where the months settle at constant levers: clients neither grow nor shrink.

    The stock is the fixed point of ``active = (active + new) * retention``.

    Returns
    -------
    Months
        Arrays of shape (..., 1); NaN where new clients come, retention is 1 and the stock never
        settles.
    """
    business = business or Business()
    flow = static(levers, replace(business, active_customers=0.0))
    retention = np.asarray(levers.get("retention_rate", np.nan), dtype=float)[..., np.newaxis]
    present = np.asarray(business.active_customers, dtype=float)[..., np.newaxis]
    untouched = np.where(retention == 1, present, 0.0 * retention)
    stock = np.where(
        flow.new_customers == 0, untouched, flow.new_customers * lifetime_months(retention)
    )
    return static(levers, replace(business, active_customers=stock[..., 0]))
