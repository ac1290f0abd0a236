"""The board without a browser: what it is told, what it answers, what a page then shows."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkit.client.client import Client
from funnelkit.client.read import read_client
from funnelkit.faces.board.slider import LTV, slider_top
from funnelkit.faces.evidence import evidence_level
from funnelkit.faces.pictures import board_pictures
from funnelkit.model.levers import LEVERS, Unit
from funnelkit.model.ltv import LTV_PARTS
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.worth import Worth
from funnelkit.show.owner_tables import key_figures
from funnelkit.show.picture import rounded
from tests.client.files import write
from tests.faces.board.boards import (
    DEMOS,
    LINE,
    REPEAT,
    Page,
    as_sent,
    board_of,
    client_of,
    movable,
    page_of,
    small,
    words_of,
)

CLIENT = {name: client_of(name) for name in DEMOS}
SELLING_AGAIN = ("mealbox", "saldo")
every_demo = pytest.mark.parametrize("client", CLIENT.values(), ids=CLIENT)


@pytest.fixture(params=SELLING_AGAIN)
def client(request: pytest.FixtureRequest) -> Client:
    return CLIENT[request.param]


@pytest.fixture
def page(client: Client) -> Page:
    return page_of(client)


def expected(client: Client, levers: Mapping[str, float]) -> list[str]:
    """Figures of the file's plan with these levers, each set from the plan."""
    scenario = client.plan.with_plan(**levers)
    return [value for _name, value in key_figures(scenario, words_of(client))]


def rows_of(client: Client, scenario: Scenario) -> dict[str, Any]:
    """Rows of the four pictures, drawn for this scenario alone."""
    pictures = board_pictures(client, scenario, words_of(client))
    return as_sent(
        {
            f"{name}_{dataset}": rounded(rows)
            for name, picture in pictures.items()
            for dataset, rows in picture.datasets.items()
        }
    )


def ltv_of(page: Page) -> float:
    scenario = page.board.moves.scenario
    return scenario.per_customer(scenario.target).ltv.item()


@every_demo
def test_it_opens_with_every_lever_at_the_plan(client: Client) -> None:
    page, words = page_of(client), words_of(client)
    assert set(page.state["levers"]) == {*movable(client), LTV}
    assert page.figures == expected(client, {})
    for name in movable(client):
        lever = page.lever(name)
        assert lever["text"] == words.value(client.plan.planned(name), LEVERS[name].unit)
        assert not lever["moved"]
    assert (page.state["undo"], page.state["redo"]) == (False, False)
    assert page.said["sentence"] == ""
    assert page.state["comparison"] == ""
    assert page.rows == rows_of(client, client.plan)


@every_demo
def test_a_page_is_told_once_what_stays(client: Client) -> None:
    board, words = board_of(client), words_of(client)
    panel = as_sent(board.panel)
    assert [s["name"] for p in panel["panels"] for s in p["sliders"]] == list(board.sliders)
    assert panel["pictures"] == ["tree", "waterfall", "funnel", "months"]
    assert panel["months"][0] == words.month(client.first_month)
    assert len(panel["months"]) == client.plan.goal.horizon + 3
    assert panel["horizon"] == client.plan.goal.horizon
    assert all(panel["texts"].values())


@every_demo
def test_moving_a_slider_gives_the_models_numbers(client: Client) -> None:
    page = page_of(client)
    for name in movable(client):
        position = max(page.lever(name)["position"] - 1, 0)
        page.move(name, position)
        value = page.board.sliders[name].at(position)
        assert page.board.moves.scenario.planned(name) == pytest.approx(value, rel=1e-12)
        assert page.figures == expected(client, {name: value})
        assert page.lever(name)["position"] == position
        page.tell("reset", lever=name)
        assert page.figures == expected(client, {})


@every_demo
def test_every_slider_goes_to_both_its_ends_and_all_of_them_together(client: Client) -> None:
    page = page_of(client)
    for end in (0, 10**6):
        for name in movable(client):
            page.move(name, end)
            place = 0 if end == 0 else page.lever(name)["last"]
            assert page.lever(name)["position"] == place
        page.tell("rest", compare=True)
        assert page.rows == rows_of(client, page.board.moves.scenario)
        page.tell("reset")
    assert page.figures == expected(client, {})


@every_demo
def test_a_lever_alone_at_the_bottom_is_answered(client: Client) -> None:
    page = page_of(client)
    for name in movable(client):
        page.move(name, 1)
        assert page.lever(name)["position"] == 1
        page.tell("reset")


@every_demo
def test_pictures_follow_and_no_other_rows_are_sent(client: Client) -> None:
    page = page_of(client)
    for name in [*movable(client), LTV]:
        before = page.rows
        answer = page.move(name, max(page.lever(name)["position"] - 1, 0))
        now = rows_of(client, page.board.moves.scenario)
        assert page.rows == now
        assert set(answer["rows"]) == {n for n, rows in now.items() if rows != before[n]}


@every_demo
def test_only_levers_that_changed_are_sent(client: Client) -> None:
    page = page_of(client)
    for name in [*movable(client), LTV]:
        before = page.state["levers"]
        answer = page.move(name, max(page.lever(name)["position"] - 1, 0))
        after = page.state["levers"]
        changed = {n for n, lever in after.items() if lever != before[n]}
        assert set(answer["state"].get("levers", {})) == changed
        assert name in changed or not changed


def test_a_move_that_changes_nothing_sends_no_rows_and_no_levers(page: Page) -> None:
    position = page.lever("visitors")["position"] - 1
    page.move("visitors", position)
    answer = page.move("visitors", position)
    assert answer["rows"] == {}
    assert not {"levers", "figures", "warnings"} & set(answer["state"])


def test_a_move_sends_little(page: Page) -> None:
    whole = len(str(page.rows)) + len(str(page.state))
    answer = page.move("win_rate", page.lever("win_rate")["position"] - 1)
    assert len(str(answer)) < whole / 2
    assert not {"pins", "scenarios", "warnings", "comparison"} & set(answer["state"])


TELLINGS = st.lists(
    st.tuples(st.sampled_from(["win_rate", "visitors", LTV]), st.integers(0, 250))
    | st.sampled_from(["undo", "redo", "reset", "rest", "compare", "pin", "open", "type", "wrong"]),
    max_size=8,
)
TOLD = {
    "rest": {"kind": "rest", "compare": False},
    "compare": {"kind": "rest", "compare": True},
    "pin": {"kind": "pin", "name": ""},
    "open": {"kind": "open", "scenario": "cautious"},
    "type": {"kind": "type", "lever": "visitors", "text": "5000"},
    "wrong": {"kind": "type", "lever": "visitors", "text": "many"},
}


@given(TELLINGS)
@settings(max_examples=12)  # each makes a board
def test_a_page_opened_later_shows_what_a_page_that_followed_shows(tellings: list) -> None:
    page = page_of(CLIENT["mealbox"])
    for telling in tellings:
        match telling:
            case (name, position):
                page.move(name, position)
            case _:
                page.tell(**TOLD.get(telling, {"kind": telling}))
        assert page.state == as_sent(page.board.state)
        assert page.rows == as_sent(page.board.spec["datasets"])
    later = rows_of(CLIENT["mealbox"], page.board.moves.scenario)
    assert page.rows == later


def test_every_telling_has_one_answer_with_its_number(page: Page) -> None:
    told = [
        {"kind": "move", "lever": "win_rate", "position": 3, "gesture": "a 1"},
        {"kind": "type", "lever": "win_rate", "text": "many"},
        {"kind": "reset", "lever": "win_rate"},
        {"kind": "reset"},
        {"kind": "undo"},
        {"kind": "redo"},
        {"kind": "open", "scenario": "cautious"},
        {"kind": "open", "scenario": "nobody's"},
        {"kind": "pin", "name": "mine"},
        {"kind": "unpin", "name": "mine"},
        {"kind": "unpin", "name": "nobody's"},
        {"kind": "save", "name": ""},
        {"kind": "decide", "what": "", "who": "", "by": 1, "money": ""},
        {"kind": "rest", "compare": True},
        {"kind": "rest", "compare": False},
    ]
    for content in told:
        page.tell(**content)  # which wants one answer with its number
    assert len(page.heard) == len(told)


def test_what_a_board_does_not_know_it_does_not_answer(page: Page) -> None:
    for content in ({"kind": "dance"}, {}, {"kind": "move", "lever": "win_rate"}):
        page.board._heard(content)
    assert page.heard == []
    assert page.board.moves.scenario == page.board.moves.opened


def test_the_library_goes_to_whoever_asks_for_it(page: Page) -> None:
    sent: list[tuple[Any, Any]] = []
    page.board.send = lambda content, buffers=None: sent.append((content, buffers))
    page.board._heard({"kind": "library"})
    ((content, buffers),) = sent
    assert content == {"kind": "library"}
    assert [bytes(buffer[:2]) for buffer in buffers] == [b"\x1f\x8b"]  # gzip's mark


def test_levers_add_up_whatever_their_order(client: Client, page: Page) -> None:
    levers = {n: 0.9 * client.plan.planned(n) for n in ("win_rate", "retention_rate", "visitors")}
    for name, value in levers.items():
        page.board.move(name, value)
    page.tell("rest", compare=False)
    page.tell("unpin", name="")
    assert page.figures == expected(client, levers)


def test_a_slider_at_0_and_back_keeps_the_proportions_of_a_line() -> None:
    client = CLIENT["saldo"]
    page = page_of(client)
    names = ("average_check", "purchase_rate", "repeat_check")
    for name in names:
        page.move(name, 0)
        assert page.lever(name)["position"] == 0
        assert page.lever(name)["text"] != words_of(client).missing
    for _name in names:
        page.tell("undo")
    assert page.figures == expected(client, {})
    assert page.board.moves.scenario.target == client.plan.target


def test_one_drag_is_undone_at_once_and_two_drags_one_by_one(client: Client, page: Page) -> None:
    for position in (10, 11, 12):
        page.move("win_rate", position, "view 1")
    for position in (20, 21):
        page.move("win_rate", position, "view 2")
    page.move("visitors", 5, "view 3")
    places = []
    while page.state["undo"]:
        page.tell("undo")
        places.append(page.lever("win_rate")["position"])
    start = page.board.sliders["win_rate"].position(client.plan.planned("win_rate"))
    assert places == [21, 12, start]
    assert page.figures == expected(client, {})
    for _time in places:
        page.tell("redo")
    assert not page.state["redo"]
    assert page.lever("win_rate")["position"] == 21
    assert page.lever("visitors")["position"] == 5


def test_two_views_of_a_board_do_not_share_a_gesture(page: Page) -> None:
    page.move("win_rate", 10, "left 1")
    page.move("win_rate", 20, "right 1")
    page.tell("undo")
    assert page.lever("win_rate")["position"] == 10


def test_what_was_moved_is_marked_and_goes_back_alone_or_together(
    client: Client, page: Page
) -> None:
    page.move("win_rate", 10)
    page.move("visitors", 11)
    assert page.lever("win_rate")["moved"]
    page.tell("reset", lever="win_rate")
    assert not page.lever("win_rate")["moved"]
    assert page.lever("visitors")["position"] == 11
    page.tell("reset")
    assert not any(lever["moved"] for lever in page.state["levers"].values())
    assert page.figures == expected(client, {})


# ---- LTV


def test_the_ltv_slider_reaches_its_value_and_says_what_moved(client: Client, page: Page) -> None:
    words, position = words_of(client), page.lever(LTV)["position"] + 1
    page.move(LTV, position)
    target = page.board.sliders[LTV].at(position)
    assert ltv_of(page) == pytest.approx(target)
    assert page.lever(LTV)["text"] == words.money(target)
    assert page.lever(LTV)["position"] == position
    assert page.said["lever"] == LTV
    assert not page.said["problem"]
    for name in LTV_PARTS:
        planned = page.board.moves.scenario.planned(name)
        assert planned > client.plan.planned(name)
        text = words.value(planned, LEVERS[name].unit)
        assert f"{words(LEVERS[name].label)}: {text}" in page.said["sentence"]
        assert page.lever(name)["text"] == text
        assert page.lever(name)["moved"]


def test_the_ltv_slider_ends_where_all_its_parts_are_at_their_limit(
    client: Client, page: Page
) -> None:
    page.move(LTV, page.lever(LTV)["last"])
    limit = words_of(client)("at its limit")
    assert page.said["sentence"].count(limit) == len(LTV_PARTS)
    for name in LTV_PARTS:
        best = slider_top(name, page.board.moves.known)
        assert page.board.moves.scenario.planned(name) == pytest.approx(best)
    assert page.lever(LTV)["position"] == page.lever(LTV)["last"]


def test_a_part_of_ltv_at_its_limit_is_named(client: Client, page: Page) -> None:
    words = words_of(client)
    page.move("retention_rate", page.lever("retention_rate")["last"])
    page.move(LTV, page.lever(LTV)["position"] + 2)
    named = [LEVERS[n].label for n in LTV_PARTS]
    limited = [
        label
        for label in named
        if re.search(rf"{words(label)}: [^;]*\({words('at its limit')}\)", page.said["sentence"])
    ]
    assert limited == [LEVERS["retention_rate"].label]


def test_an_ltv_that_repeat_sales_cannot_bring_is_refused(client: Client, page: Page) -> None:
    before = (page.figures, page.lever(LTV), page.rows)
    page.move(LTV, 0)
    words = words_of(client)
    assert page.said["sentence"] == words(
        "Repeat sales alone cannot bring LTV there: change the first sale."
    )
    assert page.said["problem"]
    assert page.said["lever"] == LTV
    assert (page.figures, page.lever(LTV), page.rows) == before
    assert not page.state["undo"]


def test_the_ltv_slider_goes_back_with_its_parts(page: Page) -> None:
    page.move("win_rate", 10)
    page.move(LTV, page.lever(LTV)["position"] + 3, "view 1")
    assert page.lever(LTV)["moved"]
    page.tell("reset", lever=LTV)
    for name in (LTV, *LTV_PARTS):
        assert not page.lever(name)["moved"]
    assert page.lever("win_rate")["position"] == 10
    assert page.said["sentence"] == ""


def test_the_ltv_slider_follows_what_else_makes_ltv() -> None:
    page = page_of(CLIENT["mealbox"])
    before = page.lever(LTV)
    page.type("average_check", "58")
    after = page.lever(LTV)
    assert after["text"] == words_of(CLIENT["mealbox"]).money(ltv_of(page))
    assert after["text"] != before["text"]
    assert not after["moved"]  # none of its own parts was
    page.move(LTV, after["last"])
    assert page.lever(LTV)["position"] == page.lever(LTV)["last"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_ltv_slider_marks_what_the_order_log_says(language: str) -> None:
    client = replace(CLIENT["cdnow"], language=language)
    opened = {"client": str(client.path), "horizon": None}
    worth = evidence_level(opened, language=language).worth
    assert isinstance(worth, Worth)
    low, high = float(worth.new.low[24]), float(worth.new.high[24])
    slider = board_of(client).sliders[LTV]
    assert slider.known == pytest.approx((low, high))
    assert slider.now < low < high < slider.top
    words = words_of(client)
    for value in (float(worth.new.value[24]), low, high):
        assert words.money(value) in slider.meaning
    # where the levers themselves are measured, so is where the slider begins
    assert {"retention_rate", "purchase_rate", "repeat_check"} <= set(client.measured)


def test_ltv_is_marked_where_a_log_says_it_alone() -> None:
    assert board_of(CLIENT["mealbox"]).sliders[LTV].known is None


def test_a_client_without_repeat_sales_has_no_ltv_slider() -> None:
    client = CLIENT["mealbox"]
    board = board_of(client, client.plan.with_plan(purchase_rate=0.0))
    assert LTV not in board.sliders


def test_ltv_may_be_below_0(tmp_path: Path) -> None:
    client = small(tmp_path, REPEAT.replace("50%", "10%") + "  collection_new: 20%\n")
    page = page_of(client)
    assert ltv_of(page) < 0
    page.move("visitors", 10)
    assert page.lever("visitors")["position"] == 10


def test_retention_of_100_per_cent_leaves_ltv_unknown_and_can_be_undone(tmp_path: Path) -> None:
    client = small(tmp_path, REPEAT)
    page = page_of(client)
    before = page.lever(LTV)
    page.type("retention_rate", "100%")
    assert page.lever(LTV)["text"] == words_of(client).missing
    page.move(LTV, 10)
    assert page.said["problem"]
    page.tell("undo")
    assert page.lever(LTV) == before


# ---- typed numbers

TYPED = {
    "mealbox": (
        ("win_rate", "0.3", 0.3),
        ("win_rate", "30 %", 0.3),
        ("win_rate", " 30.5% ", 0.305),
        ("visitors", "38,500", 38_500.0),
        ("average_check", "$51.50", 51.5),
        ("average_check", "USD 51.50", 51.5),
    ),
    "saldo": (
        ("win_rate", "0,3", 0.3),
        ("win_rate", "30 %", 0.3),
        ("win_rate", "30,5%", 0.305),
        ("visitors", "7 250", 7_250.0),
        ("visitors", "7\N{NO-BREAK SPACE}250", 7_250.0),
        ("repeat_check", "13 500 ₽", 13_500.0),
    ),
}


@pytest.mark.parametrize("name", TYPED)
def test_numbers_are_read_as_the_reader_writes_them(name: str) -> None:
    client = CLIENT[name]
    page = page_of(client)
    for lever, text, value in TYPED[name]:
        page.type(lever, text)
        assert page.said["sentence"] == ""
        assert page.board.moves.scenario.planned(lever) == pytest.approx(value, rel=1e-12)
        assert page.figures == expected(client, {lever: value})
        assert page.lever(lever)["text"] == words_of(client).value(value, LEVERS[lever].unit)
        page.tell("reset")


@every_demo
def test_what_a_field_shows_can_be_typed_into_it(client: Client) -> None:
    page, words = page_of(client), words_of(client)
    for name in movable(client):
        text = words.value(0.9 * client.plan.planned(name), LEVERS[name].unit)
        page.type(name, text)
        assert page.said["sentence"] == ""
        assert page.lever(name)["text"] == text


IMPOSSIBLE = [
    "",
    " ",
    "many",
    "-1",
    "1e9",
    "1e400",
    "nan",
    "inf",
    "∞",
    "--",
    "1,2,3",
    "0x1",
    "200 %",
]
MARKUP = ["<b>5</b>", '"><img src=x onerror=alert(1)>', "{0}", "{lever}"]


def test_what_cannot_be_is_refused_with_the_range_and_as_it_was_typed(
    client: Client, page: Page
) -> None:
    words = words_of(client)
    page.type("visitors", "5000")
    before = (page.figures, page.lever("win_rate"), page.rows)
    top = page.board.sliders["win_rate"].top
    low, high = words.value(0.0, Unit.SHARE), words.value(top, Unit.SHARE)
    for text in IMPOSSIBLE + MARKUP:
        page.type("win_rate", text)
        assert page.said["problem"]
        assert page.said["lever"] == "win_rate"
        assert all(part in page.said["sentence"] for part in (text, low, high))
        assert (page.figures, page.lever("win_rate"), page.rows) == before
    page.type("win_rate", words.value(0.2, Unit.SHARE))
    assert page.said["sentence"] == ""
    assert page.board.moves.planned("win_rate") == pytest.approx(0.2)


def test_both_ends_of_a_slider_can_be_typed(client: Client, page: Page) -> None:
    words = words_of(client)
    for name in ("win_rate", "visitors"):
        one = page.board.sliders[name]
        for value, position in ((0.0, 0), (one.top, one.last)):
            page.type(name, words.value(value, one.unit))
            assert page.said["sentence"] == ""
            assert page.lever(name)["position"] == position


def test_an_ltv_can_be_typed(client: Client, page: Page) -> None:
    words, target = words_of(client), round(1.05 * ltv_of(page))
    page.type(LTV, words.money(target))
    assert ltv_of(page) == pytest.approx(target)
    assert page.said["lever"] == LTV
    page.type(LTV, words.money(100.0 * target))
    assert page.said["problem"]
    assert ltv_of(page) == pytest.approx(target)


def test_typed_numbers_are_undone_one_by_one(page: Page) -> None:
    page.type("visitors", "5000")
    page.type("visitors", "5001")
    page.tell("undo")
    assert page.board.moves.planned("visitors") == 5_000.0


# ---- scenarios


def test_plan_now_and_a_variant_open_and_are_undone() -> None:
    client = CLIENT["mealbox"]
    page = page_of(client)
    page.move("win_rate", 10)
    before = page.figures
    for name in ("now", "cautious", "plan"):
        page.tell("open", scenario=name)
        scenario = client.scenario(name)
        assert page.board.moves.scenario.target == pytest.approx(scenario.target)
        found = [value for _name, value in key_figures(scenario, words_of(client))]
        assert page.figures == found
        assert {n for n in movable(client) if page.lever(n)["moved"]} == {
            n for n in movable(client) if scenario.planned(n) != client.plan.planned(n)
        }
        assert page.rows == rows_of(client, scenario)
        page.tell("undo")
        assert page.figures == before
        assert page.lever("win_rate")["position"] == 10


def test_a_scenario_that_is_not_there_is_refused(client: Client, page: Page) -> None:
    page.tell("open", scenario="<b>nobody's</b>")
    assert page.said["problem"]
    assert "<b>nobody's</b>" in page.said["sentence"]
    assert page.figures == expected(client, {})


def test_the_board_of_a_scenario_begins_there() -> None:
    client = CLIENT["saldo"]
    cautious = client.scenario("cautious")
    page = page_of(client, cautious)
    page.move("win_rate", 10)
    page.tell("reset")
    assert page.board.moves.scenario == cautious
    assert page.figures == [v for _name, v in key_figures(cautious, words_of(client))]


def test_the_present_of_a_line_can_be_opened_and_moved() -> None:
    client = CLIENT["saldo"]
    page = page_of(client)
    page.tell("open", scenario="now")
    page.type("win_rate", "20%")
    now = replace(client.plan, plan={})
    found = [v for _n, v in key_figures(now.with_plan(win_rate=0.2), words_of(client))]
    assert page.figures == found


def test_a_line_without_first_sales_has_a_board(tmp_path: Path) -> None:
    line = "  - {name: Club, role: recurring, take_rate: 50%, price: 10, margin: 50%}\n"
    client = read_client(write(tmp_path, LINE + line))
    page = page_of(client)
    assert "average_check" not in page.state["levers"]
    page.move("repeat_check", 5)
    assert page.lever("repeat_check")["position"] == 5


@every_demo
def test_a_board_says_its_pictures_to_who_cannot_see_them(client: Client) -> None:
    pictures = board_pictures(client, client.plan, words_of(client))
    description = board_of(client).spec["description"]
    assert all(picture.description in description for picture in pictures.values())
