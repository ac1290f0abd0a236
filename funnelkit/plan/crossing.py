"""Where falling functions turn negative, for a whole array of them at once."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["CLOSE", "WIDEST", "crossing"]

Array = NDArray[np.float64]

WIDEST = 700.0
"""The search is from this below 0 to this above: any logarithm whose exponential is a number."""

CLOSE, STEPS = 1e-13, 200
"""Width, by 1 and the place, that ends the search, and the most steps."""


@np.errstate(divide="ignore", over="ignore", invalid="ignore")
def crossing(
    function: Callable[[Array], tuple[Array, Array]], points: Array, first: Array, last: Array
) -> tuple[Array, Array]:
    """Close in on where functions, which may jump, turn negative.

    First by halving the points that are left; then by bisection, and by inverse quadratic
    interpolation where that can be trusted: Chandrupatla (1997), Advances in Engineering Software
    28, 145-149.

    Parameters
    ----------
    function : callable
        Takes places of shape (...), returns values there, shape (...), and what stands beside
        them, shape (..., n).
    points : ndarray, shape (..., points)
        Places where the functions are known to jump or to bend, or to turn negative among; NaN is
        none.
    first, last : ndarray, shape (..., n)
        What stands beside the values at the ends, before and behind all places.

    Returns
    -------
    tuple of ndarray, shape (..., n)
        What stands beside the last value known to be 0 or more, and the first known to be less.

    Examples
    --------
    >>> roots = crossing(
    ...     lambda x: (np.array([2.0, 3.0]) - x**3, x[:, np.newaxis]),
    ...     points=np.array([[1.0], [np.nan]]),
    ...     first=np.array([-np.inf]),
    ...     last=np.array([np.inf]),
    ... )
    >>> [root.ravel().round(6).tolist() for root in roots]
    [[1.259921, 1.44225], [1.259921, 1.44225]]
    """
    places = np.sort(np.where(np.isnan(points), WIDEST, np.clip(points, -WIDEST, WIDEST)), axis=-1)
    a, b = np.full(places.shape[:-1], -WIDEST), np.full(places.shape[:-1], WIDEST)
    fa, fb = np.full(a.shape, np.inf), np.full(a.shape, -np.inf)
    at_a, at_b = first, last
    share = np.full(a.shape, 0.5)
    start, stop = (places <= -WIDEST).sum(axis=-1), (places < WIDEST).sum(axis=-1)
    places = np.concatenate([places, b[..., np.newaxis]], axis=-1)
    for _ in range(STEPS):
        left, half = start < stop, (start + stop) // 2
        place = np.take_along_axis(places, half[..., np.newaxis], axis=-1)[..., 0]
        x = np.where(left, place, a + share * (b - a))
        fx, at_x = function(x)
        start = np.where(left & (fx >= 0), half + 1, start)
        stop = np.where(left & ~(fx >= 0), half, stop)
        same = (fx >= 0) == (fa >= 0)
        c, fc = np.where(same, a, b), np.where(same, fa, fb)
        b, fb = np.where(same, b, a), np.where(same, fb, fa)
        at_b = np.where(same[..., np.newaxis], at_b, at_a)
        a, fa, at_a = x, fx, at_x
        close = CLOSE * (1.0 + np.abs(a)) / np.abs(b - a)
        if (close >= 1).all():
            break
        xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
        trusted = (phi**2 < xi) & ((1.0 - phi) ** 2 < 1.0 - xi)
        third = (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        edge = np.minimum(close / 2.0, 0.5)
        share = np.clip(fa / (fb - fa) * fc / (fb - fc) + third, edge, 1.0 - edge)
        share = np.where(trusted, share, 0.5)
    ordered = (a < b)[..., np.newaxis]
    return np.where(ordered, at_a, at_b), np.where(ordered, at_b, at_a)
