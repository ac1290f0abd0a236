"""From spend to payment by channel, campaign and month; what nothing names stays apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.evidence.evidence import ChannelEvidence, Journey, Measured
from funnelkit.client.evidence.funnel import conversions, won_in
from funnelkit.client.evidence.period import Period
from funnelkit.client.evidence.tables import Table, Tables
from funnelkit.client.exports.meanings import Content
from funnelkit.plan.uncertainty import Counts

__all__ = ["by_channel", "journey", "numbers_meet"]

Array = NDArray[np.float64]
Names = NDArray[Any]

MEET = 0.9
"""Share of the payments' numbers that deals must have before both are taken for the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What one measure adds to the table: a value in a channel, campaign and month."""

    channel: Names
    campaign: Names
    day: NDArray[np.datetime64]
    values: Mapping[str, Array]

    def within(self, period: Period) -> "_Part":
        rows = (self.day >= np.datetime64(period.first)) & (self.day <= np.datetime64(period.last))
        return _Part(
            channel=self.channel[rows],
            campaign=self.campaign[rows],
            day=self.day[rows],
            values={name: column[rows] for name, column in self.values.items()},
        )


def numbers_meet(orders: Table, deals: Table) -> bool:
    """Tell whether payments carry the numbers of deals, and not by chance."""
    numbers = {number for number in orders["number"] if number}
    return bool(numbers) and len(numbers & set(deals["number"])) >= MEET * len(numbers)


def journey(tables: Tables, period: Period) -> Journey:
    """Join the tables.

    A payment belongs to the channel that its own row names, or else to that of the deal whose
    number it carries, or else to that of its client's first deal.
    """
    parts = [part.within(period) for part in _parts(tables, period)]
    cells: dict[tuple[str, str, np.datetime64], dict[str, list[float]]] = {}
    for part in parts:
        months = part.day.astype("datetime64[M]")
        for row, key in enumerate(zip(part.channel, part.campaign, months, strict=True)):
            cell = cells.setdefault(key, {})
            for name, values in part.values.items():
                if not np.isnan(values[row]):
                    cell.setdefault(name, []).append(float(values[row]))
    keys = sorted(cells, key=lambda key: (str(key[2]), key[0] == "", key[0], key[1]))
    given = {name for part in parts for name in part.values}

    def column(name: str) -> Array:
        absent = 0.0 if name in given else np.nan
        return np.array([fsum(cells[key][name]) if name in cells[key] else absent for key in keys])

    table = {name: column(name) for name in ("spend", "clicks", "leads", "won", "paid")}
    channel = np.array([key[0] for key in keys], dtype=object)
    return Journey(
        channel=tuple(channel),
        campaign=tuple(key[1] for key in keys),
        month=tuple(key[2].astype("datetime64[D]").item() for key in keys),
        spend=table["spend"],
        clicks=table["clicks"],
        leads=table["leads"],
        won=table["won"],
        paid=table["paid"],
        unmatched={
            name: _share(table[name], channel == "") for name in ("spend", "leads", "won", "paid")
        },
        unspent=_unspent(channel, table),
    )


def _share(values: Array, rows: NDArray[np.bool_]) -> float:
    total = float(values.sum())
    return float(values[rows].sum()) / total if total > 0 else float("nan")


def _unspent(channel: Names, table: Mapping[str, Array]) -> float:
    spending = {name for name, sum_ in zip(channel, table["spend"], strict=True) if sum_ > 0}
    rows = np.array([bool(name) and name not in spending for name in channel], dtype=bool)
    return _share(table["leads"], rows)


def _parts(tables: Tables, period: Period) -> list[_Part]:
    spend, deals = tables.of.get(Content.SPEND), tables.of.get(Content.DEALS)
    parts = []
    if spend:
        values = {"spend": spend["spend"], "clicks": spend["clicks"]}
        parts.append(
            _Part(channel=spend.channel, campaign=spend.campaign, day=spend.day, values=values)
        )
    if deals:
        named = _campaigns(deals, spend) if spend else deals.campaign
        one = np.ones(len(deals))
        won = won_in(deals, period)
        sums = {"won": one[won]}
        if tables.revenue is Content.DEALS:
            sums["paid"] = deals["amount"][won]
        parts += [
            _Part(channel=deals.channel, campaign=named, day=deals.day, values={"leads": one}),
            _Part(
                channel=deals.channel[won],
                campaign=named[won],
                day=deals["closed"][won],
                values=sums,
            ),
        ]
    if tables.revenue is Content.ORDERS:
        orders = tables.of[Content.ORDERS]
        channel, campaign = orders.channel, orders.campaign
        if deals:
            channel, campaign = _through_deals(orders, deals, named)
        values = {"paid": orders["amount"]}
        parts.append(_Part(channel=channel, campaign=campaign, day=orders.day, values=values))
    return parts


def _campaigns(deals: Table, spend: Table) -> Names:
    """Call a deal's campaign as its channel's spend does, where its link has a name or number."""
    names: dict[tuple[str, str], str] = {}
    for channel, campaign, number in set(
        zip(spend.channel, spend.campaign, spend["campaign_number"], strict=True)
    ):
        for key in (campaign, number):
            if key:
                names[channel, key.casefold()] = campaign
    return np.array(
        [
            names.get((channel, campaign.casefold()), campaign)
            for channel, campaign in zip(deals.channel, deals.campaign, strict=True)
        ],
        dtype=object,
    )


def _through_deals(orders: Table, deals: Table, named: Names) -> tuple[Names, Names]:
    """Find the channel and campaign of payments that name none themselves."""
    order = np.argsort(deals.day, kind="stable")[::-1]  # the first deal is written last
    by_number: dict[str, int] = {}
    by_client: dict[str, int] = {}
    meet = numbers_meet(orders, deals)
    for row in order.tolist():
        if meet:
            by_number[deals["number"][row]] = row
        by_client[str(deals["customer"][row]).casefold()] = row
    by_number.pop("", None)
    by_client.pop("", None)
    channel, campaign = orders.channel.copy(), orders.campaign.copy()
    for row in np.flatnonzero(channel == ""):
        client = str(orders["customer"][row]).casefold()
        deal = by_number.get(orders["number"][row], by_client.get(client))
        if deal is not None:
            channel[row], campaign[row] = deals.channel[deal], named[deal]
    return channel, campaign


def by_channel(
    tables: Tables, period: Period, joined: Journey, *, stages: bool
) -> tuple[ChannelEvidence, ...]:
    """Sum a period up by channel, conversions as counts; most spent first, the unnamed last."""
    deals = tables.of.get(Content.DEALS)
    channel = np.array(joined.channel, dtype=object)
    inside = deals.between(period.first, period.last) if deals else None
    found = []
    for name in dict.fromkeys(joined.channel):
        rows = channel == name
        spend, clicks, leads, paid = (
            float(column[rows].sum())
            for column in (joined.spend, joined.clicks, joined.leads, joined.paid)
        )
        qualified = won = None
        if deals is not None and inside is not None:
            qualified, won = conversions(deals, inside & (deals.channel == name), stages=stages)
        found.append(
            ChannelEvidence(
                channel=name,
                spend=spend,
                clicks=clicks,
                leads=leads,
                lead_rate=Counts(won=leads, of=clicks) if 0 < clicks >= leads else None,
                qualified=qualified,
                won=won,
                paid=paid,
                numbers=_numbers(tables, period, spend, clicks, leads) if name else {},
            )
        )
    return tuple(sorted(found, key=lambda each: (each.channel == "", -np.nan_to_num(each.spend))))


def _numbers(
    tables: Tables, period: Period, spend: float, clicks: float, leads: float
) -> dict[str, Measured]:
    """Return a channel's numbers as the client's file has them; none where nothing was spent."""
    if not spend > 0:
        return {}
    months = len(period.months)
    bought = tables.of[Content.SPEND].files

    def measured(value: float, files: tuple[str, ...], counts: Counts | None = None) -> Measured:
        return Measured(
            value=value, counts=counts, files=files, first=period.first, last=period.last
        )

    found = {"budget": measured(spend / months, bought)}
    if clicks > 0:
        found["clicks"] = measured(clicks / months, bought)
        found["price"] = measured(spend / clicks, bought)
        if 0 < leads <= clicks:  # without any, its leads more likely have another name
            counts = Counts(won=leads, of=clicks)
            files = (*bought, *tables.of[Content.DEALS].files)
            found["landing_rate"] = measured(counts.value, files, counts)
    return found
