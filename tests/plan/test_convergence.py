"""Clients like those to whom lifetimes fits nothing: its issues 262, 335, 396, 405 and 419.

Nobody published these clients. What they have in common is time counted in days, hundreds of
purchases of one client, and clients who are about as likely to leave; issue 405 gives quartiles,
and clients drawn from them stop lifetimes 0.11.3 with its ConvergenceError.
"""

import numpy as np
import pytest
from scipy.special import betaln, gammaln

from funnelkit.plan.bgnbd import Bgnbd, fit_bgnbd
from funnelkit.plan.gammagamma import fit_gammagamma
from funnelkit.plan.lifetime import Lack, LifetimeError
from funnelkit.plan.orders import Buyers
from tests.plan.test_bgnbd import buyers, drawn, values

QUARTILES = [0.0, 0.25, 0.5, 0.75, 1.0]


def described(seed: int, *, together: bool, clients: int = 3000) -> Buyers:
    """Clients with the quartiles of issue 405; often and long go together, or do not."""
    dice = np.random.default_rng(seed)
    rank = np.sort(dice.random(clients))
    other = rank if together else dice.random(clients)
    age = np.interp(rank, QUARTILES, [0, 481, 500, 501, 501]).round()
    last = np.minimum(np.interp(rank, QUARTILES, [0, 335, 495, 501, 501]).round(), age)
    repeats = np.minimum(np.interp(other, QUARTILES, [0, 38, 150, 295, 501]).round(), last)
    return buyers(repeats, np.where(repeats > 0, last, 0.0), age)


def days_of_years() -> Buyers:
    """Clients of ten years, counted in days."""
    return drawn(Bgnbd(r=1.0, alpha=40.0, a=0.3, b=8.0), 1500, 3650.0)


def hardly_anybody() -> Buyers:
    """Two years of a shop in which most bought once: issue 332."""
    return drawn(Bgnbd(r=0.1, alpha=50.0, a=0.4, b=0.8), 12_000, 700.0)


def few_left() -> Buyers:
    """Clients of whom hardly anybody has left."""
    return drawn(Bgnbd(r=0.5, alpha=4.4, a=0.02, b=6.0), 1500, 39.0)


SETS = {
    **{f"405 apart {n}": lambda n=n: described(n, together=False) for n in range(2)},
    **{f"405 together {n}": lambda n=n: described(n, together=True) for n in range(3)},
    "days of years": days_of_years,
    "hardly anybody": hardly_anybody,
    "few left": few_left,
}


def log_likelihood(who: Buyers, r: float, alpha: float, a: float, b: float) -> float:
    """Equation 6 of the paper, client by client."""
    x, last, age = who.repeats, who.last, who.age
    front = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    there = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + age)
    left = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + last)
    both = np.where(x > 0, np.logaddexp(there, left), there)
    return float((front + both).sum())


@pytest.mark.parametrize("name", SETS)
def test_the_fit_does_not_fail_and_nothing_is_more_likely(name: str) -> None:
    who = SETS[name]()
    fit = fit_bgnbd(who)
    found = np.array(values(fit.model))
    assert fit.log_likelihood == pytest.approx(log_likelihood(who, *found), abs=0.01)
    dice = np.random.default_rng(1)
    for size in (0.02, 0.2, 1.0):
        for _ in range(20):
            other = found * np.exp(size * dice.standard_normal(4))
            # clients who are all alike differ a little in the model: that costs less than this
            assert log_likelihood(who, *other) < fit.log_likelihood + 2.0
    assert np.isfinite(fit.drawn(50).purchases(who, 30.0)).all()


def test_clients_who_are_as_likely_to_leave_are_foretold() -> None:
    """Purchases of one who leaves with probability p after each: (1 - (α / (α + p t))^r) / p."""
    r, alpha, p = 1.2, 3.0, 0.02
    dice, clients = np.random.default_rng(4), 4000
    repeats, last = np.zeros(clients), np.zeros(clients)
    for client in range(clients):
        times = np.sort(dice.uniform(0, 200.0, dice.poisson(dice.gamma(r) / alpha * 200.0)))
        times = times[: dice.geometric(p)]
        repeats[client], last[client] = times.size, times[-1] if times.size else 0.0
    model = fit_bgnbd(buyers(repeats, last, np.full(clients, 200.0))).model
    for time in (10.0, 100.0, 400.0):
        expected = (1 - (alpha / (alpha + p * time)) ** r) / p
        assert float(model.new_purchases(time)) == pytest.approx(expected, rel=0.06)


def test_what_was_set_has_no_variance_and_draws_keep_it() -> None:
    fit = fit_bgnbd(described(0, together=False))
    assert float(fit.model.a) == pytest.approx(100.0)
    assert fit.covariance[2].tolist() == [0.0] * 4
    lots = fit.drawn(300)
    assert np.ptp(np.asarray(lots.a)) == 0.0
    known = np.sqrt(np.diag(fit.covariance))[[0, 1, 3]]
    spread = [np.std(np.log(np.asarray(values_))) for values_ in (lots.r, lots.alpha, lots.b)]
    assert spread == pytest.approx(known, rel=0.2)


def test_clients_of_whom_nobody_has_left_do_not_say_how_clients_leave() -> None:
    who = drawn(Bgnbd(r=0.25, alpha=4.4, a=0.001, b=2.4), 2000, 39.0)
    with pytest.raises(LifetimeError) as refused:
        fit_bgnbd(who)
    assert refused.value.lack is Lack.ALIKE


def test_spend_in_millions_is_fitted_as_in_ones() -> None:
    dice = np.random.default_rng(2)
    repeats = dice.integers(1, 200, 500).astype(float)
    mean = dice.gamma(6.0 * repeats) / (6.0 * repeats) / dice.gamma(4.0, size=500) * 90.0

    def fitted(rate: float) -> list[float]:
        who = Buyers(repeats=repeats, last=repeats, age=repeats + 1, spend=rate * mean)
        model = fit_gammagamma(who).model
        return [float(model.p), float(model.q), float(model.v) / rate]

    assert fitted(1e7) == pytest.approx(fitted(1.0), rel=1e-5)
