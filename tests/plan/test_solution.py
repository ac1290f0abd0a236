from math import isnan

import numpy as np
import pytest

from funnelkit.model.owner import Business
from funnelkit.plan.room import Room, room
from funnelkit.plan.scenario import Goal, Scenario
from funnelkit.plan.solution import Verdict, equally, settle, walked

NOW = {"win_rate": 0.25, "refund_rate": 0.5, "visitors": 100.0, "average_check": 10.0}


def free(b: float, **ceilings: float) -> Room:
    """Revenue 125 now; names in the order of `NOW`."""
    return room(
        Scenario(
            goal=Goal(metric="revenue", a=125, b=b, horizon=2),
            business=Business(leads_per_manager=200),
            now=NOW | {"managers": 1.0},
            plan={},
            ceilings=ceilings,
        ),
        NOW,
    )


@pytest.mark.parametrize(
    ("values", "b", "verdict"),
    [
        ([0.25, 0.5, 100.0, 10.0], 125, Verdict.HELD),
        ([0.25, 0.5, 200.0, 10.0], 250, Verdict.REACHED),
        ([0.25, 0.5, 200.0, 10.0], 251, Verdict.UNREACHABLE),
    ],
)
def test_a_verdict_is_what_the_levers_come_to(
    values: list[float], b: float, verdict: Verdict
) -> None:
    found = settle(free(b), np.array(values))
    assert found.verdict is verdict
    assert found.gap == pytest.approx(b - found.reached)


def test_a_ceiling_binds_where_more_would_help() -> None:
    """The team works on 200 leads, so that more visitors than 200 bring nothing."""
    within = free(1e6, visitors=200.0, win_rate=0.5, refund_rate=0.1)
    found = settle(within, np.array([0.5, 0.1, 200.0, 10.0]))
    assert found.binding == ("win_rate", "refund_rate")
    fewer = settle(within, np.array([0.5, 0.2, 150.0, 10.0]))
    assert fewer.binding == ("win_rate",)


def test_multipliers_are_plan_over_now_and_missing_from_0() -> None:
    found = settle(free(1), np.array([0.5, 0.1, 100.0, 10.0]))
    assert found.multipliers == {"win_rate": 2, "refund_rate": pytest.approx(0.2)}
    scenario = Scenario(
        goal=Goal(metric="revenue", a=0, b=1, horizon=1),
        business=Business(),
        now={"visitors": 0.0, "average_check": 10.0},
        plan={},
        ceilings={"visitors": 5.0},
    )
    from_0 = settle(room(scenario, ["visitors"]), np.array([5.0]))
    assert isnan(from_0.multipliers["visitors"])


def test_what_was_walked_holds_b_to_the_last_digit() -> None:
    """Diagnosis compares with B itself, so that rounding must not fall below it."""
    for b in np.linspace(126, 900, 60):
        of_b = free(float(b))
        place, values = equally(of_b)
        assert place > 0
        assert float(of_b.planned(values).at_goal()) >= b
        assert float(of_b.planned(values).at_goal()) == pytest.approx(b, rel=1e-9)


def test_a_way_of_ones_own() -> None:
    of_b = free(250)
    place, values = walked(
        of_b,
        lambda share: np.where(
            [False, False, True, False], (100 + 900 * share)[..., np.newaxis], of_b.now
        ),
        np.linspace(0, 1, 11),
    )
    # B is all that the team can work on; see tests/plan/test_reach.py for how near it is met.
    assert place == pytest.approx(1 / 9, abs=2e-6)
    assert values.tolist() == pytest.approx([0.25, 0.5, 200, 10], abs=2e-3)
