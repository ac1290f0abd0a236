"""The order of work "from the money": what each stage can bring, and which to begin with."""

from dataclasses import dataclass

import numpy as np

from funnelkit.model.levers import LEVERS, Stage
from funnelkit.model.products import parameter_of, stage_of
from funnelkit.plan.gates import RULES, Finding, Gate, Thresholds, best_value
from funnelkit.plan.scenario import Scenario

__all__ = ["StageWork", "order_of_work"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageWork:
    """What a stage can bring by itself.

    Attributes
    ----------
    stage : Stage
    gain : float
        The goal's month with the stage's levers at their best less the month if nothing is done,
        client's currency.
    price : float or None
        Cost of one more unit of the goal's month through this stage: what its levers, marketing
        and sales cost more, per unit gained; None where no cost is known or nothing is gained.
    closed_by : Gate or None
        The gate that speaks against beginning here.
    """

    stage: Stage
    gain: float
    price: float | None
    closed_by: Gate | None


def order_of_work(
    scenario: Scenario, findings: tuple[Finding, ...], limits: Thresholds | None = None
) -> tuple[StageWork, ...]:
    """Order the four stages "from the money".

    The owner's order, except that stages which a gate speaks against, or which bring less than
    the material share of the way from A to B, come after those that are open. The first is where
    to begin.
    """
    limits = limits or Thresholds()
    closed = {RULES[f.gate].closes: f.gate for f in reversed(findings)}
    works = [
        _stage_work(scenario, stage, closed.get(stage))
        for stage in Stage
        if stage is not Stage.ECONOMICS
    ]
    least = limits.material * (scenario.goal.b - scenario.goal.a)
    later = [work.closed_by is not None or not work.gain >= least for work in works]
    return tuple(work for _, work in sorted(zip(later, works, strict=True), key=lambda p: p[0]))


def _stage_work(scenario: Scenario, stage: Stage, closed_by: Gate | None) -> StageWork:
    line, horizon = scenario.business.line, scenario.goal.horizon
    names = [name for name in scenario.now if stage_of(name, line) is stage]
    best = {
        name: best_value(name, scenario)
        for name in names
        if not LEVERS[parameter_of(name, line)].cost
    }
    idle, path = scenario.run({}), scenario.run(best)
    metric = scenario.goal.metric
    gain = float(path.metric(metric)[horizon] - idle.metric(metric)[horizon])
    typed = [scenario.costs[name] for name in best if name in scenario.costs]
    spent = float(
        (path.marketing + path.sales_cost - idle.marketing - idle.sales_cost)[horizon]
    ) + sum(typed)
    known = bool(typed) or spent != 0
    price = spent / gain if known and gain > 0 and np.isfinite(spent) else None
    return StageWork(stage=stage, gain=gain, price=price, closed_by=closed_by)
