"""A made-up company's exports measured, against what happened to it, counted in plain Python."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from funnelkit.client.client import Client
from funnelkit.client.evidence.evidence import Evidence, Lack
from funnelkit.client.read import read_client
from funnelkit.plan.uncertainty import Counts
from tests.client.evidence.company import CLIENT, SOURCES, STAGES, Company, Deal, keep, made_up

MONTHS = (7, 8, 9)
WON, LOST = STAGES[2], STAGES[3:]
QUALIFIED = (STAGES[1], WON, STAGES[4])


@pytest.fixture(scope="module")
def company() -> Company:
    return made_up()


@pytest.fixture(scope="module")
def client(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Client:
    return read_client(keep(tmp_path_factory.mktemp("kitchens"), company))


@pytest.fixture(scope="module")
def evidence(client: Client) -> Evidence:
    assert client.found
    assert client.found.problems == ()
    assert client.found.evidence
    return client.found.evidence


def created(company: Company, *months: int) -> list[Deal]:
    return [deal for deal in company.deals if deal.created.month in months]


def test_the_period_is_the_last_whole_months(evidence: Evidence) -> None:
    assert (evidence.first, evidence.last) == (date(2026, 7, 1), date(2026, 9, 30))
    assert evidence.months == tuple(date(2026, month, 1) for month in MONTHS)
    assert evidence.files == ("direct.csv", "orders.csv", "сделки.csv")


def test_revenue_is_what_was_paid_less_what_was_paid_back(
    company: Company, evidence: Evidence
) -> None:
    paid, back = defaultdict(list), defaultdict(list)
    for _client, day, amount in company.orders:
        paid[day.month].append(amount)
        if amount < 0:
            back[day.month].append(-amount)
    for place, month in enumerate(MONTHS):
        assert evidence.revenue[place] == pytest.approx(sum(paid[month]), abs=0.005 * 300)
        assert evidence.refunds[place] == pytest.approx(sum(back[month]), abs=0.1)
    assert evidence.a
    assert evidence.a.value == evidence.revenue[-1]


def test_new_and_repeat_sales_are_told_apart(company: Company, evidence: Evidence) -> None:
    firsts: dict[str, date] = {}
    for client, day, _amount in sorted(company.orders, key=lambda order: order[1]):
        firsts.setdefault(client, day)
    new = [defaultdict(float) for _ in range(2)]
    sold, purchases = [defaultdict(float) for _ in range(2)], [defaultdict(set) for _ in range(2)]
    for client, day, amount in company.orders:
        first = firsts[client]
        if amount < 0:
            new[0 if first.month in MONTHS else 1][day.month] -= -amount
            continue
        again = day != first
        sold[again][day.month] += amount
        purchases[again][day.month].add((client, day))
    for place, month in enumerate(MONTHS):
        assert evidence.new_customers[place] == len(purchases[0][month])
        assert evidence.revenue_new[place] == pytest.approx(sold[0][month] + new[0][month])
        assert evidence.revenue_repeat[place] == pytest.approx(sold[1][month] + new[1][month])
    np.testing.assert_allclose(evidence.revenue_new + evidence.revenue_repeat, evidence.revenue)
    count = [sum(len(part[month]) for month in MONTHS) for part in purchases]
    money = [sum(part[month] for month in MONTHS) for part in sold]
    levers = evidence.levers
    assert levers["average_check"].value == pytest.approx(money[0] / count[0])
    assert levers["repeat_check"].value == pytest.approx(money[1] / count[1])
    assert levers["refund_rate"].value == pytest.approx(
        sum(-new[0][month] for month in MONTHS) / money[0]
    )
    assert levers["collection_repeat"].value == pytest.approx(
        1 + sum(new[1][month] for month in MONTHS) / money[1]
    )
    active = sum(len(active_clients(company, month)) for month in MONTHS)
    assert levers["purchase_rate"].value == pytest.approx(count[1] / active)


def active_clients(company: Company, month: int) -> set[str]:
    """Who bought in the three months before."""
    return {
        client
        for client, day, amount in company.orders
        if amount > 0 and month - 3 <= day.month < month
    }


def test_clients_who_stay_are_counted(company: Company, evidence: Evidence) -> None:
    kept = of = 0
    for month in MONTHS:
        before = {c for c, day, amount in company.orders if amount > 0 and day.month < month}
        came = {c for c, d, a in company.orders if a > 0 and d.month == month} - before
        base = active_clients(company, month) | came
        of += len(base)
        kept += len(base & active_clients(company, month + 1))
    assert evidence.levers["retention_rate"].counts == Counts(won=kept, of=of)
    assert evidence.active_customers.tolist() == [
        len(active_clients(company, month)) for month in MONTHS
    ]
    assert evidence.clients
    assert evidence.clients.value == len(active_clients(company, 9))


def test_conversions_equal_the_truth(company: Company, evidence: Evidence) -> None:
    decided = [deal for deal in created(company, *MONTHS) if deal.stage in (WON, *LOST)]
    won = [deal for deal in decided if deal.stage == WON]
    qualified = [deal for deal in decided if deal.stage in QUALIFIED]
    assert evidence.levers["qualified_rate"].counts == Counts(won=len(qualified), of=len(decided))
    assert evidence.levers["win_rate"].counts == Counts(won=len(won), of=len(qualified))
    assert evidence.closed
    assert evidence.closed.counts == Counts(won=len(won), of=len(decided))
    clicks = sum(row[3] for row in company.spend if row[0].month in MONTHS)
    leads = len(created(company, *MONTHS))
    assert evidence.levers["lead_rate"].counts == Counts(won=leads, of=clicks)
    assert evidence.levers["visitors"].value == pytest.approx(clicks / 3)
    cost = sum(row[4] for row in company.spend if row[0].month in MONTHS)
    assert evidence.levers["cost_per_visitor"].value == pytest.approx(cost / clicks)
    assert evidence.completeness.open_deals == pytest.approx(1 - len(decided) / leads)


def test_the_delay_is_that_of_the_deals_closed(company: Company, evidence: Evidence) -> None:
    lags = [
        deal.closed.month - deal.created.month
        for deal in company.deals
        if deal.stage == WON and deal.closed and deal.closed.month in MONTHS
    ]
    assert evidence.sales_cycle == pytest.approx(
        [lags.count(lag) / len(lags) for lag in range(max(lags) + 1)]
    )
    assert evidence.cycle
    assert evidence.cycle.value == pytest.approx(sum(lags) / len(lags))


def name_of(source: tuple[str, str, str, str]) -> str:
    utm_source, medium, _campaign, other = source
    return "yandex_direct" if medium == "cpc" else utm_source or other


def test_the_journey_joins_spend_leads_deals_and_payments(
    company: Company, evidence: Evidence
) -> None:
    campaigns = {"71234567": "Кухни Поиск", "71234568": "Кухни РСЯ"}
    truth: dict[tuple[str, str, int], list[float]] = defaultdict(lambda: [0.0] * 5)
    for day, place, _impressions, clicks, cost in company.spend:
        cell = truth["yandex_direct", list(campaigns.values())[place], day.month]
        cell[0] += cost
        cell[1] += clicks
    of_client = {}
    for deal in company.deals:
        key = name_of(deal.source), campaigns.get(deal.source[2], deal.source[2])
        of_client[deal.client] = key
        truth[*key, deal.created.month][2] += 1
        if deal.stage == WON and deal.closed:
            truth[*key, deal.closed.month][3] += 1
    for client, day, amount in company.orders:
        truth[*of_client[client], day.month][4] += amount
    joined = evidence.journey
    found = {
        (channel, campaign, month.month): [spend, clicks, leads, won, paid]
        for channel, campaign, month, spend, clicks, leads, won, paid in zip(
            joined.channel,
            joined.campaign,
            joined.month,
            joined.spend,
            joined.clicks,
            joined.leads,
            joined.won,
            joined.paid,
            strict=True,
        )
    }
    expected = {key: cell for key, cell in truth.items() if key[2] in MONTHS}
    assert found.keys() == expected.keys()
    for key, cell in expected.items():
        assert found[key] == pytest.approx(cell, abs=0.01)
    leads = created(company, *MONTHS)
    nowhere = sum(name_of(deal.source) == "" for deal in leads)
    assert joined.unmatched["leads"] == pytest.approx(nowhere / len(leads))
    assert joined.unmatched["spend"] == 0
    unspent = sum(name_of(deal.source) not in ("", "yandex_direct") for deal in leads)
    assert joined.unspent == pytest.approx(unspent / len(leads))
    np.testing.assert_allclose(
        [joined.paid[np.array([m.month == month for m in joined.month])].sum() for month in MONTHS],
        evidence.revenue,
    )


def test_channels_have_conversions_of_their_own(company: Company, evidence: Evidence) -> None:
    assert {channel.channel for channel in evidence.channels} == {
        name_of(source) for source in SOURCES
    }
    for channel in evidence.channels:
        own = [d for d in created(company, *MONTHS) if name_of(d.source) == channel.channel]
        decided = [deal for deal in own if deal.stage in (WON, *LOST)]
        assert channel.leads == len(own)
        assert channel.won == Counts(won=sum(d.stage == WON for d in decided), of=len(decided))
        assert channel.qualified == Counts(
            won=sum(deal.stage in QUALIFIED for deal in decided), of=len(decided)
        )
    assert evidence.channels[0].channel == "yandex_direct"
    assert evidence.channels[-1].channel == ""


def test_what_the_file_does_not_type_is_filled_in(client: Client, evidence: Evidence) -> None:
    assert client.plan.now["win_rate"] == evidence.levers["win_rate"].value
    assert client.plan.planned("win_rate") == 0.4
    assert client.evidence["win_rate"] == evidence.levers["win_rate"].counts
    assert client.plan.goal.a == evidence.revenue[-1]
    assert client.plan.business.active_customers == evidence.active_customers[-1]
    assert client.plan.business.sales_cycle == evidence.sales_cycle
    assert client.measured.keys() >= {*evidence.levers, "goal.a", "active_customers", "sales_cycle"}
    assert evidence.lacking == {"collection_new": Lack.NOT_JOINED}


def test_the_model_gives_the_measured_revenue_in_the_mean(
    client: Client, evidence: Evidence
) -> None:
    """New and repeat sales come from the same purchases that the levers were measured from."""
    levers, months = evidence.levers, len(MONTHS)
    repeat = (
        evidence.active_customers.sum()
        * levers["purchase_rate"].value
        * levers["repeat_check"].value
        * levers["collection_repeat"].value
    )
    new = (
        evidence.new_customers.sum()
        * levers["average_check"].value
        * (1 - levers["refund_rate"].value)
    )
    assert (repeat + new) / months == pytest.approx(evidence.revenue.mean())
    assert client.plan.run().revenue[0] > 0


def test_a_stage_that_nobody_explained_is_open(company: Company, tmp_path: Path) -> None:
    plain = CLIENT[: CLIENT.index("exports:")]
    client = read_client(keep(tmp_path, company, plain))
    assert client.found
    assert client.found.evidence
    known = (WON, STAGES[3])
    decided = [deal for deal in created(company, *MONTHS) if deal.stage in known]
    assert client.evidence["win_rate"] == Counts(
        won=sum(deal.stage == WON for deal in decided), of=len(decided)
    )
    assert client.found.evidence.lacking["qualified_rate"] is Lack.NO_QUALIFIED
