"""The workbook in a real JupyterLab: as it is after a clone, and in the workshop."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, expect

from funnelkit.client.client import Client
from funnelkit.client.read import find, read_client
from funnelkit.faces.control import step_of
from funnelkit.model.levers import LEVERS, Unit
from funnelkit.model.ltv import LTV_PARTS, spread_ltv
from funnelkit.plan.scenario import Scenario
from funnelkit.show.owner_tables import key_figures
from funnelkit.show.stages import STAGES
from funnelkit.show.words import Words
from tests.jupyterlab import CHARTS, Lab, LiveBoard, Server, browser, copied, server

CHART = "application/vnd.vegalite.v5+json"
CLIENTS = Path(__file__).parents[2] / "data" / "clients"


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


@pytest.fixture(scope="module")
def chrome(chromium: Path) -> Iterator[Browser]:
    with browser(chromium) as running:
        yield running


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = copied(tmp_path_factory.mktemp("workbook"))
    with server(folder, tmp_path_factory.mktemp("jupyterlab")) as answering:
        yield answering


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """A live board, and the model it has to agree with."""

    lab: Lab
    board: LiveBoard
    client: Client
    plan: Scenario
    words: Words

    def figures(self, levers: Mapping[str, float]) -> list[str]:
        """What the board has to show where the plan has these levers instead."""
        return [value for _name, value in key_figures(self.plan.with_plan(**levers), self.words)]

    def name(self, lever: str) -> str:
        return self.words(LEVERS[lever].label)

    def shows(self, **levers: float) -> None:
        """Wait until the board shows what the model says."""
        expect(self.board.figures).to_have_text(self.figures(levers))
        self.lab.settle()


def workshop_of(page: Opened, name: str) -> Workshop:
    client = read_client(find(name, CLIENTS))
    page.lab.run_all()
    board = LiveBoard(page=page.lab.page)
    board.picture.wait_for()
    page.lab.show(board.whole)
    words = Words(language=client.language, currency=client.currency)
    return Workshop(
        lab=page.lab, board=board, client=client, plan=client.scenario("plan", {}), words=words
    )


@pytest.fixture(scope="module")
def mealbox(english: Opened) -> Workshop:
    return workshop_of(english, "mealbox")


@pytest.fixture(scope="module")
def saldo(russian: Opened) -> Workshop:
    return workshop_of(russian, "saldo")


@pytest.fixture(autouse=True)
def screenshot(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Leave a picture of every page where a test failed."""
    failed = request.session.testsfailed
    yield
    if request.session.testsfailed > failed:
        pages = request.getfixturevalue("chrome").contexts
        for number, context in enumerate(pages):
            context.pages[0].screenshot(path=tmp_path / f"page-{number}.png")


@pytest.mark.parametrize("name", ["english", "russian", "workshop"])
def test_every_chart_is_drawn_in_a_notebook_just_opened(
    name: str, request: pytest.FixtureRequest
) -> None:
    seen = request.getfixturevalue(name).look
    assert seen.expected_charts >= 5
    assert len(seen.charts) == seen.expected_charts
    assert all(width > 300 and height > 100 for width, height in seen.charts)


@pytest.mark.parametrize("name", ["english", "russian", "workshop"])
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


@pytest.mark.parametrize("name", ["english", "russian"])
def test_sums_of_money_are_not_typeset_as_formulas(
    name: str, request: pytest.FixtureRequest
) -> None:
    assert request.getfixturevalue(name).look.typeset == []


def test_the_workshops_copy_hides_all_code(workshop: Opened) -> None:
    page = workshop.lab.page
    assert page.locator(".jp-CodeCell").count() > 10
    assert page.locator(".jp-CodeCell .jp-InputArea-editor:visible").count() == 0


def test_the_board_opens_at_the_plan_and_stays_there(mealbox: Workshop) -> None:
    mealbox.shows()
    first = mealbox.plan.planned("retention_rate")
    value = mealbox.words.value(first, Unit.SHARE)
    expect(mealbox.board.entry(mealbox.name("retention_rate"))).to_have_value(value)


def test_the_board_fits_a_projector(mealbox: Workshop) -> None:
    mealbox.lab.show(mealbox.board.whole)
    wide = mealbox.board.whole.evaluate(
        """board => [...board.querySelectorAll("*")]
            .filter(it => !it.closest("svg, .slider-container, .widget-slider"))
            .filter(it => it.clientWidth > 0 && it.scrollWidth > it.clientWidth + 1)
            .map(it => [it.className, it.textContent.slice(0, 40)])"""
    )
    assert wide == []
    window = mealbox.lab.page.locator(".jp-WindowedPanel-outer").bounding_box()
    board, picture = mealbox.board.whole.bounding_box(), mealbox.board.picture.bounding_box()
    assert window
    assert board
    assert picture
    assert board["height"] <= window["height"]
    assert picture["x"] + picture["width"] <= board["x"] + board["width"]
    assert picture["width"] > 600


def test_the_arrow_key_moves_a_slider_and_the_model(mealbox: Workshop) -> None:
    board, lever = mealbox.board, mealbox.name("win_rate")
    back_to_the_plan(mealbox)
    board.open_stage(mealbox.words(STAGES[LEVERS["win_rate"].stage]))
    before = board.entry(lever).input_value()
    board.press(lever, "ArrowLeft")
    expect(board.entry(lever)).not_to_have_value(before)
    value = mealbox.words.parse(board.entry(lever).input_value(), Unit.SHARE)
    assert 0.4 <= value < mealbox.plan.planned("win_rate")
    mealbox.shows(win_rate=value)
    assert mealbox.figures({"win_rate": value}) != mealbox.figures({})


def test_opening_a_stage_leaves_the_picture_where_it_is(mealbox: Workshop) -> None:
    stages = [mealbox.words(text) for text in STAGES.values()]
    mealbox.lab.show(mealbox.board.whole)
    places = []
    for stage in (*stages[2:4], stages[1]):
        mealbox.board.open_stage(stage)
        places.append(mealbox.board.picture.bounding_box())
    assert places[0] == places[1] == places[2]


def test_a_moving_slider_never_leaves_the_picture_blank(mealbox: Workshop) -> None:
    board, lever = mealbox.board, mealbox.name("win_rate")
    back_to_the_plan(mealbox)
    board.type(lever, "35%")
    mealbox.shows(win_rate=0.35)
    mealbox.lab.page.evaluate(
        """() => {
            window.blank = 0; window.frames_seen = 0;
            const watch = () => {
                const drawn = [...document.querySelectorAll(".fk-picture svg")];
                window.frames_seen += 1;
                window.blank += drawn.some(it => it.getBoundingClientRect().height > 100) ? 0 : 1;
                window.watching = requestAnimationFrame(watch);
            };
            watch();
        }"""
    )
    for _ in range(4):
        before = board.entry(lever).input_value()
        board.press(lever, "ArrowRight")
        expect(board.entry(lever)).not_to_have_value(before)
    mealbox.shows(win_rate=0.35 + 4 * step_of(0.45, Unit.SHARE))
    blank, frames = mealbox.lab.page.evaluate(
        "() => (cancelAnimationFrame(window.watching), [window.blank, window.frames_seen])"
    )
    assert frames > 4
    assert blank == 0


@pytest.mark.parametrize(("typed", "value"), [("0.3", 0.3), ("33 %", 0.33), ("35.5%", 0.355)])
def test_a_typed_number_moves_the_model(mealbox: Workshop, typed: str, value: float) -> None:
    mealbox.board.type(mealbox.name("win_rate"), typed)
    mealbox.shows(win_rate=value)
    expect(mealbox.board.entry(mealbox.name("win_rate"))).to_have_value(
        mealbox.words.value(value, Unit.SHARE)
    )


@pytest.mark.parametrize("typed", ["46%", "0.9", "-1", "many", ""])
def test_a_number_out_of_range_is_refused_with_a_sentence(mealbox: Workshop, typed: str) -> None:
    board, words, lever = mealbox.board, mealbox.words, mealbox.name("win_rate")
    back_to_the_plan(mealbox)
    board.type(lever, "35%")
    mealbox.shows(win_rate=0.35)
    board.type(lever, typed)
    sentence = words("Allowed is {low} to {high}.", low="0%", high="45%")
    expect(board.lever(lever)).to_contain_text(sentence)
    mealbox.shows(win_rate=0.35)
    board.type(mealbox.name("qualified_rate"), "70%")
    mealbox.shows(win_rate=0.35, qualified_rate=0.7)
    expect(board.lever(lever)).not_to_contain_text(sentence)
    expect(board.entry(lever)).to_have_value("35%")


def test_the_ltv_slider_says_what_it_moved(mealbox: Workshop) -> None:
    back_to_the_plan(mealbox)
    board, words, plan = mealbox.board, mealbox.words, mealbox.plan
    slider = words("LTV (purchases, check, retention)")
    board.open_stage(words(STAGES[LEVERS["retention_rate"].stage]))
    before = board.entry(slider).input_value()
    board.press(slider, "ArrowRight")
    expect(board.entry(slider)).not_to_have_value(before)
    target = float(board.entry(slider).input_value().strip("$"))
    one = plan.per_customer(plan.target)
    moved = spread_ltv(
        target,
        first_value=one.first_value.item(),
        monthly_value=one.monthly_value.item(),
        parts={name: plan.planned(name) for name in LTV_PARTS},
        ceilings=plan.ceilings,
        discount=mealbox.plan.business.discount,
    )
    assert moved.reached == pytest.approx(target)
    mealbox.shows(**moved.levers)
    for name in LTV_PARTS:
        value = words.value(moved.levers[name], LEVERS[name].unit)
        expect(board.lever(slider)).to_contain_text(f"{mealbox.name(name)}: {value}")
        expect(board.entry(mealbox.name(name))).to_have_value(value)


def test_the_way_back_leads_to_the_plan(mealbox: Workshop) -> None:
    mealbox.board.open_stage(mealbox.words(STAGES[LEVERS["visitors"].stage]))
    mealbox.board.type(mealbox.name("visitors"), "30,000")
    expect(mealbox.board.figures).not_to_have_text(mealbox.figures({}))
    back_to_the_plan(mealbox)


def back_to_the_plan(at: Workshop) -> None:
    at.lab.page.get_by_role("button", name=at.words("Back to the plan")).click()
    at.shows()


def test_each_picture_is_drawn_when_one_turns_to_it(mealbox: Workshop) -> None:
    drawings = set()
    for title in ("Tree of B", "Months", "From A to B"):
        mealbox.lab.page.locator(".fk-board .lm-TabBar-tab", has_text=title).click()
        expect(mealbox.board.picture).to_have_count(1)
        drawings.add(mealbox.board.picture.get_attribute("aria-label"))
    assert len(drawings) == 3


def test_the_russian_board_reads_and_writes_russian_numbers(saldo: Workshop) -> None:
    saldo.shows()
    board, lever = saldo.board, saldo.name("win_rate")
    board.open_stage(saldo.words(STAGES[LEVERS["win_rate"].stage]))
    board.press(lever, "ArrowLeft")
    expect(board.entry(lever)).not_to_have_value("28\N{NO-BREAK SPACE}%")
    value = saldo.words.parse(board.entry(lever).input_value(), Unit.SHARE)
    saldo.shows(win_rate=value)
    board.type(lever, "0,3")
    saldo.shows(win_rate=0.3)
    board.type(lever, "31,5 %")
    saldo.shows(win_rate=0.315)
    back_to_the_plan(saldo)


def test_the_kernel_says_nothing_untoward(mealbox: Workshop, saldo: Workshop) -> None:
    for at in (mealbox, saldo):
        assert at.lab.page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
