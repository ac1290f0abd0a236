"""The owner's board in a real JupyterLab: what a workshop does with it, in both languages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from playwright.sync_api import Browser, Page, expect

from funnelkit.client.client import Client
from funnelkit.client.read import read_client
from funnelkit.model.levers import LEVERS, Unit
from funnelkit.model.ltv import LTV_PARTS, spread_ltv
from funnelkit.plan.scenario import Scenario
from funnelkit.show.owner_tables import key_figures
from funnelkit.show.stages import STAGES
from funnelkit.show.words import Words
from tests.jupyterlab import Lab, LiveBoard, Server

PICTURES = ("tree", "waterfall", "funnel", "months")
LIBRARY = 150_000
"""Bytes that no message but the drawing library has."""

pytestmark = pytest.mark.usefixtures("screenshot")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """A notebook after Run All: its page, its board, and the plan behind it."""

    lab: Lab
    board: LiveBoard
    client: Client
    words: Words

    @property
    def page(self) -> Page:
        return self.lab.page

    @property
    def plan(self) -> Scenario:
        return self.client.scenario("plan")

    def name(self, lever: str) -> str:
        return self.words(LEVERS[lever].label)

    def figures(self, levers: Mapping[str, float]) -> list[str]:
        scenario = self.plan.with_plan(**levers)
        return [value for _name, value in key_figures(scenario, self.words)]

    def shows(self, **levers: float) -> None:
        """Wait until the board shows what the model says."""
        expect(self.board.figures).to_have_text(self.figures(levers))

    def typed(self, lever: str, value: float) -> str:
        return self.words.value(value, LEVERS[lever].unit)

    def back(self) -> None:
        self.board.button(self.words("Back to the plan")).click()
        self.shows()


def opened(chrome: Browser, running: Server, notebook: str, client: str) -> Iterator[Workshop]:
    path = running.folder / "notebooks" / notebook
    with Lab.opened(chrome, running, path, width=1280, height=720) as lab:
        lab.run_all()
        board = LiveBoard(page=lab.page)
        board.drawing.wait_for()
        lab.show(board.whole)
        read = read_client(running.folder / "data" / "clients" / client / "client.yaml")
        words = Words(language=read.language, currency=read.currency)
        yield Workshop(lab=lab, board=board, client=read, words=words)
        assert lab.errors == []
        assert lab.foreign == []
        assert lab.page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0


@pytest.fixture(scope="module")
def mealbox(chrome: Browser, running: Server) -> Iterator[Workshop]:
    yield from opened(chrome, running, "1_owner_level.ipynb", "mealbox")


@pytest.fixture(scope="module")
def saldo(chrome: Browser, running: Server) -> Iterator[Workshop]:
    yield from opened(chrome, running, "ru/1_owner_level.ipynb", "saldo")


@pytest.fixture(params=["mealbox", "saldo"])
def workshop(request: pytest.FixtureRequest) -> Workshop:
    at: Workshop = request.getfixturevalue(request.param)
    at.back()
    return at


def test_all_pictures_are_there_without_a_network(workshop: Workshop) -> None:
    for name in PICTURES:
        box = workshop.board.picture(name).bounding_box()
        assert box
        assert box["width"] > 150
        assert box["height"] > 150
    assert workshop.lab.foreign == []


def test_the_board_fits_a_projector_and_nothing_on_it_is_clipped(workshop: Workshop) -> None:
    workshop.lab.show(workshop.board.whole)
    for title in workshop.board.whole.locator(".fk-title").all():
        title.click()
        assert clipped(workshop) == []
    window = workshop.page.locator(".jp-WindowedPanel-outer").bounding_box()
    board = workshop.board.whole.bounding_box()
    assert window
    assert board
    assert board["height"] <= window["height"]
    drawing = workshop.board.drawing.bounding_box()
    assert drawing
    assert drawing["width"] > 680
    assert drawing["y"] + drawing["height"] <= board["y"] + board["height"]


def clipped(at: Workshop) -> list[object]:
    """Elements with text of their own that is wider or higher than its place."""
    found: list[object] = at.board.whole.evaluate(
        """board => [...board.querySelectorAll("*:not(svg *, option, .fk-talk, .fk-talk *)")]
            .filter(it => it.clientWidth > 0 && getComputedStyle(it).display !== "inline")
            .filter(it => it.scrollWidth > it.clientWidth + 1
                || it.scrollHeight > it.clientHeight + 4)
            .filter(it => !it.matches("input[type=range], .fk-track, .fk-marks, .fk-marks *"))
            .map(it => [it.className || it.tagName, it.textContent.slice(0, 40)])"""
    )
    return found


def test_it_opens_with_account_management_and_one_stage_is_open_at_a_time(
    workshop: Workshop,
) -> None:
    board, titles = workshop.board, workshop.board.whole.locator(".fk-title")
    titles.first.click()
    expect(titles.first).to_contain_text(workshop.words(STAGES[LEVERS["retention_rate"].stage]))
    expect(board.slider("retention_rate")).to_be_visible()
    for title in titles.all():
        title.click()
        expect(board.whole.locator(".fk-title[aria-expanded=true]")).to_have_count(1)
        assert 1 <= board.whole.locator("input[type=range]:visible").count() <= 5


def test_every_slider_moves_the_figures_to_what_the_model_says(workshop: Workshop) -> None:
    board, plan = workshop.board, workshop.plan
    levers = board.whole.locator(".fk-lever").evaluate_all("all => all.map(it => it.dataset.lever)")
    assert len(levers) >= 15
    for name in levers:
        if name == "ltv":
            continue
        before = board.entry(name).input_value()
        board.press(name, "ArrowLeft" if plan.planned(name) > 0 else "ArrowRight")
        expect(board.entry(name)).not_to_have_value(before)
        value = board.slider(name).evaluate(
            "(it, top) => it.valueAsNumber / it.max * top", top_of(workshop, name)
        )
        shown = workshop.words.parse(board.entry(name).input_value(), LEVERS[name].unit)
        assert shown == pytest.approx(value, rel=0.02, abs=0.0006)
        exact = stepped(workshop, name)
        workshop.shows(**{name: exact})
        workshop.back()


def top_of(at: Workshop, name: str) -> float:
    from funnelkit.faces.board.slider import slider_top

    plans = (at.plan, *map(at.client.scenario, at.client.variants))
    return slider_top(name, plans)


def stepped(at: Workshop, name: str, position: int | None = None) -> float:
    """The value at the slider's position, or at another: so many steps from 0, by hand."""
    from funnelkit.faces.board.slider import step_of

    if position is None:
        position = int(at.board.slider(name).input_value())
    top = top_of(at, name)
    step = step_of(top, LEVERS[name].unit)
    return min(round(position * step, 12), top)


def test_a_moving_slider_never_leaves_a_picture_blank(workshop: Workshop) -> None:
    page, board = workshop.page, workshop.board
    page.evaluate(
        """names => {
            const seen = (window.seen = { frames: 0, blank: 0 });
            const look = () => {
                seen.frames += 1;
                seen.blank += names.every((name) => {
                    const group = document.querySelector(`g.${name}_group`);
                    return group?.getBoundingClientRect().height > 100 &&
                        group.querySelectorAll("text").length > 5;
                }) ? 0 : 1;
                seen.again = requestAnimationFrame(look);
            };
            look();
        }""",
        list(PICTURES),
    )
    board.show("win_rate")
    for _ in range(25):
        board.slider("win_rate").press("ArrowLeft")
    workshop.shows(win_rate=stepped(workshop, "win_rate"))
    seen = page.evaluate("() => (cancelAnimationFrame(seen.again), seen)")
    assert seen["frames"] > 10
    assert seen["blank"] == 0


def test_the_last_of_many_moves_wins_and_all_pictures_show_it(workshop: Workshop) -> None:
    board = workshop.board
    board.show("win_rate")
    board.slider("win_rate").evaluate(
        """slider => {
            for (let move = 1; move <= 200; move++) {
                slider.valueAsNumber = 1 + (move * 7) % 50;
                slider.dispatchEvent(new Event("input"));
            }
            slider.valueAsNumber = 20;
            slider.dispatchEvent(new Event("input"));
            window.positions = new Set();
            const look = () => {
                positions.add(slider.valueAsNumber);
                window.again = requestAnimationFrame(look);
            };
            look();
        }"""
    )
    value = stepped(workshop, "win_rate", 20)
    workshop.shows(win_rate=value)
    assert workshop.page.evaluate("() => (cancelAnimationFrame(again), [...positions])") == [20]
    reached = workshop.words.short_money(float(workshop.plan.with_plan(win_rate=value).at_goal()))
    for name in ("tree", "waterfall", "months"):
        expect(workshop.board.picture(name)).to_contain_text(reached)


def test_numbers_are_typed_as_the_reader_writes_them(workshop: Workshop) -> None:
    board = workshop.board
    for text in {"en": ("0.3", "30 %"), "ru": ("0,3", "30 %")}[workshop.words.language]:
        board.type("win_rate", text)
        workshop.shows(win_rate=0.3)
        expect(board.entry("win_rate")).to_have_value(workshop.typed("win_rate", 0.3))
        workshop.back()


@pytest.mark.parametrize("typed", ["99%", "-1", "many", "", "<b>1</b>"])
def test_a_number_that_cannot_be_is_refused_with_the_range(workshop: Workshop, typed: str) -> None:
    board, words = workshop.board, workshop.words
    board.type("win_rate", typed)
    top = words.value(top_of(workshop, "win_rate"), Unit.SHARE)
    expect(board.said).to_contain_text(top)
    expect(board.said).to_contain_text(workshop.name("win_rate"))
    expect(board.entry("win_rate")).to_have_attribute("aria-invalid", "true")
    workshop.shows()
    board.type("qualified_rate", workshop.typed("qualified_rate", 0.5))
    workshop.shows(qualified_rate=0.5)
    expect(board.said).to_have_text("")
    expect(board.entry("win_rate")).not_to_have_attribute("aria-invalid", "true")
    plan = workshop.typed("win_rate", workshop.plan.planned("win_rate"))
    expect(board.entry("win_rate")).to_have_value(plan)


def test_the_ltv_slider_says_how_it_was_distributed(workshop: Workshop) -> None:
    board, plan = workshop.board, workshop.plan
    before = board.entry("ltv").input_value()
    board.press("ltv", "ArrowLeft")
    expect(board.entry("ltv")).not_to_have_value(before)
    one = plan.per_customer(plan.target)
    ltv = workshop.words.parse(board.entry("ltv").input_value(), Unit.MONEY)
    moved = spread_ltv(
        ltv,
        first_value=one.first_value.item(),
        monthly_value=one.monthly_value.item(),
        parts={name: plan.planned(name) for name in LTV_PARTS},
        ceilings={name: top_of(workshop, name) for name in LTV_PARTS},
        discount=plan.business.discount,
    )
    for name in LTV_PARTS:
        expect(board.said).to_contain_text(workshop.name(name))
        shown = workshop.words.parse(board.entry(name).input_value(), LEVERS[name].unit)
        # The field shows LTV and its parts rounded, so they agree to what is shown.
        assert shown == pytest.approx(moved.levers[name], rel=0.01)


def test_moves_are_undone_and_done_again_one_by_one(workshop: Workshop) -> None:
    board, words = workshop.board, workshop.words
    board.type("win_rate", workshop.typed("win_rate", 0.2))
    workshop.shows(win_rate=0.2)
    visitors = round(0.5 * workshop.plan.planned("visitors"))  # people are typed without decimals
    board.type("visitors", workshop.typed("visitors", visitors))
    workshop.shows(win_rate=0.2, visitors=visitors)
    board.button(words("Undo")).click()
    workshop.shows(win_rate=0.2)
    board.slider("visitors").press("Control+z")
    workshop.shows()
    board.slider("visitors").press("Control+y")
    workshop.shows(win_rate=0.2)
    board.button(words("Redo")).click()
    workshop.shows(win_rate=0.2, visitors=visitors)
    expect(board.button(words("Redo"))).to_be_disabled()
    board.show("win_rate")
    reset = words("Back to the plan: {lever}", lever=workshop.name("win_rate"))
    board.button(reset).click()
    workshop.shows(visitors=visitors)


def test_pinned_plans_are_compared_with_the_differences_marked(workshop: Workshop) -> None:
    board, words = workshop.board, workshop.words
    name = board.whole.get_by_placeholder(words("Name of a scenario"))
    for title, value in (("<b>Bold</b> / 1", 0.2), ("Две", 0.25)):
        board.type("win_rate", workshop.typed("win_rate", value))
        workshop.shows(win_rate=value)
        name.fill(title)
        board.button(words("Pin")).click()
        expect(board.said).to_contain_text(title)
    board.button(words("Compare")).click()
    table = board.whole.locator(".fk-comparison table")
    heads = [words("Plan"), "<b>Bold</b> / 1", "Две", words("Sliders")]
    expect(table.locator("thead th")).to_have_text([re.compile(".*"), *heads])
    row = table.locator("tr").filter(has_text=workshop.name("win_rate"))
    cells = [workshop.typed("win_rate", value) for value in (0.2, 0.25, 0.25)]
    expect(row.locator("td")).to_have_text(
        [
            workshop.typed("win_rate", workshop.plan.planned("win_rate")),
            *(f"▼ {cell}" for cell in cells),
        ]
    )
    tops = row.locator("th, td").evaluate_all("all => all.map(it => it.getBoundingClientRect().y)")
    assert len(set(tops)) == 1
    assert len(tops) == 5
    board.type("win_rate", workshop.typed("win_rate", 0.21))
    expect(row.locator("td").last).to_have_text(f"▼ {workshop.typed('win_rate', 0.21)}")
    board.button("<b>Bold</b> / 1").click()
    workshop.shows(win_rate=0.2)
    for title in ("<b>Bold</b> / 1", "Две"):
        board.button(words("Unpin {name}", name=title)).click()
    board.button(words("All")).click()
    expect(board.drawing).to_be_visible()


def test_one_picture_fills_the_place_and_goes_on_following(workshop: Workshop) -> None:
    board, words = workshop.board, workshop.words
    board.button(words("Funnel")).click()
    expect(board.picture("tree")).not_to_be_visible()
    box, place = board.picture("funnel").bounding_box(), board.drawing.bounding_box()
    assert box
    assert place
    assert box["height"] > 0.85 * place["height"]
    assert place["x"] <= box["x"]
    assert box["x"] + box["width"] <= place["x"] + place["width"] + 1
    board.type("visitors", workshop.typed("visitors", 4_000))
    people = 4_000 + workshop.plan.planned("audience")
    expect(board.picture("funnel")).to_contain_text(words.count(people))
    board.button(words("All")).click()
    expect(board.picture("tree")).to_be_visible()


def test_what_is_saved_opens_exactly_as_it_was(workshop: Workshop) -> None:
    board, words = workshop.board, workshop.words
    board.press("win_rate", "ArrowLeft")
    board.press("ltv", "ArrowLeft")
    board.press("ltv", "ArrowLeft")
    board.whole.get_by_placeholder(words("Name of a scenario")).fill("Смело / bold <i>")
    board.button(words("Save")).click()
    expect(board.said).to_contain_text("Смело / bold <i>")
    before = board.figures.all_inner_texts()
    saved = read_client(workshop.client.path).scenario("Смело / bold <i>")
    figures = [value for _name, value in key_figures(saved, words)]
    assert figures == before
    workshop.back()
    board.whole.get_by_label(words("Scenario"), exact=True).select_option("Смело / bold <i>")
    expect(board.figures).to_have_text(before)


def test_a_decision_that_a_warning_suggests_is_recorded(workshop: Workshop) -> None:
    board, words = workshop.board, workshop.words
    board.type("visitors", workshop.typed("visitors", top_of(workshop, "visitors")))
    new = board.whole.locator(".fk-warning").first
    expect(new).to_contain_text(f"{words('new')}: ")
    board.whole.locator(".fk-decide-this").first.click()
    form = board.whole.locator("dialog")
    what = form.get_by_label(words("What was decided")).input_value()
    assert what
    assert form.get_by_label(words("Who does it")).input_value()
    form.get_by_label(words("Expected in B's month")).fill("12 000")
    form.get_by_role("button", name=words("Record a decision")).click()
    expect(board.said).to_contain_text(what)
    (*_before, decision) = read_client(workshop.client.path).decisions
    assert (decision.what, decision.money) == (what, 12_000)


def test_full_screen_is_a_presenters_view(workshop: Workshop) -> None:
    board, words, page = workshop.board, workshop.words, workshop.page
    board.button(words("Full screen")).click()
    page.wait_for_function("document.fullscreenElement?.matches('.fk-board')")
    box = board.whole.bounding_box()
    assert box
    assert (box["width"], box["height"]) == (1280, 720)
    board.whole.locator(".fk-title").first.click()
    assert clipped(workshop) == []
    size = board.whole.evaluate("it => parseFloat(getComputedStyle(it).fontSize)")
    assert size >= 14
    board.press("repeat_check", "ArrowLeft")
    workshop.shows(repeat_check=stepped(workshop, "repeat_check"))
    page.evaluate("document.exitFullscreen()")
    page.wait_for_function("!document.fullscreenElement")


def test_arrow_keys_belong_to_the_slider_and_not_to_the_notebook(workshop: Workshop) -> None:
    active = ".jp-Cell.jp-mod-active"
    workshop.board.press("win_rate", "ArrowLeft")
    before = workshop.page.locator(active).bounding_box()
    for key in ("ArrowDown", "ArrowUp", "ArrowLeft"):
        workshop.board.press("win_rate", key)
    assert workshop.page.locator(active).bounding_box() == before


def test_the_library_comes_once_a_page(workshop: Workshop) -> None:
    assert sum(size > LIBRARY for size in workshop.lab.sent) == 1


@pytest.fixture
def two_boards(chrome: Browser, running: Server) -> Iterator[Lab]:
    """A notebook with two boards of two clients and one of the boards shown twice."""
    notebook = nbformat.read(running.folder / "notebooks" / "1_owner_level.ipynb", as_version=4)
    (start,) = (cell for cell in notebook.cells if cell.id == "open")
    start.source = start.source.rpartition("\n")[0] + "\nfirst = owner.board()\nfirst"
    other = (
        'second = owner_level({"client": "saldo", "scenario": "plan"}, language="ru").board()\n'
        "second"
    )
    cells = [cell for cell in notebook.cells if cell.id in ("parameters", "open")]
    notebook.cells = [*cells, new_code_cell(other), new_code_cell("first")]
    path = running.folder / "notebooks" / "two.ipynb"
    nbformat.write(notebook, path)
    with Lab.opened(chrome, running, path, width=1280, height=2400) as lab:
        lab.run_all()
        yield lab
        assert lab.errors == []
        assert lab.foreign == []


def test_two_boards_on_a_page_do_not_mix_and_two_views_of_one_agree(two_boards: Lab) -> None:
    mealbox, saldo, again = (LiveBoard(page=two_boards.page, place=place) for place in range(3))
    for board in (mealbox, saldo, again):
        board.drawing.wait_for()
    assert sum(size > LIBRARY for size in two_boards.sent) == 1
    other = saldo.figures.all_inner_texts()
    before = mealbox.figures.all_inner_texts()
    mealbox.press("repeat_check", "ArrowLeft")
    expect(mealbox.figures).not_to_have_text(before)
    expect(again.figures).to_have_text(mealbox.figures.all_inner_texts())
    expect(again.entry("repeat_check")).to_have_value(mealbox.entry("repeat_check").input_value())
    assert texts(again) == texts(mealbox)
    again.press("repeat_check", "ArrowRight")
    expect(mealbox.figures).to_have_text(before)
    assert saldo.figures.all_inner_texts() == other


def texts(board: LiveBoard) -> list[str]:
    found: list[str] = board.drawing.locator("text").all_text_contents()
    return found


def test_a_page_loaded_again_finds_its_board_as_it_was(two_boards: Lab) -> None:
    page = two_boards.page
    saldo = LiveBoard(page=page, place=1)
    saldo.drawing.wait_for()
    saldo.press("repeat_check", "ArrowLeft")
    expect(saldo.button("Отменить")).to_be_enabled()
    figures, drawn = saldo.figures.all_inner_texts(), texts(saldo)
    two_boards.save()
    page.reload()
    saldo.drawing.wait_for()
    expect(saldo.figures).to_have_text(figures)
    assert texts(saldo) == drawn
    saldo.press("repeat_check", "ArrowRight")
    expect(saldo.figures).not_to_have_text(figures)


def test_a_restarted_kernel_is_said_and_the_cell_runs_again(two_boards: Lab) -> None:
    board = LiveBoard(page=two_boards.page)
    board.drawing.wait_for()
    two_boards.restart()
    gone = board.whole.locator(".fk-gone-said")
    expect(gone).to_have_text("The kernel was restarted: run the cell again.")
    expect(board.drawing).to_be_visible()
    two_boards.run_all()
    board.drawing.wait_for()
    expect(gone).to_have_count(0)
    before = board.figures.all_inner_texts()
    board.press("repeat_check", "ArrowLeft")
    expect(board.figures).not_to_have_text(before)


def test_a_dark_page_has_a_dark_board_with_legible_pictures(two_boards: Lab) -> None:
    board = LiveBoard(page=two_boards.page)
    board.drawing.wait_for()
    two_boards.theme("JupyterLab Dark")
    colours = board.whole.evaluate(
        """it => [it, it.querySelector(".fk-canvas"), it.querySelector(".fk-title")]
            .map(it => getComputedStyle(it).backgroundColor)"""
    )
    assert sum(map(int, re.findall(r"\d+", colours[0])[:3])) < 200
    assert colours[1] == "rgb(255, 255, 255)"
    before = board.figures.all_inner_texts()
    board.press("repeat_check", "ArrowLeft")
    expect(board.figures).not_to_have_text(before)
    two_boards.theme("JupyterLab Light")


def test_a_board_that_is_taken_away_leaves_nothing_behind(two_boards: Lab) -> None:
    page = two_boards.page
    LiveBoard(page=page).drawing.wait_for()
    two_boards.clear()
    expect(page.locator(".fk-board")).to_have_count(0)
    two_boards.run_all()
    expect(page.locator(".fk-board")).to_have_count(3)
    assert sum(size > LIBRARY for size in two_boards.sent) == 1


def test_a_file_that_cannot_be_written_to_loses_nothing(saldo: Workshop) -> None:
    file = saldo.client.path
    mode = file.stat().st_mode
    file.chmod(0o444)
    try:
        saldo.back()
        board, words = saldo.board, saldo.words
        board.type("win_rate", saldo.typed("win_rate", 0.2))
        saldo.shows(win_rate=0.2)
        board.whole.get_by_placeholder(words("Name of a scenario")).fill("Упрямо")
        board.button(words("Save")).click()
        expect(board.whole.locator(".fk-copy")).to_contain_text("win_rate: 0.2")
        saldo.shows(win_rate=0.2)
    finally:
        file.chmod(mode)


def test_a_file_that_was_edited_meanwhile_is_not_overwritten(saldo: Workshop) -> None:
    file, words, board = saldo.client.path, saldo.words, saldo.board
    before = file.read_text("utf-8")
    try:
        saldo.back()
        board.type("win_rate", saldo.typed("win_rate", 0.21))
        saldo.shows(win_rate=0.21)
        file.write_text(before.replace("plan: 28%, best: 32%", "plan: 29%, best: 33%"), "utf-8")
        name = board.whole.get_by_placeholder(words("Name of a scenario"))
        name.fill("Мой")
        board.button(words("Save")).click()
        expect(board.said).to_contain_text("levers.win_rate.best")
        expect(name).to_have_value("Мой 2")
        board.button(words("Save")).click()
        expect(board.said).to_contain_text("Мой 2")
        client = read_client(file)
        assert client.scenario("Мой 2").planned("win_rate") == 0.21
        assert client.plan.ceilings["win_rate"] == 0.33
    finally:
        file.write_text(before, "utf-8")


def test_a_busy_kernel_is_said_and_no_move_is_lost(chrome: Browser, running: Server) -> None:
    notebook = nbformat.read(running.folder / "notebooks" / "1_owner_level.ipynb", as_version=4)
    kept = [cell for cell in notebook.cells if cell.id in ("parameters", "open", "board")]
    notebook.cells = [*kept, new_code_cell("import time\n\ntime.sleep(8)")]
    path = running.folder / "notebooks" / "busy.ipynb"
    nbformat.write(notebook, path)
    with Lab.opened(chrome, running, path, width=1280, height=900) as lab:
        lab.run_all(settle=False)
        board = LiveBoard(page=lab.page)
        board.whole.wait_for()
        before = board.figures.all_inner_texts()
        for _ in range(3):
            board.press("repeat_check", "ArrowLeft")
        expect(board.said).to_contain_text("No answer from the kernel yet.")
        expect(board.figures).not_to_have_text(before)
        expect(board.said).to_have_text("")
        words = Words(language="en", currency="USD")
        client = read_client(running.folder / "data" / "clients" / "mealbox" / "client.yaml")
        at = Workshop(lab=lab, board=board, client=client, words=words)
        at.shows(repeat_check=stepped(at, "repeat_check"))
        board.drawing.wait_for()
        assert lab.errors == []
