"""Tables of what a client's exports say: what was read, point A, how complete it is."""

from collections.abc import Iterator

import numpy as np

from funnelkit.client.client import Client
from funnelkit.client.evidence.evidence import Evidence, Measured
from funnelkit.client.evidence.log import Read
from funnelkit.client.exports.export import Export
from funnelkit.client.exports.meanings import Meaning
from funnelkit.model.levers import LEVERS, Unit
from funnelkit.show.export_summary import period_text
from funnelkit.show.export_words import CONTENTS, DROPS, MEANINGS, SYSTEMS
from funnelkit.show.exports import LACKS, refusal_line, remark_sentence
from funnelkit.show.labels import label
from funnelkit.show.provenance import doubtful
from funnelkit.show.tables import Cell, Table, note_alone, sides
from funnelkit.show.words import Words

__all__ = [
    "channels_table",
    "completeness_table",
    "files_table",
    "lacking_table",
    "months_table",
    "point_a_table",
]

Row = tuple[str | Cell, ...]

_MAIN = (Meaning.AMOUNT, Meaning.SPEND, Meaning.VISITS, Meaning.CLICKS)
"""Columns of which the first one there is adds up to what an account shows first."""


def files_table(client: Client, read: Read, words: Words) -> Table:
    """Return what was read of each file, or why files are not read."""
    caption = words("The files")
    if read.problems:
        rows = tuple((refusal_line(problem, words),) for problem in read.problems)
        note = words("Nothing was measured: a sum without these files would be wrong.")
        return Table(header=(), rows=rows, align=sides("l"), caption=caption, note=note)
    if not read.exports:
        return note_alone(caption, words("There is no file in the folder of the exports."))
    again = words.plural(
        "{n} row that two files have was counted once.",
        "{n} rows that two files have were counted once.",
        read.again,
    )
    return Table(
        header=(
            words("File"),
            words("What it is"),
            words("Period"),
            words("Rows read"),
            words("Rows dropped"),
            words("Adds up to"),
            words("Worth knowing"),
        ),
        rows=tuple(_file(export, client.currency, words) for export in read.exports),
        align=sides("lllrlrl"),
        caption=caption,
        note=again if read.again else "",
    )


def _file(export: Export, currency: str, words: Words) -> Row:
    dropped = "; ".join(
        f"{words.number(n)} ({words(DROPS[why])})" for why, n in export.dropped.items()
    )
    remarks = "; ".join(remark_sentence(r, of, words) for r, of in export.remarks.items())
    return (
        export.file,
        f"{words(SYSTEMS[export.system])}, {words(CONTENTS[export.content])}",
        period_text(*export.period, words) if export.period else words.missing,
        words.number(export.rows),
        dropped or words.number(0),
        _total(export, currency, words),
        remarks,
    )


def _total(export: Export, currency: str, words: Words) -> str | Cell:
    """Say what a file adds up to, to compare with the account."""
    meaning = next((m for m in _MAIN if m in export.totals), None)
    if meaning is None:
        return Cell(words.missing, "missing")
    value = words.number(export.totals[meaning], 2)
    sign = "" if meaning in (Meaning.VISITS, Meaning.CLICKS) else export.currency or currency
    return f"{value} {sign or words(MEANINGS[meaning])}"


def _value(value: float, unit: Unit, words: Words) -> str:
    return words.value(value, unit) if np.isfinite(value) else words.missing


def _of(name: str, words: Words) -> tuple[str, Unit]:
    """Name a measured number, and say what it is counted in."""
    if name == "goal.a":
        return words("Point A"), Unit.MONEY
    if name == "active_customers":
        return label(name, words), Unit.COUNT
    return words(LEVERS[name].label), LEVERS[name].unit


def point_a_table(client: Client, words: Words) -> Table:
    """Return what the exports say of today beside what the client's file says."""
    caption = words("Point A and the levers: measured beside typed")
    evidence = client.found.evidence if client.found else None
    if evidence is None:
        return note_alone(caption, words("Nothing was measured; the table of files says why."))
    doubted = doubtful(client)
    rows: list[Row] = []
    for name, measured in _measured(evidence):
        text, unit = _of(name, words)
        typed = _typed(client, name)
        used = name in client.measured
        rows.append(
            (
                text,
                _value(measured.value, unit, words),
                _between(measured, words),
                words("not typed") if used else _value(typed, unit, words),
                _verdict(used=used, apart=name in doubted, known=np.isfinite(typed), words=words),
            )
        )
    return Table(
        header=(
            words("Number"),
            words("Measured"),
            words("95 % between"),
            words("Typed"),
            words("What the plan takes"),
        ),
        rows=tuple(rows),
        align=sides("lrrrl"),
        caption=caption,
        note=words(
            "Measured from {period}. Point A is the last month of it.",
            period=period_text(evidence.first, evidence.last, words),
        ),
    )


def _measured(evidence: Evidence) -> Iterator[tuple[str, Measured]]:
    if evidence.a:
        yield "goal.a", evidence.a
    if evidence.clients:
        yield "active_customers", evidence.clients
    for name in LEVERS:
        if name in evidence.levers:
            yield name, evidence.levers[name]


def _typed(client: Client, name: str) -> float:
    if name == "goal.a":
        return client.plan.goal.a
    if name == "active_customers":
        return float(np.sum(client.plan.business.active_customers))
    return client.plan.present(name) if name in client.plan.now else np.nan


def _between(measured: Measured, words: Words) -> str:
    if measured.interval is None:
        return "–"
    low, high = (words.share(end) for end in measured.interval)
    return words("{low} to {high}", low=low, high=high)


def _verdict(*, used: bool, apart: bool, known: bool, words: Words) -> str | Cell:
    if used:
        return words("the measured number")
    if apart:
        return Cell(words("the typed number, which contradicts the exports"), "bad")
    if known:
        return words("the typed number")
    return Cell(words("neither"), "quiet")


def lacking_table(client: Client, words: Words) -> Table | None:
    """Return what the exports do not say, and why; nothing where nothing was measured."""
    evidence = client.found.evidence if client.found else None
    if evidence is None or not evidence.lacking:
        return None
    rows = tuple(
        (
            words("Sales cycle") if name == "sales_cycle" else _name(name, words),
            words(LACKS[why]),
        )
        for name, why in evidence.lacking.items()
    )
    return Table(
        header=(words("Number"), words("Why")),
        rows=rows,
        align=sides("ll"),
        caption=words("What the exports do not say"),
    )


def _name(name: str, words: Words) -> str:
    return label("active_customers" if name == "clients" else name, words)


def months_table(client: Client, words: Words) -> Table:
    """Return the measured months: revenue of new and existing clients, and how many they are."""
    caption = words("The measured months")
    evidence = client.found.evidence if client.found else None
    if evidence is None:
        return note_alone(caption, words("Nothing was measured; the table of files says why."))
    columns = (
        (words("Revenue"), evidence.revenue, Unit.MONEY),
        (words("of new clients"), evidence.revenue_new, Unit.MONEY),
        (words("of existing clients"), evidence.revenue_repeat, Unit.MONEY),
        (words("Paid back"), evidence.refunds, Unit.MONEY),
        (words("New clients"), evidence.new_customers, Unit.COUNT),
        (words("Active clients at the start"), evidence.active_customers, Unit.COUNT),
    )
    shown = [column for column in columns if np.isfinite(column[1]).any()]
    return Table(
        header=(words("Month"), *(name for name, _values, _unit in shown)),
        rows=tuple(
            (
                words.month(month),
                *(_value(float(values[n]), unit, words) for _name, values, unit in shown),
            )
            for n, month in enumerate(evidence.months)
        ),
        caption=caption,
    )


def completeness_table(client: Client, words: Words) -> Table:
    """Return how much of the period the exports cover."""
    caption = words("How complete the exports are")
    evidence = client.found.evidence if client.found else None
    if evidence is None:
        return note_alone(caption, words("Nothing was measured; the table of files says why."))
    whole = evidence.completeness
    rows = [
        (
            words("Days missing in {file}", file=file),
            words.number(days),
        )
        for file, days in whole.missing_days.items()
    ]
    if not rows:
        rows.append((words("Days missing in any file"), words.number(0)))
    rows += [
        (
            words("Rows that name no source: {content}", content=words(CONTENTS[content])),
            words.share(share),
        )
        for content, share in whole.without_source.items()
    ]
    if np.isfinite(whole.open_deals):
        rows.append((words("Deals neither won nor lost yet"), words.share(whole.open_deals)))
    rows.append((words("Whole months of orders before the period"), words.number(whole.history)))
    return Table(header=(), rows=tuple(rows), align=sides("lr"), caption=caption)


def channels_table(client: Client, words: Words) -> Table | None:
    """Return spend, leads, deals and payments by channel; nothing where no export has any."""
    evidence = client.found.evidence if client.found else None
    channels = evidence.channels if evidence else ()
    if not any(channel.channel for channel in channels):
        return None
    columns = (
        (words("Spend"), "spend", Unit.MONEY),
        (words("Clicks"), "clicks", Unit.COUNT),
        (words("Leads"), "leads", Unit.COUNT),
        (words("Paid"), "paid", Unit.MONEY),
    )

    def share(counts: object) -> str | Cell:
        value = getattr(counts, "value", np.nan)
        return words.share(value) if np.isfinite(value) else Cell(words.missing, "missing")

    return Table(
        header=(
            words("Channel"),
            *(name for name, _field, _unit in columns),
            words("Clicks to leads"),
            words("Qualified"),
            words("Won"),
        ),
        rows=tuple(
            (
                channel.channel or words("no source is named"),
                *(_value(float(getattr(channel, f)), unit, words) for _n, f, unit in columns),
                share(channel.lead_rate),
                share(channel.qualified),
                share(channel.won),
            )
            for channel in channels
        ),
        caption=words("From spend to payment, by channel"),
    )
