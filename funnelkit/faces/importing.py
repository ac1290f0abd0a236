"""The command that shows what exports say, and keeps them with a client."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError
from tqdm import tqdm

from funnelkit.client.evidence.keep import safe_name
from funnelkit.client.export_fields import ExportFileField, ExportsField
from funnelkit.client.exports.export import Export
from funnelkit.client.exports.problems import ExportError, ExportProblem
from funnelkit.client.exports.read import read_export
from funnelkit.faces.keeping import keep_with
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
    files: Sequence[Path], answers: Mapping[str, ExportFileField], words: Words
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
            said = answers.get(safe_name(file.name), ExportFileField())
            try:
                read.append(read_export(file, decided=said.decided))
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


def answer_of(
    columns: Sequence[str],
    decimal: str | None,
    dates: str | None,
    money: str | None,
    words: Words,
) -> dict[str, Any]:
    """Return what was answered by options, as the client's file writes it."""
    said: dict[str, Any] = {"decimal": decimal, "dates": dates, "money": money}
    pairs = [column.rpartition("=") for column in columns]
    if pairs:
        said["columns"] = {heading.strip(): meaning.strip() for heading, _equals, meaning in pairs}
    said = {name: value for name, value in said.items() if value}
    try:
        ExportFileField.model_validate(said)
    except ValidationError:
        raise click.UsageError(
            words(
                "--column takes HEADING=MEANING, together day and amount or day and spend; the "
                "meanings are day, customer, amount, number, product, channel, source, campaign, "
                "currency, utm_source, utm_medium, utm_campaign, impressions, clicks, conversions "
                "and spend"
            )
        ) from None
    return said


@click.command(
    name="import",
    help=_words(
        "Show what is in exports of advertising, analytics and CRM systems and of payments.\n\n"
        "With --client they are copied into the client's folder, after they were shown and "
        "“yes” was said.\n\n"
        "Example: funnelkit import ~/Downloads/direct.csv deals.xlsx --client saldo"
    ),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--client", metavar=_words("NAME"), help=_words("Client to keep the files with."))
@click.option("--yes", is_flag=True, help=_words("Copy without asking, after showing."))
@click.option(
    "--campaigns",
    is_flag=True,
    help=_words("With --client: show spend to payment by campaign and month, not by channel only."),
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar=_words("HEADING=MEANING"),
    help=_words("What a column of a table of your own means; once for each column."),
)
@click.option("--decimal", type=click.Choice(["comma", "point"]), help=_words("Decimal mark."))
@click.option(
    "--dates",
    type=click.Choice(["day_first", "month_first"]),
    help=_words("What comes first in days such as 07/01/2026."),
)
@click.option(
    "--money",
    type=click.Choice(["units", "millionths"]),
    help=_words("What the money of Yandex Direct's API is counted in."),
)
@clients_option
@language_option
def import_command(
    files: tuple[Path, ...],
    client: str | None,
    yes: bool,
    campaigns: bool,
    columns: tuple[str, ...],
    decimal: str | None,
    dates: str | None,
    money: str | None,
    clients: Path,
    language: str,
) -> None:
    """Show what is in exports, and keep them."""
    words = Words(language=language)
    said = answer_of(columns, decimal, dates, money, words)
    found = files_of(files)
    if client is None:
        own = ExportFileField.model_validate(said)
        read = read_all(found, {safe_name(file.name): own for file in found}, words)
        show(read, words)
        if any(isinstance(each, ExportProblem) for each in read):
            sys.exit(1)
        return

    def shown(settings: ExportsField) -> list[Export | ExportProblem]:
        read = read_all(found, settings.files, words)
        show(read, words)
        return read

    sys.exit(
        keep_with(client, clients, found, said, shown, yes=yes, campaigns=campaigns, words=words)
    )
