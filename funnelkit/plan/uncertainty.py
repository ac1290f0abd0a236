"""What is not known exactly: counts and ranges into draws, draws into a probability of B."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.products import is_share
from funnelkit.plan.scenario import Scenario

__all__ = [
    "Counts",
    "Evidence",
    "Range",
    "drawn_plan",
    "draws",
    "interval",
    "outcomes",
    "wilson",
]

Array = NDArray[np.float64]

PERT_LAMBDA = 4.0

CHUNK = 2_500
"""Draws that the model is run on at once: they fit a processor's cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """A rate seen as `won` of `of`; 0 <= won <= of, of > 0."""

    won: float
    of: float

    @property
    def value(self) -> float:
        """The rate itself."""
        return self.won / self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A guess: minimum, most likely value, maximum; low <= likely <= high."""

    low: float
    likely: float
    high: float

    @property
    def value(self) -> float:
        """The most likely value."""
        return self.likely


Evidence = Counts | Range


def wilson(counts: Counts, confidence: float = 0.95) -> tuple[float, float]:
    """Return the Wilson score interval of a rate; Wilson (1927), JASA 22, 209-212.

    Examples
    --------
    >>> low, high = wilson(Counts(won=24, of=120))
    >>> f"{low:.3f} {high:.3f}"
    '0.138 0.280'
    """
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    n, p = counts.of, counts.value
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def interval(evidence: Evidence) -> tuple[float, float]:
    """Return what is known of a number: 95 % of counts, or the ends of a guess."""
    match evidence:
        case Counts():
            return wilson(evidence)
        case Range(low=low, high=high):
            return low, high


def draws(name: str, evidence: Evidence, size: int, seed: int = 0) -> Array:
    """Draw a lever's possible values.

    Counts are Beta(1/2 + won, 1/2 + of - won), the posterior under Jeffreys' prior; a range is
    PERT with lambda 4. The random stream is keyed by the lever's name, so that another lever
    more or another order changes nothing.

    Returns
    -------
    ndarray, shape (size,)
    """
    return _drawn(_stream(name, seed), evidence, size)


def _stream(name: str, seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def _drawn(stream: np.random.Generator, evidence: Evidence, size: int) -> Array:
    match evidence:
        case Counts(won=won, of=of):
            return stream.beta(0.5 + won, 0.5 + of - won, size)
        case Range(low=low, likely=likely, high=high):
            if low == high:
                return np.full(size, likely)
            width = high - low
            return low + width * stream.beta(
                1 + PERT_LAMBDA * (likely - low) / width,
                1 + PERT_LAMBDA * (high - likely) / width,
                size,
            )


def drawn_plan(
    scenario: Scenario, now: Mapping[str, Array], own: Mapping[str, Array] | None = None
) -> dict[str, float | Array]:
    """Return every lever's planned value where present ones are drawn.

    A plan's draw is plan x (now's draw / now), a share capped at 1, unless the plan has a draw of
    its own. From 0 a plan is certain, and a lever that is not moved is as drawn.

    Parameters
    ----------
    scenario : Scenario
    now, own : mapping of str to ndarray, each of shape (draws,)
        Draws of levers' present values, and of planned ones.
    """
    target = scenario.target
    plan: dict[str, float | Array] = dict(target)
    for name, drawn in now.items():
        present = scenario.now[name]
        if present == 0:
            plan[name] = target[name] if target[name] != 0 else drawn
            continue
        plan[name] = target[name] * drawn / present
        if is_share(name, scenario.business.line):
            plan[name] = np.minimum(plan[name], 1.0)
    return plan | dict(own or {})


def outcomes(
    scenario: Scenario,
    evidence: Mapping[str, Evidence],
    plans: Mapping[str, Evidence] | None = None,
    *,
    size: int,
    seed: int = 0,
) -> Iterator[tuple[dict[str, Array], Array]]:
    """Run the model on draws, chunk by chunk, so that memory does not grow with their number.

    Parameters
    ----------
    scenario : Scenario
    evidence, plans : mapping of str to Evidence
        What is known of the levers' present values, and of planned ones that have a range of
        their own; levers not named are certain.
    size, seed : int
        Number of draws; chunks make no difference to them.

    Yields
    ------
    tuple of dict and ndarray
        The inputs by lever, each of shape (chunk,), a lever's own plan before its present value;
        and the goal's metric, shape (chunk, months).

    Raises
    ------
    KeyError
        For a lever that the scenario does not have.
    """
    own = dict(plans or {})
    if unknown := sorted({*evidence, *own} - set(scenario.now)):
        raise KeyError(f"evidence for unknown levers: {', '.join(unknown)}")
    streams = {name: _stream(name, seed) for name in evidence}
    of_plans = {name: _stream(f"plan of {name}", seed) for name in own}
    for start in range(0, size, CHUNK):
        count = min(CHUNK, size - start)
        now = {name: _drawn(streams[name], known, count) for name, known in evidence.items()}
        planned = {name: _drawn(of_plans[name], known, count) for name, known in own.items()}
        path = scenario.run(drawn_plan(scenario, now, planned), now)
        metric = path.metric(scenario.goal.metric)
        yield now | planned, np.broadcast_to(metric, (count, metric.shape[-1]))
