import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from funnelkit.client.numbers import parse_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", 0.0),
        ("7", 7.0),
        ("  7\t", 7.0),
        (7, 7.0),
        (0.25, 0.25),
        ("0.25", 0.25),
        ("0,25", 0.25),
        (".5", 0.5),
        (",5", 0.5),
        ("5.", 5.0),
        ("25%", 0.25),
        ("25 %", 0.25),
        ("25\N{NO-BREAK SPACE}%", 0.25),
        ("2,5%", 0.025),
        ("150%", 1.5),
        ("+5", 5.0),
        ("-5", -5.0),
        ("\N{MINUS SIGN}5", -5.0),
        ("1 000 000", 1e6),
        ("1\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000", 1e6),
        ("1\N{NARROW NO-BREAK SPACE}000", 1000.0),
        ("1\N{THIN SPACE}000", 1000.0),
        ("1\N{FIGURE SPACE}000", 1000.0),
        ("1_000_000", 1e6),
        ("1 000,5", 1000.5),
        ("1 000.50", 1000.5),
        ("0,234", 0.234),
        ("1234,567", 1234.567),
        ("1.234", 1.234),
        ("12e3", 12_000.0),
        ("1E-05", 1e-5),
        ("1e+16", 1e16),
        ("007", 7.0),
    ],
)
def test_what_people_type_is_read(typed: object, number: float) -> None:
    assert parse_number(typed) == pytest.approx(number, rel=1e-15)


def test_minus_zero_is_zero() -> None:
    assert math.copysign(1.0, parse_number("-0")) == 1.0
    assert math.copysign(1.0, parse_number(-0.0)) == 1.0


@pytest.mark.parametrize("typed", ["1,234", "12,345", "100,000", "-1,234", "+1,234", "1,234%"])
def test_a_comma_before_three_digits_can_be_read_in_two_ways(typed: str) -> None:
    with pytest.raises(PydanticCustomError) as raised:
        parse_number(typed)
    assert raised.value.type == "ambiguous_number"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "%",
        ".",
        "-",
        "--5",
        "+-5",
        "5%%",
        "%5",
        "5.5.5",
        "1 00 0",
        "1 0000",
        "1  000",
        "12 34",
        "1_0",
        "_1",
        "1,000,000",
        "1.000.000",
        "1.000,50",
        "1'000",
        "1\n000",
        "½",
        "²",
        "٣",
        "１２",
        "$5",
        "5 ₽",
        "12:30",
        "0x10",
        "nan",
        "inf",
        "1e999",
        "1e-10",
        1e-300,
        "e5",
        "no",
        "9" * 400,
        10**400,
        math.nan,
        math.inf,
        -math.inf,
        True,
        False,
        None,
        [],
        {},
        b"5",
    ],
)
def test_what_is_no_number_is_refused(typed: object) -> None:
    with pytest.raises(PydanticCustomError) as raised:
        parse_number(typed)
    assert raised.value.type == "not_a_number"


SPACES = st.sampled_from([" ", "_", "\xa0", "\u2007", "\u2009", "\u202f"])


@given(st.integers(-(10**15), 10**15), st.integers(0, 99), SPACES, st.sampled_from(".,"))
def test_numbers_written_with_thousands_and_decimals_are_read_back(
    whole: int, hundredths: int, space: str, mark: str
) -> None:
    text = f"{whole:,}".replace(",", space) + f"{mark}{hundredths:02}"
    assert parse_number(text) == float(f"{whole}.{hundredths:02}")


@given(st.integers(0, 1000))
def test_percentages_are_hundredths(tenths: int) -> None:
    assert parse_number(f"{tenths / 10}%") == pytest.approx(tenths / 1000, rel=1e-15)


@given(st.just(0.0) | st.floats(1e-9, allow_infinity=False))
def test_what_python_writes_is_read_back(number: float) -> None:
    assert parse_number(repr(number)) == parse_number(number) == number


@given(st.text(max_size=20) | st.text(alphabet="0123456789 .,_%+-eE", max_size=12))
def test_any_text_is_a_finite_number_or_a_problem(text: str) -> None:
    with contextlib.suppress(PydanticCustomError):
        assert math.isfinite(parse_number(text))
