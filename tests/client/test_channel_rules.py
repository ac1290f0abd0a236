"""What cannot be in the channels of a file: each told once, with its line, in both languages."""

import re
from pathlib import Path

import pytest

from funnelkit.client.problems import Code
from funnelkit.show.problems import problem_sentence
from funnelkit.show.words import Words
from tests.client.files import MARKETED, SMALL, problems, remarketed

HISTORY = "[{spend: 500, leads: 30}, {spend: 1_000, leads: 50}]"
THREE = "[{spend: 500, leads: 30}, {spend: 800, leads: 40}, {spend: 1_000, leads: 45}]"

BAD = [
    # pieces of the file, code, line, field, words of the sentence in English and Russian
    (
        ("name: Articles", "name: Search"),
        [(Code.TWICE, 18, "channels.2.name", "first in line 13", "впервые в строке 13")],
    ),
    (
        (
            "  running:",
            "  stages: [win_rate, demo, demo]\n  running:",
            "price: 2",
            "rates: {demo: 1}\n      price: 2",
        ),
        [(Code.TWICE, 11, "stages.3", "first in line 11", "впервые в строке 11")],
    ),
    (
        ("price: 2\n", "price: 0\n"),
        [(Code.NOT_POSITIVE, 15, "channels.1.price", "above 0", "больше 0")],
    ),
    (
        ("price: 2\n", "price: {now: 2, plan: 0}\n"),
        [(Code.NOT_POSITIVE, 15, "channels.1.price.plan", "“0”", "«0»")],
    ),
    (
        ("price: 2\n", "price: {now: {low: 0, likely: 2, high: 3}}\n"),
        [(Code.NOT_POSITIVE, 15, "channels.1.price.now.low", "“0”", "«0»")],
    ),
    (
        ("      price: 2\n", ""),
        [(Code.MISSING, 13, "channels.1.price", "add it", "добавьте")],
    ),
    (
        ("price: 2\n", "price: -2\n"),
        [(Code.OUT_OF_RANGE, 15, "channels.1.price", "0 to 1,000", "от 0 до 1")],
    ),
    (
        ("price: 2\n", "price: {now: 2, best: 3}\n"),
        [(Code.BEST_BELOW_NOW, 15, "channels.1.price.best", "worse", "хуже")],
    ),
    (
        ("landing_rate: 10%", "landing_rate: 110%"),
        [(Code.NOT_A_SHARE, 16, "channels.1.landing_rate", "0 to 1", "от 0 до 1")],
    ),
    (
        ("landing_rate: 10%", "landing_rate: {now: 10%, plan: 1.5}"),
        [(Code.NOT_A_SHARE, 16, "channels.1.landing_rate.plan", "“1.5”", "«1.5»")],
    ),
    (
        ("landing_rate: 10%", "landing_rate: {now: -10%, plan: 15%}"),
        [(Code.NOT_A_SHARE, 16, "channels.1.landing_rate.now", "“-10%”", "«-10%»")],
    ),
    (
        ("landing_rate: 10%", "landing_rate: {now: {won: 9, of: 8}}"),
        [(Code.ORDER, 16, "channels.1.landing_rate.now", "won ≤ of", "won ≤ of")],
    ),
    (
        ("landing_rate: 10%", "landing_rate: 10%\n      rates: {win_rate: 2}"),
        [(Code.NOT_A_SHARE, 17, "channels.1.rates.win_rate", "“2”", "«2»")],
    ),
    (
        ("landing_rate: 10%", "landing_rate: 10%\n      rates: {win_rate: -2%}"),
        [(Code.NOT_A_SHARE, 17, "channels.1.rates.win_rate", "“-2%”", "«-2%»")],
    ),
    (
        ("landing_rate: 10%", "landing_rate: 10%\n      repeat_share: 2"),
        [(Code.NOT_A_SHARE, 17, "channels.1.repeat_share", "“2”", "«2»")],
    ),
    (
        ("landing_rate: 10%", "landing_rate: 10%\n      margin: 120%"),
        [(Code.OUT_OF_RANGE, 17, "channels.1.margin", "to 1", "до 1")],
    ),
    (
        ("  running:", "  economics: {agency_share: 30}\n  running:"),
        [(Code.NOT_A_SHARE, 11, "economics.agency_share", "“30”", "«30»")],
    ),
    (
        ("  running:", "  tax: {rate: 7}\n  running:"),
        [(Code.NOT_A_SHARE, 11, "tax.rate", "“7”", "«7»")],
    ),
    (
        ("  running:", "  target: {metric: roas, value: 0}\n  running:"),
        [(Code.NOT_POSITIVE, 11, "target.value", "above 0", "больше 0")],
    ),
    (
        ("  running:", "  target: {metric: romi, value: 1}\n  running:"),
        [(Code.NOT_ONE_OF, 11, "target.metric", "roas, drr, cpo", "roas, drr, cpo")],
    ),
    (
        ("share: 10%", "share: 130%"),
        [(Code.NOT_A_SHARE, 23, "channels.3.recovers.share", "“130%”", "«130%»")],
    ),
    (
        ("share: 10%", "share: -1%"),
        [(Code.NOT_A_SHARE, 23, "channels.3.recovers.share", "“-1%”", "«-1%»")],
    ),
    (
        ("delay: 1", "delay: 61"),
        [(Code.OUT_OF_RANGE, 23, "channels.3.recovers.delay", "0 to 60", "от 0 до 60")],
    ),
    (
        ("of: visitors", "of: clicks"),
        [(Code.NOT_ONE_OF, 23, "channels.3.recovers.of", "visitors, leads", "visitors, leads")],
    ),
    (
        ("price: 2\n", "price: 2\n      buys: banners\n"),
        [
            (
                Code.NOT_ONE_OF,
                16,
                "channels.1.buys",
                "allowed: impressions, clicks, leads",
                "impressions, clicks, leads",
            )
        ],
    ),
    (
        ("name: Search", "name: Search\n      leads: 4"),
        [(Code.TWO_STARTS, 13, "channels.1", "found: budget, leads", "указано: budget, leads")],
    ),
    (
        (HISTORY, "[]", "      budget: {now: 1_000, plan: 2_000, best: 9_000}\n", ""),
        [
            (Code.NO_START, 13, "channels.1", "begins with one of budget", "с одного из: budget"),
            (Code.NOT_OF_CHANNEL, 26, None, "it has: price, landing_rate", "есть: price"),
        ],
    ),
    (
        (HISTORY, "[{spend: 500, leads: 30}]"),
        [(Code.HISTORY_TOO_SHORT, 17, "channels.1.history", "has 1 different", "в истории: 1")],
    ),
    (
        (HISTORY, "[{spend: 500, leads: 30}, {spend: 500, leads: 50}]"),
        [(Code.HISTORY_TOO_SHORT, 17, "channels.1.history", "has 1 different", "в истории: 1")],
    ),
    (
        (HISTORY, f"{HISTORY}\n      curve: hill"),
        [(Code.HISTORY_TOO_SHORT, 17, "channels.1.history", "has 2 different", "в истории: 2")],
    ),
    (
        (HISTORY, "[{spend: 500, leads: 50}, {spend: 1_000, leads: 30}]"),
        [(Code.HISTORY_FALLING, 17, "channels.1.history", "fewer leads", "меньше лидов")],
    ),
    (
        (HISTORY, "[{spend: 500, leads: -5}, {spend: 1_000, leads: 30}]"),
        [(Code.OUT_OF_RANGE, 17, "channels.1.history.1.leads", "“-5”", "«-5»")],
    ),
    (
        ("best: 9_000}", "best: 9_000}\n      least: 9_001"),
        [(Code.ORDER, 15, "channels.1.least", "least ≤ best", "least ≤ best")],
    ),
    (
        ("best: 9_000", "best: 900"),
        [(Code.BEST_BELOW_NOW, 14, "channels.1.budget.best", "worse", "хуже")],
    ),
    (
        ("month: 2026-10", "month: 2027-03"),
        [(Code.RUNNING_OUTSIDE, 11, "running.month", "of the 5 after it", "всего 5")],
    ),
    (
        ("days_gone: 12", "days_gone: 32"),
        [(Code.OUT_OF_RANGE, 11, "running.days_gone", "1 to 31", "от 1 до 31")],
    ),
    (
        ("month: 2026-10, days_gone: 12", "month: 2026-11, days_gone: 31"),
        [(Code.OUT_OF_RANGE, 11, "running.days_gone", "1 to 30", "от 1 до 30")],
    ),
    (
        ("  running: {month: 2026-10, days_gone: 12}\n", ""),
        [(Code.MISSING, 10, "running", "add it", "добавьте")],
    ),
    (
        ("{Search: {budget: 3_000}}", "{Search: {budget: 3_000, price: 0}}"),
        [(Code.NOT_POSITIVE, 27, None, "above 0", "больше 0")],
    ),
    (
        ("{Search: {budget: 3_000}}", "{Search: {landing_rate: 3}}"),
        [(Code.NOT_A_SHARE, 27, None, "“3”", "«3»")],
    ),
    (
        ("{Search: {budget: 3_000}}", "{Search: {bugdet: 3_000}}"),
        [(Code.UNKNOWN_FIELD, 27, None, "mean “budget”", "«budget»")],
    ),
    (
        ("{Search: {budget: 3_000}}", "{Retargeting: {landing_rate: 3%, shares: 20%}}"),
        [(Code.UNKNOWN_FIELD, 27, None, "mean “share”", "«share»")],
    ),
    (
        ("name: Search", "nmae: Search"),
        [
            (Code.MISSING, 13, "channels.1.name", "add it", "добавьте"),
            (Code.UNKNOWN_FIELD, 13, "channels.1.nmae", "mean “name”", "«name»"),
        ],
    ),
    (
        ("share: 10%", "shar: 10%"),
        [
            (Code.MISSING, 23, "channels.3.recovers.share", "add it", "добавьте"),
            (Code.UNKNOWN_FIELD, 23, "channels.3.recovers.shar", "“share”", "«share»"),
        ],
    ),
    (
        ("{leads: 2}", "{lead: 2}"),
        [(Code.UNKNOWN_FIELD, 21, "channels.2.fact.lead", "“leads”", "«leads»")],
    ),
    (
        ("{spend: 500,", "{spent: 500, spend: 500,"),
        [(Code.UNKNOWN_FIELD, 17, "channels.1.history.1.spent", "“spend”", "«spend»")],
    ),
    (
        ("plan: 2_000", "paln: 2_000"),
        [(Code.UNKNOWN_FIELD, 14, "channels.1.budget.paln", "“plan”", "«plan»")],
    ),
    (
        ("  running:", "  econmics: {}\n  running:"),
        [(Code.UNKNOWN_FIELD, 11, "econmics", "“economics”", "«economics»")],
    ),
    (
        ("  running:", "  tax: {rates: 1%, rate: 1%}\n  running:"),
        [(Code.UNKNOWN_FIELD, 11, "tax.rates", "“rate”", "«rate»")],
    ),
]


@pytest.mark.parametrize(("pieces", "expected"), BAD)
def test_what_cannot_be_is_told_at_its_place(
    pieces: tuple[str, ...],
    expected: list[tuple[Code, int, str | None, str, str]],
    tmp_path: Path,
) -> None:
    found = problems(tmp_path, remarketed(*pieces))
    assert [(p.code, p.line) for p in found] == [(code, line) for code, line, *_ in expected]
    for problem, (_code, _line, field, english, russian) in zip(found, expected, strict=True):
        assert field is None or problem.field == f"marketing.{field}"
        said = problem_sentence(problem, Words(language="en"))
        assert english in said
        said = problem_sentence(problem, Words(language="ru"))
        assert russian in said
        assert re.search("[а-я]", said)


GOOD = [
    ("price: 2", "price: 2\n      margin: -20%"),  # a margin below 0 is a loss, not a mistake
    ("price: 2", "price: 2\n      unit_cost: 900"),
    ("landing_rate: 10%", "landing_rate: 0"),
    ("landing_rate: 10%", "landing_rate: 100%"),
    ("now: 1_000, plan: 2_000, best: 9_000", "now: 0"),  # no traffic
    ("{now: 300, plan: 400}", "0"),
    ("price: 1\n", "price: 0\n"),
    ("share: 10%", "share: 0"),
    (HISTORY, f"{THREE}\n      curve: hill"),
    (HISTORY, "[{spend: 0, leads: 0}, {spend: 500, leads: 30}, {spend: 1_000, leads: 50}]"),
    ("      landing_rate: 10%\n", ""),  # incomplete: left out and named among the doubts
    ("month: 2026-10", "month: 2026-09"),
    ("month: 2026-10", "month: 2027-02"),
    ("  running:", "  target: {metric: roas, value: 0.01}\n  running:"),
    ("  running:", "  stages: [demo_rate, win_rate]\n  running:"),
]


@pytest.mark.parametrize(("old", "new"), GOOD)
def test_what_may_be_is_no_problem(old: str, new: str, tmp_path: Path) -> None:
    text = remarketed(old, new)
    if "demo_rate" in new:  # one channel has it
        text = text.replace("price: 2\n", "price: 2\n      rates: {demo_rate: 50%}\n")
    assert problems(tmp_path, text) == ()


@pytest.mark.parametrize(
    "name", ["impressions", "orders", "budget", "price", "share", "ctr", "now", "amount"]
)
def test_a_stage_is_called_otherwise_than_any_number_of_a_channel(
    name: str, tmp_path: Path
) -> None:
    text = remarketed("  running:", f"  stages: [win_rate, {name}]\n  running:")
    assert [(p.code, p.line) for p in problems(tmp_path, text)] == [(Code.RESERVED_STAGE, 11)]


@pytest.mark.parametrize("name", ["managers", "margin", "visitors", "collection_new"])
def test_a_stage_is_called_otherwise_than_the_owners_other_levers(
    name: str, tmp_path: Path
) -> None:
    text = remarketed("  running:", f"  stages: [win_rate, {name}]\n  running:")
    assert [(p.code, p.line) for p in problems(tmp_path, text)] == [(Code.RESERVED_STAGE, 11)]


@pytest.mark.parametrize("lever", ["visitors", "lead_rate", "cost_per_visitor", "marketing_fixed"])
def test_channels_stand_for_levers(lever: str, tmp_path: Path) -> None:
    text = remarketed("  win_rate: 20%", f"  win_rate: 20%\n  {lever}: 10%")
    found = [(p.code, p.line, p.field) for p in problems(tmp_path, text)]
    assert found == [(Code.CHANNELS_AND_LEVER, 8, f"levers.{lever}")]


def test_channels_of_a_scenario_need_channels(tmp_path: Path) -> None:
    text = SMALL + "scenarios: {more: {channels: {Search: {budget: 1}}}}\n"
    (problem,) = problems(tmp_path, text)
    assert (problem.code, problem.field) == (Code.MISSING, "marketing")


def test_where_no_channel_is_complete_nothing_can_be_counted(tmp_path: Path) -> None:
    text = MARKETED.replace("      landing_rate: 10%\n", "").replace("      landing_rate: 5%\n", "")
    text = text.replace("      landing_rate: {now: {won: 6, of: 300}}\n", "")
    (problem,) = problems(tmp_path, text)
    assert (problem.code, problem.line) == (Code.NO_CHANNEL, 12)


def test_all_is_told_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = remarketed(
        "name: Articles",
        "name: Search",
        "price: 2\n",
        "price: 0\n",
        "leads: 50",
        "leads: 5",
        "{Search:",
        "{Serach:",
        "month: 2026-10",
        "month: 2025-10",
    )
    assert [(p.code, p.line) for p in problems(tmp_path, text)] == [
        (Code.RUNNING_OUTSIDE, 11),
        (Code.NOT_POSITIVE, 15),
        (Code.HISTORY_FALLING, 17),
        (Code.TWICE, 18),
        (Code.UNKNOWN_CHANNEL, 27),
    ]
