import contextlib

import numpy as np
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.client.exports.amounts import MANY, Marks, decimal_mark, numbers, parse_column
from funnelkit.client.exports.column import Column
from funnelkit.client.exports.problems import ExportError, Refusal

nan = np.nan


def read(cells: list[object], file: Marks | None = None, *, whole: bool = False) -> list[float]:
    column = Column.of("Расход", cells)
    if len(cells) > MANY:
        column = Column("Расход", cells=pyarrow.chunked_array([cells]))
    lines = np.arange(2, 2 + len(cells))
    parsed = parse_column(column, lines)
    mark = decimal_mark(parsed, file or Marks(), whole=whole, lines=lines)
    return numbers(parsed, mark, lines).tolist()


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1 234,56", 1234.56),
        ("1,234.56", 1234.56),
        ("1.234,56", 1234.56),
        ("1'234.56", 1234.56),
        ("1’234.56", 1234.56),
        ("1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,8", 1234567.8),
        ("1\N{NARROW NO-BREAK SPACE}234", 1234.0),
        ("1\N{THIN SPACE}234", 1234.0),
        ("1,234", 1234.0),
        ("1,234,567", 1234567.0),
        ("1.234.567", 1234567.0),
        ("0,05", 0.05),
        ("0,050", 0.05),
        ("0.125", 0.125),
        ("1234,567", 1234.567),
        ("1 234,567", 1234.567),
        ("5.", 5.0),
        ("(1 234)", -1234.0),
        ("($8,600)", -8600.0),
        ("-5", -5.0),
        ("\N{MINUS SIGN}5,5", -5.5),
        ("+5", 5.0),
        ("6,00%", 0.06),
        ("6 %", 0.06),
        ("12 800 UZS", 12800.0),
        ("12 800 ₽", 12800.0),
        ("12 800,5 руб.", 12800.5),
        ("$8,600", 8600.0),
        ("-$8,600.5", -8600.5),
        ("$-8,600.5", -8600.5),
        ("€ 5", 5.0),
        ("—", nan),
        ("-", nan),
        ("–", nan),
        ("", nan),
        ("  ", nan),
        ("\N{NO-BREAK SPACE}—", nan),
        ("н/д", nan),
        (None, nan),
        (7, 7.0),
        (7.25, 7.25),
        ("007", 7.0),
        ("-0", 0.0),
    ],
)
def test_what_systems_write_is_read(cell: object, number: float) -> None:
    np.testing.assert_array_equal(read([cell]), [number])


@pytest.mark.parametrize(
    "cell",
    [
        "x",
        "5 шт",
        ",5",
        ".5",
        ",180000",
        "12 34",
        "1 2345",
        "1,23,456",
        "1,2345.6",
        "1.234.5",
        "1,234,56",
        "5.5.5",
        "--5",
        "-(5)",
        "(5",
        "5)",
        "$5 ₽",
        "5%%",
        ".",
        ",",
        "1 234.567,8",
        "12:30",
        "1e5",
        "½",
        "٣",
        "inf",
        "nan",
        "01.07.2026",
        True,
        float("inf"),
        1e300,
        "9" * 400,
        "'5",
    ],
)
def test_what_is_no_number_is_refused_by_its_row(cell: object) -> None:
    with pytest.raises(ExportError) as raised:
        read([1.0, cell])
    problem = raised.value.problem
    assert (problem.code, problem.row, problem.column) == (Refusal.NOT_A_NUMBER, 3, "Расход")


@pytest.mark.parametrize(
    ("cells", "read_as"),
    [
        (["1,234", "0,05"], [1.234, 0.05]),
        (["1,234", "1,5"], [1.234, 1.5]),
        (["1,234", "1,234.56"], [1234, 1234.56]),
        (["1,234", "1,234,567"], [1234, 1234567]),
        (["1.234", "0.5"], [1.234, 0.5]),
        (["1.234", "1.234.567"], [1234, 1234567]),
        (["1.234", "7,5"], [1234, 7.5]),
        (["1.234", "1.234,5"], [1234, 1234.5]),
        (["1,234", "(5 000)", "7"], [1234, -5000, 7]),
    ],
)
def test_the_column_decides_what_a_mark_is(cells: list[object], read_as: list[float]) -> None:
    assert read(cells) == read_as
    assert read(cells[::-1]) == read_as[::-1]


@pytest.mark.parametrize(
    ("cells", "code", "row"),
    [
        (["1", "0,5", "0.5"], Refusal.MIXED_DECIMALS, 3),
        (["1,234.5", "1.234,5"], Refusal.MIXED_DECIMALS, 2),
        (["0,5", "1,234,567"], Refusal.MIXED_DECIMALS, 2),
        (["1,234", "1.234"], Refusal.AMBIGUOUS_NUMBER, 2),
        (["7", "1.234"], Refusal.AMBIGUOUS_NUMBER, 3),
    ],
)
def test_a_column_that_can_be_read_in_two_ways_is_asked_about(cells, code, row) -> None:
    with pytest.raises(ExportError) as raised:
        read(cells)
    assert (raised.value.problem.code, raised.value.problem.row) == (code, row)


def test_the_file_decides_where_the_column_does_not() -> None:
    comma, point = Marks(decimal=frozenset(",")), Marks(decimal=frozenset("."))
    assert read(["1,234"], comma) == [1.234]
    assert read(["1,234"], point) == [1234]
    assert read(["1.234"], comma) == [1234]
    assert read(["1.234"], point) == [1.234]
    assert read(["1.234"], Marks(thousands=frozenset("."))) == [1234]
    assert read(["1,234"], comma | point) == [1234]
    assert read(["1.234", "1,234"][:1], comma, whole=True) == [1234]
    assert read(["1,234"], comma, whole=True) == [1234]


MONEY = st.integers(-(10**12), 10**12)
STYLES = st.tuples(
    st.sampled_from(["", " ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", ",", ".", "'"]),
    st.sampled_from(",."),
    st.sampled_from(["{}", "{} ₽", "${}", "{} UZS"]),
    st.booleans(),
).filter(lambda style: style[0] != style[1])


def written(cents: int, style: tuple[str, str, str, bool]) -> str:
    thousands, decimal, currency, brackets = style
    whole, rest = divmod(abs(cents), 100)
    text = currency.format(f"{whole:,}".replace(",", thousands) + f"{decimal}{rest:02}")
    if cents >= 0:
        return text
    return f"({text})" if brackets else f"-{text}"


@given(st.lists(MONEY, min_size=1, max_size=30), STYLES)
def test_a_column_written_in_any_style_is_read_back(cents: list[int], style) -> None:
    assert read([written(n, style) for n in cents]) == [n / 100 for n in cents]


@pytest.mark.parametrize("style", [("\xa0", ",", "{}", False), ("", ".", "{}", False)])
def test_long_columns_are_read_as_short_ones(style: tuple[str, str, str, bool]) -> None:
    cents = [*range(-5000, MANY * 300, 100), 123_456_789, 7]
    cells = [written(n, style) for n in cents] + ["-", "", "—"]
    assert len(set(cells)) > MANY
    np.testing.assert_array_equal(read(cells), [n / 100 for n in cents] + [nan] * 3)
    with pytest.raises(ExportError) as raised:
        read([*cells, "12 34"])
    assert raised.value.problem.row == len(cells) + 2
    three = [cell + "0" for cell in cells if cell.endswith("0")]
    assert read([*three, "0,5" if style[1] == "," else "0.5"])[0] == cents[0] / 100


@given(st.text(max_size=12) | st.text(alphabet="0123456789 .,()-$%'₽", max_size=10))
def test_any_text_is_a_finite_number_nothing_or_a_problem(text: str) -> None:
    with contextlib.suppress(ExportError):
        value = read([text])[0]
        assert np.isnan(value) or abs(value) <= 1e15
