"""The shape of ``exports`` in a client's file: where exports lie, and what they leave open."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from funnelkit.client.exports.decided import Decided
from funnelkit.client.exports.heading import Heading
from funnelkit.client.exports.meanings import Content, Format, Meaning, System
from funnelkit.client.fields import FileModel, Month, Positive, Share, Text, Whole

__all__ = ["FOLDER", "ColumnMeaning", "ExportFileField", "ExportsField", "StagesField"]

FOLDER = "exports"
"""Where exports lie beside the client's file, if it says nothing else."""

ColumnMeaning = Literal[
    "day",
    "customer",
    "amount",
    "number",
    "product",
    "channel",
    "source",
    "campaign",
    "currency",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "impressions",
    "clicks",
    "conversions",
    "spend",
]
"""What a column of somebody's own table can be."""


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise PydanticCustomError("not_a_day", "not a day") from None


def _inside(folder: str) -> str:
    parts = re.split(r"[/\\]", folder)
    if folder[:1] in "/\\~" or ":" in folder or any(part in ("", "..") for part in parts):
        raise PydanticCustomError("outside", "not inside the client's folder")
    return folder


def _enough(columns: dict[str, ColumnMeaning]) -> dict[str, ColumnMeaning]:
    meant = set(columns.values())
    known = {"day", "amount"} <= meant or {"day", "spend"} <= meant
    if columns and (not known or {"amount", "spend"} <= meant or len(meant) < len(columns)):
        raise PydanticCustomError("columns_need", "neither a table of orders nor one of spend")
    return columns


Day = Annotated[date, BeforeValidator(_day)]
Folder = Annotated[Text, Field(max_length=200), AfterValidator(_inside)]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Names = Annotated[list[Text], Field(max_length=200)]


class ExportFileField(FileModel):
    """Answers to what one file leaves open."""

    decimal: Literal["comma", "point"] | None = None
    dates: Literal["day_first", "month_first"] | None = None
    money: Literal["units", "millionths"] | None = None
    columns: Annotated[dict[str, ColumnMeaning], AfterValidator(_enough)] = Field(
        default_factory=dict
    )

    @property
    def decided(self) -> Decided:
        """The answers as the reader of exports takes them."""
        return Decided(
            decimal={"comma": ",", "point": ".", None: ""}[self.decimal],
            month_first=None if self.dates is None else self.dates == "month_first",
            micros=None if self.money is None else self.money == "millionths",
            form=self._form() if self.columns else None,
        )

    def _form(self) -> Format:
        fields = {Meaning(m): (Heading.of(h).name,) for h, m in self.columns.items()}
        spend = Meaning.SPEND in fields
        return Format(
            system=System.SPEND if spend else System.ORDERS,
            content=Content.SPEND if spend else Content.ORDERS,
            source="the client's file",
            fields=fields,
            needs=tuple(fields),
        )


class StagesField(FileModel):
    """What the stages of a client's deals mean, beside those that are known."""

    won: Names = Field(default_factory=list)
    lost: Names = Field(default_factory=list)
    qualified: Names = Field(default_factory=list)


class ExportsField(FileModel):
    """Exports that point A and the months after it are measured from."""

    folder: Folder = FOLDER
    first_month: Month | None = None
    last_month: Month | None = None
    since: Day | None = None
    revenue: Literal["orders", "yookassa", "deals"] | None = None
    active_months: Annotated[Whole, Field(ge=1, le=36)] = 3
    vat: Share | None = None
    unsaid_vat: Literal["included", "excluded"] = "excluded"
    rates: dict[CurrencyCode, Positive] = Field(default_factory=dict)
    channels: dict[Text, Names] = Field(default_factory=dict)
    stages: StagesField = StagesField()
    files: dict[str, ExportFileField] = Field(default_factory=dict)
