"""Every input of a client and where it comes from."""

from funnelkit.client.client import Client
from funnelkit.model.levers import Unit
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.uncertainty import Counts, Evidence, Range, wilson
from funnelkit.show.lever_texts import lever_text, unit_of
from funnelkit.show.provenance import (
    contradiction_sentence,
    doubtful,
    measured_text,
    source_text,
)
from funnelkit.show.tables import Table, sides
from funnelkit.show.words import Words

__all__ = ["how_known", "inputs_table", "known_note", "provenance"]


def inputs_table(client: Client, scenario: Scenario, words: Words) -> Table:
    """Return every input with where it comes from."""
    rows = []
    for name, value in scenario.now.items():
        text, unit = lever_text(name, words), unit_of(name)
        known, assumed = client.evidence.get(name), name in client.assumed
        how, source = provenance(client, name, known, unit, words, assumed=assumed)
        typed = "" if name in client.measured else client.sources.get(name, "")
        source = "; ".join(filter(None, (typed, source)))
        rows.append((text, words.value(value, unit), how, source))
    return Table(
        header=(words("Input"), words("Now"), words("How it is known"), words("Source")),
        rows=tuple(rows),
        align=sides("lrll"),
        caption=words("The inputs and where they come from"),
    )


def provenance(
    client: Client, name: str, known: Evidence | None, unit: Unit, words: Words, *, assumed: bool
) -> tuple[str, str]:
    """Say how a number is known, and of which exports; nothing for the latter if of none.

    Parameters
    ----------
    client : Client
    name : str
        A lever, or ``channel.field``.
    known : Evidence or None
        What the file says beside the number.
    unit : Unit
    words : Words
        In the client's currency.
    assumed : bool
    """
    if measured := client.measured.get(name):
        return measured_text(measured, words), source_text(measured, words)
    how = how_known(known, unit, words, assumed=assumed)
    if other := doubtful(client).get(name):
        said = words.value(other.measured.value, unit)
        how = words("{how}; the exports say {value}", how=how, value=said)
        return how, source_text(other.measured, words)
    return how, ""


def known_note(
    client: Client, name: str, known: Evidence | None, unit: Unit, words: Words, *, assumed: bool
) -> str:
    """Say in a sentence how a number is known, of a client with exports; parameters as above."""
    if client.found is None:
        return ""
    if other := doubtful(client).get(name):
        return contradiction_sentence(other, words)
    how, source = provenance(client, name, known, unit, words, assumed=assumed)
    text = f"{how} ({source})" if source else how
    return f"{text[:1].upper()}{text[1:]}."


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
