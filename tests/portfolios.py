"""Folders of recorded results, and what a page says of them."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

__all__ = ["DEMOS", "Rows", "many", "rows_of", "written"]

DEMOS = Path(__file__).parents[1] / "data" / "reports"

Record = dict[str, Any]


def demo(name: str) -> Record:
    record: Record = json.loads((DEMOS / name / "results.json").read_text("utf-8"))
    return record


def written(
    out: Path, name: str, record: Record | str, files: tuple[str, ...] = ("report.html",)
) -> Path:
    """Write a client's folder as a batch does."""
    folder = out / name
    folder.mkdir(parents=True)
    text = record if isinstance(record, str) else json.dumps(record, ensure_ascii=False)
    (folder / "results.json").write_text(text, "utf-8")
    for file in files:
        (folder / file).write_text("made", "utf-8")
    return folder


def many(out: Path, count: int, change: Callable[[Record], object] = dict) -> dict[str, Record]:
    """Write that many clients: the demos, each plan and probability drawn anew."""
    names, dice, records = sorted(p.name for p in DEMOS.iterdir()), random.Random(7), {}
    for number in range(count):
        record = demo(names[number % len(names)])
        times = dice.lognormvariate(0, 0.3)
        record["title"] = f"{number:03}"
        record["reached"] *= times
        record["probability"] = dice.random() if number % 7 else None
        for month in record["facts"]:
            month["measured"] *= dice.uniform(0.8, 1.2)
        if record["running"]:
            record["running"]["forecast"] *= dice.uniform(0.8, 1.2)
        change(record)
        records[f"c{number:03}"] = record
        written(out, f"c{number:03}", record)
    return records


@dataclass
class Row:
    """A row of the page's table: its cells' texts and what they are sorted by."""

    texts: list[str] = field(default_factory=list)
    values: list[str | None] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


class Rows(HTMLParser):
    """Reads the body of a portfolio's table."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._inside = self._cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "table":
            self._inside = "fk-clients" in (values.get("class") or "")
        if not self._inside:
            return
        if tag == "tr":
            self.rows.append(Row())
        elif tag in ("td", "th"):
            self.rows[-1].texts.append("")
            self.rows[-1].values.append(values.get("data-value"))
        elif tag == "a":
            self.rows[-1].links.append(values["href"] or "")
        elif tag == "svg":
            self.rows[-1].texts[-1] += values["aria-label"] or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._inside = False
        elif self._inside and tag == "span":
            self.rows[-1].texts[-1] += "\n"

    def handle_data(self, data: str) -> None:
        if self._inside and self.rows and self.rows[-1].texts:
            self.rows[-1].texts[-1] += data


def rows_of(page: str) -> list[Row]:
    """Return the rows of a page's table, without its head."""
    reader = Rows()
    reader.feed(page)
    return reader.rows[1:]
