import json
from itertools import product
from math import inf, nan, sqrt
from typing import Any

import pytest

from funnelkit.show import words as words_module
from funnelkit.show.charts.spend import CurvePoint, SpendPoint, spend_chart
from funnelkit.show.picture import Picture
from funnelkit.show.words import Words
from tests.drawings import Greek, drawing, flaws_of, shown_in, texts_of, untranslated_in

EN = Words(language="en", currency="EUR")
RU = Words(language="ru", currency="RUB")
GREEK = Words(language="en", currency="GBP")  # texts are kept, so these words are for Greek alone


def curve(top: float = 4e6, scale: float = 1.0, seen: float = 0.5) -> list[CurvePoint]:
    return [
        CurvePoint(budget=top * i / 20, leads=scale * sqrt(top * i / 20), seen=i <= seen * 20)
        for i in range(21)
    ]


def named(*places: tuple[float, float]) -> list[SpendPoint]:
    names = (("plan", "λ"), ("today", "λλλ"), ("cheapest", "λ" * 14 + " " + "λ" * 30))
    return [
        SpendPoint(key=key, name=name, budget=budget, leads=leads)
        for (key, name), (budget, leads) in zip(names, places, strict=False)
    ]


CPL: dict[str, Any] = {"average_cpl": 1250.0, "marginal_cpl": 2500.0}
USUAL = named((1.6e6, 1265), (4e5, 500), (2.25e6, 1500))
CASES: dict[str, tuple[list[CurvePoint], list[SpendPoint], dict[str, Any]]] = {
    "usual": (curve(), USUAL, CPL | {"needed": 1500}),
    "one place": (curve(), named(*[(1e6, 1000)] * 3), CPL | {"needed": 1000}),
    "at the start": (curve(), named((0, 0), (1000, 30), (2000, 45)), CPL | {"needed": 45}),
    "at the end": (curve(), named(*[(4e6, 2000)] * 3), CPL | {"needed": 2000}),
    "out of reach": (curve(), USUAL, CPL | {"needed": 9000}),
    "all was seen": (curve(seen=1), USUAL, {}),
    "nothing was seen": (curve(seen=-1), USUAL, {}),
    "no points": (curve(), [], {}),
    "no line": ([], USUAL, CPL),
    "nothing": ([], [], {}),
    "zeros": ([CurvePoint(budget=0, leads=0)], named((0, 0)), {"needed": 0}),
    "nothing known": (
        [CurvePoint(budget=nan, leads=nan), CurvePoint(budget=1, leads=inf)],
        named(*[(nan, nan)] * 3),
        {"needed": nan, "average_cpl": nan, "marginal_cpl": nan},
    ),
    "half is known": (curve(), named((1e6, nan), (nan, 5), (1e6, 1000)), {"average_cpl": 9.0}),
    "eleven digits": (
        curve(top=9.9e10, scale=1e5),
        named((6e10, 2e10), (1.2345678901e10, 1e10), (3e10, 1.7e10)),
        {"needed": 1.7e10, "average_cpl": 1.2345678901e10, "marginal_cpl": 9.9e10},
    ),
    "tiny": (curve(top=1e-5, scale=1e-5), named((5e-6, 2e-8)), {"needed": 2e-8}),
}
every = pytest.mark.parametrize(
    ("case", "words", "compact"),
    [
        pytest.param(case, words, compact, id=f"{case}, {words.language}{', compact' * compact}")
        for case, words, compact in product(CASES, (EN, RU), (False, True))
    ],
)


def draw(case: str, words: Words = EN, *, compact: bool = False) -> Picture:
    line, points, options = CASES[case]
    return spend_chart(line, points, words, compact=compact, **options)


def test_points_are_named_with_their_budget_and_leads() -> None:
    picture = draw("usual")
    assert shown_in(picture, "labels") == [
        "Leads needed: 1,500",
        *("λ", "€1.6M → 1,265", "λλλ", "€400K → 500"),
        *("λ" * 14, "λ" * 18 + "…", "€2.25M → 1,500"),
    ]
    assert shown_in(picture, "cpl") == [
        "By the plan a lead costs €1,250 on average, the last one €2,500."
    ]
    assert picture.description.startswith("Ad spend → leads: λ – €1.6M → 1,265; ")
    assert picture.description.endswith("the last one €2,500.")


def test_the_fields_edges_are_round_numbers_and_where_they_stand() -> None:
    picture = draw("usual")
    assert shown_in(picture, "ends") == ["Leads", "Ad spend", "2,000", "0", "€0", "€4M"]
    last = picture.datasets["curve"][-1]
    edges = {row["text"]: row for row in picture.datasets["ends"]}
    assert (last["x"], last["y"]) == (edges["€4M"]["x"], edges["2,000"]["y"])
    first = picture.datasets["curve"][0]
    assert (first["x"], first["y"]) == (edges["€0"]["x"], edges["0"]["y"])


def test_the_line_is_dashed_beyond_what_history_has_seen_and_has_no_hole() -> None:
    rows = draw("usual").datasets["curve"]
    seen, beyond = ([row for row in rows if row["seen"] is flag] for flag in (True, False))
    assert (len(seen), len(beyond)) == (11, 11)
    assert (seen[-1]["x"], seen[-1]["y"]) == (beyond[0]["x"], beyond[0]["y"])
    assert {row["part"] for row in seen} | {row["part"] for row in beyond} == {0, 1}
    assert shown_in(draw("usual"), "key") == ["beyond what history has seen"]
    assert shown_in(draw("all was seen"), "key") == []
    there_and_back = [
        CurvePoint(budget=x, leads=x, seen=x not in (2, 3)) for x in (0.0, 1.0, 2.0, 3.0, 4.0)
    ]
    rows = spend_chart(there_and_back, [], EN).datasets["curve"]
    parts = [[row["seen"] for row in rows if row["part"] == part] for part in range(3)]
    assert parts == [[True, True], [False] * 4, [True]]


def test_what_is_missing_is_said_to_be_and_has_no_dot() -> None:
    picture = draw("half is known")
    assert [row["key"] for row in picture.datasets["dots"]] == ["cheapest"]
    assert shown_in(picture, "labels").count("no data") == 2
    assert shown_in(picture, "cpl") == [
        "By the plan a lead costs €9 on average, the last one no data."
    ]
    cells = [getattr(cell, "text", cell) for cell in picture.table.rows[0]]
    assert cells == ["λ", "€1,000,000", "no data"]


def test_a_label_away_from_its_dot_is_led_to_it() -> None:
    picture = draw("one place")
    dots = {row["key"]: (row["x"], row["y"]) for row in picture.datasets["dots"]}
    assert picture.datasets["leaders"]
    assert all((row["x"], row["y"]) == dots[row["key"]] for row in picture.datasets["leaders"])


def test_the_table_lists_the_points_then_some_of_the_line() -> None:
    table = draw("usual").table
    assert table == draw("usual", compact=True).table
    assert table.rows[3] == ("Leads needed", "", "1,500")
    assert table.emphasis == {0, 1, 2, 3}
    last = [getattr(cell, "text", cell) for cell in table.rows[-1]]
    assert last == ["The same, beyond what history has seen", "€4,000,000", "2,000"]
    assert len(table.rows) <= 14


def test_a_picture_of_nothing_says_so() -> None:
    assert shown_in(draw("nothing"), "ends") == ["Leads", "Ad spend", "no data"]
    assert draw("nothing").description == "Ad spend → leads: no data."


@every
def test_it_has_no_flaws(case: str, words: Words, compact: bool) -> None:
    picture = draw(case, words, compact=compact)
    assert flaws_of(picture) == []
    assert drawing(picture) == draw(case, words, compact=compact).svg()
    assert json.loads(json.dumps(picture.datasets)) == picture.datasets


@every
def test_no_text_stands_on_a_dot(case: str, words: Words, compact: bool) -> None:
    picture = draw(case, words, compact=compact)
    padding = 4
    found = [
        text
        for dot in picture.datasets["dots"]
        for left, right, top, bottom, text in texts_of(picture)
        if left < dot["x"] + padding < right and top < dot["y"] + padding < bottom
    ]
    assert found == []


@pytest.mark.parametrize("case", CASES)
def test_marks_do_not_depend_on_numbers(case: str) -> None:
    one, other = (draw(name, RU, compact=True).draw() for name in (case, "usual"))
    assert {**one, "description": ""} == {**other, "description": ""}


@pytest.mark.parametrize("case", CASES)
def test_every_text_is_translated(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_module, "_translations", lambda _language: Greek())
    assert untranslated_in(draw(case, GREEK)) == []
