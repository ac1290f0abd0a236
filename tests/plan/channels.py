"""Channels for the tests, and their month once more in plain Python.

Written from the definitions alone: numbers, lists and dictionaries, no arrays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from funnelkit.model.channel import TRAFFIC, Channel, Market, Recovery
from funnelkit.model.owner import Business
from funnelkit.plan.media import Media, Terms
from funnelkit.plan.response import Response
from funnelkit.plan.scenario import Goal, Scenario
from tests.strategies import money, shares

STAGES = ("answered_rate", "win_rate")

OWNER = {
    "answered_rate": 0.8,
    "win_rate": 0.25,
    "average_check": 400.0,
    "margin": 0.5,
    "collection_new": 0.9,
    "refund_rate": 0.1,
    "purchase_rate": 0.5,
    "repeat_check": 200.0,
    "retention_rate": 0.9,
    "collection_repeat": 1.0,
    "managers": 2.0,
    "cost_per_manager": 300.0,
    "fixed_costs": 1000.0,
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A channel: what it starts from, on which terms.

    `start` is media, impressions, clicks, leads, or visitors or leads for a recovery of these;
    `power` is the exponent of its returns, 1 without diminishing ones.
    """

    start: str
    amount: float
    buys: str = "clicks"
    price: float = 0.0
    ctr: float | None = None
    landing_rate: float | None = None
    rates: Mapping[str, float] = field(default_factory=dict)
    delay: int = 0
    power: float = 1.0
    own: Mapping[str, float] = field(default_factory=dict)

    @property
    def recovers(self) -> bool:
        return self.start in ("visitors", "back")

    @property
    def first(self) -> str:
        """The first count that the channel has."""
        if self.ctr is not None:
            return "impressions"
        return "leads" if self.landing_rate is None else "clicks"


SEARCH = Row(start="media", amount=1000.0, price=2.0, ctr=0.05, landing_rate=0.10)
SOCIAL = Row(
    start="media", amount=600.0, buys="impressions", price=6.0, ctr=0.01, landing_rate=0.05
)
PARTNER = Row(start="media", amount=300.0, buys="leads", price=15.0)
ARTICLES = Row(start="clicks", amount=400.0, landing_rate=0.03, own={"production": 150.0})
REFERRAL = Row(start="leads", amount=7.0, buys="leads")
RETARGETING = Row(start="visitors", amount=0.1, price=1.0, landing_rate=0.08)
MAILS = Row(start="back", amount=0.05, buys="leads", delay=1, own={"agency_fee": 40.0})
ALL = (SEARCH, SOCIAL, PARTNER, ARTICLES, REFERRAL, RETARGETING, MAILS)


def scenario(
    now: Mapping[str, float] = OWNER,
    plan: Mapping[str, float] | None = None,
    *,
    b: float = 50_000.0,
    metric: Any = "revenue",
    horizon: int = 3,
    **business: Any,
) -> Scenario:
    return Scenario(
        goal=Goal(metric=metric, a=1.0, b=b, horizon=horizon),
        business=Business(**({"active_customers": 20.0} | business)),
        now=now,
        plan=plan or {},
    )


def media(
    now: Sequence[Row],
    plan: Sequence[Row] | None = None,
    *,
    common: Mapping[str, float] | None = None,
    lower: Sequence[float] | None = None,
    upper: Sequence[float] | None = None,
    seen: Sequence[float] | None = None,
    **given: Any,
) -> Media:
    """The channels of these rows; `common` is what holds for all of them."""
    names = [f"c{place}" for place in range(len(now))]
    own: dict[str, Any] = {
        name: np.array([row.own.get(name, np.nan) for row in now])
        for name in ("check", "margin", "unit_cost")
    }
    own |= {
        name: np.array([row.own.get(name, 0.0) for row in now])
        for name in ("agency_fee", "production")
    }
    sources = {"visitors": "visitors", "back": "leads"}
    return Media(
        market=Market(
            channels=tuple(
                Channel(name=name, buying=row.buys, first=row.first)  # type: ignore[arg-type]
                for name, row in zip(names, now, strict=True)
            ),
            stages=STAGES,
            recoveries=tuple(
                Recovery(channel=name, of=sources[row.start], share=row.amount, delay=row.delay)  # type: ignore[arg-type]
                for name, row in zip(names, now, strict=True)
                if row.recovers
            ),
        ),
        starts=tuple("share" if row.recovers else row.start for row in now),  # type: ignore[misc]
        now=terms(now),
        plan=terms(plan or now),
        curves=Response(
            scale=np.ones(len(now)),
            exponent=np.array([row.power for row in now]),
            seen=np.array(np.nan if seen is None else seen),
        ),
        lower=np.zeros(len(now)) if lower is None else np.array(lower),
        upper=np.full(len(now), np.inf) if upper is None else np.array(upper),
        own=own | dict(common or {}),
        **given,
    )


def terms(rows: Sequence[Row]) -> Terms:
    nan = float("nan")
    found = {name: [getattr(row, name) for row in rows] for name in ("ctr", "landing_rate")}
    found |= {name: [row.rates.get(name) for row in rows] for name in STAGES}
    return Terms(
        amount=np.array([row.amount for row in rows]),
        price=np.array([row.price for row in rows]),
        rates={
            name: np.array([nan if value is None else value for value in values])
            for name, values in found.items()
        },
    )


def month(
    rows: Sequence[Row],
    owner: Mapping[str, float] = OWNER,
    common: Mapping[str, float] | None = None,
    today: Sequence[Row] | None = None,
) -> dict[str, float]:
    """What complete channels bring and cost together in a month that all months are like.

    `today` are the rows whose spend the prices belong to.
    """
    c = {"ad_vat": 0.0, "agency_share": 0.0, "variable_share": 0.0} | dict(common or {})
    total = dict.fromkeys(
        ("impressions", "clicks", "leads", "orders", "media", "marketing"), 0.0
    ) | dict.fromkeys(("revenue", "contribution"), 0.0)
    lost_visitors = lost_leads = 0.0
    order = {"visitors": 1, "back": 2}
    for row, before in sorted(
        zip(rows, today or rows, strict=True), key=lambda pair: order.get(pair[0].start, 0)
    ):
        price = row.price
        if row.start == "media" and row.amount and row.power != 1:
            price *= (row.amount / (before.amount or 1.0)) ** (1 - row.power)
        impressions = clicks = 0.0
        landing = row.landing_rate or 0.0
        bought = row.amount / price if row.start == "media" and row.amount else 0.0
        match row.start if row.start != "media" else row.buys:
            case "impressions":
                impressions = bought * 1000 if row.start == "media" else row.amount
                clicks = impressions * (row.ctr or 0.0)
                leads = clicks * landing
            case "clicks":
                clicks = bought if row.start == "media" else row.amount
                leads = clicks * landing
            case "leads":
                leads = bought if row.start == "media" else row.amount
            case "visitors":
                clicks = row.amount * lost_visitors
                leads = clicks * landing
            case _:
                leads = row.amount * lost_leads
        if clicks and row.ctr:
            impressions = clicks / row.ctr
        orders = leads
        for stage in STAGES:
            orders *= row.rates.get(stage, owner[stage])
        if row.start not in order:
            lost_visitors += clicks - leads if clicks else 0.0
        if row.start != "back":
            lost_leads += leads - orders
        unit = {"impressions": impressions / 1000, "clicks": clicks, "leads": leads}[row.buys]
        spent = unit * price
        paid = owner["collection_new"] * (1 - owner["refund_rate"])
        check = row.own.get("check", owner["average_check"] * paid)
        cost = check / paid * (1 - owner["margin"]) if paid else 0.0
        if "margin" in row.own:
            cost = check * (1 - row.own["margin"])
        cost = row.own.get("unit_cost", cost)
        fees = row.own.get("agency_fee", 0.0) + row.own.get("production", 0.0)
        total["impressions"] += impressions
        total["clicks"] += clicks
        total["leads"] += leads
        total["orders"] += orders
        total["media"] += spent
        total["marketing"] += spent * (1 + c["ad_vat"] + c["agency_share"]) + fees
        total["revenue"] += orders * check
        total["contribution"] += orders * (check * (1 - c["variable_share"]) - cost)
    return total


@st.composite
def rows(draw: st.DrawFn, *, curved: bool = True) -> tuple[Row, ...]:
    """One to six channels of every sort, at most one recovery of each."""
    made = []
    for kind in draw(
        st.lists(st.sampled_from(["media", "clicks", "leads"]), min_size=1, max_size=4)
    ):
        buys = draw(st.sampled_from(TRAFFIC)) if kind == "media" else kind
        free = kind != "media"
        made.append(
            Row(
                start=kind,
                amount=draw(money(5000)) if kind == "media" else float(draw(st.integers(0, 500))),
                buys=buys,
                price=draw(st.integers(0 if free else 10, 5000)) / 100,
                ctr=draw(shares(0.01)) if buys == "impressions" else None,
                landing_rate=None if buys == "leads" else draw(shares()),
                rates=draw(st.dictionaries(st.sampled_from(STAGES), shares(), max_size=2)),
                power=draw(st.sampled_from([1.0, 0.5, 0.8])) if curved and not free else 1.0,
                own=draw(
                    st.dictionaries(
                        st.sampled_from(["check", "agency_fee", "production"]), money(), max_size=3
                    )
                ),
            )
        )
    if draw(st.booleans()):
        made.append(replace(RETARGETING, amount=draw(shares()), landing_rate=draw(shares())))
    if draw(st.booleans()):
        made.append(replace(MAILS, amount=draw(shares())))
    return tuple(made)


@st.composite
def changed(draw: st.DrawFn, before: Sequence[Row]) -> tuple[Row, ...]:
    """The same channels on other terms."""
    after = []
    for row in before:
        share = shares() if row.recovers else st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0])
        amount = draw(share) if row.recovers else row.amount * draw(share)
        price = row.price * draw(st.sampled_from([0.5, 1.0, 1.5]))
        landing = None if row.landing_rate is None else draw(shares())
        after.append(replace(row, amount=amount, price=price, landing_rate=landing))
    return tuple(after)
