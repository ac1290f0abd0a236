"""The sheet that says what every word of the workbook means."""

from funnelkit.client.client import Client
from funnelkit.show.channel_definitions import channel_definitions_table
from funnelkit.show.definitions import definitions_table
from funnelkit.show.excel.sheet import Sheet
from funnelkit.show.words import Words

__all__ = ["write_definitions"]

_WIDTHS = (40, 90)
"""Columns of words and of what they mean."""

_FIT = (34, 78)
"""Letters of a line of each that surely fit."""


def write_definitions(sheet: Sheet, client: Client, words: Words) -> None:
    """Write the report's definitions, those of the channels where there are any."""
    tables = [definitions_table(words)]
    if client.marketing is not None:
        tables.append(channel_definitions_table(words))
    row = 0
    for table in tables:
        sheet.text(row, 0, table.caption, "title")
        for column, text in enumerate(table.header):
            sheet.text(row + 1, column, text, "header")
        row += 2
        for cells in table.rows:
            for column, cell in enumerate(cells):
                sheet.text(row, column, str(cell), "text")
            sheet.tall(
                row, max(1 + len(str(cell)) // fit for cell, fit in zip(cells, _FIT, strict=True))
            )
            row += 1
        row += 1
    sheet.frame(widths=_WIDTHS, freeze=(0, 1))
