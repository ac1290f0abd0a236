"""What another hand changed in a client's file, field by field."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkit.client.client import Client
from funnelkit.client.read import CLIENTS, read_client
from funnelkit.plan.scenario import Scenario
from funnelkit.show.changes import change_lines
from funnelkit.show.words import Words
from tests.client.files import SMALL, write

EN, RU = Words(language="en", currency="USD"), Words(language="ru", currency="RUB")
DEMOS = sorted((Path(__file__).parents[2] / CLIENTS).glob("*/client.yaml"))
FULL = (
    SMALL.replace("win_rate: 20%", "win_rate: {now: 20%, plan: 25%, best: 30%, cost: 100}")
    + "  managers: {now: 2, start: 1}\n"
    + "team: {leads_per_manager: 90, overflow: wait}\nsales_cycle: [60%, 40%]\n"
    + "scenarios:\n  bold: {levers: {win_rate: 30%, average_check: 600}}\n"
)


def lines(folder: Path, *edits: tuple[str, str], words: Words = EN) -> list[str]:
    """What is said of a file after these edits."""
    before, text = read_client(write(folder, FULL)), FULL
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return change_lines(before, read_client(write(folder, text)), words)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("now: 20%", "now: 21%", "levers.win_rate.now: 20% → 21%"),
        ("plan: 25%", "plan: 26%", "levers.win_rate.plan: 25% → 26%"),
        ("best: 30%", "best: 31%", "levers.win_rate.best: 30% → 31%"),
        (", best: 30%", "", "levers.win_rate.best: 30% → –"),
        ("cost: 100", "cost: 1200", "levers.win_rate.cost: 100 → 1,200"),
        ("start: 1", "start: 2", "levers.managers.start: 1 → 2"),
        (", start: 1", "", "levers.managers.start: 1 → –"),
        ("visitors: 100", "visitors: 12_000", "levers.visitors.now: 100 → 12,000"),
        ("average_check: 500", "average_check: 49.5", "levers.average_check.now: $500 → $49.50"),
        ("b: 3000", "b: 4000", "goal.b: 3,000 → 4,000"),
        ("months: 3", "months: 4", "goal.horizon: 3 → 4"),
        ("[60%, 40%]", "[50%, 50%]", "business.sales_cycle: 0.6, 0.4 → 0.5, 0.5"),
        ("overflow: wait", "overflow: lost", "business.overflow: wait → lost"),
        ("leads_per_manager: 90", "leads_per_manager: 80", "business.leads_per_manager: 90 → 80"),
        (
            "{win_rate: 30%, average_check: 600}",
            "{win_rate: 29%}",
            "scenarios.bold: win_rate 30%, average_check $600 → win_rate 29%",
        ),
        (
            "{win_rate: 30%, average_check: 600}",
            "{}",
            "scenarios.bold: win_rate 30%, average_check $600 → =",
        ),
        (
            "  bold:",
            "  calm: {levers: {win_rate: 22%}}\n  bold:",
            "scenarios.calm: – → win_rate 22%",
        ),
    ],
)
def test_a_change_is_said_with_its_field_and_both_values(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    assert said in lines(tmp_path, (old, new))


def test_a_file_that_says_the_same_in_other_words_has_no_changes(tmp_path: Path) -> None:
    same = (
        ("now: 20%", "now: 0.2"),
        ("visitors: 100", "visitors: 1 0 0  # counted".replace("1 0 0", "100")),
        ("title: Small", "title: Smaller"),
    )
    assert lines(tmp_path, *same) == []


def test_changes_come_a_line_each_and_only_what_changed(tmp_path: Path) -> None:
    found = lines(tmp_path, ("plan: 25%", "plan: 26%"), ("b: 3000", "b: 4000"))
    assert found == ["goal.b: 3,000 → 4,000", "levers.win_rate.plan: 25% → 26%"]


def test_a_lever_that_came_or_went_is_said(tmp_path: Path) -> None:
    without = read_client(write(tmp_path, FULL))
    more = FULL.replace("  managers: {", "  refund_rate: 5%\n  managers: {")
    with_it = read_client(write(tmp_path, more))
    assert change_lines(without, with_it, EN) == ["levers.refund_rate.now: – → 5%"]
    assert change_lines(with_it, without, EN) == ["levers.refund_rate.now: 5% → –"]


def test_numbers_are_those_of_the_readers_language(tmp_path: Path) -> None:
    found = lines(tmp_path, ("plan: 25%", "plan: 26.5%"), ("cost: 100", "cost: 1200.5"), words=RU)
    assert found == [
        "levers.win_rate.plan: 25\xa0% → 26,5\xa0%",
        "levers.win_rate.cost: 100 → 1\xa0200,5",
    ]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("plan: 25%", "plan: 25.001%", "levers.win_rate.plan"),
        ("average_check: 500", "average_check: 500.001", "levers.average_check.now"),
        ("{win_rate: 30%,", "{win_rate: 30.001%,", "scenarios.bold"),
    ],
)
def test_a_change_too_small_to_be_read_is_said_all_the_same(
    old: str, new: str, field: str, tmp_path: Path
) -> None:
    (line,) = lines(tmp_path, (old, new))
    assert line.startswith(f"{field}: ")
    before, after = line.removeprefix(f"{field}: ").split(" → ")
    assert before != after


def test_a_team_without_a_limit_is_not_a_number_that_is_missing(tmp_path: Path) -> None:
    (line,) = lines(tmp_path, ("{leads_per_manager: 90, overflow: wait}", "{overflow: wait}"))
    assert line.startswith("business.leads_per_manager: 90 → ")
    assert EN.missing not in line


def test_products_are_compared_too(tmp_path: Path) -> None:
    text = SMALL.replace("  average_check: 500\n", "") + (
        "products:\n  - {name: Book, role: core, take_rate: 1, price: 20, margin: 50%}\n"
    )
    more = "  - {name: Talk, role: core, take_rate: 1, price: 30, margin: 50%}\n"
    before = read_client(write(tmp_path, text))
    dearer = read_client(write(tmp_path, text.replace("price: 20", "price: 25")))
    assert change_lines(before, dearer, EN) == ["levers.price.Book.now: 20 → 25"]
    longer = change_lines(before, read_client(write(tmp_path, text + more)), EN)
    assert "business.line: Book → Book, Talk" in longer
    assert "levers.price.Talk.now: – → 30" in longer


@pytest.mark.parametrize("demo", DEMOS, ids=lambda file: file.parent.name)
def test_a_demo_does_not_differ_from_itself(demo: Path) -> None:
    client = read_client(demo)
    words = Words(language=client.language, currency=client.currency)
    assert change_lines(client, read_client(demo), words) == []


CLIENT = read_client(next(demo for demo in DEMOS if demo.parent.name == "mealbox"))


def edited(client: Client, **parts: object) -> Client:
    return replace(client, plan=replace(client.plan, **parts))


@given(st.sampled_from(sorted(CLIENT.plan.now)), st.floats(0.001, 0.999), st.data())
@settings(max_examples=60)
def test_whatever_the_model_reads_differently_is_said(
    name: str, value: float, data: st.DataObject
) -> None:
    part = data.draw(st.sampled_from(["now", "plan", "ceilings", "costs"]))
    old = getattr(CLIENT.plan, part)
    after = edited(CLIENT, **{part: {**old, name: value}})
    found = change_lines(CLIENT, after, EN)
    assert bool(found) is (after.plan != CLIENT.plan)


def test_every_part_of_a_plan_is_looked_at() -> None:
    """A part that is added to a scenario has to be said when it changes."""
    looked_at = {"goal", "business", "now", "plan", "start", "ceilings", "costs"}
    assert {field.name for field in fields(Scenario) if field.init} == looked_at


def test_markup_in_a_file_is_said_as_it_stands(tmp_path: Path) -> None:
    new = "  <script>: {levers: {win_rate: 22%}}\n  bold:"
    assert lines(tmp_path, ("  bold:", new)) == ["scenarios.<script>: – → win_rate 22%"]
