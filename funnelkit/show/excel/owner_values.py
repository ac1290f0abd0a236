"""What the owner's formulas come to, from the model: shown where nothing recalculates."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.business import Business, filled
from funnelkit.model.customer import per_customer
from funnelkit.model.ltv import lifetime_months
from funnelkit.model.owner import Months
from funnelkit.model.products import offer
from funnelkit.model.quantity import times
from funnelkit.plan.scenario import Scenario
from funnelkit.show.excel.client_lines import product_key
from funnelkit.show.excel.owner_levers import lever_rows

__all__ = ["month_values", "settled_values"]

Array = NDArray[np.float64]

_OF_MONTHS = (
    *("leads", "worked_leads", "waiting_leads", "lost_leads", "answered_leads"),
    *("qualified_leads", "new_customers", "active_customers", "signed_new", "signed_repeat"),
    *("revenue_new", "revenue_repeat", "revenue", "backlog_revenue", "contribution"),
    *("marketing", "sales_cost", "profit", "ltv", "cac", "ltv_to_cac"),
)


def month_values(scenario: Scenario) -> dict[str, Array]:
    """Return every line's numbers along the plan, each of shape (months,)."""
    return _values(scenario.paths(), scenario.run(), scenario.business)


def settled_values(scenario: Scenario) -> dict[str, Array]:
    """Return every line's number where the plan settles, each of shape (1,)."""
    return _values(scenario.target, scenario.steady(), scenario.business)


def _values(
    levers: Mapping[str, ArrayLike], months: Months, business: Business
) -> dict[str, Array]:
    x, one = filled(levers, business.line), per_customer(levers, business)
    found: dict[str, Array] = {row.key: x[row.name] for row in lever_rows(business.line)}
    found |= {name: getattr(months, name) for name in _OF_MONTHS}
    found |= {
        "overdue_leads": np.maximum(months.worked_leads - months.leads, 0.0)
        * x["answered_rate"]
        * x["qualified_rate"],
        "first_sale": one.signed_new,
        "first_cost": one.cost_new,
        "first_paid": one.signed_new * x["collection_new"] * (1.0 - x["refund_rate"]),
        "repeat_sale": one.signed_repeat,
        "repeat_cost": one.cost_repeat,
        "first_value": one.first_value,
        "monthly_value": one.monthly_value,
        "lifetime": lifetime_months(x["retention_rate"], business.discount),
    }
    if np.isfinite(business.leads_per_manager):
        found["capacity"] = x["managers"] * business.leads_per_manager
    if business.line:
        of = offer(x, business.line)
        cost = times(of.signed, 1.0 - of.margin)
        for n in range(len(business.line)):
            found[product_key(n + 1, "sale")] = of.signed[n]
            found[product_key(n + 1, "cost")] = cost[n]
    return {name: np.broadcast_to(v, months.leads.shape) for name, v in found.items()}
