"""Reports as PDF, printed from their pages by an installed Chrome, Chromium or Edge."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from funnelkit.client.files import write_atomically
from funnelkit.show.words import Words

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Error, Page

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
_T = TypeVar("_T")
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
    """A running browser that prints pages, as many at a time as there are threads that ask."""

    def __init__(self, loop: asyncio.AbstractEventLoop, context: "BrowserContext") -> None:
        self._loop = loop
        self._context = context
        self._idle: list[Page] = []

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
            printed = _result(self._printed(page.resolve().as_uri()), self._loop)
        write_atomically(pdf, _timeless(printed))

    async def _printed(self, address: str) -> bytes:
        # A tab is used again: a new one starts a process, which reads all fonts and code anew.
        if self._idle:
            with suppress(_browser_error()):  # it may have crashed since
                return await self._printed_in(self._idle.pop(), address)
        return await self._printed_in(await self._new_tab(), address)

    async def _printed_in(self, tab: "Page", address: str) -> bytes:
        try:
            await tab.goto(address)
            printed = await tab.pdf(
                prefer_css_page_size=True, print_background=True, tagged=True, outline=True
            )
        except BaseException:
            await tab.close()
            raise
        self._idle.append(tab)
        return printed

    async def _new_tab(self) -> "Page":
        tab = await self._context.new_page()
        await tab.emulate_media(media="print")  # or each page is styled for a screen first
        return tab


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
    launched = _launched(executable)
    with _loop() as loop:
        with _told():
            context = _result(launched.__aenter__(), loop)
        try:
            yield Printer(loop, context)
        finally:
            _result(launched.__aexit__(None, None, None), loop)


@contextmanager
def _loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Keep an event loop going in a thread of its own; in a caller's, no notebook could be run."""
    loop = asyncio.new_event_loop()
    with closing(loop), ThreadPoolExecutor(1) as thread:
        thread.submit(loop.run_forever)
        try:
            yield loop
        finally:
            loop.call_soon_threadsafe(loop.stop)


def _result(working: Coroutine[Any, Any, _T], loop: asyncio.AbstractEventLoop) -> _T:
    """Wait for what is worked out in a loop's thread."""
    return asyncio.run_coroutine_threadsafe(working, loop).result()


@asynccontextmanager
async def _launched(executable: Path) -> "AsyncIterator[BrowserContext]":
    from playwright.async_api import async_playwright  # slow to load

    async with (
        async_playwright() as playwright,
        await playwright.chromium.launch(
            executable_path=executable, args=["--disable-gpu"]
        ) as browser,
        await browser.new_context(java_script_enabled=False, offline=True) as context,
    ):
        yield context


def _browser_error() -> "type[Error]":
    from playwright.async_api import Error

    return Error


@contextmanager
def _told() -> Iterator[None]:
    """Tell what goes wrong in a browser as a problem of a PDF."""
    try:
        yield
    except _browser_error() as error:
        raise PdfError(PdfProblem.BROWSER, error.message.partition("\n")[0]) from error
