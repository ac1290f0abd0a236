import pytest

from funnelkit.client.exports.grid import Grid, read_body, text_heads
from funnelkit.client.exports.problems import ExportError, Refusal
from tests.client.exports.samples import cells


def body(text: str) -> Grid:
    return read_body(text, ";", ["a", "b"], 5)


@pytest.mark.parametrize(
    ("text", "rows", "lines"),
    [
        ("1;2\n3;4\n", [["1", "2"], ["3", "4"]], [5, 6]),
        ("1;2\r\n3;4", [["1", "2"], ["3", "4"]], [5, 6]),
        ("1;2\r3;4\r", [["1", "2"], ["3", "4"]], [5, 6]),
        ("\n1;2\n\n\n3;4\n\n", [["1", "2"], ["3", "4"]], [6, 9]),
        ("1;2;;\n3;4;\n", [["1", "2"], ["3", "4"]], [5, 6]),
        ('1;"x;y"\n3;"say ""4"""\n', [["1", "x;y"], ["3", 'say "4"']], [5, 6]),
        ('1;"x\ny\nz"\n3;4\n', [["1", "x\ny\nz"], ["3", "4"]], [5, 8]),
        ('1;27" wide\n3;4\n', [["1", '27" wide'], ["3", "4"]], [5, 6]),
        ("1;\n;4\n", [["1", ""], ["", "4"]], [5, 6]),
        ("Итого\n1;2\n", [["Итого", ""], ["1", "2"]], [5, 6]),
    ],
)
def test_rows_are_read_with_their_lines(
    text: str, rows: list[list[object]], lines: list[int]
) -> None:
    grid = body(text)
    assert cells(grid) == rows
    assert grid.lines.tolist() == lines


@pytest.mark.parametrize("blank", ["", "\n"])
def test_prose_below_is_no_row(blank: str) -> None:
    grid = body(f'1;2\n{blank}Made by hand\n"Total rows: 1"\n')
    assert cells(grid) == [["1", "2"]]
    assert grid.footers == ("Made by hand", "Total rows: 1")


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("1;2\n3\n4;5\n", Refusal.RAGGED, 6),
        ("1;2\n3;4;5\n", Refusal.RAGGED, 6),
        ("1;2\n\n3;4;5\n", Refusal.RAGGED, 7),
        ("1;2\nMade by hand\n3;4\n", Refusal.RAGGED, 6),
        ('1;2\n3;"4\n5;6\n', Refusal.QUOTES, 6),
        ('1;"2\n3;"4\n', Refusal.QUOTES, 5),
        ('1;2\n"3;"4;"5"\n', Refusal.QUOTES, 6),
        ('1;"2\n3;";4\n'.replace(";4", ""), Refusal.QUOTES, 5),
        ("1;" + "x" * 200_000 + "\n\n3;4\n", Refusal.QUOTES, 5),
        ("", Refusal.NO_ROWS, None),
        ("\n\n", Refusal.NO_ROWS, None),
    ],
)
def test_what_is_no_row_is_refused_by_its_line(text: str, code: Refusal, row: int | None) -> None:
    with pytest.raises(ExportError) as raised:
        body(text)
    assert (raised.value.problem.code, raised.value.problem.row) == (code, row)


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(ExportError) as raised:
        read_body("1\n", ";", ["x"] * 2001, 2)
    assert raised.value.problem.code is Refusal.RAGGED


def test_a_text_is_split_at_every_separator_it_has() -> None:
    heads = list(text_heads('Title\n"a, b";c\n1;2\n'))
    assert [head.rows[1] for head in heads] == [["a, b", "c"], ["a, b;c"]]
    assert heads[0].body(1).lines.tolist() == [3]
    assert [column.heading for column in heads[0].body(1).columns] == ["a, b", "c"]


def test_headings_without_a_name_at_the_end_are_no_columns() -> None:
    head = next(text_heads("a;b;;\n1;2;;\n"))
    assert len(head.body(0).columns) == 2
