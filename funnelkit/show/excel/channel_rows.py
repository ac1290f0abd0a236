"""The rows of the channels' inputs: what each is called, means and is counted in."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.channel import TRAFFIC
from funnelkit.model.levers import message as _
from funnelkit.plan.media import Media, Terms
from funnelkit.show.excel.numberformats import Kind
from funnelkit.show.labels import label
from funnelkit.show.words import Words

__all__ = ["OWN_ROWS", "SHARED_ROWS", "InputRow", "term_rows"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRow:
    """A number of every channel, or one for all.

    Attributes
    ----------
    name : str
        What its name in the workbook ends with.
    label, meaning : str
        Already in the reader's language, or message ids where it is a row of this module's.
    kind : Kind
    values : ndarray, shape (channels,)
        NaN where there is none.
    used : ndarray of bool, shape (channels,)
        Where a channel has such a number at all.
    follows : str
        The owner's input that stands for it where a channel has none of its own.
    """

    name: str
    label: str
    meaning: str
    kind: Kind
    values: Array = field(default_factory=lambda: np.array(np.nan))
    used: NDArray[np.bool_] = field(default_factory=lambda: np.array(True))
    follows: str = ""


OWN_ROWS = (
    InputRow(
        name="check",
        label=_("Check of an order"),
        meaning=_("What a paid order brings; empty for the owner's first sale."),
        kind="money",
    ),
    InputRow(
        name="margin",
        label=_("Margin"),
        meaning=_("Share of the revenue left after the goods; empty for the owner's, or a cost."),
        kind="share",
    ),
    InputRow(
        name="unit_cost",
        label=_("Cost of an order's goods"),
        meaning=_("Instead of the margin; empty where there is none."),
        kind="money",
    ),
    InputRow(
        name="redeemed_share",
        label=_("Redeemed"),
        meaning=_("Share of the orders that are redeemed."),
        kind="share",
    ),
    InputRow(
        name="returned_share",
        label=_("Returned"),
        meaning=_("Share of the redeemed orders that come back."),
        kind="share",
    ),
    InputRow(
        name="repeat_share",
        label=_("From existing clients"),
        meaning=_("Share of the paid orders that are no new client's."),
        kind="share",
    ),
    InputRow(
        name="agency_fee",
        label=_("Agency's fee"),
        meaning=_("What the agency gets a month beside its share of the ad spend."),
        kind="money",
    ),
    InputRow(
        name="production",
        label=_("Production"),
        meaning=_("Texts, pictures, films and what else marketing costs a month."),
        kind="money",
    ),
)
"""What an order brings and a channel costs; fields of `funnelkit.model.economics.Economics`."""

SHARED_ROWS = (
    InputRow(
        name="vat_in_prices",
        label=_("VAT that prices include"),
        meaning=_("As a share of the net price."),
        kind="share",
    ),
    InputRow(
        name="ad_vat",
        label=_("VAT on ad spend"),
        meaning=_("As a share of the ad spend."),
        kind="share",
    ),
    InputRow(
        name="agency_share",
        label=_("Agency's share"),
        meaning=_("As a share of the ad spend."),
        kind="share",
    ),
    InputRow(
        name="variable_share",
        label=_("Variable costs"),
        meaning=_("A share of the revenue."),
        kind="share",
    ),
)
"""What holds for all channels."""

_AMOUNTS = {
    "media": _("Ad spend"),
    "impressions": _("Impressions"),
    "clicks": _("Clicks"),
    "leads": _("Leads"),
    "share": _("Share of the lost who come back"),
}


def starts_from(start: str, words: Words) -> str:
    """Name what a channel starts from."""
    return words(_AMOUNTS[start])


def term_rows(media: Media, terms: Terms, words: Words) -> Iterator[InputRow]:
    """Yield the numbers that a plan moves: amount, price, rates."""
    market = media.market
    every = np.ones(len(market.channels), dtype=bool)
    yield InputRow(
        name="amount",
        label=words("Amount"),
        meaning=words("Of what the channel starts from: money or people a month, or a share."),
        kind="count",
        values=terms.amount,
        used=every,
    )
    yield InputRow(
        name="price",
        label=words("Price"),
        meaning=words("Of what the channel buys: 1,000 impressions, a click or a lead."),
        kind="money",
        values=terms.price,
        used=every,
    )
    for place, (name, text, meaning) in enumerate(
        (
            ("ctr", words("CTR"), words("Share of the impressions that bring a click.")),
            (
                "landing_rate",
                words("Clicks to leads"),
                words("Share of the clicks that leave a contact."),
            ),
        )
    ):
        yield InputRow(
            name=name,
            label=text,
            meaning=meaning,
            kind="share",
            values=terms.rates[name],
            used=market.has(TRAFFIC[place]),
        )
    for number, stage in enumerate(market.stages, 1):
        yield InputRow(
            name=f"stage{number}",
            label=stage_label(stage, words),
            meaning=words("The owner's where a channel has no other."),
            kind="share",
            values=terms.rates[stage],
            used=np.array([stage not in channel.skips for channel in market.channels]),
            follows=stage,
        )


def stage_label(stage: str, words: Words) -> str:
    """Name a stage between lead and order, one of the owner's or the client's own."""
    try:
        return label(stage, words)
    except KeyError:
        return stage
