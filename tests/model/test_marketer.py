"""The marketer's model beside a channel-by-channel evaluation in plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from math import ceil, inf, isnan, nan, prod

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from funnelkit.model import owner
from funnelkit.model.books import Books
from funnelkit.model.channel import TRAFFIC
from funnelkit.model.marketer import (
    GIVEN,
    Channel,
    Company,
    Economics,
    Market,
    Recovery,
    Table,
    permitted,
    run,
)
from tests.strategies import counts, money, shares

STAGES = ("qualified_rate", "win_rate")
RATES = ("ctr", "landing_rate", *STAGES)
NUMBERS = [field.name for field in fields(Books) if field.name != "tax_on"]
PEOPLE = NUMBERS[:6]
SUMS = ("agency_fee", "production", "fixed_costs", "sales_cost")
BARE = (*PEOPLE, "media_factor", "tax_rate", "lead_rate", "roas", "drr")
PRICED = (*NUMBERS[6:-2], "total_marketing", "outflow", "cpm", "cpc", "cpl", "cpo", "cac")

# A number here is some twenty products and quotients and a sum of at most five channels, each
# rounded to 1.1e-16, and nothing is subtracted: so 1e-12 is far above rounding and far below any
# other formula. Counts of less than a thousandth of a person may be off by as much of that.
ROUNDING = 1e-12
same = {"rel": ROUNDING, "abs": 1e-3 * ROUNDING, "nan_ok": True}


@dataclass(frozen=True)
class Plan:
    market: Market
    rates: dict[str, list[float]]
    price: list[float]
    economics: Economics
    company: Company

    def run(self, *, rates: Mapping[str, object] | None = None, **given: object) -> Table:
        own = {"price": self.price, "economics": self.economics, "company": self.company}
        return run(self.market, rates=self.rates | dict(rates or {}), **(own | given))


@st.composite
def plans(draw: st.DrawFn, most: int = 4) -> Plan:
    """Markets that work: no rate, price or check is 0, so that every start leads everywhere."""
    units = draw(st.lists(st.sampled_from(TRAFFIC), min_size=1, max_size=most))
    size = len(units)

    def each(of: st.SearchStrategy[float]) -> list[float]:
        return draw(st.lists(of, min_size=size, max_size=size))

    some = shares(0.001)
    return Plan(
        market=Market(
            channels=tuple(Channel(name=f"c{i}", buying=unit) for i, unit in enumerate(units)),
            stages=STAGES,
        ),
        rates={name: each(some) for name in RATES},
        price=each(st.integers(1, 10**5).map(lambda n: n / 100)),
        economics=Economics(
            check=each(st.integers(1, 10**6).map(lambda n: n / 100)),
            redeemed_share=each(some),
            returned_share=each(shares(most=0.9)),
            repeat_share=each(shares(most=0.9)),
            vat_in_prices=draw(shares(most=0.3)),
            margin=each(shares(-1.0)),
            variable_share=draw(shares(most=0.5)),
            ad_vat=draw(shares(most=0.3)),
            agency_share=draw(shares(most=0.5)),
            **{name: each(money(10**4)) for name in SUMS},
        ),
        company=Company(
            **{name: draw(money(10**4)) for name in SUMS},
            tax_on=draw(st.sampled_from(["profit", "turnover"])),
            tax_rate=draw(shares()),
        ),
    )


def budgets(plan: Plan) -> st.SearchStrategy[list[float]]:
    size = len(plan.price)
    return st.lists(st.integers(1, 10**8).map(lambda n: n / 100), min_size=size, max_size=size)


def assert_same(found: Books, expected: Books, factor: float = 1.0) -> None:
    for name in (*BARE, *PRICED):
        wanted = getattr(expected, name) * (factor if name in PRICED else 1.0)
        assert getattr(found, name) == pytest.approx(wanted, **same), name


@given(st.data(), plans())
def test_the_chain_is_its_definition_channel_by_channel(data: st.DataObject, plan: Plan) -> None:
    media = data.draw(budgets(plan))
    books = plan.run(given={"media": media}).channels
    e = plan.economics
    for i, channel in enumerate(plan.market.channels):
        ctr, landing, *further = (plan.rates[name][i] for name in RATES)
        bought = media[i] / plan.price[i]
        leads = {
            "impressions": bought * 1000 * ctr * landing,
            "clicks": bought * landing,
            "leads": bought,
        }[channel.buying]
        paid = leads * prod(further) * e.redeemed_share[i] * (1 - e.returned_share[i])
        revenue = paid * e.check[i] / (1 + e.vat_in_prices)
        expected = {
            "impressions": leads / landing / ctr,
            "clicks": leads / landing,
            "leads": leads,
            "orders": leads * prod(further),
            "paid_orders": paid,
            "new_customers": paid * (1 - e.repeat_share[i]),
            "media": media[i],
            "gross_revenue": paid * e.check[i],
            "revenue": revenue,
            "cogs": revenue * (1 - e.margin[i]),
            "variable_costs": revenue * e.variable_share,
            "media_cost": media[i] * (1 + e.ad_vat + e.agency_share),
        }
        found = {name: float(getattr(books, name)[i]) for name in expected}
        assert found == pytest.approx(expected, **same)
        # The three ways to buy agree.
        assert books.clicks[i] * books.cpc[i] == pytest.approx(media[i])
        assert books.impressions[i] / 1000 * books.cpm[i] == pytest.approx(media[i])
        assert books.leads[i] * books.cpl[i] == pytest.approx(media[i])


@given(st.data(), plans(), st.sampled_from(GIVEN))
def test_forwards_after_backwards_is_the_identity(
    data: st.DataObject, plan: Plan, start: str
) -> None:
    wanted = data.draw(budgets(plan))
    backwards = plan.run(given={start: wanted})
    assert getattr(backwards.channels, start) == pytest.approx(wanted, **same)
    forwards = plan.run(given={"media": backwards.channels.media})
    assert_same(forwards.channels, backwards.channels)


@given(st.data(), plans())
def test_how_traffic_is_bought_does_not_matter(data: st.DataObject, plan: Plan) -> None:
    table = plan.run(given={"media": data.draw(budgets(plan))})
    for unit, price in zip(TRAFFIC, ("cpm", "cpc", "cpl"), strict=True):
        channels = tuple(replace(channel, buying=unit) for channel in plan.market.channels)
        other = replace(plan, market=replace(plan.market, channels=channels))
        bought = other.run(
            given={"orders": table.channels.orders}, price=getattr(table.channels, price)
        )
        assert_same(bought.channels, table.channels)


@given(st.data(), plans())
def test_totals_are_the_channels_and_what_belongs_to_none(data: st.DataObject, plan: Plan) -> None:
    table = plan.run(given={"media": data.draw(budgets(plan))})
    for name in (*PEOPLE, "media", "gross_revenue", "revenue", "cogs", "variable_costs"):
        added = sum(getattr(table.channels, name).tolist())
        assert getattr(table.total, name) == pytest.approx(added, **same)
    for name in SUMS:
        own = sum(getattr(plan.economics, name))
        assert getattr(table.total, name) == pytest.approx(
            own + getattr(plan.company, name), **same
        )


def without_sums(plan: Plan) -> Plan:
    """The same plan in which every cost grows with traffic: linear."""
    return replace(plan, economics=replace(plan.economics, **dict.fromkeys(SUMS, 0.0)))


def with_rows(plan: Plan, rows: list[int]) -> Plan:
    """The plan with these channels, some of them several times over."""
    old = plan.market.channels
    market = replace(
        plan.market, channels=tuple(replace(old[r], name=f"n{i}") for i, r in enumerate(rows))
    )

    def pick(value: object) -> object:
        return [value[r] for r in rows] if isinstance(value, list) else value

    economics = {f.name: pick(getattr(plan.economics, f.name)) for f in fields(Economics)}
    return replace(
        plan,
        market=market,
        rates={name: pick(value) for name, value in plan.rates.items()},
        price=pick(plan.price),
        economics=Economics(**economics),
    )


@given(st.data(), plans())
def test_two_halves_of_a_channel_are_the_channel(data: st.DataObject, plan: Plan) -> None:
    plan = without_sums(plan)
    media = data.draw(budgets(plan))
    halved = with_rows(plan, [0, *range(len(media))])
    half = media[0] / 2
    assert_same(
        halved.run(given={"media": [half, half, *media[1:]]}).total,
        plan.run(given={"media": media}).total,
    )


@given(st.data(), plans())
def test_a_channel_without_budget_changes_nothing(data: st.DataObject, plan: Plan) -> None:
    plan = without_sums(plan)
    media = data.draw(budgets(plan))
    more = with_rows(plan, [*range(len(media)), 0])
    unknown = replace(more, economics=replace(more.economics, check=[*plan.economics.check, nan]))
    for other in (more, unknown, replace(more, price=[*plan.price, 0.0])):
        table = other.run(given={"media": [*media, 0.0]})
        assert table.left_out == 0
        assert_same(table.total, plan.run(given={"media": media}).total)


@given(st.data(), plans(), st.sampled_from(RATES), st.sampled_from(["end", "stages", "no"]))
def test_a_better_conversion_never_needs_more_budget(
    data: st.DataObject, plan: Plan, name: str, whole: str
) -> None:
    wanted = data.draw(st.lists(counts(), min_size=len(plan.price), max_size=len(plan.price)))
    better = [data.draw(shares(rate)) for rate in plan.rates[name]]
    assume(better != plan.rates[name])
    before = plan.run(given={"orders": wanted}, whole=whole).channels.media
    after = plan.run(rates={name: better}, given={"orders": wanted}, whole=whole).channels.media
    assert (after <= before * (1 + ROUNDING)).all()


@given(st.data(), plans(), st.sampled_from([0.01, 0.37, 92.5, 1000.0]))
def test_the_currency_scales_money_and_nothing_else(
    data: st.DataObject, plan: Plan, rate: float
) -> None:
    media = data.draw(budgets(plan))

    def converted(of: object) -> object:
        names = [n for n in ("check", "unit_cost", *SUMS) if hasattr(of, n)]
        sums = {name: np.multiply(getattr(of, name), rate) for name in names}
        return replace(of, **sums)

    before = plan.run(given={"media": media})
    after = plan.run(
        given={"media": np.multiply(media, rate)},
        price=np.multiply(plan.price, rate),
        economics=converted(plan.economics),
        company=converted(plan.company),
    )
    assert_same(after.channels, before.channels, rate)
    assert_same(after.total, before.total, rate)


@given(st.data(), plans(), st.sampled_from(["media", "orders", "revenue"]))
def test_leading_axes_give_what_a_loop_gives(data: st.DataObject, plan: Plan, start: str) -> None:
    wanted = [data.draw(budgets(plan)) for _ in range(3)]
    landing = [[data.draw(shares(0.001))] * len(plan.price) for _ in range(2)]
    batch = plan.run(
        given={start: np.array(wanted)[:, np.newaxis]}, rates={"landing_rate": landing}
    )
    assert batch.channels.leads.shape == (3, 2, len(plan.price))
    assert batch.total.ebitda.shape == batch.left_out.shape == (3, 2)
    for i, amount in enumerate(wanted):
        for j, rate in enumerate(landing):
            alone = plan.run(given={start: amount}, rates={"landing_rate": rate})
            for name in NUMBERS:
                for found, one in ((batch.channels, alone.channels), (batch.total, alone.total)):
                    value = getattr(found, name)
                    there = value[i, j] if value.ndim > 1 else value
                    assert there == pytest.approx(getattr(one, name), **same), name


@given(st.data(), plans())
def test_the_channels_are_the_owners_visitors_and_lead_rate(
    data: st.DataObject, plan: Plan
) -> None:
    total = plan.run(given={"media": data.draw(budgets(plan))}).total
    month = owner.run({"visitors": total.clicks, "lead_rate": total.lead_rate})
    assert month.leads[0] == pytest.approx(total.leads, **same)


TWO = Market(channels=(Channel(name="search"), Channel(name="blog")), stages=STAGES)
OF_TWO = {"ctr": 0.1, "landing_rate": 0.1, "qualified_rate": 0.5, "win_rate": [0.5, 0.25]}


@pytest.mark.parametrize("name", RATES)
@pytest.mark.parametrize("start", ["media", "orders"])
def test_a_channel_with_a_missing_rate_is_left_out_and_counted(name: str, start: str) -> None:
    rates = OF_TWO | {name: [0.2, nan]}
    table = run(TWO, rates=rates, given={start: [100.0, 100.0]}, price=2.0)
    alone = Market(channels=TWO.channels[:1], stages=STAGES)
    one = {n: np.broadcast_to(value, (2,))[:1] for n, value in rates.items()}
    assert table.left_out == 1
    assert table.complete.tolist() == [True, False]
    assert_same(table.total, run(alone, rates=one, given={start: [100.0]}, price=2.0).total)


def test_a_rate_that_is_not_named_is_missing_not_1() -> None:
    rates = {name: value for name, value in OF_TWO.items() if name != "win_rate"}
    table = run(TWO, rates=rates, given={"media": [100.0, 100.0]}, price=2.0)
    assert table.channels.leads.tolist() == [5, 5]
    assert np.isnan(table.channels.orders).all()
    assert table.left_out == 2
    assert isnan(table.total.leads)


def test_each_channel_starts_from_what_is_known_of_it() -> None:
    table = run(
        TWO, rates=OF_TWO, price=[5.0, 0.0], given={"media": [500.0, None], "clicks": [None, 400]}
    )
    assert table.channels.leads.tolist() == [10, 40]
    assert table.channels.media.tolist() == [500, 0]
    assert isnan(table.channels.roas[1])
    assert table.total.cpl == 10
    assert table.passed["qualified_rate"].tolist() == [5, 20]


def test_a_channel_may_begin_at_leads_and_skip_a_stage() -> None:
    market = Market(
        channels=(
            Channel(name="search"),
            Channel(name="clients", buying="leads", first="leads", skips=("qualified_rate",)),
        ),
        stages=STAGES,
    )
    rates = OF_TWO | {"ctr": [0.1, nan], "landing_rate": [0.1, nan], "qualified_rate": [0.5, nan]}
    table = run(
        market,
        rates=rates,
        price=[1.0, 3.0],
        given={"leads": [40.0, 80.0]},
        economics=Economics(repeat_share=[0.0, 1.0]),
    )
    assert table.left_out == 0
    assert table.channels.clicks.tolist() == [400, 0]
    assert table.channels.orders.tolist() == [10, 20]
    assert table.channels.new_customers.tolist() == [10, 0]
    assert table.channels.media.tolist() == [400, 240]
    assert isnan(table.channels.cac[1])
    assert table.total.lead_rate == 120 / 400


@pytest.mark.parametrize("given_", [{"clicks": [0, 0]}, {"media": [0, 0]}, {"orders": [0, 0]}])
@pytest.mark.parametrize("price", [0.0, 7.0])
def test_zero_traffic_has_no_ratios_and_no_infinity(
    given_: dict[str, list[float]], price: float
) -> None:
    economics = Economics(check=10, margin=0.5)
    table = run(TWO, rates=OF_TWO, given=given_, price=price, economics=economics)
    assert table.total.orders == table.total.media == table.total.contribution == 0
    for name in ("cpm", "cpc", "cpl", "cpo", "cac", "roas", "drr", "romi_revenue", "max_cac"):
        assert np.isnan(getattr(table.channels, name)).all(), name
        assert isnan(getattr(table.total, name)), name


def test_a_budget_for_free_clicks_says_nothing_of_their_number() -> None:
    table = run(TWO, rates=OF_TWO, given={"media": [100.0, 100.0]}, price=[0.0, 10.0])
    assert isnan(table.channels.clicks[0])
    assert isnan(table.channels.media[0])
    assert table.left_out == 1


def test_orders_that_a_zero_rate_never_brings_are_missing() -> None:
    rates = OF_TWO | {"landing_rate": [0.0, 0.1]}
    table = run(TWO, rates=rates, given={"orders": [5.0, 5.0]}, price=1.0)
    assert isnan(table.channels.media[0])
    assert not np.isinf([getattr(table.channels, name) for name in NUMBERS]).any()


@pytest.mark.parametrize(
    ("whole", "paid", "leads", "clicks"),
    [
        ("no", 3.3, [13.2, 26.4], [44, 88]),  # 3.3 / 0.5 / 0.5 = 13.2, 3.3 / 0.25 / 0.5 = 26.4
        ("end", 4, [14, 27], [44, 88]),
        ("stages", 4, [16, 32], [54, 107]),  # 4 / 0.5 / 0.5 = 16, 4 / 0.25 / 0.5 = 32; / 0.3
    ],
)
def test_whole_people_are_rounded_up_once_or_at_every_stage(
    whole: str, paid: float, leads: list[float], clicks: list[float]
) -> None:
    table = run(
        TWO,
        rates=OF_TWO | {"landing_rate": 0.3},
        given={"gross_revenue": [33.0, 33.0]},
        price=2.0,
        economics=Economics(check=10.0, margin=0.5),
        whole=whole,
    )
    assert table.channels.leads == pytest.approx(leads)
    assert table.channels.clicks == pytest.approx(clicks)
    assert table.channels.media == pytest.approx([2 * n for n in clicks])  # money follows
    assert table.channels.revenue == pytest.approx([10 * paid] * 2)
    assert table.total.media == pytest.approx(2 * sum(clicks))


def up(number: float) -> float:
    return float(ceil(number - 1e-9))


@given(st.data(), plans(most=2), st.sampled_from(["end", "stages"]))
def test_a_whole_plan_is_the_definition_count_by_count(
    data: st.DataObject, plan: Plan, whole: str
) -> None:
    wanted = [data.draw(st.integers(0, 10**4)) / 10 for _ in plan.price]
    books = plan.run(given={"orders": wanted}, whole=whole).channels
    e = plan.economics
    for i, orders in enumerate(wanted):
        step = up if whole == "stages" else float
        upwards = [step(orders)]
        for name in reversed(RATES):
            upwards.append(step(upwards[-1] / plan.rates[name][i]))
        paid = step(upwards[0] * (e.redeemed_share[i] * (1 - e.returned_share[i])))
        new = step(paid * (1 - e.repeat_share[i]))
        expected = [up(n) for n in (*reversed(upwards), paid, new)]
        del expected[3]  # the qualified
        found = [getattr(books, name)[i] for name in PEOPLE]
        # Above some 1e6 rounding exceeds the tolerance, and one more or less is no error; from
        # there it grows by the rates that follow.
        assert found == pytest.approx(expected, rel=1e-5 if max(expected) > 1e6 else 0)
        assert books.media[i] == pytest.approx(
            {
                "impressions": books.impressions[i] / 1000,
                "clicks": books.clicks[i],
                "leads": books.leads[i],
            }[plan.market.channels[i].buying]
            * plan.price[i]
        )


def test_a_count_within_the_tolerance_is_whole() -> None:
    # 0.1 * 3 = 0.30000000000000004, so 3 / 0.1 may come out above 30.
    table = run(
        TWO, rates=OF_TWO, given={"clicks": [30 + 5e-10, 30 + 5e-9]}, price=1.0, whole="end"
    )
    assert table.channels.clicks.tolist() == [30, 31]


def test_a_given_budget_is_not_rounded_up() -> None:
    table = run(TWO, rates=OF_TWO, given={"media": [10.0, 20.0]}, price=3.0, whole="stages")
    assert table.channels.media == pytest.approx([10, 20])


RECOVERING = Market(
    channels=(
        Channel(name="search"),
        Channel(name="blog"),
        Channel(name="retargeting", first="clicks"),
        Channel(name="autofunnel", buying="leads", first="leads", skips=("qualified_rate",)),
    ),
    stages=STAGES,
    recoveries=(
        Recovery(channel="autofunnel", of="leads", share=0.25, delay=1),
        Recovery(channel="retargeting", of="visitors", share=0.1),
    ),
)
OF_FOUR = {
    "ctr": [0.1, 0.1, nan, nan],
    "landing_rate": [0.2, 0.1, 0.5, nan],
    "qualified_rate": [0.5, 0.5, 0.5, nan],
    "win_rate": [0.5, 0.25, 0.5, 0.1],
}


def test_the_recovered_enter_once_at_their_own_price() -> None:
    table = run(
        RECOVERING,
        rates=OF_FOUR,
        given={"clicks": [1000.0, 2000.0, nan, nan]},
        price=[10.0, 5.0, 2.0, 8.0],
    )
    books = table.channels
    # Lost visitors: 1,000 - 200 and 2,000 - 200; a tenth of 2,600 comes back. Of them 130 leave a
    # contact; lost leads are 200 - 50, 200 - 25 and 130 - 32.5, a quarter of 422.5 comes back.
    assert books.clicks.tolist() == [1000, 2000, 260, 0]
    assert books.leads.tolist() == [200, 200, 130, 105.625]
    assert books.orders == pytest.approx([50, 25, 32.5, 10.5625])
    assert books.media.tolist() == [10_000, 10_000, 520, 845]
    assert books.cpl[2:].tolist() == [4, 8]
    assert table.left_out == 0
    assert table.total.orders == pytest.approx(118.0625)


def test_the_autofunnel_brings_them_back_after_its_delay() -> None:
    clicks = np.full((2, 3, 4), nan)
    clicks[..., 1] = 0
    clicks[..., 0] = [[1000, 2000, 4000], [0, 1000, 0]]
    numbers = {"rates": OF_FOUR, "given": {"clicks": clicks}, "price": 1.0}
    table = run(RECOVERING, **numbers, by_month=True)
    # Of 1,000 visitors 200 are leads and 50 buy; of 80 who come back 40 are and 10 buy.
    assert table.channels.leads[..., 3].tolist() == [[45, 45, 90], [0, 0, 45]]
    assert table.channels.leads[..., 2].tolist() == [[40, 80, 160], [0, 40, 0]]
    alike = run(RECOVERING, **numbers)
    assert alike.channels.leads[..., 3].tolist() == [[45, 90, 180], [0, 45, 0]]


def test_a_channel_of_unknown_losses_is_not_recovered_from() -> None:
    rates = OF_FOUR | {"landing_rate": [0.2, nan, 0.5, nan]}
    table = run(RECOVERING, rates=rates, given={"clicks": [1000.0, 2000.0, nan, nan]}, price=1.0)
    assert table.channels.clicks[2] == 80
    assert table.left_out == 1


@given(st.data(), plans(), st.sampled_from(["roas", "drr", "cpo"]))
def test_at_the_permitted_price_the_target_is_met(
    data: st.DataObject, plan: Plan, target: str
) -> None:
    value = data.draw(st.integers(1, 10**4)) / 100
    plan = without_sums(plan)
    most = permitted(
        plan.market, rates=plan.rates, economics=plan.economics, target=target, value=value
    )
    prices = {"impressions": most.cpm, "clicks": most.cpc, "leads": most.cpl}
    price = [prices[c.buying][i] for i, c in enumerate(plan.market.channels)]
    books = plan.run(given={"media": data.draw(budgets(plan))}, price=price).channels
    assert getattr(books, target) == pytest.approx(np.full(len(price), value))
    assert books.cpc == pytest.approx(most.cpc)
    # Two sums of money subtracted: within rounding of the larger.
    np.testing.assert_allclose(
        most.earned_per_order,
        (books.contribution - books.total_marketing) / books.orders,
        atol=1e-12 * np.max((books.gross_revenue + books.total_marketing) / books.orders),
        rtol=1e-9,
    )


def test_a_target_below_break_even_is_allowed_and_its_loss_told() -> None:
    shop = {"rates": OF_TWO, "economics": Economics(check=100, margin=0.5, ad_vat=0.2)}
    most = permitted(TWO, target="roas", value=[2.0, 4.0], **shop)
    assert most.break_even_roas.tolist() == [2.4, 2.4]
    assert most.earned_per_order == pytest.approx([50 - 1.2 * 50, 50 - 1.2 * 25])


def test_what_is_permitted_does_not_need_traffic_to_be_bought_by_the_click() -> None:
    market = Market(channels=(Channel(name="partners", buying="leads", first="leads"),))
    economics = Economics(check=100, margin=0.5)
    most = permitted(market, rates={"order_rate": 0.1}, economics=economics, target="cpo", value=30)
    assert most.cpl.tolist() == pytest.approx([3])
    assert isnan(most.cpc[0])


ONE = {"given": {"media": [1.0, 1.0]}, "price": 1.0}


@pytest.mark.parametrize(
    ("error", "message", "wrong"),
    [
        (ValueError, "landing_rate must be from 0 to 1, got 1.2", {"landing_rate": 1.2}),
        (ValueError, "win_rate must be from 0 to 1, got -0.1", {"win_rate": [0.5, -0.1]}),
        (
            ValueError,
            "win_rate must be one number or 2, one a channel, got 3",
            {"win_rate": [1] * 3},
        ),
        (KeyError, "rates won: known are ctr, landing_rate, qualified_rate, win_rate", {"won": 1}),
    ],
)
def test_wrong_rates_are_refused(error: type, message: str, wrong: dict[str, object]) -> None:
    with pytest.raises(error, match=message):
        run(TWO, rates=OF_TWO | wrong, **ONE)


@pytest.mark.parametrize(
    ("error", "message", "wrong"),
    [
        (ValueError, "price must be 0 or more, got -2", {"price": [-2, 1]}),
        (ValueError, "media must be 0 or more, got inf", {"given": {"media": [inf, 1]}}),
        (ValueError, "media must be 2 numbers, one a channel", {"given": {"media": 5}}),
        (
            ValueError,
            "'blog' starts from media and clicks: give one",
            {"given": {"media": [1, 1], "clicks": [nan, 1]}},
        ),
        (KeyError, "given budget: known are media, impressions", {"given": {"budget": [1, 1]}}),
        (ValueError, "whole must be one of no, end, stages, got 'yes'", {"whole": "yes"}),
        (ValueError, "check must be one number or 2", {"economics": Economics(check=[1, 2, 3])}),
        (ValueError, "production must be 2 numbers", {"economics": Economics(production=7)}),
    ],
)
def test_wrong_numbers_are_refused(error: type, message: str, wrong: dict[str, object]) -> None:
    with pytest.raises(error, match=message):
        run(TWO, **({"rates": OF_TWO} | ONE | wrong))


def test_a_channel_cannot_start_from_what_it_lacks_or_recovers() -> None:
    market = replace(RECOVERING, recoveries=())
    with pytest.raises(ValueError, match="'retargeting' has no impressions"):
        run(market, rates=OF_FOUR, given={"impressions": [1, 1, 1, nan]}, price=1)
    with pytest.raises(ValueError, match="'autofunnel' starts from leads: give what others lose"):
        run(RECOVERING, rates=OF_FOUR, given={"leads": [1, 1, nan, 1]}, price=1)


def test_a_permitted_price_needs_a_known_target() -> None:
    with pytest.raises(ValueError, match="target must be one of roas, drr, cpo, got 'cpa'"):
        permitted(TWO, rates=OF_TWO, economics=Economics(), target="cpa", value=1)
    with pytest.raises(ValueError, match="roas must be 0 or more, got -1"):
        permitted(TWO, rates=OF_TWO, economics=Economics(), target="roas", value=-1)
