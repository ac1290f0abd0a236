"""How numbers are written in a workbook's cells: the language's patterns as Excel's."""

from collections.abc import Iterable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from funnelkit.show.words import Words

__all__ = ["Kind", "number_format"]

Kind = Literal["count", "money", "share", "ratio"]
"""What a number counts; a `Unit`'s value, or the ratio of two numbers."""


def number_format(kind: Kind, values: Iterable[ArrayLike], words: Words) -> str:
    """Return Excel's format for numbers of a kind that are about as large as `values`.

    A row has one format: decimals only while its numbers are small.

    Examples
    --------
    >>> number_format("money", [1_000_000], Words(language="ru", currency="RUB"))
    '#,##0"\xa0₽"'
    >>> number_format("share", [0.25], Words(language="en"))
    '0.0%'
    """
    largest = _largest(values)
    match kind:
        case "share":
            digits = "0.0" if largest >= 0.01 or largest == 0 else "0.00"
            return _quoted(words.locale.percent_formats[None].pattern, digits, "%")
        case "money":
            digits = "#,##0" if largest >= 100 or largest == 0 else "#,##0.00"
            pattern: str = words.locale.currency_formats["standard"].pattern
            sign = words.currency_sign
            letters = f"{sign}\N{NO-BREAK SPACE}" if sign.isalpha() else sign
            leads = pattern.startswith("¤")
            return _quoted(pattern, digits, "¤").replace("¤", f'"{letters if leads else sign}"')
        case "count":
            return "#,##0" if largest >= 100 else "#,##0.0" if largest >= 10 else "0.00"
    return "#,##0.00"


def _largest(values: Iterable[ArrayLike]) -> float:
    """Return the largest number's size; 0 where there is none."""
    numbers = np.concatenate([np.ravel(np.asarray(v, dtype=float)) for v in values] or [[0.0]])
    return float(np.max(np.abs(numbers[np.isfinite(numbers)]), initial=0.0))


def _quoted(pattern: str, digits: str, sign: str) -> str:
    """Put Excel's digits into a language's pattern; a space between them is text."""
    space = "\N{NO-BREAK SPACE}"
    begins = pattern.startswith(sign)
    apart = f'"{space}"' if space in pattern.replace(digits, "") else ""
    return f"{sign}{apart}{digits}" if begins else f"{digits}{apart}{sign}"
