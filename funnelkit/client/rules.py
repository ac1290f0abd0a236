"""What fits the shape of a client's file and still cannot be: rules across its fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from funnelkit.client.client import nearest
from funnelkit.client.problems import Code
from funnelkit.client.schema import (
    ClientFile,
    CountsField,
    LeverField,
    RangeField,
    months_between,
)
from funnelkit.model.levers import LEVERS, Unit
from funnelkit.model.products import FIRST, REPLACED_BY_LINE

__all__ = ["Finding", "findings"]

_GOAL_NEEDS = {
    "revenue": (),
    "contribution": ("margin",),
    "profit": ("margin", "fixed_costs", "marketing_fixed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem before it is placed in its file: code, path into the data, values."""

    code: Code
    path: tuple[str | int, ...]
    values: Mapping[str, str | float] = field(default_factory=dict)


def findings(file: ClientFile) -> Iterator[Finding]:
    """Find everything that contradicts itself in a file of the right shape."""
    yield from _goal(file)
    if abs(sum(file.sales_cycle) - 1.0) > 1e-9:
        total = round(sum(file.sales_cycle), 10)
        yield Finding(code=Code.CYCLE_NOT_ONE, path=("sales_cycle",), values={"total": total})
    for name, lever in file.levers.items():
        if name not in LEVERS:
            near = nearest(name, list(LEVERS))
            yield Finding(code=Code.UNKNOWN_FIELD, path=("levers", name), values={"nearest": near})
        else:
            table = LEVERS[name]
            yield from _lever(
                lever,
                ("levers", name),
                share=table.unit is Unit.SHARE,
                falls=table.lower_is_better,
            )
            if file.products and name in REPLACED_BY_LINE:
                yield Finding(code=Code.LINE_AND_LEVER, path=("levers", name))
    yield from _products(file)
    for scenario, variant in file.scenarios.items():
        for name, value in variant.levers.items():
            path = ("scenarios", scenario, "levers", name)
            if name not in LEVERS:
                near = nearest(name, list(LEVERS))
                yield Finding(code=Code.UNKNOWN_FIELD, path=path, values={"nearest": near})
            elif LEVERS[name].unit is Unit.SHARE and value > 1:
                yield _out_of_range(path)
    yield from _funnel(file)


def _out_of_range(path: tuple[str | int, ...]) -> Finding:
    return Finding(code=Code.OUT_OF_RANGE, path=path, values={"low": 0.0, "high": 1.0})


def _goal(file: ClientFile) -> Iterator[Finding]:
    goal = file.goal
    if goal.b <= goal.a:
        yield Finding(code=Code.B_NOT_ABOVE_A, path=("goal", "b"), values={"a": goal.a})
    if goal.c and months_between(goal.month, goal.c.month) <= goal.months:
        yield Finding(
            code=Code.C_NOT_AFTER_B, path=("goal", "c", "month"), values={"months": goal.months}
        )


def _lever(
    lever: LeverField, path: tuple[str | int, ...], *, share: bool, falls: bool
) -> Iterator[Finding]:
    match lever.now:
        case CountsField(won=won, of=of):
            if not share:
                yield Finding(code=Code.NOT_A_NUMBER, path=(*path, "now"))
            elif won > of:
                yield Finding(code=Code.ORDER, path=(*path, "now"), values={"order": "won ≤ of"})
            now, highest = won / of, 0.0
        case RangeField(low=low, likely=likely, high=high):
            if not low <= likely <= high:
                yield Finding(
                    code=Code.ORDER, path=(*path, "now"), values={"order": "low ≤ likely ≤ high"}
                )
            now, highest = likely, high
        case number:
            now = highest = number
    if share and highest > 1:
        yield _out_of_range((*path, "now"))
    for end in ("plan", "best"):
        value = getattr(lever, end)
        if share and value is not None and value > 1:
            yield _out_of_range((*path, end))
    if lever.best is not None and (lever.best > now if falls else lever.best < now):
        yield Finding(code=Code.BEST_BELOW_NOW, path=(*path, "best"), values={"now": now})


def _products(file: ClientFile) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, product in enumerate(file.products):
        if product.name in seen:
            yield Finding(code=Code.TWICE, path=("products", place, "name"))
        seen.add(product.name)
        for kind in ("take_rate", "price", "margin"):
            yield from _lever(
                getattr(product, kind),
                ("products", place, kind),
                share=kind == "margin",
                falls=False,
            )


def _funnel(file: ClientFile) -> Iterator[Finding]:
    """Ask for what the model cannot do without: something to sell, and what the goal counts."""
    levers = set(file.levers)
    sells = bool(file.products) or bool({"average_check", "repeat_check"} & levers)
    if not sells:
        yield Finding(
            code=Code.NO_FUNNEL, path=("levers",), values={"allowed": "average_check, products"}
        )
    for first, second in (("visitors", "lead_rate"), ("audience", "engagement_rate")):
        if first in levers and second not in levers:
            yield Finding(code=Code.MISSING, path=("levers", second))
    if "audience" in levers and "nurtured_lead_rate" not in levers:
        yield Finding(code=Code.MISSING, path=("levers", "nurtured_lead_rate"))
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
