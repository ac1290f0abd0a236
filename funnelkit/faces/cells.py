"""What notebooks show besides pictures and tables, and why one may not be able to."""

from dataclasses import dataclass
from typing import Any

from funnelkit.faces.record import RECORD_TYPE
from funnelkit.show.words import Words

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
    """The numbers a notebook stands for, as data, and their count in the reader's words."""

    data: dict[str, Any]
    words: Words

    def _repr_mimebundle_(self, **_options: object) -> dict[str, Any]:
        said = self.words.plural("{n} result recorded", "{n} results recorded", len(self.data))
        return {RECORD_TYPE: self.data, "text/plain": said}
