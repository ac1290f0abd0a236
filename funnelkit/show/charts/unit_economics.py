"""Unit economics: what of an order's check is left after everything it has to pay for."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from types import MappingProxyType

from funnelkit.model.levers import Stage
from funnelkit.model.levers import message as _
from funnelkit.show.charts import theme
from funnelkit.show.charts.steps import Step, steps_picture
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

__all__ = ["PerOrder", "unit_economics_chart"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerOrder:
    """What one paid order brings and costs; client's currency an order, NaN is missing.

    Attributes
    ----------
    check : float
        What the client pays.
    vat, goods, variable : float
        VAT in the check, cost of the goods, costs that grow with the revenue.
    media : float
        Ad spend with its VAT and the agency's share.
    fees : float
        The agency's fee and production.
    sales_cost, fixed_costs, tax : float
    """

    check: float
    vat: float
    goods: float
    variable: float
    media: float
    fees: float
    sales_cost: float
    fixed_costs: float
    tax: float

    @property
    def contribution(self) -> float:
        """What is left of the check after what the order itself costs."""
        return self.check - self.vat - self.goods - self.variable

    @property
    def profit(self) -> float:
        """Contribution less marketing, sales and fixed costs, before tax."""
        marketing = self.media + self.fees
        return self.contribution - marketing - self.sales_cost - self.fixed_costs

    @property
    def net(self) -> float:
        """Profit less tax."""
        return self.profit - self.tax


_NAMES = MappingProxyType(
    {
        "check": _("Check of an order"),
        "vat": _("VAT in the check"),
        "goods": _("Goods"),
        "variable": _("Variable costs"),
        "contribution": _("Contribution"),
        "media": _("Ad spend"),
        "fees": _("Agency and production"),
        "sales_cost": _("Sales team"),
        "fixed_costs": _("Fixed costs"),
        "profit": _("Profit before tax"),
        "tax": _("Tax"),
        "net": _("Net profit"),
    }
)
"""What the rows are called, from top to bottom."""

_LEVELS = frozenset({"check", "contribution", "profit", "net"})

_COLOURS = MappingProxyType(
    {
        "vat": theme.NOW,
        "tax": theme.NOW,
        "media": theme.STAGE_COLOURS[Stage.GENERATION],
        "fees": theme.STAGE_COLOURS[Stage.GENERATION],
        "sales_cost": theme.STAGE_COLOURS[Stage.CONVERSION],
    }
)
"""What the state takes is pale; marketing and sales have their departments' colours."""


def unit_economics_chart(
    parts: PerOrder,
    words: Words,
    *,
    keep: Collection[str] | None = None,
    compact: bool = False,
) -> Picture:
    """Draw the way from the check to the net profit of one paid order.

    What is missing is said to be, and so is every sum that it is part of; a cost below it has its
    number but no bar, since where that would begin is not known.

    Parameters
    ----------
    parts : PerOrder
    words : Words
    keep : collection of str, optional
        Costs, by their names in `PerOrder`, that have a row even where they are 0. By default all
        in a compact picture, so that no row comes or goes with a slider, and none in another.
    compact : bool
        Whether the picture is one of several on a screen.

    Returns
    -------
    Picture
    """
    if keep is None:
        keep = {field.name for field in fields(parts)} if compact else ()
    names = [
        name for name in _NAMES if name in _LEVELS or name in keep or getattr(parts, name) != 0
    ]
    description = words(
        _(
            "An order of {check}: contribution {contribution}, profit before tax {profit}, "
            "net profit {net}."
        ),
        check=words.short_money(parts.check),
        contribution=words.short_money(parts.contribution),
        profit=words.short_money(parts.profit),
        net=words.short_money(parts.net),
    )
    return steps_picture(
        tuple(_steps(parts, names, words)),
        description=description,
        table=partial(_table, parts, names, words, description),
        compact=compact,
    )


def _steps(parts: PerOrder, names: Sequence[str], words: Words) -> Iterator[Step]:
    level = 0.0
    for name in names:
        value, total = getattr(parts, name), name in _LEVELS
        after = value if total else level - value
        loses = total and value < 0
        colour = theme.NEUTRAL if total else _COLOURS.get(name, theme.GREY)
        if after != after:
            colour = "transparent"  # not even the outline of a bar
        yield Step(
            key=name,
            name=words(_NAMES[name]),
            detail=_detail(name, value, parts.check, words),
            start=0.0 if total else level,
            end=after,
            text=words.short_money(value) if total else words.change(-value),
            colour=theme.BAD if loses else colour,
            total=total,
            bad=loses,
        )
        level = after


def _detail(name: str, value: float, check: float, words: Words) -> str:
    """Say what a row is, and its share of the check where there is one."""
    if name == "check":
        return words(_("what the client pays"))
    share = value / check if check else float("nan")
    if share != share:
        return ""
    if name == "media":
        return words(_("with VAT and agency: {share}"), share=words.share(share))
    return words(_("{share} of the check"), share=words.share(share))


def _table(parts: PerOrder, names: Sequence[str], words: Words, caption: str) -> Table:
    """List the rows with their shares of the check."""
    rows: list[tuple[str | Cell, ...]] = []
    for name in names:
        value = getattr(parts, name) if name in _LEVELS else -getattr(parts, name)
        share = value / parts.check if parts.check else float("nan")
        rows.append(
            (
                words(_NAMES[name]),
                _cell(words.money(value), value, bad=name in _LEVELS and value < 0),
                _cell(words.share(share), share),
            )
        )
    return Table(
        header=(words(_("Of one paid order")), words(_("Sum")), words(_("Share of the check"))),
        rows=tuple(rows),
        caption=caption,
        note=words(_("Ad spend is with its VAT and the agency's share.")),
        emphasis=frozenset(number for number, name in enumerate(names) if name in _LEVELS),
    )


def _cell(text: str, value: float, *, bad: bool = False) -> Cell:
    return Cell(text, "missing" if value != value else "bad" if bad else "")
