"""How fast the board answers a slider, in a real JupyterLab, against three other ways.

One run, one browser, the same client and the same lever; from a key press on a slider's handle to
the last change of the last picture's elements:

- ours: the owner's board, four pictures and the figures;
- marketer: the marketer's board, four pictures and the figures;
- jupyterchart: the same pictures, each an ``altair.JupyterChart`` that is given a new chart;
- interact: the same pictures displayed again by ``ipywidgets.interact``;
- echo: a slider whose number the kernel writes into a label, which is the limit.

Run it with the path of a browser behind it where no Chromium, Chrome or Edge is found.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Locator

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.jupyterlab import Lab, Server, browser, copied, server
from tools.screenshot import installed

MOVES, WARM_UP, CLIENT = 60, 8, "mealbox"
PICTURES = ("tree", "waterfall", "funnel", "months")

OPENED = f"""
from funnelkit.faces.workbook import owner_level
owner = owner_level({{"client": "{CLIENT}", "scenario": "plan"}}, language="en")
client, plan, words = owner.client, owner.scenario, owner.words
first = round(1000 * plan.planned("win_rate"))
"""
DRAWN = """
from funnelkit.faces.pictures import board_pictures
from funnelkit.show.owner_tables import key_figures
import ipywidgets as widgets

def drawn(position):
    scenario = plan.with_plan(win_rate=position / 1000)
    return key_figures(scenario, words), board_pictures(client, scenario, words)

slider = widgets.IntSlider(value=first, min=0, max=450)
"""
WAYS = {
    "ours": f"{OPENED}\nowner.board()",
    "marketer": f"""
from funnelkit.faces.marketer import marketer_level
marketer_level({{"client": "{CLIENT}", "scenario": "plan"}}, language="en").board()""",
    "jupyterchart": f"""{OPENED}{DRAWN}
import altair as alt
alt.JupyterChart.enable_offline()
figures, pictures = drawn(first)
charts = [alt.JupyterChart(alt.LayerChart.from_dict(p.spec)) for p in pictures.values()]
label = widgets.HTML(str(figures))

def moved(change):
    figures, pictures = drawn(change["new"])
    label.value = str(figures)
    for chart, picture in zip(charts, pictures.values()):
        chart.chart = alt.LayerChart.from_dict(picture.spec)

slider.observe(moved, names="value")
widgets.VBox([slider, label, *charts])""",
    "interact": f"""{OPENED}{DRAWN}
from IPython.display import display

def shown(position):
    figures, pictures = drawn(position)
    print(figures)
    display(*pictures.values())

_ = widgets.interact(shown, position=slider)""",
    "echo": """
import ipywidgets as widgets
slider, label = widgets.IntSlider(value=400, min=0, max=450), widgets.Label("400")
slider.observe(lambda change: setattr(label, "value", str(change["new"])), names="value")
widgets.VBox([slider, label])""",
}
WATCHED = {
    "ours": (".fk-lever[data-lever=win_rate] input[type=range]", ".fk-canvas", "svg"),
    "marketer": (".fk-lever[data-lever=lead_rate] input[type=range]", ".fk-canvas", "svg"),
    "jupyterchart": (".noUi-handle", ".jp-OutputArea-output", ":is(canvas, svg.marks)"),
    "interact": (".noUi-handle", ".jp-OutputArea-output", ":is(canvas, svg.marks)"),
    "echo": (".noUi-handle", ".widget-vbox > .widget-label", ""),
}
PANELS = {"ours": "Lead conversion", "marketer": "All channels together"}
"""Panels of the sliders that are moved, on the boards that have panels."""

WATCH = """(place) => {
    const watch = (window.watch = { pressed: 0, changed: 0 });
    document.addEventListener("keydown", () => (watch.pressed = performance.now()), true);
    const seen = new MutationObserver(() => (watch.changed = performance.now()));
    for (const element of document.querySelectorAll(place))
        seen.observe(element, {
            childList: true, subtree: true, attributes: true, characterData: true
        });
}"""

# Looking at every frame takes time of its own, so it is done in a run of its own.
COUNT = """(pictures) => {
    const count = (window.count = { frames: 0, absent: 0 });
    const look = () => {
        count.frames += 1;
        const there = pictures.every((picture) => {
            const box = document.querySelector(picture)?.getBoundingClientRect();
            return box && box.width > 50 && box.height > 50;
        });
        if (!there) count.absent += 1;
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""

# The last change is the one after which nothing changes for a third of a second.
SETTLED = """async () => {
    const { watch } = window;
    const start = performance.now();
    while (!(watch.changed > watch.pressed) || performance.now() - watch.changed < 350) {
        if (performance.now() - start > 20000) throw new Error("nothing changed");
        await new Promise((resume) => setTimeout(resume, 5));
    }
    return watch.changed - watch.pressed;
}"""


# After a key that moved nothing any more, at a slider's end, nothing changes.
QUIET = """async () => {
    const { watch } = window;
    while (performance.now() - Math.max(watch.changed, watch.pressed) < 500) {
        await new Promise((resume) => setTimeout(resume, 5));
    }
    return Math.max(watch.changed - watch.pressed, 0);
}"""


def notebooks(folder: Path) -> dict[str, Path]:
    """Write a notebook for every way, and return their paths."""
    paths = {}
    for name, code in WAYS.items():
        paths[name] = folder / "notebooks" / f"bench_{name}.ipynb"
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        made = new_notebook(cells=[new_code_cell(code.strip())], metadata=kernel)
        nbformat.write(made, paths[name])
    return paths


@contextmanager
def shown(running: Browser, lab_server: Server, path: Path, name: str) -> Iterator[Lab]:
    """Open a notebook, run it, and wait for what it shows."""
    with Lab.opened(running, lab_server, path, width=1280, height=720) as lab:
        lab.run_all()
        _handle, place, drawn = WATCHED[name]
        count = len(PICTURES) if name in ("jupyterchart", "interact") else 1
        lab.page.locator(f"{place} {drawn}").nth(count - 1).wait_for()
        lab.page.wait_for_timeout(1500)
        yield lab


def measured(lab: Lab, name: str) -> dict[str, object]:
    """Press an arrow key on a slider again and again; return milliseconds and bytes."""
    handle, place, _drawn = WATCHED[name]
    lab.page.evaluate(WATCH, place)
    slider = lab.page.locator(handle).first
    if name in PANELS and not slider.is_visible():
        lab.page.locator(".fk-title", has_text=PANELS[name]).click()
    slider.focus()
    took = []
    for move in range(WARM_UP + MOVES):
        if move == WARM_UP:
            before = sum(lab.sent)
        slider.press("ArrowLeft" if move % 2 else "ArrowRight")
        took.append(lab.page.evaluate(SETTLED))
    return {"took": took[WARM_UP:], "bytes": (sum(lab.sent) - before) / MOVES}


def held(lab: Lab, slider: Locator) -> dict[str, object]:
    """Hold arrow keys for ten seconds; return presses and how long the rest took to come.

    The key is changed before the slider's end, where it would do nothing. Every frame of this is
    looked at for a picture that is not there.
    """
    page = lab.page
    page.evaluate(COUNT, [f"g.{picture}_group" for picture in PICTURES])
    slider.press("Home")
    page.evaluate(QUIET)
    end, presses = time.monotonic() + 10, 0
    while time.monotonic() < end:
        page.keyboard.down("ArrowLeft" if presses // 60 % 2 else "ArrowRight")
        presses += 1
        page.wait_for_timeout(25)
    after = page.evaluate(QUIET)
    text = page.locator(".fk-lever[data-lever=win_rate] input[type=text]").input_value()
    seen = page.evaluate("window.count")
    return {"presses": presses, "after": after, "text": text, **seen}


def first_board(running: Browser, lab_server: Server, path: Path) -> tuple[float, float]:
    """Return seconds from Run All to the first board, with a new kernel and with one that ran."""
    drawn = ".fk-canvas svg"
    with Lab.opened(running, lab_server, path, width=1280, height=720) as lab:
        seconds = []
        for _ in range(2):
            start = time.perf_counter()
            lab.run_all(settle=False)
            lab.page.locator(drawn).wait_for()
            seconds.append(time.perf_counter() - start)
            lab.settle()
        return seconds[0], seconds[1]


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    results, times = {}, {}
    with TemporaryDirectory() as folder:
        book, own = Path(folder, "workbook"), Path(folder, "jupyterlab")
        own.mkdir()
        with server(copied(book), own) as lab_server, browser(installed()) as running:
            paths = notebooks(book)
            cold, warm = first_board(running, lab_server, paths["ours"])
            for name, path in paths.items():
                with shown(running, lab_server, path, name) as lab:
                    results[name] = measured(lab, name)
                    if name == "ours":
                        key = held(lab, lab.page.locator(WATCHED[name][0]))
    for name, result in results.items():
        took = result["took"]
        times[name] = (median(took), quantiles(took, n=20)[-1])
        print(
            f"{name:13} median {times[name][0]:6.1f} ms, 95th percentile {times[name][1]:6.1f} ms, "
            f"{result['bytes']:8.0f} bytes a move"
        )
    print(f"first board after Run All: {cold:.1f} s with a new kernel, {warm:.1f} s with a warm")
    print(
        f"a key held for ten seconds: {key['presses']} presses, the last change "
        f"{key['after']:.0f} ms after the last press, at {key['text']}"
    )
    print(f"frames without a chart: {key['absent']} of {key['frames']}")
    ours, echo = times["ours"], times["echo"]
    print(
        json.dumps(
            {
                "board_over_echo_median": ours[0] / echo[0],
                "board_over_echo_p95": ours[1] / echo[1],
                "marketer_over_echo_median": times["marketer"][0] / echo[0],
                "board_over_jupyterchart_median": ours[0] / times["jupyterchart"][0],
                "board_over_interact_median": ours[0] / times["interact"][0],
                "frames_without_chart": key["absent"],
                "bytes_per_move": results["ours"]["bytes"],
            }
        )
    )


if __name__ == "__main__":
    main()
