import pytest

from funnelkit.client.exports.advertising import ADVERTISING
from funnelkit.client.exports.analytics import ANALYTICS
from funnelkit.client.exports.crm import CRM
from funnelkit.client.exports.heading import Heading
from funnelkit.client.exports.meanings import Format
from funnelkit.client.exports.sales import PLAIN, SALES

FORMATS = (*ADVERTISING, *ANALYTICS, *CRM, *SALES, *PLAIN)


@pytest.mark.parametrize(
    ("text", "name", "currency", "vat"),
    [
        ("Расход (руб.)", "расход", "RUB", None),
        ("Расход, ₽, с НДС", "расход", "RUB", True),
        ("Расход (с учётом НДС), ₽", "расход", "RUB", True),
        ("Расход, ₽ без НДС", "расход", "RUB", False),
        ("Amount spent (USD)", "amount spent", "USD", None),
        ("CPC (cost per link click) (USD)", "cpc (cost per link click)", "USD", None),
        ("Потраченная сумма (UZS)", "потраченная сумма", "UZS", None),
        ("  Начало отчётного\N{NO-BREAK SPACE}периода ", "начало отчетного периода", "", None),
        ("\ufeffДата", "дата", "", None),
        ("CTR (%)", "ctr (%)", "", None),
        ("ДРР, %", "дрр, %", "", None),
        ("Сумма за вычетом комиссии и НДС", "сумма за вычетом комиссии и ндс", "", None),
        ("", "", "", None),
    ],
)
def test_a_heading_is_taken_apart(text: str, name: str, currency: str, vat: bool | None) -> None:
    assert Heading.of(text) == Heading(name=name, currency=currency, vat=vat)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.source)
def test_a_form_is_declared_as_headings_are_read(form: Format) -> None:
    headings = [heading for names in form.fields.values() for heading in names]
    for heading in (*headings, *form.telling, *form.derived):
        assert Heading.of(heading).name == heading
    assert len(set(headings)) == len(headings)
    assert not set(headings) & set(form.derived)
    assert set(form.needs) <= set(form.fields)
