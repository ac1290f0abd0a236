import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import curve_fit

from funnelkit.plan.history import CurveError, Unfit, fit_hill, fit_power
from funnelkit.plan.response import Response

nan = np.nan


@given(
    st.floats(100, 1e6),
    st.floats(1.05, 20),
    st.floats(1, 1e4),
    st.floats(0.05, 1.0),
)
def test_two_points_reproduce_themselves(spend: float, more: float, leads: float, s: float) -> None:
    points = [[spend, more * spend]], [[leads, leads * more**s]]
    curve = fit_power(*points)
    # logarithms up to 14, divided by the logarithm of `more`, 0.05 at least
    np.testing.assert_allclose(curve.leads(np.array(points[0][0])[:, np.newaxis]).T, points[1])
    assert curve.seen.tolist() == [more * spend]


@given(st.floats(1e-3, 1e3), st.floats(0.05, 1.0), st.integers(3, 24))
def test_a_power_curve_is_found_again(scale: float, exponent: float, months: int) -> None:
    spend = np.geomspace(1e3, 1e5, months)
    curve = fit_power(spend, scale * spend**exponent)
    np.testing.assert_allclose(curve.scale, scale, rtol=1e-9)
    np.testing.assert_allclose(curve.exponent, exponent, rtol=1e-9)


@given(st.floats(10, 1e4), st.floats(0.2, 2.0), st.floats(0.5, 4.0))
def test_hills_curve_is_found_again(ceiling: float, half: float, exponent: float) -> None:
    """Noiseless, over a range that reaches 3 times the half: an optimizer's end is near 1e-8."""
    spend = 1e5 * np.linspace(0.05, 3.0, 24)
    true = Response.hill(ceiling=ceiling, half=half * 1e5, exponent=exponent)
    curve = fit_hill(spend, true.curve(spend[:, np.newaxis])[:, 0])
    for name in ("scale", "exponent", "ceiling"):
        found, sought = getattr(curve, name), getattr(true, name)
        # the scale's exponent of 10 or so multiplies the error of s
        np.testing.assert_allclose(found, sought, rtol=1e-4 if name == "scale" else 1e-6)
    assert curve.seen == 3e5


def test_power_fits_are_those_of_a_line_through_logarithms() -> None:
    dice = np.random.default_rng(0)
    spend = dice.uniform(1e3, 1e5, (5, 3, 12))
    leads = 3 * spend**0.6 * dice.lognormal(0, 0.1, spend.shape)
    curves = fit_power(spend, leads)
    for place in np.ndindex(5, 3):
        exponent, level = np.polyfit(np.log(spend[place]), np.log(leads[place]), 1)
        np.testing.assert_allclose(curves.exponent[place], exponent, rtol=1e-9)
        np.testing.assert_allclose(curves.scale[place], np.exp(level), rtol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_no_hill_curve_is_nearer_than_the_fitted_one(seed: int) -> None:
    """scipy's general fit, begun at the true curve, does not end nearer to noisy months."""
    dice = np.random.default_rng(seed)
    spend = dice.uniform(5e3, 2e5, 18)

    def hill(x: np.ndarray, v: float, k: float, s: float) -> np.ndarray:
        return v / (1 + (k / x) ** s)

    leads = hill(spend, 500, 5e4, 1.5) * dice.lognormal(0, 0.05, 18)
    curve = fit_hill(spend, leads)
    theirs, _ = curve_fit(hill, spend, leads, p0=[500, 5e4, 1.5], bounds=(0, np.inf))
    ours = ((curve.curve(spend[:, np.newaxis])[:, 0] - leads) ** 2).sum()
    assert ours <= ((hill(spend, *theirs) - leads) ** 2).sum() * (1 + 1e-9)


def test_months_without_spend_or_numbers_are_left_out() -> None:
    bare = [[100.0, 400.0, 900.0]], [[10.0, 20.0, 30.0]]
    gaps = [[0.0, 100.0, nan, 400.0, 500.0, 900.0]], [[7.0, 10.0, 5.0, 20.0, nan, 30.0]]
    for fit in (fit_power, fit_hill):
        with_gaps, without = fit(*gaps), fit(*bare)
        np.testing.assert_allclose(with_gaps.exponent, without.exponent, rtol=1e-6)
        np.testing.assert_allclose(with_gaps.leads(250.0), without.leads(250.0), rtol=1e-6)
        assert with_gaps.seen.tolist() == [900]


def test_history_without_diminishing_returns_is_linear() -> None:
    """Among curves with an exponent of at most 1 that with 1 is the nearest."""
    spend, leads = np.array([100.0, 200.0, 400.0]), np.array([1.0, 2.2, 4.5])
    curve = fit_power(spend, leads)
    assert curve.exponent.tolist() == [1]
    np.testing.assert_allclose(curve.scale, np.exp(np.log(leads / spend).mean()))


def test_proportional_points_are_linear() -> None:
    curve = fit_power([[100.0, 300.0], [7.0, 7.7]], [[1.0, 3.0], [7.0, 7.7]])
    assert curve.exponent.tolist() == [1, 1]


def test_hills_curve_has_months_without_leads() -> None:
    curve = fit_hill([[1.0, 10.0, 20.0, 40.0, 80.0]], [[0.0, 50.0, 80.0, 94.0, 98.0]])
    assert curve.ceiling[0] == pytest.approx(100, abs=2)


SPENDS = [100.0, 200.0, 400.0, 800.0]
CONVEX = [1.0, 4.0, 16.0, 64.0]


@pytest.mark.parametrize(
    ("fit", "spend", "leads", "reason", "found"),
    [
        (fit_power, [100.0], [1.0], Unfit.TOO_FEW, 1),
        (fit_power, [100.0, 100.0], [1.0, 2.0], Unfit.TOO_FEW, 1),
        (fit_power, [0.0, 100.0], [0.0, 2.0], Unfit.TOO_FEW, 1),
        (fit_power, [0.0, nan], [0.0, 2.0], Unfit.TOO_FEW, 0),
        (fit_power, [-5.0, 100.0], [1.0, 2.0], Unfit.RANGE, -5),
        (fit_power, [50.0, 100.0], [1.0, np.inf], Unfit.RANGE, np.inf),
        (fit_power, [50.0, 100.0], [0.0, 2.0], Unfit.LEADS, 0),
        (fit_power, [50.0, 100.0], [2.0, 2.0], Unfit.FALLING, 0),
        (fit_power, [50.0, 100.0], [2.0, 1.0], Unfit.FALLING, -1),
        (fit_power, [50.0, 100.0], [1.0, 4.0], Unfit.INCREASING, 2),
        (fit_hill, [50.0, 100.0], [1.0, 2.0], Unfit.TOO_FEW, 2),
        (fit_hill, [50.0, 100.0, 100.0], [1.0, 2.0, 2.1], Unfit.TOO_FEW, 2),
        (fit_hill, SPENDS, [-1.0, 1.0, 2.0, 3.0], Unfit.RANGE, -1),
        (fit_hill, SPENDS, [4.0, 3.0, 2.0, 1.0], Unfit.FALLING, None),
        (fit_hill, SPENDS, CONVEX, Unfit.INCREASING, None),
    ],
)
def test_a_history_without_a_curve_says_why(fit, spend, leads, reason, found) -> None:
    """The second of two channels; the first is sound."""
    sound = [3.0 * np.arange(1, len(spend) + 1) ** 0.5, np.arange(1, len(spend) + 1) ** 0.25]
    if len(spend) >= {fit_power: 2, fit_hill: 3}[fit]:
        spend, leads, place = [sound[0], spend], [sound[1], leads], (1,)
    else:
        place = (0,)
    with pytest.raises(CurveError, match=f"^channel {place[0]}: {reason}, got ") as refused:
        fit(spend, leads)
    assert (refused.value.reason, refused.value.channel) == (reason, place)
    if found is not None:
        assert refused.value.found == pytest.approx(found)


def test_a_curve_that_is_not_seen_to_turn_tells_where_it_might() -> None:
    with pytest.raises(CurveError) as refused:
        fit_hill(SPENDS, CONVEX)
    assert refused.value.found > 800
