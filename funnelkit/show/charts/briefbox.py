"""The box of one node of the tree where the tree is one picture of several: two lines of text."""

from types import MappingProxyType

from funnelkit.model.levers import message as _
from funnelkit.plan.tree import Node
from funnelkit.show.charts import theme
from funnelkit.show.charts.layout import Box
from funnelkit.show.charts.measure import shortened
from funnelkit.show.charts.measure import width as width_of
from funnelkit.show.charts.nodebox import DATASETS, Rows, growth, moved, without_repeated_unit
from funnelkit.show.labels import label
from funnelkit.show.words import Words

__all__ = ["BriefBox"]

_PAD, _BAR = 6.0, 5.0
_NAME, _SMALL, _LARGE = 12.5, 13.0, 14.5

_SHORT = MappingProxyType(
    {
        "revenue_new": _("From new clients"),
        "revenue_repeat": _("From repeat sales"),
    }
)
"""What a part of the revenue is called beside it."""


class BriefBox:
    """A node in two lines: its name, then now where there is room, the plan and the multiplier.

    A bar in the stage's colour stands for the department, which the sliders name.

    Parameters
    ----------
    node : Node
    words : Words
    width : float
        Width of the box in pixels.
    tight : {0, 1, 2}
        How close the lines stand.
    """

    def __init__(self, node: Node, words: Words, *, width: float, tight: int = 0) -> None:
        self._node = node
        self._moved = moved(node.now, node.plan)
        self._colour = theme.STAGE_COLOURS[node.stage] if node.stage else theme.NEUTRAL
        self._line = 20.0 - tight
        self.height = 2 * self._line + 6.0 - tight
        room = width - _BAR - 2 * _PAD
        name = words(_SHORT[node.name]) if node.name in _SHORT else label(node.name, words)
        self._label = shortened(name, room, _NAME)
        self._plan = words.value(node.plan, node.unit, short=True)
        left = room - width_of(self._plan, _LARGE, bold=True)
        change = growth(node, words)
        aside = width_of(change, _SMALL, bold=True) + 4 if change else 0.0
        self._growth, self._aside = (change, aside) if aside <= left else ("", 0.0)
        left -= self._aside
        now = words.value(node.now, node.unit, short=True)
        if width_of(f"{now} → ", _SMALL) > left:
            now = without_repeated_unit(now, self._plan)
        self._now = f"{now} →" if self._moved and width_of(f"{now} → ", _SMALL) <= left else ""

    def marks(self, box: Box) -> Rows:
        """Return the rows that the box, at its place, adds to the datasets."""
        left, right = box.x + _BAR + _PAD, box.right - _PAD
        rows: Rows = {name: [] for name in DATASETS}
        first = box.y + 3 + self._line / 2
        second = first + self._line

        def write(name: str, text: str, x: float, y: float, colour: str) -> None:
            if text:
                rows[name].append({"x": x, "y": y, "text": text, "colour": colour})

        frame = {"x": box.x, "y": box.y, "y2": box.bottom, "name": self._node.name}
        edge = self._colour if self._moved else theme.LINE
        rows["boxes"].append(frame | {"x2": box.right, "colour": edge})
        rows["strips"].append(frame | {"x2": box.x + _BAR, "colour": self._colour})
        ink = theme.INK if self._moved else theme.QUIET
        write("labels", self._label, left, first, ink)
        write("multipliers", self._growth, right, second, self._colour)
        write("now", self._now, left, second, theme.QUIET)
        write("plan", self._plan, right - self._aside, second, ink)
        return rows
