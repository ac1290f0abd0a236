"""Cohorts: how many of those who came together are still there, and what they have brought.

A cohort is the clients with the same first period; age 0 is that period. What lies after the last
period is not known yet and is NaN, so tables are triangles.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.quantity import over
from funnelkit.plan.lifetime import Lack, LifetimeError

__all__ = ["MOST", "Cohorts"]

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

MOST = 1200
"""Periods that a table may have: a hundred years of months. More is a slip in a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohorts:
    """Clients by first period and age.

    Attributes
    ----------
    first : ndarray of int, shape (cohorts,)
        First period of each cohort; periods in which nobody came have none.
    size : ndarray, shape (cohorts,)
        Clients who came.
    active : ndarray, shape (cohorts, ages)
        Clients who bought in the period.
    survivors : ndarray, shape (cohorts, ages)
        Clients who bought in the period or later: those of a contract that runs without a gap.
    value : ndarray, shape (cohorts, ages)
        What the cohort brought in the period, client's currency.

    Examples
    --------
    Two clients came in month 5, one of whom bought again in month 7, the last; one came in 6:

    >>> table = Cohorts.of([1, 2, 1, 3], [5, 5, 7, 6], [100.0, 50.0, 30.0, 80.0])
    >>> table.retention.tolist()
    [[1.0, 0.0, 0.5], [1.0, 0.0, nan]]
    >>> table.cumulative.tolist()
    [[75.0, 75.0, 90.0], [80.0, 80.0, nan]]
    """

    first: Whole
    size: Array
    active: Array
    survivors: Array
    value: Array

    @classmethod
    def of(
        cls,
        client: ArrayLike,
        period: ArrayLike,
        value: ArrayLike,
        last: int | None = None,
    ) -> Self:
        """Count an order log.

        Parameters
        ----------
        client : array_like, shape (orders,)
            Any numbers or texts.
        period : array_like of int, shape (orders,)
            Number of the month, week or day.
        value : array_like, shape (orders,)
            Revenue or contribution, client's currency.
        last : int, optional
            Last period that is over; by default the last one with an order.

        Raises
        ------
        LifetimeError
            For arrays of different lengths or without an order, periods that are not whole, lie
            after the last or span more than 1,200, and values that are missing.
        """
        who, amount = np.asarray(client), np.asarray(value, dtype=float)
        when = np.asarray(period, dtype=float)
        if not who.shape == when.shape == amount.shape == (who.size,) or not who.size:
            raise LifetimeError(Lack.SHAPE, float(who.size))
        for wrong in (~np.isfinite(when) | (when != np.round(when)), ~np.isfinite(amount)):
            if wrong.any():
                raise LifetimeError(Lack.RANGE, float(np.argmax(wrong)))
        end = int(when.max()) if last is None else last
        if when.max() > end or end - when.min() >= MOST:
            raise LifetimeError(Lack.RANGE, float(when.max() - when.min()))
        start = int(when.min())
        month = when.astype(np.int64) - start
        clients, place = np.unique(who, return_inverse=True)
        ages = end - start + 1
        came, went = np.full(clients.size, ages), np.full(clients.size, -1)
        np.minimum.at(came, place, month)
        np.maximum.at(went, place, month)
        seen, cohort = np.unique(came, return_inverse=True)

        def table(rows: Whole, age: Whole, weights: Array | None = None) -> Array:
            counted = np.bincount(rows * ages + age, weights, seen.size * ages)
            known = seen[:, np.newaxis] + np.arange(ages) < ages
            return np.where(known, counted.reshape(seen.size, ages), np.nan)

        age = month - came[place]
        buying = np.unique(place * ages + age)
        leaving = table(cohort, went - came)
        return cls(
            first=seen + start,
            size=np.bincount(cohort, minlength=seen.size).astype(float),
            active=table(cohort[buying // ages], buying % ages),
            survivors=_from_the_end(leaving),
            value=table(cohort[place], age, amount),
        )

    @property
    def retention(self) -> Array:
        """Share of each cohort that bought in the period, shape (cohorts, ages)."""
        return self.active / self.size[:, np.newaxis]

    @property
    def cumulative(self) -> Array:
        """What a client of each cohort has brought up to each age: LTV so far."""
        total: Array = np.cumsum(self.value, axis=1) / self.size[:, np.newaxis]
        return total

    @property
    def mean_retention(self) -> Array:
        """Retention by age over the cohorts that have reached it, weighed by size, (ages,)."""
        reached = np.where(np.isnan(self.active), 0.0, self.size[:, np.newaxis])
        return over(np.nansum(self.active, axis=0), reached.sum(axis=0))

    @property
    def mean_cumulative(self) -> Array:
        """LTV so far by age, shape (ages,).

        The sum of what each age brought to a client of the cohorts that have reached it, so that
        a good young cohort does not make the curve fall where it ends.
        """
        reached = np.where(np.isnan(self.value), 0.0, self.size[:, np.newaxis])
        step = over(np.nansum(self.value, axis=0), reached.sum(axis=0))
        total: Array = np.cumsum(step)
        return total


def _from_the_end(leaving: Array) -> Array:
    """Sum each age and the later ones, where they are known."""
    counted = np.where(np.isnan(leaving), 0.0, leaving)
    left = np.cumsum(counted[:, ::-1], axis=1)[:, ::-1]
    return np.where(np.isnan(leaving), np.nan, left)
