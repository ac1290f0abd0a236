"""The two levels are one model: the channels' sums are the owner's levers, to the last digit."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.model.economics import Company
from funnelkit.model.owner import run
from funnelkit.model.products import Product, Role
from funnelkit.plan.media import CHANNEL_LEVERS, Media, channel_levers
from funnelkit.plan.scenario import Scenario
from tests.plan.channels import (
    ALL,
    ARTICLES,
    MAILS,
    OWNER,
    PARTNER,
    REFERRAL,
    RETARGETING,
    SEARCH,
    SOCIAL,
    Row,
    changed,
    media,
    month,
    rows,
    scenario,
)

COMMON = {"ad_vat": 0.2, "agency_share": 0.1}
TABLE = ("impressions", "clicks", "leads", "orders", "media")


def close(value: float) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-9)


# ---------------------------------------------------------------- a month by hand


def test_a_month_by_hand() -> None:
    """Search 1,000 at 2 is 500 clicks and 50 leads; retargeting brings a tenth of 450 back."""
    table = media([SEARCH, RETARGETING], common=COMMON).today(scenario())
    assert table.channels.clicks.tolist() == [500.0, 45.0]
    assert table.channels.leads.tolist() == pytest.approx([50.0, 3.6])
    assert table.channels.orders.tolist() == pytest.approx([10.0, 0.72])
    assert table.channels.media.tolist() == [1000.0, 45.0]
    assert float(table.total.total_marketing) == pytest.approx(1045 * 1.3)
    # 400 signed, 90 % collected, a tenth of it refunded; the goods cost half of what is signed
    assert float(table.total.revenue) == pytest.approx(10.72 * 324)
    assert float(table.total.contribution) == pytest.approx(10.72 * (324 - 200))
    assert float(table.total.fixed_costs) == 1000.0
    assert float(table.total.sales_cost) == 600.0


@given(st.data())
def test_any_month_is_as_in_plain_python(data: st.DataObject) -> None:
    now = data.draw(rows())
    plan = data.draw(changed(now))
    channels = media(now, plan, common=COMMON | {"variable_share": 0.03})
    for table, expected in (
        (channels.today(scenario()), month(now, common=COMMON | {"variable_share": 0.03})),
        (
            channels.planned(scenario()),
            month(plan, common=COMMON | {"variable_share": 0.03}, today=now),
        ),
    ):
        assert table.complete.all()
        for name in TABLE:
            assert float(getattr(table.total, name)) == close(expected[name]), name
        assert float(table.total.total_marketing) == close(expected["marketing"])
        assert float(table.total.revenue) == close(expected["revenue"])
        assert float(table.total.contribution) == close(expected["contribution"])


# ---------------------------------------------------------------- beside the owner's level


def sums(expected: dict[str, float]) -> tuple[float, float, float]:
    """Visitors, leads and marketing; leads that nobody clicked for are their own visitors."""
    return max(expected["clicks"], expected["leads"]), expected["leads"], expected["marketing"]


@given(st.data(), st.integers(1, 4), st.integers(0, 5))
def test_the_owners_levers_are_the_channels_sums(
    data: st.DataObject, horizon: int, start: int
) -> None:
    now = data.draw(rows())
    plan = data.draw(changed(now))
    channels = media(now, plan, common=COMMON, start=start, company=Company(agency_fee=70.0))
    owner = channels.for_owner(scenario(horizon=horizon))
    paths, months = owner.paths(), owner.run()
    for expected, at in (
        (sums(month(now, common=COMMON)), [0]),
        (sums(month(plan, common=COMMON, today=now)), range(horizon, owner.months)),
    ):
        visitors, leads, marketing = expected
        for place in at:
            assert paths["visitors"][place] == close(visitors)
            assert paths["visitors"][place] * paths["lead_rate"][place] == close(leads)
            assert months.leads[place] == close(leads)
            assert months.marketing[place] == close(marketing + 70.0)
    before = min(start, horizon - 1)
    assert (paths["visitors"][: before + 1] == paths["visitors"][0]).all()


def test_clicks_are_visitors_and_leads_over_clicks_their_rate() -> None:
    levers = channel_levers(media([SEARCH, SOCIAL, ARTICLES]).today(scenario()))
    assert levers["visitors"] == pytest.approx(500 + 1000 + 400)
    assert levers["lead_rate"] == pytest.approx((50 + 50 + 12) / 1900)
    assert levers["cost_per_visitor"] == pytest.approx(1600 / 1900)
    assert levers["marketing_fixed"] == 150.0


def test_media_without_a_visitor_are_paid_all_the_same() -> None:
    """Impressions that nobody clicks cost what they cost."""
    channels = media([replace(SOCIAL, ctr=0.0)], common=COMMON)
    owner = channels.for_owner(scenario())
    assert owner.run().marketing.tolist() == pytest.approx([600 * 1.3] * owner.months)
    assert owner.run().leads.tolist() == [0.0] * owner.months


def static(channels: Media, plan: Scenario) -> tuple[object, object]:
    """The channels' total at the plan, and the owner's month at constant levers."""
    owner = channels.for_owner(plan)
    return channels.planned(plan).total, run(owner.target, owner.business, months=1)


@given(rows())
def test_new_sales_are_the_owners_static_month(now: Sequence[Row]) -> None:
    """Same leads, no delay, no limit: revenue, contribution and new clients are one number."""
    usual = [replace(row, rates={}, own={}) for row in now]
    total, owner = static(media(usual, common=COMMON), scenario(active_customers=0.0))
    assert float(total.new_customers) == close(owner.new_customers[0])
    assert float(total.revenue) == close(owner.revenue_new[0])
    assert float(total.contribution) == close(owner.contribution[0])
    assert float(total.total_marketing) == close(owner.marketing[0])
    assert float(total.ebitda) == close(owner.profit[0])


def test_a_product_line_earns_the_same_on_both_levels() -> None:
    line = (Product(name="a", role=Role.TRIPWIRE), Product(name="b", role=Role.CORE))
    levers = {name: value for name, value in OWNER.items() if "check" not in name}
    levers = {
        name: value for name, value in levers.items() if name not in ("margin", "purchase_rate")
    }
    levers |= {"take_rate.a": 0.6, "price.a": 50.0, "margin.a": 0.2}
    levers |= {"take_rate.b": 0.9, "price.b": 700.0, "margin.b": 0.45}
    total, owner = static(media(ALL), scenario(levers, line=line, active_customers=0.0))
    assert float(total.revenue) == close(owner.revenue_new[0])
    assert float(total.contribution) == close(owner.contribution[0])
    assert float(total.revenue / total.new_customers) == close(0.81 * (0.6 * 50 + 0.9 * 700))


def test_the_most_a_client_may_cost_at_first_and_over_a_life() -> None:
    """Max CAC is the first sale of the owner's LTV."""
    plan = scenario()
    total = media(ALL).planned(plan).total
    one = plan.per_customer(plan.target)
    first = 400 * (0.9 * 0.9 - 1 + 0.5)
    assert float(total.max_cac) == close(first) == close(float(one.first_value[0]))
    assert float(one.ltv[0]) == close(first + 0.5 * 200 * 0.5 * 0.9 / 0.1)


def test_vat_in_prices_leaves_the_owners_revenue_which_has_none() -> None:
    with_vat = media(ALL, common={"vat_in_prices": 0.2}).planned(scenario()).total
    without = media(ALL).planned(scenario()).total
    assert float(with_vat.gross_revenue) == close(1.2 * float(without.revenue))
    assert float(with_vat.revenue) == close(float(without.revenue))
    assert float(with_vat.contribution) == close(float(without.contribution))


# ---------------------------------------------------------------- month by month


def test_months_end_as_the_plan_and_begin_as_today() -> None:
    plan = [replace(row, amount=row.amount * 1.5, price=row.price * 1.1) for row in ALL]
    channels = media(ALL, plan, common=COMMON, start=1)
    owner = channels.for_owner(scenario())
    table = channels.by_month(owner)
    today, planned = channels.today(owner), channels.planned(owner)
    for name in ("clicks", "leads", "orders", "media", "total_marketing", "revenue"):
        path = getattr(table.channels, name)
        assert path[:2].tolist() == [getattr(today.channels, name).tolist()] * 2
        # the mails bring people a month later, so they settle a month after the goal
        assert path[3, :-1].tolist() == getattr(planned.channels, name)[:-1].tolist()
        assert path[4:].tolist() == [getattr(planned.channels, name).tolist()] * 2
    lost_before = table.channels.leads[:, :-1] - table.channels.orders[:, :-1]
    share = [0.05, 0.05, (0.05 + 0.075) / 2, 0.075]
    for at in (1, 2, 3):
        expected = share[at] * lost_before[at - 1].sum()
        assert table.channels.leads[at, -1] == close(expected)


@given(st.data())
def test_any_channels_months_settle(data: st.DataObject) -> None:
    now = data.draw(rows())
    channels = media(now, data.draw(changed(now)))
    owner = channels.for_owner(scenario())
    table = channels.by_month(owner)
    for at, expected in ((0, channels.today(owner)), (-1, channels.planned(owner))):
        for name in ("clicks", "leads", "orders", "media", "contribution"):
            path = getattr(table.channels, name)
            assert path[at].tolist() == getattr(expected.channels, name).tolist(), name


# ---------------------------------------------------------------- diminishing returns


@pytest.mark.parametrize("power", [0.3, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("row", [SEARCH, SOCIAL, PARTNER])
def test_todays_spend_buys_at_exactly_todays_price(row: Row, power: float) -> None:
    channels = media([replace(row, power=power)])
    assert channels.price(channels.now).tolist() == [row.price]
    four = media([replace(row, power=power)], [replace(row, power=power, amount=4 * row.amount)])
    assert four.price(four.plan).tolist() == pytest.approx([row.price * 4 ** (1 - power)])
    leads = [
        float(table.total.leads) for table in (four.today(scenario()), four.planned(scenario()))
    ]
    assert leads[1] / leads[0] == pytest.approx(4**power)


def test_a_channel_that_is_not_bought_today_begins_at_its_price() -> None:
    """Of a channel without a spend of today, the price is that of the highest seen."""
    idle = replace(SEARCH, amount=0.0, power=0.5)
    for seen in (100.0, 2500.0):
        channels = media([idle], [replace(idle, amount=seen)], seen=[seen])
        assert channels.price(channels.plan).tolist() == [2.0]
        assert channels.price(channels.now).tolist() == [2.0]


# ---------------------------------------------------------------- identities


@given(st.data())
def test_a_channel_without_a_budget_changes_nothing(data: st.DataObject) -> None:
    now = data.draw(rows())
    idle = replace(data.draw(st.sampled_from([SEARCH, SOCIAL, PARTNER])), amount=0.0)
    alone, beside = (media(r).planned(scenario()).total for r in (now, (idle, *now)))
    for name in ("clicks", "leads", "new_customers", "total_marketing", "contribution", "ebitda"):
        assert float(getattr(beside, name)) == close(float(getattr(alone, name)))
    assert channel_levers(media((idle, *now)).planned(scenario())) == {
        name: close(value) for name, value in channel_levers(media(now).planned(scenario())).items()
    }


@given(rows(curved=False), st.integers(0, 3))
def test_two_halves_are_the_whole(now: tuple[Row, ...], place: int) -> None:
    row = now[place % len(now)]
    if row.recovers:  # half of the lost each would be half of what is left
        return
    half = replace(
        row,
        amount=row.amount / 2,
        own={
            name: value / 2 if name in ("agency_fee", "production") else value
            for name, value in row.own.items()
        },
    )
    split = (*now[: now.index(row)], half, half, *now[now.index(row) + 1 :])
    one, two = (media(r, common=COMMON).planned(scenario()).total for r in (now, split))
    for name in ("clicks", "leads", "orders", "total_marketing", "revenue", "ebitda"):
        assert float(getattr(two, name)) == close(float(getattr(one, name)))


@given(st.data(), st.sampled_from([0.01, 0.5, 95.0]))
def test_money_scales_with_the_currency(data: st.DataObject, rate: float) -> None:
    now = data.draw(rows())
    plan = data.draw(changed(now))

    def priced(channels: Sequence[Row]) -> list[Row]:
        return [
            replace(
                row,
                amount=row.amount * rate if row.start == "media" else row.amount,
                price=row.price * rate,
                own={name: value * rate for name, value in row.own.items()},
            )
            for row in channels
        ]

    money = ("average_check", "repeat_check", "cost_per_manager", "fixed_costs")
    other = OWNER | {name: OWNER[name] * rate for name in money}
    one = media(now, plan, common=COMMON).planned(scenario()).total
    two = media(priced(now), priced(plan), common=COMMON).planned(scenario(other)).total
    for name in ("media", "total_marketing", "revenue", "contribution", "ebitda", "cpl", "cac"):
        value = rate * float(getattr(one, name))
        assert float(getattr(two, name)) == pytest.approx(value, rel=1e-9, abs=1e-6, nan_ok=True)
    for name in ("clicks", "leads", "new_customers", "roas", "romi_contribution"):
        value = float(getattr(one, name))
        assert float(getattr(two, name)) == pytest.approx(value, rel=1e-9, abs=1e-6, nan_ok=True)


def test_a_channel_without_a_conversion_is_left_out_and_never_whole() -> None:
    """No landing rate is not one of 100 %."""
    lacking = media([SEARCH, ARTICLES])
    rates = dict(lacking.plan.rates) | {"landing_rate": np.array([np.nan, 0.03])}
    channels = lacking.with_plan(replace(lacking.plan, rates=rates))
    table = channels.planned(scenario())
    alone = media([ARTICLES]).planned(scenario()).total
    assert table.complete.tolist() == [False, True]
    assert int(table.left_out) == 1
    for name in ("clicks", "leads", "media", "total_marketing", "revenue"):
        assert float(getattr(table.total, name)) == float(getattr(alone, name))


# ---------------------------------------------------------------- channels follow the owner


def follows(channels: Media, plan: Scenario, **levers: float) -> None:
    wanted = channels.for_owner(plan).with_plan(**levers)
    brought = channel_levers(channels.following(wanted).planned(wanted))
    for name in ("visitors", "lead_rate", "cost_per_visitor"):
        assert brought[name] == pytest.approx(wanted.planned(name), rel=1e-9), name
    marketing = brought["visitors"] * brought["cost_per_visitor"] + brought["marketing_fixed"]
    assert marketing == pytest.approx(
        wanted.planned("visitors") * wanted.planned("cost_per_visitor")
        + wanted.planned("marketing_fixed"),
        rel=1e-9,
    )


@pytest.mark.parametrize("power", [1.0, 0.6])
@pytest.mark.parametrize(
    "levers",
    [
        {},
        {"visitors": 5000.0},
        {"visitors": 300.0},
        {"lead_rate": 0.1},
        {"lead_rate": 0.03},
        {"cost_per_visitor": 2.5},
        {"visitors": 4000.0, "lead_rate": 0.12, "cost_per_visitor": 0.5},
        {"win_rate": 0.5},
        {"marketing_fixed": 900.0},
        {"marketing_fixed": 200.0, "visitors": 900.0},
    ],
)
@pytest.mark.parametrize("now", [(SEARCH,), (SEARCH, SOCIAL), (SEARCH, ARTICLES, RETARGETING), ALL])
def test_channels_bring_what_the_owner_plans(
    now: tuple[Row, ...], levers: dict[str, float], power: float
) -> None:
    curved = [replace(row, power=power) if row.start == "media" else row for row in now]
    plan = [replace(row, amount=1.2 * row.amount) for row in curved]
    company = Company(production=500.0)
    follows(media(curved, plan, common=COMMON, company=company), scenario(), **levers)


def test_other_fixed_costs_come_month_by_month_and_never_fall_below_none() -> None:
    channels = media([SEARCH], company=Company(production=300.0))
    owner = channels.for_owner(scenario()).with_plan(marketing_fixed=600.0)
    path = channels.following(owner).by_month(owner).total.total_marketing
    assert path.tolist() == pytest.approx([1300.0, 1400.0, 1500.0, 1600.0, 1600.0, 1600.0])
    fee = media([SEARCH], company=Company(production=300.0, agency_fee=80.0))
    less = fee.following(fee.for_owner(scenario()).with_plan(marketing_fixed=0.0))
    assert float(less.planned(owner).total.total_marketing) == pytest.approx(1080.0)


def test_channels_that_bring_it_already_stay() -> None:
    channels = media(ALL, common=COMMON)
    owner = channels.for_owner(scenario())
    same = channels.following(owner)
    assert same.plan.amount.tolist() == channels.plan.amount.tolist()
    assert same.plan.price.tolist() == channels.plan.price.tolist()


def test_what_cannot_follow_goes_as_far_as_it_can() -> None:
    channels = media([SEARCH])
    owner = channels.for_owner(scenario())
    whole = channels.following(owner.with_plan(lead_rate=1.0))
    assert channel_levers(whole.planned(owner))["lead_rate"] == pytest.approx(1.0)
    none = media([replace(SEARCH, amount=0.0)])
    asked = none.for_owner(scenario()).with_plan(visitors=100.0)
    assert none.following(asked).plan.amount.tolist() == [0.0]
    free = channels.following(owner.with_plan(cost_per_visitor=0.0)).planned(owner)
    assert channel_levers(free)["visitors"] == pytest.approx(500.0)
    off = channels.following(owner.with_plan(visitors=0.0)).planned(owner)
    assert channel_levers(off)["visitors"] == 0.0
    assert not set(CHANNEL_LEVERS) - set(channel_levers(off))


@given(st.data(), st.sampled_from([0.5, 1.0, 1.7]), st.sampled_from([0.6, 1.0]))
def test_any_channels_follow(data: st.DataObject, more: float, better: float) -> None:
    now = data.draw(rows())
    clicked = [r for r in now if r.landing_rate is not None and not r.recovers]
    if not any(r.amount and r.landing_rate for r in clicked) or any(
        r.start == "leads" or r.buys == "leads" for r in now
    ):
        return  # leads without a click do not follow a landing rate
    channels = media(now, common=COMMON)
    owner = channels.for_owner(scenario())
    follows(
        channels,
        scenario(),
        visitors=owner.planned("visitors") * more,
        lead_rate=owner.planned("lead_rate") * better,
    )


def test_mails_without_people_bring_nobody() -> None:
    table = media([replace(REFERRAL, amount=0.0), MAILS]).planned(scenario())
    assert table.channels.leads.tolist() == [0.0, 0.0]
    assert channel_levers(table)["lead_rate"] == 0.0
