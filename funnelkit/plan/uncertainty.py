"""What is not known exactly: counts and ranges into draws, draws into a probability of B."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.products import is_share
from funnelkit.plan.scenario import Scenario

__all__ = ["Counts", "Evidence", "Range", "draws", "interval", "probability", "wilson"]

Array = NDArray[np.float64]

PERT_LAMBDA = 4.0


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


def interval(evidence: Evidence | None) -> tuple[float, float] | None:
    """Return what is known of a number: 95 % of counts, or the ends of a guess."""
    match evidence:
        case Counts():
            return wilson(evidence)
        case Range(low=low, high=high):
            return low, high
    return None


def draws(name: str, evidence: Evidence, size: int, seed: int = 0) -> Array:
    """Draw a lever's possible values.

    Counts are Beta(1/2 + won, 1/2 + of - won), the posterior under Jeffreys' prior; a range is
    PERT with lambda 4. The random stream is keyed by the lever's name, so that another lever
    more or another order changes nothing.

    Returns
    -------
    ndarray, shape (size,)
    """
    stream = np.random.default_rng([seed, zlib.crc32(name.encode())])
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


def probability(
    scenario: Scenario, evidence: Mapping[str, Evidence], *, size: int = 10_000, seed: int = 0
) -> float | None:
    """Return the share of draws in which the plan reaches B in the goal's month.

    A plan's draw is plan x (now's draw / now), a share capped at 1.

    Parameters
    ----------
    scenario : Scenario
    evidence : mapping of str to Evidence
        What is known of the levers' present values; levers not named are taken as certain.
    size, seed : int

    Returns
    -------
    float or None
        None where there is no evidence, since a certain model states no probability, and where
        the goal's metric is missing.
    """
    if not evidence:
        return None
    now = {name: draws(name, known, size, seed) for name, known in evidence.items()}
    target = scenario.target
    plan: dict[str, Array] = {}
    for name, drawn in now.items():
        present = scenario.now[name]
        if present == 0:
            plan[name] = np.full(size, target[name]) if target[name] != 0 else drawn
            continue
        plan[name] = target[name] * drawn / present
        if is_share(name, scenario.business.line):
            plan[name] = np.minimum(plan[name], 1.0)
    path = scenario.run({**target, **plan}, now).metric(scenario.goal.metric)
    reached = path[..., scenario.goal.horizon]
    if np.isnan(reached).any():
        return None
    return float(np.mean(reached >= scenario.goal.b))
