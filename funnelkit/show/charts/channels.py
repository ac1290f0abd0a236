"""The funnel of every channel: a grid of counts, each with its share of the step before."""

from collections.abc import Sequence
from functools import partial
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from funnelkit.model.levers import message as _
from funnelkit.show.charts import theme
from funnelkit.show.charts.channelgrid import (
    COMPACT,
    FOOT,
    ROOMY,
    SMALL,
    Grid,
    bars,
    cells,
    head,
    layers,
    names,
)
from funnelkit.show.charts.measure import shortened
from funnelkit.show.picture import Picture, Row
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

__all__ = ["channels_chart"]

Array = NDArray[np.float64]


def channels_chart(
    channels: Sequence[str],
    steps: Sequence[str],
    counts: ArrayLike,
    words: Words,
    *,
    absent: ArrayLike | None = None,
    complete: Sequence[bool] | None = None,
    total: ArrayLike | None = None,
    compact: bool = False,
) -> Picture:
    """Draw the funnel of every channel and of all together.

    Parameters
    ----------
    channels, steps : sequence of str
        What channels and counts are called, in the reader's language.
    counts : array_like, shape (channels, steps)
        From the first step to the last; NaN is missing.
    words : Words
    absent : array_like of bool, shape (channels, steps), optional
        Where a channel does not have the count, whose cell then stays empty.
    complete : sequence of bool, optional
        Whether a channel is part of the total; by default all are.
    total : array_like, shape (steps,), optional
        By default the sums of what is known of the complete channels.
    compact : bool
        Whether the picture is one of several on a screen. Where rows are low a share stands beside
        its count, or has no place in a column that is too narrow for both.

    Returns
    -------
    Picture
    """
    at = COMPACT if compact else ROOMY
    values = np.asarray(counts, dtype=float).reshape(len(channels), len(steps))
    whole = [True] * len(channels) if complete is None else list(complete)
    last = _sums(values[whole]) if total is None else np.asarray(total, dtype=float)
    table = np.vstack([values, last.reshape(1, len(steps))])
    table[~np.isfinite(table)] = np.nan
    empty = np.zeros(table.shape, dtype=bool)
    if absent is not None:
        empty[:-1] = np.asarray(absent, dtype=bool)
    out = whole.count(False)
    grid = Grid(
        at=at,
        names=[*channels, words(_("Total"))],
        steps=steps,
        counts=table,
        shares=_shares(table),
        absent=empty,
        complete=[*whole, True],
        foot=FOOT if out or not compact else 0.0,
    )
    left_out = ""
    if out:
        left_out = words.plural(
            "* {n} channel is not in the total: a number is missing",
            "* {n} channels are not in the total: a number is missing",
            out,
        )
    note = words(_("The bars' lengths grow with the square root, so that small steps are seen."))
    notes = [(2.0, "left", left_out), (at.width - 2, "right", "" if compact else note)]
    description = words(
        _("The channels together: {counts}."),
        counts="; ".join(
            f"{step} – {words.count(value)}" for step, value in zip(steps, last, strict=True)
        )
        or words.missing,
    )
    datasets: dict[str, Sequence[Row]] = {
        "head": head(grid),
        "names": names(grid),
        "cells": [row for column in range(len(steps)) for row in cells(grid, column, words)],
        "bars": bars(grid),
        "rules": [
            {"y": at.head, "colour": theme.LINE},
            {"y": grid.middle(grid.last) - grid.row / 2, "colour": theme.GREY},
        ],
        "notes": [
            {"x": x, "align": side, "text": shortened(text, at.width * 0.55, SMALL)}
            for x, side, text in notes
            if text
        ],
    }
    return theme.picture(
        partial(layers, at, grid.high),
        datasets,
        size=(at.width, grid.high),
        description=description,
        table=partial(_table, grid, words, description, left_out),
    )


def _sums(values: Array) -> Array:
    """Add up what is known; NaN where nothing is."""
    known = ~np.isnan(values)
    sums = np.where(known, values, 0.0).sum(axis=0)
    return np.where(known.any(axis=0), sums, np.nan)


def _shares(counts: Array) -> Array:
    """Divide each count by the one before; NaN for the first and where that is missing or 0."""
    shares = np.full(counts.shape, np.nan)
    before = counts[:, :-1]
    np.divide(counts[:, 1:], before, out=shares[:, 1:], where=before > 0)
    return shares


def _table(grid: Grid, words: Words, caption: str, note: str) -> Table:
    """List the channels: counts with their shares of the step before."""

    def cell(count: float, share: float, absent: bool) -> Cell:
        if absent:
            return Cell("")
        text = words.count(count)
        if isfinite(share) and isfinite(count):
            text = f"{text} ({words.share(share)})"
        return Cell(text, "" if isfinite(count) else "missing")

    explained = words(_("In brackets: of the step before."))
    rows: list[tuple[str | Cell, ...]] = [
        (
            name if whole else f"{name} *",
            *(cell(*values) for values in zip(counts, shares, absent, strict=True)),
        )
        for name, whole, counts, shares, absent in zip(
            grid.names,
            grid.complete,
            grid.counts.tolist(),
            grid.shares.tolist(),
            grid.absent.tolist(),
            strict=True,
        )
    ]
    return Table(
        header=(words(_("Channel")), *grid.steps),
        rows=tuple(rows),
        caption=caption,
        note=f"{explained} {note}".strip(),
        emphasis=frozenset({grid.last}),
    )
