"""A client's own clients: counted from CDNOW's file once more, and by hand."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from funnelkit.plan.clientele import Clientele, months_of
from funnelkit.plan.lifetime import Lack, LifetimeError

FILE = Path(__file__).parents[2] / "data" / "clients" / "cdnow" / "exports" / "orders.csv"


def rows() -> list[tuple[str, date, float]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            (row["client"], date.fromisoformat(row["date"]), float(row["amount"]))
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def cdnow() -> Clientele:
    client, day, amount = zip(*rows(), strict=True)
    return Clientele.of(client, np.array(day, dtype="datetime64[D]"), amount)


def of(log: str, end: str | None = None) -> Clientele:
    """Read a log like "ann 2026-01-05 100", one order a line."""
    lines = [line.split() for line in log.strip().splitlines()]
    last = None if end is None else int(np.datetime64(end).astype(int))
    return Clientele.of(
        [line[0] for line in lines],
        np.array([line[1] for line in lines], dtype="datetime64[D]"),
        [float(line[2]) for line in lines],
        last,
    )


def test_the_file_is_the_published_sample(cdnow: Clientele) -> None:
    log = rows()
    assert len(log) == 6919
    assert len({client for client, _day, _amount in log}) == 2357
    assert sum(round(100 * amount) for _client, _day, amount in log) == 24_409_194
    assert cdnow.orders.clients.size == 2357
    assert float(cdnow.orders.amount.sum()) == pytest.approx(244_091.94, abs=0.005)


def test_the_days_of_each_client_are_his_purchases(cdnow: Clientele) -> None:
    days = defaultdict(set)
    for client, day, _amount in rows():
        days[client].add(day)
    assert cdnow.orders.day.size == sum(map(len, days.values())) == 6696
    assert cdnow.repeaters == sum(len(own) > 1 for own in days.values()) == 1139


def test_cohorts_are_counts_of_the_file(cdnow: Clientele) -> None:
    """The heat map's numbers: who came in a month, and who bought so many months later."""
    months = defaultdict(set)
    paid = defaultdict(float)
    for client, day, amount in rows():
        months[client].add(12 * day.year + day.month)
        paid[client, 12 * day.year + day.month] += amount
    came = {client: min(own) for client, own in months.items()}
    assert cdnow.cohorts is not None
    assert cdnow.cohorts.first.tolist() == [27 * 12 + month for month in range(3)]
    for place in range(3):
        first = 12 * 1997 + 1 + place
        own = [client for client in came if came[client] == first]
        assert cdnow.cohorts.size[place] == len(own)
        for age in range(18 - place):
            bought = sum(first + age in months[client] for client in own)
            assert cdnow.cohorts.active[place, age] == bought
            brought = sum(paid[client, first + age] for client in own)
            assert cdnow.cohorts.value[place, age] == pytest.approx(brought)
        assert np.isnan(cdnow.cohorts.active[place, 18 - place :]).all()


def test_what_clients_have_brought_is_counted_from_their_own_first_day(cdnow: Clientele) -> None:
    first = {}
    for client, day, _amount in rows():
        first[client] = min(day, first.get(client, day))
    end, month = date(1998, 6, 30), 365.25 / 12
    total, brought = 0.0, cdnow.brought()
    for age in range(18):
        there = {client for client, day in first.items() if (end - day).days // month >= age}
        total += sum(
            amount
            for client, day, amount in rows()
            if client in there and age - 1 < (day - first[client]).days / month <= age
        ) / len(there)
        assert brought[age] == pytest.approx(total)


def test_months_are_numbered_from_1970() -> None:
    days = np.array(["1970-01-01", "1970-01-31", "1970-02-01", "2026-11-25"], dtype="datetime64[D]")
    assert months_of(days.astype(int)).tolist() == [0, 0, 1, 56 * 12 + 10]


def test_what_is_paid_back_is_no_purchase_and_is_taken_off() -> None:
    log = """
        ann 2026-01-05 100
        ann 2026-01-09 -30
        bob 2026-01-07 50
        bob 2026-02-07 60
        cat 2026-01-02 -20
        cat 2026-02-03 40
    """
    found = of(log, "2026-02-28")
    assert found.orders.day.size == 4
    assert (found.returns, found.returned) == (2, 50.0)
    assert found.kept == pytest.approx(1 - 50 / 250)
    assert found.cohorts is not None
    # cat paid back what she had bought before the log began: that is in no cohort
    assert found.cohorts.value.tolist()[0] == [120.0, 60.0]
    assert found.cohorts.value[1, 0] == 40.0
    assert found.cohorts.active.tolist()[0] == [2.0, 1.0]


def test_more_paid_back_than_bought_leaves_nothing() -> None:
    assert of("ann 2026-01-05 100\nann 2026-02-05 -300").kept == 0.0


def test_a_month_that_is_not_over_is_in_no_cohort() -> None:
    log = "ann 2026-01-05 100\nann 2026-02-05 10"
    whole, part = of(log, "2026-02-28"), of(log, "2026-02-27")
    assert whole.cohorts is not None
    assert part.cohorts is not None
    assert (whole.cohorts.active.shape[1], part.cohorts.active.shape[1]) == (2, 1)
    assert of(log, "2026-02-05").cohorts is not None
    assert of("ann 2026-02-05 10").cohorts is None


def test_a_first_half_ends_in_the_middle(cdnow: Clientele) -> None:
    assert np.datetime64(cdnow.middle, "D") == np.datetime64("1997-09-30")


def monthly(clients: int, months: int, gap: int = 0) -> str:
    """Clients who buy every month until their last; every `gap`-th month they miss one."""
    return "\n".join(
        f"{client} 2026-{month:02}-01 10"
        for client in range(clients)
        for month in range(1, months + 1)
        if month in (1, months) or not gap or month % gap
    )


def test_who_buys_every_month_has_a_contract(cdnow: Clientele) -> None:
    steady = of(monthly(5, 12), "2026-12-31")
    assert (steady.steadiness, steady.contractual) == (1.0, True)
    gaps = of(monthly(5, 12, gap=4), "2026-12-31")
    assert gaps.steadiness == pytest.approx(9 / 11)
    assert not gaps.contractual
    assert not cdnow.contractual


def test_a_few_months_do_not_say_whether_there_is_a_contract() -> None:
    few = of(monthly(3, 6), "2026-06-30")
    assert np.isnan(few.steadiness)
    assert not few.contractual


@pytest.mark.parametrize(
    ("log", "end", "lack"),
    [
        ("ann 2026-01-05 -5", None, Lack.SHAPE),
        ("ann 2026-01-05 5", "2026-01-04", Lack.RANGE),
        ("ann 2026-01-05 5\nann 2026-01-09 -1", "2026-01-08", Lack.RANGE),
    ],
)
def test_a_log_without_purchases_or_beyond_its_end_is_refused(
    log: str, end: str | None, lack: Lack
) -> None:
    with pytest.raises(LifetimeError) as refused:
        of(log, end)
    assert refused.value.lack is lack
