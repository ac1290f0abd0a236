"""A client's file in which channels say everything that they can."""

BARE = """\
title: Rich
language: en
currency: EUR
goal: {metric: profit, month: 2026-09, months: 4, a: 1000, b: 3000}
active_customers: 20
levers:
  qualified_rate: {now: 60%, plan: 70%}
  win_rate: 40%
  average_check: 500
  collection_new: 95%
  margin: 40%
  managers: {now: 2, plan: 3}
  cost_per_manager: 90
  fixed_costs: 300
marketing:
  start: 1
  stages: [qualified_rate, demo_held, win_rate]
  channels:
    - name: Search
      budget: {now: 1_000, plan: 2_000}
      price: 2
      landing_rate: 10%
      rates: {demo_held: 75%}
      history: [{spend: 300, leads: 21}, {spend: 500, leads: 30}, {spend: 1_000, leads: 50}]
      curve: hill
    - name: Posts
      buys: impressions
      budget: {now: 400, plan: 700}
      price: {now: 3, plan: 4}
      ctr: 1%
      landing_rate: {now: 4%, plan: 5%}
      rates: {demo_held: 50%, win_rate: 30%}
      history: [{spend: 300, leads: 30}, {spend: 500, leads: 42}]
    - name: Marketplace
      buys: leads
      budget: 300
      price: 15
      skips: [demo_held]
    - name: Articles
      clicks: {now: 300, plan: 400}
      landing_rate: 5%
      rates: {demo_held: 60%}
    - name: Retargeting
      recovers: {of: visitors, share: 10%, delay: 1}
      price: 1
      landing_rate: 6%
      rates: {demo_held: 60%}
    - name: Letters
      recovers: {of: leads, share: 5%, delay: 2}
      rates: {demo_held: 40%}
"""
"""Orders bring what the owner's first sale does, and marketing costs its ad spend alone."""

WITH_ECONOMICS = (
    BARE.replace(
        "  start: 1\n",
        "  start: 1\n"
        "  economics: {vat_in_prices: 20%, ad_vat: 22%, agency_share: 8%, variable_share: 3%}\n"
        "  agency_fee: 40\n"
        "  production: 15\n"
        "  tax: {on: turnover, rate: 6%}\n",
    )
    .replace(
        "- name: Search\n",
        "- name: Search\n"
        "      check: 650\n"
        "      unit_cost: 240\n"
        "      redeemed_share: 90%\n"
        "      returned_share: 10%\n"
        "      agency_fee: 5\n",
    )
    .replace(
        "- name: Articles\n",
        "- name: Articles\n      margin: 35%\n      repeat_share: 20%\n      production: 25\n",
    )
)
"""The same with what an order brings and what marketing costs."""

ECONOMICS: dict[str, object] = {
    "vat_in_prices": 0.2,
    "ad_vat": 0.22,
    "agency_share": 0.08,
    "variable_share": 0.03,
    "company_agency_fee": 40,
    "company_production_now": 15,
    "company_production_plan": 15,
    "tax_on": "turnover",
    "tax_rate": 0.06,
    "channel1_check": 650,
    "channel1_unit_cost": 240,
    "channel1_redeemed_share": 0.9,
    "channel1_returned_share": 0.1,
    "channel1_agency_fee": 5,
    "channel4_margin": 0.35,
    "channel4_repeat_share": 0.2,
    "channel4_production": 25,
}
"""What is to be typed into the workbook of the one to make it that of the other."""
