"""The lightest plan that reaches B: a search over all free levers at once.

Every step stands tangents in the place of the goal's month, those of the points that were looked
at nearby, and takes the lightest point on their right side within a radius. Several tangents,
since a full team puts kinks into the month (a bundle method: Lemaréchal 1978, in Nonsmooth
Optimization, 79-102). For a product of factors, whose logarithm is linear in efforts, one step is
the closed form. Sums of products have several best plans, each the lightest about itself; so the
search begins in several places.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.levers import Stage
from funnelkit.plan.nearest import nearest
from funnelkit.plan.reach import reach
from funnelkit.plan.room import Room
from funnelkit.plan.solution import Solution, Verdict, equally, settle, walked

__all__ = ["Burden", "lightest"]

Array = NDArray[np.float64]

STARTS, STEPS, KEPT = 2, 25, 6
"""Places to begin at beside equal effort, steps from each, and plans brought onto B in the end."""

STEP, STILL, DUST = 1e-6, 1e-7, 1e-7
"""Step of the slopes; the move that ends a search; an effort, or the rest of one, that is none."""

BUNDLE, TOUCHES, SURE = 12, 1e-9, 1e-3
"""Most tangents kept; how far below the goal's month one may lie that still touches it; the radius
within which the best is taken for the best."""

NEAR = 1e-6
"""How far below B, as a share, a point may lie that is brought onto it."""

AROUND = np.array([0.0, 0.5, 0.9, 0.99, 0.999, 1.0, 1.001, 1.01, 1.1, 1.5, 4.0])
"""Shares of a plan's efforts that are looked at to bring it onto B."""


class Burden(Protocol):
    """What is to be least, a sum over levers of a function of each one's effort."""

    def of(self, effort: Array) -> Array:
        """Return the burden of efforts of shape (..., levers), shape (...)."""
        ...

    def bowl(self, effort: Array) -> tuple[Array, Array]:
        """Return lowest point and stiffness of the bowl that fits it about efforts (levers,)."""
        ...


def lightest(free: Room, burden: Burden) -> Solution:
    """Find the plan that reaches B with the least burden, or the best there is.

    The burden found is that of no other plan nearby and of no equal effort; a lighter one far
    away may be missed.
    """
    goal = free.scenario.goal
    idle = settle(free, free.now)
    if idle.verdict is not Verdict.UNREACHABLE:
        return idle
    begun, top = _starts(free, burden)
    if not len(begun):
        top = _climbed(free, top)
        if not free.goal(free.at_effort(top)) >= goal.b:
            return settle(free, free.at_effort(top))
        begun = top[np.newaxis]
    tried = _descents(free, burden, begun)
    goals = free.goal(free.at_effort(tried))
    tried = tried[goals >= goal.b - NEAR * abs(goal.b)]
    tried = tried[np.argsort(burden.of(tried), kind="stable")][:KEPT]
    seen = np.concatenate([begun[:1], tried])
    seen = np.where(seen < DUST, 0.0, np.where(seen > free.effort - DUST, free.effort, seen))

    def along(way: Array) -> Callable[[Array], Array]:
        return lambda place: free.at_effort(np.minimum(place[..., np.newaxis] * way, free.effort))

    grid = np.tile(AROUND, (len(seen), 1))
    found = reach(lambda place: free.goal(along(seen[:, np.newaxis])(place)), goal.b, grid)
    onto = np.minimum(found.place[:, np.newaxis] * seen, free.effort)
    best = int(np.argmin(np.where(found.reached, burden.of(onto), np.inf)))
    return settle(free, walked(free, along(seen[best]), AROUND)[1])


def _starts(free: Room, burden: Burden) -> tuple[Array, Array]:
    """Find plans that reach B, shape (starts, levers), equal effort first, and the best one seen.

    Ways lead from now along one lever, the levers of some stages, and all, each stopping at its
    ceiling; once more with the whole team hired at first, since leads that it cannot work on
    bring nothing.
    """
    stages = [mask for stage in Stage if (mask := free.of_stage(stage)).any()]
    some = [
        np.any(chosen, axis=0)
        for size in range(len(stages), 0, -1)
        for chosen in combinations(stages, size)
    ]
    masks = np.concatenate([np.array(some), np.eye(len(free.names), dtype=bool)])
    team = np.array([name == "managers" for name in free.names])
    hired = np.tile(np.where(team, free.effort, 0.0), (len(masks), 1))
    least = np.concatenate([0.0 * hired, hired])
    most = np.maximum(np.where(np.concatenate([masks, masks]), free.effort, 0.0), least)

    def at(place: Array) -> Array:
        return np.clip(place[..., np.newaxis], least[:, np.newaxis], most[:, np.newaxis])

    def goal(place: Array) -> Array:
        return free.goal(free.at_effort(at(place)))

    grid = np.tile(free.grid(9, 9), (len(most), 1))
    found = reach(goal, free.scenario.goal.b, grid, rounds=2, tops=False)
    efforts = at(found.place[:, np.newaxis])[:, 0]
    top = efforts[int(np.argmax(np.nan_to_num(found.value, nan=-np.inf)))]
    reaching = efforts[found.reached]
    light = reaching[np.argsort(burden.of(reaching), kind="stable")[:STARTS]]
    common, levers = equally(free)
    equal = np.minimum(common, free.effort)[np.newaxis]
    return np.concatenate([equal[: int(free.goal(levers) >= free.scenario.goal.b)], light]), top


def _descents(free: Room, burden: Burden, begun: Array) -> Array:
    """Go from plans that reach B to lighter ones; every point tried, shape (points, levers)."""
    size = len(free.names)
    none = np.zeros(2 * size, dtype=bool)
    searches = [_Search(burden=burden, most=free.effort, trial=s, pressed=none) for s in begun]
    tried = []
    for _ in range(STEPS):
        at = np.array([search.trial for search in searches])
        tried.append(at)
        step = np.where(at + STEP > free.effort, -STEP, STEP)
        corners = np.repeat(at[:, np.newaxis], size + 1, axis=1)
        corners[:, np.arange(1, size + 1), np.arange(size)] += step
        level = _level(free.goal(free.at_effort(corners)), free.scenario.goal.b)
        slopes = (level[:, 1:] - level[:, :1]) / step
        looks = zip(searches, level[:, 0].tolist(), slopes, strict=True)
        searches = [search for search, value, slope in looks if search.look(value, slope)]
        if not searches:
            break
    return np.concatenate(tried)


def _level(goals: Array, b: float) -> Array:
    """Measure how far above B: by the logarithm, in which products are linear, where B has one."""
    if b > 0:
        return np.log(np.maximum(goals, 1e-3 * b) / b)
    return (goals - b) / max(abs(b), float(np.abs(goals).max()), 1e-300)


@dataclass(slots=True, kw_only=True)
class _Search:
    """One way down from a plan that reaches B.

    Attributes
    ----------
    most : ndarray, shape (levers,)
        Efforts at the ceilings.
    trial, here : ndarray, shape (levers,)
        The point to be looked at next, and the best so far.
    level : float
        Of the goal's month here, 0 at B.
    radius : float
        Within which tangents are trusted.
    price : float
        What a unit of the level below B counts for, beside the burden.
    pressed : ndarray of bool, shape (2 levers,)
        Which levers stopped at the low and high ends of the last choice.
    tangents : list
        Points looked at, each with the goal's level and slopes there.
    """

    burden: Burden
    most: Array
    trial: Array
    pressed: NDArray[np.bool_]
    here: Array | None = None
    level: float = 0.0
    radius: float = 1.0
    price: float = 0.0
    tangents: list[tuple[Array, float, Array]] = field(default_factory=list)

    def look(self, level: float, slope: Array) -> bool:
        """Take in what was seen at the trial, choose the next; False where the search ends."""
        if not np.isfinite(slope).all():
            return False
        self.tangents.append((self.trial, level, slope))
        if self.here is None or self._merit(self.trial, level) < self._merit(self.here, self.level):
            self.here, self.level = self.trial, level
            self.radius *= 2.0
        else:
            self.radius = float(np.abs(self.trial - self.here).max()) / 3.0
        # Where nothing is lighter within the radius, tangents from afar may be in the way.
        while self._choose(self.here):
            if np.abs(self.trial - self.here).max() >= STILL:
                return True
            if self.radius <= SURE:
                return False
            self.radius = min(self.radius, 1.0) / 10.0
        return False

    def _merit(self, at: Array, level: float) -> float:
        return float(self.burden.of(at)) - self.price * min(level, 0.0)

    def _choose(self, here: Array) -> bool:
        """Choose the lightest point by the tangents within the radius; False where none is."""
        # A tangent below the level here no longer touches it, and one from afar need not.
        self.tangents = [
            (point, value, slope)
            for point, value, slope in self.tangents
            if value + slope @ (here - point) >= self.level - TOUCHES
            and np.abs(point - here).max() <= 3.0 * self.radius
        ][-BUNDLE:]
        point, stiffness = self.burden.bowl(here)
        count = len(self.tangents)
        found = nearest(
            point,
            stiffness,
            np.array([slope for _, _, slope in self.tangents]).reshape(count, len(here)),
            np.array([slope @ at - value for at, value, slope in self.tangents]),
            np.maximum(here - self.radius, 0.0),
            np.minimum(here + self.radius, self.most),
            np.concatenate([np.arange(count) == count - 1, self.pressed]),
        )
        if found is None:
            return False
        self.trial, prices = found
        self.pressed = prices[count:] > 0
        self.price = max(self.price, 2.0 * float(prices[:count].sum()))
        return True


def _climbed(free: Room, effort: Array) -> Array:
    """Climb, lever by lever, to efforts of which none alone makes the goal's month better."""
    size = len(free.names)
    shares = np.array([1e-6, 1e-4, 1e-2, 0.1, 0.3, 1.0])
    moves = np.concatenate([-shares, shares])[:, np.newaxis] * free.effort
    for _ in range(4 * size):
        tried = np.tile(effort, (len(moves), size, 1))
        tried[:, np.arange(size), np.arange(size)] += moves
        tried = np.concatenate([effort[np.newaxis], tried.reshape(-1, size)])
        tried = np.clip(tried, 0.0, free.effort)
        goals = np.nan_to_num(free.goal(free.at_effort(tried)), nan=-np.inf)
        winner = int(np.argmax(goals))
        if not goals[winner] > goals[0] + 1e-12 * abs(goals[0]):
            break
        effort = tried[winner]
    return effort
