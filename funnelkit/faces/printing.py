"""Printing the reports of a batch as they are made, with one browser for all."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from funnelkit.client.files import alone_in
from funnelkit.faces.batch import PDF, Outcome
from funnelkit.faces.pdf import PdfError, Printer, pdf_sentence, printer
from funnelkit.show.words import Words

__all__ = ["printed"]


def printed(outcomes: Iterable[Outcome], out: Path, words: Words) -> Iterator[Outcome]:
    """Print each report that was made, and yield its outcome with what became of it.

    Without a browser, or where it fails, the outcome says why, and the page is there all the same.

    Parameters
    ----------
    outcomes : iterable of Outcome
    out : Path
        Folder of all reports.
    words : Words
        Of whoever reads why there is no PDF.
    """
    with ExitStack() as stack:
        running: Printer | None = None
        for outcome in outcomes:
            if outcome.reason:
                yield outcome
                continue
            folder = out / outcome.client
            if outcome.unchanged and (folder / PDF).is_file():
                yield replace(outcome, pdf=True)
                continue
            try:
                running = running or stack.enter_context(printer())
                with alone_in(folder):
                    running.print(folder / "report.html", folder / PDF)
            except PdfError as error:
                yield replace(outcome, no_pdf=pdf_sentence(error, words))
            except OSError as error:
                reason = words("a file could not be written: {error}", error=error)
                yield replace(outcome, no_pdf=reason)
            else:
                yield replace(outcome, pdf=True)
