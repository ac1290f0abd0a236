"""Sentences for everything that can be wrong with a client's file or a parameter."""

import math
from types import MappingProxyType

from funnelkit.client.evidence.evidence import Lack
from funnelkit.client.problems import Code, Problem
from funnelkit.model.levers import message as _
from funnelkit.show.exports import LACKS, refusal_sentence
from funnelkit.show.words import Words

__all__ = ["SENTENCES", "problem_lines", "problem_sentence"]


SENTENCES = MappingProxyType(
    {
        Code.NOT_FOUND: _("there is no client “{found}”"),
        Code.NO_FOLDER: _("there is no folder “{found}”"),
        Code.UNREADABLE: _("the file cannot be read ({found})"),
        Code.NOT_UTF8: _("the file is not in UTF-8; save it as UTF-8 text"),
        Code.TOO_LARGE: _("the file is larger than {high} bytes, which no client's file is"),
        Code.YAML: _(
            "the file cannot be followed here; look at this line and the one before for a missing "
            "colon, quotation mark or bracket and for uneven indents, and put text that holds "
            "signs such as : or # in quotation marks (YAML: {found})"
        ),
        Code.TAB: _("a tab stands here; indent with spaces"),
        Code.ALIAS: _("“{found}” refers to another place; write the value out instead"),
        Code.TAG: _("“{found}” is a YAML tag; remove it, or put quotation marks around the text"),
        Code.CHARACTER: _("the character {found} stands here, which no text has; remove it"),
        Code.TOO_DEEP: _("there are more than {high} levels of brackets or indents here"),
        Code.EMPTY_FILE: _("the file is empty"),
        Code.NOT_A_MAPPING: _(
            "found “{found}” where fields and their values are expected, as in “name: value”"
        ),
        Code.NOT_A_LIST: _(
            "found “{found}” where a list is expected: items in [ ], or each after a dash"
        ),
        Code.NOT_TEXT: _("found “{found}” where text is expected"),
        Code.TOO_LONG: _("this is too long; allowed are at most {high} characters"),
        Code.TOO_MANY: _("this list is too long; allowed are at most {high} items"),
        Code.MISSING: _("this field is missing; add it"),
        Code.EMPTY: _("nothing stands here; write a value, or remove the field"),
        Code.UNKNOWN_FIELD: _("there is no such field"),
        Code.COMMA: _(
            "there is no field “{found}”; if it is the end of a number, write the number without "
            "a comma inside brackets, as in 0.25, 25% or 1500"
        ),
        Code.NOT_A_NUMBER: _(
            "found “{found}”, which is no number; allowed are 0.25, 25% or 1 000 000"
        ),
        Code.AMBIGUOUS_NUMBER: _(
            "“{found}” can be read in two ways; a thousand is 1000 or 1 000, a decimal 1.234"
        ),
        Code.NOT_A_WHOLE_NUMBER: _("found “{found}” where a whole number is expected, as in 3"),
        Code.NOT_A_MONTH: _("found “{found}” where a month is expected, as in 2026-09"),
        Code.NOT_YES_OR_NO: _("found “{found}”; allowed are true and false"),
        Code.NOT_ONE_OF: _("found “{found}”; allowed: {allowed}"),
        Code.OUT_OF_RANGE: _("found “{found}”; allowed is {low} to {high}"),
        Code.NOT_A_SHARE: _("found “{found}” where a share is expected, 0 to 1, as in 0.25 or 25%"),
        Code.NOT_POSITIVE: _("found “{found}”; allowed are numbers above 0"),
        Code.NOT_COUNTS: _(
            "this is not a share, so “won” and “of” mean nothing here; write one number or "
            "{{low: 1, likely: 2, high: 3}}"
        ),
        Code.ORDER: _("the numbers are out of order; {order} must hold"),
        Code.BEST_BELOW_NOW: _("“best” ({found}) is worse than what there is now ({now})"),
        Code.B_NOT_ABOVE_A: _("B ({found}) is not above A ({a})"),
        Code.C_NOT_AFTER_B: _("point C ({found}) is not after point B, {months} months from A"),
        Code.CYCLE_NOT_ONE: _(
            "the shares of the sales cycle sum to {total}, not to 1; as in [60%, 40%]"
        ),
        Code.TWICE: _("“{found}” is named twice, first in line {first}; remove or rename one"),
        Code.LINE_AND_LEVER: _("the product line stands for this lever; remove one of the two"),
        Code.CHANNELS_AND_LEVER: _(
            "the channels stand for this lever; remove it, and plan it in the channels"
        ),
        Code.NO_START: _("a channel begins with one of {allowed}; give one of them"),
        Code.TWO_STARTS: _("a channel begins with only one of {allowed}; found: {given}"),
        Code.UNKNOWN_STAGE: _("there is no stage “{found}” between lead and order"),
        Code.RESERVED_STAGE: _(
            "“{found}” means something else in a channel; call the stage otherwise"
        ),
        Code.UNKNOWN_PRODUCT: _("there is no product “{found}”"),
        Code.UNKNOWN_CHANNEL: _("there is no channel “{found}”"),
        Code.NOT_OF_CHANNEL: _("this channel has no such number; it has: {allowed}"),
        Code.NO_CHANNEL: _(
            "no channel has every conversion from its beginning to the order, so nothing can be "
            "counted; give at least one all of them"
        ),
        Code.TWO_COSTS: _("a unit cost and a margin are two ways to one cost; remove one"),
        Code.HISTORY_TOO_SHORT: _(
            "the history has {number} different spends above 0; a power curve takes two, a Hill "
            "curve three"
        ),
        Code.HISTORY_WITHOUT_LEADS: _(
            "a month of the history has spend and no leads, which no power curve can follow; "
            "remove the month, or write “curve: hill”"
        ),
        Code.HISTORY_FALLING: _(
            "in this history more spend brought fewer leads, so it says nothing about more budget; "
            "look for what else changed, or remove it"
        ),
        Code.HISTORY_INCREASING: _(
            "in this history each sum brought more than the one before, which does not go on; give "
            "more months"
        ),
        Code.RUNNING_OUTSIDE: _(
            "the month {found} lies outside the plan: it is month 0 or one of the {months} after it"
        ),
        Code.NO_FUNNEL: _("nothing is sold yet; give one of: {allowed}"),
        Code.GOAL_NEEDS: _("a goal in {metric} needs this number; add it, 0 where there is none"),
        Code.RESERVED: _("“{found}” means the file's own plan or the present; take another name"),
        Code.UNKNOWN_SCENARIO: _("there is no scenario “{found}”; there are: {allowed}"),
        Code.UNKNOWN_PARAMETER: _("there is no such parameter"),
        Code.NOTHING_TO_SCALE: _("the product line has nothing that {found} could be spread over"),
        Code.NOT_IN_A_ROW: _(
            "months gone stand one after another, from the month after A; expected is {expected}, "
            "found “{found}”"
        ),
        Code.NOT_THE_LAST: _("only the last month can be under way; take “days_gone” away"),
        Code.NOT_A_LEVER_HERE: _("this client does not have this lever, so it cannot have changed"),
        Code.NO_MARKETING: _(
            "the file names no channels, so there is no marketer's level; add “marketing:” with "
            "“channels:”"
        ),
        Code.NOT_IN_PROPORTION: _("the channels have nothing that could be moved to {found}"),
        Code.NO_NAME: _("a scenario needs a name; nothing was saved"),
        Code.CHANGED: _(
            "the file was changed after it was read, so nothing was saved and nothing is lost; "
            "take another name, or open the file again to see what is new"
        ),
        Code.NOT_WRITABLE: _("the file cannot be written to ({found}); nothing was saved"),
        Code.NO_PLACE: _(
            "as this file is written there is no place in it for what is to be saved; put each "
            "field on a line of its own, without brackets around them all"
        ),
        Code.NOT_A_DAY: _("found “{found}” where a day is expected, as in 2026-07-01"),
        Code.OUTSIDE: _(
            "“{found}” leads out of the client's folder; name a folder within it, as in exports"
        ),
        Code.COLUMNS_NEED: _(
            "these columns make neither a table of orders, which takes day and amount, nor one of "
            "spend, which takes day and spend; each meaning stands once"
        ),
        Code.NOT_MEASURED: _("“{found}” needs exports that say it"),
        Code.EXPORT: _("the export is not read"),
    }
)


def problem_sentence(problem: Problem, words: Words) -> str:
    """Say what is wrong, what was found, and what is allowed."""
    if problem.export:
        return refusal_sentence(problem.export, words)
    if lack := problem.values.get("lack"):
        return words("the exports do not say this number: {why}", why=words(LACKS[Lack(str(lack))]))
    values = {
        name: words.number(value, 10) if isinstance(value, int | float) and not math.isinf(value)
        else "∞" if isinstance(value, float) else value
        for name, value in problem.values.items()
    }  # fmt: skip
    sentence = words(SENTENCES[problem.code], found=problem.found, **values)
    near, allowed = (problem.values.get(name) for name in ("nearest", "allowed"))
    if near:
        return sentence + words("; did you mean “{name}”?", name=near)
    if allowed and "{allowed}" not in SENTENCES[problem.code]:
        return sentence + words("; there are: {names}", names=allowed)
    return sentence


def problem_lines(problems: tuple[Problem, ...], words: Words) -> list[str]:
    """One line a problem: file and line, field, sentence."""
    lines = []
    for problem in problems:
        place = f"{problem.file}:{problem.line}" if problem.line else problem.file
        where = ": ".join(part for part in (place, problem.field) if part)
        lines.append(f"{where}: {problem_sentence(problem, words)}")
    return lines
