"""How a client stands: what its notebooks recorded, checked, and what of it asks for attention."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, FiniteFloat, TypeAdapter

from funnelkit.model.levers import LEVERS, Stage
from funnelkit.plan.diagnosis import Status
from funnelkit.plan.gates import TOOLS, Finding, Found, Gate

__all__ = ["Attention", "Month", "Standing", "Thing", "UnderWay", "plain", "standing_of"]

EVEN = 0.5
"""Below this probability B is rather missed than reached."""

MATTERS = 0.02
"""From which share of the plan on a month lags behind it."""

LONGEST = 300
"""Characters of a title, which is all a table has room for."""

LAST_YEAR = 2999
"""After it nobody plans."""


class Attention(StrEnum):
    """Why to look at a client, the most urgent first: facts before plans, plans before advice."""

    NO_REPORT = "no_report"
    BEHIND = "behind"
    UNKNOWN = "unknown"
    SHORT = "short"
    UNLIKELY = "unlikely"
    MEND = "mend"
    NOTHING = "nothing"


def plain(text: str) -> str:
    """Return a text on one line, without characters that cannot be shown."""
    whole = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(whole.split())


def _title(text: str) -> str:
    return plain(text)[:LONGEST]


def _month(text: Any) -> date:
    first = date.fromisoformat(f"{text}-01")
    if first.year > LAST_YEAR:
        raise ValueError("no month of ours")
    return first


def _lever(name: str) -> str:
    if name not in LEVERS:
        raise ValueError("no lever")
    return name


def _found(recorded: Any) -> Any:
    """Read a finding; an earlier version recorded its worth alone."""
    return recorded if isinstance(recorded, dict) else {"worth": recorded}


_Maybe = FiniteFloat | None
_Offset = Annotated[int, Field(ge=0, le=1200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One of the first things to do: a lever now, as planned, and its worth in B's month."""

    lever: Annotated[str, AfterValidator(_lever)]
    now: FiniteFloat
    plan: FiniteFloat
    worth: _Maybe


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month gone beside the plan, see `funnelkit.plan.fact.MonthGone`."""

    month: _Offset
    planned: _Maybe
    stages: Mapping[Stage, FiniteFloat | None]
    by_model: _Maybe
    measured: _Maybe

    @property
    def fact(self) -> float | None:
        """What the month brought: as measured, else what the model makes of its levers."""
        return self.by_model if self.measured is None else self.measured

    @property
    def to_blame(self) -> Stage | None:
        """The stage that took most from the month; None where none took anything."""
        losses = {stage: step for stage, step in self.stages.items() if step and step < 0}
        return min(losses, key=lambda stage: losses[stage]) if losses else None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """The month under way: its number, and what it is heading for in the client's currency."""

    month: _Offset
    forecast: _Maybe


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a client's notebooks recorded, as far as a portfolio shows it.

    Attributes
    ----------
    version : str
        Of funnelkit, that recorded it.
    title : str
        Untrusted text on one line.
    currency : str
        ISO 4217 code; all sums are in it.
    metric : {"revenue", "contribution", "profit"}
        What the goal is about.
    first_month : date
        First day of month 0.
    horizon : int
        B's month.
    a, b, reached : float or None
        Points A and B, and B's month with the plan, a month.
    probability : float or None
        Of reaching B, 0-1; None without evidence.
    first_things : tuple of Thing
    begin_with : Stage
    findings : mapping of Gate to Found
        The method's gates that apply.
    months : mapping of str to sequence of float or None
        Quantities by month, from month 0 on.
    facts : tuple of Month or None
        Months gone; None where an earlier version did not record them.
    running : UnderWay or None
    """

    version: str
    title: Annotated[str, AfterValidator(_title)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    metric: Literal["revenue", "contribution", "profit"]
    first_month: Annotated[date, BeforeValidator(_month)]
    horizon: _Offset
    a: _Maybe
    b: _Maybe
    reached: _Maybe
    probability: Annotated[_Maybe, Field(ge=0, le=1)]
    first_things: tuple[Thing, ...]
    begin_with: Stage
    findings: Mapping[Gate, Annotated[Found, BeforeValidator(_found)]]
    months: Mapping[str, tuple[FiniteFloat | None, ...]]
    facts: tuple[Month, ...] | None = None
    running: UnderWay | None = field(default=None)

    def of_b(self, value: float | None) -> float | None:
        """Return a sum as a multiple of B; None where that says nothing."""
        if value is None or self.b is None or self.b <= 0:
            return None
        return value / self.b

    def growth(self, value: float | None) -> float | None:
        """Return a sum as a multiple of A; None where that says nothing."""
        if value is None or self.a is None or self.a <= 0:
            return None
        return value / self.a

    @property
    def met(self) -> bool | None:
        """Whether the plan reaches B; None where that is not known."""
        if self.reached is None or self.b is None:
            return None
        return self.reached >= self.b

    @property
    def biggest(self) -> Thing | None:
        """The change without which B's month would lack most."""
        ranked = [thing for thing in self.first_things if thing.worth is not None]
        return max(ranked, key=lambda thing: thing.worth or 0.0, default=None)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The gates that warn, what is to be mended first before the others."""
        found = [Finding(gate=gate, found=seen) for gate, seen in self.findings.items()]
        order = (Status.FAILED, Status.WARNING)
        return tuple(f for status in order for f in found if f.status is status)

    @property
    def course(self) -> tuple[float | None, ...]:
        """The goal's metric by month with the plan, client's currency."""
        return tuple(self.months.get(self.metric, ()))

    @property
    def off_course(self) -> float | None:
        """How far the newest month is from the plan, as a share of it; None without one."""
        if self.running and self.running.month < len(self.course):
            return _apart(self.running.forecast, self.course[self.running.month])
        last = self.facts[-1] if self.facts else None
        return _apart(last.fact, last.planned) if last else None

    @property
    def attention(self) -> Attention:
        """The most urgent reason to look at the client."""
        apart = self.off_course
        holds = {
            Attention.BEHIND: apart is not None and apart <= -MATTERS,
            Attention.UNKNOWN: self.met is None,
            Attention.SHORT: self.met is False,
            Attention.UNLIKELY: self.probability is not None and self.probability < EVEN,
            Attention.MEND: any(f.status is Status.FAILED for f in self.warnings),
        }
        return next((why for why, there in holds.items() if there), Attention.NOTHING)


def _apart(fact: float | None, planned: float | None) -> float | None:
    if fact is None or not planned:
        return None
    return (fact - planned) / abs(planned)


_STANDING = TypeAdapter(Standing)


def standing_of(text: str) -> Standing:
    """Read what a client's notebooks recorded.

    Raises
    ------
    ValueError
        For what is no JSON, no record, or a record that this version does not understand.
    """
    try:
        standing = _STANDING.validate_python(json.loads(text))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    tools = {tool for found in standing.findings.values() for tool in found.tools}
    if len(standing.course) <= standing.horizon or not tools <= set(TOOLS):
        raise ValueError("not a whole record")
    return standing
