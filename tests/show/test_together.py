"""Several pictures on one canvas."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import vl_convert

from funnelkit.client.read import CLIENTS, read_client
from funnelkit.faces.pictures import board_pictures
from funnelkit.show.charts.together import rows_together, together
from funnelkit.show.picture import Picture, rounded
from funnelkit.show.tables import Table
from funnelkit.show.words import Words

DEMOS = sorted((Path(__file__).parents[2] / CLIENTS).glob("*/client.yaml"))
LINES = (("tree",), ("waterfall", "funnel", "months"))
GAP = 14  # pixels between pictures


def simple(name: str, width: float = 100, height: float = 50) -> Picture:
    """A picture of two datasets, of which one is read in a layer."""
    mark = {"mark": "point", "encoding": {"x": {"field": "data"}}}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "config": {"font": "Arial"},
        "usermeta": {"embedOptions": {"renderer": "svg"}},
        "autosize": "none",
        "padding": 4,
        "width": width,
        "height": height,
        "description": f"{name} alone.",
        "layer": [{"data": {"name": "rows"}, **mark}, {"data": {"name": "note"}, **mark}],
    }
    return Picture(
        datasets={"rows": [{"data": name}], "note": []},
        description=f"{name} said.",
        draw=lambda: copy.deepcopy(spec),
        tabulate=lambda: Table(header=(), rows=()),
    )


PICTURES = {
    "a": simple("a", 300, 40),
    "b": simple("b", 100, 50),
    "c": simple("c", 120, 70),
}


def parts(spec: dict) -> dict[str, dict]:
    return {part["name"]: part for line in spec["vconcat"] for part in line["hconcat"]}


def test_pictures_stand_in_their_lines_by_name() -> None:
    spec = together(PICTURES, (("b", "c"), ("a",)))
    names = [[part["name"] for part in line["hconcat"]] for line in spec["vconcat"]]
    assert names == [["b", "c"], ["a"]]


def test_every_dataset_is_named_after_its_picture_and_read_where_it_was() -> None:
    spec = together(PICTURES, (("a",), ("b", "c")))
    for name, part in parts(spec).items():
        read = [layer["data"]["name"] for layer in part["layer"]]
        assert read == [f"{name}_rows", f"{name}_note"]
        assert part["layer"][0]["encoding"] == {"x": {"field": "data"}}  # a field, no dataset
    rows = rows_together(PICTURES)
    assert rows["b_rows"] == [{"data": "b"}]
    assert set(rows) == {f"{name}_{part}" for name in "abc" for part in ("rows", "note")}


def test_the_whole_is_as_large_as_its_lines_and_the_gaps_between() -> None:
    size = together(PICTURES, (("a",), ("b", "c")))["usermeta"]["embedOptions"]
    assert (size["width"], size["height"]) == (300, 40 + GAP + 70)
    size = together(PICTURES, (("a", "b", "c"),))["usermeta"]["embedOptions"]
    assert (size["width"], size["height"]) == (300 + 100 + 120 + 2 * GAP, 70)


def test_canvases_keep_their_sizes_and_what_is_the_wholes_is_said_once() -> None:
    spec = together(PICTURES, (("a",), ("b", "c")))
    for name, part in parts(spec).items():
        alone = PICTURES[name].draw()
        assert (part["width"], part["height"]) == (alone["width"], alone["height"])
        assert not {"$schema", "config", "usermeta", "autosize", "padding"} & set(part)
    assert spec["config"] == {"font": "Arial"}
    assert spec["autosize"] == "none"
    assert spec["usermeta"]["embedOptions"]["renderer"] == "svg"
    assert spec["description"] == "a said. b said. c said."


def test_the_pictures_stay_as_they_are() -> None:
    before = {name: json.dumps(picture.spec) for name, picture in PICTURES.items()}
    together(PICTURES, (("a",), ("b", "c")))
    fresh = {
        name: simple(name, p.draw()["width"], p.draw()["height"]) for name, p in PICTURES.items()
    }
    assert {name: json.dumps(picture.spec) for name, picture in fresh.items()} == before


def embedded(spec: dict) -> str:
    """Draw as a page does, which gives the whole the size that `embedOptions` says."""
    size = spec["usermeta"]["embedOptions"]
    vega = vl_convert.vegalite_to_vega(spec, vl_version="5.21")
    drawn: str = vl_convert.vega_to_svg(vega | {"width": size["width"], "height": size["height"]})
    return drawn


def places(
    element: ElementTree.Element, x: float = 0.0, y: float = 0.0
) -> Iterator[tuple[str, float, float]]:
    """Yield every text of a drawing and where it stands."""
    for dx, dy in re.findall(r"translate\(([-\d.e]+),([-\d.e]+)\)", element.get("transform", "")):
        x, y = x + float(dx), y + float(dy)
    if element.tag.endswith("}text") and element.text:
        yield element.text, x, y
    for child in element:
        yield from places(child, x, y)


@pytest.mark.parametrize("demo", DEMOS, ids=lambda file: file.parent.name)
def test_a_board_is_one_drawing_that_no_picture_leaves(demo: Path) -> None:
    client = read_client(demo)
    words = Words(language=client.language, currency=client.currency)
    pictures = board_pictures(client, client.plan, words)
    spec = together(pictures, LINES)
    read = set(re.findall(r'"data": \{"name": "([^"]+)"\}', json.dumps(spec)))
    rows = rows_together(pictures)
    assert read == set(rows)
    datasets = {f"{n}_{d}": v for n, p in pictures.items() for d, v in p.spec["datasets"].items()}
    size = spec["usermeta"]["embedOptions"]
    drawing = ElementTree.fromstring(embedded(spec | {"datasets": datasets}))
    told = {text for text in drawing.itertext() if text.strip()}
    for name, picture in pictures.items():
        alone = ElementTree.fromstring(picture.svg())
        assert {text for text in alone.itertext() if text.strip()} <= told, name
    for text, x, y in places(drawing):
        assert 0 <= x <= size["width"] + 2 * spec["padding"], text
        assert 0 <= y <= size["height"] + 2 * spec["padding"], text


@pytest.mark.parametrize("demo", DEMOS, ids=lambda file: file.parent.name)
def test_every_picture_stands_in_its_place_whatever_it_shows(demo: Path) -> None:
    """Otherwise the pictures would jump while a slider moves, and the last would be cut off."""
    client = read_client(demo)
    words = Words(language=client.language, currency=client.currency)
    opened = board_pictures(client, client.plan, words)
    spec = together(opened, LINES)
    below = opened["tree"].draw()["height"] + GAP
    more = client.plan.with_plan(visitors=2 * client.plan.planned("visitors"))
    for scenario in (client.plan, client.scenario("now"), more):
        pictures = board_pictures(client, scenario, words)
        drawn = embedded(spec | {"datasets": rounded(rows_together(pictures))})
        found = re.findall(r'concat_\d_group"[^>]*><g transform="translate\(([^)]*)\)', drawn)
        assert found == ["0,0", f"0,{below:g}"]
