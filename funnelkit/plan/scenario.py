"""A scenario: the levers now and planned, and the goal they are judged by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.levers import LEVERS, ramp
from funnelkit.model.owner import (
    Business,
    Months,
    PerCustomer,
    by_product,
    per_customer,
    run,
    steady,
)
from funnelkit.model.products import SUMMED_UP, aggregate, known_levers, scaled

__all__ = ["Goal", "Scenario"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """From A to B.

    Attributes
    ----------
    metric : {"revenue", "contribution", "profit"}
        The month's quantity that has to grow.
    a : float
        Point A, measured in month 0, client's currency a month.
    b : float
        Point B, the target, client's currency a month.
    horizon : int
        Month in which B is judged, 1 or later.
    """

    metric: Literal["revenue", "contribution", "profit"]
    a: float
    b: float
    horizon: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One way from A to B in the owner's model.

    Attributes
    ----------
    goal : Goal
    business : Business
    now : mapping of str to float
        Levers as they are in month 0.
    plan : mapping of str to float
        Levers as they are from the goal's month on; a lever not named stays.
    start : mapping of str to int
        Last month at `now`, 0 where not named.
    ceilings : mapping of str to float
        Best realistic values, where somebody gave one.
    costs : mapping of str to float
        Money per month that a lever costs at its best, in proportion below it.

    Raises
    ------
    KeyError
        For a name that is no lever of this business, wherever it stands. A planned lever that
        `now` lacks begins at its `absent` value.
    """

    goal: Goal
    business: Business
    now: Mapping[str, float]
    plan: Mapping[str, float]
    start: Mapping[str, int] = field(default_factory=dict)
    ceilings: Mapping[str, float] = field(default_factory=dict)
    costs: Mapping[str, float] = field(default_factory=dict)
    _runs: dict[str, Months] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = known_levers(self.business.line)
        named = {*self.now, *self.plan, *self.start, *self.ceilings, *self.costs}
        if unknown := sorted(named - known):
            raise KeyError(f"unknown levers: {', '.join(unknown)}")
        added = {name: LEVERS[name].absent for name in self.plan if name not in self.now}
        object.__setattr__(self, "now", dict(self.now) | added)

    @property
    def target(self) -> dict[str, float]:
        """All levers as planned."""
        return dict(self.now) | dict(self.plan)

    @property
    def moved(self) -> tuple[str, ...]:
        """Levers that the plan moves, in the order of `now`."""
        target = self.target
        return tuple(name for name in self.now if target[name] != self.now[name])

    @property
    def months(self) -> int:
        """Months 0 to horizon + 2, so that "stable" can be judged."""
        return self.goal.horizon + 3

    def has(self, name: str) -> bool:
        """Whether a lever is there to be read: itself, or as a sum over the product line."""
        return name in self.now or (bool(self.business.line) and name in SUMMED_UP)

    def planned(self, name: str) -> float:
        """Return a lever's planned value; of a product line the sum that the lever stands for."""
        return aggregate(self.target, self.business.line, name)

    def present(self, name: str) -> float:
        """Return a lever's value now; of a product line the sum that the lever stands for."""
        return aggregate(self.now, self.business.line, name)

    def with_plan(self, **levers: float) -> Self:
        """Return a copy with these levers planned otherwise; a product line in proportion."""
        target = self.target
        for name, value in levers.items():
            target = scaled(target, self.business.line, name, value)
        other = replace(self, plan=target)
        other._runs.update({key: run for key, run in self._runs.items() if key == "nothing"})
        return other

    def paths(
        self,
        plan: Mapping[str, ArrayLike] | None = None,
        now: Mapping[str, ArrayLike] | None = None,
        *,
        months: int | None = None,
    ) -> dict[str, NDArray[np.float64]]:
        """Return every lever's way through the months.

        Parameters
        ----------
        plan, now : mapping of str to array_like, each of shape (...), optional
            Other values than the scenario's own, with any leading axes.
        months : int, optional
            How many; by default all that the scenario has.

        Returns
        -------
        dict of str to ndarray, shape (..., months)
        """
        first = dict(self.now) | dict(now or {})
        last = first | dict(self.target if plan is None else plan)
        alike: dict[tuple[int, ...], list[str]] = {}
        for name in first:
            alike.setdefault(_shape(first[name], last[name]), []).append(name)
        paths: dict[str, NDArray[np.float64]] = {}
        for shape, names in alike.items():  # one ramp for all levers of a shape
            starts = np.array([self.start.get(name, 0) for name in names], dtype=int)
            ways = ramp(
                _stacked([first[name] for name in names], shape),
                _stacked([last[name] for name in names], shape),
                start=starts.reshape(-1, *(1 for _axis in shape)),
                horizon=self.goal.horizon,
                months=months or self.months,
            )
            paths |= zip(names, ways, strict=True)
        return paths

    def run(
        self,
        plan: Mapping[str, ArrayLike] | None = None,
        now: Mapping[str, ArrayLike] | None = None,
    ) -> Months:
        """Run the owner's model along `paths`; ``plan={}`` is what comes if nothing is done.

        What the plan and doing nothing come to is worked out once.
        """
        if now or plan:
            return run(self.paths(plan, now), self.business)
        key = "plan" if plan is None else "nothing"
        if key not in self._runs:
            self._runs[key] = run(self.paths(plan), self.business)
        return self._runs[key]

    def steady(self) -> Months:
        """Return the month into which the plan settles."""
        return steady(self.target, self.business)

    def per_customer(self, levers: Mapping[str, float]) -> PerCustomer:
        """Return what one client brings at constant levers, shape (1,)."""
        return per_customer(levers, self.business)

    def at_goal(self, plan: Mapping[str, ArrayLike] | None = None) -> NDArray[np.float64]:
        """Return the goal's metric in the goal's month, shape (...)."""
        at = self.goal.horizon
        # What comes after that month changes nothing in it.
        path = run(self.paths(plan, months=at + 1), self.business) if plan else self.run(plan)
        return path.metric(self.goal.metric)[..., at]

    def at_goal_by_product(
        self, plan: Mapping[str, ArrayLike] | None = None
    ) -> NDArray[np.float64]:
        """Return the goal's month split over the product line, shape (..., products + 1).

        Profit does not split; contribution stands for it.
        """
        metric = "revenue" if self.goal.metric == "revenue" else "contribution"
        table = by_product(self.paths(plan), self.business, metric=metric)
        return table[..., self.goal.horizon]


def _shape(first: ArrayLike, last: ArrayLike) -> tuple[int, ...]:
    one, other = np.shape(first), np.shape(last)
    if not one or one == other:
        return other
    return one if not other else np.broadcast_shapes(one, other)


def _stacked(values: Sequence[ArrayLike], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Put values side by side along a first axis; each has a shape that broadcasts to this."""
    stack = np.empty((len(values), *shape))
    for place, value in enumerate(values):
        stack[place] = value
    return stack
