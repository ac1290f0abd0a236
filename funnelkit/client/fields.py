"""What the fields of a client's file are made of, for pydantic: numbers, texts, months."""

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from funnelkit.client.numbers import LARGEST, parse_number
from funnelkit.plan.uncertainty import Counts, Evidence, Range

__all__ = [
    "LONGEST",
    "MEASURED",
    "Amount",
    "CountsField",
    "FileModel",
    "Lever",
    "LeverField",
    "Month",
    "Number",
    "Positive",
    "Quantity",
    "QuantityField",
    "RangeField",
    "Share",
    "Text",
    "Whole",
]

LONGEST = 60
"""Months that a plan may take."""

MEASURED = "measured"
"""What stands for a number that the client's exports say."""


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


def _shorthand(value: object) -> object:
    """Read ``win_rate: 20%`` as ``win_rate: {now: 20%}``."""
    return value if isinstance(value, dict) else {"now": value}


def _kind_of_plan(value: object) -> str:
    return "range" if isinstance(value, dict | RangeField) else "number"


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


class FileModel(BaseModel):
    """A mapping in the file: its fields and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CountsField(FileModel):
    """A rate seen as so many of so many."""

    won: Amount
    of: Positive

    @property
    def value(self) -> float:
        """The rate itself."""
        return self.won / self.of

    @property
    def evidence(self) -> Counts:
        """What is known of the rate."""
        return Counts(won=self.won, of=self.of)


class RangeField(FileModel):
    """A guess with its minimum and maximum."""

    low: Amount
    likely: Amount
    high: Amount

    @property
    def value(self) -> float:
        """The most likely value."""
        return self.likely

    @property
    def evidence(self) -> Range:
        """What is known of the number."""
        return Range(low=self.low, likely=self.likely, high=self.high)


class PresentField(FileModel):
    """A number now and at its best."""

    now: Annotated[
        Annotated[Amount, Tag("number")]
        | Annotated[CountsField, Tag("counts")]
        | Annotated[RangeField, Tag("range")],
        Discriminator(_kind),
    ]
    best: Amount | None = None
    source: Text | None = None
    assumed: bool = False

    @property
    def value(self) -> float:
        """The number now."""
        return self.now if isinstance(self.now, float) else self.now.value

    @property
    def known(self) -> Evidence | None:
        """What is known of it, None for a plain number."""
        return None if isinstance(self.now, float) else self.now.evidence


class QuantityField(PresentField):
    """A number now, as planned, and at its best."""

    plan: Amount | None = None

    @property
    def planned(self) -> float | None:
        """The number as planned, None where it stays."""
        return self.plan


class LeverField(PresentField):
    """A lever: a number with the month it begins to move in, and what moving it takes."""

    plan: (
        Annotated[
            Annotated[Amount, Tag("number")] | Annotated[RangeField, Tag("range")],
            Discriminator(_kind_of_plan),
        ]
        | None
    ) = None
    start: Annotated[Whole, Field(ge=0, le=LONGEST)] = 0
    cost: Amount | None = None
    effort: Positive = 1.0
    locked: bool = False

    @property
    def planned(self) -> float | None:
        """The number as planned, None where it stays."""
        return self.plan.likely if isinstance(self.plan, RangeField) else self.plan

    @property
    def plan_known(self) -> Range | None:
        """The guess that the plan is, None for a plain number."""
        return self.plan.evidence if isinstance(self.plan, RangeField) else None


Quantity = Annotated[QuantityField, BeforeValidator(_shorthand)]
Lever = Annotated[LeverField, BeforeValidator(_shorthand)]
