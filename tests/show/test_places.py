from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from funnelkit.show.charts.places import Area, free_place

FIELD = Area(0, 0, 600, 300)
SIZE = (120.0, 34.0)
HILL = [(0.0, 300.0), (100.0, 150.0), (300.0, 60.0), (600.0, 20.0)]


def dot(x: float, y: float) -> Area:
    return Area(x - 6, y - 6, x + 6, y + 6)


def test_a_label_stands_below_on_the_right_of_its_point() -> None:
    place = free_place(300, 60, SIZE, FIELD, dots=[dot(300, 60)], labels=[], lines=[HILL])
    assert place.left > 300
    assert place.top > 60
    assert not place.crossed(HILL)


def test_a_line_crosses_an_area_that_it_runs_through_without_a_point_in_it() -> None:
    line = [(0.0, 0.0), (600.0, 300.0)]
    assert Area(290, 140, 310, 160).crossed(line)
    assert not Area(290, 200, 310, 220).crossed(line)
    assert not Area(290, 140, 310, 160).crossed([])
    assert Area(290, 140, 310, 160).crossed([(300.0, 0.0), (300.0, 300.0)])


def test_a_label_without_room_covers_lines_before_texts() -> None:
    lines = [[(0.0, float(y)), (600.0, float(y))] for y in range(0, 300, 10)]
    label = Area(0, 0, 600, 200)
    place = free_place(300, 100, SIZE, FIELD, dots=[], labels=[label], lines=lines)
    assert not place.meets(label)


def test_a_label_without_any_room_stays_in_the_field() -> None:
    place = free_place(590, 290, SIZE, FIELD, dots=[FIELD], labels=[], lines=[])
    assert (place.right, place.bottom) == (600, 300)


points = st.tuples(st.floats(0, 600), st.floats(0, 300))


@given(places=st.lists(points, min_size=1, max_size=4))
def test_labels_of_any_points_are_apart_and_inside(places: list[tuple[float, float]]) -> None:
    dots = [dot(*place) for place in places]
    labels: list[Area] = []
    for x, y in places:
        labels.append(free_place(x, y, SIZE, FIELD, dots=dots, labels=labels, lines=[HILL]))
    assert not any(one.meets(other) for one, other in combinations(labels, 2))
    assert not any(label.meets(other) for label in labels for other in dots)
    assert all(a.left >= 0 and a.right <= 600 and a.top >= 0 and a.bottom <= 300 for a in labels)
