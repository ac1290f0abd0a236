import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.plan.reach import reach


def way(end: float, places: int = 33) -> np.ndarray:
    return np.linspace([0.0], [end], places).T


@given(st.floats(0.01, 9.9), st.floats(0.2, 5))
def test_a_rising_way_ends_where_it_reaches(root: float, power: float) -> None:
    found = reach(lambda x: x**power, root**power, way(10))
    assert found.reached.all()
    assert found.place[0] == pytest.approx(root, rel=1e-12)
    assert found.value[0] >= root**power


@given(st.floats(0.5, 9.5), st.floats(0.1, 3), st.floats(0.1, 3))
def test_a_way_that_falls_again_ends_at_its_top(top: float, up: float, down: float) -> None:
    def function(x: np.ndarray) -> np.ndarray:
        return np.where(x < top, up * (x - top), down * (top - x))

    found = reach(function, 1.0, way(10))
    assert not found.reached.any()
    # The width that ends the search, by 1 and the place.
    assert found.place[0] == pytest.approx(top, abs=1e-7)
    assert found.value[0] == pytest.approx(0.0, abs=1e-6)


def test_the_first_crossing_counts() -> None:
    found = reach(lambda x: np.sin(x), 0.5, way(20))
    assert found.place[0] == pytest.approx(np.pi / 6, rel=1e-12)


def test_a_top_between_two_places_may_reach() -> None:
    found = reach(lambda x: 1 - (x - 0.5) ** 2, 0.999, np.array([[0.0, 0.4, 0.9]]))
    assert found.reached.all()
    assert found.place[0] == pytest.approx(0.5 - np.sqrt(0.001), rel=1e-9)


def test_a_way_that_begins_at_the_target_is_not_walked() -> None:
    found = reach(lambda x: 5 + x, 5.0, way(1))
    assert (found.place[0], found.value[0], found.reached[0]) == (0, 5, True)


def test_a_way_that_brings_nothing_is_not_walked_for_rounding() -> None:
    found = reach(lambda x: 1 + 1e-14 * np.sin(100 * x), 2.0, way(1))
    assert found.place[0] < 1e-6
    assert not found.reached[0]


def test_a_jump_is_closed_in_on_from_above() -> None:
    found = reach(lambda x: np.where(x > 0.3, 1.0, 0.0), 0.5, way(1))
    assert found.value[0] == 1
    assert found.place[0] == pytest.approx(0.3, abs=1e-14)


def test_where_a_plateau_at_the_target_begins_the_way_ends() -> None:
    found = reach(lambda x: np.minimum(x, 0.7), 0.7, way(10, 5))
    assert found.reached[0]
    # The width within which a place at the target is taken for the first.
    assert found.place[0] == pytest.approx(0.7, abs=2e-6)


def test_what_is_missing_is_not_reached() -> None:
    found = reach(lambda x: np.where(x < 2, x, np.nan), [1.0, 3.0], way(4).repeat(2, axis=0))
    assert found.reached.tolist() == [True, False]
    assert found.value[1] == pytest.approx(2, rel=1e-7)
    nothing = reach(lambda x: np.nan * x, 1.0, way(1))
    assert np.isnan(nothing.value[0])
    assert not nothing.reached[0]


def test_a_smooth_way_takes_few_looks() -> None:
    looks = []

    def function(x: np.ndarray) -> np.ndarray:
        looks.append(x.size)
        return np.exp(x)

    reach(function, 3.0, way(4))
    assert len(looks) <= 6
