"""What orders and payments say: revenue, new and existing clients, checks, retention."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import fsum

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.evidence.evidence import Lack, Measured
from funnelkit.client.evidence.period import SLACK, Period
from funnelkit.client.evidence.tables import Table
from funnelkit.plan.orders import Orders
from funnelkit.plan.uncertainty import Counts

__all__ = ["OF_CLIENTS", "Sales", "month_number", "sales"]

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

OF_CLIENTS = ("average_check", "repeat_check", "purchase_rate", "retention_rate", "clients")
"""What takes knowing which purchases are one client's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """What sales say of a period; the arrays as in `Evidence`."""

    revenue: Array
    revenue_new: Array
    revenue_repeat: Array
    refunds: Array
    new_customers: Array
    active_customers: Array
    levers: Mapping[str, Measured] = field(default_factory=dict)
    clients: Measured | None = None
    history: int = 0
    lacking: Mapping[str, Lack] = field(default_factory=dict)


def month_number(days: NDArray[np.datetime64]) -> Whole:
    """Count months from 1970-01; shape as `days`."""
    months: Whole = days.astype("datetime64[M]").astype(np.int64)
    return months


def sums(values: Array, months: Whole, period: Period) -> Array:
    """Add up by month of the period, exactly; shape (months,)."""
    first = month_number(np.array([period.first], dtype="datetime64[D]"))[0]
    return np.array([fsum(values[months == first + n]) for n in range(len(period.months))])


def sales(table: Table, period: Period, active_months: int) -> Sales:
    """Measure a period.

    Parameters
    ----------
    table : Table
        Orders and payments, those before the period included: they tell who is new.
    period : Period
    active_months : int
        A client is active at a month's start who bought in so many months before.
    """
    known = ~np.isnan(table["amount"]) & (table.day <= np.datetime64(period.last))
    amount, months = table["amount"][known], month_number(table.day[known])
    person = np.array([str(name).casefold() for name in table["customer"][known]], dtype=object)
    back = amount < 0
    nothing = np.full(len(period.months), np.nan)
    revenue = sums(amount, months, period)
    refunds = sums(-amount[back], months[back], period) if back.any() else nothing
    whole = Sales(
        revenue=revenue,
        revenue_new=nothing,
        revenue_repeat=nothing,
        refunds=refunds,
        new_customers=nothing,
        active_customers=nothing,
    )
    history = _history(table, period)
    named = person != ""
    if not named.any():
        return _without_clients(whole, Lack.NO_CLIENTS, history)
    if history < active_months:
        return _without_clients(whole, Lack.SHORT_HISTORY, history)
    bought = named & ~back
    log = Orders.of(person[bought].astype(str), table.day[known][bought], amount[bought])
    return _of_clients(
        whole,
        _Log(log, month_number(log.day.astype("datetime64[D]")), period, active_months),
        (person[named & back], months[named & back], -amount[named & back]),
        table.files,
        history,
    )


def _without_clients(whole: Sales, why: Lack, history: int) -> Sales:
    return Sales(
        revenue=whole.revenue,
        revenue_new=whole.revenue_new,
        revenue_repeat=whole.revenue_repeat,
        refunds=whole.refunds,
        new_customers=whole.new_customers,
        active_customers=whole.active_customers,
        history=history,
        lacking=dict.fromkeys((*OF_CLIENTS, "refund_rate", "collection_repeat"), why),
    )


def _history(table: Table, period: Period) -> int:
    """Count the whole months of orders before the period."""
    begin: date = table.day[~np.isnat(table.day)].min().item()
    months = (period.first.year - begin.year) * 12 + period.first.month - begin.month
    return max(0, months - (begin.day > SLACK))


class _Log:
    """Purchases by client and month."""

    def __init__(self, log: Orders, month: Whole, period: Period, active_months: int) -> None:
        self.log, self.month, self.window = log, month, active_months
        first = month_number(np.array([period.first], dtype="datetime64[D]"))[0]
        self.months = [int(first) + n for n in range(len(period.months))]
        self.period = period
        self.came: Whole = np.full(log.clients.size, np.iinfo(np.int64).max)
        np.minimum.at(self.came, log.client, month)
        self.opening = np.ones(log.client.size, dtype=bool)
        self.opening[1:] = log.client[1:] != log.client[:-1]

    def active(self, month: int) -> NDArray[np.bool_]:
        """Tell which clients are active at a month's start, shape (clients,)."""
        rows = (self.month >= month - self.window) & (self.month < month)
        found = np.zeros(self.log.clients.size, dtype=bool)
        found[self.log.client[rows]] = True
        return found


def _of_clients(
    whole: Sales,
    log: _Log,
    returned: tuple[NDArray[np.object_], Whole, Array],
    files: tuple[str, ...],
    history: int,
) -> Sales:
    """Tell new clients from existing ones."""
    amount, inside = log.log.amount, np.isin(log.month, log.months)
    fresh, again = inside & log.opening, inside & ~log.opening
    actives = [log.active(month) for month in log.months]
    begun = [
        active | (log.came == month) for active, month in zip(actives, log.months, strict=True)
    ]
    after = [log.active(month + 1) for month in log.months]
    new_back, old_back = _returned(log, returned)
    revenue_new = sums(amount[fresh], log.month[fresh], log.period) - new_back
    revenue_repeat = sums(amount[again], log.month[again], log.period) - old_back
    active = np.array([float(rows.sum()) for rows in actives])
    levers: dict[str, Measured] = {}
    lacking: dict[str, Lack] = {}

    def measured(value: float, counts: Counts | None = None) -> Measured:
        first, last = log.period.first, log.period.last
        return Measured(value=value, counts=counts, files=files, first=first, last=last)

    def ratio(name: str, top: float, bottom: float) -> None:
        if bottom > 0:
            levers[name] = measured(top / bottom)
        else:
            lacking[name] = Lack.NOTHING_SOLD

    ratio("average_check", fsum(amount[fresh]), float(fresh.sum()))
    ratio("repeat_check", fsum(amount[again]), float(again.sum()))
    ratio("purchase_rate", float(again.sum()), float(active.sum()))
    base = float(sum(rows.sum() for rows in begun))
    if base > 0:
        kept = float(sum((one & two).sum() for one, two in zip(begun, after, strict=True)))
        counts = Counts(won=kept, of=base)
        levers["retention_rate"] = measured(counts.value, counts)
    else:
        lacking["retention_rate"] = Lack.NOTHING_SOLD
    if np.isnan(whole.refunds).all():
        lacking |= dict.fromkeys(("refund_rate", "collection_repeat"), Lack.NO_REFUNDS)
    else:
        ratio("refund_rate", min(fsum(new_back), fsum(amount[fresh])), fsum(amount[fresh]))
        sold = fsum(amount[again])
        ratio("collection_repeat", max(sold - fsum(old_back), 0.0), sold)
    last = log.period.months[-1]
    return Sales(
        revenue=whole.revenue,
        revenue_new=revenue_new,
        revenue_repeat=revenue_repeat,
        refunds=whole.refunds,
        new_customers=sums(np.ones(fresh.sum()), log.month[fresh], log.period),
        active_customers=active,
        levers=levers,
        clients=Measured(value=float(active[-1]), files=files, first=last, last=last),
        history=history,
        lacking=lacking,
    )


def _returned(log: _Log, returned: tuple[NDArray[np.object_], Whole, Array]) -> tuple[Array, Array]:
    """Add up what clients got back by month: those who came in the period, and the others."""
    person, month, money = returned
    came = dict(zip(log.log.clients.tolist(), log.came.tolist(), strict=True))
    new = np.array([came.get(str(name)) in log.months for name in person], dtype=bool)
    return (
        sums(money[new], month[new], log.period),
        sums(money[~new], month[~new], log.period),
    )
