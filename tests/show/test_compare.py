from pathlib import Path

import pytest

from funnelkit.client.client import Client
from funnelkit.client.problems import ClientFileError, Code
from funnelkit.client.read import CLIENTS, read_client
from funnelkit.show.compare import compare_scenarios, compare_table
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words
from tests.client.files import SMALL, write

DEMOS = sorted((Path(__file__).parents[2] / CLIENTS).glob("*/client.yaml"))
FIGURES = ["Revenue", "Missing to B", "Contribution", "LTV", "LTV / CAC", "New clients", "Leads"]

VARIANTS = """\
  refund_rate: {now: 10%, plan: 5%}
scenarios:
  bold: {title: Bold, levers: {win_rate: 30%, refund_rate: 8%}}
  calm: {title: Calm, levers: {refund_rate: 1%, visitors: 90}}
  same: {levers: {}}
  <script>: {levers: {win_rate: 20.001%}}
"""


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return read_client(write(tmp_path, SMALL + VARIANTS))


def rows(table: Table) -> dict[str, list[tuple[str, str]]]:
    return {
        str(name): [(cell.text, cell.kind) for cell in cells if isinstance(cell, Cell)]
        for name, *cells in table.rows
    }


def compared(client: Client, *names: str) -> dict[str, list[tuple[str, str]]]:
    return rows(compare_table(client, names, Words(language="en", currency="USD")))


def test_figures_come_first_and_then_the_levers_that_differ(client: Client) -> None:
    found = compared(client, "now", "plan", "bold", "calm", "same")
    assert list(found) == [*FIGURES, "Won deals", "Refunds", "Visitors"]


def test_a_lever_that_no_two_plan_otherwise_is_left_out(client: Client) -> None:
    assert list(compared(client, "plan", "same")) == FIGURES


def test_differences_from_the_plan_are_good_or_bad_and_the_rest_is_quiet(client: Client) -> None:
    found = compared(client, "now", "plan", "bold", "calm", "same")
    assert found["Won deals"] == [
        ("20%", "quiet"),
        ("20%", ""),
        ("▲ 30%", "good"),
        ("20%", "quiet"),
        ("20%", "quiet"),
    ]
    assert found["Refunds"] == [
        ("▲ 10%", "bad"),
        ("5%", ""),
        ("▲ 8%", "bad"),
        ("▼ 1%", "good"),
        ("5%", "quiet"),
    ]


def test_figures_are_those_of_bs_month(client: Client) -> None:
    # visitors · lead rate · win rate · check · (1 - refunds), against B of 3,000
    found = compared(client, "now", "plan", "bold")
    assert found["Revenue"] == [("▼ $900", "bad"), ("$950", ""), ("▲ $1,380", "good")]
    assert found["Missing to B"] == [("▲ $2,100", "bad"), ("$2,050", ""), ("▼ $1,620", "good")]
    assert found["New clients"] == [("2", "quiet"), ("2", ""), ("▲ 3", "good")]
    assert found["Leads"] == [("10", "quiet"), ("10", ""), ("10", "quiet")]


def test_what_is_not_known_is_marked_as_missing(client: Client) -> None:
    assert compared(client, "now", "plan")["LTV"] == [("no data", "missing")] * 2


def test_a_difference_too_small_to_be_read_is_marked(client: Client) -> None:
    assert compared(client, "plan", "<script>")["Won deals"] == [("20%", ""), ("▲ 20%", "good")]


def test_the_plan_is_what_is_marked_against_where_it_is_not_shown(client: Client) -> None:
    assert compared(client, "bold")["Won deals"] == [("▲ 30%", "good")]


def test_a_goal_in_contribution_shows_it_once(tmp_path: Path) -> None:
    text = SMALL.replace("goal: {", "goal: {metric: contribution, ") + "  margin: 50%\n"
    found = compared(read_client(write(tmp_path, text)), "plan")
    assert list(found) == ["Contribution", *FIGURES[1:2], *FIGURES[3:]]


def test_columns_have_their_titles_and_a_scenario_named_twice_has_one(client: Client) -> None:
    words = Words(language="en", currency="USD")
    names = ["plan", "now", "bold", "same", "bold"]
    table = compare_table(client, names, words, {"bold": "Bold", "plan": "no title"})
    assert table.header == ("December 2026", "Plan", "Now", "Bold", "same")


def test_names_and_titles_are_no_markup(client: Client) -> None:
    words = Words(language="en", currency="USD")
    html = compare_table(client, ["<script>", "bold"], words, {"bold": "<i>"}).html()
    assert "<script>" not in html
    assert "<i>" not in html
    assert "&lt;script&gt;" in html


def test_an_unknown_scenario_is_refused(client: Client) -> None:
    with pytest.raises(ClientFileError) as raised:
        compared(client, "plan", "bald")
    assert [problem.code for problem in raised.value.problems] == [Code.UNKNOWN_SCENARIO]


def test_marks_do_not_depend_on_colour_alone(client: Client) -> None:
    for language in ("en", "ru"):
        table = compare_table(client, ["now", "plan"], Words(language=language, currency="USD"))
        assert all(mark in table.note for mark in "▲▼")
        assert table.note in table.html()


def test_any_plans_can_stand_side_by_side_under_any_names(client: Client) -> None:
    words = Words(language="en", currency="USD")
    less = client.plan.with_plan(win_rate=0.1)
    more = client.plan.with_plan(win_rate=0.4, refund_rate=0.1)
    columns = [("<b>", less), ("Mine", more), ("Mine", less)]
    table = compare_scenarios(client, columns, words, own=[False] * 3)
    assert table.header == ("December 2026", "<b>", "Mine", "Mine")
    assert "<b>" not in table.html().replace("<tbody>", "")
    found = rows(table)
    assert found["Won deals"] == [("▼ 10%", "bad"), ("▲ 40%", "good"), ("▼ 10%", "bad")]
    assert found["Refunds"] == [("5%", "quiet"), ("▲ 10%", "bad"), ("5%", "quiet")]
    # visitors · lead rate · win rate · check · (1 - refunds)
    assert found["Revenue"] == [("▼ $475", "bad"), ("▲ $1,800", "good"), ("▼ $475", "bad")]


def test_a_plan_that_equals_the_files_is_quiet_and_the_files_own_has_no_mark(
    client: Client,
) -> None:
    words = Words(language="en", currency="USD")
    same = client.plan.with_plan()
    columns = [("Plan", client.plan), ("Same", same)]
    found = rows(compare_scenarios(client, columns, words, own=[True, False]))
    assert list(found) == FIGURES
    assert [cell[1] for cell in found["Revenue"]] == ["", "quiet"]


def test_a_product_line_is_compared_by_its_sums_and_margins(tmp_path: Path) -> None:
    text = (
        SMALL.replace("  average_check: 500\n", "")
        + """\
products:
  - {name: Book, role: core, take_rate: {now: 50%, plan: 1}, price: 20, margin: 50%}
  - {name: Talk, role: core, take_rate: 1, price: 30, margin: {now: 50%, plan: 60%}}
scenarios:
  dear: {levers: {average_check: 100}}
"""
    )
    found = compared(read_client(write(tmp_path, text)), "now", "plan", "dear")
    assert list(found)[len(FIGURES) :] == ["First check", "Margin: Talk"]
    assert found["First check"] == [("▼ $40", "bad"), ("$50", ""), ("▲ $100", "good")]
    assert found["Margin: Talk"] == [("▼ 50%", "bad"), ("60%", ""), ("60%", "quiet")]


@pytest.mark.parametrize("demo", DEMOS, ids=lambda file: file.parent.name)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_demo_can_be_compared(demo: Path, language: str) -> None:
    client = read_client(demo)
    words = Words(language=language, currency=client.currency)
    table = compare_table(client, ["now", "plan", *client.variants], words)
    assert len(table.header) == 3 + len(client.variants)
    assert len(table.rows) > len(FIGURES)
