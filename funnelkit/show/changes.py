"""What another hand changed in a client's file since it was read."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from math import isinf
from typing import Any

from funnelkit.client.client import Client
from funnelkit.model.levers import LEVERS, Unit
from funnelkit.show.lever_texts import unit_of
from funnelkit.show.words import Words

__all__ = ["change_lines"]

_LEVER_FIELDS = {
    "now": "now",
    "plan": "plan",
    "ceilings": "best",
    "start": "start",
    "costs": "cost",
}
"""A scenario's fields, and what the file calls them."""


def change_lines(before: Client, after: Client, words: Words) -> list[str]:
    """Say field by field what was there and what is there now, a line each.

    The fields that the model reads, and the scenarios.
    """
    lines = []
    for field, old, new, unit in _values(before, after):
        if old != new:
            texts = [_shown(value, words, unit) for value in (old, new)]
            if texts[0] == texts[1]:
                texts = [_shown(value, words, None) for value in (old, new)]
            lines.append(f"{field}: {texts[0]} → {texts[1]}")
    return lines


def _values(before: Client, after: Client) -> Iterator[tuple[str, Any, Any, Unit | None]]:
    """Yield every field with its value in both files."""
    for part in ("goal", "business"):
        old, new = getattr(before.plan, part), getattr(after.plan, part)
        for field in fields(old):
            yield f"{part}.{field.name}", getattr(old, field.name), getattr(new, field.name), None
    for name in sorted({*before.plan.now, *after.plan.now}):
        for attribute, called in _LEVER_FIELDS.items():
            old, new = (getattr(client.plan, attribute).get(name) for client in (before, after))
            lever = LEVERS.get(name) if attribute in ("now", "plan", "ceilings") else None
            yield f"levers.{name}.{called}", old, new, lever.unit if lever else None
    for name in sorted({*before.variants, *after.variants}):
        yield f"scenarios.{name}", before.variants.get(name), after.variants.get(name), Unit.MONEY


def _shown(value: Any, words: Words, unit: Unit | None) -> str:
    """Show a value; a number without a unit, or levers without any, with every digit."""
    match value:
        case None:
            return "–"
        case int() | float() if isinf(value):
            return "∞"
        case int() | float():
            return words.number(value, 12) if unit is None else words.value(value, unit)
        case Mapping():
            units = {name: unit and unit_of(name) for name in value}
            parts = (f"{name} {_shown(v, words, units[name])}" for name, v in value.items())
            return ", ".join(parts) or "="
        case tuple() | list():
            return ", ".join(_shown(part, words, unit) for part in value)
        case _:
            return str(getattr(value, "name", value))
