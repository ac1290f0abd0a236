import math
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.model.levers import Unit
from funnelkit.show.words import LANGUAGES, Words, system_language

EN = Words(language="en", currency="USD")
RU = Words(language="ru", currency="RUB")
MINUS = "\N{MINUS SIGN}"


def spaced(text: str) -> str:
    """Show no-break spaces as underscores, so that a test can be read."""
    return text.replace("\N{NO-BREAK SPACE}", "_")


@pytest.mark.parametrize(
    ("value", "en", "ru"),
    [
        (0, "$0", "0_₽"),
        (-0.0, "$0", "0_₽"),
        (-0.001, "$0.00", "0,00_₽"),
        (0.55, "$0.55", "0,55_₽"),
        (5, "$5", "5_₽"),
        (52.5, "$52.50", "52,50_₽"),
        (99.99, "$99.99", "99,99_₽"),
        (100.4, "$100", "100_₽"),
        (-100.4, f"{MINUS}$100", f"{MINUS}100_₽"),
        (1234.56, "$1,235", "1_235_₽"),
        (34_440, "$34,440", "34_440_₽"),
        (999_999, "$999,999", "999_999_₽"),
        (1_234_567.8, "$1,234,568", "1_234_568_₽"),
        (12_345_678_901, "$12,345,678,901", "12_345_678_901_₽"),
        (math.nan, "no data", "нет данных"),
        (math.inf, "no data", "нет данных"),
        (-math.inf, "no data", "нет данных"),
    ],
)
def test_money_in_full(value: float, en: str, ru: str) -> None:
    assert spaced(EN.money(value)) == en
    assert spaced(RU.money(value)) == ru


@pytest.mark.parametrize(
    ("value", "en", "ru"),
    [
        (0, "$0", "0_₽"),
        (9_999, "$9,999", "9_999_₽"),
        (10_000, "$10K", "10_тыс._₽"),
        (34_440, "$34.4K", "34,4_тыс._₽"),
        (999_499, "$999K", "999_тыс._₽"),
        (999_500, "$1M", "1_млн_₽"),
        (999_999, "$1M", "1_млн_₽"),
        (-999_999, f"{MINUS}$1M", f"{MINUS}1_млн_₽"),
        (1_234_567, "$1.23M", "1,23_млн_₽"),
        (12_345_678, "$12.3M", "12,3_млн_₽"),
        (123_456_789, "$123M", "123_млн_₽"),
        (3_000_000, "$3M", "3_млн_₽"),
        (1_500_000_000, "$1.5B", "1,5_млрд_₽"),
        (2e12, "$2T", "2_трлн_₽"),
        (math.nan, "no data", "нет данных"),
    ],
)
def test_money_in_short(value: float, en: str, ru: str) -> None:
    assert spaced(EN.short_money(value)) == en
    assert spaced(RU.short_money(value)) == ru


@pytest.mark.parametrize(
    ("value", "en", "ru"),
    [
        (0, "0", "0"),
        (3.456, "3.46", "3,46"),
        (9_999, "9,999", "9_999"),
        (10_000, "10K", "10_тыс."),
        (999_999, "1M", "1_млн"),
        (-45_678, f"{MINUS}45.7K", f"{MINUS}45,7_тыс."),
        (12_345_678_901, "12.3B", "12,3_млрд"),
        (math.nan, "no data", "нет данных"),
        (math.inf, "no data", "нет данных"),
    ],
)
def test_people_in_short(value: float, en: str, ru: str) -> None:
    assert spaced(EN.short_count(value)) == en
    assert spaced(RU.short_count(value)) == ru


def test_a_change_has_its_sign() -> None:
    assert spaced(RU.change(1_500_000)) == "+1,5_млн_₽"
    assert spaced(RU.change(-1_500_000)) == f"{MINUS}1,5_млн_₽"
    assert EN.change(0) == "$0"
    assert EN.change(math.nan) == "no data"


@pytest.mark.parametrize(
    ("value", "en", "ru"),
    [
        (0, "0%", "0_%"),
        (-0.0, "0%", "0_%"),
        (-0.00001, "0%", "0_%"),
        (0.0004, "0.04%", "0,04_%"),
        (0.004, "0.4%", "0,4_%"),
        (0.01, "1%", "1_%"),
        (0.25, "25%", "25_%"),
        (0.3333, "33.3%", "33,3_%"),
        (0.99996, "100%", "100_%"),
        (1, "100%", "100_%"),
        (1.5, "150%", "150_%"),
        (12.345, "1,234.5%", "1_234,5_%"),
        (-0.05, f"{MINUS}5%", f"{MINUS}5_%"),
        (math.nan, "no data", "нет данных"),
    ],
)
def test_shares(value: float, en: str, ru: str) -> None:
    assert spaced(EN.share(value)) == en
    assert spaced(RU.share(value)) == ru


@pytest.mark.parametrize(
    ("value", "en", "ru"),
    [
        (0, "0", "0"),
        (-0.001, "0", "0"),
        (0.256, "0.26", "0,26"),
        (2.6, "2.6", "2,6"),
        (12.34, "12.3", "12,3"),
        (99.96, "100", "100"),
        (123.4, "123", "123"),
        (1234.4, "1,234", "1_234"),
        (-1234.4, f"{MINUS}1,234", f"{MINUS}1_234"),
        (12_345_678_901, "12,345,678,901", "12_345_678_901"),
        (math.nan, "no data", "нет данных"),
        (math.inf, "no data", "нет данных"),
    ],
)
def test_counts(value: float, en: str, ru: str) -> None:
    assert spaced(EN.count(value)) == en
    assert spaced(RU.count(value)) == ru


def test_a_multiplier() -> None:
    assert (EN.times(1.5), RU.times(1.5), EN.times(3)) == ("×1.5", "×1,5", "×3")
    assert RU.times(math.nan) == "нет данных"


def test_other_currencies_follow_the_language() -> None:
    assert spaced(Words(language="en", currency="EUR").money(5)) == "€5"
    assert spaced(Words(language="ru", currency="USD").money(5)) == "5_$"
    assert spaced(Words(language="ru", currency="XYZ").money(5)) == "5_XYZ"


def test_a_currencys_letters_stand_apart() -> None:
    assert spaced(Words(language="en", currency="RUB").money(5)) == "RUB_5"


@pytest.mark.parametrize(
    ("offset", "en", "ru", "short_en", "short_ru"),
    [
        (0, "September 2026", "сентябрь 2026", "Sep 26", "сент 26"),
        (3, "December 2026", "декабрь 2026", "Dec 26", "дек 26"),
        (4, "January 2027", "январь 2027", "Jan 27", "янв 27"),
        (8, "May 2027", "май 2027", "May 27", "май 27"),
        (15, "December 2027", "декабрь 2027", "Dec 27", "дек 27"),
        (40, "January 2030", "январь 2030", "Jan 30", "янв 30"),
    ],
)
def test_months(offset: int, en: str, ru: str, short_en: str, short_ru: str) -> None:
    first = date(2026, 9, 1)
    assert (EN.month(first, offset), RU.month(first, offset)) == (en, ru)
    assert EN.short_month(first, offset) == short_en
    assert RU.short_month(first, offset) == short_ru


def test_the_last_month_that_a_file_can_name_is_shown() -> None:
    assert EN.month(date(2199, 12, 1), 62) == "February 2205"


def test_sentences_are_translated_and_filled_in() -> None:
    assert EN("Point A") == "Point A"
    assert RU("Point A") == "Точка A"
    assert RU("no such message") == "no such message"
    assert EN("{metric} a month", metric="{a} & <b>") == "{a} & <b> a month"


CASES = "With what is known today, B is reached in {n} of 100 cases."


@pytest.mark.parametrize(
    ("n", "word"),
    [
        (0, "случаях"),
        (1, "случае"),
        (2, "случаях"),
        (5, "случаях"),
        (11, "случаях"),
        (21, "случае"),
        (22, "случаях"),
        (91, "случае"),
        (100, "случаях"),
    ],
)
def test_russian_plurals(n: int, word: str) -> None:
    said = RU.plural(CASES, CASES, n)
    assert f" {n} " in said.replace("\N{NO-BREAK SPACE}", " ")
    assert word in said


def test_the_system_language_is_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    assert system_language() == "en"
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    assert system_language() == "ru"
    monkeypatch.setenv("LC_MESSAGES", "de_DE")
    assert system_language() == "en"
    monkeypatch.setenv("LC_ALL", "ru")
    assert system_language() == "ru"


# ---------------------------------------------------------------- reading back


@pytest.mark.parametrize(
    ("words", "text", "unit", "value"),
    [
        (EN, "25%", Unit.SHARE, 0.25),
        (EN, "25 %", Unit.SHARE, 0.25),
        (EN, "0.25", Unit.SHARE, 0.25),
        (EN, "1,234.5", Unit.COUNT, 1234.5),
        (EN, "1234.5", Unit.MONEY, 1234.5),
        (RU, "25%", Unit.SHARE, 0.25),
        (RU, "2,5\N{NO-BREAK SPACE}%", Unit.SHARE, 0.025),
        (RU, "0,25", Unit.SHARE, 0.25),
        (RU, "1 234,5", Unit.COUNT, 1234.5),
        (RU, "1\N{NO-BREAK SPACE}234", Unit.COUNT, 1234.0),
        (RU, "34440", Unit.MONEY, 34_440.0),
        (RU, "34 440", Unit.MONEY, 34_440.0),
    ],
)
def test_what_a_person_types_is_read(words: Words, text: str, unit: Unit, value: float) -> None:
    assert words.parse(text, unit) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", " ", "many", "%", "nan", "inf", "1.2.3", "−", "--5"])
@pytest.mark.parametrize("words", [EN, RU])
@pytest.mark.parametrize("unit", list(Unit))
def test_what_is_no_number_is_refused(words: Words, text: str, unit: Unit) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        words.parse(text, unit)


ALL = [
    Words(language=language, currency=currency)
    for language in LANGUAGES
    for currency in ("USD", "RUB", "EUR", "KZT")
]


@pytest.mark.parametrize("words", ALL)
@given(tenths=st.integers(0, 2000))
def test_a_share_shown_is_read_back(words: Words, tenths: int) -> None:
    assert words.parse(words.share(tenths / 1000), Unit.SHARE) == pytest.approx(tenths / 1000)


@pytest.mark.parametrize("words", ALL)
@given(hundredths=st.integers(0, 999), whole=st.integers(100, 10**12))
def test_a_count_shown_is_read_back(words: Words, hundredths: int, whole: int) -> None:
    assert words.parse(words.count(whole), Unit.COUNT) == whole
    assert words.parse(words.count(hundredths / 100), Unit.COUNT) == hundredths / 100


@pytest.mark.parametrize(
    ("words", "text", "unit", "value"),
    [
        (EN, "$52", Unit.MONEY, 52.0),
        (EN, "$34,440", Unit.MONEY, 34_440.0),
        (RU, "34\N{NO-BREAK SPACE}440\N{NO-BREAK SPACE}₽", Unit.MONEY, 34_440.0),
        (RU, "34 440 ₽", Unit.MONEY, 34_440.0),
        (RU, f"{MINUS}5", Unit.COUNT, -5.0),
    ],
)
def test_money_and_minus_as_shown_are_read_back(
    words: Words, text: str, unit: Unit, value: float
) -> None:
    assert words.parse(text, unit) == value


@pytest.mark.parametrize("words", ALL)
@given(cents=st.integers(0, 9999), whole=st.integers(100, 10**12))
def test_a_sum_shown_is_read_back(words: Words, cents: int, whole: int) -> None:
    assert words.parse(words.money(whole), Unit.MONEY) == whole
    assert words.parse(words.money(cents / 100), Unit.MONEY) == cents / 100


def test_a_decimal_comma_is_never_dropped() -> None:
    try:
        value = EN.parse("0,25", Unit.COUNT)
    except ValueError:
        return
    assert value == 0.25


@pytest.mark.parametrize("words", ALL)
def test_a_sum_of_forty_digits_is_still_a_sum(words: Words) -> None:
    for shown in (
        *(words.money, words.short_money, words.short_count),
        *(words.number, words.share, words.count),
    ):
        assert len(shown(1.5e40)) > 5
