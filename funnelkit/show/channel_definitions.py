"""What the words of the marketer's level mean."""

from funnelkit.model.levers import message as _
from funnelkit.show.book_labels import BOOKS
from funnelkit.show.tables import Table
from funnelkit.show.words import Words

__all__ = ["channel_definitions_table"]

_TERMS = (
    (
        _("Leads that B needs"),
        _("The fewest with which the month of B reaches it, all else as planned."),
    ),
    (
        _("Cheapest for B"),
        _("The least ad spend that brings them: in every channel the next lead costs the same."),
    ),
    (_("Next lead"), _("What one more lead would cost: more than the average where returns fall.")),
    (
        _("Payback"),
        _(
            "Months until a client's contribution has paid back the CAC: the first sale, then "
            "repeat sales thinned by retention."
        ),
    ),
    (
        _("Retargeting, autofunnel"),
        _("Visitors without a contact, and leads without an order, who come back; counted once."),
    ),
)


def channel_definitions_table(words: Words) -> Table:
    """Return the meaning of every quantity that the marketer's level names."""
    rows = [(words(term), words(meaning)) for term, meaning in _TERMS]
    rows += [(words(figure.label), words(figure.meaning)) for figure in BOOKS.values()]
    return Table(
        header=(words("Term"), words("Meaning")),
        rows=tuple(rows),
        align=("left", "left"),
        caption=words("Definitions of the marketer's level"),
    )
