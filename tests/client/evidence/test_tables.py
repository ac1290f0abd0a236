"""Several exports of one client: each row once, money in one kind, and questions, not guesses."""

from collections.abc import Mapping

import numpy as np
import pytest

from funnelkit.client.evidence.tables import Tables, tables
from funnelkit.client.export_fields import ExportsField
from funnelkit.client.exports.export import Export
from funnelkit.client.exports.meanings import Content
from funnelkit.client.exports.problems import ExportProblem, Refusal
from funnelkit.client.exports.read import read_bytes
from tests.client.exports.samples import DIRECT, META, SAMPLES, workbook

ORDERS = "client,date,amount\n"
DEALS = "ID;Стадия сделки;Сумма;Дата создания;Дата закрытия;Источник\n"


def exports(**files: str | bytes) -> list[Export]:
    return [
        read_bytes(data.encode() if isinstance(data, str) else data, f"{name}.csv")
        for name, data in files.items()
    ]


def joined(read: list[Export], currency: str = "RUB", **settings: object) -> Tables:
    found, problems = tables(read, ExportsField.model_validate(settings), currency)
    assert problems == ()
    assert found
    return found


def refused(
    read: list[Export], currency: str = "RUB", **settings: object
) -> tuple[ExportProblem, ...]:
    found, problems = tables(read, ExportsField.model_validate(settings), currency)
    assert found is None
    return problems


def codes(problems: tuple[ExportProblem, ...]) -> list[Refusal]:
    return [problem.code for problem in problems]


def test_the_same_file_twice_is_one() -> None:
    for name in ("yandex_direct", "amocrm", "yookassa", "orders", "yandex_metrica", "spend"):
        data, content = SAMPLES[name].data, SAMPLES[name].content
        once = joined(exports(a=data))
        twice = joined(exports(a=data, b=data))
        assert len(twice.of[content]) == len(once.of[content]), name
        assert (once.again, twice.again) == (0, SAMPLES[name].rows)


def test_the_next_month_of_an_export_is_added() -> None:
    july = ORDERS + "1,2026-07-01,5\n2,2026-07-15,7\n"
    longer = july + "1,2026-08-02,9\n"
    table = joined(exports(july=july, longer=longer)).of[Content.ORDERS]
    assert sorted(table["amount"]) == [5, 7, 9]
    other_shop = ORDERS + "8,2026-07-03,1\n"
    assert len(joined(exports(july=july, other=other_shop)).of[Content.ORDERS]) == 3


def test_orders_that_both_have_and_that_differ_are_asked_about() -> None:
    july = ORDERS + "1,2026-07-01,5\n2,2026-07-15,7\n"
    other = ORDERS + "1,2026-07-01,5\n2,2026-07-15,8\n"
    (problem,) = refused(exports(july=july, other=other))
    assert (problem.code, problem.file, problem.values) == (
        Refusal.OVERLAP,
        "other.csv",
        {"other": "july.csv"},
    )


def test_spend_that_was_corrected_is_asked_about() -> None:
    later = DIRECT.replace("3 410,55", "3 400,55").replace("7 804,65", "7 794,65")
    (problem,) = refused(exports(a=DIRECT.encode("cp1251"), b=later.encode("cp1251")))
    assert problem.code is Refusal.OVERLAP
    assert "Кухни Поиск" in problem.found


def test_a_report_by_day_and_one_by_month_are_not_added_up() -> None:
    daily = META.replace("2026-07-31", "2026-07-01")
    whole = META.replace("8,600.50", "8,601.50")
    assert codes(refused(exports(a=whole, b=daily), "USD")) == [Refusal.OVERLAP]
    coarse = "Дата;Кампания;№ Кампании;Клики;Расход (руб.)\n02.07.2026;A;1;5;7,50\n"
    assert codes(refused(exports(a=DIRECT.encode("cp1251"), b=coarse))) == [Refusal.OVERLAP]


def test_a_table_of_all_spend_is_not_added_to_the_systems_own() -> None:
    own = "Месяц;Канал;Расход\n2026-07;Яндекс;4 614,65\n2026-07;Блогеры;100\n"
    direct = DIRECT.encode("cp1251")
    named = {"channels": {"Яндекс": ["yandex_direct"]}}
    (problem,) = refused(exports(a=direct, b=own), **named)
    assert (problem.code, problem.found) == (Refusal.OVERLAP, "Яндекс, 2026-07")
    others = own.replace("2026-07;Яндекс;4 614,65\n", "")
    table = joined(exports(a=direct, b=others), **named).of[Content.SPEND]
    assert table["spend"].sum() == pytest.approx(7904.65)


def test_of_a_deal_the_newer_export_is_right() -> None:
    old = DEALS + "1;Новая;10;01.07.2026;;x\n2;Новая;20;02.07.2026;;x\n"
    new = DEALS + "1;Сделка успешна;15;01.07.2026;09.08.2026;x\n3;Новая;1;03.08.2026;;x\n"
    table = joined(exports(z_old=old, a_new=new)).of[Content.DEALS]
    found = {
        n: (a, s) for n, a, s in zip(table["number"], table["amount"], table["state"], strict=True)
    }
    assert found == {"1": (15, 1), "2": (20, 0), "3": (1, 0)}
    assert found == {
        n: (a, s)
        for t in [joined(exports(a_new=new, z_old=old)).of[Content.DEALS]]
        for n, a, s in zip(t["number"], t["amount"], t["state"], strict=True)
    }


def test_deals_that_differ_in_exports_of_one_day_are_asked_about() -> None:
    one = DEALS + "1;Новая;10;01.07.2026;;x\n"
    assert codes(refused(exports(a=one, b=one.replace(";10;", ";11;")))) == [Refusal.OVERLAP]


def test_orders_and_payments_may_be_the_same_money() -> None:
    both = exports(orders=SAMPLES["orders"].data, pay=SAMPLES["yookassa"].data)
    (problem,) = refused(both)
    assert (problem.code, problem.found) == (Refusal.TWO_SALES, "orders.csv, pay.csv")
    assert len(joined(both, revenue="yookassa").of[Content.ORDERS]) == 2
    assert len(joined(both, revenue="orders").of[Content.ORDERS]) == 4
    assert codes(refused(both, revenue="deals")) == [Refusal.NO_SALES]


def test_another_currency_takes_a_rate() -> None:
    read = exports(google=SAMPLES["google_ads"].data)
    (problem,) = refused(read)
    assert (problem.code, problem.found) == (Refusal.NO_RATE, "USD")
    assert problem.values == {"currency": "RUB"}
    table = joined(read, rates={"USD": 90}).of[Content.SPEND]
    assert table["spend"].sum() == pytest.approx(660.05 * 90)
    assert joined(read, "USD").of[Content.SPEND]["spend"].sum() == pytest.approx(660.05)


@pytest.mark.parametrize(
    ("files", "settings", "expected"),
    [
        (("ozon_performance",), {"vat": 0.2}, 1855 / 1.2),
        (("ozon_performance", "spend"), {"vat": 0.2}, 1855 / 1.2 + 39615.65),
        (("spend",), {}, 39615.65),
        (("yandex_direct",), {"vat": 0.2, "unsaid_vat": "included"}, 7804.65 / 1.2),
        (("yandex_direct",), {"vat": 0.2}, 7804.65),
        (("yandex_direct",), {}, 7804.65),
    ],
)
def test_sums_are_counted_without_vat(
    files: tuple[str, ...], settings: Mapping[str, object], expected: float
) -> None:
    read = exports(**{name: SAMPLES[name].data for name in files})
    table = joined(read, **settings).of[Content.SPEND]
    assert table["spend"].sum() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        (("ozon_performance",), {}),
        (("spend", "yandex_direct"), {"channels": {"other": ["nothing"]}}),
        (("yandex_direct",), {"unsaid_vat": "included"}),
    ],
)
def test_two_treatments_of_vat_are_asked_about(
    files: tuple[str, ...], settings: Mapping[str, object]
) -> None:
    read = exports(**{name: SAMPLES[name].data for name in files})
    assert codes(refused(read, **settings)) == [Refusal.NO_VAT]


def test_a_row_of_several_months_is_refused() -> None:
    (problem,) = refused(exports(meta=META.replace("2026-07-31", "2026-08-31")), "USD")
    assert problem.code is Refusal.SEVERAL_MONTHS
    table = joined(exports(meta=META), "USD").of[Content.SPEND]
    assert table["spend"].sum() == pytest.approx(9800.5)
    vk = [["Статистика за 01.07.2026 - 02.08.2026"], ["ID кампании", "Название", "Показы"]]
    vk[1] += ["Клики", "Потрачено всего, ₽"]
    rows = [*vk, [1.0, "A", 10.0, 5.0, 7.0]]
    assert codes(refused(exports(vk=workbook(rows)))) == [Refusal.SEVERAL_MONTHS]


def test_only_one_counter_counts_visits() -> None:
    both = exports(m=SAMPLES["yandex_metrica"].data, g=SAMPLES["ga4"].data)
    assert joined(both).of[Content.VISITS].files == ("m.csv",)
    assert joined(both[1:]).of[Content.VISITS]["visits"].sum() == 1530


def test_rows_before_the_first_right_day_do_not_count() -> None:
    read = exports(orders=SAMPLES["orders"].data)
    table = joined(read, since="2026-07-02").of[Content.ORDERS]
    assert table.day.min() == np.datetime64("2026-07-02")
    assert len(table) == 3


def test_hidden_clients_of_two_files_are_different_people() -> None:
    first = ORDERS + "a@b.org,2026-07-01,5\n"
    second = ORDERS + "c@d.org,2026-08-01,5\n"
    table = joined(exports(a=first, b=second)).of[Content.ORDERS]
    assert len(set(table["customer"])) == 2
