"""The one table of levers, and how a lever moves through the months.

The table feeds the client's file, the notebooks' parameters, the sliders, the reports and the
documentation. Labels and sentences are gettext message ids: English here, other languages in the
package's catalog.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["LEVERS", "Lever", "Stage", "Unit", "message", "ramp"]


class Stage(StrEnum):
    """The four stages in the owner's order, "from the money", and the economics beside them."""

    ACCOUNT = "account"
    CONVERSION = "conversion"
    GENERATION = "generation"
    NURTURING = "nurturing"
    ECONOMICS = "economics"


class Unit(StrEnum):
    """What a number counts: it decides the range, the format and the default ceiling."""

    SHARE = "share"  # 0–1
    COUNT = "count"  # people, leads, purchases; fractions allowed
    MONEY = "money"  # client's currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One number that a plan can move.

    Attributes
    ----------
    name : str
        Name in files, parameters and code.
    stage : Stage
        The stage, and through it the department, that answers for it.
    unit : Unit
        Share (0–1), count or money.
    label, sentence : str
        Short name and meaning, as message ids.
    absent : float
        Value of a lever nobody named: what leaves the rest of the model as it is, or NaN where
        no value is harmless (a margin, a cost) and what depends on it is missing.
    lower_is_better : bool
        True where the plan wants less of it.
    cost : bool
        True for the cost inputs, which are in the client's file but not among the parameters.
    """

    name: str
    stage: Stage
    unit: Unit
    label: str
    sentence: str
    absent: float
    lower_is_better: bool = False
    cost: bool = False


def message(text: str) -> str:
    """Mark a message id for the catalog; modules that have any call it ``_``."""
    return text


_ = message


def _lever(
    name: str, stage: Stage, unit: Unit, label: str, sentence: str, absent: float, **flags: bool
) -> Lever:
    return Lever(
        name=name, stage=stage, unit=unit, label=label, sentence=sentence, absent=absent, **flags
    )


_TABLE = (
    _lever(
        "retention_rate",
        Stage.ACCOUNT,
        Unit.SHARE,
        _("Monthly retention"),
        _("Share of clients who are still clients a month later."),
        np.nan,
    ),
    _lever(
        "purchase_rate",
        Stage.ACCOUNT,
        Unit.COUNT,
        _("Purchases per client"),
        _("Purchases that an active client makes in a month."),
        0.0,
    ),
    _lever(
        "repeat_check",
        Stage.ACCOUNT,
        Unit.MONEY,
        _("Repeat check"),
        _("What an existing client signs per purchase."),
        0.0,
    ),
    _lever(
        "collection_repeat",
        Stage.ACCOUNT,
        Unit.SHARE,
        _("Collected from clients"),
        _("Share of the repeat sales' signed sum that is paid."),
        1.0,
    ),
    _lever(
        "answered_rate",
        Stage.CONVERSION,
        Unit.SHARE,
        _("Answered leads"),
        _("Share of the leads worked on that are called back in time."),
        1.0,
    ),
    _lever(
        "qualified_rate",
        Stage.CONVERSION,
        Unit.SHARE,
        _("Qualified leads"),
        _("Share of the answered leads that can buy, as an audit finds it."),
        1.0,
    ),
    _lever(
        "win_rate",
        Stage.CONVERSION,
        Unit.SHARE,
        _("Won deals"),
        _("Share of the qualified leads that sign."),
        1.0,
    ),
    _lever(
        "average_check",
        Stage.CONVERSION,
        Unit.MONEY,
        _("First check"),
        _("What a new client signs at first."),
        0.0,
    ),
    _lever(
        "collection_new",
        Stage.CONVERSION,
        Unit.SHARE,
        _("Collected from new clients"),
        _("Share of the new sales' signed sum that is paid."),
        1.0,
    ),
    _lever(
        "refund_rate",
        Stage.CONVERSION,
        Unit.SHARE,
        _("Refunds"),
        _("Share of the collected sum that new clients get back."),
        0.0,
        lower_is_better=True,
    ),
    _lever(
        "managers",
        Stage.CONVERSION,
        Unit.COUNT,
        _("Sales managers"),
        _("People who work on leads; each gets through so many a month."),
        np.nan,
    ),
    _lever(
        "visitors",
        Stage.GENERATION,
        Unit.COUNT,
        _("Visitors"),
        _("People a month who see the offer."),
        0.0,
    ),
    _lever(
        "lead_rate",
        Stage.GENERATION,
        Unit.SHARE,
        _("Visitors to leads"),
        _("Share of the visitors who leave a contact."),
        1.0,
    ),
    _lever(
        "audience",
        Stage.NURTURING,
        Unit.COUNT,
        _("Audience reached"),
        _("People a month who are reached by blogs, communities and press."),
        0.0,
    ),
    _lever(
        "engagement_rate",
        Stage.NURTURING,
        Unit.SHARE,
        _("Engaged audience"),
        _("Share of the people reached who read, watch or subscribe."),
        1.0,
    ),
    _lever(
        "nurtured_lead_rate",
        Stage.NURTURING,
        Unit.SHARE,
        _("Engaged to leads"),
        _("Share of the engaged people who leave a contact."),
        1.0,
    ),
    _lever(
        "margin",
        Stage.ECONOMICS,
        Unit.SHARE,
        _("Margin"),
        _("Share of the signed sum left after the direct cost of what is sold."),
        np.nan,
    ),
    _lever(
        "other_revenue",
        Stage.ECONOMICS,
        Unit.MONEY,
        _("Other revenue"),
        _("Monthly revenue that no stage of the funnel brings."),
        0.0,
    ),
    _lever(
        "other_revenue_margin",
        Stage.ECONOMICS,
        Unit.SHARE,
        _("Margin of other revenue"),
        _("Share of the other revenue left after its own cost."),
        np.nan,
        cost=True,
    ),
    _lever(
        "fixed_costs",
        Stage.ECONOMICS,
        Unit.MONEY,
        _("Fixed costs"),
        _("Rent, salaries and the like a month, without sales and marketing."),
        np.nan,
        lower_is_better=True,
        cost=True,
    ),
    _lever(
        "cost_per_manager",
        Stage.ECONOMICS,
        Unit.MONEY,
        _("Cost of a sales manager"),
        _("What a sales manager costs a month."),
        np.nan,
        lower_is_better=True,
        cost=True,
    ),
    _lever(
        "marketing_fixed",
        Stage.ECONOMICS,
        Unit.MONEY,
        _("Fixed marketing"),
        _("Marketing cost a month that does not depend on traffic."),
        np.nan,
        lower_is_better=True,
        cost=True,
    ),
    _lever(
        "cost_per_visitor",
        Stage.ECONOMICS,
        Unit.MONEY,
        _("Cost of a visitor"),
        _("Advertising cost of one visitor."),
        np.nan,
        lower_is_better=True,
        cost=True,
    ),
    _lever(
        "cost_per_reached",
        Stage.ECONOMICS,
        Unit.MONEY,
        _("Cost of a person reached"),
        _("Cost of one person of the audience."),
        np.nan,
        lower_is_better=True,
        cost=True,
    ),
)

LEVERS = MappingProxyType({lever.name: lever for lever in _TABLE})
"""All levers by name, in the owner's order of stages."""


def ramp(
    now: ArrayLike, plan: ArrayLike, *, start: ArrayLike, horizon: int, months: int
) -> NDArray[np.float64]:
    """Move a lever linearly from now to plan between its start month and the goal's month.

    Parameters
    ----------
    now, plan : array_like, shape (...)
        The lever's value today and from month `horizon` on.
    start : array_like of int
        Last month at `now`, 0 or later; one for all or one for each of `now`. From `horizon` on
        it is a step at `horizon`.
    horizon : int
        Month in which the goal is judged, 1 or later; month 0 is today.
    months : int
        Number of months returned.

    Returns
    -------
    ndarray, shape (..., months)

    Examples
    --------
    >>> ramp(10, 40, start=0, horizon=3, months=5).tolist()
    [10.0, 20.0, 30.0, 40.0, 40.0]
    >>> ramp(10, 40, start=3, horizon=3, months=5).tolist()
    [10.0, 10.0, 10.0, 40.0, 40.0]
    """
    begin = np.asarray(start)[..., np.newaxis]
    if (begin < 0).any() or horizon < 1:
        raise ValueError(f"start must be >= 0 and horizon >= 1, got {start!r} and {horizon}")
    month = np.arange(months)
    # From the horizon on a ramp is a step: one that rises within the month before it.
    begin = np.minimum(begin, horizon - 1)
    share = np.clip((month - begin) / (horizon - begin), 0.0, 1.0)
    first, last = (np.asarray(value, dtype=float)[..., np.newaxis] for value in (now, plan))
    return np.where(share < 1.0, first + (last - first) * share, last)
