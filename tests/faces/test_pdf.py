"""Reports on paper: whole, readable, numbered, and the same every time."""

import html
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unicodedata import normalize

import nbformat
import pytest
from playwright.async_api import Error
from playwright.sync_api import Browser

from funnelkit.faces import pdf
from funnelkit.faces.notebooks import MARKETER, OWNER, notebook_of
from funnelkit.faces.pdf import PdfError, PdfProblem, Printer, pdf_sentence, printer
from funnelkit.faces.report import joined, report_html
from funnelkit.show.words import LANGUAGES, Words
from tests.faces.printed import pages

WRITABLE = int((210 - 2 * 13) / 25.4 * 96)
"""Pixels of paper between its margins."""


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Printer]:
    with printer(chromium) as running:
        yield running


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def report(language: str) -> str:
    return report_html(nbformat.read(notebook_of(language), as_version=4), language)


@pytest.fixture(scope="module")
def printed(report: str, browser: Printer, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("printed")
    (folder / "report.html").write_text(report, "utf-8")
    browser.print(folder / "report.html", folder / "out" / "report.pdf")
    return (folder / "out" / "report.pdf").read_bytes()


def tight(text: str) -> str:
    return "".join(normalize("NFKC", html.unescape(re.sub(r"<[^>]+>", "", text))).split())


def number(words: Words, page: int, of: int) -> str:
    return tight(words("Page {page} of {pages}", page=page, pages=of))


def test_every_page_has_its_number_in_the_reports_language(printed: bytes, language: str) -> None:
    read = pages(printed)
    assert len(read) > 5
    for place, text in enumerate(read, start=1):
        assert number(Words(language=language), place, len(read)) in text


def test_all_that_the_page_says_is_on_paper(printed: bytes, report: str) -> None:
    read = "".join(pages(printed))
    # Beside the numbers behind the pictures, which are folded, and headings' links to themselves.
    shown = re.sub(r'(?s)<details>.*?</details>|<a class="anchor.*?</a>', "", report)
    said = re.findall(r"(?s)<(h1|h2|p|caption|td)(?: [^>]*)?>(.*?)</\1>", shown)
    assert len(said) > 300
    assert [text for _tag, text in said if tight(text) not in read] == []


def test_no_table_is_wider_than_its_paper(language: str, chrome: Browser, tmp_path: Path) -> None:
    """Every page of a PDF becomes smaller by as much as one of its tables is too wide."""
    levels = [
        nbformat.read(notebook_of(language, name), as_version=4) for name in (OWNER, MARKETER)
    ]
    (tmp_path / "report.html").write_text(report_html(joined(levels), language), "utf-8")
    page = chrome.new_page(viewport={"width": WRITABLE, "height": 1000})
    page.emulate_media(media="print")
    page.goto((tmp_path / "report.html").as_uri())
    tables = page.locator(".fk-table").evaluate_all("them => them.map(it => it.offsetWidth)")
    page.close()
    assert len(tables) > 30
    assert max(tables) <= WRITABLE


def test_every_font_is_in_the_file(printed: bytes) -> None:
    parts = dict(re.findall(rb"\n(\d+) 0 obj\n(.*?)\nendobj", printed, re.DOTALL))
    fonts = [body for body in parts.values() if b"/Subtype /CIDFontType" in body]
    assert len(fonts) > 1
    for font in fonts:
        assert b"/FontFile" in parts[re.search(rb"/FontDescriptor (\d+)", font)[1]]


def test_the_same_page_gives_the_same_file(
    printed: bytes, report: str, browser: Printer, tmp_path: Path
) -> None:
    (tmp_path / "again.html").write_text(report, "utf-8")
    browser.print(tmp_path / "again.html", tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == printed
    assert b"Date" not in printed.split(b"endobj")[0]


def test_what_was_printed_before_leaves_no_trace(
    printed: bytes, report: str, browser: Printer, tmp_path: Path
) -> None:
    """A browser's process counts on where it shows one page after another."""
    (tmp_path / "again.html").write_text(report, "utf-8")
    address = (tmp_path / "again.html").as_uri()
    first, second = (pdf._result(browser._printed(address), browser._loop) for _ in range(2))
    assert re.findall(rb"\(node\d+\)", first) != re.findall(rb"\(node\d+\)", second)
    assert pdf._timeless(first) == pdf._timeless(second) == printed


def test_several_at_a_time_are_the_same_as_one_after_another(
    printed: bytes, report: str, browser: Printer, tmp_path: Path
) -> None:
    (tmp_path / "report.html").write_text(report, "utf-8")
    (tmp_path / "short.html").write_text("<p>Short</p>", "utf-8")
    names = ["report", "short"] * 3
    made = [tmp_path / f"{number}.pdf" for number in range(len(names))]
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(browser.print, [tmp_path / f"{name}.html" for name in names], made))
    whole, short = ({file.read_bytes() for file in made[start::2]} for start in (0, 1))
    assert whole == {printed}
    assert len(short) == 1


@pytest.mark.parametrize("fails", ["none.html", "chrome://crash"])
def test_after_a_page_that_fails_others_are_printed(
    fails: str, printed: bytes, report: str, browser: Printer, tmp_path: Path
) -> None:
    (tmp_path / "report.html").write_text(report, "utf-8")
    browser.print(tmp_path / "report.html", tmp_path / "report.pdf")
    address = fails if ":" in fails else (tmp_path / fails).as_uri()
    with pytest.raises(Error):
        pdf._result(browser._printed(address), browser._loop)
    browser.print(tmp_path / "report.html", tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes() == printed


def test_a_tab_that_has_gone_meanwhile_is_replaced(
    printed: bytes, report: str, browser: Printer, tmp_path: Path
) -> None:
    (tmp_path / "report.html").write_text(report, "utf-8")
    browser.print(tmp_path / "report.html", tmp_path / "first.pdf")
    pdf._result(browser._idle[-1].close(), browser._loop)
    browser.print(tmp_path / "report.html", tmp_path / "second.pdf")
    assert (tmp_path / "second.pdf").read_bytes() == printed


def table(rows: int) -> str:
    body = "".join(f"<tr><th>row{row:02}row</th><td>x</td></tr>" for row in range(rows))
    head = "<thead><tr><th>Head</th><th>y</th></tr></thead>"
    foot = '<tr><td class="fk-note" colspan="2">Note</td></tr>'
    return (
        f'<div class="fk-wide"><table class="fk-table"><caption>Caption</caption>{head}'
        f"<tbody>{body}{foot}</tbody></table></div>"
    )


def on_paper(browser: Printer, folder: Path, report: str, body: str) -> list[str]:
    """Print something in place of a report's content."""
    page = re.sub(r"(?s)(<main[^>]*>).*(</main>)", lambda found: found[1] + body + found[2], report)
    (folder / "page.html").write_text(page, "utf-8")
    browser.print(folder / "page.html", folder / "page.pdf")
    return pages((folder / "page.pdf").read_bytes())


@pytest.mark.parametrize("above", [60, 175, 215, 235, 250])
def test_a_table_that_fits_on_a_page_is_on_one_with_its_heading(
    above: int, browser: Printer, report: str, tmp_path: Path
) -> None:
    heading = '<div class="fk-text"><h2>Heading</h2><p>Words</p></div>'
    body = f'<div style="height: {above}mm">Above</div>{heading}{table(12)}'
    read = on_paper(browser, tmp_path, report, body)
    whole = ["Heading", "Words", "Caption", "Head", "Note", *(f"row{n:02}row" for n in range(12))]
    assert any(all(part in text for part in whole) for text in read)


@pytest.mark.parametrize("above", [60, 215, 230, 240, 250])
def test_a_longer_table_goes_on_under_its_head_and_leaves_no_row_alone(
    above: int, browser: Printer, report: str, tmp_path: Path
) -> None:
    body = f'<div style="height: {above}mm">Above</div>{table(80)}'
    read = [text for text in on_paper(browser, tmp_path, report, body) if "row" in text]
    assert len(read) > 1
    assert sum(text.count("row") for text in read) == 160
    for text in read:
        assert "Head" in text
        assert text.count("row") >= 4


def test_a_picture_is_never_cut_nor_without_its_heading(
    browser: Printer, report: str, tmp_path: Path
) -> None:
    drawing = '<svg class="fk-svg" viewBox="0 0 100 60"><text y="9" font-size="9">{}</text></svg>'
    lower = drawing.replace('y="9"', 'y="59"').format("Low")
    figure = f'<figure class="fk-figure"><div class="fk-drawing">{lower}</div></figure>'
    figure = figure.replace("<text", '<text y="9" font-size="9">High</text><text')
    heading = '<div class="fk-text"><h2>Heading</h2><p>Words</p></div>'
    body = f'<div style="height: 200mm">Above</div>{heading}{figure}'
    read = on_paper(browser, tmp_path, report, body)
    whole = ["Heading", "Words", "High", "Low"]
    assert [[part in text for part in whole] for text in read] == [[False] * 4, [True] * 4]


def test_light_edges_of_letters_have_no_curves(
    browser: Printer, report: str, tmp_path: Path
) -> None:
    drawing = '<svg class="fk-svg" viewBox="0 0 100 60"><text y="30" stroke="white" {}>Edge</text>'
    made = set()
    for shape in ('stroke-linejoin="round"', 'stroke-linejoin="bevel"'):
        on_paper(browser, tmp_path, report, f"{drawing.format(shape)}</svg>")
        made.add((tmp_path / "page.pdf").read_bytes())
    assert len(made) == 1


def test_links_are_kept_and_code_is_not_run(browser: Printer, report: str, tmp_path: Path) -> None:
    body = (
        '<p><a href="https://example.org/a?b=1">Link</a></p>'
        "<script>document.querySelector('main').append('Written')</script>"
    )
    (text,) = on_paper(browser, tmp_path, report, body)
    assert "Link" in text
    assert "Written" not in text
    assert b"/URI (https://example.org/a?b=1)" in (tmp_path / "page.pdf").read_bytes()


def test_without_a_browser_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_BROWSERS", ("no-such-browser",))
    with pytest.raises(PdfError) as raised, printer():
        pass
    assert raised.value.problem is PdfProblem.NO_BROWSER
    assert "Chrome" in pdf_sentence(raised.value, Words(language="en"))


def test_a_browser_that_does_not_start_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(PdfError) as raised, printer(broken):
        pass
    assert raised.value.problem is PdfProblem.BROWSER
    assert raised.value.found in pdf_sentence(raised.value, Words(language="ru"))


def test_a_browser_that_ends_leaves_the_former_file(chromium: Path, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>Text</p>")
    (tmp_path / "page.pdf").write_text("former")
    with printer(chromium) as running:
        pdf._result(running._context.close(), running._loop)
        with pytest.raises(PdfError):
            running.print(tmp_path / "page.html", tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_text() == "former"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["page.html", "page.pdf"]
