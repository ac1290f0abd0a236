from io import BytesIO
from zipfile import ZipFile

import pytest

from funnelkit.client.exports import sniff as module
from funnelkit.client.exports.problems import ExportError, Refusal
from funnelkit.client.exports.sniff import sniff
from tests.client.exports.samples import workbook

TEXT = "Дата;Расход, ₽\n01.07.2026;5\n"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_text_is_read_in_its_encoding(encoding: str, named: str) -> None:
    latin = "Day;Cost\n" * 50 + TEXT
    found = sniff(latin.encode(encoding))
    assert (found.kind, found.encoding, found.text) == ("text", named, latin)


def test_windows_text_is_cp1251() -> None:
    text = TEXT.replace("₽", "руб.")
    found = sniff(text.encode("cp1251"))
    assert (found.encoding, found.text) == ("cp1251", text)


def test_a_mark_makes_text_of_16_bits_known() -> None:
    found = sniff(b"\xfe\xff" + TEXT.encode("utf-16-be"))
    assert found.text == TEXT


def test_a_workbook_is_one_under_any_name() -> None:
    assert sniff(workbook([["a"]])).kind == "workbook"


def test_a_page_is_one() -> None:
    assert sniff(b"\xef\xbb\xbf <!DOCTYPE HTML><table></table>").kind == "html"


def archive() -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as file:
        file.writestr("report.csv", TEXT)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Refusal.EMPTY),
        (b" \r\n\t", Refusal.EMPTY),
        (b"\xef\xbb\xbf", Refusal.EMPTY),
        (b"%PDF-1.7 ...", Refusal.PDF),
        (b"\x89PNG\r\n\x1a\n", Refusal.PICTURE),
        (b"\xff\xd8\xff\xe0", Refusal.PICTURE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Refusal.OLD_EXCEL),
        (b"\x1f\x8b\x08", Refusal.ARCHIVE),
        (archive(), Refusal.ARCHIVE),
        (workbook([["a"]])[:200], Refusal.BROKEN_WORKBOOK),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, code: Refusal) -> None:
    with pytest.raises(ExportError) as raised:
        sniff(data)
    assert raised.value.problem.code is code


@pytest.mark.parametrize(
    ("data", "code", "row"),
    [
        (b"Day;Cost\n5;\x007\n", Refusal.CHARACTER, 2),
        (b"Day;Cost\n\n5;\x1b7\n", Refusal.CHARACTER, 3),
        (TEXT.encode() + "Итого".encode("cp1251"), Refusal.ENCODING, 3),
        (TEXT.encode()[:-12] + b"\xd0", Refusal.ENCODING, 2),
        (b"\xef\xbb\xbfDay\n\xff\n", Refusal.ENCODING, 2),
        (b"\xff\xfeD\x00a", Refusal.ENCODING, 1),
        ("Отчёт\nДата".encode("cp1251") + b"\x98", Refusal.ENCODING, 2),
    ],
)
def test_what_no_text_has_is_refused_by_its_line(data: bytes, code: Refusal, row: int) -> None:
    with pytest.raises(ExportError) as raised:
        sniff(data)
    assert (raised.value.problem.code, raised.value.problem.row) == (code, row)


def test_a_file_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 10)
    with pytest.raises(ExportError) as raised:
        sniff(b"0123456789a")
    assert raised.value.problem.values == {"bytes": 11, "most": 10}


def test_a_workbook_that_unpacks_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_UNPACKED", 10)
    with pytest.raises(ExportError) as raised:
        sniff(workbook([["a"]]))
    assert raised.value.problem.code is Refusal.TOO_LARGE
