"""The channels of a client, beside the model's: where they stand and what is known of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from funnelkit.plan.media import Media, Terms, channel_levers
from funnelkit.plan.running import Running
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.target import Target
from funnelkit.plan.uncertainty import Counts

__all__ = ["Marketing"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marketing:
    """The channels of a client.

    Attributes
    ----------
    media : Media
        With the file's plan.
    kinds : tuple of str
        What sort each channel is.
    audience, frequency : ndarray, shape (channels,)
        People that a channel can reach, and how often each sees it in a month; NaN if not known.
    sources : tuple of str
        Where each channel's numbers come from; empty where nobody said.
    assumed : frozenset of str
        Fields marked as assumptions, as ``channel.field``.
    target : Target or None
    running : Running or None
    best : Terms
        The plan with everything at its realistic limit.
    limited : frozenset of str
        Of ``amount`` and ``landing_rate`` those for which somebody gave a limit.
    variants : mapping of str to Terms
        Other plans by scenario.
    """

    media: Media
    kinds: tuple[str, ...]
    audience: Array
    frequency: Array
    sources: tuple[str, ...]
    best: Terms
    limited: frozenset[str] = frozenset()
    assumed: frozenset[str] = frozenset()
    target: Target | None = None
    running: Running | None = None
    variants: Mapping[str, Terms] = field(default_factory=dict)

    def media_of(self, scenario_name: str) -> Media:
        """Return the channels as a scenario plans them: ``now`` changes nothing."""
        if scenario_name == "now":
            return self.media.with_plan(self.media.now)
        return self.media.with_plan(self.variants.get(scenario_name, self.media.plan))

    @property
    def lead_counts(self) -> Counts | None:
        """Visitors and leads counted in all channels together; None where one is not counted."""
        known = self.media.known.get("landing_rate", ())
        counts = [each for each in known if isinstance(each, Counts)]
        there = ~np.isnan(self.media.now.rates["landing_rate"])
        if not counts or len(counts) < int(there.sum()):
            return None
        return Counts(won=sum(c.won for c in counts), of=sum(c.of for c in counts))

    def ceilings(self, scenario: Scenario) -> dict[str, float]:
        """Return the owner's levers at the channels' limits, where somebody gave any.

        A mix of channels that is worse than today's does not make a limit worse than today.
        """
        amount, rate = "amount" in self.limited, "landing_rate" in self.limited
        plan, found = self.media.plan, {}
        if amount:
            most = self.media.with_plan(replace(plan, amount=self.best.amount))
            found["visitors"] = channel_levers(most.planned(scenario))["visitors"]
        if rate:
            highest = self.media.with_plan(replace(plan, rates=self.best.rates))
            found["lead_rate"] = channel_levers(highest.planned(scenario))["lead_rate"]
        return {name: max(value, scenario.now[name]) for name, value in found.items()}

    def levers_of(
        self, scenario_name: str, scenario: Scenario, levers: Mapping[str, float]
    ) -> dict[str, float]:
        """Return what a scenario plans for the owner: its own levers and its channels' sums."""
        planned = self.media_of(scenario_name).planned(scenario.with_plan(**levers))
        sums = channel_levers(planned)
        moved = {name: value for name, value in sums.items() if value != scenario.planned(name)}
        return moved | dict(levers)
