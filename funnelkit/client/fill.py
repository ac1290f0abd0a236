"""Numbers that a client's file does not type, and its exports say."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from funnelkit.client.document import Document, load
from funnelkit.client.evidence.evidence import Evidence, Lack, Measured
from funnelkit.client.evidence.folder import export_files
from funnelkit.client.evidence.found import Found, find_evidence
from funnelkit.client.export_fields import ExportsField
from funnelkit.client.fields import LONGEST, MEASURED, Month, Whole
from funnelkit.client.problems import ClientFileError
from funnelkit.model.products import REPLACED_BY_LINE
from funnelkit.plan.media import CHANNEL_LEVERS

__all__ = ["Filled", "Needed", "comparable", "exports_beside", "filled"]

Data = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A client's file with what its exports say.

    Attributes
    ----------
    document : Document
        The file's data, with measured numbers where it types none.
    found : Found or None
        What the exports say; None for a client without exports, whose file stays as it is.
    measured : mapping of str to Measured
        What was filled in: levers by name, ``goal.a``, ``active_customers``, ``sales_cycle``,
        channels' numbers as ``channel.field``.
    lacking : mapping of str to Lack or None
        What the file wants measured, and the exports do not say; None where none was read.
    """

    document: Document
    found: Found | None = None
    measured: Mapping[str, Measured] = field(default_factory=dict)
    lacking: Mapping[str, Lack | None] = field(default_factory=dict)


class _GoalPart(BaseModel):
    model_config = ConfigDict(extra="ignore")
    month: Month
    months: Annotated[Whole, Field(ge=1, le=LONGEST)]
    metric: Literal["revenue", "contribution", "profit"] = "revenue"


class Needed(BaseModel):
    """What has to be right in a file before its exports can be measured."""

    model_config = ConfigDict(extra="ignore")
    currency: str
    goal: _GoalPart
    exports: ExportsField = ExportsField()


def filled(document: Document, client_folder: Path) -> Filled:
    """Measure a client's exports, and fill in what its file leaves to them.

    Nothing is measured where the file's own part on exports is wrong; its problems are told
    with all others.
    """
    data = document.data
    try:
        needed = Needed.model_validate(data)
    except ValidationError:
        return Filled(document=document)
    if "exports" not in data and not export_files(client_folder, needed.exports):
        return Filled(document=document, lacking=dict.fromkeys(_asked(data)))
    found = find_evidence(client_folder, needed.exports, needed.currency.upper(), needed.goal.month)
    data = copy.deepcopy(data)
    revenue = needed.goal.metric == "revenue"
    measured = dict(_filled_in(data, found.evidence, revenue)) if found.evidence else {}
    lacking = {
        name: found.evidence.lacking.get(name) if found.evidence else None for name in _asked(data)
    }
    _fill_months(data, found, needed.goal, revenue=revenue)
    return Filled(
        document=replace(document, data=data), found=found, measured=measured, lacking=lacking
    )


def exports_beside(client_file: Path) -> tuple[Path, ...]:
    """List the exports that a client's file is read with."""
    try:
        data = load(client_file, f"{client_file.parent.name}/{client_file.name}").data
        settings = ExportsField.model_validate(data.get("exports") or {})
    except (ClientFileError, ValidationError):
        return ()
    return tuple(p for p in export_files(client_file.parent, settings) if not p.is_symlink())


def _is_measured(value: object) -> bool:
    return isinstance(value, str) and value.strip().casefold() == MEASURED


def _levers(data: Data) -> Data:
    levers = data.get("levers")
    return levers if isinstance(levers, dict) else {}


def _now(entry: object) -> object:
    """Return what a lever's entry says of now; None where it says nothing."""
    return entry.get("now") if isinstance(entry, dict) else entry


def _asked(data: Data) -> Iterator[str]:
    """Yield what a file says is to be measured."""
    goal = data.get("goal")
    if isinstance(goal, dict) and _is_measured(goal.get("a")):
        yield "goal.a"
    if _is_measured(data.get("active_customers")):
        yield "active_customers"
    for name, entry in _levers(data).items():
        if _is_measured(_now(entry)):
            yield name


def comparable(name: str, given: set[str], evidence: Evidence, *, line: bool, media: bool) -> bool:
    """Tell whether a measured lever means what the client's file would mean by it.

    Parameters
    ----------
    name : str
    given : set of str
        Levers that the file types.
    evidence : Evidence
    line, media : bool
        Whether the file has products, and channels.
    """
    if (line and name in REPLACED_BY_LINE) or (media and name in CHANNEL_LEVERS):
        return False
    if name in ("visitors", "lead_rate"):
        return "audience" not in given  # the deals do not tell whose leads they are
    if name == "cost_per_visitor":
        return "marketing_fixed" not in given or name in given
    if name == "qualified_rate":
        return "answered_rate" not in given
    if name == "win_rate" and "qualified_rate" not in evidence.levers:
        return not {"answered_rate", "qualified_rate"} & given
    return True


def _filled_in(data: Data, evidence: Evidence, revenue: bool) -> Iterator[tuple[str, Measured]]:
    """Put measured numbers into a file's data, where it types none."""
    goal = data["goal"]
    if evidence.a and revenue and (_is_measured(goal.get("a")) or goal.get("a") is None):
        goal["a"] = repr(evidence.a.value)
        yield "goal.a", evidence.a
    stock = data.get("active_customers")
    if evidence.clients and (stock is None or _is_measured(stock)):
        data["active_customers"] = repr(evidence.clients.value)
        yield "active_customers", evidence.clients
    if evidence.cycle and data.get("sales_cycle") is None:
        data["sales_cycle"] = [repr(share) for share in evidence.sales_cycle]
        yield "sales_cycle", evidence.cycle
    yield from _filled_channels(data, evidence)
    if not isinstance(data.setdefault("levers", {}), dict):
        return
    yield from _filled_levers(data, evidence)


def _filled_channels(data: Data, evidence: Evidence) -> Iterator[tuple[str, Measured]]:
    """Put measured numbers where the file says of a channel that they are."""
    media = data.get("marketing")
    channels = media.get("channels") if isinstance(media, dict) else None
    measured = {each.channel.casefold(): each.numbers for each in evidence.channels}
    for entry in channels if isinstance(channels, list) else ():
        name = str(entry.get("name", "")) if isinstance(entry, dict) else ""
        for field_name, found in measured.get(name.casefold(), {}).items():
            if _is_measured(_now(said := entry.get(field_name))):
                entry[field_name] = _told(said, found)
                yield f"{name}.{field_name}", found


def _told(entry: object, found: Measured) -> Data:
    """Write a measured number as a file would, beside what else its entry says."""
    value: object = repr(found.value)
    if found.counts:
        value = {"won": repr(found.counts.won), "of": repr(found.counts.of)}
    return {**entry, "now": value} if isinstance(entry, dict) else {"now": value}


def _filled_levers(data: Data, evidence: Evidence) -> Iterator[tuple[str, Measured]]:
    levers, asked = _levers(data), set(_asked(data))
    given = {name for name, entry in levers.items() if _now(entry) is not None} - asked
    line, media = bool(data.get("products")), bool(data.get("marketing"))
    for name, found in evidence.levers.items():
        pair = {"visitors": "lead_rate", "lead_rate": "visitors"}.get(name)
        alone = pair in given and name not in levers  # typed traffic is another than the counted
        if name in given or alone or (pair and pair not in {*evidence.levers, *given}):
            continue
        if not comparable(name, given, evidence, line=line, media=media):
            continue
        levers[name] = _told(levers.get(name), found)
        yield name, found


def _fill_months(data: Data, found: Found, goal: _GoalPart, *, revenue: bool) -> None:
    """Put the months after A into a file's data, one after another."""
    typed = data.get("actual") or []
    if not isinstance(typed, list) or not all(isinstance(month, dict) for month in typed):
        return
    months: list[Data] = []
    first = goal.month
    for n in range(1, goal.months + 3):
        month = date(*_later(first, n), 1)
        own = typed[n - 1] if n <= len(typed) else None
        evidence = found.facts.get(month)
        if own is None and evidence is None:
            break
        months.append(_month(own, evidence, data, month, revenue=revenue))
    running = found.running
    last = date(*_later(first, len(months) + 1), 1)
    typed_so = bool(months) and months[-1].get("days_gone") is not None
    room = len(typed) <= len(months) < goal.months + 2 and not typed_so
    if running and room and revenue and running.month == last and running.revenue >= 0:
        days, value = str(running.days_gone), repr(running.revenue)
        months.append({"month": f"{last:%Y-%m}", "value": value, "days_gone": days})
    if months:
        data["actual"] = [*months, *typed[len(months) :]]


def _later(first: date, months: int) -> tuple[int, int]:
    years, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return years, month + 1


def _month(
    own: Data | None, evidence: Evidence | None, data: Data, month: date, *, revenue: bool
) -> Data:
    """Complete a month as typed by what was measured of it."""
    made = dict(own or {"month": f"{month:%Y-%m}"})
    if evidence is None or made.get("days_gone") is not None:
        return made
    if revenue and evidence.a and made.get("value") is None:
        made["value"] = repr(evidence.a.value)
    if evidence.clients and made.get("active_customers") is None:
        made["active_customers"] = repr(evidence.clients.value)
    levers = _levers(data)
    line, media = bool(data.get("products")), bool(data.get("marketing"))
    known = dict(made.get("levers") or {})
    for name, found in evidence.levers.items():
        here = name in levers or (media and name in ("visitors", "lead_rate"))
        fits = comparable(name, set(levers), evidence, line=line, media=False)
        if here and fits and name not in known:
            known[name] = repr(found.value)
    if known:
        made["levers"] = known
    return made
