import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.plan.cohorts import Cohorts
from funnelkit.plan.lifetime import Lack, LifetimeError
from funnelkit.plan.sbg import fit_sbg

LOGS = st.lists(
    st.tuples(st.integers(0, 8), st.integers(24_300, 24_312), st.integers(-50, 500)), min_size=1
)


@given(LOGS, st.integers(0, 3))
def test_tables_are_counts_of_the_log(log: list[tuple[int, int, int]], quiet: int) -> None:
    """By sets and sums in plain Python; months after the last order may be over too."""
    who, months, money = (list(column) for column in zip(*log, strict=True))
    last = max(months) + quiet
    table = Cohorts.of(who, months, money, last)
    bought = {client: {m for c, m, _ in log if c == client} for client in who}
    came = {client: min(seen) for client, seen in bought.items()}
    assert table.first.tolist() == sorted(set(came.values()))
    for row, first in enumerate(table.first):
        group = [client for client, month in came.items() if month == first]
        assert table.size[row] == len(group)
        for age in range(last - min(months) + 1):
            cells = [getattr(table, name)[row, age] for name in ("active", "survivors", "value")]
            if first + age > last:
                assert np.isnan(cells).all()
                continue
            active = [client for client in group if first + age in bought[client]]
            there = [client for client in group if max(bought[client]) >= first + age]
            brought = sum(v for c, m, v in log if c in group and m == first + age)
            assert cells == [len(active), len(there), brought]
    assert np.nansum(table.value) == sum(money)
    assert (table.retention[:, 0] == 1).all()


def test_means_are_taken_over_the_cohorts_that_have_reached_an_age() -> None:
    """Three clients of month 0, one of month 1; the log ends with month 2."""
    table = Cohorts.of([1, 2, 3, 1, 4, 4, 2], [0, 0, 0, 1, 1, 2, 2], [9, 9, 9, 6, 30, 2, 3])
    np.testing.assert_allclose(table.mean_retention, [1, 2 / 4, 1 / 3])
    np.testing.assert_allclose(table.mean_cumulative, np.cumsum([57 / 4, 8 / 4, 3 / 3]))
    np.testing.assert_allclose(table.cumulative[1], [30, 32, np.nan])


def test_an_age_that_no_cohort_has_reached_is_missing() -> None:
    table = Cohorts.of(["a"], [3], [5.0])
    assert table.mean_retention.tolist() == [1]
    assert table.first.tolist() == [3]


def test_survivors_are_what_a_retention_curve_is_fitted_to() -> None:
    """Subscribers who pay each month until they leave, cohorts of five months."""
    dice = np.random.default_rng(0)
    log = []
    for client in range(4000):
        came, stays = client % 5, dice.geometric(max(dice.beta(1.0, 3.0), 1e-9))
        log += [(client, month, 10.0) for month in range(came, min(came + stays, 9))]
    table = Cohorts.of(*zip(*log, strict=True), last=8)
    np.testing.assert_array_equal(table.survivors, table.active)
    model = fit_sbg(table.survivors).model
    assert [float(model.alpha), float(model.beta)] == pytest.approx([1.0, 3.0], rel=0.2)


@pytest.mark.parametrize(
    ("client", "period", "value", "last", "lack", "found"),
    [
        ([], [], [], None, Lack.SHAPE, 0),
        ([1, 2], [1, 2], [1.0], None, Lack.SHAPE, 2),
        ([1, 2], [1, 2.5], [1.0, 1.0], None, Lack.RANGE, 1),
        ([1, 2], [1, 2], [1.0, np.nan], None, Lack.RANGE, 1),
        ([1, 2], [1, 9], [1.0, 1.0], 8, Lack.RANGE, None),
        ([1, 2], [0, 1200], [1.0, 1.0], None, Lack.RANGE, 1200),
    ],
)
def test_a_log_with_a_gap_is_refused(client, period, value, last, lack, found) -> None:
    with pytest.raises(LifetimeError) as refused:
        Cohorts.of(client, period, value, last)
    assert refused.value.lack is lack
    if found is not None:
        assert refused.value.found == found
