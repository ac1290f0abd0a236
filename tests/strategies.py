"""Random businesses, levers and scenarios, shared by the tests.

Numbers are what people type: shares in tenths of a per cent, whole counts, money in cents. So
exact zeros, ones and ties are drawn often, and magnitudes stay within what a client has.
"""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from funnelkit.model.levers import LEVERS, Unit
from funnelkit.model.owner import METRICS, Business
from funnelkit.model.products import Product, Role
from funnelkit.plan.scenario import Goal, Scenario

REPLACED_BY_LINE = ("average_check", "purchase_rate", "repeat_check", "margin")
PURCHASES = ("purchase_rate", "managers", "take_rate")


def shares(least: float = 0.0, most: float = 1.0) -> SearchStrategy[float]:
    return st.integers(round(1000 * least), round(1000 * most)).map(lambda n: n / 1000)


def money(most: int = 1000) -> SearchStrategy[float]:
    return st.integers(0, 100 * most).map(lambda n: n / 100)


def counts(most: int = 2000) -> SearchStrategy[float]:
    return st.integers(0, most).map(float)


def line_levers(line: tuple[Product, ...]) -> list[str]:
    kinds = ("take_rate", "price", "margin")
    return [f"{kind}.{product.name}" for product in line for kind in kinds]


def lever_names(line: tuple[Product, ...] = ()) -> list[str]:
    """All levers that mean something to a business with this line."""
    return [n for n in LEVERS if not (line and n in REPLACED_BY_LINE)] + line_levers(line)


def values(name: str) -> SearchStrategy[float]:
    """Values of one lever, of the table or of a product."""
    kind = name.partition(".")[0]
    if kind in PURCHASES:
        return st.integers(0, 40).map(lambda n: n / 10)
    if kind == "price":
        return money()
    unit = LEVERS[kind].unit
    return {Unit.SHARE: shares(), Unit.MONEY: money(), Unit.COUNT: counts()}[unit]


def lines(most: int = 4, least: int = 0) -> SearchStrategy[tuple[Product, ...]]:
    roles = st.lists(st.sampled_from(Role), min_size=least, max_size=most)
    return roles.map(lambda rs: tuple(Product(name=f"p{i}", role=r) for i, r in enumerate(rs)))


def cycles() -> SearchStrategy[tuple[float, ...]]:
    weights = st.lists(st.integers(0, 4), min_size=1, max_size=4).filter(any)
    return weights.map(lambda ws: tuple(w / sum(ws) for w in ws))


def businesses(**given: SearchStrategy) -> SearchStrategy[Business]:
    """Businesses with any delay, capacity, backlog and line; keywords narrow them."""
    anything = {
        "active_customers": counts(),
        "sales_cycle": cycles(),
        "leads_per_manager": st.sampled_from([float("inf"), 10.0, 40.0, 200.0]),
        "overflow": st.sampled_from(["wait", "lost"]),
        "backlog": st.sampled_from([0.0, 0.0, 17.0, 400.0]),
        "discount": st.sampled_from([0.0, 0.0, 0.01]),
        "line": st.just(()) | lines(),
    }
    return st.builds(Business, **(anything | given))


@st.composite
def levers(draw: st.DrawFn, line: tuple[Product, ...] = ()) -> dict[str, float]:
    """One value for every lever."""
    return {name: draw(values(name), label=name) for name in lever_names(line)}


@st.composite
def scenarios(draw: st.DrawFn, most_moved: int = 6, **given: SearchStrategy) -> Scenario:
    """Scenarios with random ramps of up to `most_moved` levers; keywords narrow the business."""
    business = draw(businesses(**given))
    now = draw(levers(business.line))
    moved = draw(st.lists(st.sampled_from(list(now)), max_size=most_moved, unique=True))
    horizon = draw(st.integers(1, 6))
    return Scenario(
        goal=Goal(
            metric=draw(st.sampled_from(METRICS)),
            a=draw(money(10**6)),
            b=draw(money(10**6)),
            horizon=horizon,
        ),
        business=business,
        now=now,
        plan={name: draw(values(name)) for name in moved},
        start={name: draw(st.integers(0, horizon + 1)) for name in moved},
    )


@st.composite
def solvable(draw: st.DrawFn, **given: SearchStrategy) -> Scenario:
    """Scenarios with ceilings on some levers, and B anywhere about what they allow."""
    scenario = draw(scenarios(**given))
    capped = draw(st.lists(st.sampled_from(list(scenario.now)), max_size=12, unique=True))
    ceilings = {name: draw(values(name)) for name in capped}
    costs = (
        {name: draw(money()) for name in draw(st.lists(st.sampled_from(capped), unique=True))}
        if capped
        else {}
    )
    idle = float(scenario.at_goal({}))
    if idle == idle:  # not missing
        times = draw(st.sampled_from([0.5, 1.01, 1.3, 3.0, 100.0]))
        goal = replace(scenario.goal, b=idle + (times - 1.0) * (abs(idle) + 1.0))
        scenario = replace(scenario, goal=goal)
    return replace(scenario, ceilings=ceilings, costs=costs)
