"""A business: what a plan does not move, and the full set of its levers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.levers import LEVERS
from funnelkit.model.products import Product, known_levers

__all__ = ["Business", "filled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """What a plan does not move: stocks, delays, capacity per head, the product line.

    Attributes
    ----------
    active_customers : array_like
        Clients at the start of month 0, one number or an array of the leading axes: measured,
        not assumed steady.
    sales_cycle : tuple of float
        Share of deals closed 0, 1, 2 ... months after the lead was worked on; sums to 1.
    leads_per_manager : float
        Leads that a sales manager gets through in a month; infinite where capacity is no matter.
    overflow : {"wait", "lost"}
        What becomes of leads above the team's capacity.
    backlog : float
        Leads already waiting at the start of month 0.
    discount : float
        Monthly discount rate of LTV.
    line : tuple of Product
        The product line; empty where `average_check`, `purchase_rate` and `repeat_check` stand
        for it.

    Raises
    ------
    ValueError
        If the sales cycle has a negative share or does not sum to 1, or the backlog is negative.
    """

    active_customers: ArrayLike = 0.0
    sales_cycle: tuple[float, ...] = (1.0,)
    leads_per_manager: float = np.inf
    overflow: Literal["wait", "lost"] = "wait"
    backlog: float = 0.0
    discount: float = 0.0
    line: tuple[Product, ...] = ()

    def __post_init__(self) -> None:
        shares = self.sales_cycle
        if not (shares and min(shares) >= 0 and abs(sum(shares) - 1.0) <= 1e-9):
            raise ValueError(f"sales_cycle must be shares that sum to 1, got {self.sales_cycle}")
        if self.backlog < 0:
            raise ValueError(f"backlog must be 0 or more, got {self.backlog}")


def filled(
    levers: Mapping[str, ArrayLike], line: tuple[Product, ...]
) -> dict[str, NDArray[np.float64]]:
    """Fill in the levers nobody named; KeyError for names that mean nothing to this business."""
    known = known_levers(line)
    unknown = set(levers) - known
    if unknown:
        raise KeyError(f"unknown levers: {', '.join(sorted(unknown))}")
    missing = known - set(levers) - set(LEVERS)
    if missing:
        raise KeyError(f"the product line lacks: {', '.join(sorted(missing))}")
    absent = {name: lever.absent for name, lever in LEVERS.items() if name in known}
    return {
        name: np.atleast_1d(np.asarray(value, dtype=float))
        for name, value in (absent | dict(levers)).items()
    }
