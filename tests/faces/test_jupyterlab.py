"""The notebooks in a real JupyterLab, just opened: after a clone, and in the workshop."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, expect

from funnelkit.faces.notebooks import MARKETER
from tests.jupyterlab import CHARTS, Lab, Server

COMMITTED = ("english", "russian", "english_channels", "russian_channels")

CHART = "application/vnd.vegalite.v5+json"

pytestmark = pytest.mark.usefixtures("screenshot")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a notebook looked like when it was opened, before anything ran."""

    charts: list[tuple[float, float]]
    expected_charts: int
    tables: list[float]
    expected_tables: int
    text: str
    typeset: list[str]
    errors: list[str]
    foreign: list[str]


def look(lab: Lab, notebook: Path) -> Look:
    outputs = [
        output.data
        for cell in nbformat.read(notebook, as_version=4).cells
        for output in cell.get("outputs", [])
    ]
    page = lab.page
    tables = page.locator(".jp-RenderedHTML table")
    expected_charts = sum(CHART in data for data in outputs)
    expected_tables = sum("<table" in data.get("text/html", "") for data in outputs)
    expect(page.locator(".jp-OutputArea-output")).to_have_count(len(outputs))
    expect(page.locator(CHARTS)).to_have_count(expected_charts)
    return Look(
        charts=lab.charts(),
        expected_charts=expected_charts,
        tables=[table.evaluate("it => it.scrollHeight") for table in tables.all()],
        expected_tables=expected_tables,
        text=page.locator(".jp-Notebook").inner_text(),
        typeset=page.locator(".jp-RenderedHTML mjx-container").all_inner_texts(),
        errors=list(lab.errors),
        foreign=list(lab.foreign),
    )


@dataclass(slots=True, kw_only=True)
class Opened:
    lab: Lab
    look: Look


def opened(chrome: Browser, running: Server, notebook: Path) -> Iterator[Opened]:
    with Lab.opened(chrome, running, notebook, width=1280, height=720) as lab:
        yield Opened(lab=lab, look=look(lab, notebook))
        assert lab.errors == []
        assert lab.foreign == []


@pytest.fixture(scope="module")
def english(chrome: Browser, running: Server) -> Iterator[Opened]:
    yield from opened(chrome, running, running.folder / "notebooks" / "1_owner_level.ipynb")


@pytest.fixture(scope="module")
def russian(chrome: Browser, running: Server) -> Iterator[Opened]:
    yield from opened(chrome, running, running.folder / "notebooks" / "ru" / "1_owner_level.ipynb")


@pytest.fixture(scope="module")
def english_channels(chrome: Browser, running: Server) -> Iterator[Opened]:
    yield from opened(chrome, running, running.folder / "notebooks" / MARKETER)


@pytest.fixture(scope="module")
def russian_channels(chrome: Browser, running: Server) -> Iterator[Opened]:
    yield from opened(chrome, running, running.folder / "notebooks" / "ru" / MARKETER)


@pytest.fixture(scope="module")
def workshop(chrome: Browser, running: Server) -> Iterator[Opened]:
    clients = running.folder / "data" / "clients"
    command = [sys.executable, "-c", "from funnelkit.faces.cli import main; main()", "workshop"]
    made = subprocess.run(
        [*command, "mealbox", "--no-open", "--clients", str(clients)],
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    yield from opened(chrome, running, Path(made.stdout.strip()))


@pytest.mark.parametrize("name", [*COMMITTED, "workshop"])
def test_every_chart_is_drawn_in_a_notebook_just_opened(
    name: str, request: pytest.FixtureRequest
) -> None:
    seen = request.getfixturevalue(name).look
    assert seen.expected_charts >= 5
    assert len(seen.charts) == seen.expected_charts
    assert all(width > 300 and height > 100 for width, height in seen.charts)


@pytest.mark.parametrize("name", [*COMMITTED, "workshop"])
def test_a_notebook_just_opened_shows_its_tables_and_no_failed_widget(
    name: str, request: pytest.FixtureRequest
) -> None:
    seen = request.getfixturevalue(name).look
    assert len(seen.tables) >= 8
    assert all(height > 40 for height in seen.tables)
    assert "model not found" not in seen.text.lower()
    assert "error displaying widget" not in seen.text.lower()
    assert seen.errors == []
    assert seen.foreign == []


@pytest.mark.parametrize("name", COMMITTED)
def test_sums_of_money_are_not_typeset_as_formulas(
    name: str, request: pytest.FixtureRequest
) -> None:
    assert request.getfixturevalue(name).look.typeset == []


def test_the_workshops_copy_hides_all_code(workshop: Opened) -> None:
    page = workshop.lab.page
    assert page.locator(".jp-CodeCell").count() > 10
    assert page.locator(".jp-CodeCell .jp-InputArea-editor:visible").count() == 0
