"""All exports of a client as four tables, each row once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.evidence.money import factor, money_problems
from funnelkit.client.evidence.naming import campaigns, channels
from funnelkit.client.evidence.once import overlaps, twice_in_channel, unseen_rows
from funnelkit.client.evidence.stages import qualified_rows, states
from funnelkit.client.export_fields import ExportsField
from funnelkit.client.exports.export import Export
from funnelkit.client.exports.meanings import Content, Meaning, System
from funnelkit.client.exports.problems import ExportProblem, Refusal

__all__ = ["Table", "Tables", "tables"]

Days = NDArray[np.datetime64]
Column = NDArray[Any]

_NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of one content.

    Attributes
    ----------
    files : tuple of str
        Files that they come from.
    day : ndarray of datetime64[D], shape (rows,)
        Of spend, visit or payment; of a deal's creation.
    channel, campaign : ndarray of str, shape (rows,)
        Empty where nothing names it.
    columns : dict of str to ndarray, shape (rows,)
        ``spend``, ``clicks``, ``visits``, ``amount``: NaN where missing; money in the client's
        currency without VAT. ``number``, ``customer``: texts. ``closed``: days. ``state``,
        ``qualified``: what a deal's stage means. ``campaign_number``: texts.
    """

    files: tuple[str, ...]
    day: Days
    channel: Column
    campaign: Column
    columns: dict[str, Column]

    def __len__(self) -> int:
        return len(self.day)

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def between(self, first: object, last: object) -> NDArray[np.bool_]:
        """Tell which rows lie in a period, its last day included; shape (rows,)."""
        rows: NDArray[np.bool_] = (self.day >= np.datetime64(str(first))) & (
            self.day <= np.datetime64(str(last))
        )
        return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What exports hold, joined.

    Attributes
    ----------
    of : dict of Content to Table
        Only contents that some export has.
    exports : tuple of Export
        What they were made of.
    revenue : Content or None
        Whether orders or deals are the revenue; None without either.
    again : int
        Rows that were in two files and were taken once.
    """

    of: dict[Content, Table]
    exports: tuple[Export, ...]
    revenue: Content | None
    again: int


def tables(
    exports: Sequence[Export], settings: ExportsField, currency: str
) -> tuple[Tables | None, tuple[ExportProblem, ...]]:
    """Join exports.

    Parameters
    ----------
    exports : sequence of Export
    settings : ExportsField
    currency : str
        The client's.

    Returns
    -------
    tuple of Tables or None and tuple of ExportProblem
        No tables where anything would have to be guessed.
    """
    exports = tuple(_one_counter(exports))
    problems = [
        *_sales_problems(exports, settings),
        *money_problems(exports, settings, currency),
        *_spans(exports),
    ]
    problems += overlaps(exports)
    if problems:
        return None, tuple(problems)
    kept, again = unseen_rows(exports)
    of: dict[Content, Table] = {}
    for content in Content:
        parts = [
            _part(export, rows, settings)
            for export, rows in zip(exports, kept, strict=True)
            if export.content is content and _counts(export, settings)
        ]
        if parts:
            of[content] = _since(_joined(parts), settings)
    if spend := of.get(Content.SPEND):
        problems += twice_in_channel(exports, spend.channel, spend.day, spend["place"])
    if problems:
        return None, tuple(problems)
    revenue = settings.revenue and (
        Content.DEALS if settings.revenue == "deals" else Content.ORDERS
    )
    first = next((c for c in (Content.ORDERS, Content.DEALS) if c in of), None)
    return Tables(of=of, exports=exports, revenue=revenue or first, again=again), ()


def _one_counter(exports: Sequence[Export]) -> Iterator[Export]:
    """Leave out a second system that counts the same visits."""
    counters = [export.system for export in exports if export.content is Content.VISITS]
    chosen = System.YANDEX_METRICA if System.YANDEX_METRICA in counters else System.GA4
    for export in exports:
        if export.content is not Content.VISITS or export.system is chosen:
            yield export


def _counts(export: Export, settings: ExportsField) -> bool:
    """Leave out sales that are not those which the client's file calls its revenue."""
    if export.content is not Content.ORDERS or settings.revenue in (None, "deals"):
        return True
    return export.system == settings.revenue


def _sales_problems(exports: Sequence[Export], settings: ExportsField) -> Iterator[ExportProblem]:
    sales = {str(e.system): e.file for e in exports if e.content is Content.ORDERS}
    there = {*sales, *("deals" for e in exports if e.content is Content.DEALS)}
    if settings.revenue and settings.revenue not in there:
        if exports:
            yield ExportProblem(code=Refusal.NO_SALES, file=settings.folder, found=settings.revenue)
    elif len(sales) > 1 and not settings.revenue:
        found = ", ".join(sales.values())
        yield ExportProblem(code=Refusal.TWO_SALES, file=next(iter(sales.values())), found=found)


def _spans(exports: Sequence[Export]) -> Iterator[ExportProblem]:
    """Find rows that several months share."""
    for export in exports:
        if export.content not in (Content.SPEND, Content.VISITS) or Meaning.DAY in export.columns:
            continue
        begin, end = _ends(export)
        several = begin.astype("datetime64[M]") != end.astype("datetime64[M]")
        if np.isnat(begin).any() or np.isnat(end).any() or several.any():
            yield ExportProblem(code=Refusal.SEVERAL_MONTHS, file=export.file)


def _ends(export: Export) -> tuple[Days, Days]:
    """Return the first and last day of each row of a report without days."""
    first, last = (np.datetime64(day, "D") for day in export.period or (None, None))
    begin = export.columns.get(Meaning.BEGIN, np.full(export.rows, first))
    return begin, export.columns.get(Meaning.END, np.full(export.rows, last))


def _part(export: Export, rows: NDArray[np.bool_], settings: ExportsField) -> Table:
    """Take one export's rows into its content's columns."""
    n, times = export.rows, factor(export, settings)

    def numbers(meaning: Meaning, by: float = 1.0) -> Column:
        values = export.columns.get(meaning, np.full(n, np.nan))
        return values * by

    def texts(meaning: Meaning) -> Column:
        return export.columns.get(meaning, np.full(n, "", dtype=object)).astype(object)

    columns: dict[str, Column]
    match export.content:
        case Content.SPEND:
            day = export.columns[Meaning.DAY] if Meaning.DAY in export.columns else _ends(export)[0]
            columns = {
                "spend": numbers(Meaning.SPEND, times),
                "clicks": numbers(Meaning.CLICKS),
                "campaign_number": texts(Meaning.CAMPAIGN_NUMBER),
            }
        case Content.VISITS:
            day = export.columns[Meaning.DAY] if Meaning.DAY in export.columns else _ends(export)[0]
            columns = {"visits": numbers(Meaning.VISITS)}
        case Content.DEALS:
            day = export.columns.get(Meaning.CREATED, np.full(n, _NEVER))
            stages = texts(Meaning.STAGE)
            columns = {
                "amount": numbers(Meaning.AMOUNT, times),
                "number": texts(Meaning.NUMBER),
                "customer": _people(texts(Meaning.CUSTOMER), export),
                "closed": export.columns.get(Meaning.CLOSED, np.full(n, _NEVER)),
                "state": states(stages, settings.stages),
                "qualified": qualified_rows(stages, settings.stages),
            }
        case Content.ORDERS:
            day = export.columns[Meaning.DAY]
            columns = {
                "amount": numbers(Meaning.AMOUNT, times),
                "number": texts(Meaning.NUMBER),
                "customer": _people(texts(Meaning.CUSTOMER), export),
            }
    return Table(
        files=(export.file,),
        day=day[rows],
        channel=channels(export, settings.channels)[rows],
        campaign=campaigns(export)[rows],
        columns={name: column[rows] for name, column in columns.items()},
    )


def _people(customers: Column, export: Export) -> Column:
    """Keep apart clients who have only a number in their own file, ``#1`` in place of a phone."""
    hidden = np.array([str(name).startswith("#") for name in customers], dtype=bool)
    return np.where(hidden, customers.astype(object) + f" {export.file}", customers)


def _joined(parts: Sequence[Table]) -> Table:
    place = np.concatenate([np.full(len(part), n) for n, part in enumerate(parts)])
    columns = {
        name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns
    }
    return Table(
        files=tuple(part.files[0] for part in parts),
        day=np.concatenate([part.day for part in parts]),
        channel=_one_spelling(np.concatenate([part.channel for part in parts])),
        campaign=np.concatenate([part.campaign for part in parts]),
        columns=columns | {"place": place},
    )


def _one_spelling(names: Column) -> Column:
    """Spell a channel's name as it was spelt first, whatever the capitals."""
    first: dict[str, str] = {}
    return np.array([first.setdefault(name.casefold(), name) for name in names], dtype=object)


def _since(table: Table, settings: ExportsField) -> Table:
    if settings.since is None:
        return table
    rows = ~(table.day < np.datetime64(settings.since))
    return Table(
        files=table.files,
        day=table.day[rows],
        channel=table.channel[rows],
        campaign=table.campaign[rows],
        columns={name: column[rows] for name, column in table.columns.items()},
    )
