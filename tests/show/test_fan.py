import json
from datetime import date
from itertools import product
from math import inf, nan
from typing import Any

import pytest

from funnelkit.show import words as words_module
from funnelkit.show.charts.fan import fan_chart
from funnelkit.show.picture import Picture
from funnelkit.show.words import Words
from tests.drawings import Greek, drawing, flaws_of, shown_in, texts_of, untranslated_in

EN = Words(language="en", currency="EUR")
RU = Words(language="ru", currency="RUB")
GREEK = Words(language="en", currency="GBP")  # texts are kept, so these words are for Greek alone


def months(
    low: float, median: float, high: float, plan: float, *, start: float = 1e6, count: int = 9
) -> dict[str, Any]:
    """Lines from `start` that reach these values in the goal's month, two before the last."""
    horizon = max(count - 3, 0)
    shares = [min(month / max(horizon, 1), 1.0) for month in range(count)]

    def line(end: float) -> list[float]:
        return [start + (end - start) * share for share in shares]

    return {
        "p10": line(low),
        "p50": line(median),
        "p90": line(high),
        "plan": line(plan),
        "probability": [0.62 * share for share in shares],
        "goal": 3e6,
        "horizon": horizon,
    }


USUAL = months(2.1e6, 2.9e6, 4.1e6, 3.1e6)
MISSING = [nan] * 9
CASES: dict[str, dict[str, Any]] = {
    "usual": USUAL,
    "narrow": months(2.99e6, 3e6, 3.01e6, 3e6),
    "no width": months(3e6, 3e6, 3e6, 3e6, start=3e6),
    "the plan above all": months(1e6, 1.5e6, 2e6, 5e6),
    "the plan below all": months(2e6, 3e6, 4e6, 0.0),
    "at the bottom": months(0, 1, 2, 3, start=0) | {"goal": 3e9},
    "a loss": months(-9e5, -5e5, 2e5, -4e5, start=-1e6),
    "one month": months(2e6, 3e6, 4e6, 3.2e6, count=1),
    "goal's month is near": months(2e6, 3e6, 4e6, 3.2e6, count=4),
    "five years": months(2e6, 3e6, 4e6, 3.2e6, count=63),
    "eleven digits": months(-9.8765432109e10, 8.7654321098e10, 9.8765432109e10, 9e10)
    | {"goal": 7.6543210987e10},
    "no goal": USUAL | {"goal": nan},
    "nothing known": {
        **dict.fromkeys(("p10", "p50", "p90", "plan", "probability"), MISSING),
        "goal": nan,
        "horizon": 6,
    },
    "the plan alone": USUAL | dict.fromkeys(("p10", "p50", "p90", "probability"), MISSING),
    "a hole": USUAL | {"p10": [1e6, 1e6, nan, *USUAL["p10"][3:]], "p90": [inf, *USUAL["p90"][1:]]},
    "zeros": dict.fromkeys(("p10", "p50", "p90", "plan", "probability"), [0.0] * 9)
    | {"goal": 0.0, "horizon": 6},
}
every = pytest.mark.parametrize(
    ("case", "words", "compact"),
    [
        pytest.param(case, words, compact, id=f"{case}, {words.language}{', compact' * compact}")
        for case, words, compact in product(CASES, (EN, RU), (False, True))
    ],
)


def draw(case: str, words: Words = EN, *, compact: bool = False) -> Picture:
    return fan_chart(first_month=date(2026, 9, 1), words=words, compact=compact, **CASES[case])


def test_the_goals_month_has_its_values_and_its_cases() -> None:
    picture = draw("usual")
    assert shown_in(picture, "values") == ["€4.1M", "€3.1M", "€2.9M", "€2.1M"]
    assert shown_in(picture, "goal") == ["B in 62 of 100 cases"]
    assert [row["text"] for row in picture.datasets["names"] if row["weight"] == "bold"] == [
        "Mar 27"
    ]
    assert picture.description == (
        "March 2027, goal €3M: €2.1M to €4.1M in 8 of 10 cases, median €2.9M. B in 62 of 100 cases."
    )


def test_every_month_has_its_probability() -> None:
    assert shown_in(draw("usual"), "chances") == [
        *("0%", "10%", "21%", "31%", "41%", "52%"),
        *("62%", "62%", "62%"),
    ]
    assert set(shown_in(draw("nothing known"), "chances")) == {"–"}
    assert shown_in(draw("nothing known"), "goal") == ["Probability of B: no data"]


def test_values_keep_the_order_of_their_heights() -> None:
    for case in CASES:
        rows = draw(case).datasets["values"]
        assert [row["y"] for row in rows] == sorted(row["y"] for row in rows)
    assert shown_in(draw("the plan above all"), "values")[0] == "€5M"


def test_a_missing_month_is_a_hole_in_the_band_and_not_in_the_lines() -> None:
    picture = draw("a hole")
    assert [row["part"] for row in picture.datasets["fan"]] == [1, *[2] * 6]
    assert {row["part"] for row in picture.datasets["median"]} == {0}
    assert len(picture.datasets["plan"]) == 9


def test_without_a_goal_there_is_no_line_of_it() -> None:
    assert draw("no goal").datasets["b"] == []
    assert draw("usual").datasets["b"][0]["text"] == "Goal (B)"


def test_the_table_lists_the_months() -> None:
    table = draw("usual").table
    assert table == draw("usual", compact=True).table
    cells = [getattr(cell, "text", cell) for cell in table.rows[6]]
    assert cells == ["March 2027", "€2,100,000", "€2,900,000", "€4,100,000", "€3,100,000", "62%"]
    assert table.emphasis == {6}
    assert {cell.kind for cell in draw("nothing known").table.rows[0][1:]} == {"missing"}


@every
def test_it_has_no_flaws(case: str, words: Words, compact: bool) -> None:
    picture = draw(case, words, compact=compact)
    assert flaws_of(picture) == []
    assert drawing(picture) == draw(case, words, compact=compact).svg()
    assert json.loads(json.dumps(picture.datasets)) == picture.datasets


@every
def test_no_value_stands_on_a_dot(case: str, words: Words, compact: bool) -> None:
    picture = draw(case, words, compact=compact)
    padding, values = 4, shown_in(picture, "values")
    found = [
        text
        for dot in picture.datasets["dots"]
        for left, right, top, bottom, text in texts_of(picture)
        if text in values
        and left < dot["x"] + padding < right
        and top < dot["y"] + padding < bottom
    ]
    assert found == []


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_marks_do_not_depend_on_numbers(case: str, compact: bool) -> None:
    one, other = (draw(name, RU, compact=compact).draw() for name in (case, "usual"))
    assert {**one, "description": ""} == {**other, "description": ""}
    assert not compact or (one["width"], one["height"]) == (298, 330)


@pytest.mark.parametrize("case", CASES)
def test_every_text_is_translated(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_module, "_translations", lambda _language: Greek())
    months_named = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d+"
    assert untranslated_in(draw(case, GREEK), but=months_named) == []
