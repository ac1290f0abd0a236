"""The marketer's other tables: cases, the running month, cash, audiences, the product ladder."""

from collections.abc import Mapping, Sequence

import numpy as np

from funnelkit.model.audience import Reach
from funnelkit.model.instalments import CashFlow
from funnelkit.model.ladder import Ladder
from funnelkit.model.levers import message as _
from funnelkit.model.marketer import Table
from funnelkit.plan.cases import Case
from funnelkit.plan.running import Running, Stand
from funnelkit.plan.scenario import Scenario
from funnelkit.show.book_labels import BOOKS, shown
from funnelkit.show.product_tables import ROLES
from funnelkit.show.tables import Cell, sides
from funnelkit.show.tables import Table as Shown
from funnelkit.show.words import Words

__all__ = ["audience_table", "cases_table", "cash_table", "fact_table", "ladder_table"]

CASES: Mapping[Case, str] = {
    Case.PESSIMISTIC: _("Pessimistic"),
    Case.BASE: _("Base"),
    Case.OPTIMISTIC: _("Optimistic"),
}
_OF_CASES = (
    *("media", "clicks", "leads", "new_customers", "revenue", "contribution"),
    *("total_marketing", "net_profit", "cpl", "cac", "romi_contribution"),
)


def cases_table(
    tables: Mapping[Case, Table], reached: Mapping[Case, float], metric: str, words: Words
) -> Shown:
    """Return the plan as it turns out at the worse and at the better end of what is known."""
    rows = [
        (
            words(BOOKS[name].label),
            *(shown(name, float(getattr(tables[case].total, name)), words) for case in Case),
        )
        for name in _OF_CASES
    ]
    rows.append(
        (
            words("{metric} in B's month", metric=metric),
            *(words.money(reached[case]) for case in Case),
        )
    )
    alike = len({round(reached[case], 6) for case in Case}) == 1
    note = words(
        "Every number that was counted or guessed is taken at the worse, or at the better end of "
        "what is known of it, all at once: bounds, which are hardly ever met."
    )
    if alike:
        note = words("Nothing was counted or guessed as a range, so the cases do not differ.")
    return Shown(
        header=(words("A month as planned"), *(words(CASES[case]) for case in Case)),
        rows=tuple(rows),
        caption=words("Three cases"),
        note=note,
        emphasis=frozenset({len(rows) - 1}),
    )


def fact_table(
    names: Sequence[str], stands: Mapping[str, Stand], running: Running, when: str, words: Words
) -> Shown:
    """Return the running month: plan, fact, forecast, and the money for what is missing.

    A row a channel for its leads, then one for each quantity of all channels together; `stands`
    are by quantity.
    """
    called = {"clicks": words("clicks"), "leads": words("leads"), "orders": words("orders")}
    rows: list[tuple[str | Cell, ...]] = []

    def add(name: str, quantity: str, place: int) -> None:
        found = stands[quantity]
        forecast, planned = float(found.pace.forecast[place]), float(found.planned[place])
        text = words.count(forecast)
        rows.append(
            (
                name,
                called[quantity],
                words.money(float(found.budget[place])),
                words.money(float(found.spent[place])),
                words.count(planned),
                words.count(float(found.fact[place])),
                Cell(text, "bad") if forecast < planned else text,
                words.money(float(found.pace.budget_planned[place])),
                words.money(float(found.pace.budget_actual[place])),
            )
        )

    for place, name in enumerate(names):
        add(name, "leads", place)
    for quantity in called:
        add(words("Total") if quantity == "clicks" else "", quantity, -1)
    return Shown(
        header=(
            words("Channel"),
            "",
            words("Ad spend planned"),
            words("Spent"),
            words("Planned"),
            words("So far"),
            words("Forecast"),
            words("Needed at planned price"),
            words("Needed at actual price"),
        ),
        rows=tuple(rows),
        align=sides("llrrrrrrr"),
        caption=words(
            "Plan against fact: {month}, {gone} of {days} days",
            month=when,
            gone=words.count(running.days_gone),
            days=words.count(running.days),
        ),
        emphasis=frozenset({len(rows) - 3, len(rows) - 2, len(rows) - 1}),
        note=words(
            "Forecast: so far / days gone × days of the month. Needed: ad spend for what is still "
            "missing, at the planned and at the actual price of a click, lead or order."
        ),
    )


def cash_table(now: CashFlow, plan: CashFlow, words: Words) -> Shown:
    """Return what late payment does to a month's money, today and as planned."""
    rows = (
        (words("Days from sale to payment"), now.mean_delay, plan.mean_delay, words.count),
        (words("Sold and not yet paid"), now.frozen, plan.frozen, words.money),
        (words("Fee for instalments"), now.fee, plan.fee, words.money),
        (words("Cash gap: costs less what is paid in time"), now.cash_gap, plan.cash_gap, None),
        (words("Net profit after the fee"), now.net_after_fee, plan.net_after_fee, words.money),
    )
    return Shown(
        header=(words("Figure"), words("Now"), words("Plan")),
        rows=tuple(
            (name, *((show or words.money)(float(value)) for value in values))
            for name, *values, show in rows
        ),
        caption=words("Instalments and cash, in a month of new sales"),
        note=words("A cash gap above 0 has to be financed."),
    )


def audience_table(
    names: Sequence[str], plan: Table, frequency: np.ndarray, people: Reach, words: Words
) -> Shown:
    """Return whether the channels' audiences are large enough for the plan."""
    rows = []
    for place, name in enumerate(names):
        if not np.isfinite(frequency[place]):
            continue
        used = float(people.used[place])
        rows.append(
            (
                name,
                words.count(float(plan.channels.impressions[place])),
                words.count(float(frequency[place])),
                words.count(float(people.people[place])),
                Cell(words.share(used), "bad") if used > 1 else words.share(used),
            )
        )
    return Shown(
        header=(
            words("Channel"),
            words("Impressions"),
            words("Per person"),
            words("People reached"),
            words("Of the audience"),
        ),
        rows=tuple(rows),
        caption=words("Are the audiences large enough?"),
    )


def ladder_table(scenario: Scenario, found: Ladder, words: Words) -> Shown:
    """Return what each rung of the product line earns, and where the ladder leaks."""
    line, plan = scenario.business.line, scenario.target
    leak = int(found.leak)
    rows = []
    for place, product in enumerate(line):
        left = float(found.left[place])
        lost = float(found.lost[place])
        rows.append(
            (
                product.name,
                words(ROLES[product.role]),
                words.share(plan[f"take_rate.{product.name}"]),
                words.money(float(found.per_client[place])),
                words.money(float(found.per_visitor[place])),
                Cell(words.money(left), "bad") if left < 0 else words.money(left),
                Cell(words.money(lost), "bad") if place == leak else words.money(lost),
            )
        )
    back = float(found.earned_back)
    note = words(
        "Contribution over a client's whole relation. Left is what a visitor has earned so far "
        "less the advertising; the whole ladder earns {back} for each unit of it.",
        back=words.times(back).removeprefix("×"),
    )
    if leak >= 0:
        note += " " + words("It leaks most at “{product}”.", product=line[leak].name)
    return Shown(
        header=(
            words("Product"),
            words("Role"),
            words("Take rate"),
            words("Per client"),
            words("Per visitor"),
            words("Left per visitor"),
            words("Lost to the limit"),
        ),
        rows=tuple(rows),
        align=sides("llrrrrr"),
        caption=words("The product ladder, as planned"),
        note=note,
    )
