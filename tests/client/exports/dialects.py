"""Tables of spend and the ways in which systems write them."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO

from hypothesis import strategies as st

from tests.client.exports.samples import workbook

HEADINGS = ("date", "campaign", "impressions", "clicks", "spend", "cpc")


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a table is written."""

    encoding: str
    separator: str
    thousands: str
    decimal: str
    day: str
    missing: str
    line_end: str
    quoted: bool
    titles: int
    total: str
    blank: bool

    @property
    def is_plain(self) -> bool:
        """The separator is not also in numbers, or those are in quotes."""
        return self.quoted or self.separator not in (self.thousands, self.decimal)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A campaign's day; money in hundredths."""

    day: date
    campaign: str
    impressions: int
    clicks: int | None
    spend: int | None


def dialects() -> st.SearchStrategy[Dialect]:
    """Every way that makes sense."""
    return st.builds(
        Dialect,
        encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1251", "utf-16"]),
        separator=st.sampled_from(";,\t|"),
        thousands=st.sampled_from(["", " ", "\xa0", ",", ".", "'"]),
        decimal=st.sampled_from(",."),
        day=st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%b %d, %Y", "%d.%m.%Y %H:%M"]),
        missing=st.sampled_from(["", "-", "—"]),
        line_end=st.sampled_from(["\n", "\r\n"]),
        quoted=st.booleans(),
        titles=st.integers(0, 4),
        total=st.sampled_from(["", "Итого", "Total"]),
        blank=st.booleans(),
    ).filter(lambda d: d.thousands != d.decimal and d.is_plain)


NAMES = st.text(alphabet='abcЖШё ;,"|-_0123456789', min_size=1, max_size=12).map(
    lambda text: f"k{text.strip()}"
)


def tables() -> st.SearchStrategy[list[Row]]:
    """Rows of different campaign-days, so that nothing is added up."""
    row = st.builds(
        Row,
        day=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
        campaign=NAMES,
        impressions=st.integers(0, 10**8),
        clicks=st.none() | st.integers(0, 10**6),
        spend=st.none() | st.integers(0, 10**10),
    )
    return st.lists(row, min_size=1, max_size=12, unique_by=lambda r: (r.day, r.campaign))


def written(rows: list[Row], dialect: Dialect) -> bytes:
    """Write a table, with a column that is worked out from others and maybe a total."""

    def whole(number: int | None) -> str:
        if number is None:
            return dialect.missing
        return f"{number:,}".replace(",", dialect.thousands)

    def money(cents: int | None) -> str:
        if cents is None:
            return dialect.missing
        return f"{whole(cents // 100)}{dialect.decimal}{cents % 100:02}"

    file = StringIO()
    quoting = csv.QUOTE_ALL if dialect.quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(
        file, delimiter=dialect.separator, lineterminator=dialect.line_end, quoting=quoting
    )
    writer.writerows([[f"Report {n}"] for n in range(dialect.titles)])
    writer.writerow(HEADINGS)
    for row in rows:
        day = row.day.strftime(dialect.day)
        numbers = [whole(row.impressions), whole(row.clicks), money(row.spend), money(150)]
        writer.writerow([day, row.campaign, *numbers])
    if dialect.blank:
        writer.writerow([""] * len(HEADINGS))
    if dialect.total:
        sums = [sum(getattr(row, name) or 0 for row in rows) for name in TOTALS]
        writer.writerow([dialect.total, "", whole(sums[0]), whole(sums[1]), money(sums[2]), ""])
    text = file.getvalue()
    return text.encode(dialect.encoding, "replace")


TOTALS = ("impressions", "clicks", "spend")


def totals(rows: list[Row]) -> Mapping[str, float]:
    """What the rows add up to, money in units."""
    sums = {name: float(sum(getattr(row, name) or 0 for row in rows)) for name in TOTALS}
    return sums | {"spend": sums["spend"] / 100}


def as_workbook(rows: list[Row]) -> bytes:
    """Write a table as a workbook with numbers and days for cells."""
    cells: list[list[object]] = [list(HEADINGS)]
    for row in rows:
        spend = None if row.spend is None else row.spend / 100
        clicks = None if row.clicks is None else float(row.clicks)
        cells.append([row.day, row.campaign, float(row.impressions), clicks, spend, 1.5])
    return workbook(cells)
