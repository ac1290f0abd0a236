"""What B takes of each lever: how far it has to go, and whether its ceiling allows that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from math import isfinite
from typing import Any

from funnelkit.model.levers import Stage
from funnelkit.model.levers import message as _
from funnelkit.show.charts import theme
from funnelkit.show.charts.measure import shortened, width
from funnelkit.show.charts.neededtracks import (
    CEILING,
    FOOT,
    GROUP,
    HEAD,
    NAME,
    NEEDED,
    NOW,
    WIDTH,
    Track,
    layers,
    row_height,
)
from funnelkit.show.picture import Picture, Row
from funnelkit.show.stages import DEPARTMENTS, STAGES
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

__all__ = ["NeededRow", "needed_chart"]

_ORDER = tuple(Stage)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededRow:
    """A lever on its way to B.

    Attributes
    ----------
    key : str
        What tells the lever from others.
    stage : Stage
    name : str
        In the reader's language.
    now, plan, needed, ceiling : float
        In the lever's unit. NaN is missing: a needed value that is not there for a lever that is
        not reachable means that no value would do; a missing or infinite ceiling is none. A
        ceiling below now is one of a lever that is better lower.
    now_text, plan_text, needed_text, ceiling_text : str
        The same in the reader's language, as short as a picture has room for.
    reachable : bool
        Whether the ceiling allows what is needed.
    """

    key: str
    stage: Stage
    name: str
    now: float
    plan: float
    needed: float
    ceiling: float
    now_text: str
    plan_text: str
    needed_text: str
    ceiling_text: str
    reachable: bool

    def needed_said(self, words: Words) -> str:
        """Say what is needed, or why that cannot be said."""
        if isfinite(self.needed):
            return self.needed_text
        return words.missing if self.reachable else words(_("not enough"))


def needed_chart(
    rows: Sequence[NeededRow],
    words: Words,
    *,
    departments: Mapping[Stage, str] | None = None,
) -> Picture:
    """Draw each lever on its own track from 0 to its ceiling, from now to what B takes.

    Parameters
    ----------
    rows : sequence of NeededRow
        In any order of their stages; as many as a screen has room for are drawn, the others
        counted.
    words : Words
    departments : mapping of Stage to str, optional
        Who answers for a stage, in the reader's language; by default what is usual.

    Returns
    -------
    Picture
    """
    named = {stage: words(usual) for stage, usual in DEPARTMENTS.items()} | dict(departments or {})
    ordered = sorted(rows, key=lambda row: _ORDER.index(row.stage))
    high, room = row_height(len(ordered), len({row.stage for row in ordered}))
    shown = ordered[:room]
    datasets: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("tracks", "bars", "dots", "plans", "ceilings", "groups", "texts")
    }
    y = HEAD
    for stage, group in groupby(shown, key=lambda row: row.stage):
        top, y = y, y + GROUP
        colour = theme.STAGE_COLOURS[stage]
        title = f"{named[stage]} · {words(STAGES[stage])}"
        for row in group:
            _draw(datasets, row, y + high / 2, colour, words)
            y += high
        datasets["groups"].append(
            {
                "y": top + 4,
                "y2": y - 2,
                "title": top + GROUP / 2 + 2,
                "text": shortened(title, WIDTH - 20, 13, bold=True),
                "colour": colour,
            }
        )
    if not shown:
        y += GROUP + high
        datasets["texts"].append(_text("", NAME, HEAD + GROUP, words.missing, theme.QUIET))
    said = "; ".join(f"{row.name} – {row.now_text} → {row.needed_said(words)}" for row in shown)
    description = words(
        _("What B takes of each lever, now → needed: {levers}."), levers=said or words.missing
    )
    if beyond := [row.name for row in shown if not row.reachable]:
        description += " " + words(_("Beyond the ceiling: {names}."), names=", ".join(beyond))
    hidden = len(ordered) - len(shown)
    heads = (
        (NOW, words(_("Now")), "right"),
        (NEEDED, words(_("Needed for B")), "left"),
        (CEILING, words(_("Ceiling")), "right"),
    )
    datasets |= {
        "heads": [{"x": x, "text": text, "align": align} for x, text, align in heads],
        "key": [
            {"x": x, "x2": x + wide, "text": text, "colour": colour}
            for x, wide, text, colour in (
                (NOW + 8, 3, words(_("Plan")), theme.INK),
                (NOW + 96, 14, words(_("beyond the ceiling")), theme.BAD),
            )
        ],
        "more": [{"text": words(_("{n} more"), n=words.number(hidden))}] if hidden else [],
    }
    whole: Mapping[str, Sequence[Row]] = datasets
    return theme.picture(
        partial(layers, y),
        whole,
        size=(WIDTH, y + FOOT),
        description=description,
        table=partial(_table, ordered, named, words, description),
    )


def _draw(
    datasets: Mapping[str, list[dict[str, Any]]],
    row: NeededRow,
    y: float,
    colour: str,
    words: Words,
) -> None:
    """Add a lever's marks and texts at a height."""
    track = Track(row.now, row.plan, row.needed, row.ceiling)
    at = {"key": row.key, "y": y}
    datasets["tracks"].append(at | {"x": track.start, "x2": track.end})
    if track.limited:
        datasets["ceilings"].append(at | {"x": track.end})
    for bad, x, x2 in track.way(row.reachable):
        datasets["bars"].append(at | {"x": x, "x2": x2, "colour": theme.BAD if bad else colour})
    if isfinite(row.now):
        datasets["dots"].append(at | {"x": track.at(row.now)})
    if isfinite(row.plan):
        datasets["plans"].append(at | {"x": track.at(row.plan)})
    needed = row.needed_said(words)
    ink = theme.QUIET if needed == words.missing else theme.INK if row.reachable else theme.BAD
    now = shortened(row.now_text, 100, 12)
    name = shortened(row.name, NOW - width(now, 12) - NAME - 8, 13)
    datasets["texts"] += [
        _text(row.key, NAME, y, name, theme.INK, size=13),
        _text(row.key, NOW, y, now, theme.QUIET, align="right"),
        _text(row.key, NEEDED, y, shortened(needed, 120, 13, bold=True), ink, size=13, bold=True),
        _text(
            row.key,
            CEILING,
            y,
            shortened(row.ceiling_text, CEILING - NEEDED - 124, 12),
            theme.QUIET,
            align="right",
        ),
    ]


def _text(
    key: str,
    x: float,
    y: float,
    text: str,
    colour: str,
    *,
    align: str = "left",
    size: int = 12,
    bold: bool = False,
) -> dict[str, Any]:
    weight = "bold" if bold else "normal"
    row = {"key": key, "x": x, "y": y, "text": text, "colour": colour}
    return row | {"align": align, "size": size, "weight": weight}


def _table(
    rows: Sequence[NeededRow], departments: Mapping[Stage, str], words: Words, caption: str
) -> Table:
    """List all levers."""
    return Table(
        header=(
            words(_("Department")),
            words(_("Lever")),
            words(_("Now")),
            words(_("Plan")),
            words(_("Needed for B")),
            words(_("Ceiling")),
        ),
        rows=tuple(
            (
                departments[row.stage],
                row.name,
                row.now_text,
                row.plan_text,
                Cell(row.needed_said(words), "" if row.reachable else "bad"),
                row.ceiling_text,
            )
            for row in rows
        ),
        align=("left", "left", "right", "right", "right", "right"),
        caption=caption,
    )
