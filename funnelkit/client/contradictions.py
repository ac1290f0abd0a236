"""Numbers that a client's file types, and its exports say otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from funnelkit.client.client import Client
from funnelkit.client.evidence.evidence import Evidence, Measured
from funnelkit.client.fill import comparable
from funnelkit.client.marketing import Marketing
from funnelkit.plan.uncertainty import Evidence as Known
from funnelkit.plan.uncertainty import interval

__all__ = ["Contradiction", "contradictions"]

TOLERANCE = 0.05
"""Share of the measured number by which a typed one that is no rate may differ from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A typed number beside the measured one.

    Attributes
    ----------
    name : str
        A lever, ``goal.a`` or ``active_customers``, or a field of a channel.
    channel : str
        Empty for what belongs to none.
    typed : float
    measured : Measured
    """

    name: str
    channel: str = ""
    typed: float
    measured: Measured

    @property
    def key(self) -> str:
        """The name, of a channel's number as ``channel.field``."""
        return f"{self.channel}.{self.name}" if self.channel else self.name


def contradictions(client: Client) -> Iterator[Contradiction]:
    """Yield the numbers that are typed outside of what was measured.

    That is outside the interval of a rate that was counted, or by more than `TOLERANCE`. What was
    typed as counts or as a guess contradicts where its own interval lies apart from that.
    """
    evidence = client.found.evidence if client.found else None
    if evidence is None:
        return
    for name, typed, measured in _pairs(client, evidence):
        if _apart(typed, client.evidence.get(name), measured):
            yield Contradiction(name=name, typed=typed, measured=measured)
    if client.marketing:
        yield from _of_channels(client.marketing, evidence)


def _apart(typed: float, known: Known | None, measured: Measured) -> bool:
    low, high = interval(known) if known else (typed, typed)
    least, most = measured.interval or (
        measured.value * (1 - TOLERANCE),
        measured.value * (1 + TOLERANCE),
    )
    return high < least or low > most


def _of_channels(marketing: Marketing, evidence: Evidence) -> Iterator[Contradiction]:
    """Yield what is typed otherwise of channels that the exports call by the same name."""
    media = marketing.media
    measured = {each.channel.casefold(): each.numbers for each in evidence.channels}
    for place, channel in enumerate(media.market.channels):
        typed = {"landing_rate": ("landing_rate", media.now.rates["landing_rate"])}
        match media.starts[place]:
            case "media":
                typed["budget"] = ("amount", media.now.amount)
                if channel.buying == "clicks":
                    typed["price"] = ("price", media.now.price)
            case "clicks":
                typed["clicks"] = ("amount", media.now.amount)
        for name, found in measured.get(channel.name.casefold(), {}).items():
            if name not in typed:
                continue
            field, values = typed[name]
            known = media.known.get(field)
            value = float(values[place])
            if _apart(value, known[place] if known else None, found):
                yield Contradiction(name=name, channel=channel.name, typed=value, measured=found)


def _pairs(client: Client, evidence: Evidence) -> Iterator[tuple[str, float, Measured]]:
    plan = client.plan
    if evidence.a and plan.goal.metric == "revenue" and "goal.a" not in client.measured:
        yield "goal.a", plan.goal.a, evidence.a
    if evidence.clients and "active_customers" not in client.measured:
        yield "active_customers", float(np.sum(plan.business.active_customers)), evidence.clients
    given = set(plan.now) - set(client.measured)
    line, media = bool(plan.business.line), client.marketing is not None
    for name, measured in evidence.levers.items():
        if name in given and comparable(name, given, evidence, line=line, media=media):
            yield name, plan.now[name], measured
