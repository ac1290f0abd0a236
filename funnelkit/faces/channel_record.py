"""What the marketer's notebook records of its results."""

from typing import Any

import numpy as np

from funnelkit.client.client import Client
from funnelkit.faces.record import DIGITS
from funnelkit.plan.media import Media
from funnelkit.plan.reconcile import Reconciled
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.spend import spend_of
from funnelkit.show.book_labels import BOOKS
from funnelkit.show.picture import rounded

__all__ = ["channel_record"]


def channel_record(
    client: Client,
    scenario: Scenario,
    scenario_name: str,
    media: Media,
    found: Reconciled,
    version: str,
) -> dict[str, Any]:
    """Collect the results of the marketer's notebook as plain JSON data."""
    spend = spend_of(media, scenario)
    least = spend.least(found.leads_needed)
    months = media.by_month(scenario)
    sides = {"now": media.today(scenario), "plan": media.planned(scenario)}
    record: dict[str, Any] = {
        "version": version,
        "client": client.name,
        "title": client.title,
        "demo": client.demo,
        "currency": client.currency,
        "scenario": scenario_name,
        "metric": scenario.goal.metric,
        "b": scenario.goal.b,
        "reached": float(scenario.at_goal()),
        "ltv": float(scenario.per_customer(scenario.target).ltv.item()),
        "leads_needed": found.leads_needed,
        "visitors_needed": found.visitors_needed,
        "customers_apart": found.customers_apart,
        "total": {
            side: {name: float(getattr(table.total, name)) for name in BOOKS}
            for side, table in sides.items()
        },
        "channels": {
            channel: {
                side: {name: float(getattr(table.channels, name)[place]) for name in BOOKS}
                for side, table in sides.items()
            }
            for place, channel in enumerate(media.market.names)
        },
        "left_out": [
            name
            for name, whole in zip(media.market.names, sides["plan"].complete, strict=True)
            if not whole
        ],
        "budgets": {
            media.market.names[row]: {
                "plan": float(spend.plan[at]),
                "cheapest_for_b": float(least.spend[at]),
                "marginal_cpl": float(spend.marginal_cpl(spend.plan)[at]),
            }
            for at, row in enumerate(spend.rows.tolist())
        },
        "verdict": str(least.verdict),
        "months": {
            name: np.asarray(getattr(months.total, name)).tolist()
            for name in ("media", "clicks", "leads", "new_customers")
        },
    }
    exact: dict[str, Any] = rounded(record, DIGITS)
    return exact
