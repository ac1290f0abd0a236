"""The shape of ``marketing`` in a client's file: channels from budget to orders."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from funnelkit.client.fields import (
    LONGEST,
    Amount,
    FileModel,
    Month,
    Number,
    Positive,
    Quantity,
    QuantityField,
    Share,
    Text,
    Whole,
)
from funnelkit.model.channel import COUNTS, Traffic
from funnelkit.model.levers import LEVERS

__all__ = [
    "SHARES",
    "STAGES",
    "STARTS",
    "ChannelField",
    "ChannelPlanField",
    "EconomicsField",
    "FactField",
    "InstalmentsField",
    "Kind",
    "MarketingField",
    "PointField",
    "RecoveryField",
    "RunningField",
    "TargetField",
    "TaxField",
]

Kind = Literal[
    "context",
    "targeted",
    "seo",
    "email",
    "referral",
    "marketplace",
    "existing",
    "retargeting",
    "autofunnel",
    "other",
]
"""What sort of channel it is; it names and explains, the fields say how the channel works."""

STARTS = ("budget", "impressions", "clicks", "leads", "recovers")
"""What a channel can start from, each channel from one."""

SHARES = ("ctr", "landing_rate", "share")
"""Numbers of a channel that lie from 0 to 1, beside its rates; the last is a recovery's."""

STAGES = ("answered_rate", "qualified_rate", "win_rate")
"""The owner's stages from lead to deal: the channels' chain where the file names no other."""

_TAKEN = frozenset({*COUNTS, *STARTS, *SHARES, "price", "amount", "media", "now", *LEVERS})


def _stage(name: str) -> str:
    if name in _TAKEN and name not in STAGES:
        raise PydanticCustomError("reserved_stage", "means something else")
    return name


StageName = Annotated[Text, Field(max_length=60), AfterValidator(_stage)]
OwnMargin = Annotated[Number, Field(le=1)]


class PointField(FileModel):
    """A month of a channel's history."""

    spend: Amount
    leads: Amount


class RecoveryField(FileModel):
    """Which of the lost come back to the channel."""

    of: Literal["visitors", "leads"]
    share: Quantity
    delay: Annotated[Whole, Field(ge=0, le=LONGEST)] = 0


class FactField(FileModel):
    """What the channel has brought in the running month so far."""

    media: Amount | None = None
    clicks: Amount | None = None
    leads: Amount | None = None
    orders: Amount | None = None


class ChannelField(FileModel):
    """A channel."""

    name: Text
    kind: Kind = "other"
    buys: Traffic | None = None
    budget: Quantity | None = None
    impressions: Quantity | None = None
    clicks: Quantity | None = None
    leads: Quantity | None = None
    recovers: RecoveryField | None = None
    least: Amount = 0.0
    price: Quantity | None = None
    ctr: Quantity | None = None
    landing_rate: Quantity | None = None
    rates: dict[str, Quantity] = Field(default_factory=dict)
    skips: list[str] = Field(default_factory=list)
    history: Annotated[list[PointField], Field(max_length=120)] = Field(default_factory=list)
    curve: Literal["power", "hill"] = "power"
    audience: Amount | None = None
    frequency: Positive | None = None
    check: Amount | None = None
    margin: OwnMargin | None = None
    unit_cost: Amount | None = None
    redeemed_share: Share | None = None
    returned_share: Share | None = None
    repeat_share: Share | None = None
    agency_fee: Amount = 0.0
    production: Amount = 0.0
    fact: FactField | None = None
    source: Text | None = None

    @property
    def quantities(self) -> dict[str, QuantityField]:
        """Its numbers with now, plan and best, by field."""
        found = {n: getattr(self, n) for n in (*STARTS[:-1], "price", "ctr", "landing_rate")}
        if self.recovers:
            found["share"] = self.recovers.share
        return {name: quantity for name, quantity in found.items() if quantity is not None}

    @property
    def starts(self) -> tuple[str, ...]:
        """The fields it starts from; one, if the file is right."""
        return tuple(name for name in STARTS if getattr(self, name) is not None)


class ChannelPlanField(FileModel):
    """What a scenario plans otherwise of a channel."""

    budget: Amount | None = None
    impressions: Amount | None = None
    clicks: Amount | None = None
    leads: Amount | None = None
    share: Share | None = None
    price: Amount | None = None
    ctr: Share | None = None
    landing_rate: Share | None = None


class EconomicsField(FileModel):
    """What holds for every channel that says nothing else."""

    vat_in_prices: Share = 0.0
    ad_vat: Share = 0.0
    agency_share: Share = 0.0
    variable_share: Share = 0.0
    redeemed_share: Share = 1.0
    returned_share: Share = 0.0
    repeat_share: Share = 0.0


class TaxField(FileModel):
    """Tax."""

    on: Literal["profit", "turnover"] = "profit"
    rate: Share


class InstalmentsField(FileModel):
    """When clients pay."""

    payment_delay: Amount = 0.0
    share: Share = 0.0
    months: Amount = 0.0
    fee_rate: Share = 0.0


class TargetField(FileModel):
    """What advertising has to keep to."""

    metric: Literal["roas", "drr", "cpo"]
    value: Positive


class RunningField(FileModel):
    """The month under way."""

    month: Month
    days_gone: Annotated[Whole, Field(ge=1, le=31)]


class MarketingField(FileModel):
    """The channels."""

    channels: Annotated[list[ChannelField], Field(min_length=1, max_length=30)]
    stages: list[StageName] | None = None
    start: Annotated[Whole, Field(ge=0, le=LONGEST)] = 0
    economics: EconomicsField = EconomicsField()
    agency_fee: Amount = 0.0
    production: Amount = 0.0
    tax: TaxField | None = None
    instalments: InstalmentsField = InstalmentsField()
    whole: Literal["no", "end", "stages"] = "no"
    target: TargetField | None = None
    running: RunningField | None = None
    source: Text | None = None
