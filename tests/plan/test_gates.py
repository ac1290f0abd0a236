"""The method's gates: the demo clients' verdicts, each threshold's two sides, money by hand."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from funnelkit.client.read import client_names, read_client
from funnelkit.model.levers import Stage
from funnelkit.model.owner import Business
from funnelkit.plan import gates
from funnelkit.plan.diagnosis import Status, smart
from funnelkit.plan.gates import RULES, Facts, Finding, Gate, diagnose
from funnelkit.plan.order import order_of_work
from funnelkit.plan.scenario import Goal, Scenario

CLIENTS = Path(__file__).parents[2] / "data" / "clients"

# Each demo client: the stage to begin with, the gates that apply, what of SMART does not hold.
EXPECTED: dict[str, tuple[Stage, set[Gate], set[str]]] = {
    "cdnow": (Stage.ACCOUNT, set(), set()),
    "dom": (
        Stage.CONVERSION,
        {Gate.NO_CLIENTS, Gate.SPARE_CAPACITY, Gate.NOTHING_MEASURED},
        set(),
    ),
    "harbor": (Stage.GENERATION, {Gate.SPARE_CAPACITY}, set()),
    "mealbox": (Stage.ACCOUNT, {Gate.UNANSWERED, Gate.LEAKY_FUNNEL}, set()),
    "okna": (
        Stage.CONVERSION,
        {Gate.JUNK, Gate.UNANSWERED, Gate.OVERLOAD, Gate.OVERPUSHING},
        set(),
    ),
    "petlya": (Stage.ACCOUNT, {Gate.LEAKY_FUNNEL}, {"achievable"}),
    "saldo": (Stage.ACCOUNT, {Gate.COLLECTIONS, Gate.UNANSWERED}, set()),
}


def verdict(name: str) -> tuple[Stage, set[Gate], set[str]]:
    client = read_client(CLIENTS / name / "client.yaml")
    findings = diagnose(client.plan, client.facts)
    failing = {v.check for v in smart(client.plan) if v.status is not Status.PASSED}
    first = order_of_work(client.plan, findings)[0].stage
    return first, {finding.gate for finding in findings}, failing


def test_the_table_has_every_demo_client() -> None:
    assert set(EXPECTED) == set(client_names(CLIENTS))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_demo_clients_verdict(name: str) -> None:
    assert verdict(name) == EXPECTED[name]


def test_no_two_clients_come_out_alike() -> None:
    seen = [
        (stage, frozenset(found), frozenset(failing)) for stage, found, failing in EXPECTED.values()
    ]
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("gate", Gate)
def test_without_a_gate_some_verdict_differs(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = {other: rule for other, rule in RULES.items() if other is not gate}
    monkeypatch.setattr(gates, "RULES", MappingProxyType(rest))
    assert any(verdict(name) != expected for name, expected in EXPECTED.items())


NOW = {
    "retention_rate": 0.5,
    "purchase_rate": 1.0,
    "repeat_check": 10.0,
    "collection_repeat": 0.95,
    "visitors": 1000.0,
    "lead_rate": 0.1,
    "answered_rate": 0.9,
    "qualified_rate": 0.8,
    "win_rate": 0.25,
    "average_check": 100.0,
    "managers": 2.0,
    "audience": 0.0,
    "engagement_rate": 0.1,
    "nurtured_lead_rate": 0.1,
}
MEASURED = Facts(counted=3)


def shop(
    now: dict[str, float] | None = None,
    plan: dict[str, float] | None = None,
    *,
    best: dict[str, float] | None = None,
    clients: float = 40.0,
) -> Scenario:
    """1,000 visitors, 100 leads for a team of 2 x 60, 18 deals of 100; 40 clients at 10."""
    return Scenario(
        goal=Goal(metric="revenue", a=2000, b=6000, horizon=1),
        business=Business(active_customers=clients, leads_per_manager=60),
        now=NOW | (now or {}),
        plan=plan or {},
        ceilings=best or {},
    )


def only(scenario: Scenario, facts: Facts = MEASURED) -> Finding:
    (finding,) = diagnose(scenario, facts)
    return finding


def test_a_sound_business_has_no_finding() -> None:
    assert diagnose(shop(), MEASURED) == ()


@pytest.mark.parametrize(
    ("gate", "under", "at"),
    [
        (Gate.COLLECTIONS, {"collection_repeat": 0.899}, {"collection_repeat": 0.9}),
        (Gate.UNANSWERED, {"answered_rate": 0.799}, {"answered_rate": 0.8}),
        (Gate.SPARE_CAPACITY, {"visitors": 839.0}, {"visitors": 840.0}),
        (Gate.OVERLOAD, {"visitors": 1201.0}, {"visitors": 1200.0}),
    ],
)
def test_a_threshold_has_two_sides(
    gate: Gate, under: dict[str, float], at: dict[str, float]
) -> None:
    assert only(shop(under)).gate is gate
    assert diagnose(shop(at), MEASURED) == ()


def test_collections_are_worth_what_clients_owe() -> None:
    """In month 1 (40 + 18) x 0.5 = 29 clients buy for 10 each; 0.6 to 0.9 of it is 87."""
    found = only(shop({"collection_repeat": 0.6}, best={"collection_repeat": 0.9})).found
    assert found.worth == pytest.approx(29 * 10 * 0.3)


def test_nobody_to_collect_from_is_no_disorder() -> None:
    assert only(shop({"collection_repeat": 0.1}, clients=0)).gate is Gate.NO_CLIENTS


@pytest.mark.parametrize(("junk", "applies"), [(0.41, True), (0.39, False), (None, False)])
def test_junk_is_declared_against_audited(junk: float | None, applies: bool) -> None:
    """The audit finds 20 % junk; a difference of 20 points is where the gate begins."""
    found = diagnose(shop(), Facts(counted=1, declared_junk=junk))
    assert [f.gate for f in found] == ([Gate.JUNK] if applies else [])


def test_junk_is_worth_the_deals_thrown_away() -> None:
    """Sales takes 40 of 80 as good and wins 20 of them: half. Of all 80 it would win 40.

    Month 1's leads are worked in month 1, so 90 answered x 0.8 x (0.5 - 0.25) x 100.
    """
    scenario = shop(best={"win_rate": 0.6})
    found = only(scenario, Facts(counted=1, declared_junk=0.6)).found
    assert found.shares["win"] == pytest.approx(0.5)
    assert found.worth == pytest.approx(90 * 0.8 * 0.25 * 100)


def test_junk_cannot_be_worth_more_than_the_ceiling_allows() -> None:
    found = only(shop(best={"win_rate": 0.3}), Facts(counted=1, declared_junk=0.6)).found
    assert found.shares["win"] == 0.3


def test_unanswered_leads_are_worth_their_deals() -> None:
    found = only(shop({"answered_rate": 0.5}, best={"answered_rate": 0.9})).found
    assert found.counts["leads"] == pytest.approx(50)
    assert found.worth == pytest.approx(100 * 0.4 * 0.8 * 0.25 * 100)


def test_overload_asks_for_managers_and_is_worth_the_leads_that_wait() -> None:
    """150 leads, room for 120; of the 30 more 27 are answered, 21.6 good, 5.4 won.

    A third manager takes over in month 1 and works off month 0's queue as well, up to 180.
    """
    found = only(shop({"visitors": 1500.0})).found
    assert found.counts == {"leads": 150, "room": 120, "managers": 3}
    assert found.worth == pytest.approx((180 - 120) * 0.9 * 0.8 * 0.25 * 100)


def test_leads_that_the_plan_adds_to_a_full_team_are_an_overload_too() -> None:
    found = only(shop(plan={"visitors": 2000.0})).found
    assert found.counts == {"leads": 200, "room": 120, "managers": 4}
    assert found.worth == pytest.approx(80 * 0.9 * 0.8 * 0.25 * 100)


@pytest.mark.parametrize(
    ("plan", "applies"),
    [
        ({"win_rate": 0.29}, True),
        ({"win_rate": 0.28}, False),
        ({"win_rate": 0.29, "retention_rate": 0.45}, False),
        ({"win_rate": 0.29, "refund_rate": 0.1}, False),
    ],
)
def test_pushing_is_seen_where_nothing_else_moves(plan: dict[str, float], applies: bool) -> None:
    found = diagnose(shop({"refund_rate": 0.05}, plan=plan), MEASURED)
    assert [f.gate for f in found] == ([Gate.OVERPUSHING] if applies else [])


def test_what_pushing_puts_at_stake() -> None:
    """Twice the deals with twice the refunds: 36 deals of 100, 10 % instead of 5 % given back.

    Retention falls from 0.5 to 0, but a step in month 1 moves clients only from month 2 on.
    """
    found = only(shop({"refund_rate": 0.05}, plan={"win_rate": 0.5})).found
    assert found.worth == pytest.approx(-36 * 100 * 0.05)


def test_spare_capacity_is_worth_a_full_team() -> None:
    """60 leads, room for 120: 60 more leads, 10.8 more deals of 100."""
    found = only(shop({"visitors": 600.0})).found
    assert found.worth == pytest.approx(60 * 0.9 * 0.8 * 0.25 * 100)


def test_a_leaky_funnel_matters_only_to_who_begins_to_nurture() -> None:
    tools = Facts(counted=1, tools={"retargeting": False, "landing_pages": True})
    assert diagnose(shop(), tools) == ()
    found = only(shop(plan={"audience": 100.0}), tools)
    assert found.gate is Gate.LEAKY_FUNNEL
    assert found.found.tools == ("retargeting",)
    assert diagnose(shop(plan={"audience": 100.0}), MEASURED) == ()


def test_nothing_measured_is_said_and_has_no_price() -> None:
    found = only(shop(), Facts())
    assert (found.gate, found.found.worth) == (Gate.NOTHING_MEASURED, None)


def test_the_order_is_the_owners_where_nothing_speaks_against_it() -> None:
    best = {"purchase_rate": 3.0, "win_rate": 0.5, "visitors": 1200.0, "audience": 2000.0}
    works = order_of_work(shop(best=best), ())
    assert [work.stage for work in works][:3] == [
        Stage.ACCOUNT,
        Stage.CONVERSION,
        Stage.GENERATION,
    ]
    gains = {work.stage: work.gain for work in works}
    assert gains[Stage.ACCOUNT] == pytest.approx(29 * 10 * 0.95 * 2)
    assert gains[Stage.CONVERSION] == pytest.approx(90 * 0.8 * 0.25 * 100)


def test_a_closed_stage_and_one_that_brings_little_come_later() -> None:
    best = {"purchase_rate": 1.1, "win_rate": 0.5, "visitors": 1200.0}
    finding = only(shop({"visitors": 1500.0}))
    works = order_of_work(shop(best=best), (finding,))
    assert works[0].stage is Stage.CONVERSION
    assert {w.stage: w.closed_by for w in works}[Stage.GENERATION] is Gate.OVERLOAD


def test_the_price_of_growth_is_what_is_spent_more_per_unit_gained() -> None:
    """200 visitors at 3 each bring 20 leads, 3.6 deals of 100: 600 for 360."""
    now = {
        "cost_per_visitor": 3.0,
        "marketing_fixed": 0.0,
        "cost_per_manager": 0.0,
        "cost_per_reached": 0.0,
    }
    scenario = shop(now, best={"visitors": 1200.0, "purchase_rate": 2.0})
    scenario = replace(scenario, costs={"purchase_rate": 55.0})
    prices = {work.stage: work.price for work in order_of_work(scenario, ())}
    assert prices[Stage.GENERATION] == pytest.approx(600 / 360)
    assert prices[Stage.ACCOUNT] == pytest.approx(55 / (29 * 10 * 0.95))
    assert prices[Stage.NURTURING] is None
