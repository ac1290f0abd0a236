"""Options that several commands share."""

from pathlib import Path

import click

from funnelkit.client.read import CLIENTS
from funnelkit.show.words import LANGUAGES, Words, system_language

__all__ = ["READER", "clients_option", "language_option"]

READER = system_language()
"""Language of the person at this machine, and of every command's help."""

_words = Words(language=READER)

clients_option = click.option(
    "--clients",
    type=click.Path(path_type=Path, file_okay=False),
    default=CLIENTS,
    show_default=True,
    help=_words("Folder with a folder for each client."),
)


language_option = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=READER,
    show_default=True,
    help=_words("Language of messages, and of a new file."),
)
