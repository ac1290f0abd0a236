"""Sentences for everything that can be wrong with a client's file or a parameter."""

import math
from types import MappingProxyType

from funnelkit.client.problems import Code, Problem
from funnelkit.show.words import Words

__all__ = ["SENTENCES", "problem_lines", "problem_sentence"]


def _(message: str) -> str:
    """Mark a message id for the catalog."""
    return message


SENTENCES = MappingProxyType(
    {
        Code.NOT_FOUND: _("there is no client “{found}”"),
        Code.UNREADABLE: _("the file cannot be read ({found})"),
        Code.NOT_UTF8: _("the file is not in UTF-8; save it as UTF-8 text"),
        Code.TOO_LARGE: _("the file is larger than a million bytes, which no client's file is"),
        Code.YAML: _("this is not valid YAML: {found}"),
        Code.ALIAS: _("“{found}” refers to another place; write the value out instead"),
        Code.NOT_A_MAPPING: _("found “{found}” where fields and their values are expected"),
        Code.NOT_A_LIST: _("found “{found}” where a list is expected, as in [60%, 40%]"),
        Code.NOT_TEXT: _("found “{found}” where text is expected"),
        Code.TOO_LONG: _("this is longer than {high}"),
        Code.MISSING: _("this field is missing"),
        Code.UNKNOWN_FIELD: _("there is no such field"),
        Code.NOT_A_NUMBER: _(
            "found “{found}”, which is no number; allowed are 0.25, 25% or 1 000 000"
        ),
        Code.AMBIGUOUS_NUMBER: _("“{found}” can be read in two ways; write 1234 or 1.234"),
        Code.NOT_A_WHOLE_NUMBER: _("found “{found}” where a whole number is expected, as in 3"),
        Code.NOT_A_MONTH: _("found “{found}” where a month is expected, as in 2026-09"),
        Code.NOT_YES_OR_NO: _("found “{found}”; allowed are true and false"),
        Code.NOT_ONE_OF: _("found “{found}”; allowed: {allowed}"),
        Code.OUT_OF_RANGE: _("found “{found}”; allowed is {low} to {high}"),
        Code.ORDER: _("the numbers are out of order; {order} must hold"),
        Code.BEST_BELOW_NOW: _("“best” is worse than what there is now ({now})"),
        Code.B_NOT_ABOVE_A: _("B ({found}) is not above A ({a})"),
        Code.C_NOT_AFTER_B: _("point C ({found}) is not after point B, {months} months from A"),
        Code.CYCLE_NOT_ONE: _("the shares of the sales cycle sum to {total}, not to 1"),
        Code.TWICE: _("“{found}” is named twice"),
        Code.LINE_AND_LEVER: _("the product line stands for this lever; remove one of the two"),
        Code.NO_FUNNEL: _("nothing is sold yet; give one of: {allowed}"),
        Code.GOAL_NEEDS: _("a goal in {metric} needs this number"),
        Code.UNKNOWN_SCENARIO: _("there is no scenario “{found}”; there are: {allowed}"),
        Code.UNKNOWN_PARAMETER: _("there is no such parameter"),
        Code.NOTHING_TO_SCALE: _("the product line has nothing that {found} could be spread over"),
    }
)


def problem_sentence(problem: Problem, words: Words) -> str:
    """Say what is wrong, what was found, and what is allowed."""
    values = {
        name: words.number(value, 10) if isinstance(value, int | float) and not math.isinf(value)
        else "∞" if isinstance(value, float) else value
        for name, value in problem.values.items()
    }  # fmt: skip
    sentence = words(SENTENCES[problem.code], found=problem.found, **values)
    near = problem.values.get("nearest")
    return sentence + (words("; did you mean “{name}”?", name=near) if near else "")


def problem_lines(problems: tuple[Problem, ...], words: Words) -> list[str]:
    """One line a problem: file and line, field, sentence."""
    lines = []
    for problem in problems:
        place = f"{problem.file}:{problem.line}" if problem.line else problem.file
        where = ": ".join(part for part in (place, problem.field) if part)
        lines.append(f"{where}: {problem_sentence(problem, words)}")
    return lines
