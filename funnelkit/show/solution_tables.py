"""What B takes: each lever alone, ways that reach it, and who would have to move what."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from funnelkit.client.client import Client
from funnelkit.model.levers import Stage
from funnelkit.model.levers import message as _
from funnelkit.model.products import stage_of
from funnelkit.plan.frommoney import FromMoney
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.solution import Solution, Verdict
from funnelkit.plan.solve import Alone
from funnelkit.show.lever_texts import lever_text, unit_of
from funnelkit.show.stages import STAGES, department_names, person_of
from funnelkit.show.tables import Cell, Table, sides
from funnelkit.show.words import Words

__all__ = ["WAYS", "alone_table", "solution_table", "stages_way_table", "ways_table"]

WAYS = MappingProxyType(
    {
        "money": _("From the money"),
        "equal": _("Equal effort"),
        "effort": _("Least effort"),
        "cost": _("Least cost"),
    }
)
"""What the ways to B are called, by name."""

_VERDICTS = MappingProxyType(
    {
        Verdict.HELD: _("B holds without it"),
        Verdict.REACHED: _("reaches B"),
        Verdict.ABOVE_CEILING: _("only beyond its limit"),
        Verdict.UNREACHABLE: _("does not reach B"),
        Verdict.NO_LEVERS: _("nothing may move"),
        Verdict.MISSING: _("not known"),
    }
)
_GOOD = frozenset({Verdict.HELD, Verdict.REACHED})


def verdict_text(verdict: Verdict, words: Words) -> Cell:
    """Word a verdict."""
    kind = "good" if verdict in _GOOD else "bad" if verdict is not Verdict.MISSING else "missing"
    return Cell(words(_VERDICTS[verdict]), kind)  # type: ignore[arg-type]


def alone_table(client: Client, scenario: Scenario, found: Sequence[Alone], words: Words) -> Table:
    """Return what each lever would have to be if no other moved."""
    departments = department_names(client.departments, words)
    rows: list[tuple[str | Cell, ...]] = []
    before: Stage | None = None
    order = {stage: place for place, stage in enumerate(Stage)}
    line = scenario.business.line
    for each in sorted(found, key=lambda one: order[stage_of(one.name, line)]):
        stage, unit = stage_of(each.name, line), unit_of(each.name)
        limit = scenario.ceilings.get(each.name)
        rows.append(
            (
                words(STAGES[stage]) if stage is not before else "",
                departments[stage] if stage is not before else "",
                lever_text(each.name, words),
                words.value(each.now, unit),
                words.value(each.needed, unit)
                if each.needed == each.needed
                else Cell("–", "quiet"),
                words.times(each.multiplier) if each.needed == each.needed else "",
                "" if limit is None else words.value(limit, unit),
                verdict_text(each.verdict, words),
            )
        )
        before = stage
    return Table(
        header=(
            words("Stage"),
            words("Department"),
            words("Lever"),
            words("Now"),
            words("Needed"),
            words("Times"),
            words("Best"),
            words("Alone"),
        ),
        rows=tuple(rows),
        align=sides("lllrrrrl"),
        caption=words("What each lever would have to be if it moved alone"),
        note=words("From today's numbers, the plan apart; locked levers stay as planned."),
    )


def ways_table(ways: Mapping[str, Solution], words: Words) -> Table:
    """Return the ways to B side by side."""
    rows = []
    for name, found in ways.items():
        binding = ", ".join(lever_text(lever, words) for lever in found.binding)
        rows.append(
            (
                words(WAYS[name]),
                words.money(found.reached),
                words.money(max(found.gap, 0.0)),
                verdict_text(found.verdict, words),
                words.count(len(found.scenario.moved)),
                binding,
            )
        )
    return Table(
        header=(
            words("Way"),
            words("Reached"),
            words("Missing to B"),
            words("Verdict"),
            words("Levers moved"),
            words("Stopped by their limits"),
        ),
        rows=tuple(rows),
        align=sides("lrrlrl"),
        caption=words("Ways to B"),
        note=words(
            "From the money: stage after stage towards its limits. Equal effort: all levers by one "
            "multiple. Least effort: the smallest multiples together. Least cost: by the costs "
            "that the file names."
        ),
    )


def stages_way_table(client: Client, found: FromMoney, words: Words) -> Table:
    """Return how far each stage goes on the way from the money, and what is reached then."""
    departments = department_names(client.departments, words)
    rows = [
        (
            words(STAGES[stage]),
            departments[stage],
            words.share(share),
            words.money(found.reached[stage]),
        )
        for stage, share in found.shares.items()
    ]
    return Table(
        header=(
            words("Stage"),
            words("Department"),
            words("Of the way to its limits"),
            words("B's month then"),
        ),
        rows=tuple(rows),
        align=sides("llrr"),
        caption=words("From the money: stage after stage"),
    )


def solution_table(
    client: Client, found: Solution, words: Words, *, caption: str, gone: int = 0
) -> Table:
    """Return who would have to move which number, from what to what, and by when.

    `gone` is how many months after point A the solution begins.
    """
    departments = department_names(client.departments, words)
    scenario, line = found.scenario, found.scenario.business.line
    target = scenario.target
    last = words.month(client.first_month, gone + scenario.goal.horizon)
    order = {stage: place for place, stage in enumerate(Stage)}
    rows = []
    for name in sorted(scenario.moved, key=lambda lever: order[stage_of(lever, line)]):
        stage, unit = stage_of(name, line), unit_of(name)
        now, plan = scenario.now[name], target[name]
        stop = name in found.binding
        shown = words.value(plan, unit)
        rows.append(
            (
                departments[stage],
                person_of(stage, client.departments),
                lever_text(name, words),
                words.value(now, unit),
                Cell(shown, "bad") if stop else shown,
                words.times(plan / now) if now else "",
                last,
            )
        )
    return Table(
        header=(
            words("Department"),
            words("Person"),
            words("Number"),
            words("Now"),
            words("Needed"),
            words("Times"),
            words("By"),
        ),
        rows=tuple(rows),
        align=sides("lllrrrl"),
        caption=caption,
        note=words("In red: stopped by its limit.") if found.binding else "",
    )
