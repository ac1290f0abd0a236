import math
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from funnelkit.client.client import Client, Decision, Department, Later
from funnelkit.client.read import read_client
from funnelkit.model.levers import Stage
from funnelkit.plan.priorities import Priority
from funnelkit.plan.spread import spread
from funnelkit.show.summary import Summary, style, summary_html, summary_of
from funnelkit.show.words import Words

FILE = Path(__file__).parents[2] / "data" / "clients" / "mealbox" / "client.yaml"
EN = Words(language="en", currency="USD")
RU = Words(language="ru", currency="USD")

SUMMARY = Summary(
    a=100_000.0,
    b=200_000.0,
    reached=250_000.0,
    steady=240_000.0,
    stable=True,
    probability=None,
    measured=0,
    recovered_backlog=0.0,
    first_things=(),
    begin_with=Stage.ACCOUNT,
    findings=(),
)
WON = Priority(name="win_rate", stage=Stage.CONVERSION, now=0.2, plan=0.3, start=1, worth=12_345.0)


@pytest.fixture(scope="module")
def client() -> Client:
    return read_client(FILE)


class Text(HTMLParser):
    """Collects a page's text and the tags that are open at each moment."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert {name for name, _ in attrs} <= {"class"}
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts += [" ".join(data.split())] if data.strip() else []

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def page(client: Client, words: Words = EN, **changes: object) -> str:
    summary = replace(SUMMARY, **changes)  # type: ignore[arg-type]
    return Text(summary_html(summary, client, client.plan, words)).text


def test_points_and_multiples(client: Client) -> None:
    text = page(client)
    assert "Point A · September 2026 $100,000 Revenue a month" in text
    assert "The plan · March 2027 $250,000 ×2.5 of point A" in text
    assert "Point B · March 2027 $200,000 ×2 of point A" in text


def test_a_multiple_of_a_loss_is_not_named(client: Client) -> None:
    assert "of point A" not in page(client, a=-5.0)
    assert "of point A" not in page(client, a=0.0)


MET, MISSED = "The plan reaches B.", "The plan falls short of B by $50,000."
HOLDS = "The level holds: B is met every month until May 2027."
SINKS = "The level does not hold until May 2027."
NO_EVIDENCE = "No probability is stated: none of the inputs comes with counts or a range."


@pytest.mark.parametrize(
    ("changes", "said", "unsaid"),
    [
        ({}, [MET, HOLDS, NO_EVIDENCE], [MISSED, SINKS, "come once"]),
        ({"stable": False}, [MET, SINKS], [HOLDS, MISSED]),
        ({"reached": 200_000.0}, [MET], [MISSED]),
        ({"reached": 150_000.0, "stable": False}, [MISSED], [MET, HOLDS, SINKS]),
        (
            {"probability": 0.674, "measured": 3},
            ["With what is known today, B is reached in 67 of 100 cases."],
            [NO_EVIDENCE],
        ),
        ({"probability": 0.0, "measured": 3}, ["in 0 of 100 cases."], [NO_EVIDENCE]),
        (
            {"recovered_backlog": 1234.0},
            ["Of it $1,234 come once, from leads that had been waiting."],
            [],
        ),
        ({}, ["The plan moves nothing yet."], ["The first things to do"]),
    ],
)
def test_the_verdict_and_what_goes_with_it(
    changes: dict[str, object], said: list[str], unsaid: list[str], client: Client
) -> None:
    text = page(client, **changes)
    assert [sentence for sentence in said if sentence not in text] == []
    assert [sentence for sentence in unsaid if sentence in text] == []


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        (1, "в 1 случае"),
        (2, "в 2 случаях"),
        (5, "в 5 случаях"),
        (11, "в 11 случаях"),
        (21, "в 21 случае"),
        (100, "в 100 случаях"),
    ],
)
def test_cases_are_counted_in_russian(cases: int, said: str, client: Client) -> None:
    text = page(client, RU, probability=cases / 100, measured=1)
    assert said in text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_first_things_say_what_who_and_when(client: Client) -> None:
    text = page(client, first_things=(WON,))
    assert "Won deals: 20% → 30%" in text
    assert "without it B's month lacks $12.3K" in text
    assert "Sales, Tom Okafor · from October 2026, in full by March 2027" in text
    nobody = replace(client, departments={})
    assert "Sales · from October 2026" in page(nobody, first_things=(WON,))


def test_point_c_and_the_demo_are_named(client: Client) -> None:
    assert "point C: Second kitchen opens, $450,000 in December 2027." in page(client)
    assert "An invented client" in page(client)
    real = replace(client, demo=False, later=None)
    assert "point C" not in page(real)
    assert "An invented client" not in page(real)


HOSTILE = "<script>alert('x')</script> & \"q\" {{ 7 * 7 }} {name} </section>"


@pytest.mark.parametrize("words", [EN, RU])
def test_whatever_the_client_typed_is_text(words: Words, client: Client) -> None:
    typed = replace(
        client,
        title=HOSTILE,
        departments={stage: Department(name=HOSTILE, person=HOSTILE) for stage in Stage},
        later=Later(label=HOSTILE, offset=15, value=1.0),
        decisions=(Decision(what=HOSTILE, who=HOSTILE, by=date(2026, 10, 1)),),
    )
    html = summary_html(replace(SUMMARY, first_things=(WON,)), typed, typed.plan, words)
    read = Text(html)
    assert set(read.tags) <= {
        *("section", "header", "h1", "h2", "p", "div", "span", "strong", "em", "ol", "ul", "li")
    }
    assert read.text.count(HOSTILE) == 7
    assert read.tags.count("section") == 1


def test_the_page_shows_what_was_computed(client: Client) -> None:
    drawn = spread(client.plan, client.evidence, client.plan_evidence)
    summary = summary_of(client, client.plan, drawn)
    text = Text(summary_html(summary, client, client.plan, EN)).text
    assert EN.money(summary.reached) in text
    assert text.count("→") == len(summary.first_things) == 3


def test_the_same_page_each_time(client: Client) -> None:
    summary = summary_of(client, client.plan, None)
    pages = {summary_html(summary, client, client.plan, RU) for _ in range(3)}
    assert len(pages) == 1


def test_the_style_asks_for_nothing_from_outside() -> None:
    assert "fk-summary" in style()
    assert "http" not in style()
    assert "@import" not in style()


def test_a_missing_number_is_no_shortfall(client: Client) -> None:
    assert "falls short" not in page(client, reached=math.nan, stable=False)


def test_a_step_in_bs_month_begins_there(client: Client) -> None:
    text = page(client, first_things=(replace(WON, start=8),))
    assert "from May 2027, in full by March 2027" not in text


def test_evidence_that_states_no_probability_is_not_denied(client: Client) -> None:
    assert NO_EVIDENCE not in page(client, probability=None, measured=3)
