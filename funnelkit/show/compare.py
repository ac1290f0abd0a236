"""Scenarios side by side: the figures of B's month and every lever in which they differ."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import isclose, isnan

from funnelkit.client.client import Client
from funnelkit.model.levers import LEVERS
from funnelkit.model.products import product_lever
from funnelkit.plan.scenario import Scenario
from funnelkit.show.labels import label
from funnelkit.show.tables import Cell, Table
from funnelkit.show.words import Words

__all__ = ["Compared", "compare_scenarios", "compare_table"]

NOTHING = float("nan")


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of a comparison.

    Attributes
    ----------
    text : str
    values : tuple of float
        The plan's, then those of the columns.
    show : callable
        Formats a value.
    lower_is_better : bool
    """

    text: str
    values: tuple[float, ...]
    show: Callable[[float], str]
    lower_is_better: bool = False

    @property
    def differs(self) -> bool:
        """Whether the values are not all one."""
        return not all(_same(value, self.values[0]) for value in self.values)


def _same(one: float, other: float) -> bool:
    """Whether two values are one but for rounding errors, or both missing."""
    return isclose(one, other, rel_tol=1e-9) or (isnan(one) and isnan(other))


def compare_table(
    client: Client,
    names: Sequence[str],
    words: Words,
    titles: Mapping[str, str] | None = None,
) -> Table:
    """Return scenarios side by side, each figure marked by how it differs from the plan's.

    Parameters
    ----------
    client : Client
    names : sequence of str
        ``now``, ``plan`` and names of the client's variants, in the order of the columns.
    words : Words
    titles : mapping of str to str, optional
        What to call the variants; by default their names.

    Raises
    ------
    ClientFileError
        For an unknown scenario.
    """
    names = tuple(dict.fromkeys(names))
    heads = {"plan": words("Plan"), "now": words("Now")}
    columns = [
        (heads.get(name) or (titles or {}).get(name) or name, client.scenario(name))
        for name in names
    ]
    return compare_scenarios(client, columns, words, own=[name == "plan" for name in names])


def compare_scenarios(
    client: Client,
    columns: Sequence[tuple[str, Scenario]],
    words: Words,
    *,
    own: Sequence[bool],
    more: Sequence[Compared] = (),
) -> Table:
    """Return plans side by side, as `compare_table` does.

    Parameters
    ----------
    client : Client
    columns : sequence of (str, Scenario)
        Names and plans.
    words : Words
    own : sequence of bool
        Which columns are the file's plan itself, which has no marks.
    more : sequence of Compared
        Rows between the figures and the levers.
    """
    # The plan comes first: it is what the others are marked against, shown or not.
    scenarios = (client.plan, *(scenario for _head, scenario in columns))
    figures = tuple(_figures(scenarios, words))
    levers = tuple(row for row in _levers(scenarios, words) if row.differs)
    return Table(
        header=(
            words.month(client.first_month, client.plan.goal.horizon),
            *(head for head, _scenario in columns),
        ),
        rows=tuple((row.text, *_cells(row, own, words)) for row in (*figures, *more, *levers)),
        caption=words("Scenarios side by side: B's month, and the levers that differ"),
        note=words(
            "▲ is above the plan, ▼ below it; green is better than the plan, red is worse, grey "
            "is the same."
        ),
        emphasis=frozenset({0}),
    )


def _figures(scenarios: Sequence[Scenario], words: Words) -> Iterator[Compared]:
    """Rows of the figures that matter, the goal's first."""
    goal = scenarios[0].goal
    months = [scenario.run() for scenario in scenarios]

    def row(name: str) -> tuple[float, ...]:
        return tuple(float(getattr(path, name)[goal.horizon]) for path in months)

    reached = row(goal.metric)
    missing = tuple(max(goal.b - value, 0.0) for value in reached)
    yield Compared(label(goal.metric, words), reached, words.money)
    yield Compared(words("Missing to B"), missing, words.money, lower_is_better=True)
    if goal.metric != "contribution":
        yield Compared(label("contribution", words), row("contribution"), words.money)
    yield Compared(words("LTV"), row("ltv"), words.money)
    yield Compared(words("LTV / CAC"), row("ltv_to_cac"), words.count)
    yield Compared(label("new_customers", words), row("new_customers"), words.count)
    yield Compared(label("leads", words), row("leads"), words.count)


def _levers(scenarios: Sequence[Scenario], words: Words) -> Iterator[Compared]:
    """Rows of all levers in the table's order, a product line as the sums it makes."""
    line = scenarios[0].business.line
    for name, lever in LEVERS.items():
        if any(scenario.has(name) for scenario in scenarios):
            values = tuple(_planned(scenario, name) for scenario in scenarios)
            show = partial(words.value, unit=lever.unit)
            yield Compared(label(name, words), values, show, lever.lower_is_better)
    for product in line:
        name = product_lever("margin", product.name)
        values = tuple(_planned(scenario, name) for scenario in scenarios)
        yield Compared(f"{label('margin', words)}: {product.name}", values, words.share)


def _planned(scenario: Scenario, name: str) -> float:
    return scenario.planned(name) if scenario.has(name) else NOTHING


def _cells(row: Compared, own: Sequence[bool], words: Words) -> Iterator[Cell]:
    """Mark each scenario's figure by how it stands to the plan's; the plan's own has no mark."""
    plan, *values = row.values
    for is_plan, value in zip(own, values, strict=True):
        text = row.show(value)
        if text == words.missing:
            yield Cell(text, "missing")
        elif is_plan or isnan(plan):
            yield Cell(text)
        elif _same(value, plan):
            yield Cell(text, "quiet")
        else:
            better = (value < plan) is row.lower_is_better
            yield Cell(f"{'▲' if value > plan else '▼'} {text}", "good" if better else "bad")
