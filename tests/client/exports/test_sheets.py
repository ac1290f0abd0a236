from funnelkit.client.exports.sheets import html_heads, workbook_heads
from tests.client.exports.samples import cells, workbook


def test_a_sheet_is_read_with_its_numbers() -> None:
    data = workbook([["Title"], [], ["a", "b"], [1.5, "x"], [None, "y"]], "Лист")
    (head,) = workbook_heads(data)
    assert head.name == "Лист"
    grid = head.body(2)
    assert cells(grid) == [[1.5, "x"], ["", "y"]]
    assert grid.lines.tolist() == [4, 5]


def test_a_page_is_read_with_what_its_letters_stand_for() -> None:
    page = "<table><tr><th>a<th>b<tr><td>1 &amp; 2</td><td>x<br>y</table>"
    (head,) = html_heads(page)
    assert cells(head.body(0)) == [["1 & 2", "x y"]]
    assert list(html_heads("<p>Nothing</p>")) == []
