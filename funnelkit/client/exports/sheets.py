"""Tables of workbooks, and of the pages that some systems save under the name of one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO

from funnelkit.client.exports.grid import HEAD, Grid, Head, Row, squared
from funnelkit.client.exports.problems import ExportError, Refusal

__all__ = ["html_heads", "workbook_heads"]


def workbook_heads(data: bytes) -> Iterator[Head]:
    """Open a workbook's sheets.

    Raises
    ------
    ExportError
        For a workbook that cannot be opened.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        ]
    except (CalamineError, OSError, ValueError) as error:
        raise ExportError(Refusal.BROKEN_WORKBOOK, found=error) from error
    for name, rows in sheets:
        if rows:
            yield Head(rows=list(rows[:HEAD]), body=_RowsBody(rows), name=name)


@dataclass(frozen=True, slots=True)
class _RowsBody:
    rows: Sequence[Row]

    def __call__(self, place: int) -> Grid:
        headings = [str(cell) for cell in self.rows[place]]
        while len(headings) > 1 and not headings[-1].strip():
            headings.pop()
        below = self.rows[place + 1 :]
        lines = list(range(place + 2, place + 2 + len(below)))
        return squared(list(below), lines, headings)


class _Tables(HTMLParser):
    """Collects the cells of a page's tables, nested ones not apart."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[object]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag == "tr":
            self._close()
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self._close()
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._close()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _close(self) -> None:
        if self._cell is not None:
            self.rows[-1].append("".join(self._cell).strip())
            self._cell = None


def html_heads(text: str) -> Iterator[Head]:
    """Read the table of a page: Bitrix24 saves such under the name of an old workbook."""
    tables = _Tables()
    tables.feed(text)
    tables.close()
    rows = [row for row in tables.rows if row]
    if rows:
        yield Head(rows=[*rows[:HEAD]], body=_RowsBody(rows))
