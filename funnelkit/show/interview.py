"""What a consultant is asked about a new client, and what is made of the answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from funnelkit.client.answers import Conflict, ContradictionError
from funnelkit.client.folder import LONGEST, Fault
from funnelkit.client.new import Beginning
from funnelkit.model.levers import LEVERS, Unit
from funnelkit.model.levers import message as _
from funnelkit.show.words import Words

__all__ = [
    "QUESTIONS",
    "Question",
    "conflict_sentence",
    "fault_sentence",
    "outcome_lines",
    "prompt_text",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One of the eight questions, or one of the two checks.

    Attributes
    ----------
    text : str
        Message id.
    unit : Unit
    example : str
        As it may be typed.
    hint : str
        Message id of what makes the question plain; empty for none.
    """

    text: str
    unit: Unit
    example: str
    hint: str = ""


QUESTIONS: Mapping[str, Question] = MappingProxyType(
    {
        "turnover": Question(text=_("Turnover a month"), unit=Unit.MONEY, example="1 000 000"),
        "leads": Question(
            text=_("Leads a month"),
            unit=Unit.COUNT,
            example="160",
            hint=_("people who leave a contact"),
        ),
        "deals": Question(text=_("Deals with new clients a month"), unit=Unit.COUNT, example="13"),
        "first_check": Question(
            text=_("First check of a new client"), unit=Unit.MONEY, example="30 000"
        ),
        "repeat_check": Question(
            text=_("Check of a repeat purchase"), unit=Unit.MONEY, example="12 000"
        ),
        "active_customers": Question(text=_("Clients at present"), unit=Unit.COUNT, example="84"),
        "repeat_purchases": Question(
            text=_("Repeat purchases per client and month"),
            unit=Unit.COUNT,
            example="0.5",
            hint=_("0.5 is one in two months"),
        ),
        "sales_cycle": Question(
            text=_("Sales cycle in days"),
            unit=Unit.COUNT,
            example="15",
            hint=_("from the first contact to the deal"),
        ),
        "target": Question(text=_("Target turnover a month"), unit=Unit.MONEY, example="3 000 000"),
    }
)

CONFLICTS = MappingProxyType(
    {
        Conflict.DEALS_ABOVE_LEADS: _("{deals} deals cannot come from {leads} leads."),
        Conflict.KNOWN_ABOVE_A: _(
            "The turnover is {a}, but what is known already gives {known}: one of them is wrong."
        ),
        Conflict.OUT_OF_REACH: _(
            "The turnover is {a}, but even if all {leads} leads became deals it would be {most}."
        ),
        Conflict.TARGET_NOT_ABOVE_A: _("The target {b} is not above the turnover {a}."),
        Conflict.NO_MONEY: _("Give the turnover or a check: nothing says yet what money comes in."),
        Conflict.NOTHING_SOLD: _(
            "Without deals and clients nothing is sold: give a check, or how many there are."
        ),
        Conflict.OUT_OF_RANGE: _(
            "The answers lead to {value}, which no client has; allowed is {low} to {high}."
        ),
    }
)

FAULTS = MappingProxyType(
    {
        Fault.EMPTY: _("A client's name is missing."),
        Fault.TOO_LONG: _("The name is too long; allowed are {longest} characters."),
        Fault.CHARACTERS: _(
            "“{name}” cannot be a folder's name here: letters, digits, - and _ are allowed, a "
            "letter or digit first."
        ),
        Fault.RESERVED: _("“{name}” is a name that Windows keeps for itself; take another."),
        Fault.EXISTS: _("There is a client “{name}” already; nothing was changed."),
    }
)


def conflict_sentence(error: ContradictionError, words: Words) -> str:
    """Say how answers contradict each other, with the numbers."""
    money = {name: words.money(value) for name, value in error.money.items()}
    counts = {name: words.number(value, 8) for name, value in error.counts.items()}
    return words(CONFLICTS[error.conflict], **money, **counts)


def fault_sentence(fault: Fault, name: str, words: Words) -> str:
    """Say why a client cannot be called so."""
    shown = name if len(name) <= LONGEST else name[:LONGEST] + "…"
    return words(FAULTS[fault], name=shown, longest=LONGEST)


def prompt_text(name: str, unit: str, words: Words) -> str:
    """Ask for an answer with its unit, what it means, and an example.

    Parameters
    ----------
    name : str
    unit : str
        What to call the client's currency.
    words : Words
    """
    question = QUESTIONS[name]
    text = words(question.text) + (f", {unit}" if question.unit is Unit.MONEY else "")
    example = words("e.g. {example}", example=question.example)
    hints = "; ".join(part for part in (question.hint and words(question.hint), example) if part)
    return f"{text} ({hints})"


def outcome_lines(beginning: Beginning, words: Words) -> list[str]:
    """Say what was solved from A, and what was assumed and why."""
    lines = []
    if beginning.solved:
        what, value = _named(beginning.solved, beginning, words)
        lines.append(
            words("Solved from the other answers: {what}: {value}", what=what, value=value)
        )
    for name, assumption in beginning.assumed.items():
        what, value = _named(name, beginning, words)
        reason = words(assumption.reason)
        lines.append(
            words("Assumed: {what}: {value} ({reason})", what=what, value=value, reason=reason)
        )
    return lines


def _named(name: str, beginning: Beginning, words: Words) -> tuple[str, str]:
    """Return what an answer, or a lever nobody was asked for, is called, and its value."""
    if name in QUESTIONS:
        question = QUESTIONS[name]
        return words(question.text), words.value(beginning.answers[name], question.unit)
    lever = LEVERS[name]
    return words(lever.label), words.value(beginning.levers[name], lever.unit)
