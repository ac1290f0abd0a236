"""What is possible in the channels and yet doubtful, with its line, in both languages."""

import re
from pathlib import Path

import pytest

from funnelkit.client.document import load
from funnelkit.client.doubts import doubts
from funnelkit.client.read import read_client
from funnelkit.client.remark import Remark
from funnelkit.show.doubts import doubt_lines
from funnelkit.show.words import Words
from tests.client.files import remarketed, write

SOUND = ("plan: 2_000", "plan: 1_000")


def lines(folder: Path, *pieces: str, language: str = "en") -> list[str]:
    """Lines of what is doubtful in the channels alone."""
    one = read_client(write(folder, remarketed(*pieces)))
    found = tuple(
        doubt
        for doubt in doubts(one)
        if doubt.path[0] == "marketing" and isinstance(doubt.about, Remark)
    )
    words = Words(language=language, currency=one.currency)
    said = doubt_lines(found, one, load(one.path, "x"), words)
    return [line.removeprefix(f"{folder.name}/client.yaml:") for line in said]


def test_sound_channels_have_none(tmp_path: Path) -> None:
    assert lines(tmp_path, *SOUND) == []


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        (
            ("      landing_rate: 10%\n", ""),
            "13: marketing.channels.1: Search is left out of all totals: there is no conversion "
            "landing_rate.",
        ),
        (
            (
                "price: 2\n",
                "price: 2\n      rates: {demo: 40%}\n",
                "  running:",
                "  stages: [demo, win_rate]\n  running:",
                "price: 1\n",
                "price: 1\n      skips: [demo]\n",
            ),
            "20: marketing.channels.2: Articles is left out of all totals: there is no conversion "
            "demo.",
        ),
        (
            (
                "      history: [{spend: 500, leads: 30}, {spend: 1_000, leads: 50}]\n",
                "",
                ", best: 9_000",
                "",
            ),
            "14: marketing.channels.1.budget: Search has neither a history nor a “best” budget, "
            "so its returns never diminish.",
        ),
        (
            ("plan: 1_000", "plan: 1_500"),
            "14: marketing.channels.1.budget: Search: $1,500 a month is planned, and its history "
            "has seen $1,000 at most.",
        ),
        (
            ("price: 2\n", "price: 2\n      ctr: 1%\n      audience: 9_000\n      frequency: 5\n"),
            # 500 clicks at 1 % are 50,000 impressions, five a person
            "17: marketing.channels.1.audience: Search: the plan has to reach 10,000 people, and "
            "there are 9,000.",
        ),
        (
            ("price: 2\n", "price: 2\n      margin: -20%\n"),
            "13: marketing.channels.1: Search: each order loses $100 before any advertising.",
        ),
        (
            (
                "price: 2\n",
                "price: 2\n      margin: 5%\n",
                "  running:",
                "  target: {metric: roas, value: 3}\n  running:",
            ),
            # a third of 500 is 166.67 of media, and 25 are left; retargeting earns 200
            "11: marketing.target: Search: at this target each order loses $142; advertising "
            "breaks even at a ROAS of 20.",
        ),
        (
            ("price: 2\n", "price: {now: 2, assumed: true}\n"),
            "12: marketing.channels: Assumed, not measured: Search.price.",
        ),
    ],
)
def test_a_doubt_is_told_with_its_place(pieces: tuple[str, ...], said: str, tmp_path: Path) -> None:
    both = pieces if pieces[0].startswith("plan:") else (*SOUND, *pieces)
    if pieces[0].startswith("plan:"):
        both = (pieces[0].replace("1_000", "2_000"), pieces[1])
    assert lines(tmp_path, *both) == [said]
    (russian,) = lines(tmp_path, *both, language="ru")
    assert re.search("[а-я]", russian)
    assert russian.split(":")[0] == said.split(":")[0]


def test_a_target_below_break_even_is_allowed_and_says_the_loss(tmp_path: Path) -> None:
    """An order of 500 earns 200; a ROAS of 2 spends 250. All channels read alike."""
    target = "  target: {metric: roas, value: 2}\n  running:"
    assert lines(tmp_path, *SOUND, "  running:", target) == [
        "11: marketing.target: Search, Retargeting: at this target each order loses $50; "
        "advertising breaks even at a ROAS of 2.5."
    ]
    even = target.replace("value: 2}", "value: 2.5}")
    assert lines(tmp_path, *SOUND, "  running:", even) == []


def test_channels_that_read_alike_are_one_line_whatever_their_last_digit(tmp_path: Path) -> None:
    pieces = ("  running:", "  target: {metric: cpo, value: 333.33}\n  running:")
    own = ("price: 2\n", "price: 2\n      check: 500.0000001\n")
    (said,) = lines(tmp_path, *SOUND, *pieces, *own)
    assert "Search, Retargeting: at this target each order loses $133;" in said
    apart = lines(tmp_path, *SOUND, *pieces, "price: 2\n", "price: 2\n      check: 550\n")
    assert [line.split(": ")[2] for line in apart] == ["Search", "Retargeting"]


def test_a_mark_on_a_channel_is_read_in_the_files_own_words(tmp_path: Path) -> None:
    name = "{found} <b> %s"
    text = remarketed(*SOUND, "name: Search", f'name: "{name}"', "{Search:", f'{{"{name}":')
    one = read_client(write(tmp_path, text.replace("      landing_rate: 10%\n", "")))
    said = doubt_lines(doubts(one), one, load(one.path, "x"), Words(language="en", currency="USD"))
    assert any(f"{name} is left out" in line for line in said)
