"""What is possible and yet doubtful in the channels of a client's file."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np

from funnelkit.client.channels import FIELDS
from funnelkit.client.marketing import Marketing
from funnelkit.client.remark import Doubt, Matter, Remark
from funnelkit.model.audience import reach
from funnelkit.model.marketer import Table
from funnelkit.model.quantity import over
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.target import price_permitted

__all__ = ["channel_doubts"]


def channel_doubts(marketing: Marketing, scenario: Scenario) -> Iterator[Doubt]:
    """Find what to ask the marketer about; `scenario` is the file's plan."""
    table = marketing.media.planned(scenario)
    yield from _incomplete(marketing, scenario, table)
    yield from _budgets(marketing)
    yield from _worth(marketing, scenario, table)
    if marketing.assumed:
        names = tuple(sorted(marketing.assumed))
        remark = Remark(matter=Matter.ASSUMED, names=names)
        yield Doubt(path=("marketing", "channels"), about=remark)
    people = reach(
        table.channels.impressions, frequency=marketing.frequency, audience=marketing.audience
    )
    for place, short in enumerate(people.short.tolist()):
        if short > 0:
            counts = {
                "people": float(people.people[place]),
                "audience": float(marketing.audience[place]),
            }
            yield _doubt(marketing, place, "audience", Matter.AUDIENCE_SHORT, counts=counts)


def _doubt(
    marketing: Marketing,
    place: int,
    field: str,
    matter: Matter,
    *,
    names: tuple[str, ...] = (),
    money: Mapping[str, float] = MappingProxyType({}),
    counts: Mapping[str, float] = MappingProxyType({}),
) -> Doubt:
    channel = marketing.media.market.names[place]
    remark = Remark(matter=matter, names=names, channel=channel, money=money, counts=counts)
    path = ("marketing", "channels", place, field) if field else ("marketing", "channels", place)
    return Doubt(path=path, about=remark)


def _incomplete(marketing: Marketing, scenario: Scenario, table: Table) -> Iterator[Doubt]:
    """Name the conversions that keep a channel out of the totals."""
    market, terms = marketing.media.market, marketing.media.plan
    for place, complete in enumerate(table.complete.tolist()):
        if complete:
            continue
        skipped = market.channels[place].skips
        lacking = tuple(
            name
            for name in market.rates
            if np.isnan(terms.rates[name][place])
            and name not in (*scenario.now, *skipped)
            and (name != "ctr" or market.has("impressions")[place])
            and (name != "landing_rate" or market.has("clicks")[place])
        )
        yield _doubt(marketing, place, "", Matter.CHANNEL_LEFT_OUT, names=lacking)


def _budgets(marketing: Marketing) -> Iterator[Doubt]:
    media = marketing.media
    for place in np.flatnonzero(media.starting("media")).tolist():
        seen, planned = media.curves.seen[place], media.plan.amount[place]
        if np.isnan(seen) and np.isinf(media.upper[place]):
            yield _doubt(marketing, place, FIELDS["media"], Matter.BUDGET_WITHOUT_END)
        if media.curves.beyond(media.plan.amount)[place]:
            money = {"plan": float(planned), "seen": float(seen)}
            yield _doubt(marketing, place, FIELDS["media"], Matter.BEYOND_HISTORY, money=money)


def _worth(marketing: Marketing, scenario: Scenario, table: Table) -> Iterator[Doubt]:
    """Find orders that cost more than they bring, with advertising at its target or without."""
    each = over(table.channels.contribution, table.channels.orders)
    for place, earned in enumerate(each.tolist()):
        if earned < 0:
            money = {"loss": -earned}
            yield _doubt(marketing, place, "", Matter.LOSS_PER_ORDER, money=money)
    if marketing.target is None:
        return
    most = price_permitted(marketing.media, scenario, marketing.target)
    losing = (most.earned_per_order < 0) & (table.channels.media > 0)
    for place in np.flatnonzero(losing).tolist():
        remark = Remark(
            matter=Matter.TARGET_LOSES,
            channel=marketing.media.market.names[place],
            money={"loss": float(-most.earned_per_order[place])},
            counts={"roas": float(most.break_even_roas[place])},
        )
        yield Doubt(path=("marketing", "target"), about=remark)
