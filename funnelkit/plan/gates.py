"""The method's gates: what stands in a stage's way, and what mending it is worth.

A gate warns, it does not forbid. Rules are data: a gate's stage, its status and its condition
stand in `RULES`, its threshold in `Thresholds`; sentences are in `funnelkit.show.gates`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from funnelkit.model.levers import Stage
from funnelkit.model.products import stage_of
from funnelkit.plan.diagnosis import Status
from funnelkit.plan.scenario import Scenario

__all__ = [
    "RULES",
    "TOOLS",
    "Facts",
    "Finding",
    "Found",
    "Gate",
    "Rule",
    "Thresholds",
    "best_value",
    "diagnose",
]

TOOLS = ("landing_pages", "end_to_end_analytics", "retargeting", "email_autofunnel")
"""What a funnel needs before nurturing pays."""


class Gate(StrEnum):
    """Everything that a diagnosis can find."""

    NO_CLIENTS = "no_clients"
    COLLECTIONS = "collections"
    JUNK = "junk"
    UNANSWERED = "unanswered"
    OVERLOAD = "overload"
    OVERPUSHING = "overpushing"
    SPARE_CAPACITY = "spare_capacity"
    LEAKY_FUNNEL = "leaky_funnel"
    NOTHING_MEASURED = "nothing_measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the gates need to know beside the scenario.

    Attributes
    ----------
    declared_junk : float or None
        Share of leads that sales calls junk.
    tools : mapping of str to bool
        Which of `TOOLS` the client has; one not named is not known.
    counted : int
        Number of levers known from counts.
    """

    declared_junk: float | None = None
    tools: Mapping[str, bool] = field(default_factory=dict)
    counted: int = 0

    @property
    def lacking(self) -> tuple[str, ...]:
        """Tools that the client says it does not have."""
        return tuple(tool for tool in TOOLS if self.tools.get(tool) is False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Where a gate begins to warn; shares are 0-1.

    The method names 70 % of leads called junk against under 30 % found; the others are ours, set
    where a consultant would ask about the number.
    """

    collected: float = 0.9
    answered: float = 0.8
    junk_gap: float = 0.2
    overload: float = 1.0
    spare: float = 0.7
    pushed: float = 1.15
    material: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a gate's condition saw where it holds.

    Attributes
    ----------
    shares, counts : mapping of str to float
        Numbers for the sentence.
    worth : float or None
        What mending it alone brings in the goal's month, client's currency; negative where it is
        what is at stake; None where the model cannot say.
    tools : tuple of str
        Tools that the sentence names.
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, float] = field(default_factory=dict)
    worth: float | None = None
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A gate that applies, and what was seen."""

    gate: Gate
    found: Found

    @property
    def stage(self) -> Stage:
        """Whose department is asked."""
        return RULES[self.gate].stage

    @property
    def status(self) -> Status:
        """How bad it is."""
        return RULES[self.gate].status


Condition = Callable[[Scenario, Facts, Thresholds], Found | None]


def _worth(scenario: Scenario, levers: Mapping[str, float]) -> float | None:
    """Return what moving these levers alone brings in the goal's month."""
    gain = float(scenario.at_goal(dict(levers)) - scenario.at_goal({}))
    return None if np.isnan(gain) else gain


def best_value(name: str, scenario: Scenario) -> float:
    """Where a lever realistically can be: its typed ceiling, else where the plan has it."""
    return scenario.ceilings.get(name, scenario.target[name])


def _load(scenario: Scenario, *, month: int = 0, planned: bool = False) -> tuple[float, float]:
    """Leads that come in a month, and how many the team gets through."""
    path = scenario.run(None if planned else {})
    x = scenario.paths(None if planned else {})
    team = float(x["managers"][month]) if "managers" in x else float("nan")
    return float(path.leads[month]), team * scenario.business.leads_per_manager


def _no_clients(scenario: Scenario, _facts: Facts, _limits: Thresholds) -> Found | None:
    clients = float(np.asarray(scenario.business.active_customers))
    return Found(counts={"clients": clients}) if clients == 0 else None


def _collections(scenario: Scenario, _facts: Facts, limits: Thresholds) -> Found | None:
    name = "collection_repeat"
    clients = float(np.asarray(scenario.business.active_customers))
    collected = scenario.now.get(name, 1.0)
    if clients == 0 or collected >= limits.collected:
        return None
    best = best_value(name, scenario)
    return Found(
        shares={"collected": collected, "best": best}, worth=_worth(scenario, {name: best})
    )


def _junk(scenario: Scenario, facts: Facts, limits: Thresholds) -> Found | None:
    qualified = scenario.now.get("qualified_rate")
    if facts.declared_junk is None or qualified is None or facts.declared_junk >= 1:
        return None
    if facts.declared_junk - (1 - qualified) < limits.junk_gap:
        return None
    # Sales works on the share it believes in; at the same skill all that can buy would be won.
    skill = scenario.now["win_rate"] * qualified / (1 - facts.declared_junk)
    won = min(skill, max(best_value("win_rate", scenario), scenario.now["win_rate"]))
    return Found(
        shares={"declared": facts.declared_junk, "audited": 1 - qualified, "win": won},
        worth=_worth(scenario, {"win_rate": won}),
    )


def _unanswered(scenario: Scenario, _facts: Facts, limits: Thresholds) -> Found | None:
    answered = scenario.now.get("answered_rate", 1.0)
    leads, _room = _load(scenario)
    if answered >= limits.answered or leads == 0:
        return None
    best = best_value("answered_rate", scenario)
    return Found(
        shares={"answered": answered, "best": best},
        counts={"leads": leads * (1 - answered)},
        worth=_worth(scenario, {"answered_rate": best}),
    )


def _overload(scenario: Scenario, _facts: Facts, limits: Thresholds) -> Found | None:
    for planned, month in ((False, 0), (True, scenario.goal.horizon)):
        leads, room = _load(scenario, month=month, planned=planned)
        if np.isfinite(room) and leads > limits.overload * room:
            needed = float(np.ceil(leads / scenario.business.leads_per_manager - 1e-9))
            levers = {"managers": needed}
            if planned:
                levers = scenario.target | levers
                gain: float | None = float(scenario.at_goal(levers) - scenario.at_goal())
            else:
                gain = _worth(scenario, levers)
            return Found(
                counts={"leads": leads, "room": room, "managers": needed},
                worth=None if gain is None or np.isnan(gain) else gain,
            )
    return None


def _overpushing(scenario: Scenario, _facts: Facts, limits: Thresholds) -> Found | None:
    if scenario.now.get("win_rate", 0.0) == 0:
        return None
    pushed = scenario.target["win_rate"] / scenario.now["win_rate"]
    untouched = not {"refund_rate", "retention_rate"} & set(scenario.moved)
    if pushed < limits.pushed or not untouched:
        return None
    target = scenario.target
    worse = dict(target)
    if "refund_rate" in target:
        worse["refund_rate"] = min(target["refund_rate"] * pushed, 1.0)
    if "retention_rate" in target:
        worse["retention_rate"] = max(1 - (1 - target["retention_rate"]) * pushed, 0.0)
    stake = float(scenario.at_goal(worse) - scenario.at_goal())
    return Found(counts={"pushed": pushed}, worth=None if np.isnan(stake) else stake)


def _spare_capacity(scenario: Scenario, _facts: Facts, limits: Thresholds) -> Found | None:
    leads, room = _load(scenario)
    if not np.isfinite(room) or room == 0 or leads >= limits.spare * room:
        return None
    visitors = scenario.now.get("visitors", 0.0)
    filled = None
    if visitors and leads:
        by_visitors = visitors * scenario.now.get("lead_rate", 1.0)
        filled = visitors * (1 + (room - leads) / by_visitors) if by_visitors else None
    return Found(
        counts={"leads": leads, "room": room},
        worth=None if filled is None else _worth(scenario, {"visitors": filled}),
    )


def _leaky_funnel(scenario: Scenario, facts: Facts, limits: Thresholds) -> Found | None:
    line = scenario.business.line
    begins = any(stage_of(name, line) is Stage.NURTURING for name in scenario.moved)
    leaks = scenario.now.get("answered_rate", 1.0) < limits.answered
    if not begins or not (facts.lacking or leaks):
        return None
    mended = {
        name: best_value(name, scenario)
        for name in scenario.now
        if stage_of(name, line) is Stage.CONVERSION
    }
    return Found(tools=facts.lacking, worth=_worth(scenario, mended))


def _nothing_measured(_scenario: Scenario, facts: Facts, _limits: Thresholds) -> Found | None:
    return Found() if facts.counted == 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A gate as data.

    Attributes
    ----------
    stage : Stage
        Whose department is asked.
    status : Status
    closes : Stage or None
        The stage that is not the one to begin with while the gate applies.
    holds : callable
        Looks whether the gate applies.
    """

    stage: Stage
    status: Status
    holds: Condition
    closes: Stage | None = None


RULES: Mapping[Gate, Rule] = MappingProxyType(
    {
        Gate.NO_CLIENTS: Rule(
            stage=Stage.ACCOUNT, status=Status.WARNING, holds=_no_clients, closes=Stage.ACCOUNT
        ),
        Gate.COLLECTIONS: Rule(stage=Stage.ACCOUNT, status=Status.FAILED, holds=_collections),
        Gate.JUNK: Rule(stage=Stage.CONVERSION, status=Status.FAILED, holds=_junk),
        Gate.UNANSWERED: Rule(stage=Stage.CONVERSION, status=Status.FAILED, holds=_unanswered),
        Gate.OVERLOAD: Rule(
            stage=Stage.CONVERSION,
            status=Status.WARNING,
            holds=_overload,
            closes=Stage.GENERATION,
        ),
        Gate.OVERPUSHING: Rule(stage=Stage.CONVERSION, status=Status.WARNING, holds=_overpushing),
        Gate.SPARE_CAPACITY: Rule(
            stage=Stage.GENERATION, status=Status.PASSED, holds=_spare_capacity
        ),
        Gate.LEAKY_FUNNEL: Rule(
            stage=Stage.NURTURING,
            status=Status.FAILED,
            holds=_leaky_funnel,
            closes=Stage.NURTURING,
        ),
        Gate.NOTHING_MEASURED: Rule(
            stage=Stage.GENERATION,
            status=Status.WARNING,
            holds=_nothing_measured,
            closes=Stage.NURTURING,
        ),
    }
)
"""All gates in the owner's order of stages."""


def diagnose(
    scenario: Scenario, facts: Facts, limits: Thresholds | None = None
) -> tuple[Finding, ...]:
    """Find which gates apply, in the owner's order."""
    limits = limits or Thresholds()
    seen = ((gate, rule.holds(scenario, facts, limits)) for gate, rule in RULES.items())
    return tuple(Finding(gate=gate, found=found) for gate, found in seen if found is not None)
