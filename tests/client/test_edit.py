"""One value set, or one item added, in a YAML file's text; every other character stays."""

from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from funnelkit.client.edit import lines_of, with_item, with_value

ITEM = {"what": "Call back", "who": "Ann", "by": "2026-10", "money": 300.0}
SHOWN = '{what: Call back, who: Ann, by: "2026-10", money: 300}'
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1)


def read(text: str) -> Any:
    """What an independent reading of the text finds."""
    return YAML(typ="safe", pure=True).load(StringIO(text))


LISTS = {
    "absent": ("title: A\n", f"title: A\n\ndecisions:\n  - {SHOWN}\n"),
    "absent, the last line without an end": ("title: A", f"title: A\n\ndecisions:\n  - {SHOWN}\n"),
    "absent, comment at the end": (
        "title: A\n# the end\n",
        f"title: A\n# the end\n\ndecisions:\n  - {SHOWN}\n",
    ),
    "empty in brackets": (
        "decisions: []  # none yet\ntitle: A\n",
        f"decisions: [{SHOWN}]  # none yet\ntitle: A\n",
    ),
    "in brackets": (
        "decisions: [{what: a, who: b, by: 2026-09}]\ntitle: A\n",
        f"decisions: [{{what: a, who: b, by: 2026-09}}, {SHOWN}]\ntitle: A\n",
    ),
    "in brackets with a comma at the end": (
        "decisions: [{what: a},]\n",
        f"decisions: [{{what: a}}, {SHOWN}]\n",
    ),
    "in brackets over lines": (
        "decisions: [\n  {what: a},  # first\n]\ntitle: A\n",
        f"decisions: [\n  {{what: a}},  # first\n {SHOWN}]\ntitle: A\n",
    ),
    "block of brackets": (
        "decisions:\n  - {what: a}  # first\n\n# people\ntitle: A\n",
        f"decisions:\n  - {{what: a}}  # first\n  - {SHOWN}\n\n# people\ntitle: A\n",
    ),
    "block of mappings": (
        "decisions:\n  - what: a\n    who: b  # he\n    # said so\ntitle: A\n",
        f"decisions:\n  - what: a\n    who: b  # he\n    # said so\n  - {SHOWN}\ntitle: A\n",
    ),
    "block without an indent": (
        "decisions:\n- what: a\n  who: b\ntitle: A\n",
        f"decisions:\n- what: a\n  who: b\n- {SHOWN}\ntitle: A\n",
    ),
    "block indented by four": (
        "decisions:\n    - what: a\n      who: b\ntitle: A\n",
        f"decisions:\n    - what: a\n      who: b\n    - {SHOWN}\ntitle: A\n",
    ),
    "block that ends in a folded text": (
        "decisions:\n  - who: b\n    what: >\n      a\n      b\ntitle: A\n",
        f"decisions:\n  - who: b\n    what: >\n      a\n      b\n  - {SHOWN}\ntitle: A\n",
    ),
    "block at the end without a line end": (
        "title: A\ndecisions:\n  - what: a",
        f"title: A\ndecisions:\n  - what: a\n  - {SHOWN}\n",
    ),
    "a key in quotation marks": (
        '"decisions":\n  - what: a\n',
        f'"decisions":\n  - what: a\n  - {SHOWN}\n',
    ),
}


@pytest.mark.parametrize("layout", LISTS)
def test_an_item_finds_its_place_at_the_end_of_a_list(layout: str) -> None:
    before, _expected = LISTS[layout]
    after = with_item(before, "decisions", ITEM)
    old = read(before)
    assert read(after) == {**old, "decisions": [*old.get("decisions", []), ITEM]}


@pytest.mark.parametrize("layout", LISTS)
def test_the_rest_of_the_text_stays_as_it_was(layout: str) -> None:
    before, expected = LISTS[layout]
    assert with_item(before, "decisions", ITEM) == expected


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
@pytest.mark.parametrize("layout", ["absent", "block of mappings", "in brackets over lines"])
def test_line_ends_are_those_of_the_file(layout: str, ends: str) -> None:
    before, expected = LISTS[layout]
    found = with_item(before.replace("\n", ends), "decisions", ITEM)
    assert found == expected.replace("\n", ends)


@given(
    st.lists(
        st.fixed_dictionaries({"what": TEXTS, "who": TEXTS, "money": st.floats(-1e12, 1e12)}),
        min_size=1,
        max_size=4,
    )
)
def test_items_come_back_to_the_last_digit_and_character(items: list) -> None:
    text = "title: A\n"
    for item in items:
        text = with_item(text, "decisions", item)
    assert read(text) == {"title": "A", "decisions": items}


@pytest.mark.parametrize("text", ["decisions: later\n", "decisions: {a: b}\n", "- a\n- b\n"])
def test_where_no_item_fits_nothing_is_guessed(text: str) -> None:
    with pytest.raises((ValueError, AttributeError)):
        with_item(text, "decisions", ITEM)


def test_a_value_is_set_where_it_stands_or_added() -> None:
    text = "a:\n  b: 1  # one\nc: 2\n"
    assert with_value(text, ("a", "b"), 7.0) == "a:\n  b: 7  # one\nc: 2\n"
    assert with_value(text, ("a", "d"), "x y") == "a:\n  b: 1  # one\n  d: x y\nc: 2\n"
    assert with_value("a: {b: 1}\n", ("a", "d", "e"), 0.5) == "a: {b: 1, d: {e: 0.5}}\n"


@given(TEXTS, st.dictionaries(TEXTS, st.floats(-1e12, 1e12) | TEXTS, min_size=1, max_size=5))
def test_lines_of_a_field_say_it_to_any_reader(name: str, values: dict) -> None:
    found = read(lines_of("scenarios", {name: {"levers": values}}))
    assert found == {"scenarios": {name: {"levers": values}}}


def test_lines_of_a_short_field_stand_in_brackets_and_of_a_long_one_below_each_other() -> None:
    short = lines_of("scenarios", {"mine": {"levers": {"win_rate": 0.5}}})
    assert short == "scenarios:\n  mine:\n    levers: {win_rate: 0.5}"
    names = [f"a_lever_with_a_long_name_{number}" for number in range(5)]
    levers = dict.fromkeys(names, 0.5)
    lines = lines_of("levers", levers).splitlines()
    assert lines == ["levers:", *(f"  {name}: 0.5" for name in names)]


def test_lines_of_a_field_without_values_say_that_there_are_none() -> None:
    assert read(lines_of("scenarios", {"mine": {"levers": {}}})) == {
        "scenarios": {"mine": {"levers": {}}}
    }
    assert lines_of("title", "A: b") == 'title: "A: b"'


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029"])
def test_what_no_editor_takes_for_a_line_end_ends_no_comment(end: str) -> None:
    text = f"title: A # b{end}c\nlevers: {{visitors: 1}}\n"
    assert with_value(text, ("levers", "visitors"), 2.0) == text.replace("1", "2")
