import pytest

from funnelkit.model.instalments import cash_flow
from funnelkit.model.marketer import Channel, Company, Economics, Market, run

BOOKS = run(
    Market(channels=(Channel(name="search"), Channel(name="blog"))),
    rates={"ctr": 0.1, "landing_rate": 0.1, "order_rate": 0.5},
    given={"orders": [30, 10]},
    price=10,
    economics=Economics(check=1000, margin=0.5),
    company=Company(fixed_costs=1000, sales_cost=1000),
)


def test_money_paid_at_once_is_never_frozen() -> None:
    found = cash_flow(BOOKS.total)
    assert found.mean_delay == found.frozen == found.fee == 0
    assert found.cash_gap == BOOKS.total.outflow - BOOKS.total.revenue
    assert found.net_after_fee == BOOKS.total.net_profit


def test_instalments_freeze_money_and_cost_a_fee() -> None:
    found = cash_flow(BOOKS.total, payment_delay=5, share=0.4, months=6, fee_rate=0.03, days=31)
    # 40 orders of 1,000; half of that is cost, so are 8,000 of media and 2,000 besides.
    delay = 5 + 0.4 * 6 * 30 / 2
    assert found.mean_delay == pytest.approx(delay)
    assert found.frozen == pytest.approx(40_000 * delay / 31)
    assert found.fee == pytest.approx(40_000 * 0.4 * 0.03)
    assert found.cash_gap == pytest.approx(30_000 - 40_000 + 40_000 * delay / 31)
    assert found.net_after_fee == pytest.approx(10_000 - 480)


def test_channels_freeze_what_all_of_them_freeze() -> None:
    terms = {"payment_delay": 3, "share": 0.5, "months": 4, "fee_rate": 0.1}
    each, whole = cash_flow(BOOKS.channels, **terms), cash_flow(BOOKS.total, **terms)
    assert each.mean_delay == 3 + 30  # half of the sales wait two months on average
    assert each.frozen == pytest.approx([33_000, 11_000])  # 1.1 months of revenue
    assert each.frozen.sum() == pytest.approx(whole.frozen)
    assert each.fee.sum() == pytest.approx(whole.fee)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"share": 1.5}, "share must be from 0 to 1, got 1.5"),
        ({"fee_rate": -0.1}, "fee_rate must be from 0 to 1, got -0.1"),
        ({"months": -1}, "months must be 0 or more, got -1"),
        ({"days": 0}, "days must be more than 0, got 0"),
    ],
)
def test_impossible_terms_are_refused(terms: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cash_flow(BOOKS.total, **terms)
