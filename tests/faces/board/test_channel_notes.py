"""What a workshop keeps of the marketer's board: scenarios with their channels."""

import stat
from pathlib import Path

import numpy as np
import pytest

from funnelkit.client.client import Client
from funnelkit.client.read import read_client
from funnelkit.faces.board.channel_moves import AMOUNT
from funnelkit.faces.board.slider import LTV
from funnelkit.plan.media import Media
from funnelkit.show.book_labels import BOOKS
from tests.faces.board.boards import (
    SEARCH,
    SOCIAL,
    Page,
    copied,
    marketer_page,
    page_of,
    with_channels,
    words_of,
)
from tests.faces.board.test_notes import NAMES, columns, pasted, replaced, save


@pytest.fixture
def mealbox(tmp_path: Path) -> Client:
    return copied("mealbox", tmp_path)


@pytest.fixture
def page(mealbox: Client) -> Page:
    return marketer_page(mealbox)


def media_of(page: Page) -> Media:
    media: Media = page.board.moves.standing.media
    return media


def same(one: Media, other: Media) -> bool:
    """Whether both plan the same of each channel, to the last digit."""
    pairs = [(one.plan.amount, other.plan.amount), (one.plan.price, other.plan.price)]
    pairs += [(one.plan.rates[name], other.plan.rates[name]) for name in one.plan.rates]
    return all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)


def everything_moved(page: Page) -> None:
    for lever in page.state["levers"]:
        page.move(lever, page.lever(lever)["position"] * 4 // 5 + 1)


def holds(file: Path, name: str, page: Page) -> bool:
    """Whether a file has a scenario with the channels and levers that the sliders show."""
    client = read_client(file)
    scenario = client.scenario(name)
    return scenario == page.board.moves.scenario and same(client.media(scenario), media_of(page))


# ---- pins and comparison


def test_a_pin_opens_with_its_channels(page: Page) -> None:
    everything_moved(page)
    pinned, figures, rows = page.board.moves.standing, page.figures, page.rows
    page.tell("pin", name="mine")
    page.tell("reset")
    assert page.figures != figures
    page.tell("open", pin="mine")
    assert page.board.moves.standing.key == pinned.key
    assert (page.figures, page.rows) == (figures, rows)


def test_the_comparison_has_the_channels_with_differences_marked(page: Page) -> None:
    page.type(f"{AMOUNT}0", "12000")
    page.tell("pin", name="more search")
    page.type(f"{AMOUNT}0", "6000")
    page.tell("rest", compare=True)
    names, rows = columns(page.state["comparison"])
    assert names[1:] == ["Plan", "more search", "Sliders"]
    assert [text for text, _mark in rows["Search ads"]] == ["$8,000", "▲ $12,000", "▼ $6,000"]
    assert "Social ads" not in rows  # nobody plans it otherwise
    media = [text for text, _mark in rows[BOOKS["media"].label]]
    assert [text[0] for text in media] == ["$", "▲", "▼"]
    assert "bad" in rows[BOOKS["media"].label][1][1]


@pytest.mark.parametrize("name", NAMES)
def test_a_pins_name_is_no_markup(name: str, page: Page) -> None:
    page.tell("pin", name=name)
    page.tell("rest", compare=True)
    html = page.state["comparison"]
    assert "<script" not in html
    assert "<img" not in html
    names, _rows = columns(html)
    assert names[2] == name


# ---- saving


@pytest.mark.parametrize("name", ["mealbox", "saldo"])
def test_channels_and_levers_are_saved_to_the_last_digit(name: str, tmp_path: Path) -> None:
    client = copied(name, tmp_path)
    before = client.path.read_text("utf-8")
    page = marketer_page(client)
    everything_moved(page)
    said = save(page, " Смело ")
    assert not said["problem"]
    assert str(client.path) in said["sentence"]
    assert holds(client.path, "Смело", page)
    saved = read_client(client.path)
    assert saved.plan == client.plan
    assert client.path.read_text("utf-8").startswith(before)
    again = marketer_page(saved, saved.scenario("Смело"))
    assert (again.figures, again.rows) == (page.figures, page.rows)
    assert ["Смело", "Смело"] in page.state["scenarios"]


def test_where_only_levers_moved_no_channels_are_written(page: Page, mealbox: Client) -> None:
    page.type("average_check", "55")
    save(page, "dearer")
    added = mealbox.path.read_text("utf-8").split("dearer")[1]
    assert "channels" not in added
    assert holds(mealbox.path, "dearer", page)
    assert read_client(mealbox.path).variants["dearer"] == {"average_check": 55.0}


def test_only_what_is_planned_otherwise_is_written(page: Page, mealbox: Client) -> None:
    page.type(f"{AMOUNT}0", "12000")
    save(page, "mine")
    added = mealbox.path.read_text("utf-8").split("mine")[1]
    assert "budget: 12000" in added
    assert not [other for other in ("price", "Social", "levers: {a") if other in added]
    assert "visitors" not in added


def test_the_plan_as_it_is_can_be_saved(page: Page, mealbox: Client) -> None:
    assert not save(page, "mine")["problem"]
    assert holds(mealbox.path, "mine", page)


def test_a_saved_scenario_opens_with_its_channels_on_the_same_board(
    page: Page, mealbox: Client
) -> None:
    everything_moved(page)
    save(page, "mine")
    standing, figures = page.board.moves.standing, page.figures
    page.tell("reset")
    page.tell("open", scenario="mine")
    assert page.board.moves.scenario == standing.scenario
    assert same(media_of(page), standing.media)
    assert page.figures == figures
    page.type(f"{AMOUNT}0", "5000")
    assert not save(page, "mine")["problem"]
    assert holds(mealbox.path, "mine", page)


@pytest.mark.parametrize("name", ["cautious", "search_first"])
def test_a_scenario_of_the_file_is_saved_anew_and_keeps_its_title(
    name: str, page: Page, mealbox: Client
) -> None:
    """The one has levers alone, the other channels."""
    title = mealbox.titles[name]
    page.tell("open", scenario=name)
    page.type(f"{AMOUNT}2", "9000")
    page.type("average_check", "55")
    assert not save(page, name)["problem"]
    assert holds(mealbox.path, name, page)
    saved = read_client(mealbox.path)
    assert saved.titles[name] == title
    other = {"cautious": "search_first", "search_first": "cautious"}[name]
    assert saved.variants[other] == mealbox.variants[other]
    page.tell("reset")
    page.type("average_check", "55")
    assert not save(page, name)["problem"]  # and without its channels again
    assert holds(mealbox.path, name, page)


def test_from_the_owners_board_a_scenario_with_channels_is_replaced(mealbox: Client) -> None:
    page = page_of(mealbox)
    page.tell("open", scenario="search_first")
    page.type("win_rate", "30%")
    assert not save(page, "search_first")["problem"]
    saved = read_client(mealbox.path)
    assert saved.scenario("search_first") == page.board.moves.scenario
    assert saved.titles["search_first"] == "Search first"
    assert "search_first" not in saved.marketing.variants
    # Its channels now follow the levers in proportion.
    total = saved.media(saved.scenario("search_first")).planned(saved.plan).total
    assert float(total.clicks) == pytest.approx(page.board.moves.scenario.planned("visitors"))


def test_two_boards_of_one_client_lose_nothing(mealbox: Client) -> None:
    owner, marketer = page_of(mealbox), marketer_page(mealbox)
    owner.type("win_rate", "30%")
    marketer.type(f"{AMOUNT}0", "12000")
    assert not save(owner, "one")["problem"]
    assert not save(marketer, "two")["problem"]
    said = save(marketer, "one")
    assert said["problem"]
    assert said["name"] not in ("", "one", "two")
    assert not save(marketer, said["name"])["problem"]
    assert holds(mealbox.path, said["name"], marketer)
    assert read_client(mealbox.path).variants["one"] == {"win_rate": 0.3}


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_may_have_any_name_in_one_line(name: str, page: Page, mealbox: Client) -> None:
    page.type(f"{AMOUNT}0", "12000")
    said = save(page, name)
    assert not said["problem"]
    assert name in said["sentence"]
    assert holds(mealbox.path, name, page)


STRANGE = [
    "a: b",
    "# no comment",
    "- item",
    "{x}",
    "[y]",
    "'single'",
    '"double"',
    "yes",
    "12:30",
    "*star",
    "&and",
    "!tag",
    "a, b",
    "null",
    "~",
    "1e3",
    "Смело: {да}",
    "it's 100%",
]


@pytest.mark.parametrize("name", STRANGE)
def test_a_channel_may_have_any_name(name: str, tmp_path: Path) -> None:
    quoted = "'" + name.replace("'", "''") + "'"
    client = with_channels(tmp_path, SEARCH.replace("Search", quoted) + SOCIAL)
    before = client.path.read_text("utf-8")
    assert client.marketing.media.market.names == (name, "Social")
    page = marketer_page(client)
    page.type(f"{AMOUNT}0", "250")
    page.move("ctr", 3)
    for scenario in ("mine", name):
        assert not save(page, scenario)["problem"]
        assert holds(client.path, scenario, page)
    assert client.path.read_text("utf-8").startswith(before)


@pytest.mark.parametrize("name", ["", "  ", "plan", "now", "x" * 61, "a\nb", "a\x00b"])
def test_a_name_that_cannot_be_is_refused_and_the_sliders_stay(
    name: str, page: Page, mealbox: Client
) -> None:
    before = mealbox.path.read_bytes()
    page.type(f"{AMOUNT}0", "12000")
    figures = page.figures
    said = save(page, name)
    assert said["problem"]
    assert said["sentence"]
    assert (said["copy"], said["name"]) == ("", "")
    assert mealbox.path.read_bytes() == before
    assert page.figures == figures


def test_a_read_only_file_gives_text_that_says_the_same(page: Page, mealbox: Client) -> None:
    for lever in (LTV, "ctr", "sale_rate", f"{AMOUNT}0", f"{AMOUNT}5"):
        page.move(lever, page.lever(lever)["position"] * 4 // 5 + 1)
    before = mealbox.path.read_bytes()
    mealbox.path.chmod(0o444)
    try:
        said = save(page, 'mine: "bold"')
    finally:
        mealbox.path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert said["problem"]
    assert mealbox.path.read_bytes() == before
    pasted(mealbox.path, said["copy"])
    assert holds(mealbox.path, 'mine: "bold"', page)


# ---- the file changed meanwhile


def test_an_edited_channel_is_said_and_nothing_is_written(page: Page, mealbox: Client) -> None:
    page.type(f"{AMOUNT}0", "12000")
    replaced(mealbox, "plan: 8_000, best: 16_000", "plan: 9_000, best: 16_000")
    before = mealbox.path.read_bytes()
    said = save(page, "mine")
    assert said["problem"]
    assert said["name"] not in ("", "mine", *mealbox.variants)
    assert "mine" in said["copy"]
    assert mealbox.path.read_bytes() == before


def test_saved_under_the_offered_name_it_plans_on_the_edited_file_what_the_sliders_show(
    page: Page, mealbox: Client
) -> None:
    page.type(f"{AMOUNT}0", "12000")
    page.type("average_check", "55")
    replaced(mealbox, "plan: 9_000, best: 14_000", "plan: 9_500, best: 14_000")
    replaced(mealbox, "plan: 41%", "plan: 40%")
    shown, media = page.board.moves.scenario.target, media_of(page)
    offered = save(page, "mine")["name"]
    assert not save(page, offered)["problem"]
    saved = read_client(mealbox.path)
    assert saved.scenario(offered).target == pytest.approx(shown)
    assert same(saved.media(saved.scenario(offered)), media)
    assert saved.marketing.media.plan.amount[1] == 9_500  # the edit stays
    assert "visitors" not in mealbox.path.read_text("utf-8").split(offered)[1]
    assert media_of(page) is media  # and so do the sliders
    page.tell("open", scenario="search_first")
    assert page.said["problem"]


def test_a_channel_that_was_renamed_meanwhile_is_not_written_over(
    page: Page, mealbox: Client
) -> None:
    page.type(f"{AMOUNT}0", "12000")
    text = mealbox.path.read_text("utf-8")
    mealbox.path.write_text(text.replace("Newsletter", "Letters"), "utf-8")
    before = mealbox.path.read_bytes()
    said = save(page, "mine")
    assert said["problem"]
    assert said["name"]
    assert mealbox.path.read_bytes() == before
    assert not save(page, said["name"])["problem"]
    saved = read_client(mealbox.path)
    # Whose channels they are is not known any more: what they sum up to is saved.
    shown = page.board.moves.scenario
    for lever in ("visitors", "lead_rate"):
        assert saved.scenario(said["name"]).planned(lever) == pytest.approx(shown.planned(lever))


def test_channels_that_went_meanwhile_leave_what_they_summed_up_to(tmp_path: Path) -> None:
    client = with_channels(tmp_path, SEARCH + SOCIAL)
    page = marketer_page(client)
    page.type(f"{AMOUNT}0", "250")
    levers = "  visitors: 500\n  lead_rate: 10%\n"
    text = client.path.read_text("utf-8").split("marketing:")[0]
    client.path.write_text(text + levers, "utf-8")
    said = save(page, "mine")
    assert said["problem"]
    assert not save(page, said["name"])["problem"]
    saved = read_client(client.path).scenario(said["name"])
    for lever in ("visitors", "lead_rate"):
        assert saved.planned(lever) == pytest.approx(page.board.moves.scenario.planned(lever))


def test_what_is_not_the_models_business_may_be_edited_meanwhile(
    page: Page, mealbox: Client
) -> None:
    replaced(mealbox, "title: Mealbox", "title: Mealbox Ltd.  # renamed")
    page.type(f"{AMOUNT}0", "12000")
    assert not save(page, "mine")["problem"]
    assert holds(mealbox.path, "mine", page)


def test_decisions_are_written_as_from_the_owners_board(page: Page, mealbox: Client) -> None:
    page.tell("decide", what="Stop display ads", who="Lily Chan", by=1, money="$1,000")
    assert not page.said["problem"]
    (decision,) = read_client(mealbox.path).decisions
    assert (decision.what, decision.money) == ("Stop display ads", 1000.0)
    page.type(f"{AMOUNT}0", "12000")
    assert not save(page, "mine")["problem"]


def test_words_of_notes_are_the_readers(tmp_path: Path) -> None:
    client = copied("saldo", tmp_path)
    page = marketer_page(client)
    page.tell("pin", name="")
    page.tell("rest", compare=True)
    names, rows = columns(page.state["comparison"])
    words = words_of(client)
    assert names[1:] == [words("Plan"), words("Variant {number}", number=1), words("Sliders")]
    assert words(BOOKS["media"].label) in rows
