"""Money that comes later than the sale: instalments, what they freeze and what they cost."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.books import Books
from funnelkit.model.quantity import checked

__all__ = ["CashFlow", "cash_flow"]

Array = NDArray[np.float64]

DAYS_A_MONTH = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CashFlow:
    """What late payment does to the period's money; shapes of the books.

    Attributes
    ----------
    mean_delay : ndarray
        Days from sale to payment.
    frozen : ndarray
        Revenue that is sold and not yet paid, client's currency.
    fee : ndarray
        Kept by the bank.
    cash_gap : ndarray
        All costs less what is paid in time; above 0 it has to be financed.
    net_after_fee : ndarray
        Net profit less the fee.
    """

    mean_delay: Array
    frozen: Array
    fee: Array
    cash_gap: Array
    net_after_fee: Array


def cash_flow(
    books: Books,
    *,
    payment_delay: ArrayLike = 0.0,
    share: ArrayLike = 0.0,
    months: ArrayLike = 0.0,
    fee_rate: ArrayLike = 0.0,
    days: float = DAYS_A_MONTH,
) -> CashFlow:
    """Work out the cash of a period, of the channels or in total.

    Parameters
    ----------
    books : Books
    payment_delay : array_like
        Days between a sale and its payment, instalments apart; as the others it broadcasts with
        the books.
    share : array_like
        Share of the revenue that is paid in instalments, 0–1.
    months : array_like
        Months over which the instalments run.
    fee_rate : array_like
        What the bank keeps of a sale in instalments, 0–1.
    days : float
        Length of the period.

    Raises
    ------
    ValueError
        For a share outside 0–1, a negative delay or number of months, or a period of no days.
    """
    share = checked("share", share, high=1.0)
    if not days > 0:
        raise ValueError(f"days must be more than 0, got {days:g}")
    spread = share * checked("months", months) * DAYS_A_MONTH / 2.0
    mean_delay = checked("payment_delay", payment_delay) + spread
    frozen = books.revenue * mean_delay / days
    fee = books.revenue * share * checked("fee_rate", fee_rate, high=1.0)
    return CashFlow(
        mean_delay=mean_delay,
        frozen=frozen,
        fee=fee,
        cash_gap=books.outflow - books.revenue + frozen,
        net_after_fee=books.net_profit - fee,
    )
