"""A live chart of one's own in a real JupyterLab."""

from collections.abc import Iterator

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Locator, expect

from tests.jupyterlab import Lab, Server

pytestmark = pytest.mark.usefixtures("screenshot")

CHART = """
import altair as alt
from funnelkit.faces.live import LiveChart

bars = alt.Chart(alt.NamedData("bars")).mark_bar().encode(x="sum(y):Q", y="x:N")
words = alt.Chart(alt.NamedData("words")).mark_text(fontSize=20).encode(text="text:N")
rows = [{"x": name, "y": 1} for name in "abca"]
live = LiveChart(
    alt.vconcat(bars.properties(width=700), words), language="en", bars=rows,
    words=[{"text": "first"}],
)
live"""
SWAPS = """
for number in range(200):
    live.swap(words=[{"text": f"number {number}"}], bars=[{"x": "a", "y": number}])
live.swap(bars=[{"x": "c", "y": 1}, {"x": "b", "y": 7, "note": "gone"}])
live.swap(bars=[{"x": "a", "y": 1}, {"x": "b", "y": 2}], words=[{"text": "last"}])"""
WIDE = """
LiveChart(
    alt.Chart(alt.NamedData("points"), width="container").mark_point().encode(x="x:Q"),
    language="en", points=[{"x": 1}, {"x": 2}],
)"""
BROKEN = """
LiveChart({"data": {"name": "points"}, "mark": "no such mark"}, language="en", points=[])"""


@pytest.fixture(scope="module")
def lab(chrome: Browser, running: Server) -> Iterator[Lab]:
    path = running.folder / "notebooks" / "live.ipynb"
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [new_code_cell(code.strip()) for code in (CHART, SWAPS, WIDE, BROKEN)]
    nbformat.write(new_notebook(cells=cells, metadata=kernel), path)
    with Lab.opened(chrome, running, path, width=1280, height=900) as opened:
        opened.run_all()
        yield opened
        assert opened.foreign == []


def chart(lab: Lab, place: int) -> Locator:
    return lab.page.locator(".fk-live").nth(place)


def test_of_many_swaps_the_last_is_drawn_in_every_part(lab: Lab) -> None:
    expect(chart(lab, 0)).to_contain_text("last")
    expect(chart(lab, 0)).not_to_contain_text("number")
    bars = chart(lab, 0).locator("g.mark-rect.role-mark > path")
    expect(bars).to_have_count(2)
    narrow, wide = (bar.bounding_box() for bar in bars.all())
    assert narrow
    assert wide
    assert wide["width"] == pytest.approx(2 * narrow["width"], rel=0.02)


def test_a_chart_as_wide_as_its_place_follows_the_window(lab: Lab) -> None:
    drawing = chart(lab, 1).locator("svg")
    drawing.wait_for()
    for width in (800, 1280):
        lab.page.set_viewport_size({"width": width, "height": 900})
        lab.page.wait_for_function(
            """() => {
                const place = document.querySelectorAll(".fk-live")[1];
                const drawn = place.querySelector("svg").getBoundingClientRect().width;
                return Math.abs(drawn - place.clientWidth) < 30;
            }"""
        )


def test_a_chart_wider_than_its_place_shrinks(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 640, "height": 900})
    lab.page.wait_for_function(
        """() => {
            const place = document.querySelector(".fk-live");
            const drawn = place.querySelector("svg").getBoundingClientRect().width;
            return place.clientWidth < 600 && drawn > 300 && drawn <= place.clientWidth + 1;
        }"""
    )
    lab.page.set_viewport_size({"width": 1280, "height": 900})


def test_a_dark_page_has_a_dark_chart_and_keeps_its_rows(lab: Lab) -> None:
    for theme, ground in (("Dark", "rgb(51, 51, 51)"), ("Light", "rgb(255, 255, 255)")):
        lab.theme(f"JupyterLab {theme}")
        expect(chart(lab, 0).locator("svg")).to_have_css("background-color", ground)
        expect(chart(lab, 0)).to_contain_text("last")


def test_what_cannot_be_drawn_is_said(lab: Lab) -> None:
    said = lab.page.locator(".fk-live-said").nth(2)
    expect(said).to_contain_text("The chart cannot be drawn:")
