"""Channels: where a chain of stages begins, how traffic is bought, what recovers the lost."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.quantity import checked, one_of

__all__ = ["COUNTS", "TRAFFIC", "Channel", "Market", "Recovery", "Traffic"]

Traffic = Literal["impressions", "clicks", "leads"]
"""What a channel begins with, and what its price buys: 1,000 impressions, a click, a lead."""

TRAFFIC: tuple[Traffic, ...] = get_args(Traffic)

COUNTS = (*TRAFFIC, "orders", "paid_orders", "new_customers")
"""The counts of every chain; those behind each further stage have the stage's name."""


def _distinct(field: str, names: Iterable[str]) -> None:
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise ValueError(f"{field}: {', '.join(map(repr, twice))} is listed twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A row of the media plan: an advertising channel, or existing clients, or a recovery.

    Attributes
    ----------
    name : str
        Unique in the market.
    buying : {"impressions", "clicks", "leads"}
        What its price buys; a free channel has price 0.
    first : {"impressions", "clicks", "leads"}
        The first count that the channel has. What stands before it is 0 and needs no rate.
    skips : tuple of str
        The market's stages that the channel does not have.

    Raises
    ------
    ValueError
        For an unknown unit, or one bought that stands before the first count.
    """

    name: str
    buying: Traffic = "clicks"
    first: Traffic = "impressions"
    skips: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        one_of(f"buying of {self.name!r}", self.buying, TRAFFIC)
        one_of(f"first of {self.name!r}", self.first, TRAFFIC)
        one_of(f"buying of {self.name!r}", self.buying, TRAFFIC[TRAFFIC.index(self.first) :])


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Where a channel's people come from when they are those that other channels lost.

    The channel keeps rates and a price of its own, so a recovery has its own CPL and CAC. Nobody
    is recovered twice: retargeting draws on the channels that are no recoveries, the autofunnel
    on these and on retargeting. A plan backwards asks the other channels for what it is given;
    the recovered come on top.

    Attributes
    ----------
    channel : str
        The channel that they come back to.
    of : {"visitors", "leads"}
        Retargeting brings visitors who left no contact (clicks − leads) back as clicks; an e-mail
        autofunnel brings leads who did not order (leads − orders) back as leads.
    share : array_like, shape (...)
        Share of the lost who come back, 0–1.
    delay : int
        Months until they are back.

    Raises
    ------
    ValueError
        For another source, a share outside 0–1 or a negative delay.
    """

    channel: str
    of: Literal["visitors", "leads"]
    share: ArrayLike
    delay: int = 0

    def __post_init__(self) -> None:
        one_of(f"recovery {self.channel!r} of", self.of, ("visitors", "leads"))
        checked(f"share of recovery {self.channel!r}", self.share, high=1.0)
        checked(f"delay of recovery {self.channel!r}", self.delay)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """The channels and the stages between impression and order.

    Attributes
    ----------
    channels : tuple of Channel
        Rows of the table, the last axis of every array.
    stages : tuple of str
        Rates from lead to order, in order; ``ctr`` and ``landing_rate`` stand before them.
    recoveries : tuple of Recovery
        Retargeting and the autofunnel; each fills a channel's clicks or leads.

    Raises
    ------
    ValueError
        For no channel, one listed twice, a stage listed twice or skipped and unknown, a recovery
        of an unknown channel or of visitors for a channel without clicks.
    """

    channels: tuple[Channel, ...]
    stages: tuple[str, ...] = ("order_rate",)
    recoveries: tuple[Recovery, ...] = ()

    def __post_init__(self) -> None:
        if not self.channels:
            raise ValueError("channels must name at least one")
        _distinct("channels", self.names)
        _distinct("counts and stages", (*COUNTS, *self.rates))
        _distinct("recoveries", (recovery.channel for recovery in self.recoveries))
        for channel in self.channels:
            for stage in channel.skips:
                one_of(f"skips of {channel.name!r}", stage, self.stages)
        first = {channel.name: channel.first for channel in self.channels}
        for recovery in self.recoveries:
            one_of("channel of a recovery", recovery.channel, self.names)
            if (recovery.of, first[recovery.channel]) == ("visitors", "leads"):
                raise ValueError(f"{recovery.channel!r} has no clicks for visitors to come back to")

    @property
    def names(self) -> tuple[str, ...]:
        """The channels' names."""
        return tuple(channel.name for channel in self.channels)

    @property
    def rates(self) -> tuple[str, ...]:
        """Every rate that a channel may have, from impression to order."""
        return ("ctr", "landing_rate", *self.stages)

    def has(self, unit: Traffic) -> NDArray[np.bool_]:
        """Whether each channel has impressions, clicks or leads at all; shape (channels,)."""
        at = TRAFFIC.index(unit)
        return np.array([TRAFFIC.index(channel.first) <= at for channel in self.channels])

    def buys(self, unit: Traffic) -> NDArray[np.bool_]:
        """Whether each channel buys impressions, clicks or leads; shape (channels,)."""
        return np.array([channel.buying == unit for channel in self.channels])

    def each(
        self, name: str, value: ArrayLike, *, low: float = 0.0, high: float = np.inf
    ) -> NDArray[np.float64]:
        """Read a number of each channel, or one for all of them.

        Raises
        ------
        ValueError
            If it lies outside `low` to `high`, or there is another count of numbers.
        """
        array = checked(name, value, low=low, high=high)
        if (length := array.shape[-1] if array.ndim else 1) not in (1, len(self.channels)):
            raise ValueError(
                f"{name} must be one number or {len(self.channels)}, one a channel, got {length}"
            )
        return array

    def sums(self, name: str, value: ArrayLike) -> NDArray[np.float64]:
        """Read a sum or count of each channel: one for several would be counted several times."""
        array = self.each(name, value)
        if array.shape[-1:] != (len(self.channels),) and len(self.channels) > 1 and array.any():
            raise ValueError(f"{name} must be {len(self.channels)} numbers, one a channel, got one")
        return array
