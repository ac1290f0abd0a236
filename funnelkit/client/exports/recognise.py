"""Which system an export comes from: by its headings, wherever in the file they stand."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from funnelkit.client.exports.advertising import ADVERTISING
from funnelkit.client.exports.analytics import ANALYTICS
from funnelkit.client.exports.column import Column
from funnelkit.client.exports.crm import CRM
from funnelkit.client.exports.grid import Head, Row
from funnelkit.client.exports.heading import Heading
from funnelkit.client.exports.meanings import UNITS, Format, Meaning, Unit
from funnelkit.client.exports.problems import ExportError, Refusal
from funnelkit.client.exports.sales import PLAIN, SALES

__all__ = ["Found", "assign", "recognise"]

KNOWN = ((1, (*ADVERTISING, *ANALYTICS, *CRM, *SALES)), (0, PLAIN))
"""Forms by rank: a system's own goes before a plain table."""

PRIVATE = re.compile(
    r"телефон|\bтел\b|phone|mobile|мобильн|e-?mail|почт|факс|\bfax\b|whatsapp|telegram|skype"
)
"""Headings of what is nobody's business: such columns are dropped unread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where the headings are, and whose they are.

    Attributes
    ----------
    format : Format
    head : Head
    place : int
        Of the row of headings among the head's rows.
    others : int
        Sheets that are recognised too, and are not read.
    """

    format: Format
    head: Head
    place: int
    others: int = 0


def recognise(heads: Iterable[Head], only: Format | None = None) -> Found:
    """Find the row of headings that most headings of a known form fit.

    A system's form goes before a plain one, and of equals the one that comes first; with `only`
    no other form is looked for.

    Raises
    ------
    ExportError
        Where no form fits; it shows the row that looks most like headings.
    """
    best: tuple[tuple[int, int], Found] | None = None
    sheets: set[str] = set()
    widest: Row = ()
    for head in heads:
        for place, row in enumerate(head.rows):
            texts = [str(cell) for cell in row if isinstance(cell, str) and cell.strip()]
            if len(texts) > len(widest):
                widest = texts
            for form, score in _fits(texts, ((1, (only,)),) if only else KNOWN):
                sheets.add(head.name)
                if best is None or score > best[0]:
                    best = score, Found(format=form, head=head, place=place)
    if best is None:
        raise ExportError(Refusal.UNKNOWN, found=", ".join(map(str, widest)))
    found = best[1]
    return Found(format=found.format, head=found.head, place=found.place, others=len(sheets) - 1)


def _fits(
    texts: list[str], ranked: Iterable[tuple[int, tuple[Format, ...]]]
) -> Iterator[tuple[Format, tuple[int, int]]]:
    names = {Heading.of(text).name for text in texts}
    for rank, forms in ranked:
        for form in forms:
            known = {m for m, headings in form.fields.items() if names.intersection(headings)}
            if known.issuperset(form.needs) and (
                not form.telling or names.intersection(form.telling)
            ):
                yield form, (rank, len(known) + len(names.intersection(form.derived)))


def assign(form: Format, columns: tuple[Column, ...]) -> Mapping[Meaning, Column]:
    """Give each meaning its column.

    Of several headings with one meaning the one that the form names first is taken. One heading
    of several columns is amoCRM's way with own fields: texts take the first that says something,
    numbers must agree.

    Raises
    ------
    ExportError
        For two columns of numbers under one heading that differ.
    """
    by_name: dict[str, list[Column]] = {}
    for column in columns:
        by_name.setdefault(Heading.of(column.heading).name, []).append(column)
    chosen: dict[Meaning, Column] = {}
    for meaning, headings in form.fields.items():
        same = next((by_name[name] for name in headings if name in by_name), [])
        for column in same:
            if PRIVATE.search(Heading.of(column.heading).name):
                continue
            first = chosen.setdefault(meaning, column)
            if column is first or _alike(first, column):
                continue
            if UNITS[meaning] in (Unit.COUNT, Unit.MONEY, Unit.DAY, Unit.NUMBER):
                raise ExportError(Refusal.COLUMN_TWICE, column=column.heading)
            chosen[meaning] = _filled(first, column)
    return chosen


def _alike(one: Column, other: Column) -> bool:
    return all(one.at(row) == other.at(row) for row in range(len(one)))


def _filled(one: Column, other: Column) -> Column:
    """Take the first column's cells, and the other's where it has none."""
    cells = (
        a if not isinstance(a, str) or a.strip() else b
        for a, b in ((one.at(row), other.at(row)) for row in range(len(one)))
    )
    return Column.of(one.heading, cells)
