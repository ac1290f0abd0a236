"""The command that begins a new client."""

import os
import re
import shlex
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from funnelkit.client.answers import ANSWERS
from funnelkit.client.client import Client
from funnelkit.client.fields import LONGEST
from funnelkit.client.folder import Fault, fault_of, plain, write_new
from funnelkit.client.new import Beginning
from funnelkit.client.problems import ClientFileError
from funnelkit.client.read import CLIENTS, FILE, read_client
from funnelkit.faces.asking import Refusal, ask, take
from funnelkit.faces.options import READER, clients_option, language_option
from funnelkit.faces.schema import SCHEMA
from funnelkit.plan.diagnosis import Status, smart
from funnelkit.show.interview import fault_sentence, outcome_lines, prompt_text
from funnelkit.show.new_client import client_text
from funnelkit.show.problems import problem_lines
from funnelkit.show.verdicts import verdict_sentence
from funnelkit.show.words import Words

__all__ = ["last_month", "new_command"]

CURRENCIES = {"en": "USD", "ru": "RUB"}
"""Currency of a new client who names none, by language."""

_words = Words(language=READER)


def last_month(today: date) -> date:
    """Return the first day of the last whole month, the one that can have been measured."""
    years, month = divmod(today.year * 12 + today.month - 2, 12)
    return date(years, month + 1, 1)


def check_name(name: str, clients: Path, words: Words) -> str:
    """Return a new client's name in its one spelling.

    Raises
    ------
    Refusal
        Where it cannot be one.
    """
    name = plain(name)
    if fault := fault_of(name, clients):
        raise Refusal(fault_sentence(fault, name, words))
    return name


def _tried(text: str, words: Words) -> Client:
    """Read a file's text before it is written anywhere that counts.

    Raises
    ------
    Refusal
        Where what was typed, a title or a currency, makes a file that has problems.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        file.write_text(text, encoding="utf-8", errors="replace")
        try:
            return read_client(file, FILE)
        except ClientFileError as error:
            raise Refusal("\n".join(problem_lines(error.problems, words))) from None


def create(
    beginning: Beginning,
    *,
    name: str,
    clients: Path,
    title: str,
    words: Words,
    month: date,
    months: int,
) -> Path:
    """Write a new client's file and say what was solved and assumed.

    Raises
    ------
    Refusal
        Where there is such a client already, or the folder cannot be written to.
    """
    text = client_text(
        beginning,
        title=title,
        language=words.language,
        currency=words.currency,
        month=month,
        months=months,
    )
    client = _tried(text, words)
    file = clients / name / FILE
    try:
        write_new(file, text)
    except OSError as error:
        if os.path.lexists(file):
            raise Refusal(fault_sentence(Fault.EXISTS, name, words)) from None
        said = words("{file} cannot be written: {why}", file=file, why=error.strerror or error)
        raise click.ClickException(said) from None
    click.echo(words("Written: {file}", file=file))
    for line in outcome_lines(beginning, words):
        click.echo(line)
    for verdict in smart(client.plan):
        if verdict.check == "measurable" and verdict.status is Status.WARNING:
            click.echo(verdict_sentence(verdict, words))
    return file


def _answers(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for every answer."""
    for name in reversed(ANSWERS):
        command = click.option(
            "--" + name.replace("_", "-"),
            name,
            metavar=_words("NUMBER"),
            help=prompt_text(name, _words("client's currency"), _words) + ".",
        )(command)
    return command


@click.command(
    name="new",
    help=_words(
        "Begin a new client's file with eight questions.\n\nAn answer may be left empty: one "
        "unknown is solved from the turnover, others take an assumption marked as such. With any "
        "of the answers as options nothing is asked, and what is not given is not known.\n\n"
        "Example: funnelkit new acme --turnover 1000000 --leads 160 --first-check 30000"
    ),
)
@click.argument("name")
@clients_option
@language_option
@click.option(
    "--currency",
    metavar="CODE",
    help=_words("Three letters, as in RUB or USD; by default that of the language."),
)
@click.option("--title", help=_words("Name that reports show; by default the folder's."))
@click.option(
    "--month",
    type=click.DateTime(["%Y-%m"]),
    metavar="YYYY-MM",
    help=_words("Month in which A was measured; by default the last whole month."),
)
@click.option(
    "--months",
    type=click.IntRange(1, LONGEST),
    default=3,
    show_default=True,
    help=_words("Months from A to B."),
)
@_answers
def new_command(
    name: str,
    clients: Path,
    language: str,
    currency: str | None,
    title: str | None,
    month: datetime | None,
    months: int,
    **typed: str | None,
) -> None:
    """Begin a new client."""
    words = Words(language=language, currency=(currency or CURRENCIES[language]).upper())
    if not re.fullmatch("[A-Z]{3}", words.currency):
        said = words("“{code}” is no currency; three letters, as in RUB or USD.", code=currency)
        raise Refusal(said)
    name = check_name(name, clients, words)
    given = any(text is not None for text in typed.values())
    beginning = take(typed, words) if given else ask(words)
    file = create(
        beginning,
        name=name,
        clients=clients,
        title=title or name,
        words=words,
        month=month.date() if month else last_month(date.today()),
        months=months,
    )
    where = "" if clients == CLIENTS else f" --clients {shlex.quote(str(clients))}"
    click.echo(words("The plan moves nothing yet: it is made in the workshop. Next:"))
    if not (file.parents[2] / SCHEMA).is_file():
        click.echo(f"    funnelkit schema {shlex.quote(str(file.parents[2] / SCHEMA))}")
    click.echo(f"    funnelkit check {name}{where}")
    click.echo(f"    funnelkit workshop {name}{where}")
