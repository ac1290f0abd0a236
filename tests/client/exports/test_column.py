import numpy as np
import pyarrow
import pytest

from funnelkit.client.exports.column import Column, is_missing

CELLS = ["b", "a", "b", "", "a"]


@pytest.fixture(params=["listed", "lazy", "asked"])
def column(request: pytest.FixtureRequest) -> Column:
    if request.param == "listed":
        return Column.of("x", CELLS)
    lazy = Column("x", cells=pyarrow.chunked_array([CELLS[:2], CELLS[2:]]))
    if request.param == "asked":
        assert lazy.values == ["b", "a", ""]
    return lazy


def test_cells_are_held_once_and_found_again(column: Column) -> None:
    assert len(column) == 5
    assert [column.at(row) for row in range(5)] == CELLS
    assert sorted(column.values) == ["", "a", "b"]
    assert column.where(lambda cell: cell == "a").tolist() == [False, True, False, False, True]
    assert len(column) == 5


def test_rows_are_left_out_with_their_values(column: Column) -> None:
    kept = column.keep(np.array([True, False, True, True, False]))
    assert [kept.at(row) for row in range(3)] == ["b", "b", ""]
    assert sorted(kept.values) == ["", "b"]


def test_numbers_and_truths_are_different_cells() -> None:
    assert len(Column.of("x", [1, True, 1.0, "1"]).values) == 4


@pytest.mark.parametrize("cell", [None, "", " ", "-", "—", "Н/Д", "\N{NO-BREAK SPACE}"])
def test_what_says_that_there_is_nothing_is_missing(cell: object) -> None:
    assert is_missing(cell)


@pytest.mark.parametrize("cell", [0, 0.0, "0", "x", False])
def test_what_says_something_is_not(cell: object) -> None:
    assert not is_missing(cell)
