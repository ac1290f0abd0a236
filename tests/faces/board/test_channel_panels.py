"""The marketer's sliders: which there are, where they end, what is marked on them."""

from math import isclose, sqrt
from pathlib import Path

import pytest

from funnelkit.client.client import Client
from funnelkit.client.read import read_client
from funnelkit.faces.board.channel_moves import AMOUNT
from funnelkit.faces.board.channel_panels import MOST, channel_panels
from funnelkit.faces.board.slider import LTV, Panel, Slider, ltv_slider, step_of
from funnelkit.model.levers import Unit
from funnelkit.plan.scenario import Scenario
from tests.client.files import write
from tests.faces.board.boards import (
    CHANNELS,
    FREE,
    SEARCH,
    SOCIAL,
    WORD,
    as_sent,
    client_of,
    with_channels,
    words_of,
)

CLIENT = {name: client_of(name) for name in ("mealbox", "saldo")}
both = pytest.mark.parametrize("client", CLIENT.values(), ids=CLIENT)


def panels_of(client: Client, scenario: Scenario | None = None) -> list[Panel]:
    scenario = scenario or client.plan
    known = (scenario, client.plan, *map(client.scenario, client.variants))
    media = client.media(scenario)
    words = words_of(client)
    ltv = ltv_slider(100.0, 300.0, words)
    return list(channel_panels(client, known, media, words, ltv))


def sliders_of(client: Client, scenario: Scenario | None = None) -> dict[str, Slider]:
    return {s.name: s for panel in panels_of(client, scenario) for s in panel.sliders}


@both
def test_each_channel_has_its_slider_under_its_name(client: Client) -> None:
    sliders, words = sliders_of(client), words_of(client)
    media = client.marketing.media
    for place, name in enumerate(media.market.names):
        slider = sliders[f"{AMOUNT}{place}"]
        assert slider.text == name
        assert slider.now == media.now.amount[place]
        starts = media.starts[place]
        assert slider.unit is {"media": Unit.MONEY, "share": Unit.SHARE}.get(starts, Unit.COUNT)
        if starts == "media":
            assert slider.counts == words.currency_sign
        assert slider.meaning
    assert {"ctr", "cpc", "lead_rate", "sale_rate", "average_check", LTV} <= set(sliders)


@both
def test_panels_have_five_sliders_at_the_most_and_say_who_answers(client: Client) -> None:
    shown = panels_of(client)
    assert all(1 <= len(panel.sliders) <= MOST for panel in shown)
    assert len({panel.title for panel in shown}) == len(shown)
    names = [slider.name for panel in shown for slider in panel.sliders]
    assert len(names) == len(set(names))
    typed = {department.name for department in client.departments.values()}
    assert {panel.department for panel in shown} <= typed


@both
def test_the_plan_and_every_scenario_lie_on_the_sliders(client: Client) -> None:
    sliders = sliders_of(client)
    for scenario in ("now", "plan", *client.variants):
        media = client.media(client.scenario(scenario))
        for place, amount in enumerate(media.plan.amount.tolist()):
            slider = sliders[f"{AMOUNT}{place}"]
            if scenario == "cautious":  # follows the owner's visitors, wherever that leads
                continue
            assert 0 <= amount <= slider.top * (1 + 1e-12)
            step = step_of(slider.top, slider.unit)
            assert slider.at(slider.position(amount)) == pytest.approx(amount, abs=step / 2)


def test_a_limit_that_somebody_gave_ends_the_slider_and_is_marked() -> None:
    sliders = sliders_of(CLIENT["mealbox"])
    assert sliders[f"{AMOUNT}0"].top == 16_000
    assert sliders[f"{AMOUNT}0"].real == (5_200, 16_000)
    assert sliders[f"{AMOUNT}5"].top == 0.15
    assert sliders[f"{AMOUNT}5"].real == (0.07, 0.15)


def test_without_a_limit_there_is_room_to_double(tmp_path: Path) -> None:
    sliders = sliders_of(with_channels(tmp_path, SEARCH + SOCIAL + WORD))
    assert [sliders[f"{AMOUNT}{place}"].top for place in range(3)] == [400, 200, 10]
    assert [sliders[f"{AMOUNT}{place}"].real for place in range(3)] == [None] * 3
    # Clicks per impression: (200 + 100) / (4,000 + 10,000), and their double.
    assert sliders["ctr"].top == pytest.approx(2 * 300 / 14_000)
    assert sliders["cpc"].top == pytest.approx(2 * 300 / 300)
    assert sliders["lead_rate"].top == pytest.approx(2 * (20 + 5 + 5) / 300)
    assert sliders["sale_rate"].top == pytest.approx(0.4)


def test_limits_of_landing_pages_make_the_limit_of_all(tmp_path: Path) -> None:
    better = SEARCH.replace("landing_rate: 10%", "landing_rate: {now: 10%, best: 20%}")
    sliders = sliders_of(with_channels(tmp_path, better + SOCIAL))
    # Leads at the limit: 200 clicks at 20 % and 100 at 5 %.
    assert sliders["lead_rate"].top == pytest.approx((40 + 5) / 300)
    now = (10 + 5) / 200
    assert sliders["lead_rate"].now == pytest.approx(now)
    assert sliders["lead_rate"].real == pytest.approx((now, 45 / 300))


def test_a_ceiling_of_won_deals_is_that_of_orders_per_lead(tmp_path: Path) -> None:
    text = CHANNELS.replace("win_rate: 20%", "win_rate: {now: 20%, best: 35%}") + SEARCH
    sliders = sliders_of(read_client(write(tmp_path, text)))
    assert sliders["sale_rate"].top == pytest.approx(0.35)
    assert sliders["sale_rate"].real == pytest.approx((0.2, 0.35))


def test_a_price_has_its_limit_below(tmp_path: Path) -> None:
    cheaper = SEARCH.replace("price: 1,", "price: {now: 1, best: 0.6},")
    sliders = sliders_of(with_channels(tmp_path, cheaper))
    assert sliders["cpc"].top == pytest.approx(1.0)
    assert sliders["cpc"].real == pytest.approx((0.6, 1.0))


def test_what_the_channels_do_not_have_has_no_slider(tmp_path: Path) -> None:
    assert not {"ctr", "cpc"} & set(sliders_of(with_channels(tmp_path, FREE)))
    assert not {"ctr", "cpc", "lead_rate"} & set(sliders_of(with_channels(tmp_path, WORD)))
    sold = CHANNELS.replace("  win_rate: 20%\n", "") + SEARCH
    assert "sale_rate" not in sliders_of(read_client(write(tmp_path, sold)))


def test_a_count_is_marked_by_its_wilson_interval(tmp_path: Path) -> None:
    counted = "    - {name: Fair, recovers: {of: visitors, share: {now: {won: 9, of: 90}}}, "
    counted += "landing_rate: 5%}\n"
    slider = sliders_of(with_channels(tmp_path, SEARCH + counted))[f"{AMOUNT}1"]
    z, p, n = 1.959963984540054, 0.1, 90
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    assert slider.known == pytest.approx((middle - half, middle + half))


def test_more_channels_than_a_panel_holds_are_numbered(tmp_path: Path) -> None:
    many = "".join(SEARCH.replace("Search", f"Search {number}") for number in range(12))
    shown = panels_of(with_channels(tmp_path, many))
    budgets = [panel for panel in shown if panel.title.startswith("Budgets")]
    assert [panel.title for panel in budgets] == ["Budgets 1", "Budgets 2", "Budgets 3"]
    assert [len(panel.sliders) for panel in budgets] == [5, 5, 2]


@both
def test_marks_lie_on_the_slider_and_everything_can_be_sent(client: Client) -> None:
    words = words_of(client)
    for panel in panels_of(client):
        told = as_sent(panel.described(words))
        for slider in told["sliders"]:
            assert 0 <= slider["now"] <= 1
            for mark in ("real", "known"):
                ends = slider[mark]
                assert ends is None or 0 <= ends[0] <= ends[1] <= 1
            assert slider["last"] <= 260


@both
def test_a_sliders_ends_and_steps_are_those_of_any_slider(client: Client) -> None:
    for slider in sliders_of(client).values():
        assert slider.at(0) == 0
        assert slider.at(slider.last) == slider.top
        assert any(
            isclose(slider.step / 10.0**place, digit)
            for digit in (1, 2, 5)
            for place in range(-6, 12)
        )
