from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from funnelkit.plan.budget import Budget, Verdict, best_budget, least_budget
from funnelkit.plan.response import Response
from tests.strategies import shares

inf, nan = np.inf, np.nan

# Published: Optimal Advertising, 10 sqrt(x1) + 15 sqrt(x2), 100 to spend.

ADVERTISING = Response(scale=[10.0, 15.0], exponent=0.5)


def test_optimal_advertising() -> None:
    best = best_budget(ADVERTISING, 100.0)
    assert best.spend.tolist() == pytest.approx([30.769, 69.231], abs=5e-4)
    assert float(best.total_leads) == pytest.approx(180.278, abs=5e-4)
    assert best.verdict == Verdict.MET


def test_optimal_advertising_in_closed_form() -> None:
    """Spend is as the square of the scale; leads are the root of 100 (10² + 15²)."""
    best = best_budget(ADVERTISING, 100.0)
    assert best.spend.tolist() == pytest.approx([100 * 100 / 325, 100 * 225 / 325], rel=1e-12)
    assert float(best.total_leads) == pytest.approx((100 * 325) ** 0.5, rel=1e-12)
    least = least_budget(ADVERTISING, (100 * 325) ** 0.5)
    assert least.spend.tolist() == pytest.approx(best.spend.tolist(), rel=1e-12)


# Any client's channels: 1 to 6 power curves and Hill's, linear, idle and S-shaped ones among
# them, with costs of a lead around 100, and bounds that leave a choice or none.


@st.composite
def curves(draw: st.DrawFn, most: int = 6, *, linear: bool = True) -> Response:
    n = draw(st.integers(1, most))

    def each(values: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=n, max_size=n)))

    hill = each(st.booleans())
    powers = st.floats(0.2, 0.9) | (st.just(1.0) if linear else st.nothing())
    exponent = np.where(hill, each(st.floats(0.5, 3.0)), each(powers))
    leads = each(st.just(0.0) | st.floats(100, 2000) if linear else st.floats(100, 2000))
    ceiling = np.where(hill, np.maximum(leads, 1.0), inf)
    half = each(st.floats(1e4, 2e5))
    return Response(scale=leads / half**exponent, exponent=exponent, ceiling=ceiling)


@st.composite
def problems(draw: st.DrawFn, *, linear: bool = True) -> tuple[Response, float, dict]:
    response = draw(curves(linear=linear))
    n = response.seen.shape[-1]
    total = draw(st.just(0.0) | st.floats(1e3, 1e6))
    share = st.lists(shares(), min_size=n, max_size=n).map(np.array)
    lower = draw(st.just(np.zeros(n)) | share.map(lambda s: s * total / n))
    upper = draw(st.just(np.full(n, inf)) | share.map(lambda s: np.maximum(lower, s * total)))
    worth = draw(st.none() | share.map(lambda s: 500 * s))
    return response, total, {"lower": lower, "upper": upper, "worth": worth}


def returns(budget: Budget, worth: np.ndarray | None) -> np.ndarray:
    """What the last unit of money brings; leads worth nothing bring it however many they are."""
    return budget.marginal if worth is None else np.where(worth > 0, budget.marginal, 0.0) * worth


def brought(response: Response, spend: np.ndarray, worth: np.ndarray | None = None) -> float:
    return float((response.leads(spend) * (1.0 if worth is None else worth)).sum(axis=-1))


@given(problems())
def test_the_sum_is_spent_and_bounds_hold(problem: tuple) -> None:
    response, total, options = problem
    best = best_budget(response, total, **options)
    lower, upper = options["lower"], options["upper"]
    assert ((lower <= best.spend) & (best.spend <= upper)).all()
    if best.verdict == Verdict.MET:
        assert float(best.total_spend) == pytest.approx(total, rel=1e-9, abs=0)
    else:  # the lower bounds share no more than the sum
        assert best.verdict == Verdict.UPPER_BOUNDS
        assert upper.sum() < total
        assert (best.spend == upper).all()


@given(problems())
def test_marginal_returns_are_equal_but_at_bounds(problem: tuple) -> None:
    """Those in between bring the same; those at a lower bound no more, at an upper no less."""
    response, total, options = problem
    best = best_budget(response, total, **options)
    assume(best.verdict == Verdict.MET)
    rate = returns(best, options["worth"])
    at_lower = best.spend <= options["lower"]
    at_upper = best.spend >= options["upper"]
    # the multiplier is known to 1e-13, by its logarithm of up to 20; rates follow to rounding
    most = rate[~at_upper].max(initial=0.0)
    assert (rate[~at_lower] >= most * (1 - 1e-10)).all()


def by_slsqp(response: Response, total: float, options: dict, starts: np.ndarray) -> float:
    worth = 1.0 if options["worth"] is None else options["worth"]
    n = starts.shape[-1]
    size = max(brought(response, np.full(n, total), options["worth"]), 1.0)
    # the gradient of a power curve has no end at 0
    high = np.minimum(options["upper"] / total, 1.0)
    bounds = np.column_stack([np.minimum(np.maximum(options["lower"] / total, 1e-9), high), high])
    found = [-inf]
    for start in starts:
        result = minimize(
            lambda s: -(response.leads(s * total) * worth).sum() / size,
            np.clip(start, bounds[:, 0], bounds[:, 1]),
            jac=lambda s: -response.marginal(s * total) * worth * total / size,
            method="SLSQP",
            bounds=bounds,
            constraints=[{"type": "eq", "fun": lambda s: s.sum() - 1, "jac": np.ones_like}],
            options={"ftol": 1e-12, "maxiter": 300},
        )
        if abs(result.x.sum() - 1) <= 1e-9:
            found.append(-result.fun * size)
    return max(found)


@given(problems(), st.integers(0, 2**32 - 1))
@settings(max_examples=50)
def test_slsqp_finds_nothing_better(problem: tuple, seed: int) -> None:
    response, total, options = problem
    best = best_budget(response, total, **options)
    assume(total > 0 and best.verdict == Verdict.MET)
    n = best.spend.shape[-1]
    starts = np.vstack([np.full(n, 1 / n), np.random.default_rng(seed).dirichlet(np.ones(n), 2)])
    ours = brought(response, best.spend, options["worth"])
    rate = returns(best, options["worth"])[best.spend < options["upper"]].max(initial=0.0)
    # SLSQP may break its constraint by 1e-9 of the sum, which would bring so much
    slack = 1e-9 * total * rate
    assert by_slsqp(response, total, options, starts) <= ours * (1 + 1e-9) + slack


@given(problems(), st.integers(0, 2**32 - 1))
def test_no_move_of_money_between_channels_brings_more(problem: tuple, seed: int) -> None:
    response, total, options = problem
    best = best_budget(response, total, **options)
    n = best.spend.shape[-1]
    assume(n > 1 and best.verdict == Verdict.MET)
    dice = np.random.default_rng(seed)
    giver, taker = dice.integers(0, n, (2, 400))
    amount = np.minimum(
        best.spend[giver] - options["lower"][giver], options["upper"][taker] - best.spend[taker]
    ) * 10.0 ** dice.uniform(-6, 0, 400)
    moved = np.tile(best.spend, (400, 1))
    moved[np.arange(400), giver] -= amount
    moved[np.arange(400), taker] += amount
    worth = 1.0 if options["worth"] is None else options["worth"]
    others = (response.leads(np.maximum(moved, 0.0)) * worth).sum(axis=-1)
    assert (others <= brought(response, best.spend, options["worth"]) * (1 + 1e-12)).all()


@given(problems())
def test_the_least_spend_for_the_leads_of_the_best_budget_is_that_budget(problem: tuple) -> None:
    response, total, options = problem
    options |= {"worth": None}
    best = best_budget(response, total, **options)
    rate = best.marginal[best.spend < options["upper"]].max(initial=0.0)
    assume(best.verdict == Verdict.MET and rate > 0)  # else the last money brings nothing
    least = least_budget(response, best.total_leads, **options)
    assert least.verdict == Verdict.MET
    # what the last money brings may be lost in the leads' rounding; then less is spent
    assert float(least.total_spend) <= total * (1 + 1e-9)
    lost = 1e-13 * float(best.total_leads) / rate
    assert float(least.total_spend) >= total * (1 - 1e-9) - lost
    assert float(least.total_leads) == pytest.approx(float(best.total_leads), rel=1e-9)


@given(curves(linear=False), st.floats(1.01, 3.0), st.data())
def test_a_better_response_never_needs_a_larger_budget(
    response: Response, better: float, data: st.DataObject
) -> None:
    needed = 0.9 * float(np.minimum(response.ceiling, 2000).sum())
    channel = data.draw(st.integers(0, response.scale.shape[-1] - 1))
    more = np.where(np.arange(response.scale.shape[-1]) == channel, better, 1.0)
    raised = replace(response, scale=response.scale * more, ceiling=response.ceiling * more)
    before, after = least_budget(response, needed), least_budget(raised, needed)
    assert before.verdict == after.verdict == Verdict.MET
    assert float(after.total_spend) <= float(before.total_spend) * (1 + 1e-9)


@given(problems(linear=False), st.floats(0.2, 1.0))
def test_an_idle_channel_changes_nothing(problem: tuple, exponent: float) -> None:
    response, total, options = problem
    n = response.scale.shape[-1]
    names = ("scale", "exponent", "ceiling")
    idle = Response(
        **{
            name: np.append(getattr(response, name), value)
            for name, value in zip(names, (0.0, exponent, inf), strict=True)
        }
    )
    options = {name: 0.0 if name == "lower" else inf for name in ("lower", "upper")}
    best, with_idle = best_budget(response, total, **options), best_budget(idle, total, **options)
    assert with_idle.spend[n] == pytest.approx(0, abs=1e-9 * total)
    np.testing.assert_allclose(with_idle.spend[:n], best.spend, rtol=1e-9, atol=1e-9 * total)
    needed = 0.5 * float(best.total_leads)
    assert least_budget(idle, needed).spend[n] == 0


@given(problems(linear=False))
def test_a_linear_channel_split_in_two_changes_no_total(problem: tuple) -> None:
    response, total, _ = problem
    rate = 0.01

    def beside(*linear: float) -> Response:
        return Response(
            scale=np.append(response.scale, linear),
            exponent=np.append(response.exponent, np.ones(len(linear))),
            ceiling=np.append(response.ceiling, np.full(len(linear), inf)),
        )

    one, two = best_budget(beside(rate), total), best_budget(beside(rate, rate), total)
    assert float(two.total_leads) == pytest.approx(float(one.total_leads), rel=1e-9)
    n = response.scale.shape[-1]
    assert two.spend[n:].sum() == pytest.approx(one.spend[n], rel=1e-9, abs=1e-9 * total)


@given(problems(), st.sampled_from([0.01, 90.0]))
def test_all_money_scales_with_the_currency(problem: tuple, rate: float) -> None:
    response, total, options = problem
    other = replace(response, scale=response.scale * rate**-response.exponent)
    best = best_budget(response, total, **options)
    scaled = {name: None if x is None else rate * x for name, x in options.items()}
    again = best_budget(other, rate * total, **scaled)
    assert again.verdict == best.verdict
    assert float(again.total_leads) == pytest.approx(float(best.total_leads), rel=1e-9)
    assert brought(other, again.spend, scaled["worth"]) == pytest.approx(
        brought(response, best.spend, options["worth"]) * (1 if options["worth"] is None else rate),
        rel=1e-9,
    )


def test_leading_axes_give_what_a_loop_gives() -> None:
    dice = np.random.default_rng(0)
    response = Response(
        scale=dice.uniform(0.1, 2, (4, 1, 5)),
        exponent=np.where(np.arange(5) < 3, dice.uniform(0.3, 0.9, (4, 1, 5)), 1.5),
        ceiling=np.where(np.arange(5) < 3, inf, dice.uniform(500, 1500, (4, 1, 5))),
        seen=1e4,
    )
    worth = dice.uniform(50, 500, (3, 5))
    totals, upper = dice.uniform(1e4, 1e5, (4, 3)), np.array([inf, 2e4, inf, 3e4, inf])
    names = ("spend", "leads", "marginal", "beyond", "losing", "verdict")

    def same(whole: Budget, solve, sought: np.ndarray) -> None:
        for draw, scenario in np.ndindex(4, 3):
            one = Response(
                **{
                    name: getattr(response, name)[draw, 0]
                    for name in ("scale", "exponent", "ceiling", "seen")
                }
            )
            alone = solve(one, sought[draw, scenario], upper=upper, worth=worth[scenario])
            for name in names:
                part = getattr(whole, name)[draw, scenario]
                if part.dtype == float:  # the search ends for all at once, some go one step on
                    np.testing.assert_allclose(part, getattr(alone, name), rtol=1e-9, atol=1e-9)
                else:
                    assert (part == getattr(alone, name)).all()

    best = best_budget(response, totals, upper=upper, worth=worth)
    assert best.spend.shape == (4, 3, 5)
    assert best.verdict.shape == (4, 3)
    same(best, best_budget, totals)
    needed = best.total_leads * 0.7
    same(least_budget(response, needed, upper=upper, worth=worth), least_budget, needed)


# Edges.


def test_linear_channels_are_filled_in_their_order() -> None:
    linear = Response(scale=[1.0, 2.0, 2.0, 0.5], exponent=1.0)
    upper = [inf, 30.0, 50.0, inf]
    assert best_budget(linear, 20.0, upper=upper).spend.tolist() == [0, 20, 0, 0]
    assert best_budget(linear, 70.0, upper=upper).spend.tolist() == [0, 30, 40, 0]
    assert best_budget(linear, 90.0, upper=upper).spend.tolist() == [10, 30, 50, 0]
    least = least_budget(linear, 165.0, upper=upper)
    assert least.spend.tolist() == pytest.approx([5, 30, 50, 0])


def test_a_linear_channel_takes_what_is_left() -> None:
    """10 sqrt(x) brings more than half a lead a unit of money up to 100."""
    both = Response(scale=[0.5, 10.0], exponent=[1.0, 0.5])
    assert best_budget(both, 300.0).spend.tolist() == pytest.approx([200, 100])
    assert best_budget(both, 80.0).spend.tolist() == pytest.approx([0, 80])


def test_an_s_shaped_channel_gets_nothing_until_its_line_is_the_best() -> None:
    """The line to its turn brings 100 / (2 · 10) = 5 leads a unit; 10 sqrt(x) does so at 1."""
    response = Response(scale=[10.0, 1.0], exponent=[0.5, 2.0], ceiling=[inf, 100.0])
    assert best_budget(response, 1.0).spend.tolist() == pytest.approx([1, 0], abs=1e-9)
    assert best_budget(response, 6.0).spend.tolist() == pytest.approx([1, 5])


def test_one_channel_gets_it_all() -> None:
    curve = Response(scale=10.0, exponent=0.5)
    assert best_budget(curve, 100.0).spend.tolist() == [100]
    assert least_budget(curve, 100.0).spend.tolist() == pytest.approx([100])


def test_nothing_to_spend_and_nothing_to_reach() -> None:
    for budget in (best_budget(ADVERTISING, 0.0), least_budget(ADVERTISING, 0.0)):
        assert budget.spend.tolist() == [0, 0]
        assert budget.total_leads == 0
        assert budget.verdict == Verdict.MET
        assert not budget.losing.any()


def test_bounds_that_exclude_the_sum_are_reported_with_the_nearest_budget() -> None:
    best = best_budget(ADVERTISING, [50.0, 100.0, 200.0], lower=[60.0, 10.0], upper=[80.0, 40.0])
    assert best.verdict.tolist() == ["lower_bounds", "met", "upper_bounds"]
    assert best.spend[[0, 2]].tolist() == [[60, 10], [80, 40]]
    assert best.total_spend.tolist() == [70, pytest.approx(100), 120]


def test_a_missing_bound_is_none() -> None:
    best = best_budget(ADVERTISING, 100.0, lower=nan, upper=[nan, 60.0])
    assert best.spend.tolist() == [40, 60]


def test_bounds_that_are_the_sum_meet_it() -> None:
    best = best_budget(ADVERTISING, 0.3, lower=[0.1, 0.2])  # 0.1 + 0.2 > 0.3
    assert best.verdict == Verdict.MET
    assert best.spend.tolist() == [0.1, 0.2]


def test_leads_out_of_reach_are_reported_with_the_most_there_are() -> None:
    least = least_budget(ADVERTISING, [100.0, 1000.0], upper=[100.0, 400.0])
    assert least.verdict.tolist() == ["met", "unreachable"]
    assert least.spend[1].tolist() == [100, 400]
    assert least.total_leads[1] == pytest.approx(400)


def test_leads_above_all_ceilings_have_no_cost() -> None:
    response = Response.hill(ceiling=[100.0, 50.0], half=10.0, exponent=1.0, seen=10.0)
    least = least_budget(response, 200.0)
    assert least.verdict == Verdict.UNREACHABLE
    assert least.leads.tolist() == [100, 50]
    assert np.isnan(least.spend).all()
    assert np.isnan(least.total_spend)
    assert least.beyond.all()


def test_lower_bounds_that_bring_more_than_the_leads_are_the_budget() -> None:
    least = least_budget(ADVERTISING, 10.0, lower=[4.0, 4.0])
    assert least.verdict == Verdict.MET
    assert least.spend.tolist() == [4, 4]
    assert least.total_leads == 50


def test_spend_beyond_history_and_money_that_does_not_return_are_flagged() -> None:
    """The last unit brings sqrt(325) / 20 = 0.9 leads in both channels."""
    response = replace(ADVERTISING, seen=np.array([50.0, 50.0]))
    best = best_budget(response, 100.0)
    assert best.beyond.tolist() == [False, True]
    assert best.losing.tolist() == [False, False]  # a lead's worth is not known
    for worth, losing in ((1.0, True), (1.2, False)):
        assert (best_budget(response, 100.0, worth=worth).losing == losing).all()
        assert (least_budget(response, 180.278, worth=worth).losing == losing).all()
    assert not best_budget(response, 0.0, worth=0.5).losing.any()


def test_channels_without_data_are_left_out() -> None:
    response = Response(scale=[10.0, nan, 15.0], exponent=0.5)
    best = best_budget(response, 100.0, lower=[0.0, 20.0, 0.0])
    assert np.isnan(best.spend).tolist() == [False, True, False]
    assert best.spend[[0, 2]].tolist() == pytest.approx(best_budget(ADVERTISING, 100.0).spend)
    assert best.total_spend == pytest.approx(100)
    least = least_budget(response, 180.278)
    assert least.total_spend == pytest.approx(100, rel=1e-4)
    worth = best_budget(ADVERTISING, 100.0, worth=[1.0, nan])
    np.testing.assert_equal(worth.spend, [100, nan])


def test_without_a_sum_there_is_no_budget() -> None:
    for solve in (best_budget, least_budget):
        budget = solve(ADVERTISING, [nan, 100.0])
        assert budget.verdict.tolist() == ["missing", "met"]
        assert np.isnan(budget.spend[0]).all()
        assert np.isnan(budget.total_leads[0])


def test_a_lead_worth_less_than_nothing_is_bought_last() -> None:
    best = best_budget(ADVERTISING, 100.0, worth=[-1.0, 2.0], upper=[inf, 60.0])
    assert best.spend.tolist() == [40, 60]
    assert best.losing.tolist() == [True, False]


@pytest.mark.parametrize("solve", [best_budget, least_budget])
@pytest.mark.parametrize(
    ("sought", "options", "message"),
    [
        ([nan, -1.0], {}, "finite and 0 or more, got -1"),
        (inf, {}, "finite and 0 or more, got inf"),
        (1.0, {"lower": -2.0}, "0 <= lower <= upper, got lower -2 with upper inf"),
        (1.0, {"lower": [0, 3.0], "upper": 2.0}, "0 <= lower <= upper, got lower 3 with upper 2"),
    ],
)
def test_what_makes_no_sense_is_refused(solve, sought, options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        solve(ADVERTISING, sought, **options)
