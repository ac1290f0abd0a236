"""What the notebook of evidence records of its results."""

from dataclasses import fields
from typing import Any

import numpy as np

from funnelkit.client.client import Client
from funnelkit.client.evidence.log import Read
from funnelkit.faces.record import DIGITS
from funnelkit.plan.clientele import Clientele
from funnelkit.plan.contracts import Contracts
from funnelkit.plan.habits import Habits
from funnelkit.plan.lifetime import Fit, LifetimeError
from funnelkit.plan.worth import Worth
from funnelkit.show.picture import rounded

__all__ = ["evidence_record"]


def evidence_record(
    client: Client,
    read: Read,
    clientele: Clientele | LifetimeError,
    habits: Habits | Contracts | LifetimeError,
    worth: Worth | LifetimeError,
    version: str,
) -> dict[str, Any]:
    """Collect the results of the notebook of evidence as plain JSON data."""
    found = client.found.evidence if client.found else None
    record: dict[str, Any] = {
        "version": version,
        "client": client.name,
        "title": client.title,
        "demo": client.demo,
        "currency": client.currency,
        "files": [
            {
                "file": export.file,
                "system": str(export.system),
                "rows": export.rows,
                "totals": {str(meaning): total for meaning, total in export.totals.items()},
            }
            for export in read.exports
        ],
        "problems": [f"{problem.file}: {problem.code}" for problem in read.problems],
        "period": [found.first.isoformat(), found.last.isoformat()] if found else None,
        "measured": {name: m.value for name, m in found.levers.items()} if found else {},
        "a": found.a.value if found and found.a else None,
        "clientele": _clientele(clientele),
        "fits": _fits(habits),
        "worth": _worth(worth),
    }
    exact: dict[str, Any] = rounded(record, DIGITS)
    return exact


def _clientele(clientele: Clientele | LifetimeError) -> dict[str, Any] | None:
    if isinstance(clientele, LifetimeError):
        return None
    orders = clientele.orders
    return {
        "clients": orders.clients.size,
        "purchases": orders.day.size,
        "paid": float(orders.amount.sum()),
        "returned": clientele.returned,
        "repeaters": clientele.repeaters,
        "contractual": clientele.contractual,
    }


def _fits(habits: Habits | Contracts | LifetimeError) -> dict[str, Any]:
    if isinstance(habits, LifetimeError):
        return {}
    parts: dict[str, Fit[Any] | LifetimeError] = (
        {"half": habits.half, "whole": habits.whole}
        if isinstance(habits, Contracts)
        else {
            f"{name}_{kind}": getattr(fitted, kind)
            for name, fitted in (("half", habits.half), ("whole", habits.whole))
            for kind in ("purchases", "spend")
        }
    )
    return {name: _fit(fit) for name, fit in parts.items()}


def _fit(fit: Fit[Any] | LifetimeError) -> dict[str, Any]:
    """Record to six digits: where a search ends differs between machines."""
    if isinstance(fit, LifetimeError):
        return {"lack": fit.lack.name.lower()}
    values = {f.name: float(getattr(fit.model, f.name)) for f in fields(fit.model)}
    known: dict[str, Any] = rounded(values | {"log_likelihood": fit.log_likelihood}, 6)
    return known


def _worth(worth: Worth | LifetimeError) -> dict[str, Any] | None:
    """Record to five digits what fitted parameters give."""
    if isinstance(worth, LifetimeError):
        return None
    ends = ("value", "low", "high")
    known: dict[str, Any] = rounded(
        {
            "horizons": list(worth.horizons),
            "new": {
                e: np.asarray(getattr(worth.new, e))[list(worth.horizons)].tolist() for e in ends
            },
            "purchases": {e: np.asarray(getattr(worth.purchases, e)).tolist() for e in ends},
            "present": {e: np.asarray(getattr(worth.value, e)).tolist() for e in ends},
        },
        5,
    )
    return known
