"""The heat map of cohorts: which share of those who came together bought in which month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from math import isfinite
from typing import Any

import altair as alt
import numpy as np

from funnelkit.model.levers import message as _
from funnelkit.plan.cohorts import Cohorts
from funnelkit.show.charts import theme
from funnelkit.show.charts.measure import shortened
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words, later_month

__all__ = ["AGES", "ROWS", "cohort_month", "cohorts_chart"]

ROWS, AGES = 14, 17
"""The cohorts that have room, the youngest, and the months after the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Canvas:
    """Measures in pixels."""

    width: float = 752
    names: float = 84
    clients: float = 70
    head: float = 62
    row: float = 25
    widest: float = 56

    def step(self, ages: int) -> float:
        """Width of a month's column."""
        return min((self.width - self.names - self.clients) / max(ages, 1), self.widest)


_AT = _Canvas()
_ZERO, _FULL, _DARK = (244, 246, 248), (18, 70, 123), 0.65
"""Colours of nothing and of the highest share, and from which share on texts are white."""


def cohort_month(number: int) -> date:
    """Return the first day of a month that is numbered from 1970-01 on."""
    return later_month(date(1970, 1, 1), int(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A line of the map: a cohort, or all of them."""

    name: str
    clients: str
    shares: Sequence[float]


def cohorts_chart(cohorts: Cohorts, words: Words) -> Picture:
    """Draw which share of each cohort bought in each month after its first.

    Parameters
    ----------
    cohorts : Cohorts
        By calendar month, numbered from 1970-01 on.
    words : Words
    """
    lines = _lines(cohorts, words)
    ages = min(cohorts.active.shape[1] - 1, AGES)
    step, shares = _AT.step(ages), [s for line in lines for s in line.shares if isfinite(s)]
    most = max(shares, default=0.0) or 1.0
    cells: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    for number, line in enumerate(lines):
        y = _AT.head + _AT.row * number + (8 if number == len(lines) - 1 else 0)
        middle, weight = y + _AT.row / 2, "bold" if number == len(lines) - 1 else "normal"
        name = shortened(line.name, _AT.names - 4, 13, bold=weight == "bold")
        right = _AT.names + _AT.clients - 12
        texts += [
            _text(2, middle, name, "left", theme.INK, weight, 13),
            _text(right, middle, line.clients, "right", theme.QUIET, weight, 13),
        ]
        for age, share in enumerate(line.shares):
            if not isfinite(share):
                continue
            x = _AT.names + _AT.clients + step * age
            place = {"x": x, "x2": x + step - 1, "y": y, "y2": y + _AT.row - 1}
            cells.append(place | {"share": share, "colour": _tint(share / most)})
            ink = "#ffffff" if share / most > _DARK else theme.INK
            said = words.number(100 * share)
            texts.append(_text(x + step / 2 - 0.5, middle, said, "center", ink, weight, 12))
    foot = _AT.head + _AT.row * len(lines) + 8
    heads = [
        _text(_AT.names + _AT.clients, 14, _above(words), "left", theme.INK, "normal", 12),
        _text(2, 44, words(_("Came in")), "left", theme.QUIET, "normal", 12),
        _text(
            _AT.names + _AT.clients - 12,
            44,
            words(_("Clients")),
            "right",
            theme.QUIET,
            "normal",
            12,
        ),
        *(
            _text(
                _AT.names + _AT.clients + step * (age + 0.5) - 0.5,
                44,
                words.number(age + 1),
                "center",
                theme.QUIET,
                "normal",
                12,
            )
            for age in range(ages)
        ),
    ]
    note = _note(cohorts, words)
    first = cohorts.mean_retention[1] if ages else np.nan
    description = words(
        _(
            "Of {clients} clients in {n} monthly cohorts {first} bought again in the month after "
            "the first, and {last} in month {age}."
        ),
        clients=words.count(float(cohorts.size.sum())),
        n=words.number(cohorts.first.size),
        first=words.share(float(first)),
        last=words.share(float(cohorts.mean_retention[ages])),
        age=words.number(ages),
    )
    datasets: dict[str, Sequence[dict[str, Any]]] = {
        "cells": cells,
        "texts": [*heads, *texts],
        "note": [{"text": shortened(note, _AT.width - 8, 12), "y": foot + 14}] if note else [],
    }
    return theme.picture(
        _layers,
        datasets,
        size=(_AT.width, foot + (26 if note else 2)),
        description=description,
        table=partial(_table, lines, ages, words, description, note),
    )


def _above(words: Words) -> str:
    return words(_("Of 100 clients so many bought in the month so long after their first"))


def _text(
    x: float, y: float, text: str, align: str, colour: str, weight: str, size: float
) -> dict[str, Any]:
    place = {"x": x, "y": y, "text": text, "align": align}
    return place | {"colour": colour, "weight": weight, "size": size}


def _tint(share: float) -> str:
    """Mix the colour of a share of the highest."""
    mixed = (round(a + (b - a) * share) for a, b in zip(_ZERO, _FULL, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _lines(cohorts: Cohorts, words: Words) -> list[_Shown]:
    retention = cohorts.retention[-ROWS:, 1 : AGES + 1].tolist()
    rows = zip(
        cohorts.first[-ROWS:].tolist(), cohorts.size[-ROWS:].tolist(), retention, strict=True
    )
    whole = _Shown(
        name=words(_("Together")),
        clients=words.count(float(cohorts.size.sum())),
        shares=cohorts.mean_retention[1 : AGES + 1].tolist(),
    )
    return [
        *(
            _Shown(
                name=words.short_month(cohort_month(first)),
                clients=words.number(size),
                shares=shares,
            )
            for first, size, shares in rows
        ),
        whole,
    ]


def _note(cohorts: Cohorts, words: Words) -> str:
    older = cohorts.first.size - ROWS
    if older <= 0:
        return ""
    return words.plural(
        "{n} older cohort is in the last line alone.",
        "{n} older cohorts are in the last line alone.",
        older,
    )


def _table(lines: Sequence[_Shown], ages: int, words: Words, caption: str, note: str) -> Table:
    def cell(share: float) -> str | Cell:
        return words.number(100 * share, 1) if isfinite(share) else Cell("", "quiet")

    return Table(
        header=(
            words(_("Came in")),
            words(_("Clients")),
            *(words.number(age + 1) for age in range(ages)),
        ),
        rows=tuple(
            (line.name, line.clients, *(cell(share) for share in line.shares)) for line in lines
        ),
        caption=f"{caption} {_above(words)}.",
        note=note,
        emphasis=frozenset({len(lines) - 1}),
    )


def _layers() -> list[alt.Chart]:
    """Draw the cells, then texts."""
    x, y = theme.across("x"), theme.down("y")
    cells = (
        alt.Chart(alt.NamedData("cells"))
        .mark_rect()
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=theme.own("colour"))
    )
    texts = theme.text(
        "texts",
        x=x,
        y=y,
        align=alt.ExprRef("datum.align"),
        bold=alt.ExprRef("datum.weight"),
        size=alt.ExprRef("datum.size"),
    )
    note = theme.text("note", x=2, y=y, size=12, colour=theme.QUIET)
    return [cells, texts, note]
