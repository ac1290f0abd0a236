"""The marketer's model: a column a channel, all together beside them, today above the plan."""

from collections.abc import Mapping

import numpy as np

from funnelkit.model.levers import message as _
from funnelkit.plan.media import CHANNEL_LEVERS, Media, channel_levers
from funnelkit.plan.scenario import Scenario
from funnelkit.show.book_labels import BOOKS
from funnelkit.show.excel.channel_lines import (
    BOOK_LINES,
    LOST,
    ChannelLine,
    chain,
    chain_names,
    paid_price,
)
from funnelkit.show.excel.channel_rows import stage_label
from funnelkit.show.excel.channel_values import Array, channel_values, curved, draws
from funnelkit.show.excel.formulas import Cells
from funnelkit.show.excel.numberformats import Kind, number_format
from funnelkit.show.excel.sheet import Sheet
from funnelkit.show.labels import label
from funnelkit.show.words import Words

__all__ = ["ChannelSheet", "followed_levers"]

FIRST = 1
"""Column of the first channel."""

_OWNER = {"now": "INDEX(months_{name},1)", "plan": "settled_{name}"}
"""The owner's quantities at today's levers and at the plan's."""

_LINKS = {
    "visitors": "MAX({clicks},{leads})",
    "lead_rate": "IF({visitors}=0,0,{leads}/{visitors})",
    "cost_per_visitor": "IF({visitors}=0,0,{media_cost}/{visitors})",
    "marketing_fixed": "{agency_fee}+{production}+IF({visitors}=0,{media_cost},0)",
}
"""The owner's levers that channels sum up, as `funnelkit.plan.media.channel_levers` has them."""


def followed_levers(media: Media, scenario: Scenario) -> dict[str, str]:
    """Name the owner's inputs that are what the channels come to, with the cells they follow.

    A scenario may plan what the channels cannot bring; its levers then stay as they are stated.
    """
    found = {
        f"{name}_start": "channels_start"
        for name in CHANNEL_LEVERS
        if scenario.start.get(name, 0) == media.start
    }
    for when, table, levers in (
        ("now", media.today(scenario), scenario.now),
        ("plan", media.planned(scenario), scenario.target),
    ):
        for name, value in channel_levers(table).items():
            if np.isclose(levers[name], value, rtol=1e-9, atol=0.0, equal_nan=True):
                found[f"{name}_{when}"] = f"channels_{name}_{when}"
    return found


class ChannelSheet:
    """Writes the marketer's model.

    Parameters
    ----------
    sheet : Sheet
    media : Media
        The channels as the scenario plans them.
    scenario : Scenario
    words : Words
    """

    def __init__(self, sheet: Sheet, media: Media, scenario: Scenario, words: Words) -> None:
        self.sheet, self.media, self.scenario, self.words = sheet, media, scenario, words
        self.count = len(media.market.names)
        self.total = FIRST + self.count
        self.curved = curved(media)
        self.sorts = {recovery.of for recovery in media.market.recoveries}
        self.rows: dict[str, int] = {}

    def write(self, followed: Mapping[str, str]) -> None:
        """Write the sheet; `followed` are the owner's inputs that follow it."""
        words, sheet = self.words, self.sheet
        sheet.text(0, 0, words("The marketer's model"), "title")
        row = 1
        for text in self._remarks(followed):
            sheet.text(row, 0, text)
            row += 1
        header = row + 1
        sheet.text(header, 0, words("Channel"), "header")
        for place, name in enumerate((*self.media.market.names, words("Total"))):
            sheet.text(header, FIRST + place, name, "header", right=True)
        sheet.tall(header, 2)
        row = header + 1
        for title, when in ((words("Today"), "now"), (words("The plan"), "plan")):
            row = self._block(row, title, when)
        sheet.grey_where_missing(row, self.total)
        sheet.frame(
            widths=(46, *[16] * (self.count + 1)), freeze=(header + 1, 1), repeat_rows=header
        )

    def _remarks(self, followed: Mapping[str, str]) -> list[str]:
        words, media = self.words, self.media
        remarks = [
            words(
                "Every cell is a formula for a month of many alike: on today's terms, and on the "
                "planned ones from B's month on."
            )
        ]
        if len(followed) == 3 * len(CHANNEL_LEVERS):
            remarks.append(words("The owner's visitors, leads and marketing follow the totals."))
        else:
            remarks.append(
                words(
                    "The owner's plan asks for something else than the channels bring; where it "
                    "does, its inputs are numbers and do not follow the totals."
                )
            )
        if self.curved.any():
            remarks.append(
                words("The curves were fitted outside this workbook; the price follows the spend.")
            )
        if media.whole != "no":
            remarks.append(
                words("People and orders of channels that start from a count are rounded up.")
            )
        return remarks

    def _names(self) -> list[str]:
        """Name the rows of a block in their order."""
        names = ["curve_spend"] if self.curved.any() else []
        names += ["paid_price", *chain_names(self.media.market)]
        names += [LOST[of].name for of in ("visitors", "leads") if of in self.sorts]
        return [*names, *(line.name for line in BOOK_LINES), "complete"]

    def _block(self, row: int, title: str, when: str) -> int:
        sheet, media = self.sheet, self.media
        for column in range(self.total + 1):
            sheet.text(row, column, "" if column else title, "heading")
        names = self._names()
        self.rows = {name: row + 1 + n for n, name in enumerate(names)}
        terms = media.now if when == "now" else media.plan
        table = media.today(self.scenario) if when == "now" else media.planned(self.scenario)
        values = channel_values(media, terms, table, self.scenario)
        for line in self._lines():
            self._line(line, when, values[line.name])
        return self._links(row + 1 + len(names), when, channel_levers(table))

    def _lines(self) -> list[ChannelLine]:
        market = self.media.market
        lines = []
        if self.curved.any():
            amount = "channel{n}_amount_{when}"
            lines.append(
                ChannelLine(
                    name="curve_spend",
                    formula=f"IF({amount}>0,{amount},channel{{n}}_usual_spend)",
                    total="none",
                    label=_("Spend that the price depends on"),
                )
            )
        lines.append(
            ChannelLine(
                name="paid_price",
                formula="",
                total="none",
                label=_("Price of a click, a lead or one impression"),
                meaning=_("At this spend: more than today where returns diminish."),
            )
        )
        for name in chain_names(market):
            number = name.removeprefix("stage")
            stage = market.stages[int(number) - 1] if number != name else ""
            text = _("Left after: {stage}") if stage else ""
            lines.append(
                ChannelLine(
                    name=name, formula="", total="sum", kind="count", label=text, stage=stage
                )
            )
        lines += [LOST[of] for of in ("visitors", "leads") if of in self.sorts]
        lines += BOOK_LINES
        counted = (chain_names(market)[0], chain_names(market)[-1])
        lines.append(
            ChannelLine(
                name="complete",
                formula=f"IF(ISERROR(SUM({{{counted[0]}}}:{{{counted[1]}}})+{{media}}),0,1)",
                total="none",
                kind="count",
                label=_("Is the channel in the total?"),
                meaning=_("1 where no number of its chain is missing, else 0."),
            )
        )
        return lines

    def _line(self, line: ChannelLine, when: str, values: tuple[Array, float]) -> None:
        row, known = self.rows[line.name], BOOKS.get(line.name)
        text = line.label or (known.label if known else "")
        meaning = line.meaning or (known.meaning if known else "")
        kind: Kind = known.kind if known else line.kind  # type: ignore[assignment]
        named = {"stage": stage_label(line.stage, self.words)} if line.stage else {}
        self.sheet.text(row, 0, self.words(text, **named))
        self.sheet.note(row, 0, self.words(meaning) if meaning else "")
        by_channel, total = values
        number = "0"
        if line.name != "complete":
            number = number_format(kind, [*by_channel, total], self.words)
        cells = []
        for place in range(self.count):
            formula = self._formula(line, place)
            value = float(by_channel[place])
            column = FIRST + place
            if formula:
                filled = self._filled(formula, column, when, n=place + 1, place=place)
                cells.append(self.sheet.formula(row, column, filled, value, "computed", number))
            elif line.name == "curve_spend":
                self.sheet.text(row, column, "")
                cells.append(self.sheet.place(row, column))
            else:
                cells.append(self.sheet.number(row, column, 0.0, "computed", number))
        self.sheet.named(f"channels_{when}_{line.name}", cells[0], last=cells[-1])
        if line.total != "none":
            filled = self._filled(self._total(line), self.total, when)
            cell = self.sheet.formula(row, self.total, filled, total, "total", number)
            self.sheet.named(f"total_{when}_{line.name}", cell)

    def _formula(self, line: ChannelLine, place: int) -> str:
        """Return a channel's formula for a line; nothing where the channel has no such thing."""
        if line.name == "paid_price":
            return paid_price(self.media, place, curved=bool(self.curved[place]))
        if line.name == "curve_spend":
            return line.formula if self.curved[place] else ""
        if line.name in chain_names(self.media.market):
            return dict(chain(self.media, place))[line.name]
        for of, lost in LOST.items():
            if line is lost and not draws(self.media, of)[place]:
                return ""
        return line.formula

    def _total(self, line: ChannelLine) -> str:
        """Return the total's formula: a sum over the complete channels, or the same ratio."""
        if line.total == "same":
            return line.formula
        company = f"+{line.company}" if line.company else ""
        added = f"SUMIF({{all_complete}},1,{{all_{line.name}}}){company}"
        return f"IF(SUM({{all_complete}})=0,NA(),{added})"

    def _filled(
        self, formula: str, column: int, when: str, *, n: int = 0, place: int | None = None
    ) -> str:
        """Put cells into a formula."""

        def cell(name: str) -> str:
            plain = name.removeprefix("all_")
            if plain == name:
                return self.sheet.place(self.rows[name], column).here
            return self.sheet.across(self.rows[plain], FIRST, self.total - 1)

        owner = {name: _OWNER[when].format(name=name) for name in ("first_paid", "first_cost")}
        bought = "" if place is None else cell(self.media.market.channels[place].buying)
        turnover = self.words("turnover")
        cells = Cells(cell, **owner, bought=bought, n=n, when=when, turnover=turnover)
        return formula.format_map(cells)

    def _links(self, row: int, when: str, values: Mapping[str, float]) -> int:
        """Write what the owner's level takes over: levers that the channels sum up."""
        words = self.words
        self.sheet.text(row, 0, words("What the owner's level takes over"), "quiet")
        total = {name: self.sheet.place(r, self.total).here for name, r in self.rows.items()}
        total["visitors"] = self.sheet.place(row + 1, self.total).here
        for line, (name, formula) in enumerate(_LINKS.items(), row + 1):
            kind: Kind = (
                "share" if name == "lead_rate" else "count" if name == "visitors" else "money"
            )
            value = values[name]
            number = number_format(kind, [value], words)
            self.sheet.text(line, 0, label(name, words))
            cell = self.sheet.formula(
                line, self.total, formula.format(**total), value, "total", number
            )
            self.sheet.named(f"channels_{name}_{when}", cell)
        return row + 2 + len(_LINKS)
