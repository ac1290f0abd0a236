"""What in a file is doubtful: found as data, worded beside."""

import re
from pathlib import Path

import pytest

from funnelkit.client.client import Client
from funnelkit.client.document import load
from funnelkit.client.doubts import FEW, Doubt, Matter, Remark, doubts
from funnelkit.client.read import client_names, find, read_client
from funnelkit.plan.diagnosis import Case, Verdict
from funnelkit.plan.gates import Finding, Gate
from funnelkit.show.doubts import SENTENCES, doubt_lines, doubt_sentence
from funnelkit.show.words import Words
from tests.client.files import LINE, SMALL, write

CLIENTS = Path(__file__).parents[2] / "data" / "clients"

SOUND = """\
title: Sound
language: en
currency: USD
goal: {month: 2026-09, months: 3, a: 10_000, b: 12_000}
active_customers: 10
team: {leads_per_manager: 200}
levers:
  retention_rate: {now: 99%}
  visitors: {now: 1_000, plan: 1_300, best: 2_000}
  lead_rate: 10%
  win_rate: {now: {won: 20, of: 100}, plan: 22%, best: 30%}
  average_check: {now: 500, best: 600}
  refund_rate: {now: 0%}
  managers: {now: 1, best: 2}
  margin: 50%
  fixed_costs: 1_000
  cost_per_manager: 100
  marketing_fixed: 100
  cost_per_visitor: 1
"""
"""A file without doubts."""


def client(folder: Path, text: str) -> Client:
    return read_client(write(folder, text))


def kinds(found: tuple[Doubt, ...]) -> list[Case | Gate | Matter]:
    return [kind(doubt) for doubt in found]


def kind(doubt: Doubt) -> Case | Gate | Matter:
    match doubt.about:
        case Verdict(case=case):
            return case
        case Finding(gate=gate):
            return gate
        case Remark(matter=matter):
            return matter


def changed(*pieces: str) -> str:
    text = SOUND
    for old, new in zip(pieces[::2], pieces[1::2], strict=True):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def lines(folder: Path, text: str, language: str = "en") -> list[str]:
    one = client(folder, text)
    words = Words(language=language, currency=one.currency)
    said = doubt_lines(doubts(one), one, load(one.path, "x"), words)
    return [line.removeprefix(f"{folder.name}/client.yaml:") for line in said]


def test_a_sound_file_has_none(tmp_path: Path) -> None:
    assert doubts(client(tmp_path, SOUND)) == ()


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        (
            ("a: 10_000", "a: 8_000"),
            "4: goal.a: A is $8,000, but the levers give $10,000: check which is right.",
        ),
        (
            ("best: 2_000", "best: 1_299"),
            "9: levers.visitors: The plan asks for more than is realistic from: visitors.",
        ),
        (
            ("{now: 99%}", "{now: 98%, plan: 99%, start: 2}"),
            "8: levers.retention_rate.start: Retention starts to rise too late to help B's month; "
            "it pays only afterwards.",
        ),
        (
            ("plan: 22%", "plan: 19%"),
            "11: levers.win_rate.plan: Won deals: planned worse than now, 19% after 20%.",
        ),
        (
            ("{now: 0%}", "{now: 1%, plan: 2%}", "a: 10_000", "a: 9_900"),
            "13: levers.refund_rate.plan: Refunds: planned worse than now, 2% after 1%.",
        ),
        (
            ("leads_per_manager: 200", "leads_per_manager: 80", "a: 10_000", "a: 8_000"),
            "6: team.leads_per_manager: 100 leads a month meet a team that gets through 80.",
        ),
        (
            ("active_customers: 10", "active_customers: 10\nsales_cycle: [0, 0, 0, 1]"),
            "6: sales_cycle: No deal begun now closes by B's month: the sales cycle is longer.",
        ),
        (
            ("  margin: 50%\n", ""),
            "7: levers: Contribution is not known without: margin.",
        ),
        (
            ("  cost_per_visitor: 1\n", ""),
            "7: levers: Profit is not known without: cost_per_visitor.",
        ),
        (
            ("won: 20, of: 100", "won: 4, of: 20"),
            "11: levers.win_rate.now: Won deals: counted on 20 only, the true share may be 8.1% to "
            "41.6%.",
        ),
        (
            ("plan: 22%", "plan: 24%"),
            "11: levers.win_rate: Won deals are to grow by ×1.2, with refunds and retention taken "
            "as unchanged.",
        ),
        (
            ("{won: 20, of: 100}", "20%"),
            "7: levers: No conversion has been counted; every number is typed or guessed.",
        ),
        (
            ("plan: 1_300, ", "", "plan: 22%, ", ""),
            "7: levers: The plan moves nothing yet: give levers a “plan”.",
        ),
        (
            ("{now: 99%}", "{now: 99%, assumed: true}"),
            "7: levers: Assumed, not measured: retention_rate.",
        ),
    ],
)
def test_a_doubt_is_told_with_its_place(pieces: tuple[str, ...], said: str, tmp_path: Path) -> None:
    assert said in lines(tmp_path, changed(*pieces))
    assert len(lines(tmp_path, changed(*pieces))) == 1


def test_they_come_in_the_file_s_order(tmp_path: Path) -> None:
    text = changed("a: 10_000", "a: 8_000", "won: 20, of: 100", "won: 4, of: 20", "plan: 22%, ", "")
    said = lines(tmp_path, text.replace("  margin: 50%\n", ""))
    assert [line.split(":")[0] for line in said] == ["4", "7", "11"]


def test_each_input_is_missing_once(tmp_path: Path) -> None:
    found = doubts(client(tmp_path, SMALL))
    named = [d.about.names for d in found if kind(d) is Matter.METRIC_MISSING]  # type: ignore[union-attr]
    assert named == [
        ("margin",),
        ("managers", "fixed_costs", "cost_per_manager", "marketing_fixed", "cost_per_visitor"),
    ]


def test_a_product_is_found_by_its_place(tmp_path: Path) -> None:
    text = SMALL.replace("  average_check: 500\n", "") + LINE.replace(
        "price: 20", "price: {now: 20, plan: 15}"
    )
    found = [d for d in doubts(client(tmp_path, text)) if kind(d) is Matter.WORSE_THAN_NOW]
    assert [d.path for d in found] == [("products", 0, "price", "plan")]
    words = Words(language="en", currency="USD")
    assert doubt_sentence(found[0], words) == "First check: planned worse than now, $15 after $20."


def test_a_plan_that_somebody_rounded_is_no_worse(tmp_path: Path) -> None:
    text = changed("won: 20, of: 100, plan".replace(", plan", ""), "won: 221, of: 1000")
    assert doubts(client(tmp_path, text.replace("a: 10_000", "a: 11_000"))) == ()


def test_thirty_are_enough(tmp_path: Path) -> None:
    text = changed("won: 20, of: 100", f"won: {FEW // 5}, of: {FEW}")
    assert doubts(client(tmp_path, text)) == ()


@pytest.mark.parametrize("name", client_names(CLIENTS))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_demos_doubts_have_words(name: str, language: str) -> None:
    one = read_client(find(name, CLIENTS))
    words = Words(language=language, currency=one.currency)
    for line in doubt_lines(doubts(one), one, load(one.path, name), words):
        assert re.match(rf"{name}/client\.yaml:\d+: [a-z_.0-9]+: .+\.$", line)
        assert not re.search(r"{\w*}|None|nan", line)


def test_every_matter_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Matter)
