"""What the channels' formulas come to, from the model: shown where nothing recalculates."""

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.marketer import Table
from funnelkit.model.start import unit_price
from funnelkit.plan.media import Media, Terms
from funnelkit.plan.scenario import Scenario
from funnelkit.show.excel.channel_lines import BOOK_LINES, LOST, chain_names

__all__ = ["channel_values", "curved", "draws", "usual_spend"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def curved(media: Media) -> Flags:
    """Tell the channels whose price grows with their budget; shape (channels,)."""
    curves = media.curves
    straight = (curves.exponent == 1) & np.isinf(curves.ceiling)
    found: Flags = media.starting("media") & ~straight
    return found


def usual_spend(media: Media) -> Array:
    """Return the spend at which each channel's price was measured."""
    seen = np.where(np.isnan(media.curves.seen), 1.0, media.curves.seen)
    return np.where(media.now.amount > 0, media.now.amount, seen)


def draws(media: Media, of: str) -> Flags:
    """Tell the channels whose lost visitors or leads can come back; shape (channels,)."""
    sort = {each.channel: each.of for each in media.market.recoveries}
    if of == "visitors":
        back = np.array([name in sort for name in media.market.names])
        drawn: Flags = media.market.has("clicks") & ~back
        return drawn
    return np.array([sort.get(name) != "leads" for name in media.market.names])


def channel_values(
    media: Media, terms: Terms, table: Table, scenario: Scenario
) -> dict[str, tuple[Array, float]]:
    """Return every line's numbers by channel, and in total."""
    channels, total = table.channels, table.total
    none = float("nan")
    found: dict[str, tuple[Array, float]] = {}
    for number, name in enumerate(chain_names(media.market)):
        stage = number - 3
        if 0 <= stage < len(media.market.stages):
            values = table.passed[media.market.stages[stage]]
            complete = table.complete
            added = np.where(complete, values, 0.0).sum() if complete.any() else np.nan
            found[name] = values, float(added)
        else:
            found[name] = getattr(channels, name), float(getattr(total, name))
    for line in BOOK_LINES:
        if line.total != "none":
            found[line.name] = getattr(channels, line.name), float(getattr(total, line.name))
    lost = {
        "visitors": channels.clicks - channels.leads,
        "leads": channels.leads - channels.orders,
    }
    for of, people in lost.items():
        found[LOST[of].name] = np.where(draws(media, of), np.nan_to_num(people), 0.0), none
    levers = scenario.now if terms is media.now else scenario.target
    _rates, economics = media.inputs(terms, levers, scenario.business)
    check = np.broadcast_to(np.asarray(economics.check, dtype=float), channels.media.shape)
    usual = usual_spend(media)
    return found | {
        "paid_price": (unit_price(media.market, media.price(terms)), none),
        "curve_spend": (np.where(terms.amount > 0, terms.amount, usual), none),
        "check": (check, none),
        "complete": (table.complete.astype(float), none),
    }
