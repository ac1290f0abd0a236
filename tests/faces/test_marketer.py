"""The marketer's level: shown for any file, its numbers once more from the YAML text alone."""

import html
import json
import re
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnelkit.client.read import read_client
from funnelkit.faces.cells import WorkbookError
from funnelkit.faces.channel_pictures import channel_board_pictures
from funnelkit.faces.marketer import MarketerLevel, marketer_level
from funnelkit.plan.joint import JOINT, joint
from funnelkit.show import words as words_module
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Table
from tests.client.files import SMALL, write
from tests.drawings import Greek, flaws_of, untranslated_in
from tests.faces.board.boards import CHANNELS, SHAPES, with_channels
from tests.faces.plain import Plain
from tests.faces.test_page_one import money
from tests.faces.test_report import foreign_words

CLIENTS = Path(__file__).parents[2] / "data" / "clients"
LANGUAGES = {"saldo": "ru", "mealbox": "en"}
SHOWN = sorted(
    name
    for name, member in vars(MarketerLevel).items()
    if isinstance(member, property) and not name.startswith("_")
)


def level(name: str, language: str = "", **more: object) -> MarketerLevel:
    given = {"client": str(CLIENTS / name / "client.yaml"), "scenario": "plan"} | more
    return marketer_level(given, language=language or LANGUAGES[name])


def shown(thing: Any) -> str:
    """What a cell shows, as text."""
    bundle = (
        thing._repr_mimebundle_() if hasattr(thing, "_repr_mimebundle_") else thing._repr_html_()
    )
    return json.dumps(bundle, ensure_ascii=False, allow_nan=False)


def faults_in(marketer: MarketerLevel) -> list[str]:
    """Cells that show what nobody should read."""
    return [
        name
        for name in SHOWN
        if re.search(
            r"\b(nan|inf|None)\b",
            html.unescape(re.sub(r"<style>.*?</style>", "", shown(getattr(marketer, name)))),
        )
    ]


def cells(table: Table) -> list[list[str]]:
    return [[getattr(cell, "text", cell) for cell in row] for row in table.rows]


# ---- every cell, for any file


def test_every_cell_is_looked_at() -> None:
    assert {"summary", "need", "funnel", "budget", "still", "months", "record"} <= set(SHOWN)
    assert len(SHOWN) >= 22


@pytest.mark.parametrize("scenario", ["plan", "now", "cautious"])
@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("name", LANGUAGES)
def test_every_cell_is_shown(name: str, language: str, scenario: str) -> None:
    assert faults_in(level(name, language, scenario=scenario)) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_every_cell_is_shown_where_there_is_little_to_divide_by(shape: str, tmp_path: Path) -> None:
    client = with_channels(tmp_path, SHAPES[shape])
    for language in ("en", "ru"):
        given = {"client": str(client.path), "scenario": "plan"}
        assert faults_in(marketer_level(given, language=language)) == []


def shares() -> st.SearchStrategy[str]:
    return st.integers(0, 100).map("{}%".format)


def sums() -> st.SearchStrategy[str]:
    return st.sampled_from(["0", "1", "40", "2500", "1e6"])


@st.composite
def channels(draw: st.DrawFn, number: int) -> str:
    """A channel as the file spells it, now and then without what it needs."""
    start = draw(st.sampled_from(["budget", "impressions", "clicks", "leads", "recovers"]))
    fields: dict[str, str] = {"name": f"c{number}"}
    if start == "recovers":
        of = draw(st.sampled_from(["visitors", "leads"]))
        fields["recovers"] = f"{{of: {of}, share: {draw(shares())}}}"
    else:
        now, plan = draw(sums()), draw(sums())
        fields[start] = f"{{now: {now}, plan: {plan}}}"
    if start == "budget":
        fields["buys"] = draw(st.sampled_from(["impressions", "clicks", "leads"]))
        fields["price"] = draw(st.sampled_from(["0.5", "20", "{low: 1, likely: 2, high: 4}"]))
        if draw(st.booleans()):
            fields["history"] = "[{spend: 100, leads: 20}, {spend: 300, leads: 40}]"
    optional = {
        "ctr": shares(),
        "landing_rate": shares() | st.just("{now: {won: 3, of: 40}, plan: 10%}"),
        "check": sums(),
        "margin": shares(),
        "redeemed_share": shares(),
        "repeat_share": shares(),
        "production": sums(),
        "audience": sums(),
        "frequency": st.just("3"),
        "fact": st.just("{media: 10, clicks: 5, leads: 1, orders: 0}"),
    }
    fields |= draw(st.fixed_dictionaries({}, optional=optional))
    return "    - {" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}\n"


@st.composite
def files(draw: st.DrawFn) -> str:
    """Whole files with channels, most of which the rules accept."""
    count = draw(st.integers(1, 4))
    optional = {
        "retention_rate": shares(),
        "purchase_rate": st.sampled_from(["0", "0.5"]),
        "repeat_check": sums(),
        "margin": shares(),
        "answered_rate": shares(),
        "qualified_rate": shares(),
        "managers": st.sampled_from(["0", "3"]),
        "cost_per_manager": sums(),
        "fixed_costs": sums(),
    }
    levers = {"win_rate": draw(shares()), "average_check": draw(sums())}
    levers |= draw(st.fixed_dictionaries({}, optional=optional))
    marketing = {
        "start": st.integers(0, 4).map(str),
        "whole": st.sampled_from(["no", "end", "stages"]),
        "agency_fee": sums(),
        "tax": st.sampled_from(["{on: profit, rate: 20%}", "{on: turnover, rate: 6%}"]),
        "instalments": st.just("{payment_delay: 10, share: 20%, months: 3, fee_rate: 5%}"),
        "target": st.sampled_from(["{metric: roas, value: 2}", "{metric: drr, value: 0.2}"]),
        "running": st.just("{month: 2026-10, days_gone: 10}"),
        "economics": st.just("{vat_in_prices: 20%, ad_vat: 20%, variable_share: 5%}"),
    }
    more = draw(st.fixed_dictionaries({}, optional=marketing))
    lines = [
        "title: Any\nlanguage: en\ncurrency: RUB\n",
        f"goal: {{month: 2026-09, months: {draw(st.integers(1, 6))}, a: 1000, b: 30000}}\n",
        f"active_customers: {draw(st.sampled_from(['0', '40']))}\nlevers:\n",
        *(f"  {name}: {value}\n" for name, value in levers.items()),
        "marketing:\n",
        *(f"  {name}: {value}\n" for name, value in more.items()),
        "  channels:\n",
        *(draw(channels(number)) for number in range(count)),
    ]
    return "".join(lines)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(files())
def test_what_is_accepted_is_shown_without_a_warning_or_a_stray_nan(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = write(tmp_path_factory.getbasetemp(), text)
    try:
        marketer = marketer_level({"client": str(path), "scenario": "plan"}, language="ru")
    except WorkbookError:
        return
    assert faults_in(marketer) == []


@pytest.mark.stress
@settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
@given(files())
def test_a_thousand_files_are_shown(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = write(tmp_path_factory.getbasetemp(), text)
    try:
        marketer = marketer_level({"client": str(path), "scenario": "plan"}, language="en")
    except WorkbookError:
        return
    assert faults_in(marketer) == []


def test_clients_that_cost_nothing_have_no_ratio_of_ltv_to_it(tmp_path: Path) -> None:
    free = CHANNELS.replace("  margin", "  managers: 1\n  cost_per_manager: 0\n  margin")
    file = write(tmp_path, free + SHAPES["all free"])
    marketer = marketer_level({"client": str(file), "scenario": "plan"}, language="en")
    assert float(marketer.plan.total.cac) == 0
    assert dict(cells(marketer.figures))["LTV / CAC"] == marketer.words.missing


def test_the_russian_level_says_nothing_in_english() -> None:
    """Names of channels and the client's own texts are the file's."""
    marketer = level("saldo", "ru")
    for name in SHOWN:
        if name != "record":
            thing = getattr(marketer, name)
            text = thing.text if hasattr(thing, "text") else ""
            table = getattr(thing, "table", thing)
            if isinstance(table, Table):
                said = [*table.header, *chain(*cells(table)), table.caption, table.note]
                text = " ".join(said)
            assert foreign_words(text, "ru") == set(), name


def test_no_text_of_pictures_and_tables_misses_its_translation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without Latin letters in the catalog none is left; months and thousands are Babel's."""
    monkeypatch.setattr(words_module, "_translations", lambda _language: Greek())
    client = replace(read_client(CLIENTS / "saldo" / "client.yaml"), currency="GBP")
    marketer = MarketerLevel(client, client.plan, client.media(client.plan), "plan", "en")
    for name in SHOWN:
        thing = getattr(marketer, name)
        if isinstance(thing, Picture):
            assert untranslated_in(thing) == [], name
        elif isinstance(thing, Table):
            said = [*thing.header, *chain(*cells(thing)), thing.caption, thing.note]
            known = r"(?<=\d)[KMBT]\b|\b(Sep|Oct|Nov|Dec)\w*\b"
            assert [t for t in said if re.search("[A-Za-z]", re.sub(known, "", t))] == [], name


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("name", LANGUAGES)
def test_pictures_have_no_flaw(name: str, language: str) -> None:
    marketer = level(name, language)
    for cell in ("funnel", "budget", "order", "payback"):
        assert flaws_of(getattr(marketer, cell)) == [], cell
    media, scenario, plan = marketer.media, marketer.scenario, marketer.plan
    for small, picture in channel_board_pictures(media, scenario, plan, marketer.words).items():
        assert flaws_of(picture) == [], small


# ---- parameters


@pytest.mark.parametrize("name", JOINT)
@pytest.mark.parametrize("client", LANGUAGES)
def test_a_number_of_all_channels_is_what_was_asked_for(client: str, name: str) -> None:
    before = level(client)
    value = 1.07 * joint(name, before.media, before.plan)
    marketer = level(client, **{name: value})
    assert joint(name, marketer.media, marketer.plan) == pytest.approx(value, rel=1e-9)
    assert marketer.scenario.planned("visitors") == pytest.approx(
        float(marketer.plan.total.clicks), rel=1e-9
    )


@pytest.mark.parametrize("client", LANGUAGES)
def test_levers_of_the_owner_are_his(client: str) -> None:
    names = ("average_check", "purchase_rate", "repeat_check", "retention_rate")
    before = level(client).scenario
    values = {name: 0.9 * before.planned(name) for name in names}
    marketer = level(client, **values)
    for name, value in values.items():
        assert marketer.scenario.planned(name) == pytest.approx(value)


def test_parameters_add_up_in_the_order_of_the_cell() -> None:
    both = level("mealbox", budget=30_000.0, sale_rate=0.35, average_check=60.0)
    assert joint("budget", both.media, both.plan) == pytest.approx(30_000, rel=1e-9)
    assert joint("sale_rate", both.media, both.plan) == pytest.approx(0.35, rel=1e-9)
    assert both.scenario.planned("average_check") == 60.0
    assert level("mealbox").plan.total.leads != both.plan.total.leads


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ctr": 3}, r"ctr: вместо «3\.0» должна стоять доля"),
        ({"lead_rate": -0.1}, "lead_rate: вместо «-0.1» должна стоять доля"),
        ({"sale_rate": "много"}, "sale_rate"),
        ({"budget": -5}, "budget"),
        ({"cpc": 0}, "cpc"),
        ({"win_rate": 0.2}, "win_rate"),
        ({"budgte": 5}, "budget"),
        ({"average_check": -1}, "average_check"),
        ({"scenario": "nobody's"}, "plan, now, cautious"),
        ({"client": "nobody"}, "nobody"),
    ],
)
def test_what_is_wrong_is_said_in_the_notebooks_language(wrong: dict, said: str) -> None:
    with pytest.raises(WorkbookError, match=said) as raised:
        level("saldo", "ru", **wrong)
    assert re.search("[а-я]", str(raised.value))


@pytest.mark.parametrize(("language", "said"), [("en", "names no channels"), ("ru", "каналов")])
def test_a_client_without_channels_is_told_so(language: str, said: str, tmp_path: Path) -> None:
    file = write(tmp_path, SMALL)
    with pytest.raises(WorkbookError, match=said):
        marketer_level({"client": str(file), "scenario": "plan"}, language=language)


# ---- the numbers, once more


@pytest.fixture(scope="module", params=LANGUAGES)
def plain(request: pytest.FixtureRequest) -> Plain:
    return Plain(request.param)


@pytest.fixture(scope="module")
def marketer(plain: Plain) -> MarketerLevel:
    return level(plain.file.parent.name)


def count(text: str) -> float:
    """Read a count as the reader's language writes it."""
    plain_text = text.replace("\xa0", "").replace("−", "-").replace("+", "")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain_text):
        plain_text = plain_text.replace(",", "")
    return float(plain_text.replace(",", "."))


def digits(value: float) -> float:
    """The most by which a shown count differs from its number."""
    return max(0.005, 0.5 if value >= 100 else 0.05 if value >= 10 else 0.005)


def test_the_head_shows_ad_spend_leads_and_cac(plain: Plain, marketer: MarketerLevel) -> None:
    language = plain.data["language"]
    text = html.unescape(re.sub(r"<[^>]+>", " ", marketer.summary.html.split("</style>")[1]))
    now, plan = (plain.total(plain.channels(end), end) for end in (0, 1))
    for side in (now, plan):
        assert money(side["media"], language) in text
        cac = side["cac"]
        cents = f"{cac:,.2f}" if cac < 100 else f"{cac:,.0f}"
        cents = f"${cents}" if language == "en" else cents.replace(",", "\xa0") + "\xa0₽"
        assert cents in text
    for side in (now, plan):
        assert float(marketer.now.total.leads if side is now else marketer.plan.total.leads) == (
            pytest.approx(side["leads"], rel=1e-9)
        )
        assert marketer.words.count(side["leads"]) in text
    needed = plain.visitors_needed() * plain.levers["lead_rate"][1]
    verdict = marketer.words.count(needed)
    assert verdict in text


def test_the_channels_against_the_owners_level(plain: Plain, marketer: MarketerLevel) -> None:
    total = plain.total(plain.channels(1), 1)
    plan = {name: ends[1] for name, ends in plain.levers.items()}
    needed = plain.visitors_needed()
    owner = total["leads"] * plan["answered_rate"] * plan["qualified_rate"] * plan["win_rate"]
    expected = [
        (needed, total["clicks"]),
        (needed * plan["lead_rate"], total["leads"]),
        (owner, total["new_customers"]),
    ]
    rows = cells(marketer.need)
    assert len(rows) == len(expected)
    for (_name, asked, brought, apart), (first, second) in zip(rows, expected, strict=True):
        for text, value in ((asked, first), (brought, second), (apart, second - first)):
            assert count(text) == pytest.approx(value, abs=digits(abs(value)) * 1.001)
        assert (apart[0] == "+") is (second - first > 1e-6)


def test_the_media_plans_totals(plain: Plain, marketer: MarketerLevel) -> None:
    months = plain.by_month()
    rows = cells(marketer.months)
    (first,) = [n for n, row in enumerate(rows) if row[0] == marketer.words("Total")]
    spent, leads, clients, owner, apart = (row[2:] for row in rows[first : first + 5])
    ways = plain.levers
    assert len(spent) == plain.horizon + 1
    for month, channels_then in enumerate(months):
        total = {
            name: sum(channel[name] for channel in channels_then)
            for name in ("media", "leads", "new_customers")
        }
        assert money(total["media"], plain.data["language"]) == spent[month]
        assert count(leads[month]) == pytest.approx(total["leads"], abs=digits(total["leads"]))
        assert count(clients[month]) == pytest.approx(
            total["new_customers"], abs=digits(total["new_customers"])
        )
        start = int(plain.data["marketing"]["start"])
        part = min(max((month - start) / (plain.horizon - start), 0), 1)
        x = {n: ways[n][0] + (ways[n][1] - ways[n][0]) * part for n in ("visitors", "lead_rate")}
        there = x["visitors"] * x["lead_rate"]
        assert count(owner[month]) == pytest.approx(there, abs=digits(there))
        assert count(apart[month]) == pytest.approx(
            total["leads"] - there, abs=digits(abs(total["leads"] - there))
        )


def test_the_channels_rows_are_their_own(plain: Plain, marketer: MarketerLevel) -> None:
    for end, table in ((0, marketer.now), (1, marketer.plan)):
        for place, channel in enumerate(plain.channels(end)):
            for name in ("clicks", "leads", "media", "new_customers", "production"):
                found = float(getattr(table.channels, name)[place])
                assert found == pytest.approx(channel[name], rel=1e-9), (place, name)


# ---- the record


def test_the_record_is_what_is_shown(plain: Plain, marketer: MarketerLevel) -> None:
    record, words = marketer.record.data, marketer.words
    client = read_client(plain.file)
    assert record["client"] == client.name
    assert record["reached"] == pytest.approx(float(marketer.scenario.at_goal()), rel=1e-11)
    text = html.unescape(marketer.summary.html)
    for side in ("now", "plan"):
        total = record["total"][side]
        for value in (words.money(total["media"]), words.count(total["leads"])):
            assert value in text
        assert words.money(total["cac"]) in text
        rows = {row[0]: row[1:] for row in cells(marketer.books)}
        place = ("now", "plan").index(side)
        assert rows[words("Net profit")][place] == words.money(total["net_profit"])
    need = cells(marketer.need)
    assert need[0][1] == words.count(record["visitors_needed"])
    assert need[1][1] == words.count(record["leads_needed"])
    budgets = {row[0]: row for row in cells(marketer.budgets)}
    for name, budget in record["budgets"].items():
        row = [cell.removesuffix(" *") for cell in budgets[name]]
        assert row[2] == words.money(budget["plan"])
        assert row[3] == words.money(budget["cheapest_for_b"])
        assert row[6] == words.money(budget["marginal_cpl"])
    assert record["left_out"] == []
    assert set(record["channels"]) == set(client.marketing.media.market.names)
    for month in range(plain.horizon + 1):
        total = sum(channel["leads"] for channel in plain.by_month()[month])
        assert record["months"]["leads"][month] == pytest.approx(total, rel=1e-9)
