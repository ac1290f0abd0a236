"""The owner's tables: from a client and a scenario to formatted rows."""

from collections.abc import Iterator

from funnelkit.client.client import Client
from funnelkit.model.levers import LEVERS, Stage
from funnelkit.model.ltv import lifetime_months
from funnelkit.plan.diagnosis import smart
from funnelkit.plan.scenario import Scenario
from funnelkit.show.labels import label
from funnelkit.show.provenance import contradiction_sentence, doubtful, source_text
from funnelkit.show.stages import STAGES, department_names, person_of
from funnelkit.show.tables import Table, sides
from funnelkit.show.verdicts import CHECKS, STATUSES, verdict_sentence
from funnelkit.show.words import Words

__all__ = [
    "decisions_table",
    "figures_table",
    "key_figures",
    "ltv_table",
    "months_table",
    "responsible_table",
    "smart_table",
    "stages_table",
]


def _levers_of(stage: Stage, scenario: Scenario) -> Iterator[tuple[str, float, float]]:
    """Levers of a stage with their values now and planned, a product line as the sums it makes."""
    for name, lever in LEVERS.items():
        if lever.stage is stage and not lever.cost and scenario.has(name):
            yield name, scenario.present(name), scenario.planned(name)


def smart_table(client: Client, scenario: Scenario, words: Words) -> Table:
    """Return the goal's SMART check, a row a letter."""
    return Table(
        header=(words("Check"), words("Holds"), words("Why")),
        rows=tuple(
            (
                words(CHECKS[verdict.check]),
                words(STATUSES[verdict.status]),
                verdict_sentence(verdict, words),
            )
            for verdict in smart(scenario)
        ),
        align=sides("lll"),
        caption=words("Is the goal SMART?"),
        note=_a_source(client, words),
    )


def _a_source(client: Client, words: Words) -> str:
    measured, source = client.measured.get("goal.a"), client.sources.get("goal.a")
    if measured:
        return words("Point A was measured from: {source}.", source=source_text(measured, words))
    if other := doubtful(client).get("goal.a"):
        return contradiction_sentence(other, words)
    return words("Point A was taken from: {source}.", source=source) if source else ""


def key_figures(scenario: Scenario, words: Words) -> tuple[tuple[str, str], ...]:
    """Return the figures that matter in B's month, as names and values."""
    goal, path = scenario.goal, scenario.run()
    horizon = goal.horizon
    reached = float(path.metric(goal.metric)[horizon])
    figures = (
        (label(goal.metric, words), words.money(reached)),
        (words("Missing to B"), words.money(max(goal.b - reached, 0.0))),
        (label("contribution", words), words.money(float(path.contribution[horizon]))),
        (words("LTV"), words.money(float(path.ltv[horizon]))),
        (words("LTV / CAC"), words.count(float(path.ltv_to_cac[horizon]))),
    )
    return figures if goal.metric != "contribution" else figures[:2] + figures[3:]


def figures_table(client: Client, scenario: Scenario, words: Words) -> Table:
    """Return the key figures as a table."""
    month = words.month(client.first_month, scenario.goal.horizon)
    return Table(
        header=(words("Figure"), month),
        rows=key_figures(scenario, words),
        caption=words("Key figures of B's month"),
    )


def stages_table(client: Client, scenario: Scenario, words: Words) -> Table:
    """Return every lever by stage: now, planned, multiplier, ceiling."""
    departments = department_names(client.departments, words)
    rows = []
    for stage in Stage:
        for place, (name, now, plan) in enumerate(_levers_of(stage, scenario)):
            unit = LEVERS[name].unit
            ceiling = scenario.ceilings.get(name)
            rows.append(
                (
                    words(STAGES[stage]) if place == 0 else "",
                    departments[stage] if place == 0 else "",
                    words(LEVERS[name].label),
                    words.value(now, unit),
                    words.value(plan, unit),
                    words.times(plan / now) if now and plan != now else "",
                    "" if ceiling is None else words.value(ceiling, unit),
                )
            )
    return Table(
        header=(
            words("Stage"),
            words("Department"),
            words("Lever"),
            words("Now"),
            words("Plan"),
            words("Times"),
            words("Best"),
        ),
        rows=tuple(rows),
        align=sides("lllrrrr"),
        caption=words("The stages in the order of work, “from the money”"),
    )


def ltv_table(scenario: Scenario, words: Words) -> Table:
    """Return what makes a client's lifetime value, now and as planned."""
    path, horizon = scenario.run(), scenario.goal.horizon
    ends = ((scenario.now, 0), (scenario.target, horizon))

    def parts(levers: dict[str, float], month: int) -> tuple[float, ...]:
        retention = levers.get("retention_rate", float("nan"))
        one = scenario.per_customer(levers)
        first, monthly = one.first_value.item(), one.monthly_value.item()
        life = float(lifetime_months(retention, scenario.business.discount))
        of_month = (path.ltv, path.cac, path.ltv_to_cac)
        return first, monthly, life, *(float(values[month]) for values in of_month)

    columns = [parts(dict(levers), month) for levers, month in ends]
    labels = (
        (words("Contribution of the first sale"), words.money),
        (words("Contribution of an active client a month"), words.money),
        (words("Months of repeat sales"), words.count),
        (words("LTV: contribution over the whole relation"), words.money),
        (words("CAC: marketing and sales cost per new client"), words.money),
        (words("LTV / CAC"), words.count),
    )
    return Table(
        header=(words("Part"), words("Now"), words("Plan")),
        rows=tuple(
            (text, *(show(column[row]) for column in columns))
            for row, (text, show) in enumerate(labels)
        ),
        align=sides("lrr"),
        caption=words("Lifetime value of a client (LTV)"),
    )


def decisions_table(client: Client, words: Words) -> Table:
    """Return what was agreed in the workshop: who, by when, what it is expected to bring."""
    return Table(
        header=(words("Decision"), words("Person"), words("By"), words("Expected in B's month")),
        rows=tuple(
            (
                decision.what,
                decision.who,
                words.month(decision.by),
                words.missing if decision.money is None else words.change(decision.money),
            )
            for decision in client.decisions
        )
        or ((words("Nothing is agreed yet."), "", "", ""),),
        align=sides("lllr"),
        caption=words("What was agreed"),
    )


def months_table(client: Client, scenario: Scenario, words: Words) -> Table:
    """Return the plan month by month."""
    path = scenario.run()
    rows = (
        ("leads", words.count),
        ("worked_leads", words.count),
        ("waiting_leads", words.count),
        ("new_customers", words.count),
        ("active_customers", words.count),
        ("revenue_new", words.money),
        ("revenue_repeat", words.money),
        ("revenue", words.money),
        ("contribution", words.money),
        ("marketing", words.money),
        ("profit", words.money),
    )
    months = range(scenario.months)
    return Table(
        header=("", *(words.short_month(client.first_month, month) for month in months)),
        rows=tuple(
            (label(name, words), *(show(float(getattr(path, name)[m])) for m in months))
            for name, show in rows
        ),
        align=sides("l" + "r" * scenario.months),
        caption=words("The plan month by month"),
    )


def responsible_table(client: Client, scenario: Scenario, words: Words) -> Table:
    """Return who answers for which number, from when and by when."""
    departments = department_names(client.departments, words)
    last = words.month(client.first_month, scenario.goal.horizon)
    rows = []
    for stage in Stage:
        for name, now, plan in _levers_of(stage, scenario):
            if plan != now:
                unit = LEVERS[name].unit
                rows.append(
                    (
                        departments[stage],
                        person_of(stage, client.departments),
                        words(LEVERS[name].label),
                        words.value(now, unit),
                        words.value(plan, unit),
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
            words("By"),
        ),
        rows=tuple(rows),
        align=sides("lllrrl"),
    )
