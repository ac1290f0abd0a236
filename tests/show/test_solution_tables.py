"""Tables of what B takes say what the solves found, in both languages."""

import re
from dataclasses import replace

import pytest

from funnelkit.faces.ways import ways_to_b
from funnelkit.plan.frommoney import from_the_money
from funnelkit.plan.solution import Verdict
from funnelkit.plan.solve import alone
from funnelkit.show.lever_texts import lever_text, unit_of
from funnelkit.show.solution_tables import (
    WAYS,
    alone_table,
    solution_table,
    stages_way_table,
    verdict_text,
    ways_table,
)
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words
from tests.faces.board.boards import DEMOS, client_of

CLIENT = {name: client_of(name) for name in DEMOS}
FOUND = {name: ways_to_b(client, client.plan) for name, client in CLIENT.items()}
every = pytest.mark.parametrize(
    ("name", "language"), [(name, language) for name in DEMOS for language in ("en", "ru")]
)


def texts(table: Table) -> list[list[str]]:
    return [[c.text if isinstance(c, Cell) else c for c in row] for row in table.rows]


def words_in(language: str, name: str) -> Words:
    return Words(language=language, currency=CLIENT[name].currency)


@every
def test_each_lever_alone_is_told_once_with_its_verdict(name: str, language: str) -> None:
    client, words = CLIENT[name], words_in(language, name)
    found = alone(client.plan)
    rows = texts(alone_table(client, client.plan, found, words))
    assert len(rows) == len(found)
    told = {row[2]: row[3:] for row in rows}
    for each in found:
        now, needed, times, best, verdict = told[lever_text(each.name, words)]
        unit = unit_of(each.name)
        assert now == words.value(client.plan.now[each.name], unit)
        known = each.needed == each.needed
        assert needed == (words.value(each.needed, unit) if known else "–")
        assert times == (words.times(each.needed / each.now) if known and each.now else times)
        ceiling = client.plan.ceilings.get(each.name)
        assert best == ("" if ceiling is None else words.value(ceiling, unit))
        assert verdict == verdict_text(each.verdict, words).text
    stages = [row[0] for row in rows if row[0]]
    assert len(stages) == len(set(stages))


@every
def test_ways_stand_side_by_side(name: str, language: str) -> None:
    words = words_in(language, name)
    rows = texts(ways_table(FOUND[name], words))
    assert [row[0] for row in rows] == [words(text) for text in WAYS.values()]
    for row, found in zip(rows, FOUND[name].values(), strict=True):
        moved = sum(found.scenario.target[n] != v for n, v in found.scenario.now.items())
        b = CLIENT[name].plan.goal.b
        assert row[1:3] == [words.money(found.reached), words.money(max(b - found.reached, 0.0))]
        assert row[4] == words.count(moved)
        assert [t for t in row[5].split(", ") if t] == [lever_text(n, words) for n in found.binding]


@every
def test_from_the_money_goes_stage_after_stage(name: str, language: str) -> None:
    client, words = CLIENT[name], words_in(language, name)
    found = from_the_money(client.plan)
    rows = texts(stages_way_table(client, found, words))
    assert [row[2] for row in rows] == [words.share(share) for share in found.shares.values()]
    assert rows[-1][3] == words.money(found.solution.reached)


@every
@pytest.mark.parametrize("way", WAYS)
def test_who_has_to_move_what(name: str, language: str, way: str) -> None:
    client, words, found = CLIENT[name], words_in(language, name), FOUND[name][way]
    table = solution_table(client, found, words, caption="C")
    told = {row[2]: row for row in texts(table)}
    target, now = found.scenario.target, found.scenario.now
    moved = [lever for lever in now if target[lever] != now[lever]]
    assert set(told) == {lever_text(lever, words) for lever in moved}
    for lever in moved:
        _department, _person, _name, today, needed, times, by = told[lever_text(lever, words)]
        unit = unit_of(lever)
        assert (today, needed) == (words.value(now[lever], unit), words.value(target[lever], unit))
        assert times == (words.times(target[lever] / now[lever]) if now[lever] else "")
        assert by == words.month(client.first_month, client.plan.goal.horizon)
    red = {row[2] for row in table.rows if isinstance(row[4], Cell) and row[4].kind == "bad"}
    assert red == {lever_text(lever, words) for lever in found.binding if lever in moved}
    assert bool(table.note) == bool(found.binding)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_locked_levers_leave_tables_and_nothing_at_all_is_a_table_too(language: str) -> None:
    client = CLIENT["mealbox"]
    words = words_in(language, "mealbox")
    found = alone(client.plan, locked={"win_rate"})
    rows = texts(alone_table(client, client.plan, found, words))
    assert lever_text("win_rate", words) not in {row[2] for row in rows}
    far = replace(client.plan, goal=replace(client.plan.goal, b=1e3 * client.plan.goal.b))
    stuck = ways_to_b(replace(client, locked=frozenset(client.plan.now)), far)
    assert {one.verdict for one in stuck.values()} == {Verdict.NO_LEVERS}
    assert {row[3] for row in texts(ways_table(stuck, words))} == {
        verdict_text(Verdict.NO_LEVERS, words).text
    }
    assert alone_table(client, far, alone(far, locked=far.now), words).rows == ()
    nobody = replace(far, plan={})
    still = ways_to_b(replace(client, locked=frozenset(far.now)), nobody)["money"]
    assert solution_table(client, still, words, caption="C").rows == ()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_out_of_reach_and_one_month_are_told_without_stray_numbers(language: str) -> None:
    words = words_in(language, "saldo")
    client = CLIENT["saldo"]
    goal = replace(client.plan.goal, b=1e3 * client.plan.goal.b, horizon=1)
    plan = replace(client.plan, goal=goal)
    found = ways_to_b(client, plan)
    assert found["money"].verdict is Verdict.UNREACHABLE
    tables = [
        ways_table(found, words),
        alone_table(client, plan, alone(plan), words),
        stages_way_table(client, from_the_money(plan), words),
        solution_table(client, found["money"], words, caption="C"),
    ]
    for table in tables:
        assert not re.search(r"\b(nan|inf)\b", table.html().lower())
    assert words.money(goal.b - found["money"].reached) in texts(tables[0])[0]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_words(verdict: Verdict, language: str) -> None:
    cell = verdict_text(verdict, Words(language=language))
    assert bool(re.search("[а-я]", cell.text)) == (language == "ru")
    assert cell.kind in ("good", "bad", "missing")
