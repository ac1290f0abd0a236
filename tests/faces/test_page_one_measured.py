"""Page one of a client whose point A is measured, once more: from the orders, in plain Python."""

import csv
import math
import random
import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from funnelkit.faces.notebooks import execute, notebook_of
from funnelkit.faces.report import report_html

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "data" / "clients" / "cdnow"
LAST = 12 * 1998 + 6
"""June 1998, the month of point A."""

PLAN = {"retention": 0.83, "rate": 0.5, "check": 38.0}
NEW = {"visitors": (0.0, 8000.0), "lead": (0.04, 0.045), "win": (0.30, 0.32), "first": (33.0, 34.0)}
"""What is typed: of existing clients the plan, of new ones now and plan."""


@pytest.fixture(scope="module")
def page() -> str:
    """The text of page one."""
    given = {"client": str(FOLDER / "client.yaml")}
    report = report_html(execute(notebook_of("en"), given, ROOT), "en")
    first = report.split('<section class="fk-summary')[1].split(">", 1)[1].split("</section>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", first)).split())


class Orders:
    """What the orders say, counted client by client."""

    def __init__(self) -> None:
        self.months: dict[str, set[int]] = {}
        bought: dict[tuple[str, date], float] = {}
        with (FOLDER / "exports" / "orders.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                day = date.fromisoformat(row["date"])
                key = (row["client"], day)
                bought[key] = bought.get(key, 0.0) + float(row["amount"])
                own = self.months.setdefault(row["client"], set())
                own.add(12 * day.year + day.month)
        recent = [
            (12 * day.year + day.month, amount)
            for (_client, day), amount in bought.items()
            if LAST - 2 <= 12 * day.year + day.month <= LAST
        ]
        self.a = sum(amount for month, amount in recent if month == LAST)
        self.clients = len(self.active(LAST))
        starts = [self.active(month) for month in (LAST - 2, LAST - 1, LAST)]
        ends = [*starts[1:], self.active(LAST + 1)]
        self.of = sum(map(len, starts))
        self.kept = sum(len(start & end) for start, end in zip(starts, ends, strict=True))
        self.rate = len(recent) / self.of
        self.check = sum(amount for _month, amount in recent) / len(recent)

    def active(self, month: int) -> set[str]:
        """Clients who bought within the three months before."""
        return {c for c, own in self.months.items() if own & {month - 1, month - 2, month - 3}}


ORDERS = Orders()


def revenue(retention: tuple[float, float], lead: tuple[float, float]) -> list[float]:
    """Month by month up to two months after the goal's, levers moving evenly to the sixth."""
    found, active = [], float(ORDERS.clients)
    now = {"rate": ORDERS.rate, "check": ORDERS.check}
    for month in range(9):
        part = min(month / 6, 1.0)

        def at(ends: tuple[float, float], part: float = part) -> float:
            return ends[0] + (ends[1] - ends[0]) * part

        again = math.prod(at((now[name], PLAN[name])) for name in now)
        new = at(NEW["visitors"]) * at(lead) * at(NEW["win"])
        found.append(active * again + new * at(NEW["first"]))
        active = (active + new) * at(retention)
    return found


def planned() -> list[float]:
    return revenue((ORDERS.kept / ORDERS.of, PLAN["retention"]), NEW["lead"])


def test_points_a_and_b_and_what_the_plan_reaches(page: str) -> None:
    reached = planned()[6]
    for value in (ORDERS.a, 9000.0, reached):
        assert f"${value:,.0f}" in page
    assert f"×{9000 / ORDERS.a:.2f}" in page
    assert f"×{reached / ORDERS.a:.2f}" in page


def test_the_plan_reaches_b_and_the_level_holds(page: str) -> None:
    assert min(planned()[6:]) >= 9000
    assert "The plan reaches B." in page
    assert "The level holds" in page


def test_the_probability_is_that_of_the_counts_and_the_guess(page: str) -> None:
    """Retention as beta of its counts, lead rate as PERT, both plans moving with today's."""
    dice, hits, draws = random.Random(1), 0, 4000
    now, plan = ORDERS.kept / ORDERS.of, PLAN["retention"]
    low, likely, high = 0.025, 0.04, 0.055
    for _ in range(draws):
        stay = dice.betavariate(0.5 + ORDERS.kept, 0.5 + ORDERS.of - ORDERS.kept)
        up, down = 1 + 4 * (likely - low) / (high - low), 1 + 4 * (high - likely) / (high - low)
        lead = low + (high - low) * dice.betavariate(up, down)
        retention = (stay, min(plan * stay / now, 1.0))
        hits += revenue(retention, (lead, NEW["lead"][1] * lead / likely))[6] >= 9000
    shown = int(re.search(r"in (\d+) of 100 cases", page)[1]) / 100
    error = 4 * math.sqrt(0.25 * (1 / draws + 1 / 10_000))
    assert hits / draws == pytest.approx(shown, abs=error + 0.005)


def test_what_the_first_things_move(page: str) -> None:
    assert f"{ORDERS.rate:.2f} → 0.5" in page
    assert "0 → 8,000" in page
    assert "4% → 4.5%" in page


def test_real_purchases_are_not_called_invented(page: str) -> None:
    assert "its people and its plan are made up" in page
    assert "figures are made up" not in page
