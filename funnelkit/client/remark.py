"""A doubt about a client's file, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from funnelkit.client.contradictions import Contradiction
from funnelkit.client.document import Keys
from funnelkit.client.exports.problems import ExportProblem
from funnelkit.plan.diagnosis import Verdict
from funnelkit.plan.gates import Finding

__all__ = ["Doubt", "Matter", "Remark"]


class Matter(StrEnum):
    """What neither a verdict nor a gate is about."""

    PLAN_IS_NOW = "plan_is_now"
    WORSE_THAN_NOW = "worse_than_now"
    FEW_COUNTS = "few_counts"
    METRIC_MISSING = "metric_missing"
    ASSUMED = "assumed"
    CHANNEL_LEFT_OUT = "channel_left_out"
    BUDGET_WITHOUT_END = "budget_without_end"
    BEYOND_HISTORY = "beyond_history"
    AUDIENCE_SHORT = "audience_short"
    LOSS_PER_ORDER = "loss_per_order"
    TARGET_LOSES = "target_loses"
    DAYS_MISSING = "days_missing"
    LEADS_WITHOUT_SOURCE = "leads_without_source"
    PAID_WITHOUT_SOURCE = "paid_without_source"
    UNSPENT = "unspent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A matter and the values its sentence needs.

    Attributes
    ----------
    matter : Matter
    lever : str
        Lever of the table that the values belong to, empty for none.
    values : mapping of str to float
        In the lever's unit.
    money : mapping of str to float
        Client's currency.
    counts : mapping of str to float
        People, leads, deals, or a ratio.
    shares : mapping of str to float
        0-1.
    names : tuple of str
        Fields of the file that the sentence names.
    metric : str
        Quantity of the model that the sentence names.
    channel : str
        The channel it is about, as typed; empty for none.
    """

    matter: Matter
    lever: str = ""
    values: Mapping[str, float] = field(default_factory=dict)
    money: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, float] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    metric: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something doubtful, and where in the file it stands."""

    path: Keys
    about: Verdict | Finding | Remark | Contradiction | ExportProblem
