import json
from itertools import product
from math import inf, nan
from typing import Any

import pytest

from funnelkit.show import words as words_module
from funnelkit.show.charts.tornado import TornadoRow, tornado_chart
from funnelkit.show.picture import Picture
from funnelkit.show.words import Words
from tests.drawings import Greek, drawing, flaws_of, shown_in, untranslated_in

EN = Words(language="en", currency="EUR")
RU = Words(language="ru", currency="RUB")
GREEK = Words(language="en", currency="GBP")  # texts are kept, so these words are for Greek alone


def inputs(*numbers: tuple[float, float, float, float]) -> list[TornadoRow]:
    return [
        TornadoRow(
            key=str(number),
            name="λ" * (4 + 9 * (number % 3)) + " λλλλλλλλλ" * (number % 4),
            low=low,
            high=high,
            low_text="14%",
            high_text="28%" if number % 2 else "98,765,432,109 λλλλλ λλλλλλλ",
            share=share,
            left=left,
        )
        for number, (low, high, share, left) in enumerate(numbers)
    ]


USUAL = (
    (2.62e6, 2.8e6, 0.05, 1.9e6),
    (2.1e6, 3.6e6, 0.46, 1.1e6),
    (2.72e6, 2.6e6, 0.004, 1.95e6),
    (2.75e6, 2.9e6, 0.12, 1.7e6),
)
CASES: dict[str, tuple[list[TornadoRow], float, dict[str, Any]]] = {
    "usual": (inputs(*USUAL), 2.7e6, {"b": 3e6}),
    "one": (inputs(USUAL[1]), 2.7e6, {"b": 2.7e6}),
    "fourteen": (inputs(*(USUAL * 4)[:14]), 2.7e6, {"b": 3e6}),
    "none": ([], nan, {}),
    "none but the plan": ([], 2.7e6, {"b": 3e6}),
    "nothing known": (inputs(*[(nan,) * 4] * 3), nan, {"b": nan}),
    "no plan": (inputs(*USUAL), nan, {"b": 3e6}),
    "one end": (inputs((nan, 3e6, 0.5, nan), (2e6, inf, nan, 1e6)), 2.7e6, {}),
    "far from B": (inputs(*USUAL), 2.7e6, {"b": 9e9}),
    "B at the end": (inputs(*USUAL), 2.7e6, {"b": 5.1e6}),
    "B at the other end": (inputs(*USUAL), 2.7e6, {"b": 6e5}),
    "no width": (inputs(*[(2.7e6, 2.7e6, 0, 0)] * 2), 2.7e6, {"b": 2.7e6}),
    "zeros": (inputs((0, 0, 0, 0)), 0.0, {"b": 0.0}),
    "both on one side": (inputs((3e6, 3.5e6, 0.4, 1e6), (1e6, 2e6, 0.3, 1e6)), 2.7e6, {}),
    "a loss": (inputs((-9e6, -1e5, 1, 0)), -5e6, {"b": 1e6}),
    "eleven digits": (
        inputs((-9.8765432109e10, 9.8765432109e10, 1, 9.8765432109e10), (1e10, 3e10, 0, 0)),
        2.3456789012e10,
        {"b": 3.2109876543e10},
    ),
}
every = pytest.mark.parametrize(
    ("case", "words"),
    [
        pytest.param(case, words, id=f"{case}, {words.language}")
        for case, words in product(CASES, (EN, RU))
    ],
)


def draw(case: str, words: Words = EN) -> Picture:
    rows, base, options = CASES[case]
    return tornado_chart(rows, base, words, **options)


def test_the_widest_bar_comes_first() -> None:
    picture = draw("usual")
    assert [row["key"] for row in picture.datasets["sides"]] == ["1", "0", "3", "2"]
    assert shown_in(picture, "sides") == ["46%", "5%", "12%", "0%"]
    assert [row["key"] for row in draw("one end").datasets["sides"]] == ["0", "1"]


def test_a_bar_runs_from_the_plan_both_ways() -> None:
    picture = draw("usual")
    plan = picture.datasets["base"][0]["x"]
    first, second = picture.datasets["bars"][:2]
    assert {first["x"], first["x2"], second["x"], second["x2"]} > {plan}
    assert shown_in(picture, "values")[:2] == ["€2.1M", "€3.6M"]
    assert shown_in(picture, "base") == ["Plan: €2.7M"]
    assert shown_in(picture, "b") == ["B: €3M"]


def test_an_input_that_lowers_the_goal_has_its_upper_end_on_the_left() -> None:
    picture = draw("usual")
    last = [row for row in picture.datasets["bars"] if row["key"] == "2"]
    assert [row["colour"] for row in sorted(last, key=lambda row: row["x"])] == [
        picture.datasets["key"][1]["colour"],
        picture.datasets["key"][0]["colour"],
    ]
    assert shown_in(picture, "values")[-2:] == ["€2.6M", "€2.72M"]


def test_the_shorter_half_is_drawn_upon_the_longer() -> None:
    bars = draw("both on one side").datasets["bars"]
    widths = [bar["x2"] - bar["x"] for bar in bars]
    assert widths[0] > widths[1]
    assert widths[2] > widths[3]


def test_b_far_away_does_not_press_the_bars_together() -> None:
    assert draw("far from B").datasets["b"] == []
    assert (
        draw("far from B").datasets["bars"]
        == tornado_chart(*CASES["usual"][:2], EN).datasets["bars"]
    )
    assert "€9B" in draw("far from B").description
    assert draw("B at the end").datasets["b"]


def test_ten_rows_have_room_and_the_others_are_counted() -> None:
    picture = draw("fourteen")
    assert len(picture.datasets["sides"]) == 10
    assert shown_in(picture, "more") == ["4 more"]
    assert len(picture.table.rows) == 14
    assert shown_in(draw("usual"), "more") == []


def test_what_is_worth_measuring_first_leaves_the_least_spread() -> None:
    name = CASES["usual"][0][1].name
    assert draw("usual").table.note == f"Worth measuring first: {name} (spread left: €1.1M)"
    assert draw("nothing known").table.note == ""
    assert draw("nothing known").datasets["note"] == []


def test_what_is_missing_is_said_to_be() -> None:
    assert shown_in(draw("none"), "values") == ["no data"]
    assert shown_in(draw("nothing known"), "values") == ["no data"] * 3
    assert shown_in(draw("one end"), "values") == ["€3M", "€2M"]
    row = draw("one end").table.rows[0]
    assert [getattr(cell, "text", cell) for cell in row[2:]] == [
        *("no data", "€3,000,000", "50%", "no data"),
    ]
    assert draw("none").description == (
        "The plan gives no data in the goal's month, B is no data; it depends most on: no data."
    )


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
