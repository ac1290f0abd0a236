"""What a report is made of, so that one that nothing changed for is not made again."""

import json
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import funnelkit
from funnelkit.client.fill import exports_beside
from funnelkit.faces.excel import EXCEL

__all__ = ["made_of", "still_stands"]

_OF_THE_PACKAGE = ("*.py", "*.po", "*.jinja", "*.j2", "*.css", "*.json")


def made_of(client_file: Path, notebooks: Iterable[Path]) -> str:
    """Digest all that a report is made of: the client's file and exports, notebooks, the package.

    Raises
    ------
    OSError
        Where one of them cannot be read.
    """
    digest = sha256(_package().encode())
    for path in (client_file, *exports_beside(client_file), *notebooks):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def still_stands(folder: Path, stamp: str) -> dict[str, Any]:
    """Return what an earlier run recorded, if its report is made of the same; else nothing."""
    try:
        record = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    same = isinstance(record, dict) and record.get("made_of") == stamp
    whole = all((folder / name).is_file() for name in ("report.html", EXCEL))
    return record if same and whole else {}


@cache
def _package() -> str:
    """Digest the package's own files, once a process."""
    root = Path(funnelkit.__file__).parent
    digest = sha256()
    for path in sorted(path for kind in _OF_THE_PACKAGE for path in root.rglob(kind)):
        digest.update(f"{path.relative_to(root).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()
