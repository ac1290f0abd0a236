"""Set one value in the text of a YAML file and leave every other character as it is.

Round trips of YAML libraries re-wrap long lines, drop blank lines and spell line ends anew. So the
value is written into the text at its place, and a text counts only if it says what was meant.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yaml import CSafeLoader, compose
from yaml.error import YAMLError
from yaml.nodes import CollectionNode, MappingNode, Node, SequenceNode

from funnelkit.client.document import with_usual_line_ends

__all__ = ["Value", "item_lines", "lines_of", "with_item", "with_value"]

Value = str | float | Mapping[str, Any]
"""What can be written: text, a number, or a mapping of such."""

WIDTH = 100
"""Characters of a line up to which a mapping is written in brackets."""

_PLAIN = re.compile(r"[^\W\d_]\w*(?:[ -]\w+)*")
_OTHER_THAN_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_REST_OF_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


def with_value(text: str, path: Sequence[str], value: Value) -> str:
    """Return a file's text with the value at a path set, or added where there was none.

    A number is written so that reading it gives it back to the last digit.

    Raises
    ------
    ValueError
        Where the file is written in a way that leaves no place for it.
    """
    root = _compose(text)
    wanted = _put(_data(root), path, _spelt(value))
    return _first_that_says(wanted, _edits(text, root, path, value), ".".join(path))


def with_item(text: str, key: str, item: Mapping[str, str | float]) -> str:
    """Return a file's text with an item more at the end of a list; the list is added, too.

    Raises
    ------
    ValueError
        Where the file is written in a way that leaves no place for it.
    """
    root = _compose(text)
    data = _data(root)
    before = data.get(key) or []
    wanted = {**data, key: [*before, _spelt(item)]}
    return _first_that_says(wanted, _longer(text, root, key, item), key)


def lines_of(key: str, value: Value) -> str:
    """Return a field as it would be written into a file."""
    return "\n".join(_lines(key, value, 0))


def item_lines(key: str, item: Mapping[str, str | float]) -> str:
    """Return a list with one item as it would be written into a file."""
    return f"{key}:\n  - {_flow(item)}"


def _first_that_says(wanted: Any, texts: Iterator[str], field: str) -> str:
    """Return the first text that says what is wanted; ValueError where none does."""
    for text in texts:
        try:
            if _data(_compose(text)) == wanted:
                return text
        except YAMLError:
            continue
    raise ValueError(field)


def _longer(text: str, root: Node, key: str, item: Mapping[str, str | float]) -> Iterator[str]:
    """Try the ways in which a list may come to hold an item more."""
    if not isinstance(root, MappingNode):
        return
    lists = {name.value: value for name, value in root.value}
    shown = _flow(item)
    node = lists.get(key)
    if node is None:
        yield _inserted(text, len(text), ["", *item_lines(key, item).splitlines()])
    elif not isinstance(node, SequenceNode) or not node.value:
        yield text[: node.start_mark.index] + f"[{shown}]" + text[node.end_mark.index :]
    elif node.flow_style:
        end = node.end_mark.index - 1
        for before in (", ", " "):
            yield f"{text[:end]}{before}{shown}{text[end:]}"
    else:
        indent = node.start_mark.column
        line = f"{' ' * indent}- {shown}"
        yield _inserted(text, _after(text, _end(node), max(indent, 1)), [line])


def _compose(text: str) -> Node:
    node: Node = compose(with_usual_line_ends(text), Loader=CSafeLoader)
    return node


def _data(node: Node) -> Any:
    """Return what a node says, every scalar as text."""
    if isinstance(node, MappingNode):
        return {key.value: _data(value) for key, value in node.value}
    if isinstance(node, CollectionNode):
        return [_data(item) for item in node.value]
    return node.value


def _spelt(value: Value) -> Any:
    if isinstance(value, Mapping):
        return {key: _spelt(inner) for key, inner in value.items()}
    return value if isinstance(value, str) else _number(value)


def _put(data: Any, path: Sequence[str], value: Any) -> Any:
    if not path:
        return value
    inner = data.get(path[0], {}) if isinstance(data, dict) else {}
    return {**data, path[0]: _put(inner, path[1:], value)}


def _edits(text: str, node: Node, path: Sequence[str], value: Value) -> Iterator[str]:
    """Try the ways in which a text may come to hold a value at a path."""
    if not isinstance(node, MappingNode):
        return
    entries = {key.value: inner for key, inner in node.value}
    if path[0] in entries:
        inner = entries[path[0]]
        if path[1:]:
            yield from _edits(text, inner, path[1:], value)
        else:
            yield _replaced(text, inner, value)
        return
    for key in reversed(path[1:]):
        value = {key: value}
    if node.flow_style:
        end = node.end_mark.index - 1
        for before in (", ", "", " ") if entries else ("",):
            yield f"{text[:end]}{before}{_quoted(path[0])}: {_flow(value)}{text[end:]}"
        return
    indent = node.value[0][0].start_mark.column
    if indent == 0:
        yield _inserted(text, len(text), ["", *_lines(path[0], value, 0)])
    yield _inserted(text, _after(text, _end(node), indent), list(_lines(path[0], value, indent)))


def _replaced(text: str, node: Node, value: Value) -> str:
    start, new = node.start_mark.index, _flow(value)
    if isinstance(node, MappingNode) and not node.flow_style and isinstance(value, Mapping):
        indent = node.start_mark.column
        lines = [line for key, inner in value.items() for line in _lines(key, inner, indent)]
        new = _line_end(text).join(lines).lstrip(" ") or new
    return text[:start] + new + text[_end(node) :]


def _inserted(text: str, place: int, lines: list[str]) -> str:
    """Put lines in, before a line or at the end; an empty first line only after a full one."""
    end, head = _line_end(text), text[:place]
    if head and not head.endswith(("\n", "\r")):
        head += end
    if not lines[0] and not head.splitlines()[-1].strip():
        del lines[0]
    return head + "".join(line + end for line in lines) + text[place:]


def _line_end(text: str) -> str:
    found = re.search(r"\r\n|\n|\r", text)
    return found[0] if found else "\n"


def _end(node: Node) -> int:
    """Find where the last scalar or bracket of a node ends, before any comment."""
    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    index: int = node.end_mark.index
    return index


def _after(text: str, index: int, indent: int) -> int:
    """Find the line after a place, and after comments indented as deep as what stands there."""
    place = index
    if not text[:index].endswith(("\n", "\r")):
        place = _rest(text, index)
    while indent and re.compile(rf" {{{indent},}}#").match(text, place):
        place = _rest(text, place)
    return place


def _rest(text: str, index: int) -> int:
    found = _REST_OF_LINE.match(text, index)
    return found.end() if found else index


def _lines(key: str, value: Value, indent: int) -> Iterator[str]:
    """Write a field as lines: a mapping in brackets where it is short and flat, else indented."""
    head, flow = f"{' ' * indent}{_quoted(key)}:", _flow(value)
    if isinstance(value, Mapping) and value:
        nested = any(isinstance(inner, Mapping) for inner in value.values())
        if nested or len(head) + 1 + len(flow) > WIDTH:
            yield head
            for name, inner in value.items():
                yield from _lines(name, inner, indent + 2)
            return
    yield f"{head} {flow}"


def _flow(value: Value) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_quoted(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    return _quoted(value) if isinstance(value, str) else _number(value)


def _quoted(text: str) -> str:
    """Write text so that no reader of YAML, an old one neither, takes it for something else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _OTHER_THAN_TEXT:
        return text
    return json.dumps(text, ensure_ascii=False)


def _number(value: float) -> str:
    """Write a number with every digit it has, a whole one without a point."""
    number = float(value)
    return str(int(number)) if number.is_integer() else repr(number)
