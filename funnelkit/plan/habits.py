"""How clients who come and go buy again: fitted to half of their log, and to all of it.

What the first half says of the second shows how far the fit to the whole can be trusted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.quantity import over
from funnelkit.plan.bgnbd import Bgnbd, check_bgnbd, fit_bgnbd, track_bgnbd
from funnelkit.plan.clientele import WEEK, Clientele
from funnelkit.plan.gammagamma import GammaGamma, fit_gammagamma
from funnelkit.plan.lifetime import Check, Fit, LifetimeError
from funnelkit.plan.orders import Buyers

__all__ = ["TOP", "Fitted", "Habits", "tried"]

Array = NDArray[np.float64]
F = TypeVar("F")

TOP = 7
"""Repeat purchases from which on clients are counted together."""


def tried(fit: Callable[[], F]) -> F | LifetimeError:
    """Fit, or return why there is no fit."""
    try:
        return fit()
    except LifetimeError as error:
        return error


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What was fitted to some time of the log, or why nothing was.

    Attributes
    ----------
    buyers : Buyers
        Clients' histories, in weeks.
    purchases : Fit of Bgnbd or LifetimeError
    spend : Fit of GammaGamma or LifetimeError
        From the clients who bought again and paid for it.
    """

    buyers: Buyers
    purchases: Fit[Bgnbd] | LifetimeError
    spend: Fit[GammaGamma] | LifetimeError

    @classmethod
    def to(cls, buyers: Buyers) -> Self:
        """Fit both models."""
        paying = (buyers.repeats > 0) & (buyers.spend > 0)
        return cls(
            buyers=buyers,
            purchases=tried(lambda: fit_bgnbd(buyers)),
            spend=tried(lambda: fit_gammagamma(_some(buyers, paying))),
        )


def _some(buyers: Buyers, kept: NDArray[np.bool_]) -> Buyers:
    return Buyers(
        repeats=buyers.repeats[kept],
        last=buyers.last[kept],
        age=buyers.age[kept],
        spend=buyers.spend[kept],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How clients buy again.

    Attributes
    ----------
    clientele : Clientele
    half : Fitted
        To the first half of the log.
    whole : Fitted
        To all of it.
    """

    clientele: Clientele
    half: Fitted
    whole: Fitted

    @classmethod
    def of(cls, clientele: Clientele) -> Self:
        """Fit the models."""
        orders, middle = clientele.orders, clientele.middle
        return cls(
            clientele=clientele,
            half=Fitted.to(orders.until(middle).buyers(middle, WEEK)),
            whole=Fitted.to(orders.buyers(clientele.end, WEEK)),
        )

    @property
    def weeks(self) -> NDArray[np.int64]:
        """Ends of the weeks of the log, days since 1970-01-01, the whole ones up to its end."""
        first = int(self.clientele.orders.day.min())
        return np.arange(first + 6, self.clientele.end + 1, 7)

    def tracked(self) -> Check | LifetimeError:
        """Lay repeat purchases foretold from the first half beside those made, week by week.

        Of the clients who came in the first half, up to the end of each of `weeks`; where there is
        no fit, the reason.
        """
        if isinstance(self.half.purchases, LifetimeError):
            return self.half.purchases
        known = self.clientele.orders.joined_by(self.clientele.middle)
        return track_bgnbd(self.half.purchases.model, known, self.weeks, WEEK)

    def foretold(self) -> Check | LifetimeError:
        """Foretell each client's purchases of the second half, beside those made.

        Of the clients who came in the first half; the reason where there is no fit.

        Returns
        -------
        Check or LifetimeError
            With arrays of shape (clients,).
        """
        if isinstance(self.half.purchases, LifetimeError):
            return self.half.purchases
        orders, middle = self.clientele.orders, self.clientele.middle
        known = orders.joined_by(middle)
        later = np.bincount(known.client[known.day > middle], minlength=known.clients.size).astype(
            float
        )
        time = (self.clientele.end - middle) / WEEK
        return Check(
            predicted=self.half.purchases.model.purchases(self.half.buyers, time), actual=later
        )

    def foretold_by_repeats(self) -> Check | LifetimeError:
        """Average `foretold` over the clients with 0, 1, ... and 7 or more repeat purchases.

        In the first half; figure 4 of the paper. NaN where there is no such client.
        """
        each = self.foretold()
        if isinstance(each, LifetimeError):
            return each
        group = np.minimum(self.half.buyers.repeats, TOP).astype(np.int64)
        clients = np.bincount(group, minlength=TOP + 1).astype(float)

        def mean(values: Array) -> Array:
            total = np.bincount(group, values, minlength=TOP + 1)
            return over(np.asarray(total, dtype=float), clients)

        return Check(
            predicted=mean(each.predicted),
            actual=mean(each.actual),
        )

    def counted(self) -> Check | LifetimeError:
        """Count clients by their repeat purchases in the whole log, beside the fit to it."""
        if isinstance(self.whole.purchases, LifetimeError):
            return self.whole.purchases
        return check_bgnbd(self.whole.purchases.model, self.whole.buyers, TOP)
