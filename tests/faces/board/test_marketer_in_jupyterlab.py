"""The marketer's board in a real JupyterLab: a slider, the budgets for B, the way to the owner."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from funnelkit.client.read import read_client
from funnelkit.faces.board.channel_moves import AMOUNT, ChannelMoves
from funnelkit.show.channel_figures import channel_figures
from funnelkit.show.words import Words
from tests.faces.board.test_in_jupyterlab import Workshop, clipped
from tests.jupyterlab import Lab, LiveBoard, Server

pytestmark = pytest.mark.usefixtures("screenshot")

NOTEBOOKS = {"mealbox": "2_marketer_level.ipynb", "saldo": "ru/2_marketer_level.ipynb"}


@pytest.fixture(scope="module", params=NOTEBOOKS)
def workshop(
    request: pytest.FixtureRequest, chrome: Browser, running: Server
) -> Iterator[Workshop]:
    path = running.folder / "notebooks" / NOTEBOOKS[request.param]
    with Lab.opened(chrome, running, path, width=1280, height=720) as lab:
        lab.run_all()
        board = LiveBoard(page=lab.page)
        board.drawing.wait_for()
        lab.show(board.whole)
        read = read_client(running.folder / "data" / "clients" / request.param / "client.yaml")
        words = Words(language=read.language, currency=read.currency)
        yield Workshop(lab=lab, board=board, client=read, words=words)
        assert lab.errors == []
        assert lab.foreign == []
        assert lab.page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0


def moves_of(at: Workshop) -> ChannelMoves:
    return ChannelMoves(at.client, at.plan, at.client.media(at.plan))


def shows(at: Workshop, moves: ChannelMoves) -> None:
    """Wait until the board shows what the model says."""
    standing = moves.standing
    figures = channel_figures(standing.scenario, standing.table, at.words)
    expect(at.board.figures).to_have_text([value for _name, value in figures])


def test_a_slider_and_the_budgets_for_b_change_the_figures_and_come_back(
    workshop: Workshop,
) -> None:
    board, words, moves = workshop.board, workshop.words, moves_of(workshop)
    shows(workshop, moves)
    before = board.drawing.inner_html()
    board.type(f"{AMOUNT}0", words.money(9_000))
    moves.move(f"{AMOUNT}0", 9_000.0)
    shows(workshop, moves)
    expect(board.drawing).not_to_have_text(re.compile("^$"))
    assert board.drawing.inner_html() != before
    board.press("ctr", "ArrowRight")
    expect(board.button(words("Undo"))).to_be_enabled()
    board.button(words("Undo")).click()
    shows(workshop, moves)
    board.button(words("Budgets for B")).click()
    _found, budget = moves.solve()
    shows(workshop, moves)
    expect(board.said).to_contain_text(words.money(float(budget.total_spend)))
    expect(board.figures.last).to_have_text(words.money(workshop.plan.goal.b))
    board.button(words("Back to the plan")).click()
    shows(workshop, moves_of(workshop))


def test_every_panel_fits_a_projector_with_nothing_clipped(workshop: Workshop) -> None:
    workshop.lab.show(workshop.board.whole)
    for title in workshop.board.whole.locator(".fk-title").all():
        title.click()
        assert clipped(workshop) == []
        assert overlapping(workshop.board.whole) == []
    window = workshop.page.locator(".jp-WindowedPanel-outer").bounding_box()
    board = workshop.board.whole.bounding_box()
    drawing = workshop.board.drawing.bounding_box()
    assert window
    assert board
    assert drawing
    assert board["height"] <= window["height"]
    assert drawing["width"] > 680
    assert drawing["y"] + drawing["height"] <= board["y"] + board["height"]


def overlapping(place: Locator) -> list[list[str]]:
    """Pairs of texts, in the drawing and around it, that lie on each other."""
    found: list[list[str]] = place.evaluate(
        """board => {
            const walk = document.createTreeWalker(board, NodeFilter.SHOW_TEXT), boxes = [];
            while (walk.nextNode()) {
                const text = walk.currentNode, it = text.parentElement;
                if (!text.data.trim() || it.closest(".fk-talk, option, style")) continue;
                if (getComputedStyle(it).visibility === "hidden") continue;
                if (it.getAttribute("stroke")) continue;  // a text's halo
                const range = document.createRange();
                range.selectNodeContents(text);
                for (const line of range.getClientRects())
                    if (line.width) boxes.push([text.data.trim().slice(0, 40), line]);
            }
            const pairs = [];
            boxes.forEach(([one, a], at) => boxes.slice(0, at).forEach(([other, b]) => {
                const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                if (wide > 2 && high > 4) pairs.push([one, other]);
            }));
            return pairs;
        }"""
    )
    return found


def test_the_two_notebooks_lead_to_each_other(workshop: Workshop) -> None:
    """Last: the page then shows another notebook."""
    page = workshop.page
    page.locator(".jp-Cell a[href*='1_owner_level']").first.scroll_into_view_if_needed()
    page.locator(".jp-Cell a[href*='1_owner_level']").first.click()
    owner = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    expect(owner.locator("a[href*='2_marketer_level']").first).to_be_visible()
    owner.locator("a[href*='2_marketer_level']").first.click()
    expect(
        page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) a[href*='1_owner_level']").first
    ).to_be_attached()
