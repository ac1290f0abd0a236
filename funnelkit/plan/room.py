"""Where the levers of a plan can go: from now to their ceilings, by one measure for all."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from math import log
from typing import Self

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.levers import LEVERS, Stage
from funnelkit.model.products import SUMMED_UP, is_share, parameter_of, stage_of
from funnelkit.plan.scenario import Scenario

__all__ = ["MOST", "Room", "own_levers", "room"]

Array = NDArray[np.float64]

MOST = 1e6
"""A lever without a ceiling ends at so many times now, since nobody plans for more. From 0 it has
no end and does not move."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """The levers that a solve may move, and what all others are held at.

    Every free lever begins at now, whatever the scenario plans for it. *Effort* is the logarithm
    of its multiplier, or of the inverse where less is better; for a lever at 0, which has no
    multiplier, it is the share of the way to its ceiling.

    Attributes
    ----------
    scenario : Scenario
    names : tuple of str
        Free levers, as the scenario has them.
    now, best : ndarray, shape (levers,)
        Present values and ceilings. A ceiling on the wrong side of now is now itself: the lever
        has no room. Infinite where there is none.
    falls : ndarray of bool, shape (levers,)
        Less is better.
    held : dict of str to float
        All other levers.
    """

    scenario: Scenario
    names: tuple[str, ...]
    now: Array
    best: Array
    falls: NDArray[np.bool_]
    held: dict[str, float]

    @cached_property
    def end(self) -> Array:
        """Furthest value that a lever can have, shape (levers,); finite."""
        return np.where(np.isinf(self.best), self.now * MOST, self.best)

    @cached_property
    def effort(self) -> Array:
        """Most effort that a lever can take, shape (levers,); 0 without room."""
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.abs(np.log(self.end / self.now))
        most = np.where(self.now == 0, self.end > 0, np.minimum(logs, log(MOST)))
        return np.where(self.end == self.now, 0.0, most)

    @property
    def open(self) -> bool:
        """Whether any lever can move."""
        return bool((self.effort > 0).any())

    def at_effort(self, effort: Array) -> Array:
        """Levers at efforts of shape (..., levers), each stopping at its ceiling."""
        factor = np.exp(np.where(self.falls, -effort, effort))
        value = np.where(self.now == 0, self.end * effort, self.now * factor)
        return np.where(effort >= self.effort, self.end, value)

    def at_common(self, effort: Array) -> Array:
        """Levers at one effort for all, shape (...) to (..., levers)."""
        return self.at_effort(np.repeat(effort[..., np.newaxis], len(self.names), axis=-1))

    def at_share(self, share: Array) -> Array:
        """Levers at shares of now -> best, shape (..., levers); without a ceiling they stay."""
        best = np.where(np.isinf(self.best), self.now, self.best)
        return np.where(share >= 1.0, best, self.now + (best - self.now) * share)

    def goal(self, values: Array) -> Array:
        """Return the goal's month at levers of shape (..., levers), shape (...)."""
        return np.broadcast_to(self.scenario.at_goal(self._with(values)), values.shape[:-1])

    def planned(self, values: Array) -> Scenario:
        """Return the scenario that plans these values, shape (levers,), and holds the others."""
        free = dict(zip(self.names, values.tolist(), strict=True))
        return replace(self.scenario, plan=self.held | free)

    def only(self, chosen: Collection[str]) -> Self:
        """Return the room of some of the levers, the others staying at now."""
        kept = np.array([name in chosen for name in self.names], dtype=bool)
        left = zip(self.names, self.now.tolist(), kept, strict=True)
        return replace(
            self,
            names=tuple(name for name in self.names if name in chosen),
            now=self.now[kept],
            best=self.best[kept],
            falls=self.falls[kept],
            held=self.held | {name: value for name, value, stays in left if not stays},
        )

    def multiplied(self) -> Self:
        """Return the room of the levers that have a multiplier: those not at 0."""
        pairs = zip(self.names, self.now, strict=True)
        return self.only({name for name, value in pairs if value != 0})

    def of_stage(self, stage: Stage) -> NDArray[np.bool_]:
        """Say which levers a stage answers for, shape (levers,)."""
        line = self.scenario.business.line
        return np.array([stage_of(name, line) is stage for name in self.names], dtype=bool)

    def grid(self, fine: int, coarse: int) -> Array:
        """Efforts to look at from none to the most, shape (places,), ascending.

        `fine` places to the furthest ceiling, every ceiling, `coarse` ones from there to where
        levers without a ceiling end.
        """
        most = float(self.effort.max(initial=0.0))
        capped = self.effort[np.isfinite(self.best) & (self.effort < log(MOST))]
        last = float(capped.max(initial=0.0)) or most
        return np.unique(
            np.concatenate([np.linspace(0.0, last, fine), capped, np.linspace(last, most, coarse)])
        )

    def _with(self, values: Array) -> dict[str, float | Array]:
        free = {name: values[..., i] for i, name in enumerate(self.names)}
        return {**self.held, **free}


def own_levers(name: str, scenario: Scenario) -> tuple[str, ...]:
    """Return the scenario's own levers that a name stands for.

    A lever of the table that a product line sums up stands for the products' levers that it
    moves in proportion: the first check for the prices of what new clients buy, and so on.

    Raises
    ------
    KeyError
        For a name that the scenario does not have.

    Examples
    --------
    >>> from funnelkit.model.owner import Business
    >>> from funnelkit.model.products import Product, Role
    >>> from funnelkit.plan.scenario import Goal
    >>> club = Product(name="club", role=Role.RECURRING)
    >>> scenario = Scenario(
    ...     goal=Goal(metric="revenue", a=1, b=2, horizon=3),
    ...     business=Business(line=(club,)),
    ...     now={"take_rate.club": 0.5, "price.club": 30.0, "margin.club": 0.8},
    ...     plan={},
    ... )
    >>> own_levers("repeat_check", scenario)
    ('price.club',)
    """
    if name in scenario.now:
        return (name,)
    line = scenario.business.line
    if not line or name not in SUMMED_UP:
        raise KeyError(f"{name!r} is no lever of this scenario")
    kind = "take_rate" if name == "purchase_rate" else "price"
    return tuple(
        lever
        for lever in scenario.now
        if lever.startswith(f"{kind}.") and _moves(lever, name, scenario)
    )


def _moves(lever: str, name: str, scenario: Scenario) -> bool:
    first = name == "average_check"
    key = lever.partition(".")[2]
    return any(p.name == key and p.first is first for p in scenario.business.line)


def room(
    scenario: Scenario,
    levers: Collection[str] | None = None,
    locked: Collection[str] = frozenset(),
) -> Room:
    """Find where a scenario's levers can go.

    Parameters
    ----------
    scenario : Scenario
    levers : collection of str, optional
        Levers that may move; by default all that a stage answers for. Economics, which are no
        stage, move only where they are named.
    locked : collection of str
        Levers that stay as the scenario plans them, as all do that are not in `levers`. A name
        of the table stands for the products' levers, see `own_levers`.

    Raises
    ------
    KeyError
        For a name that the scenario does not have.
    """
    line = scenario.business.line
    stay = {own for name in locked for own in own_levers(name, scenario)}
    if levers is None:
        chosen = {n for n in scenario.now if stage_of(n, line) is not Stage.ECONOMICS}
    else:
        chosen = {own for name in levers for own in own_levers(name, scenario)}
    free = tuple(
        name for name, value in scenario.now.items() if name in chosen - stay and np.isfinite(value)
    )
    now = np.array([scenario.now[name] for name in free], dtype=float)
    falls = np.array([LEVERS[parameter_of(n, line)].lower_is_better for n in free], dtype=bool)
    best = np.array([_ceiling(name, scenario) for name in free], dtype=float)
    best = np.where(falls, np.minimum(best, now), np.maximum(best, now))
    return Room(
        scenario=scenario,
        names=free,
        now=now,
        best=best,
        falls=falls,
        held={name: value for name, value in scenario.target.items() if name not in free},
    )


def _ceiling(name: str, scenario: Scenario) -> float:
    """Return the typed ceiling, else the end of what is possible."""
    line = scenario.business.line
    falls = LEVERS[parameter_of(name, line)].lower_is_better
    possible = 0.0 if falls else 1.0 if is_share(name, line) else float("inf")
    return scenario.ceilings.get(name, possible)
