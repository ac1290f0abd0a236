"""What fits the shape of a client's file and still cannot be: rules across its fields."""

from collections.abc import Iterator

from funnelkit.client.channel_rules import channel_findings
from funnelkit.client.client import nearest, purchases_last
from funnelkit.client.finding import Finding, quantity_findings
from funnelkit.client.numbers import LARGEST
from funnelkit.client.problems import Code
from funnelkit.client.schema import ClientFile, ScenarioField, days_of, months_between
from funnelkit.model.levers import LEVERS, Unit
from funnelkit.model.products import (
    FIRST,
    REPLACED_BY_LINE,
    SUMMED_UP,
    Product,
    product_lever,
    scaled,
)
from funnelkit.plan.media import CHANNEL_LEVERS

__all__ = ["OF_ABSENCE", "findings"]

OF_ABSENCE = frozenset({Code.MISSING, Code.NO_FUNNEL, Code.GOAL_NEEDS, Code.NO_CHANNEL})
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


def findings(file: ClientFile) -> Iterator[Finding]:
    """Find everything that contradicts itself in a file of the right shape."""
    yield from _goal(file)
    if abs(sum(file.sales_cycle) - 1.0) > 1e-9:
        total = round(sum(file.sales_cycle), 10)
        yield Finding(code=Code.CYCLE_NOT_ONE, path=("sales_cycle",), values={"total": total})
    for name, lever in file.levers.items():
        share = LEVERS[name].unit is Unit.SHARE
        falls = LEVERS[name].lower_is_better
        yield from quantity_findings(
            lever, ("levers", name), share=share, counts=share, falls=falls
        )
        if file.products and name in REPLACED_BY_LINE:
            yield Finding(code=Code.LINE_AND_LEVER, path=("levers", name))
    yield from _products(file)
    yield from _scenarios(file)
    yield from _months(file)
    yield from _funnel(file)
    yield from channel_findings(file)


def _goal(file: ClientFile) -> Iterator[Finding]:
    goal = file.goal
    if goal.b <= goal.a:
        yield Finding(code=Code.B_NOT_ABOVE_A, path=("goal", "b"), values={"a": goal.a})
    if goal.c and months_between(goal.month, goal.c.month) <= goal.months:
        yield Finding(
            code=Code.C_NOT_AFTER_B, path=("goal", "c", "month"), values={"months": goal.months}
        )


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
            yield from quantity_findings(
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
            if file.products and name in REPLACED_BY_LINE and name not in SUMMED_UP:
                yield Finding(code=Code.LINE_AND_LEVER, path=path)
        if name := _unscalable(file, variant):
            yield Finding(code=Code.NOTHING_TO_SCALE, path=("scenarios", scenario, "levers", name))
        products = [product.name for product in file.products]
        for name in variant.products:
            if name not in products:
                values = {"nearest": nearest(name, products), "allowed": ", ".join(products)}
                where = ("scenarios", scenario, "products", name)
                yield Finding(code=Code.UNKNOWN_PRODUCT, path=where, values=values, of_key=True)


def _months(file: ClientFile) -> Iterator[Finding]:
    """Look for months that are not where they can be."""
    goal = file.goal
    for place, actual in enumerate(file.actual):
        month, path = months_between(goal.month, actual.month), ("actual", place)
        if month != place + 1:
            first = goal.month.year * 12 + goal.month.month + place
            expected = f"{first // 12}-{first % 12 + 1:02d}"
            yield Finding(
                code=Code.NOT_IN_A_ROW, path=(*path, "month"), values={"expected": expected}
            )
        elif month > goal.months + 2:
            values: dict[str, float | str] = {"months": goal.months + 2}
            yield Finding(code=Code.RUNNING_OUTSIDE, path=(*path, "month"), values=values)
        if actual.days_gone is not None:
            if place + 1 < len(file.actual):
                yield Finding(code=Code.NOT_THE_LAST, path=(*path, "days_gone"))
            if actual.days_gone > days_of(actual.month):
                values = {"low": 1, "high": days_of(actual.month)}
                yield Finding(code=Code.OUT_OF_RANGE, path=(*path, "days_gone"), values=values)
            if actual.value is not None and actual.value < 0:
                limits = {"low": 0.0, "high": LARGEST}
                yield Finding(code=Code.OUT_OF_RANGE, path=(*path, "value"), values=limits)
        for name, value in actual.levers.items():
            where = (*path, "levers", name)
            if LEVERS[name].unit is Unit.SHARE and value > 1:
                yield Finding(code=Code.NOT_A_SHARE, path=where)
            if name not in file.levers and not (file.marketing and name in CHANNEL_LEVERS):
                yield Finding(code=Code.NOT_A_LEVER_HERE, path=where)
    for place, debt in enumerate(file.recovered):
        month = months_between(goal.month, debt.month)
        if not 0 <= month <= goal.months + 2:
            values = {"months": goal.months + 2}
            path = ("recovered", place)
            yield Finding(code=Code.RUNNING_OUTSIDE, path=(*path, "month"), values=values)


def _unscalable(file: ClientFile, variant: ScenarioField) -> str:
    """Return the first of a scenario's levers that its product line has nothing to move of."""
    line = tuple(Product(name=product.name, role=product.role) for product in file.products)
    planned = {
        product_lever(kind, product.name): lever.value if lever.planned is None else lever.planned
        for product in file.products
        for kind, lever in (("take_rate", product.take_rate), ("price", product.price))
    } | variant.product_levers
    for name in purchases_last(variant.levers):
        try:
            planned = scaled(planned, line, name, variant.levers[name])
        except ValueError:
            return name
    return ""


def _funnel(file: ClientFile) -> Iterator[Finding]:
    """Ask for what the model cannot do without: something to sell, and what the goal counts."""
    levers = set(file.levers)
    sells = bool(file.products) or bool({"average_check", "repeat_check"} & levers)
    if not sells:
        yield Finding(
            code=Code.NO_FUNNEL, path=("levers",), values={"allowed": "average_check, products"}
        )
    elsewhere = {*(SUMMED_UP if file.products else ()), *(CHANNEL_LEVERS if file.marketing else ())}
    for first, second in _TOGETHER:
        if first in levers and second not in levers and second not in elsewhere:
            yield Finding(code=Code.MISSING, path=("levers", second))
    if file.team.leads_per_manager and "managers" not in levers:
        yield Finding(code=Code.MISSING, path=("levers", "managers"))
    again = "purchase_rate" in levers or any(p.role not in FIRST for p in file.products)
    if again and "retention_rate" not in levers:
        yield Finding(code=Code.MISSING, path=("levers", "retention_rate"))
    needs = set(_GOAL_NEEDS[file.goal.metric])
    if file.products:
        needs -= {"margin"}
    if file.marketing:
        needs -= set(CHANNEL_LEVERS)
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
