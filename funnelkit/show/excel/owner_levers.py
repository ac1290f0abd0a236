"""The owner's levers in the workbook: their order, their names there, and what they mean."""

from collections.abc import Iterator
from dataclasses import dataclass

from funnelkit.model.levers import LEVERS, Stage, Unit
from funnelkit.model.levers import message as _
from funnelkit.model.products import (
    Product,
    is_share,
    known_levers,
    parameter_of,
    product_lever,
    stage_of,
)
from funnelkit.show.excel.client_lines import product_key
from funnelkit.show.excel.numberformats import Kind
from funnelkit.show.lever_texts import lever_text, unit_of
from funnelkit.show.words import Words

__all__ = ["LeverRow", "lever_rows"]

_KINDS: dict[Unit, Kind] = {Unit.SHARE: "share", Unit.COUNT: "count", Unit.MONEY: "money"}

_OF_PRODUCTS = {
    "take_rate": {
        True: _("Purchases of the product per new client."),
        False: _("Purchases of the product per active client and month."),
    },
    "price": dict.fromkeys((True, False), _("What one purchase of the product costs.")),
    "margin": dict.fromkeys(
        (True, False), _("Share of the price left after the direct cost of what is sold.")
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverRow:
    """A lever, one of the table or of a product.

    Attributes
    ----------
    name : str
        The model's name.
    key : str
        What the workbook's names begin with: a product's own name is the client's text.
    stage : Stage
    kind : Kind
    bounded : bool
        Whether it is a share of something and cannot exceed 1.
    absent : float
        Its value where the client's file does not name it.
    """

    name: str
    key: str
    stage: Stage
    kind: Kind
    bounded: bool
    absent: float
    meaning_id: str

    def label(self, words: Words) -> str:
        """Return what it is called."""
        return lever_text(self.name, words)

    def meaning(self, words: Words) -> str:
        """Return what it means."""
        return words(self.meaning_id)


def lever_rows(line: tuple[Product, ...]) -> Iterator[LeverRow]:
    """Yield all levers of a business, stage by stage in the owner's order."""
    known = known_levers(line)
    for stage in Stage:
        for name, lever in LEVERS.items():
            if name in known and lever.stage is stage:
                yield LeverRow(
                    name=name,
                    key=name,
                    stage=stage,
                    kind=_KINDS[lever.unit],
                    bounded=lever.unit is Unit.SHARE,
                    absent=lever.absent,
                    meaning_id=lever.sentence,
                )
        for number, product in enumerate(line, 1):
            for kind, meanings in _OF_PRODUCTS.items():
                name = product_lever(kind, product.name)
                if stage_of(name, line) is stage:
                    yield LeverRow(
                        name=name,
                        key=product_key(number, kind),
                        stage=stage,
                        kind="ratio"
                        if parameter_of(name, line) == "purchase_rate"
                        else _KINDS[unit_of(name)],
                        bounded=is_share(name, line),
                        absent=float("nan"),
                        meaning_id=meanings[product.first],
                    )
