import json
from itertools import product
from math import inf, nan

import pytest

from funnelkit.show import words as words_module
from funnelkit.show.charts.payback import LONGEST, Payback, payback_chart
from funnelkit.show.picture import Picture
from funnelkit.show.words import Words
from tests.drawings import Greek, drawing, flaws_of, shown_in, untranslated_in

EN = Words(language="en", currency="EUR")
RU = Words(language="ru", currency="RUB")
GREEK = Words(language="en", currency="GBP")  # texts are kept, so these words are for Greek alone


def channels(*numbers: tuple[float, float, float, float]) -> list[Payback]:
    return [
        Payback(
            key=str(number),
            name="λ" * (4 + 9 * (number % 3)) + " λλλλλλλλ" * (number % 4),
            now=now,
            plan=plan,
            now_months=first,
            plan_months=last,
        )
        for number, (now, plan, first, last) in enumerate(numbers)
    ]


USUAL = ((1.8, 3.4, 6.2, 3.1), (0.6, 1.2, nan, 9), (nan, 2.4, nan, 4), (4.2, 5, 2, 1.5))
CASES = {
    "usual": channels(*USUAL),
    "five": channels(*USUAL, (2.2, 2.2, nan, inf)),
    "fourteen": channels(*(USUAL * 4)[:14]),
    "one": channels((1, 1, 12, 12)),
    "none": [],
    "nothing known": channels(*[(nan,) * 4] * 3),
    "zeros": channels((0, 0, 0, 0)),
    "below zero": channels((-1.5, 0.4, inf, inf)),
    "eleven digits": channels((98_765_432_109, 3, 98_765_432_109, 0.0001), (1, 2, 3, 4)),
    "tiny": channels((1e-12, 1e-9, 1e9, 1e6)),
    "wide texts": channels((98.76, 98.76, nan, nan), (998, 998, nan, nan), (-2, -98.7, nan, nan)),
    "endless": channels((inf, 2, 0, 4)),
}
every = pytest.mark.parametrize(
    ("case", "words", "compact"),
    [
        pytest.param(case, words, compact, id=f"{case}, {words.language}{', compact' * compact}")
        for case, words, compact in product(CASES, (EN, RU), (False, True))
    ],
)


def draw(case: str, words: Words = EN, *, compact: bool = False) -> Picture:
    return payback_chart(CASES[case], words, compact=compact)


def test_each_channel_has_its_ratios_and_months_now_and_as_planned() -> None:
    rows = draw("five").datasets["bars"]
    assert [(row["when"], row["value"], row["text"], row["side"]) for row in rows[:4]] == [
        ("now", 1.8, "×1.8", "6.2 mo."),
        ("plan", 3.4, "×3.4", "3.1 mo."),
        ("now", 0.6, "×0.6", "never"),
        ("plan", 1.2, "×1.2", "9 mo."),
    ]
    assert [row["side"] for row in rows[4:6]] == ["no data", "4 mo."]
    assert [row["side"] for row in rows[8:]] == ["no data", "never"]


def test_rules_stand_at_1_and_3_and_have_names_where_there_is_room() -> None:
    assert [(row["at"], row["text"]) for row in draw("usual").datasets["rules"]] == [
        (3, "×3"),
        (1, "×1"),
    ]
    assert draw("usual").datasets["note"]


def test_bars_that_would_leave_others_none_are_cut_and_it_is_said() -> None:
    picture = draw("eleven digits")
    assert picture.datasets["bars"][0]["value"] == LONGEST
    assert picture.datasets["bars"][0]["text"] == "×999+"
    assert picture.datasets["bars"][0]["side"] == "99+ mo."
    assert picture.table.rows[0][1].text == "×98,765,432,109"
    assert shown_in(picture, "note")[0].endswith("Bars end at ×10.")
    assert "Bars" not in shown_in(draw("usual"), "note")[0]


def test_a_compact_picture_has_the_first_five_and_counts_the_others() -> None:
    picture = draw("fourteen", compact=True)
    assert len(picture.datasets["bars"]) == 10
    assert shown_in(picture, "side") == ["9 more"]
    assert len(picture.table.rows) == 14
    assert picture.table == draw("fourteen").table
    assert shown_in(draw("five", compact=True), "side") == []


def test_a_picture_of_nothing_says_so() -> None:
    assert shown_in(draw("none"), "names") == ["no data"]
    assert draw("none").description == "LTV / CAC by channel, now → plan: no data."
    assert draw("none").table.rows == ()


@pytest.mark.parametrize("case", CASES)
def test_a_compact_picture_has_one_size_and_marks_of_its_own(case: str) -> None:
    drawn, usual = (draw(name, RU, compact=True).draw() for name in (case, "usual"))
    assert (drawn["width"], drawn["height"]) == (250, 330)
    assert {**drawn, "description": ""} == {**usual, "description": ""}


@every
def test_it_has_no_flaws(case: str, words: Words, compact: bool) -> None:
    picture = draw(case, words, compact=compact)
    assert flaws_of(picture) == []
    assert drawing(picture) == draw(case, words, compact=compact).svg()
    assert json.loads(json.dumps(picture.spec)) == picture.spec


@pytest.mark.parametrize("case", CASES)
def test_every_text_is_translated(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_module, "_translations", lambda _language: Greek())
    assert untranslated_in(draw(case, GREEK)) == []
