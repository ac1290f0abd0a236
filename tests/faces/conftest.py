"""What the tests share that run notebooks, here or in a real JupyterLab."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from funnelkit.faces.kernels.warm import warm_kernels
from tests.jupyterlab import Server, browser, copied, server


@pytest.fixture(scope="module")
def warm() -> Iterator[None]:
    """Kernels that are forked, which does the same in a fraction of the time."""
    with warm_kernels():
        yield


@pytest.fixture(scope="module")
def chrome(chromium: Path) -> Iterator[Browser]:
    with browser(chromium) as running:
        yield running


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A JupyterLab on copies of the notebooks and of the demo clients."""
    folder = copied(tmp_path_factory.mktemp("workbook"))
    with server(folder, tmp_path_factory.mktemp("jupyterlab")) as answering:
        yield answering


@pytest.fixture
def screenshot(request: pytest.FixtureRequest, tmp_path: Path, chrome: Browser) -> Iterator[None]:
    """Leave a picture of every page where a test failed."""
    failed = request.session.testsfailed
    yield
    if request.session.testsfailed > failed:
        for number, context in enumerate(chrome.contexts):
            context.pages[0].screenshot(path=tmp_path / f"page-{number}.png")
