"""Clients with a contract: who is left, foretold from half of the months, and what they pay."""

from collections import defaultdict

import numpy as np
import pytest

from funnelkit.plan.clientele import months_of
from funnelkit.plan.contracts import Contracts
from funnelkit.plan.lifetime import Check, Fit, Lack, LifetimeError
from tests.plan.clients import contract_rows, contracts, subscribers
from tests.plan.test_clientele import of


def months_of_each() -> dict[str, list[int]]:
    months = defaultdict(list)
    for client, day, _amount in contract_rows():
        months[client].append(12 * int(day[:4]) + int(day[5:7]))
    return months


def test_they_are_known_to_have_a_contract() -> None:
    assert subscribers().contractual


def test_the_model_that_they_were_drawn_from_is_found_again() -> None:
    fit = contracts().whole
    assert isinstance(fit, Fit)
    errors = np.log([float(fit.model.alpha) / 0.7, float(fit.model.beta) / 2.8])
    # chi-squared with 2 degrees of freedom is above 13.8 once in a thousand times
    assert errors @ np.linalg.solve(fit.covariance, errors) < 13.8


def test_the_first_half_foretells_how_many_are_left() -> None:
    check = contracts().survived()
    assert isinstance(check, Check)
    end = 12 * 2025 + 9  # September 2025 is the ninth of eighteen months
    early = [own for own in months_of_each().values() if own[0] <= end]
    left = sum(12 * 2026 + 6 in own for own in early if own[0] == 12 * 2025 + 1)
    oldest = sum(own[0] == 12 * 2025 + 1 for own in early)
    assert contracts().last_half_age == 8
    assert contracts().cohorts.survivors[0, 17] == left
    assert contracts().cohorts.size[0] == oldest
    assert abs(check.excess) < 0.05


def test_where_clients_stand_is_read_off_their_last_months() -> None:
    log = """
        ann 2026-01-05 100
        ann 2026-02-05 80
        ann 2026-03-05 60
        bob 2026-01-07 50
        bob 2026-02-07 40
        cat 2026-03-09 30
        dan 2026-03-01 10
        dan 2026-04-01 10
    """
    found = Contracts.of(of(log, "2026-04-15"))
    standing = found.standing
    # April is not over, so March is the last month that counts
    assert standing.there.tolist() == [1.0, 0.0, 1.0, 1.0]
    assert standing.done.tolist() == [2, 2, 0, 0]
    assert standing.mean_fee == pytest.approx((80 + 60 + 40) / 3)
    assert standing.fee == pytest.approx([70.0, 40.0, standing.mean_fee, standing.mean_fee])


def test_a_client_with_two_payments_in_a_month_has_renewed_once() -> None:
    log = "ann 2026-01-05 100\nann 2026-02-05 30\nann 2026-02-20 50\nbob 2026-01-01 5"
    standing = Contracts.of(of(log, "2026-02-28")).standing
    assert standing.fee.tolist() == [80.0, 80.0]


def test_too_little_is_said_and_not_fitted() -> None:
    log = "\n".join(f"{n} 2026-{month:02}-01 10" for n in range(30) for month in range(1, 7))
    found = Contracts.of(of(log, "2026-06-30"))
    assert isinstance(found.whole, LifetimeError)
    assert found.whole.lack is Lack.LOST
    assert isinstance(found.survived(), LifetimeError)


def test_no_month_that_is_over_has_no_cohorts() -> None:
    with pytest.raises(LifetimeError) as refused:
        Contracts.of(of("ann 2026-02-05 10"))
    assert refused.value.lack is Lack.PERIODS


def test_the_made_up_clients_stay_month_by_month() -> None:
    """The drawing itself: no client of the tests' has a gap."""
    for own in months_of_each().values():
        assert own == list(range(own[0], own[0] + len(own)))
    day = np.array(["2025-01-10"], dtype="datetime64[D]").astype(int)
    assert months_of(day).tolist() == [660]
