"""What one client signs, costs and brings, as formulas; with a product line as sums over it."""

from collections.abc import Iterator

from funnelkit.model.levers import message as _
from funnelkit.model.products import Product
from funnelkit.show.excel.formulas import times
from funnelkit.show.excel.owner_lines import Line

__all__ = ["per_client", "product_key"]


def product_key(number: int, kind: str) -> str:
    """Name a product's number, counted from 1: its own name is the client's text."""
    return f"product{number}_{kind}"


def per_client(line: tuple[Product, ...]) -> Iterator[Line]:
    """Yield what one client signs, costs and brings, with a product line as sums over it."""
    for first, whom in ((True, "first"), (False, "repeat")):
        numbers = [n for n, product in enumerate(line, 1) if product.first is first]
        for n in numbers:
            yield _product_sale(line[n - 1], n)
            yield _product_cost(line[n - 1], n)
        if line:
            sale = "+".join(f"{{{product_key(n, 'sale')}}}" for n in numbers) or "0"
            cost = "+".join(f"{{{product_key(n, 'cost')}}}" for n in numbers) or "0"
        else:
            sale = "{average_check}" if first else "{purchase_rate}*{repeat_check}"
            cost = times(f"{{{whom}_sale}}", "(1-{margin})")
        yield _sale(whom, sale)
        yield _cost(whom, cost)
    yield from _VALUES


def _product_sale(product: Product, number: int) -> Line:
    take, price = product_key(number, "take_rate"), product_key(number, "price")
    return Line(
        name=product_key(number, "sale"),
        formula=f"{{{take}}}*{{{price}}}",
        kind="money",
        label=_("{product}: signed per client"),
        meaning=_("Take rate × price."),
        product=product.name,
    )


def _product_cost(product: Product, number: int) -> Line:
    sale, margin = product_key(number, "sale"), product_key(number, "margin")
    return Line(
        name=product_key(number, "cost"),
        formula=times(f"{{{sale}}}", f"(1-{{{margin}}})"),
        kind="money",
        label=_("{product}: direct cost per client"),
        meaning=_("What is signed × (1 − margin)."),
        product=product.name,
    )


def _sale(whom: str, formula: str) -> Line:
    labels = {
        "first": _("Signed by a new client at first"),
        "repeat": _("Signed by an active client a month"),
    }
    meanings = {
        "first": _("First check, or the sum of take rate × price over what new clients buy."),
        "repeat": _("Purchases × repeat check, or the sum over what active clients buy."),
    }
    return Line(
        name=f"{whom}_sale",
        formula=formula,
        kind="money",
        label=labels[whom],
        meaning=meanings[whom],
    )


def _cost(whom: str, formula: str) -> Line:
    labels = {
        "first": _("Direct cost of a new client's first sale"),
        "repeat": _("Direct cost of an active client a month"),
    }
    return Line(
        name=f"{whom}_cost",
        formula=formula,
        kind="money",
        label=labels[whom],
        meaning=_("What is signed × (1 − margin)."),
    )


_VALUES = (
    Line(
        name="first_paid",
        formula="{first_sale}*{collection_new}*(1-{refund_rate})",
        kind="money",
        label=_("Paid by a new client at first"),
        meaning=_("What is signed × collected × (1 − refunds)."),
    ),
    Line(
        name="first_value",
        formula="{first_paid}-{first_cost}",
        kind="money",
        label=_("Contribution of the first sale"),
        meaning=_("What is collected of it and not refunded, less its direct cost."),
    ),
    Line(
        name="monthly_value",
        formula="{repeat_sale}*{collection_repeat}-{repeat_cost}",
        kind="money",
        label=_("Contribution of an active client a month"),
        meaning=_("What is collected of it, less its direct cost."),
    ),
    Line(
        name="lifetime",
        formula="IF(1+discount-{retention_rate}>0,{retention_rate}/(1+discount-{retention_rate}),NA())",
        kind="ratio",
        label=_("Months of repeat sales"),
        meaning=_("Retention / (1 + discount − retention)."),
    ),
    Line(
        name="ltv",
        formula="{first_value}+IF({monthly_value}=0,0,{monthly_value}*{lifetime})",
        kind="money",
        label=_("LTV"),
        meaning=_(
            "Contribution of one more new client: first sale + repeat sales of a month × "
            "retention / (1 − retention), discounted where the client's file says so."
        ),
    ),
)
