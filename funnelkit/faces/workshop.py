"""A workshop: a client's own copy of the notebooks, opened in JupyterLab with the code hidden."""

import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import nbformat

from funnelkit.client.files import write_atomically
from funnelkit.faces.notebooks import (
    BOARD_TAG,
    NAMES,
    OWNER,
    execute,
    for_client,
    notebook_of,
    without_boards,
)

__all__ = ["FOLDER", "open_workshop", "put_away", "workshop_copy"]

FOLDER = "workshop"
"""Folder of the copies, inside the client's."""

QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)
"""Nothing pops up over a workshop, and nothing asks the network for news."""

_VIEW = "application/vnd.jupyter.widget-view+json"


def workshop_copy(client_file: Path, language: str, levels: Iterable[str] = (OWNER,)) -> Path:
    """Make a client's own copies of the notebooks, executed and with their code hidden.

    An existing copy stays as it is: it holds the workshop's work.

    Parameters
    ----------
    client_file : Path
    language : {"en", "ru"}
    levels : iterable of str
        Names of the notebooks, see `funnelkit.faces.notebooks.levels_of`.

    Returns
    -------
    Path
        The owner's copy.
    """
    folder = client_file.parent / FOLDER
    for level in levels:
        copy = folder / level
        if copy.is_file():
            continue
        notebook = for_client(notebook_of(language, level), f"../{client_file.name}")
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.metadata["jupyter"] = {"source_hidden": True}
        folder.mkdir(exist_ok=True)
        write_atomically(copy, nbformat.writes(execute(notebook, {}, folder)) + "\n")
    return folder / OWNER


def put_away(copy: Path) -> None:
    """Remove the views of boards whose kernel is gone: they would hide the still picture.

    While a workshop runs they are saved with the notebook, so that a page that is loaded again
    finds its board. What is no notebook is left alone.
    """
    try:
        notebook = nbformat.reads(copy.read_text("utf-8"), as_version=4)
    except (OSError, ValueError):  # also what is no JSON and what is no notebook
        return
    views = (
        _VIEW in output.get("data", {})
        for cell in notebook.cells
        if BOARD_TAG in cell.metadata.get("tags", [])
        for output in cell.get("outputs", [])
    )
    if any(views):
        write_atomically(copy, nbformat.writes(without_boards(notebook)) + "\n")


def open_workshop(copy: Path) -> int:
    """Open a copy in JupyterLab with nothing beside it, until JupyterLab ends.

    Ctrl+C is JupyterLab's, which asks whether it was meant.

    Returns
    -------
    int
        JupyterLab's exit code.
    """
    copies = [copy.parent / name for name in NAMES]
    for each in copies:
        put_away(each)
    folder = copy.parent.parent
    place = quote(copy.relative_to(folder).as_posix())
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    with subprocess.Popen([*command, f"--LabApp.default_url=/doc/tree/{place}", *QUIET]) as lab:
        while lab.poll() is None:
            with suppress(KeyboardInterrupt):
                lab.wait()
    for each in copies:
        put_away(each)
    return lab.returncode
