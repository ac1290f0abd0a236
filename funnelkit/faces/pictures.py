"""The owner's pictures of a scenario, for the notebook's cells and for the live board."""

from dataclasses import replace

from funnelkit.client.client import Client
from funnelkit.model.levers import LEVERS, Stage
from funnelkit.model.owner import by_product
from funnelkit.model.products import stage_of
from funnelkit.plan.decompose import waterfall
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.tree import tree
from funnelkit.show.charts import (
    funnel_chart,
    months_chart,
    product_chart,
    tree_chart,
    waterfall_chart,
)
from funnelkit.show.charts.together import rows_together, together
from funnelkit.show.labels import label
from funnelkit.show.owner_tables import figures_table
from funnelkit.show.picture import Picture
from funnelkit.show.product_tables import product_names
from funnelkit.show.stages import department_names
from funnelkit.show.words import Words

__all__ = [
    "LINES",
    "board_pictures",
    "board_still",
    "funnel_picture",
    "months_picture",
    "products_picture",
    "tree_picture",
    "waterfall_picture",
]

LINES = (("tree",), ("waterfall", "funnel", "months"))
"""How a board's pictures stand on their common canvas."""


def tree_picture(
    client: Client, scenario: Scenario, words: Words, *, compact: bool = False
) -> Picture:
    """Draw the tree of B."""
    departments = department_names(client.departments, words)
    return tree_chart(tree(scenario), words, departments, compact=compact)


def waterfall_picture(
    client: Client, scenario: Scenario, words: Words, *, compact: bool = False
) -> Picture:
    """Draw the way from A to B."""
    departments = department_names(client.departments, words)
    metric = label(scenario.goal.metric, words)
    way = waterfall(scenario)
    if compact:
        # A stage that nobody has moved yet has its row, so that a first move shifts no other.
        line = scenario.business.line
        there = {stage_of(n, line) for n in scenario.now if n not in LEVERS or not LEVERS[n].cost}
        way = replace(way, stages={s: way.stages.get(s, 0.0) for s in Stage if s in there})
    return waterfall_chart(way, words, departments, metric, compact=compact)


def funnel_picture(scenario: Scenario, words: Words, *, compact: bool = False) -> Picture:
    """Draw the funnel now against the plan."""
    x, horizon = scenario.paths(), scenario.goal.horizon
    reached = [x[name] for name in ("visitors", "audience") if name in x]
    now, plan = (float(sum(path[month] for path in reached)) for month in (0, horizon))
    people = (now, plan) if reached else None
    return funnel_chart(scenario.run(), horizon, words, people, compact=compact)


def products_picture(scenario: Scenario, words: Words) -> Picture:
    """Draw revenue by product, now against the plan."""
    revenue = by_product(scenario.paths(), scenario.business, metric="revenue")
    *products, other = product_names(scenario, words)
    horizon = scenario.goal.horizon
    return product_chart(products, revenue[..., 0], revenue[..., horizon], words, other)


def months_picture(
    client: Client, scenario: Scenario, words: Words, *, compact: bool = False
) -> Picture:
    """Draw the path to B by month."""
    later = client.later
    return months_chart(
        scenario.run(),
        scenario.run({}),
        scenario.goal,
        words,
        client.first_month,
        later=None if later is None else (later.label, later.offset, later.value),
        compact=compact,
    )


def board_pictures(client: Client, scenario: Scenario, words: Words) -> dict[str, Picture]:
    """Draw what a board shows at once, small, by name."""
    return {
        "tree": tree_picture(client, scenario, words, compact=True),
        "waterfall": waterfall_picture(client, scenario, words, compact=True),
        "funnel": funnel_picture(scenario, words, compact=True),
        "months": months_picture(client, scenario, words, compact=True),
    }


def board_still(client: Client, scenario: Scenario, words: Words) -> Picture:
    """Draw what a board shows when it opens, for a notebook without a kernel."""
    pictures = board_pictures(client, scenario, words)
    spec = together(pictures, LINES)
    return Picture(
        datasets=rows_together(pictures),
        description=spec["description"],
        draw=lambda: spec,
        tabulate=lambda: figures_table(client, scenario, words),
    )
