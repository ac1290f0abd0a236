"""The month under way against the media plan: clicks, leads and orders with their forecast."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.marketer import Table
from funnelkit.model.pace import Pace, pace
from funnelkit.model.quantity import over

__all__ = ["BROUGHT", "Running", "Stand", "stand"]

Array = NDArray[np.float64]

BROUGHT = {"clicks": "cpc", "leads": "cpl", "orders": "cpo"}
"""What channels bring, and the metric that says what one of it costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The month under way.

    Attributes
    ----------
    offset : int
        Months after month 0.
    days_gone, days : int
        Whole days so far, and of the month.
    facts : mapping of str to ndarray, shape (channels,)
        ``media``, ``clicks``, ``leads`` and ``orders`` so far; NaN where nobody said.
    """

    offset: int
    days_gone: int
    days: int
    facts: Mapping[str, Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """How a quantity stands: arrays of shape (channels + 1,), all channels together last.

    Attributes
    ----------
    budget, spent : ndarray
        Ad spend planned for the month, and so far; client's currency.
    planned, fact : ndarray
        Of the quantity.
    pace : Pace
    """

    budget: Array
    spent: Array
    planned: Array
    fact: Array
    pace: Pace


def stand(months: Table, running: Running, quantity: str) -> Stand:
    """Lay the running month beside the plan's months, arrays of shape (months, channels).

    Parameters
    ----------
    months : Table
    running : Running
    quantity : {"clicks", "leads", "orders"}
    """

    def every(name: str) -> Array:
        of = getattr(months.channels, name)[running.offset]
        return np.append(of, getattr(months.total, name)[running.offset])

    def so_far(name: str) -> Array:
        fact = running.facts[name]
        return np.append(fact, np.nansum(fact) if not np.isnan(fact).all() else np.nan)

    planned, fact, spent = every(quantity), so_far(quantity), so_far("media")
    return Stand(
        budget=every("media"),
        spent=spent,
        planned=planned,
        fact=fact,
        pace=pace(
            planned,
            fact=fact,
            days_gone=running.days_gone,
            days=running.days,
            cost_planned=every(BROUGHT[quantity]),
            cost_actual=over(np.nan_to_num(spent), fact),
        ),
    )
