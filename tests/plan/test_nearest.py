import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize, nnls

from funnelkit.plan.nearest import nearest, nonnegative

numbers = st.integers(-30, 30).map(lambda n: n / 10)


@given(st.data())
def test_non_negative_least_squares_as_scipy_does_it(data: st.DataObject) -> None:
    rows, columns = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 8))
    matrix = np.array(
        data.draw(st.lists(numbers, min_size=rows * columns, max_size=rows * columns))
    )
    matrix = matrix.reshape(rows, columns)
    wanted = np.array(data.draw(st.lists(numbers, min_size=rows, max_size=rows)))
    guess = np.array(data.draw(st.lists(st.booleans(), min_size=columns, max_size=columns)))
    _, best = nnls(matrix, wanted)
    for begin in (None, guess):
        ours = nonnegative(matrix, wanted, begin)
        assert (ours >= 0).all()
        # Several u may be the best; its distance is one.
        assert np.linalg.norm(matrix @ ours - wanted) == pytest.approx(best, abs=1e-7)


@given(st.data())
def test_the_nearest_point_is_nearer_than_slsqps(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 5))
    vector = st.lists(numbers, min_size=size, max_size=size).map(np.array)
    point, slope, other = data.draw(vector), data.draw(vector), data.draw(vector)
    stiffness = np.abs(data.draw(vector)) + 0.1
    high = np.abs(data.draw(vector)) + 0.1
    slopes, least = np.array([slope, other]), np.array([0.5, -0.5])
    found = nearest(point, stiffness, slopes, least, np.zeros(size), high)
    theirs = minimize(
        lambda x: (stiffness * (x - point) ** 2).sum(),
        np.clip(point, 0, high),
        jac=lambda x: 2 * stiffness * (x - point),
        bounds=[(0, most) for most in high],
        constraints=[
            {"type": "ineq", "fun": lambda x: slopes @ x - least, "jac": lambda _: slopes}
        ],
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 300},
    )
    if found is None:
        assert np.maximum(slope, 0) @ high < 0.5 + 1e-6 or not theirs.success
        return
    x, prices = found
    assert (slopes @ x >= least - 1e-7).all()
    assert (prices >= 0).all()
    if theirs.success:
        assert (stiffness * (x - point) ** 2).sum() <= theirs.fun + 1e-6


@pytest.mark.parametrize("size", [1e-12, 1e-6, 1.0, 1e6, 1e12])
def test_units_make_no_difference(size: float) -> None:
    """The same problem in other money: stiffness scales, x does not."""
    stiffness = size * np.array([1.0, 1e-7, 30.0])
    ends = np.zeros(3), np.array([13.8, 2.0, 0.5])
    point, slope = np.array([12.8, -0.9, -0.5]), np.array([[0.4, 0.2, 1.0]])
    found = nearest(point, stiffness, slope, np.array([6.1]), *ends)
    assert found is not None
    x, _ = found
    # The soft ones are at their ends, 0.4 x 13.8 + 0.2 x 2, and the hard one brings the rest.
    assert x == pytest.approx([13.8, 2.0, 0.18])
