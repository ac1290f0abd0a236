"""The box of one node of the tree: its texts, and the room they take."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from funnelkit.model.levers import LEVERS, Stage
from funnelkit.model.levers import message as _
from funnelkit.model.owner import METRICS
from funnelkit.plan.tree import Node, Rate
from funnelkit.show.charts import theme
from funnelkit.show.charts.layout import Box
from funnelkit.show.charts.measure import shortened, wrapped
from funnelkit.show.charts.measure import width as width_of
from funnelkit.show.labels import label
from funnelkit.show.words import Words

__all__ = ["DATASETS", "NodeBox", "Rows", "growth", "moved", "without_repeated_unit"]

DATASETS = (
    "boxes",
    "strips",
    "owners",
    "multipliers",
    "labels",
    "now",
    "plan",
    "unmoved",
    "rates",
    "rate_values",
)

_PAD = 9.0


@dataclass(frozen=True, slots=True)
class _Leading:
    """Heights of a box's lines in pixels."""

    strip: float
    owner: float
    label: float
    value: float
    rate: float
    foot: float


_ROOMY = _Leading(21, 14, 17, 20, 15, 7)
_TIGHT = _Leading(20, 13, 16, 18, 13.5, 5)

_SPACE = "\N{NO-BREAK SPACE}"

Rows = dict[str, list[dict[str, Any]]]


def moved(now: float, plan: float) -> bool:
    """Whether a number differs from now to plan, or only one of them is known."""
    if math.isnan(now) or math.isnan(plan):
        return math.isnan(now) != math.isnan(plan)
    return not math.isclose(now, plan, rel_tol=1e-9)


def growth(node: Node, words: Words) -> str:
    """Say by how much a node grows: a multiplier, or a difference where a multiple says nothing."""
    if not moved(node.now, node.plan) or math.isnan(node.plan - node.now):
        return ""
    if min(node.now, node.plan) > 0 or (node.name == "costs" and max(node.now, node.plan) < 0):
        return words.times(node.multiplier)
    change = words.value(node.plan - node.now, node.unit, short=True)
    return f"+{change}" if node.plan > node.now else change


def without_repeated_unit(now: str, plan: str) -> str:
    """Leave off a number the unit that its successor repeats, as in 1.2 → 1.5 million."""
    number, _space, unit = now.partition(_SPACE)
    words_only = bool(unit) and not any(sign.isdigit() for sign in unit)
    return number if words_only and plan.endswith(_SPACE + unit) and number[-1:].isdigit() else now


class NodeBox:
    """A node in words.

    Parameters
    ----------
    node : Node
    words : Words
    departments : mapping of Stage to str
    width : float
        Width of the box in pixels.
    tight : {0, 1, 2}
        How much is done to save height: nothing; lines stand closer and a department's long name
        is cut; long names of nodes and rates are cut as well.
    """

    def __init__(
        self,
        node: Node,
        words: Words,
        departments: Mapping[Stage, str],
        *,
        width: float,
        tight: int = 0,
    ) -> None:
        self._node, self._words = node, words
        self._moved = moved(node.now, node.plan)
        self._growth = growth(node, words)
        self._colour = theme.STAGE_COLOURS[node.stage] if node.stage else theme.NEUTRAL
        room = self._room = width - 2 * _PAD
        self._tight = tight
        self._leading = _TIGHT if tight else _ROOMY
        self._label = wrapped(label(node.name, words), room, 13, lines=1 if tight > 1 else 2)
        owner = departments.get(node.stage, "") if node.stage else ""
        if node.name in METRICS:
            owner = words(_("All together"))
        taken = width_of(self._growth, 14, bold=True) + 8 if self._growth else 0
        self._owner = wrapped(owner, room - taken, 12, lines=1 if tight else 2)
        self._strip = self._leading.strip + self._leading.owner * (len(self._owner) - 1)
        self._plan = words.value(node.plan, node.unit, short=True)
        now = words.value(node.now, node.unit, short=True)
        if not self._fits(now):
            now = without_repeated_unit(now, self._plan)
        self._now = now
        self._lines = 1 if not self._moved or self._fits(now) else 2
        self._rates = [self._rate(rate) for rate in node.rates]

    @property
    def height(self) -> float:
        """Height of the box in pixels."""
        rates = sum(len(lines) for lines, _values, _changes in self._rates)
        at = self._leading
        named = self._strip + at.label * len(self._label)
        return named + at.value * self._lines + at.rate * rates + at.foot

    def _fits(self, now: str) -> bool:
        return width_of(f"{now} → ", 13) + width_of(self._plan, 15, bold=True) <= self._room

    def _rate(self, rate: Rate) -> tuple[tuple[str, ...], str, bool]:
        """Return the lines of a rate's name, its values, and whether the plan moves it."""
        unit = LEVERS[rate.name].unit
        values = self._words.value(rate.plan, unit, short=True)
        if changes := moved(rate.now, rate.plan):
            values = f"{self._words.value(rate.now, unit, short=True)} → {values}"
        name = label(rate.name, self._words)
        if width_of(name, 12) + width_of(values, 12) + 6 <= self._room:
            return (name,), values, changes
        if self._tight > 1:
            return (shortened(name, self._room - width_of(values, 12) - 6, 12),), values, changes
        return (shortened(name, self._room, 12), ""), values, changes

    def marks(self, box: Box) -> Rows:
        """Return the rows that the box, at its place, adds to the datasets."""
        at = self._leading
        left, right = box.x + _PAD, box.right - _PAD
        rows: Rows = {name: [] for name in DATASETS}

        def write(name: str, text: str, x: float, y: float, colour: str) -> None:
            if text:
                rows[name].append({"x": x, "y": y, "text": text, "colour": colour})

        tint = theme.STAGE_TINTS[self._node.stage] if self._node.stage else theme.PALE
        frame = {"x": box.x, "x2": box.right, "y": box.y, "name": self._node.name}
        edge = self._colour if self._moved else theme.LINE
        ground = self._colour if self._moved else tint
        rows["boxes"].append(frame | {"y2": box.bottom, "colour": edge})
        rows["strips"].append(frame | {"y2": box.y + self._strip, "colour": ground})
        ink = "white" if self._moved else self._colour
        for number, line in enumerate(self._owner):
            write("owners", line, left, box.y + at.strip / 2 + 0.5 + at.owner * number, ink)
        write("multipliers", self._growth, right, box.y + at.strip / 2 + 0.5, ink)

        y = box.y + self._strip + 1
        ink = theme.INK if self._moved else theme.QUIET
        for line in self._label:
            write("labels", line, left, y + at.label / 2, ink)
            y += at.label
        if self._moved:
            write("now", f"{self._now} →", left, y + at.value / 2, theme.QUIET)
            y += at.value * (self._lines - 1)
            write("plan", self._plan, right, y + at.value / 2, ink)
        else:
            write("unmoved", self._plan, left, y + at.value / 2, ink)
        y += at.value
        for lines, values, changes in self._rates:
            for line in lines:
                write("rates", line, left, y + at.rate / 2, theme.QUIET)
                y += at.rate
            colour = self._colour if changes else theme.QUIET
            write("rate_values", values, right, y - at.rate / 2, colour)
        return rows
