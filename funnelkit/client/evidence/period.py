"""Which months the exports cover whole."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from funnelkit.client.evidence.tables import Tables
from funnelkit.client.export_fields import ExportsField
from funnelkit.client.exports.meanings import Content

__all__ = ["Period", "complete_months", "last_day", "period_of"]

LONGEST = 3
"""Months that are measured where the client's file names none: enough to count, all recent."""

SLACK = 7
"""Days at a month's end on which a table may have no row, where another shows that it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole months.

    Attributes
    ----------
    first, last : date
        First day of the first month, last day of the last.
    """

    first: date
    last: date

    @property
    def months(self) -> tuple[date, ...]:
        """First day of each month."""
        months, day = [], self.first
        while day <= self.last:
            months.append(day)
            day = last_day(day) + timedelta(days=1)
        return tuple(months)


def last_day(month: date) -> date:
    """Return the last day of a day's month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def _ends(tables: Tables) -> dict[Content, tuple[date, date]]:
    """Return the first and last day that each content's exports have."""
    ends: dict[Content, tuple[date, date]] = {}
    for export in tables.exports:
        if export.period and export.content in tables.of:
            first, last = ends.get(export.content, export.period)
            begin, end = export.period
            ends[export.content] = min(first, begin), max(last, end)
    return ends


def complete_months(tables: Tables, settings: ExportsField) -> Iterator[date]:
    """Yield the first day of each month that all contents cover."""
    ends = _ends(tables).values()
    if not ends:
        return
    over = max(last for _first, last in ends)
    reach = min(last for _first, last in ends)
    begin = max(first for first, _last in ends)
    if settings.since:
        begin = max(begin, settings.since)
    month = begin.replace(day=1)
    if begin.day > SLACK:
        month = last_day(begin) + timedelta(days=1)
    while (end := last_day(month)) <= over and reach > end - timedelta(days=SLACK):
        yield month
        month = end + timedelta(days=1)


def period_of(tables: Tables, settings: ExportsField, month_zero: date) -> Period | None:
    """Choose the months that point A is measured in: as the file says, or the last whole ones.

    Parameters
    ----------
    tables : Tables
    settings : ExportsField
    month_zero : date
        First day of month 0; later months are facts beside the plan.

    Returns
    -------
    Period or None
        None where no month is whole.
    """
    whole = [month for month in complete_months(tables, settings) if month <= month_zero]
    last = settings.last_month or (whole[-1] if whole else None)
    if last is None:
        return None
    before = [month for month in whole if month <= last][-LONGEST:]
    first = settings.first_month or (before[0] if before else last)
    return Period(first=first, last=last_day(last)) if first <= last else None
