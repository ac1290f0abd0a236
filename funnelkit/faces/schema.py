"""The JSON Schema of a client's file in all languages at once, as editors show it."""

import json

from funnelkit.client.json_schema import client_schema
from funnelkit.client.read import CLIENTS
from funnelkit.show.words import LANGUAGES, Words

__all__ = ["DATA", "SCHEMA", "schema_text"]

DATA = CLIENTS.parent
"""Folder beside which the first line of a client's file looks for the schema."""

SCHEMA = "client.schema.json"


def schema_text() -> str:
    """Return the schema, every description in each language."""
    every = [Words(language=language) for language in LANGUAGES]

    def say(message: str) -> str:
        return " · ".join(words(message) for words in every)

    return json.dumps(client_schema(say), indent=2, ensure_ascii=False) + "\n"
