"""The committed notebooks: executed, without functions or paths, their twins fresh."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from nbformat import NotebookNode

from funnelkit.client.read import read_client
from funnelkit.faces.notebooks import (
    BOARD_TAG,
    EVIDENCE,
    MARKETER,
    NAMES,
    NOTEBOOKS,
    OWNER,
    PORTFOLIO,
    TWINS,
    catalog_path,
    compact,
    execute,
    notebook_of,
    texts,
    translated,
    updated_catalog,
)
from funnelkit.faces.parameters import (
    CHANNEL_PARAMETERS,
    EVIDENCE_PARAMETERS,
    PARAMETERS,
    PORTFOLIO_PARAMETERS,
)
from funnelkit.faces.record import recorded
from funnelkit.faces.report import APPENDIX_TAG, WORKSHOP_TAG
from funnelkit.model.levers import LEVERS

pytestmark = pytest.mark.usefixtures("warm")

ROOT = Path(__file__).parents[2]
ALL = sorted(NOTEBOOKS.rglob("*.ipynb"))
TAGS = ("parameters", BOARD_TAG, "record", "nbval-ignore-output", WORKSHOP_TAG, APPENDIX_TAG)


PARAMETERS_OF = {
    OWNER: PARAMETERS,
    MARKETER: CHANNEL_PARAMETERS,
    EVIDENCE: EVIDENCE_PARAMETERS,
    PORTFOLIO: PORTFOLIO_PARAMETERS,
}


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def faults(notebook: NotebookNode) -> list[str]:
    """Say what keeps a notebook from being committed."""
    found = []
    counts = [cell.execution_count for cell in code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        found.append(f"not executed once from top to bottom: {counts}")
    for cell in code_cells(notebook):
        tree = ast.parse(cell.source)
        if any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in ast.walk(tree)):
            found.append(f"{cell.id} defines a function or a class")
        if "parameters" not in cell.metadata.get("tags", []) and len(cell.source.splitlines()) > 5:
            found.append(f"{cell.id} is longer than five lines")
    text = nbformat.writes(notebook)
    if re.search(r"(/home/|/root/|/Users/|/tmp/|/work/|[A-Z]:\\\\)", text) or str(ROOT) in text:
        found.append("names a path of a machine")
    if any("widget" in key for key in re.findall(r'"(application/[^"]+)"', text)):
        found.append("stores a widget's view")
    if set(notebook.metadata) - {"kernelspec", "language_info"}:
        found.append("carries metadata of the machine that made it")
    return found


@pytest.mark.parametrize("path", ALL, ids=lambda p: str(p.relative_to(NOTEBOOKS)))
def test_a_committed_notebook_has_no_fault(path: Path) -> None:
    assert faults(read(path)) == []


@pytest.mark.parametrize("path", ALL, ids=lambda p: str(p.relative_to(NOTEBOOKS)))
def test_written_compactly_a_notebook_is_the_same(path: Path) -> None:
    again = nbformat.reads(compact(read(path)), as_version=4)
    nbformat.validate(again)
    assert again == read(path)


def spoilt(change: str) -> NotebookNode:
    notebook = read(notebook_of("en"))
    cell = code_cells(notebook)[3]
    match change:
        case "executed":
            cell.execution_count = None
        case "defines":
            cell.source = "def f():\n    pass"
        case "longer":
            cell.source = "\n".join("abcdef")
        case "path":
            cell.outputs[0].data["text/plain"] = "/home/me/funnelkit"
        case "widget":
            cell.outputs[0].data["application/vnd.jupyter.widget-view+json"] = {}
        case "metadata":
            notebook.metadata["papermill"] = {}
    return notebook


@pytest.mark.parametrize("change", ["executed", "defines", "longer", "path", "widget", "metadata"])
def test_a_faulty_notebook_is_found(change: str) -> None:
    (fault,) = faults(spoilt(change))
    assert change in fault


def catalog(language: str, name: str = OWNER) -> Catalog:
    with catalog_path(language, name).open("rb") as file:
        return read_po(file, locale=language)


both = pytest.mark.parametrize("name", NAMES)
every = pytest.mark.parametrize("name", [*NAMES, PORTFOLIO])


@every
@pytest.mark.parametrize("language", TWINS)
def test_a_twin_is_what_its_catalog_makes_of_the_english_notebook(language: str, name: str) -> None:
    english, twin = read(notebook_of("en", name)), read(notebook_of(language, name))
    rebuilt = translated(english, language, catalog(language, name))
    assert [(c.id, c.source, c.metadata) for c in rebuilt.cells] == [
        (c.id, c.source, c.metadata) for c in twin.cells
    ]


@every
@pytest.mark.parametrize("language", TWINS)
def test_a_catalog_has_exactly_the_english_texts(language: str, name: str) -> None:
    english = read(notebook_of("en", name))
    there = {message.id for message in catalog(language, name) if message.id}
    markdown = {cell.source for cell in english.cells if cell.cell_type == "markdown"}
    assert there > markdown
    assert ("share, 0 to 1" in there) is (name in (OWNER, MARKETER))
    assert there == set(texts(english))


@every
@pytest.mark.parametrize("language", TWINS)
def test_a_twins_comments_are_in_its_language(language: str, name: str) -> None:
    (parameters,) = (
        cell
        for cell in code_cells(read(notebook_of(language, name)))
        if "parameters" in cell.metadata.get("tags", [])
    )
    comments = [line.split("  # ")[1] for line in parameters.source.splitlines()]
    assert all(re.search("[а-я]", comment) for comment in comments)


def test_an_untranslated_cell_stops_the_build() -> None:
    english = read(notebook_of("en"))
    empty = updated_catalog(english, "ru", None)
    with pytest.raises(LookupError, match="# From A to B"):
        translated(english, "ru", empty)


@pytest.mark.parametrize("path", ALL, ids=lambda p: str(p.relative_to(NOTEBOOKS)))
def test_the_parameters_cell_has_the_notebooks_parameters(path: Path) -> None:
    known = PARAMETERS_OF[path.name]
    (cell,) = (c for c in code_cells(read(path)) if "parameters" in c.metadata.get("tags", []))
    tree = ast.parse(cell.source)
    names = [node.targets[0].id for node in tree.body if isinstance(node, ast.Assign)]
    assert names == list(known)
    assert len(cell.source.splitlines()) == len(names) <= 20
    typed = 1 if path.name == EVIDENCE else 2
    assert all(ast.literal_eval(node.value) is None for node in tree.body[typed:])


def test_the_owners_parameters_are_the_table_of_levers() -> None:
    assert list(PARAMETERS[2:]) == [name for name, lever in LEVERS.items() if not lever.cost]


@both
def test_a_notebook_has_the_cells_that_others_look_for(name: str) -> None:
    cells = read(notebook_of("en", name)).cells
    tags = {tag: [c.id for c in cells if tag in c.metadata.get("tags", [])] for tag in TAGS}
    assert [len(tags[tag]) for tag in ("parameters", "record")] == [1, 1]
    assert cells[-1].id == tags["record"][0]
    # evidence is read, not moved: it has no sliders
    assert tags[BOARD_TAG] == ([] if name == EVIDENCE else ["board"])
    ids = [cell.id for cell in cells]
    for board in tags[BOARD_TAG]:
        assert ids.index(board) + 1 in (ids.index("figures"), ids.index("still"))
    assert tags["nbval-ignore-output"] == tags[BOARD_TAG]
    assert set(tags[BOARD_TAG]) <= set(tags[WORKSHOP_TAG])
    assert tags[APPENDIX_TAG]


@pytest.mark.parametrize("language", ["en", *TWINS])
def test_the_notebooks_lead_to_each_other(language: str) -> None:
    for name, other in ((OWNER, MARKETER), (MARKETER, OWNER), (EVIDENCE, OWNER)):
        source = "".join(c.source for c in read(notebook_of(language, name)).cells)
        assert f"]({other})" in source
        assert (notebook_of(language, name).parent / other).is_file()


@pytest.mark.parametrize(
    ("client", "name"),
    [
        *((client, name) for client in ("saldo", "mealbox") for name in (OWNER, MARKETER)),
        ("cdnow", OWNER),
        ("cdnow", EVIDENCE),
    ],
)
def test_both_languages_record_the_same_numbers(client: str, name: str) -> None:
    file = ROOT / "data" / "clients" / client / "client.yaml"
    english, russian = (
        recorded(execute(notebook_of(language, name), {"client": str(file)}, ROOT))
        for language in ("en", "ru")
    )
    assert english == russian
    assert english["client"] == client


def test_plain_papermill_works_from_any_folder(tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", str(notebook_of("en")), str(out)]
    overrides = ["-p", "client", "saldo", "-p", "win_rate", "0.3"]
    subprocess.run([*command, *overrides], cwd=tmp_path, check=True, capture_output=True)
    record = recorded(read(out))
    client = read_client(ROOT / "data" / "clients" / "saldo" / "client.yaml")
    expected = client.plan.with_plan(win_rate=0.3)
    assert record["levers"]["win_rate"] == 0.3
    assert record["reached"] == pytest.approx(float(expected.at_goal()), rel=1e-11)


def test_plain_papermill_sets_numbers_of_all_channels(tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", str(notebook_of("en", MARKETER)), str(out)]
    overrides = ["-p", "client", "saldo", "-p", "budget", "70000", "-p", "average_check", "40000"]
    subprocess.run([*command, *overrides], cwd=tmp_path, check=True, capture_output=True)
    record = recorded(read(out))
    assert record["client"] == "saldo"
    assert sum(budget["plan"] for budget in record["budgets"].values()) == pytest.approx(70_000)


def test_an_unknown_number_of_all_channels_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(papermill.PapermillExecutionError, match="did you mean “budget”"):
        execute(notebook_of("en", MARKETER), {"budgte": 3}, ROOT)


def test_an_unknown_parameter_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(papermill.PapermillExecutionError, match="did you mean “win_rate”"):
        execute(notebook_of("en"), {"win_raet": 0.3}, ROOT)


def test_a_parameter_out_of_range_is_an_error_in_the_notebooks_language() -> None:
    sentence = r"win_rate: вместо «30\.0» должна стоять доля"
    with pytest.raises(papermill.PapermillExecutionError, match=sentence):
        execute(notebook_of("ru"), {"win_rate": 30}, ROOT)


@every
def test_two_runs_are_equal_byte_for_byte(name: str) -> None:
    first, second = (nbformat.writes(execute(notebook_of("en", name), {}, ROOT)) for _ in range(2))
    assert first == second
