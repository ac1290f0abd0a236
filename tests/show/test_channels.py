import json
from itertools import product
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from funnelkit.show import words as words_module
from funnelkit.show.charts.channels import channels_chart
from funnelkit.show.picture import Picture
from funnelkit.show.words import Words
from tests.drawings import Greek, drawing, flaws_of, shown_in, untranslated_in

EN = Words(language="en", currency="EUR")
RU = Words(language="ru", currency="RUB")
GREEK = Words(language="en", currency="GBP")  # texts are kept, so these words are for Greek alone

STEPS = ("λλλλλλ", "λλλλ", "λλλλ", "λλλλλλλλλλλλλλλλλλλλ λλλλ", "λλλλλλ", "λλλλλλ", "λλλ λλλλλλλ")
RATES = np.cumprod([200_000, 0.03, 0.05, 0.6, 0.4, 0.9, 0.8])


def names(count: int) -> list[str]:
    return ["λ" * (5 + 7 * (n % 4)) + " λλλλλλλλλ" * (n % 3) for n in range(count)]


def counts(channels: int, steps: int, scale: float = 1.0) -> np.ndarray:
    return np.outer(1.0 + np.arange(channels) % 5, RATES[:steps]) * scale


def with_gaps(values: np.ndarray) -> np.ndarray:
    found = values.copy()
    found[-1, :2] = nan
    found[0, -1] = 0.0
    return found


CASES: dict[str, tuple[int, np.ndarray, dict[str, Any]]] = {
    "six of five": (6, with_gaps(counts(6, 5)), {}),
    "six of three": (6, counts(6, 3), {}),
    "fourteen of seven": (14, with_gaps(counts(14, 7)), {"complete": [True] * 12 + [False] * 2}),
    "fourteen of four": (14, with_gaps(counts(14, 4)), {}),
    "one": (1, counts(1, 5), {}),
    "none": (0, counts(0, 5), {}),
    "no steps": (2, counts(2, 0), {}),
    "nothing known": (3, np.full((3, 5), nan), {"complete": [False] * 3}),
    "zeros": (3, np.zeros((3, 5)), {}),
    "endless": (2, np.full((2, 5), inf), {"total": [nan] * 5}),
    "eleven digits": (8, counts(8, 7, 3e5), {}),
    "tiny": (8, counts(8, 5, 1e-9), {}),
    "forty": (25, counts(25, 5), {}),
}
every = pytest.mark.parametrize(
    ("case", "words", "compact"),
    [
        pytest.param(case, words, compact, id=f"{case}, {words.language}{', compact' * compact}")
        for case, words, compact in product(CASES, (EN, RU), (False, True))
        if not (case == "forty" and compact)
    ],
)


def draw(case: str, words: Words = EN, *, compact: bool = False) -> Picture:
    channels, values, options = CASES[case]
    steps = STEPS[: values.shape[1]]
    return channels_chart(names(channels), steps, values, words, compact=compact, **options)


def two(**options: Any) -> Picture:
    values = [[1000.0, 100.0, 25.0], [nan, nan, 5.0]]
    return channels_chart(["Search", "Old"], ["Views", "Leads", "Deals"], values, EN, **options)


def cells(picture: Picture) -> list[list[str]]:
    return [[getattr(cell, "text", cell) for cell in row] for row in picture.table.rows]


def test_each_count_has_its_share_of_the_step_before() -> None:
    assert shown_in(two(), "cells") == [
        *("1,000", "", "no data", "", "1,000", ""),
        *("100", "10%", "no data", "", "100", "10%"),
        *("25", "25%", "5", "no data", "30", "30%"),
    ]
    assert cells(two()) == [
        ["Search", "1,000", "100 (10%)", "25 (25%)"],
        ["Old", "no data", "no data", "5"],
        ["Total", "1,000", "100 (10%)", "30 (30%)"],
    ]
    assert two().description == "The channels together: Views – 1,000; Leads – 100; Deals – 30."


def test_a_channel_that_is_not_in_the_total_is_marked() -> None:
    picture = two(complete=[True, False])
    assert shown_in(picture, "names") == ["Search", "Old *", "Total"]
    assert cells(picture)[-1] == ["Total", "1,000", "100 (10%)", "25 (25%)"]
    note = "* 1 channel is not in the total: a number is missing"
    assert shown_in(picture, "notes")[0] == note
    assert picture.table.note.endswith(note)
    assert shown_in(two(complete=[True, False], compact=True), "notes") == [note]
    colours = {row["colour"] for row in picture.datasets["bars"]}
    assert len(colours) == 2


def test_a_total_may_be_given() -> None:
    assert cells(two(total=[9.0, nan, 3.0]))[-1] == ["Total", "9", "no data", "3"]


def test_bars_grow_with_the_square_root_by_column() -> None:
    rows = channels_chart(["a", "b"], ["x", "y"], [[400, 9], [100, 81]], EN).datasets["bars"]
    lengths = [row["x2"] - row["x"] for row in rows]
    assert lengths[1] == pytest.approx(lengths[0] / 2)
    assert lengths[2] == pytest.approx(lengths[3] / 3)
    assert lengths[0] == pytest.approx(lengths[3])


def test_where_rows_are_low_shares_stand_beside_counts() -> None:
    high, low = (draw(case, compact=True).datasets["cells"] for case in ("one", "fourteen of four"))
    assert {row["align"] for row in high} == {"left"}
    assert {row["align"] for row in low} == {"left", "right"}
    pairs = zip(low[::2], low[1::2], strict=True)
    assert all(count["y"] == share["y"] for count, share in pairs)
    assert any("%" in row["text"] for row in low)


def test_counts_of_a_column_are_all_in_full_or_all_in_short() -> None:
    texts = shown_in(draw("eleven digits", compact=True), "cells")[::2]
    assert all(text.endswith(("T", "B", "M", "K")) for text in texts[:9])
    full = shown_in(draw("six of three"), "cells")[::2]
    assert full[:2] == ["200,000", "400,000"]


@pytest.mark.parametrize("case", CASES)
def test_a_compact_picture_has_one_size_and_the_same_numbers(case: str) -> None:
    picture = draw(case, compact=True)
    drawn = picture.draw()
    assert (drawn["width"], drawn["height"]) == (696, 330)
    assert picture.table == draw(case).table
    usual = draw("six of five", compact=True).draw()
    assert {**drawn, "description": ""} == {**usual, "description": ""}


@every
def test_it_has_no_flaws(case: str, words: Words, compact: bool) -> None:
    picture = draw(case, words, compact=compact)
    assert flaws_of(picture) == []
    assert drawing(picture) == draw(case, words, compact=compact).svg()
    assert json.loads(json.dumps(picture.datasets)) == picture.datasets


@pytest.mark.parametrize("case", CASES)
def test_every_text_is_translated(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_module, "_translations", lambda _language: Greek())
    assert untranslated_in(draw(case, GREEK)) == []
