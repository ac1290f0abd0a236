"""Numbers at the door and in a formula: refused where impossible, NaN where missing."""

from collections.abc import Collection

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["checked", "needed", "one_of", "over", "times"]

Array = NDArray[np.float64]


def times(quantity: Array, price: Array) -> Array:
    """Multiply, with 0 where either is 0, so that what is missing and not used is harmless."""
    return np.where((quantity == 0) | (price == 0), 0.0, quantity * price)


def over(numerator: Array, denominator: Array) -> Array:
    """Divide, with NaN where the denominator is 0."""
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    ratio: Array = np.divide(
        numerator, denominator, out=np.full(denominator.shape, np.nan), where=denominator != 0
    )
    return ratio


def needed(count: Array, rate: Array) -> Array:
    """Divide a wanted count by the rate that brings it; nobody wanted needs nobody.

    NaN where the rate is missing, or is 0 and somebody is wanted.
    """
    return np.where((count == 0) & ~np.isnan(rate), 0.0, over(count, rate))


def checked(name: str, value: ArrayLike, *, low: float = 0.0, high: float = np.inf) -> Array:
    """Turn what a person typed into an array, ``None`` into NaN.

    Raises
    ------
    ValueError
        For what is no number, is infinite or outside `low` to `high`; it names the field, what
        was found and what is allowed.
    """
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers, got {value!r}") from None
    wrong = array[(array < low) | (array > high) | np.isinf(array)]
    if wrong.size:
        allowed = f"from {low:g} to {high:g}" if np.isfinite(high) else f"{low:g} or more"
        if np.isinf(low):
            allowed = f"at most {high:g}"
        raise ValueError(f"{name} must be {allowed}, got {wrong[0]:g}")
    return array


def one_of(name: str, value: str, allowed: Collection[str]) -> None:
    """Refuse a word outside a closed set with a ValueError that lists the set."""
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {value!r}")
