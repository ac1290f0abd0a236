from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkit.model.owner import Business, by_product
from funnelkit.model.products import Product, Role
from funnelkit.plan.mix import EFFECTS, mix_of_scenario, price_volume_mix
from funnelkit.plan.scenario import Goal, Scenario
from tests.strategies import counts, lines, money, scenarios


def rows(effects: dict[str, np.ndarray]) -> dict[str, list[float]]:
    """The effects that are there at all, as numbers."""
    return {name: part.tolist() for name, part in effects.items() if part.any()}


def test_freemathhelps_example() -> None:
    """freemathhelp.com, "Price, volume and mix variance": ABC and DEF, budget and actual."""
    effects = price_volume_mix([50, 40], [1.2, 0.8], [60, 50], [1.1, 1.0])
    assert effects["price"] == pytest.approx([-6, 10])
    assert effects["volume"] == pytest.approx([13.333, 7.111], abs=5e-4)
    assert effects["mix"] == pytest.approx([-1.333, 0.889], abs=5e-4)
    totals = {name: part.sum() for name, part in effects.items()}
    assert totals == pytest.approx(
        {"price": 4, "volume": 20.444, "mix": -0.444, "new": 0, "dropped": 0}, abs=5e-4
    )
    assert sum(totals.values()) == pytest.approx(24)


def test_all_growing_alike_is_volume_alone() -> None:
    effects = rows(price_volume_mix([50, 40], [2, 3], [100, 80], [2, 3]))
    assert effects == {"volume": [100, 120]}


def test_a_price_rise_is_price_alone() -> None:
    assert rows(price_volume_mix([50, 40], [2, 3], [50, 40], [2, 4])) == {"price": [0, 40]}


def test_a_shift_at_one_price_adds_nothing_in_all() -> None:
    effects = rows(price_volume_mix([50, 40], [2, 2], [60, 30], [2, 2]))
    assert effects == {"mix": [20, -20]}


def test_new_and_dropped_products_are_no_mix() -> None:
    """The old two grow by half, whatever comes and goes beside them; prices may be unknown."""
    nan = float("nan")
    effects = price_volume_mix([50, 40, 0, 7], [2, 3, nan, 11], [75, 60, 5, 0], [2, 3, 13, nan])
    assert rows(effects) == {
        "volume": [50, 60, 0, 0],
        "new": [0, 0, 65, 0],
        "dropped": [0, 0, 0, -77],
    }


def test_free_products_are_no_mix() -> None:
    """Ten times the lead magnets do not make the paid product rarer."""
    effects = price_volume_mix([1000, 10], [0, 100], [10_000, 20], [0, 100])
    assert rows(effects) == {"volume": [0, 1000]}


def test_a_free_product_that_gets_a_price_is_a_price_rise() -> None:
    assert rows(price_volume_mix([10, 10], [0, 5], [10, 10], [2, 5])) == {"price": [20, 0]}


def test_nothing_sold_is_nothing_changed() -> None:
    assert rows(price_volume_mix([0, 0], [1, 2], [0, 0], [3, 4])) == {}
    assert rows(price_volume_mix([0, 3], [1, 2], [4, 0], [3, 4])) == {
        "new": [12, 0],
        "dropped": [0, -6],
    }


def test_units_below_0_are_refused() -> None:
    for units in (([-1], [1]), ([1], [-1])):
        with pytest.raises(ValueError, match="units below 0"):
            price_volume_mix(units[0], [1], units[1], [1])


def test_an_unknown_price_of_what_is_sold_stays_unknown() -> None:
    effects = price_volume_mix([1, 1], [float("nan"), 1], [1, 1], [1, 1])
    assert np.isnan(effects["price"]).tolist() == [True, False]


UNITS = counts(3) | counts(10**6) | money()


@st.composite
def tables(draw: st.DrawFn) -> list[np.ndarray]:
    """Units and prices of up to five products in up to three regions, at both ends."""
    shape = (*draw(st.sampled_from([(), (1,), (3,)])), draw(st.integers(1, 5)))
    size = int(np.prod(shape))
    return [
        np.array(draw(st.lists(one, min_size=size, max_size=size))).reshape(shape)
        for one in (UNITS, money(), UNITS, money())
    ]


@given(tables())
def test_every_product_is_exact_with_new_and_dropped_ones(table: list[np.ndarray]) -> None:
    u0, p0, u1, p1 = table
    effects = price_volume_mix(*table)
    assert tuple(effects) == EFFECTS
    parts = np.stack(list(effects.values()))
    near = 1e-12 * (u0 * p0 + u1 * p1 + np.abs(parts).sum(axis=0))
    assert (np.abs(parts.sum(axis=0) - (u1 * p1 - u0 * p0)) <= near).all()
    assert abs(parts.sum() - (u1 * p1 - u0 * p0).sum()) <= near.sum()


@given(tables())
def test_effects_by_their_definition(table: list[np.ndarray]) -> None:
    """Line by line, in plain arithmetic."""
    effects = price_volume_mix(*table)
    lines = [end.reshape(-1, end.shape[-1]) for end in table]
    for line, (u0, p0, u1, p1) in enumerate(zip(*lines, strict=True)):
        sold = [i for i in range(len(u0)) if u0[i] and u1[i] and (p0[i] or p1[i])]
        before, after = sum(u0[i] for i in sold), sum(u1[i] for i in sold)
        for i in range(len(u0)):
            alike = u0[i] * after / before if i in sold else 0.0
            expected = {
                "price": (p1[i] - p0[i]) * u1[i] if i in sold else 0.0,
                "volume": (alike - u0[i]) * p0[i] if i in sold else 0.0,
                "mix": (u1[i] - alike) * p0[i] if i in sold else 0.0,
                "new": u1[i] * p1[i] if not u0[i] else 0.0,
                "dropped": -u0[i] * p0[i] if not u1[i] else 0.0,
            }
            near = 1e-9 * (1 + (before + after) * (p0[i] + p1[i]))
            for name, part in effects.items():
                found = part.reshape(-1, part.shape[-1])[line, i]
                assert found == pytest.approx(expected[name], rel=1e-9, abs=near), name


@given(tables(), st.randoms())
def test_the_order_of_products_does_not_matter(table: list[np.ndarray], random) -> None:
    order = random.sample(range(table[0].shape[-1]), table[0].shape[-1])
    effects, mixed = (
        price_volume_mix(*ends) for ends in (table, [end[..., order] for end in table])
    )
    for name, part in effects.items():
        near = 1e-9 * (1 + np.abs(part).max())
        np.testing.assert_allclose(mixed[name], part[..., order], rtol=1e-9, atol=near)


# The owner's model.


@given(scenarios() | scenarios(line=lines(least=2)))
@settings(max_examples=200)
def test_a_scenarios_line_is_exact(scenario: Scenario) -> None:
    effects = mix_of_scenario(scenario)
    assert tuple(effects) == (*EFFECTS, "collected")
    now, plan = (
        by_product(scenario.paths(plan), scenario.business, metric="revenue") for plan in ({}, None)
    )
    change = (plan - now)[:-1, scenario.goal.horizon]
    table = np.stack(list(effects.values()))
    paths = (scenario.run({}), scenario.run())
    signed = sum(float(np.max(p.signed_new + p.signed_repeat)) for p in paths)
    near = 1e-11 * (1 + signed + np.abs(table).sum())
    np.testing.assert_allclose(table.sum(axis=0), change, rtol=0, atol=near)


LINE = (
    Product(name="guide", role=Role.LEAD_MAGNET),
    Product(name="course", role=Role.CORE),
    Product(name="club", role=Role.RECURRING),
)
NOW = {
    "visitors": 1000.0,
    "lead_rate": 0.1,
    "collection_new": 0.8,
    "collection_repeat": 0.5,
    "retention_rate": 0.9,
    "take_rate.guide": 1.0,
    "price.guide": 0.0,
    "take_rate.course": 0.2,
    "price.course": 50.0,
    "take_rate.club": 1.0,
    "price.club": 10.0,
} | {f"margin.{product.name}": 0.5 for product in LINE}


def school(plan: dict, *, active: float = 40.0) -> Scenario:
    """What is planned begins in the goal's month, so that the stock of clients stays."""
    return Scenario(
        goal=Goal(metric="revenue", a=1000.0, b=3000.0, horizon=1),
        business=Business(active_customers=active, line=LINE),
        now=NOW,
        plan=plan,
        start=dict.fromkeys(plan, 1),
    )


def test_by_hand() -> None:
    """126 = (40 + 100) 0.9 active clients; 20 courses become 60, at 60 rather than 50."""
    scenario = school({"visitors": 2000.0, "take_rate.course": 0.3, "price.course": 60.0})
    effects = mix_of_scenario(scenario)
    growth = (60 + 126) / (20 + 126)
    assert effects.pop("price") == pytest.approx([0, 60 * 10 * 0.8, 0])
    assert effects.pop("volume") == pytest.approx(
        [0, 20 * (growth - 1) * 50 * 0.8, 126 * (growth - 1) * 10 * 0.5]
    )
    assert effects.pop("mix") == pytest.approx(
        [0, (60 - 20 * growth) * 50 * 0.8, (126 - 126 * growth) * 10 * 0.5]
    )
    assert not np.any(list(effects.values()))


def test_better_collection_is_no_price_rise() -> None:
    effects = rows(mix_of_scenario(school({"collection_new": 0.9, "collection_repeat": 0.6})))
    assert list(effects) == ["collected"]
    assert effects["collected"] == pytest.approx([0, 20 * 50 * 0.1, 126 * 10 * 0.1])


def test_refunds_are_money_not_collected() -> None:
    effects = rows(mix_of_scenario(school({"refund_rate": 0.25})))
    assert list(effects) == ["collected"]
    assert effects["collected"] == pytest.approx([0, -20 * 50 * 0.8 * 0.25, 0])


def test_a_product_that_begins_to_sell_is_new() -> None:
    before = replace(school({"take_rate.club": 1.0}), now=NOW | {"take_rate.club": 0.0})
    assert list(rows(mix_of_scenario(before))) == ["new"]
    assert rows(mix_of_scenario(before))["new"] == pytest.approx([0, 0, 126 * 10 * 0.5])
    after = school({"take_rate.club": 0.0})
    assert rows(mix_of_scenario(after))["dropped"] == pytest.approx([0, 0, -126 * 10 * 0.5])


def test_the_goals_metric_does_not_matter() -> None:
    scenario = school({"visitors": 2000.0})
    other = replace(scenario, goal=replace(scenario.goal, metric="profit"))
    assert rows(mix_of_scenario(other)) == rows(mix_of_scenario(scenario))
