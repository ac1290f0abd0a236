"""Who brings how much of a product's change: the additive logarithmic mean Divisia index, LMDI-I.

Ang (2005), Energy Policy 33, 867-871, and (2015), 86, 233-238; zeros as in Ang & Liu (2007), 35,
238-246. Exact, and independent of the factors' order.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.levers import LEVERS
from funnelkit.model.owner import run
from funnelkit.model.products import product_lever
from funnelkit.plan.scenario import Scenario

__all__ = [
    "FACTORS",
    "NEW_SALES",
    "PEOPLE",
    "REPEAT_SALES",
    "lmdi",
    "lmdi_of_scenario",
    "realised_factors",
]

Array = NDArray[np.float64]

_RATES = ("answered_rate", "qualified_rate", "win_rate")
_OFFER = ("take_rate", "price", "collected")

NEW_SALES = ("worked_leads", *_RATES, *_OFFER, "kept")
"""Factors of a product sold to new clients; their product is its revenue of a month."""

REPEAT_SALES = ("active_customers", *_OFFER)
"""Factors of a product sold to active clients; their product is its revenue of a month."""

PEOPLE = ("worked_leads", *_RATES, "active_customers")
"""Factors that count the buyers: new clients of the month, or active clients."""

FACTORS = (*PEOPLE, *_OFFER, "kept")
"""Factors of either chain, in the order of the funnel."""


def _log_mean(total: Array, rise: Array) -> Array:
    """Average two positive totals, shape (2, ...), whose logarithms differ by `rise`.

    The logarithmic mean (b - a) / ln(b / a), and a where b = a. Near equality the quotient
    loses its digits, so there it is sqrt(a b) sinh(h) / h with h = rise / 2, which is the same.
    """
    near = np.abs(rise) < 1.0
    half = np.where(near, rise, 1.0) / 2.0
    close = np.divide(np.sinh(half), half, out=np.ones_like(half), where=half != 0)
    far = (total[1] - total[0]) / np.where(near, 1.0, rise)
    mean: Array = np.where(near, np.sqrt(total[0]) * np.sqrt(total[1]) * close, far)
    return mean


def lmdi(now: Mapping[str, ArrayLike], plan: Mapping[str, ArrayLike]) -> dict[str, Array]:
    """Split the change of a product of factors over the factors, cell by cell.

    A factor x that moves from x0 to x1 brings L(v1, v0) ln(x1 / x0), v being the product of all
    factors and L the logarithmic mean. Where a product is 0 the analytical limits stand for it:
    the factors that are 0 at that end bring the whole change, in equal parts, and the others
    nothing; where both products are 0, nobody brings anything.

    Parameters
    ----------
    now, plan : mapping of str to array_like, each of shape (...)
        The same factors at both ends; shapes broadcast to the cells (channel x product, say).

    Returns
    -------
    dict of str to ndarray, shape (...)
        Contributions, to be added along any axis: over the factors they are the cell's change.
        NaN where a factor is missing, except where another one makes the product 0.

    Raises
    ------
    ValueError
        If the ends name different factors, or a factor is below 0.

    Examples
    --------
    Twice the leads and a halved win rate cancel out:

    >>> now, plan = {"leads": 100, "win_rate": 0.5}, {"leads": 200, "win_rate": 0.25}
    >>> {name: round(float(value), 3) for name, value in lmdi(now, plan).items()}
    {'leads': 34.657, 'win_rate': -34.657}
    """
    if set(now) != set(plan):
        raise ValueError(f"not at both ends: {', '.join(sorted(set(now) ^ set(plan)))}")
    if not now:
        return {}
    values = [np.asarray(end[name], dtype=float) for end in (now, plan) for name in now]
    ends = np.stack(np.broadcast_arrays(*values))
    ends = ends.reshape(2, len(now), *ends.shape[1:])
    if below := [name for name, least in zip(now, _least(ends), strict=True) if least < 0]:
        raise ValueError(
            f"below 0: {', '.join(below)}; LMDI takes logarithms of the factors, so that none may "
            "be negative or change its sign; Shapley values know no such limit"
        )

    zero = ends == 0
    positive = np.where(zero, 1.0, ends)
    total = np.where(zero.any(axis=1), 0.0, positive.prod(axis=1))
    logs = np.log(positive)
    rises = logs[1] - logs[0]
    at_zero = zero.any(axis=0)
    count = at_zero.sum(axis=0)
    parts = np.where(
        count > 0,
        at_zero * ((total[1] - total[0]) / np.maximum(count, 1)),
        rises * _log_mean(total, rises.sum(axis=0)),
    )
    return dict(zip(now, parts, strict=True))


def _least(ends: Array) -> Array:
    """Find each factor's least value, shape (factors,); a missing one counts as 0."""
    flat = np.nan_to_num(ends).min(axis=0).reshape(ends.shape[1], -1)
    least: Array = flat.min(axis=1, initial=0.0)
    return least


def realised_factors(
    scenario: Scenario, plan: Mapping[str, ArrayLike] | None = None
) -> dict[str, Array]:
    """Take the goal's month's revenue apart into factors whose product it is, by product.

    With a sales cycle a month's deals come from the leads of several months. Those leads are the
    factor: as many of them as fall due in the month, and the shares of *them* that were called
    back and could buy; so the delay blurs no rate, and the win rate is the lever's own.

    Parameters
    ----------
    scenario : Scenario
    plan : mapping of str to array_like, each of shape (), optional
        Other levers than the scenario's; ``plan={}`` is what comes if nothing is done.

    Returns
    -------
    dict of str to ndarray, shape (products,)
        By the names of `FACTORS`, 1 where a factor is none of the product's chain. Rows of the
        line, or first sale and repeat sales, as in `by_product` without its last row.
    """
    business, horizon = scenario.business, scenario.goal.horizon
    paths = scenario.paths(plan)

    def lever(name: str) -> float:
        return float(paths[name][horizon]) if name in paths else LEVERS[name].absent

    # The model run four times, each time with one more rate as it is and the further ones at 1,
    # counts those who fall due in a month as leads, as called back, as able to buy, as won.
    runs = np.arange(len(_RATES) + 1)[:, np.newaxis]
    rates = {
        name: np.where(runs > place, paths.get(name, LEVERS[name].absent), 1.0)
        for place, name in enumerate(_RATES)
    }
    path = run(paths | rates, business)
    due = path.new_customers[:, horizon]
    chain = {"worked_leads": float(due[0])} | {
        name: float(due[place + 1] / due[place]) if due[place] else lever(name)
        for place, name in enumerate(_RATES)
    }

    if business.line:
        first = np.array([product.first for product in business.line])
        take, price = (
            np.array([lever(product_lever(kind, product.name)) for product in business.line])
            for kind in ("take_rate", "price")
        )
    else:
        first = np.array([True, False])
        take = np.array([1.0, lever("purchase_rate")])
        price = np.array([lever("average_check"), lever("repeat_check")])
    of_new = chain | {"kept": 1.0 - lever("refund_rate")}
    factors = {name: np.where(first, value, 1.0) for name, value in of_new.items()} | {
        "active_customers": np.where(first, 1.0, path.active_customers[-1, horizon]),
        "take_rate": take,
        "price": price,
        "collected": np.where(first, lever("collection_new"), lever("collection_repeat")),
    }
    return {name: factors[name] for name in FACTORS}


def lmdi_of_scenario(scenario: Scenario) -> dict[str, Array]:
    """Split what the plan adds to the goal's month's revenue over factors and products.

    Returns
    -------
    dict of str to ndarray, shape (products,)
        By the names of `FACTORS`; 0 where a factor is none of the product's chain. Over factors
        they add up to the product's change, over all to the change of revenue less that of other
        revenue, which is a sum and no product and stands apart.

    Raises
    ------
    ValueError
        For another goal than revenue: contribution and profit are differences, not products.
    """
    if scenario.goal.metric != "revenue":
        raise ValueError(f"LMDI splits products of factors; {scenario.goal.metric} is none")
    return lmdi(realised_factors(scenario, {}), realised_factors(scenario))
