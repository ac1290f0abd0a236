"""What was read of an export."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from numpy.typing import NDArray

from funnelkit.client.exports.meanings import Content, Meaning, System
from funnelkit.client.exports.problems import Drop, Remark

__all__ = ["Export"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An export's table, and how it was read.

    Attributes
    ----------
    system : System
    content : Content
    file : str
        As the user named it.
    encoding : str
        Empty for a workbook.
    sheet : str
        Name of the sheet; empty for a text.
    currency : str
        ISO code; empty where the file names none.
    vat : bool or None
        Whether money includes VAT, where the file says so.
    period : tuple of date or None
        First and last day, of the rows or as the title says.
    columns : mapping of Meaning to ndarray, shape (rows,)
        Days as datetime64[D] (NaT missing), texts as objects, counts and money as floats (NaN
        missing), money in the file's currency.
    headings : mapping of Meaning to str
        As the file has them.
    ignored : tuple of str
        Headings of columns that were not read, those worked out from others included.
    rows : int
        Rows in `columns`.
    dropped : mapping of Drop to int
        Rows that are not, by reason.
    totals : mapping of Meaning to float
        Exact sums of counts and money.
    stated : mapping of Meaning to float
        What the file's own row of totals says, where it has one.
    remarks : mapping of Remark to str
        What is worth knowing, and of what.
    """

    system: System
    content: Content
    file: str
    encoding: str
    sheet: str
    currency: str
    vat: bool | None
    period: tuple[date, date] | None
    columns: Mapping[Meaning, NDArray[Any]]
    headings: Mapping[Meaning, str]
    ignored: tuple[str, ...]
    rows: int
    dropped: Mapping[Drop, int]
    totals: Mapping[Meaning, float]
    stated: Mapping[Meaning, float]
    remarks: Mapping[Remark, str]
