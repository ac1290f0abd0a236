"""Small logs of orders, counted by hand."""

from datetime import date

import pytest

from funnelkit.client.evidence.evidence import Evidence, Lack
from funnelkit.client.evidence.found import evidence_of
from funnelkit.client.export_fields import ExportsField
from funnelkit.client.exports.read import read_bytes
from funnelkit.plan.uncertainty import Counts
from tests.client.exports.samples import SAMPLES

DEALS = "ID;Стадия сделки;Сумма;Дата создания;Дата закрытия;Контакт;Источник\n"
PAID = "order_id;клиент;дата оплаты;сумма\n"


def measured(files: dict[str, str | bytes], **settings: object) -> Evidence:
    read = [
        read_bytes(data.encode() if isinstance(data, str) else data, name)
        for name, data in files.items()
    ]
    said = ExportsField.model_validate(settings)
    found = evidence_of(read, said, "RUB", date(2026, 9, 1))
    assert found.problems == ()
    assert found.evidence
    return found.evidence


LOG = """\
client,date,amount
1,2026-05-01,100
2,2026-06-02,100
3,2026-07-03,100
1,2026-08-04,50
4,2026-08-05,200
4,2026-08-05,20
2,2026-08-06,30
2,2026-08-31,40
"""
"""May to August; in August 1 and 2 bought again, 4 is new, and 3 did not come."""


def test_a_month_counted_by_hand() -> None:
    months = {"first_month": "2026-08", "last_month": "2026-08"}
    found = measured({"log.csv": LOG}, active_months=3, **months)
    levers = {name: lever.value for name, lever in found.levers.items()}
    assert found.a
    assert found.a.value == found.revenue.sum() == 340
    assert found.revenue_new.tolist() == [220]
    assert found.revenue_repeat.tolist() == [120]
    assert found.new_customers.tolist() == [1]
    assert found.active_customers.tolist() == [3]  # 1 (May), 2 (June) and 3 (July)
    assert levers == {
        "average_check": 220,
        "repeat_check": 40,
        "purchase_rate": 1,
        "retention_rate": 1,  # 3 bought in July, which is within three months of September
    }
    two = measured({"log.csv": LOG}, active_months=1, **months)
    assert two.active_customers.tolist() == [1]  # only 3 bought in July
    assert two.levers["retention_rate"].counts == Counts(won=1, of=2)  # of 3 and 4 came 4
    assert found.lacking["refund_rate"] is Lack.NO_REFUNDS


def test_without_earlier_months_nobody_is_new() -> None:
    months = {"first_month": "2026-07", "last_month": "2026-08"}
    found = measured({"log.csv": LOG}, active_months=3, **months)
    assert found.completeness.history == 2
    assert found.lacking["average_check"] is Lack.SHORT_HISTORY
    assert set(found.levers) == set()
    assert found.revenue.tolist() == [100, 340]
    assert measured({"log.csv": LOG}, active_months=2, **months).levers


def test_payments_without_clients_are_revenue_alone() -> None:
    months = {"first_month": "2026-07", "last_month": "2026-07"}
    found = measured({"pay.csv": SAMPLES["yookassa"].data}, **months)
    assert found.revenue.tolist() == [4000]
    assert found.lacking["average_check"] is Lack.NO_CLIENTS


def test_won_deals_are_the_revenue_where_nothing_else_is() -> None:
    rows = (
        "1;Сделка успешна;100;01.06.2026;05.07.2026;A;x\n"
        "2;Сделка успешна;50;02.07.2026;31.07.2026;B;x\n"
        "3;Сделка провалена;70;03.07.2026;04.07.2026;C;x\n"
        "4;Новая;90;31.07.2026;;D;x\n"
    )
    months = {"first_month": "2026-07", "last_month": "2026-07"}
    found = measured({"deals.csv": DEALS + rows}, **months)
    assert found.revenue.tolist() == [150]
    assert found.levers["average_check"].value == 75
    assert found.levers["win_rate"].counts == Counts(won=1, of=2)
    assert found.sales_cycle == (0.5, 0.5)
    assert found.completeness.open_deals == pytest.approx(1 / 3)


def test_payments_with_the_numbers_of_deals_say_what_is_collected() -> None:
    deals = DEALS + (
        "501;Сделка успешна;100;01.07.2026;05.07.2026;A;x\n"
        "502;Сделка успешна;60;02.07.2026;10.07.2026;B;y\n"
        "503;Сделка успешна;40;02.07.2026;31.07.2026;C;\n"
    )
    paid = PAID + "501;A;05.07.2026;80\n502;B;11.07.2026;30\n502;B;31.07.2026;10\n"
    months = {"first_month": "2026-07", "last_month": "2026-07"}
    found = measured({"deals.csv": deals, "paid.csv": paid}, **months)
    assert found.levers["collection_new"].value == pytest.approx(120 / 200)
    assert found.levers["average_check"].value == pytest.approx(200 / 3)
    joined = found.journey
    assert dict(zip(joined.channel, joined.paid.tolist(), strict=True)) == {
        "x": 80,
        "y": 40,
        "": 0,
    }
    other = paid.replace("501;A", "7;A").replace("502;B", "8;B")
    found = measured({"deals.csv": deals, "paid.csv": other}, **months)
    assert found.lacking["collection_new"] is Lack.NOT_JOINED
    assert found.journey.unmatched["paid"] == 0  # by their clients' deals


def test_payments_that_lead_nowhere_stay_apart() -> None:
    deals = DEALS + "501;Сделка успешна;100;01.07.2026;31.07.2026;A;x\n"
    paid = "клиент;дата оплаты;сумма\nA;05.07.2026;75\nZ;31.07.2026;25\n"
    months = {"first_month": "2026-07", "last_month": "2026-07"}
    found = measured({"deals.csv": deals, "paid.csv": paid}, **months)
    assert found.journey.unmatched["paid"] == 0.25
    assert found.journey.paid.sum() == 100


def test_days_that_no_export_of_a_system_reaches_are_counted() -> None:
    july = "client,date,amount\n1,2026-07-01,5\n1,2026-07-31,5\n"
    august = "client,date,amount\n1,2026-08-04,5\n1,2026-08-30,5\n"
    months = {"first_month": "2026-07", "last_month": "2026-08"}
    found = measured({"july.csv": july, "august.csv": august}, **months)
    assert found.completeness.missing_days == {"july.csv, august.csv": 3 + 1}
