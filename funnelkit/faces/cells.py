"""What notebooks show besides pictures and tables, and why one may not be able to."""

from dataclasses import dataclass
from typing import Any

from funnelkit.faces.record import RECORD_TYPE

__all__ = ["Page", "Record", "WorkbookError"]


class WorkbookError(Exception):
    """A notebook cannot go on; the message says why in the notebook's language."""


@dataclass(frozen=True, slots=True)
class Page:
    """HTML made by our own escaping templates, with its plain text."""

    html: str
    text: str

    def _repr_mimebundle_(self, **_options: object) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}


@dataclass(frozen=True, slots=True)
class Record:
    """The numbers a notebook stands for, as data."""

    data: dict[str, Any]

    def _repr_mimebundle_(self, **_options: object) -> dict[str, Any]:
        return {RECORD_TYPE: self.data, "text/plain": f"{len(self.data)} results recorded"}
