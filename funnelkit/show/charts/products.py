"""The product line: each product's part of the month, now against plan."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from funnelkit.model.levers import message as _
from funnelkit.show.charts.nodebox import moved
from funnelkit.show.charts.pairs import Pair, pairs_picture
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

__all__ = ["product_chart"]


def product_chart(
    products: Sequence[str], now: ArrayLike, plan: ArrayLike, words: Words, other_label: str
) -> Picture:
    """Draw what each product brings in a month.

    Parameters
    ----------
    products : sequence of str
        What the products are called.
    now, plan : array_like, shape (products + 1,)
        Money of a month, one number a product, then what belongs to none; see
        `funnelkit.model.owner.by_product`.
    words : Words
    other_label : str
        What the last row is called; it is left out where it is 0.

    Returns
    -------
    Picture
    """
    first, last = np.asarray(now, dtype=float), np.asarray(plan, dtype=float)
    names = [*products, other_label]
    rows: list[tuple[str | Cell, ...]] = []
    pairs = []
    for number, (name, a, b) in enumerate(zip(names, first.tolist(), last.tolist(), strict=True)):
        if number == len(products) and a == 0 and b == 0:
            continue
        texts = (words.short_money(a), words.short_money(b))
        change = words.change(b - a) if moved(a, b) else ""
        pairs.append(Pair(str(number), name, a, b, *texts, "", change))
        shown = Cell(change, "bad") if b < a else change
        rows.append((name, words.money(a), words.money(b), shown))
    total = (float(first.sum()), float(last.sum()))
    rows.append(
        (
            words(_("Total")),
            words.money(total[0]),
            words.money(total[1]),
            words.change(total[1] - total[0]),
        )
    )
    description = words(
        _("The product line: {now} a month today, {plan} in the goal's month."),
        now=words.short_money(total[0]),
        plan=words.short_money(total[1]),
    )
    change = words(_("Change"))

    def table() -> Table:
        return Table(
            header=(words(_("Product")), words(_("Now")), words(_("Plan")), change),
            rows=tuple(rows),
            caption=description,
            emphasis=frozenset({len(rows) - 1}),
        )

    return pairs_picture(
        pairs, words, description=description, table=table, side=change, side_room=118
    )
