"""Numbers as people type them into YAML: ``1 000 000``, ``1_000_000``, ``25%``, ``0,25``."""

import math
import re

from pydantic_core import PydanticCustomError

__all__ = ["parse_number"]

_SPACES = re.compile(r"(?<=\d)[ _\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_PLAIN = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
_THOUSANDS_OR_DECIMALS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


def parse_number(value: object) -> float:
    """Read one number.

    Parameters
    ----------
    value : object
        A YAML scalar: a number, or text with spaces or underscores between thousands, a decimal
        point or comma, and possibly a percent sign.

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
        text = value.strip()
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
    if not math.isfinite(number):
        raise PydanticCustomError("not_a_number", "not finite")
    return number
