"""Tables and untrusted texts as a terminal shows them."""

from collections.abc import Iterator
from unicodedata import category

from funnelkit.show.tables import Table

__all__ = ["table_lines", "visible"]

WIDEST = 40
"""Characters of a cell, so that one long name does not push all numbers off the screen."""


def visible(text: str) -> str:
    r"""Replace what a terminal would obey by what it shows.

    Examples
    --------
    >>> visible("Search\x1b[2J\nRU")
    'Search�[2J�RU'
    """
    return "".join(c if c.isprintable() or category(c) == "Zs" else "�" for c in text)


def table_lines(table: Table) -> Iterator[str]:
    """Yield a table's caption, head and rows, each column as wide as its widest cell."""
    if table.caption:
        yield f"{table.caption}:"
    rows = [[_cell(str(getattr(cell, "text", cell))) for cell in row] for row in table.rows]
    lines = [list(table.header), *rows] if table.header else rows
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            cell.ljust(width) if side == "left" else cell.rjust(width)
            for cell, width, side in zip(line, widths, table.sides, strict=True)
        )
        yield ("    " + "  ".join(cells)).rstrip()


def _cell(text: str) -> str:
    text = visible(text)
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"
