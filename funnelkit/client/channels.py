"""From the channels of a client's file to the model's."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.channel_fields import STAGES, ChannelField, ChannelPlanField, MarketingField
from funnelkit.client.fields import QuantityField
from funnelkit.client.marketing import Marketing
from funnelkit.client.schema import ClientFile, days_of, months_between
from funnelkit.model.channel import TRAFFIC, Channel, Market, Recovery, Traffic
from funnelkit.model.economics import Company
from funnelkit.plan.history import fit_hill, fit_power
from funnelkit.plan.media import Media, Payment, Start, Terms
from funnelkit.plan.response import Response
from funnelkit.plan.running import Running
from funnelkit.plan.target import Target
from funnelkit.plan.uncertainty import Evidence

__all__ = ["FIELDS", "changed_channels", "curve_of", "marketing_of", "missing_rates", "stages_of"]

Array = NDArray[np.float64]

FIELDS: Mapping[Start, str] = {
    "media": "budget",
    "impressions": "impressions",
    "clicks": "clicks",
    "leads": "leads",
    "share": "share",
}
"""The file's field for what a channel starts from."""

_STARTS: Mapping[str, Start] = {
    "recovers": "share",
    **{name: start for start, name in FIELDS.items() if start != "share"},
}

When = Literal["now", "plan", "best"]

_SHARES = ("redeemed_share", "returned_share", "repeat_share")
_OWN = ("check", "margin", "unit_cost")
_FACTS = ("media", "clicks", "leads", "orders")


def stages_of(file: ClientFile, marketing: MarketingField) -> tuple[str, ...]:
    """Return the chain from lead to order: the file's, or the owner's stages that it has."""
    if marketing.stages is not None:
        return tuple(marketing.stages)
    return tuple(name for name in STAGES if name in file.levers)


def changed_channels(file: Media, plan: Media) -> dict[str, dict[str, float]]:
    """Return what a plan has otherwise than the file's, by channel and the file's field."""
    changes: dict[str, dict[str, float]] = {}
    for place, name in enumerate(plan.market.names):
        pairs = {
            FIELDS[plan.starts[place]]: (file.plan.amount, plan.plan.amount),
            "price": (file.plan.price, plan.plan.price),
            "ctr": (file.plan.rates["ctr"], plan.plan.rates["ctr"]),
            "landing_rate": (file.plan.rates["landing_rate"], plan.plan.rates["landing_rate"]),
        }
        own = {
            field: float(other[place])
            for field, (planned, other) in pairs.items()
            if not np.isnan(other[place]) and other[place] != planned[place]
        }
        if own:
            changes[name] = own
    return changes


def missing_rates(channel: ChannelField, file: ClientFile) -> tuple[str, ...]:
    """Name the conversions that a channel would need and nobody gives."""
    first = TRAFFIC.index(_channel(channel).first)
    chain = ("ctr", "landing_rate")[first:]
    stages = [name for name in stages_of(file, _given(file)) if name not in channel.skips]
    lacking = [name for name in chain if name not in channel.quantities]
    return (*lacking, *(n for n in stages if n not in channel.rates and n not in file.levers))


def curve_of(channel: ChannelField) -> Response:
    """Fit what a channel brings for its spend; a line where it has no history.

    Raises
    ------
    CurveError
        For a history to which no curve can be fitted.
    """
    if not channel.history:
        return Response(scale=np.array([1.0]), exponent=np.array([1.0]))
    spend = [[point.spend for point in channel.history]]
    leads = [[point.leads for point in channel.history]]
    return fit_hill(spend, leads) if channel.curve == "hill" else fit_power(spend, leads)


def marketing_of(file: ClientFile) -> Marketing:
    """Turn the channels of a file without problems into the model's."""
    given = _given(file)
    channels, stages = given.channels, stages_of(file, given)
    rates = ("ctr", "landing_rate", *stages)
    known = _known(channels, rates)
    media = Media(
        market=Market(
            channels=tuple(_channel(channel) for channel in channels),
            stages=stages,
            recoveries=tuple(_recoveries(channels)),
        ),
        starts=tuple(_start(channel) for channel in channels),
        now=_terms(channels, rates, "now"),
        plan=_terms(channels, rates, "plan"),
        start=given.start,
        curves=_curves(channels),
        lower=np.array([channel.least for channel in channels]),
        upper=np.array([_upper(channel) for channel in channels]),
        own=_own(given),
        known=known,
        company=Company(
            agency_fee=given.agency_fee,
            production=given.production,
            tax_on=given.tax.on if given.tax else "profit",
            tax_rate=given.tax.rate if given.tax else 0.0,
        ),
        payment=Payment(**given.instalments.model_dump()),
        whole=given.whole,
    )
    return Marketing(
        media=media,
        kinds=tuple(channel.kind for channel in channels),
        audience=_numbers(channel.audience for channel in channels),
        frequency=_numbers(channel.frequency for channel in channels),
        sources=tuple(channel.source or given.source or "" for channel in channels),
        best=_terms(channels, rates, "best"),
        limited=frozenset(
            "amount" if name == _field(channel) else name
            for channel in channels
            for name, quantity in channel.quantities.items()
            if quantity.best is not None
        ),
        assumed=frozenset(
            f"{channel.name}.{name}"
            for channel in channels
            for name, quantity in channel.quantities.items()
            if quantity.assumed
        ),
        target=_target(given),
        running=_running(given, file.goal.month),
        variants={
            name: _varied(media.plan, media, variant.channels)
            for name, variant in file.scenarios.items()
            if variant.channels
        },
    )


def _given(file: ClientFile) -> MarketingField:
    if file.marketing is None:
        raise ValueError("the file has no channels")
    return file.marketing


def _start(channel: ChannelField) -> Start:
    (name,) = channel.starts
    return _STARTS[name]


def _unit(channel: ChannelField) -> Traffic:
    """Return the count that a channel cannot do without: given, come back, or else bought."""
    (name,) = channel.starts
    if channel.recovers:
        return "clicks" if channel.recovers.of == "visitors" else "leads"
    return next((unit for unit in TRAFFIC if unit == name), channel.buys or "clicks")


def _channel(channel: ChannelField) -> Channel:
    """Begin the chain where the file knows it: nobody counts impressions of a mailing."""
    unit = _unit(channel)
    buying = channel.buys or unit
    known: list[Traffic] = [unit, buying]
    if channel.landing_rate:
        known.append("clicks")
    if channel.ctr:
        known.append("impressions")
    return Channel(
        name=channel.name,
        buying=buying,
        first=min(known, key=TRAFFIC.index),
        skips=tuple(channel.skips),
    )


def _recoveries(channels: list[ChannelField]) -> Iterator[Recovery]:
    for channel in channels:
        if back := channel.recovers:
            yield Recovery(
                channel=channel.name, of=back.of, share=back.share.value, delay=back.delay
            )


def _at(quantity: QuantityField | None, when: When) -> float:
    if quantity is None:
        return np.nan
    planned = quantity.value if when == "now" or quantity.planned is None else quantity.planned
    if when == "best":
        return max(quantity.value, planned) if quantity.best is None else quantity.best
    return planned


def _terms(channels: list[ChannelField], rates: tuple[str, ...], when: When) -> Terms:
    def price(channel: ChannelField) -> float:
        free = channel.price is None and "budget" not in channel.starts
        return 0.0 if free else _at(channel.price, when)

    return Terms(
        amount=np.array([_at(channel.quantities[_field(channel)], when) for channel in channels]),
        price=np.array([price(channel) for channel in channels]),
        rates={
            name: np.array([_at(_rate(channel, name), when) for channel in channels])
            for name in rates
        },
    )


def _field(channel: ChannelField) -> str:
    return FIELDS[_start(channel)]


def _rate(channel: ChannelField, name: str) -> QuantityField | None:
    return channel.quantities.get(name) or channel.rates.get(name)


def _known(
    channels: list[ChannelField], rates: tuple[str, ...]
) -> dict[str, tuple[Evidence | None, ...]]:
    columns: dict[str, list[QuantityField | None]] = {
        "amount": [channel.quantities[_field(channel)] for channel in channels],
        "price": [channel.price for channel in channels],
        **{name: [_rate(channel, name) for channel in channels] for name in rates},
    }
    found = {
        name: tuple(quantity.known if quantity else None for quantity in quantities)
        for name, quantities in columns.items()
    }
    return {name: known for name, known in found.items() if any(known)}


def _curves(channels: list[ChannelField]) -> Response:
    fits = [curve_of(channel) for channel in channels]
    return Response(
        scale=np.concatenate([fit.scale for fit in fits]),
        exponent=np.concatenate([fit.exponent for fit in fits]),
        ceiling=np.concatenate([fit.ceiling for fit in fits]),
        seen=np.concatenate([fit.seen for fit in fits]),
    )


def _upper(channel: ChannelField) -> float:
    best = channel.budget.best if channel.budget else None
    return np.inf if best is None else best


def _own(given: MarketingField) -> dict[str, Array]:
    channels, usual = given.channels, given.economics
    own = {name: _numbers(getattr(channel, name) for channel in channels) for name in _OWN}
    for name in _SHARES:
        said = _numbers(getattr(channel, name) for channel in channels)
        own[name] = np.where(np.isnan(said), getattr(usual, name), said)
    for name in ("vat_in_prices", "ad_vat", "agency_share", "variable_share"):
        own[name] = np.array(getattr(usual, name))
    for name in ("agency_fee", "production"):
        own[name] = _numbers(getattr(channel, name) for channel in channels)
    return own


def _numbers(values: Iterable[float | None]) -> Array:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _target(given: MarketingField) -> Target | None:
    if given.target is None:
        return None
    return Target(metric=given.target.metric, value=given.target.value)


def _running(given: MarketingField, first: date) -> Running | None:
    if given.running is None:
        return None
    month = given.running.month
    return Running(
        offset=months_between(first, month),
        days_gone=given.running.days_gone,
        days=days_of(month),
        facts={
            name: _numbers(
                getattr(channel.fact, name) if channel.fact else None for channel in given.channels
            )
            for name in _FACTS
        },
    )


def _varied(plan: Terms, media: Media, channels: Mapping[str, ChannelPlanField]) -> Terms:
    """Plan some channels otherwise."""
    amount, price = plan.amount.copy(), plan.price.copy()
    rates = {name: rate.copy() for name, rate in plan.rates.items()}
    for name, other in channels.items():
        place = media.market.names.index(name)
        changes = other.model_dump(exclude_none=True)
        for key, value in changes.items():
            if key in rates:
                rates[key][place] = value
            elif key == "price":
                price[place] = value
            else:
                amount[place] = value
    return replace(plan, amount=amount, price=price, rates=rates)
