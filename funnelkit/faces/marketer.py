"""What the marketer's notebook shows, cell by cell."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

import numpy as np

from funnelkit import __version__
from funnelkit.client.client import Client
from funnelkit.client.marketing import Marketing
from funnelkit.client.problems import ClientFileError, Code, Problem
from funnelkit.client.read import find, read_client
from funnelkit.faces import channel_pictures as pictures
from funnelkit.faces.cells import Page, Record, WorkbookError
from funnelkit.faces.channel_record import channel_record
from funnelkit.faces.parameters import CHANNEL_PARAMETERS, Parameters, read_parameters
from funnelkit.model.audience import reach
from funnelkit.model.ladder import ladder
from funnelkit.model.ltv import lifetime_months
from funnelkit.model.marketer import Table as Channels
from funnelkit.model.quantity import over
from funnelkit.plan.cases import Case, case_of
from funnelkit.plan.joint import JOINT, joint_move
from funnelkit.plan.media import Media
from funnelkit.plan.reconcile import Reconciled, reconciled
from funnelkit.plan.running import BROUGHT, stand
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.spend import Spend, spend_of
from funnelkit.plan.target import price_permitted
from funnelkit.show import budget_tables, channel_tables, marketer_tables
from funnelkit.show.channel_definitions import channel_definitions_table
from funnelkit.show.channel_figures import channel_figures_table
from funnelkit.show.channel_inputs import channel_inputs_table
from funnelkit.show.channel_summary import channel_summary_html
from funnelkit.show.compare import compare_scenarios
from funnelkit.show.compare_channels import channel_rows
from funnelkit.show.labels import label
from funnelkit.show.picture import Picture
from funnelkit.show.problems import problem_lines
from funnelkit.show.summary import style
from funnelkit.show.tables import Table, note_alone
from funnelkit.show.words import Words

__all__ = ["MarketerLevel", "marketer_level"]


def marketer_level(namespace: Mapping[str, object], *, language: str) -> "MarketerLevel":
    """Open a client for the marketer's notebook.

    Parameters
    ----------
    namespace : mapping
        The notebook's ``globals()`` with its parameters, or a plain mapping of parameters.
    language : {"en", "ru"}
        Language of the notebook.

    Raises
    ------
    WorkbookError
        If a parameter is unknown or wrong, the client's file cannot be used or has no channels.
    """
    try:
        parameters = read_parameters(namespace, CHANNEL_PARAMETERS)
        client = read_client(find(parameters.client))
        media, scenario = _planned(client, parameters)
    except ClientFileError as error:
        lines = problem_lines(error.problems, Words(language=language))
        raise WorkbookError("\n".join(lines)) from None
    return MarketerLevel(client, scenario, media, parameters.scenario, language)


def _planned(client: Client, parameters: Parameters) -> tuple[Media, Scenario]:
    """Plan what the parameters say: the owner's levers first, then all channels in proportion."""
    if client.marketing is None:
        file = f"{client.path.parent.name}/{client.path.name}"
        problem = Problem(code=Code.NO_MARKETING, file=file, field="marketing")
        raise ClientFileError((problem,))
    owner = {n: value for n, value in parameters.overrides.items() if n not in JOINT}
    scenario = client.scenario(parameters.scenario, owner)
    media = client.media(scenario)
    for name in JOINT:
        value = parameters.overrides.get(name)
        if value is None:
            continue
        found = str(value)[:80]
        if name not in ("budget", "cpc") and not 0 <= value <= 1:
            problem = Problem(code=Code.NOT_A_SHARE, field=name, found=found)
            raise ClientFileError((problem,))
        try:
            media, scenario = joint_move(name, value, media, scenario)
        except ValueError:
            problem = Problem(code=Code.NOT_IN_PROPORTION, field=name, found=found)
            raise ClientFileError((problem,)) from None
    return media, scenario


class MarketerLevel:
    """A client's channels as the marketer's notebook shows them.

    Parameters
    ----------
    client : Client
        With channels.
    scenario : Scenario
        The plan shown.
    media : Media
        Its channels.
    scenario_name : str
    language : {"en", "ru"}
        Language of everything shown; the client's own texts stay as typed.
    """

    def __init__(
        self, client: Client, scenario: Scenario, media: Media, scenario_name: str, language: str
    ) -> None:
        self.client = client
        self.scenario = scenario
        self.media = media
        self.scenario_name = scenario_name
        self.words = Words(language=language, currency=client.currency)
        self._names = media.market.names

    @cached_property
    def plan(self) -> Channels:
        """The channels' table as planned."""
        return self.media.planned(self.scenario)

    @cached_property
    def now(self) -> Channels:
        """The channels' table of today."""
        return self.media.today(self.scenario)

    @cached_property
    def reconciled(self) -> Reconciled:
        """The channels against the owner's level."""
        return reconciled(self.media, self.scenario, self.plan)

    @cached_property
    def spend(self) -> Spend:
        """The budgets and what they bring."""
        return spend_of(self.media, self.scenario)

    @property
    def _marketing(self) -> Marketing:
        return cast("Marketing", self.client.marketing)

    @property
    def summary(self) -> Page:
        """What the channels bring, and whether that is what B needs."""
        html = channel_summary_html(
            self.client, self.scenario, self.reconciled, self.now, self.plan, self.words
        )
        return Page(f"<style>\n{style()}</style>\n{html}", self.client.title)

    @property
    def need(self) -> Table:
        """What B needs against what the channels bring."""
        return channel_tables.reconciliation_table(self.reconciled, self.words)

    @property
    def funnel(self) -> Picture:
        """The funnel of every channel."""
        return pictures.channels_picture(self.media, self.plan, self.words)

    @property
    def channels(self) -> Table:
        """What every channel brings and costs."""
        return channel_tables.channels_table(self._names, self.plan, self.words)

    @property
    def budget(self) -> Picture:
        """Leads against budget."""
        return pictures.spend_picture(self.media, self.scenario, self.plan, self.words)

    @property
    def budgets(self) -> Table:
        """Every budget, and what the next lead costs there."""
        spend = self.spend
        return budget_tables.budgets_table(
            self._names,
            spend,
            spend.least(self.reconciled.leads_needed),
            spend.best(float(np.nansum(spend.plan))),
            self.words,
        )

    @property
    def order(self) -> Picture:
        """One order from its check to its profit."""
        return pictures.unit_economics_picture(self.plan, self.words)

    @property
    def books(self) -> Table:
        """The books of all channels together."""
        return channel_tables.results_table(self.now.total, self.plan.total, self.words)

    @property
    def payback(self) -> Picture:
        """LTV / CAC and payback by channel."""
        return pictures.payback_picture(self.media, self.scenario, self.plan, self.words)

    @property
    def limits(self) -> Table:
        """What a channel may cost."""
        return channel_tables.limits_table(self._names, self.plan, self.words)

    @property
    def target(self) -> Table:
        """What traffic may cost at the file's target."""
        target, words = self._marketing.target, self.words
        if target is None:
            why = words("The client's file names no target for advertising.")
            return note_alone(words("What traffic may cost at a target"), why)
        most = price_permitted(self.media, self.scenario, target)
        return channel_tables.target_table(self._names, self.plan, target, most, words)

    @property
    def ladder(self) -> Table:
        """The product ladder: what it earns back of the advertising, and where it leaks."""
        scenario, total = self.scenario, self.plan.total
        line, plan = scenario.business.line, scenario.target
        if not line:
            why = self.words("Not without a product line: a ladder takes several products.")
            return note_alone(self.words("The product ladder, as planned"), why)

        def rungs(kind: str, levers: Mapping[str, float]) -> list[float]:
            return [levers[f"{kind}.{product.name}"] for product in line]

        found = ladder(
            line,
            take_rate=rungs("take_rate", plan),
            price=rungs("price", plan),
            margin=rungs("margin", plan),
            months=lifetime_months(plan.get("retention_rate", np.nan), scenario.business.discount),
            clients_per_visitor=over(total.new_customers, total.clicks),
            cost_per_visitor=over(total.total_marketing, total.clicks),
            reference=rungs("take_rate", {**plan, **scenario.ceilings}),
        )
        return marketer_tables.ladder_table(scenario, found, self.words)

    def board(self) -> Any:
        """Sliders for channels, conversions, check and LTV, with pictures that follow them."""
        from funnelkit.faces.board.marketer import MarketerBoard  # widgets only where one looks

        return MarketerBoard(self.client, self.scenario, self.media, self.words)

    @property
    def figures(self) -> Table:
        """The board's figures, still."""
        return channel_figures_table(self.scenario, self.plan, self.words)

    @property
    def still(self) -> Picture:
        """The board's pictures, still."""
        return pictures.channel_board_still(self.media, self.scenario, self.plan, self.words)

    @property
    def months(self) -> Table:
        """The media plan by channel and month."""
        table = self.media.by_month(self.scenario)
        first = self.client.first_month
        return budget_tables.media_plan_table(self._names, table, self.scenario, first, self.words)

    @property
    def cases(self) -> Table:
        """The plan at the worse and at the better end of what is known."""
        goal, tables, reached = self.scenario.goal, {}, {}
        for case in Case:
            media, scenario = case_of(case, self.media, self.scenario, self.client.evidence)
            tables[case] = media.planned(scenario)
            reached[case] = float(scenario.at_goal())
        metric = label(goal.metric, self.words)
        return marketer_tables.cases_table(tables, reached, metric, self.words)

    @property
    def fact(self) -> Table:
        """The running month: plan, fact and forecast."""
        words, running = self.words, self._marketing.running
        if running is None:
            why = words("The client's file has no figures of a running month yet.")
            return note_alone(words("Plan against fact"), why)
        months = self.media.by_month(self.scenario)
        stands = {quantity: stand(months, running, quantity) for quantity in BROUGHT}
        when = words.month(self.client.first_month, running.offset)
        return marketer_tables.fact_table(self._names, stands, running, when, words)

    @property
    def cash(self) -> Table:
        """What late payment does to a month's money."""
        now, plan = (self.media.cash(table) for table in (self.now, self.plan))
        return marketer_tables.cash_table(now, plan, self.words)

    @property
    def audiences(self) -> Table:
        """Whether the audiences are large enough."""
        marketing = self._marketing
        people = reach(
            self.plan.channels.impressions,
            frequency=marketing.frequency,
            audience=marketing.audience,
        )
        return marketer_tables.audience_table(
            self._names, self.plan, marketing.frequency, people, self.words
        )

    @property
    def scenarios(self) -> Table:
        """The file's scenarios side by side, with their channels."""
        client, words = self.client, self.words
        heads = {"now": words("Now"), "plan": words("Plan")} | dict(client.titles)
        columns = [
            (heads.get(name, name), client.scenario(name))
            for name in ("now", "plan", *client.variants)
        ]
        plans = [(client.media(scenario), scenario) for _head, scenario in columns]
        rows = channel_rows([plans[1], *plans], words)
        own = [place == 1 for place in range(len(columns))]
        return compare_scenarios(client, columns, words, own=own, more=rows)

    @property
    def inputs(self) -> Table:
        """Every number of the channels and where it comes from."""
        return channel_inputs_table(self.client, self.media, self.words)

    @property
    def definitions(self) -> Table:
        """What the words mean."""
        return channel_definitions_table(self.words)

    @property
    def record(self) -> Record:
        """The numbers this notebook stands for."""
        return Record(
            channel_record(
                self.client,
                self.scenario,
                self.scenario_name,
                self.media,
                self.reconciled,
                __version__,
            ),
            self.words,
        )
