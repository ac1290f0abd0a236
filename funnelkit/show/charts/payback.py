"""What clients of each channel bring for what they cost, and when they have paid it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import inf, isnan, nan
from typing import Literal

from funnelkit.model.levers import message as _
from funnelkit.show.charts.pairs import Pair, Rule, pairs_picture
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

__all__ = ["LONGEST", "Payback", "payback_chart"]


LONGEST = 10.0
"""Where bars end: a channel that costs next to nothing would leave the others none."""

_COMPACT = 5
"""Rows for which a compact picture has room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payback:
    """A channel's clients, now and as planned; NaN is missing.

    Attributes
    ----------
    key, name : str
        What tells the channel from others, and what it is called.
    now, plan : float
        LTV per CAC.
    now_months, plan_months : float
        Months until the CAC is paid back; infinite where it never is. One that is missing where a
        client brings less than the CAC is never as well.
    """

    key: str
    name: str
    now: float
    plan: float
    now_months: float
    plan_months: float


def payback_chart(rows: Sequence[Payback], words: Words, *, compact: bool = False) -> Picture:
    """Draw LTV per CAC by channel, and say when the CAC is paid back.

    Parameters
    ----------
    rows : sequence of Payback
    words : Words
    compact : bool
        Whether the picture is one of several on a screen; then there is room for the first five.

    Returns
    -------
    Picture
    """
    pairs = [
        Pair(
            row.key,
            row.name,
            min(row.now, LONGEST),
            min(row.plan, LONGEST),
            _ratio(row.now, words),
            _ratio(row.plan, words),
            _months(row.now_months, row.now, words),
            _months(row.plan_months, row.plan, words),
        )
        for row in rows
    ]
    described = "; ".join(f"{pair.name} – {pair.now_text} → {pair.plan_text}" for pair in pairs)
    description = words(
        _("LTV / CAC by channel, now → plan: {ratios}."), ratios=described or words.missing
    )
    note = words(_("×1: a client brings what he has cost; from ×3 a channel is healthy."))
    if any(max(row.now, row.plan) > LONGEST for row in rows):
        note += " " + words(_("Bars end at {most}."), most=words.times(LONGEST))
    shown = pairs[:_COMPACT] if compact else pairs
    hidden = len(pairs) - len(shown)
    return pairs_picture(
        shown or [Pair("", words.missing, nan, nan, "", "")],
        words,
        description=description,
        table=partial(_table, rows, pairs, words, description, note),
        side=words(_("paid back after")),
        side_compact=words(_("{n} more"), n=words.number(hidden)) if hidden else "",
        side_room=100 if compact else 104,
        note=note,
        rules=(Rule(1.0, words.times(1.0)), Rule(3.0, words.times(3.0))),
        compact=compact,
    )


def _ratio(ratio: float, words: Words) -> str:
    """Say a ratio as briefly as it is read."""
    if abs(ratio) >= 1000:
        return "×" + words.number(999 if ratio > 0 else -999) + "+"
    digits = 0 if abs(ratio) >= 100 else 1 if abs(ratio) >= 1 else 2
    return words.missing if isnan(ratio) else "×" + words.number(ratio, digits)


def _months(months: float, ratio: float, words: Words) -> str:
    """Say after how many months a CAC is paid back."""
    if months == inf or (isnan(months) and ratio < 1):
        return words(_("never"))
    if isnan(months):
        return words.missing
    n = words.number(99) + "+" if months >= 100 else words.number(months, 1)
    return words(_("{n} mo."), n=n)


def _table(
    rows: Sequence[Payback], pairs: Sequence[Pair], words: Words, caption: str, note: str
) -> Table:
    """List the channels."""

    def ratio(value: float) -> Cell:
        kind: Literal["missing", "bad", ""] = (
            "missing" if isnan(value) else "bad" if value < 1 else ""
        )
        return Cell(words.times(value), kind)

    now, plan = words(_("Now")), words(_("Plan"))
    after = words(_("paid back after"))
    return Table(
        header=(words(_("Channel")), now, after, plan, after),
        rows=tuple(
            (
                row.name,
                ratio(row.now),
                pair.now_side,
                ratio(row.plan),
                pair.plan_side,
            )
            for row, pair in zip(rows, pairs, strict=True)
        ),
        caption=caption,
        note=note,
    )
