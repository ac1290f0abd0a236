"""What fits the shape of a client's file and still cannot be: rules across its fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from funnelkit.client.problems import Code
from funnelkit.client.schema import (
    ClientFile,
    CountsField,
    LeverField,
    RangeField,
    months_between,
)
from funnelkit.model.levers import LEVERS, Unit
from funnelkit.model.products import (
    FIRST,
    REPLACED_BY_LINE,
    SUMMED_UP,
    Product,
    aggregate,
    product_lever,
)

__all__ = ["OF_ABSENCE", "Finding", "findings"]

OF_ABSENCE = frozenset({Code.MISSING, Code.NO_FUNNEL, Code.GOAL_NEEDS})
"""What is found because something is not there, and so is not known of a file that is misread."""

_GOAL_NEEDS = {
    "revenue": (),
    "contribution": ("margin",),
    "profit": ("margin", "fixed_costs", "marketing_fixed"),
}

_TOGETHER = (
    ("visitors", "lead_rate"),
    ("audience", "engagement_rate"),
    ("audience", "nurtured_lead_rate"),
    ("purchase_rate", "repeat_check"),
    ("repeat_check", "purchase_rate"),
)
"""The first of each pair means nothing without the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem before it is placed in its file.

    Attributes
    ----------
    code : Code
    path : tuple of str and int
        Where in the data.
    values : mapping of str to str or float
        What the sentence needs.
    first : tuple of str and int
        Another place, whose line the sentence needs.
    """

    code: Code
    path: tuple[str | int, ...]
    values: Mapping[str, str | float] = field(default_factory=dict)
    first: tuple[str | int, ...] = ()


def findings(file: ClientFile) -> Iterator[Finding]:
    """Find everything that contradicts itself in a file of the right shape."""
    yield from _goal(file)
    if abs(sum(file.sales_cycle) - 1.0) > 1e-9:
        total = round(sum(file.sales_cycle), 10)
        yield Finding(code=Code.CYCLE_NOT_ONE, path=("sales_cycle",), values={"total": total})
    for name, lever in file.levers.items():
        share = LEVERS[name].unit is Unit.SHARE
        falls = LEVERS[name].lower_is_better
        yield from _lever(lever, ("levers", name), share=share, counts=share, falls=falls)
        if file.products and name in REPLACED_BY_LINE:
            yield Finding(code=Code.LINE_AND_LEVER, path=("levers", name))
    yield from _products(file)
    yield from _scenarios(file)
    yield from _funnel(file)


def _goal(file: ClientFile) -> Iterator[Finding]:
    goal = file.goal
    if goal.b <= goal.a:
        yield Finding(code=Code.B_NOT_ABOVE_A, path=("goal", "b"), values={"a": goal.a})
    if goal.c and months_between(goal.month, goal.c.month) <= goal.months:
        yield Finding(
            code=Code.C_NOT_AFTER_B, path=("goal", "c", "month"), values={"months": goal.months}
        )


def _lever(
    lever: LeverField, path: tuple[str | int, ...], *, share: bool, counts: bool, falls: bool
) -> Iterator[Finding]:
    now = highest = _now(lever)
    match lever.now:
        case CountsField(won=won, of=of):
            highest = 0.0
            if not counts:
                yield Finding(code=Code.NOT_COUNTS, path=(*path, "now"))
            elif won > of:
                yield Finding(code=Code.ORDER, path=(*path, "now"), values={"order": "won ≤ of"})
        case RangeField(low=low, likely=likely, high=highest):
            if not low <= likely <= highest:
                yield Finding(
                    code=Code.ORDER, path=(*path, "now"), values={"order": "low ≤ likely ≤ high"}
                )
    if share and highest > 1:
        yield Finding(code=Code.NOT_A_SHARE, path=(*path, "now"))
    for end in ("plan", "best"):
        value = getattr(lever, end)
        if share and value is not None and value > 1:
            yield Finding(code=Code.NOT_A_SHARE, path=(*path, end))
    if lever.best is not None and (lever.best > now if falls else lever.best < now):
        yield Finding(code=Code.BEST_BELOW_NOW, path=(*path, "best"), values={"now": now})


def _products(file: ClientFile) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for place, product in enumerate(file.products):
        if product.name in seen:
            yield Finding(
                code=Code.TWICE,
                path=("products", place, "name"),
                first=("products", seen[product.name], "name"),
            )
        seen.setdefault(product.name, place)
        for kind in ("take_rate", "price", "margin"):
            yield from _lever(
                getattr(product, kind),
                ("products", place, kind),
                share=kind == "margin",
                counts=kind != "price",
                falls=False,
            )


def _scenarios(file: ClientFile) -> Iterator[Finding]:
    """Look for levers that a scenario cannot move."""
    for scenario, variant in file.scenarios.items():
        for name, value in variant.levers.items():
            path = ("scenarios", scenario, "levers", name)
            if LEVERS[name].unit is Unit.SHARE and value > 1:
                yield Finding(code=Code.NOT_A_SHARE, path=path)
            if file.products and name in SUMMED_UP and not _planned(file, name) > 0:
                yield Finding(code=Code.NOTHING_TO_SCALE, path=path)
            elif file.products and name in REPLACED_BY_LINE and name not in SUMMED_UP:
                yield Finding(code=Code.LINE_AND_LEVER, path=path)


def _planned(file: ClientFile, name: str) -> float:
    """Return what the product line plans for a lever that it sums up."""
    line = tuple(Product(name=product.name, role=product.role) for product in file.products)
    planned = {
        product_lever(kind, product.name): _now(lever) if lever.plan is None else lever.plan
        for product in file.products
        for kind, lever in (("take_rate", product.take_rate), ("price", product.price))
    }
    return aggregate(planned, line, name)


def _now(lever: LeverField) -> float:
    match lever.now:
        case CountsField(won=won, of=of):
            return won / of
        case RangeField(likely=likely):
            return likely
        case number:
            return number


def _funnel(file: ClientFile) -> Iterator[Finding]:
    """Ask for what the model cannot do without: something to sell, and what the goal counts."""
    levers = set(file.levers)
    sells = bool(file.products) or bool({"average_check", "repeat_check"} & levers)
    if not sells:
        yield Finding(
            code=Code.NO_FUNNEL, path=("levers",), values={"allowed": "average_check, products"}
        )
    for first, second in _TOGETHER:
        if first in levers and second not in levers and not (file.products and second in SUMMED_UP):
            yield Finding(code=Code.MISSING, path=("levers", second))
    if file.team.leads_per_manager and "managers" not in levers:
        yield Finding(code=Code.MISSING, path=("levers", "managers"))
    again = "purchase_rate" in levers or any(p.role not in FIRST for p in file.products)
    if again and "retention_rate" not in levers:
        yield Finding(code=Code.MISSING, path=("levers", "retention_rate"))
    needs = set(_GOAL_NEEDS[file.goal.metric])
    if file.products:
        needs -= {"margin"}
    if file.goal.metric != "revenue" and "other_revenue" in levers:
        needs.add("other_revenue_margin")
    if file.goal.metric == "profit":
        needs |= {"managers", "cost_per_manager"}
        for quantity, cost in (
            ("visitors", "cost_per_visitor"),
            ("audience", "cost_per_reached"),
        ):
            if quantity in levers:
                needs.add(cost)
    for name in sorted(needs - levers):
        yield Finding(
            code=Code.GOAL_NEEDS, path=("levers", name), values={"metric": file.goal.metric}
        )
