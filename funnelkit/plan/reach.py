"""The first place along a way at which a value is reached, or the way's best place."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Reach", "reach"]

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

SAME = 1e-12
"""Values nearer than this share are one: a way that brings nothing is not walked for rounding."""

WIDTHS, MET, SURE = (1e-15, 1e-8), 1e-14, 1e-6
"""Widths, by 1 and the place, that end the search for a crossing and for a top; the share of the
target by which a crossing may pass it, and the width within which it is the first that may."""

_NEAR = 10.0 ** -np.array([0.3, 0.7, 1.5, 2.5, 4.0, 6.0, 9.0])
_ROOT = np.concatenate([-_NEAR, [0.0], _NEAR[::-1]])
"""Places tried about the secant's root, as shares of what is left open."""

_TOP = np.concatenate([[1e-9, 1e-6], np.arange(1, 13) / 13.0, [1.0 - 1e-6]])
"""Places tried for a top; those at the ends tell whether a way still rises where it ends. None is
in the middle, where the best place so far is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where ways end; arrays of shape (ways,).

    Attributes
    ----------
    place : ndarray
        First place found at which the target is reached, else the first whose value is the best
        or within 1e-12 of it.
    value : ndarray
        The function there; NaN where it is missing all along.
    reached : ndarray of bool
    """

    place: Array
    value: Array
    reached: Bools


def reach(
    function: Callable[[Array], Array],
    target: ArrayLike,
    grid: Array,
    *,
    rounds: int = 30,
    tops: bool = True,
) -> Reach:
    """Walk ways until a target is reached; where a way falls again, its top counts, not its end.

    The whole grid is looked at first, so that a first crossing is not passed over; then what
    lies between two of its places. A rise and fall within one step of the grid is found only
    where the grid's best place is beside it.

    Parameters
    ----------
    function : callable
        Takes places of shape (ways, places), returns values of the same shape.
    target : array_like, shape (ways,) or ()
    grid : ndarray, shape (ways, places)
        Places from the beginning to the end of each way, ascending.
    rounds : int
        Most looks between two places. However few there are, the function was seen to be at the
        target or above at the place returned.
    tops : bool
        Whether to look between places of the grid for the top of a way that does not reach.

    Returns
    -------
    Reach

    Examples
    --------
    >>> ways = np.linspace([0.0, 0.0], [4.0, 4.0], 9).T
    >>> found = reach(lambda x: x * (3 - x), [2.0, 5.0], ways)
    >>> found.place.round(5).tolist(), found.value.round(6).tolist(), found.reached.tolist()
    ([1.0, 1.5], [2.0, 2.25], [True, False])
    """
    aim = np.broadcast_to(np.asarray(target, dtype=float), grid.shape[:1])[:, np.newaxis]
    whole = _known(function(grid))
    places, values, crossed = _closer(grid, whole, aim)
    for _ in range(rounds):
        low, high = places[:, 0], places[:, 2]
        # Near enough, unless what begins there is a plateau at the target.
        over = values[:, 2] - aim[:, 0] <= MET * np.abs(aim[:, 0])
        over &= high - low <= SURE * (1.0 + np.abs(high))
        narrow = high - low <= np.where(crossed, *WIDTHS) * (1.0 + np.abs(high))
        if np.where(crossed, narrow | over | (low == high), narrow | (not tops)).all():
            break
        with np.errstate(invalid="ignore", divide="ignore"):
            root = (aim[:, 0] - values[:, 0]) / (values[:, 2] - values[:, 0])
        root = np.where(np.isfinite(root), root, 0.5)[:, np.newaxis]
        share = np.where(crossed[:, np.newaxis], np.clip(root + _ROOT, 0.0, 1.0), _TOP)
        inner = low[:, np.newaxis] + share * (high - low)[:, np.newaxis]
        order = np.argsort(seen := np.concatenate([places, inner], axis=1), axis=1, kind="stable")
        known = np.concatenate([values, _known(function(inner))], axis=1)
        places, values, crossed = _closer(
            np.take_along_axis(seen, order, axis=1), np.take_along_axis(known, order, axis=1), aim
        )
    at = np.where(crossed, 2, 1)[:, np.newaxis]
    place, value = (np.take_along_axis(x, at, axis=1)[:, 0] for x in (places, values))
    # A top at the end of a way is the end itself, not the last place before it.
    end = grid[:, -1]
    at_end = ~crossed & (end - place <= WIDTHS[1] * (1.0 + np.abs(end))) & (place > grid[:, 0])
    place, value = np.where(at_end, end, place), np.where(at_end, whole[:, -1], value)
    return Reach(place=place, value=np.where(np.isinf(value), np.nan, value), reached=crossed)


def _known(values: Array) -> Array:
    return np.where(np.isnan(values), -np.inf, values)


def _closer(places: Array, values: Array, aim: Array) -> tuple[Array, Array, Bools]:
    """Keep three places of each way: about its first crossing the last and third, else its top."""
    hit = values >= aim
    crossed: Bools = np.asarray(hit.any(axis=1))
    best = values.max(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        least = np.where(np.isinf(best), best, best - SAME * np.abs(best))
    top = np.argmax(values >= least, axis=1)
    first = np.argmax(hit, axis=1)
    # A place may have been looked at twice: behind the top comes the next other one.
    beyond = places > np.take_along_axis(places, top[:, np.newaxis], axis=1)
    after = np.where(beyond.any(axis=1), np.argmax(beyond, axis=1), top)
    middle = np.where(crossed, first, top)
    three = np.stack([np.maximum(middle - 1, 0), middle, np.where(crossed, first, after)], axis=1)
    at: tuple[Array, Array] = (
        np.take_along_axis(places, three, axis=1),
        np.take_along_axis(values, three, axis=1),
    )
    return *at, crossed
