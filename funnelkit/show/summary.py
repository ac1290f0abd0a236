"""Page one: what an owner reads in 60 seconds."""

import math
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from funnelkit.client.client import Client
from funnelkit.model.levers import LEVERS, Stage
from funnelkit.model.levers import message as _
from funnelkit.plan.diagnosis import Status, stable
from funnelkit.plan.gates import Finding, diagnose
from funnelkit.plan.order import order_of_work
from funnelkit.plan.priorities import Priority, priorities
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.spread import Spread
from funnelkit.show.gates import finding_sentence
from funnelkit.show.labels import label
from funnelkit.show.pages import page_template
from funnelkit.show.stages import STAGES, department_names, person_of
from funnelkit.show.words import Words

__all__ = ["Summary", "style", "summary_html", "summary_of"]

FIRST_THINGS = 3
MEND_FIRST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The numbers of page one.

    Attributes
    ----------
    a, b, reached, steady : float
        Points A and B, the goal's month with the plan, and where the plan settles; client's
        currency a month.
    stable : bool or None
        Whether the goal's month and the two after it hold B; None where that is not known.
    probability : float or None
        Share of draws in which B is reached; None without evidence.
    measured : int
        Number of levers with counts or a range.
    recovered_backlog : float
        Part of `reached` that comes once, from a backlog being worked off.
    first_things : tuple of Priority
        The changes worth most, in the owner's order of stages.
    begin_with : Stage
        The stage to begin with, by the method's gates.
    findings : tuple of Finding
        The method's gates that apply.
    """

    a: float
    b: float
    reached: float
    steady: float
    stable: bool | None
    probability: float | None
    measured: int
    recovered_backlog: float
    first_things: tuple[Priority, ...]
    begin_with: Stage
    findings: tuple[Finding, ...]

    @property
    def gap(self) -> float:
        """B less what the plan reaches."""
        return self.b - self.reached

    @property
    def mend_first(self) -> tuple[Finding, ...]:
        """The gates that ask for mending before anything else, at most two."""
        failed = [finding for finding in self.findings if finding.status is Status.FAILED]
        return tuple(failed[:MEND_FIRST])


def summary_of(client: Client, scenario: Scenario, drawn: Spread | None) -> Summary:
    """Compute the numbers of page one; `drawn` is how far the scenario's outcome spreads."""
    goal = scenario.goal
    path = scenario.run()
    worth_most = priorities(scenario)[:FIRST_THINGS]
    order = list(LEVERS)
    findings = diagnose(scenario, client.facts)
    work = order_of_work(scenario, findings)
    return Summary(
        a=goal.a,
        b=goal.b,
        reached=float(path.metric(goal.metric)[goal.horizon]),
        steady=float(scenario.steady().metric(goal.metric)[0]),
        stable=stable(scenario),
        probability=drawn.probability if drawn else None,
        measured=len({*client.evidence, *client.plan_evidence}),
        recovered_backlog=float(path.backlog_revenue[goal.horizon]),
        first_things=tuple(sorted(worth_most, key=lambda p: order.index(p.name))),
        begin_with=work[0].stage,
        findings=findings,
    )


def _verdict(summary: Summary, words: Words) -> str:
    if math.isnan(summary.gap):
        return words(_("Whether the plan reaches B is not known: inputs are missing."))
    if summary.gap <= 0:
        return words(_("The plan reaches B."))
    return words(_("The plan falls short of B by {gap}."), gap=words.money(summary.gap))


def _details(summary: Summary, client: Client, words: Words, horizon: int) -> list[str]:
    lines = []
    if summary.probability is None and not summary.measured:
        lines.append(
            words(_("No probability is stated: none of the inputs comes with counts or a range."))
        )
    elif summary.probability is not None:
        cases = round(summary.probability * 100)
        lines.append(
            words.plural(
                "With what is known today, B is reached in {n} of 100 cases.",
                "With what is known today, B is reached in {n} of 100 cases.",
                cases,
            )
        )
    last = words.month(client.first_month, horizon + 2)
    if summary.stable:
        lines.append(words(_("The level holds: B is met every month until {month}."), month=last))
    elif summary.stable is not None and summary.gap <= 0:
        lines.append(words(_("The level does not hold until {month}."), month=last))
    if summary.recovered_backlog > 0:
        lines.append(
            words(
                _("Of it {sum} come once, from leads that had been waiting."),
                sum=words.money(summary.recovered_backlog),
            )
        )
    return lines


@cache
def style() -> str:
    """Return the style sheet of page one and of tables, for notebooks and reports."""
    sheets = (files("funnelkit.show") / name for name in ("style.css", "summary.css"))
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)


def summary_html(summary: Summary, client: Client, scenario: Scenario, words: Words) -> str:
    """Render page one; everything the client typed is escaped."""
    goal = scenario.goal
    month: date = client.first_month
    departments = department_names(client.departments, words)
    things = [
        {
            "what": words(LEVERS[p.name].label),
            "now": words.value(p.now, LEVERS[p.name].unit),
            "plan": words.value(p.plan, LEVERS[p.name].unit),
            "worth": words.short_money(p.worth),
            "who": departments[p.stage],
            "person": person_of(p.stage, client.departments),
            "since": words.month(month, min(p.start, goal.horizon)),
            "by": words.month(month, goal.horizon),
        }
        for p in summary.first_things
    ]
    return page_template("summary.html.jinja").render(
        words=words,
        title=client.title,
        demo=client.demo,
        measured=bool(client.measured),
        metric=label(goal.metric, words),
        a=words.money(summary.a),
        b=words.money(summary.b),
        reached=words.money(summary.reached),
        times=words.times(summary.reached / summary.a) if summary.a > 0 else "",
        times_b=words.times(summary.b / summary.a) if summary.a > 0 else "",
        month_a=words.month(month),
        month_b=words.month(month, goal.horizon),
        met=summary.gap <= 0,
        verdict=_verdict(summary, words),
        details=_details(summary, client, words, goal.horizon),
        later=client.later
        and words(
            _("On the way to point C: {label}, {value} in {month}."),
            label=client.later.label,
            value=words.money(client.later.value),
            month=words.month(month, client.later.offset),
        ),
        begin=words(
            _("Begin with: {stage} ({department})."),
            stage=words(STAGES[summary.begin_with]).lower(),
            department=departments[summary.begin_with],
        ),
        mend=[finding_sentence(finding, words) for finding in summary.mend_first],
        things=things,
        decisions=[
            {
                "what": decision.what,
                "who": decision.who,
                "by": words.month(decision.by),
                "money": ""
                if decision.money is None
                else words(_("expected: {money}"), money=words.change(decision.money)),
            }
            for decision in client.decisions
        ],
    )
