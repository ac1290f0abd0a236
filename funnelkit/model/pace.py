"""A running period against its goal: where it leads, and what budget is still needed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.quantity import checked, over, times

__all__ = ["Pace", "pace"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a period stands; arrays of shape (...).

    Attributes
    ----------
    forecast : ndarray
        Fact / days gone x days: the whole period at the pace so far.
    left : ndarray
        Of the goal, still to be brought; 0 where it is reached.
    budget_planned, budget_actual : ndarray
        Media for what is left at the planned and at the actual conversions, client's currency.
    """

    forecast: Array
    left: Array
    budget_planned: Array
    budget_actual: Array


def pace(
    goal: ArrayLike,
    *,
    fact: ArrayLike,
    days_gone: ArrayLike,
    days: ArrayLike,
    cost_planned: ArrayLike,
    cost_actual: ArrayLike,
) -> Pace:
    """Lay the fact of the days gone beside the goal of the period.

    Parameters
    ----------
    goal, fact : array_like, shape (...)
        Leads, orders or customers of the period, and those brought so far.
    days_gone, days : array_like
        Whole days so far, and of the period.
    cost_planned, cost_actual : array_like
        Media per unit of the goal (`Books.cpl`, `Books.cpo`) at the plan's conversions and at
        those so far, client's currency.

    Examples
    --------
    >>> month = pace(300, fact=80, days_gone=10, days=30, cost_planned=500, cost_actual=650)
    >>> float(month.forecast), float(month.budget_planned), float(month.budget_actual)
    (240.0, 110000.0, 143000.0)
    """
    done = checked("fact", fact)
    left = np.maximum(checked("goal", goal) - done, 0.0)
    whole, gone = checked("days", days), checked("days_gone", days_gone)
    return Pace(
        forecast=over(done, gone) * whole,
        left=left,
        budget_planned=times(left, checked("cost_planned", cost_planned)),
        budget_actual=times(left, checked("cost_actual", cost_actual)),
    )
