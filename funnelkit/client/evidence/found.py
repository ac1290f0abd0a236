"""A client's exports from the folder to the measured months, or what keeps them from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from funnelkit.client.evidence.evidence import Evidence
from funnelkit.client.evidence.folder import client_exports
from funnelkit.client.evidence.measure import measure
from funnelkit.client.evidence.period import Period, complete_months, last_day, period_of
from funnelkit.client.evidence.tables import Tables, tables
from funnelkit.client.export_fields import ExportsField
from funnelkit.client.exports.export import Export
from funnelkit.client.exports.problems import ExportProblem, Refusal

__all__ = ["Found", "RunningMonth", "evidence_of", "find_evidence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningMonth:
    """A month of which the exports have the first days only.

    Attributes
    ----------
    month : date
        First day.
    days_gone : int
        Days that all exports have.
    revenue : float
        Collected in them; NaN where no export has sales.
    """

    month: date
    days_gone: int
    revenue: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What lies beside a client's file.

    Attributes
    ----------
    settings : ExportsField
    problems : tuple of ExportProblem
        Why nothing is measured; none where something is.
    evidence : Evidence or None
        Point A; None with problems, or without exports.
    facts : mapping of date to Evidence
        Whole months after month 0, by first day.
    running : RunningMonth or None
        The month after these.
    """

    settings: ExportsField
    problems: tuple[ExportProblem, ...] = ()
    evidence: Evidence | None = None
    facts: Mapping[date, Evidence] = field(default_factory=dict)
    running: RunningMonth | None = None


def find_evidence(
    client_folder: Path, settings: ExportsField, currency: str, month_zero: date
) -> Found:
    """Read, join and measure a client's exports.

    One file that cannot be read is enough to measure nothing: a sum without it would be wrong.

    Parameters
    ----------
    client_folder : Path
    settings : ExportsField
    currency : str
        The client's.
    month_zero : date
        First day of the month that point A is measured in.
    """
    exports, refused = client_exports(client_folder, settings)
    if refused or not exports:
        return Found(settings=settings, problems=refused)
    return evidence_of(exports, settings, currency, month_zero)


def evidence_of(
    exports: Sequence[Export], settings: ExportsField, currency: str, month_zero: date
) -> Found:
    """Join and measure exports that were read; parameters as of `find_evidence`."""
    joined, problems = tables(exports, settings, currency)
    if joined is None:
        return Found(settings=settings, problems=problems)
    period = period_of(joined, settings, month_zero)
    after = tuple(month for month in complete_months(joined, settings) if month > month_zero)
    if period is None and not after:
        known = [export.period for export in exports if export.period]
        values = {
            "begin": str(min((p[0] for p in known), default="?")),
            "end": str(max((p[1] for p in known), default="?")),
        }
        problem = ExportProblem(code=Refusal.NO_PERIOD, file=settings.folder, values=values)
        return Found(settings=settings, problems=(problem,))
    return Found(
        settings=settings,
        evidence=measure(joined, settings, period) if period else None,
        facts={
            month: measure(joined, settings, Period(first=month, last=last_day(month)))
            for month in after
        },
        running=_running(joined, settings, after[-1] if after else month_zero),
    )


def _running(joined: Tables, settings: ExportsField, before: date) -> RunningMonth | None:
    """Find the month that has begun in all exports."""
    month = last_day(before) + timedelta(days=1)
    ends: dict[str, date] = {}
    for export in joined.exports:
        if export.period:
            known = ends.get(export.content, export.period[1])
            ends[export.content] = max(known, export.period[1])
    reach = min(ends.values(), default=before)
    if not month <= reach < last_day(month):
        return None
    part = measure(joined, settings, Period(first=month, last=reach))
    revenue = float(part.revenue[0]) if part.revenue.size else float(np.nan)
    return RunningMonth(month=month, days_gone=reach.day, revenue=revenue)
