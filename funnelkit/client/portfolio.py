"""The reports of all clients: what stands in their folder, the most urgent first."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from funnelkit.client.standing import Attention, Standing, plain, standing_of

__all__ = ["FILES", "RESULTS", "Entry", "ranked", "read_portfolio"]

RESULTS = "results.json"
"""What a client's notebooks recorded."""

FILES = ("report.html", "report.pdf", "report.xlsx")
"""What a client may have been made: a page, the page on paper, a workbook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A client of a portfolio.

    Attributes
    ----------
    name : str
        Name of its folder.
    files : tuple of str
        Those of `FILES` that are there.
    standing : Standing or None
        None where nothing was recorded that can be read.
    reason : str
        Why this run made no report; empty where it made one or none was asked for. What else is
        known of the client then is of an earlier run.
    """

    name: str
    files: tuple[str, ...] = ()
    standing: Standing | None = None
    reason: str = ""

    @property
    def title(self) -> str:
        """What to call the client."""
        return (self.standing.title if self.standing else "") or plain(self.name)

    @property
    def attention(self) -> Attention:
        """The most urgent reason to look at the client."""
        if self.reason or self.standing is None:
            return Attention.NO_REPORT
        return self.standing.attention


def read_portfolio(folder: Path, failed: Mapping[str, str] | None = None) -> tuple[Entry, ...]:
    """Read what stands in a folder of reports, the most urgent first.

    Nothing is read through a link, which may lead out of the folder. A client's folder without
    page and record is one whose first report is still being made, and is left out.

    Parameters
    ----------
    folder : Path
    failed : mapping of str to str, optional
        Why this run made no report, by client.
    """
    reasons = dict(failed or {})
    entries = []
    for place in _folders(folder):
        files = tuple(name for name in FILES if _is_file(place / name))
        recorded = _is_file(place / RESULTS)
        if recorded or FILES[0] in files:
            entries.append(
                Entry(
                    name=place.name,
                    files=files,
                    standing=_standing(place / RESULTS) if recorded else None,
                    reason=reasons.pop(place.name, ""),
                )
            )
    entries += [Entry(name=name, reason=reason) for name, reason in reasons.items()]
    return ranked(entries)


def ranked(entries: list[Entry]) -> tuple[Entry, ...]:
    """Sort clients by how urgent they are: by the reason, then by how bad it is, then by name."""
    order = list(Attention)
    return tuple(
        sorted(
            entries,
            key=lambda e: (
                order.index(e.attention),
                _severity(e.standing),
                e.title.casefold(),
                e.name,
            ),
        )
    )


def _severity(standing: Standing | None) -> float:
    """Return the number that makes the reason worse the smaller it is."""
    if standing is None:
        return -math.inf
    numbers = {
        Attention.BEHIND: standing.off_course,
        Attention.SHORT: standing.of_b(standing.reached),
        Attention.MEND: -float(len(standing.warnings)),
    }
    number = numbers.get(standing.attention, standing.probability)
    return math.inf if number is None else number


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.is_dir() and not p.is_symlink())
    except OSError:
        return []


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _standing(file: Path) -> Standing | None:
    try:
        return standing_of(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # also what is no UTF-8 and no JSON
        return None
