"""A sheet of the workbook: texts, numbers and formulas in cells that have names.

Whatever a client typed is written as a string: nothing of it is ever parsed as a formula.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Literal

import numpy as np
import xlsxwriter  # type: ignore[import-untyped]  # it carries no types
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

__all__ = ["Book", "Sheet", "Style"]

Style = Literal[
    "title",
    "heading",
    "header",
    "aside",
    "label",
    "text",
    "quiet",
    "small",
    "month",
    "input",
    "linked",
    "computed",
    "total",
    "result",
]
"""What a cell is; the last six hold numbers."""

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
"""The workbook's date: the same inputs give the same bytes."""

MISSING = "#N/A"
"""What Excel shows for a number that is not known, and passes on to what needs it."""

_LOOKS: dict[Style, dict[str, object]] = {
    "title": {"bold": True, "font_size": 16, "font_color": "#1F3A4D"},
    "heading": {"bold": True, "font_size": 12, "font_color": "#1F3A4D", "bottom": 1},
    "header": {"bold": True, "bg_color": "#E4EBF0", "text_wrap": True, "valign": "vcenter"},
    "aside": {"bold": True, "bg_color": "#E4EBF0", "valign": "vcenter", "indent": 1},
    "label": {},
    "text": {"text_wrap": True, "valign": "top"},
    "quiet": {"font_color": "#6B7780", "font_size": 9, "indent": 1},
    "small": {"font_color": "#6B7780", "font_size": 9, "text_wrap": True, "valign": "top"},
    "month": {"font_color": "#6B7780", "font_size": 9},
    "input": {"bg_color": "#FFF6D6", "font_color": "#1A4FA3", "border": 1},
    "linked": {"bg_color": "#FFFCEF", "border": 1},
    "computed": {},
    "total": {"bold": True},
    "result": {"bold": True, "font_size": 13, "align": "right"},
}
_WIDEST = 40.0
"""Most characters of a column that numbers ask for."""

_BORDER = {"border_color": "#D9C98C"}


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a sheet, row and column counted from 0."""

    sheet: str
    row: int
    column: int

    @property
    def here(self) -> str:
        """Address within the sheet, as in B3."""
        address: str = xl_rowcol_to_cell(self.row, self.column)
        return address

    @property
    def fixed(self) -> str:
        """Address from any sheet, as in 'Inputs'!$B$3."""
        fixed = xl_rowcol_to_cell(self.row, self.column, row_abs=True, col_abs=True)
        return f"'{self.sheet}'!{fixed}"


class PlainWorksheet(Worksheet):  # type: ignore[misc]  # it carries no types
    """A worksheet whose formulas name nothing that Excel has learned since 2007.

    Later ones have to be marked; to look for each of them in every formula takes longer than to
    write it.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        del expand_future_functions
        return formula.removeprefix("=")


class Book:
    """A workbook that is being written; `content` closes it."""

    def __init__(self) -> None:
        self._bytes = BytesIO()
        plain = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
        self._workbook = xlsxwriter.Workbook(
            self._bytes, {"in_memory": True} | dict.fromkeys(plain, False)
        )
        self._workbook.set_properties({"created": CREATED})
        self._styles: dict[tuple[Style, str, bool], Format] = {}

    def sheet(self, title: str, *, landscape: bool = True) -> "Sheet":
        """Add a sheet that prints on pages one sheet wide."""
        worksheet = self._workbook.add_worksheet(title, PlainWorksheet)
        worksheet.hide_gridlines(2)
        worksheet.set_paper(9)  # A4
        worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        worksheet.fit_to_pages(1, 0)
        worksheet.set_footer("&C&P / &N")
        if landscape:
            worksheet.set_landscape()
        return Sheet(self, worksheet, title)

    def style(self, style: Style, number: str = "", *, right: bool = False) -> Format:
        """Return a cell's look, made once."""
        key = (style, number, right)
        if key not in self._styles:
            look = dict(_LOOKS[style])
            if "border" in look:
                look |= _BORDER
            if number:
                look["num_format"] = number
            if right:
                look["align"] = "right"
            self._styles[key] = self._workbook.add_format(look)
        return self._styles[key]

    def coloured(self, colour: str) -> Format:
        """Return a look that changes nothing but the colour of what is written."""
        look: Format = self._workbook.add_format({"font_color": colour})
        return look

    def define(self, name: str, formula: str) -> None:
        """Give a name to a cell or a range."""
        if self._workbook.define_name(name, f"={formula}") == -1:
            raise ValueError(f"{name!r} cannot be a name")

    def content(self) -> bytes:
        """Close the workbook and return its file."""
        self._workbook.close()
        return self._bytes.getvalue()


@dataclass(slots=True)
class Sheet:
    """A sheet; rows and columns are counted from 0."""

    book: Book
    worksheet: xlsxwriter.worksheet.Worksheet
    title: str
    widths: dict[int, float] = field(default_factory=dict)

    def place(self, row: int, column: int) -> Place:
        """Return a cell's place."""
        return Place(self.title, row, column)

    def across(self, row: int, first: int, last: int) -> str:
        """Return a row's range within the sheet, as in $B$3:$D$3."""
        address: str = xl_range_abs(row, first, row, last)
        return address

    def text(
        self, row: int, column: int, text: str, style: Style = "label", *, right: bool = False
    ) -> None:
        """Write a text as it is."""
        self.worksheet.write_string(row, column, text, self.book.style(style, right=right))

    def tall(self, row: int, lines: int) -> None:
        """Make room for a header of several lines."""
        self.worksheet.set_row(row, 15.5 * lines)

    def note(self, row: int, column: int, text: str) -> None:
        """Hang a definition on a cell."""
        if text:
            lines = 1 + len(text) // 34
            size = {"width": 230, "height": 24 + 17 * lines, "font_size": 9, "author": ""}
            self.worksheet.write_comment(row, column, text, size)

    def number(self, row: int, column: int, value: float, style: Style, number: str) -> Place:
        """Write a number; a missing one leaves the cell empty."""
        look = self.book.style(style, number)
        self._make_room(column, value, style, number)
        if np.isfinite(value):
            self.worksheet.write_number(row, column, value, look)
        else:
            self.worksheet.write_blank(row, column, None, look)
        return self.place(row, column)

    def formula(
        self, row: int, column: int, formula: str, value: float | str, style: Style, number: str
    ) -> Place:
        """Write a formula with the value that it has now."""
        known = value if isinstance(value, str) or np.isfinite(value) else MISSING
        look = self.book.style(style, number)
        self._make_room(column, value, style, number)
        self.worksheet.write_formula(row, column, f"={formula}", look, known)
        return self.place(row, column)

    def _make_room(self, column: int, value: float | str, style: Style, number: str) -> None:
        """Remember how wide a number is: a sheet shows no part of one that does not fit."""
        if isinstance(value, str) or not np.isfinite(value):
            return
        beside = number.partition("]")[2].replace("#,##0", "")
        large = 1.35 if style == "result" else 1.1
        wide = large * (len(f"{value:,.0f}") + len(beside))
        self.widths[column] = max(self.widths.get(column, 0.0), min(wide, _WIDEST))

    def named(self, name: str, place: Place, *, last: Place | None = None) -> None:
        """Give a name to a cell, or to the range up to another."""
        end = f":{last.fixed.partition('!')[2]}" if last else ""
        self.book.define(name, place.fixed + end)

    def between(self, place: Place, low: float | None, high: float | None = None) -> None:
        """Allow only numbers in a range; None is no bound."""
        rule: dict[str, object] = {"validate": "decimal", "criteria": ">=", "value": low}
        if high is not None:
            rule = {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
        self.worksheet.data_validation(place.row, place.column, place.row, place.column, rule)

    def whole(self, place: Place, low: int, high: int) -> None:
        """Allow only whole numbers in a range."""
        rule = {"validate": "integer", "criteria": "between", "minimum": low, "maximum": high}
        self.worksheet.data_validation(place.row, place.column, place.row, place.column, rule)

    def choice(self, place: Place, allowed: Sequence[str]) -> None:
        """Allow only some texts."""
        rule = {"validate": "list", "source": list(allowed)}
        self.worksheet.data_validation(place.row, place.column, place.row, place.column, rule)

    def grey_where_missing(self, last_row: int, last_column: int) -> None:
        """Show what is not known in grey."""
        rule = {"type": "errors", "format": self.book.coloured("#A8B0B6")}
        self.worksheet.conditional_format(0, 0, last_row, last_column, rule)

    def red_beyond(self, plan: Place, now: Place, best: Place) -> None:
        """Show a plan in red that goes further from the present than the best."""
        beyond = f"({plan.here}-{best.here})*({best.here}-{now.here})>0"
        rule = {
            "type": "formula",
            "criteria": f"=AND(COUNT({plan.here},{best.here},{now.here})=3,{beyond})",
            "format": self.book.coloured("#C0392B"),
        }
        self.worksheet.conditional_format(plan.row, plan.column, plan.row, plan.column, rule)

    def frame(
        self, *, widths: Sequence[float], freeze: tuple[int, int], repeat_rows: int | None = None
    ) -> None:
        """Set what stays in sight, what is printed on every page, and the columns' widths.

        A column is wider where its numbers ask for it.
        """
        for column, width in enumerate(widths):
            room = max(width, self.widths.get(column, 0.0))
            self.worksheet.set_column(column, column, room)
        self.worksheet.freeze_panes(*freeze)
        if repeat_rows is not None:
            self.worksheet.repeat_rows(repeat_rows)
