"""Phones and e-mails in exports: dropped on reading, so that nothing later can show them."""

import re

from funnelkit.client.exports.column import Column, is_missing

__all__ = ["mask", "plain_number", "without_people", "without_private"]

HIDDEN = "…"

_NAME = r"[^\s@<>,;:()\"']"
_EMAIL = re.compile(rf"{_NAME}{{1,64}}@{_NAME}{{1,255}}\.[^\s@<>,;:()\"'.]{{2,63}}")
_PHONE = re.compile(
    r"(?<![\w.])(?:\+\d{1,3}|[78])[\s(.-]*\d{3}[\s).-]*\d{3}[\s.-]*\d{2}[\s.-]*\d{2}(?!\w)"
    r"|(?<![\w.])\(\d{3,5}\)\s*\d{1,3}-\d{2}-\d{2}(?!\w)"
    r"|\+\d[\d\s().-]{8,16}\d"
)


def mask(text: str) -> str:
    """Put an ellipsis in place of every e-mail and phone.

    Examples
    --------
    >>> mask("Ann, +7 (999) 123-45-67, ann@example.org")
    'Ann, …, …'
    """
    if "@" in text:
        text = _EMAIL.sub(HIDDEN, text)
    return _PHONE.sub(HIDDEN, text)


def without_private(column: Column) -> tuple[Column, bool]:
    """Mask a column of texts, and tell whether there was anything to mask."""
    masked = [mask(value) if isinstance(value, str) else value for value in column.values]
    if masked == column.values:
        return column, False
    return Column.of(column.heading, (masked[code] for code in column.codes)), True


def without_people(column: Column) -> tuple[Column, bool]:
    """Give a number to clients whose name holds an e-mail or phone, in order of appearance.

    So two clients remain two, while nobody can tell who they are.
    """
    values = [
        value.strip() if isinstance(value, str) else plain_number(value) for value in column.values
    ]
    hidden = [not is_missing(value) and mask(value) != value for value in values]
    if not any(hidden):
        return Column.of(column.heading, (values[code] for code in column.codes)), False
    numbers: dict[str, str] = {}
    cells = (
        numbers.setdefault(values[code].casefold(), f"#{len(numbers) + 1}")
        if hidden[code]
        else values[code]
        for code in column.codes
    )
    return Column.of(column.heading, list(cells)), True


def plain_number(value: object) -> str:
    """Write a workbook's number as a person does: 17, not 17.0."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
