from math import isnan, nan

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from funnelkit.model.payback import payback_with_churn, payback_without_churn


def test_the_payback_of_a_published_subscription() -> None:
    """CAC of $800 at $120 a month and a margin of 80 %."""
    assert payback_without_churn(800, 120, 0.8) == pytest.approx(8.33, abs=0.005)


@given(st.integers(1, 48), st.floats(0.001, 0.9))
def test_at_the_payback_those_who_are_left_have_earned_the_cac(months: int, churn: float) -> None:
    cac = sum(96 * (1 - churn) ** t for t in range(months))
    # CAC / LTV = 1 - (1 - churn) ** months; its logarithm loses digits as that nears 1, down to
    # (1 - 0.9) ** 48 = 1e-48, where no digit is left: compare only while 1e-6 is.
    assume((1 - churn) ** months > 1e-6)
    assert payback_with_churn(cac, 120, 0.8, churn) == pytest.approx(months)


def test_without_churn_both_are_one() -> None:
    assert payback_with_churn([800, 96], 120, 0.8, 0).tolist() == pytest.approx([25 / 3, 1])


@given(st.floats(1e-6, 0.1))
def test_churn_only_delays(churn: float) -> None:
    assert payback_with_churn(800, 120, 0.8, churn) >= 800 / 96 - 1e-9


@pytest.mark.parametrize(
    ("cac", "margin", "churn"),
    [(3200, 0.8, 0.03), (5000, 0.8, 0.03), (10, -0.1, 0.03), (10, 0, 0.0), (96, 0.8, 1)],
)
def test_what_never_pays_back_is_missing(cac: float, margin: float, churn: float) -> None:
    assert isnan(payback_with_churn(cac, 120, margin, churn))


def test_a_month_that_earns_nothing_pays_nothing_back() -> None:
    assert isnan(payback_without_churn(10, 120, -0.1))
    assert isnan(payback_without_churn(10, 0, 0.5))


@pytest.mark.parametrize("missing", range(4))
def test_what_is_missing_stays_missing(missing: int) -> None:
    numbers = [800.0, 120.0, 0.8, 0.03]
    numbers[missing] = nan
    assert isnan(payback_with_churn(*numbers))


def test_who_leaves_at_once_may_have_paid_in_the_first_month() -> None:
    assert payback_with_churn(50, 120, 0.8, 1) == 0
