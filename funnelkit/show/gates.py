"""Sentences for the method's gates, and the tables that a diagnosis makes."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from funnelkit.client.client import Client
from funnelkit.model.levers import Stage
from funnelkit.model.levers import message as _
from funnelkit.plan.diagnosis import Status
from funnelkit.plan.gates import Finding, Gate
from funnelkit.plan.order import StageWork
from funnelkit.show.stages import STAGES, department_names, person_of
from funnelkit.show.tables import Cell, Table, sides
from funnelkit.show.words import Words

__all__ = [
    "ADVICE",
    "Advice",
    "advice_sentence",
    "diagnosis_table",
    "finding_sentence",
    "order_table",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a gate says: what was found, why it matters, what to do first; message ids."""

    found: str
    why: str
    first: str


ADVICE: Mapping[Gate, Advice] = MappingProxyType(
    {
        Gate.NO_CLIENTS: Advice(
            found=_("There are no current clients yet."),
            why=_("Repeat sales, the cheapest stage, have nobody to sell to."),
            first=_("Win the first clients, and note from the first day who buys again."),
        ),
        Gate.COLLECTIONS: Advice(
            found=_("Of what existing clients sign, {collected} is collected."),
            why=_("The work has been done and paid for; order here needs no advertising."),
            first=_("List the overdue invoices and call every client this week."),
        ),
        Gate.JUNK: Advice(
            found=_("Sales calls {declared} of the leads junk; the audit finds {audited}."),
            why=_("Leads that could buy are thrown away, and more advertising brings more of it."),
            first=_("Listen to the calls of every rejected lead for two weeks."),
        ),
        Gate.UNANSWERED: Advice(
            found=_("{answered} of the leads are called back in time; {leads} a month are not."),
            why=_("They have been paid for and go to whoever calls first."),
            first=_("Check every morning that yesterday's leads were all called."),
        ),
        Gate.OVERLOAD: Advice(
            found=_("{leads} leads a month meet a team that gets through {room}."),
            why=_("More leads would only wait longer or be lost."),
            first=_("Bring the team to {managers} managers before buying more traffic."),
        ),
        Gate.OVERPUSHING: Advice(
            found=_(
                "Won deals are to grow by {pushed}, with refunds and retention taken as unchanged."
            ),
            why=_("Clients who were pushed ask for their money back and leave."),
            first=_("Watch refunds and retention of the new clients every month."),
        ),
        Gate.SPARE_CAPACITY: Advice(
            found=_("{leads} leads a month keep a team busy that gets through {room}."),
            why=_("Leads are what is missing: here advertising is the right stage."),
            first=_("Raise the traffic step by step until the team is busy."),
        ),
        Gate.LEAKY_FUNNEL: Advice(
            found=_("The plan begins to nurture while the funnel leaks. Not there yet: {tools}."),
            why=_("It is water through a sieve: what nurturing brings is lost on the way."),
            first=_("Mend the funnel and measure it; then nurture."),
        ),
        Gate.NOTHING_MEASURED: Advice(
            found=_("No conversion has been counted; every number is typed or guessed."),
            why=_("Nobody can say which stage works, nor how sure the plan is."),
            first=_("Count leads, answered leads and deals for one month."),
        ),
    }
)

TOOL_NAMES = MappingProxyType(
    {
        "landing_pages": _("landing pages"),
        "end_to_end_analytics": _("end-to-end analytics"),
        "retargeting": _("retargeting"),
        "email_autofunnel": _("e-mail autofunnel"),
    }
)

_MARKS: Mapping[Status, str] = MappingProxyType(
    {
        Status.PASSED: _("chance"),
        Status.WARNING: _("attention"),
        Status.FAILED: _("mend first"),
    }
)


def _values(finding: Finding, words: Words) -> dict[str, str]:
    found = finding.found
    counts = {
        name: words.times(value) if name == "pushed" else words.count(value)
        for name, value in found.counts.items()
    }
    shares = {name: words.share(value) for name, value in found.shares.items()}
    tools = ", ".join(words(TOOL_NAMES[tool]) for tool in found.tools) or words("call-backs")
    return counts | shares | {"tools": tools}


def finding_sentence(finding: Finding, words: Words) -> str:
    """Say what a gate found."""
    return words(ADVICE[finding.gate].found, **_values(finding, words))


def advice_sentence(finding: Finding, words: Words) -> str:
    """Say what to do first about what a gate found."""
    return words(ADVICE[finding.gate].first, **_values(finding, words))


def diagnosis_table(client: Client, findings: tuple[Finding, ...], words: Words) -> Table:
    """Return what was found: why it matters, what to do first, who, and what it is worth."""
    departments = department_names(client.departments, words)
    rows: list[tuple[str | Cell, ...]] = []
    for finding in findings:
        advice, worth = ADVICE[finding.gate], finding.found.worth
        person = person_of(finding.stage, client.departments)
        who = ", ".join(part for part in (departments[finding.stage], person) if part)
        mark = words(_MARKS[finding.status])
        rows.append(
            (
                finding_sentence(finding, words),
                Cell(mark, "bad") if finding.status is Status.FAILED else mark,
                words(advice.why),
                advice_sentence(finding, words),
                who,
                words.missing if worth is None else words.change(worth),
            )
        )
    if not rows:
        rows.append((words("Nothing that speaks against the plan was found."), *[""] * 5))
    return Table(
        header=(
            words("Found"),
            words("Verdict"),
            words("Why it matters"),
            words("What to do first"),
            words("Who"),
            words("In B's month"),
        ),
        rows=tuple(rows),
        align=sides("lllllr"),
        note=words(
            "Money: what mending this alone adds to B's month; a minus is what is at stake."
        ),
    )


def order_table(client: Client, works: tuple[StageWork, ...], words: Words) -> Table:
    """Return the order of work: what each stage can bring, and what that costs."""
    departments = department_names(client.departments, words)
    prices = {work.stage: work.price for work in works}
    existing, new = prices[Stage.ACCOUNT], prices[Stage.GENERATION]
    own = words.missing if not existing or new is None else words.count(new / existing) + " : 1"
    rows = []
    for place, work in enumerate(works, start=1):
        if work.closed_by is not None:
            remark = words("later: {why}", why=words(ADVICE[work.closed_by].why))
        else:
            remark = words("begin here") if place == 1 else ""
        rows.append(
            (
                f"{place}. {words(STAGES[work.stage])}",
                departments[work.stage],
                words.change(work.gain),
                words.missing if work.price is None else words.number(work.price, 2),
                remark,
            )
        )
    return Table(
        header=(
            words("Stage"),
            words("Department"),
            words("At its limits"),
            words("Cost per unit gained"),
            words("Remark"),
        ),
        rows=tuple(rows),
        align=sides("llrrl"),
        caption=words("The order of work, “from the money”"),
        note=words(
            "Rule of thumb: a new client costs about 6 times what an existing one does; here, "
            "lead generation against account management: {own}.",
            own=own,
        ),
    )
