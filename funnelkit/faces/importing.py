"""The command that shows what exports say, and keeps them with a client."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from tqdm import tqdm

from funnelkit.client.export_fields import ExportFileField, ExportsField
from funnelkit.client.exports.export import Export
from funnelkit.client.exports.problems import ExportError, ExportProblem
from funnelkit.client.exports.read import read_export
from funnelkit.faces.options import READER, clients_option, language_option
from funnelkit.show.export_summary import summary_lines
from funnelkit.show.exports import refusal_line
from funnelkit.show.words import Words

__all__ = ["import_command"]

_words = Words(language=READER)

LONG = 5_000_000
"""Bytes from which on reading takes long enough to show that it goes on."""


def files_of(paths: Sequence[Path]) -> list[Path]:
    """Put a folder's files in its place."""
    found: list[Path] = []
    for path in paths:
        inside = (f for f in path.iterdir() if f.is_file()) if path.is_dir() else iter([path])
        found += sorted(f for f in inside if not f.name.startswith((".", "~$")) or f == path)
    return list(dict.fromkeys(found))


def read_all(
    files: Sequence[Path], settings: ExportsField, words: Words
) -> list[Export | ExportProblem]:
    """Read files, with a bar where that takes long."""
    read: list[Export | ExportProblem] = []
    sizes = [file.stat().st_size if file.is_file() else 0 for file in files]
    with tqdm(
        total=sum(sizes),
        desc=words("Reading"),
        unit="B",
        unit_scale=True,
        leave=False,
        disable=None if sum(sizes) >= LONG else True,
    ) as progress:
        for file, size in zip(files, sizes, strict=True):
            progress.set_postfix_str(file.name)
            answers = settings.files.get(file.name, ExportFileField())
            try:
                read.append(read_export(file, decided=answers.decided))
            except ExportError as error:
                read.append(error.problem)
            progress.update(size)
    return read


def show(read: Sequence[Export | ExportProblem], words: Words) -> None:
    """Print what is in each file, or why it is not read."""
    for each in read:
        lines = (
            summary_lines(each, words) if isinstance(each, Export) else [refusal_line(each, words)]
        )
        for line in lines:
            click.echo(line)
        click.echo()


@click.command(
    name="import",
    help=_words(
        "Show what is in exports of advertising, analytics and CRM systems, orders and payments."
    ),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@clients_option
@language_option
def import_command(files: tuple[Path, ...], clients: Path, language: str) -> None:
    """Show what is in exports."""
    words = Words(language=language)
    found = files_of(files)
    read = read_all(found, ExportsField(), words)
    show(read, words)
    if any(isinstance(each, ExportProblem) for each in read):
        sys.exit(1)
