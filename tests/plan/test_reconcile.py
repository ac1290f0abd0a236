"""The channels beside the owner's level: people needed, counted, and the difference."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from funnelkit.plan.reconcile import reconciled
from tests.plan.channels import ALL, ARTICLES, OWNER, SEARCH, Row, media, month, rows, scenario

AUDIENCE = {"audience": 1000.0, "engagement_rate": 0.1, "nurtured_lead_rate": 0.2}


@given(rows())
def test_at_the_owners_rates_both_levels_count_the_same_clients(now: tuple[Row, ...]) -> None:
    usual = [replace(row, rates={}) for row in now]
    channels = media(usual)
    owner = channels.for_owner(scenario())
    found = reconciled(channels, owner)
    expected = month(usual)
    assert found.visitors == pytest.approx(max(expected["clicks"], expected["leads"]))
    assert found.leads == pytest.approx(expected["leads"], rel=1e-9)
    assert found.owner_leads == pytest.approx(expected["leads"], rel=1e-9)
    assert found.new_customers == pytest.approx(expected["orders"], rel=1e-9)
    assert found.customers_apart == pytest.approx(0.0, abs=1e-9 * (1 + expected["orders"]))
    assert found.nurtured_leads == pytest.approx(0.0, abs=1e-6)


def test_channels_with_rates_of_their_own_differ_and_say_by_how_much() -> None:
    better = replace(SEARCH, rates={"win_rate": 0.5})
    channels = media([better, ARTICLES])
    found = reconciled(channels, channels.for_owner(scenario()))
    assert found.owner_customers == pytest.approx(62 * 0.2)
    assert found.new_customers == pytest.approx(50 * 0.8 * 0.5 + 12 * 0.2)
    assert found.customers_apart == pytest.approx(10.0)


def test_what_is_short_added_reaches_b() -> None:
    channels = media(ALL)
    owner = channels.for_owner(scenario(OWNER | AUDIENCE, b=30_000.0))
    found = reconciled(channels, owner)
    assert found.leads_short == pytest.approx(found.leads_needed - month(ALL)["leads"])
    assert found.nurtured_leads == pytest.approx(20.0)
    assert found.leads_needed == pytest.approx(found.visitors_needed * owner.target["lead_rate"])
    more = channels.following(owner.with_plan(visitors=found.visitors_needed))
    met = more.for_owner(owner)
    assert float(met.at_goal()) == pytest.approx(30_000.0, rel=1e-9)
    assert reconciled(more, met).leads_short == pytest.approx(0.0, abs=1e-6)


def test_the_months_clients_have_the_audiences_the_delay_and_the_limit() -> None:
    channels = media([SEARCH])
    full = channels.for_owner(
        scenario(OWNER | AUDIENCE, leads_per_manager=20.0, overflow="lost", sales_cycle=(0.5, 0.5))
    )
    found = reconciled(channels, full)
    assert found.month_customers == pytest.approx(40 * 0.2)
    assert found.owner_customers == pytest.approx(10.0)


def test_where_b_is_out_of_reach_the_need_is_missing() -> None:
    channels = media([SEARCH])
    found = reconciled(channels, channels.for_owner(scenario(b=1e9, leads_per_manager=1.0)))
    assert np.isnan([found.visitors_needed, found.leads_needed, found.leads_short]).all()
    assert found.leads == pytest.approx(50.0)


def test_leads_that_nobody_clicked_for_are_their_own_visitors_on_both_sides() -> None:
    """A client who lives by recommendation: as many visitors brought as the owner counts."""
    only = [Row(start="leads", amount=30.0, buys="leads")]
    channels = media(only)
    owner = channels.for_owner(scenario())
    found = reconciled(channels, owner)
    assert found.visitors == owner.target["visitors"] == 30.0
