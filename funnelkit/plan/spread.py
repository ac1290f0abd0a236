"""How far the plan's outcome spreads, month by month, and which input it is owed to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnelkit.plan.scenario import Scenario
from funnelkit.plan.uncertainty import (
    CHUNK,
    Evidence,
    drawn_plan,
    interval,
    outcomes,
)

__all__ = ["QUANTILES", "Bar", "Spread", "spread", "tornado"]

Array = NDArray[np.float64]

QUANTILES = (0.1, 0.5, 0.9)
"""What a fan chart shows: pessimistic, median and optimistic."""

BLOCK, SLICES = 4 * CHUNK, 50
"""Draws that are ranked together, and slices of an input within which it counts as known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What draws come to; money in the client's currency a month.

    Quantiles and shares are means over blocks of draws, so that they grow more certain with
    the number of draws while memory does not grow.

    Attributes
    ----------
    probability : float
        Of B in the goal's month, 0-1.
    by_month : ndarray, shape (months,)
        Probability that the month's metric holds B.
    fan : ndarray, shape (3, months)
        The metric at `QUANTILES`.
    shares : dict of str to float
        Squared rank correlation of each input with the goal's month, 0-1: its share of the
        spread, as far as the month rises or falls with it.
    left : dict of str to float
        Distance of the outer two quantiles of the goal's month that would remain, on average,
        if the input were known exactly. The least of them is worth measuring first.
    """

    probability: float
    by_month: Array
    fan: Array
    shares: dict[str, float]
    left: dict[str, float]

    @property
    def first(self) -> str:
        """The input that is worth measuring first."""
        return min(self.left, key=lambda name: self.left[name])


def spread(
    scenario: Scenario,
    evidence: Mapping[str, Evidence],
    plans: Mapping[str, Evidence] | None = None,
    *,
    size: int = 10_000,
    seed: int = 0,
) -> Spread | None:
    """Draw what is not known exactly and see how the plan ends.

    Parameters
    ----------
    scenario, evidence, plans, size, seed
        As in `outcomes`.

    Returns
    -------
    Spread or None
        None where there is no evidence, since a certain model states no probability, and where
        the goal's metric is missing.
    """
    if not evidence and not plans:
        return None
    horizon, b = scenario.goal.horizon, scenario.goal.b
    reached = np.zeros(scenario.months)
    fan = np.zeros((len(QUANTILES), scenario.months))
    shares = dict.fromkeys({**evidence, **(plans or {})}, 0.0)
    left = dict(shares)
    for inputs, metric in _blocks(outcomes(scenario, evidence, plans, size=size, seed=seed)):
        goal = metric[:, horizon]
        if np.isnan(goal).any():
            return None
        weight = len(metric) / size
        reached += (metric >= b).sum(axis=0)
        fan += weight * np.quantile(metric, QUANTILES, axis=0)
        rank = _centred_ranks(goal, np.argsort(goal))
        for name, drawn in inputs.items():
            order = np.argsort(drawn)
            shares[name] += weight * _correlation(_centred_ranks(drawn, order), rank) ** 2
            left[name] += weight * _width_within(goal[order])
    return Spread(
        probability=float(reached[horizon] / size),
        by_month=reached / size,
        fan=fan,
        shares=shares,
        left=left,
    )


def _blocks(
    chunks: Iterator[tuple[dict[str, Array], Array]],
) -> Iterator[tuple[dict[str, Array], Array]]:
    """Join chunks into blocks that are ranked together."""
    held: list[tuple[dict[str, Array], Array]] = []
    for chunk in chunks:
        held.append(chunk)
        if len(held) * CHUNK >= BLOCK:
            yield _joined(held)
            held = []
    if held:
        yield _joined(held)


def _joined(chunks: list[tuple[dict[str, Array], Array]]) -> tuple[dict[str, Array], Array]:
    inputs = {name: np.concatenate([drawn[name] for drawn, _ in chunks]) for name in chunks[0][0]}
    return inputs, np.concatenate([metric for _, metric in chunks])


def _centred_ranks(values: Array, order: NDArray[np.intp]) -> Array:
    """Rank values whose sorting order is known, equal ones alike, about a mean of 0."""
    ordered = values[order]
    new = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(values)) - 1
    ranks = np.empty(len(values))
    ranks[order] = ((first + last) / 2.0)[np.cumsum(new) - 1]
    return ranks - (len(values) - 1) / 2.0


def _correlation(one: Array, other: Array) -> float:
    """Correlate centred ranks; 0 where one of them does not vary."""
    length = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / length if length else 0.0


def _width_within(goal: Array) -> float:
    """Average the distance of the outer quantiles over slices of draws sorted by an input."""
    count = max(len(goal) // SLICES, 1)
    whole = goal[: len(goal) // count * count].reshape(-1, count)
    low, high = np.quantile(whole, (QUANTILES[0], QUANTILES[-1]), axis=1)
    return float(np.mean(high - low))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What one input does to the goal's month between its low and its high.

    Attributes
    ----------
    name : str
    low, high : float
        The input's ends: of a range its own, of counts Wilson's interval at 95 %.
    at_low, at_high : float
        The goal's month there, all else as it is taken to be; client's currency.
    """

    name: str
    low: float
    high: float
    at_low: float
    at_high: float


def tornado(
    scenario: Scenario,
    evidence: Mapping[str, Evidence],
    plans: Mapping[str, Evidence] | None = None,
) -> tuple[Bar, ...]:
    """Move each input to its low and its high, one at a time; the widest bar comes first.

    A present value takes its plan along, as in `drawn_plan`; where the plan has a range of its
    own, that is what is moved.

    Parameters
    ----------
    scenario, evidence, plans
        As in `outcomes`.
    """
    own = dict(plans or {})
    ends = {name: interval(known) for name, known in {**evidence, **own}.items()}
    if not ends:
        return ()
    rows = 2 * len(ends)
    now: dict[str, Array] = {}
    planned: dict[str, Array] = {}
    for place, (name, pair) in enumerate(ends.items()):
        base = scenario.target[name] if name in own else scenario.now[name]
        column = np.full(rows, float(base))
        column[2 * place : 2 * place + 2] = pair
        (planned if name in own else now)[name] = column
    goal = scenario.run(drawn_plan(scenario, now, planned), now).metric(scenario.goal.metric)
    month = np.broadcast_to(goal[..., scenario.goal.horizon], (rows,))
    bars = [
        Bar(
            name=name,
            low=low,
            high=high,
            at_low=float(month[2 * place]),
            at_high=float(month[2 * place + 1]),
        )
        for place, (name, (low, high)) in enumerate(ends.items())
    ]
    return tuple(sorted(bars, key=lambda bar: -abs(bar.at_high - bar.at_low)))
