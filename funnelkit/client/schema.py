"""The shape of ``client.yaml``, for pydantic; what fits it is turned into a `Client` elsewhere."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator
from pydantic_core import PydanticCustomError

from funnelkit.client.channel_fields import ChannelPlanField, MarketingField
from funnelkit.client.export_fields import ExportsField
from funnelkit.client.fields import (
    LONGEST,
    Amount,
    FileModel,
    Lever,
    Month,
    Number,
    Positive,
    Share,
    Text,
    Whole,
)
from funnelkit.model.levers import LEVERS
from funnelkit.model.products import Role, product_lever

__all__ = [
    "ActualField",
    "ClientFile",
    "DecisionField",
    "DepartmentField",
    "FunnelField",
    "GoalField",
    "LaterField",
    "ProductField",
    "ProductPlanField",
    "RecoveredField",
    "ScenarioField",
    "TeamField",
    "days_of",
    "months_between",
]


def _lever(name: str) -> str:
    if name not in LEVERS:
        raise PydanticCustomError("unknown_field", "not in the table of levers")
    return name


def _scenario(name: str) -> str:
    if name in ("plan", "now"):
        raise PydanticCustomError("reserved", "means something else")
    return name


LeverName = Annotated[str, AfterValidator(_lever)]
ScenarioName = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_scenario)]


def months_between(first: date, later: date) -> int:
    """Count the months from one month to a later one."""
    return (later.year - first.year) * 12 + later.month - first.month


def days_of(month: date) -> int:
    """Count the days of a month, given its first."""
    return (date(month.year + month.month // 12, month.month % 12 + 1, 1) - month).days


class ProductField(FileModel):
    """A product of the line."""

    name: Text
    role: Role
    take_rate: Lever
    price: Lever
    margin: Lever


class LaterField(FileModel):
    """Point C, to which B has to lead."""

    label: Text
    month: Month
    value: Number


class GoalField(FileModel):
    """Points A, B and C."""

    metric: Literal["revenue", "contribution", "profit"] = "revenue"
    month: Month
    months: Annotated[Whole, Field(ge=1, le=LONGEST)]
    a: Number
    b: Number
    c: LaterField | None = None
    source: Text | None = None


class TeamField(FileModel):
    """The sales team's capacity."""

    leads_per_manager: Positive | None = None
    overflow: Literal["wait", "lost"] = "wait"
    backlog: Amount = 0.0
    declared_junk: Share | None = None


class FunnelField(FileModel):
    """What the funnel has of what nurturing needs; a tool left out is not known."""

    landing_pages: bool | None = None
    end_to_end_analytics: bool | None = None
    retargeting: bool | None = None
    email_autofunnel: bool | None = None


class ActualField(FileModel):
    """What a month turned out to be; with `days_gone` it is still under way."""

    month: Month
    value: Number | None = None
    active_customers: Amount | None = None
    levers: dict[LeverName, Amount] = Field(default_factory=dict)
    days_gone: Annotated[Whole, Field(ge=1, le=31)] | None = None


class RecoveredField(FileModel):
    """Overdue debts that are collected once."""

    month: Month
    money: Amount


class DecisionField(FileModel):
    """What was agreed in the workshop."""

    what: Text
    who: Text
    by: Month
    money: Number | None = None


class DepartmentField(FileModel):
    """A department under the client's own name, and the person who answers for its numbers."""

    name: Text | None = None
    person: Text | None = None


class ProductPlanField(FileModel):
    """What a scenario plans otherwise of a product."""

    take_rate: Amount | None = None
    price: Amount | None = None
    margin: Share | None = None


class ScenarioField(FileModel):
    """A named variant of the plan."""

    title: Text | None = None
    levers: dict[LeverName, Amount] = Field(default_factory=dict)
    products: dict[str, ProductPlanField] = Field(default_factory=dict)
    channels: dict[str, ChannelPlanField] = Field(default_factory=dict)

    @property
    def product_levers(self) -> dict[str, float]:
        """What it plans otherwise of products, by lever."""
        return {
            product_lever(kind, name): value
            for name, product in self.products.items()
            for kind, value in product.model_dump(exclude_none=True).items()
        }


class ClientFile(FileModel):
    """The whole file."""

    title: Text
    demo: bool = False
    language: Literal["en", "ru"]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    goal: GoalField
    active_customers: Amount = 0.0
    sales_cycle: Annotated[list[Share], Field(min_length=1, max_length=36)] = Field(
        default_factory=lambda: [1.0]
    )
    discount: Share = 0.0
    team: TeamField = TeamField()
    levers: dict[LeverName, Lever]
    products: Annotated[list[ProductField], Field(max_length=50)] = Field(default_factory=list)
    marketing: MarketingField | None = None
    departments: dict[
        Literal["account", "conversion", "generation", "nurturing", "economics"], DepartmentField
    ] = Field(default_factory=dict)
    funnel: FunnelField = FunnelField()
    recovered: Annotated[list[RecoveredField], Field(max_length=60)] = Field(default_factory=list)
    actual: Annotated[list[ActualField], Field(max_length=62)] = Field(default_factory=list)
    decisions: Annotated[list[DecisionField], Field(max_length=50)] = Field(default_factory=list)
    scenarios: dict[ScenarioName, ScenarioField] = Field(default_factory=dict)
    exports: ExportsField = ExportsField()

    @field_validator("currency", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value
