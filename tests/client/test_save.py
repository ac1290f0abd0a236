import difflib
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import funnelkit.client.edit
import funnelkit.client.files
from funnelkit.client.client import Client, Decision
from funnelkit.client.problems import ClientFileError, Code
from funnelkit.client.read import CLIENTS, read_client
from funnelkit.client.save import fingerprint, save_beside, save_decision, save_scenario
from funnelkit.client.variants import levers_of, stored_levers
from funnelkit.faces.notebooks import execute, notebook_of
from funnelkit.faces.record import owner_record, recorded
from funnelkit.model.levers import LEVERS, Unit
from funnelkit.model.products import SUMMED_UP
from funnelkit.plan.spread import spread
from funnelkit.show.summary import summary_of
from tests.client.files import SMALL, changed, write, write_beside

DEMOS = sorted((Path(__file__).parents[2] / CLIENTS).glob("*/client.yaml"))
CLIENT = {file.parent.name: read_client(file) for file in DEMOS}
HOSTILE = [
    "plan B: the bold one",
    "# no comment",
    'said "yes" \\ no',
    "it's",
    "🚀 ×3",
    "<script>alert(1)</script>",
    "- dash",
    "yes",
    "null",
    "Null",
    "~",
    "3",
    "1e5",
    "0x10",
    "12:30",
    "2026-09",
    "{a: b}",
    "[a, b]",
    "*alias",
    "&anchor",
    "!tag",
    "| block",
    "> folded",
    "%percent",
    "@at",
    "`tick",
    "?",
    ": ",
    "../../etc",
    "Осторожный план",
    "مرحبا",
    "a\N{ZERO WIDTH JOINER}b",
    "Plan",
    " spaces ",
    "ж" * 60,
]


def saved(path: Path, name: str = "mine", **levers: float) -> Client:
    save_scenario(path, name, levers, seen=fingerprint(path))
    return read_client(path)


def added(before: str, after: str) -> list[str]:
    """Lines that came in; a line that went or changed is an error."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    assert [line for line in lines if line[0] in "-?"] == []
    return [line[2:] for line in lines if line[0] == "+"]


def refusals(path: Path, name: str = "mine", *, seen: str = "", **levers: float) -> list[Code]:
    """Codes of a refusal, which leaves the file and its folder as they were."""
    before, files = path.read_bytes(), sorted(path.parent.iterdir())
    with pytest.raises(ClientFileError) as raised:
        save_scenario(path, name, levers, seen=seen or fingerprint(path))
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == files
    return [problem.code for problem in raised.value.problems]


@pytest.mark.parametrize("demo", DEMOS, ids=lambda file: file.parent.name)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_demo_comes_back_byte_for_byte_but_for_what_was_added(
    demo: Path, ends: str, mark: str, tmp_path: Path
) -> None:
    text = (mark + demo.read_text("utf-8")).replace("\n", ends)
    path = write_beside(demo, tmp_path, text)
    after = saved(path, win_rate=0.123)
    lines = ["  mine:", "    levers: {win_rate: 0.123}"]
    if not CLIENT[demo.parent.name].variants:
        lines = ["", "scenarios:", *lines]
    assert path.read_bytes().decode() == text + "".join(line + ends for line in lines)
    assert after.variants["mine"] == {"win_rate": 0.123}
    assert after.plan == CLIENT[demo.parent.name].plan


LAID_OUT = {
    "in the middle": (
        "scenarios:\n  bold: # agreed\n    levers: {win_rate: 30%}  # by audit\n"
        "  # nobody likes it\n\n# people\ndepartments:\n  account: {person: Jo}\n",
        ["  mine:", "    levers: {win_rate: 0.5}"],
    ),
    "indented by four": (
        "scenarios:\n    bold:\n        levers: {}\n",
        ["    mine:", "      levers: {win_rate: 0.5}"],
    ),
    "ends without a line end": (
        "scenarios:\n  bold: {levers: {win_rate: 30%}}",
        ["  mine:", "    levers: {win_rate: 0.5}"],
    ),
    "ends in a folded text": (
        "scenarios:\n  bold:\n    levers: {}\n    title: >\n      Bold\n      indeed\n\n",
        ["  mine:", "    levers: {win_rate: 0.5}"],
    ),
    "ends in a comment": (
        "# the end\n",
        ["", "scenarios:", "  mine:", "    levers: {win_rate: 0.5}"],
    ),
    "ends in an empty line": (
        "\n",
        ["scenarios:", "  mine:", "    levers: {win_rate: 0.5}"],
    ),
    "ends by a mark": (
        "...\n",
        ["scenarios:", "  mine:", "    levers: {win_rate: 0.5}"],
    ),
    "a key in quotation marks": (
        '"scenarios":\n  "bold": {levers: {}}\n',
        ["  mine:", "    levers: {win_rate: 0.5}"],
    ),
}


@pytest.mark.parametrize("layout", LAID_OUT)
def test_a_scenario_finds_its_place(layout: str, tmp_path: Path) -> None:
    text, lines = LAID_OUT[layout]
    path = write(tmp_path, SMALL + text)
    before = read_client(path)
    after = saved(path, win_rate=0.5)
    assert added(SMALL + text, path.read_text()) == lines
    assert list(after.variants) == [*before.variants, "mine"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}  # none yet", "{mine: {levers: {win_rate: 0.5}}}  # none yet"),
        ("{a: {levers: {}}}", "{a: {levers: {}}, mine: {levers: {win_rate: 0.5}}}"),
        ("{a: {levers: {}},}", "{a: {levers: {}},mine: {levers: {win_rate: 0.5}}}"),
        (
            "{a: {levers: {}}, # one\n  }",
            "{a: {levers: {}}, # one\n  mine: {levers: {win_rate: 0.5}}}",
        ),
    ],
)
def test_scenarios_in_brackets_stay_there(text: str, expected: str, tmp_path: Path) -> None:
    path = write(tmp_path, f"{SMALL}scenarios: {text}\n")
    assert saved(path, win_rate=0.5).variants["mine"] == {"win_rate": 0.5}
    assert path.read_text() == f"{SMALL}scenarios: {expected}\n"


def test_a_whole_file_in_brackets_is_kept(tmp_path: Path) -> None:
    text = (
        "{title: Small, language: en, currency: USD, goal: {month: 2026-09, months: 3, a: 1, b: 3},"
        "\n levers: {visitors: 100, lead_rate: 10%, win_rate: 20%, average_check: 500}}\n"
    )
    path = write(tmp_path, text)
    saved(path, win_rate=0.5)
    assert path.read_text() == text[:-2] + ", scenarios: {mine: {levers: {win_rate: 0.5}}}}\n"


def test_a_scenario_is_replaced_where_it_stands(tmp_path: Path) -> None:
    text = (
        "scenarios:\n  first: {levers: {}}\n  mine:  # agreed\n    # why\n    title: Mine  # yes\n"
        "    levers: {win_rate: 30%, visitors: 200}  # now\n  last: {levers: {}}\n# end\n"
    )
    path = write(tmp_path, SMALL + text)
    assert saved(path, lead_rate=0.5).variants["mine"] == {"lead_rate": 0.5}
    expected = text.replace("{win_rate: 30%, visitors: 200}", "{lead_rate: 0.5}")
    assert path.read_text() == SMALL + expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  mine: {}\n", "  mine: {levers: {lead_rate: 0.5}}\n"),
        ("  mine: {title: Mine}\n", "  mine: {title: Mine, levers: {lead_rate: 0.5}}\n"),
        ("  mine:\n    title: A\n", "  mine:\n    title: A\n    levers: {lead_rate: 0.5}\n"),
        (
            "  mine:\n    levers:\n      win_rate: 30%\n      visitors: 200\n  z: {}\n",
            "  mine:\n    levers:\n      lead_rate: 0.5\n  z: {}\n",
        ),
        (
            "  mine:\n    levers:\n      win_rate: 30%\n    title: A\n",
            "  mine:\n    levers:\n      lead_rate: 0.5\n    title: A\n",
        ),
    ],
)
def test_a_scenario_keeps_its_layout(old: str, new: str, tmp_path: Path) -> None:
    path = write(tmp_path, f"{SMALL}scenarios:\n{old}")
    assert saved(path, lead_rate=0.5).variants["mine"] == {"lead_rate": 0.5}
    assert path.read_text() == f"{SMALL}scenarios:\n{new}"


def test_a_scenario_that_is_the_plan_names_no_lever(tmp_path: Path) -> None:
    path = write(tmp_path, f"{SMALL}scenarios:\n  mine:\n    levers:\n      win_rate: 30%\n")
    assert saved(path, win_rate=0.2).variants["mine"] == {}
    assert saved(path, "other", visitors=100).variants["other"] == {}


def test_many_levers_take_a_line_each(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    levers = {"win_rate": 1 / 3, "visitors": 2000 / 3, "average_check": 5e3 / 3, "lead_rate": 1 / 7}
    saved(path, **levers)
    assert added(SMALL, path.read_text()) == [
        "",
        "scenarios:",
        "  mine:",
        "    levers:",
        "      win_rate: 0.3333333333333333",
        "      average_check: 1666.6666666666667",
        "      visitors: 666.6666666666666",
        "      lead_rate: 0.14285714285714285",
    ]


def test_a_title_is_written_and_without_one_the_old_stays(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    for title, expected in (("A: <b>", '"A: <b>"'), (None, '"A: <b>"'), ("Calm", "Calm")):
        save_scenario(path, "mine", {}, title=title, seen=fingerprint(path))
        assert f"    title: {expected}\n" in path.read_text()


def test_a_title_that_no_text_has_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    with pytest.raises(ClientFileError) as raised:
        save_scenario(path, "mine", {}, title="\x07", seen=fingerprint(path))
    assert [problem.code for problem in raised.value.problems] == [Code.CHARACTER]
    assert path.read_text() == SMALL


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("scenarios", ["", "scenarios: {}\n", "scenarios:\n  a: {levers: {}}\n"])
def test_any_name_in_one_line_comes_back(name: str, scenarios: str, tmp_path: Path) -> None:
    path = write(tmp_path, SMALL + scenarios)
    for rate in (0.4, 0.5):
        assert saved(path, name, win_rate=rate).variants[name] == {"win_rate": rate}
    assert len(read_client(path).variants) == 1 + ("a:" in scenarios)


@given(name=st.text(min_size=1, max_size=60))
def test_a_name_is_saved_or_refused_but_never_breaks_a_file(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = write(tmp_path_factory.mktemp("name"), SMALL)
    try:
        save_scenario(path, name, {"win_rate": 0.5}, seen=fingerprint(path))
    except ClientFileError:
        assert path.read_text() == SMALL
    else:
        assert read_client(path).variants == {name: {"win_rate": 0.5}}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", Code.NO_NAME),
        (" \t ", Code.NO_NAME),
        ("plan", Code.RESERVED),
        ("now", Code.RESERVED),
        ("ж" * 61, Code.TOO_LONG),
        ("a\nb", Code.CHARACTER),
        ("a\rb", Code.CHARACTER),
        ("a\x85b", Code.CHARACTER),
        ("a\u2028b", Code.CHARACTER),
        ("a\x00b", Code.CHARACTER),
        ("a\ud800b", Code.CHARACTER),
    ],
)
def test_a_name_that_cannot_be_saved_is_refused(name: str, code: Code, tmp_path: Path) -> None:
    assert refusals(write(tmp_path, SMALL), name, win_rate=0.5) == [code]


@pytest.mark.parametrize(
    ("lever", "value", "code"),
    [
        ("win_rate", 1.5, Code.NOT_A_SHARE),
        ("win_rate", float("nan"), Code.NOT_A_SHARE),
        ("visitors", -1.0, Code.OUT_OF_RANGE),
        ("visitors", float("inf"), Code.OUT_OF_RANGE),
        ("visitors", 1e-12, Code.NOT_A_NUMBER),
        ("winrate", 0.5, Code.UNKNOWN_PARAMETER),
    ],
)
def test_a_lever_that_cannot_be_planned_is_refused(
    lever: str, value: float, code: Code, tmp_path: Path
) -> None:
    assert refusals(write(tmp_path, SMALL), **{lever: value}) == [code]


def test_a_file_that_was_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    seen = fingerprint(path)
    write(tmp_path, SMALL + "# an editor was here\n")
    assert refusals(path, seen=seen, win_rate=0.5) == [Code.CHANGED]


def test_a_file_that_is_changed_at_the_last_moment_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, edited = write(tmp_path, SMALL), SMALL + "# an editor was here\n"
    real = funnelkit.client.files.os.fsync

    def meanwhile(handle: int) -> None:
        real(handle)
        write(tmp_path, edited)

    monkeypatch.setattr(funnelkit.client.files.os, "fsync", meanwhile)
    with pytest.raises(ClientFileError) as raised:
        save_scenario(path, "mine", {"win_rate": 0.5}, seen=fingerprint(path))
    assert [problem.code for problem in raised.value.problems] == [Code.CHANGED]
    assert path.read_text() == edited
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("place", ["file", "folder"])
def test_what_is_marked_as_read_only_is_not_written_to(place: str, tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    marked = path if place == "file" else tmp_path
    mode = stat.S_IMODE(marked.stat().st_mode)
    marked.chmod(mode & ~0o222)
    try:
        assert refusals(path, win_rate=0.5) == [Code.NOT_WRITABLE]
    finally:
        marked.chmod(mode)


def test_a_full_disk_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(funnelkit.client.files.os, "fsync", full)
    assert refusals(write(tmp_path, SMALL), win_rate=0.5) == [Code.NOT_WRITABLE]


def test_a_file_that_went_is_said_to_be_unreadable(tmp_path: Path) -> None:
    with pytest.raises(ClientFileError) as raised:
        fingerprint(tmp_path / "client.yaml")
    assert [problem.code for problem in raised.value.problems] == [Code.UNREADABLE]


def test_a_file_with_problems_of_its_own_is_left_alone(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL + "colour: red\n")
    assert refusals(path, win_rate=0.5) == [Code.UNKNOWN_FIELD]


def test_a_file_into_which_nothing_fits_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(funnelkit.client.edit, "_edits", lambda *_all: ["title: [", SMALL])
    assert refusals(write(tmp_path, SMALL), win_rate=0.5) == [Code.NO_PLACE]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    saved(link, win_rate=0.5)
    assert link.is_symlink()
    assert read_client(path).variants == {"mine": {"win_rate": 0.5}}


def test_two_who_save_beside_each_other_lose_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    one = two = read_client(path)
    one = save_beside(one, "one", {"win_rate": 0.5})
    two = save_beside(two, "two", {"win_rate": 0.6})
    one = save_beside(one, "one", {"win_rate": 0.7})
    assert read_client(path).variants == {"one": {"win_rate": 0.7}, "two": {"win_rate": 0.6}}
    with pytest.raises(ClientFileError) as raised:
        save_beside(two, "one", {"win_rate": 0.1})
    assert [problem.code for problem in raised.value.problems] == [Code.CHANGED]
    assert read_client(path).variants == {"one": {"win_rate": 0.7}, "two": {"win_rate": 0.6}}


def test_a_plan_that_was_changed_meanwhile_is_seen(tmp_path: Path) -> None:
    client = read_client(write(tmp_path, SMALL))
    text = SMALL.replace("20%", "{now: 20%, plan: 30%}")
    path = write(tmp_path, text)
    with pytest.raises(ClientFileError) as raised:
        save_beside(client, "mine", {"visitors": 500.0})
    assert [problem.code for problem in raised.value.problems] == [Code.CHANGED]
    assert path.read_text() == text


@st.composite
def moved(draw: st.DrawFn) -> tuple[str, dict[str, float]]:
    """A demo client and any levers of it, with every digit that a number can have."""
    name = draw(st.sampled_from(sorted(CLIENT)))
    plan = CLIENT[name].plan
    line = bool(plan.business.line)
    own = [n for n in LEVERS if n in plan.now or (line and n in SUMMED_UP)]
    names = draw(st.lists(st.sampled_from(own), unique=True, max_size=8))
    return name, {
        n: draw(
            st.floats(1e-6, 1.0 if LEVERS[n].unit is Unit.SHARE else 1e8)
            | st.just(0.0)
            | st.just(plan.planned(n))
        )
        for n in names
    }


@given(case=moved())
def test_what_was_saved_loads_to_the_last_digit(
    case: tuple[str, dict[str, float]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    name, levers = case
    folder = tmp_path_factory.mktemp("clients") / name
    copytree(CLIENT[name].path.parent, folder)  # with the exports that a file may count on
    client = saved(folder / "client.yaml", **levers)
    shown = client.scenario("plan", stored_levers(client.plan, levers))
    assert client.scenario("mine") == shown
    assert levers_of(client, shown) == client.variants["mine"] == stored_levers(client.plan, levers)
    for lever, value in levers.items():
        if not (lever in SUMMED_UP and shown.business.line):
            assert shown.target[lever] == value


@pytest.mark.parametrize("name", CLIENT)
def test_levers_say_what_they_can(name: str) -> None:
    client = CLIENT[name]
    assert levers_of(client, client.plan) == {}
    for variant, levers in client.variants.items():
        assert levers_of(client, client.scenario(variant)) == stored_levers(client.plan, levers)
    overrides = {"win_rate": 0.3, "average_check": 50_000.0, "purchase_rate": 1.5}
    assert levers_of(client, client.scenario("plan", overrides)) == overrides


def test_the_present_of_a_line_is_told_and_saved_in_levers_of_its_products(tmp_path: Path) -> None:
    path = write(tmp_path, CLIENT["saldo"].path.read_bytes())
    client = read_client(path)
    now = client.scenario("now")
    levers = levers_of(client, now)
    assert client.scenario("plan", levers).target == now.target
    assert {name for name in levers if "." in name}
    assert not set(levers) & set(SUMMED_UP)
    after = saved(path, **levers)
    assert after.scenario("mine").target == now.target
    assert after.variants["mine"] == levers == levers_of(after, after.scenario("mine"))
    again = saved(path, win_rate=0.3)  # which takes what it said of products away
    assert again.variants["mine"] == {"win_rate": 0.3}
    assert saved(path, **levers).scenario("mine").target == now.target


def test_levers_are_found_beside_a_scenario_that_stops_all_purchases(tmp_path: Path) -> None:
    text = CLIENT["saldo"].path.read_text("utf-8")
    client = read_client(
        write(tmp_path, text + "  none: {levers: {purchase_rate: 0, repeat_check: 9000}}\n")
    )
    assert levers_of(client, client.scenario("plan", {"win_rate": 0.5})) == {"win_rate": 0.5}
    stopped = client.plan.with_plan(repeat_check=9000.0, purchase_rate=0.0)
    assert levers_of(client, stopped) == {"repeat_check": 9000.0, "purchase_rate": 0.0}


def test_the_present_without_a_line_is_a_scenario() -> None:
    client = CLIENT["mealbox"]
    now = client.scenario("now")
    assert client.scenario("plan", levers_of(client, now)).target == now.target


def test_a_notebook_with_a_saved_scenario_gives_the_same_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, CLIENT["saldo"].path.read_bytes())
    levers = {"purchase_rate": 1.1, "repeat_check": 43210 / 3, "average_check": 1e5 / 7}
    client = saved(path, "Смело: ×3", **levers, win_rate=1 / 3)
    board = client.scenario("plan", stored_levers(client.plan, {**levers, "win_rate": 1 / 3}))
    notebook = execute(notebook_of("ru"), {"client": str(path), "scenario": "Смело: ×3"}, tmp_path)
    summary = summary_of(client, board, spread(board, client.evidence, client.plan_evidence))
    expected = owner_record(client, board, "Смело: ×3", summary, None, "")
    found = recorded(notebook)
    assert {**found, "version": ""} == {**expected, "version": ""}


# ---- decisions

DECISION = Decision(what="Call back", who="Ann", by=date(2026, 10, 1), money=300.0)
WRITTEN = '{what: Call back, who: Ann, by: "2026-10", money: 300}'


def refused_decision(path: Path, **wrong: object) -> list[Code]:
    """Codes of a refusal, which leaves the file and its folder as they were."""
    before, files = path.read_bytes(), sorted(path.parent.iterdir())
    with pytest.raises(ClientFileError) as raised:
        save_decision(path, replace(DECISION, **wrong))
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == files
    return [problem.code for problem in raised.value.problems]


@pytest.mark.parametrize("demo", DEMOS, ids=lambda file: file.parent.name)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_decision_is_added_to_a_demo_and_the_rest_comes_back_byte_for_byte(
    demo: Path, ends: str, mark: str, tmp_path: Path
) -> None:
    text = (mark + demo.read_text("utf-8")).replace("\n", ends)
    path = write_beside(demo, tmp_path, text)
    before = CLIENT[demo.parent.name]
    save_decision(path, DECISION)
    lines = added(text, path.read_bytes().decode())
    assert [line.strip() for line in lines if line.strip()] == (
        [f"- {WRITTEN}"] if before.decisions else ["decisions:", f"- {WRITTEN}"]
    )
    after = read_client(path)
    assert after.decisions == (*before.decisions, DECISION)
    assert (after.plan, after.variants) == (before.plan, before.variants)
    assert path.read_bytes().count(b"\r\n") == (
        path.read_bytes().count(b"\n") if ends == "\r\n" else 0
    )


def test_a_decision_without_money_says_nothing_of_it(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    save_decision(path, replace(DECISION, money=None))
    assert added(SMALL, path.read_text())[-1] == '  - {what: Call back, who: Ann, by: "2026-10"}'
    assert read_client(path).decisions == (replace(DECISION, money=None),)


@given(
    what=st.text(
        st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=300
    ),
    money=st.none() | st.floats(-1e15, 1e15),
    by=st.dates(date(2026, 9, 1), date(2031, 8, 1)),
)
def test_a_decision_is_read_back_to_the_last_digit_or_refused(
    what: str, money: float | None, by: date, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = write(tmp_path_factory.mktemp("client"), SMALL)
    decision = Decision(what=what, who="Ann", by=by.replace(day=1), money=money)
    try:
        save_decision(path, decision)
    except ClientFileError:
        assert path.read_text() == SMALL
    else:
        read = replace(decision, what=" ".join(what.split()))  # as the file's texts are read
        assert read_client(path).decisions == (read,)


@pytest.mark.parametrize("text", [*map(str.strip, HOSTILE), "ж" * 300])
def test_a_decision_may_say_anything_in_one_line(text: str, tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    for _time in range(2):
        save_decision(path, replace(DECISION, what=text, who=text))
    assert read_client(path).decisions == (replace(DECISION, what=text, who=text),) * 2


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"what": ""}, Code.EMPTY),
        ({"what": " \t"}, Code.EMPTY),
        ({"who": ""}, Code.EMPTY),
        ({"what": "ж" * 301}, Code.TOO_LONG),
        ({"who": "ж" * 301}, Code.TOO_LONG),
        ({"what": "a\nb"}, Code.CHARACTER),
        ({"who": "a\x00b"}, Code.CHARACTER),
        ({"who": "a\ud800b"}, Code.CHARACTER),
        ({"money": float("inf")}, Code.NOT_A_NUMBER),
        ({"money": float("nan")}, Code.NOT_A_NUMBER),
        ({"money": 1e300}, Code.OUT_OF_RANGE),
    ],
)
def test_a_decision_that_the_file_cannot_say_is_refused(
    wrong: dict, code: Code, tmp_path: Path
) -> None:
    assert refused_decision(write(tmp_path, SMALL), **wrong) == [code]


def test_a_decision_joins_what_an_editor_changed_since(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    read_client(path)
    write(tmp_path, changed("20%", "30%") + "# an editor was here\n")
    save_decision(path, DECISION)
    assert read_client(path).plan.planned("win_rate") == 0.3
    assert "# an editor was here\n" in path.read_text()


def test_a_decision_meets_a_change_of_the_last_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, edited = write(tmp_path, SMALL), SMALL + "# an editor was here\n"
    real = funnelkit.client.files.os.fsync

    def meanwhile(handle: int) -> None:
        real(handle)
        write(tmp_path, edited)

    monkeypatch.setattr(funnelkit.client.files.os, "fsync", meanwhile)
    with pytest.raises(ClientFileError) as raised:
        save_decision(path, DECISION)
    assert [problem.code for problem in raised.value.problems] == [Code.CHANGED]
    assert path.read_text() == edited


def test_a_decision_is_not_written_where_nothing_may_be(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    path.chmod(0o444)
    assert refused_decision(path) == [Code.NOT_WRITABLE]
    path.chmod(0o644)
    assert refused_decision(write(tmp_path, SMALL + "colour: red\n")) == [Code.UNKNOWN_FIELD]
    full = "decisions:\n" + "  - {what: a, who: b, by: 2026-10}\n" * 50
    assert refused_decision(write(tmp_path, SMALL + full)) == [Code.TOO_MANY]
