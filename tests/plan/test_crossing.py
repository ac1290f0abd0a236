import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from funnelkit.plan.crossing import CLOSE, WIDEST, crossing

ENDS = {"first": np.array([-np.inf]), "last": np.array([np.inf])}


def places(function, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two places between which each function turns negative."""
    before, after = crossing(lambda x: (function(x), x[..., np.newaxis]), points, **ENDS)
    return before[..., 0], after[..., 0]


NO_POINTS = np.full((1, 1), np.nan)
NEAR = 2 * CLOSE


@given(st.floats(-100, 100), st.floats(0.1, 10), st.lists(st.floats(-150, 150), max_size=9))
def test_a_smooth_function_turns_negative_at_its_root(
    root: float, steep: float, points: list[float]
) -> None:
    def function(x: np.ndarray) -> np.ndarray:
        return -np.expm1(np.clip(steep * (x - root), -50, 50))

    before, after = places(function, np.array([[np.nan, *points]]))
    reference = brentq(function, -WIDEST, WIDEST, xtol=1e-12)
    for place in (before, after):
        np.testing.assert_allclose(place, reference, rtol=0, atol=1e-11 + NEAR * (1 + abs(root)))
    assert before < after


@given(st.floats(-500, 500), st.lists(st.floats(-500, 500), max_size=9), st.booleans())
def test_a_jump_is_closed_in_on(at: float, points: list[float], known: bool) -> None:
    points = [np.nan, *points, *([at] if known else [])]
    before, after = places(lambda x: np.where(x <= at, 1.0, -1.0), np.array([points]))
    assert before <= at < after
    assert after - before <= NEAR * (1 + abs(at))


def test_functions_that_never_turn_give_an_end() -> None:
    before, after = places(lambda x: np.where(x > WIDEST, x, [1.0, -1.0]), np.full((2, 1), np.nan))
    assert after[0] == np.inf
    assert before[0] > WIDEST - 1
    assert before[1] == -np.inf
    assert after[1] < 1 - WIDEST


def test_known_points_save_most_of_the_steps() -> None:
    """A jump between two known places needs but to halve what is left of 64 of them."""
    jumps = np.linspace(-5, 5, 32)
    known = np.sort(np.concatenate([jumps - CLOSE / 4, jumps + CLOSE / 4]))
    counts = []
    for points in (np.tile(known, (32, 1)), np.full((32, 1), np.nan)):
        calls = []

        def function(x: np.ndarray, calls: list = calls) -> tuple[np.ndarray, np.ndarray]:
            calls.append(x)
            return np.where(x <= jumps, 1.0, -1.0), x[..., np.newaxis]

        crossing(function, points, **ENDS)
        counts.append(len(calls))
    assert counts[0] <= 8
    assert counts[1] > 40
