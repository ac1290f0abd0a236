"""The end-to-end table, and how a terminal shows it."""

from datetime import date
from pathlib import Path

import pytest

from funnelkit.client.evidence.evidence import Evidence
from funnelkit.client.evidence.found import evidence_of
from funnelkit.client.export_fields import ExportsField
from funnelkit.client.exports.read import read_export
from funnelkit.show.journey import journey_table
from funnelkit.show.plain import table_lines, visible
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

EN = Words(language="en", currency="RUB")
SPEND = """date,source,campaign,cost,clicks
2026-09-01,direct,Search,100,10
2026-09-02,direct,Search,200.5,20
2026-09-30,direct,Network,50,40
"""
DEALS = (
    '"ID","Бюджет","Дата создания сделки","Дата закрытия","Этап сделки","utm_source",'
    '"utm_campaign"\n'
    '"1","1000","01.09.2026 10:00","03.09.2026","Успешно реализовано","direct","Search"\n'
    '"2","500","02.09.2026 10:00","04.09.2026","Закрыто и не реализовано","direct","Network"\n'
    '"3","700","03.09.2026 10:00","30.09.2026","Успешно реализовано","friends",""\n'
    '"4","900","30.09.2026 10:00","30.09.2026","Успешно реализовано","",""\n'
)


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    (tmp_path / "spend.csv").write_text(SPEND, encoding="utf-8")
    (tmp_path / "deals.csv").write_text(DEALS, encoding="utf-8")
    exports = [read_export(tmp_path / name) for name in ("spend.csv", "deals.csv")]
    found = evidence_of(exports, ExportsField(), "RUB", date(2026, 9, 1))
    assert found.problems == ()
    assert found.evidence
    return found.evidence


def rows_of(table: Table | None) -> list[list[str]]:
    assert table
    return [
        [str(getattr(cell, "text", cell)).replace("\N{NO-BREAK SPACE}", " ") for cell in row]
        for row in table.rows
    ]


def test_channels_stand_from_spend_to_payment_and_add_up(evidence: Evidence) -> None:
    table = journey_table(evidence, EN)
    assert table
    assert table.header == ("Channel", "Ad spend", "Clicks", "Leads", "Won deals", "Payments")
    assert rows_of(table) == [
        ["yandex_direct", "RUB 350", "70", "2", "1", "RUB 1,000"],
        ["friends", "no data", "no data", "1", "1", "RUB 700"],
        ["without a channel", "no data", "no data", "1", "1", "RUB 900"],
        ["Total", "RUB 350", "70", "4", "3", "RUB 2,600"],
    ]
    assert table.emphasis == {3}


def test_campaigns_and_months_have_rows_of_their_own(evidence: Evidence) -> None:
    rows = rows_of(journey_table(evidence, EN, campaigns=True))
    assert rows[0][:5] == ["yandex_direct", "Network", "September 2026", "RUB 50", "40"]
    assert rows[1] == [
        "yandex_direct",
        "Search",
        "September 2026",
        "RUB 300",
        "30",
        "1",
        "1",
        "RUB 1,000",
    ]
    assert rows[-1][:3] == ["Total", "", ""]
    assert len(rows) == 5


def test_it_is_said_in_russian(evidence: Evidence) -> None:
    table = journey_table(evidence, Words(language="ru", currency="RUB"), campaigns=True)
    assert table
    assert table.header[:3] == ("Канал", "Кампания", "Месяц")
    assert rows_of(table)[-2][0] == "без канала"


def test_columns_stand_below_each_other() -> None:
    table = Table(
        header=("Step", "Now"),
        rows=(("Leads", "1,200"), ("Deals", Cell("7", "bad"))),
        caption="Now",
    )
    assert list(table_lines(table)) == [
        "Now:",
        "    Step     Now",
        "    Leads  1,200",
        "    Deals      7",
    ]
    (_head, line) = table_lines(Table(header=("a", "b"), rows=(("x" * 99, "1"),)))
    assert line == f"    {'x' * 39}…  1"


def test_a_terminal_obeys_no_text() -> None:
    assert visible("\x1b[31mred\x07\r\n\u202e") == "�[31mred����"
    assert visible("Кухни 1\u00a0000 ₽ — 100\u202f%") == "Кухни 1\u00a0000 ₽ — 100\u202f%"
