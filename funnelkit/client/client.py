"""A client: everything its file says, ready for the model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from funnelkit.client.evidence.evidence import Measured
from funnelkit.client.evidence.found import Found
from funnelkit.client.marketing import Marketing
from funnelkit.client.numbers import LARGEST
from funnelkit.client.problems import ClientFileError, Code, Problem
from funnelkit.model.levers import LEVERS, Stage
from funnelkit.model.products import (
    REPLACED_BY_LINE,
    SUMMED_UP,
    Product,
    is_share,
    known_levers,
)
from funnelkit.plan.fact import Fact
from funnelkit.plan.gates import Facts
from funnelkit.plan.media import Media
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.uncertainty import Evidence, Range

__all__ = ["Client", "Decision", "Department", "Later", "UnderWay", "nearest", "purchases_last"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """Who answers for a stage: the client's own name for the department, and a person."""

    name: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was agreed in the workshop.

    Attributes
    ----------
    what, who : str
    by : date
        First day of the month by whose end it is done.
    money : float or None
        What it is expected to bring in the goal's month, client's currency.
    """

    what: str
    who: str
    by: date
    money: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """The month under way.

    Attributes
    ----------
    month : int
        Months after month 0.
    value : float
        The goal's metric of the days gone, client's currency.
    days_gone, days : int
        Whole days so far, and of the month.
    """

    month: int
    value: float
    days_gone: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Point C.

    Attributes
    ----------
    label : str
    offset : int
        Months after month 0.
    value : float
        The goal's metric in that month, client's currency.
    """

    label: str
    offset: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client as its file describes it.

    Attributes
    ----------
    name : str
        Name of the client's folder: the only part of it that becomes a path.
    path : Path
        The file.
    title : str
        Untrusted text; shown, never a path or markup.
    demo : bool
        Whether the client is invented.
    language, currency : str
    first_month : date
        First day of month 0.
    plan : Scenario
        The plan as the file has it.
    variants : mapping of str to mapping of str to float
        Other plans by name: the levers they plan otherwise.
    titles : mapping of str to str
        What to call the variants that have a title.
    evidence : mapping of str to Evidence
        Levers known from counts or guessed as a range.
    sources : mapping of str to str
        Where a number comes from, by field.
    assumed : frozenset of str
        Levers marked as assumptions.
    departments : mapping of Stage to Department
    facts : Facts
        What the method's gates need beside the plan.
    decisions : tuple of Decision
    locked : frozenset of str
        Levers that no solution may move.
    weights : mapping of str to float
        How hard levers are to move beside the others; 1 where not named.
    plan_evidence : mapping of str to Range
        Planned values that are guessed as a range.
    gone : tuple of Fact
        Months after month 0 as they turned out.
    under_way : UnderWay or None
        The month after these, as far as it has gone.
    recovered : mapping of int to float
        Overdue debts that are collected once, by month; client's currency.
    later : Later or None
    marketing : Marketing or None
        The channels, where the file names any.
    found : Found or None
        What its exports say; None for a client without exports.
    measured : mapping of str to Measured
        Numbers that come from the exports, not from the file: levers by name, ``goal.a``,
        ``active_customers``, ``sales_cycle``, channels' numbers as ``channel.field``.
    """

    name: str
    path: Path
    title: str
    demo: bool
    language: str
    currency: str
    first_month: date
    plan: Scenario
    variants: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    assumed: frozenset[str] = frozenset()
    departments: Mapping[Stage, Department] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    decisions: tuple[Decision, ...] = ()
    locked: frozenset[str] = frozenset()
    weights: Mapping[str, float] = field(default_factory=dict)
    plan_evidence: Mapping[str, Range] = field(default_factory=dict)
    gone: tuple[Fact, ...] = ()
    under_way: UnderWay | None = None
    recovered: Mapping[int, float] = field(default_factory=dict)
    later: Later | None = None
    marketing: Marketing | None = None
    found: Found | None = None
    measured: Mapping[str, Measured] = field(default_factory=dict)

    def media(self, scenario: Scenario) -> Media:
        """Return the channels behind a scenario: a named one's own, else the plan's in proportion.

        Raises
        ------
        ValueError
            Where the file has no channels.
        """
        if self.marketing is None:
            raise ValueError(f"{self.name} has no channels")
        # A variant may come to the plan's levers by other channels; the plan is the plan's.
        variants = () if scenario == self.plan else self.marketing.variants
        for name in variants:
            if self.scenario(name) == scenario:
                return self.marketing.media_of(name).following(scenario)
        if not scenario.plan:
            return self.marketing.media_of("now")
        return self.marketing.media.following(scenario)

    def scenario(
        self, name: str = "plan", overrides: Mapping[str, float] | None = None
    ) -> Scenario:
        """Return a scenario by name, with some levers planned otherwise.

        Parameters
        ----------
        name : str
            ``plan``, ``now`` (nothing is done) or one of `variants`.
        overrides : mapping of str to float
            Planned values by lever of the table.

        Raises
        ------
        ClientFileError
            For an unknown scenario, an unknown lever or a value out of the lever's range.
        """
        known = ["plan", "now", *self.variants]
        if name not in known:
            raise ClientFileError(
                (
                    Problem(
                        code=Code.UNKNOWN_SCENARIO,
                        field="scenario",
                        found=str(name)[:80],
                        values={"allowed": ", ".join(known)},
                    ),
                )
            )
        levers = dict(self.variants.get(name, {})) | dict(overrides or {})
        line = self.plan.business.line
        # What the file itself says was judged when it was read; channels may sum up to anything.
        asked = (overrides or {}).items()
        problems = tuple(p for n, v in asked if (p := lever_problem(n, v, line=line)))
        if problems:
            raise ClientFileError(problems)
        base = replace(self.plan, plan={}) if name == "now" else self.plan
        for lever in purchases_last(levers):
            try:
                base = base.with_plan(**{lever: levers[lever]})
            except ValueError:
                found = str(levers[lever])
                problem = Problem(code=Code.NOTHING_TO_SCALE, field=lever, found=found)
                raise ClientFileError((problem,)) from None
        return base


def purchases_last(levers: Iterable[str]) -> list[str]:
    """Put purchases last: what a line sells again has a check only while somebody buys."""
    return sorted(levers, key="purchase_rate".__eq__)


def nearest(name: str, known: Mapping[str, object] | list[str]) -> str:
    """Return the known name most like a mistyped one, or nothing."""
    spelt = {each.lower(): each for each in known}
    return next((spelt[m] for m in get_close_matches(name.lower(), spelt, n=1, cutoff=0.6)), "")


def lever_problem(name: str, value: object, *, line: tuple[Product, ...] = ()) -> Problem | None:
    """Find what is wrong with a lever's value, if anything is; `line`: beside a product line."""
    if name not in LEVERS and name not in known_levers(line):
        return Problem(
            code=Code.UNKNOWN_PARAMETER,
            field=name,
            found=str(value)[:80],
            values={"nearest": nearest(name, list(LEVERS))},
        )
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Problem(code=Code.NOT_A_NUMBER, field=name, found=str(value)[:80])
    if line and name in REPLACED_BY_LINE and name not in SUMMED_UP:
        return Problem(code=Code.LINE_AND_LEVER, field=name, found=str(value)[:80])
    if is_share(name, line) and not 0.0 <= value <= 1.0:
        return Problem(code=Code.NOT_A_SHARE, field=name, found=str(value)[:80])
    if not 0.0 <= value <= LARGEST:
        return Problem(
            code=Code.OUT_OF_RANGE,
            field=name,
            found=str(value)[:80],
            values={"low": 0.0, "high": LARGEST},
        )
    return None
