"""Sentences for exports: why one is not read, and what is worth knowing of one that was."""

import json
import math
from types import MappingProxyType

from funnelkit.client.evidence.evidence import Lack
from funnelkit.client.exports.meanings import System
from funnelkit.client.exports.problems import ExportProblem, Refusal, Remark
from funnelkit.model.levers import message as _
from funnelkit.show.export_words import SYSTEMS
from funnelkit.show.plain import visible
from funnelkit.show.words import Words

__all__ = ["LACKS", "REFUSALS", "REMARKS", "refusal_line", "refusal_sentence", "remark_sentence"]

REFUSALS = MappingProxyType(
    {
        Refusal.UNREADABLE: _("the file cannot be opened ({found}); check its name and place"),
        Refusal.EMPTY: _("the file is empty; export it again"),
        Refusal.TOO_LARGE: _(
            "the file is too large ({bytes} bytes, and {most} can be read); export fewer months "
            "or columns at a time"
        ),
        Refusal.PDF: _("this is a PDF; export the table itself as CSV or xlsx"),
        Refusal.PICTURE: _("this is a picture; export the table itself as CSV or xlsx"),
        Refusal.OLD_EXCEL: _(
            "this is a workbook of Excel 97–2003 (xls) or one with a password; save it as xlsx "
            "without a password"
        ),
        Refusal.ARCHIVE: _("this is an archive; unpack it and give the files within"),
        Refusal.BROKEN_WORKBOOK: _(
            "the workbook is damaged, incomplete or locked ({found}); open it in Excel, save it "
            "anew as xlsx, or export it again"
        ),
        Refusal.ENCODING: _(
            "the letters of this row are in no encoding that the rest of the file has ({found}); "
            "the file is damaged or glued together of two, export it again"
        ),
        Refusal.CHARACTER: _(
            "the sign {found} stands here, which no table has; the file is damaged, export it again"
        ),
        Refusal.UNKNOWN: _(
            "no known export has these headings: {found}. Known are {systems}. A table of your own "
            "takes client, date and amount, or date, channel and spend; other headings are "
            "explained by --column, or in the client's file: exports: {{files: {{{key}: {{columns: "
            "{{…}}}}}}}}"
        ),
        Refusal.COLUMN_TWICE: _(
            "two columns have the heading “{column}” and different numbers; rename or remove one"
        ),
        Refusal.NO_ROWS: _(
            "there is nothing below the headings; choose a period with data and export again"
        ),
        Refusal.RAGGED: _(
            "found “{found}” in place of {width} cells; the row was cut or a separator is missing, "
            "export the file again"
        ),
        Refusal.QUOTES: _(
            "a quotation mark opens and does not close where it should ({found}), so rows could "
            "get lost; export again, or save the file as xlsx"
        ),
        Refusal.CUT: _(
            "the report itself counts {stated} rows, and {found} are there; it was cut, export it "
            "again"
        ),
        Refusal.NOT_A_NUMBER: _("found “{found}” where a number belongs; correct the cell"),
        Refusal.NOT_WHOLE: _(
            "found “{found}” where a whole number belongs; columns may have been shifted, export "
            "the file again"
        ),
        Refusal.MIXED_DECIMALS: _(
            "the column has decimals after a point and after a comma, as in “{found}”; write them "
            "in one way"
        ),
        Refusal.AMBIGUOUS_NUMBER: _(
            "is “{found}” a thousand and more, or a number with three decimals? Nothing else in "
            "the file tells. Answer in the client's file: exports: {{files: {{{key}: {{decimal: "
            "comma}}}}}}, or decimal: point (on import: --decimal)"
        ),
        Refusal.NOT_A_DATE: _("found “{found}” where a day belongs, as 2026-07-01 or 01.07.2026"),
        Refusal.AMBIGUOUS_DATE: _(
            "does the day or the month come first in “{found}”? The file's days do not tell, or "
            "contradict one another. Answer in the client's file: exports: {{files: {{{key}: "
            "{{dates: day_first}}}}}}, or dates: month_first (on import: --dates)"
        ),
        Refusal.MIXED_CURRENCIES: _(
            "the file has several currencies ({found}); export each into a file of its own"
        ),
        Refusal.MICROS: _(
            "is “{found}” money, or millionths of it, as Yandex Direct's API counts? Answer in the "
            "client's file: exports: {{files: {{{key}: {{money: units}}}}}}, or money: millionths "
            "(on import: --money)"
        ),
        Refusal.TWICE: _(
            "the number {found} stands in two rows that differ; remove the one that is wrong"
        ),
        Refusal.OUTSIDE: _(
            "the way to this place leads out of the client's folder; copy the file itself there"
        ),
        Refusal.OVERLAP: _(
            "this file and {other} both have {found}, and differ in it; keep the newer file and "
            "remove the other"
        ),
        Refusal.TWO_SALES: _(
            "orders and payments may be the same money ({found}). Which of them is the revenue? "
            "Answer in the client's file: exports: {{revenue: orders}}, or revenue: yookassa"
        ),
        Refusal.NO_SALES: _(
            "the client's file says that {found} is the revenue, and there is no such export; add "
            "one, or remove “revenue”"
        ),
        Refusal.NO_VAT: _(
            "some of the sums are with VAT and others without, or all are with VAT ({found}), and "
            "they are counted without it. What is the rate? Answer in the client's file: exports: "
            "{{vat: 20%}}; what sums are of which no heading says it, unsaid_vat: included or "
            "excluded"
        ),
        Refusal.NO_RATE: _(
            "the sums are in {found}, and the client's currency is {currency}. What is one {found} "
            "worth? Answer in the client's file: exports: {{rates: {{{found}: …}}}}"
        ),
        Refusal.SEVERAL_MONTHS: _(
            "a row of this report covers several months, and how much belongs to which is not "
            "known; export it by day or by month"
        ),
        Refusal.NO_PERIOD: _(
            "no month from {begin} to {end} is complete in the exports; export whole months, or "
            "say in the client's file which are meant: exports: {{first_month: 2026-07, "
            "last_month: 2026-09}}"
        ),
    }
)

REMARKS = MappingProxyType(
    {
        Remark.NO_LINE_END: _(
            "the last line has no end: if the file was cut there, nothing else would show it"
        ),
        Remark.OTHER_SHEETS: _("of several sheets that could be read, “{of}” was"),
        Remark.TOTAL_DIFFERS: _("the file's own total differs from the sum of its rows: {of}"),
        Remark.MICROS: _("money was in millionths and is now in units: {of}"),
        Remark.PRIVATE: _("phones and e-mails were dropped: {of}"),
        Remark.HEADING_TWICE: _("several columns have the same heading: {of}"),
        Remark.CLICKS_ABOVE_IMPRESSIONS: _(
            "row {of} has more clicks than impressions; columns may have been swapped"
        ),
    }
)

LACKS = MappingProxyType(
    {
        Lack.NO_SALES: _("there are no orders, payments or won deals"),
        Lack.NO_CLIENTS: _("the sales do not name clients, so nobody can tell who is new"),
        Lack.SHORT_HISTORY: _(
            "the orders do not begin early enough before the period to tell new clients from "
            "existing ones (active_months); export earlier months, too"
        ),
        Lack.NO_DEALS: _("there are no deals"),
        Lack.NONE_DECIDED: _(
            "no deal of the period is won or lost; look whether “stages” names the client's own"
        ),
        Lack.NO_CLOSING: _("no won deal has a day on which it was closed"),
        Lack.NO_QUALIFIED: _(
            "no stage says which leads were qualified; name such in exports: {stages: "
            "{qualified: […]}}"
        ),
        Lack.NO_VISITS: _("there are neither visits nor clicks"),
        Lack.NO_SPEND: _("there is no spend"),
        Lack.NOT_JOINED: _("payments do not carry the numbers of deals"),
        Lack.NO_REFUNDS: _("the payments have no refunds"),
        Lack.NOTHING_SOLD: _("nothing of the kind was sold in the period"),
    }
)

_PLAIN = (System.SPEND, System.ORDERS)


def refusal_sentence(problem: ExportProblem, words: Words) -> str:
    """Say why a file is not read, and what helps."""
    values = {
        name: words.number(value, 2)
        if isinstance(value, int | float) and math.isfinite(value)
        else value
        for name, value in problem.values.items()
    }
    values.setdefault("width", values.get("most", ""))
    said = words(
        REFUSALS[problem.code],
        key=json.dumps(problem.file, ensure_ascii=False),
        column=problem.column,
        found=problem.found,
        systems=", ".join(words(SYSTEMS[s]) for s in SYSTEMS if s not in _PLAIN),
        **values,
    )
    return said.replace(" ()", "")


def refusal_line(problem: ExportProblem, words: Words) -> str:
    """Name file, row and column, and say what is wrong there."""
    place = f"{problem.file}:{problem.row}" if problem.row else problem.file
    column = words("column “{column}”", column=problem.column) if problem.column else ""
    where = ": ".join(part for part in (place, column) if part)
    return visible(f"{where}: {refusal_sentence(problem, words)}")


def remark_sentence(remark: Remark, of: str, words: Words) -> str:
    """Say what is worth knowing of a file that was read."""
    return words(REMARKS[remark], of=of)
