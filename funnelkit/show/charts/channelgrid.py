"""How the channels' grid is drawn: places, texts that fit, layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from funnelkit.show.charts import theme
from funnelkit.show.charts.measure import shortened, width, wrapped
from funnelkit.show.picture import Row
from funnelkit.show.words import Words

__all__ = [
    "COMPACT",
    "FOOT",
    "ROOMY",
    "SMALL",
    "Canvas",
    "Grid",
    "bars",
    "cells",
    "head",
    "layers",
    "names",
]

SMALL, _GAP, _INSET, FOOT = 12.0, 5.0, 4.0, 24.0
"""Size of small texts, room before a share, of a text in its bar, for notes; in pixels, as all
that follows."""

_LEAST, _TWO_LINES, _STACKED = 18.0, 34.0, 39.0
"""The lowest row; the lowest in which a name has two lines; the lowest in which bar and share
stand below a count, and not behind and beside it."""

_TINT, _PALE_TINT = "#cddcec", "#e4e8ed"
"""Bars behind texts, of channels in the total and out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """Measures in pixels: the whole, the columns' names, a row at most, room, size of a count.

    A height of 0 grows with the rows up to `highest`; any other is shared by them. There is room
    for channels' names and between columns.
    """

    width: float
    height: float
    highest: float
    head: float
    row: float
    names: float
    between: float
    count: float


ROOMY = Canvas(width=1080, height=0, highest=610, head=44, row=46, names=190, between=18, count=14)
COMPACT = Canvas(
    width=696, height=330, highest=330, head=40, row=330, names=140, between=12, count=13
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """What is drawn, and where: all arrays of shape (rows, columns), the total last.

    Attributes
    ----------
    at : Canvas
    names, steps : sequence of str
        What rows and columns are called.
    counts, shares : ndarray
        NaN is missing.
    absent : ndarray of bool
        Where the channel does not have the count: the cell stays empty.
    complete : sequence of bool
        Whether the row is part of the total.
    foot : float
        Room for notes.
    """

    at: Canvas
    names: Sequence[str]
    steps: Sequence[str]
    counts: NDArray[np.float64]
    shares: NDArray[np.float64]
    absent: NDArray[np.bool_]
    complete: Sequence[bool]
    foot: float

    @property
    def row(self) -> float:
        """Height of a row."""
        at = self.at
        room = (at.highest - at.head - self.foot) / len(self.names)
        return max(min(room, at.row), 0 if at.height else _LEAST)

    @property
    def high(self) -> float:
        """Height of the picture."""
        return self.at.height or self.at.head + self.row * len(self.names) + self.foot

    @property
    def stacked(self) -> bool:
        """Whether a share stands below its count, and not beside it."""
        return self.row >= _STACKED

    @property
    def room(self) -> float:
        """Width of a cell's texts and of its longest bar."""
        return (self.at.width - self.at.names) / max(len(self.steps), 1) - self.at.between

    @property
    def last(self) -> int:
        """Number of the total's row."""
        return len(self.names) - 1

    def left(self, column: int) -> float:
        """Where a column's texts and bars begin."""
        return self.at.names + column * (self.room + self.at.between) + self.at.between

    def middle(self, row: int) -> float:
        """Height of a row's middle."""
        return self.at.head + self.row * (row + 0.5)


def head(grid: Grid) -> list[Row]:
    """Name the columns, in two lines at most, just above the first row."""
    rows: list[Row] = []
    for column, step in enumerate(grid.steps):
        lines = wrapped(step, grid.room, SMALL)
        top = grid.at.head - 10 - 15 * (len(lines) - 1)
        rows += [
            {"x": grid.left(column), "y": top + 15 * number, "text": line}
            for number, line in enumerate(lines)
        ]
    return rows


def names(grid: Grid) -> list[Row]:
    """Name the rows; a star tells those that are not in the total."""
    rows: list[Row] = []
    for number, name in enumerate(grid.names):
        whole, bold = grid.complete[number], number == grid.last
        called = name if whole else f"{name} *"
        lines = wrapped(
            called, grid.at.names - 8, 13, lines=2 if grid.row >= _TWO_LINES else 1, bold=bold
        )
        for line, text in enumerate(lines):
            y = grid.middle(number) + 16 * (line - (len(lines) - 1) / 2)
            colour = theme.INK if whole else theme.QUIET
            weight = "bold" if bold else "normal"
            rows.append({"y": y, "text": text, "weight": weight, "colour": colour})
    return rows


def cells(grid: Grid, column: int, words: Words) -> list[Row]:
    """Write a column's counts and shares; what has no room is in the table alone."""
    counts, shares = grid.counts[:, column].tolist(), grid.shares[:, column].tolist()
    absent = grid.absent[:, column]
    first = absent | grid.absent[:, max(column - 1, 0)]  # no step stands before it
    aside = [
        words.share(share) if column and isfinite(count) and not alone else ""
        for count, share, alone in zip(counts, shares, first.tolist(), strict=True)
    ]
    texts, beside = _in_column(grid, column, counts, aside, words)
    rows: list[Row] = []
    for number, (text, share) in enumerate(zip(texts, beside, strict=True)):
        total, known = number == grid.last, isfinite(counts[number])
        middle, left = grid.middle(number), grid.left(column)
        bold = known and (grid.stacked or total)
        size = grid.at.count if known else SMALL
        inset = 0.0 if grid.stacked else _INSET
        if width(text, size, bold=bold) + inset > grid.room:
            text = "…"
        up = 11.0 if known and not total else 8.0 if known and share else 0.0
        text = "" if absent[number] else text
        row: dict[str, Any] = {
            "x": left + inset,
            "y": middle - up if grid.stacked else middle,
            "text": text,
            "align": "left",
            "weight": "bold" if bold else "normal",
            "size": size,
            "colour": theme.INK if known and grid.complete[number] else theme.QUIET,
        }
        small = row | {"weight": "normal", "size": SMALL, "colour": theme.QUIET}
        if grid.stacked:
            small |= {"y": middle + up, "text": shortened(share, grid.room, SMALL)}
        else:
            small |= {"x": left + grid.room, "align": "right", "text": share}
        rows += [row, small]
    return rows


def _in_column(
    grid: Grid, column: int, counts: Sequence[float], aside: Sequence[str], words: Words
) -> tuple[Sequence[str], Sequence[str]]:
    """Put counts into words, all in full or all in short; return them with the shares shown.

    Shares that stand beside counts are shown in a column where all that are known have room.
    """
    full, short = [words.count(count) for count in counts], [words.short_count(c) for c in counts]

    def fits(number: int, text: str, share: str) -> bool:
        known, bold = isfinite(counts[number]), grid.stacked or number == grid.last
        wide = width(text, grid.at.count if known else SMALL, bold=bold and known)
        if grid.stacked:
            return wide <= grid.room
        return wide + _INSET + (width(share, SMALL) + _GAP if share else 0.0) <= grid.room

    none = [""] * len(counts)
    for texts in (full, short):
        shown = [
            share if fits(number, texts[number], share) else ""
            for number, share in enumerate(aside)
        ]
        # A share that is missing, or the total's, may have no room where all others have it.
        must = [isfinite(share) for share in grid.shares[:-1, column].tolist()]
        there = all(shown[number] for number, needed in enumerate(must) if needed and aside[number])
        if there and all(map(fits, range(len(counts)), texts, shown)):
            return texts, shown
    return (
        full if all(map(fits, range(len(counts)), full, none)) else short
    ), aside if grid.stacked else none


def bars(grid: Grid) -> list[Row]:
    """Draw a bar a count, the longest of a column as wide as the column; the total has none."""
    rows: list[Row] = []
    counts = np.where(np.isfinite(grid.counts), np.maximum(grid.counts, 0.0), 0.0)[:-1]
    tall = grid.row / 2 - 1.5
    top, bottom = (-3.0, 2.0) if grid.stacked else (-tall, tall)
    inside, outside = (theme.PLAN, theme.NOW) if grid.stacked else (_TINT, _PALE_TINT)
    for column in range(len(grid.steps)):
        most = float(counts[:, column].max(initial=0.0))
        left = grid.left(column)
        for number, count in enumerate(counts[:, column].tolist()):
            length = grid.room * sqrt(count / most) if most else 0.0
            middle = grid.middle(number)
            rows.append(
                {
                    "x": left,
                    "x2": left + length,
                    "y": middle + top,
                    "y2": middle + bottom,
                    "colour": inside if grid.complete[number] else outside,
                }
            )
    return rows


def layers(at: Canvas, high: float) -> list[alt.Chart]:
    """Draw rules, bars, then texts."""
    x, y = theme.across("x"), theme.down("y")
    weight, side = alt.ExprRef("datum.weight"), alt.ExprRef("datum.align")
    rules = (
        alt.Chart(alt.NamedData("rules"))
        .mark_rule()
        .encode(y=y, x=alt.XValue(0), x2=alt.X2Value(at.width), color=theme.own("colour"))
    )
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_rect(cornerRadius=1)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=theme.own("colour"))
    )
    size = alt.ExprRef("datum.size")
    return [
        rules,
        bars,
        theme.text("head", x=x, y=y, size=SMALL, colour=theme.QUIET),
        theme.text("names", x=2, y=y, bold=weight),
        theme.text("cells", x=x, y=y, align=side, bold=weight, size=size),
        theme.text("notes", x=x, y=high - 9, align=side, size=SMALL, colour=theme.QUIET),
    ]
