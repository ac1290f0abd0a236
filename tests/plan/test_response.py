import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import ConvexHull

from funnelkit.plan.response import Response

# Any client's curves: a power curve or Hill's, linear and S-shaped ones among them.
POWERS = st.builds(
    lambda scale, exponent: Response(scale=scale, exponent=exponent),
    st.floats(1e-3, 1e3),
    st.floats(0.1, 1.0),
)
HILLS = st.builds(
    lambda ceiling, half, exponent: Response.hill(ceiling=ceiling, half=half, exponent=exponent),
    st.floats(1.0, 1e4),
    st.floats(1e2, 1e6),
    st.floats(0.3, 6.0),
)
S_SHAPED = st.builds(
    lambda ceiling, half, exponent: Response.hill(ceiling=ceiling, half=half, exponent=exponent),
    st.floats(1.0, 1e4),
    st.floats(1e2, 1e6),
    st.floats(1.01, 6.0),
)
CURVES = POWERS | HILLS
SPENDS = st.floats(1.0, 1e7)

NEAR = {"rtol": 1e-9, "atol": 0}
"""Powers up to 6 of numbers of some 20 operations, each rounded to 1.1e-16."""


@given(st.floats(0.01, 100), st.floats(0.1, 1), SPENDS)
def test_a_power_curve_is_its_formula(scale: float, exponent: float, spend: float) -> None:
    curve = Response(scale=scale, exponent=exponent)
    np.testing.assert_allclose(curve.leads(spend), scale * spend**exponent, **NEAR)


@given(st.floats(1, 1e4), st.floats(1e2, 1e6), st.floats(0.3, 6), SPENDS)
def test_hills_curve_is_its_formula(v: float, k: float, s: float, x: float) -> None:
    curve = Response.hill(ceiling=v, half=k, exponent=s)
    np.testing.assert_allclose(curve.curve(x), v * x**s / (k**s + x**s), **NEAR)
    np.testing.assert_allclose(curve.curve(k), v / 2, **NEAR)
    np.testing.assert_allclose(curve.turn, k * (s - 1) ** (1 / s) if s > 1 else 0.0, **NEAR)


@given(CURVES, SPENDS)
def test_the_marginal_rate_is_the_slope(curve: Response, spend: float) -> None:
    """Central difference: its error is of the second order in a step of 1e-5 of the spend."""
    step = 1e-5 * spend
    if abs(spend - curve.turn[0]) > 2 * step:
        slope = (curve.leads(spend + step) - curve.leads(spend - step)) / (2 * step)
        # near saturation the difference is lost in the rounding of the leads themselves
        lost = 1e-15 * curve.leads(spend) / step
        np.testing.assert_allclose(curve.marginal(spend), slope, rtol=1e-6, atol=lost[0])


@given(CURVES, SPENDS)
def test_spends_at_a_marginal_rate_invert_it(curve: Response, spend: float) -> None:
    rate = curve.marginal(spend)
    back = curve.spend_at(rate)
    if np.isfinite(back).all():
        np.testing.assert_allclose(curve.marginal(back), rate, **NEAR)
        # rounding may put the rate of the line, or a linear channel's, on either side of the foot
    assert (curve.spend_at(rate * (1 + 1e-9)) <= spend * (1 + 1e-6)).all()
    assert (curve.spend_at(rate * (1 - 1e-9)) >= spend * (1 - 1e-6)).all()


@given(CURVES, SPENDS)
def test_the_cost_of_leads_inverts_them(curve: Response, spend: float) -> None:
    leads = curve.leads(spend)
    if (leads < 0.99 * curve.ceiling).all():  # nearer, the last digits hold all of the spend
        np.testing.assert_allclose(curve.spend_for(leads), spend, **NEAR)


@given(S_SHAPED)
def test_an_envelope_is_the_upper_hull_of_the_curve(curve: Response) -> None:
    """Every point of the curve is on or below it, and it is on the hull of very many points."""
    end = 4 * max(float(curve.turn[0]), 1.0)
    x = np.linspace(0, end, 4001)
    y, envelope = curve.curve(x), curve.leads(x)
    assert (envelope >= y * (1 - 1e-12)).all()
    points = np.column_stack([x / end, y / y.max()])
    corners = np.sort(ConvexHull(points).vertices)
    upper = corners[y[corners] >= y[-1] * x[corners] / end * (1 - 1e-12)]
    hull = np.interp(x, x[upper], y[upper])
    np.testing.assert_allclose(envelope, hull, rtol=0, atol=1e-5 * y.max())


@given(CURVES)
def test_curves_are_concave_and_rise(curve: Response) -> None:
    x = np.linspace(0, 1e6, 2001)
    steps = np.diff(curve.leads(x))
    rounding = 1e-12 * curve.leads(1e6)
    assert (steps >= -rounding).all()
    assert (np.diff(steps) <= rounding).all()
    rates = curve.marginal(x)
    assert (rates[1:] <= rates[:-1] * (1 + 1e-12)).all()


@given(CURVES, SPENDS)
def test_the_next_lead_costs_at_least_the_average(curve: Response, spend: float) -> None:
    marginal = curve.marginal_cpl(spend)
    assert np.isnan(marginal) or marginal >= curve.average_cpl(spend) * (1 - 1e-9)


@given(CURVES, SPENDS, st.sampled_from([0.01, 90.0, 1000.0]))
def test_money_scales_with_the_currency(curve: Response, spend: float, rate: float) -> None:
    other = Response(
        scale=curve.scale * rate**-curve.exponent, exponent=curve.exponent, ceiling=curve.ceiling
    )
    np.testing.assert_allclose(other.leads(rate * spend), curve.leads(spend), **NEAR)
    cpl = curve.average_cpl(spend)
    np.testing.assert_allclose(other.average_cpl(rate * spend), rate * cpl, **NEAR)


def test_kinds_of_curves_stand_side_by_side_and_draws_lead() -> None:
    curves = Response(
        scale=np.array([[10.0, 15.0, 2.0], [20.0, 30.0, 4.0]]),
        exponent=[0.5, 1.0, 2.0],
        ceiling=[np.inf, np.inf, 500.0],
    )
    spend = np.array([[100.0, 100.0, 5.0], [400.0, 100.0, 5.0]])
    for method in ("leads", "marginal", "average_cpl", "marginal_cpl", "spend_for"):
        whole = getattr(curves, method)(spend)
        for draw, channel in np.ndindex(2, 3):
            one = Response(
                scale=curves.scale[draw, channel],
                exponent=curves.exponent[draw, channel],
                ceiling=curves.ceiling[draw, channel],
            )
            assert whole[draw, channel] == getattr(one, method)(spend[draw, channel])


def test_nothing_spent_brings_nothing_and_has_no_price() -> None:
    curves = Response(scale=[10.0, 2.0, 0.0], exponent=[0.5, 1.0, 0.5])
    assert curves.leads(0.0).tolist() == [0, 0, 0]
    assert curves.marginal(0.0).tolist() == [np.inf, 2, 0]
    assert np.isnan(curves.average_cpl(0.0)).all()
    np.testing.assert_equal(curves.marginal_cpl(0.0), [np.nan, 0.5, np.nan])
    assert curves.spend_for(0.0).tolist() == [0, 0, 0]


def test_a_linear_channel_takes_all_or_nothing() -> None:
    linear = Response(scale=0.5, exponent=1.0)
    assert linear.spend_at([0.4, 0.5, 0.6]).tolist() == [np.inf, np.inf, 0]


def test_at_a_rate_that_only_the_first_unit_has_spend_is_0_or_the_turn() -> None:
    first = Response.hill(ceiling=100.0, half=10.0, exponent=[1.0, 2.0])
    assert first.foot.tolist() == [10, 5]
    np.testing.assert_allclose(first.spend_at([10.0, 5.0]), [0, 10], atol=1e-12)
    assert first.spend_at([10.1, 5.1]).tolist() == [0, 0]
    power = Response(scale=10.0, exponent=0.5)
    assert power.spend_at([np.inf, 1e-200]).tolist() == [0, np.inf]


def test_leads_above_the_ceiling_have_no_cost() -> None:
    curve = Response.hill(ceiling=100.0, half=10.0, exponent=1.0)
    assert curve.spend_for([50.0, 100.0, 101.0]).tolist() == [10, np.inf, np.inf]
    assert curve.leads(np.inf).tolist() == [100]


def test_a_missing_parameter_is_a_missing_channel() -> None:
    curves = Response(scale=[10.0, np.nan], exponent=0.5)
    for method in ("leads", "marginal", "spend_at", "spend_for", "average_cpl", "marginal_cpl"):
        assert np.isnan(getattr(curves, method)(4.0)).tolist() == [False, True]


def test_spend_beyond_history_is_flagged() -> None:
    curves = Response(scale=1.0, exponent=0.5, seen=[100.0, 100.0, np.nan])
    assert curves.beyond([100.0 * (1 + 1e-12), 101.0, 1e9]).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"scale": -1.0, "exponent": 0.5}, "scale must be 0 or more, got -1"),
        ({"scale": 1.0, "exponent": 0.0}, "exponent must be above 0, got 0"),
        ({"scale": 1.0, "exponent": [0.5, 1.2]}, "at most 1 without a ceiling, got 1.2"),
        ({"scale": 1.0, "exponent": 2.0, "ceiling": 0.0}, "ceiling must be above 0, got 0"),
    ],
)
def test_a_parameter_out_of_range_is_refused(parameters: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Response(**parameters)


def test_half_of_a_ceiling_costs_something() -> None:
    with pytest.raises(ValueError, match="half must be above 0, got 0"):
        Response.hill(ceiling=1.0, half=[0.0, 1.0], exponent=1.0)
