"""A client's own clients, as the log of their orders has them."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.plan.cohorts import Cohorts
from funnelkit.plan.lifetime import Lack, LifetimeError
from funnelkit.plan.orders import Orders

__all__ = ["MONTH", "WEEK", "Clientele", "months_of"]

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

WEEK = 7.0
"""Days in the models' unit of time."""

MONTH = 365.25 / 12
"""Days of a month on average."""

STEADY = 0.9
"""Share of months with a purchase from which on clients buy as by a contract."""

STEPS = 20
"""Months after the first that such a share takes."""


def months_of(days: ArrayLike) -> Whole:
    """Return the calendar months of days since 1970-01-01, numbered from that month on."""
    whole = np.asarray(days, dtype=np.int64).astype("datetime64[D]")
    return whole.astype("datetime64[M]").astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clientele:
    """Who has bought, when, for how much, and what of it was returned.

    Attributes
    ----------
    orders : Orders
        Purchases; days on which a client returned more than he bought are none.
    cohorts : Cohorts or None
        By calendar month, as `months_of` numbers them, up to the last one that is over; returns
        are taken off the month in which they came. None where no month is over.
    end : int
        Last day of the log, days since 1970-01-01.
    returns : int
        Clients' days on which more was returned than bought.
    returned : float
        What was returned on them, client's currency.
    """

    orders: Orders
    cohorts: Cohorts | None
    end: int
    returns: int
    returned: float

    @classmethod
    def of(
        cls, client: ArrayLike, day: ArrayLike, amount: ArrayLike, end: int | None = None
    ) -> Self:
        """Sort a log; parameters as of `Orders.of`.

        Parameters
        ----------
        client, day, amount : array_like, shape (orders,)
        end : int, optional
            Last day by which nobody's purchase is unseen, days since 1970-01-01; by default the
            last one with an order.

        Raises
        ------
        LifetimeError
            As `Orders.of` does; without any purchase; and for orders after the end.
        """
        log = Orders.of(client, day, amount)
        back = log.amount < 0
        orders = _rows(log, ~back)
        if not orders.day.size:
            raise LifetimeError(Lack.SHAPE, 0.0)
        last = int(log.day.max()) if end is None else end
        if log.day.max() > last:
            raise LifetimeError(Lack.RANGE, float(log.day.max()))
        return cls(
            orders=orders,
            cohorts=_cohorts(log, orders, last),
            end=last,
            returns=int(back.sum()),
            returned=-float(log.amount[back].sum()),
        )

    @property
    def kept(self) -> float:
        """Share of what was bought that was not returned, at least 0."""
        bought = float(self.orders.amount.sum())
        return max(1.0 - self.returned / bought, 0.0) if bought else 0.0

    def brought(self) -> Array:
        """Return what a client pays within 0, 1, ... months of the first purchase, (months + 1,).

        The sum of what each month brought to a client who has been there so long, returns left
        out; unlike the cohorts' it counts from the day of the first purchase.
        """
        age = ((self.end - self.orders.first) // MONTH).astype(np.int64)
        since = (self.orders.day - self.orders.first[self.orders.client]) / MONTH
        month = np.ceil(since).astype(np.int64)
        seen = month <= age[self.orders.client]
        most = int(age.max())
        there = np.cumsum(np.bincount(age, minlength=most + 1)[::-1])[::-1]
        paid = np.bincount(month[seen], self.orders.amount[seen], most + 1)
        total: Array = np.cumsum(paid / there)
        return total

    @property
    def repeaters(self) -> int:
        """Clients who have bought on more than one day."""
        return int((np.bincount(self.orders.client) > 1).sum())

    @property
    def middle(self) -> int:
        """Last day of the log's first half."""
        return (int(self.orders.day.min()) + self.end) // 2

    @property
    def steadiness(self) -> float:
        """Share of the months from a client's second to his last in which he bought, 0-1.

        NaN where clients have fewer than 20 such months together.
        """
        if self.cohorts is None:
            return np.nan
        steps = float(np.nansum(self.cohorts.survivors[:, 1:]))
        bought = float(np.nansum(self.cohorts.active[:, 1:]))
        return bought / steps if steps >= STEPS else np.nan

    @property
    def contractual(self) -> bool:
        """Whether clients buy every month until they buy no more."""
        return self.steadiness >= STEADY


def _rows(log: Orders, kept: NDArray[np.bool_]) -> Orders:
    """Keep some purchases, and the clients who made them."""
    seen, place = np.unique(log.client[kept], return_inverse=True)
    clients: NDArray[Any] = log.clients[seen]
    return Orders(client=place, day=log.day[kept], amount=log.amount[kept], clients=clients)


def _cohorts(log: Orders, orders: Orders, end: int) -> Cohorts | None:
    """Count the months that are over; what was returned before the first purchase is left out."""
    last = int(months_of(end + 1)) - 1
    month = months_of(orders.day)
    past = month <= last
    if not past.any():
        return None
    bought = Cohorts.of(orders.client[past], month[past], orders.amount[past], last)
    place = np.searchsorted(orders.clients, log.clients).clip(max=orders.clients.size - 1)
    known = (orders.clients[place] == log.clients)[log.client]
    month = months_of(log.day)
    since = month >= months_of(orders.first)[place[log.client]]
    kept = known & since & (month <= last)
    paid = Cohorts.of(log.client[kept], month[kept], log.amount[kept], last)
    return replace(bought, value=paid.value)
