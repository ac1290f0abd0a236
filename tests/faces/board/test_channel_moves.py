"""The marketer's plan under way: channels moved alone and together, undone and done again."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkit.client.client import Client
from funnelkit.faces.board.channel_moves import AMOUNT, ChannelMoves
from funnelkit.model.ltv import LTV_PARTS
from funnelkit.plan.budget import Verdict
from funnelkit.plan.media import CHANNEL_LEVERS, Media, Terms
from funnelkit.plan.scenario import Scenario
from tests.faces.board.boards import FREE, SEARCH, SHAPES, SOCIAL, client_of, with_channels

CLIENT = {name: client_of(name) for name in ("mealbox", "saldo")}
TOGETHER = ("ctr", "cpc", "lead_rate", "sale_rate")
both = pytest.mark.parametrize("client", CLIENT.values(), ids=CLIENT)


def moves_of(client: Client, scenario: Scenario | None = None) -> ChannelMoves:
    scenario = scenario or client.plan
    return ChannelMoves(client, scenario, client.media(scenario))


def columns(terms: Terms) -> dict[str, np.ndarray]:
    return {"amount": terms.amount, "price": terms.price, **terms.rates}


def alike(one: Media, other: Media) -> bool:
    """Whether two plans have the same channels to the last digit."""
    pairs = zip(columns(one.plan).values(), columns(other.plan).values(), strict=True)
    return all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)


def moved_columns(moves: ChannelMoves, client: Client) -> dict[str, list[float]]:
    """By how much each number that moved was multiplied, by what it is."""
    before, after = columns(client.media(client.plan).plan), columns(moves.standing.media.plan)
    ratios = {
        name: [a / b for a, b in zip(after[name], before[name], strict=True) if b > 0]
        for name in before
    }
    return {name: found for name, found in ratios.items() if any(r != 1 for r in found)}


def by_hand(name: str, moves: ChannelMoves) -> float:
    """A number of all channels, from the counts of the table."""
    channels = moves.standing.table.channels
    rows = [place for place, whole in enumerate(moves.standing.table.complete) if whole]
    impressions, clicks, leads, orders, media = (
        [float(getattr(channels, count)[row]) for row in rows]
        for count in ("impressions", "clicks", "leads", "orders", "media")
    )
    match name:
        case "ctr":
            seen = [i for i, shown in enumerate(impressions) if shown > 0]
            return sum(clicks[i] for i in seen) / sum(impressions[i] for i in seen)
        case "cpc":
            paid = [i for i, spent in enumerate(media) if spent > 0 and clicks[i] > 0]
            return sum(media[i] for i in paid) / sum(clicks[i] for i in paid)
        case "lead_rate":
            return sum(leads) / max(sum(clicks), sum(leads))
        case _:
            return sum(orders) / sum(leads)


MOVED = {"ctr": "ctr", "cpc": "price", "lead_rate": "landing_rate"}


@both
@pytest.mark.parametrize("name", TOGETHER)
@pytest.mark.parametrize("times", [0.8, 0.97, 1.05, 1.3])
def test_a_number_of_all_channels_reaches_its_value_by_moving_all_in_proportion(
    client: Client, name: str, times: float
) -> None:
    moves = moves_of(client)
    value = by_hand(name, moves) * times
    moves.move(name, value)
    assert by_hand(name, moves) == pytest.approx(value, rel=1e-9)
    assert moves.planned(name) == pytest.approx(value, rel=1e-9)
    found = moved_columns(moves, client)
    if name == "sale_rate":
        assert found == {}
        assert moves.scenario.planned("win_rate") != client.plan.planned("win_rate")
        return
    assert set(found) == {MOVED[name]}
    assert found[MOVED[name]] == pytest.approx([found[MOVED[name]][0]] * len(found[MOVED[name]]))
    assert moves.scenario.planned("win_rate") == client.plan.planned("win_rate")


@both
@settings(max_examples=15)
@given(times=st.floats(0.05, 20.0), name=st.sampled_from(TOGETHER[:3]))
def test_what_a_common_factor_brings_is_found_again(
    client: Client, name: str, times: float
) -> None:
    """The value that any factor makes of the channels can be asked for."""
    media, moves = client.media(client.plan), moves_of(client)
    if name == "cpc":
        terms = media.plan.moved(price=times)
    else:
        terms = media.plan.moved(rates={MOVED[name]: times})
    made = moves_of(client)
    made._go(made._joined(made.standing, media.with_plan(terms)), None)
    value = by_hand(name, made)
    moves.move(name, value)
    assert by_hand(name, moves) == pytest.approx(value, rel=1e-9)


@both
def test_the_two_levels_are_one_model_after_every_move(client: Client) -> None:
    moves = moves_of(client)
    steps = [
        *((name, 1.1 * moves.planned(name)) for name in TOGETHER),
        (f"{AMOUNT}0", 1.3 * moves.planned(f"{AMOUNT}0")),
        ("average_check", 1.1 * client.plan.planned("average_check")),
    ]
    for name, value in steps:
        moves.move(name, value)
        table, scenario = moves.standing.table, moves.scenario
        clicks, leads = float(table.total.clicks), float(table.total.leads)
        assert scenario.planned("visitors") == pytest.approx(max(clicks, leads), rel=1e-12)
        assert scenario.planned("lead_rate") == pytest.approx(leads / max(clicks, leads))
        assert moves.planned("lead_rate") == scenario.planned("lead_rate")
        marketing = clicks * scenario.planned("cost_per_visitor")
        marketing += scenario.planned("marketing_fixed")
        assert marketing == pytest.approx(float(table.total.total_marketing))


@both
def test_a_channels_own_slider_moves_that_channel_alone(client: Client) -> None:
    before = client.media(client.plan).plan.amount
    for place, amount in enumerate(before.tolist()):
        moves = moves_of(client)
        moves.move(f"{AMOUNT}{place}", 0.7 * amount)
        expected = before.copy()
        expected[place] = 0.7 * amount
        assert moves.standing.media.plan.amount.tolist() == expected.tolist()
        assert set(moved_columns(moves, client)) == {"amount"}
        assert moves.is_moved(f"{AMOUNT}{place}")
        assert not any(moves.is_moved(name) for name in TOGETHER)


@both
def test_up_and_down_again_is_where_it_was(client: Client) -> None:
    for name in TOGETHER:
        moves = moves_of(client)
        start = moves.planned(name)
        for times in (1.4, 3.0, 0.6, 1.0):
            moves.move(name, times * start)
        assert alike(moves.standing.media, client.media(client.plan))
        assert moves.scenario.target == pytest.approx(client.plan.target, rel=1e-12)
        assert not moves.is_moved(name)


def test_a_share_that_stopped_at_1_has_its_proportion_again_on_the_way_down(
    tmp_path: Path,
) -> None:
    sure = "    - {name: Fair, clicks: 10, landing_rate: 90%}\n"
    client = with_channels(tmp_path, FREE + sure)
    moves = moves_of(client)
    start = moves.planned("lead_rate")
    moves.move("lead_rate", 3 * start, "drag")
    assert moves.standing.media.plan.rates["landing_rate"][1] == 1.0
    moves.move("lead_rate", 1.05 * start, "drag")
    rates = moves.standing.media.plan.rates["landing_rate"]
    assert rates[1] / rates[0] == pytest.approx(0.9 / 0.04)
    moves.move("lead_rate", 3 * start)
    moves.move(f"{AMOUNT}0", 200.0)
    moves.reset("lead_rate")
    assert moves.standing.media.plan.rates["landing_rate"].tolist() == [0.04, 0.9]
    assert moves.standing.media.plan.amount.tolist() == [200.0, 10.0]


@both
def test_one_slider_goes_back_alone_and_all_go_back_together(client: Client) -> None:
    media = client.media(client.plan)
    names = [*TOGETHER, f"{AMOUNT}0", f"{AMOUNT}2", "average_check"]
    moves = moves_of(client)
    for name in names:
        moves.move(name, 1.2 * moves.planned(name))
    assert all(map(moves.is_moved, names))
    for place, name in enumerate(names):
        moves.reset(name)
        assert [n for n in names if moves.is_moved(n)] == names[place + 1 :]
    assert alike(moves.standing.media, media)
    assert moves.scenario.target == pytest.approx(client.plan.target, rel=1e-12)
    moves.move("ctr", 1.2 * moves.planned("ctr"))
    moves.reset()
    assert alike(moves.standing.media, media)
    assert moves.scenario == client.plan


def test_a_slider_goes_back_from_where_nothing_can_be_moved() -> None:
    """Without any traffic there is no CTR to move, and still its plan to go back to."""
    client = CLIENT["saldo"]
    moves = moves_of(client)
    moves.move("ctr", 1.1 * moves.planned("ctr"))
    for place in range(len(client.media(client.plan).starts)):
        moves.move(f"{AMOUNT}{place}", 0.0)
    assert np.isnan(moves.planned("ctr"))
    with pytest.raises(ValueError, match="in proportion"):
        moves.move("ctr", 0.05)
    moves.reset("ctr")
    assert not moves.is_moved("ctr")


STEP = st.tuples(
    st.sampled_from([*TOGETHER, f"{AMOUNT}0", f"{AMOUNT}4", "average_check"]),
    st.sampled_from([0.5, 0.9, 1.1, 1.5]),
) | st.sampled_from(["reset", "now", "cautious", "search_first", "ltv", "solve"])


@settings(max_examples=20)
@given(st.lists(STEP, max_size=6))
def test_all_undone_and_done_again_is_where_it_was(steps: list) -> None:
    client = CLIENT["mealbox"]
    moves = moves_of(client)
    states = [moves.standing]
    for step in steps:
        match step:
            case "reset":
                moves.reset()
            case "ltv":
                moves.move_ltv(1.01 * moves.ltv)
            case "solve":
                moves.solve()
            case str():
                moves.open(client.scenario(step))
            case (name, times):
                moves.move(name, times * moves.planned(name))
        if step != "solve" or moves.standing is not states[-1]:  # no leads bring B: no move
            states.append(moves.standing)
    for state in reversed(states[:-1]):
        moves.undo()
        assert moves.standing is state
    assert not moves.can_undo
    for state in states[1:]:
        moves.redo()
        assert moves.standing is state


@pytest.mark.parametrize(
    ("name", "scenarios"),
    [("mealbox", ("now", "cautious", "search_first")), ("saldo", ("cautious", "more_context"))],
)
def test_an_opened_scenario_shows_its_channels(name: str, scenarios: tuple[str, ...]) -> None:
    client = CLIENT[name]
    moves = moves_of(client)
    for scenario in scenarios:
        moves.open(client.scenario(scenario))
        media = moves.standing.media
        assert moves.scenario == client.scenario(scenario)
        total = media.planned(moves.scenario).total
        assert float(total.clicks) == pytest.approx(moves.scenario.planned("visitors"), rel=1e-11)
        if scenario == "search_first":
            assert media.plan.amount[:2].tolist() == [13_000, 4_800]
            assert (
                media.plan.amount[2:].tolist() == client.media(client.plan).plan.amount[2:].tolist()
            )
        if scenario == "now":
            assert alike(media, media.with_plan(media.now))
        moves.move("average_check", client.plan.planned("average_check"))
        assert alike(moves.standing.media, media)
        moves.reset()
        assert alike(moves.standing.media, client.media(client.plan))


@both
def test_ltv_is_the_owners_and_moves_no_channel(client: Client) -> None:
    moves = moves_of(client)
    moves.move("ctr", 1.1 * moves.planned("ctr"))
    before = moves.standing.media
    target = (moves.ltv + moves.ltv_top) / 2
    moves.move_ltv(target, "drag")
    moves.move_ltv(target * 1.01, "drag")
    moves.move_ltv(target, "drag")
    one = moves.scenario.per_customer(moves.scenario.target)
    assert float(one.ltv.item()) == pytest.approx(target)
    assert alike(moves.standing.media, before)
    moves.undo()
    assert not any(map(moves.is_moved, LTV_PARTS))


# ---- what B needs


def goal(client: Client, moves: ChannelMoves) -> float:
    return float(moves.scenario.at_goal()) / client.plan.goal.b


@both
def test_budgets_for_b_reach_b(client: Client) -> None:
    moves = moves_of(client)
    found, budget = moves.solve()
    assert str(budget.verdict) == Verdict.MET
    assert goal(client, moves) == pytest.approx(1.0, rel=1e-9)
    assert found.leads_needed == pytest.approx(float(moves.standing.table.total.leads), rel=1e-9)
    media = moves.standing.media
    paid = media.starting("media")
    assert (media.plan.amount >= media.lower - 1e-9)[paid].all()
    assert (media.plan.amount <= media.upper * (1 + 1e-12))[paid].all()
    assert (
        media.plan.amount[~paid].tolist() == client.media(client.plan).plan.amount[~paid].tolist()
    )
    assert set(moved_columns(moves, client)) == {"amount"}
    moves.undo()
    assert alike(moves.standing.media, client.media(client.plan))


@both
def test_budgets_for_b_follow_what_else_is_planned(client: Client) -> None:
    """Where leads become orders more often, B takes less money; and again it is reached."""
    moves, better = moves_of(client), moves_of(client)
    _found, budget = moves.solve()
    better.move("sale_rate", 1.1 * better.planned("sale_rate"))
    _found, cheaper = better.solve()
    assert float(cheaper.total_spend) < float(budget.total_spend)
    assert goal(client, better) == pytest.approx(1.0, rel=1e-9)


def test_where_budgets_end_before_b_they_go_to_their_ends_and_that_is_said(
    tmp_path: Path,
) -> None:
    short = SEARCH.replace("plan: 200", "plan: 150, best: 160")
    client = with_channels(tmp_path, short)
    moves = moves_of(client)
    _found, budget = moves.solve()
    assert str(budget.verdict) == Verdict.UNREACHABLE
    assert moves.standing.media.plan.amount.tolist() == [160.0]
    assert goal(client, moves) < 1


def test_where_no_leads_bring_b_nothing_moves() -> None:
    """B is beyond what the team can work on: no number of visitors helps."""
    client = CLIENT["saldo"]
    hopeless = replace(client.plan, goal=replace(client.plan.goal, b=1e12))
    moves = ChannelMoves(client, hopeless, client.media(client.plan))
    before = moves.standing
    _found, budget = moves.solve()
    assert str(budget.verdict) == Verdict.MISSING
    assert moves.standing is before


@pytest.mark.parametrize("shape", SHAPES)
def test_clients_with_little_to_divide_by_can_be_moved_and_solved(
    shape: str, tmp_path: Path
) -> None:
    client = with_channels(tmp_path, SHAPES[shape])
    moves = moves_of(client)
    for place, amount in enumerate(client.media(client.plan).plan.amount.tolist()):
        for value in (0.0, 2 * amount if amount > 1 else amount):
            moves.move(f"{AMOUNT}{place}", value)
    _found, budget = moves.solve()
    if shape in ("one channel", "one left out", "with recovery"):
        assert str(budget.verdict) == Verdict.MET
        assert goal(client, moves) >= 1.0 - 1e-9  # more where the others bring more than B needs


def test_a_channel_left_out_changes_nothing(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    alone = moves_of(with_channels(one, SHAPES["one channel"]))
    beside = moves_of(with_channels(two, SHAPES["one left out"]))
    for moves in (alone, beside):
        moves.move("lead_rate", 0.12)
        moves.move(f"{AMOUNT}0", 250.0)
    assert alone.scenario.target == beside.scenario.target
    beside.move(f"{AMOUNT}1", 999.0)
    assert alone.scenario.target == beside.scenario.target


def test_levers_and_channels_say_by_what_the_sliders_differ(tmp_path: Path) -> None:
    client = with_channels(tmp_path, SEARCH + SOCIAL + FREE)
    moves = moves_of(client)
    assert (moves.levers(), moves.channels()) == ({}, {})
    moves.move(f"{AMOUNT}0", 250.0)
    moves.move("average_check", 600.0)
    assert moves.levers() == {"average_check": 600.0}
    assert moves.channels() == {"Search": {"budget": 250.0}}
    moves.move("cpc", 2 * moves.planned("cpc"))
    found = moves.channels()
    assert found["Search"]["price"] == pytest.approx(2.0)
    assert found["Social"]["price"] == pytest.approx(20.0)
    assert "Search engines" not in found
    assert not set(moves.levers()) & set(CHANNEL_LEVERS)
