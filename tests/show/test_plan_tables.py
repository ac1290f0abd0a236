"""Tables of months, of growth's price and of facts say what was worked out, in both languages."""

import re
from dataclasses import replace

import numpy as np
import pytest

from funnelkit.faces.workbook import OwnerLevel
from funnelkit.model.pace import pace
from funnelkit.plan.fact import against_fact
from funnelkit.plan.growth import growth_prices
from funnelkit.plan.path import month_path
from funnelkit.show.plan_tables import facts_table, growth_table, path_table
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words
from tests.faces.board.boards import DEMOS, client_of

CLIENT = {name: client_of(name) for name in DEMOS}
in_both = pytest.mark.parametrize("language", ["en", "ru"])
every = pytest.mark.parametrize("name", DEMOS)


def texts(table: Table) -> list[list[str]]:
    return [[c.text if isinstance(c, Cell) else c for c in row] for row in table.rows]


@in_both
@every
def test_the_path_is_told_month_by_month(name: str, language: str) -> None:
    client = CLIENT[name]
    plan, words = client.plan, Words(language=language, currency=client.currency)
    path = month_path(plan, recovered=client.recovered)
    table = path_table(client, plan, path, words)
    rows = {row[0]: row[1:] for row in texts(table)}
    assert next(iter(rows.values())) == [words.money(v) for v in path.run_rate]
    debts = [client.recovered.get(month, 0.0) for month in range(plan.months)]
    assert ([words.money(v) for v in debts] in rows.values()) == bool(client.recovered)
    if np.isfinite(path.needed).any():
        row = next(r for r in table.rows if r[0] == words("Managers that the leads take"))
        for cell, needed, there in zip(row[1:], path.needed, path.managers, strict=True):
            assert isinstance(cell, Cell) == (needed > np.ceil(there - 1e-9))
    assert len(table.header) == plan.months + 1
    holds = [month for month in range(plan.months) if path.run_rate[month] >= plan.goal.b]
    said = words.month(client.first_month, holds[0]) if holds else ""
    assert said in table.note


@in_both
@every
def test_the_price_of_growth(name: str, language: str) -> None:
    client = CLIENT[name]
    words = Words(language=language, currency=client.currency)
    prices = growth_prices(client.plan)
    table = growth_table(prices, words)
    some = [place for price in prices for place in np.flatnonzero(np.isfinite(price.share))]
    last = max(some, default=0)  # beyond it every stage is out of reach
    for row, price in zip(texts(table), prices, strict=True):
        assert row[0].endswith("*") == bool(price.unpriced)
        for text, place in ((row[1], 0), (row[-1], last)):
            if np.isfinite(price.share[place]):
                assert text == words.money(float(price.marginal[place]))
            else:
                assert text == words("out of reach")
    assert table.header[-1] == words.short_money(float(prices[0].amounts[last]))


@in_both
def test_without_a_gap_growth_has_no_price(language: str) -> None:
    table = growth_table((), Words(language=language))
    assert table.rows == ()
    assert bool(re.search("[а-я]", table.note)) == (language == "ru")


@in_both
def test_facts_stand_beside_the_plan_that_was_made(language: str) -> None:
    client = CLIENT["petlya"]
    words = Words(language=language, currency=client.currency)
    gone, way = against_fact(client.plan, client.gone), client.under_way
    assert way is not None
    planned = client.plan.run().revenue[: way.month + 1]
    for fact in (way.value, 10 * planned[-1]):  # the plan stays the plan where fact is beyond it
        at = pace(
            planned[-1], fact=fact, days_gone=13, days=30, cost_planned=np.nan, cost_actual=np.nan
        )
        running = (replace(way, value=fact), at)
        table = facts_table(client, client.plan, gone, running, words)
        for money in (fact, fact / 13 * 30, planned[-1]):
            assert words.money(money) in table.note
    for row, month, fact in zip(texts(table), gone, client.gone, strict=True):
        assert row[1] == words.money(planned[month.month])
        by_model = planned[month.month] + sum(month.stages.values())
        assert row[-3] == words.money(by_model)
        assert fact.metric is not None
        assert row[-1] == words.money(fact.metric)
    assert "forecast" not in facts_table(client, client.plan, gone, None, words).note


@in_both
def test_a_running_month_planned_below_0_has_no_forecast(language: str) -> None:
    client = CLIENT["petlya"]
    goal = replace(client.plan.goal, metric="profit", a=-1e6)
    plan = replace(client.plan, goal=goal, now=client.plan.now | {"fixed_costs": 1e8})
    owner = OwnerLevel(replace(client, plan=plan), plan, "plan", language)
    assert owner.running is None
    assert owner.facts_table is not None


@in_both
def test_a_client_without_months_gone_has_no_facts(language: str) -> None:
    client = CLIENT["saldo"]
    owner = OwnerLevel(client, client.plan, "plan", language)
    assert owner.facts_table is None
    assert owner.anew is None
