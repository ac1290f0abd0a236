import json
from datetime import date
from itertools import product
from math import inf, nan
from typing import Any

import pytest

from funnelkit.show import words as words_module
from funnelkit.show.charts import theme
from funnelkit.show.charts.facts import facts_chart
from funnelkit.show.picture import Picture
from funnelkit.show.words import Words
from tests.drawings import Greek, drawing, flaws_of, shown_in, untranslated_in

EN = Words(language="en", currency="EUR")
RU = Words(language="ru", currency="RUB")
GREEK = Words(language="en", currency="GBP")  # texts are kept, so these words are for Greek alone

PLAN = [1e6 + 3.5e5 * min(month, 6) for month in range(9)]
NONE = [nan] * 9
FACT = [1e6, 1.21e6, 1.72e6, 1.9e6, 1.1e6, *[nan] * 4]
RUNNING: dict[str, Any] = {"goal": 3e6, "running": 4, "forecast": 2.15e6}


def case(plan: list[float], fact: list[float], **options: Any) -> dict[str, Any]:
    return {"plan": plan, "fact": fact, **options}


CASES: dict[str, dict[str, Any]] = {
    "usual": case(PLAN, FACT, **RUNNING),
    "every month is over": case(PLAN, [*FACT[:4], *[nan] * 5], goal=3e6),
    "all months are there": case(PLAN, [1.1 * value for value in PLAN], goal=3e6),
    "no facts": case(PLAN, NONE, goal=3e6),
    "no plan": case(NONE, FACT, **RUNNING),
    "nothing known": case(NONE, NONE),
    "nothing so far": case(PLAN, NONE, goal=3e6, running=0, forecast=8e5),
    "no forecast": case(PLAN, FACT, goal=3e6, running=4),
    "a hole": case([1e6, nan, inf, *PLAN[3:]], [1e6, nan, 1.7e6, *[nan] * 6], goal=3e6),
    "one month": case([1e6], [9e5], goal=3e6),
    "two months": case([1e6, 1.2e6], [9e5, nan], goal=3e6),
    "five years": case(
        [1e6 + 1e4 * month for month in range(63)],
        [9e5 + 1.1e4 * month if month < 40 else nan for month in range(63)],
        goal=1.6e6,
    ),
    "a loss": case([-9e5 + 2e5 * m for m in range(9)], [-1e6, -8e5, *[nan] * 7], goal=5e5),
    "zeros": case([0.0] * 9, [0.0] * 9, goal=0.0),
    "eleven digits": case(
        [9.8765432109e10] * 9,
        [-8.7654321098e10, 9.1234567891e10, 1.2345678912e10, *[nan] * 6],
        goal=9.8765432109e10,
        running=2,
        forecast=1.23456789123e11,
    ),
}
every = pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param(name, words, id=f"{name}, {words.language}")
        for name, words in product(CASES, (EN, RU))
    ],
)


def draw(name: str, words: Words = EN) -> Picture:
    return facts_chart(first_month=date(2026, 9, 1), words=words, **CASES[name])


def test_months_that_are_over_have_their_fact_and_what_differs_where_it_matters() -> None:
    picture = draw("usual")
    assert shown_in(picture, "facts") == ["1M", "1.21M", "1.72M", "1.9M", "1.1M"]
    assert shown_in(picture, "differences") == ["≈", "−140K", "≈", "−150K", "−250K"]
    assert [row["colour"] == theme.BAD for row in picture.datasets["differences"]] == [
        *(False, True, False, True, True)
    ]
    assert shown_in(draw("all months are there"), "differences")[0] == "+100K"


@pytest.mark.parametrize("words", [EN, RU])
def test_no_month_of_half_a_year_is_left_out(words: Words) -> None:
    assert len(shown_in(draw("usual", words), "facts")) == 5


def test_bars_stand_on_zero_and_end_at_the_fact() -> None:
    picture = draw("usual")
    zero, first = picture.datasets["zero"][0]["y"], picture.datasets["bars"][0]
    assert (first["y"], first["y2"]) == (picture.datasets["path"][0]["y"], zero)
    below = draw("a loss")
    assert {bar["y"] for bar in below.datasets["bars"]} == {below.datasets["zero"][0]["y"]}


def test_the_running_month_is_compared_by_its_forecast() -> None:
    picture = draw("usual")
    key, outlook = picture.datasets["forecast"]
    so_far = picture.datasets["bars"][4]
    assert (outlook["x"], outlook["y2"]) == (so_far["x"], so_far["y2"])
    assert outlook["y"] < so_far["y"]
    assert key["y2"] < 20
    assert shown_in(picture, "headline") == [
        "January 2027 is heading for €2.15M, −€250K against the plan"
    ]
    assert picture.description == (
        "Plan against fact. January 2027 is heading for €2.15M, −€250K against the plan. "
        "Goal (B): €3M."
    )
    assert draw("no forecast").datasets["forecast"] == []
    assert shown_in(draw("nothing so far"), "facts") == ["–"]


def test_without_a_running_month_the_last_one_is_said() -> None:
    assert shown_in(draw("every month is over"), "headline") == [
        "December 2026: €1.9M, −€150K against the plan"
    ]
    assert shown_in(draw("no facts"), "headline") == ["No facts yet"]
    assert shown_in(draw("no facts"), "rows") == []


def test_the_plans_months_to_come_have_their_values() -> None:
    assert shown_in(draw("usual"), "values") == ["€3.1M", "€3.1M"]
    assert shown_in(draw("all months are there"), "values") == []


def test_points_stand_on_the_line_unless_they_would_cover_it() -> None:
    picture = draw("usual")
    assert picture.datasets["points"] == picture.datasets["path"]
    assert draw("five years").datasets["points"] == []


def test_what_is_missing_is_a_hole() -> None:
    picture = draw("a hole")
    assert [row["part"] for row in picture.datasets["path"]] == [0, *[2] * 6]
    assert shown_in(picture, "differences") == ["≈", "–"]
    assert draw("nothing known").datasets["b"] == []


def test_the_table_has_the_forecast_in_a_row_of_its_own() -> None:
    rows = [[getattr(cell, "text", cell) for cell in row] for row in draw("usual").table.rows]
    assert rows[1] == ["October 2026", "€1,350,000", "€1,210,000", "−€140,000"]
    assert rows[4:7] == [
        ["January 2027, so far", "€2,400,000", "€1,100,000", ""],
        ["January 2027, forecast", "€2,400,000", "€2,150,000", "−€250,000"],
        ["February 2027", "€2,750,000", "", ""],
    ]


@every
def test_it_has_no_flaws(name: str, words: Words) -> None:
    picture = draw(name, words)
    assert flaws_of(picture) == []
    assert drawing(picture) == draw(name, words).svg()
    assert json.loads(json.dumps(picture.datasets)) == picture.datasets


@pytest.mark.parametrize("name", CASES)
def test_marks_do_not_depend_on_numbers(name: str) -> None:
    one, other = (draw(name, RU).draw() for name in (name, "usual"))
    assert {**one, "description": ""} == {**other, "description": ""}


@pytest.mark.parametrize("name", CASES)
def test_every_text_is_translated(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_module, "_translations", lambda _language: Greek())
    months_named = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d+"
    assert untranslated_in(draw(name, GREEK), but=months_named) == []
