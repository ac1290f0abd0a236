import pytest

from funnelkit.client.exports.column import Column
from funnelkit.client.exports.crm import CRM
from funnelkit.client.exports.grid import Grid, Head, text_heads
from funnelkit.client.exports.meanings import Meaning, System
from funnelkit.client.exports.problems import ExportError, Refusal
from funnelkit.client.exports.recognise import Found, assign, recognise

M = Meaning


def head(*rows: list[object], name: str = "") -> Head:
    def body(place: int) -> Grid:
        raise AssertionError(place)

    return Head(rows=list(rows), body=body, name=name)


def known(headings: str) -> Found:
    return recognise(text_heads(headings + "\n"))


@pytest.mark.parametrize(
    ("headings", "system"),
    [
        ("Дата;Кампания;№ Кампании;Показы;Клики;Расход (руб.)", System.YANDEX_DIRECT),
        ("День;Кампания;Показы;Клики;Цена;Цена/конв.", System.GOOGLE_ADS),
        ("Дата;Кампания;Показы;Клики;Расход", System.SPEND),
        ("date,campaign,impressions,clicks,cost", System.SPEND),
        ("Date,CampaignId,Clicks,Cost", System.YANDEX_DIRECT),
        ("Day,Campaign,Impr.,Clicks,Cost", System.GOOGLE_ADS),
        ("client,date,amount,utm_source", System.ORDERS),
    ],
)
def test_a_systems_form_goes_before_a_plain_one(headings: str, system: System) -> None:
    assert known(headings).format.system is system


def test_the_row_that_fits_best_is_that_of_the_headings() -> None:
    found = recognise(
        [
            head(["date", "spend"], ["date", "campaign", "clicks", "spend"], ["1", "x", "2", "3"]),
            head(["date", "campaign", "spend"], name="B"),
            head(["Notes"], name="C"),
        ]
    )
    assert (found.place, found.head.name, found.others) == (1, "", 1)


def test_what_fits_no_form_shows_its_widest_row() -> None:
    with pytest.raises(ExportError) as raised:
        recognise([head(["Title"], ["Name", "Age"], [1.0, 2.0, 3.0])])
    problem = raised.value.problem
    assert (problem.code, problem.found) == (Refusal.UNKNOWN, "Name, Age")


def test_the_heading_that_the_form_names_first_is_read() -> None:
    bitrix = next(form for form in CRM if form.system is System.BITRIX24)
    columns = tuple(
        Column.of(heading, cells)
        for heading, cells in {
            "ID": ["1"],
            "Компания": ["Acme"],
            "Контакт": ["Ann"],
            "Контакт: телефон": ["+79990000001"],
            "Стадия": ["New"],
            "Сумма": ["5"],
        }.items()
    )
    chosen = assign(bitrix, columns)
    assert chosen[M.CUSTOMER].at(0) == "Ann"
    assert set(chosen) == {M.NUMBER, M.CUSTOMER, M.STAGE, M.AMOUNT}
