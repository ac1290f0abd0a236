"""What fits the shape of the channels and still cannot be."""

from collections.abc import Iterator

from funnelkit.client.channel_fields import SHARES, STARTS, ChannelField, MarketingField
from funnelkit.client.channels import curve_of, missing_rates, stages_of
from funnelkit.client.client import nearest
from funnelkit.client.fields import QuantityField, RangeField
from funnelkit.client.finding import Finding, quantity_findings
from funnelkit.client.problems import Code
from funnelkit.client.schema import ClientFile, days_of, months_between
from funnelkit.plan.history import CurveError, Unfit
from funnelkit.plan.media import CHANNEL_LEVERS

__all__ = ["channel_findings"]

_UNFIT = {
    Unfit.RANGE: Code.OUT_OF_RANGE,
    Unfit.LEADS: Code.HISTORY_WITHOUT_LEADS,
    Unfit.TOO_FEW: Code.HISTORY_TOO_SHORT,
    Unfit.FALLING: Code.HISTORY_FALLING,
    Unfit.INCREASING: Code.HISTORY_INCREASING,
}


def channel_findings(file: ClientFile) -> Iterator[Finding]:
    """Find everything that contradicts itself in the channels of a file of the right shape."""
    marketing = file.marketing
    if marketing is None:
        for name, variant in file.scenarios.items():
            if variant.channels:
                yield Finding(code=Code.MISSING, path=("marketing",), first=("scenarios", name))
        return
    for name in CHANNEL_LEVERS:
        if name in file.levers:
            yield Finding(code=Code.CHANNELS_AND_LEVER, path=("levers", name))
    seen: dict[str, int] = {}
    stages = stages_of(file, marketing)
    for place, channel in enumerate(marketing.channels):
        path = ("marketing", "channels", place)
        if channel.name in seen:
            first = ("marketing", "channels", seen[channel.name], "name")
            yield Finding(code=Code.TWICE, path=(*path, "name"), first=first)
        seen.setdefault(channel.name, place)
        yield from _channel(channel, stages, path)
    twice = [name for number, name in enumerate(stages) if name in stages[:number]]
    for name in twice:
        where = stages.index(name), len(stages) - 1 - stages[::-1].index(name)
        yield Finding(
            code=Code.TWICE,
            path=("marketing", "stages", where[1]),
            first=("marketing", "stages", where[0]),
        )
    yield from _running(file, marketing)
    yield from _scenarios(file, marketing)
    begun = [channel for channel in marketing.channels if len(channel.starts) == 1]
    if begun and all(missing_rates(channel, file) for channel in begun):
        yield Finding(code=Code.NO_CHANNEL, path=("marketing", "channels"))


def _channel(
    channel: ChannelField, stages: tuple[str, ...], path: tuple[str | int, ...]
) -> Iterator[Finding]:
    if len(channel.starts) != 1:
        given = {"allowed": ", ".join(STARTS), "given": ", ".join(channel.starts)}
        code = Code.TWO_STARTS if channel.starts else Code.NO_START
        yield Finding(code=code, path=path, values=given)
    for name, quantity in channel.quantities.items():
        inside = ("recovers",) if name == "share" else ()
        share = name in SHARES
        yield from quantity_findings(
            quantity, (*path, *inside, name), share=share, counts=share, falls=name == "price"
        )
    for name, quantity in channel.rates.items():
        where = (*path, "rates", name)
        yield from quantity_findings(quantity, where, share=True, counts=True, falls=False)
    named: list[tuple[str, str | int, str]] = [("rates", name, name) for name in channel.rates]
    named += [("skips", number, name) for number, name in enumerate(channel.skips)]
    for field, key, name in named:
        if name not in stages:
            yield Finding(
                code=Code.UNKNOWN_STAGE,
                path=(*path, field, key),
                values={"nearest": nearest(name, list(stages)), "allowed": ", ".join(stages)},
                of_key=key == name,
            )
    if channel.unit_cost is not None and channel.margin is not None:
        yield Finding(code=Code.TWO_COSTS, path=(*path, "unit_cost"))
    if channel.budget:
        if channel.price is None:
            yield Finding(code=Code.MISSING, path=(*path, "price"))
        elif end := _free(channel.price):
            yield Finding(code=Code.NOT_POSITIVE, path=(*path, "price", *end))
        if channel.budget.best is not None and channel.least > channel.budget.best:
            order = {"order": "least ≤ best"}
            yield Finding(code=Code.ORDER, path=(*path, "least"), values=order)
    if channel.history:
        try:
            curve_of(channel)
        except CurveError as error:
            yield Finding(
                code=_UNFIT[error.reason], path=(*path, "history"), values={"number": error.found}
            )


def _free(price: QuantityField) -> tuple[str, ...]:
    """Find where a price is 0, at which no budget ends."""
    if isinstance(price.now, RangeField) and price.now.low == 0:
        return ("now", "low")
    ends = ("now", price.value), ("plan", price.planned), ("best", price.best)
    return next(((name,) for name, value in ends if value == 0), ())


def _running(file: ClientFile, marketing: MarketingField) -> Iterator[Finding]:
    running, goal = marketing.running, file.goal
    if running is None:
        if any(channel.fact for channel in marketing.channels):
            yield Finding(code=Code.MISSING, path=("marketing", "running"))
        return
    offset, month = months_between(goal.month, running.month), running.month
    if not 0 <= offset <= goal.months + 2:
        values = {"months": goal.months + 2}
        yield Finding(
            code=Code.RUNNING_OUTSIDE, path=("marketing", "running", "month"), values=values
        )
    days = days_of(month)
    if running.days_gone > days:
        yield Finding(
            code=Code.OUT_OF_RANGE,
            path=("marketing", "running", "days_gone"),
            values={"low": 1, "high": days},
        )


def _scenarios(file: ClientFile, marketing: MarketingField) -> Iterator[Finding]:
    """Look for channels, and numbers of channels, that a scenario cannot plan."""
    channels = {channel.name: channel for channel in reversed(marketing.channels)}
    for scenario, variant in file.scenarios.items():
        for name, other in variant.channels.items():
            path = ("scenarios", scenario, "channels", name)
            if name not in channels:
                near = {"nearest": nearest(name, channels), "allowed": ", ".join(channels)}
                yield Finding(code=Code.UNKNOWN_CHANNEL, path=path, values=near, of_key=True)
                continue
            has = channels[name].quantities
            for field, value in other.model_dump(exclude_none=True).items():
                if field not in has:
                    allowed = {"allowed": ", ".join(has)}
                    yield Finding(code=Code.NOT_OF_CHANNEL, path=(*path, field), values=allowed)
                elif field == "price" and value == 0 and "budget" in has:
                    yield Finding(code=Code.NOT_POSITIVE, path=(*path, field))
