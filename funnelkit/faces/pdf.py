"""Reports as PDF, printed from their pages by an installed Chrome, Chromium or Edge."""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from funnelkit.client.files import write_atomically
from funnelkit.show.words import Words

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

__all__ = ["PdfError", "PdfProblem", "Printer", "installed_browser", "pdf_sentence", "printer"]

_BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_DATE = re.compile(rb"/(?:CreationDate|ModDate) \(D:[^)]*\)")
_NODE = re.compile(rb"(?<=\(node)\d{8}(?=\))")


class PdfProblem(StrEnum):
    """Why there is no PDF."""

    NO_BROWSER = "no_browser"
    BROWSER = "browser"


class PdfError(Exception):
    """There is no PDF.

    Attributes
    ----------
    problem : PdfProblem
    found : str
        What the browser said.
    """

    def __init__(self, problem: PdfProblem, found: str = "") -> None:
        super().__init__(problem, found)
        self.problem = problem
        self.found = found


def pdf_sentence(error: PdfError, words: Words) -> str:
    """Say why there is no PDF, and what helps."""
    match error.problem:
        case PdfProblem.NO_BROWSER:
            return words("a PDF is printed by Chrome, Chromium or Edge; install one of them")
        case PdfProblem.BROWSER:
            return words("the browser could not print the PDF: {error}", error=error.found)


def installed_browser() -> Path | None:
    """Return the path of an installed Chromium, Chrome or Edge, if there is one."""
    found = (shutil.which(browser) for browser in _BROWSERS)
    return next((Path(path) for path in found if path), None)


class Printer:
    """A running browser that prints one page after another, whichever thread asks."""

    def __init__(self, thread: Executor, context: "BrowserContext") -> None:
        self._thread = thread
        self._context = context

    def print(self, page: Path, pdf: Path) -> None:
        """Print a page as its style sheet has it; the same page gives the same file.

        Parameters
        ----------
        page : Path
            An HTML file that needs nothing from outside.
        pdf : Path
            Where the PDF is written, whole or not at all.

        Raises
        ------
        PdfError
            If the browser fails.
        OSError
            If the PDF cannot be written.
        """
        with _told():
            printed = self._thread.submit(self._printed, page.resolve().as_uri()).result()
        write_atomically(pdf, _timeless(printed))

    def _printed(self, address: str) -> bytes:
        with self._context.new_page() as tab:
            tab.goto(address)
            return tab.pdf(
                prefer_css_page_size=True, print_background=True, tagged=True, outline=True
            )


def _timeless(pdf: bytes) -> bytes:
    """Take out of a PDF when it was printed, and how much the browser had shown before.

    A PDF finds its parts by their places, so none may move.
    """
    first = min(map(int, _NODE.findall(pdf)), default=0)
    counted = _NODE.sub(lambda number: b"%08d" % (int(number[0]) - first), pdf)
    return _DATE.sub(lambda date: b" " * len(date[0]), counted)


@contextmanager
def printer(browser: Path | None = None) -> Iterator[Printer]:
    """Run a browser that prints pages; none of them can run code or reach the network.

    Parameters
    ----------
    browser : Path, optional
        By default the one that is installed.

    Raises
    ------
    PdfError
        If there is no browser, or it does not start.
    """
    executable = browser or installed_browser()
    if executable is None:
        raise PdfError(PdfProblem.NO_BROWSER)
    stack = ExitStack()
    # Playwright keeps an event loop going in its thread, where no notebook could be run then.
    with ThreadPoolExecutor(1) as thread:
        try:
            with _told():
                context = thread.submit(_launched, executable, stack).result()
            yield Printer(thread, context)
        finally:
            thread.submit(stack.close).result()


def _launched(executable: Path, stack: ExitStack) -> "BrowserContext":
    from playwright.sync_api import sync_playwright  # slow to load

    playwright = stack.enter_context(sync_playwright())
    browser = playwright.chromium.launch(executable_path=executable, args=["--disable-gpu"])
    return stack.enter_context(browser).new_context(java_script_enabled=False, offline=True)


@contextmanager
def _told() -> Iterator[None]:
    """Tell what goes wrong in a browser as a problem of a PDF."""
    from playwright.sync_api import Error

    try:
        yield
    except Error as error:
        raise PdfError(PdfProblem.BROWSER, error.message.partition("\n")[0]) from error
