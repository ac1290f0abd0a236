"""What quantities and levers are called; message ids, English."""

from types import MappingProxyType

from funnelkit.model.levers import LEVERS
from funnelkit.model.levers import message as _
from funnelkit.show.words import Words

__all__ = ["QUANTITIES", "label"]


QUANTITIES = MappingProxyType(
    {
        "leads": _("Leads"),
        "worked_leads": _("Leads worked on"),
        "waiting_leads": _("Leads waiting"),
        "lost_leads": _("Leads lost"),
        "answered_leads": _("Leads called back"),
        "qualified_leads": _("Leads that can buy"),
        "new_customers": _("New clients"),
        "active_customers": _("Active clients"),
        "revenue_new": _("Revenue from new clients"),
        "revenue_repeat": _("Revenue from repeat sales"),
        "other_revenue": _("Other revenue"),
        "revenue": _("Revenue"),
        "contribution": _("Contribution"),
        "marketing": _("Marketing"),
        "profit": _("Profit"),
        "costs": _("Costs"),
    }
)
"""Quantities of a month that are no levers, by name."""


def label(name: str, words: Words) -> str:
    """Return what a quantity or a lever is called; KeyError for a name in neither table."""
    if name in QUANTITIES:
        return words(QUANTITIES[name])
    return words(LEVERS[name].label)
