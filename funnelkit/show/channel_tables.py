"""The channels' tables: what each brings and costs, and what may be paid for it."""

from collections.abc import Sequence

import numpy as np

from funnelkit.model.books import Books
from funnelkit.model.levers import message as _
from funnelkit.model.marketer import Permitted, Table
from funnelkit.plan.reconcile import Reconciled
from funnelkit.plan.target import Target
from funnelkit.show.book_labels import BOOKS, column, shown
from funnelkit.show.tables import Cell
from funnelkit.show.tables import Table as Shown
from funnelkit.show.words import Words

__all__ = [
    "channels_table",
    "limits_table",
    "reconciliation_table",
    "results_table",
    "target_table",
]

_MONEY = ("media", "leads", "cpl", "new_customers", "cac", "roas", "romi_contribution")
_LIMITS = (
    *("cpl", "break_even_cpl", "cac", "max_cac"),
    *("roas", "break_even_roas_variable", "drr"),
)
_RESULTS = (
    *("orders", "paid_orders", "new_customers", "gross_revenue", "revenue", "cogs"),
    *("gross_profit", "variable_costs", "contribution", "media", "total_marketing"),
    *("sales_cost", "fixed_costs", "ebitda", "tax", "net_profit"),
    *("cpl", "cpo", "cac", "roas", "drr", "romi_contribution", "romi_revenue", "roi"),
    *("max_cac_full", "break_even_roas_full"),
)
_SUMS = ("revenue", "contribution", "total_marketing", "ebitda", "net_profit")


def channels_table(names: Sequence[str], table: Table, words: Words) -> Shown:
    """Return what every channel of the plan brings and costs, and all together."""
    left_out = int(table.left_out)
    note = words(
        "CAC of a channel holds its own costs; the company's sales cost and fees are in the total."
    )
    if left_out:
        note += " " + words.plural(
            "{n} channel is left out of the total: a conversion is missing.",
            "{n} channels are left out of the total: a conversion is missing.",
            left_out,
        )
    return _by_channel(
        names, table, _MONEY, words, words("The channels of the plan, in a month"), note
    )


def limits_table(names: Sequence[str], table: Table, words: Words) -> Shown:
    """Return what channels may cost beside what they cost."""
    note = words("What is above its limit loses money on the first order; LTV may still carry it.")
    return _by_channel(names, table, _LIMITS, words, words("What a channel may cost"), note)


def _by_channel(
    names: Sequence[str],
    table: Table,
    quantities: Sequence[str],
    words: Words,
    caption: str,
    note: str,
) -> Shown:
    columns = [column(table, name, words) for name in quantities]
    complete = [*table.complete.tolist(), True]
    rows = tuple(
        tuple(
            cell if whole or not number else Cell(cell, "quiet") for number, cell in enumerate(row)
        )
        for whole, row in zip(
            complete, zip((*names, words("Total")), *columns, strict=True), strict=True
        )
    )
    return Shown(
        header=(words("Channel"), *(words(BOOKS[name].label) for name in quantities)),
        rows=rows,
        caption=caption,
        note=note,
        emphasis=frozenset({len(names)}),
    )


def results_table(now: Books, plan: Books, words: Words) -> Shown:
    """Return the books of all channels together, today and as planned."""
    rows = [
        (
            words(BOOKS[name].label),
            *(shown(name, float(getattr(books, name)), words) for books in (now, plan)),
        )
        for name in _RESULTS
    ]
    strong = frozenset(number for number, name in enumerate(_RESULTS) if name in _SUMS)
    return Shown(
        header=(words("Figure"), words("Now"), words("Plan")),
        rows=tuple(rows),
        caption=words("The books of all channels, in a month of new sales"),
        emphasis=strong,
    )


def reconciliation_table(found: Reconciled, words: Words) -> Shown:
    """Lay what the channels bring beside what B needs and what the owner's level counts."""

    def row(name: str, needed: float, brought: float) -> tuple[str | Cell, ...]:
        short = needed - brought
        apart: str | Cell = words.missing
        if np.isfinite(short):
            change = words.count(-round(short, 6))
            apart = Cell(change, "bad") if round(short, 6) > 0 else change
            apart = "+" + change if round(short, 6) < 0 else apart
        return name, words.count(needed), words.count(brought), apart

    rows = (
        row(words("Visitors that B needs"), found.visitors_needed, found.visitors),
        row(words("Leads that B needs"), found.leads_needed, found.leads),
        row(
            words("New clients by the owner's conversions"),
            found.owner_customers,
            found.new_customers,
        ),
    )
    note = words(
        "Needed is what B takes if all else goes as planned. The owner's month of B counts "
        "{customers} new clients: with {nurtured} leads of the audience, the sales cycle's delay "
        "and the team's limit.",
        customers=words.count(found.month_customers),
        nurtured=words.count(found.nurtured_leads),
    )
    return Shown(
        header=(words("People a month"), words("Needed"), words("Channels"), words("Difference")),
        rows=rows,
        caption=words("The channels against the owner's level"),
        note=note,
    )


TARGETS = {"roas": _("ROAS"), "drr": _("DRR"), "cpo": _("CPO")}


def target_table(
    names: Sequence[str], table: Table, target: Target, most: Permitted, words: Words
) -> Shown:
    """Return the price of traffic that a target permits, beside what is paid."""
    rows: list[tuple[str | Cell, ...]] = []
    for place, name in enumerate(names):
        if not table.channels.media[place] > 0:
            continue
        paid, may = float(table.channels.cpc[place]), float(most.cpc[place])
        if not table.channels.clicks[place] > 0:
            paid, may = float(table.channels.cpl[place]), float(most.cpl[place])
        earned = float(most.earned_per_order[place])
        rows.append(
            (
                name,
                words.money(paid),
                Cell(words.money(may), "bad") if paid > may else words.money(may),
                Cell(words.money(earned), "bad") if earned < 0 else words.money(earned),
                shown("roas", float(most.break_even_roas[place]), words),
            )
        )
    value = words.share(target.value) if target.metric == "drr" else ""
    value = words.money(target.value) if target.metric == "cpo" else value
    value = value or words.number(target.value, 2)
    return Shown(
        header=(
            words("Channel"),
            words("Price paid"),
            words("Price permitted"),
            words("Left per order"),
            words("Break-even ROAS"),
        ),
        rows=tuple(rows),
        caption=words(
            "What traffic may cost at the target {metric} {value}",
            metric=words(TARGETS[target.metric]),
            value=value,
        ),
        note=words(
            "Price of a click, of a lead where there are no clicks. Left per order is contribution "
            "less advertising at the permitted price: below 0 the target itself loses money on "
            "each first order."
        ),
    )
