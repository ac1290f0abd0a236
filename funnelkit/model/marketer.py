"""The marketer's model: channels from budget to orders and money, forwards and backwards.

Every array's last axis is the channel; leading axes are free and broadcast (scenario, draw,
month).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.books import Books, books, total
from funnelkit.model.chain import Counts, Whole, flow, recovered, steps
from funnelkit.model.channel import TRAFFIC, Channel, Market, Recovery
from funnelkit.model.economics import Company, Economics
from funnelkit.model.quantity import one_of, over, times
from funnelkit.model.start import GIVEN, starts, unit_price

__all__ = [
    "GIVEN",
    "Channel",
    "Company",
    "Economics",
    "Market",
    "Permitted",
    "Recovery",
    "Table",
    "permitted",
    "run",
]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What the model says of every channel and of all together.

    Attributes
    ----------
    channels : Books
        Arrays of shape (..., channels); a channel's costs are its own.
    total : Books
        Arrays of shape (...): the complete channels, and the company's costs beside them.
    passed : dict of str to ndarray, each of shape (..., channels)
        Leads left after each of the market's stages.
    complete : ndarray of bool, shape (..., channels)
        False where a rate, the price or the start of the plan is missing; such a channel is left
        out of the total.
    """

    channels: Books
    total: Books
    passed: dict[str, Array]
    complete: NDArray[np.bool_]

    @property
    def left_out(self) -> NDArray[np.int_]:
        """How many channels the total leaves out."""
        return np.asarray((~self.complete).sum(axis=-1))


def run(
    market: Market,
    *,
    rates: Mapping[str, ArrayLike],
    given: Mapping[str, ArrayLike],
    price: ArrayLike = np.nan,
    economics: Economics | None = None,
    company: Company | None = None,
    whole: Whole = "no",
    by_month: bool = False,
) -> Table:
    """Run the marketer's model.

    Parameters
    ----------
    market : Market
        Channels, stages, recoveries.
    rates : mapping of str to array_like, each of shape (..., channels)
        ``ctr``, ``landing_rate`` and the market's stages, shares 0–1. What is not named, None or
        NaN is missing.
    given : mapping of str to array_like, each of shape (..., channels)
        What the period's plan starts from, by a name of `GIVEN`. A channel starts from the one
        that is not missing for it; a recovery's channel from none.
    price : array_like, shape (..., channels)
        Price of a click, 1,000 impressions or a lead, as the channel buys; client's currency.
    economics, company : Economics, Company, optional
        What orders earn and everything costs; by default missing.
    whole : {"no", "end", "stages"}
        Whether people and orders of a plan backwards are rounded up, once at the end or at every
        stage; money follows them. A given budget buys fractions.
    by_month : bool
        Whether axis -2 is the month, so that a recovery's delay shows.

    Returns
    -------
    Table

    Raises
    ------
    KeyError
        For a rate or a start that nobody knows.
    ValueError
        For a share outside 0–1, a negative count or price, numbers that are not one a channel,
        or a channel that starts from two things, or from what it does not have.

    Examples
    --------
    A shop that advertises in search, by the click, and in social networks, by the impression.

    >>> market = Market(
    ...     channels=(Channel(name="search"), Channel(name="social", buying="impressions")),
    ...     stages=("qualified_rate", "win_rate"),
    ... )
    >>> numbers = dict(
    ...     rates={
    ...         "ctr": [0.05, 0.01],
    ...         "landing_rate": [0.10, 0.05],
    ...         "qualified_rate": 0.5,
    ...         "win_rate": [0.40, 0.25],
    ...     },
    ...     price=[20, 100],
    ...     economics=Economics(check=3000, margin=0.5, ad_vat=0.2),
    ...     company=Company(fixed_costs=50_000, sales_cost=30_000),
    ... )
    >>> table = run(market, given={"media": [100_000, 40_000]}, **numbers)
    >>> table.channels.leads.tolist(), table.channels.cpl.tolist()
    ([500.0, 200.0], [200.0, 200.0])
    >>> table.total.orders.tolist(), table.total.ebitda.tolist()
    (125.0, -60500.0)
    >>> table.channels.romi_contribution.round(3).tolist()
    [0.25, -0.219]

    The same backwards, in whole people: what 91 and 45 orders need.

    >>> table = run(market, given={"orders": [91, 45]}, whole="stages", **numbers)
    >>> table.channels.leads.tolist(), table.channels.media.tolist()
    ([456.0, 360.0], [91200.0, 72000.0])
    """
    economics, company = economics or Economics(), company or Company()
    one_of("whole", whole, get_args(Whole))
    chain = steps(market, rates, economics)
    price = unit_price(market, price)
    counts: Counts = dict.fromkeys(chain, np.full(len(market.channels), np.nan))
    for name, at, count in starts(market, given, price, economics):
        filled = flow(chain, market, at=at, count=count, whole="no" if name == "media" else whole)
        counts = _put(counts, filled, ~np.isnan(count))
    for recovery in sorted(market.recoveries, key=lambda recovery: recovery.of == "leads"):
        at = "clicks" if recovery.of == "visitors" else "leads"
        back = recovered(market, recovery, counts, by_month=by_month)[..., np.newaxis]
        row = np.array(market.names) == recovery.channel
        counts = _put(counts, flow(chain, market, at=at, count=back, whole=whole), row)

    bought = np.select([market.buys(unit) for unit in TRAFFIC], [counts[u] for u in TRAFFIC])
    media = np.where(np.isnan(bought), np.nan, times(bought, price))
    channels = books(market, counts, media, economics, company)
    missing = np.any([np.isnan(v) for v in np.broadcast_arrays(media, *counts.values())], axis=0)
    complete = np.broadcast_to(~missing, channels.media.shape)
    return Table(
        channels=channels,
        total=total(channels, company, complete),
        passed={stage: counts[stage] for stage in market.stages},
        complete=complete,
    )


def _put(into: Counts, counts: Counts, where: NDArray[np.bool_]) -> Counts:
    return {name: np.where(where, counts[name], into[name]) for name in into}


@dataclass(frozen=True, slots=True, kw_only=True)
class Permitted:
    """The highest price that keeps a target; arrays of shape (..., channels), client's currency.

    Attributes
    ----------
    cpm, cpc, cpl : ndarray
        Price of 1,000 impressions, a click, a lead: three names of one price.
    earned_per_order : ndarray
        Contribution less media with VAT and agency share at that price; a loss below 0, where
        the target ROAS lies below `break_even_roas`.
    break_even_roas : ndarray
        As `Books.break_even_roas_variable`.
    """

    cpm: Array
    cpc: Array
    cpl: Array
    earned_per_order: Array
    break_even_roas: Array


def permitted(
    market: Market,
    *,
    rates: Mapping[str, ArrayLike],
    economics: Economics,
    target: Literal["roas", "drr", "cpo"],
    value: ArrayLike,
) -> Permitted:
    """Find the price of traffic that a target permits, whatever the traffic.

    Parameters
    ----------
    market, rates, economics
        As in `run`; recoveries do not matter.
    target : {"roas", "drr", "cpo"}
    value : array_like, shape (..., channels)
        The target: gross revenue per media, media as a share of it, or client's currency.

    Raises
    ------
    KeyError, ValueError
        As in `run`, and for another target or a negative value.

    Examples
    --------
    >>> search = Market(channels=(Channel(name="search"),))
    >>> rates = dict(ctr=0.05, landing_rate=0.1, order_rate=0.2)
    >>> economics = Economics(check=3000, margin=0.5)
    >>> most = permitted(search, rates=rates, economics=economics, target="roas", value=4)
    >>> most.cpc.tolist(), most.cpl.tolist(), most.earned_per_order.tolist()
    ([15.0], [150.0], [750.0])
    """
    one_of("target", target, ("roas", "drr", "cpo"))
    value = market.each(target, value)
    alone = replace(market, recoveries=())
    one = {"leads": np.ones(len(market.channels))}
    lead = run(alone, rates=rates, given=one, price=0.0, economics=economics).channels
    if target == "roas":
        cpl = over(lead.gross_revenue, value)
    else:
        cpl = value * (lead.gross_revenue if target == "drr" else lead.orders)
    return Permitted(
        cpm=over(1000.0 * cpl, lead.impressions),
        cpc=over(cpl, lead.clicks),
        cpl=cpl,
        earned_per_order=over(lead.contribution - cpl * lead.media_factor, lead.orders),
        break_even_roas=lead.break_even_roas_variable,
    )
