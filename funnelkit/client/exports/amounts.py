"""Numbers of a column: which mark is its decimal one is decided for the column, not the cell.

``1,234`` alone is 1234 to one reader and 1.234 to another. Beside ``0,05`` it is 1.234, beside
``1,234.56`` it is 1234. Where the column has no such neighbour the file's other columns decide,
since one program wrote them all; then that counts are whole; then, for a comma, that money has no
three decimals. A lone ``1.234`` of money is asked about.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.exports.column import Column, is_missing
from funnelkit.client.exports.heading import CURRENCIES
from funnelkit.client.exports.problems import ExportError, Refusal
from funnelkit.client.numbers import LARGEST

__all__ = ["Marks", "Parsed", "decimal_mark", "numbers", "parse_column"]

Array = NDArray[np.float64]

SPACES = " \u00a0\u2007\u2009\u202f'’"
"""What stands between thousands and is never decimal."""

_SIGNS = "|".join(map(re.escape, sorted(CURRENCIES, key=len, reverse=True)))
_CELL = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-+\u2212])?\s*(?P<before>{_SIGNS})?\s*(?P<minus>[-\u2212])?"
    rf"(?P<core>[0-9.,](?:[0-9.,{SPACES}]*[0-9.,])?)\s*(?P<percent>%)?\s*(?P<after>{_SIGNS})?\s*(?P<close>\))?",
    re.IGNORECASE,
)
_WHOLE = rf"[-+]?(?:[0-9]+|[0-9]{{1,3}}(?:[{SPACES}][0-9]{{3}})+)"
_PLAIN = {mark: rf"^(?:{_WHOLE}(?:[{mark}](?:[0-9]{{1,2}}|[0-9]{{4,}}))?|[-—]?)$" for mark in ",."}
"""Cells that need no second look, by decimal mark: never three decimals."""

LONGEST = 100
"""Characters of the longest number that anybody writes."""

MANY = 2000
"""Different values from which on a column is worth Arrow's while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is known of commas and points.

    Attributes
    ----------
    decimal : frozenset of str
        Those that stand before decimals somewhere.
    thousands : frozenset of str
        Those that stand between thousands somewhere.
    either : frozenset of str
        Those that may be the one or the other: one mark before three digits.
    """

    decimal: frozenset[str] = frozenset()
    thousands: frozenset[str] = frozenset()
    either: frozenset[str] = frozenset()

    def __or__(self, other: "Marks") -> "Marks":
        return Marks(
            decimal=self.decimal | other.decimal,
            thousands=self.thousands | other.thousands,
            either=self.either | other.either,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A column's cells taken apart.

    Attributes
    ----------
    column : Column
    cores : list
        For each different value its digits and marks; a float where the cell is a number, None
        where it is missing.
    factors : ndarray, shape (values,)
        What the number is multiplied by: its sign, and 0.01 for per cent.
    marks : Marks
    currencies : frozenset of str
        ISO codes that stand in cells.
    plain : bool
        All cores may be turned into numbers at once, without looking at each.
    """

    column: Column
    cores: list[str | float | None]
    factors: Array
    marks: Marks
    currencies: frozenset[str] = field(default_factory=frozenset)
    plain: bool = False

    def row(self, value: int) -> int:
        """Return the first row, counted from 0, with a value."""
        return int(np.argmax(self.column.codes == value))


def parse_column(column: Column, lines: NDArray[np.int64]) -> Parsed:
    """Take a column's cells apart.

    Raises
    ------
    ExportError
        For a cell that is no number; it names the row.
    """
    if (quick := _plainly(column)) is not None:
        return quick
    cores: list[str | float | None] = []
    factors = np.ones(len(column.values))
    marks: dict[str, set[str]] = {"decimal": set(), "thousands": set(), "either": set()}
    currencies: set[str] = set()

    def refuse(place: int, code: Refusal = Refusal.NOT_A_NUMBER) -> ExportError:
        row = int(lines[np.argmax(column.codes == place)])
        return ExportError(code, row=row, column=column.heading, found=column.values[place])

    for place, value in enumerate(column.values):
        if is_missing(value):
            cores.append(None)
            continue
        if isinstance(value, int | float) and not isinstance(value, bool):
            if not abs(value) <= LARGEST:
                raise refuse(place)
            cores.append(float(value))
            continue
        text = value.strip() if isinstance(value, str) else ""
        cell = _CELL.fullmatch(text) if len(text) <= LONGEST else None
        if (
            cell is None
            or bool(cell["open"]) != bool(cell["close"])
            or (cell["before"] and cell["after"])
            or sum(map(bool, (cell["open"], cell["sign"], cell["minus"]))) > 1
            or not (kind := _kind(cell["core"]))
        ):
            raise refuse(place)
        name, mark = kind
        if mark:
            marks[name].add(mark)
            if name == "decimal" and (other := set(cell["core"]) & set(",.") - {mark}):
                marks["thousands"] |= other
        if sign := cell["before"] or cell["after"]:
            currencies.add(CURRENCIES[sign.lower()])
        negative = cell["open"] or cell["minus"] or (cell["sign"] or "+") != "+"
        factors[place] = (-1.0 if negative else 1.0) * (0.01 if cell["percent"] else 1.0)
        cores.append(cell["core"])
    return Parsed(
        column=column,
        cores=cores,
        factors=factors,
        marks=Marks(**{name: frozenset(found) for name, found in marks.items()}),
        currencies=frozenset(currencies),
    )


def _plainly(column: Column) -> Parsed | None:
    """Take a long column apart all at once, None where some cell needs a second look."""
    texts = column.texts
    if texts is None or len(texts) < MANY:
        return None
    from pyarrow import compute

    fits = [
        mark
        for mark in ",."
        if compute.all(compute.match_substring_regex(texts, _PLAIN[mark])).as_py()
    ]
    if not fits:
        return None
    return Parsed(
        column=column,
        cores=[],
        factors=np.ones(0),
        marks=Marks(decimal=frozenset(fits if len(fits) == 1 else ())),
        plain=True,
    )


def _cast(column: Column, decimal: str) -> Array:
    """Turn plain cells into numbers, shape (values,)."""
    import pyarrow
    from pyarrow import compute

    texts = compute.replace_substring_regex(column.texts, rf"[{SPACES}]", "")
    if decimal == ",":
        texts = compute.replace_substring(texts, ",", ".")
    missing = compute.is_in(texts, pyarrow.array(["", "-", "—"]))
    cast = compute.if_else(missing, None, texts).cast(pyarrow.float64())
    found: Array = cast.to_numpy(zero_copy_only=False)
    return found


def _kind(core: str) -> tuple[str, str] | None:
    """Tell whether a number's mark is decimal, between thousands, or either; None if it is odd."""
    found = [character for character in core if character in ",."]
    if not found:
        return ("", "") if _groups(core) else None
    last = found[-1]
    head, _, tail = core.rpartition(last)
    if len(set(found)) == 2:
        # the other mark is between thousands, and this one is there once
        other = found[0]
        return (
            ("decimal", last)
            if found.count(last) == 1 and _groups(head, other) and tail.isdigit()
            else None
        )
    if len(found) > 1:
        return ("thousands", last) if _groups(core, last) else None
    if not (tail.isdigit() or tail == "") or not _groups(head):
        return None  # also without a digit before the mark, which no system leaves out
    bare = head.isdigit()
    if len(tail) == 3 and bare and len(head) <= 3 and not head.startswith("0"):
        return "either", last
    return "decimal", last


def _groups(text: str, mark: str = "") -> bool:
    """Tell whether text is digits, in threes after the first if anything stands between them."""
    if not text or text.isdigit():
        return text.isascii() and bool(text)
    between = mark or next((character for character in text if not character.isdigit()), "")
    first, *rest = text.split(between)
    return (
        (text.isascii() or between in SPACES)
        and 1 <= len(first) <= 3
        and first.isdigit()
        and all(len(p) == 3 and p.isdigit() for p in rest)
    )


def decimal_mark(
    parsed: Parsed, file: Marks, *, whole: bool, lines: NDArray[np.int64], said: str = ""
) -> str:
    """Decide a column's decimal mark.

    Parameters
    ----------
    parsed : Parsed
    file : Marks
        Of all the file's columns of numbers.
    whole : bool
        The column is a count.
    lines : ndarray of int
        Lines of the rows, for the error.
    said : str, optional
        The mark that a person named, for a column that does not show its own.

    Raises
    ------
    ExportError
        For a column with two decimal marks, or with one that nothing decides.
    """
    own = parsed.marks

    def refuse(code: Refusal, marks: Iterable[str]) -> ExportError:
        place = next(
            index
            for index, core in enumerate(parsed.cores)
            if isinstance(core, str) and any(mark in core for mark in marks)
        )
        return ExportError(
            code,
            row=int(lines[parsed.row(place)]),
            column=parsed.column.heading,
            found=parsed.column.values[place],
        )

    if len(own.decimal) > 1 or own.decimal & own.thousands:
        raise refuse(Refusal.MIXED_DECIMALS, own.decimal)
    if own.decimal:
        return next(iter(own.decimal))
    if said and said not in own.thousands and not whole:
        return said
    if len(own.thousands | own.either) > 1:
        raise refuse(Refusal.AMBIGUOUS_NUMBER, own.thousands | own.either)
    if not own.thousands | own.either:
        return "."
    mark = next(iter(own.thousands | own.either))
    other = "," if mark == "." else "."
    if own.thousands or whole:
        return other
    if len(file.decimal) == 1:
        return next(iter(file.decimal))
    if mark in file.thousands or mark == ",":
        return other
    raise refuse(Refusal.AMBIGUOUS_NUMBER, mark)


def numbers(parsed: Parsed, decimal: str, lines: NDArray[np.int64]) -> Array:
    """Turn a column into numbers, NaN where missing.

    Returns
    -------
    ndarray, shape (rows,)

    Raises
    ------
    ExportError
        For a number that is too large, or that does not fit the column's decimal mark.
    """
    if parsed.plain:
        values = _cast(parsed.column, decimal)
    else:
        values = np.full(len(parsed.cores), np.nan)
        drop = dict.fromkeys(map(ord, SPACES + ("," if decimal == "." else ".")))
        for place, core in enumerate(parsed.cores):
            if isinstance(core, str):
                values[place] = float(core.translate(drop).replace(",", "."))
            elif core is not None:
                values[place] = core
        values = values * parsed.factors
    if (wrong := np.abs(values) > LARGEST).any():
        place = int(np.argmax(wrong))
        raise ExportError(
            Refusal.NOT_A_NUMBER,
            row=int(lines[parsed.row(place)]),
            column=parsed.column.heading,
            found=parsed.column.values[place],
        )
    return values[parsed.column.codes] + 0.0
