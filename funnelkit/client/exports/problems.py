"""Why an export is not read, or what about it is worth knowing: codes and values."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Drop", "ExportError", "ExportProblem", "Refusal", "Remark", "shorten"]


class Refusal(StrEnum):
    """Everything for which an export is refused; each code has one sentence, worded elsewhere."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    PDF = "pdf"
    PICTURE = "picture"
    OLD_EXCEL = "old_excel"
    ARCHIVE = "archive"
    BROKEN_WORKBOOK = "broken_workbook"
    ENCODING = "encoding"
    CHARACTER = "character"
    UNKNOWN = "unknown"
    COLUMN_TWICE = "column_twice"
    NO_ROWS = "no_rows"
    RAGGED = "ragged"
    QUOTES = "quotes"
    CUT = "cut"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    MIXED_DECIMALS = "mixed_decimals"
    AMBIGUOUS_NUMBER = "ambiguous_number"
    NOT_A_DATE = "not_a_date"
    AMBIGUOUS_DATE = "ambiguous_date"
    MIXED_CURRENCIES = "mixed_currencies"
    MICROS = "micros"
    TWICE = "twice"
    OUTSIDE = "outside"
    OVERLAP = "overlap"
    TWO_SALES = "two_sales"
    NO_SALES = "no_sales"
    NO_VAT = "no_vat"
    NO_RATE = "no_rate"
    NO_PERIOD = "no_period"
    SEVERAL_MONTHS = "several_months"


class Drop(StrEnum):
    """Why a row of an export is not among those read."""

    BLANK = "blank"
    TOTAL = "total"
    FOOTER = "footer"
    TWICE = "twice"
    MERGED = "merged"


class Remark(StrEnum):
    """What a person should know of an export that was read."""

    NO_LINE_END = "no_line_end"
    OTHER_SHEETS = "other_sheets"
    TOTAL_DIFFERS = "total_differs"
    MICROS = "micros"
    PRIVATE = "private"
    HEADING_TWICE = "heading_twice"
    CLICKS_ABOVE_IMPRESSIONS = "clicks_above_impressions"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportProblem:
    """One thing that is wrong with an export, and where.

    Attributes
    ----------
    code : Refusal
    file : str
        As the user named it.
    row : int or None
        Line of a text file or row of a sheet, counted from 1.
    column : str
        Heading of the column.
    found : str
        What stands there, shortened.
    values : mapping of str to str or float
        What the sentence needs beside it.
    """

    code: Refusal
    file: str = ""
    row: int | None = None
    column: str = ""
    found: str = ""
    values: Mapping[str, str | float] = dataclasses.field(default_factory=dict)


class ExportError(Exception):
    """An export that is not read, with the reason."""

    def __init__(
        self,
        code: Refusal,
        *,
        file: str = "",
        row: int | None = None,
        column: str = "",
        found: object = "",
        **values: str | float,
    ) -> None:
        self.problem = ExportProblem(
            code=code, file=file, row=row, column=column, found=shorten(found), values=values
        )
        super().__init__()

    def __str__(self) -> str:
        """Return the problem in one line, for whoever meets it as an exception."""
        problem = self.problem
        place = f"{problem.file}:{problem.row or '?'} {problem.column}"
        return f"{place}: {problem.code} ({problem.found})"


def shorten(value: object) -> str:
    """Shorten what was found to something that fits a sentence."""
    text = " ".join(str(value)[:400].split())
    return text if len(text) <= 80 else text[:79] + "…"
