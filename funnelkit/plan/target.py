"""The price of traffic that a target of advertising permits a client's channels."""

from dataclasses import dataclass
from typing import Literal

from funnelkit.model.marketer import Permitted, permitted
from funnelkit.plan.media import Media
from funnelkit.plan.scenario import Scenario

__all__ = ["Target", "price_permitted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What advertising has to keep to: gross revenue per media, its inverse, media per order."""

    metric: Literal["roas", "drr", "cpo"]
    value: float


def price_permitted(media: Media, scenario: Scenario, target: Target) -> Permitted:
    """Find what a click, 1,000 impressions or a lead may cost in each channel of the plan."""
    rates, economics = media.inputs(media.plan, scenario.target, scenario.business)
    return permitted(
        media.market, rates=rates, economics=economics, target=target.metric, value=target.value
    )
