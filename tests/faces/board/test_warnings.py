"""What speaks against the plan as the sliders stand, and what begins to when they move."""

from dataclasses import replace
from pathlib import Path

import pytest

from funnelkit.client.client import Client
from funnelkit.client.read import read_client
from funnelkit.faces.board.warnings import Warned, warnings_of
from funnelkit.model.levers import Unit
from funnelkit.plan.diagnosis import Status, smart
from funnelkit.plan.gates import diagnose
from funnelkit.plan.scenario import Scenario
from funnelkit.show.gates import advice_sentence
from funnelkit.show.stages import department_names
from tests.client.files import write
from tests.faces.board.boards import DEMOS, client_of, page_of, words_of

CLIENT = {name: client_of(name) for name in DEMOS}
every_demo = pytest.mark.parametrize("client", CLIENT.values(), ids=CLIENT)


def warned(client: Client, scenario: Scenario, before: tuple[Warned, ...] = ()) -> list[Warned]:
    return list(warnings_of(client, scenario, words_of(client), before))


def worst(client: Client) -> Scenario:
    """A plan that no stage can bear: nobody answers, nobody pays, nobody stays."""
    names = ("answered_rate", "collection_new", "collection_repeat", "retention_rate", "win_rate")
    levers = {name: 0.1 for name in names if name in client.plan.now}
    return client.plan.with_plan(**levers)


def against(client: Client, scenario: Scenario) -> set[str]:
    """Keys of what the checks and the gates say against a scenario."""
    bad = (Status.WARNING, Status.FAILED)
    cases = {v.case for v in smart(scenario) if v.status in bad and v.check != "measurable"}
    return cases | {f.gate for f in diagnose(scenario, client.facts) if f.status in bad}


@every_demo
def test_what_checks_and_gates_say_against_the_plan_is_said(client: Client) -> None:
    for scenario in (client.plan, client.scenario("now"), worst(client)):
        found = warned(client, scenario)
        assert {one.key for one in found} == against(client, scenario)
        assert len(found) == len(against(client, scenario))
        assert all(one.sentence for one in found)


@every_demo
def test_what_begins_to_apply_is_marked_and_stands_first(client: Client) -> None:
    before = tuple(warned(client, client.plan))
    after = warned(client, worst(client), before)
    new = against(client, worst(client)) - against(client, client.plan)
    assert new
    assert {one.key for one in after if one.begun} == new
    assert [one.begun for one in after] == sorted((o.begun for o in after), reverse=True)
    for begun in (True, False):
        failed = [one.failed for one in after if one.begun is begun]
        assert failed == sorted(failed, reverse=True)


@every_demo
def test_what_was_there_before_is_not_new(client: Client) -> None:
    before = tuple(warned(client, worst(client)))
    assert before
    assert not any(one.begun for one in warned(client, worst(client), before))


@every_demo
def test_a_page_is_told_what_begins_when_it_rests(client: Client) -> None:
    page = page_of(client)
    at_first = page.state["warnings"]
    assert not any(one["begun"] for one in at_first)
    for name in ("answered_rate", "collection_new", "retention_rate", "win_rate"):
        if name in page.state["levers"]:
            page.move(name, 1)
    assert page.state["warnings"] == at_first  # they take longer than a move may
    page.tell("rest", compare=False)
    begun = {one["key"] for one in page.state["warnings"] if one["begun"]}
    scenario = page.board.moves.scenario
    assert begun == against(client, scenario) - against(client, client.plan)
    assert begun
    page.tell("reset")
    page.tell("rest", compare=False)
    assert page.state["warnings"] == at_first


@every_demo
def test_a_gates_warning_suggests_a_decision_and_who_takes_it(client: Client) -> None:
    scenario, words = worst(client), words_of(client)
    findings = {f.gate: f for f in diagnose(scenario, client.facts)}
    names = department_names(client.departments, words)
    for one in warned(client, scenario):
        if one.key not in findings:
            assert (one.decision, one.who, one.worth) == ("", "", "")
            continue
        finding = findings[one.key]
        typed = client.departments.get(finding.stage)
        assert one.decision == advice_sentence(finding, words)
        assert one.decision
        assert one.who == ((typed and typed.person) or names[finding.stage])
        worth = finding.found.worth
        assert one.worth == ("" if worth is None or worth <= 0 else words.money(worth))


@every_demo
def test_worth_can_be_typed_as_money_or_is_not_known(client: Client) -> None:
    words = words_of(client)
    for scenario in (client.plan, client.scenario("now"), worst(client)):
        for one in warned(client, scenario):
            assert not one.worth or words.parse(one.worth, Unit.MONEY) > 0


def test_where_nothing_spoke_against_the_plan_the_first_warning_is_new(tmp_path: Path) -> None:
    client = calm(tmp_path)
    page = page_of(client)
    assert page.state["warnings"] == []
    page.type("win_rate", "1%")
    page.tell("rest", compare=False)
    assert page.state["warnings"]
    assert all(one["begun"] for one in page.state["warnings"])


def calm(folder: Path) -> Client:
    """A client whose plan reaches B within its ceilings, and who has what its funnel needs."""
    text = """\
title: Calm
language: en
currency: USD
goal: {month: 2026-09, months: 3, a: 2000, b: 2300}
active_customers: 5
levers:
  retention_rate: {now: {won: 80, of: 100}, best: 90%}
  purchase_rate: {now: 1, best: 2}
  repeat_check: {now: 200, best: 300}
  win_rate: {now: {won: 20, of: 100}, plan: 22%, best: 50%}
  average_check: {now: 500, plan: 700, best: 900}
  visitors: {now: 100, plan: 100, best: 200}
  lead_rate: {now: {won: 10, of: 100}, plan: 10%, best: 20%}
  margin: 50%
"""
    return read_client(write(folder, text))


def test_what_a_client_writes_is_told_as_text() -> None:
    client, bad = CLIENT["mealbox"], "<script>alert(1)</script>"
    people = {
        stage: replace(department, person=bad) for stage, department in client.departments.items()
    }
    hostile = replace(client, departments=people)
    assert bad in {one.who for one in warned(hostile, worst(hostile))}
