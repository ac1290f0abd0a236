import numpy as np
import pytest

from funnelkit.client.exports.column import Column
from funnelkit.client.exports.rows import (
    FEW,
    blank_rows,
    is_total,
    key_codes,
    repeated,
    total_rows,
)


@pytest.mark.parametrize(
    "label",
    ["Итого", " ИТОГО ", "Всего", "Total", "Grand total", "Итого и средние", "Total: Campaigns"],
)
def test_labels_of_totals_are_known(label: str) -> None:
    assert is_total(label)


@pytest.mark.parametrize("label", ["Total look", "Итоговая", "", "17", 17.0, None, "Subtotal"])
def test_other_texts_are_no_totals(label: object) -> None:
    assert not is_total(label)


@pytest.mark.parametrize("copies", [1, FEW])
def test_a_row_with_a_day_is_no_total(copies: int) -> None:
    """Also where there are so many rows without a day that they are not looked at one by one."""
    name = Column.of("Кампания", ["Total", "A", "Total", "Total"] * copies)
    day = Column.of("Дата", ["2026-07-01", "—", "", "Total"] * copies)
    assert total_rows((day, name), [day]).tolist() == [False, False, True, True] * copies
    assert total_rows((name,), []).tolist() == [True, False, True, True] * copies


def test_blank_rows_have_nothing_in_any_cell() -> None:
    columns = Column.of("a", ["", " ", "x", None]), Column.of("b", ["", "-", "", "\t"])
    assert blank_rows(columns).tolist() == [True, False, False, True]


def test_combinations_are_numbered() -> None:
    texts = np.array(["a", "b", "a", "a"], dtype=object)
    numbers = np.array([1.0, 1.0, np.nan, np.nan])
    codes = key_codes([texts, numbers])
    assert len(set(codes.tolist())) == 3
    assert repeated(codes).tolist() == [False, False, False, True]
