"""What the marketer's quantities are called, how they are shown, and what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from funnelkit.model.levers import message as _
from funnelkit.model.marketer import Table
from funnelkit.show.words import Words

__all__ = ["BOOKS", "Figure", "column", "shown"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity of `funnelkit.model.books.Books`; label and meaning are message ids.

    Attributes
    ----------
    label, meaning : str
    kind : {"count", "money", "share", "ratio"}
        How its number is shown.
    """

    label: str
    kind: str
    meaning: str


BOOKS: Mapping[str, Figure] = MappingProxyType(
    {
        "impressions": Figure(_("Impressions"), "count", _("How often advertisements were shown.")),
        "clicks": Figure(
            _("Clicks"), "count", _("Impressions × CTR, or visits of a free channel.")
        ),
        "leads": Figure(_("Leads"), "count", _("Clicks × clicks to leads.")),
        "orders": Figure(_("Orders"), "count", _("Leads × the shares of all further stages.")),
        "paid_orders": Figure(_("Paid orders"), "count", _("Orders × redeemed × (1 − returned).")),
        "new_customers": Figure(
            _("New clients"), "count", _("Paid orders less those of existing clients.")
        ),
        "gross_revenue": Figure(_("Gross revenue"), "money", _("Paid orders × check.")),
        "revenue": Figure(
            _("Revenue"), "money", _("Gross revenue without the VAT that prices include.")
        ),
        "cogs": Figure(
            _("Cost of goods"), "money", _("Paid orders × unit cost, or from the margin.")
        ),
        "gross_profit": Figure(_("Gross profit"), "money", _("Revenue less the cost of goods.")),
        "variable_costs": Figure(_("Variable costs"), "money", _("A share of the revenue.")),
        "contribution": Figure(_("Contribution"), "money", _("Gross profit less variable costs.")),
        "media": Figure(_("Ad spend"), "money", _("Net spend on advertising.")),
        "total_marketing": Figure(
            _("Total marketing"),
            "money",
            _("Ad spend with its VAT and the agency's share, the agency's fee, production."),
        ),
        "sales_cost": Figure(_("Sales cost"), "money", _("What the sales team costs.")),
        "fixed_costs": Figure(_("Fixed costs"), "money", _("Costs that no order moves.")),
        "ebitda": Figure(
            _("EBITDA"),
            "money",
            _("Contribution less total marketing, fixed costs and sales cost."),
        ),
        "tax": Figure(
            _("Tax"), "money", _("A share of the revenue, or of EBITDA where that is above 0.")
        ),
        "net_profit": Figure(_("Net profit"), "money", _("EBITDA less tax.")),
        "cpm": Figure(_("CPM"), "money", _("Ad spend per 1,000 impressions.")),
        "cpc": Figure(_("CPC"), "money", _("Ad spend per click.")),
        "cpl": Figure(_("CPL"), "money", _("Ad spend per lead.")),
        "cpo": Figure(_("CPO"), "money", _("Ad spend per order.")),
        "cac": Figure(
            _("CAC"),
            "money",
            _("Total marketing and sales cost per new client; a channel has its own costs only."),
        ),
        "roas": Figure(_("ROAS"), "ratio", _("Gross revenue / ad spend.")),
        "drr": Figure(_("DRR"), "share", _("Ad spend as a share of gross revenue.")),
        "romi_contribution": Figure(
            _("ROMI by contribution"),
            "share",
            _("(Contribution − total marketing) / total marketing."),
        ),
        "romi_revenue": Figure(
            _("ROMI by revenue"), "share", _("(Revenue − total marketing) / total marketing.")
        ),
        "roi": Figure(_("ROI"), "share", _("Net profit / (all costs + tax).")),
        "max_cac": Figure(_("Highest CAC"), "money", _("Contribution per new client.")),
        "max_cac_full": Figure(
            _("Highest CAC with fixed costs"),
            "money",
            _("Contribution less fixed costs, per new client."),
        ),
        "break_even_cpl": Figure(
            _("Break-even CPL"),
            "money",
            _("CPL at which marketing takes the whole contribution."),
        ),
        "break_even_roas_variable": Figure(
            _("Break-even ROAS"),
            "ratio",
            _("ROAS at which advertising takes the whole contribution."),
        ),
        "break_even_roas_full": Figure(
            _("Break-even ROAS with all costs"),
            "ratio",
            _("ROAS at which the profit is 0, at this spend only."),
        ),
    }
)
"""The marketer's quantities by name, in the order of the books."""


def shown(name: str, value: float, words: Words) -> str:
    """Format a quantity's number; what is missing is said to be."""
    if not np.isfinite(value):
        return words.missing
    match BOOKS[name].kind:
        case "count":
            return words.count(value)
        case "money":
            return words.money(value)
        case "share":
            return words.share(value)
    return words.number(value, 2)


def column(table: Table, name: str, words: Words) -> list[str]:
    """Format a quantity of every channel, then of all together."""
    values = [*getattr(table.channels, name).tolist(), float(getattr(table.total, name))]
    return [shown(name, value, words) for value in values]
