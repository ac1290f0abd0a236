"""The sliders: which there are, where they stop, what is marked on them."""

import json
from dataclasses import replace
from math import isclose, log10, sqrt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.client.client import Client
from funnelkit.client.read import read_client
from funnelkit.faces.board.slider import LTV, Panel, Slider, panels, slider_top, step_of
from funnelkit.model.levers import LEVERS, Stage, Unit
from funnelkit.model.products import SUMMED_UP
from funnelkit.plan.uncertainty import Counts, wilson
from funnelkit.show.charts.theme import STAGE_COLOURS
from funnelkit.show.words import Words
from tests.client.evidence.company import CLIENT, keep, made_up
from tests.client.files import write
from tests.faces.board.boards import (
    DEMOS,
    LINE,
    REPEAT,
    client_of,
    movable,
    page_of,
    small,
    words_of,
)
from tests.faces.plain import Plain

EN = Words(language="en", currency="USD")


def panels_of(client: Client, ltv: tuple[float, float] | None = (100.0, 300.0)) -> list[Panel]:
    return list(panels(client, (client.plan,), words_of(client), ltv))


def slider_of(client: Client, name: str) -> Slider:
    (found,) = [s for panel in panels_of(client) for s in panel.sliders if s.name == name]
    return found


def slider(
    top: float,
    unit: Unit = Unit.MONEY,
    *,
    real: tuple[float, float] | None = None,
    known: tuple[float, float] | None = None,
    now: float = 0.0,
) -> Slider:
    return Slider(
        name="x",
        text="",
        meaning="",
        counts="",
        unit=unit,
        now=now,
        top=top,
        real=real,
        known=known,
    )


@st.composite
def sliders(draw: st.DrawFn) -> Slider:
    unit = draw(st.sampled_from(Unit))
    most = 1.0 if unit is Unit.SHARE else 1e12
    return slider(draw(st.floats(1e-3, most) | st.sampled_from([0.042, 0.91, 1.0])), unit)


@pytest.mark.parametrize("name", DEMOS)
def test_every_movable_lever_has_one_slider_and_no_panel_more_than_five(name: str) -> None:
    client = client_of(name)
    shown = panels_of(client)
    assert all(1 <= len(panel.sliders) <= 5 for panel in shown)
    names = [slider.name for panel in shown for slider in panel.sliders]
    assert sorted(names) == sorted([*movable(client), LTV])


@pytest.mark.parametrize("name", DEMOS)
def test_panels_follow_the_owners_order_and_account_management_comes_first(name: str) -> None:
    client = client_of(name)
    shown = panels_of(client)
    stages = [list(STAGE_COLOURS.values()).index(panel.colour) for panel in shown]
    assert stages == sorted(stages)
    assert shown[0].colour == STAGE_COLOURS[Stage.ACCOUNT]
    assert shown[0].sliders[-1].name == LTV
    for panel, stage in zip(shown, stages, strict=True):
        own = {s.name for s in panel.sliders} - {LTV}
        assert {list(Stage).index(LEVERS[n].stage) for n in own} == {stage}
        typed = client.departments.get(list(Stage)[stage])
        if typed and typed.name:
            assert panel.department == typed.name


def test_a_stage_without_levers_has_no_panel(tmp_path: Path) -> None:
    shown = panels_of(small(tmp_path), None)
    assert [[s.name for s in panel.sliders] for panel in shown] == [
        ["win_rate"],
        ["average_check"],
        ["visitors", "lead_rate"],
    ]


def test_a_client_without_an_ltv_has_no_slider_for_it(tmp_path: Path) -> None:
    shown = panels_of(small(tmp_path, REPEAT), None)
    assert LTV not in {s.name for panel in shown for s in panel.sliders}


def test_what_a_line_cannot_move_in_proportion_has_no_slider() -> None:
    client = client_of("saldo")
    free = {f"price.{p.name}": 0.0 for p in client.plan.business.line if p.first}
    shown = panels(client, (client.plan.with_plan(**free),), words_of(client), None)
    names = {s.name for panel in shown for s in panel.sliders}
    assert "average_check" not in names
    assert {"win_rate", "repeat_check", "purchase_rate"} <= names


@given(st.floats(1e-6, 1e12))
def test_a_step_is_1_2_or_5_of_a_decimal_place_and_a_hundredth_or_less(top: float) -> None:
    step = step_of(top, Unit.COUNT)
    leading = step / 10.0 ** (log10(step) // 1)
    assert any(isclose(leading, digit, rel_tol=1e-9) for digit in (1, 2, 5, 10))
    assert top / 255 < step <= top / 100


@given(st.floats(1e-4, 1.0))
def test_a_share_moves_by_no_less_than_is_shown_of_it(top: float) -> None:
    step = step_of(top, Unit.SHARE)
    assert step == max(step_of(top, Unit.COUNT), 0.001 if top >= 0.01 else 0.0001)
    assert EN.share(step) != EN.share(0.0)


@given(sliders())
def test_positions_rise_from_0_to_the_top(any_slider: Slider) -> None:
    values = [any_slider.at(position) for position in range(any_slider.last + 1)]
    assert (values[0], values[-1]) == (0.0, any_slider.top)
    assert values == sorted(values)
    assert len(set(values)) == len(values)
    assert (any_slider.at(-3), any_slider.at(any_slider.last + 3)) == (0.0, any_slider.top)


@given(sliders(), st.floats(0.0, 1.0))
def test_a_position_comes_back_from_its_value(any_slider: Slider, share: float) -> None:
    for position in (0, round(share * any_slider.last), any_slider.last):
        assert any_slider.position(any_slider.at(position)) == position


@given(sliders(), st.floats(0.0, 1.0))
def test_a_value_stands_no_further_than_half_a_step_from_its_position(
    any_slider: Slider, share: float
) -> None:
    value = share * any_slider.top
    step = step_of(any_slider.top, any_slider.unit)
    assert abs(any_slider.at(any_slider.position(value)) - value) <= step / 2 * (1 + 1e-9)


def test_what_lies_outside_or_is_not_known_stands_at_an_end() -> None:
    one = slider(10.0)
    places = [one.position(value) for value in (-5.0, 99.0, float("nan"), float("inf"))]
    assert places == [0, one.last, 0, 0]


@pytest.mark.parametrize("name", DEMOS)
def test_positions_are_few_and_the_plan_is_one_of_them_to_a_step(name: str) -> None:
    client = client_of(name)
    for lever in movable(client):
        one = slider_of(client, lever)
        planned = client.plan.planned(lever)
        assert one.last <= 260
        assert planned <= one.top * (1 + 1e-12)
        step = step_of(one.top, one.unit)
        assert one.at(one.position(planned)) == pytest.approx(planned, abs=step / 2 + 1e-12)


def wilson_by_hand(won: float, of: float) -> tuple[float, float]:
    """Roots of (p - x)² = z² x (1 - x) / n, as Wilson defined the interval."""
    z = 1.959963984540054
    a, b, c = 1 + z * z / of, -(2 * won / of + z * z / of), (won / of) ** 2
    root = sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def test_counts_are_marked_by_their_wilson_interval() -> None:
    client = client_of("saldo")
    for name, won, of in (
        ("retention_rate", 78, 84),
        ("win_rate", 13, 61),
    ):
        assert slider_of(client, name).known == pytest.approx(wilson_by_hand(won, of))


def test_leads_counted_in_all_channels_are_counts_of_the_owners_lead_rate() -> None:
    """At the share of all channels: some bring leads that nobody clicked for."""
    counted = 2_000 + 1_000 + 2_400 + 422
    share = Plain("saldo").levers["lead_rate"][0]
    found = slider_of(client_of("saldo"), "lead_rate").known
    assert found == pytest.approx(wilson_by_hand(share * counted, counted))


def test_a_guess_is_marked_from_least_to_most_and_a_number_not_at_all() -> None:
    client = client_of("saldo")
    assert slider_of(client, "engagement_rate").known == (0.02, 0.07)
    assert slider_of(client, "managers").known is None


def test_what_is_realistic_runs_from_today_to_the_ceiling() -> None:
    client = client_of("saldo")
    assert slider_of(client, "retention_rate").real == (78 / 84, 0.97)
    assert slider_of(client, "managers").real == (2, 4)
    # Clicks of three channels, and 8 % of those who left no contact.
    visitors = 5_400 + 0.08 * (5_400 - 60 - 15 - 48)
    now, best = slider_of(client, "visitors").real
    assert now == pytest.approx(visitors)
    assert best > client.plan.planned("visitors")
    assert slider_of(client, "refund_rate").real == (0.01, 0.02)  # fewer are better
    assert slider_of(client, "other_revenue").real is None  # nobody gave a ceiling


def test_a_lines_range_is_that_of_its_products() -> None:
    found = slider_of(client_of("saldo"), "average_check").real
    now = 0.4 * 4_900 + 0.7 * 38_000
    assert found == pytest.approx((now, 0.8 * 6_900 + 0.85 * 48_000))


def test_a_page_gets_marks_as_shares_of_the_sliders_length() -> None:
    one = slider(200.0, real=(50.0, 150.0), known=(-10.0, 999.0), now=40.0)
    told = one.described(EN)
    assert (told["real"], told["known"], told["now"]) == ([0.25, 0.75], [0.0, 1.0], 0.2)
    assert told["last"] == one.last
    assert "$40" in told["today"]
    assert slider(200.0).described(EN)["real"] is None


def test_a_number_that_is_not_known_is_marked_at_0_and_said_to_be_missing() -> None:
    told = slider(200.0, now=float("nan")).described(EN)
    assert told["now"] == 0.0
    assert EN.missing in told["today"]


@pytest.mark.parametrize("name", DEMOS)
def test_marks_lie_on_the_slider_and_everything_can_be_sent(name: str) -> None:
    client = client_of(name)
    for panel in panels_of(client):
        told = panel.described(words_of(client))
        json.dumps(told, allow_nan=False)
        for one in told["sliders"]:
            assert one["text"]
            assert one["meaning"]
            assert one["counts"]
            for ends in filter(None, (one["real"], one["known"], [one["now"]] * 2)):
                assert 0.0 <= ends[0] <= ends[1] <= 1.0


def test_a_slider_ends_at_its_ceiling_or_at_what_a_scenario_plans_beyond(tmp_path: Path) -> None:
    client = small(tmp_path, "  managers: {now: 2, plan: 3, best: 4}\n")
    plan = client.plan
    more = plan.with_plan(managers=6.0, visitors=500.0)
    assert slider_top("managers", [plan]) == 4.0
    assert slider_top("managers", [plan, more]) == 6.0
    assert slider_top("managers", iter([more, plan])) == 6.0


def test_a_slider_without_a_ceiling_has_room_to_double(tmp_path: Path) -> None:
    client = small(tmp_path, "  audience: 0\n  engagement_rate: 5%\n  nurtured_lead_rate: 5%\n")
    plan = client.plan
    assert slider_top("visitors", [plan]) == 200.0
    assert slider_top("visitors", [plan, plan.with_plan(visitors=300.0)]) == 600.0
    assert slider_top("average_check", [plan]) == 1000.0
    assert slider_top("win_rate", [plan]) == 1.0
    assert slider_top("audience", [plan]) == 1.0


def test_a_line_without_ceilings_has_room_to_double_too(tmp_path: Path) -> None:
    line = (
        "  - {name: Book, role: core, take_rate: 1, price: {now: 20, plan: 30}, margin: 50%}\n"
        "  - {name: Club, role: recurring, take_rate: 50%, price: 10, margin: 50%}\n"
    )
    client = read_client(write(tmp_path, LINE + line))
    assert {n: slider_of(client, n).top for n in SUMMED_UP} == pytest.approx(
        {"average_check": 60.0, "purchase_rate": 1.0, "repeat_check": 20.0}
    )
    assert all(slider_of(client, n).real is None for n in SUMMED_UP)  # nobody gave a ceiling


def test_a_line_that_sells_nothing_again_yet_has_sliders_for_what_is_planned(
    tmp_path: Path,
) -> None:
    line = (
        "  - {name: Book, role: core, take_rate: 1, price: 20, margin: 50%}\n"
        "  - {name: Club, role: upsell, take_rate: {now: 0, plan: 10%, best: 20%}, price: 10,"
        " margin: 50%}\n"
    )
    client = read_client(write(tmp_path, LINE + line))
    one = slider_of(client, "repeat_check")
    assert one.top >= 10.0
    assert one.at(one.position(10.0)) == pytest.approx(10.0)
    assert EN.missing in one.described(EN)["today"]
    assert page_of(client).lever("repeat_check")["text"] == "$10"


def test_a_client_that_sells_once_has_a_board(tmp_path: Path) -> None:
    page = page_of(small(tmp_path))
    assert set(page.state["levers"]) == {"win_rate", "average_check", "visitors", "lead_rate"}
    page.move("visitors", 200)
    assert page.figures[0] == "$2,000"  # visitors · lead rate · win rate · check


def test_what_a_client_writes_is_sent_as_text() -> None:
    client = client_of("mealbox")
    bad = "<script>alert(1)</script>"
    departments = dict(client.departments)
    departments[Stage.CONVERSION] = replace(departments[Stage.CONVERSION], name=bad)
    shown = panels_of(replace(client, departments=departments))
    assert [panel.department for panel in shown].count(bad) == 2


def test_of_a_client_with_exports_a_slider_says_how_its_number_is_known(tmp_path: Path) -> None:
    text = CLIENT.replace("{now: measured, plan: 40%}", "80%") + "active_customers: 87\n"
    text = text.replace("  win_rate", "  repeat_check: 4_925\n  win_rate")
    client = read_client(keep(tmp_path, made_up(), text))
    kept = slider_of(client, "retention_rate")
    assert (kept.now, kept.known) == (251 / 296, wilson(Counts(won=251, of=296)))
    assert kept.meaning.endswith(
        "Измерено: 251 из 296, с вероятностью 95 % от 80,3\N{NO-BREAK SPACE}% до "
        "88,4\N{NO-BREAK SPACE}% (orders.csv; июль 2026 – сентябрь 2026)."
    )
    assert "введено 80\N{NO-BREAK SPACE}%, а по выгрузкам" in slider_of(client, "win_rate").meaning
    assert slider_of(client, "repeat_check").meaning.endswith(" Введено вручную.")
