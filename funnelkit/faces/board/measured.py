"""What the order log says of LTV, which the board marks on LTV's slider."""

from dataclasses import dataclass

from funnelkit.client.client import Client
from funnelkit.faces.evidence import EvidenceLevel
from funnelkit.plan.lifetime import LifetimeError
from funnelkit.plan.worth import new_worth
from funnelkit.show.lifetime_tables import within
from funnelkit.show.words import Words

__all__ = ["MONTHS", "MeasuredLtv", "measured_ltv"]

MONTHS = 24
"""Months within which LTV is measured: a whole relation has no end that a log could show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredLtv:
    """What a new client brings within 24 months by the order log, with its 95 % interval.

    Attributes
    ----------
    value, low, high : float
        Client's currency.
    """

    value: float
    low: float
    high: float

    def sentence(self, words: Words) -> str:
        """Say it."""
        return words(
            "By the order log a new client brings {value} within {months}, 95 % between {low} and "
            "{high}.",
            value=words.money(self.value),
            months=within(MONTHS, words),
            low=words.money(self.low),
            high=words.money(self.high),
        )


def measured_ltv(client: Client, words: Words) -> MeasuredLtv | None:
    """Measure a client's LTV; None without exports that say it, or without a margin."""
    if client.found is None:
        return None
    evidence = EvidenceLevel(client, MONTHS, words.language)
    clientele = evidence.clientele
    if not evidence.has_margin or isinstance(clientele, LifetimeError):
        return None
    discount = client.plan.business.discount
    new = new_worth(clientele, months=MONTHS, discount=discount, margin=evidence.margin)
    if isinstance(new, LifetimeError):
        return None
    value, low, high = (float(ends[MONTHS]) for ends in (new.value, new.low, new.high))
    return MeasuredLtv(value=value, low=low, high=high)
