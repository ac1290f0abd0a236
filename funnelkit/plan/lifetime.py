"""What the models of a client's lifetime share: their fit, its uncertainty, why there is none.

Parameters are all above 0, so they are fitted as logarithms, from several starts. Their spread is
the likelihood's curvature at its top (Pawitan 2001, In All Likelihood, section 9.7), which gives
draws that are log-normal and correlated.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "EVENTS",
    "Check",
    "Fit",
    "Lack",
    "LifetimeError",
    "Objective",
    "discounted",
    "keep_positive",
    "maximise",
]

Array = NDArray[np.float64]
Objective = Callable[[Array], tuple[float, Array]]

EVENTS = 10
"""Events that each parameter takes; Peduzzi et al. (1996), J. Clin. Epidemiol. 49, 1373-1379."""

LOW, HIGH = np.log(1e-4), np.log(1e3)
"""Ends of a parameter's logarithm: the data, scaled to 1, are 30 times from either."""

WIDE = 2.5
"""Standard error of a logarithm above which data say nothing of a parameter: a factor of 12."""

STEP = 1e-4
"""Step of the logarithms in which the gradient is differenced; the error is its square."""


class Lack(StrEnum):
    """What data must have for a model of clients' lifetimes to be fitted."""

    SHAPE = "the arrays must match, one entry for each order or client"
    RANGE = "numbers must be finite, 0 or more, and in order"
    PERIODS = "a retention curve takes 2 renewals or more"
    GROWING = "survivors cannot become more"
    LOST = "a retention curve takes 20 lost clients or more"
    REPEATS = "purchases take 40 clients who bought again, their spend 30"
    SPEND = "spend must be above 0"
    ALIKE = "clients do not differ enough for their differences to be estimated"
    HEAVY = "clients' spend differs so much that its mean is not finite"


class LifetimeError(ValueError):
    """Data from which no model of clients' lifetimes can be had.

    Attributes
    ----------
    lack : Lack
    found : float
        What speaks against a fit: the number that there is, or the one that is out of range.
    """

    def __init__(self, lack: Lack, found: float) -> None:
        super().__init__(f"{lack}, got {found:g}")
        self.lack, self.found = lack, found


M = TypeVar("M")


def keep_positive(model: Any) -> None:
    """Turn a frozen model's parameters into arrays, or refuse those that are not above 0."""
    for field in fields(model):
        value = np.asarray(getattr(model, field.name), dtype=float)
        if not (value > 0).all():
            raise ValueError(f"{field.name} must be above 0, got {value.min():g}")
        object.__setattr__(model, field.name, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit(Generic[M]):
    """A fitted model with what is known of its parameters.

    Attributes
    ----------
    model : M
        At the likelihood's maximum.
    covariance : ndarray, shape (parameters, parameters)
        Of the parameters' logarithms, in the order of the model's fields; 0 for one that was set.
    log_likelihood : float
        In the data's own units.
    """

    model: M
    covariance: Array
    log_likelihood: float

    def drawn(self, size: int, seed: int = 0) -> M:
        """Draw the model anew; parameters have shape (size, 1), clients being the last axis."""
        made: Any = type(self.model)
        names = [field.name for field in fields(made)]
        stream = np.random.default_rng([seed, zlib.crc32(made.__name__.encode())])
        root = np.zeros_like(self.covariance)
        free = np.diag(self.covariance) > 0
        root[np.ix_(free, free)] = np.linalg.cholesky(self.covariance[np.ix_(free, free)])
        away = stream.standard_normal((size, len(names))) @ root.T
        drawn: M = made(
            **{
                name: np.asarray(getattr(self.model, name)) * np.exp(away[:, place, np.newaxis])
                for place, name in enumerate(names)
            }
        )
        return drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a model says of data, beside the data: counts of clients, purchases or money.

    Attributes
    ----------
    predicted, actual : ndarray, shape (n,)
    """

    predicted: Array
    actual: Array

    @property
    def excess(self) -> float:
        """Share by which the predicted total is above the actual; NaN where that is 0."""
        actual = float(np.nansum(self.actual))
        predicted = float(np.sum(np.where(np.isnan(self.actual), 0.0, self.predicted)))
        return predicted / actual - 1.0 if actual else np.nan


def maximise(objective: Objective, starts: ArrayLike) -> tuple[Array, Array]:
    """Find the parameters at which a likelihood is highest, and their covariance.

    Parameters
    ----------
    objective : callable
        Takes logarithms of parameters, shape (parameters,); returns minus the log-likelihood of
        all data and its gradient. Times and money are scaled, so that parameters are near 1.
    starts : array_like, shape (starts, parameters)
        Logarithms to begin at.

    Returns
    -------
    logs : ndarray, shape (parameters,)
    covariance : ndarray, shape (parameters, parameters)

    Raises
    ------
    LifetimeError
        With `Lack.ALIKE` where the likelihood has no maximum within the bounds, or one so flat
        that data do not determine a parameter. So ends what is fitted to clients who are all
        alike: the distribution of their differences shrinks to a point, its parameters run off.
    """
    from scipy.optimize import OptimizeResult, minimize

    bounds = [(LOW, HIGH)] * np.atleast_2d(starts).shape[1]

    def climbed(start: Array, **until: float) -> OptimizeResult:
        options = {"maxiter": 1000} | until
        return minimize(
            objective, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options
        )

    # roughly from everywhere, and then exactly from the best place
    runs = [climbed(start, ftol=1e-5) for start in np.atleast_2d(starts)]
    best = min(runs, key=lambda run: run.fun if np.isfinite(run.fun) else np.inf)
    logs: Array = climbed(best.x, ftol=1e-10).x
    if not np.all((logs > LOW + 0.01) & (logs < HIGH - 0.01)):
        raise LifetimeError(Lack.ALIKE, float(np.exp(logs[np.argmax(np.abs(logs))])))
    # from where that stops a few of Newton's steps are exact
    for _ in range(3):
        curvature = _curvature(objective, logs)
        if np.linalg.eigvalsh(curvature)[0] <= 0:
            raise LifetimeError(Lack.ALIKE, np.inf)
        step = np.linalg.solve(curvature, objective(logs)[1])
        if np.abs(step).max() < 0.1:
            logs -= step
        if np.abs(step).max() < 1e-6:  # what is left is of its square
            break
    covariance = np.asarray(np.linalg.inv(_curvature(objective, logs)), dtype=float)
    widest = float(np.sqrt(np.diag(covariance).max()))
    if not widest <= WIDE:
        raise LifetimeError(Lack.ALIKE, widest)
    return logs, covariance


def _curvature(objective: Objective, logs: Array) -> Array:
    """Difference the gradient on both sides; the two triangles are averaged."""
    steps = STEP * np.eye(logs.size)
    second = [objective(logs + step)[1] - objective(logs - step)[1] for step in steps]
    curvature: Array = np.array(second) / (2.0 * STEP)
    return (curvature + curvature.T) / 2.0


def discounted(values: Array, discount: float) -> Array:
    """Sum what comes at the end of each period 1, 2, ..., the last axis.

    Parameters
    ----------
    values : ndarray, shape (..., periods)
    discount : float
        Rate per period, 0 or more.

    Examples
    --------
    >>> float(discounted(np.array([110.0, 121.0]), 0.1).round(9))
    200.0
    """
    total: Array = values @ (1.0 + discount) ** -np.arange(1.0, values.shape[-1] + 1.0)
    return total
