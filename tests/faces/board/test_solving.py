"""The board solves for B, and what is locked stays."""

from pathlib import Path

import pytest

from funnelkit.client.client import Client
from funnelkit.client.read import read_client
from funnelkit.faces.board.slider import LTV
from funnelkit.model.ltv import LTV_PARTS
from funnelkit.model.products import SUMMED_UP
from funnelkit.show.solution_tables import WAYS
from tests.client.files import write
from tests.faces.board.boards import (
    DEMOS,
    REPEAT,
    Page,
    client_of,
    copied,
    marketer_page,
    page_of,
    small,
    with_channels,
    words_of,
)

CLIENT = {name: client_of(name) for name in DEMOS}
every_way = pytest.mark.parametrize("way", WAYS)
every_demo = pytest.mark.parametrize("name", DEMOS)


def reached(page: Page) -> float:
    return float(page.board.moves.scenario.at_goal())


# ---- the ways to B


@every_demo
def test_a_page_is_offered_every_way_by_its_name(name: str) -> None:
    client = CLIENT[name]
    words = words_of(client)
    assert page_of(client).board.panel["acts"] == [[way, words(text)] for way, text in WAYS.items()]


@every_demo
@every_way
def test_the_sliders_stand_where_b_is_reached_and_undo_brings_back(name: str, way: str) -> None:
    client = CLIENT[name]
    page, b = page_of(client), client.plan.goal.b
    page.move("win_rate", 3)
    before, figures = page.board.moves.scenario, page.figures
    page.tell("act", name=way)
    words = words_of(client)
    assert page.said["sentence"].startswith(words(WAYS[way]))
    if page.said["problem"]:
        assert reached(page) < b
    else:
        assert reached(page) == pytest.approx(b, rel=1e-9)
    for lever, shown in page.state["levers"].items():
        if lever != LTV:
            slider = page.board.sliders[lever]
            assert shown["position"] == slider.position(page.board.moves.planned(lever))
    page.tell("undo")
    assert page.board.moves.scenario == before
    assert page.figures == figures
    page.tell("redo")
    page.tell("reset")
    assert page.board.moves.scenario == client.plan


@every_demo
def test_most_ways_reach_b(name: str) -> None:
    for way in ("money", "equal", "effort"):
        page = page_of(CLIENT[name])
        page.tell("act", name=way)
        # neither equal nor least effort moves a lever at 0, and CDNOW's clients are all there are
        assert page.said["problem"] is (name == "cdnow" and way != "money")


@every_demo
@every_way
def test_what_was_solved_is_saved_and_opened_to_the_last_digit(
    name: str, way: str, tmp_path: Path
) -> None:
    client = copied(name, tmp_path)
    page = page_of(client)
    page.tell("act", name=way)
    page.tell("save", name="solved")
    assert not page.said["problem"]
    after = read_client(client.path)
    assert after.scenario("solved").target == page.board.moves.scenario.target
    other = page_of(after)
    other.tell("open", scenario="solved")
    assert other.board.moves.scenario.target == page.board.moves.scenario.target
    assert other.figures == page.figures
    assert reached(other) == reached(page)


@every_way
def test_a_lever_goes_back_to_the_plan_after_a_way_too(way: str) -> None:
    client = CLIENT["saldo"]
    page = page_of(client)
    page.tell("act", name=way)
    for lever in (*SUMMED_UP, "win_rate"):
        page.tell("reset", lever=lever)
        planned = client.plan.planned(lever)
        assert page.board.moves.scenario.planned(lever) == pytest.approx(planned, rel=1e-9)
        assert not page.lever(lever)["moved"]


def test_a_way_that_ends_at_limits_says_which(tmp_path: Path) -> None:
    text = small(tmp_path).path.read_text()
    for old, new in (("100", "150"), ("10%", "11%"), ("20%", "21%"), ("500", "510")):
        text = text.replace(f": {old}\n", f": {{now: {old}, best: {new}}}\n")
    client = read_client(write(tmp_path, text.replace("b: 3000", "b: 30000")))
    page = page_of(client)
    page.tell("act", name="equal")
    assert page.said["problem"]
    best = 150 * 0.11 * 0.21 * 510
    assert reached(page) == pytest.approx(best)
    assert page.said["sentence"].startswith(f"Equal effort: {words_of(client).money(30000 - best)}")
    assert page.said["sentence"].count(",") >= 3


# ---- locks


@every_way
@every_demo
def test_a_way_leaves_what_is_locked(name: str, way: str) -> None:
    client = CLIENT[name]
    page = page_of(client)
    page.move("win_rate", 3)
    for lever in ("win_rate", "average_check"):
        page.tell("lock", lever=lever)
    before = dict(page.board.moves.scenario.target)
    kept = [name for name in ("win_rate", "average_check") if name in before]
    page.tell("act", name=way)
    for lever in kept:
        assert page.board.moves.scenario.target[lever] == before[lever]
    for product in client.plan.business.line:
        if product.first:  # the first check is the prices of what is bought first
            lever = f"price.{product.name}"
            assert page.board.moves.scenario.target[lever] == before[lever]


def test_a_page_is_told_what_is_locked() -> None:
    client = CLIENT["saldo"]
    page = page_of(client)
    assert {page.lever(name)["locked"] for name in page.state["levers"] if name != LTV} == {False}
    assert page.lever(LTV)["locked"] is None
    page.tell("lock", lever="average_check")
    assert page.lever("average_check")["locked"] is True
    assert page.lever("repeat_check")["locked"] is False
    page.tell("lock", lever="average_check")
    assert page.lever("average_check")["locked"] is False
    for name in (LTV, "nothing"):
        page.board._heard({"kind": "lock", "lever": name})
    assert page.board.moves.locked == set()


def test_what_the_file_locks_is_locked_a_single_product_too(tmp_path: Path) -> None:
    client = copied("saldo", tmp_path)
    text = client.path.read_text("utf-8")
    product = next(p.name for p in client.plan.business.line if p.first)
    head, of_product = text.split(product, 1)
    text = head + product + of_product.replace("take_rate: {", "take_rate: {locked: true, ", 1)
    text = text.replace("win_rate:           {", "win_rate: {locked: true, ", 1)
    client = read_client(write(tmp_path, text))
    lever = f"take_rate.{product}"
    assert client.locked == {lever, "win_rate"}
    for way in WAYS:
        page = page_of(client)
        assert page.lever("win_rate")["locked"] is True
        assert page.lever("average_check")["locked"] is False
        page.tell("act", name=way)
        target = page.board.moves.scenario.target
        assert target[lever] == client.plan.target[lever]
        assert target["win_rate"] == client.plan.target["win_rate"]


@pytest.mark.parametrize("kind", ["take_rate", "price", "margin"])
def test_a_locked_number_of_a_product_stops_no_way(kind: str, tmp_path: Path) -> None:
    numbers = {"take_rate": "80%", "price": "20", "margin": "50%"}
    numbers[kind] = f"{{now: {numbers[kind]}, locked: true}}"
    text = small(tmp_path).path.read_text().replace("  average_check: 500\n", "")
    text += "products:\n  - {name: Book, role: core, "
    text += ", ".join(f"{name}: {value}" for name, value in numbers.items()) + "}\n"
    client = read_client(write(tmp_path, text))
    page = page_of(client)
    for way in ("money", "equal", "effort"):
        page.tell("act", name=way)
        lever = f"{kind}.Book"
        assert page.board.moves.scenario.target[lever] == client.plan.target[lever]


@pytest.mark.parametrize("name", ["mealbox", "saldo"])
@pytest.mark.parametrize("part", LTV_PARTS)
def test_ltv_leaves_what_is_locked(name: str, part: str) -> None:
    client = CLIENT[name]
    page = page_of(client)
    page.tell("lock", lever=part)
    before = {each: page.board.moves.planned(each) for each in LTV_PARTS}
    assert page.board.moves.ltv_top <= page_of(client).board.moves.ltv_top
    at = (page.board.moves.ltv + page.board.moves.ltv_top) / 2
    page.board.move(LTV, at)
    after = {each: page.board.moves.scenario.planned(each) for each in LTV_PARTS}
    assert after[part] == pytest.approx(before[part], rel=1e-12)
    assert page.board.moves.ltv == pytest.approx(at)
    for other in set(LTV_PARTS) - {part}:
        assert after[other] >= before[other] * (1 - 1e-12)


def test_ltv_is_spread_from_where_it_was_when_a_part_was_locked() -> None:
    moves = page_of(CLIENT["mealbox"]).board.moves
    moves.move_ltv((moves.ltv + moves.ltv_top) / 2)
    kept = moves.planned("retention_rate")
    moves.lock("retention_rate")
    at = (moves.ltv + moves.ltv_top) / 2
    moves.move_ltv(at)
    assert moves.planned("retention_rate") == kept
    assert moves.ltv == pytest.approx(at)
    moves.undo()
    moves.move_ltv(at)
    assert moves.ltv == pytest.approx(at)


def test_with_all_its_parts_locked_ltv_says_so(tmp_path: Path) -> None:
    client: Client = small(tmp_path, REPEAT)
    page = page_of(client)
    for part in LTV_PARTS:
        page.tell("lock", lever=part)
    before = page.board.moves.scenario
    page.move(LTV, 5)
    assert page.said["problem"]
    assert page.said["sentence"] == "All that LTV is made of is locked."
    assert page.board.moves.scenario == before


def test_channels_are_not_locked(tmp_path: Path) -> None:
    client = with_channels(tmp_path, "    - {name: Word of mouth, leads: 5}\n")
    page = marketer_page(client)
    assert {shown["locked"] for shown in page.state["levers"].values()} <= {None, False}
    assert None in {shown["locked"] for name, shown in page.state["levers"].items() if name != LTV}
    assert page.board.panel["acts"] == []
