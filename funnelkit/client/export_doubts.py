"""What the exports make doubtful: numbers typed otherwise, and what the exports leave out."""

from collections.abc import Iterator

from funnelkit.client.client import Client
from funnelkit.client.contradictions import contradictions
from funnelkit.client.document import Keys
from funnelkit.client.evidence.evidence import Evidence
from funnelkit.client.evidence.period import SLACK
from funnelkit.client.remark import Doubt, Matter, Remark

__all__ = ["export_doubts"]

MUCH = 0.2
"""Share of leads or payments without a source from which channels cannot be compared."""

_PLACES: dict[str, Keys] = {"goal.a": ("goal", "a"), "active_customers": ("active_customers",)}

_WITHOUT_SOURCE = {"leads": Matter.LEADS_WITHOUT_SOURCE, "paid": Matter.PAID_WITHOUT_SOURCE}


def export_doubts(client: Client) -> Iterator[Doubt]:
    """Find everything that a client's exports make doubtful."""
    if client.found is None:
        return
    for problem in client.found.problems:
        yield Doubt(path=("exports",), about=problem)
    for found in contradictions(client):
        path = _PLACES.get(found.name, ("levers", found.name, "now"))
        if found.channel and client.marketing:
            place = client.marketing.media.market.names.index(found.channel)
            path = ("marketing", "channels", place, found.name)
        yield Doubt(path=path, about=found)
    if client.found.evidence:
        for remark in _gaps(client.found.evidence):
            yield Doubt(path=("exports",), about=remark)


def _gaps(evidence: Evidence) -> Iterator[Remark]:
    for file, days in evidence.completeness.missing_days.items():
        if days > SLACK:
            counts = {"days": float(days)}
            yield Remark(matter=Matter.DAYS_MISSING, names=(file,), counts=counts)
    for name, matter in _WITHOUT_SOURCE.items():
        share = evidence.journey.unmatched[name]
        if share > MUCH:
            yield Remark(matter=matter, shares={"share": share})
    if evidence.journey.unspent > MUCH and evidence.journey.spend.any():
        shares = {"share": evidence.journey.unspent}
        yield Remark(matter=Matter.UNSPENT, shares=shares)
