import json
import re

import numpy as np
import pytest

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


PICTURE = Picture(
    spec=spec(), description="Two bars", table=Table(header=("Bar",), rows=(("1",), ("2",)))
)


def test_a_notebook_gets_spec_table_and_sentence() -> None:
    bundle = PICTURE._repr_mimebundle_(include=None, exclude=None)
    assert bundle["application/vnd.vegalite.v5+json"] == PICTURE.spec
    assert bundle[TABLE_TYPE] == PICTURE.table.html()
    assert bundle["text/plain"] == "Two bars"
    assert len(bundle) == 3


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
