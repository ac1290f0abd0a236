"""The workbook's notebooks: find them, run them, build Russian twins, name a client in them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import nbformat
import papermill
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.execute import raise_for_execution_errors
from traitlets.config import Config

from funnelkit.client.client import Client
from funnelkit.client.files import write_atomically

__all__ = [
    "BOARD_TAG",
    "EVIDENCE",
    "MARKETER",
    "NAMES",
    "NOTEBOOKS",
    "OWNER",
    "PORTFOLIO",
    "TWINS",
    "build",
    "catalog_path",
    "compact",
    "execute",
    "for_client",
    "levels_of",
    "notebook_of",
    "texts",
    "translated",
    "without_boards",
]

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
OWNER, MARKETER = "1_owner_level.ipynb", "2_marketer_level.ipynb"
EVIDENCE = "3_evidence.ipynb"
NAMES = (OWNER, MARKETER, EVIDENCE)
"""The notebooks of a client, in their order."""

PORTFOLIO = "portfolio.ipynb"
"""The notebook of all clients."""

BOARD_TAG = "board"
"""Tag of the live board's cell: its output is a view on a running kernel and is never stored."""

TWINS: Mapping[str, Mapping[str, str]] = {
    "ru": {'language="en"': 'language="ru"', 'client = "mealbox"': 'client = "saldo"'}
}
"""What a twin's code says otherwise: its language and the demo client it opens with."""

_COMMENT = re.compile("(?m)(?<=  # ).+$")

_TRANSIENT = ("papermill", "execution", "widgets")


def notebook_of(language: str, name: str = OWNER) -> Path:
    """Return the path of a notebook in a language."""
    return NOTEBOOKS / name if language == "en" else NOTEBOOKS / language / name


def levels_of(client: Client) -> tuple[str, ...]:
    """Return the notebooks that a client has.

    The marketer's where its file names channels, that of evidence where it has exports.
    """
    there = {OWNER: True, MARKETER: client.marketing, EVIDENCE: client.found}
    return tuple(name for name in NAMES if there[name])


def catalog_path(language: str, name: str = OWNER) -> Path:
    """Return the path of the catalog of a notebook's texts."""
    return (NOTEBOOKS / language / name).with_suffix(".po")


def execute(
    notebook: Path | NotebookNode,
    parameters: Mapping[str, object],
    folder: Path,
    *,
    limit: int | None = None,
    boards: bool = True,
) -> NotebookNode:
    """Run a notebook through papermill and remove what names this machine.

    Parameters
    ----------
    notebook : Path or NotebookNode
    parameters : mapping
        Plain numbers and text.
    folder : Path
        Folder in which the kernel starts.
    limit : int, optional
        Seconds that a cell may take.
    boards : bool
        Whether the boards' cells are run; what they show is not kept either way.

    Raises
    ------
    papermill.PapermillExecutionError
        Where a cell fails.
    nbclient.exceptions.CellTimeoutError
        Where a cell takes longer.
    """
    template = nbformat.read(notebook, as_version=4) if isinstance(notebook, Path) else notebook
    # In two steps, since in one papermill also writes the executed notebook to nowhere.
    prepared = papermill.execute_notebook(
        without_outputs(template), None, parameters=dict(parameters), prepare_only=True
    )
    executed = papermill_engines.execute_notebook_with_engine(
        None,
        prepared,
        papermill_engines.nb_kernel_name(None, prepared),
        progress_bar=False,
        execution_timeout=limit,
        resources={"metadata": {"path": str(folder)}},
        shutdown_kernel="immediate",
        config=Config(KernelManager={"transport_encryption": "auto"}),
        skip_cells_with_tag="" if boards else BOARD_TAG,
    )
    raise_for_execution_errors(executed, None)
    return cleaned(executed)


def cleaned(notebook: NotebookNode) -> NotebookNode:
    """Remove paths, times, versions and widget views from an executed notebook."""
    for key in _TRANSIENT:
        notebook.metadata.pop(key, None)
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    cells = []
    for cell in notebook.cells:
        for key in _TRANSIENT:
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            continue
        cells.append(cell)
    notebook.cells = cells
    return without_boards(notebook)


def without_outputs(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook without what an earlier run showed, which would be checked and copied."""
    bare = [
        NotebookNode(cell | {"outputs": []}) if cell.cell_type == "code" else cell
        for cell in notebook.cells
    ]
    return NotebookNode(notebook | {"cells": bare})


def compact(notebook: NotebookNode) -> str:
    """Write an executed notebook as JSON that nobody reads or compares line by line.

    `nbformat.writes` copies all of it first and indents it in Python, an item at a time.
    """
    return json.dumps(notebook, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def without_boards(notebook: NotebookNode) -> NotebookNode:
    """Remove what the boards' cells show: it lives no longer than their kernel."""
    for cell in notebook.cells:
        if BOARD_TAG in cell.metadata.get("tags", []):
            cell.outputs = []
    return notebook


def _catalog(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def translated(notebook: NotebookNode, language: str, catalog: Catalog) -> NotebookNode:
    """Build a notebook's twin in another language: same cells, same ids.

    Markdown cells and the comments in code are translated.

    Raises
    ------
    LookupError
        With the first lines of the texts that the catalog lacks.
    """
    twin: NotebookNode = nbformat.from_dict(notebook)
    lacking = []

    def said(text: str) -> str:
        message = catalog.get(text)
        if message is None or not message.string or message.fuzzy:
            lacking.append(text.splitlines()[0])
            return text
        return str(message.string)

    for cell in twin.cells:
        if cell.cell_type == "markdown":
            cell.source = said(cell.source)
        else:
            for english, other in TWINS[language].items():
                cell.source = cell.source.replace(english, other)
            cell.source = _COMMENT.sub(lambda match: said(match[0]), cell.source)
            cell.outputs, cell.execution_count = [], None
    if lacking:
        raise LookupError("not translated: " + "; ".join(lacking))
    return twin


def texts(notebook: NotebookNode) -> Iterator[str]:
    """List what a reader reads in a notebook's source: markdown cells, and comments in code."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield cell.source
        else:
            yield from _COMMENT.findall(cell.source)


def updated_catalog(notebook: NotebookNode, language: str, old: Catalog | None) -> Catalog:
    """Return a catalog of exactly the notebook's texts, keeping what was translated."""
    catalog = Catalog(locale=language, fuzzy=False, header_comment="", charset="utf-8")
    for text in texts(notebook):
        known = old.get(text) if old else None
        catalog.add(text, known.string if known else "")
    return catalog


def build(names: Iterable[str] = (*NAMES, PORTFOLIO)) -> list[Path]:
    """Execute English notebooks and build their twins, see `build_one`."""
    return [path for name in names for path in build_one(name)]


def build_one(name: str) -> list[Path]:
    """Execute an English notebook, build its twins, execute them, and write all of them.

    The catalogs are brought up to date first; a cell without a translation stops the build.

    Returns
    -------
    list of Path
        The notebooks written.
    """
    english = notebook_of("en", name)
    source = nbformat.read(english, as_version=4)
    written = []
    for language in ("en", *TWINS):
        if language == "en":
            notebook = source
        else:
            path = catalog_path(language, name)
            old = _catalog(path, language) if path.is_file() else None
            catalog = updated_catalog(source, language, old)
            text = BytesIO()
            write_po(text, catalog, width=100, omit_header=True)
            write_atomically(path, text.getvalue().decode())
            notebook = translated(source, language, catalog)
        target = notebook_of(language, name)
        executed = execute(notebook, {}, english.parent)
        write_atomically(target, nbformat.writes(executed) + "\n")
        written.append(target)
    return written


@lru_cache(maxsize=8)  # a batch makes each of them for every client
def _bare(text: str) -> NotebookNode:
    return without_outputs(nbformat.reads(text, as_version=4))


def for_client(notebook: Path, client: str) -> NotebookNode:
    """Read a notebook and name a client in its parameters cell, in the demo client's place.

    What the notebook showed of the demo client is not read.
    """
    made: NotebookNode = deepcopy(_bare(notebook.read_text("utf-8")))
    named = f"client = {json.dumps(client, ensure_ascii=False)}"
    for cell in made.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = named + re.sub('^client = "[^"]*"', "", cell.source)
    return made
