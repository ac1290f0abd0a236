import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.client.problems import ClientFileError, Code
from funnelkit.client.read import read_client
from funnelkit.model.levers import LEVERS, Unit
from funnelkit.model.owner import METRICS
from funnelkit.model.products import REPLACED_BY_LINE, Role
from tests.client.files import LINE, SMALL, changed, problems, write


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


def typed(unit: Unit) -> st.SearchStrategy[str]:
    """Numbers as people type them, now and then out of bounds, small or enormous."""
    share = st.integers(0, 100).map("{}%".format) | st.sampled_from(["0", "1", "0.5", "0,25", "0%"])
    amount = st.integers(0, 10**6).map(str) | st.sampled_from(["0", "1e15", "1e-9", "0.01"])
    return share if unit is Unit.SHARE else amount


@st.composite
def lever(draw: st.DrawFn, unit: Unit) -> object:
    """One lever in one of its spellings."""
    number = typed(unit)
    now = draw(
        number
        | st.fixed_dictionaries({"won": st.integers(0, 9), "of": st.integers(9, 20)})
        | st.lists(st.integers(0, 99), min_size=3, max_size=3).map(
            lambda n: dict(
                zip(("low", "likely", "high"), (f"{x}%" for x in sorted(n)), strict=True)
            )
        )
        if unit is Unit.SHARE
        else number
    )
    optional = {
        "plan": number,
        "start": st.integers(0, 60),
        "assumed": st.booleans(),
        "source": st.just("a note"),
    }
    rest = draw(st.fixed_dictionaries({}, optional=optional))
    return {"now": now} | rest if rest or isinstance(now, dict) else now


@st.composite
def whole_files(draw: st.DrawFn) -> dict[str, object]:
    """Whole client files, most of which the rules accept."""
    line = draw(st.booleans())
    names = [name for name in LEVERS if not (line and name in REPLACED_BY_LINE)]
    some = draw(st.lists(st.sampled_from(names), unique=True))
    chosen = names if draw(st.booleans()) else some
    a = draw(st.integers(-1000, 10**7))
    file: dict[str, object] = {
        "title": "Any",
        "language": draw(st.sampled_from(["en", "ru"])),
        "currency": draw(st.sampled_from(["RUB", "usd", "KZT"])),
        "goal": {
            "metric": draw(st.sampled_from(METRICS)),
            "month": draw(st.sampled_from(["1900-01", "2026-09", "2199-12"])),
            "months": draw(st.integers(1, 60)),
            "a": a,
            "b": a + draw(st.integers(1, 10**7)),
        },
        "active_customers": draw(typed(Unit.COUNT)),
        "sales_cycle": draw(st.sampled_from([["1"], ["0", "1"], ["60%", "30%", "10%"]])),
        "discount": draw(st.sampled_from(["0", "1%", "1"])),
        "levers": {name: draw(lever(LEVERS[name].unit), label=name) for name in chosen},
    }
    if "managers" in chosen:
        file["team"] = {
            "leads_per_manager": draw(st.sampled_from(["1", "90", "1e-9", "1e15"])),
            "overflow": draw(st.sampled_from(["wait", "lost"])),
            "backlog": draw(typed(Unit.COUNT)),
        }
    if line:
        roles = draw(st.lists(st.sampled_from(Role), min_size=1, max_size=4))
        file["products"] = [
            {
                "name": f"p{n}",
                "role": str(role),
                "take_rate": draw(lever(Unit.SHARE)),
                "price": draw(lever(Unit.MONEY)),
                "margin": draw(lever(Unit.SHARE)),
            }
            for n, role in enumerate(roles)
        ]
    movable = [name for name in LEVERS if not LEVERS[name].cost and name != "margin"]
    moved = draw(st.lists(st.sampled_from(movable), unique=True, max_size=3))
    file["scenarios"] = {"other": {"levers": {n: draw(typed(LEVERS[n].unit)) for n in moved}}}
    return file


def as_yaml(value: object, indent: str = "") -> str:
    match value:
        case dict() if value:
            return "".join(f"\n{indent}{k}: {as_yaml(v, indent + '  ')}" for k, v in value.items())
        case list():
            return "".join(f"\n{indent}- {as_yaml(v, indent + '  ').lstrip()}" for v in value)
        case dict():
            return "{}"
        case bool():
            return str(value).lower()
        case _:
            return str(value)


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
