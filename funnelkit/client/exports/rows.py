"""Which rows of an export are data: totals, blanks and repetitions are told apart and counted."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.exports.column import Column
from funnelkit.client.exports.days import is_day

__all__ = ["blank_rows", "is_blank", "is_total", "key_codes", "repeated", "total_rows"]

Rows = NDArray[np.bool_]

_TOTAL = re.compile(
    r"(итого|всего|total|totals|grand total|итого и средние|totals and averages|"
    r"общий итог|(?:итого|всего|total)[:.].*)"
)


FEW = 100
"""Rows up to which it is quicker to look at each than at all different values."""


def is_total(value: object) -> bool:
    """Tell whether a cell is the label of a total."""
    if not isinstance(value, str) or value[:1].isdigit():
        return False
    return bool(_TOTAL.fullmatch(value.strip().casefold()))


def total_rows(columns: tuple[Column, ...], days: Sequence[Column]) -> Rows:
    """Find the rows of totals, shape (rows,).

    A campaign may be called "Total": a row with a day in a column of days is none.
    """
    open_rows = np.ones(len(columns[0]), dtype=bool)
    for day in days:
        open_rows &= ~day.where(is_day)
    labelled = np.zeros_like(open_rows)
    if days and open_rows.sum() <= FEW:
        for row in np.flatnonzero(open_rows):
            labelled[row] = any(is_total(column.at(int(row))) for column in columns)
        return labelled
    for column in columns:
        labelled |= column.where(is_total)
    return labelled & open_rows


def blank_rows(columns: tuple[Column, ...]) -> Rows:
    """Find the rows of which every cell is empty, shape (rows,)."""
    blank = np.ones(len(columns[0]), dtype=bool)
    for column in columns:
        if not blank.any():
            break
        blank &= column.where(is_blank)
    return blank


def is_blank(value: object) -> bool:
    """Tell whether a cell has nothing in it, not even a mark that says so."""
    return value is None or (isinstance(value, str) and not value.strip())


def key_codes(columns: Iterable[NDArray[Any]]) -> NDArray[np.int64]:
    """Give a number to each different combination of several columns' values, shape (rows,)."""
    codes = np.zeros(0, dtype=np.int64)
    for values in columns:
        own = _codes(values)
        if codes.size:
            own = codes * (int(own.max(initial=0)) + 1) + own
        _, codes = np.unique(own, return_inverse=True)
    return codes.astype(np.int64)


def _codes(values: NDArray[Any]) -> NDArray[np.int64]:
    if values.dtype == object:
        import pyarrow

        indices = pyarrow.array(values, type=pyarrow.string()).dictionary_encode().indices
        own: NDArray[np.int64] = indices.to_numpy().astype(np.int64)
        return own
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def repeated(codes: NDArray[np.int64]) -> Rows:
    """Find the rows whose combination an earlier row has, shape (rows,)."""
    _, first = np.unique(codes, return_index=True)
    rows = np.ones(codes.size, dtype=bool)
    rows[first] = False
    return rows
