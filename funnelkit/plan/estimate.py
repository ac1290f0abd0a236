"""Numbers that fitted models say, with what is known of them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Estimate"]

Array = NDArray[np.float64]

ENDS = (0.025, 0.975)
"""Quantiles at the ends of an interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Numbers with their 95 % intervals.

    Attributes
    ----------
    value, low, high : ndarray, shape (n,)
    """

    value: Array
    low: Array
    high: Array

    @classmethod
    def of(cls, value: ArrayLike, drawn: Array) -> Self:
        """Take the ends of the interval from draws, shape (draws, n)."""
        low, high = np.nanquantile(drawn, ENDS, axis=0)
        return cls(value=np.asarray(value, dtype=float), low=low, high=high)
