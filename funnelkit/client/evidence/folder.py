"""Exports that lie beside a client's file: which files they are, and what is in each."""

from collections.abc import Callable, Iterator
from pathlib import Path

from funnelkit.client.export_fields import ExportFileField, ExportsField
from funnelkit.client.exports.export import Export
from funnelkit.client.exports.problems import ExportError, ExportProblem, Refusal
from funnelkit.client.exports.read import read_export

__all__ = ["client_exports", "export_files"]

_NOBODYS = ("~$", ".", "desktop.ini", "Thumbs.db")
"""How names begin of what programs leave in folders, and nobody put there."""


def export_files(client_folder: Path, settings: ExportsField) -> tuple[Path, ...]:
    """List the files of the folder of exports, by name; subfolders are not looked into."""
    folder = client_folder / settings.folder
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(
            path
            for path in folder.iterdir()
            if not path.name.startswith(_NOBODYS) and not path.is_dir()
        )
    )


def client_exports(
    client_folder: Path,
    settings: ExportsField,
    begun: Callable[[str], None] | None = None,
) -> tuple[tuple[Export, ...], tuple[ExportProblem, ...]]:
    """Read all exports of a client.

    Parameters
    ----------
    client_folder : Path
        The folder of the client's file.
    settings : ExportsField
        What the client's file says of exports.
    begun : callable, optional
        Called with a file's name before it is read, which may take seconds.

    Returns
    -------
    tuple of tuple of Export and tuple of ExportProblem
        In the order of the files' names; a file is among the one or the other.
    """
    exports: list[Export] = []
    problems = list(_outside(client_folder, settings))
    if problems:
        return (), tuple(problems)
    for path in export_files(client_folder, settings):
        if path.is_symlink():
            problems.append(ExportProblem(code=Refusal.OUTSIDE, file=path.name))
            continue
        if begun:
            begun(path.name)
        answers = settings.files.get(path.name, ExportFileField())
        try:
            exports.append(read_export(path, decided=answers.decided))
        except ExportError as error:
            problems.append(error.problem)
    return tuple(exports), tuple(problems)


def _outside(client_folder: Path, settings: ExportsField) -> Iterator[ExportProblem]:
    """Refuse a folder that a link leads out of the client's own."""
    folder = client_folder / settings.folder
    if not folder.resolve().is_relative_to(client_folder.resolve()):
        yield ExportProblem(code=Refusal.OUTSIDE, file=settings.folder)
