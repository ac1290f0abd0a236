"""The channels against the owner's level: what B needs, what the plan counts, what they bring."""

from dataclasses import dataclass

import numpy as np

from funnelkit.model.marketer import Table
from funnelkit.plan.media import Media, channel_levers
from funnelkit.plan.need import visitors_needed
from funnelkit.plan.scenario import Scenario

__all__ = ["Reconciled", "reconciled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """People of the goal's month on both levels; NaN where a level does not know them.

    Attributes
    ----------
    visitors_needed, leads_needed : float
        What B needs of the channels, the rest being as planned; NaN where no number of visitors
        reaches B.
    visitors, leads : float
        What the channels bring.
    new_customers : float
        The channels' new clients, each at its own rates.
    owner_leads, owner_customers : float
        Leads of the owner's goal month from the same visitors, and the new clients that the
        owner's rates make of them.
    nurtured_leads : float
        Leads of the audience, which no channel brings.
    month_customers : float
        New clients that the owner's goal month counts: with those of the audience, with the sales
        cycle's delay and the team's limit.
    """

    visitors_needed: float
    leads_needed: float
    visitors: float
    leads: float
    new_customers: float
    owner_leads: float
    owner_customers: float
    nurtured_leads: float
    month_customers: float

    @property
    def leads_short(self) -> float:
        """Leads that the channels lack for B; below 0 they bring more."""
        return self.leads_needed - self.leads

    @property
    def customers_apart(self) -> float:
        """The channels' new clients less what the owner's rates make of the same leads."""
        return self.new_customers - self.owner_customers


def reconciled(media: Media, scenario: Scenario, table: Table | None = None) -> Reconciled:
    """Lay the channels' plan beside the owner's; `table` is the plan's, where it is known."""
    table = table or media.planned(scenario)
    needed = visitors_needed(scenario)
    levers, month = scenario.target, scenario.goal.horizon
    path = scenario.run()
    owner_leads = levers["visitors"] * levers["lead_rate"]
    rates = [levers.get(n, 1.0) for n in ("answered_rate", "qualified_rate", "win_rate")]
    return Reconciled(
        visitors_needed=needed,
        leads_needed=needed * levers["lead_rate"],
        visitors=channel_levers(table)["visitors"],
        leads=float(table.total.leads),
        new_customers=float(table.total.new_customers),
        owner_leads=owner_leads,
        owner_customers=owner_leads * float(np.prod(rates)),
        nurtured_leads=float(path.leads[month]) - owner_leads,
        month_customers=float(path.new_customers[month]),
    )
