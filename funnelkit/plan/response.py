"""What a channel brings for its spend, with diminishing returns: power and Hill curves.

Arrays broadcast: leading axes are free (draw, scenario), the last axis is the channel. Spend is
in the client's currency a month, leads are a month's.
"""

from dataclasses import dataclass, field, fields
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Response", "limits"]

Array = NDArray[np.float64]

ROUNDING = 1e-9
"""Spend above the highest seen by less than this share is not beyond it."""

FAR, LARGE, TINY = 750.0, 700.0, 1e-300
"""Logarithms beyond which a spend is 0 or infinite, of a large number, and a small number."""

CLOSE, STEPS = 1e-5, 60
"""Halley's method: the last change, whose cube is the error, and the most steps."""

limits = np.errstate(divide="ignore", over="ignore", under="ignore", invalid="ignore")
"""Decorator: 1 / 0 is the infinity that it should be, and what is missing stays NaN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Concave curves of leads against spend x: ``1 / leads = 1 / p + 1 / ceiling``.

    Without a ceiling that is p, the power curve ``scale * x**s``, else Hill's, which saturates. A
    Hill curve with s above 1 is an S: at first each unit of money brings more than the one before.
    No plan ends there, since spending more for a part of the time and nothing for the rest brings
    more. So up to its `turn`, where the line from 0 touches the curve, leads grow in proportion
    to spend: the curve's concave envelope.

    Methods take what broadcasts to (..., channels) and return that shape, NaN for a channel with
    a missing parameter.

    Attributes
    ----------
    scale : ndarray, shape (..., channels)
        Leads that the power curve brings for a spend of 1; 0 or more.
    exponent : ndarray, shape (..., channels)
        s, above 0; without a ceiling at most 1, and 1 is linear, without diminishing returns.
    ceiling : ndarray, shape (..., channels)
        Leads that no spend exceeds, above 0; infinite for a power curve.
    seen : ndarray, shape (..., channels)
        Highest spend in the channel's history; NaN where there is none.
    turn : ndarray, shape (..., channels)
        Spend from which returns diminish, ``half * (s - 1) ** (1 / s)``; 0 for s up to 1.
    foot : ndarray, shape (..., channels)
        Leads for the first unit of money: the line's slope, infinite for s below 1.

    Raises
    ------
    ValueError
        If a parameter is out of its range.

    Examples
    --------
    Four times the spend brings twice the leads, and the next lead costs twice as much:

    >>> context = Response(scale=np.array(10.0), exponent=np.array(0.5))
    >>> context.leads([100.0, 400.0]).tolist(), context.marginal_cpl([100.0, 400.0]).tolist()
    ([100.0, 200.0], [2.0, 4.0])

    Below its turn an S is worth the line above it:

    >>> social = Response.hill(ceiling=100.0, half=10.0, exponent=2.0)
    >>> social.curve([5.0, 10.0, 20.0]).tolist(), social.leads([5.0, 10.0, 20.0]).tolist()
    ([20.0, 50.0, 80.0], [25.0, 50.0, 80.0])
    """

    scale: Array
    exponent: Array
    ceiling: Array = field(default_factory=lambda: np.array(np.inf))
    seen: Array = field(default_factory=lambda: np.array(np.nan))
    turn: Array = field(init=False, repr=False)
    foot: Array = field(init=False, repr=False)

    @limits
    def __post_init__(self) -> None:
        names = [parameter.name for parameter in fields(self) if parameter.init]
        values = [np.atleast_1d(np.asarray(getattr(self, name), dtype=float)) for name in names]
        for name, value in zip(names, np.broadcast_arrays(*values), strict=True):
            object.__setattr__(self, name, value)
        rising = (self.exponent > 1) & np.isinf(self.ceiling)
        for wrong, rule, found in (
            (self.scale < 0, "scale must be 0 or more", self.scale),
            (self.exponent <= 0, "exponent must be above 0", self.exponent),
            (rising, "exponent must be at most 1 without a ceiling", self.exponent),
            (self.ceiling <= 0, "ceiling must be above 0", self.ceiling),
        ):
            if wrong.any():
                raise ValueError(f"{rule}, got {found[wrong][0]:g}")
        s = self.exponent
        turn = np.where(s > 1, (self.ceiling / self.scale * (s - 1.0)) ** (1.0 / s), 0.0)
        foot = np.where(self.scale == 0, 0.0, self.scale * turn ** (s - 1.0) / s)
        object.__setattr__(self, "turn", turn)
        object.__setattr__(self, "foot", foot)

    @classmethod
    def hill(
        cls, *, ceiling: ArrayLike, half: ArrayLike, exponent: ArrayLike, seen: ArrayLike = np.nan
    ) -> Self:
        """Make Hill's curve as it is written, ``ceiling * x**s / (half**s + x**s)``.

        `half`, above 0, is the spend that brings half of the ceiling.
        """
        v, k, s, top = (np.asarray(x, dtype=float) for x in (ceiling, half, exponent, seen))
        if (k <= 0).any():
            raise ValueError(f"half must be above 0, got {k.min():g}")
        return cls(scale=v / k**s, exponent=s, ceiling=v, seen=top)

    @limits
    def curve(self, spend: ArrayLike) -> Array:
        """Leads on the curve itself, which is below `leads` before the turn."""
        x = np.asarray(spend, dtype=float)
        leads = 1.0 / (x**-self.exponent / self.scale + 1.0 / self.ceiling)
        return np.where(self.scale == 0, 0.0, leads)

    @limits
    def leads(self, spend: ArrayLike) -> Array:
        """Leads for a spend of 0 or more."""
        x = np.asarray(spend, dtype=float)
        return np.where(x < self.turn, self.foot * x, self.curve(x))

    @limits
    def marginal(self, spend: ArrayLike) -> Array:
        """Leads for one more unit of money, ``s * p / x / (1 + p / ceiling)**2``, p as above."""
        x, s = np.asarray(spend, dtype=float), self.exponent
        rate = self.scale * s * x ** (s - 1.0) / (1.0 + self.scale * x**s / self.ceiling) ** 2
        return np.where((x < self.turn) | (x == 0), self.foot, rate)

    @limits
    def spend_for(self, leads: ArrayLike) -> Array:
        """Cost of a number of leads; infinite where no spend brings them."""
        n, foot = np.asarray(leads, dtype=float), self.foot
        short = np.maximum(1.0 / n - 1.0 / self.ceiling, 0.0)
        curved = (self.scale * short) ** (-1.0 / self.exponent)
        return np.where(n == 0, 0.0, np.where(n < foot * self.turn, n / foot, curved))

    @limits
    def spend_at(self, marginal: ArrayLike) -> Array:
        """Highest spend whose last unit brings at least so many leads; infinite where all do.

        With y = ln x it is the root of ``(1 - s) y + 2 ln(1 + p / ceiling) - level``: for power
        curves at once, for Hill's by Halley's method, from the roots of the asymptotes or from
        what is exact for s = 1.
        """
        s, foot, rate = self.exponent, self.foot, np.asarray(marginal, dtype=float)
        level = np.log(self.scale * s / np.minimum(rate, foot))
        rarity = np.log(self.scale / self.ceiling)
        excess = (level + (1.0 / s - 1.0) * rarity) / 2.0
        near = np.log(np.expm1(np.maximum(excess, TINY)))
        full = np.where(near < 0, (near - rarity) / s, (level - 2.0 * rarity) / (1.0 + s))
        y = np.clip(np.where(excess >= 0, full, level / (1.0 - s)), -FAR, FAR)
        saturating = np.broadcast_to(np.isfinite(self.ceiling), y.shape)
        hill = saturating.any(axis=tuple(range(y.ndim - 1)))
        parts = (np.broadcast_to(part, y.shape)[..., hill] for part in (y, s, rarity, level))
        y[..., hill] = _halley(*parts)
        linear = (s == 1) & np.isinf(self.ceiling)
        return np.where(rate > foot, 0.0, np.where(linear, np.inf, np.exp(y)))

    def average_cpl(self, spend: ArrayLike) -> Array:
        """Spend per lead; NaN where there are no leads."""
        leads = self.leads(spend)
        return np.divide(spend, leads, out=np.full_like(leads, np.nan), where=leads > 0)

    def marginal_cpl(self, spend: ArrayLike) -> Array:
        """Cost of the next lead; NaN where no spend brings one, or the first costs nothing."""
        rate = self.marginal(spend)
        known = (rate > 0) & np.isfinite(rate)
        return np.divide(1.0, rate, out=np.full_like(rate, np.nan), where=known)

    def beyond(self, spend: ArrayLike) -> NDArray[np.bool_]:
        """Whether spend lies beyond what history has seen; False where there is no history."""
        flags: NDArray[np.bool_] = np.asarray(spend, dtype=float) > self.seen * (1.0 + ROUNDING)
        return flags


def _halley(y: Array, s: Array, rarity: Array, level: Array) -> Array:
    """Find where ``(1 - s) y + 2 ln(1 + exp(s y + rarity))``, convex and rising, is the level."""
    flat = 1.0 - s
    for _ in range(STEPS):
        u = np.exp(np.minimum(s * y + rarity, LARGE))
        share = u / (1.0 + u)
        slope = np.maximum(flat + 2.0 * s * share, TINY)
        step = (flat * y + 2.0 * np.log1p(u) - level) / slope
        bend = s * s * share * (1.0 - share) / slope
        last, y = y, np.clip(y - step / np.fmax(1.0 - step * bend, 0.5), -FAR, FAR)
        if not (np.abs(y - last) > CLOSE).any():
            break
    return y
