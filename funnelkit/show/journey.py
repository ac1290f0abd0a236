"""From spend to payment: the end-to-end table, whose parts add up to its last row."""

from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.evidence.evidence import Evidence
from funnelkit.model.levers import Unit
from funnelkit.model.levers import message as _
from funnelkit.show.tables import Table, sides
from funnelkit.show.words import Words

__all__ = ["journey_table"]

COLUMNS = {
    "spend": (_("Ad spend"), Unit.MONEY),
    "clicks": (_("Clicks"), Unit.COUNT),
    "leads": (_("Leads"), Unit.COUNT),
    "won": (_("Won deals"), Unit.COUNT),
    "paid": (_("Payments"), Unit.MONEY),
}
"""By name in the journey; deals count in the month of closing, payments in their own."""


def journey_table(evidence: Evidence, words: Words, *, campaigns: bool = False) -> Table | None:
    """Return what was spent, and what came of it, by channel; None without channels.

    What nothing names stands in a row of its own, the last before the total. Of a channel in no
    export of spend it is not known what it cost.

    Parameters
    ----------
    evidence : Evidence
    words : Words
        In the client's currency.
    campaigns : bool
        Whether campaigns and months have rows of their own.
    """
    joined = evidence.journey
    if not any(joined.channel):
        return None
    shown = {name: getattr(joined, name) for name in COLUMNS}
    shown = {name: column for name, column in shown.items() if np.isfinite(column).any()}
    bought = {each.channel for each in evidence.channels if each.spend > 0 or each.clicks > 0}
    place = {each.channel: n for n, each in enumerate(evidence.channels)}
    keys = [
        (place[channel], *((campaign == "", campaign, month) if campaigns else ()))
        for channel, campaign, month in zip(
            joined.channel, joined.campaign, joined.month, strict=True
        )
    ]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    groups = [list(same) for _key, same in groupby(order, key=keys.__getitem__)]
    rows = [
        (
            joined.channel[rows[0]] or words("without a channel"),
            *((joined.campaign[rows[0]], words.month(joined.month[rows[0]])) if campaigns else ()),
            *_sums(shown, rows, words, bought=joined.channel[rows[0]] in bought),
        )
        for rows in groups
    ]
    names = (words("Channel"), *((words("Campaign"), words("Month")) if campaigns else ()))
    total = (words("Total"), *("" for _name in names[1:]), *_sums(shown, order, words))
    return Table(
        header=(*names, *(words(COLUMNS[name][0]) for name in shown)),
        rows=(*rows, total),
        align=sides("l" * len(names) + "r" * len(shown)),
        caption=words("From spend to payment"),
        emphasis=frozenset({len(rows)}),
    )


def _sums(
    columns: dict[str, NDArray[np.float64]], rows: list[int], words: Words, *, bought: bool = True
) -> tuple[str, ...]:
    return tuple(
        words.value(float(column[rows].sum()), COLUMNS[name][1])
        if bought or name not in ("spend", "clicks")
        else words.missing
        for name, column in columns.items()
    )
