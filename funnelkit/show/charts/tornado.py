"""The tornado: which input that is not known exactly moves the goal's month how far."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import inf, isfinite, nan

from funnelkit.model.levers import message as _
from funnelkit.show.charts import theme
from funnelkit.show.charts.measure import shortened
from funnelkit.show.charts.tornadobars import FOOT, WIDTH, Bars, layers
from funnelkit.show.picture import Picture, Row
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

__all__ = ["TornadoRow", "tornado_chart"]

_MOST = 10
"""Rows for which the picture has room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TornadoRow:
    """What one input does to the goal's month.

    Attributes
    ----------
    key, name : str
        What tells the input from others, and what it is called.
    low, high : float
        The goal's month with the input at its low and at its high end, client's currency; NaN is
        missing.
    low_text, high_text : str
        What these ends are, in the reader's language.
    share : float
        The input's share of the spread, 0-1.
    left : float
        Width of the spread that would remain if the input were known, client's currency.
    """

    key: str
    name: str
    low: float
    high: float
    low_text: str
    high_text: str
    share: float = nan
    left: float = nan

    @property
    def wide(self) -> float:
        """Width of the bar; below 0 where it is not known."""
        between = abs(self.high - self.low)
        return between if isfinite(between) else -1.0

    @property
    def known(self) -> str:
        """What is known of the input, in words."""
        return f"{self.low_text} – {self.high_text}"


def tornado_chart(
    rows: Sequence[TornadoRow], base: float, words: Words, *, b: float = nan
) -> Picture:
    """Draw what each input does to the goal's month, the widest bar first.

    Parameters
    ----------
    rows : sequence of TornadoRow
        In any order; the ten widest are drawn, the others counted.
    base : float
        The goal's month with every input as it is taken to be, client's currency.
    words : Words
    b : float
        B, client's currency; it has a line where it is not far from the bars.

    Returns
    -------
    Picture
    """
    ranked = sorted(rows, key=lambda row: -row.wide)
    shown, hidden = ranked[:_MOST], len(ranked[_MOST:])
    bars = Bars([(row.low, row.high) for row in shown], base, b)
    for number, row in enumerate(shown):
        bars.name(number, row.key, row.name, row.known)
        texts = [words.short_money(value) for value in (row.low, row.high)]
        bars.draw(number, row.key, (row.low, row.high), texts, words.missing)
        bars.aside(number, row.key, _percent(row.share, words))
    note = _note(ranked, words)
    short = _note(ranked, words, room=270)
    datasets: dict[str, Sequence[Row]] = {
        "bars": bars.bars,
        "names": bars.names,
        "values": bars.values if shown else [bars.nothing(words.missing)],
        "sides": bars.sides,
        "base": bars.level(base, words(_("Plan: {value}"), value=words.short_money(base))),
        "b": bars.level(b, words(_("B: {value}"), value=words.short_money(b))) if bars.b else [],
        "key": [
            {"y": y, "text": text, "colour": colour}
            for y, text, colour in (
                (12, words(_("the input at its lower end")), theme.NOW),
                (31, words(_("the input at its upper end")), theme.PLAN),
            )
        ],
        "head": [{"text": words(_("of the spread"))}],
        "note": [{"text": short}] if short else [],
        "more": [{"text": words(_("{n} more"), n=words.number(hidden))}] if hidden else [],
    }
    description = _description(ranked, base, b, words)
    return theme.picture(
        partial(layers, bars.foot),
        datasets,
        size=(WIDTH, bars.foot + FOOT),
        description=description,
        table=partial(_table, ranked, words, description, note),
    )


def _percent(share: float, words: Words) -> str:
    return words.share(round(share, 2)) if isfinite(share) else words.missing


def _note(rows: Sequence[TornadoRow], words: Words, room: float = inf) -> str:
    """Say what is worth measuring first; nothing where nothing is known of it."""
    known = [row for row in rows if isfinite(row.left)]
    if not known:
        return ""
    first = min(known, key=lambda row: row.left)
    return words(
        _("Worth measuring first: {name} (spread left: {left})"),
        name=shortened(first.name, room, 12),
        left=words.short_money(first.left),
    )


def _description(rows: Sequence[TornadoRow], base: float, b: float, words: Words) -> str:
    most = "; ".join(
        f"{row.name} – {words.short_money(row.low)} … {words.short_money(row.high)}"
        for row in rows[:3]
    )
    return words(
        _("The plan gives {base} in the goal's month, B is {b}; it depends most on: {most}."),
        base=words.short_money(base),
        b=words.short_money(b),
        most=most or words.missing,
    )


def _table(rows: Sequence[TornadoRow], words: Words, caption: str, note: str) -> Table:
    """List all inputs."""

    def money(value: float) -> Cell:
        return Cell(words.money(value), "" if isfinite(value) else "missing")

    return Table(
        header=(
            words(_("Input")),
            words(_("Known")),
            words(_("At its lower end")),
            words(_("At its upper end")),
            words(_("Share of the spread")),
            words(_("Spread left were it known")),
        ),
        rows=tuple(
            (
                row.name,
                row.known,
                money(row.low),
                money(row.high),
                Cell(words.share(row.share), "" if isfinite(row.share) else "missing"),
                money(row.left),
            )
            for row in rows
        ),
        caption=caption,
        note=note,
    )
