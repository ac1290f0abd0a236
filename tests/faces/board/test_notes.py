"""Pinned, opened and saved scenarios, and decisions: what a workshop keeps."""

import re
import stat
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from funnelkit.client.client import Client, Decision
from funnelkit.client.read import read_client
from funnelkit.faces.board.notes import MOST_PINS, Notes
from funnelkit.faces.board.slider import LTV
from funnelkit.plan.scenario import Scenario
from tests.client.files import SMALL, write
from tests.faces.board.boards import DEMOS, Page, client_of, copied, page_of, words_of

MARKUP = "<script>alert(1)</script>"
NAMES = [
    MARKUP,
    '"><img src=x onerror=alert(1)>',
    "# & : {}",
    "a/b/../../etc",
    'said "yes"',
    "it's",
    "🚀 ×3",
    "Смело",
    "yes",
    "{name}",
]


@pytest.fixture
def mealbox(tmp_path: Path) -> Client:
    return copied("mealbox", tmp_path)


@pytest.fixture
def page(mealbox: Client) -> Page:
    return page_of(mealbox)


def notes_of(name: str = "mealbox") -> Notes:
    client = client_of(name)
    return Notes(client, words_of(client))


def plans(client: Client, count: int) -> list[Scenario]:
    return [client.plan.with_plan(win_rate=0.2 + 0.01 * number) for number in range(count)]


def save(page: Page, name: str) -> dict:
    page.tell("save", name=name)
    return page.said


def pasted(file: Path, lines: str) -> None:
    """What a person does with the text that could not be written: paste it into the file."""
    text = file.read_text("utf-8")
    if "\nscenarios:" in text:
        lines = lines.removeprefix("scenarios:\n")
    file.write_text(f"{text}{lines}\n", "utf-8")


def replaced(client: Client, old: str, new: str) -> None:
    """What another hand does to the file meanwhile."""
    text = client.path.read_text("utf-8")
    assert text.count(old) == 1
    client.path.write_text(text.replace(old, new), "utf-8")


def columns(html: str) -> tuple[list[str], dict[str, list[tuple[str, str]]]]:
    """Head and rows of a comparison, each cell as its text and its mark."""
    table = re.search(r"<table.*</table>", html, re.DOTALL)
    assert table
    head, *rows = ElementTree.fromstring(table[0]).iter("tr")
    names = ["".join(cell.itertext()).strip() for cell in head]
    told = {}
    for row in rows:
        name, *cells = row
        told["".join(name.itertext()).strip()] = [
            ("".join(cell.itertext()).strip(), cell.get("class") or "") for cell in cells
        ]
    return names, told


# ---- pins and comparison


def test_three_plans_are_pinned_and_a_fourth_is_refused() -> None:
    notes, client = notes_of(), client_of("mealbox")
    first, *others, fourth = plans(client, MOST_PINS + 1)
    for number, plan in enumerate((first, *others)):
        assert not notes.pin(f"plan {number}", plan).problem
    assert notes.pin("one more", fourth).problem
    assert list(notes.pins.values()) == [first, *others]
    notes.unpin("plan 0")
    assert not notes.pin("one more", fourth).problem
    assert list(notes.pins) == ["plan 1", "plan 2", "one more"]


def test_a_plan_is_pinned_anew_under_its_name_though_no_place_is_free() -> None:
    notes, (one, two, three, four) = notes_of(), plans(client_of("mealbox"), 4)
    for name, plan in (("a", one), ("b", two), ("c", three)):
        notes.pin(name, plan)
    assert not notes.pin(" b ", four).problem
    assert notes.pins == {"a": one, "b": four, "c": three}


def test_a_pin_without_a_name_gets_one_of_its_own() -> None:
    notes = notes_of()
    for plan in plans(client_of("mealbox"), 2):
        notes.pin("", plan)
    notes.unpin(next(iter(notes.pins)))
    notes.pin(" \n ", client_of("mealbox").plan)
    assert len(notes.pins) == 2
    assert all(name.strip() for name in notes.pins)


def test_a_name_of_several_lines_or_of_any_length_is_one_short_line() -> None:
    notes = notes_of()
    notes.pin(" a\n  b\t", client_of("mealbox").plan)
    notes.pin("ж" * 500, client_of("mealbox").plan)
    assert list(notes.pins) == ["a b", "ж" * 60]


def test_who_unpins_what_is_not_pinned_loses_nothing() -> None:
    notes = notes_of()
    notes.pin("a", client_of("mealbox").plan)
    notes.unpin("b")
    assert list(notes.pins) == ["a"]


def test_a_pin_opens_as_it_was_pinned(page: Page) -> None:
    page.move(LTV, page.lever(LTV)["position"] + 5)
    pinned, figures = page.board.moves.scenario, page.figures
    page.tell("pin", name="mine")
    assert page.state["pins"] == ["mine"]
    page.move("win_rate", 3)
    page.tell("open", pin="mine")
    assert page.board.moves.scenario.target == pinned.target
    assert page.figures == figures
    page.tell("unpin", name="mine")
    assert page.state["pins"] == []


@pytest.mark.parametrize("name", ["plan", "now", "cautious"])
def test_a_pin_never_hides_a_scenario_of_the_file(name: str, page: Page, mealbox: Client) -> None:
    page.move("win_rate", 3)
    page.tell("pin", name=name)
    page.tell("open", scenario=name)
    assert page.board.moves.scenario.target == pytest.approx(mealbox.scenario(name).target)


def test_the_comparison_has_plan_pins_and_sliders_with_differences_marked(page: Page) -> None:
    page.type("win_rate", "38%")
    page.tell("pin", name="less")
    page.type("win_rate", "44%")
    page.tell("rest", compare=True)
    names, rows = columns(page.state["comparison"])
    assert names[1:] == ["Plan", "less", "Sliders"]
    (plan, less, sliders) = rows["Won deals"]
    assert [cell[0] for cell in (plan, less, sliders)] == ["41%", "▼ 38%", "▲ 44%"]
    assert "bad" in less[1]
    assert "good" in sliders[1]
    assert not {"bad", "good"} & set(plan[1].split())
    assert [cell[0][0] for cell in rows["Revenue"]] == ["$", "▼", "▲"]
    assert "Visitors" not in rows  # nobody plans them otherwise


def test_the_comparison_is_told_only_to_who_looks_at_it(page: Page) -> None:
    page.tell("rest", compare=False)
    assert page.state["comparison"] == ""
    page.tell("rest", compare=True)
    assert "<table" in page.state["comparison"]


@pytest.mark.parametrize("name", NAMES)
def test_a_pins_name_is_no_markup(name: str, page: Page) -> None:
    page.tell("pin", name=name)
    assert page.state["pins"] == [name]
    assert name in page.said["sentence"]
    page.tell("rest", compare=True)
    html = page.state["comparison"]
    assert "<script" not in html
    assert "<img" not in html
    names, _rows = columns(html)
    assert names[2] == name


# ---- saving


@pytest.mark.parametrize("name", DEMOS)
def test_where_the_sliders_stand_is_saved_to_the_last_digit(name: str, tmp_path: Path) -> None:
    client = copied(name, tmp_path)
    page = page_of(client)
    for lever in (LTV, "purchase_rate", "average_check", "win_rate"):
        page.move(lever, page.lever(lever)["position"] * 2 // 3 + 1)
    said = save(page, " Смело ")
    assert not said["problem"]
    assert "Смело" in said["sentence"]
    assert str(client.path) in said["sentence"]
    saved = read_client(client.path)
    assert saved.scenario("Смело") == page.board.moves.scenario
    assert saved.plan == client.plan
    assert page_of(saved, saved.scenario("Смело")).figures == page.figures
    assert ["Смело", "Смело"] in page.state["scenarios"]


def test_a_saved_scenario_is_saved_again_under_its_name(page: Page, mealbox: Client) -> None:
    for position in (10, 20):
        page.move("win_rate", position)
        assert not save(page, "mine")["problem"]
        saved = read_client(mealbox.path)
        assert saved.scenario("mine") == page.board.moves.scenario
    assert list(saved.variants) == [*mealbox.variants, "mine"]
    page.move("win_rate", 3)
    page.tell("open", scenario="mine")
    assert page.board.moves.scenario == saved.scenario("mine")


def test_a_saved_scenario_opens_on_another_board_and_goes_on(tmp_path: Path) -> None:
    client = copied("saldo", tmp_path)
    page = page_of(client)
    page.move(LTV, page.lever(LTV)["position"] + 7)
    save(page, "mine")
    client = read_client(client.path)
    again = page_of(client, client.scenario("mine"))
    assert again.board.moves.levers() == client.variants["mine"]
    again.move("repeat_check", 3)
    save(again, "mine")
    assert read_client(client.path).scenario("mine") == again.board.moves.scenario
    again.tell("reset")
    assert again.board.moves.scenario == client.scenario("mine")


def test_a_board_that_began_with_other_levers_saves_them_too(tmp_path: Path) -> None:
    client = copied("saldo", tmp_path)
    page = page_of(client, client.scenario("cautious", {"win_rate": 0.3, "purchase_rate": 1.25}))
    page.move("visitors", 7)
    assert not save(page, "mine")["problem"]
    assert read_client(client.path).scenario("mine") == page.board.moves.scenario
    assert read_client(client.path).scenario("mine").planned("purchase_rate") == pytest.approx(1.25)


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_may_have_any_name_in_one_line(name: str, page: Page, mealbox: Client) -> None:
    page.move("win_rate", 3)
    said = save(page, name)
    assert not said["problem"]
    assert name in said["sentence"]
    assert read_client(mealbox.path).scenario(name) == page.board.moves.scenario
    assert sorted(p.name for p in mealbox.path.parent.iterdir()) == ["client.yaml"]


@pytest.mark.parametrize("name", ["", "  ", "plan", "now", "x" * 61, "a\nb", "a\x00b"])
def test_a_name_that_cannot_be_is_refused_and_the_sliders_stay(
    name: str, page: Page, mealbox: Client
) -> None:
    before = mealbox.path.read_bytes()
    page.move("win_rate", 3)
    figures = page.figures
    said = save(page, name)
    assert said["problem"]
    assert said["sentence"]
    assert (said["copy"], said["name"]) == ("", "")  # another name is all it takes
    assert mealbox.path.read_bytes() == before
    assert page.figures == figures


@pytest.mark.parametrize("name", ["mealbox", "saldo", "dom"])
def test_a_read_only_file_gives_text_that_says_the_same(name: str, tmp_path: Path) -> None:
    client = copied(name, tmp_path)
    page = page_of(client)
    for lever in (LTV, "win_rate", "average_check"):
        page.move(lever, page.lever(lever)["position"] * 2 // 3 + 1)
    before = client.path.read_bytes()
    client.path.chmod(0o444)
    try:
        said = save(page, 'mine: "bold"')
    finally:
        client.path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert said["problem"]
    assert client.path.read_bytes() == before
    pasted(client.path, said["copy"])
    assert read_client(client.path).scenario('mine: "bold"') == page.board.moves.scenario


def test_a_file_that_can_be_written_to_again_takes_the_scenario(
    page: Page, mealbox: Client
) -> None:
    page.move("win_rate", 3)
    mealbox.path.chmod(0o444)
    assert save(page, "mine")["problem"]
    mealbox.path.chmod(0o644)
    assert not save(page, "mine")["problem"]
    assert page.said["copy"] == ""
    assert read_client(mealbox.path).scenario("mine") == page.board.moves.scenario


def test_a_file_that_was_edited_is_left_alone_and_what_differs_is_said(
    page: Page, mealbox: Client
) -> None:
    page.move("win_rate", 3)
    replaced(mealbox, "best: 45%", "best: 46%")
    replaced(mealbox, "plan: 45_000, best: 80_000", "plan: 46_000, best: 80_000")
    before = mealbox.path.read_bytes()
    said = save(page, "mine")
    assert said["problem"]
    assert "levers.win_rate.best: 45% → 46%" in said["sentence"].splitlines()
    assert "levers.audience.plan: 45,000 → 46,000" in said["sentence"].splitlines()
    assert said["name"]
    assert said["name"] not in ("mine", *mealbox.variants)
    assert "mine" in said["copy"]
    assert mealbox.path.read_bytes() == before


def test_saved_under_the_offered_name_it_plans_on_the_edited_file_what_the_sliders_show(
    page: Page, mealbox: Client
) -> None:
    page.move("win_rate", 3)
    page.move("repeat_check", 30)
    replaced(mealbox, "now: 2.6, plan: 2.9", "now: 2.5, plan: 3.1")
    replaced(mealbox, "plan: 45_000, best: 80_000", "plan: 46_000, best: 80_000")
    shown = page.board.moves.scenario.target
    offered = save(page, "mine")["name"]
    assert not save(page, offered)["problem"]
    saved = read_client(mealbox.path)
    assert list(saved.variants) == [*mealbox.variants, offered]
    assert saved.scenario(offered).target == pytest.approx(shown)
    assert saved.plan.planned("purchase_rate") == 3.1  # the edit stays
    assert page.board.moves.scenario.target == shown  # and so do the sliders
    page.move("win_rate", 9)
    assert not save(page, offered)["problem"]
    assert read_client(mealbox.path).scenario(offered).planned("win_rate") == pytest.approx(
        page.board.moves.planned("win_rate")
    )


def test_after_an_edit_a_scenario_of_the_file_opens_no_more_but_a_pin_does(
    page: Page, mealbox: Client
) -> None:
    page.move("win_rate", 3)
    page.tell("pin", name="mine")
    replaced(mealbox, "best: 45%", "best: 46%")
    save(page, "mine")
    page.tell("reset")
    before = page.figures
    page.tell("open", scenario="cautious")
    assert page.said["problem"]
    assert page.figures == before
    page.tell("open", pin="mine")
    assert page.lever("win_rate")["position"] == 3


def test_what_is_not_the_models_business_may_be_edited_meanwhile(
    page: Page, mealbox: Client
) -> None:
    replaced(mealbox, "title: Mealbox", "title: Mealbox Ltd.  # renamed")
    page.move("win_rate", 3)
    assert not save(page, "mine")["problem"]
    saved = read_client(mealbox.path)
    assert saved.title == "Mealbox Ltd."
    assert saved.scenario("mine").target == page.board.moves.scenario.target


def test_a_file_that_was_broken_is_left_alone_and_nothing_is_lost(
    page: Page, mealbox: Client
) -> None:
    page.move("win_rate", 3)
    whole = mealbox.path.read_text()
    broken = whole.replace("goal:", "goal", 1)
    mealbox.path.write_text(broken)
    said = save(page, "mine")
    assert said["problem"]
    assert mealbox.path.read_text() == broken
    mealbox.path.write_text(whole)
    pasted(mealbox.path, said["copy"])
    assert read_client(mealbox.path).scenario("mine") == page.board.moves.scenario


def test_a_file_that_went_is_said_and_nothing_is_lost(page: Page, mealbox: Client) -> None:
    page.move("win_rate", 3)
    whole = mealbox.path.read_text()
    mealbox.path.unlink()
    said = save(page, "mine")
    assert said["problem"]
    assert not mealbox.path.exists()
    mealbox.path.write_text(whole)
    assert not save(page, "mine")["problem"]


def test_two_boards_of_one_client_lose_nothing(mealbox: Client) -> None:
    one, two = page_of(mealbox), page_of(mealbox)
    one.type("win_rate", "30%")
    two.type("win_rate", "40%")
    assert not save(one, "one")["problem"]
    assert not save(two, "two")["problem"]
    said = save(two, "one")
    assert said["problem"]
    assert any(line.startswith("scenarios.one: – → ") for line in said["sentence"].splitlines())
    assert "30%" in said["sentence"]
    assert said["name"] not in ("", "one", "two")
    assert not save(two, said["name"])["problem"]
    one.type("win_rate", "35%")
    assert not save(one, "one")["problem"]
    variants = read_client(mealbox.path).variants
    assert {name: variants[name] for name in ("one", "two", said["name"])} == {
        "one": {"win_rate": 0.35},
        "two": {"win_rate": 0.4},
        said["name"]: {"win_rate": 0.4},
    }


def test_a_long_name_is_offered_with_a_number_and_fits(page: Page, mealbox: Client) -> None:
    replaced(mealbox, "best: 45%", "best: 46%")
    offered = save(page, "ж" * 60)["name"]
    assert len(offered) <= 60
    assert not save(page, offered)["problem"]


def test_an_offered_name_is_free_even_where_others_took_it(mealbox: Client) -> None:
    page, other = page_of(mealbox), page_of(mealbox)
    for name in ("mine", "mine 2"):
        save(other, name)
    page.move("win_rate", 3)
    offered = save(page, "mine")["name"]
    assert offered not in read_client(mealbox.path).variants
    assert not save(page, offered)["problem"]


def test_a_line_out_of_proportion_is_saved_and_opened_to_the_last_digit(tmp_path: Path) -> None:
    client = copied("saldo", tmp_path)
    page = page_of(client, client.scenario("now"))
    page.move("win_rate", 3)
    before = client.path.read_text("utf-8")
    said = save(page, "mine")
    assert not said["problem"]
    after = read_client(client.path)
    assert after.scenario("mine").target == page.board.moves.scenario.target
    assert "products:" in client.path.read_text("utf-8").removeprefix(before)
    other = page_of(after)
    other.tell("open", scenario="mine")
    assert other.board.moves.scenario.target == page.board.moves.scenario.target
    assert other.figures == page.figures


# ---- decisions


def decide(page: Page, **changed: object) -> dict:
    page.tell("decide", **({"what": "Call back", "who": "Ann", "by": 3, "money": ""} | changed))
    return page.said


def test_a_decision_is_written_and_read_back(page: Page, mealbox: Client) -> None:
    before = mealbox.path.read_text()
    said = decide(page, what="Call every lead back", who="Tom Okafor", by=6, money="$12,500")
    assert not said["problem"]
    assert "Call every lead back" in said["sentence"]
    decide(page, what="Raise prices", by=0)
    first, second = read_client(mealbox.path).decisions
    assert first == Decision(
        what="Call every lead back", who="Tom Okafor", by=date(2027, 3, 1), money=12_500
    )
    assert (second.what, second.by, second.money) == ("Raise prices", date(2026, 9, 1), None)
    assert mealbox.path.read_text().startswith(before)


@pytest.mark.parametrize(
    ("name", "typed", "money"),
    [
        ("mealbox", "12,500.50", 12_500.5),
        ("mealbox", "-300", -300.0),
        ("saldo", "12 500,50", 12_500.5),
        ("saldo", "40 000 ₽", 40_000.0),
        ("saldo", " ", None),
    ],
)
def test_money_is_read_as_the_reader_writes_it(
    name: str, typed: str, money: float | None, tmp_path: Path
) -> None:
    client = copied(name, tmp_path)
    assert not decide(page_of(client), money=typed)["problem"]
    assert read_client(client.path).decisions[-1].money == money


@pytest.mark.parametrize(
    "wrong",
    [
        {"money": "a lot"},
        {"money": "1e400"},
        {"money": "<b>"},
        {"what": ""},
        {"what": " \n "},
        {"who": ""},
        {"what": "x" * 301},
        {"who": "a\x00b"},
    ],
)
def test_a_decision_that_cannot_be_written_is_refused(
    wrong: dict, page: Page, mealbox: Client
) -> None:
    before = mealbox.path.read_bytes()
    said = decide(page, **wrong)
    assert said["problem"]
    assert said["sentence"]
    assert mealbox.path.read_bytes() == before


def test_line_breaks_of_a_decision_become_spaces(page: Page, mealbox: Client) -> None:
    assert not decide(page, what="Call\n  back,\r\nthen write", who="\tAnn\u2028Lee ")["problem"]
    (decision,) = read_client(mealbox.path).decisions
    assert (decision.what, decision.who) == ("Call back, then write", "Ann Lee")


@pytest.mark.parametrize("text", NAMES)
def test_a_decision_may_say_anything(text: str, page: Page, mealbox: Client) -> None:
    said = decide(page, what=text, who=text)
    assert not said["problem"]
    assert text in said["sentence"]
    (decision,) = read_client(mealbox.path).decisions
    assert (decision.what, decision.who) == (text, text)


def test_a_decision_joins_what_others_wrote_meanwhile(page: Page, mealbox: Client) -> None:
    other = page_of(mealbox)
    decide(other, what="One")
    replaced(mealbox, "best: 45%", "best: 46%")
    assert not decide(page, what="Two")["problem"]
    saved = read_client(mealbox.path)
    assert [decision.what for decision in saved.decisions] == ["One", "Two"]
    assert saved.plan.ceilings["win_rate"] == 0.46


def test_a_decision_and_a_scenario_do_not_stand_in_each_others_way(
    page: Page, mealbox: Client
) -> None:
    page.move("win_rate", 3)
    assert not decide(page)["problem"]
    assert not save(page, "mine")["problem"]
    assert not decide(page)["problem"]
    saved = read_client(mealbox.path)
    assert len(saved.decisions) == 2
    assert saved.scenario("mine") == page.board.moves.scenario


@pytest.mark.parametrize("why", ["read-only", "broken"])
def test_a_decision_that_found_no_file_is_not_lost(why: str, page: Page, mealbox: Client) -> None:
    whole = mealbox.path.read_text()
    if why == "read-only":
        mealbox.path.chmod(0o444)
    else:
        mealbox.path.write_text(whole.replace("goal:", "goal", 1))
    said = decide(page, what="Call back at once", money="300")
    assert said["problem"]
    assert "Call back at once" in said["copy"]
    mealbox.path.chmod(0o644)
    mealbox.path.write_text(f"{whole}\n{said['copy']}\n")
    (decision,) = read_client(mealbox.path).decisions
    assert (decision.what, decision.who, decision.money) == ("Call back at once", "Ann", 300.0)


def test_a_full_list_of_decisions_is_left_alone(tmp_path: Path) -> None:
    item = "  - {what: Call, who: Ann, by: 2026-10}\n"
    again = "  retention_rate: 80%\n  purchase_rate: 0.5\n  repeat_check: 100\n  margin: 50%\n"
    path = write(tmp_path, f"{SMALL}{again}decisions:\n{item * 50}")
    before = path.read_bytes()
    assert decide(page_of(read_client(path)))["problem"]
    assert path.read_bytes() == before
