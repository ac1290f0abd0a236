"""How numbers are written in a workbook's cells: the language's patterns as Excel's."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from funnelkit.show.words import Words

__all__ = ["Kind", "number_format"]

Kind = Literal["count", "money", "share", "ratio"]
"""What a number counts; a `Unit`'s value, or the ratio of two numbers."""

_LOCALES = {"en": "[$-409]", "ru": "[$-419]"}
"""Whose separators stand between digits, where the program asks the format and not its user."""


def number_format(kind: Kind, values: ArrayLike, words: Words) -> str:
    """Return Excel's format for numbers of a kind that are about as large as `values`.

    A row has one format: decimals only while its numbers are small.

    Examples
    --------
    >>> print(number_format("money", [1_000_000], Words(language="ru", currency="RUB")))
    [$-419]#,##0" ₽"
    >>> number_format("share", [0.25], Words(language="en"))
    '[$-409]0.0%'
    """
    return _LOCALES[words.language] + _pattern(kind, _largest(values), words)


def _pattern(kind: Kind, largest: float, words: Words) -> str:
    match kind:
        case "share":
            digits = "0.0" if largest >= 0.01 or largest == 0 else "0.00"
            apart = "\N{NO-BREAK SPACE}" in words.locale.percent_formats[None].pattern
            return f'{digits}"\N{NO-BREAK SPACE}"%' if apart else f"{digits}%"
        case "money":
            digits = "#,##0" if largest >= 100 or largest == 0 else "#,##0.00"
            return _money(digits, words)
        case "count":
            return "#,##0" if largest >= 100 else "#,##0.0" if largest >= 10 else "0.00"
    return "#,##0.00"


def _money(digits: str, words: Words) -> str:
    """Put the currency where the language has it, a sign of letters apart from the digits."""
    pattern: str = words.locale.currency_formats["standard"].pattern
    sign = words.currency_sign
    if pattern.startswith("¤"):
        space = "\N{NO-BREAK SPACE}" if sign[-1:].isalpha() else ""
        return f'"{sign}{space}"{digits}'
    return f'{digits}"\N{NO-BREAK SPACE}{sign}"'


def _largest(values: ArrayLike) -> float:
    """Return the largest number's size; 0 where there is none."""
    numbers = np.asarray(values, dtype=float)
    return float(np.max(np.abs(numbers[np.isfinite(numbers)]), initial=0.0))
