"""Rows that several exports have: taken once where they agree, and refused where they do not."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.exports.export import Export
from funnelkit.client.exports.meanings import UNITS, Content, Meaning, System, Unit
from funnelkit.client.exports.problems import ExportProblem, Refusal
from funnelkit.client.exports.rows import key_codes

__all__ = ["overlaps", "twice_in_channel", "unseen_rows"]

Rows = NDArray[np.bool_]
Codes = NDArray[np.int64]

_OF_ALL = frozenset({System.SPEND, System.YANDEX_METRICA})
"""Tables of spend that hold what the advertising systems report themselves, too."""


def overlaps(exports: Sequence[Export]) -> Iterator[ExportProblem]:
    """Find pairs of exports of one system that both have something, and differ in it.

    Of a deal the newer export is right; of spend, visits and payments nobody can say.
    """
    for later in range(len(exports)):
        for earlier in range(later):
            one, other = exports[earlier], exports[later]
            if (one.system, one.content) == (other.system, other.content):
                yield from _differing(one, other)


def _differing(one: Export, other: Export) -> Iterator[ExportProblem]:
    if not _meet(one, other):
        return
    names = _keys(one)
    if one.content in (Content.SPEND, Content.VISITS) and names != _keys(other):
        yield _problem(one, other, _days(one, other))
        return
    keys = _codes((one, other), [m for m in names if m in _keys(other)])
    rows = _codes((one, other), [m for m in one.columns if m in other.columns])
    both, same = np.isin(keys[1], keys[0]), np.isin(rows[1], rows[0])
    if one.content is Content.DEALS:
        unsure = both & ~same if _newest(one) == _newest(other) else np.zeros_like(both)
    elif one.content is Content.ORDERS and names == list(one.columns):
        # nothing numbers these orders: those of the days that both files have must be the same
        inside = [_inside(export, one, other) for export in (one, other)]
        sorted_rows = [np.sort(rows[n][inside[n]]) for n in (0, 1)]
        alike = np.array_equal(sorted_rows[0], sorted_rows[1])
        unsure = np.zeros_like(both) if alike or not same.any() else inside[1]
    else:
        unsure = both & ~same
    if unsure.any():
        yield _problem(one, other, _row_name(other, names, int(np.argmax(unsure))))


def _inside(export: Export, one: Export, other: Export) -> Rows:
    """Tell which payments lie in the period that two exports have in common."""
    periods = [e.period for e in (one, other) if e.period]
    first, last = max(p[0] for p in periods), min(p[1] for p in periods)
    day = export.columns[Meaning.DAY]
    rows: Rows = (day >= np.datetime64(first)) & (day <= np.datetime64(last))
    return rows


def _problem(one: Export, other: Export, found: str) -> ExportProblem:
    values = {"other": one.file}
    return ExportProblem(code=Refusal.OVERLAP, file=other.file, found=found, values=values)


def _meet(one: Export, other: Export) -> bool:
    """Tell whether two periods have a day in common; one that is not known may."""
    if one.content is Content.DEALS or one.period is None or other.period is None:
        return True
    return one.period[0] <= other.period[1] and other.period[0] <= one.period[1]


def _days(one: Export, other: Export) -> str:
    known = [export.period for export in (one, other) if export.period]
    first, last = max(p[0] for p in known), min(p[1] for p in known)
    return f"{first} – {last}"


def _row_name(export: Export, names: Sequence[Meaning], place: int) -> str:
    cells = [str(export.columns[name][place]) for name in names]
    return " · ".join(cell for cell in cells if cell)[:80]


def _keys(export: Export) -> list[Meaning]:
    """Return the columns by which a row is known."""
    if export.content is Content.DEALS:
        return [Meaning.NUMBER]
    if export.content is Content.ORDERS and Meaning.NUMBER in export.columns:
        kept = {Meaning.NUMBER, Meaning.PRODUCT}
        return [meaning for meaning in export.columns if meaning in kept]
    if export.content is Content.ORDERS:
        return list(export.columns)
    # rows of whole periods are known by their campaign: periods that meet have the same money
    days = () if Meaning.DAY in export.columns else (Unit.DAY,)
    return [m for m in export.columns if UNITS[m] not in (Unit.COUNT, Unit.MONEY, *days)]


def _codes(exports: Sequence[Export], names: Sequence[Meaning]) -> list[Codes]:
    """Give a number to each different combination of columns, the same in all exports."""
    joined: list[NDArray[Any]] = [np.concatenate([e.columns[n] for e in exports]) for n in names]
    codes = key_codes(joined)
    ends = np.cumsum([export.rows for export in exports])[:-1]
    return list(np.split(codes, ends))


def _newest(export: Export) -> Any:
    """Return the last day on which anything happened in an export of deals."""
    days = [export.columns[m] for m in (Meaning.CREATED, Meaning.CLOSED) if m in export.columns]
    known = [column[~np.isnat(column)].max() for column in days if not np.isnat(column).all()]
    return max(known, default=np.datetime64("1900-01-01"))


def unseen_rows(exports: Sequence[Export]) -> tuple[list[Rows], int]:
    """Tell which rows of each export no other has, or has in an older state.

    Returns
    -------
    tuple of list of ndarray of bool, each of shape (rows,), and int
        And how many rows are left out.
    """
    kept = [np.ones(export.rows, dtype=bool) for export in exports]
    kinds = {(export.system, export.content) for export in exports}
    for kind in kinds:
        places = [n for n, e in enumerate(exports) if (e.system, e.content) == kind]
        places.sort(key=lambda n: (_newest(exports[n]), n))
        for index, older in enumerate(places):
            for newer in places[index + 1 :]:
                one, other = exports[older], exports[newer]
                if not _meet(one, other):
                    continue
                names = [meaning for meaning in _keys(one) if meaning in _keys(other)]
                if one.content is Content.DEALS:
                    numbered = one.columns[Meaning.NUMBER] != ""
                else:
                    names = [meaning for meaning in one.columns if meaning in other.columns]
                    numbered = np.ones(one.rows, dtype=bool)
                codes = _codes((one, other), names)
                kept[older] &= ~(np.isin(codes[0], codes[1]) & numbered)
    return kept, sum(int((~rows).sum()) for rows in kept)


def twice_in_channel(
    exports: Sequence[Export],
    channel: NDArray[Any],
    day: NDArray[np.datetime64],
    place: NDArray[np.int64],
) -> Iterator[ExportProblem]:
    """Find a channel and month of which both the advertising system and a table of all tell.

    Parameters
    ----------
    exports : sequence of Export
    channel, day, place : ndarray, shape (rows,)
        Of the rows of spend; the place is that of the export among those of spend.
    """
    spending = [export for export in exports if export.content is Content.SPEND]
    months = day.astype("datetime64[M]")
    cells: dict[tuple[str, str], set[int]] = {}
    for key in set(zip(channel.tolist(), months.astype(str).tolist(), place.tolist(), strict=True)):
        if key[0]:
            cells.setdefault(key[:2], set()).add(key[2])
    told: set[tuple[str, str]] = set()
    for (name, month), files in sorted(cells.items()):
        of_all = [spending[n] for n in sorted(files) if spending[n].system in _OF_ALL]
        others = [spending[n] for n in sorted(files) if spending[n].system not in _OF_ALL]
        if of_all and others and (of_all[0].file, others[0].file) not in told:
            told.add((of_all[0].file, others[0].file))
            yield _problem(others[0], of_all[0], f"{name}, {month}")
