"""Every input of a client and where it comes from."""

from funnelkit.client.client import Client
from funnelkit.model.levers import Unit
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.uncertainty import Counts, Evidence, Range, wilson
from funnelkit.show.lever_texts import lever_text, unit_of
from funnelkit.show.provenance import doubtful, measured_text, source_text
from funnelkit.show.tables import Table, sides
from funnelkit.show.words import Words

__all__ = ["how_known", "inputs_table"]


def inputs_table(client: Client, scenario: Scenario, words: Words) -> Table:
    """Return every input with where it comes from."""
    rows = []
    for name, value in scenario.now.items():
        text, unit = lever_text(name, words), unit_of(name)
        rows.append((text, words.value(value, unit), *_provenance(client, name, unit, words)))
    return Table(
        header=(words("Input"), words("Now"), words("How it is known"), words("Source")),
        rows=tuple(rows),
        align=sides("lrll"),
        caption=words("The inputs and where they come from"),
    )


def _provenance(client: Client, name: str, unit: Unit, words: Words) -> tuple[str, str]:
    if measured := client.measured.get(name):
        return measured_text(measured, words), source_text(measured, words)
    known, assumed = client.evidence.get(name), name in client.assumed
    how, source = how_known(known, unit, words, assumed=assumed), client.sources.get(name, "")
    if other := doubtful(client).get(name):
        said = words.value(other.measured.value, unit)
        how = words("{how}; the exports say {value}", how=how, value=said)
        source = "; ".join(filter(None, (source, source_text(other.measured, words))))
    return how, source


def how_known(known: Evidence | None, unit: Unit, words: Words, *, assumed: bool) -> str:
    """Say whether a number was counted, guessed, assumed or typed."""
    match known:
        case Counts(won=won, of=of) as counts:
            low, high = wilson(counts)
            return words(
                "counted: {won} of {of}, 95 % between {low} and {high}",
                won=words.count(won),
                of=words.count(of),
                low=words.share(low),
                high=words.share(high),
            )
        case Range(low=low, high=high):
            return words(
                "guessed between {low} and {high}",
                low=words.value(low, unit),
                high=words.value(high, unit),
            )
    return words("assumed") if assumed else words("typed")
