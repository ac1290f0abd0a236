"""The price of growth: what it costs a month to add so much through each stage.

Drawn is the cost of all that is added, not of the next unit: both directions are then money a
month as an owner thinks of it ("what do I get for 100,000?"), a line ends at what the stage can
bring at all and for how much, and how steep it is is what the next unit costs. What a unit costs
on average stands at each line's end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite, nan

import numpy as np
from numpy.typing import ArrayLike

from funnelkit.model.levers import Stage
from funnelkit.model.levers import message as _
from funnelkit.show.charts import theme
from funnelkit.show.charts.growthlines import AT, NOTES, layers
from funnelkit.show.charts.measure import shortened
from funnelkit.show.charts.spendlabels import SpendLabels
from funnelkit.show.charts.spendlines import Scale, round_up
from funnelkit.show.picture import Picture, Row
from funnelkit.show.stages import STAGES
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

__all__ = ["GrowthCurve", "growth_chart"]

_ORDER = tuple(Stage)
_NO_BREAK = "\N{NO-BREAK SPACE}"
_ABOVE = 1.2
"""How high the field is, as a multiple of the highest cost: labels stand above it, too."""

_EVEN = 0.25
"""How high the field has to reach, as a share of its width in money, for a line of equal sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthCurve:
    """What growth through one stage costs.

    Attributes
    ----------
    stage : Stage
    amounts : array_like, shape (amounts,)
        What the goal's month grows by, client's currency, from the least.
    costs : array_like, shape (amounts,)
        What all of it costs a month, client's currency; NaN where the stage's ceilings do not
        allow so much, or no cost is known.
    next_costs : array_like, shape (amounts,)
        What the next unit costs a month, in units; for the table. NaN is missing.
    unpriced : sequence of str
        What levers are called that go along without a known cost: with any, costs are the least
        they can be.
    """

    stage: Stage
    amounts: ArrayLike
    costs: ArrayLike
    next_costs: ArrayLike = ()
    unpriced: Sequence[str] = ()

    @property
    def points(self) -> list[tuple[float, float]]:
        """What is known: amounts and their costs, from nothing at all."""
        amounts, costs = (np.asarray(part, dtype=float) for part in (self.amounts, self.costs))
        known = np.isfinite(amounts) & np.isfinite(costs)
        pairs = sorted(zip(amounts[known].tolist(), costs[known].tolist(), strict=True))
        return [(0.0, 0.0), *(pair for pair in pairs if pair[0] > 0)] if pairs else []

    def next_cost(self, place: int) -> float:
        """Return what the next unit costs at the first (0) or the last (-1) known amount."""
        each = np.asarray(self.next_costs, dtype=float)
        known = each[np.isfinite(each)]
        return float(known[place]) if known.size else nan


def growth_chart(curves: Sequence[GrowthCurve], words: Words, *, gap: float = nan) -> Picture:
    """Draw for each stage what it costs a month to add so much to the goal's month.

    Parameters
    ----------
    curves : sequence of GrowthCurve
        In any order of their stages.
    words : Words
    gap : float
        What is missing to B, client's currency: the right edge. By default the largest amount.

    Returns
    -------
    Picture
    """
    ordered = sorted(curves, key=lambda curve: _ORDER.index(curve.stage))
    known = [(curve, points) for curve in ordered if (points := curve.points)]
    to_b = isfinite(gap) and gap > 0
    reach = max([gap if to_b else 0.0, *(points[-1][0] for _curve, points in known)])
    top = round_up([_ABOVE * cost for _curve, points in known for _amount, cost in points])
    scale = Scale(AT, reach, top)
    lines = [[scale.place(*point) for point in points] for _curve, points in known]
    b = scale.place(gap, 0.0)[0]
    even = min(reach, top) if top >= _EVEN * reach else 0.0
    (x1, y1), (x2, y2) = scale.place(0, 0), scale.place(even, even)
    others = [[(b, AT.top), (b, AT.bottom)]] if to_b else []
    others += [[(x1, y1), (x2, y2)]] if even else []
    labels = SpendLabels(AT, [*lines, *others], [line[-1] for line in lines])
    said: list[str] = []
    curve_rows: list[Row] = []
    dots: list[Row] = []
    for (curve, points), line in zip(known, lines, strict=True):
        colour = theme.STAGE_COLOURS[curve.stage]
        name, value = _named(curve, points[-1], words), _said(curve, points[-1], words)
        labels.write(curve.stage, name, value, colour, line[-1])
        said.append(f"{name}, {value}")
        curve_rows += [{"stage": curve.stage, "x": x, "y": y, "colour": colour} for x, y in line]
        dots.append(curve_rows[-1])
    priced = [curve.stage for curve, _points in known]
    without = [words(STAGES[c.stage]) for c in ordered if c.stage not in priced]
    notes = [words(_("Cost – no data: {names}"), names=", ".join(without))] if without else []
    if even:
        notes.append(words(_("Thin line: what is added costs as much")))
    description = words(
        _("What growth costs a month: {stages}. Missing to B: {gap}."),
        stages="; ".join([*said, *notes[: len(without) > 0]]) or words.missing,
        gap=words.short_money(gap),
    )
    datasets: dict[str, Sequence[Row]] = {
        "curves": curve_rows,
        "dots": dots,
        "even": [{"x": x1, "y": y1, "x2": x2, "y2": y2}] if even else [],
        "b": [{"x": b}] if to_b else [],
        "leaders": labels.leaders,
        "labels": labels.rows,
        "ends": _ends(scale, words, to_b=to_b, empty=not known),
        "notes": [
            {"y": NOTES + 17 * number, "text": shortened(note, AT.width - 8, 12)}
            for number, note in enumerate(notes)
        ],
    }
    return theme.picture(
        layers,
        datasets,
        size=(AT.width, AT.height),
        description=description,
        table=partial(_table, ordered, words, description),
    )


def _price(price: float, words: Words) -> str:
    """Say what one unit costs, coins and all."""
    if 0 < price < 0.01:
        return "<" + _NO_BREAK + words.money(0.01)
    return words.money(price) if price < 100 else words.short_money(price)


def _named(curve: GrowthCurve, end: tuple[float, float], words: Words) -> str:
    """Name a stage with what a unit costs on average, which stays on one line."""
    amount, cost = end
    said = words(_("{price} for {unit}"), price=_price(cost / amount, words), unit=words.money(1))
    return f"{words(STAGES[curve.stage])}: {said.replace(' ', _NO_BREAK)}"


def _said(curve: GrowthCurve, end: tuple[float, float], words: Words) -> str:
    """Say how much a stage brings and for how much a month."""
    amount, cost = (words.short_money(value) for value in end)
    if curve.unpriced:
        return words(_("+{amount} from {cost}"), amount=amount, cost=cost)
    return words(_("+{amount} for {cost}"), amount=amount, cost=cost)


def _ends(scale: Scale, words: Words, *, to_b: bool, empty: bool) -> list[Row]:
    """Say what the field's edges stand for."""
    below, middle = AT.bottom + 14, (AT.left + AT.right) / 2
    texts: list[tuple[float, float, str, str, str]] = [
        (AT.left, AT.top - 20, words(_("Cost a month")), "left", theme.INK),
        (middle, below, words(_("Added a month")), "center", theme.INK),
    ]
    if scale.known:
        right = words.short_money(scale.budget)
        if to_b and scale.budget > 0:
            right = words(_("to B: {value}"), value=right)
        texts += [
            (AT.left - 8, AT.top, words.short_money(scale.leads), "right", theme.QUIET),
            (AT.left - 8, AT.bottom, words.number(0), "right", theme.QUIET),
            (AT.right, below, right, "right", theme.GOAL if to_b else theme.QUIET),
        ]
    if empty:
        height = (AT.top + AT.bottom) / 2
        texts.append((middle, height, words.missing, "center", theme.QUIET))
    return [
        {"x": x, "y": y, "text": text, "align": align, "colour": colour}
        for x, y, text, align, colour in texts
    ]


def _table(curves: Sequence[GrowthCurve], words: Words, caption: str) -> Table:
    """List the stages: what each brings at most, for how much, and what the next unit costs."""

    def cell(value: float, text: str) -> Cell:
        return Cell(text, "" if isfinite(value) else "missing")

    rows: list[tuple[str | Cell, ...]] = []
    for curve in curves:
        amount, cost = curve.points[-1] if curve.points else (nan, nan)
        prices = (cost / amount, curve.next_cost(0), curve.next_cost(-1))
        rows.append(
            (
                words(STAGES[curve.stage]),
                cell(amount, words.money(amount)),
                cell(cost, words.money(cost)),
                *(cell(p, _price(p, words) if isfinite(p) else words.missing) for p in prices),
                ", ".join(curve.unpriced),
            )
        )
    return Table(
        header=(
            words(_("Stage")),
            words(_("Added a month")),
            words(_("Cost a month")),
            words(_("Cost of one on average")),
            words(_("Cost of the first")),
            words(_("Cost of the last")),
            words(_("Levers without a cost")),
        ),
        rows=tuple(rows),
        align=("left", "right", "right", "right", "right", "right", "left"),
        caption=caption,
    )
