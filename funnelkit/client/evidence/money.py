"""Sums of exports in the client's currency and without VAT, or the question that they raise."""

from collections.abc import Iterator, Sequence

from funnelkit.client.export_fields import ExportsField
from funnelkit.client.exports.export import Export
from funnelkit.client.exports.meanings import Content
from funnelkit.client.exports.problems import ExportProblem, Refusal

__all__ = ["factor", "money_problems"]

_TOGETHER = ((Content.SPEND,), (Content.DEALS, Content.ORDERS))
"""Contents whose sums are added up or compared, and so have one treatment of VAT."""


def money_problems(
    exports: Sequence[Export], settings: ExportsField, currency: str
) -> Iterator[ExportProblem]:
    """Find currencies without a rate, and VAT that would be mixed or counted as money."""
    asked = {"", currency, *settings.rates}
    for export in exports:
        if export.currency not in asked and export.content is not Content.VISITS:
            asked.add(export.currency)
            yield ExportProblem(
                code=Refusal.NO_RATE,
                file=export.file,
                found=export.currency,
                values={"currency": currency},
            )
    if settings.vat is not None:
        return
    for contents in _TOGETHER:
        group = [export for export in exports if export.content in contents]
        told = {export.vat for export in group}
        if True in told or len(told) > 1 or (group and settings.unsaid_vat == "included"):
            named = next((export for export in group if export.vat), group[0])
            files = ", ".join(export.file for export in group)
            yield ExportProblem(code=Refusal.NO_VAT, file=named.file, found=files[:200])


def factor(export: Export, settings: ExportsField) -> float:
    """Return by what an export's sums are multiplied."""
    rate = settings.rates.get(export.currency, 1.0) if export.currency else 1.0
    with_vat = settings.unsaid_vat == "included" if export.vat is None else export.vat
    return rate / (1.0 + (settings.vat or 0.0)) if with_vat else rate
