"""A column's cells, each different value held once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["MISSING", "Column", "is_missing"]

Whole = NDArray[np.int64]
T = TypeVar("T")

MISSING = frozenset(
    {"", "-", "--", "—", "–", "−", "n/a", "н/д", "нет данных", "не закрыта", "null", "none"}
)
"""How systems write that there is nothing, lower case."""


def is_missing(value: object) -> bool:
    """Tell whether a cell says that there is nothing."""
    if value is None:
        return True
    return isinstance(value, str) and value.strip(" \t\xa0\r\n").casefold() in MISSING


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """A column of a table.

    Attributes
    ----------
    heading : str
        As the file has it.
    values : list of object
        Different values: texts; numbers and dates where a workbook has such.
    codes : ndarray of int, shape (rows,)
        Place of each row's value among them.
    """

    heading: str
    values: list[Any]
    codes: Whole

    @classmethod
    def of(cls, heading: str, cells: Iterable[object]) -> "Column":
        """Give each different cell a number; 1 and True are different."""
        places: dict[tuple[type, object], int] = {}
        codes = [places.setdefault((type(cell), cell), len(places)) for cell in cells]
        values = [value for _, value in places]
        return cls(heading=heading, values=values, codes=np.array(codes, dtype=np.int64))

    def at(self, row: int) -> object:
        """Return the cell of a row, counted from 0."""
        return self.values[self.codes[row]]

    def where(self, test: Callable[[object], bool]) -> NDArray[np.bool_]:
        """Return for each row whether its cell passes a test."""
        passed = np.fromiter(map(test, self.values), dtype=bool, count=len(self.values))
        rows: NDArray[np.bool_] = passed[self.codes]
        return rows

    def keep(self, rows: NDArray[np.bool_]) -> "Column":
        """Leave rows out, and values that only they had."""
        seen, codes = np.unique(self.codes[rows], return_inverse=True)
        values = [self.values[place] for place in seen]
        return replace(self, values=values, codes=codes.astype(np.int64))
