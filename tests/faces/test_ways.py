"""The ways to B of the demo clients: they get there, and leave what the file locks."""

import math
from dataclasses import replace

import pytest

from funnelkit.faces.ways import way_to_b, ways_to_b
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.solution import Solution, Verdict
from tests.faces.board.boards import DEMOS, client_of

WAYS = ("money", "equal", "effort", "cost")
CLIENT = {name: client_of(name) for name in DEMOS}
WITHOUT_VISITORS = {"cdnow"}
"""Clients whose visitors are 0 today: neither equal nor least effort moves a lever at 0."""

FOUND = {name: ways_to_b(client, client.plan) for name, client in CLIENT.items()}
every_way = pytest.mark.parametrize(
    ("name", "way"), [(name, way) for name in DEMOS for way in WAYS]
)


def goal_of(scenario: Scenario, plan: dict[str, float]) -> float:
    """Goal's month of these levers, by a scenario that knows nothing of the solve."""
    fresh = replace(scenario, plan=plan)
    return float(fresh.run().metric(fresh.goal.metric)[fresh.goal.horizon])


@every_way
def test_a_way_reaches_b_or_says_that_it_does_not(name: str, way: str) -> None:
    client, found = CLIENT[name], FOUND[name][way]
    plan, b = client.plan, client.plan.goal.b
    assert found.reached == pytest.approx(goal_of(plan, dict(found.scenario.target)), rel=1e-12)
    if found.verdict is Verdict.REACHED:
        assert b <= found.reached <= b * (1 + 1e-9)
    else:
        assert found.verdict is Verdict.UNREACHABLE
        assert found.reached < b
    for lever, ceiling in plan.ceilings.items():
        low, high = sorted((plan.now[lever], ceiling))
        if lever in found.scenario.moved:
            assert low * (1 - 1e-12) <= found.scenario.target[lever] <= high * (1 + 1e-12)


@pytest.mark.parametrize("name", DEMOS)
def test_all_ways_are_there_and_most_get_to_b(name: str) -> None:
    assert tuple(FOUND[name]) == WAYS
    for way in ("money", "equal", "effort"):
        reaches = way == "money" or name not in WITHOUT_VISITORS
        assert (FOUND[name][way].verdict is Verdict.REACHED) is reaches


@every_way
def test_a_locked_lever_stays_as_planned(name: str, way: str) -> None:
    client = CLIENT[name]
    locked = next(n for n in FOUND[name][way].scenario.moved if n in client.plan.plan)
    by_file = way_to_b(way, replace(client, locked=frozenset({locked})), client.plan)
    assert by_file.scenario.target[locked] == client.plan.target[locked]
    by_hand = way_to_b(way, client, client.plan, {locked})
    assert by_hand.scenario.target == by_file.scenario.target
    freed = way_to_b(way, replace(client, locked=frozenset({locked})), client.plan, frozenset())
    assert freed.scenario.target == FOUND[name][way].scenario.target


@every_way
def test_with_every_lever_locked_nothing_may_move(name: str, way: str) -> None:
    client = CLIENT[name]
    goal = replace(client.plan.goal, b=10 * client.plan.goal.b)
    found = way_to_b(way, client, replace(client.plan, goal=goal), set(client.plan.now))
    assert found.verdict is Verdict.NO_LEVERS
    assert found.scenario.target == client.plan.target


def burden(found: Solution, weights: dict[str, float]) -> float:
    now, target = found.scenario.now, found.scenario.target
    return sum(
        weights.get(name, 1.0) * math.log(target[name] / now[name]) ** 2
        for name in found.scenario.moved
        if now[name]
    )


@pytest.mark.parametrize("name", sorted({*DEMOS} - WITHOUT_VISITORS))
def test_a_weight_spares_its_lever(name: str) -> None:
    client, plain = CLIENT[name], FOUND[name]["effort"]
    spared = max(plain.scenario.moved, key=lambda n: abs(math.log(plain.multipliers[n] or 1.0)))
    weights = {spared: 50.0}
    found = way_to_b("effort", replace(client, weights=weights), client.plan)
    assert found.verdict is Verdict.REACHED
    times = [abs(math.log(one.multipliers.get(spared, 1.0))) for one in (plain, found)]
    assert times[1] < times[0]
    assert burden(found, weights) <= burden(plain, weights)
    assert burden(plain, {}) <= burden(found, {}) * (1 + 1e-9)
    assert burden(plain, {}) <= burden(FOUND[name]["equal"], {}) * (1 + 1e-9)
