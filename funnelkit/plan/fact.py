"""Plan against fact: the months gone beside the plan, why they differ, and what is left to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.levers import Stage
from funnelkit.model.owner import run
from funnelkit.model.pace import Pace, pace
from funnelkit.model.products import stage_of
from funnelkit.plan.decompose import bridge
from funnelkit.plan.scenario import Scenario

__all__ = ["Fact", "MonthGone", "against_fact", "begun_anew", "running_month"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What a month turned out to be.

    Attributes
    ----------
    levers : mapping of str to float
        Levers as they were; one not named was as planned.
    metric : float or None
        The goal's metric as measured, client's currency; None where nobody measured it.
    active_customers : float or None
        Clients at the month's start, as counted.
    """

    levers: Mapping[str, float]
    metric: float | None = None
    active_customers: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthGone:
    """A month gone beside the plan, client's currency.

    Attributes
    ----------
    month : int
    planned : float
        The goal's metric as planned.
    stages : dict of str to float
        The bridge from plan to fact: what each stage's levers add after those before, in the
        owner's order, by what they were in this month and the months before. It holds what the
        model makes of the facts.
    measured : float or None
        As in `Fact`.
    """

    month: int
    planned: float
    stages: dict[str, float]
    measured: float | None

    @property
    def by_model(self) -> float:
        """What the model makes of the facts: the plan and all stages."""
        return self.planned + sum(self.stages.values())

    @property
    def unexplained(self) -> float | None:
        """Measured less what the model makes of the facts; None where it was not measured."""
        return None if self.measured is None else self.measured - self.by_model


def against_fact(scenario: Scenario, facts: Sequence[Fact]) -> tuple[MonthGone, ...]:
    """Lay months gone beside the plan, with the bridge of why they differ.

    Parameters
    ----------
    scenario : Scenario
        With the plan as it was made.
    facts : sequence of Fact
        One a month, from month 1 on; month 0 is point A.

    Returns
    -------
    tuple of MonthGone
        One a fact.

    Raises
    ------
    KeyError
        For a lever that the scenario does not have.
    ValueError
        For more facts than the scenario has months to come.

    Examples
    --------
    Fewer visitors came, and more of them bought:

    >>> from funnelkit.model.owner import Business
    >>> from funnelkit.plan.scenario import Goal
    >>> scenario = Scenario(
    ...     goal=Goal(metric="revenue", a=1000, b=4000, horizon=3),
    ...     business=Business(),
    ...     now={"visitors": 100.0, "win_rate": 0.5, "average_check": 20.0},
    ...     plan={"visitors": 400.0},
    ... )
    >>> fact = Fact(levers={"visitors": 150.0, "win_rate": 0.6}, metric=1790.0)
    >>> (month,) = against_fact(scenario, [fact])
    >>> month.planned, month.stages, month.unexplained
    (2000.0, {'conversion': 400.0, 'generation': -600.0}, -10.0)
    """
    planned, actual = _ways(scenario, facts)
    line = scenario.business.line
    moved = [name for name, way in actual.items() if (way != planned[name]).any()]
    groups = {
        str(stage): names
        for stage in Stage
        if (names := [name for name in moved if stage_of(name, line) is stage])
    }

    def months(happened: Mapping[str, Array]) -> Array:
        ways = dict(planned)
        for name, share in happened.items():
            change = actual[name] - planned[name]
            ways[name] = planned[name] + share[:, np.newaxis] * change
        metric = run(ways, scenario.business).metric(scenario.goal.metric)
        return np.broadcast_to(metric, (len(next(iter(happened.values()))), scenario.months))

    steps = (
        bridge(months, dict.fromkeys(moved, 0.0), dict.fromkeys(moved, 1.0), groups)
        if moved
        else {}
    )
    path = scenario.run().metric(scenario.goal.metric)
    return tuple(
        MonthGone(
            month=month,
            planned=float(path[month]),
            stages={stage: float(step[month]) for stage, step in steps.items()},
            measured=fact.metric,
        )
        for month, fact in enumerate(facts, start=1)
    )


def begun_anew(scenario: Scenario, facts: Sequence[Fact]) -> Scenario:
    """Return the scenario that begins where the last fact stands, with what is left of the plan.

    The last month gone becomes month 0: its levers are now, its clients and the leads that wait
    are the stocks, and B is as many months away as are left. Levers nobody named are as planned
    there; levers that the plan moves go on to it, the others stay as they turned out. Solving it
    (`equal_effort` and the others) is planning again from where things stand.

    Deals under way are taken to be those that month 0's levers bring, as everywhere; so a long
    sales cycle forgets how the months before differed.

    Parameters
    ----------
    scenario, facts
        As in `against_fact`.

    Raises
    ------
    KeyError
        For a lever that the scenario does not have.
    ValueError
        Where the goal's month is gone.
    """
    gone, goal = len(facts), scenario.goal
    if gone >= goal.horizon:
        raise ValueError(f"{gone} months are gone and B was due in month {goal.horizon}")
    if not gone:
        return scenario
    _, actual = _ways(scenario, facts)
    path = run(actual, scenario.business)
    last = facts[-1]
    active = last.active_customers
    return replace(
        scenario,
        goal=replace(
            goal,
            a=float(path.metric(goal.metric)[gone]) if last.metric is None else last.metric,
            horizon=goal.horizon - gone,
        ),
        business=replace(
            scenario.business,
            active_customers=float(path.active_customers[gone]) if active is None else active,
            backlog=float(path.waiting_leads[gone - 1]),
        ),
        now={name: float(way[gone]) for name, way in actual.items()},
        plan={name: scenario.target[name] for name in scenario.moved},
        start={name: max(month - gone, 0) for name, month in scenario.start.items()},
    )


def running_month(
    scenario: Scenario, month: int, *, fact: float, days_gone: float, days: float
) -> Pace:
    """Forecast how the running month ends, beside what the plan has for it.

    Parameters
    ----------
    scenario : Scenario
    month : int
        The running month, counted as in the scenario.
    fact : float
        The goal's metric of the days gone, client's currency; 0 or more.
    days_gone, days : float
        Whole days so far, and of the month.

    Returns
    -------
    Pace
        Without budgets, since a month's metric has no price of its own.

    Raises
    ------
    ValueError
        For numbers below 0, and for a month planned below 0, which has no pace.
    """
    planned = float(scenario.run().metric(scenario.goal.metric)[month])
    nan = float("nan")
    return pace(
        planned, fact=fact, days_gone=days_gone, days=days, cost_planned=nan, cost_actual=nan
    )


def _ways(scenario: Scenario, facts: Sequence[Fact]) -> tuple[dict[str, Array], dict[str, Array]]:
    """Return every lever's way as planned and as it went, then on as planned."""
    if len(facts) >= scenario.months:
        raise ValueError(f"{len(facts)} facts for {scenario.months - 1} months to come")
    planned = scenario.paths()
    actual = {name: way.copy() for name, way in planned.items()}
    for month, fact in enumerate(facts, start=1):
        if unknown := sorted(set(fact.levers) - set(actual)):
            raise KeyError(f"facts of unknown levers: {', '.join(unknown)}")
        for name, value in fact.levers.items():
            actual[name][month] = value
    return planned, actual
