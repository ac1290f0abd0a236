"""Everything that the owner's notebook shows, for any client's file that is accepted."""

import html
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings

from funnelkit.faces.workbook import OwnerLevel, WorkbookError, owner_level
from tests.client.files import write
from tests.client.whole_files import as_yaml, whole_files

SHOWN = sorted(
    name
    for name, member in vars(OwnerLevel).items()
    if isinstance(member, property) and not name.startswith("_")
)


def shown(owner: OwnerLevel, name: str) -> str:
    """What a cell shows, as text."""
    thing = getattr(owner, name)
    if thing is None:
        return ""
    bundle = (
        thing._repr_mimebundle_() if hasattr(thing, "_repr_mimebundle_") else thing._repr_html_()
    )
    return json.dumps(bundle, ensure_ascii=False, allow_nan=False)


def test_every_cell_is_looked_at() -> None:
    assert {"summary", "tree", "waterfall", "months", "record", "diagnosis", "lmdi"} <= set(SHOWN)


# A file is drawn, read, and every cell shown twice; few are enough in `make test`, many in a night.
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(whole_files())
def test_what_is_accepted_is_shown_without_a_warning_or_a_stray_nan(
    tmp_path_factory: pytest.TempPathFactory, file: dict[str, object]
) -> None:
    path = write(tmp_path_factory.getbasetemp(), as_yaml(file).lstrip())
    for language in ("en", "ru"):
        try:
            owner = owner_level({"client": str(path), "scenario": "plan"}, language=language)
        except WorkbookError:
            return
        for name in SHOWN:
            text = html.unescape(re.sub(r"<style>.*?</style>", "", shown(owner, name)))
            assert not re.search(r"\b(nan|inf|None)\b", text), name


@pytest.mark.stress
@settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
@given(whole_files())
def test_a_thousand_files_are_shown(
    tmp_path_factory: pytest.TempPathFactory, file: dict[str, object]
) -> None:
    path = write(tmp_path_factory.getbasetemp(), as_yaml(file).lstrip())
    try:
        owner = owner_level({"client": str(path), "scenario": "plan"}, language="en")
    except WorkbookError:
        return
    for name in SHOWN:
        shown(owner, name)


def test_what_is_wrong_is_said_in_the_notebooks_language() -> None:
    with pytest.raises(WorkbookError, match="клиента «nobody» нет"):
        owner_level({"client": "nobody", "scenario": "plan"}, language="ru")


def test_a_scenario_nobody_saved_is_an_error_that_lists_those_there_are() -> None:
    with pytest.raises(WorkbookError, match="plan, now, cautious"):
        owner_level({"client": "saldo", "scenario": "bold"}, language="en")
