"""A heading apart from its currency and VAT: ``Расход, ₽, с НДС`` is spend in RUB with VAT."""

import re
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["CURRENCIES", "Heading"]

CURRENCIES = {
    "₽": "RUB",
    "руб.": "RUB",
    "руб": "RUB",
    "р.": "RUB",
    "rur": "RUB",
    "$": "USD",
    "us$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₸": "KZT",
    "тенге": "KZT",
    "сум": "UZS",
    "so'm": "UZS",
    "₴": "UAH",
    "грн": "UAH",
    "грн.": "UAH",
    "₺": "TRY",
    "₹": "INR",
} | {
    code.lower(): code
    for code in (
        *("RUB", "USD", "EUR", "GBP", "KZT", "UZS", "UAH", "BYN", "AMD", "GEL", "AZN", "KGS"),
        *("TJS", "MDL", "TRY", "INR", "CNY", "PLN", "CZK", "AED", "ILS", "CHF", "JPY", "CAD"),
        *("AUD", "BRL", "MXN"),
    )
}
"""Currencies as exports write them, lower case, with their ISO codes."""

_SPACES = re.compile(r"\s+")
_SIGNS = "|".join(map(re.escape, sorted(CURRENCIES, key=len, reverse=True)))
_CURRENCY = re.compile(rf"\s*(?:,\s*({_SIGNS})|\(({_SIGNS})\))$")
_VAT = re.compile(r"[\s,(]+(с|без)(?: уч[её]том| уч[её]та)? ндс\)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading's parts.

    Attributes
    ----------
    name : str
        Lower case, ё as е, single spaces.
    currency : str
        ISO code; empty where the heading names none.
    vat : bool or None
        Whether the column's money includes VAT, where the heading says so.
    """

    name: str
    currency: str = ""
    vat: bool | None = None

    @classmethod
    @lru_cache(maxsize=4096)
    def of(cls, text: str) -> "Heading":
        """Take a heading apart.

        Examples
        --------
        >>> Heading.of("Расход, ₽, с НДС")
        Heading(name='расход', currency='RUB', vat=True)
        """
        name = text.replace("\ufeff", "").replace("\xa0", " ").strip().strip('"').casefold()
        name = _SPACES.sub(" ", name.replace("ё", "е")).strip()
        vat = None
        if with_vat := _VAT.search(name):
            vat, name = with_vat[1] == "с", name[: with_vat.start()]
        currency = ""
        if signed := _CURRENCY.search(name):
            currency, name = CURRENCIES[signed[1] or signed[2]], name[: signed.start()]
        if vat is None and (with_vat := _VAT.search(name)):
            vat, name = with_vat[1] == "с", name[: with_vat.start()]
        return cls(name=name.strip(), currency=currency, vat=vat)
