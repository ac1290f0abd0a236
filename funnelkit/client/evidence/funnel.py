"""What deals say: leads, conversions, the signed check and how long a deal takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import fsum

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.evidence.evidence import Lack, Measured
from funnelkit.client.evidence.period import Period
from funnelkit.client.evidence.sales import month_number
from funnelkit.client.evidence.stages import OPEN, WON
from funnelkit.client.evidence.tables import Table
from funnelkit.plan.uncertainty import Counts

__all__ = ["Funnel", "conversions", "funnel", "won_in"]

LONGEST = 36
"""Months of a sales cycle, as many as a client's file may have."""

Rows = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """What deals say of a period, as in `Evidence`."""

    levers: Mapping[str, Measured] = field(default_factory=dict)
    leads: float = float("nan")
    sales_cycle: tuple[float, ...] = ()
    cycle: Measured | None = None
    closed: Measured | None = None
    open_deals: float = float("nan")
    lacking: Mapping[str, Lack] = field(default_factory=dict)


def conversions(deals: Table, rows: Rows, *, stages: bool) -> tuple[Counts | None, Counts | None]:
    """Count the qualified and the won among deals that are decided; None without any.

    Parameters
    ----------
    deals : Table
    rows : ndarray of bool, shape (deals,)
        Which to count.
    stages : bool
        Whether the client's file names stages that only qualified leads reach.
    """
    decided = rows & (deals["state"] != OPEN)
    of = float(decided.sum())
    if not of:
        return None, None
    won = float((decided & (deals["state"] == WON)).sum())
    qualified = float((decided & (deals["qualified"] | (deals["state"] == WON))).sum())
    return Counts(won=qualified, of=of) if stages else None, Counts(won=won, of=of)


def won_in(deals: Table, period: Period) -> Rows:
    """Tell which deals were closed as won in a period, shape (deals,)."""
    closed = deals["closed"]
    rows: Rows = (
        (deals["state"] == WON)
        & (closed >= np.datetime64(period.first))
        & (closed <= np.datetime64(period.last))
    )
    return rows


def funnel(deals: Table, period: Period, *, stages: bool) -> Funnel:
    """Measure a period: conversions by the month of creation, checks by that of closing."""
    created = deals.between(period.first, period.last)
    levers: dict[str, Measured] = {}
    lacking: dict[str, Lack] = {}

    def measured(value: float, counts: Counts | None = None) -> Measured:
        return Measured(
            value=value, counts=counts, files=deals.files, first=period.first, last=period.last
        )

    qualified, won = conversions(deals, created, stages=stages)
    closed = measured(won.value, won) if won else None
    if won is None:
        lacking |= dict.fromkeys(("win_rate", "qualified_rate"), Lack.NONE_DECIDED)
    elif qualified is None:
        levers["win_rate"] = measured(won.value, won)
        lacking["qualified_rate"] = Lack.NO_QUALIFIED
    else:
        levers["qualified_rate"] = measured(qualified.value, qualified)
        if qualified.won:
            of_qualified = Counts(won=won.won, of=qualified.won)
            levers["win_rate"] = measured(of_qualified.value, of_qualified)
        else:
            lacking["win_rate"] = Lack.NONE_DECIDED
    signed = won_in(deals, period)
    check = signed & (deals["amount"] > 0)
    if check.any():
        levers["average_check"] = measured(fsum(deals["amount"][check]) / float(check.sum()))
    else:
        dated = not np.isnat(deals["closed"][deals["state"] == WON]).all()
        lacking["average_check"] = Lack.NOTHING_SOLD if dated else Lack.NO_CLOSING
    lags = month_number(deals["closed"][signed]) - month_number(deals.day[signed])
    lags = lags[~np.isnat(deals.day[signed]) & (lags >= 0)]
    shares: tuple[float, ...] = ()
    if lags.size:
        counted = np.bincount(np.minimum(lags, LONGEST - 1))
        shares = tuple(float(n) / lags.size for n in counted)
    else:
        lacking["sales_cycle"] = Lack.NO_CLOSING
    total = float(created.sum())
    return Funnel(
        levers=levers,
        leads=total,
        sales_cycle=shares,
        cycle=measured(float(lags.mean())) if lags.size else None,
        closed=closed,
        open_deals=float((created & (deals["state"] == OPEN)).sum()) / total
        if total
        else float("nan"),
        lacking=lacking,
    )
