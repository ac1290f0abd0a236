from math import inf, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkit.model.levers import Stage
from funnelkit.model.owner import Business
from funnelkit.model.products import Product, Role
from funnelkit.plan.room import MOST, own_levers, room
from funnelkit.plan.scenario import Goal, Scenario
from tests.strategies import solvable

GOAL = Goal(metric="revenue", a=1, b=2, horizon=3)
NOW = {"win_rate": 0.2, "refund_rate": 0.1, "visitors": 100.0, "audience": 0.0, "margin": 0.4}


def scenario(**options: object) -> Scenario:
    return Scenario(**({"goal": GOAL, "business": Business(), "now": NOW, "plan": {}} | options))


def test_where_levers_end() -> None:
    free = room(scenario(ceilings={"audience": 500.0}))
    assert free.names == ("win_rate", "refund_rate", "visitors", "audience")
    assert free.best.tolist() == [1, 0, inf, 500]
    assert free.end.tolist() == [1, 0, 100 * MOST, 500]
    assert free.effort == pytest.approx([log(5), log(MOST), log(MOST), 1])
    assert free.falls.tolist() == [False, True, False, False]
    assert free.held == {"margin": 0.4}


def test_a_ceiling_on_the_wrong_side_of_now_is_now() -> None:
    free = room(
        scenario(ceilings={"win_rate": 0.1, "refund_rate": 0.3}), ["win_rate", "refund_rate"]
    )
    assert free.best.tolist() == [0.2, 0.1]
    assert not free.open


def test_from_0_without_a_ceiling_there_is_no_way() -> None:
    free = room(scenario(), ["audience"])
    assert not free.open
    assert free.at_effort(np.array([3.0])).tolist() == [0]


def test_economics_move_only_where_they_are_named() -> None:
    assert "margin" not in room(scenario()).names
    assert room(scenario(), ["margin"]).names == ("margin",)


def test_the_locked_stay_as_planned_and_the_free_begin_at_now() -> None:
    free = room(scenario(plan={"win_rate": 0.5, "visitors": 300.0}), locked={"win_rate"})
    assert free.held["win_rate"] == 0.5
    assert dict(zip(free.names, free.now, strict=True))["visitors"] == 100


def test_a_missing_value_does_not_move() -> None:
    assert room(scenario(now={"retention_rate": np.nan, "visitors": 1.0})).names == ("visitors",)


def test_some_of_a_room_leaves_the_others_at_now() -> None:
    free = room(scenario(plan={"visitors": 300.0})).only({"win_rate"})
    assert free.names == ("win_rate",)
    assert free.held["visitors"] == 100
    assert room(scenario()).multiplied().names == ("win_rate", "refund_rate", "visitors")
    assert room(scenario()).of_stage(Stage.GENERATION).tolist() == [False, False, True, False]


LINE = (Product(name="trial", role=Role.TRIPWIRE), Product(name="club", role=Role.RECURRING))
OF_LINE = {f"{kind}.{p.name}": 1.0 for p in LINE for kind in ("take_rate", "price", "margin")}


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("average_check", ("price.trial",)),
        ("purchase_rate", ("take_rate.club",)),
        ("repeat_check", ("price.club",)),
        ("take_rate.trial", ("take_rate.trial",)),
    ],
)
def test_what_a_name_stands_for_on_a_line(name: str, own: tuple[str, ...]) -> None:
    of_line = scenario(now=OF_LINE, business=Business(line=LINE))
    assert own_levers(name, of_line) == own
    moved = of_line.with_plan(**{name: 2.0})
    assert moved.moved == own


@pytest.mark.parametrize("name", ["margin", "visitors", "visitros"])
def test_a_name_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        own_levers(name, scenario(now=OF_LINE, business=Business(line=LINE)))


@given(solvable(), st.floats(0, 2))
@settings(max_examples=50)
def test_levers_stay_between_now_and_their_end(given_: Scenario, effort: float) -> None:
    free = room(given_)
    low, high = np.minimum(free.now, free.end), np.maximum(free.now, free.end)
    for values in (free.at_common(np.array(effort)), free.at_share(np.array([effort / 2]))):
        assert (values >= low - 1e-12 * high).all()
        assert (values <= high * (1 + 1e-12)).all()
    assert free.at_effort(free.effort).tolist() == free.end.tolist()
    assert free.at_effort(0 * free.effort).tolist() == pytest.approx(
        np.where(free.effort == 0, free.end, free.now).tolist()
    )
    grid = free.grid(9, 5)
    assert grid[0] == 0
    assert grid[-1] == free.effort.max(initial=0.0)
    assert (np.diff(grid) > 0).all()
