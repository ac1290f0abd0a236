"""Words and numbers in the reader's language: gettext for sentences, Babel for figures.

English is the message id. A number that is missing is shown as "no data", never as 0.
"""

import math
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import localcontext
from functools import cache, lru_cache, wraps
from importlib.resources import files
from io import BytesIO

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import (
    NumberFormatError,
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_symbol,
    parse_decimal,
)
from babel.support import NullTranslations, Translations

from funnelkit.model.levers import Unit

__all__ = ["LANGUAGES", "Words", "later_month", "system_language"]

LANGUAGES = ("en", "ru")
"""Languages of everything that a client or a workshop sees."""


@cache
def _translations(language: str) -> NullTranslations:
    """Load a language's catalog from its .po file, so that no compiled copy can be stale."""
    catalog = files("funnelkit") / "locale" / language / "LC_MESSAGES" / "funnelkit.po"
    if not catalog.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with catalog.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled, domain="funnelkit")


def system_language() -> str:
    """Return the language of the person at this machine, as its environment states it."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return "ru" if value.lower().startswith("ru") else "en"
    return "en"


def _roomy(format_number: Callable[..., str]) -> Callable[..., str]:
    """Let Babel format sums of more than 28 digits, which decimals refuse by default.

    Texts are kept: most numbers of a picture are there again after a slider's move.
    """

    @lru_cache(maxsize=8192)
    @wraps(format_number)
    def formatted(words: "Words", value: float, *options: int) -> str:
        with localcontext(prec=400):
            return format_number(words, value, *options)

    return formatted


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Everything needed to say something to a reader.

    Attributes
    ----------
    language : {"en", "ru"}
        Language of sentences and number formats.
    currency : str
        ISO 4217 code of the client's currency.
    """

    language: str
    currency: str = ""

    def __call__(self, message: str, **values: object) -> str:
        """Translate a message id and fill in its ``{name}`` fields."""
        text: str = _translations(self.language).gettext(message)
        return text.format(**values) if values else text

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """Translate a message that depends on the number n, which it may name as ``{n}``."""
        text: str = _translations(self.language).ngettext(one, many, n)
        return text.format(n=self.number(n), **values)

    @property
    def locale(self) -> Locale:
        """Babel's locale."""
        return Locale(self.language)

    @property
    def currency_sign(self) -> str:
        """The currency's sign in this language, as in ₽; its letters where it has none."""
        sign: str = get_currency_symbol(self.currency, self.locale)
        return sign

    @property
    def missing(self) -> str:
        """What stands for a number that is not known."""
        return self("no data")

    @_roomy
    def number(self, value: float, digits: int = 0) -> str:
        """Format a plain number with at most `digits` decimals."""
        if not math.isfinite(value):
            return self.missing
        pattern = "#,##0." + "#" * digits if digits else "#,##0"
        return _minus(format_decimal(_no_zero(value, digits), pattern, locale=self.locale))

    def count(self, value: float) -> str:
        """Format a number of people, leads or purchases: decimals only while it is small."""
        return self.number(value, 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2)

    @_roomy
    def share(self, value: float) -> str:
        """Format a share (0-1) as a percentage with at most one decimal, two below 1 %."""
        if not math.isfinite(value):
            return self.missing
        digits = 2 if 0 < abs(value) < 0.01 else 1
        whole: str = self.locale.percent_formats[None].pattern
        pattern = whole.replace("#,##0", "#,##0." + "#" * digits)
        return _minus(format_percent(_no_zero(value, digits + 2), pattern, locale=self.locale))

    @_roomy
    def money(self, value: float) -> str:
        """Format a sum in full, without the small coins from 100 up."""
        if not math.isfinite(value):
            return self.missing
        whole = math.isclose(value, round(value))  # but for rounding error
        digits = 0 if abs(value) >= 100 or whole else 2
        return _currency(
            format_currency(
                _no_zero(round(value, digits), digits),
                self.currency,
                self._money_pattern(digits),
                locale=self.locale,
                currency_digits=False,
            )
        )

    @_roomy
    def short_money(self, value: float) -> str:
        """Format a sum for a picture: three significant digits and a thousand, million ... word."""
        if not math.isfinite(value):
            return self.missing
        if abs(value) < 10_000:
            return self.money(value)
        rounded, digits = _three_digits(value)
        return _currency(
            format_compact_currency(
                rounded, self.currency, locale=self.locale, fraction_digits=digits
            )
        )

    @_roomy
    def short_count(self, value: float) -> str:
        """Format a number of people for a picture, shortened as `short_money` is."""
        if not math.isfinite(value) or abs(value) < 10_000:
            return self.count(value)
        rounded, digits = _three_digits(value)
        return _minus(format_compact_decimal(rounded, locale=self.locale, fraction_digits=digits))

    def change(self, value: float) -> str:
        """Format a change in money for a picture, with its sign."""
        return ("+" if value > 0 else "") + self.short_money(value)

    def times(self, value: float) -> str:
        """Format a multiplier, as in x1.5."""
        return self.missing if not math.isfinite(value) else "×" + self.number(value, 2)

    def value(self, value: float, unit: Unit, *, short: bool = False) -> str:
        """Format a number by its unit."""
        match unit:
            case Unit.SHARE:
                return self.share(value)
            case Unit.COUNT:
                return self.count(value)
            case Unit.MONEY:
                return self.short_money(value) if short else self.money(value)

    def month(self, first: date, offset: int = 0) -> str:
        """Name the month `offset` months after `first`, as in "December 2026"."""
        return format_date(later_month(first, offset), "LLLL y", locale=self.locale)

    def day(self, day: date) -> str:
        """Name a day, as in "1 July 2026"."""
        return format_date(day, "d MMMM y", locale=self.locale)

    def short_month(self, first: date, offset: int = 0) -> str:
        """Name a month for an axis, as in "Dec 26"."""
        day = later_month(first, offset)
        return f"{format_date(day, 'LLL', locale=self.locale).strip('.')} {day:%y}"

    def parse(self, text: str, unit: Unit) -> float:
        """Read a number as a person of this language types it; a share as 25 % or 0.25.

        Raises
        ------
        ValueError
            Where the text is no number.
        """
        percent = "%" in text
        plain = text.replace("\N{MINUS SIGN}", "-").replace("%", "")
        for sign in (self.currency, self.currency_sign):
            plain = plain.replace(sign, "") if sign else plain
        plain = "".join(plain.split())
        # "0,25" typed in English is a quarter to its writer, not 25.
        if self.language == "en" and not re.fullmatch(r"[^,]*(,[0-9]{3})*(\.[0-9]*)?", plain):
            raise ValueError(text)
        try:
            number = float(parse_decimal(plain, locale=self.locale, strict=False))
        except NumberFormatError as error:
            raise ValueError(text) from error
        if not math.isfinite(number):
            raise ValueError(text)
        return number / 100 if percent and unit is Unit.SHARE else number

    def _money_pattern(self, digits: int) -> str:
        pattern: str = self.locale.currency_formats["standard"].pattern
        return pattern.replace("0.00", "0." + "0" * digits if digits else "0")


def later_month(first: date, months: int) -> date:
    """Return the first day of the month that comes so many months after `first`."""
    years, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(years, month + 1, 1)


def _three_digits(value: float) -> tuple[float, int]:
    """Round a number from 1,000 up, and count the decimals that its thousands ... then have."""
    rounded = float(f"{value:.3g}")
    scale = 1000 ** int(math.log10(abs(rounded)) // 3)
    return rounded, 0 if abs(rounded) / scale >= 100 else 1 if abs(rounded) / scale >= 10 else 2


def _no_zero(value: float, digits: int) -> float:
    """Turn what would be shown as -0 into 0."""
    return 0.0 if round(value, digits) == 0 else value


def _minus(text: str) -> str:
    """Write a typographic minus."""
    return text.replace("-", "\N{MINUS SIGN}", 1) if text.startswith("-") else text


def _currency(text: str) -> str:
    """Write a typographic minus, and a space after a currency that is written in letters."""
    return _minus(re.sub(r"(?<=[A-Z]{3})(?=[0-9])", "\N{NO-BREAK SPACE}", text))
