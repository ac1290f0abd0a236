"""What speaks against the channels as the sliders stand, and what begins to when they move."""

from dataclasses import replace
from pathlib import Path

import pytest

from funnelkit.client.client import Client
from funnelkit.faces.board.channel_moves import AMOUNT, ChannelMoves
from funnelkit.faces.board.channel_warnings import channel_warnings
from funnelkit.faces.board.warnings import Warned, warnings_of
from tests.faces.board.boards import (
    LACKING,
    SEARCH,
    client_of,
    marketer_page,
    with_channels,
    words_of,
)

CLIENT = {name: client_of(name) for name in ("mealbox", "saldo")}
both = pytest.mark.parametrize("client", CLIENT.values(), ids=CLIENT)


def moves_of(client: Client) -> ChannelMoves:
    return ChannelMoves(client, client.plan, client.media(client.plan))


def warned(client: Client, moves: ChannelMoves, before: tuple[Warned, ...] = ()) -> list[Warned]:
    return list(channel_warnings(client, moves.standing, words_of(client), before))


@both
def test_what_the_owners_board_says_is_said_here_too(client: Client) -> None:
    moves = moves_of(client)
    for name, times in (("ctr", 1.0), ("sale_rate", 0.6), (f"{AMOUNT}0", 0.2)):
        moves.move(name, times * moves.planned(name))
        owner = warnings_of(client, moves.scenario, words_of(client))
        found = {one.key: one for one in warned(client, moves)}
        for one in owner:
            assert replace(found[one.key], begun=False) == replace(one, begun=False)


@both
def test_too_few_leads_are_said_and_end_with_budgets_for_b(client: Client) -> None:
    page = marketer_page(client)
    page.move(f"{AMOUNT}0", 1)
    page.tell("rest", compare=False)
    (short,) = [one for one in page.state["warnings"] if one["key"] == "leads_short"]
    words, moves = words_of(client), page.board.moves
    assert short["failed"]
    assert words.count(float(moves.standing.table.total.leads)) in short["sentence"]
    page.tell("act", name="solve")
    page.tell("rest", compare=False)
    assert "leads_short" not in {one["key"] for one in page.state["warnings"]}


@both
def test_a_budget_beyond_its_history_is_said_as_long_as_it_is(client: Client) -> None:
    page = marketer_page(client)
    media = client.media(client.plan)
    name = media.market.names[0]
    at_first = page.state["warnings"]
    page.move(f"{AMOUNT}0", page.lever(f"{AMOUNT}0")["last"])
    page.tell("rest", compare=False)
    keys = {one["key"] for one in page.state["warnings"]}
    assert f"beyond_history {name}" in keys
    page.type(f"{AMOUNT}0", "3000")
    page.tell("rest", compare=False)
    assert f"beyond_history {name}" not in {one["key"] for one in page.state["warnings"]}
    page.tell("reset")
    page.tell("rest", compare=False)
    assert page.state["warnings"] == at_first


@both
def test_what_begins_is_marked_and_stands_first(client: Client) -> None:
    moves = moves_of(client)
    before = tuple(warned(client, moves))
    moves.move("sale_rate", 0.3 * moves.planned("sale_rate"))
    moves.move("average_check", 0.1 * client.plan.planned("average_check"))
    after = warned(client, moves, before)
    known = {one.key for one in before}
    assert {one.key for one in after if one.begun} == {one.key for one in after} - known
    assert any(one.begun for one in after)
    assert [one.begun for one in after] == sorted((one.begun for one in after), reverse=True)
    for begun in (True, False):
        failed = [one.failed for one in after if one.begun is begun]
        assert failed == sorted(failed, reverse=True)


@both
def test_each_warning_has_a_key_and_a_sentence_of_its_own(client: Client) -> None:
    moves = moves_of(client)
    for place, _start in enumerate(client.media(client.plan).starts):
        moves.move(f"{AMOUNT}{place}", 2.0 * moves.planned(f"{AMOUNT}{place}"))
        found = warned(client, moves)
        keys = [one.key for one in found]
        assert len(keys) == len(set(keys))
        assert all(one.sentence for one in found)


def test_a_channel_that_is_left_out_fails(tmp_path: Path) -> None:
    client = with_channels(tmp_path, SEARCH + LACKING)
    found = {one.key: one for one in warned(client, moves_of(client))}
    assert found["channel_left_out Unknown"].failed
    assert "Unknown" in found["channel_left_out Unknown"].sentence


def test_a_channels_name_is_told_as_text(tmp_path: Path) -> None:
    bad = "<script>alert(1)</script>"
    client = with_channels(tmp_path, SEARCH + LACKING.replace("Unknown", f'"{bad}"'))
    (one,) = [o for o in warned(client, moves_of(client)) if o.key.startswith("channel_left_out")]
    assert bad in one.sentence  # the page shows it as text
