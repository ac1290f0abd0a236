import json
from itertools import product
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from funnelkit.model.levers import Stage
from funnelkit.show import words as words_module
from funnelkit.show.charts import theme
from funnelkit.show.charts.growth import GrowthCurve, growth_chart
from funnelkit.show.picture import Picture
from funnelkit.show.words import Words
from tests.drawings import Greek, drawing, flaws_of, shown_in, texts_of, untranslated_in

EN = Words(language="en", currency="EUR")
RU = Words(language="ru", currency="RUB")
GREEK = Words(language="en", currency="GBP")  # texts are kept, so these words are for Greek alone


def curve(
    stage: Stage, price: float, most: float = inf, *, gap: float = 1.2e6, **options: Any
) -> GrowthCurve:
    """What costs so much a unit, a little more with every one, until the ceilings end it."""
    amounts = gap * np.arange(1, 13) / 12
    reached = amounts <= most
    return GrowthCurve(
        stage=stage,
        amounts=amounts,
        costs=np.where(reached, price * amounts * (1 + amounts / gap), nan),
        next_costs=np.where(reached, price * (1 + 2 * amounts / gap), nan),
        **options,
    )


USUAL = [
    curve(Stage.GENERATION, 0.5, 9e5),
    curve(Stage.ACCOUNT, 0.08, 7e5),
    curve(Stage.CONVERSION, 0.2, unpriced=["λλλ λλλλλ", "λλλ"]),
    curve(Stage.NURTURING, nan),
]
CASES: dict[str, tuple[list[GrowthCurve], float]] = {
    "usual": (USUAL, 1.2e6),
    "no gap is given": (USUAL, nan),
    "one": (USUAL[:1], 1.2e6),
    "all alike": ([curve(stage, 0.3) for stage in Stage], 1.2e6),
    "all near the start": ([curve(stage, 0.3, 1e5) for stage in Stage], 1.2e6),
    "all costs unknown": ([curve(stage, nan) for stage in Stage], 1.2e6),
    "none": ([], 1.2e6),
    "nothing": ([], nan),
    "nothing known": ([GrowthCurve(stage=Stage.ACCOUNT, amounts=[nan], costs=[nan])], nan),
    "no points": ([GrowthCurve(stage=Stage.ACCOUNT, amounts=[], costs=[])], 1.0),
    "free": ([curve(Stage.ACCOUNT, 0.0), curve(Stage.CONVERSION, 1e-9)], 1.2e6),
    "dear": ([curve(Stage.ACCOUNT, 0.01), curve(Stage.NURTURING, 250.0)], 1.2e6),
    "endless": ([GrowthCurve(stage=Stage.ACCOUNT, amounts=[1, inf], costs=[inf, 1])], 2.0),
    "B is reached": (USUAL, -5.0),
    "eleven digits": (
        [
            curve(stage, 0.8, 9e10, gap=9.8765432109e10, unpriced=["λ"])
            for stage in (Stage.ACCOUNT, Stage.NURTURING)
        ],
        9.8765432109e10,
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
    curves, gap = CASES[case]
    return growth_chart(curves, words, gap=gap)


def test_each_line_is_named_with_its_price_and_where_it_ends() -> None:
    texts = [text.replace("\N{NO-BREAK SPACE}", " ") for text in shown_in(draw("usual"), "labels")]
    assert texts == [
        *("Account management:", "€0.13 for €1", "+€700K for €88.7K"),
        *("Lead conversion: €0.40 for €1", "+€1.2M from €480K"),
        *("Lead generation: €0.88 for €1", "+€900K for €788K"),
    ]
    assert shown_in(draw("usual"), "notes")[0] == "Cost – no data: Lead nurturing"


def test_a_line_runs_from_nothing_to_its_ceilings_in_its_stages_colour() -> None:
    picture = draw("usual")
    rows = [row for row in picture.datasets["curves"] if row["stage"] == "account"]
    assert len(rows) == 1 + 7
    assert {row["colour"] for row in rows} == {theme.STAGE_COLOURS[Stage.ACCOUNT]}
    assert (rows[-1]["x"], rows[-1]["y"]) == tuple(
        picture.datasets["dots"][0][place] for place in ("x", "y")
    )
    others = [row for row in picture.datasets["curves"] if row["stage"] == "conversion"]
    assert others[0] == rows[0] | {
        "stage": "conversion",
        "colour": theme.STAGE_COLOURS[Stage.CONVERSION],
    }
    assert others[-1]["x"] == picture.datasets["b"][0]["x"]


def test_the_right_edge_is_what_is_missing_to_b_or_the_largest_amount() -> None:
    assert "to B: €1.2M" in shown_in(draw("usual"), "ends")
    for case in ("no gap is given", "B is reached"):
        assert draw(case).datasets["b"] == []
        assert "€1.2M" in shown_in(draw(case), "ends")


def test_where_prices_come_near_it_a_line_shows_equal_sums() -> None:
    (line,) = draw("usual").datasets["even"]
    assert line["y2"] >= 40
    assert shown_in(draw("usual"), "notes")[-1].startswith("Thin line")
    assert draw("free").datasets["even"] == []


@pytest.mark.parametrize(
    ("price", "said"), [(0.0, "€0 for"), (1e-9, "<€0.01 for"), (250.0, "€500 for")]
)
def test_a_price_is_said_whatever_its_size(price: float, said: str) -> None:
    picture = growth_chart([curve(Stage.ACCOUNT, price)], EN, gap=1.2e6)
    assert said in picture.description.replace("\N{NO-BREAK SPACE}", " ").replace("< ", "<")


def test_the_table_lists_the_stages_in_the_owners_order() -> None:
    table = draw("usual").table
    rows = [[getattr(cell, "text", cell) for cell in row] for row in table.rows]
    assert rows[0] == [
        *("Account management", "€700,000", "€88,667", "€0.13", "€0.09", "€0.17", ""),
    ]
    assert rows[1][-1] == "λλλ λλλλλ, λλλ"
    assert rows[3] == ["Lead nurturing", *["no data"] * 5, ""]


def test_a_picture_of_nothing_says_so() -> None:
    assert "no data" in shown_in(draw("nothing"), "ends")
    assert draw("nothing").description == (
        "What growth costs a month: no data. Missing to B: no data."
    )


@every
def test_it_has_no_flaws(case: str, words: Words) -> None:
    picture = draw(case, words)
    assert flaws_of(picture) == []
    assert drawing(picture) == draw(case, words).svg()
    assert json.loads(json.dumps(picture.datasets)) == picture.datasets


@every
def test_no_text_stands_on_a_dot_and_no_number_is_cut(case: str, words: Words) -> None:
    picture = draw(case, words)
    padding = 4
    found = [
        text
        for dot in picture.datasets["dots"]
        for left, right, top, bottom, text in texts_of(picture)
        if left < dot["x"] + padding < right and top < dot["y"] + padding < bottom
    ]
    assert found == []
    assert [text for text in shown_in(picture, "labels") if "…" in text] == []


@pytest.mark.parametrize("case", CASES)
def test_marks_do_not_depend_on_numbers(case: str) -> None:
    one, other = (draw(name, RU).draw() for name in (case, "usual"))
    assert {**one, "description": ""} == {**other, "description": ""}


@pytest.mark.parametrize("case", CASES)
def test_every_text_is_translated(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_module, "_translations", lambda _language: Greek())
    assert untranslated_in(draw(case, GREEK)) == []
