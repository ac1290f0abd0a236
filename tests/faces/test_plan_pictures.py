"""The plan's pictures in both languages, and none where nothing is known."""

import json
import re
from dataclasses import replace

import pytest

from funnelkit.faces.workbook import OwnerLevel
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Table
from tests.faces.board.boards import DEMOS, client_of

CLIENT = {name: client_of(name) for name in DEMOS}
PICTURES = ("needed_levers", "fan", "tornado", "growth")
in_both = pytest.mark.parametrize("language", ["en", "ru"])


@in_both
@pytest.mark.parametrize("name", DEMOS)
def test_a_demos_plan_is_drawn(name: str, language: str) -> None:
    client = CLIENT[name]
    owner = OwnerLevel(client, client.plan, "plan", language)
    names = (*PICTURES, "facts") if client.gone else PICTURES
    for picture in names:
        drawn = getattr(owner, picture)
        assert isinstance(drawn, Picture), picture
        assert (
            bool(re.search("[а-я]{4}", drawn.description)) == (language == "ru")
            or name != "mealbox"
        )
        assert len(drawn.description) > 30
        assert drawn.table.rows
        assert not re.search(r"\b(NaN|Infinity)\b", json.dumps(drawn.spec))


@in_both
def test_nothing_is_drawn_where_nothing_is_known(language: str) -> None:
    client = CLIENT["mealbox"]
    plan = replace(client.plan, goal=replace(client.plan.goal, b=1.0))
    bare = replace(client, plan=plan, evidence={}, plan_evidence={}, gone=(), under_way=None)
    owner = OwnerLevel(bare, plan, "plan", language)
    for picture in ("fan", "tornado", "growth", "facts"):
        shown = getattr(owner, picture)
        assert isinstance(shown, Table), picture
        assert shown.rows == ()
        assert bool(re.search("[а-я]", shown.note)) == (language == "ru")
    still = replace(plan, plan={})
    assert isinstance(OwnerLevel(bare, still, "plan", language).needed_levers, Table)
