"""Verdicts on a plan, found here and worded in `funnelkit.show.words`: the goal's SMART check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from funnelkit.model.levers import LEVERS
from funnelkit.model.products import is_share, parameter_of
from funnelkit.plan.scenario import Scenario

__all__ = ["Case", "Status", "Verdict", "smart", "stable"]

CALIBRATION_TOLERANCE = 0.05
"""Share of A by which the model's month 0 may miss it before A counts as contradicted."""


class Status(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    NO_DATA = "no_data"


class Case(StrEnum):
    """Everything a check can find; each case has one sentence in the reports."""

    SPECIFIC = "specific"
    A_AGREES = "a_agrees"
    A_CONTRADICTED = "a_contradicted"
    WITHIN_CEILINGS = "within_ceilings"
    ABOVE_CEILINGS = "above_ceilings"
    OUT_OF_REACH = "out_of_reach"
    PLAN_FALLS_SHORT = "plan_falls_short"
    CONTRIBUTION_RISES = "contribution_rises"
    CONTRIBUTION_FALLS = "contribution_falls"
    CONTRIBUTION_UNKNOWN = "contribution_unknown"
    IN_TIME = "in_time"
    CYCLE_TOO_LONG = "cycle_too_long"
    RETENTION_TOO_LATE = "retention_too_late"
    MODEL_UNKNOWN = "model_unknown"


STATUS = {
    Case.SPECIFIC: Status.PASSED,
    Case.A_AGREES: Status.PASSED,
    Case.A_CONTRADICTED: Status.WARNING,
    Case.WITHIN_CEILINGS: Status.PASSED,
    Case.ABOVE_CEILINGS: Status.WARNING,
    Case.OUT_OF_REACH: Status.FAILED,
    Case.PLAN_FALLS_SHORT: Status.WARNING,
    Case.CONTRIBUTION_RISES: Status.PASSED,
    Case.CONTRIBUTION_FALLS: Status.FAILED,
    Case.CONTRIBUTION_UNKNOWN: Status.NO_DATA,
    Case.IN_TIME: Status.PASSED,
    Case.CYCLE_TOO_LONG: Status.FAILED,
    Case.RETENTION_TOO_LATE: Status.WARNING,
    Case.MODEL_UNKNOWN: Status.NO_DATA,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check found, as a case and the values its sentence needs.

    Attributes
    ----------
    check : str
        ``specific``, ``measurable``, ``achievable``, ``relevant`` or ``time_bound``.
    case : Case
    money : mapping of str to float
        Sums for the sentence, client's currency.
    counts : mapping of str to float
        Other numbers for the sentence.
    levers : tuple of str
        Levers the sentence names.
    """

    check: str
    case: Case
    money: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, float] = field(default_factory=dict)
    levers: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """How the check ended."""
        return STATUS[self.case]


def smart(scenario: Scenario) -> tuple[Verdict, ...]:
    """Check the goal: specific, measurable, achievable, relevant, time-bound."""
    goal = scenario.goal
    return (
        Verdict(check="specific", case=Case.SPECIFIC, money={"a": goal.a, "b": goal.b}),
        _measurable(scenario),
        _achievable(scenario),
        _relevant(scenario),
        _time_bound(scenario),
    )


def _measurable(scenario: Scenario) -> Verdict:
    a = scenario.goal.a
    model = float(scenario.run({}).metric(scenario.goal.metric)[0])
    if np.isnan(model):
        return Verdict(check="measurable", case=Case.MODEL_UNKNOWN)
    agrees = abs(model - a) <= CALIBRATION_TOLERANCE * abs(a)
    case = Case.A_AGREES if agrees else Case.A_CONTRADICTED
    return Verdict(check="measurable", case=case, money={"a": a, "model": model})


def _ceiling(name: str, scenario: Scenario) -> float:
    """Return a lever's ceiling: the typed one, else 1 for a share and none for the rest."""
    implied = 1.0 if is_share(name, scenario.business.line) else np.inf
    return scenario.ceilings.get(name, implied)


def _falls(name: str, scenario: Scenario) -> bool:
    return LEVERS[parameter_of(name, scenario.business.line)].lower_is_better


def _at_ceilings(scenario: Scenario) -> dict[str, float]:
    """Every lever with a typed ceiling there, the others as planned, as far as that is allowed."""
    best = dict(scenario.target)
    for name, planned in best.items():
        if name in scenario.ceilings:
            best[name] = scenario.ceilings[name]
        elif not _falls(name, scenario):
            best[name] = min(planned, _ceiling(name, scenario))
    return best


def above_ceilings(scenario: Scenario) -> tuple[str, ...]:
    """Levers of the table that the plan moves past their ceiling, typed or implied."""
    beyond = []
    for name in scenario.moved:
        planned, ceiling = scenario.target[name], _ceiling(name, scenario)
        falls = _falls(name, scenario)
        if (planned < ceiling and name in scenario.ceilings) if falls else planned > ceiling:
            beyond.append(parameter_of(name, scenario.business.line))
    return tuple(dict.fromkeys(beyond))


def _achievable(scenario: Scenario) -> Verdict:
    b = scenario.goal.b
    reached = float(scenario.at_goal())
    best = float(scenario.at_goal(_at_ceilings(scenario)))
    if np.isnan(best):
        return Verdict(check="achievable", case=Case.MODEL_UNKNOWN)
    beyond = above_ceilings(scenario)
    if not beyond:
        best = max(best, reached)
    money = {"b": b, "reached": reached, "best": best}
    if best < b:
        return Verdict(check="achievable", case=Case.OUT_OF_REACH, money=money)
    if beyond:
        return Verdict(check="achievable", case=Case.ABOVE_CEILINGS, money=money, levers=beyond)
    case = Case.WITHIN_CEILINGS if reached >= b else Case.PLAN_FALLS_SHORT
    return Verdict(check="achievable", case=case, money=money)


def _relevant(scenario: Scenario) -> Verdict:
    horizon = scenario.goal.horizon
    idle = float(scenario.run({}).contribution[horizon])
    planned = float(scenario.run().contribution[horizon])
    if np.isnan(idle) or np.isnan(planned):
        return Verdict(check="relevant", case=Case.CONTRIBUTION_UNKNOWN)
    case = Case.CONTRIBUTION_RISES if planned > idle else Case.CONTRIBUTION_FALLS
    return Verdict(check="relevant", case=case, money={"now": idle, "plan": planned})


def _time_bound(scenario: Scenario) -> Verdict:
    """Compare the goal's month with the shortest sales cycle and with late retention.

    A deal worked on after month 0 has to close by the goal's month; retention helps the month
    after the one in which it rises, so it has to begin rising two months before the goal's.
    """
    horizon = scenario.goal.horizon
    cycle = next(i for i, share in enumerate(scenario.business.sales_cycle) if share > 0)
    late = "retention_rate" in scenario.moved and (
        scenario.start.get("retention_rate", 0) >= horizon - 1
    )
    if cycle >= horizon:
        case = Case.CYCLE_TOO_LONG
    else:
        case = Case.RETENTION_TOO_LATE if late else Case.IN_TIME
    return Verdict(check="time_bound", case=case, counts={"months": horizon, "cycle": cycle})


def stable(scenario: Scenario) -> bool | None:
    """Whether the goal's month and the two after it hold B; None where the metric is missing."""
    goal = scenario.goal
    months = scenario.run().metric(goal.metric)[goal.horizon : goal.horizon + 3]
    return None if np.isnan(months).any() else bool(np.all(months >= goal.b))
