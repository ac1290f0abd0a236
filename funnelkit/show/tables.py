"""Tables of ready-made strings, and the one template that turns them into HTML.

Whatever stands in a cell may come from a client's file: the template escapes all of it.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

__all__ = ["Cell", "Side", "Table", "note_alone", "sides"]

Side = Literal["left", "right"]
"""Where the text of a column stands; numbers stand right."""


def sides(letters: str) -> tuple[Side, ...]:
    """Spell out the sides of columns: l for left, r for right.

    Examples
    --------
    >>> sides("lr")
    ('left', 'right')
    """
    return tuple("left" if letter == "l" else "right" for letter in letters)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is more than its text.

    Attributes
    ----------
    text : str
        What is shown, already in the reader's language.
    kind : {"", "good", "bad", "quiet", "missing"}
        What the style sheet makes of it.
    """

    text: str
    kind: Literal["", "good", "bad", "quiet", "missing"] = ""


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[Cell, ...]
    strong: bool


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("funnelkit.show"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.get_template("table.html.jinja")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table to be read: strings, their columns' sides, what stands above and below.

    Attributes
    ----------
    header : tuple of str
        Names of the columns; empty for a table without a head.
    rows : tuple of tuple of (str or Cell)
        The first cell of a row names it.
    align : tuple of {"left", "right"}
        A side for each column; by default the first is left, the others right.
    caption, note : str
        Text above and below the table; empty for none.
    emphasis : frozenset of int
        Numbers of the rows that stand out, counted from 0: totals, goals.

    Raises
    ------
    ValueError
        If rows, header and align differ in length.

    Examples
    --------
    >>> table = Table(header=("Step", "Now"), rows=(("Leads <b>", "1,200"),))
    >>> "Leads &lt;b&gt;" in table.html()
    True
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str | Cell, ...], ...]
    align: tuple[Side, ...] = ()
    caption: str = ""
    note: str = ""
    emphasis: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        lengths = {len(row) for row in self.rows}
        lengths |= {len(line) for line in (self.header, self.align) if line}
        if len(lengths) > 1:
            raise ValueError(f"header, align and rows differ in length: {sorted(lengths)}")

    @property
    def sides(self) -> tuple[Side, ...]:
        """The columns' sides, the default where none were given."""
        columns = len(self.header or self.align or next(iter(self.rows), ()))
        return self.align or tuple("right" if number else "left" for number in range(columns))

    def turned(self, corner: str) -> "Table":
        """Return the table with rows and columns exchanged, the last row emphasised.

        For totals on both sides and more columns than a page has room for. `corner` names what
        the columns were.

        Examples
        --------
        >>> table = Table(header=("Stage", "Book", "Course"), rows=(("Sales", "1", "2"),))
        >>> table.turned("Product").rows
        (('Book', '1'), ('Course', '2'))
        """
        names, *columns = zip(*self.rows, strict=True)
        rows = tuple((name, *column) for name, column in zip(self.header[1:], columns, strict=True))
        header = (corner, *(cell.text if isinstance(cell, Cell) else cell for cell in names))
        return Table(
            header=header,
            rows=rows,
            caption=self.caption,
            note=self.note,
            emphasis=frozenset({len(rows) - 1}),
        )

    def html(self) -> str:
        """Return the table as HTML, every text escaped."""
        rows = tuple(
            _Row(
                tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row),
                number in self.emphasis,
            )
            for number, row in enumerate(self.rows)
        )
        return _template().render(table=self, rows=rows, sides=self.sides)

    def _repr_html_(self) -> str:
        return self.html()


def note_alone(caption: str, note: str) -> Table:
    """Return a table without rows, whose note says why."""
    return Table(header=(), rows=(), align=sides("l"), caption=caption, note=note)
