from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaln

from funnelkit.plan.bgnbd import Bgnbd, check_bgnbd, fit_bgnbd, track_bgnbd
from funnelkit.plan.lifetime import Fit, Lack, LifetimeError
from funnelkit.plan.orders import Buyers
from tests.plan.cdnow import END, HALF, WEEK, cdnow

PAPER = Bgnbd(r=0.243, alpha=4.414, a=0.793, b=2.426)


def values(model: Bgnbd) -> list[float]:
    return [float(value) for value in (model.r, model.alpha, model.a, model.b)]


def buyers(repeats: object, last: object, age: object) -> Buyers:
    x, t, whole = (np.asarray(value, dtype=float) for value in (repeats, last, age))
    return Buyers(repeats=x, last=t, age=whole, spend=np.full(x.shape, np.nan))


def cdnow_fit() -> Fit[Bgnbd]:
    return fit_bgnbd(cdnow().until(HALF).buyers(HALF, WEEK))


def test_the_fit_is_the_published_one() -> None:
    """Fader, Hardie & Lee (2005), table 2."""
    fit = cdnow_fit()
    assert [round(value, 3) for value in values(fit.model)] == [0.243, 4.414, 0.793, 2.426]
    assert round(fit.log_likelihood, 1) == -9582.4


def test_the_holdout_is_foretold_as_well_as_in_the_paper() -> None:
    """Figure 5's total: 1,882 repeat purchases in weeks 40 to 78, of which some 12 % are missed."""
    orders, model = cdnow(), cdnow_fit().model
    foretold = model.purchases(orders.until(HALF).buyers(HALF, WEEK), (END - HALF) / WEEK).sum()
    bought = (orders.day > HALF).sum()
    assert bought == 1882
    assert foretold / bought == pytest.approx(0.88, abs=0.005)


def test_the_counts_are_those_of_the_paper() -> None:
    """Chi-squared of figure 2, 0 to 7+ repeat purchases: no significant miss at 3 degrees."""
    check = check_bgnbd(cdnow_fit().model, cdnow().until(HALF).buyers(HALF, WEEK))
    assert check.actual.tolist() == [1411, 439, 214, 100, 62, 38, 29, 64]
    assert check.predicted.sum() == pytest.approx(2357)
    misses = ((check.predicted - check.actual) ** 2 / check.predicted).sum()
    assert misses == pytest.approx(4.82, abs=0.05)


def test_the_course_of_purchases_is_followed_into_the_holdout() -> None:
    """Figure 3: the model leaves the data by a few per cent, in both halves."""
    orders, model = cdnow(), cdnow_fit().model
    course = track_bgnbd(model, orders, [HALF - 300, HALF, END], WEEK)
    by_hand = sum(float(model.new_purchases((HALF - day) / WEEK)) for day in orders.first)
    assert course.predicted[1] == pytest.approx(by_hand, rel=1e-9)
    buyers_then = orders.until(HALF).buyers(HALF, WEEK)
    assert (course.predicted[0], course.actual[0]) == (0, 0)
    assert course.actual.tolist()[1:] == [buyers_then.repeats.sum(), orders.client.size - 2357]
    away = course.predicted[1:] / course.actual[1:] - 1
    assert away == pytest.approx([0.0, 0.0], abs=0.08)


def test_time_may_be_counted_in_any_unit() -> None:
    weeks, seconds = (fit_bgnbd(cdnow().until(HALF).buyers(HALF, u)) for u in (7.0, 1 / 86_400))
    in_weeks = np.array(values(seconds.model)) * [1, 1 / (7 * 86_400), 1, 1]
    np.testing.assert_allclose(in_weeks, values(weeks.model), rtol=1e-6)
    np.testing.assert_allclose(seconds.covariance, weeks.covariance, rtol=1e-4, atol=1e-9)


CASES = (
    st.tuples(st.floats(0.3, 10), st.floats(0.5, 30), st.floats(0.3, 5), st.floats(0.5, 20)),
    st.integers(0, 30),
)


@given(*CASES, st.floats(0.01, 1), st.floats(0, 50))
def test_the_likelihood_shares_out_who_is_alive(
    parameters: tuple[float, ...], x: int, share: float, rest: float
) -> None:
    """Equation 3 in plain Python: the probability to be there among both ways to have bought x."""
    r, alpha, a, b = parameters
    last = 10.0 * share if x else 0.0
    age = last + rest
    stayed = exp(betaln(a, b + x) - (r + x) * log(alpha + age))
    left = exp(betaln(a + 1, b + x - 1) - (r + x) * log(alpha + last)) if x else 0.0
    model = Bgnbd(r=r, alpha=alpha, a=a, b=b)
    alive = float(model.alive(buyers([x], [last], [age]))[0])
    assert alive == pytest.approx(stayed / (stayed + left), rel=1e-9)


LEGENDRE = np.polynomial.legendre.leggauss(2000)


@given(*CASES, st.floats(0.001, 200))
def test_purchases_are_an_integral_over_clients(
    parameters: tuple[float, ...], x: int, reach: float
) -> None:
    """Expectation over p of ``(1 - (1 + p z)**-(r + x)) / p``, p beta-distributed, without 2F1."""
    r, alpha, a, b = parameters
    model = Bgnbd(r=r, alpha=alpha, a=a, b=b)
    nodes, weights = LEGENDRE
    u = 120 * nodes  # ln(p / (1 - p)): what lies beyond is below e**-30 for a of 0.3
    ln_p, ln_q = -np.logaddexp(0, -u), -np.logaddexp(0, u)
    density = np.exp(a * ln_p + (b + x) * ln_q - betaln(a, b + x))
    bought = -np.expm1(-(r + x) * np.log1p(np.exp(ln_p) * reach)) / np.exp(ln_p)
    expected = 120 * weights @ (density * bought)
    found = model.purchases(buyers([x], [0.0], [0.0]), reach * alpha) / model.alive(
        buyers([x], [0.0], [0.0])
    )
    np.testing.assert_allclose(found, expected, rtol=1e-8)


def exact(r: float, a: float, b: float, x: int, reach: float) -> float:
    """Sum ``C / (a - 1) * (1 - 2F1(r + x, a - 1; C; -z))`` term by term, z below 1.

    The factor a - 1 is divided out of each term, so that nothing is lost where a is 1.
    """
    term = total = (r + x) * reach
    for k in range(1, 4000):
        term *= -reach * (r + x + k) * (a + k - 1) / ((a + b + x + k - 1) * (k + 1))
        total += term
    return total


@pytest.mark.parametrize("away", [0.0, 1e-12, 1e-7, -3e-6, 2e-5, 1e-3, -1e-2])
@pytest.mark.parametrize(("b", "x"), [(2.4, 0), (60.0, 0), (2.4, 3), (0.5, 1)])
def test_where_the_formula_has_a_pole_there_are_still_digits(away: float, b: float, x: int) -> None:
    model = Bgnbd(r=0.3, alpha=1.0, a=1.0 + away, b=b)
    alive = model.alive(buyers([x], [0.0], [0.0]))
    for reach in (1e-3, 0.1, 0.7):
        found = model.purchases(buyers([x], [0.0], [0.0]), reach) / alive
        np.testing.assert_allclose(found, exact(0.3, 1.0 + away, b, x, reach), rtol=1e-10)


@pytest.mark.parametrize("away", [0.0, 1e-9, -1e-5])
def test_the_other_pole_has_digits_too(away: float) -> None:
    model = Bgnbd(r=0.3, alpha=1.0, a=0.4, b=0.6 + away)
    found = model.new_purchases([0.1, 0.7])
    expected = [exact(0.3, 0.4, 0.6 + away, 0, reach) for reach in (0.1, 0.7)]
    np.testing.assert_allclose(found, expected, rtol=1e-10)


@given(*CASES, st.floats(0, 100))
def test_counts_are_probabilities(parameters: tuple[float, ...], top: int, age: float) -> None:
    """Their mean is equation 9's, if enough of them are taken."""
    r, alpha, a, b = parameters
    model = Bgnbd(r=r, alpha=alpha, a=a, b=b)
    shares = model.counts([age, 0.0], top)
    assert shares.shape == (2, top + 2)
    assert (shares >= 0).all()
    np.testing.assert_allclose(shares.sum(axis=-1), 1.0, rtol=1e-12)
    assert shares[1, 0] == 1
    nobody = (alpha / (alpha + age)) ** r
    assert shares[0, 0] == pytest.approx(nobody, rel=1e-9)
    if top:
        nbd = r * age / (alpha + age) * nobody
        once = nbd * b / (a + b) + a / (a + b) * (1 - nobody)
        assert shares[0, 1] == pytest.approx(once, rel=1e-9, abs=1e-15)


def test_the_mean_of_counts_is_what_is_expected() -> None:
    shares = PAPER.counts([39.0], 3000)[0]
    assert shares[:-1] @ np.arange(3001) == pytest.approx(
        float(PAPER.new_purchases(39.0)), rel=1e-6
    )


def test_large_counts_and_times_do_not_overflow() -> None:
    """What other packages have met with inf, NaN or a fit at random."""
    many = buyers([0, 1, 200, 5_000, 100_000], [0, 1, 700, 3_600, 36_500], [3650.0] * 4 + [36_500])
    with np.errstate(all="raise", under="ignore"):
        alive, bought = PAPER.alive(many), PAPER.purchases(many, 365.0)
    assert np.isfinite(alive).all()
    assert np.isfinite(bought).all()
    assert ((alive >= 0) & (alive <= 1)).all()
    # who buys 100,000 times in 36,500 days and bought just now buys nearly as often on
    assert bought[-1] == pytest.approx(365 * 100_000 / 36_500, rel=0.01)


def test_clients_who_buy_daily_for_ten_years_are_fitted() -> None:
    found = fit_bgnbd(drawn(Bgnbd(r=2.0, alpha=2.0, a=0.5, b=200.0), 3000, 3650.0))
    assert np.isfinite([*values(found.model), found.log_likelihood]).all()
    assert values(found.model)[:2] == pytest.approx([2.0, 2.0], rel=0.15)


def drawn(model: Bgnbd, clients: int, age: float, seed: int = 0) -> Buyers:
    """Clients as the model's story has them."""
    dice = np.random.default_rng([8, seed])
    r, alpha, a, b = values(model)
    repeats, last = np.zeros(clients), np.zeros(clients)
    for client in range(clients):
        rate, leave = dice.gamma(r) / alpha, dice.beta(a, b)
        # given how many purchases a client who never leaves would make, their times are uniform
        times = np.sort(dice.uniform(0, age, dice.poisson(rate * age)))
        times = times[: dice.geometric(max(leave, 1e-9))]
        repeats[client], last[client] = times.size, times[-1] if times.size else 0.0
    return buyers(repeats, last, np.full(clients, age))


@pytest.mark.parametrize("seed", range(3))
def test_a_model_is_found_again_among_clients_drawn_from_it(seed: int) -> None:
    truth = Bgnbd(r=0.5, alpha=6.0, a=0.8, b=2.5)
    fit = fit_bgnbd(drawn(truth, 6000, 52.0, seed))
    errors = np.log(values(fit.model)) - np.log(values(truth))
    # chi-squared with 4 degrees of freedom is above 18.5 once in a thousand times
    assert errors @ np.linalg.solve(fit.covariance, errors) < 18.5


def test_uncertainty_makes_a_range_of_totals() -> None:
    fit, who = cdnow_fit(), cdnow().until(HALF).buyers(HALF, WEEK)
    totals = fit.drawn(60).purchases(who, 39.0).sum(axis=-1)
    assert totals.shape == (60,)
    low, high = np.percentile(totals, [5, 95])
    assert low < fit.model.purchases(who, 39.0).sum() < high


SOUND = ([1] * 40, [5.0] * 40, [9.0] * 40)


@pytest.mark.parametrize(
    ("who", "lack", "found"),
    [
        (buyers([1] * 39 + [0], [5.0] * 39 + [0.0], [9.0] * 40), Lack.REPEATS, 39),
        (buyers([-1.0, *SOUND[0][1:]], *SOUND[1:]), Lack.RANGE, -1),
        (buyers(SOUND[0], [10.0, *SOUND[1][1:]], SOUND[2]), Lack.RANGE, 10),
        (buyers([0, *SOUND[0][1:]], *SOUND[1:]), Lack.RANGE, 5),
        (buyers(SOUND[0], [np.nan, *SOUND[1][1:]], SOUND[2]), Lack.RANGE, None),
        (buyers(SOUND[0], SOUND[1][1:], SOUND[2]), Lack.SHAPE, 39),
        (buyers(*SOUND), Lack.ALIKE, None),
    ],
)
def test_too_little_is_said_and_not_fitted(who: Buyers, lack: Lack, found: float | None) -> None:
    with pytest.raises(LifetimeError) as refused:
        fit_bgnbd(who)
    assert refused.value.lack is lack
    if found is not None:
        assert refused.value.found == found
