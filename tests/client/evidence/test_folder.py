"""Only files of the client's own folder are read, each once and under its own name."""

from pathlib import Path

import pytest

from funnelkit.client.evidence.folder import client_exports, export_files
from funnelkit.client.evidence.keep import keep, place_of, safe_name
from funnelkit.client.export_fields import ExportsField
from funnelkit.client.exports.meanings import System
from funnelkit.client.exports.problems import Refusal
from tests.client.exports.samples import SAMPLES

NOTHING = ExportsField()


def put(folder: Path, name: str, sample: str = "orders") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_bytes(SAMPLES[sample].data)
    return file


def test_files_are_read_by_name_and_refusals_kept_apart(tmp_path: Path) -> None:
    put(tmp_path / "exports", "b.csv")
    put(tmp_path / "exports", "a.csv", "yandex_direct")
    (tmp_path / "exports" / "c.pdf").write_bytes(b"%PDF-1.4")
    begun: list[str] = []
    exports, problems = client_exports(tmp_path, NOTHING, begun.append)
    assert [(e.file, e.system) for e in exports] == [
        ("a.csv", System.YANDEX_DIRECT),
        ("b.csv", System.ORDERS),
    ]
    assert [(p.file, p.code) for p in problems] == [("c.pdf", Refusal.PDF)]
    assert begun == ["a.csv", "b.csv", "c.pdf"]


def test_what_nobody_put_there_is_not_looked_at(tmp_path: Path) -> None:
    for name in (".DS_Store", "~$book.xlsx", "Thumbs.db", "desktop.ini"):
        put(tmp_path / "exports", name)
    put(tmp_path / "exports" / "old", "a.csv")
    assert client_exports(tmp_path, NOTHING) == ((), ())
    assert export_files(tmp_path / "none", NOTHING) == ()


def test_another_folder_within_the_clients_own(tmp_path: Path) -> None:
    put(tmp_path / "from" / "crm", "a.csv")
    exports, _ = client_exports(tmp_path, ExportsField(folder="from/crm"))
    assert [export.file for export in exports] == ["a.csv"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    secret = put(tmp_path / "other", "secret.csv")
    client = tmp_path / "client"
    put(client / "exports", "a.csv")
    (client / "exports" / "b.csv").symlink_to(secret)
    exports, problems = client_exports(client, NOTHING)
    assert [export.file for export in exports] == ["a.csv"]
    assert [(p.file, p.code) for p in problems] == [("b.csv", Refusal.OUTSIDE)]
    (client / "linked").symlink_to(secret.parent)
    exports, problems = client_exports(client, ExportsField(folder="linked"))
    assert exports == ()
    assert [(p.file, p.code) for p in problems] == [("linked", Refusal.OUTSIDE)]
    exports, problems = client_exports(client, ExportsField(folder="linked/not there yet"))
    assert [p.code for p in problems] == [Refusal.OUTSIDE]


def test_answers_belong_to_a_file(tmp_path: Path) -> None:
    text = "client,date,amount\n1,07/01/2026,5\n"
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "a.csv").write_text(text)
    assert client_exports(tmp_path, NOTHING)[1][0].code is Refusal.AMBIGUOUS_DATE
    for dates, month in (("day_first", 1), ("month_first", 7)):
        said = ExportsField.model_validate({"files": {"a.csv": {"dates": dates}}})
        ((export,), ()) = client_exports(tmp_path, said)
        assert export.period
        assert export.period[0].month == month


@pytest.mark.parametrize(
    ("text", "answers", "total"),
    [
        ("client,date,amount\n1,2026-07-01,1.234\n", {"decimal": "point"}, 1.234),
        ("client,date,amount\n1,2026-07-01,1.234\n", {"decimal": "comma"}, 1234),
        ('client,date,amount\n1,2026-07-01,"1,234"\n', {"decimal": "comma"}, 1.234),
        ('client,date,amount\n1,2026-07-01,"1,234"\n', {"decimal": "point"}, 1234),
        ("Date\tCampaignId\tClicks\tCost\n2026-07-01\t7\t50\t20000\n", {"money": "units"}, 20000),
        (
            "Date\tCampaignId\tClicks\tCost\n2026-07-01\t7\t50\t20000\n",
            {"money": "millionths"},
            0.02,
        ),
        (
            "Кто;Когда;Сколько, ₽\nА;01.07.2026;5,50\n",
            {"columns": {"Кто": "customer", "Когда": "day", "Сколько": "amount"}},
            5.5,
        ),
        (
            "Когда;Где;Сколько\n01.07.2026;Блог;7\n",
            {"columns": {"Когда": "day", "Где": "channel", "Сколько": "spend"}},
            7,
        ),
    ],
)
def test_an_answer_decides_what_the_file_leaves_open(
    text: str, answers: dict[str, object], total: float, tmp_path: Path
) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "a.csv").write_text(text)
    said = ExportsField.model_validate({"files": {"a.csv": answers}})
    ((export,), ()) = client_exports(tmp_path, said)
    money = [v for m, v in export.totals.items() if m in ("amount", "spend")]
    assert money == [pytest.approx(total)]


def test_what_a_file_shows_goes_before_an_answer(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    text = "client,date,amount\n1,13/07/2026,1.5\n2,01/07/2026,1.25\n"
    (tmp_path / "exports" / "a.csv").write_text(text)
    answers = {"dates": "month_first", "decimal": "comma"}
    said = ExportsField.model_validate({"files": {"a.csv": answers}})
    ((export,), ()) = client_exports(tmp_path, said)
    assert export.totals == {"amount": 2.75}
    assert export.period
    assert export.period[1].day == 13


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("direct.csv", "direct.csv"),
        ("Отчёт №5 (июль).xlsx", "Отчёт №5 (июль).xlsx"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\\b:c*?.csv", "a_b_c__.csv"),
        ("CON.csv", "_CON.csv"),
        ("...", "export"),
        ("=cmd|'x'!A1.csv", "=cmd__x__A1.csv"),
        ("x" * 300 + ".csv", "x" * 96 + ".csv"),
        ("a\nb\u202e.csv", "a_b_.csv"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    folder, taken = tmp_path / "exports", {}
    for source, data, name, there in (
        ("a.csv", b"1", "a.csv", False),
        ("b.csv", b"1", "a.csv", True),
        ("a.csv", b"2", "a (2).csv", False),
        ("A.csv", b"3", "A (3).csv", False),
    ):
        kept = place_of(tmp_path / source, data, folder, taken)
        assert (kept.target, kept.there) == (folder / name, there)
        keep(kept, data)
    assert {f.name: f.read_bytes() for f in folder.iterdir()} == {
        "a.csv": b"1",
        "a (2).csv": b"2",
        "A (3).csv": b"3",
    }
