"""Keeping exports with a client: after they were shown and read together with those there."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from funnelkit.client.document import load
from funnelkit.client.edit import with_value
from funnelkit.client.evidence.evidence import Evidence
from funnelkit.client.evidence.folder import client_exports, export_files
from funnelkit.client.evidence.found import evidence_of
from funnelkit.client.evidence.keep import Kept, digests, keep, place_of, safe_name
from funnelkit.client.export_fields import ExportFileField, ExportsField
from funnelkit.client.exports.export import Export
from funnelkit.client.exports.problems import ExportProblem, Refusal
from funnelkit.client.files import write_atomically
from funnelkit.client.fill import Needed
from funnelkit.client.problems import ClientFileError
from funnelkit.client.read import CLIENTS, find
from funnelkit.client.stumbles import find_problems
from funnelkit.show.evidence import evidence_lines
from funnelkit.show.exports import refusal_line
from funnelkit.show.journey import journey_table
from funnelkit.show.plain import table_lines
from funnelkit.show.problems import problem_lines
from funnelkit.show.words import Words

__all__ = ["keep_with"]

Read = list[Export | ExportProblem]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Client:
    """A client's file as far as exports need it."""

    file: Path
    needed: Needed

    @property
    def folder(self) -> Path:
        return self.file.parent / self.needed.exports.folder


def _client(name: str, clients: Path, words: Words) -> _Client:
    try:
        file = find(name, clients)
        document = load(file, f"{file.parent.name}/{file.name}")
        return _Client(file=file, needed=Needed.model_validate(document.data))
    except ClientFileError as error:
        raise click.ClickException("\n".join(problem_lines(error.problems, words))) from None
    except ValidationError:
        problems = tuple(find_problems(document, f"{file.parent.name}/{file.name}"))
        raise click.ClickException("\n".join(problem_lines(problems, words))) from None


def keep_with(
    name: str,
    clients: Path,
    files: Sequence[Path],
    said: Mapping[str, Any],
    shown: Callable[[ExportsField], Read],
    *,
    yes: bool,
    campaigns: bool,
    words: Words,
) -> int:
    """Show files, and copy them into a client's folder if somebody says so.

    Parameters
    ----------
    name : str
        The client's.
    clients : Path
    files : sequence of Path
    said : mapping
        Answers to what the files leave open, kept in the client's file.
    shown : callable
        Reads the files with the client's settings and prints what is in them.
    yes : bool
        Copy without asking.
    campaigns : bool
        Show campaigns and months apart.
    words : Words

    Returns
    -------
    int
        Exit status.
    """
    client = _client(name, clients, words)
    settings = client.needed.exports
    if said:
        own = ExportFileField.model_validate(said)
        answers = {**settings.files, **{safe_name(file.name): own for file in files}}
        settings = settings.model_copy(update={"files": answers})
    read = shown(settings)
    if any(isinstance(each, ExportProblem) for each in read):
        click.echo(words("Nothing was copied: first answer the questions above."), err=True)
        return 1
    there, refused = client_exports(client.file.parent, settings)
    taken = {} if refused else digests(export_files(client.file.parent, settings))
    kept = [place_of(file, file.read_bytes(), client.folder, taken) for file in files]
    new = [e for e, k in zip(read, kept, strict=True) if isinstance(e, Export) and not k.there]
    own_words = Words(language=words.language, currency=client.needed.currency.upper())
    problems, evidence = refused, None
    if not refused:
        needed = client.needed
        found = evidence_of((*there, *new), settings, needed.currency.upper(), needed.goal.month)
        evidence, problems = found.evidence, found.problems
    for problem in problems:
        click.echo(refusal_line(problem, words))
    if any(problem.code is not Refusal.NO_PERIOD for problem in problems):
        click.echo(words("Nothing was copied: first answer the questions above."), err=True)
        return 1
    _say(kept, evidence, own_words, campaigns=campaigns)
    fresh = [k for k in kept if not k.there]
    if not fresh:
        click.echo(words("All of it is there already; nothing was changed."))
        return 0
    if not yes and not click.confirm(words("Copy into {folder}?", folder=client.folder)):
        return 0
    return _write(client, fresh, said, words)


def _say(kept: Sequence[Kept], evidence: Evidence | None, words: Words, *, campaigns: bool) -> None:
    """Say what the client's exports then measure, and where each file goes."""
    if evidence:
        for line in evidence_lines(evidence, words):
            click.echo(line)
        click.echo()
        if table := journey_table(evidence, words, campaigns=campaigns):
            for line in table_lines(table):
                click.echo(line)
            click.echo()
    for each in kept:
        names = {"file": each.source.name, "name": each.target.name}
        if each.there:
            click.echo(words("{file} is there already as {name}", **names))
        elif each.source.name != each.target.name:
            click.echo(words("{file} will be called {name}", **names))


def _write(client: _Client, fresh: Sequence[Kept], said: Mapping[str, Any], words: Words) -> int:
    """Copy the files, and write answers into the client's file."""
    try:
        if said:
            text = client.file.read_bytes().decode("utf-8-sig")
            for each in fresh:
                text = with_value(text, ("exports", "files", each.target.name), said)
            write_atomically(client.file, text)
        for each in fresh:
            keep(each, each.source.read_bytes())
    except ValueError:
        line = words("the client's file leaves no place for the answers; write them there by hand")
        raise click.ClickException(line) from None
    except OSError as error:
        raise click.ClickException(
            words(
                "nothing can be written into {folder}: {error}", folder=client.folder, error=error
            )
        ) from None
    n = len(fresh)
    click.echo(
        words.plural(
            "{n} file copied into {folder}",
            "{n} files copied into {folder}",
            n,
            folder=client.folder,
        )
    )
    folder = client.file.parents[1]
    where = "" if folder == CLIENTS.resolve() else f" --clients {shlex.quote(str(folder))}"
    command = f"funnelkit check {shlex.quote(client.file.parent.name)}{where}"
    click.echo(words("Next: {command}", command=command))
    return 0
