"""Where the boxes of the tree stand: a tidy tree from left to right, in columns.

A node that is its parent's only child and the business of the same department stands under it,
and what makes up a profit stands under the profit: so a column is one step of the reader's thought
and there are five at most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from funnelkit.plan.tree import Node

__all__ = ["Box", "boxes", "columns"]


@dataclass(frozen=True, slots=True)
class Box:
    """A node's place, in pixels.

    Attributes
    ----------
    node : Node
    column : int
        Counted from the left, where the goal stands.
    under : bool
        Whether the box stands under its parent and not right of it.
    x, y, width, height : float
        Upper left corner and size.
    """

    node: Node
    column: int
    under: bool
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Height at which links leave and arrive."""
        return self.y + self.height / 2


def boxes(
    nodes: Sequence[Node],
    heights: Mapping[str, float],
    *,
    width: float,
    indent: float,
    box_width: float,
    gap: float,
    least: float,
) -> tuple[tuple[Box, ...], float]:
    """Place the nodes.

    Parameters
    ----------
    nodes : sequence of Node
        Every parent before its children.
    heights : mapping of str to float
        Height of each node's box.
    width, indent, box_width, gap, least : float
        Room for all columns, of it left free on the left, width of a box, room between two boxes
        of a column, least height.

    Returns
    -------
    boxes : tuple of Box
        In the order of `nodes`.
    height : float
        Height of the whole.
    """
    column_of, under = columns(nodes)
    count = max(column_of.values()) + 1
    step = (width - indent - box_width) / (count - 1) if count > 1 else 0.0
    placed = {
        node.name: Box(
            node,
            column_of[node.name],
            node.name in under,
            indent + column_of[node.name] * step,
            0.0,
            box_width,
            heights[node.name],
        )
        for node in nodes
    }
    stacks = [_in_column(nodes, column_of, column) for column in range(count)]
    total = [sum(heights[name] + gap for name in names) - gap for names in stacks]
    height = max(*total, least) if count > 1 else max(total[0], least)
    fullest = max(range(count), key=lambda column: (len(stacks[column]), -column))
    spread = (height - total[fullest]) / max(len(stacks[fullest]), 1)
    y = spread / 2
    for name in stacks[fullest]:
        placed[name] = replace(placed[name], y=y)
        y += heights[name] + gap + spread
    children = {
        node.name: [n.name for n in nodes if n.parent == node.name and n.name not in under]
        for node in nodes
    }
    for column in range(fullest - 1, -1, -1):
        wanted = {
            name: _centre([placed[child] for child in _kin(name, children, under, nodes)])
            for name in stacks[column]
        }
        _settle(stacks[column], wanted, placed, gap, height)
    parents = {node.name: node.parent for node in nodes}

    def extent(name: str) -> float:
        below = [node.name for node in nodes if node.parent == name and node.name in under]
        return heights[name] + gap + sum(extent(child) for child in below)

    for column in range(fullest + 1, count):
        wanted = {}
        for name in stacks[column]:
            parent = parents[name] or name
            if name in under:
                wanted[name] = None
                continue
            siblings = children[parent]
            whole = sum(extent(s) for s in siblings) - gap
            before = sum(extent(s) for s in siblings[: siblings.index(name)])
            wanted[name] = placed[parent].middle - whole / 2 + before + heights[name] / 2
        _settle(stacks[column], wanted, placed, gap, height)
    return tuple(placed[node.name] for node in nodes), height


def columns(nodes: Sequence[Node]) -> tuple[dict[str, int], set[str]]:
    """Return each node's column, and which nodes stand under their parent."""
    families: dict[str | None, list[Node]] = {}
    for node in nodes:
        families.setdefault(node.parent, []).append(node)
    by_name = {node.name: node for node in nodes}
    column: dict[str, int] = {}
    under: set[str] = set()
    for node in nodes:
        if node.parent is None:
            column[node.name] = 0
            continue
        parent = by_name[node.parent]
        only = len(families[node.parent]) == 1 and node.stage is parent.stage
        of_profit = parent.parent is None and "costs" in {n.name for n in families[node.parent]}
        if only or of_profit:
            under.add(node.name)
        column[node.name] = column[node.parent] + (node.name not in under)
    return column, under


def _in_column(nodes: Sequence[Node], columns: Mapping[str, int], column: int) -> list[str]:
    """Return a column's nodes from top to bottom: depth first, as the tree is read."""
    families: dict[str | None, list[str]] = {}
    for node in nodes:
        families.setdefault(node.parent, []).append(node.name)
    order: list[str] = []

    def visit(name: str) -> None:
        order.append(name)
        for child in families.get(name, []):
            visit(child)

    for root in families[None]:
        visit(root)
    return [name for name in order if columns[name] == column]


def _kin(
    name: str, children: Mapping[str, list[str]], under: set[str], nodes: Sequence[Node]
) -> list[str]:
    """Return what stands right of a node, or right of what stands under it."""
    if children[name]:
        return children[name]
    below = [node.name for node in nodes if node.parent == name and node.name in under]
    return [kin for child in below for kin in _kin(child, children, under, nodes)]


def _centre(of: Sequence[Box]) -> float | None:
    """Return the height halfway between the first and the last of some boxes."""
    return (of[0].middle + of[-1].middle) / 2 if of else None


def _settle(
    names: Sequence[str],
    wanted: Mapping[str, float | None],
    placed: dict[str, Box],
    gap: float,
    height: float,
) -> None:
    """Place a column's boxes where they are wanted, or next to where another one stands."""
    floor = 0.0
    for name in names:
        box, want = placed[name], wanted[name]
        y = floor if want is None else max(floor, want - box.height / 2)
        placed[name] = replace(box, y=y)
        floor = y + box.height + gap
    ceiling = height
    for name in reversed(names):
        box = placed[name]
        y = min(box.y, ceiling - box.height)
        placed[name] = replace(box, y=y)
        ceiling = y - gap
