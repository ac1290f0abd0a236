"""Which months count as whole, and which of them are measured."""

from datetime import date, timedelta

import pytest

from funnelkit.client.evidence.period import complete_months, period_of
from funnelkit.client.evidence.tables import Tables, tables
from funnelkit.client.export_fields import ExportsField
from funnelkit.client.exports.read import read_bytes


def days(first: str, last: str) -> str:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    rows = (begin + timedelta(days=n) for n in range((end - begin).days + 1))
    return "".join(f"{day}\n" for day in rows)


def joined(spend: tuple[str, str], orders: tuple[str, str] | None = None) -> Tables:
    files = {"spend.csv": "date,channel,cost\n" + days(*spend).replace("\n", ",x,1\n")}
    if orders:
        files["orders.csv"] = "date,client,amount\n" + days(*orders).replace("\n", ",1,1\n")
    read = [read_bytes(text.encode(), name) for name, text in files.items()]
    found, problems = tables(read, ExportsField(), "RUB")
    assert problems == ()
    assert found
    return found


def months(found: Tables, **settings: object) -> list[int]:
    return [m.month for m in complete_months(found, ExportsField.model_validate(settings))]


@pytest.mark.parametrize(
    ("spend", "orders", "whole"),
    [
        (("2026-07-01", "2026-07-31"), None, [7]),
        (("2026-07-01", "2026-07-30"), None, []),
        (("2026-07-05", "2026-09-12"), None, [7, 8]),
        (("2026-07-12", "2026-09-30"), None, [8, 9]),
        (("2026-07-01", "2026-09-30"), ("2026-07-01", "2026-09-25"), [7, 8, 9]),
        (("2026-07-01", "2026-09-30"), ("2026-07-01", "2026-09-20"), [7, 8]),
        (("2026-07-01", "2026-09-30"), ("2026-01-01", "2026-07-31"), [7]),
        (("2026-07-01", "2026-08-31"), ("2026-08-20", "2026-08-31"), []),
        (("2025-11-01", "2026-02-28"), None, [11, 12, 1, 2]),
    ],
)
def test_a_month_is_whole_where_all_exports_reach_its_end(
    spend: tuple[str, str], orders: tuple[str, str] | None, whole: list[int]
) -> None:
    assert months(joined(spend, orders)) == whole


def test_three_months_up_to_month_zero_are_measured() -> None:
    found = joined(("2026-01-01", "2026-12-31"))

    def period(zero: int, **settings: object) -> tuple[date, date] | None:
        said = ExportsField.model_validate(settings)
        chosen = period_of(found, said, date(2026, zero, 1))
        return (chosen.first, chosen.last) if chosen else None

    assert period(9) == (date(2026, 7, 1), date(2026, 9, 30))
    assert period(2) == (date(2026, 1, 1), date(2026, 2, 28))
    assert period(9, last_month="2026-05") == (date(2026, 3, 1), date(2026, 5, 31))
    assert period(9, first_month="2026-02") == (date(2026, 2, 1), date(2026, 9, 30))
    assert period(9, first_month="2026-06", last_month="2026-06") == (
        date(2026, 6, 1),
        date(2026, 6, 30),
    )
    assert period(9, first_month="2026-08", last_month="2026-06") is None
    assert months(found, since="2026-03-20") == list(range(4, 13))
