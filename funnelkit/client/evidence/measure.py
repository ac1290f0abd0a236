"""Measure point A: everything that a client's exports say of a period."""

from collections.abc import Iterator, Mapping
from math import fsum

import numpy as np

from funnelkit.client.evidence.evidence import Completeness, Evidence, Lack, Measured
from funnelkit.client.evidence.funnel import Funnel, funnel, won_in
from funnelkit.client.evidence.journey import by_channel, journey, numbers_meet
from funnelkit.client.evidence.period import Period
from funnelkit.client.evidence.sales import OF_CLIENTS, Sales, month_number, sales, sums
from funnelkit.client.evidence.tables import Table, Tables
from funnelkit.client.export_fields import ExportsField
from funnelkit.client.exports.export import Export
from funnelkit.client.exports.meanings import Content
from funnelkit.plan.uncertainty import Counts

__all__ = ["measure"]


def measure(tables: Tables, settings: ExportsField, period: Period) -> Evidence:
    """Measure a period.

    Parameters
    ----------
    tables : Tables
    settings : ExportsField
    period : Period
        Whole months.
    """
    deals, orders = tables.of.get(Content.DEALS), tables.of.get(Content.ORDERS)
    stages = bool(settings.stages.qualified)
    sold = _sales(tables, period, settings.active_months)
    asked = funnel(deals, period, stages=stages) if deals else Funnel(lacking=_NO_DEALS)
    came, lacking_visits = _traffic(tables, period, asked.leads)
    levers = {**asked.levers, **sold.levers, **came}
    lacking = {**asked.lacking, **sold.lacking, **lacking_visits}
    if deals and orders and numbers_meet(orders, deals):
        levers |= _collected(orders, deals, period, asked)
    else:
        lacking["collection_new"] = Lack.NOT_JOINED
    joined = journey(tables, period)
    return Evidence(
        first=period.first,
        last=period.last,
        files=tuple(export.file for export in tables.exports),
        months=period.months,
        revenue=sold.revenue,
        revenue_new=sold.revenue_new,
        revenue_repeat=sold.revenue_repeat,
        refunds=sold.refunds,
        new_customers=sold.new_customers,
        active_customers=sold.active_customers,
        levers=levers,
        a=_point_a(tables, sold, period),
        clients=sold.clients,
        sales_cycle=asked.sales_cycle,
        cycle=asked.cycle,
        closed=asked.closed,
        channels=by_channel(tables, period, joined, stages=stages),
        journey=joined,
        completeness=_completeness(tables, period, sold, asked),
        lacking={name: why for name, why in lacking.items() if name not in levers},
    )


_NO_DEALS: Mapping[str, Lack] = dict.fromkeys(
    ("win_rate", "qualified_rate", "sales_cycle"), Lack.NO_DEALS
)


def _sales(tables: Tables, period: Period, active_months: int) -> Sales:
    """Measure the sales that are the revenue: payments, or won deals where there are none."""
    nothing = np.full(len(period.months), np.nan)
    revenue, why = nothing, Lack.NO_SALES
    if tables.revenue is Content.ORDERS:
        return sales(tables.of[Content.ORDERS], period, active_months)
    if tables.revenue is Content.DEALS:
        deals = tables.of[Content.DEALS]
        won = won_in(deals, period) & ~np.isnan(deals["amount"])
        why = Lack.NO_CLIENTS
        if not np.isnat(deals["closed"]).all():
            revenue = sums(deals["amount"][won], month_number(deals["closed"][won]), period)
    return Sales(
        revenue=revenue,
        revenue_new=nothing,
        revenue_repeat=nothing,
        refunds=nothing,
        new_customers=nothing,
        active_customers=nothing,
        lacking=dict.fromkeys((*OF_CLIENTS, "refund_rate", "collection_repeat"), why),
    )


def _point_a(tables: Tables, sold: Sales, period: Period) -> Measured | None:
    if tables.revenue is None or np.isnan(sold.revenue[-1]):
        return None
    return Measured(
        value=float(sold.revenue[-1]),
        files=tables.of[tables.revenue].files,
        first=period.months[-1],
        last=period.last,
    )


def _traffic(
    tables: Tables, period: Period, leads: float
) -> tuple[dict[str, Measured], dict[str, Lack]]:
    """Measure visitors: the site's visits, or the clicks of advertisements without a counter."""
    spend = tables.of.get(Content.SPEND)
    visits = tables.of.get(Content.VISITS)
    seen, name = (visits, "visits") if visits else (spend, "clicks")
    if seen is None:
        return {}, dict.fromkeys(("visitors", "lead_rate"), Lack.NO_VISITS)
    rows = seen.between(period.first, period.last) & ~np.isnan(seen[name])
    total = fsum(seen[name][rows])

    def measured(value: float, files: tuple[str, ...], counts: Counts | None = None) -> Measured:
        return Measured(
            value=value, counts=counts, files=files, first=period.first, last=period.last
        )

    if not total > 0:
        return {}, dict.fromkeys(("visitors", "lead_rate"), Lack.NO_VISITS)
    levers = {"visitors": measured(total / len(period.months), seen.files)}
    lacking: dict[str, Lack] = {}
    if 0 <= leads <= total:
        counts = Counts(won=leads, of=total)
        files = (*seen.files, *tables.of[Content.DEALS].files)
        levers["lead_rate"] = measured(counts.value, files, counts)
    else:
        lacking["lead_rate"] = Lack.NO_DEALS
    if spend:
        within = spend.between(period.first, period.last) & ~np.isnan(spend["spend"])
        files = tuple(dict.fromkeys((*spend.files, *seen.files)))
        levers["cost_per_visitor"] = measured(fsum(spend["spend"][within]) / total, files)
    else:
        lacking["cost_per_visitor"] = Lack.NO_SPEND
    return levers, lacking


def _collected(orders: Table, deals: Table, period: Period, asked: Funnel) -> dict[str, Measured]:
    """Measure how much of what was signed in the period is paid, by the numbers of the deals."""
    signed = won_in(deals, period) & (deals["amount"] > 0) & (deals["number"] != "")
    if not signed.any():
        return {}
    known = ~np.isnan(orders["amount"]) & (orders.day <= np.datetime64(period.last))
    paid: dict[str, list[float]] = {}
    for number, amount in zip(orders["number"][known], orders["amount"][known], strict=True):
        paid.setdefault(number, []).append(amount)
    total = fsum(sum_ for number in deals["number"][signed] for sum_ in paid.get(number, []))
    share = min(max(total / fsum(deals["amount"][signed]), 0.0), 1.0)
    files = (*orders.files, *deals.files)
    found = Measured(value=share, files=files, first=period.first, last=period.last)
    # what is signed is then the check, and what is paid of it a share apart
    return {"collection_new": found, "average_check": asked.levers["average_check"]}


def _completeness(tables: Tables, period: Period, sold: Sales, asked: Funnel) -> Completeness:
    return Completeness(
        missing_days=dict(_missing(tables, period)),
        without_source={
            content: float((table.channel[rows] == "").mean())
            for content, table in tables.of.items()
            if (rows := table.between(period.first, period.last)).any()
        },
        open_deals=asked.open_deals,
        history=sold.history,
    )


def _missing(tables: Tables, period: Period) -> Iterator[tuple[str, int]]:
    """Count the days of the period that no export of a system reaches; several are named."""
    exports: dict[tuple[str, str], list[Export]] = {}
    for export in tables.exports:
        if export.period:
            exports.setdefault((export.content, export.system), []).append(export)
    first, last = period.first.toordinal(), period.last.toordinal()
    for same in exports.values():
        reached = np.zeros(last - first + 1, dtype=bool)
        for export in same:
            if export.period:
                begin, end = (day.toordinal() - first for day in export.period)
                reached[max(begin, 0) : max(end + 1, 0)] = True
        if not reached.all():
            yield ", ".join(export.file for export in same), int((~reached).sum())
