import re

import pytest

from funnelkit.client.problems import Code, Problem
from funnelkit.show.problems import SENTENCES, problem_lines, problem_sentence
from funnelkit.show.words import LANGUAGES, Words

EN = Words(language="en")

GOLDEN = {
    Code.NOT_FOUND: "there is no client “x”",
    Code.NO_FOLDER: "there is no folder “x”",
    Code.UNREADABLE: "the file cannot be read (x)",
    Code.NOT_UTF8: "the file is not in UTF-8; save it as UTF-8 text",
    Code.TOO_LARGE: "the file is larger than 1,000 bytes, which no client's file is",
    Code.YAML: (
        "the file cannot be followed here; look at this line and the one before for a missing "
        "colon, quotation mark or bracket and for uneven indents, and put text that holds signs "
        "such as : or # in quotation marks (YAML: x)"
    ),
    Code.TAB: "a tab stands here; indent with spaces",
    Code.ALIAS: "“x” refers to another place; write the value out instead",
    Code.TAG: "“x” is a YAML tag; remove it, or put quotation marks around the text",
    Code.CHARACTER: "the character x stands here, which no text has; remove it",
    Code.TOO_DEEP: "there are more than 1,000 levels of brackets or indents here",
    Code.EMPTY_FILE: "the file is empty",
    Code.NOT_A_MAPPING: (
        "found “x” where fields and their values are expected, as in “name: value”"
    ),
    Code.NOT_A_LIST: ("found “x” where a list is expected: items in [ ], or each after a dash"),
    Code.NOT_TEXT: "found “x” where text is expected",
    Code.TOO_LONG: "this is too long; allowed are at most 1,000 characters",
    Code.TOO_MANY: "this list is too long; allowed are at most 1,000 items",
    Code.MISSING: "this field is missing; add it",
    Code.EMPTY: "nothing stands here; write a value, or remove the field",
    Code.UNKNOWN_FIELD: "there is no such field",
    Code.COMMA: (
        "there is no field “x”; if it is the end of a number, write the number without a comma "
        "inside brackets, as in 0.25, 25% or 1500"
    ),
    Code.NOT_A_NUMBER: "found “x”, which is no number; allowed are 0.25, 25% or 1 000 000",
    Code.AMBIGUOUS_NUMBER: (
        "“x” can be read in two ways; a thousand is 1000 or 1 000, a decimal 1.234"
    ),
    Code.NOT_A_WHOLE_NUMBER: "found “x” where a whole number is expected, as in 3",
    Code.NOT_A_MONTH: "found “x” where a month is expected, as in 2026-09",
    Code.NOT_YES_OR_NO: "found “x”; allowed are true and false",
    Code.NOT_ONE_OF: "found “x”; allowed: p, q",
    Code.OUT_OF_RANGE: "found “x”; allowed is 0.5 to 1,000",
    Code.NOT_A_SHARE: "found “x” where a share is expected, 0 to 1, as in 0.25 or 25%",
    Code.NOT_POSITIVE: "found “x”; allowed are numbers above 0",
    Code.NOT_COUNTS: (
        "this is not a share, so “won” and “of” mean nothing here; write one number or "
        "{low: 1, likely: 2, high: 3}"
    ),
    Code.ORDER: "the numbers are out of order; won ≤ of must hold",
    Code.BEST_BELOW_NOW: "“best” (x) is worse than what there is now (0.25)",
    Code.B_NOT_ABOVE_A: "B (x) is not above A (1,000,000)",
    Code.C_NOT_AFTER_B: "point C (x) is not after point B, 3 months from A",
    Code.CYCLE_NOT_ONE: "the shares of the sales cycle sum to 0.9, not to 1; as in [60%, 40%]",
    Code.TWICE: "“x” is named twice, first in line 7; remove or rename one",
    Code.LINE_AND_LEVER: "the product line stands for this lever; remove one of the two",
    Code.CHANNELS_AND_LEVER: (
        "the channels stand for this lever; remove it, and plan it in the channels"
    ),
    Code.NO_START: "a channel begins with one of p, q; give one of them",
    Code.TWO_STARTS: "a channel begins with only one of p, q; found: r, s",
    Code.UNKNOWN_STAGE: "there is no stage “x” between lead and order",
    Code.RESERVED_STAGE: "“x” means something else in a channel; call the stage otherwise",
    Code.UNKNOWN_PRODUCT: "there is no product “x”",
    Code.UNKNOWN_CHANNEL: "there is no channel “x”",
    Code.NOT_IN_A_ROW: (
        "months gone stand one after another, from the month after A; expected is 2026-11, found "
        "“x”"
    ),
    Code.NOT_THE_LAST: "only the last month can be under way; take “days_gone” away",
    Code.NOT_A_LEVER_HERE: "this client does not have this lever, so it cannot have changed",
    Code.NO_MARKETING: (
        "the file names no channels, so there is no marketer's level; add “marketing:” with "
        "“channels:”"
    ),
    Code.NO_EXPORTS: (
        "there are no exports beside the file, so there is nothing to measure; put them into "
        "the folder “exports”"
    ),
    Code.NOT_IN_PROPORTION: "the channels have nothing that could be moved to x",
    Code.NOT_OF_CHANNEL: "this channel has no such number; it has: p, q",
    Code.NO_CHANNEL: (
        "no channel has every conversion from its beginning to the order, so nothing can be "
        "counted; give at least one all of them"
    ),
    Code.TWO_COSTS: "a unit cost and a margin are two ways to one cost; remove one",
    Code.HISTORY_TOO_SHORT: (
        "the history has 1 different spends above 0; a power curve takes two, a Hill curve three"
    ),
    Code.HISTORY_WITHOUT_LEADS: (
        "a month of the history has spend and no leads, which no power curve can follow; remove "
        "the month, or write “curve: hill”"
    ),
    Code.HISTORY_FALLING: (
        "in this history more spend brought fewer leads, so it says nothing about more budget; "
        "look for what else changed, or remove it"
    ),
    Code.HISTORY_INCREASING: (
        "in this history each sum brought more than the one before, which does not go on; give "
        "more months"
    ),
    Code.RUNNING_OUTSIDE: (
        "the month x lies outside the plan: it is month 0 or one of the 3 after it"
    ),
    Code.NO_FUNNEL: "nothing is sold yet; give one of: p, q",
    Code.GOAL_NEEDS: "a goal in profit needs this number; add it, 0 where there is none",
    Code.RESERVED: "“x” means the file's own plan or the present; take another name",
    Code.UNKNOWN_SCENARIO: "there is no scenario “x”; there are: p, q",
    Code.UNKNOWN_PARAMETER: "there is no such parameter",
    Code.NOTHING_TO_SCALE: "the product line has nothing that x could be spread over",
    Code.NO_NAME: "a scenario needs a name; nothing was saved",
    Code.CHANGED: (
        "the file was changed after it was read, so nothing was saved and nothing is lost; take "
        "another name, or open the file again to see what is new"
    ),
    Code.NOT_WRITABLE: "the file cannot be written to (x); nothing was saved",
    Code.NO_PLACE: (
        "as this file is written there is no place in it for what is to be saved; put each field "
        "on a line of its own, without brackets around them all"
    ),
    Code.NOT_A_DAY: "found “x” where a day is expected, as in 2026-07-01",
    Code.OUTSIDE: "“x” leads out of the client's folder; name a folder within it, as in exports",
    Code.COLUMNS_NEED: (
        "these columns make neither a table of orders, which takes day and amount, nor one of "
        "spend, which takes day and spend; each meaning stands once"
    ),
    Code.NOT_MEASURED: "“x” needs exports that say it",
    Code.EXPORT: "the export is not read",
}
VALUES = {
    "low": 0.5,
    "high": 1000.0,
    "order": "won ≤ of",
    "now": 0.25,
    "a": 1e6,
    "months": 3,
    "total": 0.9,
    "first": 7,
    "metric": "profit",
    "given": "r, s",
    "number": 1,
    "expected": "2026-11",
}


def problem(code: Code, found: str = "x", **values: str | float) -> Problem:
    allowed = {"allowed": "p, q"} if "{allowed}" in SENTENCES[code] else {}
    return Problem(code=code, found=found, values=VALUES | allowed | values)


def test_every_code_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Code) == set(GOLDEN)


@pytest.mark.parametrize("code", list(Code))
def test_the_sentence_in_english(code: Code) -> None:
    assert problem_sentence(problem(code), EN) == GOLDEN[code]


@pytest.mark.parametrize("code", list(Code))
def test_the_sentence_in_russian(code: Code) -> None:
    said = problem_sentence(problem(code), Words(language="ru"))
    assert re.search("[а-я]", said)
    assert bool(re.search(r"\bx\b", said)) == (
        "“x”" in GOLDEN[code] or bool(re.search(r"\bx\b", GOLDEN[code]))
    )
    assert not re.search(r"{\w*}", said)
    assert not set(re.findall("[A-Za-z]{3,}", said)) - {
        *("UTF", "YAML", "won", "low", "likely", "high", "name", "true", "false", "best"),
        "profit",
        *("curve", "hill", "marketing", "channels", "days", "gone"),
        *("exports", "day", "amount", "spend"),
    }


@pytest.mark.parametrize("code", list(Code))
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_typed_is_never_a_pattern(code: Code, language: str) -> None:
    hostile = "{found} {0} {nearest!r} %s <b>"
    typed = problem(code, hostile, allowed=hostile, given=hostile)
    said = problem_sentence(typed, Words(language=language))
    if "{found}" in SENTENCES[code]:
        assert hostile in said


@pytest.mark.parametrize(
    ("values", "end"),
    [
        ({}, "there is no such field"),
        ({"nearest": ""}, "there is no such field"),
        ({"nearest": "goal", "allowed": "goal, team"}, "field; did you mean “goal”?"),
        ({"nearest": "", "allowed": "goal, team"}, "field; there are: goal, team"),
    ],
)
def test_a_name_nobody_knows_gets_the_nearest_or_all(values: dict[str, str], end: str) -> None:
    unknown = Problem(code=Code.UNKNOWN_FIELD, field="gaol", values=values)
    assert problem_sentence(unknown, EN).endswith(end)


def test_limits_are_said_as_the_reader_writes_them() -> None:
    limits = problem(Code.OUT_OF_RANGE, low=-1e15, high=float("inf"))
    assert problem_sentence(limits, EN).endswith("−1,000,000,000,000,000 to ∞")
    said = problem_sentence(limits, Words(language="ru"))
    assert "−1 000 000 000 000 000" in said.replace("\N{NO-BREAK SPACE}", " ")


def test_a_line_says_where() -> None:
    at = {"code": Code.MISSING, "values": {}}
    lines = problem_lines(
        (
            Problem(**at, file="shop/client.yaml", line=7, field="goal.b"),
            Problem(**at, file="shop/client.yaml", field="goal.b"),
            Problem(**at, file="shop/client.yaml"),
            Problem(**at, field="win_rate"),
            Problem(**at),
        ),
        EN,
    )
    assert lines == [
        "shop/client.yaml:7: goal.b: this field is missing; add it",
        "shop/client.yaml: goal.b: this field is missing; add it",
        "shop/client.yaml: this field is missing; add it",
        "win_rate: this field is missing; add it",
        ": this field is missing; add it",
    ]
