"""What the words in a report mean; the levers' sentences come from their table."""

from types import MappingProxyType

from funnelkit.model.levers import LEVERS
from funnelkit.model.levers import message as _
from funnelkit.show.labels import label
from funnelkit.show.tables import Table
from funnelkit.show.words import Words

__all__ = ["DEFINITIONS", "definitions_table"]


DEFINITIONS = MappingProxyType(
    {
        "leads": _("Visitors × visitors to leads + audience × engaged × engaged to leads."),
        "worked_leads": _(
            "What the team gets through, first in first out; the rest waits or is lost."
        ),
        "new_customers": _(
            "Leads worked on × answered × qualified × won, spread over the sales cycle."
        ),
        "active_customers": _(
            "Clients at the start of the month: last month's and its new ones × retention."
        ),
        "revenue_new": _("New clients × first check × collected × (1 − refunds), net of VAT."),
        "revenue_repeat": _("Active clients × purchases × repeat check × collected, net of VAT."),
        "contribution": _(
            "Revenue less the direct cost of all that was signed; an unpaid sale has cost its cost."
        ),
        "profit": _("Contribution less fixed costs, sales cost and marketing, before tax."),
    }
)

TERMS = (
    (_("Point A, point B"), _("The measured month and the target month of the same number.")),
    (
        _("Calibration"),
        _("What the levers give for point A's month, less point A as it was measured."),
    ),
    (_("Drift"), _("What changes until B's month if nothing is done.")),
    (
        _("Stages of the waterfall"),
        _(
            "What each stage adds after those before it, in the owner's order; another order "
            "would share the sums out differently."
        ),
    ),
    (
        _("LTV"),
        _(
            "Contribution of one more new client: first sale + repeat sales of a month × "
            "retention / (1 − retention), discounted where the client's file says so."
        ),
    ),
    (_("CAC"), _("Marketing and sales cost of a month per new client of that month.")),
    (
        _("Probability"),
        _(
            "Share of 10,000 draws in which the plan reaches B: counted rates from a beta "
            "distribution, guesses from PERT, everything else taken as certain."
        ),
    ),
)


def definitions_table(words: Words) -> Table:
    """Return the meaning of every quantity and lever that a report names."""
    rows = [(words(term), words(meaning)) for term, meaning in TERMS]
    rows += [(label(name, words), words(meaning)) for name, meaning in DEFINITIONS.items()]
    rows += [(words(lever.label), words(lever.sentence)) for lever in LEVERS.values()]
    return Table(
        header=(words("Term"), words("Meaning")),
        rows=tuple(rows),
        align=("left", "left"),
        caption=words("Definitions"),
    )
