"""A table of texts out of a file: from the row of headings on, row by row of one width."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.exports.column import Column
from funnelkit.client.exports.problems import ExportError, Refusal
from funnelkit.client.exports.rows import is_blank, is_total

__all__ = ["HEAD", "SEPARATORS", "Grid", "Head", "Row", "read_body", "squared", "text_heads"]

SEPARATORS = (";", ",", "\t", "|")

HEAD = 60
"""Rows at the top among which the headings are looked for."""

WIDEST = 2000
"""Columns that a table may have; an account with hundreds of own fields has some 300."""

FOOTERS = 20
"""Lines of prose that may stand below a table."""

TOP = 2_000_000
"""Characters in which the top is looked for."""

Row = Sequence[object]

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The top of a file, split in one of the possible ways.

    Attributes
    ----------
    rows : list of rows
        Cells as texts; numbers and dates too where the file has such.
    body : callable
        Takes the place of the headings among the rows and returns the grid below them.
    name : str
        Of the sheet; empty elsewhere.
    """

    rows: list[Row]
    body: Callable[[int], "Grid"]
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The table below its headings.

    Attributes
    ----------
    columns : tuple of Column
    lines : ndarray of int, shape (rows,)
        Line of the file or row of the sheet that each row begins on, counted from 1.
    footers : tuple of str
        Lines of text that were left out at the end, since they have no columns.
    """

    columns: tuple[Column, ...]
    lines: NDArray[np.int64]
    footers: tuple[str, ...] = ()


def text_heads(text: str) -> Iterator[Head]:
    """Split the top of a text at each separator that it has."""
    for separator in SEPARATORS:
        if separator not in text[:TOP]:
            continue
        top = StringIO(text[:TOP], newline="")
        rows: list[Row] = []
        ends: list[int] = []
        try:
            for row in islice(csv.reader(_lines(top), delimiter=separator), HEAD):
                rows.append(row)
                ends.append(top.tell())
        except csv.Error:
            pass  # what was read before still has the headings, or has not
        if rows:
            yield Head(rows=rows, body=_TextBody(text, separator, rows, ends))


def _lines(top: StringIO) -> Iterator[str]:
    """Read line by line with `readline`, which leaves `tell` right behind each."""
    while line := top.readline():
        yield line


@dataclass(frozen=True, slots=True)
class _TextBody:
    text: str
    separator: str
    rows: list[Row]
    ends: list[int]

    def __call__(self, place: int) -> Grid:
        headings = [str(cell) for cell in self.rows[place]]
        while len(headings) > 1 and not headings[-1].strip():
            headings.pop()
        end = self.ends[place]
        line = len(_LINE_END.findall(self.text, 0, end)) + 1
        return read_body(self.text[end:], self.separator, headings, line)


def read_body(text: str, separator: str, headings: list[str], line: int) -> Grid:
    """Read a text's rows below the headings.

    Quickly where each line is a row of the headings' width, or else row by row.

    Raises
    ------
    ExportError
        For a row that is too short or too long, a quote that is not closed, and no rows.
    """
    if len(headings) > WIDEST:
        raise ExportError(Refusal.RAGGED, row=line - 1, found=len(headings), most=WIDEST)
    grid = _quickly(text, separator, headings, line)
    return grid or _row_by_row(text, separator, headings, line)


def _quickly(text: str, separator: str, headings: list[str], line: int) -> Grid | None:
    """Read with Arrow; None where a line is not a row, so that somebody has to look closer."""
    import pyarrow
    from pyarrow import csv as arrow

    if "\r" in text:  # a line's end that only one of two readers sees
        text = text.replace("\r\n", "\n")
    text, footers = _without_footers(text.rstrip("\n"), separator)
    if not text or "\r" in text or "\n\n" in text or text.startswith("\n"):
        return None
    data = text.encode()
    if '"' in text and not _well_quoted(data, separator):
        return None
    names = [str(place) for place in range(len(headings))]
    try:
        table = arrow.read_csv(
            BytesIO(data),
            read_options=arrow.ReadOptions(column_names=names, block_size=1 << 24),
            parse_options=arrow.ParseOptions(delimiter=separator, newlines_in_values=True),
            convert_options=arrow.ConvertOptions(
                column_types=dict.fromkeys(names, pyarrow.string()), strings_can_be_null=False
            ),
        )
    except pyarrow.ArrowInvalid:
        return None
    if table.num_rows != text.count("\n") + 1:
        return None  # a line break within quotes, or a quote that is never closed
    columns = [
        Column(heading, cells=cells) for heading, cells in zip(headings, table.columns, strict=True)
    ]
    lines = line + np.arange(table.num_rows)
    return Grid(columns=tuple(columns), lines=lines, footers=tuple(footers))


def _well_quoted(data: bytes, separator: str) -> bool:
    """Tell whether each quote opens a cell, closes one or is doubled; Arrow takes any.

    A lone quote before one cell would make it one with the next, and the row the right width by
    another such slip.
    """
    codes = np.frombuffer(b"\n" + data + b"\n", dtype=np.uint8)
    quotes = np.flatnonzero(codes == ord('"'))
    ends = np.frombuffer(f'{separator}\n"'.encode(), dtype=np.uint8)
    before, after = codes[quotes[::2] - 1], codes[quotes[1::2] + 1]
    return quotes.size % 2 == 0 and bool(np.isin(before, ends).all() and np.isin(after, ends).all())


def _without_footers(text: str, separator: str) -> tuple[str, list[str]]:
    """Cut lines of prose off the end: a report's count of rows, the day it was made."""
    footers: list[str] = []
    while len(footers) < FOOTERS:
        begin = text.rfind("\n") + 1
        last = text[begin:]
        if separator in last or not _is_prose(last.strip('"')):
            break
        footers.insert(0, last.strip('"'))
        text = text[:begin].rstrip("\n")
    return text, footers


def _row_by_row(text: str, separator: str, headings: list[str], line: int) -> Grid:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    lines: list[int] = []
    begin = line
    try:
        for row in reader:
            if any("\n" in cell or "\r" in cell for cell in row):
                _refuse_swallowed(row, separator, begin)
            rows.append(row)
            lines.append(begin)
            begin = line + reader.line_num
    except csv.Error as error:
        raise ExportError(Refusal.QUOTES, row=begin, found=error) from error
    return squared(rows, lines, headings)


def _refuse_swallowed(row: list[str], separator: str, line: int) -> None:
    """Refuse a row of which one cell may be the rest of its line and the beginning of another.

    Two lone quotes in one column of two lines make one row of the right width out of them. What
    stands between has as many separators for each line end as a line has.
    """
    for cell in row:
        ends = len(_LINE_END.findall(cell))
        if ends and len(row) > 1 and cell.count(separator) == ends * (len(row) - 1):
            raise ExportError(Refusal.QUOTES, row=line, found=cell)


def squared(rows: list[Row], lines: list[int], headings: list[str]) -> Grid:
    """Bring rows to the headings' width.

    Empty cells too many are cut. What is short is a line of text at the end, or an error.
    """
    width = len(headings)
    kept: list[Row] = []
    places: list[int] = []
    footers: list[tuple[str, int]] = []
    for row, line in zip(rows, lines, strict=True):
        filled = [cell for cell in row if not is_blank(cell)]
        if not filled:
            continue
        if len(filled) == 1 and filled[0] is row[0] and _is_prose(row[0]):
            footers.append((str(row[0]), line))
            continue
        if footers:
            # prose between rows is what is left of a row that was cut
            text, line = footers[-1]
            raise ExportError(Refusal.RAGGED, row=line, found=text, width=width)
        short = width - len(row)
        beyond = [cell for cell in row[width:] if not is_blank(cell)]
        if short > 0 and is_total(row[0]):
            row, short = [*row, *[""] * short], 0
        elif len(beyond) == 1 and is_total(beyond[0]) and is_blank(row[0]):
            # GA4 labels its total in a column of its own, without a heading
            row, beyond = [beyond[0], *row[1:]], []
        if short > 0 or beyond:
            raise ExportError(Refusal.RAGGED, row=line, found=len(row), width=width)
        kept.append(row[:width])
        places.append(line)
    if not kept:
        raise ExportError(Refusal.NO_ROWS)
    columns = [
        Column.of(heading, cells)
        for heading, cells in zip(headings, zip(*kept, strict=True), strict=True)
    ]
    return Grid(
        columns=tuple(columns),
        lines=np.array(places, dtype=np.int64),
        footers=tuple(text for text, _line in footers),
    )


def _is_prose(cell: object) -> bool:
    """Tell whether a lone cell is a sentence or a comment: several words, or after a ``#``."""
    text = str(cell).strip()
    words = [word for word in text.split() if word.strip(".,:;—-").isalpha()]
    return text.startswith("#") or len(words) >= 2
