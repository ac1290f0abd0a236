"""Reading exports, summarising order logs, fitting clients' habits, against pandas and lifetimes.

All in one run, each pair on the same data, and nothing is printed unless both find the same:

- an advertising export of a million rows. pandas is told what ours finds out: encoding, separator,
  decimal mark, the line of the headings, the columns and their kinds; it still needs its own steps
  for no-break spaces, for which `thousands` leaves a column as text;
- an order log of ten million rows, summarised by client (repeats, last, age, mean of repeats).
  Each way has a process of its own, since the peak of its memory is measured, the log left out;
- BG/NBD and Gamma-Gamma, fitted to CDNOW's first 39 weeks. The likelihoods compared are the papers'
  formulas, written out here.
"""

import io
import json
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import betaln, gammaln

sys.path.insert(0, str(Path(__file__).parents[1]))

from funnelkit.client.exports.meanings import Meaning
from funnelkit.client.exports.read import read_bytes
from funnelkit.plan.bgnbd import fit_bgnbd
from funnelkit.plan.gammagamma import fit_gammagamma
from funnelkit.plan.orders import Buyers, Orders

ROWS, RUNS, FITS = 1_000_000, 3, 15
ORDERS, CLIENTS = 10_000_000, 2_000_000
CDNOW = Path(__file__).parents[1] / "data" / "clients" / "cdnow" / "exports" / "orders.csv"
HALF = int(np.datetime64("1997-09-30").astype(int))
END = "2026-12-31"
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
    client = dice.integers(0, CLIENTS, ORDERS)
    day = np.datetime64("2024-01-01") + dice.integers(0, 1000, ORDERS)
    return client, day, dice.integers(100, 1_000_000, ORDERS) / 100


def our_summary(table: pd.DataFrame) -> np.ndarray:
    """Summarise by client."""
    end = int(np.datetime64(END).astype(int))
    columns = (table[name].to_numpy() for name in ("client", "day", "amount"))
    found = Orders.of(*columns).buyers(end, 7.0)
    return np.array([found.repeats, found.last, found.age, np.nan_to_num(found.spend)])


def pandas_summary(table: pd.DataFrame) -> np.ndarray:
    """Summarise with pandas: orders of a day are one purchase, the first is not a repeat."""
    daily = table.groupby(["client", "day"], as_index=False)["amount"].sum()
    again = daily.duplicated("client")
    spans = daily.groupby("client")["day"].agg(["count", "min", "max"])
    spend = daily[again].groupby("client")["amount"].mean().reindex(spans.index)
    weeks = np.timedelta64(7, "D")
    last = (spans["max"] - spans["min"]) / weeks
    age = (pd.Timestamp(END) - spans["min"]) / weeks
    return np.array([spans["count"] - 1.0, last, age, spend.fillna(0.0)])


def lifetimes_summary(table: pd.DataFrame) -> np.ndarray:
    """Summarise with lifetimes, by days counted in weeks."""
    from lifetimes.utils import summary_data_from_transaction_data

    found = summary_data_from_transaction_data(
        table,
        "client",
        "day",
        monetary_value_col="amount",
        observation_period_end=END,
        freq_multiplier=7,
    )
    return found[["frequency", "recency", "T", "monetary_value"]].to_numpy().T


def memory(what: str) -> float:
    """Return this process's memory, now (VmRSS) or at its highest (VmHWM), in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(status.partition(f"{what}:")[2].split()[0]) / 1024


def summarised(way: Callable[[pd.DataFrame], np.ndarray]) -> tuple[float, float, np.ndarray]:
    """Return a way's seconds, the memory it takes beside the log, and sums of what it finds."""
    table = pd.DataFrame(dict(zip(("client", "day", "amount"), log(), strict=True)))
    way(table.head(1000))  # so that what is imported late counts for none
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    before = memory("VmRSS")
    found = way(table)
    beside = memory("VmHWM") - before
    (seconds,) = timed(lambda: way(table))
    return seconds, beside, found.sum(axis=1)


def habits() -> Buyers:
    """Summarise CDNOW's first 39 weeks."""
    table = pd.read_csv(CDNOW, dtype={"client": str}, parse_dates=["date"])
    day = table["date"].to_numpy().astype("datetime64[D]")
    return Orders.of(table["client"], day, table["amount"]).until(HALF).buyers(HALF, 7.0)


def our_fits(buyers: Buyers, payers: Buyers) -> np.ndarray:
    """Fit both models, and return their parameters."""
    bought, paid = fit_bgnbd(buyers).model, fit_gammagamma(payers).model
    return np.array([bought.r, bought.alpha, bought.a, bought.b, paid.p, paid.q, paid.v], float)


def lifetimes_fits(buyers: Buyers, payers: Buyers) -> np.ndarray:
    """Fit both models with lifetimes, and return their parameters."""
    from lifetimes import BetaGeoFitter, GammaGammaFitter

    bought = BetaGeoFitter().fit(buyers.repeats, buyers.last, buyers.age)
    paid = GammaGammaFitter().fit(payers.repeats, payers.spend)
    return np.array([*bought.params_, *paid.params_])


def log_likelihood(parameters: np.ndarray, buyers: Buyers, payers: Buyers) -> float:
    """Return that of both: Fader, Hardie & Lee (2005), eq. 6, and Fader & Hardie (2013), eq. 1a."""
    r, alpha, a, b, p, q, v = parameters
    x, last, age = buyers.repeats, buyers.last, buyers.age
    first = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    alive = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + age)
    left = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + last)
    bought = first + np.logaddexp(alive, np.where(x > 0, left, -np.inf))
    n, mean = payers.repeats, payers.spend
    paid = (
        gammaln(n * p + q)
        - gammaln(n * p)
        - gammaln(q)
        + q * np.log(v)
        + (n * p - 1) * np.log(mean)
        + n * p * np.log(n)
        - (n * p + q) * np.log(n * mean + v)
    )
    return float(bought.sum() + paid.sum())


def timed(*calls: Callable[[], object], runs: int = RUNS) -> list[float]:
    """Return the median seconds of calls that take turns."""
    seconds: list[list[float]] = [[] for _ in calls]
    for _ in range(runs):
        for place, call in enumerate(calls):
            begin = time.perf_counter()
            call()
            seconds[place].append(time.perf_counter() - begin)
    return [statistics.median(each) for each in seconds]


def reading() -> dict[str, float]:
    """Measure an export's reading."""
    data = export()
    (spend, impressions), (their_spend, their_impressions) = ours(data), theirs(data)
    if abs(spend - their_spend) > 0.005 or impressions != their_impressions:
        raise SystemExit(f"totals differ: {spend} and {their_spend}")
    read, read_theirs = timed(lambda: ours(data), lambda: theirs(data))
    print(f"report of {ROWS:,} rows, {len(data) / 1e6:.0f} MB:")
    print(f"{read:.2f} s, pandas {read_theirs:.2f} s")
    return {"ours_over_read_csv": read / read_theirs}


def summarising() -> dict[str, float]:
    """Measure an order log's summary."""
    found = {}
    for way in (our_summary, pandas_summary, lifetimes_summary):
        with ProcessPoolExecutor(1, get_context("spawn")) as process:
            found[way] = process.submit(summarised, way).result()
    print(f"log of {ORDERS:,} orders, {CLIENTS:,} clients:")
    for way, (seconds, megabytes, sums) in found.items():
        np.testing.assert_allclose(sums, found[our_summary][2], rtol=1e-9)
        print(f"{way.__name__}: {seconds:.2f} s, {megabytes:,.0f} MB beside the log")
    own, plain, other = found.values()
    return {
        "lifetimes_over_ours_summary": other[0] / own[0],
        "pandas_over_ours_summary": plain[0] / own[0],
        "memory_ours_over_lifetimes": own[1] / other[1],
    }


def fitting() -> dict[str, float]:
    """Measure both models' fits."""
    buyers = habits()
    paying = (buyers.repeats > 0) & (buyers.spend > 0)
    names = ("repeats", "last", "age", "spend")
    payers = Buyers(**{name: getattr(buyers, name)[paying] for name in names})
    fits = lambda: our_fits(buyers, payers), lambda: lifetimes_fits(buyers, payers)
    own, other = (log_likelihood(fit(), buyers, payers) for fit in fits)
    seconds, theirs_seconds = timed(*fits, runs=FITS)
    print(f"fits of BG/NBD and Gamma-Gamma to {buyers.age.size:,} clients:")
    print(f"{seconds * 1000:.0f} ms, lifetimes {theirs_seconds * 1000:.0f} ms")
    print(f"log-likelihood {own:.4f}, lifetimes {other:.4f}")
    return {"lifetimes_over_ours_fit": theirs_seconds / seconds, "loglik_difference": own - other}


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    warnings.simplefilter("ignore")  # lifetimes is as old as it is
    found = reading() | summarising() | fitting()
    print(json.dumps({name: round(value, 6) for name, value in found.items()}))


if __name__ == "__main__":
    main()
