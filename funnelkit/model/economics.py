"""What an order is worth, what advertising and the company cost: the marketer's inputs."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from funnelkit.model.quantity import checked, one_of

__all__ = ["SUMS", "Company", "Economics"]

_SHARES = (
    *("redeemed_share", "returned_share", "repeat_share"),
    *("vat_in_prices", "variable_share", "ad_vat", "agency_share"),
)
SUMS = ("agency_fee", "production", "fixed_costs", "sales_cost")
"""Costs that do not grow with traffic: a channel's own, and the company's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Economics:
    """What the channels' orders are worth and cost; array_like of shape (..., channels).

    Money is client's currency. What is not given and is no matter of course (an agency, VAT,
    returns) does not apply; a check or a cost of goods not given is missing.

    Attributes
    ----------
    check : array_like
        What a paid order brings, VAT included where prices include it.
    redeemed_share, returned_share, repeat_share : array_like
        Shares of the orders that are redeemed, of these returned, of the paid ones that come from
        existing clients; 0–1.
    vat_in_prices : array_like
        VAT that prices and unit cost include, as a share of the net price; 0 where they do not.
    unit_cost, margin : array_like
        Cost of the goods of an order, or instead share of the revenue left after them (at most
        1); one of the two a channel.
    variable_share : array_like
        Further variable costs as a share of the revenue, 0–1.
    ad_vat, agency_share : array_like
        VAT on media, and the agency's share of media, 0–1.
    agency_fee, production : array_like
        Fixed sums a channel in the period.
    fixed_costs, sales_cost : array_like, optional
        The channel's own. Missing where the company does not name them either.

    Raises
    ------
    ValueError
        For a share outside 0–1, a negative sum, a margin above 1 or beside a unit cost.
    """

    check: ArrayLike = np.nan
    redeemed_share: ArrayLike = 1.0
    returned_share: ArrayLike = 0.0
    repeat_share: ArrayLike = 0.0
    vat_in_prices: ArrayLike = 0.0
    unit_cost: ArrayLike = np.nan
    margin: ArrayLike = np.nan
    variable_share: ArrayLike = 0.0
    ad_vat: ArrayLike = 0.0
    agency_share: ArrayLike = 0.0
    agency_fee: ArrayLike = 0.0
    production: ArrayLike = 0.0
    fixed_costs: ArrayLike | None = None
    sales_cost: ArrayLike | None = None

    def __post_init__(self) -> None:
        _check(self, shares=_SHARES, sums=("check", "unit_cost", *SUMS))
        margin = checked("margin", self.margin, low=-np.inf, high=1.0)
        if (~np.isnan(margin) & ~np.isnan(checked("unit_cost", self.unit_cost))).any():
            raise ValueError("unit_cost and margin are two ways to one cost: give one a channel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What belongs to no channel and stands in the total alone; array_like of shape (...).

    Attributes
    ----------
    agency_fee, production : array_like
        Fixed sums in the period, client's currency.
    fixed_costs, sales_cost : array_like, optional
        Missing where the channels do not name them either.
    tax_on : {"profit", "turnover"}
        Tax is a share of EBITDA, and never below 0, or of the revenue.
    tax_rate : array_like
        Share, 0–1.

    Raises
    ------
    ValueError
        For a negative sum, a rate outside 0–1 or another base of tax.
    """

    agency_fee: ArrayLike = 0.0
    production: ArrayLike = 0.0
    fixed_costs: ArrayLike | None = None
    sales_cost: ArrayLike | None = None
    tax_on: Literal["profit", "turnover"] = "profit"
    tax_rate: ArrayLike = 0.0

    def __post_init__(self) -> None:
        _check(self, shares=("tax_rate",), sums=SUMS)
        one_of("tax_on", self.tax_on, ("profit", "turnover"))


def _check(given: object, *, shares: tuple[str, ...], sums: tuple[str, ...]) -> None:
    for name in shares:
        checked(name, getattr(given, name), high=1.0)
    for name in sums:
        checked(name, getattr(given, name))
