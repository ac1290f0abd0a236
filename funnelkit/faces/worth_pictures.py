"""Pictures of what clients are worth: LTV by horizon, and the clients by tenths."""

from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from funnelkit.faces.lifetime_pictures import listed
from funnelkit.plan.clientele import Clientele
from funnelkit.plan.worth import Worth
from funnelkit.show.charts import theme
from funnelkit.show.charts.curves import Curve, curves_chart
from funnelkit.show.charts.pairs import Pair, pairs_picture
from funnelkit.show.lifetime_tables import within
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Table
from funnelkit.show.words import Words

__all__ = ["tenths_picture", "worth_picture"]


def worth_picture(worth: Worth, typed: ArrayLike, measured: ArrayLike, words: Words) -> Picture:
    """Draw LTV by horizon with its interval, beside the cohorts' and the levers'.

    Parameters
    ----------
    worth : Worth
    typed : array_like, shape (months + 1,)
        What a new client brings by the levers of the client's file; NaN where not known.
    measured : array_like, shape (ages,)
        What clients have brought within so many months.
    words : Words
    """
    months = worth.new.value.size
    so_far = np.full(months, np.nan)
    known = np.asarray(measured, dtype=float)[:months]
    so_far[: known.size] = known
    levers = np.asarray(typed, dtype=float)
    curves = [
        Curve(name=words("Measured so far"), values=so_far, colour=theme.GREY),
        Curve(name=words("By the levers"), values=levers, colour=theme.NEUTRAL, style="dashes"),
        Curve(
            name=words("By the model"),
            values=worth.new.value,
            colour=theme.PLAN,
            low=worth.new.low,
            high=worth.new.high,
        ),
    ]
    last = months - 1
    description = words(
        "A new client brings {value} within {months}, 95 % between {low} and {high}; by the levers "
        "of the client's file {typed}.",
        value=words.money(float(worth.new.value[last])),
        months=within(last, words),
        low=words.money(float(worth.new.low[last])),
        high=words.money(float(worth.new.high[last])),
        typed=words.money(float(levers[last])),
    )
    return curves_chart(
        curves,
        above=words("LTV: contribution of a new client; the band is the 95 % interval"),
        below=words("Months after the first purchase"),
        places=[words.number(month) for month in range(months)],
        say=words.short_money,
        description=description,
        table=partial(
            listed,
            words("Months"),
            [words.number(month) for month in range(months)],
            [
                *((curve.name, curve.values) for curve in curves),
                (words("From"), worth.new.low),
                (words("To"), worth.new.high),
            ],
            words,
            description,
            money=True,
        ),
    )


def tenths_picture(
    clientele: Clientele, worth: Worth, months: int, share: float, words: Words
) -> Picture:
    """Draw what each tenth of the clients has brought and will bring, from those who bring most."""
    orders = clientele.orders
    so_far = np.bincount(orders.client, orders.amount, orders.clients.size) * share
    order = np.lexsort((np.arange(so_far.size), -worth.each))
    parts = [part for part in np.array_split(order, 10) if part.size]
    total = float(worth.each.sum())
    pairs = [
        Pair(
            key=str(place),
            name=words("Tenth {n}", n=words.number(place + 1)),
            now=float(so_far[part].mean()),
            plan=float(worth.each[part].mean()),
            now_text=words.money(float(so_far[part].mean())),
            plan_text=words.money(float(worth.each[part].mean())),
            plan_side=words.share(float(worth.each[part].sum()) / total) if total else "",
        )
        for place, part in enumerate(parts)
    ]
    first = float(worth.each[parts[0]].sum()) / total if total else np.nan
    description = words(
        "The tenth of the clients who will bring most within {months} will bring {share} of it.",
        months=within(months, words),
        share=words.share(first),
    )

    def table() -> Table:
        return Table(
            header=(
                words("Clients, from those who will bring most"),
                words("Clients"),
                words("Brought so far, each"),
                words("Will bring, each"),
                words("Share of the total"),
            ),
            rows=tuple(
                (pair.name, words.number(part.size), pair.now_text, pair.plan_text, pair.plan_side)
                for pair, part in zip(pairs, parts, strict=True)
            ),
            caption=description,
        )

    return pairs_picture(
        pairs,
        words,
        description=description,
        table=table,
        side=words("Share of what will come"),
        side_room=70,
        bars_are=("Brought so far, each", "Will bring, each"),
    )
