"""The plan month by month: run rate beside one-off money, the team it needs, cash."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.owner import Months, per_customer, run
from funnelkit.model.quantity import over, times
from funnelkit.plan.scenario import Scenario

__all__ = ["MonthPath", "month_path"]

Array = NDArray[np.float64]

WHOLE = 1e-9
"""Rounding below which a whole number of managers is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPath:
    """A plan's months; arrays of shape (months,), money in the client's currency a month.

    Attributes
    ----------
    run_rate : ndarray
        The goal's metric without what a backlog being worked off brings.
    backlog : ndarray
        What that backlog brings to the metric: one-off.
    recovered : ndarray
        Overdue debts collected: one-off cash, in no metric.
    reached : int or None
        First month whose run rate holds B; None where none of these months does.
    managers, needed, hired : ndarray
        Managers that the plan has; whole managers that the leads which come in the month take,
        and how many of them are more than there were or were needed before; NaN where capacity
        is no matter.
    waiting, lost : ndarray
        Leads that wait at the month's end, and that are lost to lack of capacity.
    overload : ndarray
        What the run rate would be more if the team had room for all leads, without the cost of
        more managers; below 0 where clients who had to wait were won later, and better.
    cash : ndarray
        Profit and recovered debts added up from month 1 on, 0 in month 0; NaN without profit.
    """

    run_rate: Array
    backlog: Array
    recovered: Array
    reached: int | None
    managers: Array
    needed: Array
    hired: Array
    waiting: Array
    lost: Array
    overload: Array
    cash: Array


def month_path(
    scenario: Scenario,
    *,
    months: int | None = None,
    recovered: Mapping[int, float] | None = None,
) -> MonthPath:
    """Follow a plan month by month.

    Parameters
    ----------
    scenario : Scenario
    months : int, optional
        Number of months from month 0 on; by default the scenario's. From the goal's month on the
        levers stay.
    recovered : mapping of int to float, optional
        Overdue debts that are collected, by month; client's currency.

    Returns
    -------
    MonthPath

    Raises
    ------
    ValueError
        For a debt recovered outside these months, or for less than one month.

    Examples
    --------
    >>> from funnelkit.model.owner import Business
    >>> from funnelkit.plan.scenario import Goal
    >>> scenario = Scenario(
    ...     goal=Goal(metric="revenue", a=1000, b=2000, horizon=3),
    ...     business=Business(leads_per_manager=60),
    ...     now={"visitors": 100.0, "win_rate": 0.5, "average_check": 20.0, "managers": 2.0},
    ...     plan={"visitors": 250.0},
    ... )
    >>> path = month_path(scenario, months=6)
    >>> path.needed.tolist(), path.hired.tolist()
    ([2.0, 3.0, 4.0, 5.0, 5.0, 5.0], [0.0, 1.0, 1.0, 1.0, 0.0, 0.0])
    >>> path.run_rate.tolist(), path.reached
    ([1000.0, 1200.0, 1200.0, 1200.0, 1200.0, 1200.0], None)
    >>> path.overload.tolist()
    [0.0, 300.0, 800.0, 1300.0, 1300.0, 1300.0]
    """
    count = scenario.months if months is None else months
    if count < 1:
        raise ValueError(f"months must be 1 or more, got {count}")
    ways = {name: _held(way, count) for name, way in scenario.paths().items()}
    business = scenario.business
    path = run(ways, business, months=count)
    run_rate, backlog = _split(scenario, ways, path)
    roomy = replace(business, leads_per_manager=np.inf)
    unlimited, _ = _split(scenario, ways, run(ways, roomy, months=count))

    debts = np.zeros(count)
    for month, money in (recovered or {}).items():
        if not 0 <= month < count:
            raise ValueError(f"a debt is recovered in month {month}, outside 0 to {count - 1}")
        debts[month] = money

    managers = ways.get("managers", np.full(count, np.nan))
    needed = np.full(count, np.nan)
    if np.isfinite(business.leads_per_manager):
        needed = np.ceil(path.leads / business.leads_per_manager - WHOLE) + 0.0
    most = np.maximum.accumulate(np.maximum(needed, np.nan_to_num(managers[:1])))
    before = np.concatenate([np.nan_to_num(managers[:1]), most[:-1]])
    holds = np.flatnonzero(run_rate >= scenario.goal.b)
    return MonthPath(
        run_rate=run_rate,
        backlog=backlog,
        recovered=debts,
        reached=int(holds[0]) if holds.size else None,
        managers=managers,
        needed=needed,
        hired=most - before,
        waiting=path.waiting_leads,
        lost=path.lost_leads,
        overload=unlimited - run_rate,
        cash=np.cumsum(np.where(np.arange(count) > 0, path.profit + debts, 0.0)),
    )


def _held(way: Array, count: int) -> Array:
    """Cut a lever's way, or go on with its last value."""
    return np.concatenate([way, np.full(max(count - len(way), 0), way[-1])])[:count]


def _split(scenario: Scenario, ways: Mapping[str, Array], path: Months) -> tuple[Array, Array]:
    """Split the goal's metric into its run rate and what a backlog brings to it."""
    backlog = path.backlog_revenue
    if scenario.goal.metric != "revenue":
        # As the month's deals are to their revenue, so are those of the backlog.
        of_one = per_customer(ways, scenario.business).first_value
        backlog = times(backlog, over(path.new_customers * of_one, path.revenue_new))
    return path.metric(scenario.goal.metric) - backlog, backlog
