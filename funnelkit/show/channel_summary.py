"""The head of the marketer's level: what the channels bring and cost, and whether B needs more."""

from funnelkit.client.client import Client
from funnelkit.model.marketer import Table
from funnelkit.plan.reconcile import Reconciled
from funnelkit.plan.scenario import Scenario
from funnelkit.show.book_labels import BOOKS, shown
from funnelkit.show.pages import page_template
from funnelkit.show.words import Words

__all__ = ["TOO_FEW", "channel_summary_html", "leads_sentence"]

TOO_FEW = 1e-6
"""Leads short of B that are rounding."""


def leads_sentence(found: Reconciled, words: Words) -> str:
    """Say whether the channels bring what B needs."""
    if not found.leads_needed >= 0:
        return words("No number of visitors brings B, if all else goes as planned.")
    needed, brought = words.count(found.leads_needed), words.count(found.leads)
    if found.leads_short > TOO_FEW:
        return words(
            "B needs {needed} leads a month, the channels bring {brought}.",
            needed=needed,
            brought=brought,
        )
    return words(
        "The channels bring the leads that B needs: {brought} of {needed}.",
        needed=needed,
        brought=brought,
    )


def channel_summary_html(
    client: Client,
    scenario: Scenario,
    found: Reconciled,
    now: Table,
    plan: Table,
    words: Words,
) -> str:
    """Return the head as HTML, every text escaped."""

    def pair(name: str) -> dict[str, str]:
        values = (float(getattr(table.total, name)) for table in (now, plan))
        before, after = (shown(name, value, words) for value in values)
        return {"name": words(BOOKS[name].label), "now": before, "plan": after}

    return page_template("channels.html.jinja").render(
        words=words,
        title=client.title,
        month_a=words.month(client.first_month),
        month_b=words.month(client.first_month, scenario.goal.horizon),
        points=[pair(name) for name in ("media", "leads", "cac")],
        verdict=leads_sentence(found, words),
        met=found.leads_short <= TOO_FEW,
        left_out=int(plan.left_out),
    )
