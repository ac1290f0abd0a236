"""The numbers of an export's columns, each decided with a look at the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.exports.amounts import Marks, Parsed, decimal_mark, numbers, parse_column
from funnelkit.client.exports.column import Column
from funnelkit.client.exports.decided import UNDECIDED, Decided
from funnelkit.client.exports.meanings import PEOPLE, UNITS, WHOLE, Format, Meaning, Unit
from funnelkit.client.exports.problems import ExportError, Refusal, Remark

__all__ = ["Figures", "figures"]

Array = NDArray[np.float64]
Lines = NDArray[np.int64]

MICROS, MICROS_ROUNDED, CHEAPEST = 1e6, 1e4, 0.01
"""Yandex Direct's money in millionths, which it rounds to 10,000, and the cheapest click there is.

yandex.ru/dev/direct/doc/ru/money
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Numbers of all columns.

    Attributes
    ----------
    values : mapping of Meaning to ndarray, shape (rows,)
    stated : mapping of Meaning to float
        From the file's own row of totals.
    currencies : frozenset of str
        That stand in cells.
    remarks : mapping of Remark to str
    """

    values: Mapping[Meaning, Array]
    stated: Mapping[Meaning, float]
    currencies: frozenset[str]
    remarks: Mapping[Remark, str]


def figures(
    form: Format,
    columns: Mapping[Meaning, Column],
    derived: Sequence[Column],
    totals: Mapping[Meaning, Column],
    lines: Lines,
    decided: Decided = UNDECIDED,
) -> Figures:
    """Read the columns of counts and money.

    Parameters
    ----------
    form : Format
    columns : mapping of Meaning to Column
    derived : sequence of Column
        Columns that are not read, which yet show how the file writes numbers.
    totals : mapping of Meaning to Column
        Cells of the rows of totals.
    lines : ndarray of int, shape (rows,)
    decided : Decided, optional

    Raises
    ------
    ExportError
        For a cell that is no number, or a column that can be read in two ways.
    """
    parsed = {meaning: parse_column(column, lines) for meaning, column in columns.items()}
    marks = Marks()
    for each in parsed.values():
        marks |= each.marks
    if any(p.marks.either and not p.marks.decimal for p in parsed.values()):
        for column in derived:
            marks |= _marks(column, lines)
    decimals = {
        meaning: decimal_mark(
            each, marks, whole=meaning in WHOLE, lines=lines, said=decided.decimal
        )
        for meaning, each in parsed.items()
    }
    values = {meaning: numbers(p, decimals[meaning], lines) for meaning, p in parsed.items()}
    for meaning in WHOLE & values.keys():
        _refuse_parts(columns[meaning], values[meaning], lines)
    remarks: dict[Remark, str] = {}
    micros = form.micros and _in_micros(parsed, values, lines, decided.micros)
    if micros:
        money = [meaning for meaning in values if UNITS[meaning] is Unit.MONEY]
        values |= {meaning: values[meaning] / MICROS for meaning in money}
        remarks[Remark.MICROS] = ", ".join(columns[meaning].heading for meaning in money)
    stated, differing = _stated(totals, values, decimals, micros=micros)
    if differing:
        remarks[Remark.TOTAL_DIFFERS] = ", ".join(columns[m].heading for m in differing)
    clicks, impressions = (values.get(m) for m in (Meaning.CLICKS, Meaning.IMPRESSIONS))
    if clicks is not None and impressions is not None and (clicks > impressions).any():
        row = int(lines[np.argmax(clicks > impressions)])
        remarks[Remark.CLICKS_ABOVE_IMPRESSIONS] = str(row)
    currencies = frozenset[str]().union(*(p.currencies for p in parsed.values()))
    return Figures(values=values, stated=stated, currencies=currencies, remarks=remarks)


def _marks(column: Column, lines: Lines) -> Marks:
    """Tell how a column writes numbers, if it has such."""
    try:
        return parse_column(column, lines).marks
    except ExportError:
        return Marks()


def _refuse_parts(column: Column, values: Array, lines: Lines) -> None:
    parts = values != np.round(values)
    if (parts := parts & ~np.isnan(values)).any():
        place = int(np.argmax(parts))
        raise ExportError(
            Refusal.NOT_WHOLE,
            row=int(lines[place]),
            column=column.heading,
            found=column.at(place),
        )


def _in_micros(
    parsed: Mapping[Meaning, Parsed],
    values: Mapping[Meaning, Array],
    lines: Lines,
    said: bool | None,
) -> bool:
    """Tell whether money is in millionths: no decimals anywhere, and all multiples of 10,000.

    Raises
    ------
    ExportError
        Where a click would then cost next to nothing, so that it may be money after all, and
        where the report has no clicks.
    """
    money = [meaning for meaning in values if UNITS[meaning] is Unit.MONEY]
    if any(parsed[meaning].marks.decimal for meaning in money):
        return False
    spend, clicks = values[Meaning.SPEND], values.get(Meaning.CLICKS)
    amounts = np.concatenate([values[meaning] for meaning in money])
    amounts = amounts[~np.isnan(amounts)]
    if not amounts.any() or (amounts % MICROS_ROUNDED).any():
        return False
    if said is not None:
        return said
    if clicks is None or np.nansum(spend) / MICROS < CHEAPEST * np.nansum(clicks):
        raise ExportError(
            Refusal.MICROS,
            row=int(lines[np.argmax(spend > 0)]),
            column=parsed[Meaning.SPEND].column.heading,
            found=parsed[Meaning.SPEND].column.at(int(np.argmax(spend > 0))),
        )
    return True


def _stated(
    totals: Mapping[Meaning, Column],
    values: Mapping[Meaning, Array],
    decimals: Mapping[Meaning, str],
    *,
    micros: bool,
) -> tuple[dict[Meaning, float], list[Meaning]]:
    """Read the rows of totals; return also the meanings of which none is the rows' sum.

    Of several such rows (campaigns, account) the one that is nearest to the sum is taken.
    """
    stated: dict[Meaning, float] = {}
    differing = []
    for meaning, column in totals.items():
        rows = np.zeros(len(column), dtype=np.int64)
        try:
            found = numbers(parse_column(column, rows), decimals[meaning], rows)
        except (ExportError, ValueError):
            continue
        if micros and UNITS[meaning] is Unit.MONEY:
            found = found / MICROS
        known = values[meaning][~np.isnan(values[meaning])]
        if np.isnan(found).all():
            continue
        total = fsum(known)
        off = np.abs(found - total)
        place = int(np.nanargmin(off))
        stated[meaning] = float(found[place])
        # each row is rounded to a hundredth
        rounding = 0.005 * (known.size + 1) + 1e-9 * abs(total)
        if off[place] > rounding and meaning not in PEOPLE:
            differing.append(meaning)
    return stated, differing
