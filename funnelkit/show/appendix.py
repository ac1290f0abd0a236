"""The appendix: what each lever, factor and product adds, by methods that know no order."""

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from funnelkit.model.levers import LEVERS, Stage
from funnelkit.model.levers import message as _
from funnelkit.plan.decompose import SHAPLEY_PLAYERS, by_parameter, by_stage, shapley
from funnelkit.plan.lmdi import FACTORS, NEW_SALES, REPEAT_SALES, lmdi_of_scenario
from funnelkit.plan.mix import mix_of_scenario
from funnelkit.plan.scenario import Scenario
from funnelkit.show.labels import QUANTITIES, label
from funnelkit.show.product_tables import product_names
from funnelkit.show.stages import STAGES
from funnelkit.show.tables import Table, note_alone, sides
from funnelkit.show.words import Words

__all__ = ["FACTOR_LABELS", "lmdi_table", "mix_table", "shapley_table"]


FACTOR_LABELS = MappingProxyType(
    {
        "worked_leads": QUANTITIES["worked_leads"],
        "answered_rate": LEVERS["answered_rate"].label,
        "qualified_rate": LEVERS["qualified_rate"].label,
        "win_rate": LEVERS["win_rate"].label,
        "active_customers": QUANTITIES["active_customers"],
        "take_rate": LEVERS["purchase_rate"].label,
        "price": _("Price"),
        "collected": _("Collected"),
        "kept": _("Kept after refunds"),
    }
)
"""What the factors of a month's revenue are called, by name."""


def _money(value: float, words: Words) -> str:
    """Format a sum; what is left of rounding is 0."""
    return words.money(round(float(value), 2))


def _counts(values: NDArray[np.float64] | float) -> bool:
    """Whether any of the sums is there to be seen; one that is missing is."""
    return bool(np.any(np.round(values, 2) != 0))


def shapley_table(scenario: Scenario, words: Words) -> Table:
    """Return what each lever adds to the goal, averaged over all orders, with stage sums."""
    levers, stages = by_parameter(scenario), by_stage(scenario)
    fine = len(levers) <= SHAPLEY_PLAYERS
    groups = levers if fine else stages
    values = {
        name: float(value)
        for name, value in shapley(scenario.at_goal, scenario.now, scenario.target, groups).items()
    }
    rows: list[tuple[str, str, str]] = []
    strong = set()
    for stage in map(Stage, stages):
        parts = {n: v for n, v in values.items() if not fine or LEVERS[n].stage is stage}
        total = sum(parts.values()) if fine else values[stage]
        strong.add(len(rows))
        rows.append((words(STAGES[stage]), "", _money(total, words)))
        if fine:
            rows.extend(("", words(LEVERS[n].label), _money(v, words)) for n, v in parts.items())
    strong.add(len(rows))
    rows.append((words("Total"), "", _money(sum(values.values()), words)))
    every = words("Averaged over all orders in which the levers could be moved (Shapley values).")
    coarse = words(
        "Averaged over all orders in which the stages could be moved (Shapley values): more than "
        "{n} levers move, too many for all their orders.",
        n=SHAPLEY_PLAYERS,
    )
    return Table(
        header=(words("Stage"), words("Lever"), label(scenario.goal.metric, words)),
        rows=tuple(rows),
        align=sides("llr"),
        caption=words("What each lever adds in B's month, whatever comes first"),
        emphasis=frozenset(strong),
        note=every if fine else coarse,
    )


def _other_change(scenario: Scenario) -> float:
    """Return what the plan adds to the revenue that belongs to no product."""
    month = scenario.goal.horizon
    return float(scenario.run().other_revenue[month] - scenario.run({}).other_revenue[month])


def lmdi_table(scenario: Scenario, words: Words) -> Table:
    """Return what each factor adds to each product's revenue; rows and columns add up.

    A factor that adds nothing has no row. For another goal than revenue only a note says why
    there is no table.
    """
    caption = words("What each factor adds to each product in B's month, whatever comes first")
    if scenario.goal.metric != "revenue":
        why = words(
            "Not for this goal ({metric}): revenue is a product of factors and can be split by "
            "their logarithms, a difference of revenue and costs cannot.",
            metric=label(scenario.goal.metric, words),
        )
        return note_alone(caption, why)

    line = scenario.business.line
    chains = [
        NEW_SALES if first else REPEAT_SALES
        for first in ([product.first for product in line] if line else (True, False))
    ]
    parts, other = lmdi_of_scenario(scenario), _other_change(scenario)
    rows = [
        (
            words(FACTOR_LABELS[name]),
            *(
                _money(value, words) if name in chain else ""
                for chain, value in zip(chains, parts[name], strict=True)
            ),
            "",
            _money(parts[name].sum(), words),
        )
        for name in FACTORS
        if _counts(parts[name])
    ]
    if _counts(other):
        cell = _money(other, words)
        rows.append((label("other_revenue", words), *[""] * len(chains), cell, cell))
    products = np.array([*sum(parts.values(), np.zeros(len(chains))), other])
    rows.append((words("Total"), *(_money(v, words) for v in (*products, products.sum()))))
    return Table(
        header=(words("Factor"), *product_names(scenario, words), words("Total")),
        rows=tuple(rows),
        caption=caption,
        note=words(
            "Split by the factors' logarithms (LMDI-I). The leads are those whose deals fall due "
            "in this month."
        ),
    ).turned(words("Product"))


def mix_table(scenario: Scenario, words: Words) -> Table:
    """Return price, volume and mix of the product line's revenue; rows and columns add up.

    Beside them stand new and dropped products, collection and other revenue where they change.
    Without a product line only a note says why there is no table.
    """
    caption = words("Price, volume and mix of the product line in B's month")
    if not scenario.business.line:
        why = words("Not without a product line: a mix takes several products.")
        return note_alone(caption, why)

    effects, names = mix_of_scenario(scenario), product_names(scenario, words)
    usual = {
        words("Price"): effects["price"],
        words("Volume"): effects["volume"],
        words("Mix"): effects["mix"],
    }
    rare = {
        words("New or dropped"): effects["new"] + effects["dropped"],
        words("Collected"): effects["collected"],
    }
    columns = usual | {name: part for name, part in rare.items() if _counts(part)}
    columns = {name: np.append(part, 0.0) for name, part in columns.items()}
    if _counts(other := _other_change(scenario)):
        columns[label("other_revenue", words)] = np.append(np.zeros(len(names) - 1), other)
    table = np.column_stack(list(columns.values()))
    rows = [
        (name, *(_money(value, words) for value in (*row, row.sum())))
        for name, row in zip((*names, words("Total")), (*table, table.sum(axis=0)), strict=True)
    ]
    return Table(
        header=(words("Product"), *columns, words("Total")),
        rows=tuple(rows),
        align=sides("l" + "r" * (len(columns) + 1)),
        caption=caption,
        emphasis=frozenset({len(rows) - 1}),
        note=words(
            "Price: on the planned units. Volume: as if all products grew alike. Mix: what the "
            "shift between products adds at their present prices. Collected: a changed share of "
            "payments and refunds. Units of free products do not count."
        ),
    )
