"""Every number of the channels, and where it comes from."""

from collections.abc import Iterator

import numpy as np

from funnelkit.client.channels import FIELDS
from funnelkit.client.client import Client
from funnelkit.client.marketing import Marketing
from funnelkit.model.levers import Unit
from funnelkit.model.levers import message as _
from funnelkit.plan.media import Media, Start
from funnelkit.show.inputs import provenance
from funnelkit.show.labels import label
from funnelkit.show.tables import Table, sides
from funnelkit.show.words import Words

__all__ = ["channel_inputs_table"]

_STARTS: dict[Start, tuple[str, Unit]] = {
    "media": (_("Ad spend"), Unit.MONEY),
    "impressions": (_("Impressions"), Unit.COUNT),
    "clicks": (_("Clicks"), Unit.COUNT),
    "leads": (_("Leads"), Unit.COUNT),
    "share": (_("Share of the lost who come back"), Unit.SHARE),
}
_PRICES = {
    "impressions": _("CPM"),
    "clicks": _("CPC"),
    "leads": _("CPL"),
}
_RATES = {"ctr": _("CTR"), "landing_rate": _("Clicks to leads")}


def channel_inputs_table(client: Client, media: Media, words: Words) -> Table:
    """Return today's and the planned numbers of the channels, with where they come from.

    Without channels there are no rows.
    """
    return Table(
        header=(
            words("Channel"),
            words("Input"),
            words("Now"),
            words("Plan"),
            words("How it is known"),
            words("Source"),
        ),
        rows=tuple(_rows(client, client.marketing, media, words)) if client.marketing else (),
        align=sides("llrrll"),
        caption=words("The channels' inputs and where they come from"),
    )


def _rows(
    client: Client, marketing: Marketing, media: Media, words: Words
) -> Iterator[tuple[str, ...]]:
    now, plan = media.now, media.plan
    for place, channel in enumerate(media.market.channels):
        start = media.starts[place]
        text, unit = _STARTS[start]
        price = words(_PRICES[channel.buying])
        numbers = [
            ("amount", words(text), unit, now.amount, plan.amount),
            ("price", price, Unit.MONEY, now.price, plan.price),
        ]
        for rate, values in now.rates.items():
            called = words(_RATES[rate]) if rate in _RATES else _stage(rate, words)
            numbers.append((rate, called, Unit.SHARE, values, plan.rates[rate]))
        name = channel.name
        for field, called, unit, first, last in numbers:
            if np.isnan(first[place]) or (field == "price" and first[place] == last[place] == 0):
                continue
            known = media.known.get(field)
            key = f"{channel.name}.{FIELDS[start] if field == 'amount' else field}"
            how, source = provenance(
                client,
                key,
                known[place] if known else None,
                unit,
                words,
                assumed=key in marketing.assumed,
            )
            typed = marketing.sources[place] if name else ""
            yield (
                name,
                called,
                words.value(float(first[place]), unit),
                words.value(float(last[place]), unit),
                how,
                "; ".join(filter(None, (typed, source))),
            )
            name = ""


def _stage(name: str, words: Words) -> str:
    try:
        return label(name, words)
    except KeyError:
        return name
