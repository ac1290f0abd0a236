"""The owner's model once more, in plain Python, month by month: what the tests compare with.

Written from the definitions alone, without a look at `funnelkit`'s formulas. It knows numbers,
lists and dictionaries, no arrays; levers are lists of one value a month.
"""

from collections.abc import Mapping, Sequence
from math import inf, nan

from funnelkit.model.owner import Business

Path = Mapping[str, Sequence[float]]
PEOPLE = (
    "leads",
    "worked_leads",
    "waiting_leads",
    "lost_leads",
    "answered_leads",
    "qualified_leads",
    "new_customers",
    "active_customers",
)
MONEY = (
    "signed_new",
    "signed_repeat",
    "revenue_new",
    "revenue_repeat",
    "other_revenue",
    "revenue",
    "contribution",
    "marketing",
    "sales_cost",
    "profit",
)


def ramp(now: float, plan: float, start: int, horizon: int, months: int) -> list[float]:
    """A lever's way: at now up to its start, at plan from the horizon on, a line between."""
    way = []
    for month in range(months):
        if month >= horizon:
            way.append(plan)
        elif month <= start:
            way.append(now)
        else:
            way.append(now + (plan - now) * (month - start) / (horizon - start))
    return way


def queue(leads: Sequence[float], capacity: Sequence[float], business: Business) -> dict:
    """Who is worked on, waits at the month's end, is lost."""
    worked, waiting, lost = [], [], []
    backlog = business.backlog
    for new, room in zip(leads, capacity, strict=True):
        done = min(backlog + new, room)
        left = backlog + new - done
        backlog = left if business.overflow == "wait" else 0.0
        worked.append(done)
        waiting.append(backlog)
        lost.append(left - backlog)
    return {"worked_leads": worked, "waiting_leads": waiting, "lost_leads": lost}


def sales(levers: Path, business: Business, month: int) -> dict[str, float]:
    """What one new and one active customer sign in a month, and what that costs."""
    at = {name: way[month] for name, way in levers.items()}
    if business.line:
        sold = [
            (p.first, at[f"take_rate.{p.name}"] * at[f"price.{p.name}"], at[f"margin.{p.name}"])
            for p in business.line
        ]
    else:
        sold = [
            (True, at["average_check"], at["margin"]),
            (False, at["purchase_rate"] * at["repeat_check"], at["margin"]),
        ]
    return {
        "new": sum(signed for first, signed, _ in sold if first),
        "new_cost": sum(signed * (1 - margin) for first, signed, margin in sold if first),
        "again": sum(signed for first, signed, _ in sold if not first),
        "again_cost": sum(signed * (1 - margin) for first, signed, margin in sold if not first),
    }


def reference(levers: Path, business: Business, months: int) -> dict[str, list[float]]:
    """Every quantity of every month."""
    x = levers
    every = range(months)
    leads = [
        x["visitors"][t] * x["lead_rate"][t]
        + x["audience"][t] * x["engagement_rate"][t] * x["nurtured_lead_rate"][t]
        for t in every
    ]
    limited = business.leads_per_manager != inf
    room = [x["managers"][t] * business.leads_per_manager if limited else inf for t in every]
    result: dict[str, list[float]] = {"leads": leads} | queue(leads, room, business)
    result |= {name: [] for name in (*PEOPLE, *MONEY, "ltv", "cac") if name not in result}
    active = float(business.active_customers)
    for t in every:
        answered = result["worked_leads"][t] * x["answered_rate"][t]
        qualified = answered * x["qualified_rate"][t]
        result["answered_leads"].append(answered)
        result["qualified_leads"].append(qualified)
        new = 0.0
        for delay, share in enumerate(business.sales_cycle):
            if delay <= t:
                new += share * result["qualified_leads"][t - delay] * x["win_rate"][t]
            else:  # before month 0: as in month 0, without a backlog
                usual = min(leads[0], room[0]) * x["answered_rate"][0] * x["qualified_rate"][0]
                new += share * usual * x["win_rate"][t]
        one = sales(levers, business, t)
        kept = x["collection_new"][t] * (1 - x["refund_rate"][t])
        collected = x["collection_repeat"][t]
        month = {
            "new_customers": new,
            "active_customers": active,
            "signed_new": new * one["new"],
            "signed_repeat": active * one["again"],
            "revenue_new": new * one["new"] * kept,
            "revenue_repeat": active * one["again"] * collected,
            "other_revenue": x["other_revenue"][t],
            "marketing": x["marketing_fixed"][t]
            + x["visitors"][t] * x["cost_per_visitor"][t]
            + x["audience"][t] * x["cost_per_reached"][t],
            "sales_cost": x["managers"][t] * x["cost_per_manager"][t],
        }
        month["revenue"] = month["revenue_new"] + month["revenue_repeat"] + month["other_revenue"]
        month["contribution"] = (
            month["revenue"]
            - new * one["new_cost"]
            - active * one["again_cost"]
            - x["other_revenue"][t] * (1 - x["other_revenue_margin"][t])
        )
        month["profit"] = (
            month["contribution"] - x["fixed_costs"][t] - month["sales_cost"] - month["marketing"]
        )
        month["ltv"] = one["new"] * kept - one["new_cost"]
        monthly = one["again"] * collected - one["again_cost"]
        if monthly != 0:
            rest = 1 + business.discount - x["retention_rate"][t]
            month["ltv"] += monthly * x["retention_rate"][t] / rest if rest else nan
        month["cac"] = (month["marketing"] + month["sales_cost"]) / new if new else nan
        for name, value in month.items():
            result[name].append(value)
        active = (active + new) * x["retention_rate"][t]
    return result
