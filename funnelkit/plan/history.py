"""Response curves from history: what channels spent and brought, at two points or by month.

Months (points) are the last axis, channels the one before. A month with a missing number is left
out, and so is one without spend, since every curve begins at 0.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.plan.response import Response

__all__ = ["CurveError", "Unfit", "fit_hill", "fit_power"]

Array = NDArray[np.float64]

SAME = 1e-9
"""Spends nearer than this share count as one, and an exponent as near to 1 is 1."""

HALVES, EXPONENTS = np.geomspace(1e-2, 1e2, 41), np.geomspace(0.2, 10.0, 40)
"""Where Hill curves are looked for: half of the ceiling by highest spend, and s."""


class Unfit(StrEnum):
    """What a history must have for a curve to be fitted."""

    RANGE = "spend and leads must be finite and 0 or more"
    LEADS = "a power curve takes only months with leads"
    TOO_FEW = "a power curve takes 2 different spends above 0, Hill's 3"
    FALLING = "leads must rise with spend"
    INCREASING = "returns must diminish before the highest spend"


class CurveError(ValueError):
    """A channel's history to which no curve can be fitted.

    Attributes
    ----------
    reason : Unfit
    channel : tuple of int
        The channel's place in the arrays, leading axes first.
    found : float
        What speaks against it: the spend or leads out of range, the number of different spends,
        the exponent or slope, the spend before which returns do not diminish.
    """

    def __init__(self, reason: Unfit, channel: tuple[int, ...], found: float) -> None:
        super().__init__(f"channel {channel[-1]}: {reason}, got {found:g}")
        self.reason, self.channel, self.found = reason, channel, found


def _refuse(wrong: NDArray[np.bool_], reason: Unfit, found: Array) -> None:
    for place in np.argwhere(wrong):
        channel = tuple(int(index) for index in place)
        raise CurveError(reason, channel, float(found[channel]))


def _months(spend: ArrayLike, leads: ArrayLike, parameters: int) -> tuple[Array, Array]:
    """Check a history; months to be left out are NaN in both, shape (..., channels, months)."""
    x, y = np.broadcast_arrays(
        *(np.atleast_2d(np.asarray(value, dtype=float)) for value in (spend, leads))
    )
    for value in (x, y):
        wrong = np.where((value < 0) | np.isinf(value), value, np.nan)
        least = np.fmin.reduce(wrong, axis=-1)
        _refuse(~np.isnan(least), Unfit.RANGE, least)
    used = (x > 0) & ~np.isnan(y)
    x, y = np.where(used, x, np.nan), np.where(used, y, np.nan)
    ordered = np.sort(x, axis=-1)
    apart = np.diff(ordered, axis=-1) > SAME * ordered[..., 1:]
    different = used.any(axis=-1) + apart.sum(axis=-1)
    _refuse(different < parameters, Unfit.TOO_FEW, different.astype(float))
    return x, y


def _slope(x: Array, y: Array) -> Array:
    """Return the least-squares slope along the last axis."""
    from_mean = x - np.nanmean(x, axis=-1, keepdims=True)
    level = y - np.nanmean(y, axis=-1, keepdims=True)
    slope: Array = np.nansum(from_mean * level, axis=-1) / np.nansum(from_mean**2, axis=-1)
    return slope


def fit_power(spend: ArrayLike, leads: ArrayLike) -> Response:
    """Fit power curves by least squares on logarithms; two points are met exactly.

    Increasing returns (an exponent above 1) of two points are an error, since somebody stated
    them; of more months, which scatter, they give the best curve there is without: a linear one.

    Parameters
    ----------
    spend, leads : array_like, shape (..., channels, months)
        Client's currency and leads a month; 0 or more, NaN where missing.

    Returns
    -------
    Response, shape (..., channels)

    Raises
    ------
    CurveError
        For a channel with numbers below 0, with a month of spend without leads, with less than
        two different spends, with leads that do not rise, or with two points that show
        increasing returns.

    Examples
    --------
    >>> curve = fit_power([[100.0, 400.0]], [[50.0, 100.0]])
    >>> curve.exponent.round(9).tolist(), curve.leads([900.0]).round(9).tolist()
    ([0.5], [150.0])
    """
    x, y = _months(spend, leads, 2)
    _refuse((y == 0).any(axis=-1), Unfit.LEADS, np.zeros(y.shape[:-1]))
    x_log, y_log = np.log(x), np.log(y)
    exponent = _slope(x_log, y_log)
    _refuse(exponent <= SAME, Unfit.FALLING, exponent)
    stated = (~np.isnan(x)).sum(axis=-1) == 2
    _refuse(stated & (exponent > 1.0 + SAME), Unfit.INCREASING, exponent)
    exponent = np.where(exponent > 1.0 - SAME, 1.0, exponent)
    scale = np.exp(np.nanmean(y_log - exponent[..., np.newaxis] * x_log, axis=-1))
    return Response(scale=scale, exponent=exponent, seen=np.nanmax(x, axis=-1))


def fit_hill(spend: ArrayLike, leads: ArrayLike) -> Response:
    """Fit Hill curves by least squares on leads, channel by channel.

    Parameters
    ----------
    spend, leads : array_like, shape (..., channels, months)
        Client's currency and leads a month; 0 or more, NaN where missing.

    Returns
    -------
    Response, shape (..., channels)

    Raises
    ------
    CurveError
        For a channel with numbers below 0, with less than three different spends, with leads
        that do not rise, or where the curve's `turn` lies beyond the highest spend: what it takes
        for returns to diminish has not been seen.

    Examples
    --------
    >>> curve = fit_hill([[5.0, 10.0, 20.0, 40.0]], [[20.0, 50.0, 80.0, 1600 / 17]])
    >>> curve.ceiling.round(6).tolist(), curve.exponent.round(6).tolist()
    ([100.0], [2.0])
    """
    x, y = _months(spend, leads, 3)
    slope = _slope(x, y)
    _refuse(slope <= 0, Unfit.FALLING, slope)
    fits = np.empty((3, *x.shape[:-1]))
    for channel in np.ndindex(x.shape[:-1]):
        used = ~np.isnan(x[channel])
        fits[:, *channel] = _fit_hill(x[channel][used], y[channel][used])
    ceiling, half, exponent = fits
    top = np.nanmax(x, axis=-1)
    curve = Response.hill(ceiling=ceiling, half=half, exponent=exponent, seen=top)
    _refuse(curve.turn > top * (1.0 + SAME), Unfit.INCREASING, curve.turn)
    return curve


def _fit_hill(x: Array, y: Array) -> tuple[float, float, float]:
    """Fit ceiling, half and s to one channel's months, from the best point of a grid.

    For given half and s the best ceiling is known, so that two parameters are searched for.
    """
    from scipy.optimize import least_squares

    z, n = x / x.max(), y / y.max()

    def part(half: Array, exponent: Array) -> Array:
        """Return the share of the ceiling by month, shape (..., months)."""
        share: Array = 1.0 / (1.0 + (half[..., np.newaxis] / z) ** exponent[..., np.newaxis])
        return share

    def ceiling(share: Array) -> Array:
        best: Array = (share * n).sum(axis=-1) / (share**2).sum(axis=-1)
        return best

    def misses(logs: Array) -> Array:
        share = part(*np.exp(logs))
        away: Array = ceiling(share)[..., np.newaxis] * share - n
        return away

    grid = np.log(np.stack(np.meshgrid(HALVES, EXPONENTS, indexing="ij")))
    errors = (misses(grid) ** 2).sum(axis=-1)
    start = grid[:, *np.unravel_index(errors.argmin(), errors.shape)]
    ends = np.log([[HALVES[0], EXPONENTS[0]], [HALVES[-1], EXPONENTS[-1]]])
    found = least_squares(
        misses, start, bounds=ends, jac="3-point", xtol=1e-15, ftol=1e-15, gtol=1e-15
    ).x
    half, exponent = np.exp(found)
    return float(ceiling(part(half, exponent)) * y.max()), float(half * x.max()), float(exponent)
