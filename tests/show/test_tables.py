from xml.etree import ElementTree

import pytest

from funnelkit.show.tables import Cell, Table

TABLE = Table(
    header=("Step", "Now", "Who"),
    rows=(("Leads", "1,200", "Sales"), ("New clients", Cell("−3", "bad"), "Sales")),
    align=("left", "right", "left"),
    caption="The funnel",
    note="Fractions are fine.",
    emphasis=frozenset({1}),
)


def test_a_table_is_semantic() -> None:
    root = ElementTree.fromstring(TABLE.html())
    assert root.tag == "table"
    assert root.findtext("caption") == "The funnel"
    assert [cell.text for cell in root.findall("thead/tr/th")] == ["Step", "Now", "Who"]
    assert {cell.get("scope") for cell in root.findall("thead/tr/th")} == {"col"}
    assert [cell.text for cell in root.findall("tbody/tr/th")] == ["Leads", "New clients"]
    assert {cell.get("scope") for cell in root.findall("tbody/tr/th")} == {"row"}
    assert [cell.text for cell in root.findall("tbody/tr/td")] == ["1,200", "Sales", "−3", "Sales"]
    assert root.findtext("tfoot/tr/td") == "Fractions are fine."


def test_sides_kinds_and_emphasis_become_classes() -> None:
    first, second = ElementTree.fromstring(TABLE.html()).findall("tbody/tr")
    assert first.get("class") is None
    assert second.get("class") == "fk-strong"
    assert [cell.get("class") for cell in second] == ["fk-left", "fk-right fk-bad", "fk-left"]


def test_by_default_the_first_column_is_left_and_the_others_right() -> None:
    assert Table(header=("a", "b", "c"), rows=()).sides == ("left", "right", "right")
    assert Table(header=(), rows=(("a", "b"),)).sides == ("left", "right")
    assert Table(header=(), rows=()).sides == ()


HOSTILE = "<script>alert('x')</script> & \"q\" {{ 7 * 7 }}"


def test_every_text_is_escaped() -> None:
    table = Table(
        header=(HOSTILE, HOSTILE),
        rows=((HOSTILE, Cell(HOSTILE)),),
        caption=HOSTILE,
        note=HOSTILE,
    )
    html = table.html()
    assert "<script" not in html
    root = ElementTree.fromstring(html)
    texts = [element.text for element in root.iter() if (element.text or "").strip()]
    assert texts == [HOSTILE] * 6


def test_a_table_without_head_caption_and_note_has_none() -> None:
    html = Table(header=(), rows=(("a", "b"),)).html()
    assert "<thead" not in html
    assert "<caption" not in html
    assert "<tfoot" not in html


def test_a_notebook_shows_the_same_html_each_time() -> None:
    assert TABLE._repr_html_() == TABLE.html() == TABLE.html()


@pytest.mark.parametrize(
    ("header", "rows", "align"),
    [
        (("a", "b"), (("1",),), ()),
        ((), (("1", "2"), ("1",)), ()),
        (("a", "b"), (), ("left",)),
    ],
)
def test_ragged_tables_are_refused(header, rows, align) -> None:
    with pytest.raises(ValueError, match="differ in length"):
        Table(header=header, rows=rows, align=align)
