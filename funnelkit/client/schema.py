"""The shape of ``client.yaml``, for pydantic; what fits it is turned into a `Client` elsewhere."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
)
from pydantic_core import PydanticCustomError

from funnelkit.client.numbers import LARGEST, parse_number
from funnelkit.model.levers import LEVERS
from funnelkit.model.products import Role

__all__ = [
    "ClientFile",
    "CountsField",
    "DecisionField",
    "DepartmentField",
    "FunnelField",
    "GoalField",
    "LaterField",
    "LeverField",
    "ProductField",
    "RangeField",
    "ScenarioField",
    "TeamField",
    "months_between",
]

LONGEST = 60
"""Months that a plan may take."""


def _whole(value: object) -> int:
    number = parse_number(value)
    if number != int(number):
        raise PydanticCustomError("not_a_whole_number", "not a whole number")
    return int(number)


def _month(value: object) -> date:
    match = re.fullmatch(r"((?:19|20|21)[0-9]{2})-([0-9]{2})", str(value).strip())
    if not match or not 1 <= int(match[2]) <= 12:
        raise PydanticCustomError("not_a_month", "not a month")
    return date(int(match[1]), int(match[2]), 1)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("not_text", "not text")
    text = " ".join(value.split())
    if not text:
        raise PydanticCustomError("empty", "empty")
    return text


def _lever(name: str) -> str:
    if name not in LEVERS:
        raise PydanticCustomError("unknown_field", "not in the table of levers")
    return name


def _scenario(name: str) -> str:
    if name in ("plan", "now"):
        raise PydanticCustomError("reserved", "means something else")
    return name


def _shorthand(value: object) -> object:
    """Read ``win_rate: 20%`` as ``win_rate: {now: 20%}``."""
    return value if isinstance(value, dict) else {"now": value}


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return "counts" if {"won", "of"} & set(value) else "range"
    return "number"


Number = Annotated[float, BeforeValidator(parse_number), Field(ge=-LARGEST, le=LARGEST)]
Amount = Annotated[float, BeforeValidator(parse_number), Field(ge=0, le=LARGEST)]
Positive = Annotated[float, BeforeValidator(parse_number), Field(gt=0, le=LARGEST)]
Share = Annotated[float, BeforeValidator(parse_number), Field(ge=0, le=1)]
Whole = Annotated[int, BeforeValidator(_whole)]
Text = Annotated[str, BeforeValidator(_text), Field(max_length=300)]
Month = Annotated[date, BeforeValidator(_month)]
LeverName = Annotated[str, AfterValidator(_lever)]
ScenarioName = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_scenario)]


def months_between(first: date, later: date) -> int:
    """Count the months from one month to a later one."""
    return (later.year - first.year) * 12 + later.month - first.month


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CountsField(_Model):
    """A rate seen as so many of so many."""

    won: Amount
    of: Positive


class RangeField(_Model):
    """A guess with its minimum and maximum."""

    low: Amount
    likely: Amount
    high: Amount


class LeverField(_Model):
    """A lever: its value now, as planned, and at its best."""

    now: Annotated[
        Annotated[Amount, Tag("number")]
        | Annotated[CountsField, Tag("counts")]
        | Annotated[RangeField, Tag("range")],
        Discriminator(_kind),
    ]
    plan: Amount | None = None
    best: Amount | None = None
    start: Annotated[Whole, Field(ge=0, le=LONGEST)] = 0
    cost: Amount | None = None
    source: Text | None = None
    assumed: bool = False


Lever = Annotated[LeverField, BeforeValidator(_shorthand)]


class ProductField(_Model):
    """A product of the line."""

    name: Text
    role: Role
    take_rate: Lever
    price: Lever
    margin: Lever


class LaterField(_Model):
    """Point C, to which B has to lead."""

    label: Text
    month: Month
    value: Number


class GoalField(_Model):
    """Points A, B and C."""

    metric: Literal["revenue", "contribution", "profit"] = "revenue"
    month: Month
    months: Annotated[Whole, Field(ge=1, le=LONGEST)]
    a: Number
    b: Number
    c: LaterField | None = None
    source: Text | None = None


class TeamField(_Model):
    """The sales team's capacity."""

    leads_per_manager: Positive | None = None
    overflow: Literal["wait", "lost"] = "wait"
    backlog: Amount = 0.0
    declared_junk: Share | None = None


class FunnelField(_Model):
    """What the funnel has of what nurturing needs; a tool left out is not known."""

    landing_pages: bool | None = None
    end_to_end_analytics: bool | None = None
    retargeting: bool | None = None
    email_autofunnel: bool | None = None


class DecisionField(_Model):
    """What was agreed in the workshop."""

    what: Text
    who: Text
    by: Month
    money: Number | None = None


class DepartmentField(_Model):
    """A department under the client's own name, and the person who answers for its numbers."""

    name: Text | None = None
    person: Text | None = None


class ScenarioField(_Model):
    """A named variant of the plan."""

    title: Text | None = None
    levers: dict[LeverName, Amount] = Field(default_factory=dict)


class ClientFile(_Model):
    """The whole file."""

    title: Text
    demo: bool = False
    language: Literal["en", "ru"]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    goal: GoalField
    active_customers: Amount = 0.0
    sales_cycle: Annotated[list[Share], Field(min_length=1, max_length=36)] = [1.0]
    discount: Share = 0.0
    team: TeamField = TeamField()
    levers: dict[LeverName, Lever]
    products: Annotated[list[ProductField], Field(max_length=50)] = []
    departments: dict[
        Literal["account", "conversion", "generation", "nurturing", "economics"], DepartmentField
    ] = Field(default_factory=dict)
    funnel: FunnelField = FunnelField()
    decisions: Annotated[list[DecisionField], Field(max_length=50)] = []
    scenarios: dict[ScenarioName, ScenarioField] = Field(default_factory=dict)

    @field_validator("currency", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value
