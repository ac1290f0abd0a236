"""Copy exports beside a client's file: under a safe name, whole, and the same content once."""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from funnelkit.client.files import write_atomically

__all__ = ["Kept", "digests", "keep", "place_of", "safe_name"]

LONGEST = 100
"""Characters of a name; with four bytes each still short enough for every file system."""

_UNSAFE = re.compile(r"[^\w .,()+=№@–-]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where a file goes.

    Attributes
    ----------
    source, target : Path
    there : bool
        Whether the folder has the same content already, under the target's name.
    """

    source: Path
    target: Path
    there: bool


def safe_name(name: str) -> str:
    """Return a file's name that means nothing else anywhere.

    Examples
    --------
    >>> safe_name("Отчёт: июль/август.csv")
    'Отчёт_ июль_август.csv'
    """
    text = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip(" .").removeprefix("~$")
    stem, dot, suffix = text.rpartition(".")
    if dot and len(suffix) <= 8:
        text = f"{stem[: LONGEST - len(suffix) - 1].rstrip()}.{suffix}"
    text = text[:LONGEST].strip(" .") or "export"
    return f"_{text}" if _RESERVED.fullmatch(text) else text


def place_of(source: Path, data: bytes, folder: Path, taken: dict[str, str]) -> Kept:
    """Find the place of a file in a folder of exports.

    Parameters
    ----------
    source : Path
    data : bytes
        Its content.
    folder : Path
    taken : dict of str to str
        Digests of what is there by name; what is placed is added.
    """
    digest = sha256(data).hexdigest()
    same = next((name for name, known in taken.items() if known == digest), None)
    if same is not None:
        return Kept(source=source, target=folder / same, there=True)
    name = safe_name(source.name)
    used, number = {known.casefold() for known in taken}, 2
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    while name.casefold() in used:
        name, number = f"{stem} ({number}){dot}{suffix}", number + 1
    taken[name] = digest
    return Kept(source=source, target=folder / name, there=False)


def digests(files: tuple[Path, ...]) -> dict[str, str]:
    """Digest files by name."""
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in files}


def keep(kept: Kept, data: bytes) -> None:
    """Copy a file to its place.

    Raises
    ------
    OSError
        Where it cannot be written; nothing is left of it then.
    """
    if not kept.there:
        write_atomically(kept.target, data)
