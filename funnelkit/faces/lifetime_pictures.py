"""Pictures of an order log: cohorts, what models foretell beside what was counted, LTV."""

from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from funnelkit.plan.cohorts import Cohorts
from funnelkit.plan.contracts import Contracts
from funnelkit.plan.habits import Habits
from funnelkit.plan.lifetime import Check, LifetimeError
from funnelkit.show.charts import theme
from funnelkit.show.charts.cohorts import ROWS, cohort_month, cohorts_chart
from funnelkit.show.charts.curves import Curve, curves_chart
from funnelkit.show.charts.pairs import Pair, pairs_picture
from funnelkit.show.lifetime_tables import repeats_table, repeats_text, within
from funnelkit.show.lifetime_words import too_little
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Cell, Table, note_alone
from funnelkit.show.words import Words

__all__ = [
    "cohorts_picture",
    "cumulative_picture",
    "listed",
    "repeats_picture",
    "survival_picture",
    "tracking_picture",
]

MOST_ROWS = 26
"""Rows of a table behind a picture; of more, every second, third, ... is listed."""

Array = np.ndarray


def _no_months(words: Words) -> Table:
    why = words("No client has been there for two whole months.")
    return note_alone(words("Cohorts"), why)


def cohorts_picture(cohorts: Cohorts | None, words: Words) -> Picture | Table:
    """Draw which share of each cohort bought in each month."""
    if cohorts is None or cohorts.active.shape[1] < 2:
        return _no_months(words)
    return cohorts_chart(cohorts, words)


def cumulative_picture(cohorts: Cohorts | None, share: float, words: Words) -> Picture | Table:
    """Draw what a client of each cohort has brought so far.

    Parameters
    ----------
    cohorts : Cohorts or None
    share : float
        Of what is paid that is contribution.
    words : Words
    """
    if cohorts is None or cohorts.active.shape[1] < 2:
        return _no_months(words)
    ages = cohorts.active.shape[1]
    values = cohorts.cumulative * share
    few = cohorts.first.size <= 3
    curves = [
        Curve(
            name=words.short_month(cohort_month(first)) if few else "",
            values=row,
            colour=theme.GREY,
            style="thin",
        )
        for first, row in zip(cohorts.first.tolist(), values, strict=True)
    ]
    whole = cohorts.mean_cumulative * share
    curves.append(Curve(name=words("All cohorts"), values=whole, colour=theme.PLAN))
    description = words(
        "A client has brought {first} with the first month, and {last} within {months} after it.",
        first=words.money(float(whole[0])),
        last=words.money(float(whole[-1])),
        months=within(ages - 1, words),
    )
    shown = slice(-ROWS, None)
    names = [words.short_month(cohort_month(first)) for first in cohorts.first[shown].tolist()]
    return curves_chart(
        curves,
        above=words("Contribution of a client so far, thin lines: each month's new clients"),
        below=words("Months after the first purchase"),
        places=[words.number(age) for age in range(ages)],
        say=words.short_money,
        description=description,
        table=partial(
            listed,
            words("Months"),
            [words.number(age) for age in range(ages)],
            [*zip(names, values[shown], strict=True), (words("All cohorts"), whole)],
            words,
            description,
            money=True,
        ),
    )


def tracking_picture(found: Habits, words: Words) -> Picture | Table:
    """Draw repeat purchases week by week, foretold from the first half, beside those made."""
    check = found.tracked()
    if isinstance(check, LifetimeError):
        return too_little(words("Foretold and made purchases"), check, words)
    weeks, middle = found.weeks, found.clientele.middle
    split = int(np.searchsorted(weeks, middle, side="right")) - 1
    later = found.foretold()
    description = words(
        "From the first half of the log {predicted} repeat purchases are foretold for the whole, "
        "{actual} were made: {excess}. Of the second half alone: {later}.",
        predicted=words.number(float(check.predicted[-1])),
        actual=words.number(float(check.actual[-1])),
        excess=_excess(Check(predicted=check.predicted[-1:], actual=check.actual[-1:]), words),
        later=_excess(later, words),
    )
    places = [words.number(number + 1) for number in range(weeks.size)]
    return curves_chart(
        [
            Curve(name=words("Made"), values=check.actual, colour=theme.NEUTRAL),
            Curve(
                name=words("Foretold"), values=check.predicted, colour=theme.PLAN, style="dashes"
            ),
        ],
        above=words("Repeat purchases so far, of clients who came in the first half"),
        below=words("Weeks"),
        places=[p if number % 4 == 3 else "" for number, p in enumerate(places)],
        say=words.number,
        description=description,
        mark=(max(split, 0), words("what the model has seen")),
        table=partial(
            listed,
            words("Weeks"),
            places,
            [(words("Made"), check.actual), (words("Foretold"), check.predicted)],
            words,
            description,
            money=False,
        ),
    )


def _excess(check: Check | LifetimeError, words: Words) -> str:
    """Say by how much what was foretold is above or below what was made."""
    value = np.nan if isinstance(check, LifetimeError) else check.excess
    if not np.isfinite(value):
        return words.missing
    if value < 0:
        return words("{share} too few", share=words.share(-value))
    return words("{share} too many", share=words.share(value))


def repeats_picture(found: Habits, words: Words) -> Picture | Table:
    """Draw how many clients have bought again so often, as counted and by the model."""
    check = found.counted()
    if isinstance(check, LifetimeError):
        return too_little(words("Clients by repeat purchases"), check, words)
    top = check.actual.size - 1
    pairs = [
        Pair(
            key=str(place),
            name=repeats_text(place, top, words),
            now=counted,
            plan=fitted,
            now_text=words.number(counted),
            plan_text=words.number(fitted),
        )
        for place, (counted, fitted) in enumerate(
            zip(check.actual.tolist(), check.predicted.tolist(), strict=True)
        )
    ]
    return pairs_picture(
        pairs,
        words,
        description=words(
            "{none} of {all} clients have not bought again; by the model it should be {fitted}.",
            none=words.number(pairs[0].now),
            all=words.number(float(check.actual.sum())),
            fitted=words.number(pairs[0].plan),
        ),
        table=lambda: repeats_table(check, found.foretold_by_repeats(), words),
        side=words("Clients by repeat purchases"),
        side_room=20,
        bars_are=("Counted", "By the model"),
    )


def survival_picture(found: Contracts, words: Words) -> Picture | Table:
    """Draw which share of clients is left after each renewal, by the model and as counted."""
    fit, caption = found.whole, words("Clients left after each renewal")
    if isinstance(fit, LifetimeError):
        return too_little(caption, fit, words)
    cohorts = found.cohorts
    renewals = cohorts.survivors.shape[1] - 1
    size = np.where(np.isnan(cohorts.survivors), 0.0, cohorts.size[:, np.newaxis]).sum(axis=0)
    left = np.nansum(cohorts.survivors, axis=0) / size
    fitted = fit.model.survival(renewals)
    curves = [
        Curve(name=words("Counted"), values=left, colour=theme.NEUTRAL),
        Curve(name=words("By the model"), values=fitted, colour=theme.PLAN, style="dashes"),
    ]
    mark = None
    if not isinstance(found.half, LifetimeError):
        curves.insert(
            1,
            Curve(
                name=words("Foretold"),
                values=found.half.model.survival(renewals),
                colour=theme.GREY,
                style="dashes",
            ),
        )
        mark = (min(found.last_half_age, renewals), words("what was known by the first half"))
    check = found.survived()
    description = words(
        "After {n} renewals {left} of the clients are left; by the model it should be {fitted}. "
        "Foretold from the first half: {excess}.",
        n=words.number(renewals),
        left=words.share(float(left[-1])),
        fitted=words.share(float(fitted[-1])),
        excess=_excess(check, words),
    )
    places = [words.number(n) for n in range(renewals + 1)]
    return curves_chart(
        curves,
        above=words("Share of clients left"),
        below=words("Renewals"),
        places=places,
        say=words.share,
        top=1.0,
        description=description,
        mark=mark,
        table=partial(
            listed,
            words("Renewals"),
            places,
            [(curve.name, curve.values) for curve in curves],
            words,
            description,
            money=False,
            share=True,
        ),
    )


def listed(
    corner: str,
    places: list[str],
    columns: list[tuple[str, ArrayLike]],
    words: Words,
    caption: str,
    *,
    money: bool,
    share: bool = False,
) -> Table:
    """List what curves show, as many places as there is room for, the last one always."""
    say = words.money if money else words.share if share else words.number
    step = -(-len(places) // MOST_ROWS)
    rows = [n for n in range(len(places)) if (len(places) - 1 - n) % step == 0]
    values = [np.asarray(column, dtype=float).tolist() for _name, column in columns]

    def cell(value: float) -> str | Cell:
        return say(value) if np.isfinite(value) else Cell("", "quiet")

    return Table(
        header=(corner, *(name for name, _column in columns)),
        rows=tuple((places[n], *(cell(column[n]) for column in values)) for n in rows),
        caption=caption,
    )
