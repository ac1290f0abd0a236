"""A YAML file as plain dictionaries, lists and texts, with the line of each.

Scalars stay the text that was typed: what is a number, a month or yes is the schema's to say, so
that ``no``, ``12:30`` and ``007`` stay what they are. Nothing is constructed from a tag and no
alias is followed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from yaml import CSafeLoader, parse
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from funnelkit.client.problems import ClientFileError, Code, Problem

__all__ = ["Document", "Keys", "load", "name_of", "shown", "with_usual_line_ends"]

MAX_BYTES = 200_000
"""A file that a person writes is a few thousand bytes; a larger one is a mistake or an attack."""

MAX_DEPTH = 12
"""Levels of fields within fields; a client's file has six."""

Keys = tuple[str | int, ...]

_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
_SURROGATE = re.compile("(?i)d[89a-f][0-9a-f]{2}")
_OTHER_LINE_ENDS = re.compile("[\x85\u2028\u2029]")  # of YAML 1.1, and of no editor
_NO_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a file says, and where.

    Attributes
    ----------
    data : dict of str, lists and texts
        Texts as typed; None where nothing was typed.
    lines : mapping of keys to int
        Line of every key and list item, by its path, counted from 1.
    problems : tuple of Problem
        Keys given twice.
    """

    data: dict[str, Any]
    lines: Mapping[Keys, int]
    problems: tuple[Problem, ...]

    def line(self, path: Keys) -> int:
        """Return the line of the nearest key on the way to a path that the file has."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1

    def reach(self, path: Keys) -> tuple[Keys, Any]:
        """Follow a path; return it up to the first plain value on the way, and what stands there.

        What stands at a path that the file does not have is None.
        """
        value: Any = self.data
        for place, key in enumerate(path):
            match value, key:
                case (dict(), str()) if key in value:
                    value = value[key]
                case (list(), int()) if key < len(value):
                    value = value[key]
                case (dict(), _) | (list(), int()):
                    return path, None
                case _:
                    return path[:place], value
        return path, value


def load(path: Path, name: str) -> Document:
    """Read a file; `name` is what problems call it.

    Raises
    ------
    ClientFileError
        For a file that cannot be read as one YAML mapping.
    """
    return _parsed(_bytes(path, name), name)


@lru_cache(maxsize=4)  # a report reads its client's file again and again
def _parsed(raw: bytes, name: str) -> Document:
    refuse = partial(_refusal, name)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(Code.NOT_UTF8, raw[: error.start].count(b"\n") + 1) from None
    if "\0" in text:
        raise refuse(Code.NOT_UTF8, text[: text.index("\0")].count("\n") + 1)
    if strange := _NO_TEXT.search(text):
        line = text[: strange.start()].count("\n") + 1
        raise refuse(Code.CHARACTER, line, _code_point(strange[0]))
    text = with_usual_line_ends(text)
    builder, line = _Builder(name), 1
    try:
        for event in parse(text, Loader=CSafeLoader):
            line = event.start_mark.line + 1
            if refusal := builder.take(event):
                raise refuse(refusal[0], line, refusal[1])
    except MarkedYAMLError as error:
        raise refuse(*_fault(error, text, line)) from None
    except (YAMLError, ValueError) as error:
        raise refuse(Code.YAML, line, str(error).splitlines()[0][:200]) from None
    if not isinstance(builder.root, dict):
        code = Code.EMPTY_FILE if builder.root is None else Code.NOT_A_MAPPING
        raise refuse(code, 1, shown(builder.root))
    return Document(data=builder.root, lines=builder.lines, problems=tuple(builder.problems))


def with_usual_line_ends(text: str) -> str:
    """Put spaces where only YAML 1.1 sees a line end; every other character stays in its place."""
    return _OTHER_LINE_ENDS.sub(" ", text)


def _fault(error: MarkedYAMLError, text: str, line: int) -> tuple[Code, int, str]:
    """Say what is wrong with a text that is no YAML, in which line, and what the parser found."""
    problem, mark = error.problem or "", error.problem_mark
    # What was never closed is missed at the file's end.
    if error.context_mark and not (mark and text[mark.index :].strip()):
        mark = error.context_mark
    if mark is None:
        return Code.YAML, line, problem
    at = text[mark.index :]
    if "Unicode" in problem and (half := _SURROGATE.match(at)):
        return Code.CHARACTER, mark.line + 1, _code_point(chr(int(half[0], 16)))
    return Code.TAB if at.startswith("\t") else Code.YAML, mark.line + 1, problem


def _refusal(name: str, code: Code, line: int | None = None, found: str = "") -> ClientFileError:
    values = {"high": MAX_DEPTH if code is Code.TOO_DEEP else MAX_BYTES}
    return ClientFileError((Problem(code=code, file=name, line=line, found=found, values=values),))


def _bytes(path: Path, name: str) -> bytes:
    refuse = partial(_refusal, name)
    try:
        if path.exists() and not path.is_file():
            raise refuse(Code.UNREADABLE, found="no file")
        with path.open("rb") as file:
            raw: bytes = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise refuse(Code.NOT_FOUND, found=name) from None
    except (OSError, ValueError) as error:
        raise refuse(Code.UNREADABLE, found=getattr(error, "strerror", "") or str(error)) from None
    if len(raw) > MAX_BYTES:
        raise refuse(Code.TOO_LARGE)
    return raw


@dataclass(slots=True)
class _Frame:
    """A mapping or list being filled."""

    holder: dict[str, Any] | list[Any]
    path: Keys
    key: str | None = None


@dataclass(slots=True)
class _Builder:
    """Builds data from a parser's events, without recursion."""

    file: str
    root: Any = None
    lines: dict[Keys, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _stack: list[_Frame] = field(default_factory=list)
    _documents: int = 0

    def take(self, event: Event) -> tuple[Code, str] | None:
        """Take the next event; return what makes the file unusable, if anything does."""
        if isinstance(event, NodeEvent) and (refusal := self._refusal(event)):
            return refusal
        match event:
            case DocumentStartEvent():
                self._documents += 1
                return (Code.YAML, "---") if self._documents > 1 else None
            case MappingStartEvent():
                self._open(event, {})
            case SequenceStartEvent():
                self._open(event, [])
            case MappingEndEvent() | SequenceEndEvent():
                self._stack.pop()
            case ScalarEvent():
                self._scalar(event)
        return None

    def _refusal(self, event: NodeEvent) -> tuple[Code, str] | None:
        if isinstance(event, AliasEvent):
            return Code.ALIAS, f"*{event.anchor}"
        if tag := getattr(event, "tag", None):
            return Code.TAG, shown(str(tag).replace("tag:yaml.org,2002:", "!!"))
        if isinstance(event, ScalarEvent):
            strange = _NO_TEXT.search(event.value)
            return (Code.CHARACTER, _code_point(strange[0])) if strange else None
        if self._awaits_key:
            return Code.YAML, "? :"
        if len(self._stack) >= MAX_DEPTH:
            return Code.TOO_DEEP, ""
        return None

    @property
    def _awaits_key(self) -> bool:
        return bool(self._stack) and (
            isinstance(self._stack[-1].holder, dict) and self._stack[-1].key is None
        )

    def _open(self, event: NodeEvent, holder: dict[str, Any] | list[Any]) -> None:
        self._stack.append(_Frame(holder, self._place(event, holder)))

    def _scalar(self, event: ScalarEvent) -> None:
        if not self._awaits_key:
            empty = event.implicit[0] and event.value in _EMPTY
            self._place(event, None if empty else event.value)
            return
        frame = self._stack[-1]
        frame.key = event.value
        path, line = (*frame.path, event.value), event.start_mark.line + 1
        if path in self.lines:
            self.problems.append(
                Problem(
                    code=Code.TWICE,
                    file=self.file,
                    line=line,
                    field=name_of(path),
                    found=shown(event.value),
                    values={"first": self.lines[path]},
                )
            )
        self.lines[path] = line

    def _place(self, event: NodeEvent, value: object) -> Keys:
        """Put a value where it belongs and return its path."""
        if not self._stack:
            self.root = value
            return ()
        frame = self._stack[-1]
        if isinstance(frame.holder, list):
            path: Keys = (*frame.path, len(frame.holder))
            self.lines[path] = event.start_mark.line + 1
            frame.holder.append(value)
        else:
            key, frame.key = frame.key or "", None
            path = (*frame.path, key)
            frame.holder[key] = value
        return path


def shown(value: object) -> str:
    """Shorten what was found to something that fits a sentence."""
    match value:
        case None:
            text = ""
        case dict():
            text = "{" + ", ".join(map(str, value)) + "}"
        case list():
            text = "[…]" if value else "[]"
        case _:
            text = " ".join(str(value).split())
    return text if len(text) <= 80 else text[:79] + "…"


def name_of(path: Keys) -> str:
    """Name a path as people do, list items counted from 1: ``products.1.price``."""
    return ".".join(_names(path))


def _names(path: Keys) -> Iterator[str]:
    for key in path:
        yield str(key + 1) if isinstance(key, int) else shown(key)


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"
