"""The owner's model by month, written from its lines."""

from collections.abc import Iterator, Mapping
from itertools import groupby

import numpy as np

from funnelkit.client.client import Client
from funnelkit.model.owner import METRICS
from funnelkit.plan.scenario import Scenario
from funnelkit.show.definitions import DEFINITIONS
from funnelkit.show.excel.client_lines import per_client
from funnelkit.show.excel.formulas import Cells, known
from funnelkit.show.excel.numberformats import Kind, number_format
from funnelkit.show.excel.owner_levers import LeverRow, lever_rows
from funnelkit.show.excel.owner_lines import MONEY, PEOPLE, Line
from funnelkit.show.excel.owner_values import Array, month_values, settled_values
from funnelkit.show.excel.results import result_formulas, result_texts
from funnelkit.show.excel.sheet import Sheet, Style
from funnelkit.show.labels import QUANTITIES, label
from funnelkit.show.stages import STAGES
from funnelkit.show.words import Words

__all__ = ["OwnerSheet"]

TOP, HEADER = 3, 6
"""Rows of the results and of the months' names; the months' numbers stand below these."""

EARLIER, FIRST = 1, 2
"""Columns of what was before month 0, and of month 0."""


class OwnerSheet:
    """Writes the owner's model by month; a column a month, then where the plan settles.

    Parameters
    ----------
    sheet : Sheet
    client : Client
    scenario : Scenario
    words : Words
    """

    def __init__(self, sheet: Sheet, client: Client, scenario: Scenario, words: Words) -> None:
        self.sheet, self.client, self.scenario, self.words = sheet, client, scenario, words
        self.taps = len(scenario.business.sales_cycle)
        self.settled = FIRST + scenario.months
        self.values = month_values(scenario)
        self.at_rest = settled_values(scenario)
        self.rows: dict[str, int] = {}

    def write(self, results: Mapping[str, float | str]) -> None:
        """Write the sheet."""
        words, sheet = self.words, self.sheet
        sheet.text(0, 0, words("The owner's model by month"), "title")
        sheet.text(
            1,
            0,
            words(
                "Every cell is a formula. A lever moves in a straight line from its start month "
                "to B's month. #N/A: an input is missing, or there is nothing to divide by."
            ),
        )
        formulas = result_formulas(words)
        money = number_format("money", [self.scenario.goal.b], words)
        for column, (name, text) in enumerate(result_texts(words)):
            sheet.text(TOP, column, text, "header", right=True)
            cell = sheet.formula(TOP + 1, column, formulas[name], results[name], "result", money)
            sheet.named(name, cell)
        sheet.tall(TOP, 3)
        self._header()
        row = HEADER + 2
        sections = tuple(self._sections())
        for _title, lines in sections:  # formulas refer to rows below their own
            row += 1
            for line in lines:
                self.rows[line.key if isinstance(line, LeverRow) else line.name] = row
                row += 1
        self.rows["goal"] = row + 1
        for title, lines in sections:
            self._section(title, lines)
        self._goal()
        sheet.grey_where_missing(row + 1, self.settled)
        sheet.frame(
            widths=(42, 14 if self.taps > 1 else 3, *[14] * self.scenario.months, 22),
            freeze=(HEADER + 2, 1),
            repeat_rows=HEADER,
        )

    def _header(self) -> None:
        words, sheet, first = self.words, self.sheet, self.client.first_month
        sheet.text(HEADER, 0, words("Month"), "header")
        sheet.text(HEADER + 1, 0, words("Number of the month"), "quiet")
        before = words("Before") if self.taps > 1 else ""
        sheet.text(HEADER, EARLIER, before, "header", right=True)
        for month in range(self.scenario.months):
            column = FIRST + month
            sheet.text(HEADER, column, words.short_month(first, month), "header", right=True)
            sheet.number(HEADER + 1, column, month, "month", "0")
        sheet.text(HEADER, self.settled, words("Where the plan settles"), "header", right=True)
        sheet.tall(HEADER, 2)
        sheet.note(
            HEADER,
            self.settled,
            words(
                "The month into which the plan's levers lead when clients neither grow nor shrink."
            ),
        )

    def _sections(self) -> Iterator[tuple[str, tuple["Line | LeverRow", ...]]]:
        line = self.scenario.business.line
        for stage, levers in groupby(lever_rows(line), key=lambda lever: lever.stage):
            yield self.words(STAGES[stage]), tuple(levers)
        yield self.words("From leads to clients"), PEOPLE
        yield self.words("What one client brings"), tuple(per_client(line))
        yield self.words("From clients to profit"), MONEY

    def _section(self, title: str, lines: "tuple[Line | LeverRow, ...]") -> None:
        first = lines[0]
        top = self.rows[first.key if isinstance(first, LeverRow) else first.name] - 1
        for column in range(self.settled + 1):
            self.sheet.text(top, column, "" if column else title, "heading")
        for line in lines:
            if isinstance(line, LeverRow):
                self._lever(line)
            else:
                self._line(line)

    def _lever(self, lever: LeverRow) -> None:
        key, row = lever.key, self.rows[lever.key]
        plan, start = known(f"{key}_plan"), f"MIN({key}_start,horizon-1)"
        formulas = []
        for month in range(self.scenario.months):
            at = self.sheet.place(HEADER + 1, FIRST + month).here
            share = f"MAX(0,({at}-{start})/(horizon-{start}))"
            moving = f"{known(f'{key}_now')}+({plan}-{key}_now)*{share}"
            formulas.append(f"IF({at}>=horizon,{plan},{moving})")
        self._name(row, lever.label(self.words), lever.meaning(self.words))
        self._row(row, key, lever.kind, formulas, plan)

    def _line(self, line: Line) -> None:
        words, row = self.words, self.rows[line.name]
        text = label(line.name, words) if line.name in QUANTITIES else ""
        if line.label:
            text = words(line.label, **({"product": line.product} if line.product else {}))
        meaning = DEFINITIONS.get(line.name, line.meaning)
        self._name(row, text, words(meaning) if meaning else "")
        months = self.scenario.months
        formulas = [
            self._filled(line.first if month == 0 and line.first else line.formula, month)
            for month in range(months)
        ]
        settled = self._filled(line.settled or line.formula, months)
        self._row(row, line.name, line.kind, formulas, settled)
        if line.earlier and self.taps > 1:
            formula = self._filled(line.earlier, 0)
            number = number_format(line.kind, self.values[line.name], words)
            before = self._before(line)
            self.sheet.formula(row, EARLIER, formula, before, "computed", number)

    def _before(self, line: Line) -> float:
        """Return what the months before month 0 were like: as month 0 without its backlog."""
        if line.earlier == "0":
            return 0.0
        of_0 = {name: self.values[name][0] for name in self.values}
        worked = np.minimum(of_0["worked_leads"], of_0["leads"])
        return float(worked * of_0["answered_rate"] * of_0["qualified_rate"])

    def _name(self, row: int, text: str, meaning: str) -> None:
        self.sheet.text(row, 0, text)
        self.sheet.note(row, 0, meaning)

    def _row(self, row: int, key: str, kind: Kind, formulas: list[str], settled: str) -> None:
        """Write a row's formulas beside its months' values, and name it."""
        values, at_rest = self._cached(key)
        shown = [v for v in (*values, at_rest) if not isinstance(v, str)]
        number = number_format(kind, shown, self.words)
        style: Style = "total" if key in (*METRICS, "goal") else "computed"
        cells = [
            self.sheet.formula(row, FIRST + month, formula, value, style, number)
            for month, (formula, value) in enumerate(zip(formulas, values, strict=True))
        ]
        self.sheet.named(f"months_{key}", cells[0], last=cells[-1])
        end = self.sheet.formula(row, self.settled, settled, at_rest, style, number)
        self.sheet.named(f"settled_{key}", end)

    def _cached(self, key: str) -> tuple[list[float | str], float | str]:
        if key not in self.values:  # the capacity of a team without a limit
            text = self.words("no limit")
            return [text] * self.scenario.months, text
        values: Array = self.values[key]
        return values.tolist(), float(self.at_rest[key][0])

    def _filled(self, formula: str, month: int) -> str:
        """Put cells into a line's formula; the month after the last is where the plan settles."""

        def cell(name: str, later: int = 0) -> str:
            return self.sheet.place(self.rows[name], FIRST + month + later).here

        cells = Cells(
            cell,
            before=Cells(lambda name: cell(name, -1)),
            spread=Cells(lambda name: self._spread(self.rows[name], month)),
            wait=self.words("wait"),
            no_limit=self.words("no limit"),
        )
        return formula.format_map(cells)

    def _spread(self, row: int, month: int) -> str:
        """Spread a row over the sales cycle: what was ready so many months ago closes now."""
        if month == self.scenario.months:
            return self.sheet.place(row, self.settled).here
        seen = min(month + 1, self.taps)
        terms = [
            f"sales_cycle_{tap}*{self.sheet.place(row, FIRST + month - tap).here}"
            for tap in range(seen)
        ]
        if earlier := "+".join(f"sales_cycle_{tap}" for tap in range(seen, self.taps)):
            terms.append(f"({earlier})*{self.sheet.place(row, EARLIER).here}")
        return "+".join(terms)

    def _goal(self) -> None:
        """Write the goal's row: the one of the three metrics that has to grow."""
        words, row = self.words, self.rows["goal"]
        metric = self.scenario.goal.metric
        self.values["goal"], self.at_rest["goal"] = self.values[metric], self.at_rest[metric]
        self._name(row, words("What has to grow"), "")
        revenue, contribution, _profit = (label(name, words) for name in METRICS)
        formula = (
            f'IF(goal_metric="{revenue}",{{revenue}},'
            f'IF(goal_metric="{contribution}",{{contribution}},{{profit}}))'
        )
        formulas = [self._filled(formula, month) for month in range(self.scenario.months + 1)]
        self._row(row, "goal", "money", formulas[:-1], formulas[-1])
