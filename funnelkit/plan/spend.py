"""What budgets bring, and which would be better: the channels' curves beside all else they do.

Channels without a budget (search, mailings, existing clients) bring what they bring. Retargeting
and the autofunnel come on top of each lead that a budget buys; their own cost is not weighed.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.quantity import over
from funnelkit.plan.budget import Budget, best_budget, least_budget
from funnelkit.plan.media import Media
from funnelkit.plan.response import Response
from funnelkit.plan.scenario import Scenario

__all__ = ["Frontier", "Spend", "spend_of"]

Array = NDArray[np.float64]

POINTS = 41
"""Budgets at which a frontier is worked out."""

FARTHER = 1.25
"""How far a frontier goes beyond the largest budget of interest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """The most leads that a budget of all channels brings; arrays of shape (points,).

    Attributes
    ----------
    budget, leads : ndarray
        Client's currency and leads a month, the leads of all channels.
    seen : ndarray of bool
        Whether no channel spends more than its history has seen.
    """

    budget: Array
    leads: Array
    seen: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """Budgets of a plan and what they bring.

    Attributes
    ----------
    rows : ndarray of int, shape (budgets,)
        Places of the channels that have a budget, in the market; the arrays below are theirs.
    now, plan : ndarray, shape (budgets,)
        Today's and the planned budgets, client's currency a month.
    response : Response
        Leads for a spend on the plan's terms, with those recovered on top.
    worth : ndarray, shape (budgets,)
        Contribution before marketing that a lead brings.
    lower, upper : ndarray, shape (budgets,)
        Bounds.
    other_leads : float
        Leads of the channels that have no budget, with those recovered on top.
    """

    rows: NDArray[np.int_]
    now: Array
    plan: Array
    response: Response
    worth: Array
    lower: Array
    upper: Array
    other_leads: float

    @property
    def leads(self) -> float:
        """Leads of the plan, of all channels."""
        brought = np.nansum(self.response.leads(self.plan))
        return float(brought) + self.other_leads

    def least(self, leads: ArrayLike) -> Budget:
        """Find the cheapest budgets that bring so many leads of all channels, shape (...)."""
        wanted = np.maximum(np.asarray(leads, dtype=float) - self.other_leads, 0.0)
        return least_budget(
            self.response, wanted, lower=self.lower, upper=self.upper, worth=self.worth
        )

    def best(self, total: ArrayLike) -> Budget:
        """Share a sum so that it brings the most contribution, or leads where that is missing."""
        known = ~np.isnan(self.response.scale)
        worth = None if np.isnan(self.worth[known]).any() else self.worth
        return best_budget(self.response, total, lower=self.lower, upper=self.upper, worth=worth)

    def frontier(self, *of_interest: float) -> Frontier:
        """Work out what budgets bring at best, from 0 to beyond those of interest."""
        known = [value for value in of_interest if np.isfinite(value)]
        top = FARTHER * max([*known, float(np.nansum(self.plan)), float(np.nansum(self.now))])
        lowest, highest = float(self.lower.sum()), float(self.upper.sum())
        totals = np.linspace(lowest, max(min(top, highest), lowest), POINTS)
        budget = best_budget(self.response, totals, lower=self.lower, upper=self.upper)
        leads = np.where(np.isnan(budget.leads), 0.0, budget.leads).sum(axis=-1)
        return Frontier(
            budget=totals,
            leads=leads + self.other_leads,
            seen=np.asarray(~budget.beyond.any(axis=-1)),
        )

    def average_cpl(self, spend: Array) -> Array:
        """Spend per lead at each budget, shape (budgets,)."""
        return self.response.average_cpl(spend)

    def marginal_cpl(self, spend: Array) -> Array:
        """Cost of each channel's next lead, shape (budgets,)."""
        return self.response.marginal_cpl(spend)

    def applied(self, media: Media, spend: Array) -> Media:
        """Return the channels with other budgets planned; one that is missing stays."""
        amount = media.plan.amount.copy()
        amount[self.rows] = np.where(np.isnan(spend), amount[self.rows], spend)
        return media.with_plan(replace(media.plan, amount=amount))


def spend_of(media: Media, scenario: Scenario) -> Spend:
    """Take the plan's budgets apart from the rest of what its channels do.

    Each channel is run alone beside those that only recover, at its planned spend (today's, or
    the highest seen, where none is planned): what it brings there places its curve.
    """
    rows = np.flatnonzero(media.starting("media"))
    plan, now = media.plan.amount[rows], media.now.amount[rows]
    seen = np.where(np.isnan(media.curves.seen), 1.0, media.curves.seen)[rows]
    reference = np.where(plan > 0, plan, np.where(now > 0, now, seen))
    alone = np.where(media.starting("share"), media.plan.amount, 0.0)
    others = np.where(media.starting("media"), 0.0, media.plan.amount)
    runs = np.tile(alone, (len(rows) + 1, 1))
    runs[np.arange(len(rows)), rows] = reference
    runs[-1] = others
    table = media.table(replace(media.plan, amount=runs), scenario.target, scenario.business)
    total, curves = table.total, _of(media.curves, rows)
    whole = table.complete[np.arange(len(rows)), rows]
    lift = np.where(whole, over(total.leads[:-1], curves.leads(reference)), np.nan)
    earned = np.where(whole, total.contribution[:-1], np.nan)
    return Spend(
        rows=rows,
        now=now,
        plan=plan,
        response=replace(
            curves, scale=curves.scale * lift, ceiling=curves.ceiling * np.where(lift > 0, lift, 1)
        ),
        worth=over(earned, total.leads[:-1]),
        lower=media.lower[rows],
        upper=media.upper[rows],
        other_leads=float(np.nan_to_num(total.leads[-1])),
    )


def _of(curves: Response, rows: NDArray[np.int_]) -> Response:
    return Response(
        scale=curves.scale[rows],
        exponent=curves.exponent[rows],
        ceiling=curves.ceiling[rows],
        seen=curves.seen[rows],
    )
