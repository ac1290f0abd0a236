"""Pieces of formulas that keep the model's rules for what is missing and for dividing by 0.

A number that is not known is #N/A, which every formula passes on; an input cell left empty is
not known, and what reads it says so.
"""

from collections.abc import Callable

__all__ = ["Cells", "either_0", "known", "needed", "over", "rounded_up", "times"]


class Cells(dict[str, object]):
    """What stands for the names in a formula; the addresses of cells are looked up as asked.

    Examples
    --------
    >>> "{leads}*{rate}".format_map(Cells(lambda name: f"B{len(name)}", rate="C1"))
    'B5*C1'
    """

    def __init__(self, address: Callable[[str], str], **others: object) -> None:
        super().__init__(others)
        self._address = address

    def __missing__(self, name: str) -> str:
        return self._address(name)


def known(name: str) -> str:
    """Read an input that may be empty.

    Examples
    --------
    >>> known("win_rate_now")
    'IF(win_rate_now="",NA(),win_rate_now)'
    """
    return f'IF({name}="",NA(),{name})'


def either_0(one: str, other: str) -> str:
    """Ask whether one of two is 0, whether or not the other is known."""
    return f"OR(IFERROR({one}=0,FALSE),IFERROR({other}=0,FALSE))"


def times(quantity: str, price: str) -> str:
    """Multiply as `funnelkit.model.quantity.times` does: what is not used may be missing."""
    return f"IF({either_0(quantity, price)},0,{quantity}*{price})"


def over(numerator: str, denominator: str) -> str:
    """Divide as `funnelkit.model.quantity.over` does."""
    return f"IF({denominator}=0,NA(),{numerator}/{denominator})"


def needed(count: str, rate: str) -> str:
    """Divide as `funnelkit.model.quantity.needed` does: nobody wanted needs nobody."""
    return f"IF({count}=0,0*{rate},IF({rate}=0,NA(),{count}/{rate}))"


def rounded_up(count: str) -> str:
    """Round up to a whole number, as `funnelkit.model.chain` does."""
    return f"-INT(-({count}-1E-9))"
