"""The tree of B: what the goal's month is made of, now and as planned, and who answers for it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from funnelkit.model.levers import LEVERS, Stage, Unit
from funnelkit.model.owner import Months
from funnelkit.model.products import SUMMED_UP
from funnelkit.plan.scenario import Scenario

__all__ = ["Node", "Rate", "tree"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A lever that leads from a node's children to the node."""

    name: str
    now: float
    plan: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A quantity of the tree.

    Attributes
    ----------
    name : str
        A field of `Months`, a lever, or ``costs``.
    parent : str or None
        Name of the node it feeds; None for the goal's metric.
    unit : Unit
    now, plan : float
        Month 0 and the goal's month.
    stage : Stage or None
        Whose department answers for it; None where it is the sum of several.
    rates : tuple of Rate
        Levers through which the children become this node.
    """

    name: str
    parent: str | None
    unit: Unit
    now: float
    plan: float
    stage: Stage | None
    rates: tuple[Rate, ...] = ()

    @property
    def multiplier(self) -> float:
        """Plan / now; NaN from 0."""
        return self.plan / self.now if self.now else float("nan")


_FLOWS: tuple[tuple[str, str, Unit, Stage | None, tuple[str, ...]], ...] = (
    ("revenue_new", "revenue", Unit.MONEY, Stage.CONVERSION, ("collection_new", "refund_rate")),
    ("new_customers", "revenue_new", Unit.COUNT, Stage.CONVERSION, ("win_rate",)),
    (
        "qualified_leads",
        "new_customers",
        Unit.COUNT,
        Stage.CONVERSION,
        ("answered_rate", "qualified_rate"),
    ),
    ("worked_leads", "qualified_leads", Unit.COUNT, Stage.CONVERSION, ("managers",)),
    ("leads", "worked_leads", Unit.COUNT, None, ()),
    ("visitors", "leads", Unit.COUNT, Stage.GENERATION, ("lead_rate",)),
    (
        "audience",
        "leads",
        Unit.COUNT,
        Stage.NURTURING,
        ("engagement_rate", "nurtured_lead_rate"),
    ),
    ("average_check", "revenue_new", Unit.MONEY, Stage.CONVERSION, ()),
    ("revenue_repeat", "revenue", Unit.MONEY, Stage.ACCOUNT, ("collection_repeat",)),
    ("active_customers", "revenue_repeat", Unit.COUNT, Stage.ACCOUNT, ("retention_rate",)),
    ("purchase_rate", "revenue_repeat", Unit.COUNT, Stage.ACCOUNT, ()),
    ("repeat_check", "revenue_repeat", Unit.MONEY, Stage.ACCOUNT, ()),
    ("other_revenue", "revenue", Unit.MONEY, None, ()),
)


def tree(scenario: Scenario) -> tuple[Node, ...]:
    """Return the nodes of the tree of B, every parent before its children.

    Sales, visitors or an audience that are 0 now and in the plan are left out, and so is the
    node of worked leads where the team has room for all.
    """
    path = scenario.run()
    return tuple(_prune(list(_nodes(scenario, path))))


def _nodes(scenario: Scenario, path: Months) -> Iterator[Node]:
    goal, horizon = scenario.goal, scenario.goal.horizon

    def value(name: str) -> tuple[float, float]:
        if name in LEVERS and name != "other_revenue":
            return scenario.present(name), scenario.planned(name)
        months = getattr(path, name)
        return float(months[0]), float(months[horizon])

    def rate(name: str) -> Rate:
        now, plan = value(name)
        return Rate(name=name, now=now, plan=plan)

    def node(
        name: str, parent: str | None, unit: Unit, stage: Stage | None, rates: tuple[str, ...]
    ) -> Node:
        now, plan = value(name)
        named = tuple(rate(r) for r in rates if r in scenario.now)
        return Node(
            name=name, parent=parent, unit=unit, now=now, plan=plan, stage=stage, rates=named
        )

    yield node(goal.metric, None, Unit.MONEY, None, ())
    if goal.metric != "revenue":
        revenue = node("revenue", goal.metric, Unit.MONEY, None, ())
        yield revenue
        now, plan = value(goal.metric)
        yield Node(
            name="costs",
            parent=goal.metric,
            unit=Unit.MONEY,
            now=now - revenue.now,
            plan=plan - revenue.plan,
            stage=Stage.ECONOMICS,
        )
    nurtured = "audience" in scenario.now and any(value("audience"))
    for name, parent, unit, stage, rates in _FLOWS:
        if name == "leads" and not nurtured:
            yield node(name, parent, unit, Stage.GENERATION, rates)
        elif name not in LEVERS or name == "other_revenue" or _given(name, scenario):
            yield node(name, parent, unit, stage, rates)


def _given(name: str, scenario: Scenario) -> bool:
    """Whether a lever is in the scenario, itself or as a sum over the product line."""
    if name not in SUMMED_UP:
        return name in scenario.now
    first = name == "average_check"
    line = scenario.business.line
    return name in scenario.now or any(product.first is first for product in line)


def _prune(nodes: list[Node]) -> Iterator[Node]:
    """Drop what is 0 at both ends with all below it; pass through a team that is no limit."""
    gone: set[str] = set()
    parents = {node.name: node.parent for node in nodes}
    values = {node.name: (node.now, node.plan) for node in nodes}
    no_limit = values["worked_leads"] == values["leads"]
    for node in nodes:
        if node.parent is None:
            yield node
        elif node.parent in gone or (node.now == 0 and node.plan == 0):
            gone.add(node.name)
        elif node.name == "worked_leads" and no_limit:
            continue
        elif node.parent == "worked_leads" and no_limit:
            yield replace(node, parent=parents["worked_leads"])
        else:
            yield node
