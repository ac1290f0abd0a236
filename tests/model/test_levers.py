import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.model.levers import LEVERS, ramp
from tests import reference
from tests.strategies import money


@given(money(), money(), st.integers(0, 8), st.integers(1, 6), st.integers(1, 9))
def test_a_lever_moves_as_defined(
    now: float, plan: float, start: int, horizon: int, months: int
) -> None:
    way = ramp(now, plan, start=start, horizon=horizon, months=months)
    # Three roundings on values of the same sign, each below the larger one's.
    assert way.tolist() == pytest.approx(
        reference.ramp(now, plan, start, horizon, months), rel=1e-12, abs=1e-12 * max(now, plan)
    )


@given(money(), money(), st.integers(0, 8), st.integers(1, 6))
def test_month_0_is_now_and_the_goals_month_is_the_plan(
    now: float, plan: float, start: int, horizon: int
) -> None:
    way = ramp(now, plan, start=start, horizon=horizon, months=horizon + 3)
    assert way[0] == now
    assert set(way[horizon:]) == {plan}


def test_a_start_at_the_horizon_or_later_is_a_step() -> None:
    for start in (3, 4, 99):
        way = ramp(1, 2, start=start, horizon=3, months=5)
        assert way.tolist() == [1, 1, 1, 2, 2]


def test_a_start_one_month_before_the_horizon_is_the_same_step() -> None:
    assert ramp(1, 2, start=2, horizon=3, months=5).tolist() == [1, 1, 1, 2, 2]


def test_leading_axes_are_free() -> None:
    way = ramp([[1], [2]], [3, 4, 5], start=0, horizon=2, months=4)
    assert way.shape == (2, 3, 4)
    assert way[1, 2].tolist() == [2, 3.5, 5, 5]


@given(
    st.lists(st.tuples(money(), money(), st.integers(0, 8)), min_size=1, max_size=6),
    st.integers(1, 6),
)
def test_each_value_may_have_a_start_of_its_own(levers: list, horizon: int) -> None:
    now, plan, starts = zip(*levers, strict=True)
    months = horizon + 3
    together = ramp(now, plan, start=starts, horizon=horizon, months=months)
    assert together.shape == (len(levers), months)
    for way, (first, last, start) in zip(together, levers, strict=True):
        assert way.tolist() == pytest.approx(
            reference.ramp(first, last, start, horizon, months),
            rel=1e-12,
            abs=1e-12 * max(first, last),
        )


def test_one_start_before_today_among_many_is_refused() -> None:
    with pytest.raises(ValueError, match="start must be"):
        ramp([1, 2], [3, 4], start=[0, -1], horizon=3, months=3)


@pytest.mark.parametrize(("start", "horizon"), [(-1, 3), (0, 0)])
def test_a_start_before_today_or_a_goal_today_is_refused(start: int, horizon: int) -> None:
    with pytest.raises(ValueError, match="start must be"):
        ramp(1, 2, start=start, horizon=horizon, months=3)


def test_the_table_has_the_methods_levers_in_the_stages_order() -> None:
    assert {name: lever.stage for name, lever in LEVERS.items() if not lever.cost} == (
        dict.fromkeys(
            ("retention_rate", "purchase_rate", "repeat_check", "collection_repeat"), "account"
        )
        | dict.fromkeys(
            (
                "answered_rate",
                "qualified_rate",
                "win_rate",
                "average_check",
                "collection_new",
                "refund_rate",
                "managers",
            ),
            "conversion",
        )
        | dict.fromkeys(("visitors", "lead_rate"), "generation")
        | dict.fromkeys(("audience", "engagement_rate", "nurtured_lead_rate"), "nurturing")
        | dict.fromkeys(("margin", "other_revenue"), "economics")
    )
    stages = [lever.stage for lever in LEVERS.values()]
    assert list(dict.fromkeys(stages)) == [
        "account",
        "conversion",
        "generation",
        "nurturing",
        "economics",
    ]
