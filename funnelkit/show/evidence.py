"""What exports say of point A, in a few lines."""

from collections.abc import Iterator

from funnelkit.client.evidence.evidence import Evidence
from funnelkit.model.levers import LEVERS
from funnelkit.show.exports import LACKS
from funnelkit.show.provenance import OTHERS, measured_text
from funnelkit.show.words import Words

__all__ = ["evidence_lines"]


def evidence_lines(evidence: Evidence, words: Words) -> Iterator[str]:
    """Say what was measured of which months, and what was not and why."""
    first, last = words.month(evidence.first), words.month(evidence.last)
    months = first if first == last else f"{first} – {last}"
    yield words("Measured of {months}:", months=months)
    rows = []
    for name, measured in (("goal.a", evidence.a), ("active_customers", evidence.clients)):
        if measured:
            text, unit = OTHERS[name]
            month = words.month(measured.first)
            rows.append((words(text), words.value(measured.value, unit), month))
    for name, lever in LEVERS.items():
        if measured := evidence.levers.get(name):
            value = words.value(measured.value, lever.unit)
            counted = measured_text(measured, words) if measured.counts else ""
            rows.append((words(lever.label), value, counted))
    if evidence.sales_cycle:
        shares = ", ".join(words.share(share) for share in evidence.sales_cycle)
        rows.append((words("Sales cycle"), shares, words("closed 0, 1, 2 … months later")))
    widths = [max((len(row[place]) for row in rows), default=0) for place in (0, 1)]
    for label, value, more in rows:
        yield f"    {label:<{widths[0]}}  {value:>{widths[1]}}  {more}".rstrip()
    yield from _gaps(evidence, words)


def _gaps(evidence: Evidence, words: Words) -> Iterator[str]:
    for file, days in evidence.completeness.missing_days.items():
        yield words.plural(
            "{file} does not cover {n} day of it",
            "{file} does not cover {n} days of it",
            days,
            file=file,
        )
    joined = evidence.journey.unmatched
    for name, sentence in (
        ("leads", words("Leads without a source: {share}", share=words.share(joined["leads"]))),
        ("paid", words("Payments without a source: {share}", share=words.share(joined["paid"]))),
    ):
        if joined[name] > 0:
            yield sentence
    if evidence.completeness.open_deals > 0:
        share = words.share(evidence.completeness.open_deals)
        yield words("Deals still open, which no conversion counts: {share}", share=share)
    lacking: dict[str, list[str]] = {}
    for name, why in evidence.lacking.items():
        if name in LEVERS:
            lacking.setdefault(words(LACKS[why]), []).append(words(LEVERS[name].label))
    for why_text, names in lacking.items():
        yield words("Not measured: {names} ({why})", names=", ".join(names), why=why_text)
