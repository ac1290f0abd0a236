import json
from dataclasses import replace
from itertools import product
from math import inf, isfinite, nan
from typing import Any

import pytest

from funnelkit.model.levers import Stage
from funnelkit.show import words as words_module
from funnelkit.show.charts import theme
from funnelkit.show.charts.needed import NeededRow, needed_chart
from funnelkit.show.picture import Picture
from funnelkit.show.words import Words
from tests.drawings import Greek, drawing, flaws_of, shown_in, untranslated_in

EN = Words(language="en", currency="EUR")
RU = Words(language="ru", currency="RUB")
GREEK = Words(language="en", currency="GBP")  # texts are kept, so these words are for Greek alone

START, END = 306.0, 478.0
FAR = START + (END - START) * 1.14
STAGES = [Stage.CONVERSION, Stage.ACCOUNT, Stage.GENERATION, Stage.NURTURING, Stage.ECONOMICS]


def lever(
    now: float,
    plan: float,
    needed: float,
    ceiling: float,
    *,
    number: int = 0,
    stage: Stage = Stage.CONVERSION,
) -> NeededRow:
    texts = [
        EN.number(value, 2) if isfinite(value) else "–" for value in (now, plan, needed, ceiling)
    ]
    known = ceiling == ceiling and needed == needed
    return NeededRow(
        key=str(number),
        stage=stage,
        name="λ" * (4 + 9 * (number % 3)) + " λλλλλλλλλ" * (number % 4),
        now=now,
        plan=plan,
        needed=needed,
        ceiling=ceiling,
        now_text=texts[0],
        plan_text=texts[1],
        needed_text=texts[2],
        ceiling_text=texts[3],
        reachable=not known or needed <= ceiling,
    )


USUAL = (
    (0.22, 0.28, 0.36, 0.4),
    (0.8, 0.85, 0.98, 0.95),
    (6000, 8000, 13_500, nan),
    (20_000, 22_000, 90_000, 60_000),
)


def levers(*numbers: tuple[float, float, float, float]) -> list[NeededRow]:
    return [
        lever(*four, number=number, stage=STAGES[number % len(STAGES)])
        for number, four in enumerate(numbers)
    ]


CASES: dict[str, list[NeededRow]] = {
    "usual": levers(*USUAL),
    "one": levers(USUAL[0]),
    "eighteen": levers(*(USUAL * 5)[:18]),
    "forty": levers(*USUAL * 10),
    "none": [],
    "nothing known": levers(*[(nan,) * 4] * 5),
    "zeros": levers(*[(0.0,) * 4] * 2),
    "no way to B": [replace(row, needed=nan, reachable=False) for row in levers(*USUAL)],
    "better lower": [lever(0.1, 0.05, 0.03, 0.02), lever(0.1, 0.05, 0.01, 0.02, number=1)],
    "endless": levers((1, 2, inf, inf), (1, 2, 3, inf)),
    "below now": levers((5, 6, 4, 8)),
    "now beyond": levers((9, 9, 10, 9)),
    "eleven digits": levers(
        *[(12_345_678_901, 23_456_789_012, 98_765_432_109, 87_654_321_098)] * 5
    ),
}
every = pytest.mark.parametrize(
    ("case", "words"),
    [
        pytest.param(case, words, id=f"{case}, {words.language}")
        for case, words in product(CASES, (EN, RU))
    ],
)


def draw(case: str, words: Words = EN, **options: Any) -> Picture:
    return needed_chart(CASES[case], words, **options)


def ways(row: NeededRow) -> list[tuple[str, float, float]]:
    bars = needed_chart([row], EN).datasets["bars"]
    return [(bar["colour"], bar["x"], bar["x2"]) for bar in bars]


def test_levers_stand_by_stage_in_the_owners_order() -> None:
    picture = draw("usual")
    assert shown_in(picture, "groups") == [
        "Client service · Account management",
        "Sales · Lead conversion",
        "Advertising · Lead generation",
        "PR · Lead nurturing",
    ]
    assert [row["colour"] for row in picture.datasets["groups"]] == [
        theme.STAGE_COLOURS[stage] for stage in list(Stage)[:4]
    ]
    named = draw("usual", departments={Stage.ACCOUNT: "Care"})
    assert shown_in(named, "groups")[:2] == ["Care · Account management", "Sales · Lead conversion"]


def test_a_way_runs_from_now_to_what_is_needed() -> None:
    colour = theme.STAGE_COLOURS[Stage.CONVERSION]
    length = END - START
    assert ways(lever(1, 1, 2, 4)) == [(colour, START + length / 4, START + length / 2)]
    picture = needed_chart([lever(1, 3, 2, 4)], EN)
    assert picture.datasets["plans"][0]["x"] == START + 0.75 * length
    assert picture.datasets["ceilings"][0]["x"] == END


def test_what_lies_beyond_the_ceiling_is_red_and_never_leaves_the_picture() -> None:
    colour = theme.STAGE_COLOURS[Stage.CONVERSION]
    middle = (START + END) / 2
    red = (theme.BAD, END, pytest.approx(START + (END - START) * 1.1))
    assert ways(lever(2, 2, 4.4, 4)) == [(colour, middle, END), red]
    assert ways(lever(2, 2, 4e9, 4)) == [(colour, middle, END), (theme.BAD, END, FAR)]
    texts = needed_chart([lever(2, 2, 4.4, 4)], EN).datasets["texts"]
    assert [row["text"] for row in texts if row["colour"] == theme.BAD] == ["4.4"]


def test_a_lever_that_is_better_lower_runs_the_other_way() -> None:
    ((_colour, first, last),) = ways(lever(0.1, 0.05, 0.06, 0.02))
    assert START < first < last < END
    row = lever(0.1, 0.05, 0.01, 0.02)
    assert [bar[0] == theme.BAD for bar in ways(row)] == [False, True]


def test_where_no_value_would_do_the_whole_way_is_drawn_and_it_is_said() -> None:
    picture = draw("no way to B")
    assert shown_in(picture, "texts").count("not enough") == 4
    red = [bar for bar in picture.datasets["bars"] if bar["colour"] == theme.BAD]
    assert {bar["x2"] for bar in red} == {FAR}
    assert "Beyond the ceiling: " in picture.description
    cells = [row[4] for row in picture.table.rows]
    assert {(cell.text, cell.kind) for cell in cells} == {("not enough", "bad")}


def test_without_a_ceiling_nothing_ends_the_track_and_nothing_is_beyond() -> None:
    picture = needed_chart([lever(1, 2, 3, nan)], EN)
    assert picture.datasets["ceilings"] == []
    assert [bar["x2"] < END for bar in picture.datasets["bars"]] == [True]


def test_there_is_room_for_so_many_and_the_others_are_counted() -> None:
    picture = draw("forty")
    drawn = len(picture.datasets["tracks"])
    assert shown_in(picture, "more") == [f"{40 - drawn} more"]
    assert len(picture.table.rows) == 40
    assert shown_in(draw("usual"), "more") == []


def test_what_is_missing_is_said_to_be() -> None:
    assert shown_in(draw("none"), "texts") == ["no data"]
    assert draw("none").description == "What B takes of each lever, now → needed: no data."
    assert draw("nothing known").datasets["bars"] == []
    assert draw("nothing known").datasets["dots"] == []


@every
def test_it_has_no_flaws(case: str, words: Words) -> None:
    picture = draw(case, words)
    assert flaws_of(picture) == []
    assert drawing(picture) == draw(case, words).svg()
    assert json.loads(json.dumps(picture.datasets)) == picture.datasets


@pytest.mark.parametrize("case", CASES)
def test_every_text_is_translated(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_module, "_translations", lambda _language: Greek())
    assert untranslated_in(draw(case, GREEK)) == []
