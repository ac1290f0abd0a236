from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from funnelkit.show.charts.heights import Heights, pieces, stacked

NAN = float("nan")
heights = st.lists(st.floats(-100, 200), max_size=6).map(sorted)


def test_known_values_and_0_stand_between_bottom_and_top() -> None:
    scale = Heights.of([50.0, NAN, 100.0], top=10, bottom=110)
    assert [scale.at(value) for value in (0, 50, 100)] == [110, 60, 10]
    below = Heights.of([-50.0, 50.0], top=0, bottom=100)
    assert [below.at(value) for value in (-50, 0, 50)] == [100, 50, 0]


def test_of_nothing_0_stands_at_the_bottom() -> None:
    assert Heights.of([NAN], top=0, bottom=100).at(0) == 100


def test_a_line_breaks_where_one_of_its_fields_is_missing() -> None:
    rows = [{"y": y, "y2": y2} for y, y2 in ((NAN, 1.0), (1.0, 2.0), (2.0, NAN), (3.0, 4.0))]
    assert [(row["y"], row["part"]) for row in pieces(rows, "y", "y2")] == [(1.0, 1), (3.0, 2)]


@given(heights)
def test_what_is_moved_apart_keeps_its_order_and_its_distance(wanted: list[float]) -> None:
    placed = stacked(wanted, 10, top=0, bottom=100)
    assert all(b - a >= 10 - 1e-9 for a, b in pairwise(placed))
    assert all(0 - 1e-9 <= place <= 100 for place in placed)
