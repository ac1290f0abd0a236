"""What the owner's notebook shows, cell by cell."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from funnelkit import __version__
from funnelkit.client.client import Client, UnderWay
from funnelkit.client.problems import ClientFileError
from funnelkit.client.read import find, read_client
from funnelkit.faces.cells import Page, Record, WorkbookError
from funnelkit.faces.parameters import read_parameters
from funnelkit.faces.pictures import (
    board_still,
    funnel_picture,
    months_picture,
    products_picture,
    tree_picture,
    waterfall_picture,
)
from funnelkit.faces.plan_pictures import (
    facts_picture,
    fan_picture,
    growth_picture,
    needed_picture,
    tornado_picture,
)
from funnelkit.faces.record import owner_record
from funnelkit.faces.ways import ways_to_b
from funnelkit.model.pace import Pace
from funnelkit.plan.fact import against_fact, begun_anew, running_month
from funnelkit.plan.frommoney import from_the_money
from funnelkit.plan.growth import GrowthPrice, growth_prices
from funnelkit.plan.order import order_of_work
from funnelkit.plan.path import month_path
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.solution import Solution
from funnelkit.plan.solve import alone
from funnelkit.plan.spread import Bar, Spread, spread, tornado
from funnelkit.show import owner_tables, plan_tables, product_tables, solution_tables
from funnelkit.show.appendix import lmdi_table, mix_table, shapley_table
from funnelkit.show.compare import compare_table
from funnelkit.show.definitions import definitions_table
from funnelkit.show.gates import diagnosis_table, order_table
from funnelkit.show.inputs import inputs_table
from funnelkit.show.picture import Picture
from funnelkit.show.problems import problem_lines
from funnelkit.show.summary import Summary, style, summary_html, summary_of
from funnelkit.show.tables import Table
from funnelkit.show.words import Words

__all__ = ["OwnerLevel", "owner_level"]


def owner_level(namespace: Mapping[str, object], *, language: str) -> "OwnerLevel":
    """Open a client for the owner's notebook.

    Parameters
    ----------
    namespace : mapping
        The notebook's ``globals()`` with its parameters, or a plain mapping of parameters.
    language : {"en", "ru"}
        Language of the notebook.

    Raises
    ------
    WorkbookError
        If a parameter is unknown or wrong, or the client's file cannot be used.
    """
    try:
        parameters = read_parameters(namespace)
        client = read_client(find(parameters.client))
        scenario = client.scenario(parameters.scenario, parameters.overrides)
    except ClientFileError as error:
        lines = problem_lines(error.problems, Words(language=language))
        raise WorkbookError("\n".join(lines)) from None
    return OwnerLevel(client, scenario, parameters.scenario, language)


class OwnerLevel:
    """A client's plan as the owner's notebook shows it.

    Parameters
    ----------
    client : Client
    scenario : Scenario
        The plan shown.
    scenario_name : str
    language : {"en", "ru"}
        Language of everything shown; the client's own texts stay as typed.
    """

    def __init__(
        self, client: Client, scenario: Scenario, scenario_name: str, language: str
    ) -> None:
        self.client = client
        self.scenario = scenario
        self.scenario_name = scenario_name
        self.words = Words(language=language, currency=client.currency)

    @cached_property
    def numbers(self) -> Summary:
        """The numbers of page one."""
        return summary_of(self.client, self.scenario, self.spread)

    @property
    def summary(self) -> Page:
        """Page one."""
        html = summary_html(self.numbers, self.client, self.scenario, self.words)
        return Page(f"<style>\n{style()}</style>\n{html}", self.client.title)

    @property
    def tree(self) -> Picture:
        """The tree of B."""
        return tree_picture(self.client, self.scenario, self.words)

    @property
    def smart(self) -> Table:
        """The goal's SMART check."""
        return owner_tables.smart_table(self.client, self.scenario, self.words)

    @property
    def diagnosis(self) -> Table:
        """What stands in the way, and what to do first."""
        return diagnosis_table(self.client, self.numbers.findings, self.words)

    @property
    def order(self) -> Table:
        """The order of work, from the money."""
        works = order_of_work(self.scenario, self.numbers.findings)
        return order_table(self.client, works, self.words)

    @property
    def stages(self) -> Table:
        """Every lever by stage."""
        return owner_tables.stages_table(self.client, self.scenario, self.words)

    @property
    def funnel(self) -> Picture:
        """The funnel now against the plan."""
        return funnel_picture(self.scenario, self.words)

    @property
    def ltv(self) -> Table:
        """What makes a client's lifetime value."""
        return owner_tables.ltv_table(self.scenario, self.words)

    @property
    def products(self) -> Picture:
        """Revenue by product, now against the plan."""
        return products_picture(self.scenario, self.words)

    @property
    def product_line(self) -> Table:
        """The product line in numbers."""
        return product_tables.products_table(self.scenario, self.words)

    def board(self) -> Any:
        """Sliders for every conversion and for LTV, with pictures that follow them."""
        from funnelkit.faces.board import Board  # widgets only where one looks

        return Board(self.client, self.scenario, self.words)

    @property
    def still(self) -> Picture:
        """The board's pictures, still."""
        return board_still(self.client, self.scenario, self.words)

    @property
    def figures(self) -> Table:
        """The board's figures, still."""
        return owner_tables.figures_table(self.client, self.scenario, self.words)

    @property
    def waterfall(self) -> Picture:
        """The way from A to B."""
        return waterfall_picture(self.client, self.scenario, self.words)

    @property
    def stage_products(self) -> Table:
        """What each stage adds to each product."""
        return product_tables.stage_products_table(self.scenario, self.words)

    @property
    def months(self) -> Picture:
        """The path to B by month."""
        return months_picture(self.client, self.scenario, self.words)

    @property
    def month_table(self) -> Table:
        """The plan in numbers, month by month."""
        return owner_tables.months_table(self.client, self.scenario, self.words)

    @cached_property
    def ways(self) -> Mapping[str, Solution]:
        """The ways to B, by name."""
        return ways_to_b(self.client, self.scenario)

    @property
    def needed_levers(self) -> Picture | Table:
        """What B takes of each lever, from the money."""
        return needed_picture(self.client, self.scenario, self.ways["money"], self.words)

    @property
    def alone(self) -> Table:
        """What each lever would have to be if it moved alone."""
        found = alone(self.scenario, locked=self.client.locked)
        return solution_tables.alone_table(self.client, self.scenario, found, self.words)

    @property
    def solutions(self) -> Table:
        """Ways to B side by side."""
        return solution_tables.ways_table(self.ways, self.words)

    @property
    def from_money(self) -> Table:
        """How far each stage goes on the way from the money."""
        found = from_the_money(self.scenario, locked=self.client.locked)
        return solution_tables.stages_way_table(self.client, found, self.words)

    @property
    def needed(self) -> Table:
        """Who would have to move what, from the money."""
        caption = self.words("From the money: number now, number needed, by when")
        found = self.ways["money"]
        return solution_tables.solution_table(self.client, found, self.words, caption=caption)

    @property
    def path(self) -> Table:
        """Run rate, one-off money, team and cash by month."""
        found = month_path(self.scenario, recovered=self.client.recovered)
        return plan_tables.path_table(self.client, self.scenario, found, self.words)

    @cached_property
    def spread(self) -> Spread | None:
        """What draws of the uncertain inputs come to."""
        return spread(self.scenario, self.client.evidence, self.client.plan_evidence)

    @cached_property
    def bars(self) -> Sequence[Bar]:
        """What each uncertain input does to B's month."""
        return tornado(self.scenario, self.client.evidence, self.client.plan_evidence)

    @property
    def fan(self) -> Picture | Table:
        """The months with what is not known exactly."""
        return fan_picture(self.client, self.scenario, self.spread, self.words)

    @property
    def tornado(self) -> Picture | Table:
        """What each uncertain input does to B's month."""
        return tornado_picture(self.scenario, self.spread, self.bars, self.words)

    @cached_property
    def prices(self) -> Sequence[GrowthPrice]:
        """What the next unit of the goal's month costs through each stage."""
        return growth_prices(self.scenario, locked=self.client.locked, points=48)

    @property
    def growth(self) -> Picture | Table:
        """What growth costs through each stage."""
        return growth_picture(self.prices, self.words)

    @property
    def growth_table(self) -> Table:
        """The price of the next unit, in numbers."""
        return plan_tables.growth_table(self.prices, self.words)

    @cached_property
    def running(self) -> tuple[UnderWay, Pace] | None:
        """The month under way, and where it leads; nothing where it is planned below 0."""
        way, goal = self.client.under_way, self.scenario.goal
        if way is None or self.scenario.run().metric(goal.metric)[way.month] < 0:
            return None
        found = running_month(
            self.scenario, way.month, fact=way.value, days_gone=way.days_gone, days=way.days
        )
        return way, found

    @property
    def facts(self) -> Picture | Table:
        """Months gone beside the plan."""
        return facts_picture(self.client, self.scenario, self.running, self.words)

    @property
    def facts_table(self) -> Table | None:
        """Why the months gone differ from the plan; nothing where none is gone."""
        if not self.client.gone:
            return None
        gone = against_fact(self.scenario, self.client.gone)
        return plan_tables.facts_table(self.client, self.scenario, gone, self.running, self.words)

    @property
    def anew(self) -> Table | None:
        """The plan solved again from where the months gone have led; nothing where none is gone."""
        client, gone = self.client, self.client.gone
        if not 0 < len(gone) < self.scenario.goal.horizon:
            return None
        found = from_the_money(begun_anew(self.scenario, gone), locked=client.locked).solution
        caption = self.words("From where things stand: number now, number needed, by when")
        return solution_tables.solution_table(
            client, found, self.words, caption=caption, gone=len(gone)
        )

    @property
    def responsible(self) -> Table:
        """Who answers for which number."""
        return owner_tables.responsible_table(self.client, self.scenario, self.words)

    @property
    def scenarios(self) -> Table:
        """The file's scenarios side by side."""
        names = ("now", "plan", *self.client.variants)
        return compare_table(self.client, names, self.words, self.client.titles)

    @property
    def decisions(self) -> Table:
        """What was agreed in the workshop."""
        return owner_tables.decisions_table(self.client, self.words)

    @property
    def shapley(self) -> Table:
        """What each lever adds, whatever comes first."""
        return shapley_table(self.scenario, self.words)

    @property
    def lmdi(self) -> Table:
        """What each factor adds to each product, whatever comes first."""
        return lmdi_table(self.scenario, self.words)

    @property
    def mix(self) -> Table:
        """Price, volume and mix of the product line."""
        return mix_table(self.scenario, self.words)

    @property
    def definitions(self) -> Table:
        """What the words mean."""
        return definitions_table(self.words)

    @property
    def inputs(self) -> Table:
        """Every input and where it comes from."""
        return inputs_table(self.client, self.scenario, self.words)

    @property
    def record(self) -> Record:
        """The numbers this notebook stands for."""
        return Record(
            owner_record(
                self.client,
                self.scenario,
                self.scenario_name,
                self.numbers,
                self.running,
                __version__,
            ),
            self.words,
        )
