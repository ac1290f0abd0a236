import json
import re

import numpy as np
import pytest
import vl_convert

from funnelkit.show.picture import SCHEMA, TABLE_TYPE, Picture, rounded, svg
from funnelkit.show.tables import Table


def spec(description: str = 'Two <bars> & "more"', *, clip: bool = False) -> dict:
    return {
        "$schema": SCHEMA,
        "description": description,
        "width": 120,
        "height": 60,
        "datasets": {"bars": [{"x": 1}, {"x": 2}]},
        "data": {"name": "bars"},
        "mark": {"type": "point", "clip": clip},
        "encoding": {"x": {"field": "x", "type": "quantitative", "axis": None}},
    }


TABLE = Table(header=("Bar",), rows=(("1",), ("2",)))


def drawn() -> dict:
    """Marks without their data."""
    return {key: value for key, value in spec().items() if key != "datasets"}


PICTURE = Picture(
    datasets={"bars": [{"x": 1}, {"x": 2}]},
    description="Two bars",
    draw=drawn,
    tabulate=lambda: TABLE,
)


def test_a_notebook_gets_spec_table_and_sentence() -> None:
    bundle = PICTURE._repr_mimebundle_(include=None, exclude=None)
    assert bundle["application/vnd.vegalite.v5+json"] == PICTURE.spec
    assert bundle[TABLE_TYPE] == PICTURE.table.html()
    assert bundle["text/plain"] == "Two bars"
    assert len(bundle) == 3


def test_a_spec_is_its_marks_with_their_rows() -> None:
    assert PICTURE.spec == spec()
    assert PICTURE.table == TABLE


def test_marks_and_table_are_made_once_and_only_where_somebody_looks() -> None:
    made: list[str] = []

    def draw() -> dict:
        made.append("marks")
        return drawn()

    def tabulate() -> Table:
        made.append("table")
        return TABLE

    picture = Picture(datasets={}, description="", draw=draw, tabulate=tabulate)
    assert made == []
    assert picture.spec is picture.spec
    assert made == ["marks"]
    assert picture.table is picture.table
    assert made == ["marks", "table"]


def test_rows_are_rounded_in_the_spec_and_stay_as_they_were_worked_out() -> None:
    rows = [{"x": 0.1 + 0.2}, {"x": float("nan")}]
    picture = Picture(datasets={"bars": rows}, description="", draw=drawn, tabulate=lambda: TABLE)
    assert picture.spec["datasets"]["bars"] == [{"x": 0.3}, {"x": None}]
    assert picture.datasets["bars"][0]["x"] == 0.1 + 0.2


def test_an_svg_is_one_named_image_that_scales() -> None:
    head = PICTURE.svg().split(">", 1)[0]
    assert 'role="img"' in head
    assert 'aria-label="Two &lt;bars&gt; &amp; &quot;more&quot;"' in head
    assert 'class="fk-svg"' in head
    assert re.search(r'viewBox="0 0 \d+ \d+"', head)


def test_the_same_spec_gives_the_same_svg() -> None:
    assert svg(spec(clip=True)) == svg(spec(clip=True))


def test_ids_of_two_figures_differ_and_their_references_follow() -> None:
    figures = [svg(spec(text, clip=True)) for text in ("one", "two")]
    ids = [re.findall(r'\bid="([^"]+)"', figure) for figure in figures]
    assert ids[0]
    assert not set(ids[0]) & set(ids[1])
    for figure, own in zip(figures, ids, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", figure)) == set(own)


def texts_spec(texts: list[str]) -> dict:
    """Texts at fixed places, bold where the row has a time, coloured by what is written."""
    rows = [{"text": text, "when": text, "name": text, "y": 20 * i} for i, text in enumerate(texts)]
    bold = {"expr": "datum.when === 'May' ? 'bold' : 'normal'"}
    y = {"field": "y", "type": "quantitative", "scale": None, "axis": None}

    def layer(field: str, **encoding: dict) -> dict:
        channels = {"y": y, "text": {"field": field, "type": "nominal"}} | encoding
        return {"data": {"name": "rows"}, "mark": {"type": "text"}, "encoding": channels}

    layers = [layer("text"), layer("when"), layer("name", color={"field": "name", "legend": None})]
    layers[1]["mark"]["fontWeight"] = bold
    return {
        "$schema": SCHEMA,
        "description": "",
        "width": 100,
        "height": 100,
        "autosize": "none",
        "config": {"aria": False},
        "datasets": {"rows": rows},
        "layer": layers,
    }


@pytest.mark.parametrize("rare", ["Ж" * 90, "\u01bf0"])
def test_every_text_is_drawn_as_the_library_draws_it(rare: str) -> None:
    spec = texts_spec(["May", "June", "", " x ", 'a & b <c> "d"', "12", "May", rare])
    texts = r"<text[^>]*>[^<]*</text>"
    directly = re.findall(texts, vl_convert.vegalite_to_svg(spec, vl_version="5.21"))
    assert re.findall(texts, svg(spec)) == directly
    assert len(directly) == 3 * 7  # all but the empty one
    assert sum('font-weight="bold"' in text for text in directly) == 2


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1 + 0.2, 0.3),
        (1_234_567.891_234_567, 1_234_567.891),
        (np.float64(1 / 3), 0.3333333333),
        (np.int64(7), 7.0),
        (-0.0, 0.0),
        (float("nan"), None),
        (float("inf"), None),
        (3, 3),
        (True, True),
        ("0.30000000000000004", "0.30000000000000004"),
        (None, None),
        (({"a": [2 / 3]},), [{"a": [0.6666666667]}]),
    ],
)
def test_numbers_are_rounded_to_ten_digits(value, shown) -> None:
    assert rounded(value) == shown
    assert json.dumps(rounded(value)) == json.dumps(shown)
