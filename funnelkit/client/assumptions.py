"""What stands for the answers that nobody knows at a first meeting: one table with reasons."""

from dataclasses import dataclass

from funnelkit.model.levers import message as _

__all__ = ["ASSUMPTIONS", "KEPT", "KEPT_AT_MOST", "LEAD_RATE", "Assumption"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """What stands for an answer that nobody knows.

    Attributes
    ----------
    name : str
        An answer, or a lever that is not asked for.
    factor : float
        The value, or its multiple of another answer.
    of : str or None
        That other answer.
    reason : str
        Message id.
    """

    name: str
    factor: float
    of: str | None = None
    reason: str


LEAD_RATE, KEPT, KEPT_AT_MOST = 0.02, 0.9, 0.99

ASSUMPTIONS = (
    Assumption(
        name="first_check",
        factor=1.0,
        of="repeat_check",
        reason=_("as large as a repeat purchase, until the first deals are looked up"),
    ),
    Assumption(
        name="repeat_check",
        factor=1.0,
        of="first_check",
        reason=_("as large as the first check, until repeat purchases are looked up"),
    ),
    Assumption(
        name="leads",
        factor=5.0,
        of="deals",
        reason=_("one lead in five becomes a deal, until the leads are counted"),
    ),
    Assumption(
        name="leads",
        factor=100.0,
        reason=_("a round hundred, so that shares can be read off, until the leads are counted"),
    ),
    Assumption(
        name="deals",
        factor=0.2,
        of="leads",
        reason=_("one lead in five becomes a deal, until the deals are counted"),
    ),
    Assumption(
        name="active_customers",
        factor=12.0,
        of="deals",
        reason=_("a year's new clients, until the clients are counted"),
    ),
    Assumption(
        name="repeat_purchases",
        factor=0.1,
        reason=_("a client buys again about once in ten months, until orders are looked up"),
    ),
    Assumption(
        name="sales_cycle",
        factor=15.0,
        reason=_("half of the deals close in the lead's month, half in the next"),
    ),
    Assumption(
        name="target",
        factor=3.0,
        of="turnover",
        reason=_("the method's usual task, three times the turnover"),
    ),
    Assumption(
        name="lead_rate",
        factor=LEAD_RATE,
        reason=_("two visitors in a hundred leave a contact, until a counter says it"),
    ),
    Assumption(
        name="visitors",
        factor=1 / LEAD_RATE,
        of="leads",
        reason=_("as many as the leads need at that rate"),
    ),
    Assumption(
        name="retention_rate",
        factor=KEPT,
        reason=_(
            "so high that the number of clients stays, 90% where there are none; until it is "
            "measured"
        ),
    ),
)
"""All assumptions, in the order in which they are taken; the first that can be holds.

`retention_rate` is what keeps the number of clients steady, so that doing nothing changes nothing;
its factor stands where there are no clients yet, and it is never above `KEPT_AT_MOST`.
"""
