"""The workbook's formulas against the model, where LibreOffice calculates them anew."""

import math
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike

from funnelkit.client.read import find, read_client
from funnelkit.model.owner import Months
from funnelkit.plan.scenario import Scenario
from tests.client.files import MARKETED, write
from tests.show.excel.drawn import Case, drawn
from tests.show.excel.recalculated import (
    STALE,
    Calculated,
    disagreements,
    recalculated,
    stored,
    without_values,
)
from tests.show.excel.rich import BARE, ECONOMICS, WITH_ECONOMICS

DEMOS = (("cdnow", "en"), ("dom", "ru"), ("saldo", "ru"), ("saldo", "en"), ("mealbox", "en"))
"""Clients measured, without channels and with them, and the languages of their workbooks."""


PLAIN = MARKETED.partition("scenarios:")[0]


def demo(name: str, language: str = "", **overrides: float) -> Case:
    client = read_client(find(name))
    return Case(client, client.scenario("plan", overrides), language or client.language)


def numbers(values: ArrayLike) -> list[object]:
    """Write numbers as cells have them."""
    return ["" if math.isnan(v) else v for v in np.ravel(values).tolist()]


def of_the_owner(scenario: Scenario) -> Iterator[tuple[str, list[object]]]:
    """Yield what the owner's model says, by the workbook's names."""
    for when, months in (("months", scenario.run()), ("settled", scenario.steady())):
        for field in fields(Months):
            yield f"{when}_{field.name}", numbers(getattr(months, field.name))
    yield "months_ltv_to_cac", numbers(scenario.run().ltv_to_cac)
    yield "months_goal", numbers(scenario.run().metric(scenario.goal.metric))
    for name, path in scenario.paths().items():
        if "." not in name:
            yield f"months_{name}", numbers(path)
    yield "result_month_b", numbers(scenario.at_goal())


BOOKS = (
    *("impressions", "clicks", "leads", "orders", "paid_orders", "new_customers"),
    *("gross_revenue", "revenue", "cogs", "gross_profit", "variable_costs", "contribution"),
    *("media", "total_marketing", "fixed_costs", "sales_cost", "ebitda", "tax", "net_profit"),
    *("cpm", "cpc", "cpl", "cpo", "cac", "roas", "drr", "romi_contribution", "romi_revenue"),
    *("roi", "max_cac", "max_cac_full", "break_even_cpl", "break_even_roas_variable"),
    "break_even_roas_full",
)


def of_the_marketer(case: Case) -> Iterator[tuple[str, list[object]]]:
    """Yield what the marketer's model says, by the workbook's names."""
    media = case.client.media(case.scenario)
    for when, table in (
        ("now", media.today(case.scenario)),
        ("plan", media.planned(case.scenario)),
    ):
        for name in BOOKS:
            yield f"channels_{when}_{name}", numbers(getattr(table.channels, name))
            yield f"total_{when}_{name}", numbers(getattr(table.total, name))
        yield f"channels_{when}_complete", numbers(table.complete.astype(float))


def of_the_model(case: Case) -> dict[str, list[object]]:
    said = dict(of_the_owner(case.scenario))
    return said | dict(of_the_marketer(case)) if case.client.marketing else said


def as_typed(folder: Path) -> Iterator[tuple[str, Case, dict[str, object], Case]]:
    """Yield what a reader types into a workbook, and the client that says the same."""
    for name, inputs, scenario in into_dom(demo("dom").scenario):
        yield name, demo("dom"), inputs, replace(demo("dom"), scenario=scenario)
    saldo = demo("saldo")
    line = saldo.scenario
    for place in (2, 4):  # what new clients buy, and what active ones do
        product = line.business.line[place - 1]
        plan = dict(line.plan) | {f"price.{product.name}": 99.0, f"margin.{product.name}": 0.35}
        inputs = {f"product{place}_price_plan": 99, f"product{place}_margin_plan": 0.35}
        yield f"product{place}", saldo, inputs, replace(saldo, scenario=replace(line, plan=plan))
    plain = read(folder, PLAIN)
    for name, inputs, text in into_channels():
        yield name, plain, inputs, read(folder, text)
    yield "economics", read(folder, BARE), ECONOMICS, read(folder, WITH_ECONOMICS)


def into_dom(plan: Scenario) -> Iterator[tuple[str, dict[str, object], Scenario]]:
    """Yield what is typed into a Russian client's workbook, and the scenario that says the same."""
    assert "margin" not in plan.moved
    now, business = dict(plan.now), plan.business
    yield "planned", {"win_rate_plan": 0.31}, plan.with_plan(win_rate=0.31)
    for name, value in (("win_rate", 0.07), ("margin", 0.3)):
        yield f"{name} now", {f"{name}_now": value}, replace(plan, now=now | {name: value})
    yield "unknown", {"win_rate_now": None}, replace(plan, now=now | {"win_rate": math.nan})
    for start in (2, 9):
        moved = replace(plan, start=dict(plan.start) | {"win_rate": start})
        yield f"from month {start}", {"win_rate_start": start}, moved
    profit = replace(plan, goal=replace(plan.goal, metric="profit"))
    yield "profit", {"goal_metric": "Прибыль"}, profit
    yield "earlier", {"horizon": 2}, replace(plan, goal=replace(plan.goal, horizon=2))
    few = replace(business, leads_per_manager=10.0, backlog=30.0)
    inputs: dict[str, object] = {"leads_per_manager": 10, "backlog": 30}
    yield "few", inputs, replace(plan, business=few)
    lost = inputs | {"overflow": "теряются"}
    yield "lost", lost, replace(plan, business=replace(few, overflow="lost"))
    no_limit = replace(business, leads_per_manager=math.inf)
    yield "no limit", {"leads_per_manager": None}, replace(plan, business=no_limit)
    inputs = {"active_customers": 50, "discount": 0.02}
    inputs |= {f"sales_cycle_{month}": share for month, share in enumerate((0, 0, 1))}
    stocks = replace(business, active_customers=50.0, sales_cycle=(0.0, 0.0, 1.0), discount=0.02)
    yield "stocks", inputs, replace(plan, business=stocks)
    # Nobody leaves: the plan settles nowhere, and a discount alone makes an end of LTV.
    loyal = now | {"retention_rate": 1.0}
    yield (
        "nobody leaves",
        {"discount": 0.02, "retention_rate_now": 1, "retention_rate_plan": 1},
        replace(
            plan,
            now=loyal,
            plan=dict(plan.plan) | {"retention_rate": 1.0},
            business=replace(business, discount=0.02),
        ),
    )


def into_channels() -> Iterator[tuple[str, dict[str, object], str]]:
    """Yield what is typed into a workbook with channels, and the file that says the same."""
    for name, inputs, old, new in (
        ("budget", {"channel1_amount_plan": 2500}, "plan: 2_000", "plan: 2_500"),
        ("landing page", {"channel1_landing_rate_now": 0.12}, "rate: 10%", "rate: 12%"),
        ("no rate", {"channel1_landing_rate_now": None}, "      landing_rate: 10%\n", ""),
        ("price", {"channel1_price_now": 3}, "price: 2", "price: 3"),
        ("visits", {"channel2_amount_now": 500}, "now: 300", "now: 500"),
        ("retargeting", {"channel3_amount_now": 0.25}, "share: 10%", "share: 25%"),
        ("owner's rate", {"win_rate_now": 0.3}, "win_rate: 20%", "win_rate: 30%"),
        ("owner's check", {"average_check_now": 700}, "check: 500", "check: 700"),
    ):
        assert PLAIN.count(old) == 1
        yield name, inputs, PLAIN.replace(old, new)


def read(folder: Path, text: str) -> Case:
    client = read_client(write(folder, text))
    return Case(client, client.scenario(), client.language)


def differing(calculated: Calculated, case: Case) -> list[str]:
    """Say where a workbook that was calculated anew is not what the model says."""
    want = of_the_model(case)
    return disagreements({n: calculated[n][: len(v)] for n, v in want.items()}, want)


@pytest.fixture(scope="module")
def as_said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    """Workbooks in which nothing is typed."""
    demos = {f"{name} {language}": demo(name, language) for name, language in DEMOS}
    folder = tmp_path_factory.mktemp("said")
    rich = {
        f"rich {whole}": read(folder, f"{WITH_ECONOMICS}  whole: {whole}\n")
        for whole in ("no", "end", "stages")
    }
    return drawn(folder, 9, which=21) | demos | rich


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, Case]]:
    """Workbooks in which a reader has typed something, with the client that says the same."""
    return {
        f"typed {name}": (without_values(case.content, inputs), same)
        for name, case, inputs, same in as_typed(tmp_path_factory.mktemp("typed"))
    }


@pytest.fixture(scope="module")
def calculated(
    as_said: dict[str, Case],
    typed: dict[str, tuple[bytes, Case]],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Calculated]:
    """All of them as LibreOffice calculates them; it is started once."""
    contents = {name: without_values(case.content) for name, case in as_said.items()}
    contents |= {name: content for name, (content, _case) in typed.items()}
    return recalculated(contents, tmp_path_factory.mktemp("calculated"))


def test_the_formulas_are_the_model(
    as_said: dict[str, Case], calculated: dict[str, Calculated]
) -> None:
    found = {name: differing(calculated[name], case) for name, case in as_said.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_what_was_stored_is_what_the_formulas_come_to(
    as_said: dict[str, Case], calculated: dict[str, Calculated]
) -> None:
    for name, case in as_said.items():
        assert disagreements(calculated[name], stored(case.content).all) == [], name


def test_what_a_reader_types_is_followed(
    typed: dict[str, tuple[bytes, Case]], calculated: dict[str, Calculated]
) -> None:
    found = {name: differing(calculated[name], case) for name, (_book, case) in typed.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_what_was_drawn_has_everything(as_said: dict[str, Case]) -> None:
    cases = [case for name, case in as_said.items() if name.startswith(("file", "plain"))]
    assert len(cases) >= 18
    assert {case.language for case in cases} == {"en", "ru"}
    for has in (
        lambda case: case.client.marketing is not None,
        lambda case: case.scenario.business.line,
        lambda case: case.scenario.business.overflow == "lost",
        lambda case: case.scenario.business.overflow == "wait",
        lambda case: case.scenario.business.backlog > 0,
        lambda case: len(case.scenario.business.sales_cycle) > 1,
        lambda case: case.scenario.moved,
        lambda case: np.isnan(case.scenario.run().cac).any(),
        lambda case: np.isfinite(case.scenario.run().cac).all(),
    ):
        assert any(has(case) for case in cases)


def test_a_stored_number_does_not_pass_for_a_calculated_one(as_said: dict[str, Case]) -> None:
    case = as_said["dom ru"]
    stale = stored(without_values(case.content))
    assert stale["result_month_b"] == [float(STALE)]
    assert len(differing(stale, case)) > 100


@pytest.mark.stress
@pytest.mark.parametrize("which", range(100, 110))
def test_the_formulas_are_the_model_for_many_clients(which: int, tmp_path: Path) -> None:
    cases = drawn(tmp_path, 20, which=which)
    books = {name: case.content for name, case in cases.items()}
    calculated = recalculated({n: without_values(book) for n, book in books.items()}, tmp_path)
    for name, case in cases.items():
        assert differing(calculated[name], case) == [], name
        assert disagreements(calculated[name], stored(books[name]).all) == [], name
