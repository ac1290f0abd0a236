"""Read an export: exactly, or not at all and with the place that says why."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from math import fsum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.exports.column import Column, is_missing
from funnelkit.client.exports.days import days, month_first, parse_days, span
from funnelkit.client.exports.decided import UNDECIDED, Decided
from funnelkit.client.exports.export import Export
from funnelkit.client.exports.figures import figures
from funnelkit.client.exports.grid import Grid, Head, text_heads
from funnelkit.client.exports.heading import CURRENCIES, Heading
from funnelkit.client.exports.meanings import PEOPLE, UNITS, Content, Format, Meaning, Unit
from funnelkit.client.exports.private import plain_number, without_people, without_private
from funnelkit.client.exports.problems import Drop, ExportError, Refusal, Remark
from funnelkit.client.exports.recognise import Found, assign, recognise
from funnelkit.client.exports.rows import blank_rows, key_codes, repeated, total_rows
from funnelkit.client.exports.sheets import html_heads, workbook_heads
from funnelkit.client.exports.sniff import Sniffed, sniff

__all__ = ["read_bytes", "read_export"]

Columns = dict[Meaning, NDArray[Any]]

_ROW_COUNT = re.compile(r"(?:total rows|всего строк)\W+([0-9]{1,12})\b", re.IGNORECASE)


def read_export(path: Path, shown_as: str = "", decided: Decided = UNDECIDED) -> Export:
    """Read a file.

    Parameters
    ----------
    path : Path
    shown_as : str, optional
        How to name the file; by default its name.
    decided : Decided, optional
        Answers to what the file leaves open.

    Raises
    ------
    ExportError
        For what is no export that is known, or cannot be read without guessing.
    """
    name = shown_as or path.name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ExportError(Refusal.UNREADABLE, file=name, found=error.strerror) from error
    return read_bytes(data, name, decided)


def read_bytes(data: bytes, name: str, decided: Decided = UNDECIDED) -> Export:
    """Read a file's content; `name` is what problems call it.

    Raises
    ------
    ExportError
        As `read_export` does.
    """
    try:
        sniffed = sniff(data)
        found = recognise(_heads(sniffed, data), decided.form)
        return _read(sniffed, found, name, decided)
    except ExportError as error:
        error.problem = replace(error.problem, file=name)
        raise


def _heads(sniffed: Sniffed, data: bytes) -> Iterator[Head]:
    match sniffed.kind:
        case "workbook":
            return workbook_heads(data)
        case "html":
            return html_heads(sniffed.text)
        case "text":
            return text_heads(sniffed.text)


def _read(sniffed: Sniffed, found: Found, name: str, decided: Decided) -> Export:
    form = found.format
    grid = found.head.body(found.place)
    remarks: dict[Remark, str] = {}
    if sniffed.kind == "text" and not sniffed.text.endswith(("\n", "\r")):
        remarks[Remark.NO_LINE_END] = name
    if found.others:
        remarks[Remark.OTHER_SHEETS] = found.head.name
    chosen = assign(form, grid.columns)
    grid, chosen, totals, dropped = _data_rows(grid, chosen)

    numbers = {m: c for m, c in chosen.items() if UNITS[m] in (Unit.COUNT, Unit.MONEY)}
    derived = [c for c in grid.columns if Heading.of(c.heading).name in form.derived]
    read = figures(form, numbers, derived, totals, grid.lines, decided)
    remarks |= read.remarks
    columns: Columns = dict(read.values)
    dates, last = _dates(form, chosen, grid.lines, decided)
    columns |= dates
    texts, private = _texts(chosen)
    columns |= texts
    if private:
        remarks[Remark.PRIVATE] = ", ".join(private)
    currency = _currency(chosen, grid.lines) | read.currencies
    if len(currency) > 1:
        raise ExportError(Refusal.MIXED_CURRENCIES, found=", ".join(sorted(currency)))
    columns = {meaning: columns[meaning] for meaning in form.fields if meaning in columns}
    columns, again = _once(form, columns, grid.lines)
    sums = {m: fsum(v[~np.isnan(v)]) for m, v in columns.items() if _adds_up(m)}
    columns, merged = _by_day(form, columns)
    dropped |= again | merged

    title = " ".join(str(cell) for row in found.head.rows[: found.place] for cell in row)
    names = [Heading.of(column.heading).name for column in chosen.values()]
    taken = set(names)
    headings = [column.heading for column in grid.columns]
    if twice := {h for h in headings if h.strip() and headings.count(h) > 1}:
        remarks[Remark.HEADING_TWICE] = ", ".join(sorted(twice))
    return Export(
        system=form.system,
        content=form.content,
        file=name,
        encoding=sniffed.encoding,
        sheet=found.head.name,
        currency=next(iter(currency), ""),
        vat=_vat(chosen),
        period=_period(columns, last, title),
        columns=columns,
        headings={m: chosen[m].heading for m in columns},
        ignored=tuple(h for h in headings if h.strip() and Heading.of(h).name not in taken),
        rows=len(next(iter(columns.values()))),
        dropped=dropped,
        totals=sums,
        stated=read.stated,
        remarks=remarks,
    )


def _adds_up(meaning: Meaning) -> bool:
    return UNITS[meaning] in (Unit.COUNT, Unit.MONEY) and meaning not in PEOPLE


def _data_rows(
    grid: Grid, chosen: Mapping[Meaning, Column]
) -> tuple[Grid, dict[Meaning, Column], dict[Meaning, Column], dict[Drop, int]]:
    """Leave out what is no data; return also the cells of the rows of totals.

    Raises
    ------
    ExportError
        Where nothing is left, or fewer rows than the report itself counts.
    """
    blank = blank_rows(grid.columns)
    alone = blank_rows(grid.columns[1:]) & ~blank if len(grid.columns) > 1 else ~blank
    filled = np.flatnonzero(~blank & ~alone)
    # a line of text below the last row, made as wide as the table by whoever saved it
    footer = alone & (np.arange(alone.size) > filled.max(initial=-1))
    anchors = [c for m, c in chosen.items() if UNITS[m] is Unit.DAY]
    total = total_rows(grid.columns, anchors) & ~footer & ~blank
    data = ~(blank | footer | total)
    counted = next((c for text in grid.footers if (c := _ROW_COUNT.search(text))), None)
    if counted and int(counted[1]) != data.sum():
        raise ExportError(Refusal.CUT, found=int(data.sum()), stated=int(counted[1]))
    if not data.any():
        raise ExportError(Refusal.NO_ROWS)
    dropped = {
        Drop.BLANK: int(blank.sum()),
        Drop.TOTAL: int(total.sum()),
        Drop.FOOTER: int(footer.sum()) + len(grid.footers),
    }
    totals = {
        meaning: column.keep(total)
        for meaning, column in chosen.items()
        if total.any() and UNITS[meaning] in (Unit.COUNT, Unit.MONEY)
    }
    if not data.all():
        kept = {id(column): column.keep(data) for column in grid.columns}
        chosen = {m: kept.get(id(column)) or column.keep(data) for m, column in chosen.items()}
        grid = Grid(columns=tuple(kept.values()), lines=grid.lines[data], footers=grid.footers)
    return grid, dict(chosen), totals, {why: n for why, n in dropped.items() if n}


def _dates(
    form: Format, chosen: Mapping[Meaning, Column], lines: NDArray[np.int64], decided: Decided
) -> tuple[Columns, date | None]:
    """Read the columns of days; return also the last day of the column that dates a row."""
    parsed = {
        meaning: parse_days(column, lines, optional=meaning is not Meaning.DAY)
        for meaning, column in chosen.items()
        if UNITS[meaning] is Unit.DAY
    }
    first = month_first(parsed.values(), lines, usual=form.month_first, said=decided.month_first)
    columns: Columns = {}
    last: date | None = None
    for meaning, column in parsed.items():
        columns[meaning], end = days(column, lines, month_first=first)
        if meaning in (Meaning.DAY, Meaning.END):
            last = end
    return columns, last


def _texts(chosen: Mapping[Meaning, Column]) -> tuple[Columns, list[str]]:
    """Read the other columns; return also the headings of those that named people."""
    columns: Columns = {}
    private = []
    for meaning, column in chosen.items():
        hidden = False
        match UNITS[meaning]:
            case Unit.TEXT:
                column, hidden = without_private(column)
            case Unit.PERSON:
                column, hidden = without_people(column)
            case Unit.NUMBER | Unit.CURRENCY:
                pass
            case _:
                continue
        values = ["" if is_missing(v) else plain_number(v) for v in column.values]
        columns[meaning] = np.array(values, dtype=object)[column.codes]
        if hidden:
            private.append(column.heading)
    return columns, private


def _currency(chosen: Mapping[Meaning, Column], lines: NDArray[np.int64]) -> set[str]:
    """Collect the currencies that headings and the column of currencies name."""
    money = [column for meaning, column in chosen.items() if UNITS[meaning] is Unit.MONEY]
    named = {Heading.of(column.heading).currency for column in money} - {""}
    if column := chosen.get(Meaning.CURRENCY):
        for place, value in enumerate(column.values):
            if is_missing(value):
                continue
            code = CURRENCIES.get(str(value).strip().casefold(), str(value).strip().upper())
            if named and code not in named:
                row = int(lines[np.argmax(column.codes == place)])
                raise ExportError(
                    Refusal.MIXED_CURRENCIES, row=row, column=column.heading, found=value
                )
            named.add(code)
    return named


def _vat(chosen: Mapping[Meaning, Column]) -> bool | None:
    money = (chosen.get(meaning) for meaning in (Meaning.SPEND, Meaning.AMOUNT))
    return next((Heading.of(column.heading).vat for column in money if column), None)


def _once(
    form: Format, columns: Columns, lines: NDArray[np.int64]
) -> tuple[Columns, dict[Drop, int]]:
    """Take each deal or payment once, whatever the number of times it is in the file.

    Raises
    ------
    ExportError
        For one number of two different deals or payments.
    """
    if not form.unique:
        return columns, {}
    again = repeated(key_codes(columns.values())) & (columns[Meaning.NUMBER] != "")
    kept = {meaning: values[~again] for meaning, values in columns.items()}
    number = kept[Meaning.NUMBER]
    clash = repeated(key_codes([number])) & (number != "")
    if clash.any():
        place = int(np.argmax(clash))
        raise ExportError(Refusal.TWICE, row=int(lines[~again][place]), found=number[place])
    return kept, {Drop.TWICE: int(again.sum())} if again.any() else {}


def _by_day(form: Format, columns: Columns) -> tuple[Columns, dict[Drop, int]]:
    """Add up the rows of one campaign and day, which columns that are not read tell apart."""
    if form.content not in (Content.SPEND, Content.VISITS) or Meaning.DAY not in columns:
        return columns, {}
    keys = {m: v for m, v in columns.items() if UNITS[m] not in (Unit.COUNT, Unit.MONEY)}
    codes = key_codes(keys.values())
    again = repeated(codes)
    if not again.any():
        return columns, {}
    _, first, group = np.unique(codes, return_index=True, return_inverse=True)
    order = np.argsort(first)
    merged: Columns = {}
    for meaning, values in columns.items():
        if meaning in keys:
            merged[meaning] = values[first[order]]
            continue
        known = ~np.isnan(values)
        total = np.bincount(group, np.where(known, values, 0.0))
        seen = np.bincount(group, known)
        # people met in two rows may be the same ones
        unknown = (seen == 0) | ((np.bincount(group) > 1) & (meaning in PEOPLE))
        merged[meaning] = np.where(unknown, np.nan, total)[order]
    return merged, {Drop.MERGED: int(again.sum())}


def _period(columns: Columns, last: date | None, title: str) -> tuple[date, date] | None:
    for meaning in (Meaning.DAY, Meaning.BEGIN, Meaning.CREATED):
        if meaning in columns and not np.isnat(columns[meaning]).all():
            known = columns[meaning][~np.isnat(columns[meaning])]
            first, end = known.min().item(), known.max().item()
            return first, max(end, last) if last and meaning is not Meaning.CREATED else end
    return span(title)
