"""What exports say of a client: numbers, each with its counts, files and period."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.exports.meanings import Content
from funnelkit.plan.uncertainty import Counts, wilson

__all__ = ["ChannelEvidence", "Completeness", "Evidence", "Journey", "Lack", "Measured"]

Array = NDArray[np.float64]


class Lack(StrEnum):
    """Why exports do not say a number."""

    NO_SALES = "no_sales"
    NO_CLIENTS = "no_clients"
    SHORT_HISTORY = "short_history"
    NO_DEALS = "no_deals"
    NONE_DECIDED = "none_decided"
    NO_CLOSING = "no_closing"
    NO_QUALIFIED = "no_qualified"
    NO_VISITS = "no_visits"
    NO_SPEND = "no_spend"
    NOT_JOINED = "not_joined"
    NO_REFUNDS = "no_refunds"
    NOTHING_SOLD = "nothing_sold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A number that exports say.

    Attributes
    ----------
    value : float
        Share, count or money, as the lever is.
    counts : Counts or None
        What a share was counted from.
    files : tuple of str
        Names of the files.
    first, last : date
        First and last day that it was measured in.
    """

    value: float
    counts: Counts | None = None
    files: tuple[str, ...] = ()
    first: date
    last: date

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval of 95 %; None for what was not counted."""
        return wilson(self.counts) if self.counts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """How much of the period the exports cover.

    Attributes
    ----------
    missing_days : mapping of str to int
        Days of the period that no export of a system reaches, by the names of its files; 0 not
        named.
    without_source : mapping of Content to float
        Share of a content's rows in the period that name no source.
    open_deals : float
        Share of the period's deals that are neither won nor lost; NaN without deals.
    history : int
        Whole months of orders before the period.
    """

    missing_days: Mapping[str, int] = field(default_factory=dict)
    without_source: Mapping[Content, float] = field(default_factory=dict)
    open_deals: float = float("nan")
    history: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """From spend to payment: a row for each channel, campaign and month of the period.

    Attributes
    ----------
    channel, campaign : tuple of str, one a row
        Empty where nothing names it.
    month : tuple of date
        First day.
    spend, clicks, leads, won, paid : ndarray, shape (rows,)
        Money without VAT in the client's currency; deals created in the month, deals closed as won
        in it, and what was paid in it. NaN where no export has such.
    unmatched : mapping of str to float
        Share of spend, leads, won deals and payments whose channel nothing names; NaN without any.
    unspent : float
        Share of the leads whose channel has a name, but no spend in any export; NaN without any.
    """

    channel: tuple[str, ...]
    campaign: tuple[str, ...]
    month: tuple[date, ...]
    spend: Array
    clicks: Array
    leads: Array
    won: Array
    paid: Array
    unmatched: Mapping[str, float]
    unspent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEvidence:
    """A channel in the period; empty name for what names no channel.

    Attributes
    ----------
    channel : str
    spend : float
        Client's currency, without VAT; NaN without an export of spend.
    clicks, leads : float
        NaN where no export has such.
    lead_rate : Counts or None
        Leads of clicks.
    qualified : Counts or None
        Of the leads that are decided, those that were qualified; None where no stage means it.
    won : Counts or None
        Of the leads that are decided, those that were won.
    paid : float
        NaN without sales.
    numbers : mapping of str to Measured
        Of a channel that has spend: what the client's file calls ``budget`` and ``clicks``, both
        a month, ``price`` of a click, and ``landing_rate``.
    """

    channel: str
    spend: float
    clicks: float
    leads: float
    lead_rate: Counts | None
    qualified: Counts | None
    won: Counts | None
    paid: float
    numbers: Mapping[str, Measured] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that exports say of a period; money in the client's currency, without VAT.

    Attributes
    ----------
    first, last : date
        First and last day of the period, whole months.
    files : tuple of str
        Files that were read.
    months : tuple of date
        First days of the months.
    revenue, revenue_new, revenue_repeat, refunds : ndarray, shape (months,)
        Collected, less refunds; of new and of existing clients; and paid back. NaN where missing.
    new_customers, active_customers : ndarray, shape (months,)
        Clients who bought for the first time, and clients at the month's start. NaN where missing.
    levers : mapping of str to Measured
        By lever of the table.
    a : Measured or None
        Revenue of the period's last month.
    clients : Measured or None
        Active clients at the start of the period's last month, which is month 0.
    sales_cycle : tuple of float
        Share of won deals that were closed in the month of the lead, a month later, and so on;
        empty where missing.
    cycle : Measured or None
        Mean months from lead to deal, and where that comes from.
    closed : Measured or None
        Won deals of the decided ones that were created in the period, whatever stands between.
    channels : tuple of ChannelEvidence
    journey : Journey
    completeness : Completeness
    lacking : mapping of str to Lack
        Why a number is not among those measured.
    """

    first: date
    last: date
    files: tuple[str, ...]
    months: tuple[date, ...]
    revenue: Array
    revenue_new: Array
    revenue_repeat: Array
    refunds: Array
    new_customers: Array
    active_customers: Array
    levers: Mapping[str, Measured]
    a: Measured | None
    clients: Measured | None
    sales_cycle: tuple[float, ...]
    cycle: Measured | None
    closed: Measured | None
    channels: tuple[ChannelEvidence, ...]
    journey: Journey
    completeness: Completeness
    lacking: Mapping[str, Lack]
