"""What the marketer's sliders do: budgets and other beginnings, terms of all channels together."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from funnelkit.client.channels import changed_channels
from funnelkit.client.client import Client
from funnelkit.faces.board.moves import Moves, Standing
from funnelkit.faces.board.slider import LTV
from funnelkit.model.marketer import Table
from funnelkit.plan.budget import Budget
from funnelkit.plan.joint import JOINT, Joint, joined, joint, joint_move
from funnelkit.plan.media import CHANNEL_LEVERS, Media, Terms
from funnelkit.plan.reconcile import Reconciled, reconciled
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.spend import spend_of

__all__ = ["AMOUNT", "ChannelMoves", "ChannelStanding"]

CLOSE, STEPS = 1e-12, 20
"""Share by which what B needs may still change, and how often it is asked."""

_RATES = {"ctr": "ctr", "lead_rate": "landing_rate"}

AMOUNT = "amount."
"""Before a channel's number: the slider of what it starts from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStanding(Standing):
    """Where the marketer's sliders stand.

    Attributes
    ----------
    media : Media
        The channels as the sliders plan them.
    table : Table
        What they bring.
    held : str
        The slider of all channels that was moved last; empty where another was.
    before : ChannelStanding or None
        Where they stood before it was taken: from there its way is told, so that a share that
        stops at 1 on the way up has its proportion again on the way down.
    """

    media: Media
    table: Table
    held: str = ""
    before: "ChannelStanding | None" = None

    @property
    def key(self) -> Hashable:
        """What tells one plan from another by its looks."""
        terms = self.media.plan
        numbers = (terms.amount, terms.price, *terms.rates.values())
        return (tuple(self.scenario.target.items()), *(array.tobytes() for array in numbers))


class ChannelMoves(Moves):
    """A plan of channels under way.

    Parameters
    ----------
    client : Client
        With channels.
    scenario : Scenario
        The plan it begins with.
    media : Media
        Its channels.
    """

    def __init__(self, client: Client, scenario: Scenario, media: Media) -> None:
        self._first_media = media
        super().__init__(client, scenario)

    @property
    def standing(self) -> ChannelStanding:
        """Where the sliders stand, to the last digit."""
        return cast("ChannelStanding", super().standing)

    def planned(self, name: str) -> float:
        """Return where a slider stands."""
        return self._value(name, self.standing)

    def is_moved(self, name: str) -> bool:
        """Whether a slider moved what it moves away from the plan it all began with."""
        now, first = (self._terms(name, each) for each in (self.standing, self._beginning))
        return not np.allclose(now, first, rtol=1e-9, atol=0.0, equal_nan=True)

    def is_locked(self, name: str) -> bool | None:
        """Whether a slider is locked; None for those of channels, which no solution leaves out."""
        return None if self._is_of_channels(name) else super().is_locked(name)

    def after(self, name: str, value: float) -> Standing:
        """Return where a move would lead; kept until something moves.

        Raises
        ------
        ValueError
            Where nothing can bring the slider there.
        """
        if name == LTV or not self._is_of_channels(name):
            return super().after(name, value)
        key = (name, value)
        if key not in self._after:
            self._after[key] = self._moved_to(name, value)
        return self._after[key]

    def open(self, scenario: Scenario, media: Media | None = None) -> None:
        """Begin again with another plan and its channels, by default those that the file has."""
        self._go(self._begun(scenario, media or self._client.media(scenario)), None)

    def reset(self, *names: str) -> None:
        """Go back to the plan it all began with, with these sliders or with all."""
        if names == ("sale_rate",):
            super().reset("win_rate")
        elif len(names) == 1 and self._is_of_channels(names[0]):
            terms = self._with_terms(names[0], self._terms(names[0], self._beginning))
            media = self.standing.media.with_plan(terms)
            self._go(self._joined(self._planned(self.standing.moves, settled=True), media), None)
        else:
            super().reset(*names)

    def solve(self) -> tuple[Reconciled, Budget]:
        """Plan the cheapest budgets that bring the leads B needs, as far as their bounds allow.

        Other budgets make other leads of a visitor, and so the months before B: what B needs is
        asked again until it stays.

        Returns
        -------
        Reconciled, Budget
            What is needed, and what was found.
        """
        standing = self.standing
        needed = np.nan
        for _step in range(STEPS):
            found = reconciled(standing.media, standing.scenario, standing.table)
            spend = spend_of(standing.media, standing.scenario)
            budget = spend.least(found.leads_needed)
            if not np.isfinite(budget.spend).any():
                return found, budget
            media = spend.applied(standing.media, budget.spend)
            standing = self._joined(self._free(standing), media)
            if np.isclose(needed, found.leads_needed, rtol=CLOSE, atol=0.0):
                break
            needed = found.leads_needed
        self._go(replace(standing, before_ltv=standing.scenario), None)
        return found, budget

    def levers(self) -> dict[str, float]:
        """Return the owner's levers by which the sliders differ from the file's plan."""
        return {n: value for n, value in super().levers().items() if n not in CHANNEL_LEVERS}

    def channels(self) -> dict[str, dict[str, float]]:
        """Return by channel what the sliders plan otherwise than the file, as the file says it."""
        marketing = self._client.marketing
        return changed_channels(marketing.media, self.standing.media) if marketing else {}

    @property
    def _beginning(self) -> ChannelStanding:
        return cast("ChannelStanding", self._first)

    def _is_of_channels(self, name: str) -> bool:
        return name in JOINT or name.startswith(AMOUNT)

    def _value(self, name: str, standing: ChannelStanding) -> float:
        if name.startswith(AMOUNT):
            return float(standing.media.plan.amount[int(name.removeprefix(AMOUNT))])
        if name in JOINT:
            return joint(name, standing.media, standing.table)
        moves = standing.moves
        return moves[name] if name in moves else standing.opened.planned(name)

    def _terms(self, name: str, standing: ChannelStanding) -> np.ndarray:
        """Return the numbers that a slider moves."""
        plan = standing.media.plan
        if name.startswith(AMOUNT):
            return plan.amount[[int(name.removeprefix(AMOUNT))]]
        if name in _RATES:
            return plan.rates[_RATES[name]]
        if name == "cpc":
            return plan.price
        return np.array([self._value("win_rate" if name == "sale_rate" else name, standing)])

    def _with_terms(self, name: str, values: np.ndarray) -> Terms:
        """Return the channels' terms with other numbers in the place of those a slider moves."""
        plan = self.standing.media.plan
        if name.startswith(AMOUNT):
            amount = plan.amount.copy()
            amount[int(name.removeprefix(AMOUNT))] = values.item()
            return replace(plan, amount=amount)
        if name in _RATES:
            return replace(plan, rates={**plan.rates, _RATES[name]: values})
        return replace(plan, price=values)

    def _moved_to(self, name: str, value: float) -> ChannelStanding:
        standing = self.standing
        if name.startswith(AMOUNT):
            media = standing.media.with_plan(self._with_terms(name, np.array([value])))
            return self._joined(self._planned(standing.moves, settled=True), media)
        before = standing.before if standing.held == name and standing.before else standing
        media, scenario = joint_move(cast("Joint", name), value, before.media, before.scenario)
        moves = dict(standing.moves)
        if name == "sale_rate":
            moves["win_rate"] = scenario.planned("win_rate")
        moved = self._joined(self._planned(moves, settled=True), media)
        return replace(moved, held=name, before=self._free(before))

    def _free(self, standing: ChannelStanding) -> ChannelStanding:
        """Return where the sliders stand when no slider of all channels is held."""
        return replace(standing, held="", before=None)

    def _at(self, scenario: Scenario) -> ChannelStanding:
        return self._begun(scenario, self._first_media)

    def _begun(self, scenario: Scenario, media: Media) -> ChannelStanding:
        base = super()._at(scenario)
        fields = {name: getattr(base, name) for name in Standing.__dataclass_fields__}
        return ChannelStanding(**fields, media=media, table=media.planned(scenario))

    def _planned(self, moves: Mapping[str, float], *, settled: bool) -> ChannelStanding:
        """Plan the owner's levers, then what the channels sum up to."""
        standing = cast("ChannelStanding", super()._planned(moves, settled=settled))
        return self._joined(self._free(standing), self.standing.media)

    def _joined(self, standing: ChannelStanding, media: Media) -> ChannelStanding:
        settled = standing.before_ltv is standing.scenario
        scenario, table = joined(media, standing.scenario)
        return replace(
            standing,
            media=media,
            table=table,
            scenario=scenario,
            before_ltv=scenario if settled else standing.before_ltv,
        )
