"""Which channel a row of an export belongs to, whatever the system calls it."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.exports.export import Export
from funnelkit.client.exports.meanings import Content, Meaning, System

__all__ = ["campaigns", "channels"]

Texts = NDArray[np.object_]

_LOOKED_AT = (
    Meaning.CHANNEL,
    Meaning.UTM_SOURCE,
    Meaning.SOURCE,
    Meaning.UTM_CAMPAIGN,
    Meaning.CAMPAIGN,
    Meaning.UTM_MEDIUM,
)
"""Columns that may say where a row comes from, in the order in which they are asked."""

_OF_SYSTEM = {
    System.YANDEX_DIRECT: ("yandex", "yandex.direct", "yandex_direct", "yandexdirect", "direct"),
    System.VK_ADS: ("vk", "vk_ads", "vkads", "vk.com", "vkontakte"),
    System.GOOGLE_ADS: ("google", "google_ads", "googleads", "adwords"),
    System.META_ADS: ("facebook", "fb", "instagram", "ig", "meta", "facebook_ads", "meta_ads"),
    System.OZON: ("ozon", "ozon_performance"),
}
"""How links call the systems whose advertisements they stand in."""

_UNPAID = frozenset({"organic", "referral", "email", "e-mail", "social", "(none)", "none"})
"""Media of links that no advertisement has."""

_NONE = frozenset({"", "(not set)", "(none)", "(direct)", "не указан", "не указано"})


def channels(export: Export, named: Mapping[str, Sequence[str]]) -> Texts:
    """Name each row's channel, shape (rows,); empty where nothing does.

    Parameters
    ----------
    export : Export
    named : mapping of str to sequence of str
        The client's own channels, each with what its rows say, where ``*`` stands for anything.
        A row of none of them is called by its advertising system, or as its own column says.
    """
    columns = [export.columns.get(meaning) for meaning in _LOOKED_AT]
    blank = np.full(export.rows, "", dtype=object)
    table = [blank if column is None else column.astype(object) for column in columns]
    seen: dict[tuple[str, ...], int] = {}
    codes = [seen.setdefault(row, len(seen)) for row in zip(*table, strict=True)]
    patterns = [(name, p.casefold()) for name, like in named.items() for p in (name, *like)]
    advertising = export.content is Content.SPEND and export.system in _OF_SYSTEM
    own = str(export.system) if advertising else ""
    found = np.array([_channel(row, own, patterns) for row in seen], dtype=object)
    return found[np.array(codes, dtype=np.int64)] if codes else blank


def _channel(row: tuple[str, ...], own: str, patterns: Sequence[tuple[str, str]]) -> str:
    texts = [text.strip() for text in row]
    usual = own or _usual(texts)
    for name, pattern in patterns:
        if any(text and fnmatchcase(text.casefold(), pattern) for text in (*texts, usual)):
            return name
    return usual


def _usual(texts: Sequence[str]) -> str:
    """Name a row's channel where the client does not: by its advertising system, or as it says."""
    channel, utm, source, _utm_campaign, _campaign, medium = texts
    said = next((t for t in (channel, utm, source) if t.casefold() not in _NONE), "")
    name, _slash, beside = said.partition(" / ")  # as GA4 joins source and medium
    medium = (beside or medium).casefold()
    if medium not in _UNPAID:
        for system, names in _OF_SYSTEM.items():
            if name.casefold() in names:
                return str(system)
    return name


def campaigns(export: Export) -> Texts:
    """Name each row's campaign, shape (rows,); empty where nothing does."""
    for meaning in (Meaning.CAMPAIGN, Meaning.UTM_CAMPAIGN, Meaning.CAMPAIGN_NUMBER):
        if meaning in export.columns:
            return export.columns[meaning].astype(object)
    return np.full(export.rows, "", dtype=object)
