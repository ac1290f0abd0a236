from functools import partial

import pytest

from funnelkit.show.charts import theme
from funnelkit.show.charts.steps import Step, steps_picture
from funnelkit.show.tables import Table
from tests.drawings import flaws_of, shown_in

NAN = float("nan")
STEPS = (
    Step(key="a", name="All", detail="", start=0, end=9, text="9", colour="grey", total=True),
    Step(key="b", name="Less", detail="lost", start=9, end=4, text="−5", colour="red", bad=True),
    Step(key="c", name="Unknown", detail="", start=4, end=NAN, text="?", colour="red"),
    Step(key="d", name="Rest", detail="", start=0, end=-3, text="−3", colour="grey", total=True),
)
draw = partial(
    steps_picture, description="Said.", table=lambda: Table(header=("Step",), rows=(("All",),))
)


def test_each_step_is_a_row_with_its_text_at_the_bars_right_end() -> None:
    rows = draw(STEPS).spec["datasets"]["steps"]
    assert [(row["step"], row["start"], row["end"], row["far"]) for row in rows] == [
        ("a", 0, 9, 9),
        ("b", 9, 4, 9),
        ("c", 4, None, 4),
        ("d", 0, -3, 0),
    ]
    assert shown_in(draw(STEPS), "steps") == ["9", "−5", "?", "−3"]
    assert [row["ink"] == theme.BAD for row in rows] == [False, True, False, False]


def test_each_step_is_tied_to_the_next_where_it_ends() -> None:
    ties = draw(STEPS).spec["datasets"]["ties"]
    assert [(tie["step"], tie["next"], tie["at"]) for tie in ties] == [
        ("a", "b", 9),
        ("b", "c", 4),
        ("c", "d", None),
    ]


def test_only_a_roomy_picture_grows_with_its_steps_and_has_details() -> None:
    heights = [draw(STEPS[:rows]).draw()["height"] for rows in (2, 4)]
    assert heights[1] == 2 * heights[0]
    assert draw(STEPS).spec["datasets"]["steps"][1]["detail"] == "lost"
    assert {draw(STEPS[:rows], compact=True).draw()["height"] for rows in (2, 4)} == {330}
    assert draw(STEPS, compact=True).spec["datasets"]["steps"][1]["detail"] == ""


@pytest.mark.parametrize("compact", [False, True])
def test_it_has_no_flaws(compact: bool) -> None:
    assert flaws_of(draw(STEPS, compact=compact)) == []
    assert draw(STEPS, compact=compact).table.rows == (("All",),)
