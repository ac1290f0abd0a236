import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from funnelkit.client.read import CLIENTS, read_client
from funnelkit.faces.pictures import board_pictures
from funnelkit.model.levers import Stage
from funnelkit.model.owner import Business
from funnelkit.plan.decompose import Waterfall, waterfall
from funnelkit.plan.scenario import Goal, Scenario
from funnelkit.plan.tree import Node, Rate, tree
from funnelkit.show import words as words_module
from funnelkit.show.charts import (
    funnel_chart,
    months_chart,
    product_chart,
    theme,
    tree_chart,
    waterfall_chart,
)
from funnelkit.show.charts.nodebox import without_repeated_unit
from funnelkit.show.picture import SCHEMA, Picture
from funnelkit.show.words import Words
from tests.drawings import Greek, drawing, outside_of, overlaps_of, shown_in, texts_of, view_box

EN = Words(language="en", currency="EUR")
RU = Words(language="ru", currency="RUB")

DEPARTMENTS = {
    Stage.ACCOUNT: "Клиентский сервис и логистика",
    Stage.CONVERSION: "Отдел продаж",
    Stage.GENERATION: "Отдел рекламы",
    Stage.NURTURING: "Отдел общественных связей",
    Stage.ECONOMICS: "Руководство",
}

NOW = {
    "visitors": 6000,
    "lead_rate": 0.05,
    "audience": 20_000,
    "engagement_rate": 0.04,
    "nurtured_lead_rate": 0.1,
    "answered_rate": 0.6,
    "qualified_rate": 0.5,
    "win_rate": 0.25,
    "average_check": 20_000,
    "collection_new": 0.8,
    "refund_rate": 0.03,
    "managers": 2,
    "retention_rate": 0.85,
    "purchase_rate": 0.2,
    "repeat_check": 15_000,
    "collection_repeat": 0.8,
    "margin": 0.5,
    "other_revenue": 50_000,
    "other_revenue_margin": 0.3,
    "fixed_costs": 200_000,
    "cost_per_manager": 50_000,
    "marketing_fixed": 10_000,
    "cost_per_visitor": 10,
    "cost_per_reached": 1,
}
FULL = Scenario(
    goal=Goal(metric="profit", a=1e6, b=3e6, horizon=6),
    business=Business(active_customers=150, sales_cycle=(0.6, 0.3, 0.1), leads_per_manager=180),
    now=NOW,
    plan={name: value * (0.9 if name == "refund_rate" else 1.15) for name, value in NOW.items()},
)
MONEY = ("average_check", "repeat_check", "other_revenue", "fixed_costs", "marketing_fixed")
SCENARIOS = {
    "every lever moves": FULL,
    "one lever moves": replace(FULL, plan={"win_rate": 0.3}),
    "nothing moves": replace(FULL, plan={}),
    "a plan that loses": replace(FULL, plan={"win_rate": 0.1, "visitors": 90_000}),
    "eleven digits": replace(
        FULL,
        goal=Goal(metric="revenue", a=4e9, b=5e10, horizon=12),
        now=NOW | {name: NOW[name] * 10_000 for name in MONEY},
        plan={"win_rate": 0.5},
    ),
    "no audience, no limit": Scenario(
        goal=Goal(metric="revenue", a=1e6, b=3e6, horizon=1),
        business=Business(),
        now={name: NOW[name] for name in ("visitors", "lead_rate", "win_rate", "average_check")},
        plan={"win_rate": 0.5},
    ),
    "a missing number": replace(FULL, now=NOW | {"retention_rate": float("nan")}, plan={}),
}


def draw_tree(scenario: Scenario, words: Words, *, compact: bool = False) -> Picture:
    return tree_chart(tree(scenario), words, DEPARTMENTS, compact=compact)


def draw_waterfall(scenario: Scenario, words: Words, *, compact: bool = False) -> Picture:
    way = waterfall(scenario)
    return waterfall_chart(way, words, DEPARTMENTS, "Прибыль", compact=compact)


def draw_months(scenario: Scenario, words: Words, *, compact: bool = False) -> Picture:
    return months_chart(
        scenario.run(),
        scenario.run({}),
        scenario.goal,
        words,
        date(2026, 9, 15),
        later=("Франшиза", 4, 5e6),
        compact=compact,
    )


def draw_funnel(scenario: Scenario, words: Words, *, compact: bool = False) -> Picture:
    people = (26_000, 29_900)
    return funnel_chart(scenario.run(), scenario.goal.horizon, words, people, compact=compact)


def draw_products(scenario: Scenario, words: Words) -> Picture:
    now, plan = scenario.at_goal_by_product({}), scenario.at_goal_by_product()
    names = ["Очень длинное название первой продажи новому клиенту", "<Снова> & снова"]
    return product_chart(names, now, plan, words, "Прочее")


CHARTS = {
    "tree": draw_tree,
    "waterfall": draw_waterfall,
    "months": draw_months,
    "funnel": draw_funnel,
    "products": draw_products,
}
COMPACT = {
    name: partial(CHARTS[name], compact=True) for name in ("tree", "waterfall", "funnel", "months")
}
every_picture = pytest.mark.parametrize(
    ("draw", "scenario"),
    [
        pytest.param(draw, scenario, id=f"{chart}, {case}")
        for chart, draw in (
            CHARTS | {f"compact {name}": draw for name, draw in COMPACT.items()}
        ).items()
        for case, scenario in SCENARIOS.items()
    ],
)
Draw = Callable[[Scenario, Words], Picture]


@pytest.fixture
def greek(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_module, "_translations", lambda _language: Greek())


DEMOS = sorted((Path(__file__).parents[2] / CLIENTS).glob("*/client.yaml"))
demo_and_language = pytest.mark.parametrize(
    ("demo", "language"),
    [
        pytest.param(demo, language, id=f"{demo.parent.name}, {language}")
        for demo in DEMOS
        for language in ("en", "ru")
    ],
)


def boards(demo: Path, language: str) -> Iterator[dict[str, Picture]]:
    """Yield a demo's compact pictures: as planned, as it is, and far from both."""
    client = read_client(demo)
    words = Words(language=language, currency=client.currency)
    far = client.plan.with_plan(win_rate=0.01, visitors=3 * client.plan.planned("visitors"))
    for scenario in (client.plan, client.scenario("now"), far):
        yield board_pictures(client, scenario, words)


@demo_and_language
def test_no_text_leaves_a_boards_pictures(demo: Path, language: str) -> None:
    found = [
        (name, text)
        for pictures in boards(demo, language)
        for name, picture in pictures.items()
        for text in outside_of(picture)
    ]
    assert found == []


@demo_and_language
def test_no_two_texts_of_a_boards_pictures_overlap(demo: Path, language: str) -> None:
    found = [
        (name, *texts)
        for pictures in boards(demo, language)
        for name, picture in pictures.items()
        for texts in overlaps_of(picture)
    ]
    assert found == []


def size(picture: Picture) -> tuple[float, float]:
    drawn = picture.draw()
    return drawn["width"], drawn["height"]


@pytest.mark.parametrize("name", COMPACT)
def test_a_compact_canvas_has_one_size_whatever_the_scenario(name: str) -> None:
    found = {size(COMPACT[name](scenario, RU)) for scenario in SCENARIOS.values()}
    found |= {size(next(boards(demo, "ru"))[name]) for demo in DEMOS}
    assert len(found) == 1


@pytest.mark.parametrize("demo", DEMOS, ids=lambda demo: demo.parent.name)
def test_marks_of_a_compact_picture_do_not_depend_on_the_plan(demo: Path) -> None:
    """A live chart is embedded once: only its rows follow the sliders."""
    one, *others = boards(demo, "en")
    for name, picture in one.items():
        drawn = without_description(picture)
        assert all(without_description(other[name]) == drawn for other in others)


def without_description(picture: Picture) -> dict:
    return {key: value for key, value in picture.draw().items() if key != "description"}


def test_a_compact_picture_says_the_same_numbers() -> None:
    for name, draw in COMPACT.items():
        one, other = draw(FULL, EN), CHARTS[name](FULL, EN)
        assert one.table == other.table
        assert one.description == other.description


def test_a_compact_box_says_now_plan_and_multiplier() -> None:
    nodes = (
        Node(name="revenue", parent=None, unit="money", now=1e6, plan=3e6, stage=None),
        Node(
            name="active_customers",
            parent="revenue",
            unit="count",
            now=150.0,
            plan=150.0,
            stage=Stage.ACCOUNT,
        ),
    )
    picture = tree_chart(nodes, EN, DEPARTMENTS, compact=True)
    assert shown_in(picture, "labels") == ["Revenue", "Active clients"]
    assert shown_in(picture, "now") == ["€1M →"]
    assert shown_in(picture, "plan") == ["€3M", "150"]
    assert shown_in(picture, "multipliers") == ["×3"]
    colours = [row["colour"] for row in picture.spec["datasets"]["strips"]]
    assert colours == [theme.NEUTRAL, theme.STAGE_COLOURS[Stage.ACCOUNT]]


@every_picture
def test_no_text_leaves_the_picture(draw: Draw, scenario: Scenario) -> None:
    assert outside_of(draw(scenario, RU)) == []


@every_picture
def test_no_two_texts_overlap(draw: Draw, scenario: Scenario) -> None:
    assert overlaps_of(draw(scenario, RU)) == []


@every_picture
@pytest.mark.usefixtures("greek")
def test_every_text_is_translated(draw: Draw, scenario: Scenario) -> None:
    picture = draw(scenario, EN)
    drawn = [text for *_box, text in texts_of(picture)]
    assert drawn
    cells = [getattr(cell, "text", cell) for row in picture.table.rows for cell in row]
    said = [picture.description, picture.table.caption, picture.table.note]
    for text in [*said, *picture.table.header, *cells, *drawn]:
        months = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d+"
        assert not re.search("[A-Za-z]", re.sub(rf"{months}|(?<=\d)[KMB]\b", "", text)), text


@every_picture
def test_a_picture_is_a_spec_with_named_data_and_a_sentence(draw: Draw, scenario: Scenario) -> None:
    picture = draw(scenario, EN)
    assert picture.spec["$schema"] == SCHEMA
    assert picture.spec["description"] == picture.description
    text = json.dumps(picture.spec, allow_nan=False)
    used = set(re.findall(r'"data": \{"name": "([^"]+)"\}', text))
    assert used == set(picture.spec["datasets"])
    assert "undefined" not in text
    assert all(re.fullmatch(r"[a-z_]+", name) for name in used)


@every_picture
def test_a_picture_is_the_same_each_time(draw: Draw, scenario: Scenario) -> None:
    one, two = draw(scenario, EN), draw(scenario, EN)
    assert json.dumps(one.spec) == json.dumps(two.spec)
    assert one.table == two.table
    assert drawing(one) == two.svg()
    assert ' id="' not in drawing(one)


@every_picture
def test_a_picture_fits_a_projector(draw: Draw, scenario: Scenario) -> None:
    wide, high = view_box(draw(scenario, RU))
    assert wide <= 1180
    assert high <= 620
    sizes = re.findall(r'font-size="([\d.]+)px"', drawing(draw(scenario, RU)))
    assert min(map(float, sizes)) >= 12


def test_the_tree_says_now_plan_and_multiplier() -> None:
    nodes = (
        Node(name="revenue", parent=None, unit="money", now=1e6, plan=3e6, stage=None),
        Node(
            name="new_customers",
            parent="revenue",
            unit="count",
            now=20.0,
            plan=30.0,
            stage=Stage.CONVERSION,
            rates=(Rate(name="win_rate", now=0.25, plan=0.375),),
        ),
        Node(
            name="active_customers",
            parent="revenue",
            unit="count",
            now=150.0,
            plan=150.0,
            stage=Stage.ACCOUNT,
        ),
    )
    picture = tree_chart(nodes, EN, DEPARTMENTS)
    assert shown_in(picture, "now") == ["€1M →", "20 →"]
    assert shown_in(picture, "plan") == ["€3M", "30"]
    assert shown_in(picture, "unmoved") == ["150"]
    assert shown_in(picture, "multipliers") == ["×3", "×1.5"]
    assert shown_in(picture, "rate_values") == ["25% → 37.5%"]
    assert picture.table.rows[1][:4] == ("New clients", "20", "30", "×1.5")


@pytest.mark.parametrize(
    ("now", "plan", "said"),
    [
        (-20_000.0, 300_000.0, ["+€320K"]),
        (300_000.0, -20_000.0, ["−€320K"]),
        (0.0, 300_000.0, ["+€300K"]),
        (-100_000.0, -150_000.0, ["−€50K"]),
        (float("nan"), 100.0, []),
        (100.0, 100.0 + 1e-12, []),
    ],
)
def test_a_multiple_is_only_said_where_it_means_something(now, plan, said) -> None:
    node = Node(name="profit", parent=None, unit="money", now=now, plan=plan, stage=None)
    assert shown_in(tree_chart((node,), EN, DEPARTMENTS), "multipliers") == said


def test_costs_which_are_below_zero_have_a_multiple() -> None:
    stage = Stage.ECONOMICS
    node = Node(name="costs", parent=None, unit="money", now=-1e5, plan=-1.5e5, stage=stage)
    assert shown_in(tree_chart((node,), EN, DEPARTMENTS), "multipliers") == ["×1.5"]


def test_the_waterfall_walks_from_a_to_b() -> None:
    way = Waterfall(
        a=1000.0,
        calibration=-50.0,
        drift=0.0,
        stages={"account": 400.0, "conversion": -100.0},
        gap=750.0,
        b=2000.0,
    )
    rows = waterfall_chart(way, EN, DEPARTMENTS, "Revenue").spec["datasets"]["steps"]
    assert [(row["step"], row["start"], row["end"], row["text"]) for row in rows] == [
        ("a", 0, 1000, "€1,000"),
        ("calibration", 1000, 950, "−€50"),
        ("account", 950, 1350, "+€400"),
        ("conversion", 1350, 1250, "−€100"),
        ("reached", 0, 1250, "€1,250"),
        ("gap", 1250, 2000, "€750"),
        ("b", 0, 2000, "€2,000"),
    ]


def test_a_plan_beyond_b_has_a_reserve() -> None:
    way = Waterfall(a=1.0, calibration=0.0, drift=0.0, stages={"account": 4.0}, gap=-2.0, b=3.0)
    rows = waterfall_chart(way, EN, DEPARTMENTS, "Revenue").spec["datasets"]["steps"]
    assert [row["name"] for row in rows][-2:] == ["Beyond B", "Goal (B)"]


def test_the_months_show_both_paths_and_point_c() -> None:
    scenario = SCENARIOS["no audience, no limit"]
    draw = months_chart(scenario.run(), scenario.run({}), scenario.goal, EN, date(2026, 9, 1))
    path = draw.spec["datasets"]["path"]
    assert [row["plan"] for row in path] == [1_500_000, 3_000_000, 3_000_000, 3_000_000]
    assert [row["idle"] for row in path] == [1_500_000] * 4
    assert shown_in(draw, "names") == ["Sep 26", "Oct 26", "Nov 26", "Dec 26"]
    assert shown_in(draw, "values") == ["€1.5M", "€3M", "€3M", "€3M", "€1.5M"]
    assert draw.table.rows[1] == ("October 2026", "€3,000,000", "€1,500,000")
    near, far = (
        months_chart(
            scenario.run(), scenario.run({}), scenario.goal, EN, date(2026, 9, 1), ("C2", at, 9e6)
        )
        for at in (3, 24)
    )
    assert len(near.spec["datasets"]["later"]) == 1
    assert far.spec["datasets"]["later"] == []
    assert shown_in(far, "note") == ["Point C: C2, €9M in September 2028."]


def test_the_funnel_leaves_out_steps_that_let_everybody_through() -> None:
    scenario = SCENARIOS["no audience, no limit"]
    picture = funnel_chart(scenario.run(), 1, EN, (6000, 6000))
    assert picture.table.rows == (
        ("Visitors and audience", "6,000", "", "6,000", ""),
        ("Leads", "300", "5%", "300", "5%"),
        ("New clients", "75", "25%", "150", "50%"),
    )


def test_the_product_line_adds_up_and_drops_an_empty_rest() -> None:
    picture = product_chart(["Course", "Club"], [10.0, 5.0, 0.0], [30.0, 4.0, 0.0], EN, "Other")
    rows = [[getattr(cell, "text", cell) for cell in row] for row in picture.table.rows]
    assert rows == [
        ["Course", "€10", "€30", "+€20"],
        ["Club", "€5", "€4", "−€1"],
        ["Total", "€15", "€34", "+€19"],
    ]
    with_rest = product_chart(["Course"], [10.0, 5.0], [30.0, np.nan], EN, "Other")
    assert [row[0] for row in with_rest.table.rows] == ["Course", "Other", "Total"]
    assert with_rest.table.rows[1][2] == "no data"


def luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    ]
    return float(np.dot((0.2126, 0.7152, 0.0722), linear))


@pytest.mark.parametrize("stage", Stage)
def test_text_on_and_in_a_stages_colour_is_legible(stage: Stage) -> None:
    colour = luminance(theme.STAGE_COLOURS[stage])
    for ground in (1.0, luminance(theme.STAGE_TINTS[stage])):
        assert (ground + 0.05) / (colour + 0.05) >= 4.5


@pytest.mark.parametrize(
    ("now", "plan", "shown"),
    [
        ("1,2\xa0млн\xa0₽", "1,5\xa0млн\xa0₽", "1,2"),
        ("74\xa0000\xa0000", "92\xa0000\xa0000", "74\xa0000\xa0000"),
        ("1\xa0000\xa0₽", "2\xa0000\xa0₽", "1\xa0000\xa0₽"),
        ("$1.2M", "$1.5M", "$1.2M"),
    ],
)
def test_only_a_unit_is_left_off_never_thousands(now: str, plan: str, shown: str) -> None:
    assert without_repeated_unit(now, plan) == shown
