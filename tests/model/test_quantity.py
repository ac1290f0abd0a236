from math import inf, isnan, nan

import numpy as np
import pytest

from funnelkit.model.quantity import checked, needed, over, times


def of(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=float)


def test_what_is_missing_and_not_used_is_harmless() -> None:
    assert times(of(0, 3, 0, 2), of(nan, 0, 5, 4)).tolist() == [0, 0, 0, 8]
    assert isnan(times(of(nan), of(2))[0])


def test_a_division_by_zero_is_missing() -> None:
    assert over(of(6, 6, 0), of(3, 0, 0)).tolist() == pytest.approx([2, nan, nan], nan_ok=True)


def test_nobody_wanted_needs_nobody() -> None:
    found = needed(of(0, 0, 5, 5, 5), of(0, nan, 0, nan, 0.5))
    assert found.tolist() == pytest.approx([0, nan, nan, nan, 10], nan_ok=True)


def test_none_and_nan_are_missing_not_wrong() -> None:
    assert checked("ctr", [None, nan, 1.0], high=1.0).tolist() == pytest.approx(
        [nan, nan, 1], nan_ok=True
    )


@pytest.mark.parametrize(
    ("value", "bounds", "message"),
    [
        ([0.5, 1.2], {"high": 1}, "ctr must be from 0 to 1, got 1.2"),
        (-0.1, {"high": 1}, "ctr must be from 0 to 1, got -0.1"),
        (-3, {}, "ctr must be 0 or more, got -3"),
        ("5 %", {}, "ctr must be numbers, got '5 %'"),
        ([[1], [1, 2]], {}, "ctr must be numbers"),
        (inf, {}, "ctr must be 0 or more, got inf"),
        (2, {"low": -inf, "high": 1}, "ctr must be at most 1, got 2"),
    ],
)
def test_a_wrong_number_is_named_with_what_is_allowed(
    value: object, bounds: dict[str, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        checked("ctr", value, **bounds)
