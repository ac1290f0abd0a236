from pathlib import Path

import numpy as np
import pytest

from funnelkit.client.client import Client, nearest
from funnelkit.client.problems import ClientFileError, Code
from funnelkit.client.read import read_client
from funnelkit.model.levers import LEVERS
from funnelkit.plan.scenario import Scenario
from tests.client.files import SMALL, changed, write

PRODUCTS = """\
products:
  - {name: Trial, role: tripwire, take_rate: 50%, price: {now: 20, plan: 30}, margin: 50%}
  - {name: Course, role: core, take_rate: 1, price: 90, margin: 60%}
  - {name: Club, role: recurring, take_rate: 80%, price: 10, margin: 70%}
  - {name: Extra, role: upsell, take_rate: 20%, price: 40, margin: 70%}
scenarios:
  bold: {levers: {win_rate: 35%, average_check: 210}}
  calm: {title: Calm, levers: {}}
"""


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """A client with a line of four and two more scenarios."""
    text = changed("  average_check: 500\n", "  retention_rate: {now: 80%, plan: 90%}\n")
    return read_client(write(tmp_path, text + PRODUCTS))


def refused(client: Client, *args: object) -> list[tuple[str, Code]]:
    with pytest.raises(ClientFileError) as raised:
        client.scenario(*args)  # type: ignore[arg-type]
    return [(problem.field, problem.code) for problem in raised.value.problems]


def test_the_plan_is_the_files(client: Client) -> None:
    assert client.scenario() == client.scenario("plan") == client.plan
    assert client.plan.plan == {"retention_rate": 0.9, "price.Trial": 30.0}


def test_now_is_the_plan_with_nothing_done(client: Client) -> None:
    idle = client.scenario("now")
    assert idle.plan == {}
    assert idle.now == client.plan.now
    assert np.array_equal(idle.run().revenue, client.plan.run({}).revenue)


def test_a_scenario_moves_its_levers_and_leaves_the_rest(client: Client) -> None:
    assert client.scenario("calm").target == client.plan.target
    bold = client.scenario("bold")
    assert bold.target["win_rate"] == 0.35
    assert bold.target["retention_rate"] == 0.9
    assert bold.now == client.plan.now


def test_a_line_moves_in_proportion(client: Client) -> None:
    # Planned first check: 0.5 · 30 + 1 · 90 = 105; 210 is twice that.
    bold = client.scenario("bold").target
    assert bold["price.Trial"] == pytest.approx(60)
    assert bold["price.Course"] == pytest.approx(180)
    assert bold["price.Club"] == 10.0
    assert client.scenario("bold").planned("average_check") == pytest.approx(210)
    # Purchases: 0.8 + 0.2 = 1; repeat check: (0.8 · 10 + 0.2 · 40) / 1 = 16.
    more = client.scenario("plan", {"purchase_rate": 1.5, "repeat_check": 32}).target
    assert more["take_rate.Club"] == pytest.approx(1.2)
    assert more["take_rate.Extra"] == pytest.approx(0.3)
    assert more["price.Club"] == pytest.approx(20)
    assert more["price.Extra"] == pytest.approx(80)


def test_overrides_outrank_the_scenario(client: Client) -> None:
    assert client.scenario("bold", {"win_rate": 0.4}).target["win_rate"] == 0.4
    assert client.scenario("now", {"win_rate": 0.4}).plan["win_rate"] == 0.4


def test_the_client_is_left_as_it_was(client: Client) -> None:
    before = dict(client.plan.plan)
    client.scenario("bold", {"visitors": 7})
    assert client.plan.plan == before


def test_an_unknown_scenario_names_those_there_are(client: Client) -> None:
    with pytest.raises(ClientFileError) as raised:
        client.scenario("brave")
    (problem,) = raised.value.problems
    assert problem.code is Code.UNKNOWN_SCENARIO
    assert problem.values["allowed"] == "plan, now, bold, calm"


@pytest.mark.parametrize(
    ("lever", "value", "code"),
    [
        ("win_raet", 0.3, Code.UNKNOWN_PARAMETER),
        ("price.Trail", 5, Code.UNKNOWN_PARAMETER),
        ("win_rate", 1.01, Code.NOT_A_SHARE),
        ("win_rate", -0.01, Code.NOT_A_SHARE),
        ("win_rate", float("nan"), Code.NOT_A_SHARE),
        ("visitors", float("nan"), Code.OUT_OF_RANGE),
        ("visitors", -1, Code.OUT_OF_RANGE),
        ("visitors", float("inf"), Code.OUT_OF_RANGE),
        ("visitors", 10**400, Code.OUT_OF_RANGE),
        ("visitors", True, Code.NOT_A_NUMBER),
        ("visitors", "100", Code.NOT_A_NUMBER),
        ("visitors", None, Code.NOT_A_NUMBER),
        ("margin", 0.5, Code.LINE_AND_LEVER),
    ],
)
def test_an_override_that_cannot_be_is_refused(
    lever: str, value: object, code: Code, client: Client
) -> None:
    assert refused(client, "plan", {lever: value}) == [(lever, code)]


def test_all_bad_overrides_are_told_at_once(client: Client) -> None:
    found = refused(client, "plan", {"win_rate": 2, "visitors": -1, "leads": 3, "managers": 4})
    assert found == [
        ("win_rate", Code.NOT_A_SHARE),
        ("visitors", Code.OUT_OF_RANGE),
        ("leads", Code.UNKNOWN_PARAMETER),
    ]


def test_what_a_line_does_not_sell_cannot_be_moved(tmp_path: Path) -> None:
    text = changed("  average_check: 500\n", "") + PRODUCTS.split("scenarios")[0]
    only_first = "\n".join(text.splitlines()[:-2]) + "\n"
    client = read_client(write(tmp_path, only_first))
    for lever in ("purchase_rate", "repeat_check"):
        assert refused(client, "plan", {lever: 2}) == [(lever, Code.NOTHING_TO_SCALE)]


@pytest.mark.parametrize("lever", [lever for lever in LEVERS if not LEVERS[lever].cost])
def test_every_lever_can_be_overridden_without_a_line(lever: str, tmp_path: Path) -> None:
    client = read_client(write(tmp_path, SMALL))
    scenario = client.scenario("plan", {lever: 0.5})
    assert isinstance(scenario, Scenario)
    assert scenario.target[lever] == 0.5


def test_the_nearest_name_is_found_whatever_its_case() -> None:
    assert nearest("Win Rate", list(LEVERS)) == "win_rate"
    assert nearest("WIN_RATE", list(LEVERS)) == "win_rate"
    assert nearest("qqq", list(LEVERS)) == ""
    assert nearest("x", []) == ""
