"""The product line: what a new client signs at first, and what an active client signs a month.

A line replaces the first check and purchases x repeat check by sums of take rate x price over its
products. A business without a line is a line of two: its first sale and its repeat sales.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.levers import LEVERS, Stage, Unit

__all__ = [
    "FIRST",
    "REPLACED_BY_LINE",
    "SUMMED_UP",
    "Offer",
    "Product",
    "Role",
    "aggregate",
    "is_share",
    "known_levers",
    "offer",
    "parameter_of",
    "product_lever",
    "scaled",
    "stage_of",
]

Levers = Mapping[str, ArrayLike]

SUMMED_UP = ("average_check", "purchase_rate", "repeat_check")
"""Levers that a product line sums up and that move it in proportion."""

REPLACED_BY_LINE = (*SUMMED_UP, "margin")
"""Levers that a business with a product line does not have beside it."""


class Role(StrEnum):
    """A product's place in the line; it decides whether the product sells first or again."""

    LEAD_MAGNET = "lead_magnet"
    TRIPWIRE = "tripwire"
    CORE = "core"
    UPSELL = "upsell"
    RECURRING = "recurring"


FIRST = frozenset({Role.LEAD_MAGNET, Role.TRIPWIRE, Role.CORE})
"""Roles sold to new clients; the others are sold to active clients, month by month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product of the line; its take rate, price and margin are levers.

    Attributes
    ----------
    name : str
        Key of its levers, unique in the line.
    role : Role
        Decides whether `take_rate` counts purchases per new client or per active client and month.
    """

    name: str
    role: Role

    @property
    def first(self) -> bool:
        """Whether the product is sold to new clients."""
        return self.role in FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A line's numbers, one row a product.

    Attributes
    ----------
    first : ndarray of bool, shape (products,)
        True where the product is sold to new clients.
    signed : ndarray, shape (..., products, months)
        Take rate x price: signed per new client, or per active client and month.
    margin : ndarray, shape (..., products, months)
        Share of the signed sum left after direct costs.
    """

    first: NDArray[np.bool_]
    signed: NDArray[np.float64]
    margin: NDArray[np.float64]


def product_lever(kind: str, product: str) -> str:
    """Name the lever `kind` (``take_rate``, ``price`` or ``margin``) of a product."""
    return f"{kind}.{product}"


def parameter_of(name: str, line: tuple[Product, ...]) -> str:
    """Name the lever of the table that a product's lever belongs to.

    Examples
    --------
    >>> course = Product(name="course", role=Role.RECURRING)
    >>> parameter_of("take_rate.course", (course,))
    'purchase_rate'
    """
    if name in LEVERS:
        return name
    kind, _, key = name.partition(".")
    if kind == "margin":
        return "margin"
    if any(product.name == key and product.first for product in line):
        return "average_check"
    return "purchase_rate" if kind == "take_rate" else "repeat_check"


@lru_cache(maxsize=64)
def known_levers(line: tuple[Product, ...]) -> frozenset[str]:
    """Name all levers of a business: the table's and, with a line, its products' for some."""
    if not line:
        return frozenset(LEVERS)
    kinds = ("take_rate", "price", "margin")
    of_line = {product_lever(kind, product.name) for product in line for kind in kinds}
    return frozenset(set(LEVERS).difference(REPLACED_BY_LINE) | of_line)


def is_share(name: str, line: tuple[Product, ...]) -> bool:
    """Whether a lever cannot exceed 1: a share of the table, or a product's margin."""
    if name in LEVERS:
        return LEVERS[name].unit is Unit.SHARE
    return parameter_of(name, line) == "margin"


def stage_of(name: str, line: tuple[Product, ...]) -> Stage:
    """Return the stage that answers for a lever, one of the table or of a product."""
    return LEVERS[parameter_of(name, line)].stage


def offer(levers: Levers, line: tuple[Product, ...]) -> Offer:
    """Collect the line's take rates, prices and margins into one array each.

    Parameters
    ----------
    levers : mapping of str to array_like, each of shape (..., months)
        With a line ``take_rate.NAME``, ``price.NAME`` and ``margin.NAME`` of each product, else
        `average_check`, `purchase_rate`, `repeat_check` and `margin`.
    line : tuple of Product
        Empty for a business without a product line.
    """
    if not line:
        both = np.stack(
            np.broadcast_arrays(
                levers["average_check"],
                np.multiply(levers["purchase_rate"], levers["repeat_check"]),
            ),
            axis=-2,
        )
        margin = np.asarray(levers["margin"], dtype=float)[..., np.newaxis, :]
        return Offer(first=np.array([True, False]), signed=both, margin=margin)

    def rows(kind: str) -> NDArray[np.float64]:
        values = [levers[product_lever(kind, product.name)] for product in line]
        return np.stack(np.broadcast_arrays(*values), axis=-2)

    return Offer(
        first=np.array([product.first for product in line]),
        signed=rows("take_rate") * rows("price"),
        margin=rows("margin"),
    )


def _totals(
    levers: Mapping[str, float], line: tuple[Product, ...], *, first: bool
) -> tuple[float, float]:
    """Sum of take rates and of take rates x prices over the products sold first, or again."""
    names = [product.name for product in line if product.first is first]
    takes = sum(levers[product_lever("take_rate", name)] for name in names)
    return takes, sum(_signed(levers, name) for name in names)


def _signed(levers: Mapping[str, float], product: str) -> float:
    return levers[product_lever("take_rate", product)] * levers[product_lever("price", product)]


def aggregate(levers: Mapping[str, float], line: tuple[Product, ...], name: str) -> float:
    """Read `average_check`, `purchase_rate`, `repeat_check` or `margin` off a product line.

    The first check is the sum of take rate x price over what new clients buy; purchases per
    active client and month are the sum of take rates over what is sold again, and the repeat
    check is their average price, NaN where nothing is sold again. The margin is the products'
    average, weighted by take rate x price; NaN where nothing is sold. Other levers, and those of
    a business without a line, are returned as they are.
    """
    if not line or name not in REPLACED_BY_LINE:
        return levers[name]
    if name == "margin":
        sums = {p.name: _signed(levers, p.name) for p in line}
        total = sum(sums.values())
        earned = sum(s * levers[product_lever("margin", key)] for key, s in sums.items())
        return earned / total if total else float("nan")
    takes, signed = _totals(levers, line, first=name == "average_check")
    if name == "average_check":
        return signed
    if name == "purchase_rate":
        return takes
    return signed / takes if takes else float("nan")


def scaled(
    levers: Mapping[str, float], line: tuple[Product, ...], name: str, value: float
) -> dict[str, float]:
    """Set a lever; on a product line move what it sums up in proportion.

    `average_check` moves the prices of what new clients buy, `repeat_check` the prices and
    `purchase_rate` the take rates of what is sold again. So one slider moves a whole line, as the
    visitors' slider moves all channels.

    Raises
    ------
    ValueError
        If the line's present value is 0 and so has no proportion to keep.
    """
    moved = dict(levers)
    if not line or name not in SUMMED_UP:
        return moved | {name: value}
    present = aggregate(levers, line, name)
    if not present > 0:
        raise ValueError(f"{name} of the product line is {present}: nothing to move in proportion")
    kind = "take_rate" if name == "purchase_rate" else "price"
    for product in line:
        if product.first is (name == "average_check"):
            key = product_lever(kind, product.name)
            moved[key] = levers[key] * value / present
    return moved
