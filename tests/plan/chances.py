"""The probability of B alone, as most tests ask for it."""

from collections.abc import Mapping
from typing import Any

from funnelkit.plan.scenario import Scenario
from funnelkit.plan.spread import spread
from funnelkit.plan.uncertainty import Evidence

__all__ = ["probability"]


def probability(
    scenario: Scenario, evidence: Mapping[str, Evidence], *plans: Any, **options: Any
) -> float | None:
    """Return the share of draws that reach B, None where there is none to state."""
    drawn = spread(scenario, evidence, *plans, **options)
    return drawn.probability if drawn else None
