"""The sheet of the channels' inputs: a column a channel, today's numbers above the planned."""

from collections.abc import Mapping

import numpy as np

from funnelkit.client.marketing import Marketing
from funnelkit.model.levers import message as _
from funnelkit.plan.media import Media, Terms
from funnelkit.plan.scenario import Scenario
from funnelkit.show.excel.channel_lines import curve_leads
from funnelkit.show.excel.channel_rows import (
    OWN_ROWS,
    SHARED_ROWS,
    InputRow,
    starts_from,
    term_rows,
)
from funnelkit.show.excel.channel_values import Array, curved, usual_spend
from funnelkit.show.excel.numberformats import Kind, number_format
from funnelkit.show.excel.sheet import Place, Sheet
from funnelkit.show.words import Words

__all__ = ["ChannelInputs"]

FIRST = 1
"""Column of the first channel."""

_BOUGHT = {
    "impressions": _("1,000 impressions"),
    "clicks": _("a click"),
    "leads": _("a lead"),
}


class ChannelInputs:
    """Writes the channels' inputs and names each, by the channel's number.

    Parameters
    ----------
    sheet : Sheet
    marketing : Marketing
    media : Media
        The channels as the scenario plans them.
    scenario : Scenario
    words : Words
    """

    def __init__(
        self, sheet: Sheet, marketing: Marketing, media: Media, scenario: Scenario, words: Words
    ) -> None:
        self.sheet, self.marketing, self.media = sheet, marketing, media
        self.scenario, self.words = scenario, words
        self.names = media.market.names
        self.row = 0

    def write(self) -> None:
        """Write the sheet."""
        words, sheet = self.words, self.sheet
        sheet.text(0, 0, words("The channels' inputs"), "title")
        sheet.text(1, 0, words("Change the yellow cells; the channels and the months follow."))
        sheet.text(3, 0, words("Channel"), "header")
        for place, name in enumerate(self.names):
            sheet.text(3, FIRST + place, name, "header", right=True)
        sheet.tall(3, 2)
        self.row = 4
        for text, cells in (
            (words("Starts from"), [starts_from(start, words) for start in self.media.starts]),
            (
                words("Buys"),
                [words(_BOUGHT[channel.buying]) for channel in self.media.market.channels],
            ),
            (words("Source"), self.marketing.sources),
        ):
            sheet.text(self.row, 0, text, "text")
            for place, cell in enumerate(cells):
                sheet.text(self.row, FIRST + place, cell, "small", right=True)
            sheet.tall(self.row, max(1 + len(cell) // 22 for cell in cells))
            self.row += 1
        self._terms(words("Today"), "now", self.media.now)
        self._terms(words("From B's month on"), "plan", self.media.plan)
        self._own()
        self._shared()
        if curved(self.media).any():
            self._curves()
        sheet.frame(widths=(46, *[18] * len(self.names)), freeze=(4, 1), repeat_rows=3)

    def _heading(self, text: str) -> None:
        for column in range(FIRST + len(self.names)):
            self.sheet.text(self.row, column, "" if column else text, "heading")
        self.row += 1

    def _terms(self, title: str, when: str, terms: Terms) -> None:
        self._heading(title)
        for row in term_rows(self.media, terms, self.words):
            self._named(row.label, row.meaning)
            for place in range(len(self.names)):
                self._term(row, place, when)
            self.row += 1

    def _term(self, row: InputRow, place: int, when: str) -> None:
        name, value = f"channel{place + 1}_{row.name}", float(row.values[place])
        kind = self._kind(row, place)
        present = self._present(row.name, place)
        if not row.used[place]:
            self.sheet.text(self.row, FIRST + place, "", "quiet")
            return
        owner = dict(self.scenario.now if when == "now" else self.scenario.target)
        if np.isnan(value) and row.follows in owner:
            value = owner[row.follows]
            number = number_format(kind, [value], self.words)
            source = f"{row.follows}_{when}"
            cell = self._formula(place, f'IF({source}="","",{source})', value, number)
        else:
            number = number_format(kind, [value, present], self.words)
            same = value == present or bool(np.isnan(value) and np.isnan(present))
            if when == "plan" and same:
                cell = self._formula(place, f'IF({name}_now="","",{name}_now)', value, number)
            else:
                cell = self.sheet.number(self.row, FIRST + place, value, "input", number)
        self.sheet.between(cell, 0, 1 if kind == "share" else None)
        self.sheet.named(f"{name}_{when}", cell)

    def _present(self, name: str, place: int) -> float:
        """Return a channel's number of today."""
        now = self.media.now
        stages = {f"stage{n}": stage for n, stage in enumerate(self.media.market.stages, 1)}
        arrays = {"amount": now.amount, "price": now.price}
        values = arrays[name] if name in arrays else now.rates[stages.get(name, name)]
        return float(values[place])

    def _kind(self, row: InputRow, place: int) -> Kind:
        if row.name != "amount":
            return row.kind
        kinds: Mapping[str, Kind] = {"media": "money", "share": "share"}
        return kinds.get(self.media.starts[place], "count")

    def _formula(self, place: int, formula: str, value: float, number: str) -> Place:
        shown = "" if np.isnan(value) else value
        return self.sheet.formula(self.row, FIRST + place, formula, shown, "linked", number)

    def _named(self, text: str, meaning: str) -> None:
        self.sheet.text(self.row, 0, text)
        self.sheet.note(self.row, 0, meaning)

    def _own(self) -> None:
        self._heading(self.words("What an order brings, and what a channel costs"))
        count = len(self.names)
        for row in OWN_ROWS:
            self._named(self.words(row.label), self.words(row.meaning))
            values = np.broadcast_to(self.media.own.get(row.name, np.nan), (count,))
            for place, value in enumerate(values.tolist()):
                number = number_format(row.kind, [value], self.words)
                cell = self.sheet.number(self.row, FIRST + place, value, "input", number)
                self.sheet.named(f"channel{place + 1}_{row.name}", cell)
                if row.name != "margin":  # it may be below 0
                    self.sheet.between(cell, 0, 1 if row.kind == "share" else None)
            self.row += 1

    def _shared(self) -> None:
        words, media, company = self.words, self.media, self.media.company
        self._heading(words("For all channels together"))
        for row in SHARED_ROWS:
            value = float(media.own.get(row.name, np.array(0.0)))
            cell = self._one(row.name, words(row.label), words(row.meaning), value, row.kind)
            self.sheet.between(cell, 0, 1)
        self._named(words("Cost of a unit of ad spend"), words("1 + its VAT + the agency's share."))
        factor = (
            1.0 + float(media.own.get("ad_vat", 0.0)) + float(media.own.get("agency_share", 0.0))
        )
        cell = self.sheet.formula(
            self.row,
            FIRST,
            "1+ad_vat+agency_share",
            factor,
            "computed",
            number_format("ratio", factor, words),
        )
        self.sheet.named("media_factor", cell)
        self.row += 1
        beside = words("Of no channel: a month.")
        fee = float(np.asarray(company.agency_fee))
        self._one("company_agency_fee", words("Agency's fee"), beside, fee, "money")
        for when, text, terms in (
            ("now", words("Production and other marketing, now"), media.now),
            ("plan", words("Production and other marketing, planned"), media.plan),
        ):
            production = float(np.maximum(np.add(company.production, terms.fixed), 0.0))
            self._one(f"company_production_{when}", text, beside, production, "money")
        rate = float(np.asarray(company.tax_rate))
        meaning = words("A share of the revenue, or of EBITDA where that is above 0.")
        self.sheet.between(self._one("tax_rate", words("Tax"), meaning, rate, "share"), 0, 1)
        bases = words("profit"), words("turnover")
        self._named(words("Tax is on"), meaning)
        base = bases[company.tax_on == "turnover"]
        self.sheet.text(self.row, FIRST, base, "input", right=True)
        place = self.sheet.place(self.row, FIRST)
        self.sheet.choice(place, bases)
        self.sheet.named("tax_on", place)
        self.row += 1
        start = self.words("The last month at today's value; then it begins to move.")
        cell = self._one("channels_start", words("Moves after month"), start, media.start, "count")
        self.sheet.whole(cell, 0, self.scenario.goal.horizon)

    def _one(self, name: str, text: str, meaning: str, value: float, kind: Kind) -> Place:
        self._named(text, meaning)
        number = "0" if name == "channels_start" else number_format(kind, [value], self.words)
        cell = self.sheet.number(self.row, FIRST, value, "input", number)
        self.sheet.named(name, cell)
        self.row += 1
        return cell

    def _curves(self) -> None:
        """Write the curves' parameters: they were fitted to history and follow nothing here."""
        words, media, curves = self.words, self.media, self.media.curves
        self._heading(words("Diminishing returns, fitted to the channels' history"))
        which = curved(media)
        usual = usual_spend(media)
        seen = np.where(np.isnan(curves.seen), 1.0, curves.seen)
        # They may be of any size, and are there to be reckoned with rather than read.
        rows: tuple[tuple[str, str, Array, Kind | None], ...] = (
            ("scale", words("Scale"), curves.scale, None),
            ("exponent", words("Exponent"), curves.exponent, None),
            ("ceiling", words("Leads that no spend exceeds"), curves.ceiling, "count"),
            ("turn", words("Spend from which returns diminish"), curves.turn, "money"),
            ("foot", words("Leads for a unit of money below it"), curves.foot, None),
            ("seen", words("Highest spend of the history"), seen, "money"),
        )
        meaning = words("A number found outside this workbook: it follows no cell.")
        for name, text, values, kind in rows:
            self._named(text, meaning)
            for place in np.flatnonzero(which).tolist():
                value = float(values[place])
                number = number_format(kind, value, words) if kind else "General"
                cell = self.sheet.number(self.row, FIRST + place, value, "computed", number)
                self.sheet.named(f"channel{place + 1}_{name}", cell)
            self.row += 1
        cpl = curves.average_cpl(usual)
        amount = "channel{n}_amount_now"
        for name, text, formula, values in (
            (
                "usual_spend",
                words("Spend at which the price holds"),
                f"IF({amount}>0,{amount},channel{{n}}_seen)",
                usual,
            ),
            (
                "usual_cpl",
                words("Spend per lead there"),
                "channel{n}_usual_spend/" + curve_leads("channel{n}_usual_spend"),
                cpl,
            ),
        ):
            self._named(text, "")
            for place in np.flatnonzero(which).tolist():
                value = float(values[place])
                filled = formula.format(n=place + 1)
                number = number_format("money", [value], self.words)
                cell = self.sheet.formula(
                    self.row, FIRST + place, filled, value, "computed", number
                )
                self.sheet.named(f"channel{place + 1}_{name}", cell)
            self.row += 1
