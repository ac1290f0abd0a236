"""Eight answers become a client's file."""

import re
import tempfile
from datetime import date
from math import isfinite, isnan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.client.answers import ANSWERS, Conflict, ContradictionError, answer
from funnelkit.client.assumptions import ASSUMPTIONS
from funnelkit.client.client import Client
from funnelkit.client.folder import Fault, fault_of, plain, write_new
from funnelkit.client.new import Beginning, Origin, begin
from funnelkit.client.problems import ClientFileError, Code
from funnelkit.client.read import read_client
from funnelkit.model.levers import LEVERS
from funnelkit.plan.diagnosis import smart
from funnelkit.plan.gates import diagnose
from funnelkit.plan.tree import tree
from funnelkit.show.charts.tree import tree_chart
from funnelkit.show.interview import CONFLICTS, FAULTS, QUESTIONS
from funnelkit.show.new_client import _EXAMPLES, client_text, spelled
from funnelkit.show.stages import department_names
from funnelkit.show.words import LANGUAGES, Words
from tests.client.files import write

KNOWN = {
    "turnover": 390_000.0 + 84 * 0.5 * 12_000,
    "leads": 160.0,
    "deals": 13.0,
    "first_check": 30_000.0,
    "repeat_check": 12_000.0,
    "active_customers": 84.0,
    "repeat_purchases": 0.5,
    "sales_cycle": 20.0,
    "target": 2_700_000.0,
}
"""A turnover that the other answers give exactly."""


def text_of(beginning: Beginning, language: str = "en", **changes: object) -> str:
    form = {"title": "Acme", "currency": "USD", "month": date(2026, 9, 1), "months": 3}
    return client_text(beginning, language=language, **(form | changes))


def client_of(beginning: Beginning, folder: Path, language: str = "en") -> Client:
    return read_client(write(folder, text_of(beginning, language)))


def month_0(client: Client) -> float:
    return float(client.plan.run({}).revenue[0])


def without(*names: str, **changes: float) -> dict[str, float | None]:
    return {**KNOWN, **dict.fromkeys(names), **changes}


# ---------------------------------------------------------------- one unknown


@pytest.mark.parametrize(
    "unknown",
    ["turnover", "deals", "first_check", "repeat_check", "active_customers", "repeat_purchases"],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_one_unknown_is_solved_from_the_others(unknown: str, language: str, tmp_path: Path) -> None:
    beginning = begin(without(unknown))
    assert beginning.solved == unknown
    assert beginning.answers[unknown] == pytest.approx(KNOWN[unknown], rel=1e-9)
    client = client_of(beginning, tmp_path, language)
    assert month_0(client) == pytest.approx(client.plan.goal.a, rel=1e-9)
    assert client.plan.goal.a == pytest.approx(KNOWN["turnover"], rel=1e-9)


def test_it_is_marked_as_solved(tmp_path: Path) -> None:
    client = client_of(begin(without("deals")), tmp_path)
    assert client.sources == {"win_rate": "solved from A"}
    assert client.assumed == {"retention_rate", "visitors", "lead_rate"}
    assert client_of(begin(without("turnover")), tmp_path).sources == {
        "goal.a": "reckoned from the other answers"
    }


def test_deals_of_leads_that_are_known_are_counts(tmp_path: Path) -> None:
    client = client_of(begin(KNOWN), tmp_path)
    known = client.evidence["win_rate"]
    assert (known.won, known.of) == (13, 160)  # type: ignore[union-attr]
    assert set(client.evidence) == {"win_rate"}


def test_nothing_unknown_solves_nothing_and_keeps_both_numbers(tmp_path: Path) -> None:
    beginning = begin({**KNOWN, "turnover": 1_000_000.0})
    assert beginning.solved is None
    client = client_of(beginning, tmp_path)
    assert (client.plan.goal.a, month_0(client)) == (1_000_000.0, KNOWN["turnover"])


def test_a_step_of_one_beside_a_huge_rest_costs_no_digits() -> None:
    answers = without("deals", "leads", "target", turnover=1e9 + 1e6, first_check=1e-3)
    beginning = begin({**answers, "repeat_check": 1e9 / 42})
    assert beginning.month_0 == pytest.approx(1e9 + 1e6, rel=1e-12)


# ---------------------------------------------------------------- several unknowns


@pytest.mark.parametrize(
    ("unknown", "solved", "assumed"),
    [
        (("first_check", "repeat_check"), "first_check", {"repeat_check": 894_000 / (13 + 42)}),
        (("deals", "repeat_purchases"), "deals", {"repeat_purchases": 0.1}),
        (("deals", "leads"), "deals", {"leads": 65.0}),
        (("repeat_purchases", "repeat_check"), "repeat_purchases", {"repeat_check": 30_000.0}),
        (("active_customers", "repeat_purchases"), "repeat_purchases", {"active_customers": 156.0}),
        (("sales_cycle", "target"), None, {"sales_cycle": 15.0, "target": 2_682_000.0}),
        (("leads",), None, {"leads": 65.0}),
        (("turnover", "deals"), "turnover", {"deals": 32.0}),
    ],
)
def test_of_several_one_is_solved_and_the_others_are_assumed(
    unknown: tuple[str, ...], solved: str | None, assumed: dict[str, float]
) -> None:
    beginning = begin(without(*unknown))
    assert beginning.solved == solved
    asked = {n: v for n, v in beginning.answers.items() if n in beginning.assumed}
    assert asked == pytest.approx(assumed)


def test_the_turnover_alone_is_enough(tmp_path: Path) -> None:
    client = client_of(begin({"turnover": 1_000_000.0}), tmp_path)
    assert month_0(client) == pytest.approx(1_000_000, rel=1e-9)
    assert client.assumed == set(client.plan.now) - {"average_check"}


def test_a_check_alone_is_enough() -> None:
    assert begin({"first_check": 100.0}).solved == "turnover"


def test_what_has_no_influence_is_assumed_not_solved() -> None:
    beginning = begin(without("repeat_purchases", active_customers=0.0, turnover=390_000.0))
    assert beginning.solved is None
    assert beginning.answers["repeat_purchases"] == 0.1


def test_the_second_unknown_is_solved_where_the_first_cannot_be() -> None:
    """Deals would be negative at the assumed purchases, so purchases are solved."""
    beginning = begin(without("deals", "repeat_purchases", turnover=1_200_000.0, leads=1.0))
    assert beginning.solved == "repeat_purchases"
    assert beginning.month_0 == pytest.approx(1_200_000, rel=1e-9)


def test_every_assumption_has_a_reason_in_both_languages() -> None:
    for assumption in ASSUMPTIONS:
        assert re.search("[а-я]", Words(language="ru")(assumption.reason))
    assert {a.name for a in ASSUMPTIONS} <= {*ANSWERS, *LEVERS}


def test_doing_nothing_changes_nothing(tmp_path: Path) -> None:
    """Retention is assumed so that a first picture does not drift."""
    months = client_of(begin(KNOWN), tmp_path).plan.run({}).revenue
    assert np.allclose(months, KNOWN["turnover"], rtol=2e-3)


@pytest.mark.parametrize(
    ("days", "cycle"),
    [
        (0, (1,)),
        (15, (0.5, 0.5)),
        (30, (0, 1)),
        (20, (0.3333, 0.6667)),
        (75, (0, 0, 0.5, 0.5)),
        (29.9999999, (0, 1)),
    ],
)
def test_the_sales_cycle_has_the_mean_that_was_answered(
    days: float, cycle: tuple[float, ...]
) -> None:
    assert begin({**KNOWN, "sales_cycle": days}).sales_cycle == pytest.approx(cycle)


def test_the_longest_cycle_fits_a_file(tmp_path: Path) -> None:
    client = client_of(begin({**KNOWN, "sales_cycle": 1000.0}), tmp_path)
    assert len(client.plan.business.sales_cycle) == 35


def test_a_win_rate_that_no_lead_shows_is_assumed(tmp_path: Path) -> None:
    beginning = begin(without(leads=0.0, deals=0.0))
    assert beginning.origin("win_rate") is Origin.ASSUMED
    assert "win_rate" in client_of(beginning, tmp_path).assumed


# ---------------------------------------------------------------- contradictions


@pytest.mark.parametrize(
    ("answers", "conflict", "questions", "numbers"),
    [
        (
            without(deals=200.0),
            Conflict.DEALS_ABOVE_LEADS,
            ("leads", "deals"),
            {"deals": 200, "leads": 160},
        ),
        (
            without("repeat_purchases", turnover=300_000.0),
            Conflict.KNOWN_ABOVE_A,
            ("turnover", "deals", "active_customers", "first_check", "repeat_check"),
            {"a": 300_000, "known": 390_000},
        ),
        (
            without("deals", turnover=9_000_000.0),
            Conflict.OUT_OF_REACH,
            (
                "turnover",
                "repeat_purchases",
                "active_customers",
                "first_check",
                "repeat_check",
                "leads",
            ),
            {"a": 9_000_000, "most": 160 * 30_000 + 504_000, "leads": 160},
        ),
        (
            without(target=800_000.0),
            Conflict.TARGET_NOT_ABOVE_A,
            ("turnover", "target"),
            {"a": 894_000, "b": 800_000},
        ),
        (without("turnover", "first_check", "repeat_check"), Conflict.NO_MONEY, (), {}),
        (
            without("first_check", "repeat_check", deals=0.0, active_customers=0.0),
            Conflict.NOTHING_SOLD,
            (),
            {},
        ),
        (without(sales_cycle=1001.0), Conflict.OUT_OF_RANGE, ("sales_cycle",), {"value": 1001}),
        (without("turnover", "target", deals=1e14, leads=1e15), Conflict.OUT_OF_RANGE, (), {}),
    ],
)
def test_a_contradiction_is_told_with_both_numbers(
    answers: dict[str, float | None],
    conflict: Conflict,
    questions: tuple[str, ...],
    numbers: dict[str, float],
) -> None:
    with pytest.raises(ContradictionError) as caught:
        begin(answers)
    error = caught.value
    assert error.conflict is conflict
    assert not questions or error.questions == questions
    assert set(error.questions) <= set(ANSWERS)
    said = {**error.money, **error.counts}
    assert {name: said[name] for name in numbers} == pytest.approx(numbers)


def test_a_target_of_three_times_nothing_is_none() -> None:
    with pytest.raises(ContradictionError) as caught:
        begin(without("target", turnover=0.0))
    assert caught.value.conflict is Conflict.TARGET_NOT_ABOVE_A


def test_everything_has_its_words() -> None:
    assert (set(CONFLICTS), set(FAULTS), tuple(QUESTIONS)) == (set(Conflict), set(Fault), ANSWERS)


# ---------------------------------------------------------------- any answers


def amounts(most: int) -> st.SearchStrategy[float]:
    whole = st.integers(0, most).map(float)
    cents = st.integers(0, 100 * most).map(lambda n: n / 100)
    return whole | cents | st.sampled_from([0.0, 1.0])


@st.composite
def conversations(draw: st.DrawFn) -> dict[str, float | None]:
    most = {
        "turnover": 10**9,
        "leads": 10**5,
        "deals": 10**4,
        "first_check": 10**6,
        "repeat_check": 10**6,
        "active_customers": 10**5,
        "repeat_purchases": 30,
        "sales_cycle": 1000,
        "target": 10**10,
    }
    return {name: draw(st.none() | amounts(top), label=name) for name, top in most.items()}


@given(answers=conversations(), language=st.sampled_from(LANGUAGES))
def test_whatever_is_written_reads_gives_a_and_is_judged(
    answers: dict[str, float | None], language: str
) -> None:
    try:
        beginning = begin(answers)
    except ContradictionError as error:
        numbers = (*error.money.values(), *error.counts.values())
        if all(map(isfinite, numbers)):
            return
        raise
    with tempfile.TemporaryDirectory() as folder:
        client = client_of(beginning, Path(folder), language)
    if beginning.solved:
        assert month_0(client) == pytest.approx(client.plan.goal.a, rel=1e-9)
    for name, value in answers.items():
        assert value is None or beginning.answers[name] == value
    assert not isnan(month_0(client))
    assert client.plan.moved == ()
    for verdict in smart(client.plan):
        assert verdict.check == "relevant" or not any(map(isnan, verdict.money.values()))
    diagnose(client.plan, client.facts)
    assert not any(isnan(node.now) for node in tree(client.plan))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answers", [KNOWN, {"turnover": 1e6}, {**KNOWN, "active_customers": 0.0}])
def test_the_first_picture_draws(answers: dict[str, float], language: str, tmp_path: Path) -> None:
    client = client_of(begin({**answers}), tmp_path, language)
    words = Words(language=language, currency=client.currency)
    picture = tree_chart(tree(client.plan), words, department_names({}, words))
    assert "<svg" in picture.svg()


# ---------------------------------------------------------------- the file


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_examples_can_be_used_as_they_stand(language: str, tmp_path: Path) -> None:
    text = text_of(begin(KNOWN), language)
    used = re.sub(r"(?m)^( *)#(?! [^ ])(?=.)", r"\1", text)
    client = read_client(write(tmp_path, used))
    assert set(client.plan.now) == set(LEVERS)
    assert client.later is not None
    assert client.departments
    assert client.decisions
    assert client.variants
    assert client.plan.business.leads_per_manager == 90


def test_every_lever_stands_in_the_file_once() -> None:
    text = text_of(begin(KNOWN))
    for name in LEVERS:
        assert len(re.findall(rf"(?m)^  #?{name}: ", text)) == 1, name
    assert set(_EXAMPLES) | set(begin(KNOWN).levers) == set(LEVERS)


@pytest.mark.parametrize(
    "title", ['"quoted" \\ back', "<script>", "a: b # c", "null", "Жук 🐞", "x" * 300, "{{ 7*7 }}"]
)
def test_a_title_stays_text(title: str, tmp_path: Path) -> None:
    text = text_of(begin(KNOWN), title=title)
    assert read_client(write(tmp_path, text)).title == title


@given(st.floats(1e-8, 1e15), st.sampled_from(LANGUAGES), st.booleans())
def test_a_number_is_written_as_it_reads(value: float, language: str, share: bool) -> None:
    assert answer("leads", spelled(value, language)) == pytest.approx(value, rel=1e-14)
    typed = answer("leads", spelled(value, language, share=share, typed=False))
    assert typed == pytest.approx(value, rel=1e-11)


@pytest.mark.parametrize(
    ("text", "value"),
    [("", None), (" ? ", None), ("1 000 000", 1e6), ("1_000", 1e3), ("25%", 0.25), ("0,5", 0.5)],
)
def test_an_answer_is_spelled_as_in_the_file(text: str, value: float | None) -> None:
    assert answer("leads", text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("many", Code.NOT_A_NUMBER),
        ("1,000", Code.AMBIGUOUS_NUMBER),
        ("-1", Code.OUT_OF_RANGE),
        ("1e16", Code.OUT_OF_RANGE),
        ("nan", Code.NOT_A_NUMBER),
        ("inf", Code.NOT_A_NUMBER),
    ],
)
def test_what_is_no_answer_says_so(text: str, code: Code) -> None:
    with pytest.raises(ClientFileError) as caught:
        answer("leads", text)
    assert [p.code for p in caught.value.problems] == [code]


# ---------------------------------------------------------------- the folder


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("acme", None),
        ("Acme-2_b", None),
        ("7", None),
        ("сальдо", None),
        ("किताब", None),
        ("漢字", None),
        ("", Fault.EMPTY),
        ("x" * 300, Fault.TOO_LONG),
        ("x" * 60, None),
        ("../x", Fault.CHARACTERS),
        ("a/b", Fault.CHARACTERS),
        ("a\\b", Fault.CHARACTERS),
        (".", Fault.CHARACTERS),
        ("..", Fault.CHARACTERS),
        (".git", Fault.CHARACTERS),
        ("-x", Fault.CHARACTERS),
        ("a b", Fault.CHARACTERS),
        ("a.b", Fault.CHARACTERS),
        ("a\nb", Fault.CHARACTERS),
        ("a\0b", Fault.CHARACTERS),
        ("🐞", Fault.CHARACTERS),
        ("\u202eevil", Fault.CHARACTERS),
        ("con", Fault.RESERVED),
        ("LPT1", Fault.RESERVED),
        ("console", None),
        ("old", Fault.EXISTS),
        ("OLD", Fault.EXISTS),
    ],
)
def test_a_name_is_a_plain_folder_name(name: str, fault: Fault | None, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "client.yaml").touch()
    assert fault_of(plain(name), tmp_path) is fault


def test_a_folder_of_exports_becomes_a_client(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "orders.csv").touch()
    assert fault_of("acme", tmp_path) is None
    assert fault_of("acme", tmp_path / "nowhere") is None


def test_one_letter_is_typed_in_one_way() -> None:
    assert plain("и\u0306") == "й"


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "acme" / "client.yaml"
    write_new(file, "first\n")
    with pytest.raises(FileExistsError):
        write_new(file, "second\n")
    assert file.read_text() == "first\n"
    assert list(file.parent.iterdir()) == [file]


def test_a_file_system_without_links_gets_the_file_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    file = tmp_path / "acme" / "client.yaml"
    write_new(file, "first\n")
    with pytest.raises(FileExistsError):
        write_new(file, "second\n")
    assert [f.read_text() for f in file.parent.iterdir()] == ["first\n"]


def test_what_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_new(tmp_path / "acme" / "client.yaml", "text\n")
    assert list((tmp_path / "acme").iterdir()) == []
