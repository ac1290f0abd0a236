"""JupyterLab as a person opens it: a real server on files of its own, and a page that looks at it.

Nothing of the checkout is written to, nothing of the user's settings is read, and the browser
reaches this server alone; what else a page asks for is refused and remembered.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import nbformat
from playwright.sync_api import Browser, Locator, Page, Route, WebSocket, expect, sync_playwright

__all__ = ["CHARTS", "Lab", "LiveBoard", "Server", "browser", "copied", "server"]

TOKEN = "funnelkit"
CHARTS = ".jp-RenderedVegaCommon5 :is(svg.marks, canvas)"
"""What JupyterLab draws of Vega-Lite."""
PATIENCE = 30.0
"""Seconds to wait for anything: two busy cores are slow, what hangs fails."""

_SETTINGS: Mapping[str, Mapping[str, object]] = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}
_SWITCHES = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

expect.set_options(timeout=PATIENCE * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running JupyterLab: where it answers, and the folder it shows."""

    url: str
    folder: Path

    def address(self, notebook: Path) -> str:
        """Return the address that opens a notebook of the folder, with nothing beside it."""
        path = quote(notebook.relative_to(self.folder).as_posix())
        return f"{self.url}/doc/tree/{path}?token={TOKEN}&reset"

    def end_kernel(self, notebook: Path) -> None:
        """End the kernel of a notebook of the folder."""
        header = {"Authorization": f"token {TOKEN}"}
        with urlopen(Request(f"{self.url}/api/sessions", headers=header)) as answer:
            sessions = json.load(answer)
        own = notebook.relative_to(self.folder).as_posix()
        for session in (one for one in sessions if one["path"] == own):
            url = f"{self.url}/api/sessions/{session['id']}"
            urlopen(Request(url, headers=header, method="DELETE")).close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def copied(folder: Path) -> Path:
    """Copy the notebooks and the demo clients' files into a folder, laid out as here."""
    root = Path(__file__).parent.parent
    for name in ("notebooks", "data"):
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("workshop"))
    return folder


@contextmanager
def server(folder: Path, own: Path) -> Iterator[Server]:
    """Run JupyterLab on a folder.

    Parameters
    ----------
    folder : Path
        What it shows.
    own : Path
        A folder for its settings, runtime files and log, outside `folder`.
    """
    port = _free_port()
    settings = own / "settings" / "@jupyterlab"
    for name, content in _SETTINGS.items():
        file = settings / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content), "utf-8")
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    command = [
        *(sys.executable, "-m", "jupyterlab", str(folder)),
        *("--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"),
        f"--IdentityProvider.token={TOKEN}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    log = own / "server.log"
    environment = os.environ | {name: str(own / place) for name, place in places.items()}
    with (
        log.open("wb") as output,
        subprocess.Popen(command, env=environment, stdout=output, stderr=output) as process,
    ):
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_for(url, process, log)
            yield Server(url=url, folder=folder)
        finally:
            process.terminate()  # the server shuts its kernels down
            process.wait(PATIENCE)


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return once the server answers."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            with urlopen(f"{url}/api?token={TOKEN}", timeout=PATIENCE):
                return
        except URLError:
            time.sleep(0.05)
    raise RuntimeError(f"JupyterLab does not answer:\n{log.read_text('utf-8', 'replace')}")


@contextmanager
def browser(executable: Path) -> Iterator[Browser]:
    """Run a headless browser."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=[*_SWITCHES])
        try:
            yield running
        finally:
            running.close()


@dataclass(slots=True, kw_only=True)
class Lab:
    """A page on a JupyterLab with a notebook, and what it complained about.

    Attributes
    ----------
    page : playwright.sync_api.Page
    errors : list of str
        Uncaught errors of Javascript and errors on the console.
    foreign : list of str
        Addresses asked for beyond the server.
    sent : list of int
        Bytes of every message between page and kernel, both ways.
    """

    page: Page
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)

    @classmethod
    @contextmanager
    def opened(
        cls, browser: Browser, server: Server, notebook: Path, *, width: int, height: int
    ) -> "Iterator[Lab]":
        """Open a notebook in a window of width x height pixels, with a kernel that ran nothing.

        The kernel goes with the window, so that a notebook opened again has a clean one.
        """
        count = len(nbformat.read(notebook, as_version=4).cells)
        context = browser.new_context(viewport={"width": width, "height": height})
        try:
            context.set_default_timeout(PATIENCE * 1000)
            page = context.new_page()
            lab = cls(page=page)
            page.on("pageerror", lambda error: lab.errors.append(str(error)))
            page.on(
                "console",
                lambda said: lab.errors.append(said.text) if said.type == "error" else None,
            )
            page.on("websocket", lambda socket: lab._count(socket))
            context.route("**/*", lambda route: lab._only_from(server, route))
            page.goto(server.address(notebook))
            expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(count)
            lab.settle()
            yield lab
        finally:
            context.close()
            server.end_kernel(notebook)

    def settle(self) -> None:
        """Wait until the kernel is idle: once one answer is seen, the rest of it follows."""
        self.page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()

    def run_all(self, *, settle: bool = True) -> None:
        """Clear all outputs, run all cells and, unless told otherwise, wait for the last."""
        self.clear()
        last = self.page.locator(".jp-CodeCell .jp-InputPrompt").last
        expect(last).to_have_text("[ ]:")
        self._choose("Run", "Run All Cells")
        try:
            expect(last).not_to_have_text("[ ]:", timeout=2000)
        except AssertionError:  # a page that has only just opened may not have listened
            self._choose("Run", "Run All Cells")
        if not settle:
            return
        expect(last).to_have_text(re.compile(r"\[\d+\]:"))
        self.settle()

    def clear(self) -> None:
        """Clear all outputs."""
        self._choose("Edit", "Clear Outputs of All Cells")

    def save(self) -> None:
        """Save the notebook."""
        self._command("File", "docmanager:save")
        self.page.wait_for_function("!document.querySelector('.jp-mod-dirty')")

    def restart(self) -> None:
        """Restart the kernel, whatever it held."""
        self._command("Kernel", "kernelmenu:restart")
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.settle()

    def theme(self, name: str) -> None:
        """Let the page look otherwise."""
        self.page.get_by_role("menuitem", name="Settings", exact=True).click()
        self.page.locator(".lm-Menu-item[data-type=submenu]", has_text="Theme").first.hover()
        self.page.locator(".lm-Menu-item", has_text=name).first.click()
        dark = str("Light" in name).lower()
        self.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{dark}'")

    def charts(self) -> list[tuple[float, float]]:
        """Bring every drawn chart into sight, and return widths and heights in pixels."""
        drawn = self.page.locator(CHARTS)
        sizes = []
        for chart in drawn.all():
            chart.scroll_into_view_if_needed()
            box = chart.bounding_box() or {"width": 0.0, "height": 0.0}
            sizes.append((box["width"], box["height"]))
        return sizes

    def show(self, place: Locator) -> None:
        """Scroll so that something stands at the top of the notebook, and stays there.

        JupyterLab scrolls too, to the last cell after Run All: half a second without that is rest.
        """
        place.evaluate(
            """async element => {
                const window = element.closest(".jp-WindowedPanel-outer");
                for (let calm = 0, frames = 0; calm < 30; calm++) {
                    if (frames++ > 1000) throw new Error("the notebook does not stop scrolling");
                    const top = window.getBoundingClientRect().top + 4;
                    const away = element.getBoundingClientRect().top - top;
                    if (Math.abs(away) > 1) {
                        window.scrollTop += away;
                        calm = 0;
                    }
                    await new Promise(requestAnimationFrame);
                }
            }"""
        )

    def _command(self, menu: str, command: str) -> None:
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.locator(f".lm-Menu-item[data-command='{command}']").click()

    def _choose(self, menu: str, item: str) -> None:
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()

    def _count(self, socket: WebSocket) -> None:
        for way in ("framesent", "framereceived"):
            socket.on(way, lambda payload: self.sent.append(len(payload)))

    def _only_from(self, server: Server, route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.scheme in ("data", "blob") or f"{parts.scheme}://{parts.netloc}" == server.url:
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBoard:
    """An owner's board on a page, after Run All.

    Attributes
    ----------
    page : playwright.sync_api.Page
    place : int
        Which of the page's boards it is, counted from 0.
    """

    page: Page
    place: int = 0

    @property
    def whole(self) -> Locator:
        """All of it."""
        return self.page.locator(".fk-board").nth(self.place)

    @property
    def figures(self) -> Locator:
        """The values of the key figures."""
        return self.whole.locator(".fk-figures strong")

    @property
    def drawing(self) -> Locator:
        """The drawing of all pictures."""
        return self.whole.locator(".fk-canvas svg.marks")

    def picture(self, name: str) -> Locator:
        """One of the drawing's pictures."""
        return self.drawing.locator(f"g.{name}_group")

    @property
    def said(self) -> Locator:
        """The sentence about what was just done."""
        return self.whole.locator(".fk-said")

    def button(self, text: str) -> Locator:
        """A button by its text or its name."""
        return self.whole.get_by_role("button", name=text, exact=True)

    def open_panel(self, title: str) -> None:
        """Unfold the sliders of a panel."""
        self.whole.locator(".fk-title").filter(has=self.page.get_by_text(title, exact=True)).click()

    def lever(self, name: str) -> Locator:
        """A lever's slider with all that belongs to it."""
        return self.whole.locator(f".fk-lever[data-lever='{name}']")

    def slider(self, name: str) -> Locator:
        """The slider alone."""
        return self.lever(name).locator("input[type=range]")

    def entry(self, name: str) -> Locator:
        """The field with a lever's number."""
        return self.lever(name).locator("input[type=text]")

    def show(self, name: str) -> None:
        """Unfold the panel in which a lever stands."""
        if not self.slider(name).is_visible():
            lever = self.page.locator(f".fk-lever[data-lever='{name}']")
            self.whole.locator(".fk-stage").filter(has=lever).locator(".fk-title").click()

    def press(self, name: str, key: str) -> None:
        """Press a key on a slider's handle."""
        self.show(name)
        self.slider(name).press(key)

    def type(self, name: str, number: str) -> None:
        """Type a number into a lever's field and press Enter."""
        self.show(name)
        self.entry(name).fill(number)
        self.entry(name).press("Enter")
