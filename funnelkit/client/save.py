"""Save a plan's levers by name into the client's file, keeping the rest of it to the last byte."""

import os
import stat
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from funnelkit.client.channels import changed_channels
from funnelkit.client.client import Client, Decision
from funnelkit.client.edit import item_lines, with_item, with_value
from funnelkit.client.files import write_atomically
from funnelkit.client.problems import ClientFileError, Code, Problem
from funnelkit.client.read import read_client
from funnelkit.client.variants import stored_levers
from funnelkit.model.levers import LEVERS

__all__ = [
    "Channels",
    "decision_lines",
    "fingerprint",
    "save_beside",
    "save_decision",
    "save_scenario",
    "scenario_entry",
]

LONGEST_NAME = 60
"""Characters of a scenario's name, as the file's schema allows them."""

LONGEST_TEXT = 300
"""Characters of any other text."""

Channels = Mapping[str, Mapping[str, float]]
"""What a scenario plans otherwise of channels: values by the file's field, by channel."""

_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def fingerprint(path: Path) -> str:
    """Return what tells one content of a file from another.

    Raises
    ------
    ClientFileError
        Where the file cannot be read.
    """
    return _fingerprint(_bytes(path))


def save_scenario(
    path: Path,
    name: str,
    levers: Mapping[str, float],
    *,
    channels: Channels = MappingProxyType({}),
    title: str | None = None,
    seen: str,
) -> str:
    """Add a scenario to a client's file, or replace one.

    Parameters
    ----------
    path : Path
    name : str
        Any text in one line but ``plan`` and ``now``.
    levers : mapping of str to float
        Planned values by lever of the table; those that the file plans so anyway are left out. On
        a product line a summed lever moves the line in proportion.
    channels : mapping of str to mapping of str to float
        What is planned otherwise of channels, by channel and field.
    title : str, optional
        What readers see. Without one a replaced scenario keeps its own.
    seen : str
        The file's `fingerprint` when it was read.

    Returns
    -------
    str
        The file's fingerprint now.

    Raises
    ------
    ClientFileError
        For a name or levers that cannot be saved, a file that was changed since `seen`, that has
        problems of its own or that cannot be written to. Then the file is as it was.
    """
    path, file = path.resolve(), f"{path.parent.name}/{path.name}"
    _check_name(name, file)
    raw = _bytes(path)
    if _fingerprint(raw) != seen:
        raise _refusal(Code.CHANGED, file)
    client = read_client(path, file)
    stored = stored_levers(client.plan, levers)
    expected = client.scenario("plan", stored)  # which refuses what cannot be planned
    had = client.variants.get(name, {})
    had_channels = bool(client.marketing and name in client.marketing.variants)
    # What a scenario says of channels and products stands apart, and goes with it.
    whole = channels or had_channels or not {*stored, *had} <= set(LEVERS)

    def edited(text: str) -> str:
        if name not in client.variants or whole:
            called = title or client.titles.get(name)
            entry = ({"title": called} if called else {}) | scenario_entry(stored, channels)
            return with_value(text, ("scenarios", name), entry)
        text = with_value(text, ("scenarios", name, "levers"), stored)
        return with_value(text, ("scenarios", name, "title"), title) if title else text

    def holds(saved: Client) -> bool:
        if not channels:
            return saved.scenario(name) == expected
        kept = saved.variants.get(name, {})
        planned = saved.marketing and changed_channels(
            saved.marketing.media, saved.marketing.media_of(name)
        )
        return planned == channels and stored.items() <= kept.items()

    return _rewrite(path, file, raw, edited, holds)


def scenario_entry(levers: Mapping[str, float], channels: Channels) -> dict[str, Any]:
    """Return a scenario's levers and channels as its file says them."""
    products: dict[str, dict[str, float]] = {}
    for name, value in levers.items():
        if name not in LEVERS:
            kind, _dot, product = name.partition(".")
            products.setdefault(product, {})[kind] = value
    entry: dict[str, Any] = {"levers": {n: v for n, v in levers.items() if n in LEVERS}}
    entry |= {"products": products} if products else {}
    return entry | ({"channels": channels} if channels else {})


def save_decision(path: Path, decision: Decision) -> None:
    """Add a decision to a client's file, whatever else was changed there meanwhile.

    Raises
    ------
    ClientFileError
        For a decision that the file's schema does not allow, or a file that has problems of its
        own or cannot be written to. Then the file is as it was.
    """
    path, file = path.resolve(), f"{path.parent.name}/{path.name}"
    what, who = decision.what.strip(), decision.who.strip()
    for field, text in (("what", what), ("who", who)):
        if not text:
            raise _refusal(Code.EMPTY, file, field=f"decisions.{field}")
        _check_text(text, file, LONGEST_TEXT, f"decisions.{field}")
    decision = replace(decision, what=" ".join(what.split()), who=" ".join(who.split()))
    raw = _bytes(path)
    expected = (*read_client(path, file).decisions, decision)
    _rewrite(
        path,
        file,
        raw,
        lambda text: with_item(text, "decisions", _item(decision)),
        lambda saved: saved.decisions == expected,
    )


def decision_lines(decision: Decision) -> str:
    """Return a decision as it would be written into a file that has none."""
    return item_lines("decisions", _item(decision))


def _item(decision: Decision) -> dict[str, str | float]:
    item: dict[str, str | float] = {
        "what": decision.what,
        "who": decision.who,
        "by": f"{decision.by:%Y-%m}",
    }
    return item if decision.money is None else item | {"money": decision.money}


def _rewrite(
    path: Path,
    file: str,
    raw: bytes,
    edited: Callable[[str], str],
    holds: Callable[[Client], bool],
) -> str:
    """Write a file's text anew, if it then holds what it should; return its fingerprint."""
    text = raw.decode()
    mark, text = text[: text.startswith(_BOM)], text.removeprefix(_BOM)
    try:
        text = edited(text)
    except ValueError:
        raise _refusal(Code.NO_PLACE, file) from None

    def check(written: Path) -> None:
        if not holds(read_client(written, file)):
            raise _refusal(Code.NO_PLACE, file)
        if _bytes(path) != raw:
            raise _refusal(Code.CHANGED, file)

    try:
        _check_writable(path)
        write_atomically(path, mark + text, check)
    except OSError as error:
        raise _refusal(Code.NOT_WRITABLE, file, error.strerror or str(error)) from None
    return _fingerprint((mark + text).encode())


def save_beside(
    client: Client,
    name: str,
    levers: Mapping[str, float],
    channels: Channels = MappingProxyType({}),
) -> Client:
    """Save a scenario beside what others saved since the client was read.

    Returns
    -------
    Client
        The client with this scenario, and still without those of others, which nobody here has
        seen: saving under the name of one of them goes on being refused.

    Raises
    ------
    ClientFileError
        As `save_scenario`. What was changed meanwhile is a hindrance only where it concerns the
        model or the scenario of this name, so that two boards do not stand in each other's way.
    """
    path = client.path
    seen, present = fingerprint(path), read_client(path)
    if (
        present.plan != client.plan
        or _channels(present) != _channels(client)
        or present.variants.get(name) != client.variants.get(name)
    ):
        raise _refusal(Code.CHANGED, f"{path.parent.name}/{path.name}")
    save_scenario(path, name, levers, channels=channels, seen=seen)
    saved = read_client(path)
    marketing = client.marketing
    if marketing and saved.marketing:
        terms = {n: t for n, t in marketing.variants.items() if n != name}
        if name in saved.marketing.variants:
            terms[name] = saved.marketing.variants[name]
        marketing = replace(marketing, variants=terms)
    variants = dict(client.variants) | {name: saved.variants[name]}
    return replace(client, variants=variants, marketing=marketing)


def _channels(client: Client) -> object:
    """Return what tells one file's channels from another's as scenarios plan them."""
    if client.marketing is None:
        return None
    media = client.marketing.media
    terms = (media.plan.amount, media.plan.price, *media.plan.rates.values())
    return media.market.names, media.starts, [column.tobytes() for column in terms]


def _refusal(
    code: Code, file: str, found: str = "", *, field: str = "scenarios", **values: float
) -> ClientFileError:
    problem = Problem(code=code, file=file, field=field, found=found, values=values)
    return ClientFileError((problem,))


def _check_name(name: str, file: str) -> None:
    if not name.strip():
        raise _refusal(Code.NO_NAME, file)
    if name in ("plan", "now"):
        raise _refusal(Code.RESERVED, file, name)
    _check_text(name, file, LONGEST_NAME, "scenarios")


def _check_text(text: str, file: str, longest: int, field: str) -> None:
    if len(text) > longest:
        raise _refusal(Code.TOO_LONG, file, text, field=field, high=longest)
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
            raise _refusal(Code.CHARACTER, file, f"U+{ord(character):04X}", field=field)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        file = f"{path.parent.name}/{path.name}"
        raise _refusal(Code.UNREADABLE, file, error.strerror or "") from None


def _check_writable(path: Path) -> None:
    """Respect a file or folder that is marked as read-only, though a move would get past that."""
    for place in (path, path.parent):
        if not os.access(place, os.W_OK) or not place.stat().st_mode & stat.S_IWUSR:
            raise PermissionError(13, os.strerror(13))


def _fingerprint(raw: bytes) -> str:
    return sha256(raw).hexdigest()
