"""The marketer's board without a browser: what it is told, what it answers, what a page shows."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkit.client.client import Client
from funnelkit.faces.board.channel_moves import AMOUNT, ChannelStanding
from funnelkit.faces.board.slider import LTV
from funnelkit.faces.channel_pictures import channel_board_pictures
from funnelkit.faces.marketer import marketer_level
from funnelkit.model.levers import Unit
from funnelkit.show.channel_figures import channel_figures
from funnelkit.show.picture import rounded
from tests.faces.board.boards import (
    SEARCH,
    SHAPES,
    Page,
    as_sent,
    client_of,
    marketer_board,
    marketer_page,
    page_of,
    with_channels,
    words_of,
)
from tests.faces.board.test_board import IMPOSSIBLE, MARKUP

CLIENT = {name: client_of(name) for name in ("mealbox", "saldo")}
TOGETHER = ("ctr", "cpc", "lead_rate", "sale_rate")


@pytest.fixture(params=CLIENT)
def client(request: pytest.FixtureRequest) -> Client:
    return CLIENT[request.param]


@pytest.fixture
def page(client: Client) -> Page:
    return marketer_page(client)


def standing_of(page: Page) -> ChannelStanding:
    standing: ChannelStanding = page.board.moves.standing
    return standing


def figures_of(client: Client, standing: ChannelStanding) -> list[str]:
    found = channel_figures(standing.scenario, standing.table, words_of(client))
    return [value for _name, value in found]


def rows_of(client: Client, standing: ChannelStanding) -> dict[str, Any]:
    """Rows of the four pictures, drawn for this plan alone."""
    pictures = channel_board_pictures(
        standing.media, standing.scenario, standing.table, words_of(client)
    )
    return as_sent(
        {
            f"{name}_{dataset}": rounded(rows)
            for name, picture in pictures.items()
            for dataset, rows in picture.datasets.items()
        }
    )


def test_it_opens_with_the_plan(client: Client, page: Page) -> None:
    assert [n for n in page.state["levers"] if n.startswith(AMOUNT)]
    assert {*TOGETHER, LTV, "average_check"} <= set(page.state["levers"])
    assert not any(lever["moved"] for lever in page.state["levers"].values())
    assert page.rows == rows_of(client, standing_of(page))
    assert page.figures == figures_of(client, standing_of(page))
    assert (page.state["undo"], page.state["redo"]) == (False, False)


def test_its_still_twin_shows_the_same(client: Client, page: Page) -> None:
    at = {"client": str(client.path), "scenario": "plan"}
    level = marketer_level(at, language=client.language)
    assert as_sent(rounded(level.still.datasets)) == page.rows
    assert [row[1] for row in level.figures.rows] == page.figures


def test_a_page_is_told_once_what_stays(client: Client, page: Page) -> None:
    panel, owner = as_sent(page.board.panel), as_sent(page_of(client).board.panel)
    assert [s["name"] for p in panel["panels"] for s in p["sliders"]] == list(page.board.sliders)
    assert set(panel) == set(owner)
    assert panel["texts"] == owner["texts"]
    assert panel["pictures"] == ["channels", "payback", "economics", "spend"]
    assert set(panel["pictures"]) <= set(panel["texts"])
    assert [name for name, _text in panel["acts"]] == ["solve"]
    assert [name for name, _text in owner["acts"]] == ["money", "equal", "effort", "cost"]


def test_its_messages_have_the_shape_of_the_owners(client: Client, page: Page) -> None:
    owner = page_of(client)
    assert set(page.state) == set(owner.state)
    for kind, more in (
        ("move", {"lever": "average_check", "position": 3}),
        ("type", {"lever": "average_check", "text": "many"}),
        ("undo", {}),
        ("reset", {}),
        ("pin", {"name": "mine"}),
        ("rest", {"compare": True}),
        ("save", {"name": ""}),
        ("open", {"scenario": "cautious"}),
    ):
        answers = [each.tell(kind, **more) for each in (page, owner)]
        assert set(answers[0]) == set(answers[1])
        assert set(answers[0]["state"]) == set(answers[1]["state"]), kind
    assert set(page.lever("ctr")) == set(owner.lever("win_rate"))
    assert set(page.said) == set(owner.said)
    assert {frozenset(one) for one in page.state["warnings"]} == {
        frozenset(one) for one in owner.state["warnings"]
    }


def test_every_slider_moves_and_is_typed_back(client: Client, page: Page) -> None:
    words = words_of(client)
    for name in page.state["levers"]:
        if name == LTV:
            continue
        slider = page.board._slider(name)
        before, position = page.lever(name), page.lever(name)["position"]
        page.move(name, max(position * 2 // 3, 1))
        value = slider.at(max(position * 2 // 3, 1))
        assert page.board.moves.planned(name) == pytest.approx(value, rel=1e-9)
        assert page.lever(name)["text"] == words.value(value, slider.unit)
        assert page.lever(name)["moved"]
        assert page.rows == rows_of(client, standing_of(page))
        assert page.figures == figures_of(client, standing_of(page))
        page.type(name, before["text"])
        assert not page.said["problem"]
        typed = words.parse(before["text"], slider.unit)
        assert page.board.moves.planned(name) == pytest.approx(typed, rel=1e-9)
        page.tell("reset", lever=name)
        assert page.lever(name) == before
        assert standing_of(page).scenario.target == pytest.approx(client.plan.target, rel=1e-9)


def test_every_slider_goes_to_both_its_ends_and_all_of_them_together(page: Page) -> None:
    first = page.figures
    for end in (0, 10**6, 1):
        for name in page.state["levers"]:
            page.move(name, end)
        page.tell("rest", compare=True)
        page.tell("act", name="solve")
        page.tell("rest", compare=True)
        page.tell("reset")
        assert page.figures == first


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_client_is_too_small_for_it(shape: str, language: str, tmp_path: Path) -> None:
    client = replace(with_channels(tmp_path, SHAPES[shape]), language=language)
    page = marketer_page(client)
    first = page.figures
    for end in (0, 10**6, 1):
        for name in page.state["levers"]:
            page.move(name, end)
            page.tell("rest", compare=True)
        for name in page.state["levers"]:
            page.tell("reset", lever=name)
        assert page.figures == first
        assert not any(lever["moved"] for lever in page.state["levers"].values())
        if page.board.panel["acts"]:
            page.tell("act", name="solve")
        page.tell("reset")
    paid = client.marketing.media.starting("media").any()
    assert bool(page.board.panel["acts"]) is bool(paid)


def test_a_channel_without_anything_stands_still(page: Page) -> None:
    """With every channel at 0 there is no CTR, no CAC, and nothing to move in proportion."""
    words = words_of(page.board._client)
    for name in page.state["levers"]:
        if name.startswith(AMOUNT):
            page.move(name, 0)
    assert page.lever("ctr")["text"] == words.missing
    page.type("ctr", words.value(0.01, Unit.SHARE))
    assert page.said["problem"]
    assert page.said["lever"] == "ctr"
    page.tell("rest", compare=True)
    assert page.state["warnings"]
    page.tell("act", name="solve")
    assert page.said["sentence"]


# ---- all channels together


def test_what_all_channels_together_cannot_come_to_is_said(client: Client, page: Page) -> None:
    words, before = words_of(client), (page.figures, page.rows, page.lever("lead_rate"))
    page.type("lead_rate", words.value(0.0, Unit.SHARE))
    assert page.said["problem"]
    assert page.said["lever"] == "lead_rate"
    assert words.value(0.0, Unit.SHARE) in page.said["sentence"]
    assert (page.figures, page.rows, page.lever("lead_rate")) == before
    assert not page.state["undo"]


def test_a_number_that_stops_before_its_value_is_said(tmp_path: Path) -> None:
    sure = SEARCH.replace("Search", "Fair").replace("10%", "{now: 10%, best: 100%}")
    client = with_channels(tmp_path, sure + SEARCH)
    page = marketer_page(client)
    page.move("lead_rate", page.lever("lead_rate")["last"])
    assert page.said["sentence"] == ""
    page.tell("reset")
    page.type("sale_rate", "40%")
    assert page.said["sentence"] == ""


@pytest.mark.parametrize("lever", ["sale_rate", f"{AMOUNT}0"])
def test_what_cannot_be_is_refused_as_it_was_typed(lever: str) -> None:
    page = marketer_page(CLIENT["mealbox"])
    before = (page.figures, page.lever(lever), page.rows)
    for text in [one for one in (*IMPOSSIBLE, *MARKUP) if one != "200 %"]:
        page.type(lever, text)
        assert page.said["problem"]
        assert page.said["lever"] == lever
        assert text in page.said["sentence"]
        assert (page.figures, page.lever(lever), page.rows) == before


def test_the_landing_page_and_the_owners_lead_rate_are_one_number(
    client: Client, page: Page
) -> None:
    words = words_of(client)
    for text in (words.value(0.03, Unit.SHARE), words.value(0.04, Unit.SHARE)):
        page.type("lead_rate", text)
        scenario = standing_of(page).scenario
        assert scenario.planned("lead_rate") == pytest.approx(words.parse(text, Unit.SHARE))
        owner = page_of(client, scenario)
        assert owner.lever("lead_rate")["text"] == page.lever("lead_rate")["text"] == text


def test_check_and_ltv_are_the_owners(client: Client, page: Page) -> None:
    owner = page_of(client)
    for name in ("average_check", LTV):
        assert page.lever(name) == owner.lever(name)
        assert page.board.sliders[name] == owner.board.sliders[name]
        position = page.lever(name)["position"] + 2
        for each in (page, owner):
            each.move(name, position)
        assert page.lever(name) == owner.lever(name)
        assert page.said == owner.said
        ours, theirs = (each.board.moves.scenario for each in (page, owner))
        assert ours.target == pytest.approx(theirs.target)
        assert float(ours.at_goal()) == pytest.approx(float(theirs.at_goal()))


# ---- what B needs


def test_budgets_for_b_are_planned_said_and_undone(client: Client, page: Page) -> None:
    before, goal = (page.figures, page.rows), client.plan.goal
    page.tell("act", name="solve")
    reached = float(standing_of(page).scenario.at_goal())
    assert reached == pytest.approx(goal.b, rel=1e-9)
    assert not page.said["problem"]
    paid = standing_of(page).media.starting("media")
    spent = float(standing_of(page).media.plan.amount[paid].sum())
    assert words_of(client).money(spent) in page.said["sentence"]
    assert page.rows == rows_of(client, standing_of(page))
    assert page.figures[-1] == words_of(client).money(goal.b)
    page.tell("undo")
    assert (page.figures, page.rows) == before


def test_budgets_for_b_beyond_their_limits_are_a_problem_that_is_said(tmp_path: Path) -> None:
    client = with_channels(tmp_path, SEARCH.replace("plan: 200", "plan: 150, best: 160"))
    page = marketer_page(client)
    page.tell("act", name="solve")
    assert page.said["problem"]
    assert "limits" in page.said["sentence"]
    assert standing_of(page).media.plan.amount.tolist() == [160.0]


def test_a_button_that_nobody_offers_does_nothing(page: Page) -> None:
    page.board._heard({"kind": "act", "name": "dance", "number": "1"})
    assert page.heard == []


# ---- scenarios


def test_plan_now_and_variants_open_with_their_channels(client: Client, page: Page) -> None:
    page.move("ctr", 7)
    before = page.figures
    for name in ("now", "plan", *client.variants):
        page.tell("open", scenario=name)
        media = client.media(client.scenario(name))
        found = standing_of(page)
        assert found.scenario == client.scenario(name)
        assert np.array_equal(found.media.plan.amount, media.plan.amount)
        assert page.rows == rows_of(client, found)
        assert page.figures == figures_of(client, found)
        page.tell("undo")
        assert page.figures == before


def test_the_board_of_a_scenario_begins_there() -> None:
    client = CLIENT["mealbox"]
    there = client.scenario("search_first")
    page = marketer_page(client, there)
    assert page.lever(f"{AMOUNT}0")["text"] == "$13,000"
    page.move("cpc", 9)
    page.tell("reset")
    assert standing_of(page).scenario == there


def test_a_scenario_that_is_not_there_is_refused(page: Page) -> None:
    before = page.figures
    page.tell("open", scenario="<b>nobody's</b>")
    assert page.said["problem"]
    assert "<b>nobody's</b>" in page.said["sentence"]
    assert page.figures == before


TELLINGS = st.lists(
    st.tuples(st.sampled_from([*TOGETHER, LTV, f"{AMOUNT}0", f"{AMOUNT}5"]), st.integers(0, 250))
    | st.sampled_from(["undo", "redo", "reset", "rest", "compare", "pin", "open", "solve"]),
    max_size=8,
)
TOLD = {
    "rest": {"kind": "rest", "compare": False},
    "compare": {"kind": "rest", "compare": True},
    "pin": {"kind": "pin", "name": ""},
    "open": {"kind": "open", "scenario": "search_first"},
    "solve": {"kind": "act", "name": "solve"},
}


@given(TELLINGS)
@settings(max_examples=12)  # each makes a board
def test_a_page_opened_later_shows_what_a_page_that_followed_shows(tellings: list) -> None:
    page = marketer_page(CLIENT["mealbox"])
    for telling in tellings:
        match telling:
            case (name, position):
                page.move(name, position)
            case _:
                page.tell(**TOLD.get(telling, {"kind": telling}))
        assert page.state == as_sent(page.board.state)
        assert page.rows == as_sent(page.board.spec["datasets"])
    assert page.rows == rows_of(CLIENT["mealbox"], standing_of(page))


def test_a_move_sends_little(page: Page) -> None:
    whole = len(str(page.rows)) + len(str(page.state))
    answer = page.move("cpc", page.lever("cpc")["position"] - 1)
    assert len(str(answer)) < whole / 2
    assert not {"pins", "scenarios", "warnings", "comparison"} & set(answer["state"])


def test_a_board_says_its_pictures_to_who_cannot_see_them(client: Client) -> None:
    board = marketer_board(client)
    standing = board.moves.standing
    pictures = channel_board_pictures(
        standing.media, standing.scenario, standing.table, words_of(client)
    )
    assert all(p.description in board.spec["description"] for p in pictures.values())
