"""Numbers as people type them into YAML: ``1 000 000``, ``1_000_000``, ``25%``, ``0,25``."""

import math
import re

from pydantic_core import PydanticCustomError

__all__ = ["LARGEST", "parse_number"]

LARGEST = 1e15
"""Largest number that a client's file may hold: what is larger is a slip, and overflows."""

SMALLEST = 1e-9
"""Smallest number but 0, for the same reason: what is divided by it overflows."""

_SPACES = re.compile(r"(?<=[0-9])[ _\u00a0\u2007\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_PLAIN = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{1,3})?")
_THOUSANDS_OR_DECIMALS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")


def parse_number(value: object) -> float:
    """Read one number.

    Parameters
    ----------
    value : object
        A YAML scalar: a number, or text with spaces or underscores between thousands, a decimal
        point or comma, and possibly an exponent or a percent sign.

    Raises
    ------
    PydanticCustomError
        With type ``not_a_number``, or ``ambiguous_number`` for ``1,234``, which is 1234 to one
        reader and 1.234 to another.

    Examples
    --------
    >>> parse_number("1 000 000"), parse_number("25%"), parse_number("0,25")
    (1000000.0, 0.25, 0.25)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise PydanticCustomError("not_a_number", "not a number")
    if isinstance(value, str):
        text = value.strip().replace("\N{MINUS SIGN}", "-")
        percent = text.endswith("%")
        text = _SPACES.sub("", text.removesuffix("%").rstrip())
        if _THOUSANDS_OR_DECIMALS.fullmatch(text):
            raise PydanticCustomError("ambiguous_number", "ambiguous")
        if not _PLAIN.fullmatch(text):
            raise PydanticCustomError("not_a_number", "not a number")
        number = float(text.replace(",", ".")) / (100.0 if percent else 1.0)
    else:
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
    if not math.isfinite(number) or 0 < abs(number) < SMALLEST:
        raise PydanticCustomError("not_a_number", "not finite, or next to nothing")
    return number + 0.0  # no -0
