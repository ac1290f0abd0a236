"""A column's cells, each different value held once."""

from collections.abc import Callable, Iterable
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["MISSING", "Column", "is_missing"]

Whole = NDArray[np.int64]
Rows = NDArray[np.bool_]

MISSING = frozenset(
    {"", "-", "--", "—", "–", "−", "n/a", "н/д", "нет данных", "не закрыта", "null", "none"}
)
"""How systems write that there is nothing, lower case."""


def is_missing(value: object) -> bool:
    """Tell whether a cell says that there is nothing."""
    if value is None:
        return True
    return isinstance(value, str) and value.strip(" \t\xa0\r\n").casefold() in MISSING


class Column:
    """A column of a table.

    Parameters
    ----------
    heading : str
        As the file has it.
    values : list of object
        Different values: texts; numbers and dates where a workbook has such.
    codes : ndarray of int, shape (rows,)
        Place of each row's value among them.
    cells : pyarrow.ChunkedArray of strings, shape (rows,)
        In place of both, which are then worked out when they are asked for: most of a wide
        report's columns never are.
    """

    __slots__ = ("_cells", "_codes", "_texts", "_values", "heading")

    def __init__(
        self,
        heading: str,
        values: list[Any] | None = None,
        codes: Whole | None = None,
        cells: Any = None,
    ) -> None:
        self.heading = heading
        self._values, self._codes, self._cells = values, codes, cells
        self._texts: Any = None

    @classmethod
    def of(cls, heading: str, cells: Iterable[object]) -> Self:
        """Give each different cell a number; 1 and True are different."""
        places: dict[tuple[type, object], int] = {}
        codes = [places.setdefault((type(cell), cell), len(places)) for cell in cells]
        return cls(heading, [value for _, value in places], np.array(codes, dtype=np.int64))

    @property
    def texts(self) -> Any:
        """Different values as an Arrow array, None where not all are texts."""
        self._code()
        return self._texts

    @property
    def values(self) -> list[Any]:
        """Different values."""
        if self._values is None:
            self._code()
            self._values = self._texts.to_pylist()
        return self._values

    @property
    def codes(self) -> Whole:
        """Place of each row's value among them, shape (rows,)."""
        return self._code()

    def _code(self) -> Whole:
        if self._codes is None:
            coded = self._cells.combine_chunks().dictionary_encode()
            self._texts = coded.dictionary
            self._codes = coded.indices.to_numpy().astype(np.int64)
        return self._codes

    def __len__(self) -> int:
        return len(self._cells) if self._codes is None else len(self._codes)

    def at(self, row: int) -> object:
        """Return the cell of a row, counted from 0."""
        if self._cells is not None:
            return self._cells[row].as_py()
        return self.values[self.codes[row]]

    def where(self, test: Callable[[object], bool]) -> Rows:
        """Return for each row whether its cell passes a test."""
        passed = np.fromiter(map(test, self.values), dtype=bool, count=len(self.values))
        rows: Rows = passed[self.codes]
        return rows

    def keep(self, rows: Rows) -> "Column":
        """Leave rows out, and values that only they had."""
        if self._cells is not None:
            import pyarrow

            return Column(self.heading, cells=self._cells.filter(pyarrow.array(rows)))
        seen, codes = np.unique(self.codes[rows], return_inverse=True)
        return Column(self.heading, [self.values[place] for place in seen], codes.astype(np.int64))
