from datetime import date
from pathlib import Path

import numpy as np
import pytest

from funnelkit.client.exports.export import Export
from funnelkit.client.exports.meanings import Meaning, System
from funnelkit.client.exports.problems import Drop, ExportError, ExportProblem, Refusal, Remark
from funnelkit.client.exports.read import read_bytes, read_export
from tests.client.exports.samples import AMOCRM, DIRECT, DIRECT_API, SAMPLES, workbook

M = Meaning


def read(text: str, encoding: str = "utf-8") -> Export:
    return read_bytes(text.encode(encoding), "export.csv")


def refused(data: str | bytes) -> ExportProblem:
    with pytest.raises(ExportError) as raised:
        read_bytes(data.encode() if isinstance(data, str) else data, "export.csv")
    return raised.value.problem


def told(text: str) -> tuple[Refusal, int | None, str]:
    problem = refused(text)
    return problem.code, problem.row, problem.column


@pytest.mark.parametrize("name", SAMPLES)
def test_every_system_is_known_by_its_headings_and_adds_up(name: str) -> None:
    sample = SAMPLES[name]
    export = read_bytes(sample.data, f"{name}.csv")
    assert (export.system, export.content) == (sample.system, sample.content)
    assert export.totals == pytest.approx(sample.totals, rel=1e-12)
    assert (export.rows, export.currency) == (sample.rows, sample.currency)
    assert export.period == sample.period
    assert export.dropped == sample.dropped
    assert {len(values) for values in export.columns.values()} == {sample.rows}
    assert Remark.TOTAL_DIFFERS not in export.remarks


def test_every_system_has_a_sample() -> None:
    assert {sample.system for sample in SAMPLES.values()} == set(System)


def test_a_file_is_read_under_any_name(tmp_path: Path) -> None:
    file = tmp_path / "заказы.csv"
    file.write_bytes(SAMPLES["google_ads"].data)
    export = read_export(file)
    assert (export.file, export.system, export.encoding) == ("заказы.csv", "google_ads", "")
    with pytest.raises(ExportError) as raised:
        read_export(tmp_path / "none.csv")
    assert raised.value.problem.code is Refusal.UNREADABLE
    assert str(raised.value).startswith("none.csv:? : unreadable")


def test_a_report_of_the_wizard_means_what_it_says() -> None:
    export = read(DIRECT, "cp1251")
    assert export.encoding == "cp1251"
    assert export.columns[M.DAY].tolist() == [date(2026, 7, d) for d in (1, 1, 2)]
    assert export.columns[M.CAMPAIGN].tolist() == ["Кухни Поиск", "Кухни РСЯ", "Кухни Поиск"]
    assert export.columns[M.CAMPAIGN_NUMBER][0] == "71234567"
    np.testing.assert_array_equal(export.columns[M.SPEND], [3410.55, 1204.10, 3190.00])
    np.testing.assert_array_equal(export.columns[M.CONVERSIONS], [4, np.nan, 3])
    assert export.headings[M.SPEND] == "Расход (руб.)"
    assert {"CTR (%)", "Ср. цена клика (руб.)", "Отказы (%)"} <= set(export.ignored)
    assert export.stated == pytest.approx(export.totals)


def test_the_files_own_total_is_compared() -> None:
    export = read(DIRECT.replace("7 804,65", "7 904,65"))
    assert export.remarks[Remark.TOTAL_DIFFERS] == "Расход (руб.)"
    assert (export.stated[M.SPEND], export.totals[M.SPEND]) == (7904.65, 7804.65)


def test_a_report_that_counts_more_rows_than_it_has_is_cut() -> None:
    lines = DIRECT_API.splitlines(keepends=True)
    problem = refused("".join(lines[:3] + lines[4:]))
    assert (problem.code, problem.found, problem.values) == (Refusal.CUT, "2", {"stated": 3})


def test_money_in_millionths_is_seen() -> None:
    micros = DIRECT_API
    for cost in ("3410.55", "1204.10", "3190.00"):
        micros = micros.replace(cost, str(round(float(cost) * 1e6)))
    export = read(micros)
    assert export.totals[M.SPEND] == pytest.approx(7804.65, rel=1e-12)
    assert export.remarks[Remark.MICROS] == "Cost"


def test_round_money_that_may_be_millionths_is_asked_about() -> None:
    head = "Date\tCampaignId\tImpressions\tClicks\tCost\n"
    assert told(head + "2026-07-01\t7\t100\t50\t20000\n") == (Refusal.MICROS, 2, "Cost")
    assert read(head + "2026-07-01\t7\t100\t50\t20001\n").totals[M.SPEND] == 20001
    assert read(head + "2026-07-01\t7\t100\t0\t0\n").totals[M.SPEND] == 0
    assert told("Date\tCampaignId\tCost\n2026-07-01\t7\t3410550000\n")[0] is Refusal.MICROS
    assert read("Date\tCampaignId\tCost\n2026-07-01\t7\t3410.55\n").totals[M.SPEND] == 3410.55


def test_rows_of_one_campaign_and_day_are_added_up() -> None:
    """A column that is not read, the place say, told them apart."""
    head = "Date,Campaign,Impr.,Clicks,Cost,Reach,Avg. CPC,Device\n"
    rows = "2026-07-02,B,10,1,5.5,,1,x\n2026-07-01,A,10,1,2.5,,1,x\n2026-07-02,B,20,,4,,1,y\n"
    export = read(head + rows)
    assert (export.rows, export.dropped) == (2, {Drop.MERGED: 1})
    assert export.columns[M.CAMPAIGN].tolist() == ["B", "A"]
    assert export.columns[M.SPEND].tolist() == [9.5, 2.5]
    assert export.columns[M.IMPRESSIONS].tolist() == [30, 10]
    assert export.columns[M.CLICKS].tolist() == [1, 1]
    assert export.totals[M.SPEND] == 12


def test_people_of_merged_rows_are_missing() -> None:
    text = (
        "День,Название кампании,Потраченная сумма (RUB),Показы,Охват\n"
        "2026-07-01,A,5,10,7\n2026-07-01,A,6,20,9\n2026-07-02,A,1,5,4\n"
    )
    export = read(text)
    np.testing.assert_array_equal(export.columns[M.REACH], [np.nan, 4])
    assert M.REACH not in export.totals


def test_a_deal_given_twice_is_one() -> None:
    head = "ID;Стадия сделки;Сумма;Дата создания\n"
    row = "501;В работе;40000,50;02.07.2026\n"
    export = read(head + row + "502;Новая;1;03.07.2026\n" + row)
    assert (export.rows, export.dropped) == (2, {Drop.TWICE: 1})
    assert export.totals[M.AMOUNT] == 40001.5
    clash = head + row + row.replace("40000,50", "40000,60")
    assert refused(clash).code is Refusal.TWICE
    assert refused(clash).row == 3


def test_orders_of_one_number_have_several_lines() -> None:
    text = "client,date,amount,order_id\n1,2026-07-01,5,A1\n1,2026-07-01,5,A1\n"
    assert read(text).totals[M.AMOUNT] == 10


def test_columns_of_one_heading_are_told() -> None:
    export = read(AMOCRM)
    assert export.columns[M.PRODUCT].tolist() == ["Кухня", "Шкаф", ""]
    assert export.remarks[Remark.HEADING_TWICE] == "roistat, Товар"
    twice = "ID;Стадия сделки;Сумма;Сумма\n1;Новая;{};{}\n"
    assert read(twice.format(5, 5)).totals[M.AMOUNT] == 5
    assert told(twice.format(5, 6)) == (Refusal.COLUMN_TWICE, None, "Сумма")


def test_phones_and_mails_are_nowhere() -> None:
    export = read(AMOCRM)
    assert export.columns[M.CUSTOMER].tolist() == ["Иван Петров", "Ольга", "#1"]
    assert Remark.PRIVATE in export.remarks
    assert not any("999" in str(v) or "@" in str(v) for v in export.columns.values())
    emails = read("customer,date,amount\nA@b.org,2026-07-01,5\na@B.org,2026-07-02,6\n")
    assert emails.columns[M.CUSTOMER].tolist() == ["#1", "#1"]


def test_a_client_named_by_phone_alone_has_no_column() -> None:
    assert refused("phone,date,amount\n79990000001,2026-07-01,5\n").code is Refusal.UNKNOWN


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (DIRECT.replace("02.07.2026;", "31.02.2026;"), 8),
        (DIRECT.replace("01.07.2026;Кухни РСЯ", ";Кухни РСЯ"), 7),
        (DIRECT.replace("02.07.2026;", "вчера;"), 8),
    ],
)
def test_a_day_that_is_none_names_its_row(text: str, row: int) -> None:
    assert told(text) == (Refusal.NOT_A_DATE, row, "Дата")


def test_days_in_either_order_are_decided_by_the_file_or_asked_about() -> None:
    head = "client,date,amount\n"
    assert told(head + "1,07/01/2026,5\n") == (Refusal.AMBIGUOUS_DATE, 2, "date")
    american = read(head + "1,07/01/2026,5\n2,07/13/2026,5\n")
    assert american.period == (date(2026, 7, 1), date(2026, 7, 13))
    european = read(head + "1,01/07/2026,5\n2,13/07/2026,5\n")
    assert european.period == (date(2026, 7, 1), date(2026, 7, 13))
    assert told(head + "1,13/07/2026,5\n2,07/13/2026,5\n")[0] is Refusal.AMBIGUOUS_DATE


def test_a_comma_is_what_the_files_other_numbers_say() -> None:
    head = "Дата;Кампания;№ Кампании;Показы;Клики;Расход (руб.);CTR (%)\n"
    assert read(head + "01.07.2026;A;1;10;5;1,234;50\n").totals[M.SPEND] == 1234
    assert read(head + "01.07.2026;A;1;10;5;1,234;5,1\n").totals[M.SPEND] == 1.234
    assert read(head + "01.07.2026;A;1;10;5;1,234;5.1\n").totals[M.SPEND] == 1234
    assert told(head + "01.07.2026;A;1;10;5;1.234;50\n")[0] is Refusal.AMBIGUOUS_NUMBER
    assert read(head + "01.07.2026;A;1;10;5;1.234;5,1\n").totals[M.SPEND] == 1234
    both = "01.07.2026;A;1;10;5;0,05;1\n02.07.2026;A;1;10;5;0.05;1\n"
    assert told(head + both) == (Refusal.MIXED_DECIMALS, 2, "Расход (руб.)")
    parts = head + "01.07.2026;A;1;10,5;5;7;1\n"
    assert told(parts) == (Refusal.NOT_WHOLE, 2, "Показы")


def test_currencies_may_not_be_mixed() -> None:
    head = "client,date,amount,currency\n"
    text = head + "1,2026-07-01,5,USD\n2,2026-07-02,5,EUR\n"
    assert refused(text).code is Refusal.MIXED_CURRENCIES
    clash = "Месяц;Расход, ₽;Валюта\n2026-07;5;RUB\n2026-08;5;USD\n"
    assert told(clash) == (Refusal.MIXED_CURRENCIES, 3, "Валюта")
    assert read(head + "1,2026-07-01,$5,\n2,2026-07-02,$6.50,usd\n").currency == "USD"
    assert refused(head + "1,2026-07-01,$5,\n2,2026-07-02,€6,\n").code is Refusal.MIXED_CURRENCIES


def test_vat_is_told_where_the_heading_tells() -> None:
    assert read_bytes(SAMPLES["ozon_performance"].data, "o.csv").vat is True
    assert read_bytes(SAMPLES["spend"].data, "s.csv").vat is False
    assert read_bytes(SAMPLES["orders"].data, "o.csv").vat is None


def test_a_campaign_may_be_called_total() -> None:
    text = "date,campaign,cost\n2026-07-01,Total,5\n2026-07-02,Итого,6\nTotal,,11\n"
    export = read(text)
    assert (export.rows, export.totals[M.SPEND], export.dropped) == (2, 11, {Drop.TOTAL: 1})


def test_blank_rows_and_footers_are_counted() -> None:
    text = "date,campaign,cost\n,,\n2026-07-01,A,5\n\n2026-07-02,B,6\nMade by hand,,\n"
    export = read(text)
    assert export.totals[M.SPEND] == 11
    assert export.dropped == {Drop.FOOTER: 1}
    wide = read("date,campaign,cost\n,,\n2026-07-01,A,5\n2026-07-02,B,6\nMade by hand,,\n")
    assert wide.dropped == {Drop.BLANK: 1, Drop.FOOTER: 1}


def test_a_row_that_was_cut_is_no_footer() -> None:
    head = "campaign,date,cost\nOne two,2026-07-01,5\n"
    assert told(head + "Three four\nOne two,2026-07-03,7\n")[:2] == (Refusal.RAGGED, 3)
    assert told(head + "One two,2026-07\n")[:2] == (Refusal.RAGGED, 3)


def test_a_quote_that_is_never_closed_swallows_no_rows() -> None:
    head = "date,campaign,cost\n"
    rows = '2026-07-01,"A,5\n2026-07-02,"B,6\n2026-07-03,C,7\n'
    assert refused(head + rows).code in (Refusal.QUOTES, Refusal.RAGGED)
    assert told(head + '2026-07-01,A,5\n2026-07-02,"B,6\n')[:2] == (Refusal.QUOTES, 3)
    pair = '2026-07-01,"A,5\n2026-07-02,",6\n'
    assert told(head + pair)[:2] == (Refusal.QUOTES, 2)
    note = read(head + '2026-07-01,"A, B\nC",5\n2026-07-02,D,6\n')
    assert note.totals[M.SPEND] == 11
    inches = read(head + '2026-07-01,Screen 27" wide,5\n2026-07-02,27" screen,6\n')
    assert inches.totals[M.SPEND] == 11


def test_a_file_without_a_last_line_end_is_told() -> None:
    text = "date,campaign,cost\n2026-07-01,A,5"
    assert read(text).remarks == {Remark.NO_LINE_END: "export.csv"}
    assert read(text + "\n").remarks == {}


def test_more_clicks_than_impressions_are_told() -> None:
    text = "date,impressions,clicks,cost\n2026-07-01,10,5,5\n2026-07-02,5,10,5\n"
    assert read(text).remarks == {Remark.CLICKS_ABOVE_IMPRESSIONS: "3"}


def test_headings_without_rows_are_no_export() -> None:
    assert refused("date,campaign,cost\n").code is Refusal.NO_ROWS
    assert refused("date,campaign,cost\nTotal,,5\n").code is Refusal.NO_ROWS


def test_what_is_not_known_shows_its_headings() -> None:
    problem = refused("Name,Age\nAnn,41\n")
    assert (problem.code, problem.found) == (Refusal.UNKNOWN, "Name, Age")


def test_a_workbook_may_have_texts_for_numbers_and_days() -> None:
    rows = [["Дата", "Канал", "Расход"], ["01.07.2026", "A", "1 200,50"], [46205.0, "B", 7.25]]
    export = read_bytes(workbook(rows), "x.xlsx")
    assert export.totals[M.SPEND] == 1207.75
    assert export.period == (date(2026, 7, 1), date(2026, 7, 2))
