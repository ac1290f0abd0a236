"""One shop's month, every metric worked out from its definition in plain Python."""

from dataclasses import replace
from math import isnan, nan

import numpy as np
import pytest

from funnelkit.model.books import Books
from funnelkit.model.marketer import Channel, Company, Economics, Market, Table, run

SHOP = Market(
    channels=(Channel(name="search"), Channel(name="social", buying="impressions")),
    stages=("qualified_rate", "win_rate"),
)
RATES = {
    "ctr": [0.05, 0.01],
    "landing_rate": [0.1, 0.05],
    "qualified_rate": [0.5, 0.4],
    "win_rate": [0.4, 0.25],
}
ECONOMICS = Economics(
    check=[3600.0, 2400.0],
    redeemed_share=0.9,
    returned_share=[0.1, 0.2],
    repeat_share=[0.25, 0.0],
    vat_in_prices=0.2,
    unit_cost=[1200.0, nan],
    margin=[nan, 0.6],
    variable_share=0.05,
    ad_vat=0.22,
    agency_share=0.1,
    agency_fee=[5000.0, 3000.0],
    production=[2000.0, 4000.0],
    fixed_costs=[1000.0, 0.0],
    sales_cost=[8000.0, 6000.0],
)
COMPANY = Company(
    agency_fee=500.0, production=700.0, fixed_costs=20_000.0, sales_cost=9000.0, tax_rate=0.2
)


def shop(company: Company = COMPANY, economics: Economics = ECONOMICS) -> Table:
    return run(
        SHOP,
        rates=RATES,
        given={"media": [60_000.0, 30_000.0]},
        price=[20.0, 100.0],
        economics=economics,
        company=company,
    )


def sums_by_hand() -> list[dict[str, float]]:
    """Search, social and both together with what belongs to none."""
    search = {
        "impressions": 60_000.0,  # 3,000 clicks at 5 %
        "clicks": 3000.0,  # 60,000 at 20 each
        "leads": 300.0,
        "orders": 60.0,
        "paid_orders": 60 * 0.9 * 0.9,
        "new_customers": 60 * 0.9 * 0.9 * 0.75,
        "media": 60_000.0,
        "gross_revenue": 48.6 * 3600,
        "revenue": 48.6 * 3000,
        "cogs": 48.6 * 1000,
        "variable_costs": 48.6 * 150,
        "fixed_costs": 1000.0,
        "sales_cost": 8000.0,
        "total_marketing": 60_000 + 13_200 + 6000 + 5000 + 2000.0,
        "one_off": 7000.0,
    }
    social = {
        "impressions": 300_000.0,  # 30,000 at 100 for 1,000
        "clicks": 3000.0,
        "leads": 150.0,
        "orders": 15.0,
        "paid_orders": 15 * 0.9 * 0.8,
        "new_customers": 15 * 0.9 * 0.8,
        "media": 30_000.0,
        "gross_revenue": 10.8 * 2400,
        "revenue": 10.8 * 2000,
        "cogs": 10.8 * 800,
        "variable_costs": 10.8 * 100,
        "fixed_costs": 0.0,
        "sales_cost": 6000.0,
        "total_marketing": 30_000 + 6600 + 3000 + 3000 + 4000.0,
        "one_off": 7000.0,
    }
    both = {name: search[name] + social[name] for name in search}
    both["fixed_costs"] += 20_000
    both["sales_cost"] += 9000
    both["total_marketing"] += 500 + 700
    both["one_off"] += 500 + 700
    return [search, social, both]


def metrics_by_hand(s: dict[str, float], tax_on: str = "profit") -> dict[str, float]:
    """Every metric of the marketer's level, as its definition reads."""
    contribution = s["revenue"] - s["cogs"] - s["variable_costs"]
    costs = s["total_marketing"] + s["fixed_costs"] + s["sales_cost"]
    ebitda = contribution - costs
    tax = 0.2 * s["revenue"] if tax_on == "turnover" else 0.2 * max(ebitda, 0)
    roas = s["gross_revenue"] / s["media"]
    return {
        "gross_profit": s["revenue"] - s["cogs"],
        "contribution": contribution,
        "total_marketing": s["total_marketing"],
        "ebitda": ebitda,
        "tax": tax,
        "net_profit": ebitda - tax,
        "outflow": s["cogs"] + s["variable_costs"] + costs,
        "lead_rate": s["leads"] / s["clicks"],
        "cpm": s["media"] / s["impressions"] * 1000,
        "cpc": s["media"] / s["clicks"],
        "cpl": s["media"] / s["leads"],
        "cpo": s["media"] / s["orders"],
        "cac": (s["total_marketing"] + s["sales_cost"]) / s["new_customers"],
        "roas": roas,
        "drr": s["media"] / s["gross_revenue"],
        "romi_contribution": (contribution - s["total_marketing"]) / s["total_marketing"],
        "romi_revenue": (s["revenue"] - s["total_marketing"]) / s["total_marketing"],
        "roi": (ebitda - tax) / (s["cogs"] + s["variable_costs"] + costs + tax),
        "max_cac": contribution / s["new_customers"],
        "max_cac_full": (contribution - s["fixed_costs"]) / s["new_customers"],
        "break_even_cpl": (contribution - s["one_off"]) / s["leads"] / (1 + 0.22 + 0.1),
        "break_even_roas_variable": s["gross_revenue"] / contribution * (1 + 0.22 + 0.1),
        "break_even_roas_full": roas * costs / contribution,
    }


def of(table: Table, row: int, name: str) -> float:
    books = table.total if row == 2 else table.channels
    value = getattr(books, name)
    return float(value if row == 2 else value[row])


@pytest.mark.parametrize("row", [0, 1, 2], ids=["search", "social", "total"])
@pytest.mark.parametrize("tax_on", ["profit", "turnover"])
def test_every_metric_of_a_shop_is_its_definition(row: int, tax_on: str) -> None:
    table = shop(replace(COMPANY, tax_on=tax_on))
    sums = {name: x for name, x in sums_by_hand()[row].items() if name != "one_off"}
    expected = sums | metrics_by_hand(sums_by_hand()[row], tax_on)
    # Pytest's 1e-6 is far below the definitions' differences and far above rounding.
    assert {name: of(table, row, name) for name in expected} == pytest.approx(expected)


def test_every_property_of_the_books_is_worked_out_by_hand() -> None:
    public = {n for n, v in vars(Books).items() if isinstance(v, property) and n[0] != "_"}
    assert public == set(metrics_by_hand(sums_by_hand()[0]))


def test_tax_on_profit_is_never_below_0() -> None:
    table = shop()
    assert table.total.ebitda < 0
    assert table.total.tax == 0
    assert table.total.net_profit == table.total.ebitda


def test_tax_is_due_on_the_total_not_on_each_channel() -> None:
    rich = replace(ECONOMICS, check=[36_000.0, 2400.0])
    table = shop(economics=rich)
    assert table.channels.tax[1] == 0
    assert table.total.tax == pytest.approx(0.2 * table.total.ebitda)


def test_spending_at_the_break_even_leaves_nothing() -> None:
    """At break-even ROAS media with VAT and agency share takes the contribution."""
    free = replace(ECONOMICS, agency_fee=0.0, production=0.0)
    first = shop(economics=free).channels
    price = [20.0, 100.0] * first.roas / first.break_even_roas_variable
    again = run(SHOP, rates=RATES, given={"clicks": [3000, 3000]}, price=price, economics=free)
    assert again.channels.contribution == pytest.approx(again.channels.total_marketing)
    assert again.channels.cpl == pytest.approx(first.break_even_cpl)


def test_the_full_break_even_leaves_no_profit() -> None:
    books = shop().total
    assert books.revenue * books.break_even_roas_full / books.roas * (
        books.contribution / books.revenue
    ) == pytest.approx(books.outflow - books.cogs - books.variable_costs)


def test_a_business_that_loses_on_every_order_has_no_break_even_roas() -> None:
    poor = replace(ECONOMICS, unit_cost=nan, margin=[-0.3, 0.6])
    books = shop(economics=poor).channels
    assert books.cogs[0] == pytest.approx(1.3 * books.revenue[0])
    assert books.max_cac[0] < 0
    assert isnan(books.break_even_roas_variable[0])
    assert isnan(books.break_even_roas_full[0])
    assert books.break_even_roas_variable[1] > 0


def test_costs_that_nobody_names_are_missing() -> None:
    bare = replace(ECONOMICS, fixed_costs=None, sales_cost=None)
    table = shop(Company(tax_rate=0.2), bare)
    for books in (table.channels, table.total):
        assert np.isnan(books.ebitda).all()
        assert np.isnan(books.cac).all()
        assert np.isnan(books.net_profit).all()
        assert not np.isnan(books.romi_contribution).any()


def test_costs_of_the_company_alone_are_no_channels() -> None:
    table = shop(economics=replace(ECONOMICS, fixed_costs=None, sales_cost=None))
    assert table.channels.fixed_costs.tolist() == [0, 0]
    assert table.total.fixed_costs == 20_000
    own = table.channels.ebitda.sum()
    assert table.total.ebitda == pytest.approx(own - 500 - 700 - 20_000 - 9000)


def test_a_company_may_have_leading_axes_too() -> None:
    table = shop(replace(COMPANY, fixed_costs=np.array([0.0, 20_000.0]), tax_rate=[0.0, 0.2]))
    assert table.channels.tax.shape == (2, 2)
    for i, company in enumerate((replace(COMPANY, fixed_costs=0, tax_rate=0), COMPANY)):
        alone = shop(company)
        assert table.total.net_profit[i] == alone.total.net_profit
        assert table.channels.net_profit[i].tolist() == alone.channels.net_profit.tolist()


def test_a_missing_check_takes_money_but_no_count() -> None:
    table = shop(economics=replace(ECONOMICS, check=[3600.0, nan]))
    assert table.left_out == 0
    assert table.total.orders == pytest.approx(75)
    assert isnan(table.total.revenue)
    assert not isnan(table.channels.revenue[0])


def test_factors_on_media_are_weighted_by_it_in_total() -> None:
    table = shop(economics=replace(ECONOMICS, agency_share=[0.1, 0.4]))
    # (60,000 x 1.32 + 30,000 x 1.62) / 90,000
    assert table.total.media_factor == pytest.approx(1.42)


def test_without_any_media_the_total_keeps_the_common_factor() -> None:
    table = run(
        SHOP,
        rates=RATES,
        given={"clicks": [3000, 3000]},
        price=0,
        economics=replace(ECONOMICS, agency_fee=0, production=0),
    )
    assert table.total.break_even_cpl == pytest.approx(table.total.contribution / 450 / 1.32)
    assert isnan(table.total.roas)
    assert table.total.drr == 0
