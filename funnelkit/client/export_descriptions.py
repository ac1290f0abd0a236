"""What the fields on exports mean, for editors; message ids by model and field."""

from collections.abc import Mapping
from types import MappingProxyType

from funnelkit.model.levers import message as _

__all__ = ["EXPORT_DESCRIPTIONS"]

EXPORT_DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "ExportsField.folder": _("Folder of the exports, within the client's own."),
        "ExportsField.first_month": _(
            "First month to measure, as in 2026-07; left out, up to three whole months are."
        ),
        "ExportsField.last_month": _(
            "Last month to measure, as in 2026-09; left out, the last whole one up to month 0."
        ),
        "ExportsField.since": _(
            "First day from which exports are right, as in 2026-01-15; earlier rows do not count."
        ),
        "ExportsField.revenue": _("What the revenue is: orders, yookassa, or deals that were won."),
        "ExportsField.active_months": _(
            "A client is active who bought in so many months before; 3 if nothing is said."
        ),
        "ExportsField.vat": _("Rate of VAT within sums that include it, as in 20%."),
        "ExportsField.unsaid_vat": _(
            "Whether sums of which no heading says it include VAT; excluded if nothing is said."
        ),
        "ExportsField.rates": _(
            "What one unit of another currency is worth in the client's, as in {USD: 92.5}."
        ),
        "ExportsField.channels": _(
            "The client's channels, each with what exports call it: source, campaign or system; * "
            "stands for anything."
        ),
        "ExportsField.stages": _("What the stages of deals mean, beside those that are known."),
        "ExportsField.files": _("Answers to what a file leaves open, by its name."),
        "StagesField.won": _("Stages of deals that were won."),
        "StagesField.lost": _("Stages of deals that were lost."),
        "StagesField.qualified": _(
            "Stages, those of lost deals too, that only leads reach who can buy."
        ),
        "ExportFileField.decimal": _("What stands before decimals: comma or point."),
        "ExportFileField.dates": _("What comes first in 07/01/2026: day_first or month_first."),
        "ExportFileField.money": _("Whether money is in units or in millionths."),
        "ExportFileField.columns": _(
            "What each heading of a table of one's own means, as in {Paid: amount}."
        ),
    }
)
