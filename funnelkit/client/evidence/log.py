"""The log of a client's sales: who paid what on which day, from all exports together."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelkit.client.evidence.folder import client_exports
from funnelkit.client.evidence.stages import WON
from funnelkit.client.evidence.tables import Tables, tables
from funnelkit.client.export_fields import ExportsField
from funnelkit.client.exports.export import Export
from funnelkit.client.exports.meanings import Content
from funnelkit.client.exports.problems import ExportProblem

__all__ = ["Read", "SalesLog", "read_log"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesLog:
    """Sales that name a client and a day.

    Attributes
    ----------
    files : tuple of str
    client : ndarray of str, shape (sales,)
    day : ndarray of datetime64[D], shape (sales,)
    amount : ndarray, shape (sales,)
        Client's currency without VAT; below 0 what was paid back.
    nameless : int
        Sales that name no client.
    """

    files: tuple[str, ...]
    client: NDArray[Any]
    day: NDArray[np.datetime64]
    amount: NDArray[np.float64]
    nameless: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A client's exports once more, row by row.

    Attributes
    ----------
    exports : tuple of Export
    problems : tuple of ExportProblem
    again : int
        Rows that two files had, and that were taken once.
    log : SalesLog or None
        None without sales that can be told from one another.
    """

    exports: tuple[Export, ...]
    problems: tuple[ExportProblem, ...]
    again: int
    log: SalesLog | None


def read_log(client_folder: Path, settings: ExportsField, currency: str) -> Read:
    """Read the exports of a client, and the log of the sales that are its revenue."""
    exports, problems = client_exports(client_folder, settings)
    if problems or not exports:
        return Read(exports=exports, problems=problems, again=0, log=None)
    joined, problems = tables(exports, settings, currency)
    if joined is None:
        return Read(exports=exports, problems=problems, again=0, log=None)
    return Read(exports=exports, problems=(), again=joined.again, log=_log(joined))


def _log(joined: Tables) -> SalesLog | None:
    if joined.revenue is None:
        return None
    table = joined.of[joined.revenue]
    day, amount = table.day, table["amount"]
    sold = ~np.isnan(amount)
    if joined.revenue is Content.DEALS:
        day, sold = table["closed"], sold & (table["state"] == WON)
    sold &= ~np.isnat(day)
    client = np.array([str(name).casefold() for name in table["customer"]], dtype=str)
    named = sold & (client != "")
    return SalesLog(
        files=table.files,
        client=client[named],
        day=day[named].astype("datetime64[D]"),
        amount=amount[named],
        nameless=int((sold & ~named).sum()),
    )
