import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from funnelkit.client.problems import ClientFileError, Code
from funnelkit.client.read import read_client
from funnelkit.model.products import REPLACED_BY_LINE
from tests.client.files import LINE, SMALL, changed, problems, write
from tests.client.whole_files import as_yaml, whole_files


def codes(folder: Path, text: str) -> set[tuple[Code, str]]:
    return {(problem.code, problem.field) for problem in problems(folder, text)}


def with_levers(metric: str, **levers: object) -> str:
    """A file with this goal and these levers alone."""
    head = changed("goal: {", f"goal: {{metric: {metric}, ").split("levers:")[0]
    return head + "levers:\n" + "".join(f"  {name}: {value}\n" for name, value in levers.items())


SELLS = {"visitors": 10, "lead_rate": "10%", "average_check": 9}
COSTS = {"margin": "50%", "fixed_costs": 1, "marketing_fixed": 0}
SALES = {"managers": 1, "cost_per_manager": 1, "cost_per_visitor": 1}


@pytest.mark.parametrize(
    ("metric", "levers", "missing"),
    [
        ("revenue", SELLS, set()),
        ("contribution", SELLS, {"margin"}),
        ("contribution", SELLS | {"margin": "50%"}, set()),
        (
            "contribution",
            SELLS | {"margin": "50%", "other_revenue": 5},
            {"other_revenue_margin"},
        ),
        ("profit", SELLS, {*COSTS, *SALES}),
        ("profit", SELLS | COSTS, set(SALES)),
        ("profit", SELLS | COSTS | SALES, set()),
        (
            "profit",
            SELLS
            | COSTS
            | SALES
            | {"audience": 5, "engagement_rate": "1%", "nurtured_lead_rate": "1%"},
            {"cost_per_reached"},
        ),
    ],
)
def test_a_goal_asks_for_what_it_is_counted_from(
    metric: str, levers: dict[str, object], missing: set[str], tmp_path: Path
) -> None:
    expected = {(Code.GOAL_NEEDS, f"levers.{name}") for name in missing}
    assert codes(tmp_path, with_levers(metric, **levers)) == expected


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (with_levers("revenue", visitors=1, average_check=1), "lead_rate"),
        (
            with_levers("revenue", audience=1, nurtured_lead_rate=1, average_check=1),
            "engagement_rate",
        ),
        (
            with_levers("revenue", audience=1, engagement_rate=1, average_check=1),
            "nurtured_lead_rate",
        ),
        (SMALL + "team: {leads_per_manager: 5}\n", "managers"),
        (
            with_levers("revenue", **SELLS, purchase_rate=1, repeat_check=1),
            "retention_rate",
        ),
        (
            changed("  average_check: 500\n", "") + LINE.replace("core", "upsell"),
            "retention_rate",
        ),
        (with_levers("revenue", **SELLS, repeat_check=1, retention_rate=1), "purchase_rate"),
        (with_levers("revenue", **SELLS, purchase_rate=1, retention_rate=1), "repeat_check"),
    ],
)
def test_what_makes_no_sense_alone_asks_for_its_other_half(
    text: str, missing: str, tmp_path: Path
) -> None:
    assert codes(tmp_path, text) == {(Code.MISSING, f"levers.{missing}")}


@pytest.mark.parametrize("lever", REPLACED_BY_LINE)
def test_a_line_stands_alone(lever: str, tmp_path: Path) -> None:
    text = changed("  average_check: 500\n", f"  {lever}: 50%\n") + LINE
    found = codes(tmp_path, text)
    assert (Code.LINE_AND_LEVER, f"levers.{lever}") in found


def test_a_line_that_stands_for_the_margin_leaves_a_scenario_none(tmp_path: Path) -> None:
    text = changed("  average_check: 500\n", "") + LINE
    text += "scenarios: {x: {levers: {margin: 60%, average_check: 30}}}\n"
    assert codes(tmp_path, text) == {(Code.LINE_AND_LEVER, "scenarios.x.levers.margin")}


@pytest.mark.parametrize(("months", "month"), [(3, "2026-12"), (3, "2026-09"), (3, "2020-01")])
def test_point_c_lies_after_b(months: int, month: str, tmp_path: Path) -> None:
    text = changed("b: 3000", f"b: 3000, c: {{label: C, month: {month}, value: 5000}}")
    assert f"months: {months}" in text
    assert codes(tmp_path, text) == {(Code.C_NOT_AFTER_B, "goal.c.month")}
    later = text.replace(f"label: C, month: {month}", "label: C, month: 2027-01")
    assert codes(tmp_path, later) == set()


@pytest.mark.parametrize("b", ["1000", "999.99", "0", "-1"])
def test_b_lies_above_a(b: str, tmp_path: Path) -> None:
    assert codes(tmp_path, changed("b: 3000", f"b: {b}")) == {(Code.B_NOT_ABOVE_A, "goal.b")}


def test_a_loss_may_be_what_one_grows_from(tmp_path: Path) -> None:
    assert codes(tmp_path, changed("a: 1000, b: 3000", "a: -1 000, b: 0")) == set()


@pytest.mark.parametrize(
    ("lever", "best", "good"),
    [
        ("win_rate", "20%", True),
        ("win_rate", "19%", False),
        ("refund_rate", "20%", True),
        ("refund_rate", "21%", False),
        ("refund_rate", "0", True),
    ],
)
def test_a_ceiling_is_no_worse_than_now(lever: str, best: str, good: bool, tmp_path: Path) -> None:
    text = changed("win_rate: 20%", f"{lever}: {{now: 20%, best: {best}}}")
    assert codes(tmp_path, text) == (
        set() if good else {(Code.BEST_BELOW_NOW, f"levers.{lever}.best")}
    )


@pytest.mark.parametrize(
    ("cycle", "good"),
    [
        ("[1]", True),
        ("[0, 1]", True),
        ("[60%, 30%, 10%]", True),
        ("[0.1, 0.2, 0.3, 0.4]", True),
        ("[1/3, 2/3]", False),
        ("[33%, 33%, 33%]", False),
        ("[0]", False),
    ],
)
def test_the_sales_cycle_is_whole(cycle: str, good: bool, tmp_path: Path) -> None:
    assert (problems(tmp_path, SMALL + f"sales_cycle: {cycle}\n") == ()) == good


# ---------------------------------------------------------------- what is accepted can be run


@given(whole_files())
def test_what_is_accepted_gives_the_goals_number(
    tmp_path_factory: pytest.TempPathFactory, file: dict[str, object]
) -> None:
    path = write(tmp_path_factory.getbasetemp(), as_yaml(file).lstrip())
    client, found = None, set()
    try:
        client = read_client(path)
    except ClientFileError as error:
        found = {problem.code for problem in error.problems}
    assert found <= {Code.GOAL_NEEDS, Code.MISSING, Code.NO_FUNNEL, Code.NOTHING_TO_SCALE}
    if client is None:
        return
    for scenario in (client.scenario("plan"), client.scenario("now")):
        assert np.isfinite(scenario.run().metric(scenario.goal.metric)).all()
    with contextlib.suppress(ClientFileError):  # purchases at 0 leave no repeat check to move
        other = client.scenario("other")
        added = set(other.plan) - set(client.plan.now)
        assert added or np.isfinite(other.run().metric(other.goal.metric)).all()
