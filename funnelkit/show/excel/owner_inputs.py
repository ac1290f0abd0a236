"""The sheet of inputs: every lever, the business, the goal; what a client changes."""

from collections.abc import Mapping
from itertools import groupby, islice

import numpy as np

from funnelkit.client.client import Client
from funnelkit.model.levers import Unit
from funnelkit.model.levers import message as _
from funnelkit.model.owner import METRICS
from funnelkit.plan.media import CHANNEL_LEVERS
from funnelkit.plan.scenario import Scenario
from funnelkit.show.excel.numberformats import Kind, number_format
from funnelkit.show.excel.owner_levers import LeverRow, lever_rows
from funnelkit.show.excel.results import result_texts
from funnelkit.show.excel.sheet import Place, Sheet, Style
from funnelkit.show.inputs import how_known
from funnelkit.show.labels import label
from funnelkit.show.lever_texts import unit_of
from funnelkit.show.stages import STAGES
from funnelkit.show.words import Words

__all__ = ["OwnerInputs"]

NOW, PLAN, START, BEST, KNOWN, SOURCE = range(1, 7)

TOP, HEADER = 3, 6
"""Rows of the results and of the table's header."""


class OwnerInputs:
    """Writes the sheet of inputs and gives each of them its name.

    Parameters
    ----------
    sheet : Sheet
    client : Client
    scenario : Scenario
    words : Words
    followed : mapping of str to str
        Cells that follow the channels' sheets, as in ``visitors_plan``, with what they follow.
    """

    def __init__(
        self,
        sheet: Sheet,
        client: Client,
        scenario: Scenario,
        words: Words,
        followed: Mapping[str, str],
    ) -> None:
        self.sheet, self.client, self.scenario = sheet, client, scenario
        self.words, self.followed = words, followed

    def write(self, results: dict[str, float | str]) -> None:
        """Write the sheet; `results` are the months' sheet's, shown again where one changes."""
        words, sheet = self.words, self.sheet
        sheet.text(0, 0, self.client.title, "title")
        sheet.text(
            1,
            0,
            words(
                "Change the yellow cells; everything else follows. An empty cell is a number "
                "that is not known: what needs it shows #N/A. Notes say what each number means."
            ),
        )
        for column, (name, text) in enumerate(islice(result_texts(words), BEST + 1)):
            sheet.text(TOP, column, text, "header", right=True)
            number = number_format("money", [self.scenario.goal.b], words)
            sheet.formula(TOP + 1, column, name, results[name], "result", number)
        headers = (
            words("Input"),
            words("Now"),
            words("Plan"),
            words("Moves after month"),
            words("Best"),
            words("How it is known"),
            words("Source"),
        )
        for column, text in enumerate(headers):
            style: Style = "aside" if column >= KNOWN else "header"
            sheet.text(HEADER, column, text, style, right=NOW <= column <= BEST)
        sheet.note(HEADER, START, words("The last month at today's value; then it begins to move."))
        sheet.note(HEADER, PLAN, words("The value from B's month on."))
        sheet.note(HEADER, BEST, words("The lever's ceiling; a plan beyond it is shown in red."))
        sheet.tall(TOP, 2)
        sheet.tall(HEADER, 2)
        row = self._goal(HEADER + 1)
        row = self._business(row)
        row = self._levers(row)
        sheet.grey_where_missing(row, SOURCE)
        sheet.frame(widths=(44, 18, 18, 18, 18, 54, 44), freeze=(HEADER + 1, 1), repeat_rows=HEADER)

    def _levers(self, row: int) -> int:
        for stage, levers in groupby(
            lever_rows(self.scenario.business.line), key=lambda lever: lever.stage
        ):
            self._heading(row, self.words(STAGES[stage]))
            row += 1
            for lever in levers:
                self._lever(row, lever)
                row += 1
        return row

    def _heading(self, row: int, text: str) -> None:
        for column in range(SOURCE + 1):
            self.sheet.text(row, column, "" if column else text, "heading")

    def _lever(self, row: int, lever: LeverRow) -> None:
        scenario, name, key, words = self.scenario, lever.name, lever.key, self.words
        target = scenario.target
        now = scenario.now.get(name, lever.absent)
        plan = target.get(name, lever.absent)
        best = scenario.ceilings.get(name, np.nan)
        number = number_format(lever.kind, [now, plan, best], words)
        self.sheet.text(row, 0, lever.label(words))
        self.sheet.note(row, 0, lever.meaning(words))
        moved = name in scenario.moved
        places = {
            "now": self._input(row, NOW, f"{key}_now", now, number),
            "plan": self._input(row, PLAN, f"{key}_plan", plan, number)
            if moved or f"{key}_plan" in self.followed
            else self._same(row, f"{key}_plan", f"{key}_now", plan, number),
            "start": self._input(row, START, f"{key}_start", scenario.start.get(name, 0), "0"),
            "best": self._input(row, BEST, f"{key}_best", best, number),
        }
        for end in ("now", "plan", "best"):
            self.sheet.between(places[end], 0, 1 if lever.bounded else None)
        self.sheet.whole(places["start"], 0, scenario.goal.horizon)
        self.sheet.red_beyond(places["plan"], places["now"], places["best"])
        self.sheet.text(row, KNOWN, self._known(name), "quiet")
        self.sheet.text(row, SOURCE, self.client.sources.get(name, ""), "quiet")

    def _known(self, name: str) -> str:
        if name in CHANNEL_LEVERS and self.client.marketing is not None:
            return self.words("from the channels")
        if name not in self.scenario.now:
            return self.words("not in the client's file")
        unit: Unit = unit_of(name)
        known, assumed = self.client.evidence.get(name), name in self.client.assumed
        return how_known(known, unit, self.words, assumed=assumed)

    def _input(self, row: int, column: int, name: str, value: float, number: str) -> Place:
        if name in self.followed:
            place = self.sheet.formula(row, column, self.followed[name], value, "linked", number)
        else:
            place = self.sheet.number(row, column, value, "input", number)
        self.sheet.named(name, place)
        return place

    def _same(self, row: int, name: str, now: str, value: float, number: str) -> Place:
        """Write a plan that moves nothing: it stays as the present, whatever that is."""
        shown = value if np.isfinite(value) else ""
        formula = f'IF({now}="","",{now})'
        place = self.sheet.formula(row, PLAN, formula, shown, "linked", number)
        self.sheet.named(name, place)
        return place

    def _business(self, row: int) -> int:
        self._heading(row, self.words("Business"))
        row += 1
        business, words = self.scenario.business, self.words
        rows: tuple[tuple[str, str, str, float, Kind], ...] = (
            (
                "active_customers",
                _("Active clients at the start"),
                _("Clients at the start of month 0: measured."),
                float(np.asarray(business.active_customers)),
                "count",
            ),
            (
                "leads_per_manager",
                _("Leads per sales manager"),
                _("Leads that one gets through in a month; empty where the team has no limit."),
                business.leads_per_manager,
                "count",
            ),
            (
                "backlog",
                _("Leads waiting at the start"),
                _("Leads that had come before month 0 and were not worked on."),
                business.backlog,
                "count",
            ),
            (
                "discount",
                _("Discount a month"),
                _("By what share a month LTV counts later money less."),
                business.discount,
                "share",
            ),
        )
        for name, text, meaning, value, kind in rows:
            number = number_format(kind, value, words)
            place = self._named_number(row, name, words(text), words(meaning), value, number)
            self.sheet.between(place, 0, 1 if name == "discount" else None)
            row += 1
        waits, lost = words("wait"), words("are lost")
        self.sheet.text(row, 0, words("Leads above the team's capacity"))
        self._choice(row, "overflow", waits if business.overflow == "wait" else lost, (waits, lost))
        return self._sales_cycle(row + 1)

    def _sales_cycle(self, row: int) -> int:
        taps = self.scenario.business.sales_cycle
        meaning = self.words("The shares of all months together are 100 %.")
        number = number_format("share", taps, self.words)
        for month, share in enumerate(taps):
            text = self.words("Deals closed, months after the lead: {n}", n=month)
            place = self._named_number(row, f"sales_cycle_{month}", text, meaning, share, number)
            self.sheet.between(place, 0, 1)
            row += 1
        return row

    def _goal(self, row: int) -> int:
        goal, words = self.scenario.goal, self.words
        self._heading(row, words("Goal"))
        names = [label(metric, words) for metric in METRICS]
        self.sheet.text(row + 1, 0, words("What has to grow"))
        self._choice(row + 1, "goal_metric", label(goal.metric, words), names)
        money = number_format("money", [goal.a, goal.b], words)
        meanings = {
            "goal_a": (_("Point A"), _("The measured month."), goal.a),
            "goal_b": (_("Point B"), _("The target month of the same number."), goal.b),
        }
        for place, (name, (text, meaning, value)) in enumerate(meanings.items(), row + 2):
            self._named_number(place, name, words(text), words(meaning), value, money)
        self.sheet.text(row + 2, SOURCE, self.client.sources.get("goal.a", ""), "quiet")
        months = self._named_number(
            row + 4,
            "horizon",
            words("Months until B"),
            words("Month in which B is judged; month 0 is that of A."),
            goal.horizon,
            "0",
        )
        self.sheet.whole(months, 1, goal.horizon)
        return row + 5

    def _named_number(
        self, row: int, name: str, text: str, meaning: str, value: float, number: str
    ) -> Place:
        self.sheet.text(row, 0, text)
        self.sheet.note(row, 0, meaning)
        place = self.sheet.number(row, NOW, value, "input", number)
        self.sheet.named(name, place)
        return place

    def _choice(
        self, row: int, name: str, value: str, allowed: "tuple[str, ...] | list[str]"
    ) -> None:
        self.sheet.text(row, NOW, value, "input", right=True)
        place = self.sheet.place(row, NOW)
        self.sheet.choice(place, allowed)
        self.sheet.named(name, place)
