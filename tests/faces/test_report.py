"""The report as a file: in one language, from one file, the same every time."""

import copy
import html
import re
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from funnelkit.faces.notebooks import BOARD_TAG, MARKETER, execute, notebook_of
from funnelkit.faces.record import recorded
from funnelkit.faces.report import APPENDIX_TAG, WORKSHOP_TAG, joined, report_html
from funnelkit.show.words import Words

pytestmark = pytest.mark.usefixtures("warm")

ROOT = Path(__file__).parents[2]
CLIENTS = {"ru": "saldo", "en": "mealbox"}

# Terms that Russian marketing uses as they are, and the demo's and our own name.
LATIN = {"LTV", "CAC", "CRM", "SMART", "PERT", "LMDI", "PR", "funnelkit"}
LATIN |= {"CTR", "CPC", "CPL", "CPM", "CPO", "ROAS", "ROMI", "ROI", "EBITDA"}


@pytest.fixture(scope="module", params=CLIENTS)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def notebook(language: str) -> NotebookNode:
    file = ROOT / "data" / "clients" / CLIENTS[language] / "client.yaml"
    return execute(notebook_of(language), {"client": str(file)}, ROOT)


@pytest.fixture(scope="module")
def marketer(language: str) -> NotebookNode:
    file = ROOT / "data" / "clients" / CLIENTS[language] / "client.yaml"
    return execute(notebook_of(language, MARKETER), {"client": str(file)}, ROOT)


@pytest.fixture(scope="module", params=["both levels", "the owner's alone"])
def report(
    request: pytest.FixtureRequest, notebook: NotebookNode, marketer: NotebookNode, language: str
) -> str:
    levels = [notebook, marketer] if request.param == "both levels" else [notebook]
    return report_html(joined(levels), language)


def visible(page: str) -> str:
    """Everything a reader of the page can see or hear, names of pictures included."""
    names = re.findall(r'(?:aria-label|title|alt)="([^"]*)"', page)
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return html.unescape(" ".join([*names, re.sub(r"<[^>]+>", " ", body)]))


def foreign_words(text: str, language: str) -> set[str]:
    """Words that are not in the reader's script, terms aside."""
    if language == "en":
        return set(re.findall(r"[А-Яа-яЁё]+", text))
    return set(re.findall(r"[A-Za-z]{2,}", text)) - LATIN


def test_a_foreign_word_is_found() -> None:
    assert foreign_words("Выручка revenue LTV", "ru") == {"revenue"}
    assert foreign_words("Revenue Выручка", "en") == {"Выручка"}


def test_the_report_is_in_one_language(report: str, language: str) -> None:
    assert foreign_words(visible(report), language) == set()


@pytest.mark.parametrize("level", ["notebook", "marketer"])
def test_charts_speak_one_language_too(
    level: str, language: str, request: pytest.FixtureRequest
) -> None:
    """Every text of every picture, before it is drawn."""
    specs = [
        data
        for cell in request.getfixturevalue(level).cells
        for output in cell.get("outputs", [])
        for kind, data in output.get("data", {}).items()
        if "vegalite" in kind
    ]
    expected = {"notebook": 10, "marketer": 5}
    assert len(specs) == expected[level]  # one of them is the board as it opens
    texts = [
        text
        for spec in specs
        for rows in spec["datasets"].values()
        for row in rows
        for text in (row.get("text"), row.get("label"), row.get("title"))
        if isinstance(text, str)
    ]
    assert len(texts) > 50
    assert foreign_words(" ".join(texts), language) == set()


def test_the_page_needs_nothing_from_outside(report: str) -> None:
    addresses = set(re.findall(r"""(?:https?:)?//[^\s"'<>)]+""", report))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "<script" not in report
    assert "<link" not in report
    assert "@import" not in report


def test_code_and_workshop_stay_out(report: str) -> None:
    assert "owner_level(" not in report
    assert "owner.tree" not in report
    assert "marketer_level(" not in report
    assert "marketer.need" not in report
    assert "<h1" in report


def test_every_id_is_there_once(report: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', report)
    assert len(ids) == len(set(ids))
    used = re.findall(r"url\(#([^)]+)\)", report) + re.findall(r'xlink:href="#([^"]+)"', report)
    assert set(used) <= set(ids)


def test_every_picture_has_a_text_alternative_and_its_numbers(report: str) -> None:
    pictures = re.findall(r"<figure.*?</figure>", report, flags=re.DOTALL)
    assert len(pictures) in (9, 9 + 4)
    for picture in pictures:
        assert re.search(r'<svg[^>]*role="img"', picture)
        assert len(re.search(r'aria-label="([^"]*)"', picture)[1]) > 30
        assert "<table" in picture


def test_the_same_notebook_gives_the_same_page(notebook: NotebookNode, language: str) -> None:
    one, other = (report_html(copy.deepcopy(notebook), language) for _time in range(2))
    assert one == other


# The demo clients have no months gone, and that in English no product line.
EMPTY = {
    "en": {"1-facts-why", "1-facts", "1-facts-table", "1-anew", "2-ladder-why", "2-ladder"},
    "ru": {"1-facts-why", "1-facts", "1-facts-table", "1-anew"},
}


def test_one_report_holds_both_levels_and_their_appendices_come_last(
    notebook: NotebookNode, marketer: NotebookNode, language: str
) -> None:
    whole = joined([notebook, marketer])
    ids = [cell.id for cell in whole.cells]
    numbered = [(1, cell.id) for cell in notebook.cells] + [(2, cell.id) for cell in marketer.cells]
    assert {f"{number}-{name}" for number, name in numbered} - set(ids) == EMPTY[language]
    assert len(set(ids)) == len(ids)
    late = [APPENDIX_TAG in cell.metadata.get("tags", []) for cell in whole.cells]
    assert late == sorted(late)
    assert any(late)
    assert [i for i in ids if i.startswith("1-")] == [
        f"1-{cell.id}"
        for wanted in (False, True)
        for cell in notebook.cells
        if (APPENDIX_TAG in cell.metadata.get("tags", [])) is wanted
        and f"1-{cell.id}" not in EMPTY[language]
    ]
    assert ids.index("1-months") < ids.index("2-open") < ids.index("2-months")
    assert ids.index("2-months") < ids.index("1-shapley") < ids.index("2-inputs")
    assert recorded(whole) == recorded(notebook)
    assert notebook.cells[0].id == "title"  # what was joined stays as it was


def test_a_report_of_both_levels_says_what_each_says(
    notebook: NotebookNode, marketer: NotebookNode, language: str
) -> None:
    page = visible(report_html(joined([notebook, marketer]), language))
    words = Words(language=language, currency=recorded(notebook)["currency"])
    record = recorded(marketer)
    for text in (
        words.money(record["total"]["plan"]["media"]),
        words.money(record["total"]["plan"]["net_profit"]),
        words("The channels against the owner's level"),
        words("The media plan month by month"),
        *record["channels"],
    ):
        assert text in page
    assert page.index(words("The media plan month by month")) < page.index(
        words("The channels' inputs and where they come from")
    )


def test_a_notebook_without_results_is_refused() -> None:
    with pytest.raises(LookupError, match="recorded no results"):
        report_html(nbformat.v4.new_notebook(), "en")


def test_tags_that_the_report_knows_are_those_of_the_notebook() -> None:
    cells = nbformat.read(notebook_of("en"), as_version=4).cells
    tags = {tag for cell in cells for tag in cell.metadata.get("tags", [])}
    assert {BOARD_TAG, WORKSHOP_TAG, "nbval-ignore-output", "parameters"} <= tags


NOTHING_MOVES = """\
title: Just enough
language: en
currency: KZT
goal: {month: 2026-11, months: 1, a: 500 000, b: 1 500 000}
levers:
  visitors: 1 000
  lead_rate: 5%
  average_check: 10 000
"""


def test_the_least_that_a_file_can_say_makes_a_report(tmp_path: Path) -> None:
    file = tmp_path / "client.yaml"
    file.write_text(NOTHING_MOVES, encoding="utf-8")
    page = report_html(execute(notebook_of("en"), {"client": str(file)}, ROOT), "en")
    text = " ".join(visible(page).split())
    assert "The plan moves nothing yet." in text
    assert "The plan falls short of B by KZT\xa01,000,000." in html.unescape(page)
    assert "nan" not in text.lower().split()
