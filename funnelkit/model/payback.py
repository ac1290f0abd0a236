"""Months until a client has paid back what winning them cost."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.quantity import over

__all__ = ["payback_with_churn", "payback_without_churn"]


def payback_without_churn(
    cac: ArrayLike, arpu: ArrayLike, margin: ArrayLike
) -> NDArray[np.float64]:
    """CAC / (ARPU x margin), months; NaN where a month earns nothing.

    Examples
    --------
    >>> round(float(payback_without_churn(800, 120, 0.8)), 2)
    8.33
    """
    monthly = np.multiply(arpu, margin, dtype=float)
    return over(np.asarray(cac, dtype=float), np.where(monthly > 0, monthly, np.nan))


def payback_with_churn(
    cac: ArrayLike, arpu: ArrayLike, margin: ArrayLike, churn: ArrayLike
) -> NDArray[np.float64]:
    """Months until clients who leave at a monthly `churn` (0–1) have paid back their CAC.

    ``ln(1 - CAC * churn / (ARPU * margin)) / ln(1 - churn)``: months in which those who are left
    earn the CAC. NaN where they never do, CAC >= LTV; without churn as `payback_without_churn`.
    """
    plain = payback_without_churn(cac, arpu, margin)
    leaving = np.asarray(churn, dtype=float)
    of_ltv = plain * leaving
    never = (leaving > 0) & ~(of_ltv < 1)
    with np.errstate(divide="ignore"):  # all leave at once: the logarithm of 0 makes 0 months
        months = over(np.log1p(-np.where(never, 0.0, of_ltv)), np.log1p(-leaving))
    return np.where(never, np.nan, np.where(leaving == 0, plain, months))
