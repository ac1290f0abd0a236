"""A workshop: a client's own copy of the notebooks, opened in JupyterLab with the code hidden."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import nbformat

from funnelkit.client.files import write_atomically
from funnelkit.faces.notebooks import (
    BOARD_TAG,
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


def workshop_copy(client_file: Path, language: str) -> Path:
    """Make a client's own copy of the owner's notebook, executed and with its code hidden.

    An existing copy is returned as it is: it holds the workshop's work.
    """
    folder = client_file.parent / FOLDER
    copy = folder / OWNER
    if copy.is_file():
        return copy
    notebook = for_client(notebook_of(language), f"../{client_file.name}")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata["jupyter"] = {"source_hidden": True}
    folder.mkdir(exist_ok=True)
    write_atomically(copy, nbformat.writes(execute(notebook, {}, folder)) + "\n")
    return copy


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
    put_away(copy)
    folder = copy.parent.parent
    place = quote(copy.relative_to(folder).as_posix())
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    with subprocess.Popen([*command, f"--LabApp.default_url=/doc/tree/{place}", *QUIET]) as lab:
        while lab.poll() is None:
            with suppress(KeyboardInterrupt):
                lab.wait()
    put_away(copy)
    return lab.returncode
