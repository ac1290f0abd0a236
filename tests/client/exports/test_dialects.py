"""A table written in any way that systems write is read back as it was."""

import csv
from io import StringIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.client.exports.export import Export
from funnelkit.client.exports.meanings import Meaning
from funnelkit.client.exports.problems import Drop
from funnelkit.client.exports.read import read_bytes
from tests.client.exports.dialects import (
    Dialect,
    Row,
    as_workbook,
    dialects,
    tables,
    totals,
    written,
)

M = Meaning


def same(export: Export, rows: list[Row]) -> None:
    assert export.columns[M.DAY].tolist() == [row.day for row in rows]
    spend = [np.nan if row.spend is None else row.spend / 100 for row in rows]
    np.testing.assert_array_equal(export.columns[M.SPEND], spend)
    clicks = [np.nan if row.clicks is None else row.clicks for row in rows]
    np.testing.assert_array_equal(export.columns[M.CLICKS], clicks)
    np.testing.assert_array_equal(
        export.columns[M.IMPRESSIONS], [float(row.impressions) for row in rows]
    )
    assert export.totals == pytest.approx(totals(rows), rel=1e-12)


@given(tables(), dialects())
def test_a_table_written_in_any_dialect_is_read_back(rows: list[Row], dialect: Dialect) -> None:
    export = read_bytes(written(rows, dialect), "table.csv")
    same(export, rows)
    if dialect.encoding != "cp1251":
        names = [row.campaign.strip() for row in rows]
        assert [name.strip() for name in export.columns[M.CAMPAIGN]] == names
    assert export.dropped.get(Drop.TOTAL, 0) == bool(dialect.total)


@given(tables())
def test_a_workbook_is_read_back(rows: list[Row]) -> None:
    same(read_bytes(as_workbook(rows), "table.xlsx"), rows)


@given(tables(), dialects(), st.randoms(use_true_random=False))
def test_the_order_of_columns_is_nothing(rows: list[Row], dialect: Dialect, dice) -> None:
    """The total of a table whose columns were shuffled by whoever set the report up."""
    text = written(rows, dialect).decode(dialect.encoding)
    cells = list(csv.reader(StringIO(text, newline=""), delimiter=dialect.separator))
    order = list(range(6))
    dice.shuffle(order)
    file = StringIO()
    shuffled = csv.writer(file, delimiter=dialect.separator, lineterminator="\n")
    for row in cells:
        shuffled.writerow([row[place] for place in order] if len(row) == 6 else row)
    export = read_bytes(file.getvalue().encode(), "table.csv")
    assert export.totals == pytest.approx(totals(rows), rel=1e-12)
