"""What sliders do to a plan, each move to be undone and done again."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from funnelkit.client.client import Client
from funnelkit.client.variants import levers_of, stored_levers
from funnelkit.faces.board.slider import LTV, slider_top
from funnelkit.model.ltv import LTV_PARTS, LtvMove, spread_ltv
from funnelkit.plan.room import own_levers
from funnelkit.plan.scenario import Scenario

__all__ = ["Moves", "Standing"]


LONGEST = 200
"""Moves that can be undone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the sliders stand.

    Attributes
    ----------
    opened : Scenario
        The plan that was opened.
    base, moves : mapping of str to float
        Levers by which the opened plan differs from the file's, and those that were moved since.
    before_ltv : Scenario
        The plan before the LTV slider was taken, from which LTV is spread.
    scenario : Scenario
        What all this comes to.
    ltv, ltv_top : float
        LTV there, and where its slider ends: what the ceilings allow, or three times the opened
        plan's where nothing ends.
    """

    opened: Scenario
    base: Mapping[str, float]
    moves: Mapping[str, float]
    before_ltv: Scenario
    scenario: Scenario
    ltv: float
    ltv_top: float

    @property
    def key(self) -> Hashable:
        """What tells one plan from another by its looks."""
        return tuple(self.scenario.target.items())


class Moves:
    """A plan under way.

    Parameters
    ----------
    client : Client
    scenario : Scenario
        The plan it begins with.

    Attributes
    ----------
    ceilings : dict of str to float
        Where the sliders of LTV's parts end.
    locked : set of str
        The plan's own levers, of a product line its products', that neither LTV nor a solution
        moves.
    """

    def __init__(self, client: Client, scenario: Scenario) -> None:
        self._client = client
        self.known = (scenario, client.plan, *map(client.scenario, client.variants))
        self.ceilings = {
            name: slider_top(name, self.known) for name in LTV_PARTS if scenario.has(name)
        }
        self._after: dict[tuple[str, float], Standing] = {}
        self.locked = set(client.locked)
        self._first = self._at(scenario)
        self._states = [self._first]
        self._place = 0
        self._gesture: object = None

    @property
    def standing(self) -> Standing:
        """Where the sliders stand, to the last digit."""
        return self._states[self._place]

    @property
    def scenario(self) -> Scenario:
        """The plan as the sliders stand."""
        return self.standing.scenario

    @property
    def opened(self) -> Scenario:
        """The plan that was opened."""
        return self.standing.opened

    @property
    def can_undo(self) -> bool:
        """Whether there is a move to undo."""
        return self._place > 0

    @property
    def can_redo(self) -> bool:
        """Whether an undone move can be done again."""
        return self._place + 1 < len(self._states)

    def planned(self, name: str) -> float:
        """Return where a lever stands, also where the line does not say it any more."""
        moves = self.standing.moves
        return moves[name] if name in moves else self.standing.opened.planned(name)

    def is_moved(self, name: str) -> bool:
        """Whether a lever stands elsewhere than in the plan it all began with."""
        return self.planned(name) != self._first.scenario.planned(name)

    def levers(self) -> dict[str, float]:
        """Return the levers by which the sliders differ from the file's plan."""
        return dict(self.standing.base) | dict(self.standing.moves)

    def move(self, name: str, value: float, gesture: object = None) -> None:
        """Plan a lever otherwise.

        Moves of one gesture, a slider that is dragged or a key that is held, are undone together.
        """
        self._go(self.after(name, value), gesture)

    def move_ltv(self, target: float, gesture: object = None) -> LtvMove:
        """Plan what LTV is made of otherwise, so that it reaches a target.

        Raises
        ------
        ValueError
            Where repeat sales cannot bring LTV there.
        """
        spread = self._spread(target)
        self._go(self.after(LTV, target), gesture)
        return spread

    def after(self, name: str, value: float) -> Standing:
        """Return where a move of a lever, or of LTV, would lead; kept until something moves.

        Raises
        ------
        ValueError
            Where `move` or `move_ltv` would.
        """
        key = (name, value)
        if key not in self._after:
            if name == LTV:
                self._after[key] = self._moved(self._spread(value).levers)
            else:
                self._after[key] = self._settled({name: value})
        return self._after[key]

    def reset(self, *names: str) -> None:
        """Go back to the plan it all began with, with these levers or with all."""
        if not names:
            self._go(self._relocked(self._first), None)
        elif self.standing.opened is self._first.opened:
            left = {k: v for k, v in self.standing.moves.items() if k not in names}
            self._go(self._planned(left, settled=True), None)
        else:
            first = self._first.scenario
            self._go(self._settled({name: first.planned(name) for name in names}), None)

    def lock(self, name: str) -> None:
        """Lock a lever, or unlock it; of a product line all that it stands for."""
        own = set(own_levers(name, self._client.plan))
        self.locked = self.locked - own if own <= self.locked else self.locked | own
        self._states = [self._relocked(state) for state in self._states]
        self._after.clear()

    def is_locked(self, name: str) -> bool | None:
        """Whether a lever is locked; None for what cannot be."""
        own = own_levers(name, self._client.plan)
        return self.locked.issuperset(own) if own else None

    @property
    def locked_parts(self) -> frozenset[str]:
        """Parts of LTV that stay: with a locked product in one, all of its line does."""
        plan = self._client.plan
        return frozenset(
            name
            for name in LTV_PARTS
            if plan.has(name) and self.locked.intersection(own_levers(name, plan))
        )

    def open(self, scenario: Scenario) -> None:
        """Begin again with another plan; the sliders' state before can be had back by undoing."""
        self._go(self._at(scenario), None)

    def stand(self, standing: Standing) -> None:
        """Let the sliders stand as they stood before."""
        self._go(self._relocked(standing), None)

    def undo(self) -> None:
        """Take the last move back, if there is one."""
        self._place, self._gesture = max(self._place - 1, 0), None
        self._after.clear()

    def redo(self) -> None:
        """Make the move again that was taken back, if there is one."""
        self._place, self._gesture = min(self._place + 1, len(self._states) - 1), None
        self._after.clear()

    @property
    def ltv(self) -> float:
        """LTV as the sliders stand, client's currency; NaN where it is missing."""
        return self.standing.ltv

    @property
    def ltv_top(self) -> float:
        """Where LTV's slider ends; NaN where it is missing."""
        return self.standing.ltv_top

    def _at(self, scenario: Scenario) -> Standing:
        base = levers_of(self._client, scenario)
        ltv = _ltv(scenario)
        return Standing(
            opened=scenario,
            base=base,
            moves={},
            before_ltv=scenario,
            scenario=scenario,
            ltv=ltv,
            ltv_top=self._ltv_top(ltv, scenario, scenario),
        )

    def _relocked(self, state: Standing) -> Standing:
        """Return a state from which LTV is spread anew, by what is locked now."""
        top = self._ltv_top(state.ltv, state.scenario, state.opened)
        return replace(state, before_ltv=state.scenario, ltv_top=top)

    def _moved(self, levers: Mapping[str, float]) -> Standing:
        """Return where these moves lead as long as the LTV slider is held."""
        return self._planned({**self.standing.moves, **levers}, settled=False)

    def _settled(self, levers: Mapping[str, float]) -> Standing:
        """Return where these moves lead, from which LTV is spread the next time."""
        return self._planned({**self.standing.moves, **levers}, settled=True)

    def _planned(self, moves: Mapping[str, float], *, settled: bool) -> Standing:
        """Plan from the file's plan, as a saved scenario does, down to the last digit.

        So a line moved to 0 keeps its proportions, too.
        """
        now = self.standing
        plan = self._client.plan
        scenario = plan.with_plan(**stored_levers(plan, {**now.base, **moves}))
        before, ltv = scenario if settled else now.before_ltv, _ltv(scenario)
        top = self._ltv_top(ltv, before, now.opened)
        return replace(now, moves=moves, scenario=scenario, before_ltv=before, ltv=ltv, ltv_top=top)

    def _ltv_top(self, ltv: float, before: Scenario, opened: Scenario) -> float:
        if len(self.ceilings) < len(LTV_PARTS):
            return np.nan
        try:
            best = self._spread(np.inf, before).reached
        except ValueError:
            best = np.nan
        top = best if np.isfinite(best) else 3.0 * _ltv(opened)
        return max(top, ltv) if np.isfinite(ltv) else top

    def _go(self, state: Standing, gesture: object) -> None:
        goes_on = gesture is not None and gesture == self._gesture and self.can_undo
        kept = self._place if goes_on else self._place + 1
        self._states[kept:] = [state]
        del self._states[:-LONGEST]
        self._place, self._gesture = len(self._states) - 1, gesture
        self._after.clear()

    def _spread(self, target: float, before: Scenario | None = None) -> LtvMove:
        """Spread an LTV from where its parts stood before its slider moved."""
        base = before or self.standing.before_ltv
        one = base.per_customer(base.target)
        return spread_ltv(
            target,
            first_value=one.first_value.item(),
            monthly_value=one.monthly_value.item(),
            parts={name: base.planned(name) for name in LTV_PARTS},
            ceilings=self.ceilings,
            locked=self.locked_parts,
            discount=base.business.discount,
        )


def _ltv(scenario: Scenario) -> float:
    return float(scenario.per_customer(scenario.target).ltv.item())
