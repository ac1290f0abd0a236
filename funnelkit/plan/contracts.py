"""How clients with a contract stay: fitted to half of their months, and to all of them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.quantity import over
from funnelkit.plan.clientele import Clientele, months_of
from funnelkit.plan.cohorts import MOST, Cohorts
from funnelkit.plan.habits import tried
from funnelkit.plan.lifetime import Check, Fit, Lack, LifetimeError
from funnelkit.plan.sbg import Sbg, check_sbg, fit_sbg

__all__ = ["Contracts", "Standing"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracts:
    """How clients renew, month by month.

    Attributes
    ----------
    clientele : Clientele
        With cohorts.
    cohorts : Cohorts
    half : Fit of Sbg or LifetimeError
        To the first half of the months.
    whole : Fit of Sbg or LifetimeError
        To all months.
    """

    clientele: Clientele
    cohorts: Cohorts
    half: Fit[Sbg] | LifetimeError
    whole: Fit[Sbg] | LifetimeError

    @classmethod
    def of(cls, clientele: Clientele) -> Self:
        """Fit the model.

        Raises
        ------
        LifetimeError
            Where no month is over.
        """
        cohorts = clientele.cohorts
        if cohorts is None:
            raise LifetimeError(Lack.PERIODS, 0.0)
        early = clientele.orders.until(_half(cohorts))
        first = Cohorts.of(early.client, months_of(early.day), early.amount)
        return cls(
            clientele=clientele,
            cohorts=cohorts,
            half=tried(lambda: fit_sbg(first.survivors)),
            whole=tried(lambda: fit_sbg(cohorts.survivors)),
        )

    def survived(self) -> Check | LifetimeError:
        """Foretell how many clients are left after 1, 2, ... renewals, beside those counted.

        From the first half of the months, of the cohorts that came in it; the reason where there
        is no fit.
        """
        if isinstance(self.half, LifetimeError):
            return self.half
        middle = int(months_of(_half(self.cohorts)))
        early = self.cohorts.first <= middle
        return check_sbg(self.half.model, self.cohorts.survivors[early])

    @property
    def last_half_age(self) -> int:
        """Renewals that the oldest clients had made by the end of the first half."""
        return int(months_of(_half(self.cohorts)) - self.cohorts.first[0])

    @property
    def standing(self) -> "Standing":
        """Where each client stands at the end of the last month that is over."""
        orders = self.clientele.orders
        month = months_of(orders.day)
        last = int(self.cohorts.first[0]) + self.cohorts.active.shape[1] - 1
        age = month - months_of(orders.first)[orders.client]
        past = (age > 0) & (month <= last)
        who, clients = orders.client[past], orders.clients.size
        renewed = np.bincount(np.unique(who * MOST + age[past]) // MOST, minlength=clients)
        paid = np.asarray(np.bincount(who, orders.amount[past], clients), dtype=float)
        mean = over(np.array(paid.sum()), np.array(float(renewed.sum())))
        there = np.zeros(clients)
        there[orders.client[month == last]] = 1.0
        return Standing(
            there=there,
            done=np.maximum(last - months_of(orders.first), 0),
            fee=np.where(renewed > 0, over(paid, renewed.astype(float)), mean),
            mean_fee=float(mean),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where clients with a contract stand.

    Attributes
    ----------
    there : ndarray, shape (clients,)
        1 for who has paid for the last month, 0 for who has not.
    done : ndarray of int, shape (clients,)
        Renewals that one who is there has made.
    fee : ndarray, shape (clients,)
        What each has paid for a renewal, the mean of all where he has made none.
    mean_fee : float
        Client's currency.
    """

    there: Array
    done: NDArray[np.int64]
    fee: Array
    mean_fee: float


def _half(cohorts: Cohorts) -> int:
    """Return the last day of the first half of the months, days since 1970-01-01."""
    months = cohorts.first[0] + cohorts.active.shape[1] // 2
    return int(np.datetime64(int(months), "M").astype("datetime64[D]").astype(np.int64)) - 1
