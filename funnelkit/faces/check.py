"""The commands that look a client's file through, and that help editors to do so."""

import sys
from pathlib import Path

import click

from funnelkit.client.document import load
from funnelkit.client.doubts import doubts
from funnelkit.client.files import write_atomically
from funnelkit.client.problems import ClientFileError
from funnelkit.client.read import client_names, find, read_client
from funnelkit.faces.options import READER, clients_option, language_option
from funnelkit.faces.schema import DATA, SCHEMA, schema_text
from funnelkit.show.doubts import doubt_lines
from funnelkit.show.problems import problem_lines
from funnelkit.show.words import Words

__all__ = ["check_command", "schema_command"]

_words = Words(language=READER)


@click.command(
    name="check",
    help=_words(
        "Say all that is wrong or doubtful in the files of the named clients, or of all.\n\n"
        "Doubts stop nothing; with problems the exit status is 1.\n\n"
        "Example: funnelkit check saldo"
    ),
)
@click.argument("names", nargs=-1)
@clients_option
@language_option
def check_command(names: tuple[str, ...], clients: Path, language: str) -> None:
    """Look clients' files through."""
    words = Words(language=language)
    chosen = dict.fromkeys(names or client_names(clients))
    if not chosen:
        raise click.ClickException(words("there are no clients in {folder}", folder=clients))
    wrong = False
    for name in chosen:
        try:
            file = find(name, clients)
            client = read_client(file)
        except ClientFileError as error:
            wrong = True
            lines, n = problem_lines(error.problems, words), len(error.problems)
            said = words.plural("{n} problem", "{n} problems", n)
        else:
            own = Words(language=language, currency=client.currency)
            document = load(file, f"{client.name}/{file.name}")
            lines = doubt_lines(doubts(client), client, document, own)
            said = words.plural("no problems, {n} doubt", "no problems, {n} doubts", len(lines))
        click.echo(f"{name}: {said}")
        for line in lines:
            click.echo(f"    {line}")
    if wrong:
        sys.exit(1)


@click.command(
    name="schema",
    help=_words(
        "Write the JSON Schema of a client's file, with which editors complete and explain it.\n\n"
        "Example: funnelkit schema data/client.schema.json"
    ),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default=DATA / SCHEMA)
def schema_command(file: Path) -> None:
    """Write the schema."""
    write_atomically(file, schema_text())
    click.echo(file)
