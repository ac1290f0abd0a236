"""The marketer's model as formulas: a table of quantities, one formula each.

``{clicks}`` is the quantity's cell of the same channel, ``{n}`` the channel's number, ``{when}``
now or plan, ``{first_paid}`` and ``{first_cost}`` the owner's. Names without braces are inputs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from funnelkit.model.channel import TRAFFIC, Market
from funnelkit.model.levers import message as _
from funnelkit.plan.media import Media
from funnelkit.show.excel.formulas import known, needed, over, rounded_up, times
from funnelkit.show.excel.numberformats import Kind

__all__ = ["BOOK_LINES", "LOST", "ChannelLine", "chain", "chain_names", "paid_price"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLine:
    """A quantity of the channels and of all together.

    Attributes
    ----------
    name : str
        Key of its row: a property of `funnelkit.model.books.Books`, or one of ours.
    formula : str
        Of a channel.
    total : {"sum", "same", "none"}
        Whether the total adds up the complete channels, is the same ratio of sums, or is none.
    company : str
        What the company adds to the sum.
    kind : Kind
    label, meaning : str
        Message ids; empty where `funnelkit.show.book_labels` knows them.
    stage : str
        Name of the stage that the row belongs to.
    """

    name: str
    formula: str
    total: Literal["sum", "same", "none"] = "same"
    company: str = ""
    kind: Kind = "money"
    label: str = ""
    meaning: str = ""
    stage: str = ""


_OWN_COST = f'IF(channel{{n}}_unit_cost<>"",{times("{paid_orders}", "channel{n}_unit_cost")}'
_OWN_MARGIN = f'IF(channel{{n}}_margin<>"",{times("{revenue}", "(1-channel{n}_margin)")}'
_AS_OWNER = times("{revenue}", over("{first_cost}", "{first_paid}"))
_COSTS = "{cogs}+{variable_costs}+{total_marketing}+{fixed_costs}+{sales_cost}"
_POSITIVE = "IF({contribution}>0,{contribution},NA())"

BOOK_LINES = (
    ChannelLine(
        name="check",
        formula='IF(channel{n}_check="",{first_paid}*(1+vat_in_prices),channel{n}_check)',
        total="none",
        label=_("Check of an order"),
        meaning=_("What a paid order brings; the owner's first sale where a channel has no other."),
    ),
    ChannelLine(name="gross_revenue", formula=times("{paid_orders}", "{check}"), total="sum"),
    ChannelLine(name="revenue", formula="{gross_revenue}/(1+vat_in_prices)", total="sum"),
    ChannelLine(
        name="cogs",
        formula=f"{_OWN_COST}/(1+vat_in_prices),{_OWN_MARGIN},{_AS_OWNER}))",
        total="sum",
    ),
    ChannelLine(name="gross_profit", formula="{revenue}-{cogs}"),
    ChannelLine(name="variable_costs", formula=times("{revenue}", "variable_share"), total="sum"),
    ChannelLine(name="contribution", formula="{gross_profit}-{variable_costs}"),
    ChannelLine(
        name="media",
        formula="IF(ISERROR({bought}),NA()," + times("{bought}", "{paid_price}") + ")",
        total="sum",
    ),
    ChannelLine(
        name="media_cost",
        formula=times("{media}", "media_factor"),
        total="sum",
        label=_("Ad spend with VAT and the agency's share"),
        meaning=_("Ad spend × (1 + its VAT + the agency's share)."),
    ),
    ChannelLine(
        name="agency_fee",
        formula="channel{n}_agency_fee",
        total="sum",
        company="company_agency_fee",
        label=_("Agency's fee"),
        meaning=_("What the agency gets a month beside its share of the ad spend."),
    ),
    ChannelLine(
        name="production",
        formula="channel{n}_production",
        total="sum",
        company="company_production_{when}",
        label=_("Production"),
        meaning=_("Texts, pictures, films and what else marketing costs a month."),
    ),
    ChannelLine(name="total_marketing", formula="{media_cost}+{agency_fee}+{production}"),
    # A channel has no such costs of its own; where the company's are not known, nor are its.
    ChannelLine(
        name="fixed_costs",
        formula="0*" + known("fixed_costs_{when}"),
        total="sum",
        company=known("fixed_costs_{when}"),
    ),
    ChannelLine(
        name="sales_cost",
        formula="0*" + known("managers_{when}") + "*" + known("cost_per_manager_{when}"),
        total="sum",
        company=known("managers_{when}") + "*" + known("cost_per_manager_{when}"),
    ),
    ChannelLine(
        name="ebitda", formula="{contribution}-{total_marketing}-{fixed_costs}-{sales_cost}"
    ),
    ChannelLine(name="tax", formula='tax_rate*IF(tax_on="{turnover}",{revenue},MAX({ebitda},0))'),
    ChannelLine(name="net_profit", formula="{ebitda}-{tax}"),
    ChannelLine(
        name="lead_rate",
        formula=over("{leads}", "{clicks}"),
        kind="share",
        label=_("Clicks to leads"),
        meaning=_("Leads / clicks."),
    ),
    ChannelLine(name="cpm", formula=over("(1000*{media})", "{impressions}")),
    ChannelLine(name="cpc", formula=over("{media}", "{clicks}")),
    ChannelLine(name="cpl", formula=over("{media}", "{leads}")),
    ChannelLine(name="cpo", formula=over("{media}", "{orders}")),
    ChannelLine(name="cac", formula=over("({total_marketing}+{sales_cost})", "{new_customers}")),
    ChannelLine(name="roas", formula=over("{gross_revenue}", "{media}"), kind="ratio"),
    ChannelLine(name="drr", formula=over("{media}", "{gross_revenue}"), kind="share"),
    ChannelLine(
        name="romi_contribution",
        formula=over("({contribution}-{total_marketing})", "{total_marketing}"),
        kind="share",
    ),
    ChannelLine(
        name="romi_revenue",
        formula=over("({revenue}-{total_marketing})", "{total_marketing}"),
        kind="share",
    ),
    ChannelLine(name="roi", formula=over("{net_profit}", f"({_COSTS}+{{tax}})"), kind="share"),
    ChannelLine(name="max_cac", formula=over("{contribution}", "{new_customers}")),
    ChannelLine(
        name="max_cac_full", formula=over("({contribution}-{fixed_costs})", "{new_customers}")
    ),
    ChannelLine(
        name="break_even_cpl",
        formula=over("({contribution}-{agency_fee}-{production})", "{leads}") + "/media_factor",
    ),
    ChannelLine(
        name="break_even_roas_variable",
        formula=f"{{gross_revenue}}/{_POSITIVE}*media_factor",
        kind="ratio",
    ),
    ChannelLine(
        name="break_even_roas_full",
        formula=f"{{roas}}*({{total_marketing}}+{{fixed_costs}}+{{sales_cost}})/{_POSITIVE}",
        kind="ratio",
    ),
)
"""From paid orders to every metric: `funnelkit.model.books.Books` as formulas."""

LOST = {
    "visitors": ChannelLine(
        name="lost_visitors",
        formula="IFERROR({clicks}-{leads},0)",
        kind="count",
        total="none",
        label=_("Visitors whom retargeting can bring back"),
        meaning=_("Clicks less leads of the channels that bring nobody back themselves."),
    ),
    "leads": ChannelLine(
        name="lost_leads",
        formula="IFERROR({leads}-{orders},0)",
        kind="count",
        total="none",
        label=_("Leads whom the autofunnel can bring back"),
        meaning=_("Leads less orders of all channels but the autofunnels."),
    ),
}
"""Who is lost and may come back, by what a recovery brings back."""


def chain_names(market: Market) -> tuple[str, ...]:
    """Name the counts from impressions to new clients; stages by number."""
    stages = tuple(f"stage{number}" for number in range(1, len(market.stages) + 1))
    return (*TRAFFIC, *stages, "orders", "paid_orders", "new_customers")


def _rates(market: Market, place: int) -> dict[str, str]:
    """Return what leads to each count of a channel from the one before."""
    skips = market.channels[place].skips

    def own(name: str) -> str:
        return known(f"channel{{n}}_{name}_{{when}}")

    rates = {"clicks": own("ctr"), "leads": own("landing_rate")}
    for number, stage in enumerate(market.stages, 1):
        rates[f"stage{number}"] = "1" if stage in skips else own(f"stage{number}")
    redeemed, returned = (known(f"channel{{n}}_{n}") for n in ("redeemed_share", "returned_share"))
    repeat = known("channel{n}_repeat_share")
    return rates | {
        "orders": "1",
        "paid_orders": f"{redeemed}*(1-{returned})",
        "new_customers": f"(1-{repeat})",
    }


def _begin(media: Media, place: int) -> tuple[str, str]:
    """Return the count that a channel starts from, and its formula."""
    start, amount = media.starts[place], known("channel{n}_amount_{when}")
    if start == "media":
        return media.market.channels[place].buying, needed(amount, "{paid_price}")
    if start != "share":
        return start, amount
    name = media.market.names[place]
    of = next(each.of for each in media.market.recoveries if each.channel == name)
    return "clicks" if of == "visitors" else "leads", f"{amount}*SUM({{all_{LOST[of].name}}})"


def chain(media: Media, place: int) -> Iterator[tuple[str, str]]:
    """Yield a channel's counts with their formulas, 0 for what the channel does not have."""
    market, names = media.market, chain_names(media.market)
    whole = "no" if media.starts[place] == "media" else media.whole
    rates = _rates(market, place)
    start, formula = _begin(media, place)
    plain = {start: formula}

    def count(name: str) -> str:
        """Refer to another count: its cell, or what stood in it before it was rounded up."""
        return f"({plain[name]})" if whole == "end" else f"{{{name}}}"

    at = names.index(start)
    for here in range(at, 0, -1):
        if names[here - 1] in TRAFFIC:
            plain[names[here - 1]] = needed(count(names[here]), rates[names[here]])
    for here in range(at + 1, len(names)):
        plain[names[here]] = f"{count(names[here - 1])}*{rates[names[here]]}"
    for name in names:
        if any(name == unit and not market.has(unit)[place] for unit in TRAFFIC):
            yield name, ""
        else:
            yield name, plain[name] if whole == "no" else rounded_up(plain[name])


def paid_price(media: Media, place: int, *, curved: bool) -> str:
    """Return what a channel pays for a click, a lead or one impression, as a formula."""
    price = known("channel{n}_price_{when}")
    if curved:
        price += "*({curve_spend}/" + curve_leads("{curve_spend}") + ")/channel{n}_usual_cpl"
    thousand = media.market.channels[place].buying == "impressions"
    return f"{price}/1000" if thousand else price


def curve_leads(spend: str) -> str:
    """Return what a channel's curve brings for a spend, as `funnelkit.plan.response` has it."""
    saturation = 'IF(channel{n}_ceiling="",0,1/channel{n}_ceiling)'
    power = f"{spend}^-channel{{n}}_exponent/channel{{n}}_scale"
    line = f"channel{{n}}_foot*{spend}"
    return f"IF({spend}<channel{{n}}_turn,{line},1/({power}+{saturation}))"
