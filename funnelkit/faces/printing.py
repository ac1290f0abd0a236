"""Printing the reports of a batch as they are made, with one browser for all."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Lock

from funnelkit.client.files import alone_in
from funnelkit.faces.batch import PDF, Outcome
from funnelkit.faces.pdf import PdfError, Printer, pdf_sentence, printer
from funnelkit.show.words import Words

__all__ = ["printed"]

AT_A_TIME = max(2, (os.cpu_count() or 1) // 2)
"""Reports printed at the same time: to print one costs about as much as to make one."""


def printed(outcomes: Iterable[Outcome], out: Path, words: Words) -> Iterator[Outcome]:
    """Print each report that was made, and yield its outcome with what became of it.

    Without a browser, or where it fails, the outcome says why, and the page is there all the same.
    Where the caller is interrupted while it waits, it still gets what was made by then.

    Parameters
    ----------
    outcomes : iterable of Outcome
    out : Path
        Folder of all reports.
    words : Words
        Of whoever reads why there is no PDF.
    """
    starting = Lock()
    running: list[Printer] = []
    under_way: deque[Future[Outcome]] = deque()
    # The last to end is the browser.
    with ExitStack() as stack, ThreadPoolExecutor(AT_A_TIME) as threads:

        def browser() -> Printer:
            with starting:
                if not running:
                    running.append(stack.enter_context(printer()))
            return running[0]

        try:
            for outcome in outcomes:
                under_way.append(threads.submit(_printed, outcome, out, words, browser))
                while under_way and (len(under_way) > AT_A_TIME or under_way[0].done()):
                    yield under_way.popleft().result()
        except KeyboardInterrupt:
            yield from (printing.result() for printing in under_way)
            raise
        yield from (printing.result() for printing in under_way)


def _printed(outcome: Outcome, out: Path, words: Words, browser: Callable[[], Printer]) -> Outcome:
    """Print a report if it was made and has no PDF yet."""
    if outcome.reason:
        return outcome
    folder = out / outcome.client
    if outcome.unchanged and (folder / PDF).is_file():
        return replace(outcome, pdf=True)
    try:
        running = browser()
        with alone_in(folder):
            running.print(folder / "report.html", folder / PDF)
    except PdfError as error:
        return replace(outcome, no_pdf=pdf_sentence(error, words))
    except OSError as error:
        return replace(outcome, no_pdf=words("a file could not be written: {error}", error=error))
    return replace(outcome, pdf=True)
