import math
import re

import pytest

from funnelkit.model.levers import LEVERS
from funnelkit.plan.diagnosis import STATUS, Case, Status, Verdict
from funnelkit.show.verdicts import CHECKS, SENTENCES, STATUSES, verdict_sentence
from funnelkit.show.words import Words

EN = Words(language="en", currency="USD")
RU = Words(language="ru", currency="RUB")

GOLDEN = {
    Case.SPECIFIC: "One number, of the whole product line: from $1,000 to $3,000 a month.",
    Case.A_AGREES: "A is $1,000; the levers give $990 for the same month.",
    Case.A_CONTRADICTED: "A is $1,000, but the levers give $990: check which is right.",
    Case.WITHIN_CEILINGS: (
        "The plan reaches $3,100 within realistic limits; with every lever at its limit it would "
        "be $4,000."
    ),
    Case.ABOVE_CEILINGS: ("The plan asks for more than is realistic from: won deals, first check."),
    Case.OUT_OF_REACH: "Even with every lever at its limit, $4,000 is the most: below B.",
    Case.PLAN_FALLS_SHORT: (
        "The levers' limits would allow $4,000, but the plan reaches $3,100: below B."
    ),
    Case.CONTRIBUTION_RISES: (
        "The month's contribution rises too: $700 with the plan, $300 without."
    ),
    Case.CONTRIBUTION_FALLS: (
        "The month's contribution does not rise: $700 with the plan, $300 without."
    ),
    Case.CONTRIBUTION_UNKNOWN: "Without margins nobody can say whether growth pays.",
    Case.IN_TIME: "B has a month, and the sales cycle leaves time for it.",
    Case.CYCLE_TOO_LONG: "No deal begun now closes by B's month: the sales cycle is longer.",
    Case.RETENTION_TOO_LATE: (
        "Retention starts to rise too late to help B's month; it pays only afterwards."
    ),
    Case.MODEL_UNKNOWN: "Inputs are missing, so the goal's number cannot be computed.",
}


def verdict(case: Case, **money: float) -> Verdict:
    sums = {"a": 1000.0, "b": 3000.0, "model": 990.0, "reached": 3100.0, "best": 4000.0}
    return Verdict(
        check="achievable",
        case=case,
        money=sums | {"plan": 700.0, "now": 300.0} | money,
        counts={"months": 3, "cycle": 1},
        levers=("win_rate", "average_check"),
    )


def test_every_case_check_and_status_has_words() -> None:
    assert set(SENTENCES) == set(Case) == set(STATUS) == set(GOLDEN)
    assert set(STATUSES) == set(Status)
    assert list(CHECKS) == ["specific", "measurable", "achievable", "relevant", "time_bound"]


@pytest.mark.parametrize("case", list(Case))
def test_the_sentence_in_english(case: Case) -> None:
    assert verdict_sentence(verdict(case), EN) == GOLDEN[case]


@pytest.mark.parametrize("case", list(Case))
def test_the_sentence_in_russian(case: Case) -> None:
    said = verdict_sentence(verdict(case), RU)
    assert re.search("[а-я]", said)
    assert not re.search("[{}]|[A-Za-z]{2,}", said)
    for name, value in verdict(case).money.items():
        if f"{{{name}}}" in SENTENCES[case]:
            assert RU.money(value) in said


@pytest.mark.parametrize("words", [EN, RU])
def test_a_sum_that_is_missing_is_said_to_be(words: Words) -> None:
    said = verdict_sentence(verdict(Case.OUT_OF_REACH, best=math.nan), words)
    assert words.missing in said


@pytest.mark.parametrize("name", list(LEVERS))
def test_every_lever_can_be_named(name: str) -> None:
    found = Verdict(check="achievable", case=Case.ABOVE_CEILINGS, levers=(name,))
    assert LEVERS[name].label.lower() in verdict_sentence(found, EN)


def test_checks_and_statuses_are_translated() -> None:
    for message in [*CHECKS.values(), *STATUSES.values()]:
        assert re.fullmatch("[А-Яа-яё -]+", RU(message)), message
