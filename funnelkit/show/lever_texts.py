"""What a lever is called and counted in, also one of a product."""

from funnelkit.model.levers import LEVERS, Unit
from funnelkit.model.levers import message as _
from funnelkit.show.labels import label
from funnelkit.show.words import Words

__all__ = ["lever_text", "unit_of"]


def lever_text(name: str, words: Words) -> str:
    """Name a lever, one of a product by both."""
    kind, _dot, product = name.partition(".")
    if not product:
        return label(name, words)
    kinds = {"take_rate": _("Take rate"), "price": _("Price"), "margin": _("Margin")}
    return f"{product}: {words(kinds[kind]).lower()}"


def unit_of(name: str) -> Unit:
    """Return a lever's unit; a product's take rate is a share of clients or purchases a month."""
    kind, _dot, product = name.partition(".")
    if not product:
        return LEVERS[name].unit
    return Unit.MONEY if kind == "price" else Unit.SHARE
