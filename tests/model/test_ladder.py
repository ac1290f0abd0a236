from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.model.ladder import ladder
from funnelkit.model.ltv import lifetime_months
from funnelkit.model.owner import Business, per_customer
from funnelkit.model.products import Product, Role
from tests.strategies import lines, money, shares

LINE = tuple(Product(name=role.value, role=role) for role in Role)
CLIMB = {
    "take_rate": [1.0, 0.4, 0.2, 0.05, 0.1],
    "price": [0.0, 10.0, 100.0, 60.0, 20.0],
    "margin": [nan, 0.5, 0.6, 0.5, 0.8],
}


def test_the_published_hamburger_pays_for_its_advertisement() -> None:
    """A $2.09 hamburger against an ad of $1.91 leaves $0.18; fries and cola make it $1.50."""
    meal = ladder(
        [Product(name="burger", role=Role.TRIPWIRE), Product(name="fries", role=Role.UPSELL)],
        take_rate=1,
        price=[2.09, 1.32],
        margin=1,
        cost_per_visitor=1.91,
    )
    assert meal.left == pytest.approx([0.18, 1.50])
    assert meal.earned_back == pytest.approx(3.41 / 1.91)


def test_a_ladder_by_hand() -> None:
    """Upsell and recurring are sold in 4 months; one visitor in 50 becomes a client."""
    found = ladder(LINE, **CLIMB, months=4, clients_per_visitor=0.02, cost_per_visitor=0.25)
    # 0; 0.4 x 10 x 0.5; 0.2 x 100 x 0.6; 4 x 0.05 x 60 x 0.5; 4 x 0.1 x 20 x 0.8
    assert found.per_client == pytest.approx([0, 2, 12, 6, 6.4])
    assert found.per_visitor == pytest.approx([0, 0.04, 0.24, 0.12, 0.128])
    assert found.left == pytest.approx([-0.25, -0.21, 0.03, 0.15, 0.278])
    assert found.earned_back == pytest.approx(0.528 / 0.25)


def test_it_leaks_where_most_is_lost_against_the_reference() -> None:
    """The core loses 0.1 x 60 = 6 a client, the upsell 4 x 0.06 x 30 = 7.2."""
    found = ladder(LINE, **CLIMB, months=4, reference=[1.0, 0.3, 0.3, 0.11, nan])
    assert found.lost == pytest.approx([0, 0, 6, 7.2, nan], nan_ok=True)
    assert found.leak == 3


def test_without_a_reference_it_leaks_at_the_lowest_take_rate() -> None:
    found = ladder(LINE, **CLIMB)
    assert found.leak == 3
    assert np.isnan(found.lost[1:]).all()


def test_a_ladder_as_good_as_its_reference_does_not_leak() -> None:
    assert ladder(LINE, **CLIMB, reference=CLIMB["take_rate"]).leak == -1
    assert ladder(LINE, **(CLIMB | {"take_rate": nan})).leak == -1


@given(st.data(), lines(least=1), shares(most=0.95))
def test_the_rungs_add_up_to_the_owners_ltv(
    data: st.DataObject, line: tuple[Product, ...], retention: float
) -> None:
    size = len(line)
    take, price, margin = (
        data.draw(st.lists(of, min_size=size, max_size=size))
        for of in (st.integers(0, 40).map(lambda n: n / 10), money(), shares())
    )
    levers = {"retention_rate": retention}
    for i, product in enumerate(line):
        levers[f"take_rate.{product.name}"] = take[i]
        levers[f"price.{product.name}"] = price[i]
        levers[f"margin.{product.name}"] = margin[i]
    value = per_customer(levers, Business(line=line)).ltv
    found = ladder(
        line, take_rate=take, price=price, margin=margin, months=lifetime_months(retention)
    )
    # The owner's model subtracts the cost of the first sale from its sum: rounding of 4 x 4,000.
    assert found.per_client.sum() == pytest.approx(value[0], rel=1e-12, abs=1e-10)


def test_leading_axes_are_free() -> None:
    found = ladder(
        LINE,
        **(CLIMB | {"price": np.ones((3, 1, 5))}),
        months=np.ones(2),
        cost_per_visitor=[1.0, 2.0],
    )
    assert found.left.shape == (3, 2, 5)
    assert found.earned_back.shape == (3, 2)


def test_an_unknown_cost_of_a_visitor_is_missing() -> None:
    found = ladder(LINE, **CLIMB)
    assert isnan(found.earned_back)
    assert np.isnan(found.left).all()
    assert isnan(ladder(LINE, **CLIMB, cost_per_visitor=0).earned_back)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"margin": 1.2}, "margin must be at most 1, got 1.2"),
        ({"price": -1}, "price must be 0 or more, got -1"),
        ({"take_rate": [1, 2]}, "take_rate must be 5 numbers, one a product, got 2"),
        ({"clients_per_visitor": 2}, "clients_per_visitor must be from 0 to 1, got 2"),
    ],
)
def test_impossible_rungs_are_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ladder(LINE, **(CLIMB | wrong))


def test_a_product_stands_on_one_rung() -> None:
    with pytest.raises(ValueError, match="a product is listed twice"):
        ladder(LINE[:2] * 2, take_rate=1, price=1, margin=1)
