"""The board without a browser: what its controls do to the plan, and what it shows."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkit.client.client import Client
from funnelkit.client.read import find, read_client
from funnelkit.faces.board import Board, slider_top
from funnelkit.faces.control import LeverControl, step_of
from funnelkit.model.levers import LEVERS, Stage, Unit
from funnelkit.model.ltv import LTV_PARTS
from funnelkit.model.products import SUMMED_UP
from funnelkit.plan.scenario import Scenario
from funnelkit.show.owner_tables import key_figures
from funnelkit.show.words import Words


def _is_demo(file: Path) -> bool:
    """Whether a client is one of ours: others may lie in the same folder."""
    return "demo: true" in file.read_text("utf-8").splitlines()


CLIENTS = Path(__file__).parents[2] / "data" / "clients"
NAMES = ("mealbox", "saldo")
DEMOS = sorted(file.parent.name for file in CLIENTS.glob("*/client.yaml") if _is_demo(file))


def client_of(name: str) -> Client:
    return read_client(find(name, CLIENTS))


def words_of(client: Client) -> Words:
    return Words(language=client.language, currency=client.currency)


def board_of(client: Client, scenario: Scenario | None = None) -> Board:
    return Board(client, scenario or client.scenario("plan", {}), words_of(client))


@pytest.fixture(params=NAMES)
def client(request: pytest.FixtureRequest) -> Client:
    return client_of(request.param)


@pytest.fixture
def board(client: Client) -> Board:
    return board_of(client)


def shown(board: Board) -> list[str]:
    return re.findall("<strong>(.*?)</strong>", board.figures.value)


def expected(client: Client, levers: Mapping[str, float]) -> list[str]:
    scenario = client.scenario("plan", {}).with_plan(**levers)
    return [value for _name, value in key_figures(scenario, words_of(client))]


def type_in(control: LeverControl, text: str) -> None:
    """What the browser does where a person types a text and presses Enter."""
    control.entry.value = text


def slide(control: LeverControl, position: int) -> float:
    """What the browser does where a person moves the slider."""
    control.slider.value = position
    return control.value


def movable(client: Client) -> set[str]:
    """Levers of the client's file that are not costs; a product line has its three sums."""
    scenario = client.scenario("plan", {})
    own = {name for name in scenario.now if name in LEVERS and not LEVERS[name].cost}
    return own | (set(SUMMED_UP) if scenario.business.line else set())


@pytest.mark.parametrize("name", DEMOS)
def test_every_lever_has_a_control_that_stands_at_the_plan(name: str) -> None:
    client = client_of(name)
    board = board_of(client)
    assert set(board.controls) == movable(client) | {"ltv"}
    plan, words = client.scenario("plan", {}), words_of(client)
    for name in movable(client):
        control, unit = board.controls[name], LEVERS[name].unit
        assert control.entry.value == words.value(plan.planned(name), unit)
        step = step_of(control.top, unit)
        assert control.value == pytest.approx(plan.planned(name), abs=step / 2 + 1e-12)
    assert shown(board) == expected(client, {})
    assert board.scenario.target == pytest.approx(plan.target)


def test_levers_stand_under_their_stage_with_what_is_true_today(
    client: Client, board: Board
) -> None:
    accordion = board.widget.children[2].children[0].children[0].children[0]
    words = words_of(client)
    plan = client.scenario("plan", {})
    texts = [
        [
            (lever.children[0].children[0].value, lever.children[1].children[1].value)
            for lever in panel.children
        ]
        for panel in accordion.children
    ]
    stages = [
        [name for name, lever in LEVERS.items() if lever.stage is stage and name in board.controls]
        for stage in Stage
    ]
    for panel, names in zip(texts, filter(None, stages), strict=True):
        for (caption, today), name in zip(panel, names, strict=False):
            assert words(LEVERS[name].label) in caption
            assert words.value(plan.present(name), LEVERS[name].unit) in today


@pytest.mark.parametrize("name", DEMOS)
def test_moving_a_slider_gives_the_models_numbers(name: str) -> None:
    client = client_of(name)
    board = board_of(client)
    board.tabs.selected_index = None  # no picture in sight: the figures are what counts here
    for lever in sorted(movable(client)):
        control = board.controls[lever]
        value = slide(control, control.slider.value - 1)
        assert board.scenario.planned(lever) == pytest.approx(value, rel=1e-12)
        assert shown(board) == expected(client, {lever: value})
        board.reset()
        assert shown(board) == expected(client, {})


def test_levers_add_up_whatever_their_order(client: Client, board: Board) -> None:
    plan = client.scenario("plan", {})
    levers = {name: 0.9 * plan.planned(name) for name in ("win_rate", "retention_rate", "visitors")}
    for name, value in levers.items():
        board.move(name, value)
    assert shown(board) == expected(client, levers)
    for name in reversed(levers):
        board.move(name, plan.planned(name))
    assert shown(board) == expected(client, {})


def test_a_slider_at_0_and_back_keeps_the_proportions_of_a_line() -> None:
    client = client_of("saldo")
    board, plan = board_of(client), client.scenario("plan", {})
    for name in SUMMED_UP:
        board.move(name, 0.0)
        assert board.controls[name].value == 0.0
    for name in SUMMED_UP:
        board.move(name, plan.planned(name))
    assert board.scenario.target == pytest.approx(plan.target)


def test_without_purchases_the_repeat_check_can_still_be_moved() -> None:
    client = client_of("saldo")
    board, plan = board_of(client), client.scenario("plan", {})
    board.move("purchase_rate", 0.0)
    assert board.controls["repeat_check"].entry.value != words_of(client).missing
    board.move("repeat_check", 10_000.0)
    board.move("purchase_rate", plan.planned("purchase_rate"))
    assert board.scenario.planned("repeat_check") == pytest.approx(10_000.0)
    assert shown(board) == expected(client, {"repeat_check": 10_000.0})


def test_what_a_line_cannot_move_in_proportion_has_no_slider() -> None:
    client = client_of("saldo")
    free = {f"price.{name}": 0.0 for name in _sold_first(client)}
    board = board_of(client, client.scenario("plan", {}).with_plan(**free))
    assert "average_check" not in board.controls
    assert "win_rate" in board.controls


def _sold_first(client: Client) -> list[str]:
    return [p.name for p in client.scenario("plan", {}).business.line if p.first]


def test_a_client_without_repeat_sales_has_no_ltv_slider() -> None:
    client = client_of("mealbox")
    board = board_of(client, client.scenario("plan", {}).with_plan(purchase_rate=0.0))
    assert "ltv" not in board.controls


def test_the_ltv_slider_reaches_its_value_and_says_what_moved(client: Client, board: Board) -> None:
    control, words = board.controls["ltv"], words_of(client)
    target = slide(control, control.slider.value + 1)
    one = board.scenario.per_customer(board.scenario.target)
    assert one.ltv.item() == pytest.approx(target)
    assert control.entry.value == words.money(target)
    for name in LTV_PARTS:
        value = words.value(board.scenario.planned(name), LEVERS[name].unit)
        assert f"{words(LEVERS[name].label)}: {value}" in control.note.value
        assert board.controls[name].entry.value == value


def test_the_ltv_slider_ends_where_all_its_parts_are_at_their_limit(
    client: Client, board: Board
) -> None:
    control, words = board.controls["ltv"], words_of(client)
    slide(control, control.slider.max)
    for name in LTV_PARTS:
        best = slider_top(name, client.scenario("plan", {}))
        assert board.scenario.planned(name) == pytest.approx(best)
    assert control.note.value.count(words("at its limit")) == len(LTV_PARTS)
    assert board.scenario.per_customer(board.scenario.target).ltv.item() == pytest.approx(
        control.top
    )


def test_a_part_of_ltv_at_its_limit_is_named_and_the_others_take_over(
    client: Client, board: Board
) -> None:
    words = words_of(client)
    board.move("retention_rate", slider_top("retention_rate", client.scenario("plan", {})))
    before = {name: board.scenario.planned(name) for name in LTV_PARTS}
    control = board.controls["ltv"]
    target = slide(control, control.slider.value + 2)
    after = {name: board.scenario.planned(name) for name in LTV_PARTS}
    assert after["retention_rate"] == pytest.approx(before["retention_rate"])
    assert after["purchase_rate"] > before["purchase_rate"]
    assert after["repeat_check"] > before["repeat_check"]
    label = words(LEVERS["retention_rate"].label)
    named = re.findall(rf"{label}: [^;]*\({words('at its limit')}\)", control.note.value)
    assert len(named) == 1
    ltv = board.scenario.per_customer(board.scenario.target).ltv.item()
    assert ltv == pytest.approx(target)


def test_an_ltv_slider_moved_up_and_back_leaves_the_plan_as_it_was(
    client: Client, board: Board
) -> None:
    plan = client.scenario("plan", {})
    at = plan.per_customer(plan.target).ltv.item()
    for value in (board.controls["ltv"].top, 0.8 * at, at):
        board.move("ltv", value)
    assert board.scenario.target == pytest.approx(plan.target)


def test_an_ltv_that_repeat_sales_cannot_bring_is_refused(client: Client, board: Board) -> None:
    control, words = board.controls["ltv"], words_of(client)
    before, value = shown(board), control.entry.value
    slide(control, 0)
    sentence = words("Repeat sales alone cannot bring LTV there: change the first sale.")
    assert sentence in control.note.value
    assert shown(board) == before
    assert control.entry.value == value
    assert control.value > 0


def test_the_ltv_slider_follows_what_else_makes_ltv() -> None:
    client = client_of("mealbox")
    board = board_of(client)
    control = board.controls["ltv"]
    before = control.top
    board.move("average_check", 58.0)
    one = board.scenario.per_customer(board.scenario.target)
    assert control.top > before
    assert control.entry.value == words_of(client).money(one.ltv.item())
    assert control.note.value == ""


TYPED = {
    "mealbox": (("win_rate", "0.3", 0.3), ("win_rate", "30 %", 0.3), ("visitors", "38,500", 38500)),
    "saldo": (("win_rate", "0,3", 0.3), ("win_rate", "30 %", 0.3), ("visitors", "7 250", 7250)),
}


@pytest.mark.parametrize(("name", "typed"), TYPED.items())
def test_numbers_are_read_as_the_reader_writes_them(
    name: str, typed: tuple[tuple[str, str, float], ...]
) -> None:
    client = client_of(name)
    for lever, text, value in typed:
        board = board_of(client)
        type_in(board.controls[lever], text)
        assert board.scenario.planned(lever) == pytest.approx(value)
        assert shown(board) == expected(client, {lever: value})
        assert board.controls[lever].entry.value == words_of(client).value(
            value, LEVERS[lever].unit
        )


def test_what_a_field_shows_can_be_typed_into_it(client: Client, board: Board) -> None:
    words = words_of(client)
    for name in movable(client):
        unit = LEVERS[name].unit
        text = words.value(0.9 * client.scenario("plan", {}).planned(name), unit)
        type_in(board.controls[name], text)
        assert board.controls[name].note.value == ""
        assert words.value(board.scenario.planned(name), unit) == text


@pytest.mark.parametrize("text", ["", "many", "-1", "1e9", "nan", "inf", "<b>"])
def test_what_cannot_be_is_refused_with_the_range(client: Client, board: Board, text: str) -> None:
    words = words_of(client)
    board.move("visitors", 5_000.0)
    before = shown(board)
    control = board.controls["win_rate"]
    type_in(control, text)
    low, high = words.value(0.0, Unit.SHARE), words.value(control.top, Unit.SHARE)
    assert words("Allowed is {low} to {high}.", low=low, high=high) in control.note.value
    assert control.note.layout.display != "none"
    assert shown(board) == before
    assert board.scenario.planned("visitors") == 5_000.0
    type_in(control, words.value(0.2, Unit.SHARE))
    assert control.note.layout.display == "none"
    assert board.scenario.planned("win_rate") == pytest.approx(0.2)


def test_the_way_back_leads_to_the_first_plan(client: Client, board: Board) -> None:
    for name, control in board.controls.items():
        if name != "ltv":
            slide(control, 1)
    board.back.click()
    assert shown(board) == expected(client, {})
    assert board.scenario.target == pytest.approx(client.scenario("plan", {}).target)
    board.move("win_rate", 0.2)
    assert shown(board) == expected(client, {"win_rate": 0.2})


def test_only_the_picture_in_sight_is_drawn_and_follows_the_sliders(board: Board) -> None:
    assert [bool(picture.value) for picture in board.pictures] == [True, False, False]
    for place, picture in enumerate(board.pictures):
        board.tabs.selected_index = place
        drawn = ElementTree.fromstring(picture.value)
        assert drawn.attrib["role"] == "img"
        assert drawn.attrib["aria-label"]
    before = [picture.value for picture in board.pictures]
    board.move("win_rate", 0.1)
    after = [picture.value for picture in board.pictures]
    assert [old != new for old, new in zip(before, after, strict=True)] == [False, False, True]


def test_what_a_client_writes_is_no_markup() -> None:
    client = client_of("mealbox")
    bad = "<script>alert(1)</script>"
    stage = Stage.CONVERSION
    departments = dict(client.departments)
    departments[stage] = replace(departments[stage], name=bad)
    board = board_of(replace(client, departments=departments))
    for place in range(len(board.pictures)):
        board.tabs.selected_index = place
    texts = [board.figures.value, *(picture.value for picture in board.pictures)]
    assert all(bad not in text for text in texts)


@given(
    top=st.floats(1e-3, 1e12),
    unit=st.sampled_from(Unit),
    position=st.floats(0, 1),
)
@settings(max_examples=200)
def test_a_slider_ends_at_its_top_and_stops_at_what_is_shown(
    top: float, unit: Unit, position: float
) -> None:
    top = min(top, 1.0) if unit is Unit.SHARE else top
    heard: list[float] = []
    words = Words(language="en", currency="USD")
    control = LeverControl("x", "", unit, 0.0, top, words, heard.append, colour="black")
    place = round(position * control.slider.max)
    control.slider.value = place
    control.slider.value = control.slider.max
    control.slider.value = 0
    assert all(0.0 <= value <= top for value in heard)
    if place:
        assert heard[-2] == top
    assert control.slider.max <= 260


def test_showing_a_value_tells_nobody() -> None:
    heard: list[float] = []
    words = Words(language="ru", currency="RUB")
    control = LeverControl("x", "", Unit.SHARE, 0.1, 0.5, words, heard.append, colour="black")
    for value in (0.0, 0.123, 0.5, 0.7, float("nan")):
        control.show(value)
    assert heard == []
    assert control.entry.value == words.missing
    assert control.value == 0.5


def copied(name: str, folder: Path) -> Client:
    """A demo client whose file may be written to."""
    path = folder / "client.yaml"
    path.write_bytes((CLIENTS / name / "client.yaml").read_bytes())
    return read_client(path)


def save_as(board: Board, name: str) -> str:
    """What the browser does where a person types a name and presses Save; what is said then."""
    board.saving.name.value = name
    board.saving.button.click()
    assert board.saving.note.layout.display == ""
    return board.saving.note.value


def test_the_sliders_state_is_saved_to_the_last_digit(client: Client, tmp_path: Path) -> None:
    client = copied(client.name, tmp_path)
    board = board_of(client)
    for lever in ("ltv", "purchase_rate", "average_check", "win_rate"):
        slide(board.controls[lever], board.controls[lever].slider.value // 3 + 1)
    said = save_as(board, " Смело ")
    assert "Смело" in said
    assert str(client.path) in said
    assert "fk-problem" not in said
    assert read_client(client.path).scenario("Смело") == board.scenario


def test_a_saved_scenario_opens_as_it_was_and_is_saved_again(tmp_path: Path) -> None:
    client = copied("saldo", tmp_path)
    board = board_of(client)
    slide(board.controls["ltv"], board.controls["ltv"].slider.value // 2)
    save_as(board, "mine")
    client = read_client(client.path)
    again = board_of(client, client.scenario("mine"))
    assert again.levers() == board.levers() == client.variants["mine"]
    slide(again.controls["repeat_check"], 3)
    save_as(again, "mine")
    assert read_client(client.path).scenario("mine") == again.scenario
    again.reset()
    assert again.scenario == client.scenario("mine")


def test_a_board_that_began_with_other_levers_saves_them_too(tmp_path: Path) -> None:
    client = copied("saldo", tmp_path)
    overrides = {"win_rate": 0.3, "purchase_rate": 1.25}
    board = board_of(client, client.scenario("cautious", overrides))
    slide(board.controls["visitors"], 7)
    save_as(board, "mine")
    assert read_client(client.path).scenario("mine") == board.scenario
    assert board.scenario.planned("purchase_rate") == pytest.approx(1.25)


def test_two_boards_of_one_client_lose_nothing(tmp_path: Path) -> None:
    client = copied("mealbox", tmp_path)
    one, two = board_of(client), board_of(client)
    one.move("win_rate", 0.3)
    two.move("win_rate", 0.4)
    save_as(one, "one")
    save_as(two, "two")
    assert "fk-problem" in save_as(two, "one")
    one.move("win_rate", 0.35)
    assert "fk-problem" not in save_as(one, "one")
    saved = read_client(client.path).variants
    assert (saved["one"], saved["two"]) == ({"win_rate": 0.35}, {"win_rate": 0.4})


@pytest.mark.parametrize("name", ["", "  ", "plan", "now", "x" * 61])
def test_what_cannot_be_saved_is_said_and_the_sliders_stay(name: str, tmp_path: Path) -> None:
    client = copied("mealbox", tmp_path)
    before, board = client.path.read_bytes(), board_of(client)
    board.move("win_rate", 0.3)
    assert "fk-problem" in save_as(board, name)
    assert client.path.read_bytes() == before
    assert board.scenario.planned("win_rate") == 0.3


def test_a_plan_that_an_editor_changed_is_left_to_the_editor(tmp_path: Path) -> None:
    client = copied("mealbox", tmp_path)
    board = board_of(client)
    text = client.path.read_text().replace("best: 45%", "best: 46%")
    client.path.write_text(text)
    assert "fk-problem" in save_as(board, "mine")
    assert client.path.read_text() == text


def test_a_line_out_of_proportion_is_refused(tmp_path: Path) -> None:
    client = copied("saldo", tmp_path)
    board = board_of(client, client.scenario("now"))
    board.move("win_rate", 0.3)
    before = client.path.read_bytes()
    assert "fk-problem" in save_as(board, "mine")
    assert client.path.read_bytes() == before


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><img src=x>', "# & : {}", "🚀"])
def test_a_scenarios_name_is_no_markup(name: str, tmp_path: Path) -> None:
    client = copied("mealbox", tmp_path)
    said = save_as(board_of(client), name)
    ElementTree.fromstring(said)
    assert name in "".join(ElementTree.fromstring(said).itertext())
    assert name in read_client(client.path).variants
