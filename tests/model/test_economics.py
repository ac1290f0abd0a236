from math import nan

import pytest

from funnelkit.model.economics import Company, Economics


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"redeemed_share": 1.1}, "redeemed_share must be from 0 to 1, got 1.1"),
        ({"repeat_share": [0.5, -0.5]}, "repeat_share must be from 0 to 1, got -0.5"),
        ({"vat_in_prices": 20}, "vat_in_prices must be from 0 to 1, got 20"),
        ({"check": -1}, "check must be 0 or more, got -1"),
        ({"sales_cost": -1}, "sales_cost must be 0 or more, got -1"),
        ({"margin": 1.5}, "margin must be at most 1, got 1.5"),
        ({"margin": 0.5, "unit_cost": 7}, "unit_cost and margin are two ways to one cost"),
    ],
)
def test_impossible_economics_are_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Economics(**wrong)


def test_a_margin_below_0_and_either_way_to_a_cost_are_allowed() -> None:
    Economics(margin=-0.4)
    Economics(margin=[0.5, nan], unit_cost=[nan, 7])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"tax_on": "sales"}, "tax_on must be one of profit, turnover, got 'sales'"),
        ({"tax_rate": 6}, "tax_rate must be from 0 to 1, got 6"),
        ({"fixed_costs": -5}, "fixed_costs must be 0 or more, got -5"),
    ],
)
def test_an_impossible_company_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Company(**wrong)
