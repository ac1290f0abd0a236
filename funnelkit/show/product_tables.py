"""The product line's tables."""

from types import MappingProxyType

import numpy as np

from funnelkit.model.levers import Stage, Unit
from funnelkit.model.levers import message as _
from funnelkit.model.owner import by_product
from funnelkit.model.products import Role
from funnelkit.plan.decompose import stage_product_table
from funnelkit.plan.scenario import Scenario
from funnelkit.show.stages import STAGES
from funnelkit.show.tables import Table, sides
from funnelkit.show.words import Words

__all__ = ["ROLES", "product_names", "products_table", "stage_products_table"]


ROLES = MappingProxyType(
    {
        Role.LEAD_MAGNET: _("lead magnet"),
        Role.TRIPWIRE: _("tripwire"),
        Role.CORE: _("core product"),
        Role.UPSELL: _("upsell"),
        Role.RECURRING: _("recurring"),
    }
)


def product_names(scenario: Scenario, words: Words) -> tuple[str, ...]:
    """Name the rows of `by_product`: the line's products, or first sale and repeat sales."""
    line = tuple(product.name for product in scenario.business.line)
    return (line or (words("First sale"), words("Repeat sales"))) + (words("Unallocated"),)


def products_table(scenario: Scenario, words: Words) -> Table:
    """Return the product line: role, take rate, price, revenue of month 0 and of the goal's."""
    now, plan = scenario.now, scenario.target
    revenue = by_product(scenario.paths(), scenario.business, metric="revenue")
    month = revenue[..., 0], revenue[..., scenario.goal.horizon]

    def change(name: str, unit: Unit) -> str:
        before, after = words.value(now[name], unit), words.value(plan[name], unit)
        return before if before == after else f"{before} → {after}"

    rows: list[tuple[str, ...]] = [
        (
            product.name,
            words(ROLES[product.role]),
            change(f"take_rate.{product.name}", Unit.SHARE),
            change(f"price.{product.name}", Unit.MONEY),
            words.share(now[f"margin.{product.name}"]),
            words.money(float(month[0][place])),
            words.money(float(month[1][place])),
        )
        for place, product in enumerate(scenario.business.line)
    ]
    if not scenario.business.line:
        first, again = product_names(scenario, words)[:2]
        sales = ((first, "", "average_check"), (again, "purchase_rate", "repeat_check"))
        rows = [
            (
                name,
                "",
                change(taken, Unit.COUNT) if taken in now else "",
                change(price, Unit.MONEY) if price in now else "",
                change("margin", Unit.SHARE) if "margin" in now else words.missing,
                words.money(float(month[0][place])),
                words.money(float(month[1][place])),
            )
            for place, (name, taken, price) in enumerate(sales)
        ]
    rows.append(
        (
            words("Unallocated"),
            *[""] * 4,
            words.money(float(month[0][-1])),
            words.money(float(month[1][-1])),
        )
    )
    rows.append(
        (
            words("Total"),
            *[""] * 4,
            words.money(float(month[0].sum())),
            words.money(float(month[1].sum())),
        )
    )
    return Table(
        header=(
            words("Product"),
            words("Role"),
            words("Take rate"),
            words("Price"),
            words("Margin"),
            words("Revenue now"),
            words("Revenue as planned"),
        ),
        rows=tuple(rows),
        align=sides("llrrrrr"),
        caption=words("The product line"),
        emphasis=frozenset({len(rows) - 1}),
        note=words(
            "Take rate: share of new clients for lead magnet, tripwire and core; purchases per "
            "active client and month for upsell and recurring."
        ),
    )


def stage_products_table(scenario: Scenario, words: Words) -> Table:
    """Return what each stage adds to each product; rows and columns add up."""
    table = stage_product_table(scenario)
    names = product_names(scenario, words)
    cells = np.array(list(table.values())).reshape(len(table), len(names))
    body = [
        (words(STAGES[Stage(stage)]), *(words.money(float(v)) for v in (*row, row.sum())))
        for stage, row in zip(table, cells, strict=True)
    ]
    totals = cells.sum(axis=0)
    body.append((words("Total"), *(words.money(float(v)) for v in (*totals, totals.sum()))))
    return Table(
        header=(words("Stage"), *names, words("Total")),
        rows=tuple(body),
        caption=words("What each stage adds to each product in B's month"),
        note=words("In the owner's order; another order would share the sums out differently."),
    ).turned(words("Product"))
