"""Reading an export of a million rows and an order log of as many, against pandas.

Both are measured in one run on the same bytes. pandas is told what ours finds out: encoding,
separator, decimal mark, the line of the headings, the columns and their kinds; it still needs its
own steps for no-break spaces, for which `thousands` leaves a column as text. The order log is
summarised by client (repeats, last, age, mean spend of repeats) with the same rules. The totals
have to agree to the last digit, or nothing is printed.
"""

import io
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from funnelkit.client.exports.meanings import Meaning
from funnelkit.client.exports.read import read_bytes
from funnelkit.plan.orders import Orders

ROWS, CLIENTS, RUNS = 1_000_000, 200_000, 3
TITLES = "Отчёт\nПериод: 01.01.2024 - 31.12.2026\n\n"
HEADINGS = "Дата;Кампания;№ Кампании;Показы;Клики;Расход (руб.);CTR (%)"


def export() -> bytes:
    """Write a wizard's report: cp1251, no-break spaces, decimal commas, a row of totals."""
    dice = np.random.default_rng(0)
    day = pd.date_range("2024-01-01", periods=1000).strftime("%d.%m.%Y").to_numpy()
    place = np.arange(ROWS)
    impressions, clicks = dice.integers(0, 50_000, ROWS), dice.integers(0, 900, ROWS)
    cents = dice.integers(0, 5_000_000, ROWS)
    rows = [
        f"{day[p % 1000]};Кампания {p // 1000};{70_000_000 + p // 1000};{i:,};{c};"
        f"{m // 100:,}|{m % 100:02};1|25"
        for p, i, c, m in zip(place, impressions, clicks, cents, strict=True)
    ]
    body = "\n".join(rows).replace(",", "\xa0").replace("|", ",")
    return f"{TITLES}{HEADINGS}\n{body}\n".encode("cp1251")


def ours(data: bytes) -> tuple[float, float]:
    """Read without being told anything."""
    totals = read_bytes(data, "report.csv").totals
    return totals[Meaning.SPEND], totals[Meaning.IMPRESSIONS]


def theirs(data: bytes) -> tuple[float, float]:
    """Read with pandas, told the dialect."""
    text = {"Показы": str, "Расход (руб.)": str, "№ Кампании": str}
    table = pd.read_csv(
        io.BytesIO(data), encoding="cp1251", sep=";", skiprows=3, decimal=",", dtype=text
    )
    table["Дата"] = pd.to_datetime(table["Дата"], format="%d.%m.%Y")
    for heading in ("Показы", "Расход (руб.)"):
        bare = table[heading].str.replace("\xa0", "").str.replace(",", ".")
        table[heading] = bare.astype(float)
    spend = np.round(table["Расход (руб.)"].to_numpy() * 100).sum() / 100
    return spend, table["Показы"].sum()


def log() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw clients, days and amounts of an order log."""
    dice = np.random.default_rng(1)
    client = dice.integers(0, CLIENTS, ROWS)
    day = np.datetime64("2024-01-01") + dice.integers(0, 1000, ROWS)
    return client, day, dice.integers(100, 1_000_000, ROWS) / 100


def our_summary(client: np.ndarray, day: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Summarise by client."""
    end = int(np.datetime64("2026-12-31").astype(int))
    found = Orders.of(client, day, amount).buyers(end, 7.0)
    return np.array([found.repeats, found.last, found.age, found.spend])


def their_summary(client: np.ndarray, day: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Summarise with pandas: orders of a day are one purchase, the first is not a repeat."""
    table = pd.DataFrame({"client": client, "day": day, "amount": amount})
    daily = table.groupby(["client", "day"], as_index=False)["amount"].sum()
    again = daily.duplicated("client")
    spans = daily.groupby("client")["day"].agg(["count", "min", "max"])
    spend = daily[again].groupby("client")["amount"].mean().reindex(spans.index)
    weeks = np.timedelta64(7, "D")
    last = (spans["max"] - spans["min"]) / weeks
    age = (pd.Timestamp("2026-12-31") - spans["min"]) / weeks
    return np.array([spans["count"] - 1.0, last, age, spend])


def timed(*calls: Callable[[], object]) -> list[float]:
    """Return the median seconds of calls that take turns."""
    seconds: list[list[float]] = [[] for _ in calls]
    for _ in range(RUNS):
        for place, call in enumerate(calls):
            begin = time.perf_counter()
            call()
            seconds[place].append(time.perf_counter() - begin)
    return [statistics.median(each) for each in seconds]


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    data = export()
    (spend, impressions), (their_spend, their_impressions) = ours(data), theirs(data)
    if abs(spend - their_spend) > 0.005 or impressions != their_impressions:
        raise SystemExit(f"totals differ: {spend} and {their_spend}")
    read, read_theirs = timed(lambda: ours(data), lambda: theirs(data))
    print(f"report of {ROWS:,} rows, {len(data) / 1e6:.0f} MB:")
    print(f"{read:.2f} s, pandas {read_theirs:.2f} s")

    orders = log()
    np.testing.assert_allclose(our_summary(*orders), their_summary(*orders), rtol=1e-9)
    summary, summary_theirs = timed(lambda: our_summary(*orders), lambda: their_summary(*orders))
    print(f"log of {ROWS:,} orders, {CLIENTS:,} clients:")
    print(f"{summary:.2f} s, pandas {summary_theirs:.2f} s")
    found = {
        "pandas_over_ours_reading": read_theirs / read,
        "pandas_over_ours_summary": summary_theirs / summary,
    }
    print(json.dumps({name: round(ratio, 2) for name, ratio in found.items()}))


if __name__ == "__main__":
    main()
