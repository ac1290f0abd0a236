"""Tables of what an order log says: its size, the models' parameters, what clients are worth."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from funnelkit.plan.clientele import Clientele
from funnelkit.plan.contracts import Contracts
from funnelkit.plan.estimate import Estimate
from funnelkit.plan.gammagamma import independence
from funnelkit.plan.habits import Habits
from funnelkit.plan.lifetime import Check, Fit, LifetimeError
from funnelkit.plan.worth import Worth
from funnelkit.show.export_summary import period_text
from funnelkit.show.lifetime_words import CONTRACT, PARAMETERS
from funnelkit.show.tables import Cell, Table, sides
from funnelkit.show.words import Words

__all__ = [
    "best_clients_table",
    "clientele_table",
    "parameters_table",
    "repeats_table",
    "repeats_text",
    "within",
    "worth_table",
]

BEST = 10
"""Clients that are named."""


def clientele_table(clientele: Clientele, nameless: int, words: Words) -> Table:
    """Return what the order log holds."""
    orders = clientele.orders
    first, last = (np.datetime64(int(day), "D").item() for day in (orders.day.min(), clientele.end))
    clients, paid = orders.clients.size, float(orders.amount.sum())
    again = clientele.repeaters
    rows = [
        (words("Period"), period_text(first, last, words)),
        (words("Clients"), words.number(clients)),
        (
            words("Clients who bought on more than one day"),
            f"{words.number(again)} ({words.share(again / clients)})",
        ),
        (words("Purchases; the orders of a day are one"), words.number(orders.day.size)),
        (words("Paid"), words.money(paid)),
        (words("Purchase on average"), words.money(paid / orders.day.size)),
        (words("First purchase on average"), words.money(float(orders.first_amount.mean()))),
    ]
    if clientele.returns:
        rows.append((words("Paid back"), words.money(clientele.returned)))
    if nameless:
        rows.append((words("Sales that name no client, left out below"), words.number(nameless)))
    steady = words.share(clientele.steadiness)
    if clientele.contractual:
        note = words(
            "Clients buy as by a contract: in {share} of the months until their last one. They are "
            "taken to leave at a renewal.",
            share=steady,
        )
    else:
        note = words(
            "Clients come and go: they buy in {share} of the months until their last one. Who has "
            "left does not say so, and is known by how long he has not bought.",
            share=steady,
        )
    return Table(
        header=(), rows=tuple(rows), align=sides("lr"), caption=words("The order log"), note=note
    )


def parameters_table(found: Habits | Contracts, words: Words) -> Table:
    """Return the models' parameters with their standard errors, and how likely the data are."""
    rows: list[tuple[str, ...]] = []
    if isinstance(found, Contracts):
        rows += _rows(CONTRACT, found.half, found.whole, words)
        model = words("Shifted beta-geometric model (Fader & Hardie 2007)")
    else:
        rows += _rows(PARAMETERS, found.half.purchases, found.whole.purchases, words)
        rows += _rows(PARAMETERS, found.half.spend, found.whole.spend, words)
        texts = (words.number(independence(f.buyers), 2) for f in (found.half, found.whole))
        rows.append((words("How often and for how much: correlation, taken to be 0"), *texts))
        model = words(
            "BG/NBD model of purchases (Fader, Hardie & Lee 2005) and gamma-gamma model of spend "
            "(Fader & Hardie 2013)"
        )
    return Table(
        header=(words("Parameter"), words("First half of the log"), words("Whole log")),
        rows=tuple(rows),
        caption=words("The models' parameters, with standard errors"),
        note=model,
    )


def _rows(
    texts: Mapping[str, str],
    half: Fit[Any] | LifetimeError,
    whole: Fit[Any] | LifetimeError,
    words: Words,
) -> list[tuple[str, ...]]:
    """List a model's parameters as fitted to half of the data and to all."""
    fits = (half, whole)
    known = next((fit for fit in (whole, half) if not isinstance(fit, LifetimeError)), None)
    if known is None:
        return []
    rows: list[tuple[str, ...]] = [
        (words(texts[field.name]), *(_parameter(fit, place, words) for fit in fits))
        for place, field in enumerate(fields(known.model))
    ]
    likely = (
        words.missing
        if isinstance(fit, LifetimeError)
        else words.number(float(fit.log_likelihood), 1)
        for fit in fits
    )
    return [*rows, (words("Log-likelihood"), *likely)]


def _parameter(fit: Fit[Any] | LifetimeError, place: int, words: Words) -> str:
    if isinstance(fit, LifetimeError):
        return words.missing
    value = float(getattr(fit.model, fields(fit.model)[place].name))
    error = value * float(np.sqrt(fit.covariance[place, place]))
    return f"{words.number(value, 3)} ± {words.number(error, 3)}"


def within(months: int, words: Words) -> str:
    """Name a horizon."""
    return words.plural("{n} month", "{n} months", months)


def worth_table(worth: Worth, typed: Sequence[float], words: Words, *, note: str) -> Table:
    """Return what a new client and all present ones bring within each horizon.

    Parameters
    ----------
    worth : Worth
    typed : sequence of float, one a horizon
        What a new client brings by the levers of the client's file.
    words : Words
    note : str
        What the sums are.
    """

    def between(estimate: Estimate, place: int, *, money: bool) -> str:
        ends = (float(estimate.low[place]), float(estimate.high[place]))
        low, high = (words.money(end) if money else words.number(end) for end in ends)
        return words("{low} to {high}", low=low, high=high)

    return Table(
        header=(
            words("Within"),
            words("A new client brings (LTV)"),
            words("95 % between"),
            words("The same by the levers"),
            words("Present clients buy"),
            words("95 % between"),
            words("Present clients bring"),
            words("95 % between"),
        ),
        rows=tuple(
            (
                within(months, words),
                words.money(float(worth.new.value[months])),
                between(worth.new, months, money=True),
                _money(typed[place], words),
                words.number(float(worth.purchases.value[place])),
                between(worth.purchases, place, money=False),
                words.money(float(worth.value.value[place])),
                between(worth.value, place, money=True),
            )
            for place, months in enumerate(worth.horizons)
        ),
        caption=words("What clients are worth, by horizon"),
        note=note,
    )


def _money(value: float, words: Words) -> str | Cell:
    return words.money(value) if np.isfinite(value) else Cell(words.missing, "missing")


def best_clients_table(clientele: Clientele, worth: Worth, months: int, words: Words) -> Table:
    """Return the clients who are expected to bring most."""
    orders = clientele.orders
    count = np.bincount(orders.client, minlength=orders.clients.size)
    last = orders.day[np.cumsum(count) - 1]
    best = np.lexsort((np.arange(worth.each.size), -worth.each))[:BEST]
    share = float(worth.each[best].sum() / worth.each.sum()) if worth.each.sum() else np.nan
    return Table(
        header=(
            words("Client"),
            words("Purchases"),
            words("Last purchase"),
            words("Still a client"),
            words("Will buy"),
            words("Will bring"),
        ),
        rows=tuple(
            (
                str(orders.clients[place]),
                words.number(int(count[place])),
                words.day(np.datetime64(int(last[place]), "D").item()),
                words.share(float(worth.there[place])),
                words.number(float(worth.each_purchases[place]), 1),
                words.money(float(worth.each[place])),
            )
            for place in best.tolist()
        ),
        caption=words("Who will bring most within {horizon}", horizon=within(months, words)),
        note=words(
            "Together {share} of what all present clients will bring.", share=words.share(share)
        ),
    )


def repeats_table(counted: Check, each: Check | LifetimeError, words: Words) -> Table:
    """Return clients by repeat purchases: counted, fitted, and what they bought afterwards."""
    top = counted.actual.size - 1

    def mean(check: Check | LifetimeError, values: str, place: int) -> str:
        return (
            words.missing
            if isinstance(check, LifetimeError)
            else words.number(float(getattr(check, values)[place]), 2)
        )

    return Table(
        header=(
            words("Repeat purchases"),
            words("Clients"),
            words("Clients by the model"),
            words("Bought in the second half, each"),
            words("Foretold from the first half"),
        ),
        rows=tuple(
            (
                repeats_text(place, top, words),
                words.number(float(counted.actual[place])),
                words.number(float(counted.predicted[place])),
                mean(each, "actual", place),
                mean(each, "predicted", place),
            )
            for place in range(top + 1)
        ),
        caption=words("Clients by the number of their repeat purchases"),
        note=words(
            "The last two columns are of clients with so many repeat purchases in the first half."
        ),
    )


def repeats_text(place: int, top: int, words: Words) -> str:
    """Name a number of repeat purchases, the last one with all above it."""
    said = words.number(place)
    return words("{n} and more", n=said) if place == top else said
