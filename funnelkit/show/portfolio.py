"""All clients in one table: how each stands, in its own currency and the reader's words."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import isfinite
from types import MappingProxyType
from typing import Literal
from urllib.parse import quote

from funnelkit.client.portfolio import FILES, Entry
from funnelkit.client.standing import Attention, Standing
from funnelkit.model.levers import LEVERS
from funnelkit.model.levers import message as _
from funnelkit.plan.gates import Finding, Gate
from funnelkit.show.gates import finding_sentence
from funnelkit.show.labels import label
from funnelkit.show.pages import page_template
from funnelkit.show.spark import Spark, spark_of
from funnelkit.show.stages import STAGES
from funnelkit.show.summary import style
from funnelkit.show.words import Words

__all__ = ["ATTENTION", "portfolio_head", "portfolio_style", "portfolio_table"]

FIRST = 5
"""How many clients are named at the head."""

ATTENTION: Mapping[Attention, str] = MappingProxyType(
    {
        Attention.NO_REPORT: _("no report"),
        Attention.BEHIND: _("behind the plan"),
        Attention.UNKNOWN: _("inputs are missing"),
        Attention.SHORT: _("falls short of B"),
        Attention.UNLIKELY: _("B is in doubt"),
        Attention.MEND: _("mend first"),
        Attention.NOTHING: _("on course"),
    }
)

_GATES: Mapping[Gate, str] = MappingProxyType(
    {
        Gate.NO_CLIENTS: _("no clients yet"),
        Gate.COLLECTIONS: _("overdue payments"),
        Gate.JUNK: _("leads called junk"),
        Gate.UNANSWERED: _("leads not called back"),
        Gate.OVERLOAD: _("sales team overloaded"),
        Gate.OVERPUSHING: _("clients pushed"),
        Gate.SPARE_CAPACITY: _("spare capacity"),
        Gate.LEAKY_FUNNEL: _("leaky funnel"),
        Gate.NOTHING_MEASURED: _("nothing measured"),
    }
)

_PAGE, _PAPER, _WORKBOOK = FILES

_BESIDE = MappingProxyType({_PAPER: "PDF", _WORKBOOK: "Excel"})
"""What the links beside a client's name are called, in every language."""

_BAD = frozenset(list(Attention)[: list(Attention).index(Attention.UNLIKELY)])

COLUMNS = (
    (_("Client"), "left"),
    (_("Status"), "left"),
    (_("Point A"), "right"),
    (_("Point B"), "right"),
    (_("The plan"), "right"),
    (_("Probability"), "right"),
    (_("By month"), "left"),
    (_("Biggest lever"), "left"),
    (_("Plan against fact"), "right"),
    (_("Warnings"), "left"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """A cell: its text, smaller lines below it, and what it is sorted by."""

    text: str
    lines: Sequence[str] = ()
    value: float | None = None
    group: str = ""
    kind: Literal["", "good", "bad", "warn", "missing"] = ""
    spark: Spark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A client's row: its name, its links, its cells, or why it has none."""

    title: str
    about: str
    page: str
    links: Sequence[tuple[str, str]]
    cells: Sequence[_Cell]
    reason: str = ""


@cache
def portfolio_style() -> str:
    """Return the style sheet of the portfolio, for its notebook and its page."""
    sheet = files("funnelkit.show") / "portfolio.css"
    return style() + sheet.read_text(encoding="utf-8")


def portfolio_head(entries: Sequence[Entry], words: Words, base: str | None = None) -> str:
    """Render what stands above the table: how many stand how, and whom to look at first.

    Parameters
    ----------
    entries : sequence of Entry
        The most urgent first.
    words : Words
        Of the reader.
    base : str, optional
        Address of the folder of reports; without it nothing is a link.
    """
    counts = {why: sum(e.attention is why for e in entries) for why in Attention}
    urgent = [entry for entry in entries if entry.attention is not Attention.NOTHING]
    return page_template("portfolio_head.html.jinja").render(
        words=words,
        clients=words.plural("{n} client", "{n} clients", len(entries)),
        counts=[
            (words(ATTENTION[why]), words.number(n), _kind(why)) for why, n in counts.items() if n
        ],
        first=[
            (
                entry.title,
                _address(entry, _PAGE, base),
                words(ATTENTION[entry.attention]),
                _how_bad(entry, words),
            )
            for entry in urgent[:FIRST]
        ],
    )


def portfolio_table(entries: Sequence[Entry], words: Words, base: str | None = None) -> str:
    """Render the table of all clients; whatever they typed is escaped.

    Parameters
    ----------
    entries, words, base
        As in `portfolio_head`.
    """
    currencies = {e.standing.currency for e in entries if e.standing}
    return page_template("portfolio.html.jinja").render(
        words=words,
        columns=[(words(name), side) for name, side in COLUMNS],
        rows=[_row(place, entry, words, base) for place, entry in enumerate(entries)],
        several=len(currencies) > 1,
    )


def _kind(why: Attention) -> Literal["good", "bad", "warn"]:
    if why is Attention.NOTHING:
        return "good"
    return "bad" if why in _BAD else "warn"


def _printable(reason: str) -> str:
    """Mark what a page cannot hold, as names of files may: they are bytes."""
    return "".join(
        letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}"
        for letter in reason
    )


def _how_bad(entry: Entry, words: Words) -> str:
    """Say how bad the reason to look at a client is, in a number or few words."""
    if entry.attention is Attention.NO_REPORT or entry.standing is None:
        return _printable(entry.reason).partition("\n")[0]
    shares = {
        Attention.BEHIND: entry.standing.off_course,
        Attention.SHORT: entry.standing.of_b(entry.standing.reached),
        Attention.UNLIKELY: entry.standing.probability,
    }
    if (share := shares.get(entry.attention)) is not None:
        return words.share(round(share, 3))
    return ", ".join(words(_GATES[finding.gate]) for finding in entry.standing.warnings)


def _address(entry: Entry, file: str, base: str | None) -> str:
    """Return the address of what a client was made; empty where it is not there."""
    if base is None or file not in entry.files:
        return ""
    return f"{base}{quote(os.fsencode(entry.name))}/{file}"


def _row(place: int, entry: Entry, words: Words, base: str | None) -> _Row:
    standing, why = entry.standing, entry.attention
    status = _Cell(text=words(ATTENTION[why]), value=place, kind=_kind(why))
    about, cells, reason = "", [status], ""
    if standing is None or why is Attention.NO_REPORT:
        reason = _printable(entry.reason) or words(
            "What its notebooks recorded cannot be read: make it again."
        )
    else:
        own = Words(language=words.language, currency=standing.currency)
        month = own.month(standing.first_month, standing.horizon)
        about = f"{label(standing.metric, words)} · {month}"
        cells += _numbers(standing, own)
    return _Row(
        title=entry.title,
        about=about,
        page=_address(entry, _PAGE, base),
        links=[(n, at) for f, n in _BESIDE.items() if (at := _address(entry, f, base))],
        cells=cells,
        reason=reason,
    )


def _numbers(standing: Standing, words: Words) -> list[_Cell]:
    share, growth = standing.of_b(standing.reached), standing.growth(standing.b)
    chance = standing.probability
    missed = standing.met is False
    return [
        _money(standing.a, standing, words),
        _money(standing.b, standing, words, () if growth is None else (words.times(growth),)),
        _Cell(
            text=words.missing if share is None else words.share(share),
            lines=() if standing.reached is None else (words.money(standing.reached),),
            value=share,
            kind="missing" if share is None else "bad" if missed else "good",
        ),
        _Cell(
            text=words.missing if chance is None else words.share(chance),
            value=chance,
            kind="missing" if chance is None else "",
        ),
        _course(standing, words),
        _lever(standing, words),
        _fact(standing, words),
        _warnings(standing.warnings, words),
    ]


def _money(
    value: float | None, standing: Standing, words: Words, lines: Sequence[str] = ()
) -> _Cell:
    """Show a sum; it is sorted among those of its currency."""
    return _Cell(
        text=words.missing if value is None else words.money(value),
        lines=lines,
        value=value,
        group=standing.currency,
        kind="missing" if value is None else "",
    )


def _course(standing: Standing, words: Words) -> _Cell:
    growth = standing.growth(standing.reached)
    return _Cell(
        text="",
        lines=() if growth is None else (words("{times} of A", times=words.times(growth)),),
        value=growth,
        spark=spark_of(standing.course, standing.b, standing.horizon, words),
    )


def _lever(standing: Standing, words: Words) -> _Cell:
    begin = words("begin with: {stage}", stage=words(STAGES[standing.begin_with]).lower())
    thing = standing.biggest
    if thing is None or thing.worth is None:
        return _Cell(text=words("The plan moves nothing yet."), lines=(begin,), kind="missing")
    unit = LEVERS[thing.lever].unit
    now, plan = (words.value(value, unit) for value in (thing.now, thing.plan))
    lacks = words("without it B's month lacks {worth}", worth=words.short_money(thing.worth))
    return _Cell(
        text=f"{words(LEVERS[thing.lever].label)}: {now} → {plan}",
        lines=(lacks, begin),
        value=standing.of_b(thing.worth),
    )


def _fact(standing: Standing, words: Words) -> _Cell:
    apart, lines = standing.off_course, []
    if standing.running and standing.running.forecast is not None:
        lines.append(
            words(
                "{month}: heading for {value}",
                month=words.short_month(standing.first_month, standing.running.month),
                value=words.short_money(standing.running.forecast),
            )
        )
    if standing.facts and (fact := standing.facts[-1].fact) is not None:
        last = standing.facts[-1]
        month = words.short_month(standing.first_month, last.month)
        lines.append(f"{month}: {words.short_money(fact)}")
        if last.to_blame:
            stage = words(STAGES[last.to_blame]).lower()
            lines.append(words("lost most in: {stage}", stage=stage))
    if apart is None or not isfinite(apart):
        text = words("no month yet") if standing.facts is not None else words.missing
        return _Cell(text=text, lines=lines, kind="missing")
    behind = standing.attention is Attention.BEHIND
    text = ("+" if apart > 0 else "") + words.share(round(apart, 3))
    return _Cell(text=text, lines=lines, value=apart, kind="bad" if behind else "")


def _warnings(found: Sequence[Finding], words: Words) -> _Cell:
    named = ", ".join(words(_GATES[finding.gate]) for finding in found)
    return _Cell(
        text=named or words("none"),
        lines=[said for finding in found if (said := _sentence(finding, words))],
        value=len(found),
    )


def _sentence(finding: Finding, words: Words) -> str:
    """Say what was found; nothing where an earlier version did not record its numbers."""
    try:
        return finding_sentence(finding, words)
    except KeyError:
        return ""
