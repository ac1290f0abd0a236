from math import isnan

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from funnelkit.model.levers import LEVERS, Stage, Unit
from funnelkit.model.owner import Business, run
from funnelkit.model.products import (
    FIRST,
    Product,
    Role,
    aggregate,
    is_share,
    known_levers,
    parameter_of,
    scaled,
    stage_of,
)
from tests.strategies import levers, lines

SUMS = ("average_check", "purchase_rate", "repeat_check")
LINE = (
    Product(name="guide", role=Role.LEAD_MAGNET),
    Product(name="course", role=Role.CORE),
    Product(name="club", role=Role.RECURRING),
    Product(name="extra", role=Role.UPSELL),
)
NUMBERS = {  # take rate, price, margin
    "guide": (0.5, 10.0, 0.9),
    "course": (1.0, 95.0, 0.5),
    "club": (0.6, 20.0, 0.7),
    "extra": (0.2, 40.0, 0.3),
}
PRICES = {
    f"{kind}.{product}": value
    for product, values in NUMBERS.items()
    for kind, value in zip(("take_rate", "price", "margin"), values, strict=True)
}


def test_roles_say_who_buys() -> None:
    assert {"lead_magnet", "tripwire", "core"} == FIRST
    assert [product.first for product in LINE] == [True, True, False, False]


def test_a_line_sums_up_to_the_plain_levers() -> None:
    assert aggregate(PRICES, LINE, "average_check") == pytest.approx(100)
    assert aggregate(PRICES, LINE, "purchase_rate") == pytest.approx(0.8)
    assert aggregate(PRICES, LINE, "repeat_check") == pytest.approx(25)


def test_the_sums_are_what_the_model_signs() -> None:
    path = run(PRICES | {"visitors": 7}, Business(active_customers=3, line=LINE))
    assert path.signed_new == pytest.approx([7 * 100])
    assert path.signed_repeat == pytest.approx([3 * 0.8 * 25])


def test_other_levers_are_as_they_are() -> None:
    assert aggregate({"win_rate": 0.3}, LINE, "win_rate") == 0.3
    assert aggregate({"average_check": 7.0}, (), "average_check") == 7
    assert scaled({"win_rate": 0.3}, LINE, "win_rate", 0.4) == {"win_rate": 0.4}
    assert scaled({"average_check": 7.0}, (), "average_check", 8.0) == {"average_check": 8}


@given(st.data(), lines(least=1), st.sampled_from(SUMS), st.integers(1, 5000))
def test_scaled_is_the_inverse_of_aggregate(
    data: st.DataObject, line: tuple[Product, ...], name: str, value: int
) -> None:
    x = data.draw(levers(line))
    assume(aggregate(x, line, name) > 0)
    moved = scaled(x, line, name, value / 10)
    assert aggregate(moved, line, name) == pytest.approx(value / 10)
    back = scaled(moved, line, name, aggregate(x, line, name))
    assert back == pytest.approx(x)


@given(st.data(), lines(least=1), st.sampled_from(SUMS))
def test_scaled_keeps_proportions_and_everything_else(
    data: st.DataObject, line: tuple[Product, ...], name: str
) -> None:
    x = data.draw(levers(line))
    assume(aggregate(x, line, name) > 0)
    moved = scaled(x, line, name, 3 * aggregate(x, line, name))
    kind = "take_rate" if name == "purchase_rate" else "price"
    first = name == "average_check"
    belongs = {f"{kind}.{product.name}" for product in line if product.first is first}
    assert moved == pytest.approx({n: 3 * v if n in belongs else v for n, v in x.items()})
    for other in set(SUMS) - {name}:
        before, after = aggregate(x, line, other), aggregate(moved, line, other)
        assert after == pytest.approx(before, nan_ok=True)


def test_scaled_does_not_change_what_it_was_given() -> None:
    before = dict(PRICES)
    scaled(PRICES, LINE, "average_check", 200)
    assert before == PRICES


@pytest.mark.parametrize("name", SUMS)
def test_nothing_to_scale_is_refused(name: str) -> None:
    free = PRICES | {n: 0.0 for n in PRICES if n.startswith("price")}
    free |= {n: 0.0 for n in PRICES if n.startswith("take_rate")}
    with pytest.raises(ValueError, match=f"{name} of the product line is"):
        scaled(free, LINE, name, 5)


def test_nothing_sold_again_has_no_repeat_check() -> None:
    assert isnan(aggregate(PRICES, LINE[:2], "repeat_check"))
    assert aggregate(PRICES, LINE[:2], "purchase_rate") == 0


@pytest.mark.parametrize(
    ("name", "parameter", "stage"),
    [
        ("win_rate", "win_rate", Stage.CONVERSION),
        ("take_rate.course", "average_check", Stage.CONVERSION),
        ("price.guide", "average_check", Stage.CONVERSION),
        ("take_rate.club", "purchase_rate", Stage.ACCOUNT),
        ("price.extra", "repeat_check", Stage.ACCOUNT),
        ("margin.course", "margin", Stage.ECONOMICS),
        ("margin.club", "margin", Stage.ECONOMICS),
    ],
)
def test_a_products_levers_belong_to_stages(name: str, parameter: str, stage: Stage) -> None:
    assert parameter_of(name, LINE) == parameter
    assert stage_of(name, LINE) is stage


def test_only_shares_of_the_table_and_margins_end_at_1() -> None:
    line = (Product(name="course", role=Role.UPSELL),)
    shares = {name for name in known_levers(line) if is_share(name, line)}
    assert shares == {
        name for name, lever in LEVERS.items() if lever.unit is Unit.SHARE and name != "margin"
    } | {"margin.course"}


def test_the_margin_of_a_line_is_weighted_by_what_is_signed() -> None:
    """2 x 10 at 50 % and 1 x 60 at 10 %: 16 of 80."""
    line = (Product(name="a", role=Role.CORE), Product(name="b", role=Role.UPSELL))
    x = {"take_rate.a": 2.0, "price.a": 10.0, "margin.a": 0.5}
    x |= {"take_rate.b": 1.0, "price.b": 60.0, "margin.b": 0.1}
    assert aggregate(x, line, "margin") == pytest.approx(0.2)
    assert isnan(aggregate(x | {"price.a": 0.0, "price.b": 0.0}, line, "margin"))
