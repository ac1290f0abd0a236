"""The marketer's pictures of a plan, for the notebook's cells and for the live board."""

from functools import partial

import numpy as np

from funnelkit.model.books import Books
from funnelkit.model.channel import TRAFFIC
from funnelkit.model.marketer import Table
from funnelkit.model.payback import payback_with_churn
from funnelkit.model.quantity import over
from funnelkit.plan.budget import Verdict
from funnelkit.plan.media import Media
from funnelkit.plan.need import visitors_needed
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.spend import spend_of
from funnelkit.show.book_labels import BOOKS
from funnelkit.show.channel_figures import channel_figures_table
from funnelkit.show.charts.channels import channels_chart
from funnelkit.show.charts.payback import Payback, payback_chart
from funnelkit.show.charts.spend import CurvePoint, SpendPoint, spend_chart
from funnelkit.show.charts.together import rows_together, together
from funnelkit.show.charts.unit_economics import PerOrder, unit_economics_chart
from funnelkit.show.labels import label
from funnelkit.show.picture import Picture
from funnelkit.show.words import Words

__all__ = [
    "CHANNEL_LINES",
    "channel_board_pictures",
    "channel_board_still",
    "channels_picture",
    "payback_months",
    "payback_picture",
    "per_order",
    "spend_picture",
    "unit_economics_picture",
]

CHANNEL_LINES = (("channels", "payback"), ("economics", "spend"))
"""How the board's pictures stand on their common canvas."""


def channels_picture(media: Media, table: Table, words: Words, *, compact: bool = False) -> Picture:
    """Draw the funnel of every channel."""
    counts = {
        "impressions": (table.channels.impressions, table.total.impressions),
        "clicks": (table.channels.clicks, table.total.clicks),
        "leads": (table.channels.leads, table.total.leads),
    }
    named = {name: words(BOOKS[name].label) for name in counts}
    if not compact:
        for stage in media.market.stages[:-1]:
            passed = table.passed[stage]
            whole = np.where(table.complete, passed, 0.0).sum(axis=-1)
            counts[stage], named[stage] = (passed, whole), _stage(stage, words)
    counts["orders"] = (table.channels.orders, table.total.orders)
    counts["new_customers"] = (table.channels.new_customers, table.total.new_customers)
    named |= {name: words(BOOKS[name].label) for name in ("orders", "new_customers")}
    if np.array_equal(table.channels.orders, table.channels.new_customers, equal_nan=True):
        del counts["orders"]
    return channels_chart(
        media.market.names,
        [named[name] for name in counts],
        np.column_stack([values for values, _total in counts.values()]),
        words,
        absent=np.column_stack(
            [
                ~media.market.has(name) if name in TRAFFIC else np.zeros(len(table.complete), bool)
                for name in counts
            ]
        ),
        complete=table.complete.tolist(),
        total=[float(total) for _values, total in counts.values()],
        compact=compact,
    )


def _stage(name: str, words: Words) -> str:
    """Name a stage: the owner's by its lever, another as the client wrote it."""
    try:
        return label(name, words)
    except KeyError:
        return name


def per_order(books: Books) -> PerOrder:
    """Take one paid order apart, of all channels together."""

    def each(value: np.ndarray) -> float:
        return float(over(value, books.paid_orders))

    return PerOrder(
        check=each(books.gross_revenue),
        vat=each(books.gross_revenue - books.revenue),
        goods=each(books.cogs),
        variable=each(books.variable_costs),
        media=each(books.media_cost),
        fees=each(books.agency_fee + books.production),
        sales_cost=each(books.sales_cost),
        fixed_costs=each(books.fixed_costs),
        tax=each(books.tax),
    )


def unit_economics_picture(table: Table, words: Words, *, compact: bool = False) -> Picture:
    """Draw one paid order from its check to its profit."""
    return unit_economics_chart(per_order(table.total), words, compact=compact)


def spend_picture(
    media: Media, scenario: Scenario, table: Table, words: Words, *, compact: bool = False
) -> Picture:
    """Draw leads against budget: what is reachable, today, the plan, the cheapest for B."""
    spend = spend_of(media, scenario)
    needed = visitors_needed(scenario) * scenario.planned("lead_rate")
    least = spend.least(needed)
    planned = float(np.nansum(spend.plan))
    met = str(least.verdict) == Verdict.MET
    cheapest = float(least.total_spend) if met else np.nan
    found = spend.frontier(planned, cheapest)
    today = media.today(scenario).total
    rest = float(np.nansum(media.now.amount[spend.rows]))
    points = [
        SpendPoint(key="today", name=words("Today"), budget=rest, leads=float(today.leads)),
        SpendPoint(key="plan", name=words("Plan"), budget=planned, leads=float(table.total.leads)),
        SpendPoint(
            key="cheapest",
            name=words("Cheapest for B"),
            budget=cheapest,
            leads=float(least.total_leads) + spend.other_leads if met else np.nan,
        ),
    ]
    marginal = spend.marginal_cpl(spend.plan)
    return spend_chart(
        [
            CurvePoint(budget=budget, leads=leads, seen=seen)
            for budget, leads, seen in zip(
                found.budget.tolist(), found.leads.tolist(), found.seen.tolist(), strict=True
            )
        ],
        points,
        words,
        needed=needed,
        average_cpl=float(table.total.cpl),
        marginal_cpl=float(np.nanmin(marginal)) if np.isfinite(marginal).any() else np.nan,
        compact=compact,
    )


def payback_months(scenario: Scenario, levers: dict[str, float], books: Books) -> np.ndarray:
    """Months until a client's contribution has paid back the CAC, the first sale counted.

    NaN where it never does, or is not known. As in LTV the first repeat month is already thinned
    by retention.
    """
    one = scenario.per_customer(levers)
    rest = np.maximum(books.cac - one.first_value.item(), 0.0)
    kept = levers.get("retention_rate", np.nan)
    monthly = one.monthly_value.item() * kept
    if not monthly > 0:
        return np.where(rest == 0, 0.0, np.nan)
    return np.where(rest == 0, 0.0, payback_with_churn(rest, monthly, 1.0, 1.0 - kept))


def payback_picture(
    media: Media, scenario: Scenario, table: Table, words: Words, *, compact: bool = False
) -> Picture:
    """Draw LTV / CAC and the months of payback by channel, now against the plan."""
    now = media.today(scenario)
    sides = ((now, dict(scenario.now)), (table, scenario.target))
    ratios, months = [], []
    for each, levers in sides:
        value = float(scenario.per_customer(levers).ltv.item())
        ratios.append([_ratio(value, each), *over(np.array(value), each.channels.cac).tolist()])
        months.append(
            [
                payback_months(scenario, levers, each.total).item(),
                *payback_months(scenario, levers, each.channels).tolist(),
            ]
        )
    rows = [
        Payback(
            key=str(place),
            name=name,
            now=ratios[0][place],
            plan=ratios[1][place],
            now_months=months[0][place],
            plan_months=months[1][place],
        )
        for place, name in enumerate((words("All channels"), *media.market.names))
        if np.isfinite(ratios[0][place]) or np.isfinite(ratios[1][place])
    ]
    return payback_chart(rows, words, compact=compact)


def _ratio(value: float, table: Table) -> float:
    return float(over(np.array(value), table.total.cac))


def channel_board_pictures(
    media: Media, scenario: Scenario, table: Table, words: Words
) -> dict[str, Picture]:
    """Draw what the marketer's board shows at once, small, by name."""
    return {
        "channels": channels_picture(media, table, words, compact=True),
        "economics": unit_economics_picture(table, words, compact=True),
        "spend": spend_picture(media, scenario, table, words, compact=True),
        "payback": payback_picture(media, scenario, table, words, compact=True),
    }


def channel_board_still(media: Media, scenario: Scenario, table: Table, words: Words) -> Picture:
    """Draw what the board shows when it opens, for a notebook without a kernel."""
    pictures = channel_board_pictures(media, scenario, table, words)
    spec = together(pictures, CHANNEL_LINES)
    return Picture(
        datasets=rows_together(pictures),
        description=spec["description"],
        draw=lambda: spec,
        tabulate=partial(channel_figures_table, scenario, table, words),
    )
