from collections.abc import Mapping
from math import inf, isnan

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from funnelkit.model.ltv import (
    LTV_PARTS,
    lifetime_months,
    ltv,
    ltv_by_margin,
    ltv_simple,
    spread_ltv,
)

PARTS = {"purchase_rate": 0.5, "repeat_check": 100.0, "retention_rate": 0.8}
NO_CEILINGS = {"purchase_rate": inf, "repeat_check": inf, "retention_rate": 1.0}
MARGIN = 0.4


def value(parts: Mapping[str, float], first: float = 10.0, discount: float = 0.0) -> float:
    """LTV from its definition, for a margin of 40 % and everything collected."""
    r = parts["retention_rate"]
    again = parts["purchase_rate"] * parts["repeat_check"] * MARGIN
    return first + again * r / (1 + discount - r)


def spread(target: float, parts: Mapping[str, float] = PARTS, **options: object):
    monthly = parts["purchase_rate"] * parts["repeat_check"] * MARGIN
    given = {"first_value": 10.0, "monthly_value": monthly, "parts": parts}
    return spread_ltv(target, **(given | {"ceilings": NO_CEILINGS} | options))


def test_life_is_the_sum_of_the_months_to_come() -> None:
    # 0.8 ** 200 = 4e-20 is left.
    assert lifetime_months(0.8) == pytest.approx(sum(0.8**t for t in range(1, 200)))
    assert lifetime_months(0.8, 0.1) == pytest.approx(sum((0.8 / 1.1) ** t for t in range(1, 200)))


def test_the_ends_of_retention() -> None:
    assert lifetime_months(0) == 0
    assert isnan(lifetime_months(1))
    assert lifetime_months(1, 0.02) == pytest.approx(50)


def test_ltv_broadcasts() -> None:
    assert ltv(np.ones((3, 1)), [1.0, 2.0], 0.5).tolist() == [[2, 3]] * 3


def test_without_repeat_sales_retention_does_not_matter() -> None:
    assert ltv(7.0, 0.0, 1.0) == 7
    assert ltv(7.0, 0.0, np.nan) == 7
    assert isnan(ltv(7.0, 1.0, np.nan))


def test_the_ltv_of_a_published_subscription() -> None:
    """$120 a month at a margin of 80 % and a churn of 3 %: 3,200, four times a CAC of 800."""
    value = ltv_by_margin(120, 0.8, 0.03)
    assert value == pytest.approx(3200)
    assert value / 800 == pytest.approx(4.0)


def test_a_subscription_is_paid_from_the_first_month_on() -> None:
    # The sum of 96 in every month to come, of which 0.97 are left each time; 0.97 ** 1000 = 6e-14.
    assert ltv_by_margin(120, 0.8, 0.03) == pytest.approx(sum(96 * 0.97**t for t in range(1000)))
    # The general LTV says the same: the first month is the first sale.
    assert ltv_by_margin(120, 0.8, 0.03) == pytest.approx(ltv(96, 96, 0.97))


def test_without_churn_the_ltv_by_margin_is_missing() -> None:
    assert isnan(ltv_by_margin(120, 0.8, 0))


def test_the_simple_ltv_is_check_times_purchases() -> None:
    assert ltv_simple([3000, 200], 4).tolist() == [12_000, 800]


@given(st.floats(10.5, 5000), st.sets(st.sampled_from(LTV_PARTS), max_size=2))
def test_without_ceilings_each_unlocked_part_grows_equally(target: float, locked: set) -> None:
    move = spread(target, locked=frozenset(locked))
    free = set(LTV_PARTS) - locked
    assert set(move.levers) == free
    each = ((target - 10) / 80) ** (1 / len(free))  # repeat part now: 0.5 x 100 x 0.4 x 4
    grown = {name: move.levers[name] / PARTS[name] for name in free}
    if "retention_rate" in free:
        r = move.levers["retention_rate"]
        grown["retention_rate"] = r / (1 - r) / 4
    assert grown == pytest.approx(dict.fromkeys(free, each))
    assert value(PARTS | move.levers) == pytest.approx(target)
    assert move.reached == pytest.approx(target)
    assert move.clipped == ()


def test_the_present_ltv_moves_nothing() -> None:
    assert spread(90).levers == pytest.approx(PARTS)


@st.composite
def ceilings(draw: st.DrawFn) -> dict[str, float]:
    return {
        "purchase_rate": draw(st.sampled_from([0.4, 0.5, 0.6, 1.0, 3.0, inf])),
        "repeat_check": draw(st.sampled_from([90.0, 100.0, 120.0, 400.0, inf])),
        "retention_rate": draw(st.sampled_from([0.7, 0.8, 0.85, 0.95, 1.0])),
    }


@given(
    st.floats(90, 3000),
    ceilings(),
    st.sets(st.sampled_from(LTV_PARTS)),
    st.sampled_from([0.0, 0.02]),
)
def test_the_target_is_reached_where_the_ceilings_allow(
    target: float, tops: dict[str, float], locked: set, discount: float
) -> None:
    assume(target >= value(PARTS, discount=discount))
    move = spread(target, ceilings=tops, locked=frozenset(locked), discount=discount)
    after = PARTS | move.levers
    assert not set(move.levers) & locked
    for name in LTV_PARTS:  # from r to r / (1 - r) and back loses some roundings
        assert after[name] <= max(tops[name], PARTS[name]) * (1 + 1e-12)
        assert after[name] >= PARTS[name] * (1 - 1e-12)
    assert move.reached == pytest.approx(value(after, discount=discount))
    best = {n: PARTS[n] if n in locked else max(tops[n], PARTS[n]) for n in LTV_PARTS}
    endless = best["retention_rate"] == 1 and not discount
    if endless or value(best, discount=discount) >= target:
        assert move.reached == pytest.approx(target)
    else:
        assert after == pytest.approx(best)
        assert set(move.clipped) == set(LTV_PARTS) - locked


def test_what_a_ceiling_clips_the_rest_takes_over() -> None:
    move = spread(10 + 80 * 8, ceilings=NO_CEILINGS | {"purchase_rate": 0.75})
    assert move.clipped == ("purchase_rate",)
    each = (8 / 1.5) ** 0.5
    life = 4 * each
    assert move.levers == pytest.approx(
        {"purchase_rate": 0.75, "repeat_check": 100 * each, "retention_rate": life / (1 + life)}
    )


def test_a_lower_ltv_shrinks_the_parts() -> None:
    move = spread(10 + 80 / 8, locked=frozenset(["retention_rate"]))
    assert move.levers == pytest.approx(
        {"purchase_rate": 0.5 / 8**0.5, "repeat_check": 100 / 8**0.5}
    )


def test_everything_locked_stays() -> None:
    move = spread(500, locked=frozenset(LTV_PARTS))
    assert move.levers == {}
    assert move.reached == pytest.approx(90)


def test_no_repeat_sales_cannot_be_multiplied() -> None:
    for nothing in (PARTS | {"purchase_rate": 0.0}, PARTS | {"retention_rate": 0.0}):
        with pytest.raises(ValueError, match="not positive"):
            spread(500, nothing)


def test_a_client_who_never_leaves_has_no_ltv_to_move() -> None:
    with pytest.raises(ValueError, match="not positive"):
        spread(500, PARTS | {"retention_rate": 1.0})


def test_a_target_below_the_first_sale_is_refused() -> None:
    with pytest.raises(ValueError, match="below the first sale"):
        spread(9.0)
