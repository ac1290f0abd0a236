import json
from dataclasses import fields, replace
from itertools import product

import pytest

from funnelkit.show import words as words_module
from funnelkit.show.charts import theme
from funnelkit.show.charts.unit_economics import PerOrder, unit_economics_chart
from funnelkit.show.words import Words
from tests.drawings import Greek, drawing, flaws_of, shown_in, untranslated_in

NAN = float("nan")
EN = Words(language="en", currency="EUR")
RU = Words(language="ru", currency="RUB")
GREEK = Words(language="en", currency="GBP")  # texts are kept, so these words are for Greek alone

EARNS = PerOrder(
    check=1200,
    vat=200,
    goods=400,
    variable=100,
    media=240,
    fees=30,
    sales_cost=70,
    fixed_costs=60,
    tax=20,
)
COSTS = tuple(field.name for field in fields(PerOrder) if field.name != "check")


def scaled(factor: float) -> PerOrder:
    return PerOrder(**{f.name: getattr(EARNS, f.name) * factor for f in fields(PerOrder)})


CASES = {
    "earns": EARNS,
    "loses": replace(EARNS, media=900, tax=0),
    "loses with every order": replace(EARNS, goods=5000, tax=0),
    "no cost but goods": replace(EARNS, **dict.fromkeys(set(COSTS) - {"goods"}, 0.0)),
    "nothing": PerOrder(**dict.fromkeys(("check", *COSTS), 0.0)),
    "nothing known": PerOrder(**dict.fromkeys(("check", *COSTS), NAN)),
    "no check": replace(EARNS, check=NAN),
    "no fixed costs": replace(EARNS, fixed_costs=NAN),
    "eleven digits": scaled(98_765_432.1),
    "eleven digits lost": replace(scaled(98_765_432.1), media=6e11),
    "tiny": scaled(1e-5),
}
every = pytest.mark.parametrize(
    ("case", "words", "compact"),
    [
        pytest.param(case, words, compact, id=f"{case}, {words.language}{', compact' * compact}")
        for case, words, compact in product(CASES, (EN, RU), (False, True))
    ],
)


def shown(parts: PerOrder, **options: object) -> list[tuple[str, str]]:
    rows = unit_economics_chart(parts, EN, **options).spec["datasets"]["steps"]
    return [(row["step"], row["text"]) for row in rows]


def test_it_walks_from_the_check_to_the_net_profit() -> None:
    rows = unit_economics_chart(EARNS, EN).spec["datasets"]["steps"]
    assert [(row["step"], row["start"], row["end"], row["text"]) for row in rows] == [
        ("check", 0, 1200, "€1,200"),
        ("vat", 1200, 1000, "−€200"),
        ("goods", 1000, 600, "−€400"),
        ("variable", 600, 500, "−€100"),
        ("contribution", 0, 500, "€500"),
        ("media", 500, 260, "−€240"),
        ("fees", 260, 230, "−€30"),
        ("sales_cost", 230, 160, "−€70"),
        ("fixed_costs", 160, 100, "−€60"),
        ("profit", 0, 100, "€100"),
        ("tax", 100, 80, "−€20"),
        ("net", 0, 80, "€80"),
    ]
    assert {row["ink"] for row in rows} == {theme.INK}


def test_a_sentence_and_a_table_say_the_same() -> None:
    picture = unit_economics_chart(EARNS, EN)
    assert picture.description == (
        "An order of €1,200: contribution €500, profit before tax €100, net profit €80."
    )
    rows = [[getattr(cell, "text", cell) for cell in row] for row in picture.table.rows]
    assert rows[0] == ["Check of an order", "€1,200", "100%"]
    assert rows[5] == ["Ad spend", "−€240", "−20%"]
    assert rows[-1] == ["Net profit", "€80", "6.7%"]
    assert picture.table == unit_economics_chart(EARNS, EN, compact=True).table


def test_a_loss_is_red_and_left_of_nothing() -> None:
    rows = unit_economics_chart(CASES["loses"], EN).spec["datasets"]["steps"]
    red = [(row["step"], row["end"]) for row in rows if row["ink"] == theme.BAD]
    assert red == [("profit", -560), ("net", -560)]
    assert all(row["colour"] == theme.BAD for row in rows if row["ink"] == theme.BAD)


def test_costs_of_0_have_no_row_but_where_rows_must_not_move() -> None:
    parts = replace(EARNS, vat=0, fees=0, tax=0)
    gone = {"vat", "fees", "tax"}
    every = [step for step, _text in shown(EARNS)]
    assert [step for step, _text in shown(parts)] == [step for step in every if step not in gone]
    assert [step for step, _text in shown(parts, compact=True)] == every
    assert ("vat", "€0") in shown(parts, compact=True)
    kept = [step for step, _text in shown(parts, compact=True, keep=("fees",))]
    assert kept == [step for step in every if step not in {"vat", "tax"}]


def test_what_depends_on_a_missing_number_is_missing() -> None:
    parts = replace(EARNS, fixed_costs=NAN)
    texts = dict(shown(parts))
    assert [step for step in texts if texts[step] == "no data"] == ["fixed_costs", "profit", "net"]
    assert (texts["contribution"], texts["tax"]) == ("€500", "−€20")
    rows = unit_economics_chart(parts, EN).spec["datasets"]["steps"]
    hidden = [row["step"] for row in rows if row["colour"] == "transparent"]
    assert hidden == ["fixed_costs", "profit", "tax", "net"]
    cells = {row[0]: row[1].text for row in unit_economics_chart(parts, EN).table.rows}
    assert (cells["Tax"], cells["Net profit"]) == ("−€20", "no data")


@every
def test_it_has_no_flaws(case: str, words: Words, compact: bool) -> None:
    picture = unit_economics_chart(CASES[case], words, compact=compact)
    assert flaws_of(picture) == []
    assert drawing(picture) == unit_economics_chart(CASES[case], words, compact=compact).svg()


@pytest.mark.parametrize("case", CASES)
def test_marks_and_rows_of_a_compact_picture_do_not_depend_on_numbers(case: str) -> None:
    one, other = (unit_economics_chart(CASES[name], RU, compact=True) for name in (case, "earns"))
    assert {**one.draw(), "description": ""} == {**other.draw(), "description": ""}
    assert [row["step"] for row in one.datasets["steps"]] == [
        row["step"] for row in other.datasets["steps"]
    ]


@pytest.mark.parametrize("case", CASES)
def test_every_text_is_translated(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_module, "_translations", lambda _language: Greek())
    assert untranslated_in(unit_economics_chart(CASES[case], GREEK)) == []


def test_rows_are_plain() -> None:
    rows = unit_economics_chart(EARNS, EN).datasets
    assert json.loads(json.dumps(rows)) == rows
    assert shown_in(unit_economics_chart(EARNS, EN), "steps")[0] == "€1,200"
