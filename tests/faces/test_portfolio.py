"""The page of all clients: what the records say, in order, sorted and searched in a browser."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

from funnelkit.client.read import find, read_client
from funnelkit.faces.batch import Outcome
from funnelkit.faces.cells import WorkbookError
from funnelkit.faces.cli import main
from funnelkit.faces.inprocess import run_here
from funnelkit.faces.notebooks import NAMES, OWNER, PORTFOLIO, TWINS, notebook_of
from funnelkit.faces.portfolio import portfolio, write_index
from funnelkit.faces.record import recorded
from funnelkit.faces.workbook import OwnerLevel
from funnelkit.show.words import LANGUAGES
from tests.faces.test_report import foreign_words, visible
from tests.portfolios import DEMOS, demo, many, rows_of, written

ROOT = Path(__file__).parents[2]
HOSTILE = """</script></style><script>alert("x")</script>' & --> {{ 7 * 7 }}"""


def index(out: Path, *outcomes: Outcome, reader: str = "en") -> str:
    return write_index(outcomes, out, reader).read_text("utf-8")


def money(value: float, currency: str, language: str) -> str:
    plain = f"{value:,.0f}"
    if language == "ru":
        return plain.replace(",", "\xa0") + {"RUB": "\xa0₽", "USD": "\xa0$"}[currency]
    return f"${plain}" if currency == "USD" else f"{currency}\xa0{plain}"


def percent(share: float, language: str) -> str:
    number = f"{100 * share:.{2 if share < 0.01 else 1}f}"
    text = number.rstrip("0").rstrip(".") if "." in number else number
    return text.replace(".", ",") + "\xa0%" if language == "ru" else text + "%"


@pytest.fixture
def demos(tmp_path: Path) -> dict[str, dict[str, Any]]:
    records = {path.name: demo(path.name) for path in DEMOS.iterdir()}
    for name, record in records.items():
        written(tmp_path, name, record)
    return records


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_are_those_recorded(
    demos: dict[str, dict[str, Any]], tmp_path: Path, language: str
) -> None:
    found = {
        row.links[0].partition("/")[0]: row for row in rows_of(index(tmp_path, reader=language))
    }
    assert set(found) == set(demos)
    for name, record in demos.items():
        texts, values = found[name].texts, found[name].values
        a, b, plan, chance = (record[key] for key in ("a", "b", "reached", "probability"))
        assert record["title"] in texts[0]
        assert money(a, record["currency"], language) in texts[2]
        assert money(b, record["currency"], language) in texts[3]
        assert percent(plan / b, language) in texts[4]
        assert money(plan, record["currency"], language) in texts[4]
        assert percent(chance, language) in texts[5]
        sorted_by = [float(value) for value in values[2:7]]
        assert sorted_by == pytest.approx([a, b, plan / b, chance, plan / a])
        biggest = max(record["first_things"], key=lambda thing: thing["worth"])
        assert float(values[7]) == pytest.approx(biggest["worth"] / b)
        assert int(values[9]) == len(set(record["findings"]) - {"spare_capacity"})


def test_plan_against_fact_says_what_was_measured(tmp_path: Path) -> None:
    written(tmp_path, "petlya", demo("petlya"))
    (row,) = rows_of(index(tmp_path))
    # 13 of 30 days brought 176,000; October was counted as 338,000.
    forecast = 176_000 / 13 * 30
    assert "Nov 26: heading for RUB\xa0406K" in row.texts[8]
    assert "Oct 26: RUB\xa0338K" in row.texts[8]
    assert "lost most in: lead conversion" in row.texts[8]
    assert float(row.values[8]) == pytest.approx(forecast / 432_771.354419 - 1)
    assert "behind the plan" in row.texts[1]


def test_a_probability_that_nobody_states_is_missing_and_not_zero(tmp_path: Path) -> None:
    written(tmp_path, "x", demo("saldo") | {"probability": None})
    (row,) = rows_of(index(tmp_path))
    assert (row.texts[5].strip(), row.values[5]) == ("no data", None)


def test_an_old_record_shows_what_it_has(tmp_path: Path) -> None:
    old = demo("okna")
    del old["facts"], old["running"]
    old["findings"] = {gate: seen["worth"] for gate, seen in old["findings"].items()}
    written(tmp_path, "old", old)
    (row,) = rows_of(index(tmp_path))
    assert row.texts[8].strip() == "no data"
    assert "leads called junk" in row.texts[9]
    assert "{" not in row.texts[9]


def test_a_record_that_cannot_be_read_is_told_with_a_link(tmp_path: Path) -> None:
    written(tmp_path, "broken", "{")
    (row,) = rows_of(index(tmp_path))
    assert row.links == ["broken/report.html"]
    assert "no report" in row.texts[1]
    assert "cannot be read" in row.texts[2]


def test_a_failure_has_its_reason_and_the_former_reports_link(tmp_path: Path) -> None:
    written(tmp_path, "older", demo("saldo"))
    page = index(tmp_path, *(Outcome(client=n, reason=f"{n}\n  & why") for n in ("new", "older")))
    new, older = rows_of(page)
    assert (new.links, older.links) == ([], ["older/report.html"])
    assert "new\n  & why" in new.texts[2]
    assert "older\n  & why" in older.texts[2]


def test_links_lead_to_what_is_there(tmp_path: Path) -> None:
    files = ("report.html", "report.pdf", "report.xlsx")
    written(tmp_path, "a b#?%", demo("saldo"), files)
    written(tmp_path, "page", demo("saldo"))
    written(tmp_path, "paper", demo("saldo"), ("report.pdf",))
    links = [link for row in rows_of(index(tmp_path)) for link in row.links]
    assert sorted(links) == [
        *(f"a%20b%23%3F%25/{file}" for file in files),
        "page/report.html",
        "paper/report.pdf",
    ]


def test_nothing_that_others_typed_is_markup(tmp_path: Path) -> None:
    written(tmp_path, "one", demo("saldo") | {"title": HOSTILE})
    written(tmp_path, "javascript:alert(1)", demo("dom"))
    page = index(tmp_path, Outcome(client="two", reason=HOSTILE))
    assert page.count("<script") == page.count("</script") == 1
    assert page.count("<style") == page.count("</style") == 1
    hostile = [text for row in rows_of(page) for text in row.texts if HOSTILE in text]
    assert len(hostile) == 2
    assert not re.search(r'href="javascript:', page)
    assert set(re.findall(r"""(?:https?:)?//[^\s"'<>)]+""", page)) <= {"http://www.w3.org/2000/svg"}


def test_text_that_no_file_can_hold_is_shown_as_far_as_it_can(tmp_path: Path) -> None:
    written(tmp_path, "x", json.dumps(demo("dom") | {"title": "A\ud800B\x00C"}))
    page = index(tmp_path, Outcome(client="y\udcff", reason="no \udcff such file"))
    assert "A B C" in page
    assert "no \N{REPLACEMENT CHARACTER} such file" in page


def test_an_index_of_nothing_is_still_a_page(tmp_path: Path) -> None:
    page = index(tmp_path / "new", reader="ru")
    assert "Отчётов пока нет." in page
    assert page.rstrip().endswith("</html>")


def test_the_same_reports_give_the_same_page(tmp_path: Path) -> None:
    many(tmp_path, 12)
    assert index(tmp_path) == index(tmp_path)
    assert str(tmp_path) not in index(tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_readers_language(tmp_path: Path, language: str) -> None:
    many(tmp_path, 12)
    written(tmp_path, "0", "{")
    text = re.sub(r"\b(RUB|PDF|Excel)\b", "", visible(index(tmp_path, reader=language)))
    assert foreign_words(text, language) == set()


def test_a_batch_of_one_client_keeps_the_others(
    demos: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    clients = tmp_path / "clients"
    (clients / "acme").mkdir(parents=True)
    (clients / "acme" / "client.yaml").write_text("title: [unclosed")
    options = ["--language", "en", "--clients", str(clients), "--out", str(tmp_path)]
    result = CliRunner().invoke(main, ["batch", "acme", *options])
    assert f"Open {tmp_path / 'index.html'}" in result.stdout
    rows = rows_of((tmp_path / "index.html").read_text("utf-8"))
    assert rows[0].texts[0].strip() == "acme"
    assert "acme/client.yaml:1" in rows[0].texts[2]
    assert len(rows) == 1 + len(demos)


def test_three_hundred_clients_are_one_page_of_moderate_size(tmp_path: Path) -> None:
    many(tmp_path, 300)
    page = index(tmp_path)
    assert len(rows_of(page)) == 300
    assert len(page.encode()) < 1_000_000
    assert page.count("fk-spark") > 300


# The notebook.


def test_the_demos_results_are_what_their_notebooks_record() -> None:
    tracked = re.findall(r"!/data/clients/(\w+)/", (ROOT / ".gitignore").read_text("utf-8"))
    assert sorted(path.name for path in DEMOS.iterdir()) == sorted(tracked)
    for name in tracked:
        client = read_client(find(name, ROOT / "data" / "clients"))
        level = OwnerLevel(client, client.plan, "plan", client.language)
        assert level.record.data == demo(name), "run make notebooks"
    for language in ("en", *TWINS):
        record = recorded(nbformat.read(notebook_of(language, OWNER), as_version=4))
        assert record == demo(record["client"])


@pytest.mark.parametrize("language", ["en", *TWINS])
def test_run_here_a_notebook_shows_what_it_shows_in_a_kernel(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed = nbformat.read(notebook_of(language, PORTFOLIO), as_version=4)
    monkeypatch.chdir(tmp_path)
    ran = run_here(committed, {})
    assert nbformat.writes(ran) == nbformat.writes(committed)


def test_an_error_in_a_cell_is_raised() -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    with pytest.raises(ZeroDivisionError):
        run_here(notebook, {})


def shown(**parameters: object) -> Any:
    return portfolio({"links": None, "failed": None} | parameters, language="en")


def test_a_folder_is_found_from_here_upwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "reports", "mine", demo("dom"))
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert [entry.name for entry in shown(reports="reports").entries] == ["mine"]
    assert len(shown(reports="data/reports").entries) == 7
    assert "href" not in shown(reports="reports").table.html
    assert 'href="../reports/mine/' in shown(reports="reports", links="../reports/").table.html


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"reports": "nowhere"}, "reports: there is no folder “nowhere”"),
        ({"reports": 5}, "reports: found “5” where text is expected"),
        ({"reports": "x", "links": 5}, "links: found “5” where text is expected"),
        ({"reports": "x", "failed": "no"}, "failed: found “no” where text is expected"),
        ({"reports": "x", "report": "y"}, "report: .*did you mean “reports”"),
    ],
)
def test_a_wrong_parameter_is_told(parameters: dict[str, object], sentence: str) -> None:
    with pytest.raises(WorkbookError, match=sentence):
        shown(**parameters)


def test_the_record_has_what_the_table_is_sorted_by() -> None:
    clients = recorded(nbformat.read(notebook_of("en", PORTFOLIO), as_version=4))["clients"]
    assert clients["saldo"]["plan_of_b"] == pytest.approx(3_044_169.696 / 3_000_000)
    assert clients["petlya"]["attention"] == "behind"
    assert PORTFOLIO not in NAMES


# In a browser.


@pytest.fixture(scope="module")
def opened(
    chrome: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Page, dict[str, dict[str, Any]]]]:
    """Forty clients in a page of 1280 pixels, one of them failed."""
    out = tmp_path_factory.mktemp("portfolio")
    records = many(out, 40)
    write_index([Outcome(client="failed", reason="an Ёлка stood in the way")], out, "en")
    page = chrome.new_page(viewport={"width": 1280, "height": 900})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((out / "index.html").as_uri())
    yield page, records
    page.close()
    assert errors == []


def order(page: Page) -> list[str]:
    """Titles of the rows that are shown."""
    titles = page.locator(".fk-clients tbody tr:not([hidden]) .fk-title")
    return [text.strip() for text in titles.all_text_contents()]


def head(page: Page, name: str) -> Any:
    return page.locator(".fk-clients thead th").filter(has_text=name)


def press(page: Page, name: str) -> str | None:
    head(page, name).get_by_role("button").press("Enter")
    return head(page, name).get_attribute("aria-sort")


def test_columns_sort_as_numbers_both_ways(
    opened: tuple[Page, dict[str, dict[str, Any]]],
) -> None:
    page, records = opened
    asked = order(page)
    assert head(page, "Status").get_attribute("aria-sort") == "ascending"
    shares = {r["title"]: r["reached"] / r["b"] for r in records.values()}
    assert press(page, "The plan") == "ascending"
    assert order(page) == [*sorted(shares, key=lambda t: shares[t]), "failed"]
    assert press(page, "The plan") == "descending"
    assert order(page) == [*sorted(shares, key=lambda t: -shares[t]), "failed"]
    assert page.locator(".fk-clients [aria-sort]").count() == 1
    press(page, "Status")
    assert order(page) == asked


def test_what_is_missing_stays_last(opened: tuple[Page, dict[str, dict[str, Any]]]) -> None:
    page, records = opened
    unknown = {r["title"] for r in records.values() if r["probability"] is None} | {"failed"}
    for _way in range(2):
        press(page, "Probability")
        assert set(order(page)[-len(unknown) :]) == unknown


def test_sums_are_sorted_within_their_currency(
    opened: tuple[Page, dict[str, dict[str, Any]]],
) -> None:
    page, records = opened
    by_title = {r["title"]: (r["currency"], r["b"]) for r in records.values()}
    for way, sign in (("ascending", 1), ("descending", -1)):
        assert press(page, "Point B") == way
        found = [by_title[title] for title in order(page) if title in by_title]
        assert found == sorted(found, key=lambda pair: (pair[0], sign * pair[1]))
    assert {currency for currency, _b in by_title.values()} == {"RUB", "USD"}


def test_search_filters_rows_by_all_words(
    opened: tuple[Page, dict[str, dict[str, Any]]],
) -> None:
    page, _records = opened
    field, said = page.get_by_role("searchbox"), page.get_by_role("status")
    every = order(page)
    for typed, shown_now in (
        ("  ЕЛКА ", ["failed"]),
        ("007", ["007"]),
        ("елка way", ["failed"]),
        ("007 ёлка", []),
        ("", every),
    ):
        field.fill(typed)
        assert order(page) == shown_now
        assert said.text_content() == f"{len(shown_now)} of {len(every)} shown"


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_not_wider_than_the_window(
    opened: tuple[Page, dict[str, dict[str, Any]]], width: int
) -> None:
    page, _records = opened
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    table = page.locator(".fk-clients").bounding_box()
    assert table is not None
    assert table["x"] + table["width"] <= width
    page.set_viewport_size({"width": 1280, "height": 900})


def test_without_javascript_the_table_is_whole(chrome: Browser, tmp_path: Path) -> None:
    many(tmp_path, 7)
    write_index([], tmp_path, "en")
    context = chrome.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto((tmp_path / "index.html").as_uri())
        assert page.get_by_role("row").count() >= 8
        assert page.get_by_role("columnheader", name="Point A").count() == 1
        assert page.locator("button, input").count() == 0
    finally:
        context.close()


def test_no_title_runs_as_a_script(chrome: Browser, tmp_path: Path) -> None:
    written(tmp_path, "one", demo("saldo") | {"title": HOSTILE})
    write_index([Outcome(client="two", reason=HOSTILE)], tmp_path, "en")
    page = chrome.new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto((tmp_path / "index.html").as_uri())
    assert page.locator(".fk-title", has_text='alert("x")').count() == 1
    assert page.get_by_role("searchbox").count() == 1
    page.close()
    assert said == []
