"""The notebook of evidence: shown for any exports, its numbers once more from CDNOW's file."""

import csv
import html
import json
import re
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from funnelkit.faces.batch import make_report
from funnelkit.faces.cells import WorkbookError
from funnelkit.faces.evidence import EvidenceLevel, evidence_level
from funnelkit.faces.excel import EXCEL
from funnelkit.faces.notebooks import EVIDENCE, OWNER
from funnelkit.plan.lifetime import Lack, LifetimeError
from funnelkit.show import words as words_module
from funnelkit.show.lifetime_words import LACKS
from funnelkit.show.picture import Picture
from funnelkit.show.tables import Table
from tests.client.files import SMALL, write, write_beside
from tests.drawings import Greek, flaws_of, untranslated_in
from tests.faces.test_marketer import cells, shown
from tests.faces.test_report import foreign_words, visible
from tests.plan.clients import contract_rows

pytestmark = pytest.mark.usefixtures("warm")

CLIENTS = Path(__file__).parents[2] / "data" / "clients"
SHOWN = sorted(
    name
    for name, member in vars(EvidenceLevel).items()
    if isinstance(member, property) and not name.startswith("_")
)
PICTURES = ("cohorts", "cumulative", "fit", "holdout", "ltv", "tenths")
LANGUAGES = ("en", "ru")


def level(file: Path | str, language: str, **more: object) -> EvidenceLevel:
    return evidence_level({"client": str(file), "horizon": None} | more, language=language)


@cache
def cdnow(language: str) -> EvidenceLevel:
    return level(CLIENTS / "cdnow" / "client.yaml", language)


def with_orders(folder: Path, rows: list[tuple[str, str, float]], text: str = SMALL) -> Path:
    """A small client whose only export is a table of orders."""
    exports = folder / "exports"
    exports.mkdir(parents=True)
    lines = ["client,date,amount", *(f"{who},{day},{paid:.2f}" for who, day, paid in rows)]
    (exports / "orders.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return write(folder, text)


def few_orders() -> list[tuple[str, str, float]]:
    """Thirty clients who bought twice: too few to know how they buy."""
    return [
        (f"c{number}", f"2026-0{month}-{1 + number % 27:02}", 40.0 + number)
        for number in range(30)
        for month in (2, 5 + number % 3)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clients with a contract, with few orders, with nothing but a heading, and unreadable."""
    folder = tmp_path_factory.mktemp("clients")
    with_orders(folder / "contract", contract_rows(), SMALL + "  margin: 40%\n")
    with_orders(folder / "revenue", contract_rows())
    with_orders(folder / "few", few_orders())
    with_orders(folder / "empty", [])
    unreadable = with_orders(folder / "unreadable", few_orders()).parent / "exports" / "orders.csv"
    unreadable.write_text(unreadable.read_text("utf-8").replace("2026-02-01", "2026-02-31"))
    nameless = [("", day, paid) for _client, day, paid in few_orders()]
    with_orders(folder / "nameless", nameless)
    return folder


NAMES = ("contract", "revenue", "few", "empty", "unreadable", "nameless")


def of(folder: Path, name: str, language: str) -> EvidenceLevel:
    return level(folder / name / "client.yaml", language)


# ---- every cell, for any exports


def faults_in(evidence: EvidenceLevel) -> list[str]:
    """Cells that show what nobody should read."""
    found = []
    for name in SHOWN:
        thing = getattr(evidence, name)
        text = "" if thing is None or isinstance(thing, int | float | tuple) else shown(thing)
        text = html.unescape(re.sub(r"<style>.*?</style>", "", text))
        if re.search(r"\b(nan|inf|None|not a number)\b", text):
            found.append(name)
    return found


def test_every_cell_is_looked_at() -> None:
    assert {*PICTURES, "files", "point_a", "months", "sure", "log", "values"} <= set(SHOWN)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["cdnow", *NAMES])
def test_every_cell_is_shown(name: str, language: str, folder: Path) -> None:
    evidence = cdnow(language) if name == "cdnow" else of(folder, name, language)
    assert faults_in(evidence) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["cdnow", "contract"])
def test_no_picture_has_a_flaw(name: str, language: str, folder: Path) -> None:
    evidence = cdnow(language) if name == "cdnow" else of(folder, name, language)
    drawn = {cell: getattr(evidence, cell) for cell in PICTURES}
    without = ["holdout"] if name == "contract" else []
    assert [cell for cell, picture in drawn.items() if not isinstance(picture, Picture)] == without
    for picture in drawn.values():
        if isinstance(picture, Picture):
            assert flaws_of(picture) == []


@pytest.mark.parametrize("name", ["cdnow", "contract", "few"])
def test_no_text_by_passes_the_catalog(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words_module, "_translations", lambda _language: Greek())
    evidence = level(
        CLIENTS / "cdnow" / "client.yaml" if name == "cdnow" else folder / name / "client.yaml",
        "ru",
    )
    for cell in PICTURES:
        picture = getattr(evidence, cell)
        if isinstance(picture, Picture):
            assert untranslated_in(picture) == []
        elif picture is not None:
            said = " ".join([picture.caption, picture.note])
            assert re.findall("[A-Za-z]{2,}", said) == []


def test_lacks_all_have_a_sentence() -> None:
    assert set(LACKS) == set(Lack)


# ---- CDNOW: numbers once more


def rows() -> list[tuple[str, date, float]]:
    with (CLIENTS / "cdnow" / "exports" / "orders.csv").open(encoding="utf-8") as file:
        return [
            (row["client"], date.fromisoformat(row["date"]), float(row["amount"]))
            for row in csv.DictReader(file)
        ]


def record(evidence: EvidenceLevel) -> dict[str, Any]:
    return dict(evidence.record.data)


def test_the_published_values_come_out_of_the_clients_file() -> None:
    """Fader, Hardie & Lee (2005), Fader & Hardie (2013), and lifetimes' totals."""
    found = record(cdnow("en"))
    (file,) = found["files"]
    assert (file["rows"], file["totals"]) == (6919, {"amount": 244_091.94})
    assert found["clientele"]["clients"] == 2357
    half = found["fits"]["half_purchases"]
    published = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    assert {n: half[n] for n in published} == pytest.approx(published, abs=0.0006)
    assert half["log_likelihood"] == pytest.approx(-9582.4, abs=0.05)
    spend = found["fits"]["half_spend"]
    published = {"p": 6.25, "q": 3.74, "v": 15.44}
    assert {n: spend[n] for n in published} == pytest.approx(published, abs=0.006)


def test_point_a_is_the_last_month_of_the_file() -> None:
    paid = sum(amount for _client, day, amount in rows() if (day.year, day.month) == (1998, 6))
    found = record(cdnow("en"))
    assert found["a"] == pytest.approx(paid)
    assert found["period"] == ["1998-04-01", "1998-06-30"]
    assert cells(cdnow("en").point_a)[0][1] == f"${paid:,.0f}"


def test_the_heat_map_shows_counts_of_the_file() -> None:
    months = defaultdict(set)
    for client, day, _amount in rows():
        months[client].add(12 * day.year + day.month)
    chart = cdnow("en").cohorts
    assert isinstance(chart, Picture)
    table = cells(chart.table)
    for place in range(3):
        first = 12 * 1997 + 1 + place
        own = [seen for seen in months.values() if min(seen) == first]
        expected = [100 * sum(first + age in seen for seen in own) / len(own) for age in (1, 2, 9)]
        assert table[place][1] == f"{len(own)}"
        shares = [float(table[place][1 + age]) for age in (1, 2, 9)]
        assert shares == pytest.approx(expected, abs=0.051)
        # the rows above are of 17, 16 and 15 months
        drawn = list(chart.datasets["cells"])[17 * place - place * (place - 1) // 2 :]
        shares = [row["share"] for row in drawn[:2]]
        assert shares == pytest.approx([one / 100 for one in expected[:2]])


def test_ltv_is_shown_with_its_interval_beside_the_levers() -> None:
    worth = record(cdnow("en"))["worth"]
    assert worth["horizons"] == [3, 6, 12, 24]
    table = cells(cdnow("en").values)
    for place, (value, low, high) in enumerate(
        zip(worth["new"]["value"], worth["new"]["low"], worth["new"]["high"], strict=True)
    ):
        assert low < value < high
        said = [float(text) for text in re.findall(r"[\d.]+", " ".join(table[place][1:3]))]
        assert said == pytest.approx([value, low, high], abs=0.0051)
    # by the levers: 25 % of the first check and of what those who stay buy, month after month
    level_ = cdnow("en")
    plan = level_.client.plan
    stay, buys, check = (
        float(plan.present(name)) for name in ("retention_rate", "purchase_rate", "repeat_check")
    )
    for place, months in enumerate(worth["horizons"]):
        series = sum(stay**month for month in range(1, months + 1))
        assert table[place][3] == f"${0.25 * (33 + buys * check * series):.2f}"


def test_a_horizon_of_ones_own_is_one_of_those_shown() -> None:
    evidence = level(CLIENTS / "cdnow" / "client.yaml", "en", horizon=9)
    assert evidence.horizons == (3, 6, 9, 12, 24)
    assert "within 9 months" in evidence.tenths.description
    assert evidence.best_clients is not None
    assert "9 months" in evidence.best_clients.caption


def test_tenths_are_all_clients_and_the_best_are_named() -> None:
    evidence = cdnow("en")
    table = cells(evidence.tenths.table)
    assert sum(int(row[1]) for row in table) == 2357
    shares = [float(row[4].rstrip("%")) for row in table]
    assert sum(shares) == pytest.approx(100, abs=0.6)
    assert shares == sorted(shares, reverse=True)
    assert evidence.best_clients is not None
    best = cells(evidence.best_clients)
    own = [day for client, day, _amount in rows() if client == best[0][0]]
    assert int(best[0][1]) == len(set(own))
    assert best[0][2] == f"{max(own).day} June 1998"


def test_both_languages_say_the_same() -> None:
    assert record(cdnow("en")) == record(cdnow("ru"))


# ---- other exports


def test_a_contract_is_recognised_and_its_survival_drawn(folder: Path) -> None:
    evidence = of(folder, "contract", "en")
    found = record(evidence)
    assert found["clientele"]["contractual"] is True
    assert set(found["fits"]) == {"half", "whole"}
    assert found["fits"]["whole"]["alpha"] == pytest.approx(0.7, rel=0.35)
    assert evidence.holdout is None
    assert isinstance(evidence.fit, Picture)
    last = cells(evidence.fit.table)[-1]
    # the log ends on 10 June, so May is the last month that is over
    early, left = (
        {client for client, day, _paid in contract_rows() if day.startswith(month)}
        for month in ("2025-01", "2026-05")
    )
    left &= early
    assert last[0] == "16"
    assert float(last[1].rstrip("%")) == pytest.approx(100 * len(left) / len(early), abs=0.06)


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_little_data_is_a_sentence_and_no_fit(language: str, folder: Path) -> None:
    evidence = of(folder, "few", language)
    said = {
        "en": "Too little data: {} clients have bought again",
        "ru": "Данных слишком мало: повторно купивших клиентов — {}",
    }
    for cell, clients in {"fit": 30, "holdout": 0, "ltv": 30, "values": 30, "tenths": 30}.items():
        table = getattr(evidence, cell)
        assert isinstance(table, Table)
        assert said[language].format(clients) in shown(table)
    assert evidence.best_clients is None
    assert record(evidence)["worth"] is None
    assert record(evidence)["fits"]["whole_purchases"] == {"lack": "repeats"}
    # what can be counted is shown
    assert isinstance(evidence.cohorts, Picture)
    assert isinstance(evidence.cumulative, Picture)


def test_exports_that_cannot_be_read_are_named_and_nothing_is_measured(folder: Path) -> None:
    evidence = of(folder, "unreadable", "en")
    assert "orders.csv" in shown(evidence.files)
    assert "2026-02-31" in shown(evidence.files)
    assert record(evidence)["a"] is None
    assert isinstance(evidence.clientele, LifetimeError)


def test_sales_without_a_client_are_no_log(folder: Path) -> None:
    evidence = of(folder, "nameless", "en")
    assert "name a client" in shown(evidence.log)


def test_a_client_without_exports_has_no_such_notebook(tmp_path: Path) -> None:
    file = write(tmp_path, SMALL)
    with pytest.raises(WorkbookError, match="no exports"):
        level(file, "en")
    with pytest.raises(WorkbookError, match="выгруз"):
        level(file, "ru")


@pytest.mark.parametrize("horizon", [0, 61, 2.5, -3])
def test_a_horizon_out_of_range_is_an_error(horizon: float) -> None:
    with pytest.raises(WorkbookError, match="horizon"):
        level(CLIENTS / "cdnow" / "client.yaml", "en", horizon=horizon)


# ---- the report


@pytest.fixture(scope="module", params=LANGUAGES)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """CDNOW's report, in its own language and in Russian."""
    folder, demo = tmp_path_factory.mktemp("report"), CLIENTS / "cdnow" / "client.yaml"
    text = demo.read_text("utf-8").replace("language: en", f"language: {request.param}")
    (folder / "shop").mkdir()
    file = write_beside(demo, folder / "shop", text)
    outcome = make_report(file, folder / "out", request.param)
    assert outcome.reason == ""
    return folder / "out" / "shop"


def test_the_report_has_a_section_of_evidence(report: Path) -> None:
    made = sorted(path.name for path in report.iterdir())
    assert made == [OWNER, EVIDENCE, "report.html", EXCEL, "results.json"]
    page = (report / "report.html").read_text("utf-8")
    pictures = re.findall(r"<figure.*?</figure>", page, flags=re.DOTALL)
    said = [re.search(r'aria-label="([^"]*)"', picture) for picture in pictures]
    assert all(said)
    assert sum("2,357" in one[1] or "2\xa0357" in one[1] for one in said if one) == 2
    assert "evidence_level(" not in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_results_hold_the_record_of_evidence(report: Path) -> None:
    results = json.loads((report / "results.json").read_text("utf-8"))
    assert results["evidence"]["clientele"]["clients"] == 2357
    assert results["evidence"]["a"] == pytest.approx(results["a"])


def test_the_report_is_in_one_language(report: Path) -> None:
    page = (report / "report.html").read_text("utf-8")
    language = "ru" if '<html lang="ru"' in page else "en"
    own = r"CDNOW[^<]*|Customer care|Ann Berg|Shop|Carl Hayes|Advertising|Ellen Roth"
    text = re.sub(own, " ", visible(page))
    assert sorted(foreign_words(text, language)) == []
