"""Number formats of cells against what Babel writes."""

import re

import pytest

from funnelkit.show.excel.numberformats import number_format
from funnelkit.show.words import Words

SEPARATORS = {"en": (",", "."), "ru": ("\N{NO-BREAK SPACE}", ",")}


def written(value: float, pattern: str, language: str) -> str:
    """Write a number as Excel does by a pattern of this module's."""
    group, point = SEPARATORS[language]
    before, digits, after = re.fullmatch(r"\[\$-4\d9\](.*?)([#,]*0[.0]*)(.*)", pattern).groups()
    number = value * 100 if pattern.endswith("%") else value
    places = len(digits.partition(".")[2])
    number = f"{number:,.{places}f}".translate({ord(","): group, ord("."): point})
    return f"{before}{number}{after}".replace('"', "")


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("currency", ["RUB", "USD", "EUR", "KZT", "CHF"])
@pytest.mark.parametrize("value", [1234567.0, 100.0, 12.34])
def test_money_is_written_as_babel_does(language: str, currency: str, value: float) -> None:
    words = Words(language=language, currency=currency)
    pattern = number_format("money", value, words)
    assert written(value, pattern, language).split() == words.money(value).split()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_shares_are_written_as_babel_does(language: str) -> None:
    words = Words(language=language)
    assert written(0.125, number_format("share", 0.125, words), language) == words.share(0.125)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5000.0, 0.5], "#,##0"),
        ([50.0, float("nan")], "#,##0.0"),
        ([5.0, 0.0], "0.00"),
        ([float("nan")], "0.00"),
    ],
)
def test_a_row_has_the_digits_of_its_largest_number(values: list[float], expected: str) -> None:
    assert number_format("count", values, Words(language="en")) == f"[$-409]{expected}"
