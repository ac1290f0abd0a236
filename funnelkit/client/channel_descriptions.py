"""What the fields of the channels mean, for editors; message ids by model and field."""

from collections.abc import Mapping
from types import MappingProxyType

from funnelkit.model.levers import message as _

__all__ = ["CHANNEL_DESCRIPTIONS"]

CHANNEL_DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "QuantityField.now": _(
            "Value now: a number, counts {won: 24, of: 120} or a guess "
            "{low: 5%, likely: 8%, high: 10%}."
        ),
        "QuantityField.plan": _("Value from the goal's month on; left out, it stays as now."),
        "QuantityField.best": _("A realistic limit."),
        "QuantityField.source": _("Where the number comes from."),
        "QuantityField.assumed": _("Whether the number is a guess that waits to be measured."),
        "MarketingField.channels": _("The channels, each beginning with one number."),
        "MarketingField.stages": _(
            "Stages from lead to order; left out, those of the levers answered_rate, "
            "qualified_rate and win_rate."
        ),
        "MarketingField.start": _("Last month in which the channels are as now; 0 is at once."),
        "MarketingField.economics": _("What holds for every channel that says nothing else."),
        "MarketingField.agency_fee": _("Fixed fee of the agency a month, beside the channels'."),
        "MarketingField.production": _("Making of advertisements a month, beside the channels'."),
        "MarketingField.tax": _("Tax on the profit or on the turnover."),
        "MarketingField.instalments": _("When clients pay."),
        "MarketingField.whole": _(
            "Whether people and orders are rounded up: no, at the end, or at all stages."
        ),
        "MarketingField.target": _("What advertising has to keep to."),
        "MarketingField.running": _("The month under way, for plan against fact."),
        "MarketingField.source": _("Where the channels' numbers come from."),
        "ChannelField.name": _("The channel's name, unique among the channels."),
        "ChannelField.kind": _("What sort of channel it is."),
        "ChannelField.buys": _(
            "What the price is of: clicks, impressions (by 1,000) or leads; left out, of what "
            "the channel begins with, and a budget buys clicks."
        ),
        "ChannelField.budget": _("Net advertising spend a month; the channel begins with it."),
        "ChannelField.impressions": _("Impressions a month; the channel begins with them."),
        "ChannelField.clicks": _("Clicks or visits a month; the channel begins with them."),
        "ChannelField.leads": _("Leads a month; the channel begins with them."),
        "ChannelField.recovers": _("Who comes back to the channel; it begins with them."),
        "ChannelField.least": _("The budget's lower limit."),
        "ChannelField.price": _("Price of a click, 1,000 impressions or a lead, without VAT."),
        "ChannelField.ctr": _("Share of the impressions that are clicked."),
        "ChannelField.landing_rate": _("Share of the clicks that leave a contact."),
        "ChannelField.rates": _("The channel's own shares by stage; others are the owner's."),
        "ChannelField.skips": _("Stages that the channel does not have."),
        "ChannelField.history": _("Months of spend and leads, for diminishing returns."),
        "ChannelField.curve": _(
            "How returns diminish: a power curve, or a Hill curve, which has a ceiling."
        ),
        "ChannelField.audience": _("People whom the channel can reach."),
        "ChannelField.frequency": _("How often one person sees the advertisement in a month."),
        "ChannelField.check": _("What its order brings, with VAT where prices include it."),
        "ChannelField.margin": _("Share of its revenue left after the cost of goods."),
        "ChannelField.unit_cost": _("Cost of an order's goods, instead of a margin."),
        "ChannelField.redeemed_share": _("Share of the orders that are redeemed."),
        "ChannelField.returned_share": _("Share of the redeemed orders that come back."),
        "ChannelField.repeat_share": _("Share of the paid orders that are existing clients'."),
        "ChannelField.agency_fee": _("Fixed fee of the agency for the channel a month."),
        "ChannelField.production": _("Making of its advertisements or texts a month."),
        "ChannelField.fact": _("What it has brought in the running month so far."),
        "ChannelField.source": _("Where its numbers come from."),
        "PointField.spend": _("Spend of a month."),
        "PointField.leads": _("Leads of that month."),
        "RecoveryField.of": _("Visitors who left no contact, or leads who did not order."),
        "RecoveryField.share": _("Share of them who come back."),
        "RecoveryField.delay": _("Months until they are back."),
        "FactField.media": _("Net advertising spend so far."),
        "FactField.clicks": _("Clicks so far."),
        "FactField.leads": _("Leads so far."),
        "FactField.orders": _("Orders so far."),
        "EconomicsField.vat_in_prices": _("VAT that prices include, as a share of the net price."),
        "EconomicsField.ad_vat": _("VAT on advertising."),
        "EconomicsField.agency_share": _("The agency's share of the advertising spend."),
        "EconomicsField.variable_share": _("Further variable costs as a share of the revenue."),
        "EconomicsField.redeemed_share": _("Share of the orders that are redeemed."),
        "EconomicsField.returned_share": _("Share of the redeemed orders that come back."),
        "EconomicsField.repeat_share": _("Share of the paid orders that are existing clients'."),
        "TaxField.on": _("What is taxed."),
        "TaxField.rate": _("The tax as a share of it."),
        "InstalmentsField.payment_delay": _("Days from sale to payment, instalments apart."),
        "InstalmentsField.share": _("Share of the revenue that is paid in instalments."),
        "InstalmentsField.months": _("Months over which instalments run."),
        "InstalmentsField.fee_rate": _("What the bank keeps of a sale in instalments."),
        "TargetField.metric": _(
            "roas (revenue per spend), drr (spend as a share of revenue) or cpo (spend per order)."
        ),
        "TargetField.value": _("The target."),
        "RunningField.month": _("The month under way, as in 2026-10."),
        "RunningField.days_gone": _("Whole days of it that are over."),
        "ChannelPlanField.budget": _("Budget planned in this scenario."),
        "ChannelPlanField.impressions": _("Impressions planned in this scenario."),
        "ChannelPlanField.clicks": _("Clicks planned in this scenario."),
        "ChannelPlanField.leads": _("Leads planned in this scenario."),
        "ChannelPlanField.share": _("Share of the lost who come back in this scenario."),
        "ChannelPlanField.price": _("Price planned in this scenario."),
        "ChannelPlanField.ctr": _("CTR planned in this scenario."),
        "ChannelPlanField.landing_rate": _("Clicks to leads planned in this scenario."),
    }
)
