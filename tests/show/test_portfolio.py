"""The portfolio's picture and sparklines, for few clients and for many."""

import random
import re
from math import nan

import pytest

from funnelkit.show.charts.portfolio import PortfolioRow, portfolio_chart
from funnelkit.show.spark import spark_of
from funnelkit.show.words import LANGUAGES, Words
from tests.drawings import Greek, flaws_of, shown_in, texts_of, untranslated_in

EN = Words(language="en", currency="USD")


def rows(count: int, name: str = "Client") -> list[PortfolioRow]:
    dice = random.Random(count)
    return [
        PortfolioRow(
            name=f"{name} {number}",
            now=dice.uniform(0.1, 0.6),
            plan=dice.uniform(0.5, 1.4),
            growth=dice.uniform(1, 5),
        )
        for number in range(count)
    ]


ODD = [
    PortfolioRow(name="loses", now=-3.0, plan=-0.2),
    PortfolioRow(name="far above", now=0.2, plan=170.0, growth=850.0),
    PortfolioRow(name="unknown", now=nan, plan=nan),
    PortfolioRow(name="no A", now=nan, plan=1.0),
    PortfolioRow(name="Ж" * 200, now=1.0, plan=0.99),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "shown",
    [rows(1), rows(6), rows(30), rows(31), rows(60, "Ж" * 40), rows(61), rows(300), ODD, ODD[2:3]],
    ids=lambda shown: f"{len(shown)}",
)
def test_a_picture_has_no_flaw(shown: list[PortfolioRow], language: str) -> None:
    assert flaws_of(portfolio_chart(shown, Words(language=language))) == []


@pytest.mark.parametrize("count", [6, 60, 300])
def test_everything_said_can_be_translated(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("funnelkit.show.words._translations", lambda _language: Greek())
    assert untranslated_in(portfolio_chart(rows(count, "Ж"), EN)) == []


def test_the_plan_furthest_from_b_is_on_top_and_what_is_not_known_below() -> None:
    drawn = portfolio_chart(ODD, EN)
    names = [name[:9] for name in shown_in(drawn, "names")]
    assert names == ["loses", "ЖЖЖЖЖЖЖЖЖ", "no A", "far above", "unknown"]
    heights = [row["y"] for row in drawn.datasets["names"]]
    assert heights == sorted(heights)
    assert shown_in(drawn, "values") == [
        *("–", "−20%", "–", "99%", "–", "100%", "×850", "17,000%", "–", "no data"),
    ]


def test_marks_stand_where_the_shares_say() -> None:
    one = PortfolioRow(name="one", now=0.25, plan=0.75)
    drawn = portfolio_chart([one], EN)
    lines = {row["text"]: row["x"] for row in [*drawn.datasets["heads"], *drawn.datasets["b"]]}
    (way,) = drawn.datasets["ways"]
    unit = lines["Goal (B)"] - lines["0%"]
    assert way["x"] == pytest.approx(lines["0%"] + 0.25 * unit)
    assert way["x2"] == pytest.approx(lines["0%"] + 0.75 * unit)


def test_the_two_colours_part_at_b() -> None:
    drawn = portfolio_chart([PortfolioRow(name=f"{p}", now=0, plan=p) for p in (0.999, 1.0)], EN)
    short, met = (row["colour"] for row in drawn.datasets["ways"])
    assert short != met
    assert "reach B: 1; that fall short: 1; not known: 0" in drawn.description


def test_of_sixty_clients_each_has_a_name_and_of_more_the_two_blocks_have_one() -> None:
    assert len(shown_in(portfolio_chart(rows(60), EN), "names")) == 60
    many = rows(300)
    drawn = portfolio_chart(many, EN)
    short = sum(row.plan < 1 for row in many)
    assert shown_in(drawn, "names") == [f"fall short of B: {short}", f"reach B: {300 - short}"]
    assert len(drawn.datasets["ways"]) == 300
    assert len(drawn.table.rows) == 300


def test_blocks_of_one_client_have_names_apart() -> None:
    lopsided = [PortfolioRow(name="a", now=0, plan=0.5)]
    lopsided += [PortfolioRow(name=f"{n}", now=0, plan=1.2) for n in range(99)]
    assert flaws_of(portfolio_chart(lopsided, EN)) == []
    unknown = [PortfolioRow(name=f"u{n}", now=nan, plan=nan) for n in range(99)]
    few = portfolio_chart([*unknown, *rows(2)], EN)
    assert flaws_of(few) == []
    assert "not known: 99" in few.description


def test_a_title_is_drawn_as_text() -> None:
    drawn = portfolio_chart([PortfolioRow(name="<script>&", now=0.1, plan=1)], EN)
    assert "<script>&" in [text for *_box, text in texts_of(drawn)]
    assert "<script" not in drawn.svg()


def test_a_sparkline_rises_with_the_months() -> None:
    spark = spark_of([1.0, 2.0, None, 4.0], 4.0, 3, EN)
    assert spark is not None
    heights = [float(y) for y in re.findall(r",([\d.]+)", spark.points)]
    assert heights == sorted(heights, reverse=True)
    assert spark.goal == heights[-1] == spark.dot[1]
    assert spark.name == "$1, $2, no data, $4"


@pytest.mark.parametrize("course", [[], [1.0], [None, None, 3.0]])
def test_of_one_month_nothing_is_drawn(course: list[float | None]) -> None:
    assert spark_of(course, 1.0, 0, EN) is None


@pytest.mark.parametrize(
    ("course", "b"), [([5.0, 5.0], 5.0), ([-1e308, 1e308], 0.0), ([1.0, 2.0], None)]
)
def test_a_sparkline_stays_on_its_stamp(course: list[float], b: float | None) -> None:
    spark = spark_of(course, b, 1, EN)
    assert spark is not None
    assert all(0 <= float(n) <= 96 for n in re.findall(r"[-\d.]+", spark.points))
    assert spark.goal is None or 0 <= spark.goal <= 26
