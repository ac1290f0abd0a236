"""Where a measured number comes from, and what contradicts it."""

from funnelkit.client.client import Client
from funnelkit.client.contradictions import Contradiction, contradictions
from funnelkit.client.evidence.evidence import Measured
from funnelkit.model.levers import LEVERS, Unit
from funnelkit.model.levers import message as _
from funnelkit.show.words import Words

__all__ = ["contradiction_sentence", "doubtful", "measured_text", "source_text"]

NAMED = 3
"""Files that are named before the rest is counted."""

OTHERS = {
    "goal.a": (_("Point A"), Unit.MONEY),
    "active_customers": (_("Active clients"), Unit.COUNT),
    "budget": (_("Ad spend"), Unit.MONEY),
    "price": (_("CPC"), Unit.MONEY),
    "clicks": (_("Clicks"), Unit.COUNT),
    "landing_rate": (_("Clicks to leads"), Unit.SHARE),
}
"""Numbers of a client's file that are no levers; the last are a channel's."""


def source_text(measured: Measured, words: Words) -> str:
    """Name the files and the months that a number was measured from."""
    files = ", ".join(measured.files[:NAMED])
    if (more := len(measured.files) - NAMED) > 0:
        files = words.plural(
            "{files} and {n} more file", "{files} and {n} more files", more, files=files
        )
    first, last = words.month(measured.first), words.month(measured.last)
    return f"{files}; {first}" if first == last else f"{files}; {first} – {last}"


def measured_text(measured: Measured, words: Words) -> str:
    """Say that a number was measured, and from how many of how many."""
    if measured.counts is None or measured.interval is None:
        return words("measured")
    low, high = measured.interval
    return words(
        "measured: {won} of {of}, 95 % between {low} and {high}",
        won=words.count(measured.counts.won),
        of=words.count(measured.counts.of),
        low=words.share(low),
        high=words.share(high),
    )


def doubtful(client: Client) -> dict[str, Contradiction]:
    """Return what contradicts the exports, by name, of channels as ``channel.field``."""
    return {found.key: found for found in contradictions(client)}


def contradiction_sentence(found: Contradiction, words: Words) -> str:
    """Lay a typed number beside the measured one; `words` in the client's currency."""
    text, unit = OTHERS.get(found.name, ("", Unit.MONEY))
    if found.name in LEVERS:
        text, unit = LEVERS[found.name].label, LEVERS[found.name].unit
    label = words(text)
    return words(
        "{name}: {typed} is typed, and the exports say {measured} ({how}; {source}).",
        name=f"{found.channel}: {label}" if found.channel else label,
        typed=words.value(found.typed, unit),
        measured=words.value(found.measured.value, unit),
        how=measured_text(found.measured, words),
        source=source_text(found.measured, words),
    )
