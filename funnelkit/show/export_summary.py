"""What was read of an export, in a few lines that can be laid beside the account."""

from collections.abc import Iterator
from datetime import date

from funnelkit.client.exports.export import Export
from funnelkit.client.exports.meanings import UNITS, Meaning, Unit
from funnelkit.show.export_words import CONTENTS, DROPS, MEANINGS, SYSTEMS
from funnelkit.show.exports import remark_sentence
from funnelkit.show.plain import visible
from funnelkit.show.words import Words

__all__ = ["period_text", "summary_lines"]


def summary_lines(export: Export, words: Words) -> Iterator[str]:
    """Say what a file is, what was read and dropped, and what it adds up to."""
    return map(visible, _lines(export, words))


def _lines(export: Export, words: Words) -> Iterator[str]:
    known = [words(SYSTEMS[export.system]), words(CONTENTS[export.content])]
    if export.period:
        known.append(period_text(*export.period, words))
    if export.sheet:
        known.append(words("sheet “{name}”", name=export.sheet))
    if export.encoding:
        known.append(export.encoding.upper())
    known.append(export.currency or words("the file names no currency"))
    yield f"{export.file}: {', '.join(known)}"
    yield "    " + words.plural("{n} row read", "{n} rows read", export.rows)
    for why, n in export.dropped.items():
        yield "    " + words("not counted: {n} ({why})", n=words.number(n), why=words(DROPS[why]))
    if export.vat is not None:
        yield "    " + (words("sums are with VAT") if export.vat else words("sums are without VAT"))
    if export.totals:
        yield "    " + words("To compare with the account:")
        yield from (f"        {line}" for line in _totals(export, words))
    others = [m for m in export.columns if m not in export.totals]
    if others:
        named = ", ".join(f"{words(MEANINGS[m])} — {export.headings[m]}" for m in others)
        yield "    " + words("Read besides: {names}", names=named)
    if export.ignored:
        yield "    " + words("Not used: {names}", names=", ".join(export.ignored))
    for remark, of in export.remarks.items():
        yield "    ! " + remark_sentence(remark, of, words)


def _totals(export: Export, words: Words) -> Iterator[str]:
    """Yield the sum of each column, beside what the file's own total states."""
    rows = []
    for meaning, total in export.totals.items():
        stated = export.stated.get(meaning)
        beside = "" if stated is None else words("the file states {sum}", sum=_sum(stated, words))
        sign = f" {export.currency}" if UNITS[meaning] is Unit.MONEY and export.currency else ""
        rows.append((_label(export, meaning, words), _sum(total, words) + sign, beside))
    widths = [max(len(row[place]) for row in rows) for place in (0, 1)]
    for label, total_text, beside in rows:
        yield f"{label:<{widths[0]}}  {total_text:>{widths[1]}}  {beside}".rstrip()


def _label(export: Export, meaning: Meaning, words: Words) -> str:
    return f"{words(MEANINGS[meaning])} — {export.headings[meaning]}"


def _sum(value: float, words: Words) -> str:
    return words.number(value, 2)


def period_text(first: date, last: date, words: Words) -> str:
    """Name a period by its first and last day."""
    if first == last:
        return words.day(first)
    return words("{first} to {last}", first=words.day(first), last=words.day(last))
