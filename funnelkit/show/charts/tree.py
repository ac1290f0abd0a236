"""The tree of B: what the goal's month is made of, now and as planned, and who answers for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import altair as alt

from funnelkit.model.levers import LEVERS, Stage
from funnelkit.model.levers import message as _
from funnelkit.plan.tree import Node
from funnelkit.show.charts import theme
from funnelkit.show.charts.briefbox import BriefBox
from funnelkit.show.charts.layout import Box, boxes, columns
from funnelkit.show.charts.nodebox import DATASETS, NodeBox, Rows, growth, moved
from funnelkit.show.labels import label
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

__all__ = ["tree_chart"]

BRACKET = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Canvas:
    """Measures in pixels: the whole, the widest box, and the room between boxes."""

    width: float
    highest: float
    least: float
    widest: float
    across: float
    down: float


_ROOMY = _Canvas(width=1080, highest=612, least=250, widest=250, across=28, down=8)
_COMPACT = _Canvas(width=960, highest=360, least=360, widest=190, across=20, down=6)

_JOINED = {"revenue_new": "×", "revenue_repeat": "×"}


def tree_chart(
    nodes: Sequence[Node],
    words: Words,
    departments: Mapping[Stage, str],
    *,
    compact: bool = False,
) -> Picture:
    """Draw the tree of B, the goal on the left.

    Parameters
    ----------
    nodes : sequence of Node
        From `funnelkit.plan.tree.tree`: every parent before its children.
    words : Words
    departments : mapping of Stage to str
        Who answers for a stage, in the reader's language.
    compact : bool
        Whether the picture is one of several on a screen: then a box is its numbers.

    Returns
    -------
    Picture
    """
    at = _COMPACT if compact else _ROOMY
    for tight in range(3):
        told, placed, height = _placed(nodes, words, None if compact else departments, tight, at)
        if height <= at.highest:
            break
    datasets: Rows = {"links": _links(placed), "joints": _joints(placed)}
    datasets |= {name: [] for name in DATASETS}
    for box in placed:
        for name, rows in told[box.node.name].marks(box).items():
            datasets[name] += rows
    goal = nodes[0]
    description = words(
        _("What {metric} is made of: {now} today, {plan} in the goal's month by the plan."),
        metric=label(goal.name, words),
        now=words.short_money(goal.now),
        plan=words.short_money(goal.plan),
    )
    return theme.picture(
        partial(_layers, *((12.5, 13) if compact else (13, 14))),
        datasets,
        size=(at.width, height),
        description=description,
        table=partial(_table, nodes, words, departments, description),
    )


def _placed(
    nodes: Sequence[Node],
    words: Words,
    departments: Mapping[Stage, str] | None,
    tight: int,
    at: _Canvas,
) -> tuple[dict[str, NodeBox | BriefBox], tuple[Box, ...], float]:
    """Put the nodes into words, without departments briefly, and in their places."""
    column_of, under = columns(nodes)
    indent = BRACKET + 1 if any(column_of[name] == 0 for name in under) else 0.0
    count = max(column_of.values()) + 1
    wide = min(at.widest, (at.width - indent - at.across * (count - 1)) / count)
    told: dict[str, NodeBox | BriefBox] = {
        node.name: BriefBox(node, words, width=wide, tight=tight)
        if departments is None
        else NodeBox(node, words, departments, width=wide, tight=tight)
        for node in nodes
    }
    placed, height = boxes(
        nodes,
        {name: box.height for name, box in told.items()},
        width=at.width,
        indent=indent,
        box_width=wide,
        gap=at.down - tight,
        least=at.least,
    )
    return told, placed, height


def _links(placed: Sequence[Box]) -> list[dict[str, Any]]:
    """Draw an elbow from every node to its parent, two points and a bend."""
    at = {box.node.name: box for box in placed}
    points = []
    for box in sorted(placed, key=lambda box: moved(box.node.now, box.node.plan)):
        if box.node.parent is None:
            continue
        parent = at[box.node.parent]
        changes = moved(box.node.now, box.node.plan)
        line = {"link": box.node.name, "colour": theme.QUIET if changes else theme.LINE}
        if not box.under:
            bend = (parent.right + box.x) / 2
            way = [
                (parent.right, parent.middle),
                (bend, parent.middle),
                (bend, box.middle),
                (box.x, box.middle),
            ]
        elif _neighbours(parent, box, placed):
            way = [(box.x + box.width / 2, parent.bottom), (box.x + box.width / 2, box.y)]
        else:
            way = [
                (parent.x, parent.middle),
                (parent.x - BRACKET, parent.middle),
                (parent.x - BRACKET, box.middle),
                (box.x, box.middle),
            ]
        points += [line | {"step": step, "x": x, "y": y} for step, (x, y) in enumerate(way)]
    return points


def _neighbours(upper: Box, lower: Box, placed: Sequence[Box]) -> bool:
    """Whether no box stands between two of the same column."""
    return not any(box.column == upper.column and upper.y < box.y < lower.y for box in placed)


def _joints(placed: Sequence[Box]) -> list[dict[str, Any]]:
    """Say at each fork whether its branches are added or multiplied."""
    joints = []
    for parent in placed:
        name = parent.node.name
        branches = [box for box in placed if box.node.parent == name and not box.under]
        if len(branches) > 1:
            x = (parent.right + branches[0].x) / 2
            joints.append({"x": x, "y": parent.middle, "text": _JOINED.get(name, "+")})
    return joints


def _layers(label_size: float, multiplier_size: float) -> list[alt.Chart]:
    """Draw links, boxes, then texts."""
    x, y = theme.across("x"), theme.down("y")
    colour = theme.own("colour")
    frames = (
        alt.Chart(alt.NamedData("boxes"))
        .mark_rect(cornerRadius=4, fill="white", strokeWidth=1.5)
        .encode(x=x, y=y, x2="x2:Q", y2="y2:Q", stroke=alt.Stroke("colour:N", scale=None))
    )
    strips = (
        alt.Chart(alt.NamedData("strips"))
        .mark_rect(cornerRadiusTopLeft=4, cornerRadiusTopRight=4)
        .encode(x=x, y=y, x2="x2:Q", y2="y2:Q", color=colour)
    )
    links = (
        alt.Chart(alt.NamedData("links"))
        .mark_line(strokeWidth=1.5, strokeJoin="round")
        .encode(x=x, y=y, detail="link:N", order="step:Q", color=colour)
    )
    joints = (
        alt.Chart(alt.NamedData("joints"))
        .mark_point(shape="circle", size=230, fill="white", stroke=theme.LINE, opacity=1)
        .encode(x=x, y=y)
    )

    def write(name: str, **style: Any) -> alt.Chart:
        return theme.text(name, x=x, y=y, **style)

    return [
        links,
        joints,
        write("joints", align="center", bold=True, size=14, colour=theme.QUIET),
        frames,
        strips,
        write("owners", size=12),
        write("multipliers", align="right", bold=True, size=multiplier_size),
        write("labels", size=label_size),
        write("now", size=13),
        write("plan", align="right", bold=True, size=15),
        write("unmoved", bold=True, size=14),
        write("rates", size=12),
        write("rate_values", align="right", size=12),
    ]


def _table(
    nodes: Sequence[Node], words: Words, departments: Mapping[Stage, str], caption: str
) -> Table:
    """List nodes with the rates that lead to them."""
    rows: list[tuple[str | Cell, ...]] = []
    for node in nodes:
        owner = departments.get(node.stage, "") if node.stage else ""
        rows.append(
            (
                label(node.name, words),
                words.value(node.now, node.unit),
                words.value(node.plan, node.unit),
                growth(node, words),
                owner,
            )
        )
        for rate in node.rates:
            unit = LEVERS[rate.name].unit
            rows.append(
                (
                    Cell(f"– {label(rate.name, words)}", "quiet"),
                    Cell(words.value(rate.now, unit), "quiet"),
                    Cell(words.value(rate.plan, unit), "quiet"),
                    "",
                    Cell(departments.get(LEVERS[rate.name].stage, ""), "quiet"),
                )
            )
    return Table(
        header=(
            words(_("Quantity")),
            words(_("Now")),
            words(_("Plan")),
            words(_("Growth")),
            words(_("Who answers for it")),
        ),
        rows=tuple(rows),
        align=("left", "right", "right", "right", "left"),
        caption=caption,
        emphasis=frozenset({0}),
    )
