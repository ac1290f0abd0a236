"""The workbook as a file: its texts, names and bytes."""

import html
import json
import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from xlsxwriter.worksheet import Worksheet

from funnelkit.client.read import find, read_client
from funnelkit.model.levers import LEVERS, Unit
from funnelkit.show.channel_definitions import channel_definitions_table
from funnelkit.show.definitions import definitions_table
from funnelkit.show.excel import sheet
from funnelkit.show.excel.book import workbook
from funnelkit.show.words import Words
from tests.client.files import SMALL, write
from tests.faces.test_report import foreign_words
from tests.show.excel.recalculated import names_of, stored

HOSTILE = (
    '=HYPERLINK("http://x.y","z")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "=cmd|'/c calc'!A1",
    "{=1+1}",
    "http://x.y",
    "0012",
    "{leads}{n}",
    "</t><f>1+1</f>",
)


def book(path: Path, language: str = "") -> bytes:
    client = read_client(path)
    words = Words(language=language or client.language, currency=client.currency)
    return workbook(client, client.scenario(), words)


def parts(content: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(content)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def reckoned(content: bytes) -> list[str]:
    """Everything that a program reckons with, and no text."""
    found = []
    for name, text in parts(content).items():
        if name.startswith("xl/worksheets/sheet"):
            found += re.findall(r"<(?:f|formula|formula1|formula2)>([^<]*)</", text)
        if name == "xl/workbook.xml":
            found += re.findall(r"<definedName.*?</definedName>", text)
    return found


def texts(content: bytes) -> list[str]:
    """Everything that a reader sees, notes and the names of sheets included."""
    files = parts(content)
    shown = [text for name, text in files.items() if name.startswith(("xl/shared", "xl/comments"))]
    found = [html.unescape(t) for file in shown for t in re.findall(r"<t[^>]*>([^<]*)</t>", file)]
    return found + re.findall(r'<sheet name="([^"]+)"', files["xl/workbook.xml"])


def test_the_same_client_is_the_same_bytes() -> None:
    content = book(find("saldo"))
    assert book(find("saldo")) == content
    with ZipFile(BytesIO(content)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_no_formula_names_what_excel_learned_later(monkeypatch: pytest.MonkeyPatch) -> None:
    content = book(find("saldo"))
    monkeypatch.setattr(sheet, "PlainWorksheet", Worksheet)  # which looks for all of them
    assert book(find("saldo")) == content


@pytest.fixture(scope="module")
def harmless() -> list[str]:
    return reckoned(book(find("saldo")))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_client_typed_is_never_a_formula(
    text: str, harmless: list[str], tmp_path: Path
) -> None:
    file = find("saldo").read_text(encoding="utf-8")
    for typed in (
        "Бухгалтерия «Сальдо»",
        "Экспресс-аудит учёта",
        "Контекстная реклама",
        "банковская выписка за сентябрь 2026",
    ):
        assert re.search(rf"(?m)^[^#]*{re.escape(typed)}", file)
        file = file.replace(typed, json.dumps(text))
    content = book(write(tmp_path, file))
    assert reckoned(content) == harmless
    assert not any("hyperlink" in part for part in parts(content).values())
    cells = [cell for rows in stored(content).sheets.values() for row in rows for cell in row]
    assert cells.count(text) == 4  # the channel stands on two sheets
    assert f"{text}: цена" in cells


@pytest.mark.parametrize(
    ("name", "language"), [("saldo", "ru"), ("dom", "ru"), ("mealbox", "en"), ("harbor", "en")]
)
def test_it_speaks_one_language(name: str, language: str) -> None:
    shown = texts(book(find(name), language))
    assert len(shown) > 200
    assert foreign_words(" ".join(shown), language) == set()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_it_says_what_every_word_means(language: str) -> None:
    content, words = book(find("saldo"), language), Words(language=language)
    rows = stored(content).sheets[words("Definitions")]
    for table in (definitions_table(words), channel_definitions_table(words)):
        assert len(table.rows) > 20
        for row in table.rows:
            assert [str(cell) for cell in row] in rows


def test_every_lever_has_its_cells_a_rule_and_a_note() -> None:
    content = book(find("dom"))
    names, files = names_of(content), parts(content)
    rules = dict(
        re.findall(
            r'<dataValidation [^>]*sqref="(\w+)">(.*?)</dataValidation>',
            files["xl/worksheets/sheet1.xml"],
        )
    )
    noted = set(re.findall(r'<comment ref="(\w+)"', files["xl/comments1.xml"]))
    for lever in LEVERS.values():
        for end in ("now", "plan", "best"):
            _sheet, cell = names[f"{lever.name}_{end}"]
            upper = "<formula2>1</formula2>" if lever.unit is Unit.SHARE else ""
            assert rules[cell] == f"<formula1>0</formula1>{upper}"
        row = names[f"{lever.name}_start"][1].lstrip("ABCDEFG")
        assert f"A{row}" in noted


def test_a_number_that_is_not_known_is_no_0(tmp_path: Path) -> None:
    known = stored(book(write(tmp_path, SMALL)))
    assert known["margin_now"] == known["margin_plan"] == [""]
    assert known["leads_per_manager"] == [""]
    assert known["months_revenue"] == [1000.0] * 6
    assert known["months_profit"] == known["months_cac"] == [""] * 6


def test_excel_2016_and_libreoffice_7_know_every_function() -> None:
    found = set()
    for name in ("saldo", "dom"):
        formulas = [html.unescape(formula) for formula in reckoned(book(find(name)))]
        assert max(len(formula) for formula in formulas) < 8192
        found |= {f for formula in formulas for f in re.findall(r"([A-Z]+)\(", formula)}
    known = {"AND", "COUNT", "IF", "IFERROR", "INDEX", "INT", "ISERROR", "MAX", "MIN", "NA"}
    assert found <= known | {"OR", "SUM", "SUMIF"}
