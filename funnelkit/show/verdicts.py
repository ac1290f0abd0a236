"""Sentences for the verdicts of `funnelkit.plan.diagnosis`, and for the plan as a whole."""

from types import MappingProxyType

from funnelkit.model.levers import LEVERS
from funnelkit.model.levers import message as _
from funnelkit.plan.diagnosis import Case, Status, Verdict
from funnelkit.show.words import Words

__all__ = ["CHECKS", "SENTENCES", "STATUSES", "verdict_sentence"]


CHECKS = MappingProxyType(
    {
        "specific": _("Specific"),
        "measurable": _("Measurable"),
        "achievable": _("Achievable"),
        "relevant": _("Relevant"),
        "time_bound": _("Time-bound"),
    }
)

STATUSES = MappingProxyType(
    {
        Status.PASSED: _("yes"),
        Status.WARNING: _("attention"),
        Status.FAILED: _("no"),
        Status.NO_DATA: _("no data"),
    }
)

SENTENCES = MappingProxyType(
    {
        Case.SPECIFIC: _("One number, of the whole product line: from {a} to {b} a month."),
        Case.A_AGREES: _("A is {a}; the levers give {model} for the same month."),
        Case.A_CONTRADICTED: _("A is {a}, but the levers give {model}: check which is right."),
        Case.WITHIN_CEILINGS: _(
            "The plan reaches {reached} within realistic limits; with every lever at its limit it "
            "would be {best}."
        ),
        Case.ABOVE_CEILINGS: _("The plan asks for more than is realistic from: {levers}."),
        Case.OUT_OF_REACH: _("Even with every lever at its limit, {best} is the most: below B."),
        Case.PLAN_FALLS_SHORT: _(
            "The levers' limits would allow {best}, but the plan reaches {reached}: below B."
        ),
        Case.CONTRIBUTION_RISES: _(
            "The month's contribution rises too: {plan} with the plan, {now} without."
        ),
        Case.CONTRIBUTION_FALLS: _(
            "The month's contribution does not rise: {plan} with the plan, {now} without."
        ),
        Case.CONTRIBUTION_UNKNOWN: _("Without margins nobody can say whether growth pays."),
        Case.IN_TIME: _("B has a month, and the sales cycle leaves time for it."),
        Case.CYCLE_TOO_LONG: _("No deal begun now closes by B's month: the sales cycle is longer."),
        Case.RETENTION_TOO_LATE: _(
            "Retention starts to rise too late to help B's month; it pays only afterwards."
        ),
        Case.MODEL_UNKNOWN: _("Inputs are missing, so the goal's number cannot be computed."),
    }
)


def verdict_sentence(verdict: Verdict, words: Words) -> str:
    """Say what a check found."""
    labels = ", ".join(words(LEVERS[name].label).lower() for name in verdict.levers)
    sums = {name: words.money(value) for name, value in verdict.money.items()}
    return words(SENTENCES[verdict.case], levers=labels, **sums)
