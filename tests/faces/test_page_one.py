"""Every number on a report's first page, once more: from the YAML text, in plain Python."""

import html
import math
import re
from pathlib import Path

import pytest

from funnelkit.faces.notebooks import execute, notebook_of
from funnelkit.faces.report import report_html
from tests.faces.plain import FIRST, Plain, number

ROOT = Path(__file__).parents[2]
CLIENTS = {"saldo": "ru", "mealbox": "en"}


def money(value: float, language: str) -> str:
    """Write whole units as the reader does."""
    plain = f"{value:,.0f}"
    return f"${plain}" if language == "en" else plain.replace(",", "\xa0") + "\xa0₽"


def times(value: float, language: str) -> str:
    """Write a multiplier with at most two decimals."""
    plain = f"{value:.2f}".rstrip("0").rstrip(".")
    return "×" + (plain if language == "en" else plain.replace(".", ","))


def plain(value: float, share: bool, language: str) -> str:
    """Write a share with one decimal, a count with as few as it has."""
    if share:
        # 63.75 is shown as 63.8: a half rounds up in decimals, which doubles would miss.
        text = f"{100 * value + 1e-9:.1f}".removesuffix(".0")
        return f"{text}%" if language == "en" else text.replace(".", ",") + "\xa0%"
    text = f"{value:,.0f}" if value >= 1000 else f"{value:g}"
    return text if language == "en" else text.replace(",", "\xa0").replace(".", ",")


@pytest.fixture(scope="module", params=CLIENTS)
def client(request: pytest.FixtureRequest) -> Plain:
    return Plain(request.param)


@pytest.fixture(scope="module")
def page(client: Plain) -> str:
    """The text of page one."""
    language = client.data["language"]
    notebook = execute(notebook_of(language), {"client": str(client.file)}, ROOT)
    report = report_html(notebook, language)
    first = report.split('<section class="fk-summary')[1].split(">", 1)[1].split("</section>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", first)).split(" "))


def test_points_a_and_b_and_what_the_plan_reaches(client: Plain, page: str) -> None:
    language, goal = client.data["language"], client.data["goal"]
    a, b = number(goal["a"]), number(goal["b"])
    reached = client.revenue(client.levers)[client.horizon]
    for value in (a, b, reached):
        assert money(value, language) in page
    for value in (b / a, reached / a):
        assert times(value, language) in page


def test_the_verdict_and_the_months_after(client: Plain, page: str) -> None:
    b = number(client.data["goal"]["b"])
    months = client.revenue(client.levers)[client.horizon :]
    assert len(months) == 3
    met = {"ru": "План достигает точки B.", "en": "The plan reaches B."}
    holds = {"ru": "Уровень держится", "en": "The level holds"}
    language = client.data["language"]
    assert (met[language] in page) is (months[0] >= b)
    assert (holds[language] in page) is (min(months) >= b)


def test_the_probability(client: Plain, page: str) -> None:
    """4,000 draws here and 10,000 there differ by under 4 standard errors, 0.037 at the most."""
    sentence = {"ru": r"в (\d+) случа\w+ из 100", "en": r"in (\d+) of 100 cases"}
    shown = int(re.search(sentence[client.data["language"]], page)[1]) / 100
    error = 4 * math.sqrt(0.25 * (1 / 4_000 + 1 / 10_000))
    # Shown in whole cases of 100, hence the half.
    assert client.chance(4_000, seed=1) == pytest.approx(shown, abs=error + 0.005)


def groups(client: Plain) -> dict[str, set[str]]:
    """Moved levers, a product's under the lever that it is part of."""
    roles = {p["name"]: p["role"] for p in client.data.get("products", [])}
    found: dict[str, set[str]] = {}
    for name, (now, plan, _start, _known) in client.levers.items():
        kind, _, product = name.partition(".")
        if product and kind != "margin":
            again = "purchase_rate" if kind == "take_rate" else "repeat_check"
            kind = "average_check" if roles[product] in FIRST else again
        if now != plan:
            found.setdefault(kind, set()).add(name)
    return found


def test_the_first_three_things_are_those_worth_most(client: Plain, page: str) -> None:
    reached = client.revenue(client.levers)[client.horizon]
    worth = {lever: reached - client.without(names) for lever, names in groups(client).items()}
    top = sorted(worth.values(), reverse=True)[:3]
    language = client.data["language"]
    sentence = {"ru": r"не хватит ([\d,]+)\xa0тыс", "en": r"lacks \$([\d.]+)K"}
    shown = [float(n.replace(",", ".")) for n in re.findall(sentence[language], page)]
    # Three significant digits are shown.
    assert sorted(shown, reverse=True) == pytest.approx([v / 1000 for v in top], rel=0.005)


def test_what_the_first_three_things_move(client: Plain, page: str) -> None:
    """The two or three that are levers of the file show its own numbers."""
    language = client.data["language"]
    reached = client.revenue(client.levers)[client.horizon]
    worth = {lever: reached - client.without(names) for lever, names in groups(client).items()}
    for lever in sorted(worth, key=worth.__getitem__)[-3:]:
        if lever not in client.levers:
            continue
        now, plan, _start, _known = client.levers[lever]
        assert f"{plain(now, plan <= 1, language)} → {plain(plan, plan <= 1, language)}" in page


def test_purchases_of_the_product_line_are_summed(page: str, client: Plain) -> None:
    again = [p for p in client.data.get("products", []) if p["role"] not in FIRST]
    if again:
        now, plan = (
            sum(client.levers[f"take_rate.{p['name']}"][end] for p in again) for end in (0, 1)
        )
        assert f"{now:.2f} → {plan:.2f}".replace(".", ",") in page


def test_who_and_when(client: Plain, page: str) -> None:
    people = {d["person"] for d in client.data["departments"].values()}
    named = re.findall("|".join(people), page)
    assert len(named) == 3
    month = {"ru": "полностью: декабрь 2026", "en": "in full by March 2027"}
    assert page.count(month[client.data["language"]]) == 3


def test_what_is_to_be_mended_first(client: Plain, page: str) -> None:
    """Shares as the file counts them; leads without a call-back from the funnel's own product."""
    language = client.data["language"]
    now = {name: value for name, (value, *_rest) in client.levers.items()}
    leads = now["visitors"] * now["lead_rate"]
    leads += now["audience"] * now["engagement_rate"] * now["nurtured_lead_rate"]
    missed = leads * (1 - now["answered_rate"])
    if language == "ru":
        assert f"собирается {plain(now['collection_repeat'], True, language)}." in page
        assert f"перезванивают {plain(now['answered_rate'], True, language)} лидов" in page
        assert f"ещё {missed:.1f} за месяц".replace(".", ",") in page
    else:
        assert f"{plain(now['answered_rate'], True, language)} of the leads" in page
        assert f"; {missed:.0f} a month are not." in page
