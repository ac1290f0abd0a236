"""A plan under way: moves of levers and of LTV, undone and done again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.client.client import Client
from funnelkit.faces.board.moves import Moves
from funnelkit.faces.board.slider import slider_top
from funnelkit.model.levers import LEVERS
from funnelkit.model.ltv import LTV_PARTS
from funnelkit.model.products import SUMMED_UP
from funnelkit.plan.scenario import Scenario
from tests.faces.board.boards import DEMOS, client_of, movable

CLIENT = {name: client_of(name) for name in DEMOS}
SELLING_AGAIN = ("mealbox", "saldo")

every_demo = pytest.mark.parametrize("client", CLIENT.values(), ids=CLIENT)
selling_again = pytest.mark.parametrize(
    "client", [CLIENT[name] for name in SELLING_AGAIN], ids=SELLING_AGAIN
)


def moves_of(client: Client, scenario: Scenario | None = None) -> Moves:
    return Moves(client, scenario or client.plan)


def ltv_by_hand(scenario: Scenario) -> float:
    """LTV of the plan as the method defines it: the first sale, and a month's by months of life."""
    x = {name: scenario.planned(name) for name in LEVERS if scenario.has(name)}
    d, r = scenario.business.discount, x["retention_rate"]
    margins = [x.get("margin")] * 2
    first, again = x["average_check"], x["purchase_rate"] * x["repeat_check"]
    if line := scenario.business.line:
        sums = ([], [])
        for product in line:
            t = scenario.target
            signed = t[f"take_rate.{product.name}"] * t[f"price.{product.name}"]
            sums[not product.first].append((signed, t[f"margin.{product.name}"]))
        margins = [sum(s * m for s, m in part) / sum(s for s, _m in part) for part in sums]
    kept = x["collection_new"] * (1 - x["refund_rate"])
    return first * (kept - 1 + margins[0]) + again * (
        x.get("collection_repeat", 1.0) - 1 + margins[1]
    ) * r / (1 + d - r)


@every_demo
def test_each_move_plans_its_lever_and_leaves_the_others(client: Client) -> None:
    for name in movable(client):
        moves, value = moves_of(client), 0.9 * client.plan.planned(name)
        moves.move(name, value)
        assert moves.scenario.planned(name) == pytest.approx(value, rel=1e-12)
        assert moves.planned(name) == value
        assert [n for n in movable(client) if moves.is_moved(n)] == [name]
        for other in set(movable(client)) - {name}:
            assert moves.scenario.planned(other) == pytest.approx(client.plan.planned(other))


@every_demo
def test_levers_add_up_whatever_their_order(client: Client) -> None:
    levers = {name: 0.9 * client.plan.planned(name) for name in movable(client)}
    one, two = moves_of(client), moves_of(client)
    for name, value in levers.items():
        one.move(name, value)
    for name in reversed(levers):
        two.move(name, levers[name])
    assert one.scenario == two.scenario
    for name in levers:
        one.move(name, client.plan.planned(name))
    assert one.scenario.target == pytest.approx(client.plan.target)
    assert not any(map(one.is_moved, levers))


def test_a_line_at_0_and_back_keeps_its_proportions() -> None:
    client = CLIENT["saldo"]
    moves = moves_of(client)
    for name in SUMMED_UP:
        moves.move(name, 0.0)
        assert moves.planned(name) == 0.0
    for name in SUMMED_UP:
        moves.move(name, client.plan.planned(name))
    assert moves.scenario.target == pytest.approx(client.plan.target)


def test_without_purchases_the_repeat_check_can_still_be_moved() -> None:
    client = CLIENT["saldo"]
    moves = moves_of(client)
    moves.move("purchase_rate", 0.0)
    moves.move("repeat_check", 10_000.0)
    assert moves.planned("repeat_check") == 10_000.0
    moves.move("purchase_rate", client.plan.planned("purchase_rate"))
    assert moves.scenario.planned("repeat_check") == pytest.approx(10_000.0)


def test_moves_of_one_gesture_are_undone_together_and_others_apart() -> None:
    client = CLIENT["mealbox"]
    moves = moves_of(client)
    for rate in (0.30, 0.31, 0.32):
        moves.move("win_rate", rate, "a 1")
    for rate in (0.20, 0.25):
        moves.move("win_rate", rate, "a 2")
    moves.move("win_rate", 0.10)
    moves.move("win_rate", 0.11)
    found = []
    while moves.can_undo:
        moves.undo()
        found.append(moves.planned("win_rate"))
    assert found == [0.10, 0.25, 0.32, client.plan.planned("win_rate")]


def test_a_gesture_that_was_interrupted_is_another_move() -> None:
    moves = moves_of(CLIENT["mealbox"])
    moves.move("win_rate", 0.3, "a 1")
    moves.move("lead_rate", 0.03, "b 1")
    moves.move("win_rate", 0.4, "a 1")
    moves.undo()
    assert (moves.planned("win_rate"), moves.planned("lead_rate")) == (0.3, 0.03)


def test_a_gesture_goes_on_after_an_undo_as_another_move() -> None:
    moves = moves_of(CLIENT["mealbox"])
    moves.move("win_rate", 0.3, "a 1")
    moves.move("lead_rate", 0.03, "a 2")
    moves.undo()
    moves.move("win_rate", 0.4, "a 1")
    moves.undo()
    assert moves.planned("win_rate") == 0.3


def test_a_move_after_an_undo_leaves_nothing_to_redo() -> None:
    moves = moves_of(CLIENT["mealbox"])
    moves.move("win_rate", 0.3)
    moves.undo()
    assert (moves.can_undo, moves.can_redo) == (False, True)
    moves.move("win_rate", 0.4)
    assert (moves.can_undo, moves.can_redo) == (True, False)
    moves.redo()
    assert moves.planned("win_rate") == 0.4


def test_undo_and_redo_stop_at_their_ends() -> None:
    client = CLIENT["mealbox"]
    moves = moves_of(client)
    moves.undo()
    moves.redo()
    assert moves.scenario == client.plan
    moves.move("win_rate", 0.3)
    moves.redo()
    assert moves.planned("win_rate") == 0.3


STEPS = st.lists(
    st.tuples(st.sampled_from(["win_rate", "visitors", "retention_rate"]), st.integers(1, 9))
    | st.sampled_from(["reset", "open", "ltv"]),
    max_size=6,
)


@given(STEPS)
def test_all_undone_and_done_again_is_where_it_was(steps: list) -> None:
    client = CLIENT["mealbox"]
    moves = moves_of(client)
    states = [moves.scenario]
    for step in steps:
        match step:
            case "reset":
                moves.reset()
            case "open":
                moves.open(client.scenario("cautious"))
            case "ltv":
                moves.move_ltv(ltv_by_hand(moves.scenario) * 1.01)
            case (name, tenths):
                moves.move(name, client.plan.planned(name) * tenths / 10)
        states.append(moves.scenario)
    for state in reversed(states[:-1]):
        moves.undo()
        assert moves.scenario == state
    assert not moves.can_undo
    for state in states[1:]:
        moves.redo()
        assert moves.scenario == state
    assert not moves.can_redo


def test_one_lever_goes_back_alone_and_all_go_back_together() -> None:
    client = CLIENT["mealbox"]
    moves = moves_of(client)
    moves.move("win_rate", 0.3)
    moves.move("lead_rate", 0.03)
    moves.reset("win_rate")
    assert not moves.is_moved("win_rate")
    assert moves.is_moved("lead_rate")
    assert moves.scenario == client.plan.with_plan(lead_rate=0.03)
    moves.reset()
    assert moves.scenario.target == client.plan.target
    moves.undo()
    assert moves.planned("lead_rate") == 0.03


def test_the_way_back_leads_to_the_plan_that_it_all_began_with() -> None:
    client = CLIENT["mealbox"]
    moves = moves_of(client)
    moves.move("lead_rate", 0.03)
    moves.open(client.scenario("cautious"))
    assert moves.opened == client.scenario("cautious")
    assert moves.is_moved("win_rate")
    assert not moves.is_moved("lead_rate")
    moves.move("win_rate", 0.3)
    moves.reset("win_rate")
    assert moves.scenario.planned("win_rate") == client.plan.planned("win_rate")
    assert moves.scenario.planned("visitors") == client.scenario("cautious").planned("visitors")
    moves.reset()
    assert moves.scenario == client.plan
    for _time in range(4):
        moves.undo()
    assert moves.scenario == client.plan.with_plan(lead_rate=0.03)


def test_a_lever_goes_back_from_an_opened_present_of_a_line_too() -> None:
    client = CLIENT["saldo"]
    moves = moves_of(client)
    moves.open(client.scenario("now"))
    for name in movable(client):
        moves.reset(name)
        assert moves.planned(name) == client.plan.planned(name)
        assert not moves.is_moved(name)
        assert moves.scenario.planned(name) == pytest.approx(client.plan.planned(name))


@selling_again
def test_ltv_is_what_the_method_says(client: Client) -> None:
    moves = moves_of(client)
    assert moves.ltv == pytest.approx(ltv_by_hand(client.plan))
    moves.move("retention_rate", 0.5)
    moves.move("average_check", 0.9 * client.plan.planned("average_check"))
    assert moves.ltv == pytest.approx(ltv_by_hand(moves.scenario))
    moves.undo()
    assert moves.ltv == pytest.approx(ltv_by_hand(moves.scenario))


@selling_again
@given(share=st.floats(0.0, 1.0))
def test_an_ltv_within_the_ceilings_is_reached_by_its_parts_alone(
    client: Client, share: float
) -> None:
    moves = moves_of(client)
    low, top = moves.ltv, moves.ltv_top
    target = low + share * (top - low)
    moves.move_ltv(target)
    assert ltv_by_hand(moves.scenario) == pytest.approx(target)
    for name in movable(client):
        if name not in LTV_PARTS:
            assert moves.scenario.planned(name) == pytest.approx(client.plan.planned(name))
    for name in LTV_PARTS:
        planned = moves.scenario.planned(name)
        assert client.plan.planned(name) * (1 - 1e-9) <= planned
        assert planned <= slider_top(name, moves.known) * (1 + 1e-9)


@selling_again
def test_ltv_ends_where_all_its_parts_are_at_their_limit(client: Client) -> None:
    moves = moves_of(client)
    best = {name: slider_top(name, moves.known) for name in LTV_PARTS}
    for name, value in best.items():
        moves.move(name, value)
    top = ltv_by_hand(moves.scenario)
    moves.reset()
    assert moves.ltv_top == pytest.approx(top)
    spread = moves.move_ltv(10 * top)
    assert spread.levers == pytest.approx(best)
    assert set(spread.clipped) == set(LTV_PARTS)
    assert moves.ltv == pytest.approx(top)


@selling_again
def test_a_part_at_its_limit_stays_and_the_others_take_over(client: Client) -> None:
    moves = moves_of(client)
    moves.move("retention_rate", slider_top("retention_rate", moves.known))
    before = {name: moves.planned(name) for name in LTV_PARTS}
    target = (moves.ltv + moves.ltv_top) / 2
    spread = moves.move_ltv(target)
    after = {name: moves.planned(name) for name in LTV_PARTS}
    assert spread.clipped == ("retention_rate",)
    assert after["retention_rate"] == pytest.approx(before["retention_rate"])
    assert after["purchase_rate"] > before["purchase_rate"]
    assert after["repeat_check"] > before["repeat_check"]
    assert ltv_by_hand(moves.scenario) == pytest.approx(target)


@selling_again
def test_ltv_moved_up_and_back_leaves_the_plan_as_it_was(client: Client) -> None:
    moves, at = moves_of(client), ltv_by_hand(client.plan)
    for value in (10 * at, 0.8 * at, at):
        moves.move_ltv(value)
    assert moves.scenario.target == pytest.approx(client.plan.target)


@selling_again
def test_ltv_is_spread_from_where_its_parts_were_moved_last(client: Client) -> None:
    moves = moves_of(client)
    moves.move_ltv(0.9 * moves.ltv)
    moves.move("purchase_rate", client.plan.planned("purchase_rate") / 2)
    at, parts = moves.ltv, {name: moves.planned(name) for name in LTV_PARTS}
    moves.move_ltv(1.1 * at)
    moves.move_ltv(at)
    assert {name: moves.planned(name) for name in LTV_PARTS} == pytest.approx(parts)


@selling_again
def test_an_ltv_below_the_first_sale_is_refused_and_leaves_no_trace(client: Client) -> None:
    moves = moves_of(client)
    with pytest.raises(ValueError, match="first sale"):
        moves.move_ltv(0.0)
    assert moves.scenario == client.plan
    assert not moves.can_undo


@selling_again
def test_ltv_goes_back_with_all_its_parts(client: Client) -> None:
    moves = moves_of(client)
    moves.move("win_rate", 0.2)
    moves.move_ltv(1.05 * moves.ltv)
    moves.reset(*LTV_PARTS)
    assert not any(map(moves.is_moved, LTV_PARTS))
    assert moves.is_moved("win_rate")


@every_demo
def test_levers_say_by_what_the_sliders_differ_from_the_files_plan(client: Client) -> None:
    moves = moves_of(client)
    assert moves.levers() == {}
    moves.move("win_rate", 0.2)
    moves.move("visitors", 5_000.0)
    assert moves.levers() == {"win_rate": 0.2, "visitors": 5_000.0}
    assert client.scenario("plan", moves.levers()) == moves.scenario


def test_levers_of_a_scenario_and_of_what_was_moved_since_are_told_together() -> None:
    client = CLIENT["mealbox"]
    moves = moves_of(client, client.scenario("cautious"))
    moves.move("win_rate", 0.3)
    assert moves.levers() == {"win_rate": 0.3, "visitors": 32_000.0}


def test_a_line_out_of_proportion_moves_and_is_told_in_levers_of_its_products() -> None:
    client = CLIENT["saldo"]
    now = client.scenario("now")
    moves = moves_of(client, now)
    moves.move("average_check", 30_000.0)
    assert moves.scenario.planned("average_check") == pytest.approx(30_000.0)
    assert moves.scenario.planned("win_rate") == now.planned("win_rate")
    assert client.scenario("plan", moves.levers()).target == moves.scenario.target
    assert {name for name in moves.levers() if "." in name}


def test_the_last_of_very_many_moves_are_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("funnelkit.faces.board.moves.LONGEST", 4)
    client = client_of("mealbox")
    moves = Moves(client, client.plan)
    for step in range(1, 8):
        moves.move("win_rate", 0.01 * step)
    for _ in range(10):
        moves.undo()
    assert moves.planned("win_rate") == pytest.approx(0.04)
    assert not moves.can_undo
    for _ in range(10):
        moves.redo()
    assert moves.planned("win_rate") == pytest.approx(0.07)
