"""The pessimistic and the optimistic case: everything known at the worse, or the better end."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

import numpy as np

from funnelkit.model.levers import LEVERS
from funnelkit.model.products import is_share, parameter_of
from funnelkit.plan.media import CHANNEL_LEVERS, Media
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.uncertainty import Evidence, interval

__all__ = ["Case", "case_of"]

_WORSE, _BETTER = 0, 1


class Case(StrEnum):
    """How what is known turns out."""

    PESSIMISTIC = "pessimistic"
    BASE = "base"
    OPTIMISTIC = "optimistic"


def case_of(
    case: Case, media: Media, scenario: Scenario, evidence: Mapping[str, Evidence]
) -> tuple[Media, Scenario]:
    """Return channels and scenario as a case has them.

    A plan moves as its number of today: plan x (end of what is known / today), a share at most 1.
    The worse end of a price is the higher one. All at once at their worse ends is rarer than each
    of them: the cases are bounds, not likely outcomes.

    Parameters
    ----------
    case : Case
    media : Media
    scenario : Scenario
    evidence : mapping of str to Evidence
        What is known of the owner's levers.
    """
    if case is Case.BASE:
        return media, scenario
    end = _WORSE if case is Case.PESSIMISTIC else _BETTER
    factors = {name: _factors(name, media, end) for name in media.known}
    terms = media.plan.moved(
        amount=factors.get("amount", 1.0),
        price=factors.get("price", 1.0),
        rates={name: by for name, by in factors.items() if name in media.plan.rates},
    )
    share = media.starting("share")
    terms = replace(terms, amount=np.where(share, np.minimum(terms.amount, 1.0), terms.amount))
    line, target = scenario.business.line, scenario.target
    moved = {}
    for name, known in evidence.items():
        now = scenario.now[name]
        if name in CHANNEL_LEVERS or not now > 0:
            continue
        worse = LEVERS[parameter_of(name, line)].lower_is_better
        value = target[name] * interval(known)[1 - end if worse else end] / now
        moved[name] = min(value, 1.0) if is_share(name, line) else value
    moved_media = media.with_plan(terms)
    return moved_media, moved_media.for_owner(replace(scenario, plan={**scenario.plan, **moved}))


def _factors(name: str, media: Media, end: int) -> np.ndarray:
    """Return by how much each channel's number differs from today's at an end of what is known."""
    quantity = getattr(media.now, name) if name in ("amount", "price") else media.now.rates[name]
    place = 1 - end if name == "price" else end
    return np.array(
        [
            interval(known)[place] / now if known and now > 0 else 1.0
            for known, now in zip(media.known[name], quantity.tolist(), strict=True)
        ]
    )
