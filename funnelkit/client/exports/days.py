"""Days of a column, in all the forms that exports have; which comes first is decided per file."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.exports.column import Column, is_missing
from funnelkit.client.exports.problems import ExportError, Refusal

__all__ = ["DaysParsed", "days", "is_day", "month_first", "parse_days", "span"]

EPOCH = date(1899, 12, 30)
"""Day 0 of a workbook's count, as it is from 1 March 1900 on."""

YEARS = range(1990, 2101)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "января январь янв jan january",
            "февраля февраль фев февр feb february",
            "марта март мар mar march",
            "апреля апрель апр apr april",
            "мая май may",
            "июня июнь июн jun june",
            "июля июль июл jul july",
            "августа август авг aug august",
            "сентября сентябрь сен сент sep sept september",
            "октября октябрь окт oct october",
            "ноября ноябрь ноя нояб nov november",
            "декабря декабрь дек dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
_TIME = rf"(?:(?:[ T]|, )\s*{_CLOCK}(?: ?[AaPp][Mm])?(?: ?(?:Z|UTC|[+-]\d{{2}}:?\d{{2}}))?)?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}")
_DOTS = re.compile(rf"(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}}|\d{{2}})(?: ?г\.?)?{_TIME}")
_SLASHES = re.compile(rf"(\d{{1,2}})([/-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_DAY_MONTH = re.compile(rf"(\d{{1,2}})\.? ([^\W\d]+)\.?,? (\d{{4}})(?: ?г\.?)?{_TIME}")
_MONTH_DAY = re.compile(rf"([^\W\d]+)\.? (\d{{1,2}}),? (\d{{4}}){_TIME}")
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{2})")
_MONTH_YEAR = re.compile(r"([^\W\d]+)\.? (\d{4})(?: ?г\.?)?")
_RANGE = re.compile(r"(\S.*?\S)(?: [-–—] |/(?=\d{4}-))(\S.*\S)")

Triple = tuple[int, int, int]
"""Two numbers of which one is the month, and the year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysParsed:
    """A column's cells taken apart.

    Attributes
    ----------
    column : Column
    cells : list
        For each different value the days that it names (one, or a range's two): a date, or a
        triple whose order is open; empty where the cell is missing.
    """

    column: Column
    cells: list[tuple[date | Triple, ...]]

    def triples(self) -> Iterator[Triple]:
        """Yield those whose order is open."""
        return (part for part in chain(*self.cells) if isinstance(part, tuple))


def parse_days(column: Column, lines: NDArray[np.int64], *, optional: bool) -> DaysParsed:
    """Take a column's cells apart.

    Raises
    ------
    ExportError
        For a cell that is no day, ``31.02.2026`` for one, or is missing where it may not be.
    """
    cells = []
    for place, value in enumerate(column.values):
        missing = is_missing(value)
        parts = () if missing and optional else _parts(value)
        if parts is None:
            row = int(lines[np.argmax(column.codes == place)])
            raise ExportError(Refusal.NOT_A_DATE, row=row, column=column.heading, found=value)
        cells.append(parts)
    return DaysParsed(column=column, cells=cells)


def is_day(value: object) -> bool:
    """Tell whether a cell names a day."""
    return bool(_parts(value))


def month_first(
    columns: Iterable[DaysParsed],
    lines: NDArray[np.int64],
    *,
    usual: bool,
    said: bool | None = None,
) -> bool:
    """Decide whether ``07/01/2026`` is the first of July, for all columns of a file.

    Parameters
    ----------
    columns : iterable of DaysParsed
    lines : ndarray of int
    usual : bool
        The system writes the month first, if the file does not show otherwise.
    said : bool, optional
        What a person answered, for a file that does not show it.

    Raises
    ------
    ExportError
        Where nothing decides, or the days contradict one another.
    """
    columns = list(columns)
    triples = {triple for column in columns for triple in column.triples()}
    day_first = any(first > 12 for first, _, _ in triples)
    other = any(second > 12 for _, second, _ in triples)
    if not day_first and not other and all(first == second for first, second, _ in triples):
        return usual
    if day_first != other:
        return other
    if not day_first and said is not None:
        return said
    if not day_first and usual:
        return True
    column, place = next(
        (column, place)
        for column in columns
        for place, cell in enumerate(column.cells)
        if any(isinstance(part, tuple) for part in cell)
    )
    raise ExportError(
        Refusal.AMBIGUOUS_DATE,
        row=int(lines[np.argmax(column.column.codes == place)]),
        column=column.column.heading,
        found=column.column.values[place],
    )


def days(
    parsed: DaysParsed, lines: NDArray[np.int64], *, month_first: bool
) -> tuple[NDArray[np.datetime64], date | None]:
    """Turn a column into days; of a range the first.

    Returns
    -------
    ndarray of datetime64[D], shape (rows,)
        NaT where missing.
    date or None
        The last day that any range ends on.

    Raises
    ------
    ExportError
        For a day that its month does not have.
    """
    found = np.full(len(parsed.cells), np.datetime64("NaT", "D"))
    ends: list[date] = []
    for place, cell in enumerate(parsed.cells):
        settled = [part if isinstance(part, date) else _settled(part, month_first) for part in cell]
        if None in settled or (len(settled) == 2 and settled[0] > settled[1]):  # type: ignore[operator]
            raise ExportError(
                Refusal.NOT_A_DATE,
                row=int(lines[np.argmax(parsed.column.codes == place)]),
                column=parsed.column.heading,
                found=parsed.column.values[place],
            )
        if settled:
            found[place] = settled[0]
            ends += [end for end in settled if end]
    return found[parsed.column.codes], max(ends, default=None)


def span(text: str) -> tuple[date, date] | None:
    """Find the two days of a title: ``период 16.06.2026-19.06.2026``."""
    named = re.findall(r"\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2}|\b20\d{6}\b", text)
    found = [day for name in named for day in (_parts(name) or ()) if isinstance(day, date)]
    return (found[0], found[1]) if len(found) == 2 and found[0] <= found[1] else None


def _settled(triple: Triple, month_first: bool) -> date | None:
    first, second, year = triple
    day, month = (second, first) if month_first else (first, second)
    return _date(year, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    year += 2000 if year < 100 else 0
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _parts(value: object) -> tuple[date | Triple, ...] | None:
    """Read a cell; None where it names no day."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return (value,) if value.year in YEARS else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(int(value)) if float(value).is_integer() else str(value)
    if not isinstance(value, str):
        return None
    text = " ".join(value.replace("\xa0", " ").split())
    if one := _one(text):
        return (one,)
    if month := _month(text):
        return month
    if both := _RANGE.fullmatch(text):
        first, last = _one(both[1]), _one(both[2])
        if first and last:
            return first, last
    return None


def _month(text: str) -> tuple[date, date] | None:
    """Read a whole month, ``2026-07`` or ``июль 2026``, as its first and last day."""
    if found := _YEAR_MONTH.fullmatch(text):
        year, month = int(found[1]), int(found[2])
    elif found := _MONTH_YEAR.fullmatch(text):
        year, month = int(found[2]), _MONTHS.get(found[1].casefold(), 0)
    else:
        return None
    first = _date(year, month, 1)
    if first is None:
        return None
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _one(text: str) -> date | Triple | None:
    if found := _ISO.fullmatch(text) or _DIGITS.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DOTS.fullmatch(text):
        return _date(int(found[3]), int(found[2]), int(found[1]))
    if found := _SLASHES.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _DAY_MONTH.fullmatch(text):
        return _date(int(found[3]), _MONTHS.get(found[2].casefold(), 0), int(found[1]))
    if found := _MONTH_DAY.fullmatch(text):
        return _date(int(found[3]), _MONTHS.get(found[1].casefold(), 0), int(found[2]))
    if found := _SERIAL.fullmatch(text):
        day = EPOCH + timedelta(days=int(found[1]))
        return day if day.year in YEARS else None
    return None
