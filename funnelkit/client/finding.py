"""A problem of a file before it is placed there, and what can be wrong with any number of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from funnelkit.client.fields import CountsField, LeverField, QuantityField, RangeField
from funnelkit.client.problems import Code

__all__ = ["Finding", "quantity_findings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem before it is placed in its file.

    Attributes
    ----------
    code : Code
    path : tuple of str and int
        Where in the data.
    values : mapping of str to str or float
        What the sentence needs.
    first : tuple of str and int
        Another place, whose line the sentence needs.
    of_key : bool
        Whether the field's name is wrong, not what stands there.
    """

    code: Code
    path: tuple[str | int, ...]
    values: Mapping[str, str | float] = field(default_factory=dict)
    first: tuple[str | int, ...] = ()
    of_key: bool = False


def quantity_findings(
    quantity: QuantityField | LeverField,
    path: tuple[str | int, ...],
    *,
    share: bool,
    counts: bool,
    falls: bool,
) -> Iterator[Finding]:
    """Find what contradicts itself in a number.

    Parameters
    ----------
    quantity : QuantityField or LeverField
    path : tuple of str and int
        Where it stands.
    share : bool
        Whether it lies from 0 to 1.
    counts : bool
        Whether it may be given as so many of so many.
    falls : bool
        Whether less of it is better.
    """
    now = highest = quantity.value
    match quantity.now:
        case CountsField(won=won, of=of):
            highest = 0.0
            if not counts:
                yield Finding(code=Code.NOT_COUNTS, path=(*path, "now"))
            elif won > of:
                yield Finding(code=Code.ORDER, path=(*path, "now"), values={"order": "won ≤ of"})
        case RangeField(low=low, likely=likely, high=highest):
            if not low <= likely <= highest:
                yield Finding(
                    code=Code.ORDER, path=(*path, "now"), values={"order": "low ≤ likely ≤ high"}
                )
    if share and highest > 1:
        yield Finding(code=Code.NOT_A_SHARE, path=(*path, "now"))
    plan = quantity.plan
    highest_plan = plan.high if isinstance(plan, RangeField) else plan
    if isinstance(plan, RangeField) and not plan.low <= plan.likely <= plan.high:
        order = {"order": "low ≤ likely ≤ high"}
        yield Finding(code=Code.ORDER, path=(*path, "plan"), values=order)
    for end, value in (("plan", highest_plan), ("best", quantity.best)):
        if share and value is not None and value > 1:
            yield Finding(code=Code.NOT_A_SHARE, path=(*path, end))
    if quantity.best is not None and (quantity.best > now if falls else quantity.best < now):
        yield Finding(code=Code.BEST_BELOW_NOW, path=(*path, "best"), values={"now": now})
