"""What a client's notebooks recorded: read whole or not at all, and what it asks for."""

import json
from typing import Any

import pytest

from funnelkit.client.standing import Attention, plain, standing_of
from funnelkit.model.levers import Stage
from funnelkit.plan.gates import Gate
from tests.portfolios import DEMOS, demo


def standing(name: str = "petlya", **changed: Any) -> Any:
    return standing_of(json.dumps(demo(name) | changed))


@pytest.mark.parametrize("name", sorted(path.name for path in DEMOS.iterdir()))
def test_every_demo_is_read(name: str) -> None:
    record, found = demo(name), standing(name)
    assert (found.a, found.b, found.reached) == (record["a"], record["b"], record["reached"])
    assert found.met is (record["gap"] <= 0)
    assert list(found.course) == record["months"][record["metric"]]
    assert found.of_b(found.reached) == record["reached"] / record["b"]
    assert found.growth(found.reached) == record["reached"] / record["a"]


def test_the_biggest_lever_is_the_one_worth_most() -> None:
    found = standing("saldo")
    worths = {thing["lever"]: thing["worth"] for thing in demo("saldo")["first_things"]}
    assert found.biggest.lever == max(worths, key=lambda lever: worths[lever])
    assert standing("saldo", first_things=[]).biggest is None


def test_warnings_are_what_warns_what_is_to_be_mended_first() -> None:
    found = [finding.gate for finding in standing("okna").warnings]
    assert found == [Gate.JUNK, Gate.UNANSWERED, Gate.OVERLOAD, Gate.OVERPUSHING]
    assert [f.gate for f in standing("harbor").warnings] == []  # spare capacity is a chance


def test_the_newest_month_is_laid_beside_the_plan() -> None:
    found, record = standing(), demo("petlya")
    planned = record["months"]["revenue"][2]
    assert found.off_course == pytest.approx(record["running"]["forecast"] / planned - 1)
    (month,) = record["facts"]
    gone = standing(running=None)
    assert gone.off_course == pytest.approx(338_000 / month["planned"] - 1)
    assert gone.facts[0].to_blame is Stage.CONVERSION
    unmeasured = standing(running=None, facts=[month | {"measured": None}])
    assert unmeasured.off_course == pytest.approx(month["by_model"] / month["planned"] - 1)
    assert standing(running=None, facts=[]).off_course is None
    nothing_lost = standing(facts=[month | {"stages": {"conversion": 5.0, "account": None}}])
    assert nothing_lost.facts[0].to_blame is None


CALM: dict[str, Any] = {
    "running": None,
    "facts": [],
    "reached": 3e6,
    "b": 3e6,
    "probability": 0.5,
    "findings": {},
}


@pytest.mark.parametrize(
    ("changed", "attention"),
    [
        ({}, Attention.NOTHING),
        ({"findings": {"nothing_measured": None}}, Attention.NOTHING),
        ({"findings": {"junk": 1.0}}, Attention.MEND),
        ({"probability": 0.4999}, Attention.UNLIKELY),
        ({"probability": None}, Attention.NOTHING),
        ({"reached": 2_999_999.0}, Attention.SHORT),
        ({"reached": None}, Attention.UNKNOWN),
        ({"running": {"month": 1, "forecast": 0.0}}, Attention.BEHIND),
        ({"probability": 0.1, "reached": 1.0, "findings": {"junk": 1.0}}, Attention.SHORT),
    ],
)
def test_the_most_urgent_reason_counts(changed: dict[str, Any], attention: Attention) -> None:
    assert standing("saldo", **CALM | changed).attention is attention


@pytest.mark.parametrize(("share", "behind"), [(0.979, True), (0.981, False), (1.3, False)])
def test_a_month_lags_from_two_percent_on(share: float, behind: bool) -> None:
    month = demo("petlya")["facts"][0] | {"planned": 100.0, "measured": 100 * share}
    found = standing("saldo", **CALM | {"facts": [month]})
    assert (found.attention is Attention.BEHIND) is behind


@pytest.mark.parametrize("b", [0.0, -5.0, None])
def test_a_goal_that_is_no_measure_gives_no_multiple(b: float | None) -> None:
    assert standing(b=b).of_b(100.0) is None
    assert standing(a=b).growth(100.0) is None


def test_a_record_of_an_earlier_version_is_read() -> None:
    old = demo("okna")
    del old["facts"], old["running"]
    old["findings"] = {gate: seen["worth"] for gate, seen in old["findings"].items()}
    found = standing_of(json.dumps(old))
    assert found.facts is None
    assert found.off_course is None
    assert len(found.warnings) == 4


def text(**changed: Any) -> str:
    return json.dumps(demo("petlya") | changed)


MONTH = demo("petlya")["facts"][0]


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        text(currency="<b>"),
        text(metric="wins"),
        text(a="much"),
        text(a=float("nan")),
        text(probability=2),
        text(first_month="2026-13"),
        text(first_month="9999-12"),
        text(horizon=-1),
        text(horizon=10**6),
        text(horizon=6),
        text(months={}),
        text(months={"revenue": [float("inf")] * 6}),
        text(begin_with="praying"),
        text(findings={"bad_luck": None}),
        text(findings={"leaky_funnel": {"tools": ["hammer"]}}),
        text(first_things=[{"lever": "luck", "now": 1, "plan": 2, "worth": 3}]),
        text(facts=[MONTH | {"month": 10**9}]),
        text(facts=[MONTH | {"stages": {"praying": 1.0}}]),
        text(running={"month": -1, "forecast": 1.0}),
        text(title=5),
    ],
)
def test_what_is_no_record_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        standing_of(broken)


def test_a_title_is_one_line_that_can_be_shown() -> None:
    assert standing(title="A\x00\n<b>\ud800 ‮B").title == "A <b> B"
    assert len(standing(title="x" * 1000).title) == 300
    assert plain(" \t ") == ""
