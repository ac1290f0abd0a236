from math import isnan

import numpy as np

from funnelkit.model.audience import reach


def test_an_audience_may_be_too_small_for_a_plan() -> None:
    plan = reach(np.array([30_000.0, 30_000.0]), frequency=[3, 2], audience=12_000)
    assert plan.people.tolist() == [10_000, 15_000]
    assert plan.used.tolist() == [10 / 12, 1.25]
    assert plan.short.tolist() == [0, 3000]


def test_an_unknown_audience_is_neither_big_nor_small() -> None:
    plan = reach(np.array([900.0]), frequency=3)
    assert plan.people.tolist() == [300]
    assert isnan(plan.used[0])
    assert isnan(plan.short[0])


def test_impressions_seen_never_have_no_reach() -> None:
    assert isnan(reach(np.array([900.0]), frequency=0).people[0])
