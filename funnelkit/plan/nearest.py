"""The nearest point that keeps linear bounds: least distance programming.

Lawson & Hanson (1974), Solving Least Squares Problems, ch. 23: a problem of non-negative least
squares (algorithm NNLS) stands for it. Small and dense; without scipy, whose import takes longer
than all solves of a client.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["nearest", "nonnegative"]

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

TINY, NOTHING = 1e-12, 1e-9
"""A gain, and a rest, that is none; columns are scaled to length 1. Bounds that contradict each
other leave no rest."""


def nonnegative(matrix: Array, wanted: Array, guess: Bools | None = None) -> Array:
    """Return the ``u >= 0`` that brings ``matrix @ u`` nearest to what is wanted.

    Parameters
    ----------
    matrix : ndarray, shape (rows, columns)
    wanted : ndarray, shape (rows,)
    guess : ndarray of bool, shape (columns,), optional
        Columns that are likely to be used; it saves time and decides nothing.

    Returns
    -------
    ndarray, shape (columns,)

    Examples
    --------
    >>> nonnegative(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([2.0, -3.0])).tolist()
    [2.0, 0.0]
    """
    size = matrix.shape[1]
    u, used = np.zeros(size), np.zeros(size, dtype=bool) if guess is None else guess.copy()
    while used.any():
        u = np.zeros(size)
        u[used] = np.linalg.lstsq(matrix[:, used], wanted, rcond=None)[0]
        if (u[used] > 0).all():
            break
        used &= u > 0
        u = np.zeros(size)
    for _ in range(3 * size):
        gain = np.where(used, -np.inf, matrix.T @ (wanted - matrix @ u))
        best = int(np.argmax(gain))
        if not gain[best] > TINY:
            break
        used[best] = True
        while True:
            trial = np.zeros(size)
            trial[used] = np.linalg.lstsq(matrix[:, used], wanted, rcond=None)[0]
            wrong = used & (trial <= 0)
            if not wrong.any():
                break
            step = float((u[wrong] / (u[wrong] - trial[wrong] + TINY**2)).min())
            u = u + step * (trial - u)
            u[wrong & (u <= TINY)] = 0.0
            used &= u > 0
            if not used.any():
                break
        u = np.where(used, trial, 0.0)
    return u


def nearest(
    point: Array,
    stiffness: Array,
    slopes: Array,
    least: Array,
    low: Array,
    high: Array,
    guess: Bools | None = None,
) -> tuple[Array, Array] | None:
    """Find the nearest x between `low` and `high` with ``slopes @ x >= least``.

    Near is ``sum(stiffness * (x - point) ** 2)``.

    Parameters
    ----------
    point, stiffness, low, high : ndarray, shape (n,)
        Stiffness is above 0.
    slopes : ndarray, shape (bounds, n)
    least : ndarray, shape (bounds,)
    guess : ndarray of bool, shape (bounds + 2 n,), optional
        Which of the bounds, the lows and the highs are likely to press; it saves time.

    Returns
    -------
    tuple of ndarray, shapes (n,) and (bounds + 2 n,), or None
        The x, and by how much the sum above grows per unit of each of `least`, of the lows and of
        the highs downwards; None where no x keeps all bounds.

    Examples
    --------
    >>> ends = np.zeros(2), np.array([0.3, 2.0])
    >>> found = nearest(np.zeros(2), np.ones(2), np.array([[1.0, 1.0]]), np.array([1.0]), *ends)
    >>> [part.round(9).tolist() for part in found]
    [[0.3, 0.7], [1.4, 0.0, 0.0, 0.8, 0.0]]
    """
    root = np.sqrt(stiffness)
    rows = np.concatenate([slopes / root, np.diag(1.0 / root), np.diag(-1.0 / root)])
    ends = np.concatenate([least - slopes @ point, low - point, point - high])
    length = np.linalg.norm(rows, axis=1)
    kept = length > 0
    if (ends[~kept] > 0).any():
        return None
    # Distances are measured by the furthest of the bounds, so that none is lost in another's rest.
    far = ends[kept] / length[kept]
    scale = max(float(np.abs(far).max(initial=0.0)), 1e-300)
    bounds = np.vstack([rows[kept].T / length[kept], far / scale])
    wanted = np.zeros(len(point) + 1)
    wanted[-1] = 1.0
    pulls = nonnegative(bounds, wanted, None if guess is None else guess[kept])
    rest = bounds @ pulls - wanted
    if not rest[-1] < -(NOTHING**2) or np.linalg.norm(rest) <= NOTHING:
        return None
    x = point - scale * rest[:-1] / rest[-1] / root
    prices = np.zeros(len(rows))
    prices[kept] = -2.0 * scale * pulls / rest[-1] / length[kept]
    return np.clip(x, low, high), prices
