"""The folder of a new client: what it may be called, and a file that overwrites nothing."""

import os
import re
import tempfile
import unicodedata
from enum import StrEnum
from pathlib import Path

from funnelkit.client.read import FILE

__all__ = ["Fault", "fault_of", "plain", "write_new"]

LONGEST = 60
"""Characters of a name: with four bytes each, short enough for every file system."""

_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)
"""Names that Windows keeps for devices."""


class Fault(StrEnum):
    """What can be wrong with a new client's name."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CHARACTERS = "characters"
    RESERVED = "reserved"
    EXISTS = "exists"


def plain(name: str) -> str:
    """Spell a name's letters in one way, however they were typed."""
    return unicodedata.normalize("NFC", name.strip())


def fault_of(name: str, clients: Path) -> Fault | None:
    """Find what keeps a new client from being called so.

    A name is letters of any script, digits, - and _, and begins with a letter or digit. A client
    of the same name but for capitals is the same client where the file system says so.
    """
    if not name:
        return Fault.EMPTY
    if len(name) > LONGEST:
        return Fault.TOO_LONG
    kinds = [unicodedata.category(letter)[0] for letter in name]
    if kinds[0] not in "LN" or any(
        kind not in "LMN" and letter not in "-_" for kind, letter in zip(kinds, name, strict=True)
    ):
        return Fault.CHARACTERS
    if _RESERVED.fullmatch(name):
        return Fault.RESERVED
    others = (plain(path.parent.name).casefold() for path in clients.glob(f"*/{FILE}"))
    return Fault.EXISTS if name.casefold() in others else None


def write_new(file: Path, text: str) -> None:
    """Write a file whole or not at all; folders are made.

    Raises
    ------
    FileExistsError
        Where there is one already, which stays as it is.
    OSError
        Where it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        try:
            file.hardlink_to(temporary)  # unlike a move, refuses to replace
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            with file.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
    finally:
        Path(temporary).unlink(missing_ok=True)
