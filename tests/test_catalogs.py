"""The package's catalogs: every message translated, nothing left over, every field kept."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
KEYWORDS = {"_": None, "words": None, "_words": None, "plural": (1, 2)}
METHODS = [("**.py", "python"), ("**.jinja", "jinja2"), ("**.j2", "jinja2")]


def messages() -> Iterator[str]:
    """Message ids in the package's code and templates, the first form of a plural."""
    found = extract_from_dir(str(ROOT / "funnelkit"), METHODS, keywords=KEYWORDS)
    for _file, _line, message, _comments, _context in found:
        yield message[0] if isinstance(message, tuple) else message


@pytest.fixture(scope="module")
def russian() -> Catalog:
    path = ROOT / "funnelkit" / "locale" / "ru" / "LC_MESSAGES" / "funnelkit.po"
    with path.open("rb") as file:
        return read_po(file, locale="ru")


def texts(catalog: Catalog, message: str) -> list[str]:
    found = catalog.get(message)
    if found is None or found.fuzzy:
        return []
    return [found.string] if isinstance(found.string, str) else list(found.string)


def test_every_message_is_translated(russian: Catalog) -> None:
    assert [m for m in set(messages()) if not all(texts(russian, m) or [""])] == []


def test_no_translation_is_left_over(russian: Catalog) -> None:
    ids = {m.id[0] if isinstance(m.id, tuple) else m.id for m in russian if m.id}
    assert ids - set(messages()) == set()


def test_a_translation_keeps_the_fields_of_its_message(russian: Catalog) -> None:
    fields = re.compile(r"{(\w*)}")
    for message in set(messages()):
        for text in texts(russian, message):
            assert set(fields.findall(text)) == set(fields.findall(message)), message


def test_messages_are_found_at_all() -> None:
    found = set(messages())
    assert {"no data", "Point A", "Monthly retention", "at its limit"} <= found
