"""Printing a batch's reports: one browser, and without one everything else is still made."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from funnelkit.faces import printing
from funnelkit.faces.batch import PDF, Outcome
from funnelkit.faces.pdf import PdfError, PdfProblem
from funnelkit.show.words import Words

EN = Words(language="en")
MADE = [Outcome(client="a", record={"x": 1}), Outcome(client="b", reason="broken")]
MADE.append(Outcome(client="c", record={"x": 1}))


class Paper:
    """A printer that writes what it is told to print, and fails where it should."""

    def __init__(self, *, fails: str = "") -> None:
        self.fails = fails
        self.started = 0

    def print(self, page: Path, pdf: Path) -> None:
        if self.fails == page.parent.name:
            raise PdfError(PdfProblem.BROWSER, "out of paper")
        pdf.write_bytes(page.read_bytes())

    @contextmanager
    def running(self) -> Iterator["Paper"]:
        self.started += 1
        yield self


@pytest.fixture
def out(tmp_path: Path) -> Path:
    for name in ("a", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.html").write_text(name, encoding="utf-8")
    return tmp_path


def test_every_report_is_printed_by_one_browser(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Paper()
    monkeypatch.setattr(printing, "printer", paper.running)
    found = list(printing.printed(MADE, out, EN))
    assert [(outcome.client, outcome.pdf, outcome.no_pdf) for outcome in found] == [
        ("a", True, ""),
        ("b", False, ""),
        ("c", True, ""),
    ]
    assert paper.started == 1
    assert (out / "c" / PDF).read_text(encoding="utf-8") == "c"


def test_a_page_that_cannot_be_printed_stops_no_other(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "printer", Paper(fails="a").running)
    first, broken, last = printing.printed(MADE, out, EN)
    assert first.no_pdf == "the browser could not print the PDF: out of paper"
    assert (first.reason, first.pdf) == ("", False)
    assert broken == MADE[1]
    assert last.pdf


def test_reports_are_printed_at_the_same_time_and_told_in_their_order(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Waiting(Paper):
        both = Barrier(2, timeout=60)

        def print(self, page: Path, pdf: Path) -> None:
            self.both.wait()
            super().print(page, pdf)

    paper = Waiting()
    monkeypatch.setattr(printing, "printer", paper.running)
    found = list(printing.printed(MADE, out, EN))
    assert [(outcome.client, outcome.pdf) for outcome in found] == [
        ("a", True),
        ("b", False),
        ("c", True),
    ]
    assert paper.started == 1


def test_who_is_interrupted_still_gets_what_was_made(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> Iterator[Outcome]:
        yield from MADE
        raise KeyboardInterrupt

    monkeypatch.setattr(printing, "printer", Paper().running)
    found = []
    with pytest.raises(KeyboardInterrupt):
        found.extend(printing.printed(interrupted(), out, EN))
    assert [outcome.client for outcome in found] == ["a", "b", "c"]


def test_without_a_browser_every_report_is_there_and_says_so(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def nothing() -> Iterator[Paper]:
        raise PdfError(PdfProblem.NO_BROWSER)
        yield Paper()

    monkeypatch.setattr(printing, "printer", nothing)
    first, _broken, last = printing.printed(MADE, out, Words(language="ru"))
    assert first.no_pdf == last.no_pdf
    assert "установите" in first.no_pdf


def test_a_folder_that_takes_no_file_is_told(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "printer", Paper().running)
    (out / "a" / PDF).mkdir()
    first, *_rest = printing.printed(MADE, out, EN)
    assert first.no_pdf.startswith("a file could not be written: ")


def test_what_was_printed_and_still_stands_is_not_printed_again(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = Paper()
    monkeypatch.setattr(printing, "printer", paper.running)
    (out / "a" / PDF).write_bytes(b"old")
    same = [replace(outcome, unchanged=True) for outcome in MADE]
    found = list(printing.printed(same, out, EN))
    assert [outcome.pdf for outcome in found] == [True, False, True]
    assert (out / "a" / PDF).read_bytes() == b"old"
    assert (out / "c" / PDF).read_bytes() == b"c"
