"""An order log by client: how often and how long ago he bought, and for how much."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.plan.lifetime import Lack, LifetimeError

__all__ = ["Buyers", "Orders"]

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyers:
    """What each client has bought; the last axis of every array is the client.

    Attributes
    ----------
    repeats : ndarray, shape (clients,)
        Purchases after the first one, x.
    last : ndarray, shape (clients,)
        Time from the first purchase to the last, t_x; 0 without repeats.
    age : ndarray, shape (clients,)
        Time from the first purchase to the end of the log, T.
    spend : ndarray, shape (clients,)
        Mean of the repeat purchases, client's currency; NaN without repeats.
    """

    repeats: Array
    last: Array
    age: Array
    spend: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """Purchases in order of client and day; a client's orders of one day are one purchase.

    Attributes
    ----------
    client : ndarray of int, shape (purchases,)
        Place of the client among `clients`.
    day : ndarray of int, shape (purchases,)
        Days since 1970-01-01, or from where the log counts.
    amount : ndarray, shape (purchases,)
        Client's currency.
    clients : ndarray, shape (clients,)
        Clients as the log names them, sorted.
    """

    client: Whole
    day: Whole
    amount: Array
    clients: NDArray[Any]

    @classmethod
    def of(cls, client: ArrayLike, day: ArrayLike, amount: ArrayLike) -> Self:
        """Sort a log, and add up each client's orders of a day.

        Parameters
        ----------
        client : array_like, shape (orders,)
            Any numbers or texts.
        day : array_like, shape (orders,)
            Whole days as numbers or dates.
        amount : array_like, shape (orders,)
            Client's currency.

        Raises
        ------
        LifetimeError
            For arrays of different lengths, days that are missing or not whole, and amounts that
            are missing.
        """
        who, when, money = np.asarray(client), np.asarray(day), np.asarray(amount, dtype=float)
        if not who.shape == when.shape == money.shape == (who.size,):
            raise LifetimeError(Lack.SHAPE, float(when.size))
        dated = when.dtype.kind == "M"
        when = when.astype("datetime64[D]") if dated else np.asarray(when, dtype=float)
        wrong = np.isnat(when) if dated else ~np.isfinite(when) | (when != np.round(when))
        for bad in (wrong, ~np.isfinite(money)):
            if bad.any():
                raise LifetimeError(Lack.RANGE, float(np.argmax(bad)))
        days = when.view(np.int64) if dated else when.astype(np.int64)
        number, names = _numbered(who)
        number, days, order = _sorted(number, days)
        money = money[order]
        del order  # of millions of orders as much as all their money
        other = np.ones(number.size, dtype=bool)
        other[1:] = number[1:] != number[:-1]
        new = other.copy()
        new[1:] |= days[1:] != days[:-1]
        begin = np.flatnonzero(new)
        return cls(
            client=np.cumsum(other[begin]) - 1,
            day=days[begin],
            amount=np.add.reduceat(money, begin) if begin.size else money,
            clients=names[number[other]],
        )

    def until(self, day: int) -> Self:
        """Keep the purchases up to a day, and of the clients those who had bought by then."""
        kept = self.day <= day
        seen, place = np.unique(self.client[kept], return_inverse=True)
        return type(self)(
            client=place,
            day=self.day[kept],
            amount=self.amount[kept],
            clients=self.clients[seen],
        )

    def joined_by(self, day: int) -> Self:
        """Keep the clients who had bought by a day, with all that they have bought since."""
        seen = self.first <= day
        kept = seen[self.client]
        return type(self)(
            client=(np.cumsum(seen) - 1)[self.client[kept]],
            day=self.day[kept],
            amount=self.amount[kept],
            clients=self.clients[seen],
        )

    @property
    def first_amount(self) -> Array:
        """What each client's first purchase came to, shape (clients,)."""
        amount: Array = self.amount[np.searchsorted(self.client, np.arange(self.clients.size))]
        return amount

    @property
    def first(self) -> Whole:
        """Day of each client's first purchase, shape (clients,)."""
        day: Whole = self.day[np.searchsorted(self.client, np.arange(self.clients.size))]
        return day

    def buyers(self, end: int, unit: float = 1.0) -> Buyers:
        """Summarise the purchases by client, as the models of the paper take them.

        Parameters
        ----------
        end : int
            Last day of the log, by which nobody's purchase is unseen; in days as `day` has them.
        unit : float
            Days in a unit of time: 7 for weeks.

        Raises
        ------
        LifetimeError
            For purchases after the end.
        """
        if self.day.max(initial=end) > end:
            raise LifetimeError(Lack.RANGE, float(self.day.max()))
        count = np.bincount(self.client, minlength=self.clients.size)
        begin = np.cumsum(count) - count
        first, last = self.day[begin], self.day[begin + count - 1]
        # the first purchase is left out before adding, so that no rounding of it remains
        later = self.amount.copy()
        later[begin] = 0.0
        total = np.add.reduceat(later, begin) if begin.size else later
        repeats = np.asarray(count - 1, dtype=float)
        spend = np.divide(total, repeats, out=np.full(repeats.shape, np.nan), where=repeats > 0)
        return Buyers(
            repeats=repeats,
            last=(last - first) / unit,
            age=(end - first) / unit,
            spend=spend,
        )


def _numbered(who: NDArray[Any]) -> tuple[Whole, NDArray[Any]]:
    """Return a number for each order's client, in the order of their names, and the names.

    Whole numbers in a narrow range, as most systems number clients, take no sorting; some may be
    nobody's.
    """
    if who.size and who.dtype.kind in "iu":
        low, high = int(who.min()), int(who.max())
        if high - low < 4 * who.size and high + 1 < 1 << 63:
            return who.astype(np.int64, copy=False) - low, np.arange(low, high + 1)
    names, number = np.unique(who, return_inverse=True)
    return number.astype(np.int64), names


def _sorted(number: Whole, days: Whole) -> tuple[Whole, Whole, Whole]:
    """Sort by client and then by day; return both so, and where each order was.

    Where client, day and place of the order fit into one number, these are sorted: that takes a
    tenth of what sorting their places does.
    """
    if days.size:
        low = int(days.min())
        of_day, of_place = (int(days.max()) - low).bit_length(), days.size.bit_length()
        if int(number.max()).bit_length() + of_day + of_place < 63:
            packed = number << of_day  # in place from here on: such a log fills much memory
            packed |= days - low
            packed <<= of_place
            packed |= np.arange(days.size)
            packed.sort()
            day = packed >> of_place
            packed &= (1 << of_place) - 1
            number = day >> of_day
            day &= (1 << of_day) - 1
            day += low
            return number, day, packed
    order = np.lexsort((days, number))
    return number[order], days[order], order
