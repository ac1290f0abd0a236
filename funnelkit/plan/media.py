"""The media plan: what the channels do now and as planned, beside the owner's levers.

The two levels are one model. What the channels bring together are the owner's visitors and leads;
what a channel does not say for itself (rates behind the lead, the check, its cost) is the owner's.
Every array's last axis is the channel; leading axes are free.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model import marketer
from funnelkit.model.chain import Whole
from funnelkit.model.channel import Market
from funnelkit.model.customer import per_customer
from funnelkit.model.economics import Company, Economics
from funnelkit.model.instalments import CashFlow, cash_flow
from funnelkit.model.levers import ramp
from funnelkit.model.owner import Business
from funnelkit.model.quantity import over
from funnelkit.plan.response import Response
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.uncertainty import Evidence

__all__ = ["CHANNEL_LEVERS", "Media", "Payment", "Start", "Terms", "channel_levers"]

Array = NDArray[np.float64]

Start = Literal["media", "impressions", "clicks", "leads", "share"]
"""What a channel starts from: its budget, a count, or the share of the lost that come back."""

CHANNEL_LEVERS = ("visitors", "lead_rate", "cost_per_visitor", "marketing_fixed")
"""The owner's levers that channels sum up."""

CLOSE, STEPS = 1e-12, 100
"""Share by which channels may miss the owner's levers that they follow, and the most steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What each channel starts from, and on which terms; arrays of shape (..., channels).

    Attributes
    ----------
    amount : ndarray
        Of what the channel starts from: client's currency a month, a count, or a share.
    price : ndarray
        Of a click, 1,000 impressions or a lead, client's currency; at the spend of today.
    rates : mapping of str to ndarray
        Shares by the market's rates; NaN where the channel has none of its own.
    fixed : array_like, shape (...)
        What marketing costs beside the channels more than the company says, client's currency;
        below 0 it costs less.
    """

    amount: Array
    price: Array
    rates: Mapping[str, Array]
    fixed: ArrayLike = 0.0

    def moved(
        self,
        *,
        amount: Array | float = 1.0,
        price: Array | float = 1.0,
        rates: Mapping[str, Array | float] = MappingProxyType({}),
    ) -> Self:
        """Return a copy with each multiplied; a rate stops at 1."""
        moved = {name: np.minimum(self.rates[name] * by, 1.0) for name, by in rates.items()}
        return replace(
            self,
            amount=self.amount * amount,
            price=self.price * price,
            rates=dict(self.rates) | moved,
        )

    def towards(self, other: Self, *, start: int, horizon: int, months: int) -> Self:
        """Return the way to other terms by month, shape (..., months, channels)."""

        def path(first: ArrayLike, last: ArrayLike) -> Array:
            return ramp(first, last, start=start, horizon=horizon, months=months)

        def way(first: Array, last: Array) -> Array:
            return np.moveaxis(path(first, last), -1, -2)

        return replace(
            self,
            amount=way(self.amount, other.amount),
            price=way(self.price, other.price),
            rates={name: way(rate, other.rates[name]) for name, rate in self.rates.items()},
            fixed=path(self.fixed, other.fixed),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """When clients pay; as in `funnelkit.model.instalments.cash_flow`."""

    payment_delay: float = 0.0
    share: float = 0.0
    months: float = 0.0
    fee_rate: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """The channels of a client.

    Attributes
    ----------
    market : Market
        Its recoveries' shares are those of today; the terms say those that hold.
    starts : tuple of Start
        What each channel starts from.
    now, plan : Terms
        Today, and from the goal's month on.
    start : int
        Last month on today's terms.
    curves : Response
        What each channel brings for its spend, in proportion; linear where no history says more.
    lower, upper : ndarray, shape (channels,)
        Bounds of each channel's budget; 0 and infinite where there are none.
    own : mapping of str to ndarray
        Fields of `Economics` that channels say for themselves, NaN where they do not.
    known : mapping of str to tuple of (Evidence or None)
        What is known of today's ``amount``, ``price`` and rates, one a channel.
    company : Company
        Agency fee, production and tax that belong to no channel.
    payment : Payment
    whole : {"no", "end", "stages"}
        As in `funnelkit.model.marketer.run`.
    """

    market: Market
    starts: tuple[Start, ...]
    now: Terms
    plan: Terms
    start: int = 0
    curves: Response
    lower: Array
    upper: Array
    own: Mapping[str, Array] = field(default_factory=dict)
    known: Mapping[str, tuple[Evidence | None, ...]] = field(default_factory=dict)
    company: Company = field(default_factory=Company)
    payment: Payment = field(default_factory=Payment)
    whole: Whole = "no"

    def starting(self, start: Start) -> NDArray[np.bool_]:
        """Whether each channel starts from a budget, a count or a share; shape (channels,)."""
        return np.array([each == start for each in self.starts])

    def table(
        self,
        terms: Terms,
        levers: Mapping[str, ArrayLike],
        business: Business,
        *,
        by_month: bool = False,
    ) -> marketer.Table:
        """Run the marketer's model on some terms, at the owner's levers.

        Parameters
        ----------
        terms : Terms
        levers : mapping of str to array_like, each of shape (...)
            The owner's levers: what no channel says for itself.
        business : Business
        by_month : bool
            Whether the last leading axis is the month.
        """
        rates, economics = self.inputs(terms, levers, business)
        given: dict[str, ArrayLike] = {
            start: np.where(self.starting(start), terms.amount, np.nan)
            for start in ("media", "impressions", "clicks", "leads")
            if start in self.starts
        }
        return marketer.run(
            self._market(terms),
            rates=rates,
            given=given,
            price=self.price(terms),
            economics=economics,
            company=self._company(terms, levers),
            whole=self.whole,
            by_month=by_month,
        )

    def inputs(
        self, terms: Terms, levers: Mapping[str, ArrayLike], business: Business
    ) -> tuple[dict[str, Array], Economics]:
        """Return rates and economics, the owner's where a channel has none of its own."""
        columns = {n: np.asarray(v, dtype=float)[..., np.newaxis] for n, v in levers.items()}
        rates = {
            name: np.where(np.isnan(own), columns.get(name, np.nan), own)
            for name, own in terms.rates.items()
        }
        return rates, self._economics(columns, business)

    def price(self, terms: Terms) -> Array:
        """Return what a unit costs at the spend: more where the channel's returns diminish."""
        seen = np.where(np.isnan(self.curves.seen), 1.0, self.curves.seen)
        today = np.where(self.now.amount > 0, self.now.amount, seen)
        spend = np.where(terms.amount > 0, terms.amount, today)
        dearer = self.curves.average_cpl(spend) / self.curves.average_cpl(today)
        return np.where(self.starting("media"), terms.price * dearer, terms.price)

    def today(self, scenario: Scenario) -> marketer.Table:
        """Run month 0."""
        return self.table(self.now, scenario.now, scenario.business)

    def planned(self, scenario: Scenario) -> marketer.Table:
        """Run the plan, as months settle into it."""
        return self.table(self.plan, scenario.target, scenario.business)

    def by_month(self, scenario: Scenario) -> marketer.Table:
        """Run the way from today to the plan, arrays of shape (months, channels)."""
        terms = self.now.towards(
            self.plan, start=self.start, horizon=scenario.goal.horizon, months=scenario.months
        )
        return self.table(terms, scenario.paths(), scenario.business, by_month=True)

    def cash(self, table: marketer.Table) -> CashFlow:
        """Work out the cash of the channels together."""
        terms = self.payment
        return cash_flow(
            table.total,
            payment_delay=terms.payment_delay,
            share=terms.share,
            months=terms.months,
            fee_rate=terms.fee_rate,
        )

    def for_owner(self, scenario: Scenario) -> Scenario:
        """Return the owner's scenario with the levers that the channels sum up."""
        now, plan = (
            channel_levers(table) for table in (self.today(scenario), self.planned(scenario))
        )
        return replace(
            scenario,
            now=dict(scenario.now) | now,
            plan=dict(scenario.plan) | plan,
            start=dict(scenario.start) | dict.fromkeys(CHANNEL_LEVERS, self.start),
        )

    def following(self, scenario: Scenario) -> "Media":
        """Return the channels moved in proportion so that they bring what a scenario plans.

        Budgets and counts make the visitors, landing rates the leads, prices their cost, and
        what else marketing costs goes to no channel. What cannot follow (a landing rate that
        stops at 1, channels without anything, a price of 0) goes as far as it can.
        """
        wanted = {name: scenario.planned(name) for name in CHANNEL_LEVERS if scenario.has(name)}
        fixed = channel_levers(self.planned(scenario))["marketing_fixed"]
        beside = np.nan_to_num(wanted.get("marketing_fixed", fixed) - fixed)
        media = self.with_plan(replace(self.plan, fixed=np.add(self.plan.fixed, beside)))
        for _step in range(STEPS):
            brought = channel_levers(media.planned(scenario))
            more, better, dearer = (
                _ratio(wanted[name], brought[name])
                for name in ("visitors", "lead_rate", "cost_per_visitor")
            )
            dearer = dearer or 1.0  # no budget buys for nothing
            if max(abs(more - 1.0), abs(better - 1.0), abs(dearer - 1.0)) <= CLOSE:
                break
            # A budget that buys at another price buys as much more as there are visitors more.
            spent = np.where(self.starting("media"), more * dearer, more)
            terms = media.plan.moved(
                amount=np.where(self.starting("share"), 1.0, spent),
                rates={"landing_rate": better},
            )
            price = terms.price * dearer * over(media.price(media.plan), media.price(terms))
            media = media.with_plan(replace(terms, price=np.where(price > 0, price, terms.price)))
        return media

    def with_plan(self, terms: Terms) -> "Media":
        """Return a copy with other terms planned."""
        return replace(self, plan=terms)

    def _market(self, terms: Terms) -> Market:
        names = self.market.names
        return replace(
            self.market,
            recoveries=tuple(
                replace(recovery, share=terms.amount[..., names.index(recovery.channel)])
                for recovery in self.market.recoveries
            ),
        )

    def _economics(self, columns: Mapping[str, Array], business: Business) -> Economics:
        """Fill in what channels do not say from what a new client signs, pays and costs."""
        one = per_customer(columns, business)
        paid = np.asarray(columns.get("collection_new", 1.0)) * (
            1.0 - np.asarray(columns.get("refund_rate", 0.0))
        )
        net = one.signed_new * paid
        own = dict(self.own)
        gross = 1.0 + np.asarray(own.get("vat_in_prices", 0.0))
        check = own.pop("check", np.array(np.nan))
        margin = own.pop("margin", np.array(np.nan))
        unit_cost = own.pop("unit_cost", np.array(np.nan))
        check = np.where(np.isnan(check), net * gross, check)
        usual = check * over(one.cost_new, net)
        unit_cost = np.where(np.isnan(unit_cost) & np.isnan(margin), usual, unit_cost)
        return Economics(check=check, unit_cost=unit_cost, margin=margin, **own)

    def _company(self, terms: Terms, levers: Mapping[str, ArrayLike]) -> Company:
        """Add what the terms and the owner's level know of costs that no channel has."""
        managers, each = levers.get("managers"), levers.get("cost_per_manager")
        sales = None if managers is None or each is None else np.multiply(managers, each)
        return replace(
            self.company,
            production=np.maximum(np.add(self.company.production, terms.fixed), 0.0),
            fixed_costs=levers.get("fixed_costs"),
            sales_cost=sales,
        )


def channel_levers(table: marketer.Table) -> dict[str, float]:
    """Sum the channels up to the owner's levers (`CHANNEL_LEVERS`); NaN where none is complete.

    A lead that nobody clicked for is its own visitor, where there are more leads than clicks.
    Media that bring no visitor are a fixed cost.
    """
    total = table.total
    visitors = np.maximum(total.clicks, total.leads)
    in_vain = 0.0 if visitors else total.media_cost
    return {
        "visitors": float(visitors),
        "lead_rate": float(over(total.leads, visitors)) if visitors else 0.0,
        "cost_per_visitor": float(over(total.media_cost, visitors)) if visitors else 0.0,
        "marketing_fixed": float(total.agency_fee + total.production + in_vain),
    }


def _ratio(wanted: float, brought: float) -> float:
    return wanted / brought if brought > 0 and np.isfinite(wanted) else 1.0
