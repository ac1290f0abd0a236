"""A report that nothing changed for is not made again, and one that anything did is."""

import json
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from funnelkit.faces import batch, stamp
from funnelkit.faces.batch import PDF, make_report
from funnelkit.faces.excel import EXCEL
from funnelkit.faces.stamp import made_of, still_stands
from tests.client.files import SMALL

pytestmark = pytest.mark.usefixtures("warm")


@pytest.fixture
def client_file(tmp_path: Path) -> Path:
    path = tmp_path / "clients" / "acme" / "client.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(SMALL, encoding="utf-8")
    return path


def notebook(folder: Path, text: str) -> Path:
    path = folder / "1.ipynb"
    path.write_text(text, encoding="utf-8")
    return path


def test_it_changes_with_the_file_the_notebook_and_the_package(
    client_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made_of(client_file, [notebook(tmp_path, "a")])
    assert made_of(client_file, [notebook(tmp_path, "a")]) == first
    assert made_of(client_file, [notebook(tmp_path, "b")]) != first
    monkeypatch.setattr(stamp, "_package", lambda: "another")
    assert made_of(client_file, [notebook(tmp_path, "a")]) != first
    monkeypatch.undo()
    client_file.write_text(SMALL + "\n", encoding="utf-8")
    assert made_of(client_file, [notebook(tmp_path, "a")]) != first


def test_it_changes_with_the_clients_exports(client_file: Path) -> None:
    first = made_of(client_file, [])
    folder = client_file.parent / "exports"
    folder.mkdir()
    (folder / "a.csv").write_text("1", encoding="utf-8")
    second = made_of(client_file, [])
    (folder / "a.csv").write_text("2", encoding="utf-8")
    third = made_of(client_file, [])
    (folder / "a.csv").rename(folder / "b.csv")
    assert len({first, second, third, made_of(client_file, [])}) == 4
    client_file.write_text(SMALL + "exports: {folder: other}\n", encoding="utf-8")
    elsewhere = made_of(client_file, [])
    (folder / "c.csv").write_text("3", encoding="utf-8")
    assert made_of(client_file, []) == elsewhere


def test_what_ends_one_file_and_begins_the_next_is_told_apart(tmp_path: Path) -> None:
    def of(one: str, other: str) -> str:
        for name, text in (("one", one), ("other", other)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        return made_of(tmp_path / "one", [tmp_path / "other"])

    assert of("ab", "c") != of("a", "bc")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"made_of": "other"}', "\x00"])
def test_what_says_nothing_of_the_kind_does_not_vouch(tmp_path: Path, text: str) -> None:
    (tmp_path / "results.json").write_text(text, encoding="utf-8")
    (tmp_path / "report.html").touch()
    (tmp_path / EXCEL).touch()
    assert still_stands(tmp_path, "it") == {}


def test_results_without_their_report_do_not_vouch(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(json.dumps({"made_of": "it"}), encoding="utf-8")
    for name in ("report.html", EXCEL):
        assert still_stands(tmp_path, "it") == {}
        (tmp_path / name).touch()
    assert still_stands(tmp_path, "it") == {"made_of": "it"}


def test_a_report_is_made_once_until_something_changes(client_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    page, pdf = out / "acme" / "report.html", out / "acme" / PDF
    first = make_report(client_file, out, "en")
    assert (first.reason, first.unchanged) == ("", False)
    page.write_text("mine", encoding="utf-8")
    again = make_report(client_file, out, "en")
    assert again.unchanged
    assert again.record == first.record
    assert page.read_text(encoding="utf-8") == "mine"
    pdf.write_bytes(b"printed from the page before")
    client_file.write_text(SMALL + "# seen\n", encoding="utf-8")
    other = make_report(client_file, out, "en")
    assert not other.unchanged
    assert page.read_text(encoding="utf-8") != "mine"
    assert not pdf.exists()
    forced = make_report(client_file, out, "en", force=True)
    assert not forced.unchanged


def test_a_cell_that_takes_too_long_fails_its_client_alone(
    client_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeper = new_notebook(cells=[new_code_cell("import time; time.sleep(60)")])
    sleeper.metadata["kernelspec"] = {"name": "python3", "display_name": "", "language": "python"}
    sleeper.cells[0].metadata["tags"] = ["parameters"]
    monkeypatch.setattr(batch, "for_client", lambda _path, _client: sleeper)
    outcome = make_report(client_file, tmp_path / "out", "en", limit=1)
    assert outcome.reason == "a cell of the notebook took longer than 1 seconds"
    assert not (tmp_path / "out" / "acme").exists()
