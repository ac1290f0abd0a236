"""The marketer's key figures: what the channels bring, cost and earn in B's month."""

import numpy as np

from funnelkit.model.marketer import Table
from funnelkit.model.quantity import over
from funnelkit.plan.scenario import Scenario
from funnelkit.show.book_labels import BOOKS, shown
from funnelkit.show.labels import label
from funnelkit.show.tables import Table as Shown
from funnelkit.show.words import Words

__all__ = ["channel_figures", "channel_figures_table", "ltv_of"]

_FIGURES = ("media", "leads", "cac")
"""No more than have room at the head of a board."""


def ltv_of(scenario: Scenario) -> float:
    """Return the plan's lifetime value: the owner's, the only one there is."""
    return float(scenario.per_customer(scenario.target).ltv.item())


def channel_figures(scenario: Scenario, table: Table, words: Words) -> tuple[tuple[str, str], ...]:
    """Return the figures that matter, as names and values."""
    goal, total = scenario.goal, table.total
    figures = [
        (words(BOOKS[name].label), shown(name, float(getattr(total, name)), words))
        for name in _FIGURES
    ]
    ratio = float(over(np.array(ltv_of(scenario)), total.cac))
    figures.append((words("LTV / CAC"), words.count(ratio)))
    figures.append((label(goal.metric, words), words.money(float(scenario.at_goal()))))
    return tuple(figures)


def channel_figures_table(scenario: Scenario, table: Table, words: Words) -> Shown:
    """Return the key figures as a table."""
    return Shown(
        header=(words("Figure"), words("Plan")),
        rows=channel_figures(scenario, table, words),
        caption=words("Key figures of the channels"),
    )
