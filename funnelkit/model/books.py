"""The books of a channel and of the total: one definition a property, each a ratio of sums."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.channel import Market
from funnelkit.model.economics import SUMS, Company, Economics
from funnelkit.model.quantity import over, times

__all__ = ["Books", "books", "total"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Counts, money and every metric; arrays of shape (..., channels), or (...) in total.

    Attributes
    ----------
    impressions, clicks, leads, orders, paid_orders, new_customers : ndarray
        Counts of the period.
    gross_revenue, revenue : ndarray
        Paid by the clients, and the same without VAT.
    cogs, variable_costs, fixed_costs, sales_cost : ndarray
        Cost of the goods, variable costs beside it, and costs that no order moves.
    media : ndarray
        Net ad spend.
    media_cost, agency_fee, production : ndarray
        Media with VAT and the agency's share on it, and what else makes the total marketing.
    media_factor : ndarray
        What a unit of media costs, 1 + ad VAT + agency share; in total the channels' common one,
        or their average weighted by media.
    tax_rate : ndarray
    tax_on : {"profit", "turnover"}
    """

    impressions: Array
    clicks: Array
    leads: Array
    orders: Array
    paid_orders: Array
    new_customers: Array
    gross_revenue: Array
    revenue: Array
    cogs: Array
    variable_costs: Array
    fixed_costs: Array
    sales_cost: Array
    media: Array
    media_cost: Array
    agency_fee: Array
    production: Array
    media_factor: Array
    tax_rate: Array
    tax_on: Literal["profit", "turnover"]

    @property
    def gross_profit(self) -> Array:
        """Revenue less the cost of goods."""
        return self.revenue - self.cogs

    @property
    def contribution(self) -> Array:
        """Gross profit less variable costs."""
        return self.gross_profit - self.variable_costs

    @property
    def total_marketing(self) -> Array:
        """Media with VAT and agency, the agency's fee, production."""
        return self.media_cost + self.agency_fee + self.production

    @property
    def ebitda(self) -> Array:
        """Contribution less marketing, fixed costs and sales cost."""
        return self.contribution - self.total_marketing - self.fixed_costs - self.sales_cost

    @property
    def tax(self) -> Array:
        """Tax on the revenue, or on a profit where there is one."""
        base = self.revenue if self.tax_on == "turnover" else np.maximum(self.ebitda, 0.0)
        return self.tax_rate * base

    @property
    def net_profit(self) -> Array:
        """EBITDA less tax."""
        return self.ebitda - self.tax

    @property
    def outflow(self) -> Array:
        """All costs before tax."""
        own = self.cogs + self.variable_costs + self.total_marketing
        return own + self.fixed_costs + self.sales_cost

    @property
    def lead_rate(self) -> Array:
        """Leads per click: in total the owner's lever of that name."""
        return over(self.leads, self.clicks)

    @property
    def cpm(self) -> Array:
        """Media per 1,000 impressions."""
        return over(1000.0 * self.media, self.impressions)

    @property
    def cpc(self) -> Array:
        """Media per click."""
        return over(self.media, self.clicks)

    @property
    def cpl(self) -> Array:
        """Media per lead."""
        return over(self.media, self.leads)

    @property
    def cpo(self) -> Array:
        """Media per order."""
        return over(self.media, self.orders)

    @property
    def cac(self) -> Array:
        """Total marketing and sales cost per new customer."""
        return over(self.total_marketing + self.sales_cost, self.new_customers)

    @property
    def roas(self) -> Array:
        """Gross revenue per media."""
        return over(self.gross_revenue, self.media)

    @property
    def drr(self) -> Array:
        """Media as a share of the gross revenue."""
        return over(self.media, self.gross_revenue)

    @property
    def romi_contribution(self) -> Array:
        """(Contribution − total marketing) / total marketing."""
        return over(self.contribution - self.total_marketing, self.total_marketing)

    @property
    def romi_revenue(self) -> Array:
        """(Revenue − total marketing) / total marketing."""
        return over(self.revenue - self.total_marketing, self.total_marketing)

    @property
    def roi(self) -> Array:
        """Net profit per all costs and tax."""
        return over(self.net_profit, self.outflow + self.tax)

    @property
    def max_cac(self) -> Array:
        """Contribution per new customer."""
        return over(self.contribution, self.new_customers)

    @property
    def max_cac_full(self) -> Array:
        """Contribution less fixed costs, per new customer."""
        return over(self.contribution - self.fixed_costs, self.new_customers)

    @property
    def break_even_cpl(self) -> Array:
        """Media per lead at which marketing takes the whole contribution."""
        left = self.contribution - self.agency_fee - self.production
        return over(over(left, self.leads), self.media_factor)

    @property
    def break_even_roas_variable(self) -> Array:
        """ROAS at which media, VAT and agency share on it take the whole contribution."""
        return over(self.gross_revenue, self._positive_contribution) * self.media_factor

    @property
    def break_even_roas_full(self) -> Array:
        """ROAS at which the profit is 0, at the present spend only."""
        costs = self.total_marketing + self.fixed_costs + self.sales_cost
        return over(self.roas * costs, self._positive_contribution)

    @property
    def _positive_contribution(self) -> Array:
        """Contribution; missing where no ROAS breaks even, since each order loses money."""
        return np.where(self.contribution > 0, self.contribution, np.nan)


def books(
    market: Market,
    counts: Mapping[str, Array],
    media: Array,
    economics: Economics,
    company: Company,
) -> Books:
    """Turn the channels' counts and media into money.

    Parameters
    ----------
    market : Market
    counts : mapping of str to ndarray, each of shape (..., channels)
        At least `funnelkit.model.channel.COUNTS`.
    media : ndarray, shape (..., channels)
        Net ad spend, client's currency.
    economics : Economics
    company : Company
        Its tax holds for each channel; of its costs only that they exist matters here.
    """

    def number(name: str) -> Array:
        return market.each(name, getattr(economics, name), low=-np.inf)

    def own(name: str) -> Array:
        if getattr(economics, name) is not None:
            return market.sums(name, getattr(economics, name))
        return np.array(np.nan if getattr(company, name) is None else 0.0)

    paid, net_of_vat = counts["paid_orders"], 1.0 + number("vat_in_prices")
    gross = times(paid, number("check"))
    revenue = gross / net_of_vat
    unit_cost = number("unit_cost")
    by_margin = times(revenue, 1.0 - number("margin"))
    factor = 1.0 + number("ad_vat") + number("agency_share")
    columns = dict(counts) | {name: own(name) for name in SUMS}
    columns |= {
        "gross_revenue": gross,
        "revenue": revenue,
        "cogs": np.where(np.isnan(unit_cost), by_margin, times(paid, unit_cost) / net_of_vat),
        "variable_costs": times(revenue, number("variable_share")),
        "media": media,
        "media_cost": times(media, factor),
        "media_factor": factor,
        "tax_rate": np.asarray(company.tax_rate, dtype=float)[..., np.newaxis],
    }
    names = [field.name for field in fields(Books) if field.name in columns]
    rows = np.broadcast_arrays(*(columns[name] for name in names))
    return Books(**dict(zip(names, rows, strict=True)), tax_on=company.tax_on)


def total(channels: Books, company: Company, complete: NDArray[np.bool_]) -> Books:
    """Add up the complete channels and the company's own costs; NaN where no channel is complete.

    Parameters
    ----------
    channels : Books
    company : Company
    complete : ndarray of bool, shape (..., channels)
        The channels that count.
    """
    apart = ("media_factor", "tax_rate", "tax_on")
    sums = {}
    for name in (field.name for field in fields(Books) if field.name not in apart):
        added = np.where(complete, getattr(channels, name), 0.0).sum(axis=-1)
        other = getattr(company, name, None)
        if other is not None:
            added = added + np.asarray(other, dtype=float)
        sums[name] = np.where(complete.any(axis=-1), added, np.nan)
    highest, lowest = channels.media_factor.max(axis=-1), channels.media_factor.min(axis=-1)
    weighted = over(sums["media_cost"], sums["media"])
    return Books(
        **sums,
        media_factor=np.where(highest == lowest, highest, weighted),
        tax_rate=np.asarray(company.tax_rate, dtype=float),
        tax_on=company.tax_on,
    )
