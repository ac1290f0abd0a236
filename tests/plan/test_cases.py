"""Pessimistic, base and optimistic: everything known at its worse or better end."""

from dataclasses import replace
from itertools import pairwise
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.plan.cases import Case, case_of
from funnelkit.plan.media import Media
from funnelkit.plan.uncertainty import Counts, Evidence, Range
from tests.plan.channels import ARTICLES, OWNER, RETARGETING, SEARCH, SOCIAL, media, month, scenario

NOW = (SEARCH, SOCIAL, ARTICLES, RETARGETING)


def wilson(won: float, of: float) -> tuple[float, float]:
    """The Wilson score interval at 95 %."""
    z, p = 1.959963984540054, won / of
    half = z * sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return (
        (p + z * z / (2 * of) - half) / (1 + z * z / of),
        (p + z * z / (2 * of) + half) / (1 + z * z / of),
    )


def known(**columns: dict[int, Evidence]) -> dict[str, tuple[Evidence | None, ...]]:
    return {
        name: tuple(found.get(place) for place in range(len(NOW)))
        for name, found in columns.items()
    }


def outcome(case: Case, channels: Media, evidence: dict[str, Evidence], **plan: float) -> object:
    owner = channels.for_owner(scenario(plan=plan))
    moved, other = case_of(case, channels, owner, evidence)
    return moved, other


def test_the_base_is_the_plan() -> None:
    channels = media(NOW, known=known(price={0: Range(low=1, likely=2, high=4)}))
    owner = channels.for_owner(scenario())
    assert case_of(Case.BASE, channels, owner, {"win_rate": Counts(won=5, of=20)}) == (
        channels,
        owner,
    )


def test_each_number_stands_at_its_end_in_proportion_to_the_plan() -> None:
    plan = [replace(NOW[0], price=3.0, landing_rate=0.12), *NOW[1:]]
    channels = media(
        NOW,
        plan,
        known=known(
            price={0: Range(low=1, likely=2, high=4)},
            landing_rate={0: Counts(won=50, of=500)},
            amount={2: Range(low=100, likely=400, high=600)},
        ),
    )
    owner = channels.for_owner(scenario(plan={"win_rate": 0.3, "refund_rate": 0.05}))
    evidence: dict[str, Evidence] = {
        "win_rate": Counts(won=25, of=100),
        "refund_rate": Range(low=0.05, likely=0.1, high=0.2),
    }
    for case, end, dear in ((Case.PESSIMISTIC, 0, 4), (Case.OPTIMISTIC, 1, 1)):
        moved, other = case_of(case, channels, owner, evidence)
        landing, won = wilson(50, 500)[end], wilson(25, 100)[end]
        assert moved.plan.price.tolist() == pytest.approx([3 * dear / 2, 6.0, 0.0, 1.0])
        assert moved.plan.rates["landing_rate"][0] == pytest.approx(0.12 * landing / 0.1)
        assert moved.plan.amount[2] == pytest.approx((100, 600)[end])
        assert moved.plan.amount[:2].tolist() == [1000.0, 600.0]
        assert other.target["win_rate"] == pytest.approx(0.3 * won / 0.25)
        assert other.target["refund_rate"] == pytest.approx(0.05 * (2, 0.5)[end])
        assert other.now["win_rate"] == 0.25
        rows = [
            replace(
                row, amount=float(moved.plan.amount[place]), price=float(moved.plan.price[place])
            )
            for place, row in enumerate(plan)
        ]
        rows[0] = replace(rows[0], landing_rate=0.12 * landing / 0.1)
        assert other.target["visitors"] == pytest.approx(month(rows)["clicks"])
        assert other.target["visitors"] * other.target["lead_rate"] == pytest.approx(
            month(rows)["leads"]
        )


counted = st.integers(1, 400).flatmap(
    lambda of: st.integers(0, of).map(lambda won: Counts(won=won, of=of))
)


def around(value: float, least: int = 0) -> st.SearchStrategy[Range]:
    """Guesses of a number; `least` is the part of it that it may fall to, in hundredths."""
    return st.tuples(st.integers(0, 100 - least), st.integers(0, 100)).map(
        lambda ends: Range(
            low=value * (1 - ends[0] / 100), likely=value, high=value * (1 + ends[1] / 100)
        )
    )


@given(st.data())
def test_cases_are_ordered(data: st.DataObject) -> None:
    """Leads, revenue and contribution before marketing; each channel has evidence or none."""

    def maybe(value: float) -> Evidence | None:
        return data.draw(st.none() | around(value))

    plan = [replace(row, amount=row.amount * 1.5) for row in NOW]
    channels = media(
        NOW,
        plan,
        known={
            "amount": (None, None, maybe(400.0), maybe(0.1)),
            "price": tuple(
                data.draw(st.none() | around(row.price, 1)) if row.price else None for row in NOW
            ),
            "landing_rate": tuple(maybe(row.landing_rate or 0.0) for row in NOW),
            "ctr": (maybe(0.05), maybe(0.01), None, None),
        },
    )
    evidence: dict[str, Evidence] = {
        name: around_it
        for name in ("win_rate", "answered_rate", "refund_rate", "average_check", "retention_rate")
        if (around_it := data.draw(st.none() | around(OWNER[name]))) is not None
    }
    owner = channels.for_owner(scenario(plan={"win_rate": 0.4}))
    found = []
    for case in (Case.PESSIMISTIC, Case.BASE, Case.OPTIMISTIC):
        moved, other = case_of(case, channels, owner, evidence)
        total = moved.planned(other).total
        assert other.target["visitors"] == pytest.approx(
            max(float(total.clicks), float(total.leads))
        )
        found.append([float(total.leads), float(total.revenue), float(other.at_goal())])
    for worse, better in pairwise(found):
        assert (np.array(worse) <= np.array(better) * (1 + 1e-9) + 1e-9).all()


def test_no_share_exceeds_one_at_its_best() -> None:
    """A plan of 90 % whose guess of today may be half as much again is 100 % at best."""
    plan = [*NOW[:3], replace(RETARGETING, amount=0.9, landing_rate=0.9)]
    now = [*NOW[:3], replace(RETARGETING, amount=0.5, landing_rate=0.5)]
    guess = Range(low=0.4, likely=0.5, high=0.75)
    channels = media(now, plan, known=known(amount={3: guess}, landing_rate={3: guess}))
    owner = channels.for_owner(scenario(plan={"win_rate": 0.9}))
    moved, other = case_of(
        Case.OPTIMISTIC, channels, owner, {"win_rate": Range(low=0.2, likely=0.25, high=0.5)}
    )
    assert moved.plan.amount[3] == 1.0
    assert moved.plan.rates["landing_rate"][3] == 1.0
    assert other.target["win_rate"] == 1.0


def test_a_number_that_is_zero_now_stays_as_planned() -> None:
    now = [replace(SEARCH, amount=0.0), *NOW[1:]]
    zero = Counts(won=0, of=10)
    channels = media(now, NOW, known=known(amount={0: Range(low=0, likely=0, high=9)}))
    owner = channels.for_owner(scenario(OWNER | {"refund_rate": 0.0}))
    moved, other = case_of(Case.PESSIMISTIC, channels, owner, {"refund_rate": zero})
    assert moved.plan.amount[0] == 1000.0
    assert other.target["refund_rate"] == 0.0
