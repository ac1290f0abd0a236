"""What a client's file leaves to its exports, and what they say otherwise."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from funnelkit.client.client import Client
from funnelkit.client.contradictions import contradictions
from funnelkit.client.document import load
from funnelkit.client.doubts import doubts
from funnelkit.client.exports.problems import Refusal
from funnelkit.client.problems import ClientFileError, Code, Problem
from funnelkit.client.read import read_client
from funnelkit.plan.uncertainty import Counts
from funnelkit.show.doubts import doubt_lines
from funnelkit.show.inputs import inputs_table
from funnelkit.show.problems import problem_lines
from funnelkit.show.words import Words
from tests.client.evidence.company import CLIENT, Company, keep, made_up
from tests.client.files import MARKETED, SMALL, write

EN = Words(language="en", currency="RUB")


@pytest.fixture(scope="module")
def company() -> Company:
    return made_up()


@pytest.fixture(scope="module")
def folder(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return keep(tmp_path_factory.mktemp("kitchens"), company).parent


def read(folder: Path, text: str) -> Client:
    file = folder / "client.yaml"
    file.write_text(text, encoding="utf-8")
    return read_client(file)


def refused(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(ClientFileError) as raised:
        read(folder, text)
    return raised.value.problems


def test_a_client_without_exports_is_as_it_was(tmp_path: Path) -> None:
    client = read_client(write(tmp_path, SMALL))
    assert (client.found, client.measured) == (None, {})
    (tmp_path / "exports").mkdir()
    assert read_client(write(tmp_path, SMALL)) == client


def test_what_is_typed_stays(folder: Path) -> None:
    levers = "levers:\n  win_rate: {now: 51%, source: CRM}\n  average_check: 61_000\n"
    text = CLIENT.replace("levers:\n  win_rate: {now: measured, plan: 40%}\n", levers)
    client = read(folder, text.replace("a: measured", "a: 1_786_000"))
    assert client.plan.now["win_rate"] == 0.51
    assert client.plan.now["average_check"] == 61_000
    assert client.plan.goal.a == 1_786_000
    assert not {"win_rate", "average_check", "goal.a"} & client.measured.keys()
    assert "retention_rate" in client.measured
    assert list(contradictions(client)) == []


def test_what_is_typed_otherwise_is_told_with_both_numbers(folder: Path) -> None:
    levers = "levers:\n  win_rate: 80%\n  average_check: 65_000\n  repeat_check: 5_100\n"
    text = CLIENT.replace("levers:\n  win_rate: {now: measured, plan: 40%}\n", levers)
    text = text.replace("a: measured", "a: 2_000_000") + "active_customers: 200\n"
    client = read(folder, text)
    found = {each.name: each for each in contradictions(client)}
    assert found.keys() == {"win_rate", "average_check", "goal.a", "active_customers"}
    assert (found["win_rate"].typed, found["average_check"].typed) == (0.8, 65_000)
    document = load(client.path, "kitchens")
    lines = doubt_lines(doubts(client), client, document, EN)
    assert (
        f"{folder.name}/client.yaml:6: levers.win_rate.now: Won deals: 80% is typed, and the "
        "exports say 51.5% (measured: 34 of 66, 95 % between 39.7% and 63.2%; сделки.csv; July "
        "2026 – September 2026)."
    ) in lines
    rows = {row[0]: row for row in inputs_table(client, client.plan, EN).rows}
    assert rows["Won deals"][2] == "typed; the exports say 51.5%"
    assert rows["Won deals"][3] == "сделки.csv; July 2026 – September 2026"
    assert rows["Repeat check"][2] == "typed"
    assert rows["Monthly retention"][2].startswith("measured: 251 of 296")
    russian = doubt_lines(doubts(client), client, document, Words(language="ru", currency="RUB"))
    assert any("введено 80\N{NO-BREAK SPACE}%, а по выгрузкам" in line for line in russian)


@pytest.mark.parametrize(
    ("typed", "contradicts"),
    [
        ("40%", False),
        ("63%", False),
        ("64%", True),
        ("39%", True),
        ("{now: {won: 35, of: 100}}", False),
        ("{now: {won: 10, of: 100}}", True),
        ("{now: {low: 20%, likely: 30%, high: 50%}}", False),
        ("{now: {low: 20%, likely: 30%, high: 35%}}", True),
    ],
)
def test_a_rate_contradicts_outside_of_its_interval(
    typed: str, contradicts: bool, folder: Path
) -> None:
    client = read(folder, CLIENT.replace("{now: measured, plan: 40%}", typed))
    assert any(each.name == "win_rate" for each in contradictions(client)) == contradicts


def test_a_rate_of_other_leads_is_not_compared(folder: Path) -> None:
    """Deals do not tell who was called back, so the file's own chain stays apart."""
    levers = "levers: {answered_rate: 50%, win_rate: 90%}\n"
    text = CLIENT.replace("levers:\n  win_rate: {now: measured, plan: 40%}\n", levers)
    text = text[: text.index("exports:")]
    client = read(folder, text)
    assert not {"win_rate", "qualified_rate", "answered_rate"} & client.measured.keys()
    assert not any(each.name == "win_rate" for each in contradictions(client))
    problems = refused(folder, text.replace("win_rate: 90%", "win_rate: measured"))
    assert [(p.code, p.field) for p in problems] == [(Code.NOT_MEASURED, "levers.win_rate")]


def test_typed_traffic_keeps_its_own_conversion(folder: Path) -> None:
    text = CLIENT.replace("levers:\n", "levers:\n  visitors: 100\n")
    client = read(folder, text.replace("  win_rate", "  lead_rate: 3%\n  win_rate"))
    assert client.plan.now["lead_rate"] == 0.03
    assert [p.field for p in refused(folder, text)] == ["levers.lead_rate"]


def test_products_and_channels_stand_for_their_levers(folder: Path) -> None:
    line = "products:\n  - {name: Kitchen, role: core, take_rate: 1, price: 60_000, margin: 40%}\n"
    client = read(folder, CLIENT + line)
    assert not {"average_check", "repeat_check", "purchase_rate"} & client.measured.keys()
    marketed = MARKETED.replace("currency: USD", "currency: RUB").replace("win_rate: 20%", "")
    marketed = marketed.replace("  answered_rate: 80%\n", "")
    client = read(folder, marketed)
    assert not {"visitors", "lead_rate", "cost_per_visitor"} & client.measured.keys()
    assert "win_rate" in client.measured


def test_marketing_typed_as_one_sum_is_not_counted_twice(folder: Path) -> None:
    text = CLIENT.replace("levers:\n", "levers:\n  marketing_fixed: 80_000\n")
    assert "cost_per_visitor" not in read(folder, text).measured


def test_why_a_number_is_not_measured_is_said(folder: Path) -> None:
    text = CLIENT.replace("levers:\n", "levers:\n  collection_new: measured\n")
    text = text.replace("levers:\n", "levers:\n  managers: {now: measured}\n")
    problems = refused(folder, text)
    assert [(p.code, p.line, p.field) for p in problems] == [
        (Code.NOT_MEASURED, 6, "levers.managers.now"),
        (Code.NOT_MEASURED, 7, "levers.collection_new"),
    ]
    assert problem_lines(problems, EN)[1].endswith(
        "the exports do not say this number: payments do not carry the numbers of deals"
    )


def test_one_bad_export_measures_nothing_and_is_told(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "exports" / "scan.pdf").write_bytes(b"%PDF-1.7")
    problems = refused(copy, CLIENT)
    assert [(p.code, p.file) for p in problems if p.export] == [(Code.EXPORT, "copy/scan.pdf")]
    assert {p.code for p in problems} == {Code.NOT_MEASURED, Code.EXPORT}
    assert problem_lines(problems, EN)[-1] == (
        "copy/scan.pdf: this is a PDF; export the table itself as CSV or xlsx"
    )
    text = SMALL.replace("USD", "RUB")
    client = read(copy, text)
    assert client.measured == {}
    lines = doubt_lines(doubts(client), client, load(client.path, "x"), EN)
    assert any("scan.pdf: this is a PDF" in line for line in lines)
    assert client.found
    assert [problem.code for problem in client.found.problems] == [Refusal.PDF]


def test_months_after_a_are_facts(folder: Path, company: Company) -> None:
    text = CLIENT.replace("month: 2026-09", "month: 2026-06")
    client = read(folder, text)
    assert [fact.metric for fact in client.gone] == [
        pytest.approx(sum(a for _c, day, a in company.orders if day.month == month))
        for month in (7, 8, 9)
    ]
    clicks = [sum(r[3] for r in company.spend if r[0].month == month) for month in (7, 8, 9)]
    assert [fact.levers["visitors"] for fact in client.gone] == clicks
    assert client.found
    assert client.found.evidence
    assert client.found.evidence.last == date(2026, 6, 30)
    assert list(client.found.facts) == [date(2026, month, 1) for month in (7, 8, 9)]


def test_a_typed_fact_stays_and_is_completed(folder: Path) -> None:
    text = CLIENT.replace("month: 2026-09", "month: 2026-06")
    text += "actual:\n  - {month: 2026-07, value: 5, levers: {visitors: 7}}\n"
    first, second, _third = read(folder, text).gone
    assert (first.metric, first.levers["visitors"]) == (5, 7)
    assert first.levers["win_rate"] != second.levers["win_rate"]
    assert first.active_customers is not None


def test_a_month_that_has_begun_is_under_way(company: Company, tmp_path: Path) -> None:
    cut = date(2026, 9, 12)
    part = Company(
        deals=[deal for deal in company.deals if deal.created <= cut],
        orders=[order for order in company.orders if order[1] <= cut],
        spend=[row for row in company.spend if row[0] <= cut],
    )
    client = read_client(keep(tmp_path, part, CLIENT.replace("month: 2026-09", "month: 2026-08")))
    reach = min(
        max(deal.created for deal in part.deals),
        max(order[1] for order in part.orders),
    )
    assert client.under_way
    assert (client.under_way.month, client.under_way.days_gone) == (1, reach.day)
    paid = sum(a for _c, day, a in part.orders if day.month == 9 and day <= reach)
    assert client.under_way.value == pytest.approx(paid)


def test_a_problem_of_the_file_is_not_blamed_on_exports(folder: Path) -> None:
    problems = refused(folder, CLIENT.replace("currency: RUB", "currency: rubles"))
    assert Code.NOT_ONE_OF in {problem.code for problem in problems}
    assert Code.NOT_A_NUMBER not in {problem.code for problem in problems}


def test_a_line_of_the_file_is_named_where_the_exports_filled_a_number(folder: Path) -> None:
    text = CLIENT.replace("now: measured, plan: 40%", "now: measured, best: 1%")
    (problem,) = refused(folder, text)
    assert (problem.code, problem.line) == (Code.BEST_BELOW_NOW, 6)


def test_counts_of_the_exports_are_evidence_for_draws(folder: Path) -> None:
    client = read(folder, CLIENT)
    assert client.evidence["win_rate"] == Counts(won=34, of=66)
    assert client.facts.counted >= 3
