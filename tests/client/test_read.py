import os
import random
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.client import document
from funnelkit.client.client import Department, Later, UnderWay
from funnelkit.client.problems import ClientFileError, Code, Problem
from funnelkit.client.read import client_names, find, read_client
from funnelkit.model.levers import LEVERS, Stage
from funnelkit.model.products import product_lever
from funnelkit.plan.fact import Fact
from funnelkit.plan.uncertainty import Counts, Range
from funnelkit.show.problems import problem_lines, problem_sentence
from funnelkit.show.words import Words
from tests.client.files import (
    LINE,
    SMALL,
    changed,
    months_gone,
    of_a_line,
    problems,
    remarketed,
    write,
)

CLIENTS = Path(__file__).parents[2] / "data" / "clients"
DEMOS = client_names(CLIENTS)
ENGLISH = Words(language="en", currency="USD")


def place(problem: Problem) -> tuple[Code, int | None, str]:
    return problem.code, problem.line, problem.field


# ---------------------------------------------------------------- what is read


@pytest.mark.parametrize("name", DEMOS)
def test_a_demo_client_reads(name: str) -> None:
    client = read_client(CLIENTS / name / "client.yaml")
    assert (client.name, client.demo) == (name, True)
    assert client.path.parent.name == name


def test_a_file_means_what_it_says(tmp_path: Path) -> None:
    text = changed("win_rate: 20%", "win_rate: {now: {won: 20, of: 80}, plan: 30%, best: 0.4}")
    text = text.replace(
        "visitors: 100", "visitors: {now: 1 000, plan: 2_000, start: 2, source: counter}"
    ).replace("lead_rate: 10%", "lead_rate: {now: {low: 5%, likely: 8%, high: 12%}, assumed: yes}")
    text = text.replace("b: 3000", "b: 3e3, source: bank, c: {label: C, month: 2027-03, value: 9}")
    text += (
        "active_customers: 12\nsales_cycle: [60%, 40%]\ndiscount: 1%\n"
        "team: {leads_per_manager: 50, overflow: lost, backlog: 7}\n"
        "departments: {conversion: {name: Deals, person: Ann}}\n"
        "scenarios: {bold: {title: Bold, levers: {win_rate: 35%}}}\n"
    )
    client = read_client(write(tmp_path, text.replace("  visitors", "  managers: 3\n  visitors")))
    plan = client.plan
    assert (client.title, client.language, client.currency) == ("Small", "en", "USD")
    assert client.first_month == date(2026, 9, 1)
    goal = plan.goal
    assert (goal.metric, goal.a, goal.b, goal.horizon) == ("revenue", 1000.0, 3000.0, 3)
    assert client.later == Later(label="C", offset=6, value=9.0)
    assert plan.now["win_rate"] == 0.25
    assert plan.now["visitors"] == 1000.0
    assert plan.now["lead_rate"] == 0.08
    assert plan.plan == {"win_rate": 0.3, "visitors": 2000.0}
    assert plan.start == {"visitors": 2}
    assert plan.ceilings == {"win_rate": 0.4}
    business = plan.business
    assert (business.active_customers, business.sales_cycle) == (12.0, (0.6, 0.4))
    assert (business.leads_per_manager, business.overflow) == (50.0, "lost")
    assert (business.backlog, business.discount) == (7.0, 0.01)
    assert client.evidence == {
        "win_rate": Counts(won=20.0, of=80.0),
        "lead_rate": Range(low=0.05, likely=0.08, high=0.12),
    }
    assert client.assumed == {"lead_rate"}
    assert client.sources == {"visitors": "counter", "goal.a": "bank"}
    assert client.departments == {Stage.CONVERSION: Department(name="Deals", person="Ann")}
    assert client.variants == {"bold": {"win_rate": 0.35}}


def test_a_product_becomes_three_levers(tmp_path: Path) -> None:
    text = changed("  average_check: 500\n", "") + LINE.replace(
        "take_rate: 1", "take_rate: {now: {won: 30, of: 40}, plan: 90%}"
    )
    client = read_client(write(tmp_path, text))
    kinds = ("take_rate", "price", "margin")
    found = [client.plan.now[product_lever(kind, "Book")] for kind in kinds]
    assert found == [0.75, 20.0, 0.5]
    assert client.plan.plan == {"take_rate.Book": 0.9}
    assert client.evidence == {"take_rate.Book": Counts(won=30.0, of=40.0)}


def test_months_gone_and_what_a_plan_is_solved_by_are_read(tmp_path: Path) -> None:
    text = changed("visitors: 100", "visitors: {now: 100, plan: 300, effort: 2.5}")
    text = text.replace("20%", "{now: 20%, plan: {low: 22%, likely: 25%, high: 30%}}")
    text = text.replace("10%", "{now: 10%, locked: true}").replace("500", "{now: 500, effort: 1}")
    text += months_gone(
        "2026-10, value: -10, active_customers: 7, levers: {win_rate: 21%, visitors: 1 500}",
        "2026-11",
        "2026-12, value: 40, days_gone: 12",
    )
    text += "recovered:\n"
    for month, money in (("2026-09", 5), ("2026-11", 20), ("2026-11", 30)):
        text += f"  - {{month: {month}, money: {money}}}\n"
    client = read_client(write(tmp_path, text))
    assert client.plan.plan == {"visitors": 300.0, "win_rate": 0.25}
    assert client.plan_evidence == {"win_rate": Range(low=0.22, likely=0.25, high=0.3)}
    assert client.locked == {"lead_rate"}
    assert client.weights == {"visitors": 2.5}
    assert client.gone == (
        Fact(levers={"win_rate": 0.21, "visitors": 1500.0}, metric=-10.0, active_customers=7.0),
        Fact(levers={}),
    )
    assert client.under_way == UnderWay(month=3, value=40.0, days_gone=12, days=31)
    assert client.recovered == {0: 5.0, 2: 50.0}


def test_a_month_under_way_that_nobody_measured_says_nothing(tmp_path: Path) -> None:
    client = read_client(write(tmp_path, SMALL + months_gone("2026-10, days_gone: 3")))
    assert (client.gone, client.under_way) == ((), None)


def test_a_products_levers_are_locked_guessed_and_planned_otherwise(tmp_path: Path) -> None:
    text = of_a_line("scenarios: {dear: {products: {Book: {price: 30, margin: 60%}}}}\n")
    text = text.replace("price: 20", "price: {now: 20, locked: true, effort: 3}")
    text = text.replace("take_rate: 1", "take_rate: {now: 1, plan: {low: 1, likely: 1.2, high: 2}}")
    client = read_client(write(tmp_path, text))
    assert (client.locked, client.weights) == ({"price.Book"}, {"price.Book": 3.0})
    assert client.plan_evidence == {"take_rate.Book": Range(low=1.0, likely=1.2, high=2.0)}
    assert client.variants == {"dear": {"price.Book": 30.0, "margin.Book": 0.6}}
    dear = client.scenario("dear")
    assert [dear.target[name] for name in ("take_rate.Book", "price.Book", "margin.Book")] == [
        1.2,
        30.0,
        0.6,
    ]
    assert client.scenario("plan").target["price.Book"] == 20.0


def test_a_bare_value_is_the_value_now(tmp_path: Path) -> None:
    short = read_client(write(tmp_path, SMALL)).plan
    long = changed("win_rate: 20%", "win_rate: {now: 20%}")
    assert read_client(write(tmp_path, long)).plan == short


@pytest.mark.parametrize("typed", ["no", "12:30", "2026-09-01", "007", "1e3", "0x10", "~x", "on"])
def test_text_stays_what_it_is(typed: str, tmp_path: Path) -> None:
    text = changed("title: Small", f"title: {typed}")
    assert read_client(write(tmp_path, text)).title == typed


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script>",
        "{{ 7 * 7 }} {title} %s",
        "Кафе «Ёж» & сыновья",
        "Ann's “shop”",
        "🍰 cakes 👩‍🍳",
        "متجر الكعك \u200f",
        "../../etc/passwd",
        "x" * 300,
    ],
)
def test_a_title_is_any_text_and_no_path(title: str, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    quoted = "'" + title.replace("'", "''") + "'"
    client = read_client(write(folder, changed("title: Small", f"title: {quoted}")))
    assert client.title == title
    assert client.name == "shop"
    assert client.path == folder / "client.yaml"


@pytest.mark.parametrize("typed", ["true", "yes", "True", "1", "on"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_yes_is_yes_quoted_or_not(typed: str, quote: str, tmp_path: Path) -> None:
    text = SMALL + f"demo: {quote}{typed}{quote}\n"
    assert read_client(write(tmp_path, text)).demo


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + SMALL.encode(),
        SMALL.replace("\n", "\r\n").encode(),
        b"%YAML 1.1\n---\n" + SMALL.encode() + b"...\n",
        SMALL.rstrip("\n").encode(),
    ],
    ids=["BOM", "CRLF", "YAML 1.1", "no last line end"],
)
def test_editors_ways_to_write_a_file_are_read(raw: bytes, tmp_path: Path) -> None:
    expected = read_client(write(tmp_path, SMALL))
    assert read_client(write(tmp_path, raw)) == expected


# ---------------------------------------------------------------- what is refused

BAD = [
    (Code.NOT_A_DAY, SMALL + "exports: {since: soon}\n", 10, "exports.since", "“soon”"),
    (Code.OUTSIDE, SMALL + "exports: {folder: ../b}\n", 10, "exports.folder", "“../b”"),
    (Code.OUTSIDE, SMALL + "exports: {folder: /etc}\n", 10, "exports.folder", "within it"),
    (Code.OUTSIDE, SMALL + "exports: {folder: 'a\\..\\b'}\n", 10, "exports.folder", "within"),
    (Code.OUTSIDE, SMALL + "exports: {folder: 'C:\\x'}\n", 10, "exports.folder", "within it"),
    (
        Code.COLUMNS_NEED,
        SMALL + "exports: {files: {a: {columns: {A: day}}}}\n",
        10,
        "exports.files.a.columns",
        "takes day and amount",
    ),
    (
        Code.NOT_ONE_OF,
        SMALL + "exports: {files: {a: {columns: {A: when}}}}\n",
        10,
        "exports.files.a.columns.A",
        "customer",
    ),
    (
        Code.OUT_OF_RANGE,
        SMALL + "exports: {active_months: 99}\n",
        10,
        "exports.active_months",
        "1 to 36",
    ),
    (Code.NOT_A_SHARE, SMALL + "exports: {vat: 20}\n", 10, "exports.vat", "0 to 1"),
    (
        Code.UNKNOWN_FIELD,
        SMALL + "exports: {rates: {dollar: 90}}\n",
        10,
        "exports.rates.dollar",
        "RUB, USD",
    ),
    (
        Code.UNKNOWN_FIELD,
        SMALL + "exports: {stages: {wno: [a]}}\n",
        10,
        "exports.stages.wno",
        "did you mean “won”",
    ),
    (
        Code.NOT_MEASURED,
        changed("win_rate: 20%", "win_rate: measured"),
        8,
        "levers.win_rate",
        "needs exports",
    ),
    (Code.NOT_MEASURED, changed("a: 1000", "a: measured"), 4, "goal.a", "needs exports"),
    # code, text, line, field, words of the sentence
    (Code.NOT_UTF8, SMALL.encode("utf-16"), 1, "", "save it as UTF-8"),
    (Code.NOT_UTF8, SMALL.encode("utf-16-le"), 1, "", "save it as UTF-8"),
    (Code.NOT_UTF8, changed("Small", "Кафе").encode("cp1251"), 1, "", "save it as UTF-8"),
    (Code.NOT_UTF8, (SMALL + "discount: \x00\n").encode(), 10, "", "UTF-8"),
    (Code.TOO_LARGE, "#" * 1_000_001, None, "", "larger than 200,000 bytes"),
    (Code.YAML, changed("title: Small", "title: 'Small"), 1, "", "quotation mark"),
    (Code.YAML, changed("title: Small", "title: Small: big"), 1, "", "such as :"),
    (Code.YAML, changed("  win_rate", "    win_rate"), 8, "", "indents"),
    (Code.YAML, SMALL + "---\n" + SMALL, 10, "", "(YAML: ---)"),
    (Code.YAML, SMALL + "? [a, b]\n: 1\n", 10, "", "(YAML: ? :)"),
    (Code.YAML, SMALL + 'demo: "\\U00110000"\n', 10, "", "YAML"),
    (Code.YAML, "%YAML 2.0\n---\n" + SMALL, 1, "", "YAML"),
    (Code.YAML, changed("title: Small", "title: Small # a\u2028b\x85c: [") + "[", 10, "", "YAML"),
    (Code.TAB, changed("  win_rate", "\twin_rate"), 8, "", "indent with spaces"),
    (Code.ALIAS, SMALL + "team: &t {}\ndemo: *t\n", 11, "", "“*t” refers"),
    (Code.TAG, SMALL + "demo: !!bool yes\n", 10, "", "“!!bool” is a YAML tag"),
    (Code.TAG, SMALL + "team: !!set {a}\n", 10, "", "“!!set”"),
    (Code.TAG, SMALL + "!!omap demo: 1\n", 10, "", "“!!omap”"),
    (Code.CHARACTER, SMALL + "demo: \x07\n", 10, "", "U+0007"),
    (Code.CHARACTER, SMALL + 'demo: "\\ud800"\n', 10, "", "U+D800"),
    (Code.CHARACTER, changed("Small", '"\\a"'), 1, "", "U+0007"),
    (Code.TOO_DEEP, SMALL + "a: " + "[" * 10_000, 10, "", "more than 12 levels"),
    (Code.TOO_DEEP, "[" * 10_000, 1, "", "more than 12 levels"),
    (Code.TOO_DEEP, "- " * 50_000, 1, "", "more than 12 levels"),
    (Code.TOO_DEEP, "{a: " * 10_000, 1, "", "more than 12 levels"),
    (Code.EMPTY_FILE, "", 1, "", "empty"),
    (Code.EMPTY_FILE, "# nothing yet\n", 1, "", "empty"),
    (Code.NOT_A_MAPPING, "- a\n- b\n", 1, "", "fields and their values"),
    (Code.NOT_A_MAPPING, "just words\n", 1, "", "“just words”"),
    (Code.NOT_A_MAPPING, SMALL + "team: 5\n", 10, "team", "“5”"),
    (
        Code.NOT_A_MAPPING,
        SMALL + "departments: {account: Ann}\n",
        10,
        "departments.account",
        "“Ann”",
    ),
    (Code.NOT_A_LIST, SMALL + "sales_cycle: 5\n", 10, "sales_cycle", "“5” where a list"),
    (Code.NOT_A_LIST, SMALL + "products: {}\n", 10, "products", "after a dash"),
    (Code.NOT_TEXT, changed("Small", "[a]"), 1, "title", "where text is expected"),
    (Code.TOO_LONG, changed("Small", "x" * 301), 1, "title", "at most 300 characters"),
    (
        Code.TOO_LONG,
        SMALL + f"scenarios: {{{'x' * 61}: {{}}}}\n",
        10,
        f"scenarios.{'x' * 61}",
        "60",
    ),
    (Code.TOO_MANY, SMALL + f"sales_cycle: [{'0, ' * 36}1]\n", 10, "sales_cycle", "most 36 items"),
    (Code.MISSING, changed("title: Small\n", ""), 1, "title", "missing; add it"),
    (Code.MISSING, changed(", b: 3000", ""), 4, "goal.b", "missing"),
    (Code.MISSING, changed("  lead_rate: 10%\n", ""), 5, "levers.lead_rate", "missing"),
    (Code.EMPTY, changed("win_rate: 20%", "win_rate:"), 8, "levers.win_rate", "write a value"),
    (Code.EMPTY, changed("title: Small", "title: ''"), 1, "title", "write a value"),
    (Code.EMPTY, changed("title: Small", "title: # Small"), 1, "title", "write a value"),
    (Code.EMPTY, SMALL + "products:\n", 10, "products", "remove the field"),
    (Code.EMPTY, SMALL + "sales_cycle: []\n", 10, "sales_cycle", "write a value"),
    (Code.EMPTY, SMALL + "scenarios: {'': {}}\n", 10, "scenarios.", "write a value"),
    (Code.UNKNOWN_FIELD, SMALL + "colour: red\n", 10, "colour", "there are: title, demo"),
    (Code.UNKNOWN_FIELD, SMALL + "1.5: 2\n", 10, "1.5", "no such field"),
    (Code.UNKNOWN_FIELD, SMALL + "null: 2\n", 10, "null", "no such field"),
    (Code.UNKNOWN_FIELD, SMALL + "<<: {demo: true}\n", 10, "<<", "no such field"),
    (Code.COMMA, changed("20%", "{now: 0,25}"), 8, "levers.win_rate.25", "without a comma"),
    (Code.COMMA, changed("500", "{now: 1,500}"), 9, "levers.average_check.500", "“500”"),
    (Code.NOT_A_NUMBER, changed("20%", "many"), 8, "levers.win_rate", "“many”, which is no number"),
    (Code.NOT_A_NUMBER, changed("20%", "no"), 8, "levers.win_rate", "“no”"),
    (Code.NOT_A_NUMBER, changed("20%", ".inf"), 8, "levers.win_rate", "“.inf”"),
    (Code.NOT_A_NUMBER, changed("20%", ".nan"), 8, "levers.win_rate", "“.nan”"),
    (Code.NOT_A_NUMBER, changed("20%", "0x" + "f" * 9000), 8, "levers.win_rate", "ff…”"),
    (Code.NOT_A_NUMBER, changed("20%", "9" * 9000), 8, "levers.win_rate", "99…”"),
    (Code.NOT_A_NUMBER, changed("20%", "[20%]"), 8, "levers.win_rate", "“[…]”"),
    (Code.NOT_A_NUMBER, changed("20%", "{now: [1]}"), 8, "levers.win_rate.now", "“[…]”"),
    (Code.AMBIGUOUS_NUMBER, changed("500", "1,500"), 9, "levers.average_check", "“1,500” can be"),
    (Code.NOT_A_WHOLE_NUMBER, changed("months: 3", "months: 3.5"), 4, "goal.months", "“3.5”"),
    (Code.NOT_A_MONTH, changed("2026-09", "09.2026"), 4, "goal.month", "as in 2026-09"),
    (Code.NOT_A_MONTH, changed("2026-09", "2026-13"), 4, "goal.month", "“2026-13”"),
    (Code.NOT_A_MONTH, changed("2026-09", "9999-12"), 4, "goal.month", "“9999-12”"),
    (Code.NOT_A_MONTH, changed("2026-09", "September"), 4, "goal.month", "“September”"),
    (Code.NOT_YES_OR_NO, SMALL + "demo: perhaps\n", 10, "demo", "true and false"),
    (Code.NOT_ONE_OF, changed("language: en", "language: de"), 2, "language", "allowed: en, ru"),
    (Code.NOT_ONE_OF, changed("USD", "руб"), 3, "currency", "RUB, USD"),
    (Code.NOT_ONE_OF, SMALL + LINE.replace("core", "hard"), 11, "products.1.role", "lead_magnet"),
    (Code.OUT_OF_RANGE, changed("visitors: 100", "visitors: -1"), 6, "levers.visitors", "“-1”"),
    (Code.OUT_OF_RANGE, changed("months: 3", "months: 0"), 4, "goal.months", "1 to 60"),
    (Code.OUT_OF_RANGE, changed("a: 1000", "a: -1e99"), 4, "goal.a", "−1,000,000,000,000,000 to 1"),
    (Code.OUT_OF_RANGE, changed("500", "1e16"), 9, "levers.average_check", "0 to 1,000,000,000"),
    (
        Code.OUT_OF_RANGE,
        changed("500", "{now: 5, start: 61}"),
        9,
        "levers.average_check.start",
        "0 to 60",
    ),
    (Code.NOT_A_SHARE, changed("20%", "20"), 8, "levers.win_rate", "“20” where a share"),
    (Code.NOT_A_SHARE, changed("20%", "-20%"), 8, "levers.win_rate", "as in 0.25 or 25%"),
    (Code.NOT_A_SHARE, changed("20%", "{now: 1, best: 2}"), 8, "levers.win_rate.best", "“2”"),
    (Code.NOT_A_SHARE, changed("20%", "{now: 1, plan: 2}"), 8, "levers.win_rate.plan", "“2”"),
    (Code.NOT_A_SHARE, SMALL + "sales_cycle: [2, -1]\n", 10, "sales_cycle.1", "“2”"),
    (
        Code.NOT_A_SHARE,
        SMALL + "scenarios: {x: {levers: {win_rate: 2}}}\n",
        10,
        "scenarios.x.levers.win_rate",
        "“2”",
    ),
    (
        Code.NOT_POSITIVE,
        changed("20%", "{now: {won: 0, of: 0}}"),
        8,
        "levers.win_rate.now.of",
        "above 0",
    ),
    (
        Code.NOT_COUNTS,
        changed("500", "{now: {won: 1, of: 2}}"),
        9,
        "levers.average_check.now",
        "{low: 1, likely: 2, high: 3}",
    ),
    (Code.ORDER, changed("20%", "{now: {won: 3, of: 2}}"), 8, "levers.win_rate.now", "won ≤ of"),
    (
        Code.ORDER,
        changed("20%", "{now: {low: 3%, likely: 2%, high: 4%}}"),
        8,
        "levers.win_rate.now",
        "low ≤ likely ≤ high",
    ),
    (
        Code.BEST_BELOW_NOW,
        changed("20%", "{now: 20%, best: 10%}"),
        8,
        "levers.win_rate.best",
        "“best” (10%) is worse than what there is now (0.2)",
    ),
    (
        Code.BEST_BELOW_NOW,
        changed("  win_rate", "  refund_rate: {now: 2%, best: 5%}\n  win_rate"),
        8,
        "levers.refund_rate.best",
        "worse",
    ),
    (Code.B_NOT_ABOVE_A, changed("b: 3000", "b: 1 000"), 4, "goal.b", "B (1 000) is not above A"),
    (
        Code.C_NOT_AFTER_B,
        changed("b: 3000", "b: 3000, c: {label: C, month: 2026-12, value: 1}"),
        4,
        "goal.c.month",
        "(2026-12) is not after point B, 3 months",
    ),
    (Code.CYCLE_NOT_ONE, SMALL + "sales_cycle: [50%]\n", 10, "sales_cycle", "sum to 0.5, not to 1"),
    (Code.TWICE, SMALL + "title: Again\n", 10, "title", "twice, first in line 1;"),
    (Code.TWICE, changed("  win", "  lead_rate: 1%\n  win"), 8, "levers.lead_rate", "in line 7;"),
    (
        Code.TWICE,
        changed("  average_check: 500\n", "") + LINE + LINE.split("\n")[1],
        11,
        "products.2.name",
        "“Book” is named twice, first in line 10;",
    ),
    (Code.LINE_AND_LEVER, SMALL + LINE, 9, "levers.average_check", "remove one of the two"),
    (Code.NO_FUNNEL, changed("  average_check: 500\n", ""), 5, "levers", "average_check, products"),
    (
        Code.GOAL_NEEDS,
        changed("goal: {", "goal: {metric: contribution, "),
        5,
        "levers.margin",
        "a goal in contribution needs this number",
    ),
    (Code.RESERVED, SMALL + "scenarios: {now: {}}\n", 10, "scenarios.now", "take another name"),
    (
        Code.NOTHING_TO_SCALE,
        changed("  average_check: 500\n", "")
        + LINE
        + "scenarios: {x: {levers: {repeat_check: 9}}}\n",
        11,
        "scenarios.x.levers.repeat_check",
        "could be spread over",
    ),
    (
        Code.NOTHING_TO_SCALE,
        changed("  average_check: 500\n", "")
        + LINE
        + "scenarios: {x: {products: {Book: {price: 0}}, levers: {average_check: 9}}}\n",
        11,
        "scenarios.x.levers.average_check",
        "could be spread over",
    ),
    (
        Code.CHANNELS_AND_LEVER,
        remarketed("  answered_rate: 80%", "  visitors: 100"),
        6,
        "levers.visitors",
        "plan it in the channels",
    ),
    (
        Code.NO_START,
        remarketed("      clicks: {now: 300, plan: 400}\n", ""),
        18,
        "marketing.channels.2",
        "one of budget, impressions, clicks, leads, recovers; give",
    ),
    (
        Code.TWO_STARTS,
        remarketed("{now: 300, plan: 400}", "300\n      leads: 5"),
        18,
        "marketing.channels.2",
        "found: clicks, leads",
    ),
    (
        Code.UNKNOWN_STAGE,
        remarketed("price: 2", "price: 2\n      rates: {answer_rate: 90%}"),
        16,
        "marketing.channels.1.rates.answer_rate",
        "no stage “answer_rate” between lead and order; did you mean “answered_rate”?",
    ),
    (
        Code.UNKNOWN_STAGE,
        remarketed("price: 2", "price: 2\n      skips: [demo]"),
        16,
        "marketing.channels.1.skips.1",
        "no stage “demo” between lead and order; there are: answered_rate, win_rate",
    ),
    (
        Code.RESERVED_STAGE,
        remarketed("  running:", "  stages: [win_rate, leads]\n  running:"),
        11,
        "marketing.stages.2",
        "“leads” means something else",
    ),
    (
        Code.UNKNOWN_CHANNEL,
        remarketed("{Search:", "{Serch:"),
        27,
        "scenarios.more.channels.Serch",
        "there is no channel “Serch”",
    ),
    (
        Code.NOT_OF_CHANNEL,
        remarketed("{budget: 3_000}", "{clicks: 3_000}"),
        27,
        "scenarios.more.channels.Search.clicks",
        "it has: budget, price, landing_rate",
    ),
    (
        Code.NO_CHANNEL,
        remarketed("  running:", "  stages: [demo_rate]\n  running:"),
        13,
        "marketing.channels",
        "give at least one all of them",
    ),
    (
        Code.TWO_COSTS,
        remarketed("price: 2", "price: 2\n      margin: 40%\n      unit_cost: 3"),
        17,
        "marketing.channels.1.unit_cost",
        "remove one",
    ),
    (
        Code.HISTORY_TOO_SHORT,
        remarketed(", {spend: 1_000, leads: 50}", ""),
        17,
        "marketing.channels.1.history",
        "1 different spends",
    ),
    (
        Code.HISTORY_WITHOUT_LEADS,
        remarketed("leads: 50", "leads: 0"),
        17,
        "marketing.channels.1.history",
        "“curve: hill”",
    ),
    (
        Code.HISTORY_FALLING,
        remarketed("leads: 50", "leads: 20"),
        17,
        "marketing.channels.1.history",
        "brought fewer leads",
    ),
    (
        Code.HISTORY_INCREASING,
        remarketed("leads: 50", "leads: 90"),
        17,
        "marketing.channels.1.history",
        "does not go on",
    ),
    (
        Code.RUNNING_OUTSIDE,
        remarketed("month: 2026-10", "month: 2026-08"),
        11,
        "marketing.running.month",
        "month 2026-08 lies outside the plan: it is month 0 or one of the 5 after it",
    ),
    (
        Code.RUNNING_OUTSIDE,
        SMALL + "recovered:\n  - {month: 2026-09, money: 1}\n  - {month: 2027-03, money: 1}\n",
        12,
        "recovered.2.month",
        "month 2027-03 lies outside the plan: it is month 0 or one of the 5 after it",
    ),
    (
        Code.RUNNING_OUTSIDE,
        changed("months: 3", "months: 1") + months_gone("2026-10", "2026-11", "2026-12", "2027-01"),
        14,
        "actual.4.month",
        "month 2027-01 lies outside the plan: it is month 0 or one of the 3 after it",
    ),
    (
        Code.NOT_IN_A_ROW,
        SMALL + months_gone("2026-10", "2026-12"),
        12,
        "actual.2.month",
        "expected is 2026-11, found “2026-12”",
    ),
    (
        Code.NOT_IN_A_ROW,
        SMALL + months_gone("2026-09"),
        11,
        "actual.1.month",
        "expected is 2026-10, found “2026-09”",
    ),
    (
        Code.NOT_IN_A_ROW,
        changed("month: 2026-09", "month: 2026-12") + months_gone("2026-12"),
        11,
        "actual.1.month",
        "expected is 2027-01, found “2026-12”",
    ),
    (
        Code.NOT_THE_LAST,
        SMALL + months_gone("2026-10, days_gone: 9", "2026-11"),
        11,
        "actual.1.days_gone",
        "only the last month can be under way",
    ),
    (
        Code.OUT_OF_RANGE,
        SMALL + "actual: [{month: 2026-10, days_gone: 32}]\n",
        10,
        "actual.1.days_gone",
        "found “32”; allowed is 1 to 31",
    ),
    (
        Code.OUT_OF_RANGE,
        changed("2026-09", "2026-10") + "actual: [{month: 2026-11, value: 5, days_gone: 31}]\n",
        10,
        "actual.1.days_gone",
        "found “31”; allowed is 1 to 30",
    ),
    (
        Code.OUT_OF_RANGE,
        SMALL + "actual: [{month: 2026-10, value: -5, days_gone: 3}]\n",
        10,
        "actual.1.value",
        "found “-5”; allowed is 0 to",
    ),
    (
        Code.NOT_A_SHARE,
        SMALL + "actual: [{month: 2026-10, levers: {win_rate: 20}}]\n",
        10,
        "actual.1.levers.win_rate",
        "found “20” where a share is expected",
    ),
    (
        Code.NOT_A_LEVER_HERE,
        SMALL + "actual: [{month: 2026-10, levers: {audience: 20}}]\n",
        10,
        "actual.1.levers.audience",
        "does not have this lever",
    ),
    (
        Code.NOT_A_LEVER_HERE,
        of_a_line("actual: [{month: 2026-10, levers: {average_check: 20}}]\n"),
        11,
        "actual.1.levers.average_check",
        "does not have this lever",
    ),
    (
        Code.UNKNOWN_PRODUCT,
        of_a_line("scenarios: {dear: {products: {Bok: {price: 30}}}}\n"),
        11,
        "scenarios.dear.products.Bok",
        "no product “Bok”; did you mean “Book”?",
    ),
    (
        Code.UNKNOWN_PRODUCT,
        SMALL + "scenarios: {dear: {products: {Book: {price: 30}}}}\n",
        10,
        "scenarios.dear.products.Book",
        "there is no product “Book”",
    ),
    (
        Code.NOT_A_SHARE,
        of_a_line("scenarios: {dear: {products: {Book: {margin: 30}}}}\n"),
        11,
        "scenarios.dear.products.Book.margin",
        "found “30” where a share is expected",
    ),
    (
        Code.UNKNOWN_FIELD,
        of_a_line("scenarios: {dear: {products: {Book: {prise: 30}}}}\n"),
        11,
        "scenarios.dear.products.Book.prise",
        "did you mean “price”?",
    ),
    (
        Code.ORDER,
        changed("20%", "{now: 20%, plan: {low: 30%, likely: 25%, high: 40%}}"),
        8,
        "levers.win_rate.plan",
        "low ≤ likely ≤ high must hold",
    ),
    (
        Code.NOT_A_SHARE,
        changed("20%", "{now: 20%, plan: {low: 30%, likely: 45%, high: 140%}}"),
        8,
        "levers.win_rate.plan",
        "where a share is expected",
    ),
    (
        Code.NOT_A_NUMBER,
        changed("20%", "{now: 20%, plan: {low: 30%, likely: lots, high: 40%}}"),
        8,
        "levers.win_rate.plan.likely",
        "found “lots”, which is no number",
    ),
    (
        Code.UNKNOWN_FIELD,
        changed("20%", "{now: 20%, plan: {low: 30%, likly: 35%, high: 40%}}"),
        8,
        "levers.win_rate.plan.likly",
        "did you mean “likely”?",
    ),
    (
        Code.NOT_POSITIVE,
        changed("20%", "{now: 20%, effort: 0}"),
        8,
        "levers.win_rate.effort",
        "found “0”; allowed are numbers above 0",
    ),
    (
        Code.NOT_YES_OR_NO,
        changed("20%", "{now: 20%, locked: perhaps}"),
        8,
        "levers.win_rate.locked",
        "found “perhaps”",
    ),
]


@pytest.mark.parametrize(("code", "text", "line", "field", "words"), BAD)
def test_a_bad_file_is_explained(
    code: Code, text: str | bytes, line: int | None, field: str, words: str, tmp_path: Path
) -> None:
    started = time.perf_counter()
    found = problems(tmp_path, text)
    assert time.perf_counter() - started < 5
    assert (code, line, field) in [place(problem) for problem in found]
    problem = next(p for p in found if place(p) == (code, line, field))
    assert words in problem_sentence(problem, ENGLISH)
    where = f"client.yaml:{line}: " if line else "client.yaml: "
    assert any(
        text.startswith(f"{tmp_path.name}/{where}{field}") for text in problem_lines(found, ENGLISH)
    )
    assert len(found) <= 2


ELSEWHERE = {
    Code.NOT_FOUND,  # below: the file
    Code.UNREADABLE,
    Code.NO_FOLDER,  # test_portfolio: of reports
    Code.UNKNOWN_SCENARIO,  # test_client: a notebook's parameters
    Code.NO_MARKETING,  # test_marketer: the marketer's notebook
    Code.NOT_IN_PROPORTION,  # test_marketer: its parameters
    Code.UNKNOWN_PARAMETER,
    Code.NO_NAME,  # test_save: saving a scenario
    Code.CHANGED,
    Code.NOT_WRITABLE,
    Code.NO_PLACE,
    Code.EXPORT,  # test_fill: exports beside the file
    Code.NO_EXPORTS,  # test_evidence: the notebook of evidence
}


def test_every_code_is_provoked() -> None:
    assert {case[0] for case in BAD} | ELSEWHERE == set(Code)


def test_several_problems_are_told_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = (
        SMALL.replace("currency: USD", "currency: dollars")
        .replace("lead_rate: 10%", "lead_rate: {now: 10%, best: 5%}")
        .replace("win_rate: 20%", "win_raet: 20%")
        .replace("average_check: 500", "average_check: 1,500")
    )
    text += "team: {overflow: queue}\nsales_cycle: [50%, 40%]\ntitle: Twice\n"
    assert [place(problem) for problem in problems(tmp_path, text)] == [
        (Code.NOT_ONE_OF, 3, "currency"),
        (Code.BEST_BELOW_NOW, 7, "levers.lead_rate.best"),
        (Code.UNKNOWN_FIELD, 8, "levers.win_raet"),
        (Code.AMBIGUOUS_NUMBER, 9, "levers.average_check"),
        (Code.NOT_ONE_OF, 10, "team.overflow"),
        (Code.CYCLE_NOT_ONE, 11, "sales_cycle"),
        (Code.TWICE, 12, "title"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (changed("b: 3000", "b: lots") + months_gone("2026-10"), Code.NOT_A_NUMBER),
        (
            changed("20%", "lots") + "actual: [{month: 2026-10, levers: {win_rate: 20%}}]\n",
            Code.NOT_A_NUMBER,
        ),
        (
            of_a_line("scenarios: {dear: {products: {Book: {price: 30}}}}\n").replace(
                "role: core", "role: hero"
            ),
            Code.NOT_ONE_OF,
        ),
    ],
)
def test_what_does_not_fit_is_told_once_and_not_where_it_is_used(
    text: str, code: Code, tmp_path: Path
) -> None:
    assert [problem.code for problem in problems(tmp_path, text)] == [code]


def test_what_a_misread_lever_hides_is_not_called_missing(tmp_path: Path) -> None:
    text = changed("average_check: 500", "average_check: dear")
    assert [place(p) for p in problems(tmp_path, text)] == [
        (Code.NOT_A_NUMBER, 9, "levers.average_check")
    ]


@pytest.mark.parametrize(
    ("text", "line", "field", "known"),
    [
        (SMALL + "Discount: 1%\n", 10, "Discount", "discount"),
        (SMALL + "product: []\n", 10, "product", "products"),
        (changed("months: 3", "month_s: 3"), 4, "goal.month_s", "months"),
        (
            changed("b: 3000", "b: 3000, c: {lable: C, month: 2027-01, value: 1}"),
            4,
            "goal.c.lable",
            "label",
        ),
        (changed("win_rate", "win_raet"), 8, "levers.win_raet", "win_rate"),
        (changed("win_rate", "Win-Rate"), 8, "levers.Win-Rate", "win_rate"),
        (changed("20%", "{now: 20%, bets: 30%}"), 8, "levers.win_rate.bets", "best"),
        (changed("20%", "{now: {wun: 1, of: 2}}"), 8, "levers.win_rate.now.wun", "won"),
        (
            changed("20%", "{now: {low: 0, likly: 0, high: 1}}"),
            8,
            "levers.win_rate.now.likly",
            "likely",
        ),
        (SMALL + LINE.replace("role", "rol"), 11, "products.1.rol", "role"),
        (
            SMALL + LINE.replace("price: 20", "price: {now: 20, plann: 30}"),
            11,
            "products.1.price.plann",
            "plan",
        ),
        (SMALL + "team: {lead_per_manager: 1}\n", 10, "team.lead_per_manager", "leads_per_manager"),
        (SMALL + "departments: {acount: {}}\n", 10, "departments.acount", "account"),
        (SMALL + "departments: {account: {nam: A}}\n", 10, "departments.account.nam", "name"),
        (SMALL + "scenarios: {x: {lever: {}}}\n", 10, "scenarios.x.lever", "levers"),
        (SMALL + "scenarios: {now_: {range: 1}}\n", 10, "scenarios.now_.range", ""),
        (
            SMALL + "scenarios: {x: {levers: {win_rat: 1}}}\n",
            10,
            "scenarios.x.levers.win_rat",
            "win_rate",
        ),
    ],
)
def test_an_unknown_field_names_the_nearest_or_all(
    text: str, line: int, field: str, known: str, tmp_path: Path
) -> None:
    found = {place(problem): problem for problem in problems(tmp_path, text)}
    problem = found[Code.UNKNOWN_FIELD, line, field]
    assert problem.values["nearest"] == known
    said = problem_sentence(problem, ENGLISH)
    assert f"did you mean “{known}”?" in said if known else "there are: " in said


def test_the_branches_of_now_leave_no_trace_in_paths(tmp_path: Path) -> None:
    text = changed("20%", "{now: {won: many, of: 0}}").replace(
        "10%", "{now: {low: a, likely: 2%, high: b}}"
    )
    text += LINE.replace("price: 20", "price: {now: dear}").replace("50%", "{now: {low: -1}}")
    assert {(problem.line, problem.field) for problem in problems(tmp_path, text)} == {
        (7, "levers.lead_rate.now.low"),
        (7, "levers.lead_rate.now.high"),
        (8, "levers.win_rate.now.won"),
        (8, "levers.win_rate.now.of"),
        (11, "products.1.price.now"),
        (11, "products.1.margin.now.low"),
        (11, "products.1.margin.now.likely"),
        (11, "products.1.margin.now.high"),
    }


def test_nothing_in_a_file_is_executed(tmp_path: Path) -> None:
    flag = tmp_path / "executed"
    for tag in ("apply:os.system", "apply:builtins.eval", "new:subprocess.Popen"):
        text = SMALL + f"demo: !!python/object/{tag} ['touch {flag}']\n"
        assert [p.code for p in problems(tmp_path, text)] == [Code.TAG]
    assert not flag.exists()


def test_an_alias_bomb_is_refused_at_once(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    started = time.perf_counter()
    assert [place(p) for p in problems(tmp_path, bomb)] == [(Code.ALIAS, 2, "")]
    assert time.perf_counter() - started < 1


def test_the_largest_file_is_read_in_seconds(tmp_path: Path) -> None:
    text = SMALL + "scenarios:\n"
    for n in range(5000):
        text += f"  s{n}: {{levers: {{win_rate: 20%}}}}\n"
    assert document.MAX_BYTES * 0.8 < len(text) < document.MAX_BYTES
    started = time.perf_counter()
    assert problems(tmp_path, text) == ()
    assert time.perf_counter() - started < 30


# ---------------------------------------------------------------- files and folders


def refused(path: Path) -> Problem:
    with pytest.raises(ClientFileError) as raised:
        read_client(path)
    (problem,) = raised.value.problems
    return problem


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    problem = refused(tmp_path / "client.yaml")
    assert problem.code is Code.NOT_FOUND
    assert problem.file == f"{tmp_path.name}/client.yaml"


def test_a_folder_or_a_pipe_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "client.yaml").mkdir()
    assert refused(tmp_path / "client.yaml").code is Code.UNREADABLE
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.yaml")
        assert refused(tmp_path / "pipe.yaml").code is Code.UNREADABLE


def test_a_file_one_may_not_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    file = write(tmp_path, SMALL)
    monkeypatch.setattr(Path, "open", forbid)
    problem = refused(file)
    assert problem.code is Code.UNREADABLE
    assert "Permission denied" in problem_sentence(problem, ENGLISH)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two clients; the working folder lies deep in it."""
    for name in ("bakery", "dental"):
        folder = tmp_path / "data" / "clients" / name
        folder.mkdir(parents=True)
        write(folder, SMALL)
    (tmp_path / "data" / "clients" / "empty").mkdir()
    deep = tmp_path / "notebooks" / "ru"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    return tmp_path


def test_a_client_is_found_by_name_from_any_folder_below(tree: Path) -> None:
    file = (tree / "data" / "clients" / "bakery" / "client.yaml").resolve()
    assert find("bakery") == file
    assert client_names(tree / "data" / "clients") == ["bakery", "dental"]


def test_a_demo_is_found_from_anywhere(tree: Path) -> None:
    assert tree.is_dir()
    assert find(DEMOS[0]) == (CLIENTS / DEMOS[0] / "client.yaml").resolve()


def test_a_client_is_found_by_path_of_file_or_folder(tree: Path) -> None:
    file = (tree / "data" / "clients" / "dental" / "client.yaml").resolve()
    assert find("../../data/clients/dental") == file
    assert find(str(file)) == file
    assert find(str(file.parent) + "/") == file


def test_a_given_folder_is_the_only_one(tree: Path) -> None:
    with pytest.raises(ClientFileError) as raised:
        find("bakery", tree)
    assert raised.value.problems[0].code is Code.NOT_FOUND
    assert find("bakery", tree / "data" / "clients").parent.name == "bakery"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "~",
        "*",
        "bak*",
        "empty",
        "../bakery",
        "../../data/clients/empty",
        "/",
        "/bakery",
        "~nobody-of-this-name/x",
        "a\0b/c",
        "\0",
        "x" * 5000,
        "x/" * 3000,
        "missing.yaml",
        "<script>",
        "bakery\n",
    ],
)
def test_a_name_that_is_no_clients_is_not_found(name: str, tree: Path) -> None:
    assert tree.is_dir()
    with pytest.raises(ClientFileError) as raised:
        find(name)
    (problem,) = raised.value.problems
    assert problem.code is Code.NOT_FOUND
    assert len(problem_sentence(problem, ENGLISH)) < 500


def test_an_unknown_name_names_the_nearest(tree: Path) -> None:
    assert tree.is_dir()
    with pytest.raises(ClientFileError) as raised:
        find("bakeri")
    assert "did you mean “bakery”?" in problem_sentence(raised.value.problems[0], ENGLISH)
    with pytest.raises(ClientFileError) as raised:
        find("zzz")
    said = problem_sentence(raised.value.problems[0], ENGLISH)
    assert "there are: bakery, cdnow, dental, dom" in said


# ---------------------------------------------------------------- whatever people do to a file

ODD = [
    "{",
    "]",
    "'",
    '"',
    ":",
    ": ",
    "- ",
    "#",
    "\t",
    "\n",
    "  ",
    "&a ",
    "*a",
    "!!int ",
    "|",
    "> ",
    "~",
    "\x00",
    "\x85",
    "\u2028",
    "\ufeff",
    "½",
    "-1",
    "1e400",
    ".nan",
    "null",
    "{}",
    "[]",
    "? ",
    "<<: ",
    "---\n",
    "...\n",
    "%",
]


def mutated(text: str, chance: random.Random) -> str:
    """Do to a file what a hurried person does to it."""
    for _ in range(chance.randint(1, 3)):
        lines = text.splitlines(keepends=True)
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(6):
            case 0:
                del lines[at]
            case 1:
                lines[at], lines[other] = lines[other], lines[at]
            case 2:
                lines.insert(at, lines[other])
            case 3:
                key, colon, _ = lines[at].partition(":")
                lines[at] = key + colon + lines[other].partition(":")[2]
            case 4:
                cut = chance.randrange(len(lines[at]))
                lines[at] = lines[at][:cut] + chance.choice(ODD) + lines[at][cut:]
            case _:
                cut = chance.randrange(len(lines[at]))
                lines[at] = lines[at][:cut] + lines[at][cut + chance.randint(1, 9) :]
        text = "".join(lines) or "\n"
    return text


@pytest.mark.parametrize("seed", range(120))
def test_a_spoilt_file_is_read_or_explained(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    original = (CLIENTS / DEMOS[seed % len(DEMOS)] / "client.yaml").read_text(encoding="utf-8")
    text = mutated(original, chance)
    for problem in problems(tmp_path, text):
        assert problem.line is None or 1 <= problem.line <= text.count("\n") + 2
        for language in ("en", "ru"):
            said = problem_sentence(problem, Words(language=language))
            assert "{" not in said.replace(problem.found, "").replace("{low: 1", "")


JUNK = st.recursive(
    st.sampled_from(["", "x", "1", "20%", "-1", "1e9", "no", "2026-09", "é", "core", "won", "now"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["now", "won", "of", "low", "likely", "high", "plan", "x", *LEVERS]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
TOP = ["title", "demo", "language", "currency", "goal", "active_customers", "sales_cycle"]
TOP += ["discount", "team", "levers", "products", "marketing", "departments", "scenarios"]


def as_yaml(value: object) -> str:
    """Write data as flow YAML, every text in quotes or plain."""
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {as_yaml(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(as_yaml, value)) + "]"
        case _:
            return str(value)


@given(st.dictionaries(st.sampled_from(TOP), JUNK, max_size=5))
def test_any_shape_is_read_or_explained(
    tmp_path_factory: pytest.TempPathFactory, junk: dict[str, object]
) -> None:
    kept = [line for line in SMALL.splitlines() if line.partition(":")[0] not in junk]
    if "levers" in junk:
        kept = [line for line in kept if not line.startswith("  ")]
    text = "\n".join(kept + [f"{key}: {as_yaml(value)}" for key, value in junk.items()])
    folder = tmp_path_factory.getbasetemp()
    for problem in problems(folder, text):
        assert problem_sentence(problem, ENGLISH)
