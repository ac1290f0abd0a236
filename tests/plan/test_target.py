"""The price that a target of advertising permits: paid, it gives exactly the target."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.plan.target import Target, price_permitted
from tests.plan.channels import ARTICLES, PARTNER, SEARCH, SOCIAL, Row, media, scenario

BOUGHT = (SEARCH, SOCIAL, PARTNER)
COMMON = {"ad_vat": 0.2, "agency_share": 0.1}


def test_by_hand() -> None:
    """A lead of search is 0.2 orders of 324; a ROAS of 4 leaves 16.2 for it, 1.62 for a click."""
    channels = media(BOUGHT, common=COMMON)
    most = price_permitted(channels, scenario(), Target(metric="roas", value=4))
    assert most.cpl.tolist() == pytest.approx([16.2] * 3)
    assert most.cpc[:2].tolist() == pytest.approx([1.62, 0.81])
    assert most.cpm[1] == pytest.approx(8.1)
    # an order earns 124 and costs 81 of media, with VAT and agency 105.3
    assert most.earned_per_order.tolist() == pytest.approx([18.7] * 3)
    assert most.break_even_roas.tolist() == pytest.approx([324 / 124 * 1.3] * 3)


@given(
    st.sampled_from(["roas", "drr", "cpo"]),
    st.integers(1, 5000).map(lambda n: n / 100),
    st.sampled_from(BOUGHT),
)
def test_paid_it_gives_the_target(metric: str, value: float, row: Row) -> None:
    target = Target(metric=metric, value=value)  # type: ignore[arg-type]
    most = price_permitted(media([row], common=COMMON), scenario(), target)
    price = {"clicks": most.cpc, "impressions": most.cpm, "leads": most.cpl}[row.buys]
    total = media([replace(row, price=float(price[0]))], common=COMMON).planned(scenario()).total
    assert float(getattr(total, metric)) == pytest.approx(value, rel=1e-9)
    earned = float((total.contribution - total.media_cost) / total.orders)
    assert float(most.earned_per_order[0]) == pytest.approx(earned, rel=1e-9, abs=1e-9)


def test_a_target_below_break_even_is_allowed_and_loses() -> None:
    channels = media(BOUGHT, common=COMMON)
    even = 324 / 124 * 1.3
    for value, sign in ((even * 0.9, -1), (even * 1.1, 1)):
        most = price_permitted(channels, scenario(), Target(metric="roas", value=value))
        assert (np.sign(most.earned_per_order) == sign).all()
    most = price_permitted(channels, scenario(), Target(metric="roas", value=even))
    assert most.earned_per_order.tolist() == pytest.approx([0.0] * 3, abs=1e-9)


def test_diminishing_returns_and_the_budget_do_not_matter() -> None:
    target = Target(metric="cpo", value=50)
    one = price_permitted(media([SEARCH]), scenario(), target)
    curved = replace(SEARCH, power=0.5, amount=1.0)
    two = price_permitted(media([SEARCH], [curved]), scenario(), target)
    assert one.cpc.tolist() == two.cpc.tolist() == pytest.approx([50 * 0.2 * 0.1])


def test_without_a_conversion_there_is_no_price() -> None:
    channels = media([ARTICLES, SEARCH])
    rates = dict(channels.plan.rates) | {"landing_rate": np.array([np.nan, 0.1])}
    channels = channels.with_plan(replace(channels.plan, rates=rates))
    most = price_permitted(channels, scenario(), Target(metric="drr", value=0.2))
    assert np.isnan(most.cpc).tolist() == [True, False]
