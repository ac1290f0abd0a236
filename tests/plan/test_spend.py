"""Budgets of whole channels: what the solver promises is what the model then brings."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from funnelkit.plan.budget import Verdict
from funnelkit.plan.media import Media
from funnelkit.plan.spend import Spend, spend_of
from tests.plan.channels import (
    ALL,
    ARTICLES,
    MAILS,
    PARTNER,
    REFERRAL,
    RETARGETING,
    SEARCH,
    SOCIAL,
    Row,
    media,
    month,
    rows,
    scenario,
)

CURVED = (replace(SEARCH, power=0.5), replace(SOCIAL, power=0.7), *ALL[2:])
"""Context with a steep curve, targeted with a flat one, the partner on a line."""

UPPER = [5000.0, 5000.0, 900.0, np.inf, np.inf, np.inf, np.inf]


def spend(now: tuple[Row, ...] = CURVED, **given: object) -> tuple[Media, Spend]:
    channels = media(now, **({"upper": UPPER[: len(now)]} | given))  # type: ignore[arg-type]
    return channels, spend_of(channels, scenario())


def leads(channels: Media) -> float:
    """Leads of the whole model at the channels' plan."""
    return float(channels.planned(scenario()).total.leads)


# ---------------------------------------------------------------- the curves are the model's


@given(rows())
def test_the_plans_leads_are_the_models(now: tuple[Row, ...]) -> None:
    channels = media(now)
    assert spend_of(channels, scenario()).leads == pytest.approx(leads(channels), rel=1e-9)


def test_any_budgets_bring_what_the_curves_say() -> None:
    channels, own = spend()
    for budgets in ([0.0, 0.0, 0.0], [50.0, 0.0, 20.0], [4000.0, 300.0, 900.0]):
        applied = own.applied(channels, np.array(budgets))
        planned = [replace(row, amount=x) for row, x in zip(CURVED, budgets, strict=False)]
        expected = month([*planned, *CURVED[3:]], today=CURVED)["leads"]
        brought = float(own.response.leads(np.array(budgets)).sum()) + own.other_leads
        assert leads(applied) == pytest.approx(expected, rel=1e-9)
        assert brought == pytest.approx(expected, rel=1e-9)


def test_the_recovered_come_on_top_of_each_lead() -> None:
    """50 leads of search leave 450 visitors and 40 leads who do not order; some come back."""
    alone, own = (
        spend_of(media(now), scenario()) for now in ((SEARCH,), (SEARCH, RETARGETING, MAILS))
    )
    assert alone.leads == pytest.approx(50)
    back = 450 * 0.1 * 0.08
    assert own.leads == pytest.approx(50 + back + 0.05 * (50 + back) * 0.8)
    assert own.other_leads == 0.0
    assert own.least(own.leads).total_spend == pytest.approx(1000)
    assert alone.worth.tolist() == pytest.approx([0.2 * (324 - 200)])


def test_channels_without_a_budget_bring_their_leads_beside() -> None:
    _channels, own = spend()
    beside = month(CURVED[3:])["leads"]
    assert own.other_leads == pytest.approx(beside)
    assert own.least(beside).total_spend == 0.0
    assert own.least(0.0).total_spend == 0.0


def test_a_channel_not_bought_yet_has_its_curve_all_the_same() -> None:
    idle = replace(SEARCH, amount=0.0)
    own = spend_of(media((idle, SOCIAL)), scenario())
    assert own.response.leads(np.array([1000.0, 0.0])).tolist() == pytest.approx([50.0, 0.0])
    assert own.average_cpl(np.array([1000.0, 600.0])).tolist() == pytest.approx([20.0, 12.0])


def test_an_incomplete_channel_has_no_curve_and_stays_as_it_is() -> None:
    channels = media((SEARCH, SOCIAL))
    rates = dict(channels.plan.rates) | {"landing_rate": np.array([np.nan, 0.05])}
    channels = channels.with_plan(replace(channels.plan, rates=rates))
    own = spend_of(channels, scenario())
    budget = own.least(100.0)
    assert np.isnan(budget.spend[0])
    assert budget.total_spend == pytest.approx(1200)
    applied = own.applied(channels, budget.spend)
    assert applied.plan.amount.tolist() == pytest.approx([1000.0, 1200.0])
    assert own.best(500.0).verdict == Verdict.MET


@pytest.mark.parametrize("now", [(ARTICLES,), (REFERRAL, MAILS), (ARTICLES, RETARGETING)])
def test_without_any_budget_there_is_nothing_to_share(now: tuple[Row, ...]) -> None:
    own = spend_of(media(now), scenario())
    beside = month(now)["leads"]
    assert own.leads == pytest.approx(beside)
    frontier = own.frontier()
    assert frontier.budget.tolist() == [0.0] * len(frontier.budget)
    assert frontier.leads.tolist() == pytest.approx([beside] * len(frontier.leads))
    assert own.least(beside + 1).verdict == Verdict.UNREACHABLE
    assert own.best(100.0).verdict == Verdict.UPPER_BOUNDS


# ---------------------------------------------------------------- the least budget


@pytest.mark.parametrize("wanted", [60.0, 100.0, 150.0, 200.0])
def test_the_least_budget_brings_exactly_the_leads_in_the_whole_model(wanted: float) -> None:
    channels, own = spend()
    budget = own.least(wanted)
    assert budget.verdict == Verdict.MET
    assert leads(own.applied(channels, budget.spend)) == pytest.approx(wanted, rel=1e-9)
    for shift in (0.01, -0.01):  # money moved from one channel to another brings fewer
        for one, other in ((0, 1), (1, 2), (2, 0)):
            moved = budget.spend.copy()
            step = min(shift * moved[one], moved[other], 900.0 - moved[2] if other == 2 else 1e9)
            moved[one] -= step
            moved[other] += step
            if (moved >= 0).all() and (moved <= UPPER[:3]).all():
                assert leads(own.applied(channels, moved)) <= wanted * (1 + 1e-9)


def test_unreachable_leads_are_told_with_the_best_there_is() -> None:
    channels, own = spend()
    budget = own.least(1e6)
    assert budget.verdict == Verdict.UNREACHABLE
    assert budget.spend.tolist() == UPPER[:3]
    assert leads(own.applied(channels, budget.spend)) < 1e6


@given(
    st.sampled_from(["landing_rate", "ctr", "answered_rate"]),
    st.floats(1.0, 3.0),
    st.floats(60, 200),
    st.integers(0, 2),
)
def test_a_better_conversion_never_raises_the_least_budget(
    name: str, better: float, wanted: float, place: int
) -> None:
    """Of visitors to leads, whatever is recovered; shares behind the lead bring no leads."""
    rows = [replace(row) for row in CURVED[:6]]
    value = getattr(rows[place], name, None)
    if name == "answered_rate":
        after = [replace(row, rates={name: min(0.3 * better, 1.0)}) for row in rows]
        rows = [replace(row, rates={name: 0.3}) for row in rows]
    else:
        assume(value is not None)
        after = list(rows)
        after[place] = replace(rows[place], **{name: min(value * better, 1.0)})
    upper = [np.inf] * len(rows)
    one, two = (spend_of(media(r, upper=upper), scenario()) for r in (rows, after))
    before, then = (float(own.least(wanted).total_spend) for own in (one, two))
    assert then <= before * (1 + 1e-9)


def test_bounds_hold_and_money_scales() -> None:
    channels = media(CURVED, lower=[100.0, 50.0, 0, 0, 0, 0, 0], upper=UPPER)
    own = spend_of(channels, scenario())
    budget = own.least(20.0)
    assert budget.spend.tolist() == [100.0, 50.0, 0.0]
    assert budget.verdict == Verdict.MET
    scaled = [
        replace(
            row,
            amount=row.amount * 90 if row.start == "media" else row.amount,
            price=row.price * 90,
        )
        for row in CURVED
    ]
    other = spend_of(media(scaled, upper=[90 * x for x in UPPER]), scenario())
    plain = spend_of(media(CURVED, upper=UPPER), scenario())
    assert other.least(150.0).spend.tolist() == pytest.approx(
        (90 * plain.least(150.0).spend).tolist(), rel=1e-9
    )


# ---------------------------------------------------------------- the best budget


@given(st.floats(0, 10_900))
def test_a_sum_is_spent_to_the_last_coin(total: float) -> None:
    _channels, own = spend()
    best = own.best(total)
    assert best.verdict == Verdict.MET
    assert float(best.spend.sum()) == pytest.approx(total, rel=1e-9, abs=1e-9)
    assert (best.spend >= 0).all()
    assert (best.spend <= UPPER[:3]).all()


def test_the_best_of_a_sum_brings_the_most_contribution() -> None:
    """Clients of one channel are worth thrice those of the others: it gets more than for leads."""
    rows = (replace(CURVED[0], own={"check": 1200.0}), *CURVED[1:3])
    channels, own = spend(rows)
    best = own.best(1500.0)

    def earned(budgets: np.ndarray) -> float:
        return float(own.applied(channels, budgets).planned(scenario()).total.contribution)

    most = earned(best.spend)
    tried = np.random.default_rng(5).dirichlet([1, 1, 1], 300) * 1500
    assert max(earned(budgets) for budgets in tried if budgets[2] <= 900) <= most * (1 + 1e-9)
    assert best.spend[0] > spend()[1].best(1500.0).spend[0]


def test_a_last_coin_that_does_not_return_is_told() -> None:
    """On a line a lead costs 15 and brings 0.2 · 124 = 24.8; of a channel at 40 it loses."""
    dear = replace(PARTNER, price=40.0)
    own = spend_of(media((PARTNER, dear), upper=[300.0, 300.0]), scenario())
    assert own.best(500.0).losing.tolist() == [False, True]


def test_bounds_that_exclude_a_sum_are_told() -> None:
    _channels, own = spend()
    assert own.best(20_000.0).verdict == Verdict.UPPER_BOUNDS
    low = spend_of(media(CURVED, lower=[900.0] * 3 + [0.0] * 4), scenario())
    assert low.best(1000.0).verdict == Verdict.LOWER_BOUNDS


# ---------------------------------------------------------------- the frontier


def test_the_frontier_rises_and_passes_no_better_point() -> None:
    channels, own = spend()
    frontier = own.frontier(4000.0)
    assert frontier.budget[0] == 0.0
    assert frontier.budget[-1] == pytest.approx(5000.0)
    assert (np.diff(frontier.budget) > 0).all()
    assert (np.diff(frontier.leads) > 0).all()
    assert (np.diff(np.diff(frontier.leads)) <= 1e-9).all()
    assert frontier.leads[0] == pytest.approx(own.other_leads)
    for budget, most in zip(frontier.budget[::8], frontier.leads[::8], strict=True):
        assert float(own.least(most).total_spend) == pytest.approx(budget, rel=1e-6, abs=1e-6)
    today = float(channels.plan.amount[:3].sum())
    assert np.interp(today, frontier.budget, frontier.leads) >= own.leads * (1 - 1e-3)


def test_the_frontier_ends_where_bounds_do_and_says_what_was_never_seen() -> None:
    _channels, own = spend(seen=[1500.0, 700.0, np.nan, *[np.nan] * 4])
    frontier = own.frontier(1e9)
    assert frontier.budget[-1] == pytest.approx(10_900)
    assert frontier.seen[0]
    assert not frontier.seen[-1]
    low = spend_of(media(CURVED, lower=[100.0] * 3 + [0.0] * 4, upper=UPPER), scenario())
    assert low.frontier().budget[0] == pytest.approx(300)
