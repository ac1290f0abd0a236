"""What a plan costs a month by the client's own numbers, and the cheapest one that reaches B."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.owner import run
from funnelkit.plan.lightest import lightest
from funnelkit.plan.room import Room, room
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.solution import Solution

__all__ = ["Paid", "least_cost", "unit_costs"]

Array = NDArray[np.float64]

_PRICES = ("cost_per_visitor", "cost_per_reached", "cost_per_manager", "marketing_fixed")


def unit_costs(free: Room) -> Array:
    """Return what one unit of each lever's move costs a month, shape (levers,); NaN if unknown.

    A typed cost is money a month at the lever's ceiling, in proportion below it. Beside it
    stands what the model itself lets the lever cost: a visitor, a person reached, a manager. A
    lever with neither has an unknown cost, not none.

    Parameters
    ----------
    free : Room

    Returns
    -------
    ndarray, shape (levers,)
        Client's currency a month, 0 or more.
    """
    scenario = free.scenario
    held = dict(free.held)
    # What is not known of one lever's price must not hide another's.
    held |= {name: 0.0 for name in _PRICES if not np.isfinite(held.get(name, np.nan))}
    one = free.now + np.vstack([np.zeros(len(free.names)), np.eye(len(free.names))])
    columns = {name: one[:, i, np.newaxis] for i, name in enumerate(free.names)}
    known = replace(scenario.business, active_customers=0.0)
    month = run({name: np.array([v]) for name, v in held.items()} | columns, known)
    spent = np.broadcast_to((month.marketing + month.sales_cost)[..., 0], len(one))
    by_model = np.nan_to_num(spent[1:] - spent[0])
    way = np.abs(free.best - free.now)
    typed = np.array([scenario.costs.get(name, np.nan) for name in free.names], dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_hand = np.where((way > 0) & np.isfinite(way), typed / way, np.nan)
    neither = np.isnan(by_hand) & (by_model == 0)
    return np.where(neither, np.nan, np.nan_to_num(by_hand) + by_model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Money a month; `unit` of shape (levers,) as `unit_costs` returns it, all of it known."""

    free: Room
    unit: Array

    def of(self, effort: Array) -> Array:
        """Return ``sum(unit * |lever - now|)``."""
        total: Array = (self.unit * np.abs(self.free.at_effort(effort) - self.free.now)).sum(-1)
        return total

    def bowl(self, effort: Array) -> tuple[Array, Array]:
        """Return the bowl with the cost's slope here, and with that slope for a stiffness.

        So stiff is a cost that grows as the exponential of effort; one that grows less is held
        near by it.
        """
        free = self.free
        growth = np.exp(np.where(free.falls, -effort, effort))
        slope = self.unit * np.where(free.now == 0, free.end, free.now * growth)
        least = max(1e-9 * float(slope.max(initial=0.0)), 1e-300)
        return effort - 1.0, np.maximum(slope, least) / 2.0


def least_cost(
    scenario: Scenario,
    levers: Collection[str] | None = None,
    *,
    locked: Collection[str] = frozenset(),
) -> Solution:
    """Solve for B with the least money a month within ceilings.

    Only levers whose cost is known move, those at 0 among them; a cost nobody typed is unknown
    and not 0. Where no such lever can move the verdict is that there are none.

    Parameters
    ----------
    scenario : Scenario
    levers, locked : collection of str
        As in `room`.

    Returns
    -------
    Solution

    Raises
    ------
    KeyError
        For a name that the scenario does not have.

    Examples
    --------
    Both levers are worth the same per cent, and the visitors' cost less:

    >>> from funnelkit.model.owner import Business
    >>> from funnelkit.plan.scenario import Goal
    >>> scenario = Scenario(
    ...     goal=Goal(metric="revenue", a=1000, b=1500, horizon=3),
    ...     business=Business(),
    ...     now={"visitors": 1000.0, "win_rate": 0.1, "average_check": 10.0},
    ...     plan={},
    ...     ceilings={"visitors": 2000.0, "average_check": 20.0},
    ...     costs={"visitors": 100.0, "average_check": 900.0},
    ... )
    >>> found = least_cost(scenario)
    >>> {name: round(times, 6) for name, times in found.multipliers.items()}
    {'visitors': 1.5}
    """
    free = room(scenario, levers, locked)
    units = dict(zip(free.names, unit_costs(free).tolist(), strict=True))
    free = free.only({name for name, unit in units.items() if np.isfinite(unit)})
    return lightest(free, Paid(free=free, unit=np.array([units[name] for name in free.names])))
