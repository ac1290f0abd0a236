"""Clienteles that tests share: CDNOW's from the demo client's file, and clients with a contract."""

import csv
from functools import cache
from pathlib import Path

import numpy as np

from funnelkit.plan.clientele import Clientele
from funnelkit.plan.contracts import Contracts
from funnelkit.plan.habits import Habits

FILE = Path(__file__).parents[2] / "data" / "clients" / "cdnow" / "exports" / "orders.csv"


@cache
def shop() -> Clientele:
    """Clients who come and go."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Clientele.of(
        [row["client"] for row in rows],
        np.array([row["date"] for row in rows], dtype="datetime64[D]"),
        [float(row["amount"]) for row in rows],
    )


@cache
def shop_habits() -> Habits:
    return Habits.of(shop())


def contract_rows(
    clients: int = 900, months: int = 18, alpha: float = 0.7, beta: float = 2.8, seed: int = 8
) -> list[tuple[str, str, float]]:
    """Clients who come in the first 9 months and pay on the 10th until they leave.

    Each leaves at a renewal with a probability of his own, beta-distributed: the model's story.
    """
    dice = np.random.default_rng(seed)
    rows = []
    for client in range(clients):
        first, leave = int(dice.integers(0, 9)), dice.beta(alpha, beta)
        stays = int(dice.geometric(max(leave, 1e-9)))
        fee = float(dice.choice([10.0, 20.0, 40.0]))
        for month in range(first, min(first + stays, months)):
            day = np.datetime64("2025-01", "M") + month
            rows.append((f"client {client:04}", f"{day}-10", fee))
    return rows


@cache
def subscribers() -> Clientele:
    """Clients with a contract, drawn from alpha = 0.7 and beta = 2.8."""
    client, day, amount = zip(*contract_rows(), strict=True)
    end = int(np.datetime64("2026-06-30").astype(int))
    return Clientele.of(client, np.array(day, dtype="datetime64[D]"), amount, end)


@cache
def contracts() -> Contracts:
    return Contracts.of(subscribers())
