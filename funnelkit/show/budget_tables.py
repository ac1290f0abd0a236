"""The budgets' tables: by channel with what the next lead costs, and by month."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from funnelkit.model.marketer import Table
from funnelkit.plan.budget import Budget, Verdict
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.spend import Spend
from funnelkit.show.tables import Cell, sides
from funnelkit.show.tables import Table as Shown
from funnelkit.show.words import Words

__all__ = ["budgets_table", "media_plan_table"]


def budgets_table(
    names: Sequence[str], spend: Spend, least: Budget, best: Budget, words: Words
) -> Shown:
    """Return every budget: today, planned, the cheapest for B's leads, the best for the sum."""
    average, marginal = spend.average_cpl(spend.plan), spend.marginal_cpl(spend.plan)
    beyond = spend.response.beyond(spend.plan)

    def money(value: float, *, flagged: bool = False) -> str | Cell:
        text = words.money(value)
        return Cell(text + " *", "bad") if flagged else text

    rows: list[tuple[str | Cell, ...]] = [
        (
            names[row],
            money(spend.now[at]),
            money(spend.plan[at], flagged=bool(beyond[at])),
            money(least.spend[at], flagged=bool(least.beyond[at])),
            money(best.spend[at], flagged=bool(best.beyond[at])),
            money(average[at]),
            Cell(words.money(marginal[at]), "bad")
            if marginal[at] > spend.worth[at]
            else words.money(marginal[at]),
        )
        for at, row in enumerate(spend.rows.tolist())
    ]
    sums = (
        np.nansum(spend.now),
        np.nansum(spend.plan),
        float(least.total_spend),
        float(best.total_spend),
    )
    rows.append((words("Total"), *(words.money(float(value)) for value in sums), "", ""))
    brought = (
        words.count(spend.leads),
        words.count(float(least.total_leads) + spend.other_leads),
        words.count(float(best.total_leads) + spend.other_leads),
    )
    rows.append((words("Leads of all channels"), "", *brought, "", ""))
    return Shown(
        header=(
            words("Channel"),
            words("Now"),
            words("Plan"),
            words("Cheapest for B"),
            words("Best for the sum"),
            words("Average CPL"),
            words("Next lead"),
        ),
        rows=tuple(rows),
        caption=words("Budgets a month"),
        note=_note(spend, least, words),
        emphasis=frozenset({len(rows) - 2, len(rows) - 1}),
    )


def _note(spend: Spend, least: Budget, words: Words) -> str:
    parts = [
        words(
            "Cheapest for B brings the leads that B needs for the least money; best for the sum "
            "shares the planned sum so that it brings the most contribution. What retargeting and "
            "mailings cost is not weighed."
        )
    ]
    match str(least.verdict):
        case Verdict.UNREACHABLE:
            parts.append(words("At their limits the budgets do not bring the leads that B needs."))
        case Verdict.MISSING:
            parts.append(words("No number of leads brings B, so there is no cheapest budget."))
    if (spend.marginal_cpl(spend.plan) > spend.worth).any():
        parts.append(words("In red: the next lead costs more than its first order brings."))
    if any(flags.any() for flags in (spend.response.beyond(spend.plan), least.beyond)):
        parts.append(words("* More than the channel's history has seen."))
    return " ".join(parts)


def media_plan_table(
    names: Sequence[str], table: Table, scenario: Scenario, first: date, words: Words
) -> Shown:
    """Return spend and leads by channel and month, with the owner's leads below."""
    months = scenario.goal.horizon + 1
    rows: list[tuple[str, ...]] = []
    strong = set()
    spent, leads = table.channels.media[:months], table.channels.leads[:months]
    for place, name in enumerate(names):
        if np.nan_to_num(spent[:, place], nan=1.0).any():
            rows.append(
                (name, words("ad spend"), *(words.money(v) for v in spent[:, place].tolist()))
            )
            name = ""
        rows.append((name, words("leads"), *(words.count(v) for v in leads[:, place].tolist())))
    total = table.total
    sums = (
        (words("ad spend"), total.media, words.money),
        (words("leads"), total.leads, words.count),
        (words("new clients"), total.new_customers, words.count),
    )
    for number, (what, values, show) in enumerate(sums):
        strong.add(len(rows))
        label = "" if number else words("Total")
        rows.append((label, what, *(show(v) for v in values[:months].tolist())))
    x = scenario.paths()
    owner = np.broadcast_to(x["visitors"] * x["lead_rate"], (scenario.months,))[:months]
    rows.append((words("Owner's level"), words("leads"), *(words.count(v) for v in owner.tolist())))
    apart = (total.leads[:months] - owner).tolist()
    rows.append(("", words("difference"), *(words.count(value) for value in apart)))
    return Shown(
        header=(words("Channel"), "", *(words.short_month(first, m) for m in range(months))),
        rows=tuple(rows),
        align=sides("ll" + "r" * months),
        caption=words("The media plan month by month"),
        note=words(
            "On the way from now to the plan each channel's numbers move evenly, as the owner's "
            "levers do; a product of the two, and leads that come back later, differ a little in "
            "between."
        ),
        emphasis=frozenset(strong),
    )
