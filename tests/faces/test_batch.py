"""Many clients at once: each gets its own report or its own reason."""

import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pytest
from click.testing import CliRunner

from funnelkit.faces.batch import Outcome, make_report
from funnelkit.faces.cli import main
from funnelkit.faces.excel import EXCEL
from funnelkit.faces.notebooks import MARKETER, OWNER
from funnelkit.faces.pool import batch
from funnelkit.faces.record import recorded
from tests.client.files import SMALL

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data" / "clients" / "saldo" / "client.yaml"

BROKEN = "title: [unclosed"
HOSTILE = '<script>alert("x")</script>'


def client(folder: Path, name: str, text: str | None = None) -> Path:
    file = folder / name / "client.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(DEMO.read_text(encoding="utf-8") if text is None else text, encoding="utf-8")
    return file


def renamed(title: str) -> str:
    return re.sub(r"(?m)^title: .*$", f"title: {json.dumps(title)}", DEMO.read_text("utf-8"))


# Jobs of a batch run in processes of their own and so are found by name.


def succeeds(file: Path, _out: Path, _reader: str) -> Outcome:
    return Outcome(client=file.parent.name, record={"pid": os.getpid()})


def dies_on_b(file: Path, out: Path, reader: str) -> Outcome:
    if file.parent.name == "b":
        os._exit(1)
    return succeeds(file, out, reader)


def test_a_process_that_dies_fails_its_client_alone(tmp_path: Path) -> None:
    files = [tmp_path / name / "client.yaml" for name in "abcd"]
    outcomes = {o.client: o for o in batch(files, tmp_path, reader="en", jobs=2, job=dies_on_b)}
    assert {name: o.reason for name, o in outcomes.items()} == {
        "a": "",
        "b": "its process was stopped",
        "c": "",
        "d": "",
    }


def test_work_is_done_elsewhere_and_shared(tmp_path: Path) -> None:
    files = [tmp_path / name / "client.yaml" for name in "abcdef"]
    pids = {o.record["pid"] for o in batch(files, tmp_path, reader="en", jobs=2, job=succeeds)}
    assert 1 <= len(pids) <= 2
    assert os.getpid() not in pids


def test_no_clients_are_no_outcomes(tmp_path: Path) -> None:
    assert list(batch([], tmp_path, reader="en")) == []


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """One batch of a good client, a hostile title, and a file that is no YAML."""
    folder = tmp_path_factory.mktemp("batch")
    clients = folder / "clients"
    client(clients, "good")
    client(clients, "hostile", renamed(HOSTILE))
    client(clients, "broken", BROKEN)
    command = [sys.executable, "-m", "funnelkit.faces.cli", "batch", "--language", "en"]
    command += ["--clients", str(clients), "--out", str(folder / "out")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done, folder / "out"


def test_the_rest_is_made_and_the_exit_status_says_that_one_failed(
    run: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    done, out = run
    assert done.returncode == 1
    assert "2 of 3 reports made." in done.stdout
    assert "broken/client.yaml:1" in done.stderr
    assert sorted(p.name for p in out.iterdir()) == ["good", "hostile", "index.html", "logs"]
    for name in ("good", "hostile"):
        assert sorted(p.name for p in (out / name).iterdir()) == [
            "1_owner_level.ipynb",
            "2_marketer_level.ipynb",
            "report.html",
            EXCEL,
            "results.json",
        ]


def test_the_index_links_what_is_there_and_says_why_the_rest_is_not(
    run: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    index = (run[1] / "index.html").read_text("utf-8")
    links = set(re.findall(r'href="([^#"][^"]*)"', index))
    assert links == {
        f"{name}/{file}" for name in ("good", "hostile") for file in ("report.html", EXCEL)
    }
    assert "broken/client.yaml:1" in index
    assert index.count("<script") == index.count("</script") == 1  # our own
    assert "&lt;script&gt;" in index


def test_a_report_links_the_workbook_beside_it(
    run: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    report = (run[1] / "good" / "report.html").read_text("utf-8")
    assert f'<a href="{EXCEL}">' in report
    with ZipFile(run[1] / "good" / EXCEL) as workbook:
        assert workbook.testzip() is None


def test_a_title_is_never_markup(run: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    report = (run[1] / "hostile" / "report.html").read_text("utf-8")
    assert "<script" not in report
    assert "&lt;script&gt;alert" in report


def test_nothing_of_one_client_or_machine_is_in_anothers_folder(
    run: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    folder = run[1] / "good"
    with ZipFile(folder / EXCEL) as workbook:
        texts = [workbook.read(name).decode() for name in workbook.namelist()]
    texts += [file.read_text("utf-8") for file in folder.iterdir() if file.name != EXCEL]
    for text in texts:
        assert "alert" not in text
        assert str(run[1].parent) not in text
        assert str(ROOT) not in text
        assert "papermill" not in text
        assert "saldo" not in text
    for level in (OWNER, MARKETER):
        notebook = nbformat.read(run[1] / "good" / level, as_version=4)
        assert notebook.cells[1].source.startswith('client = "good"  # имя папки')


def test_results_are_the_notebooks_own(
    run: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    results = json.loads((run[1] / "good" / "results.json").read_text("utf-8"))
    owner, marketer = (
        recorded(nbformat.read(run[1] / "good" / level, as_version=4))
        for level in (OWNER, MARKETER)
    )
    stamp = results.pop("made_of")
    assert re.fullmatch("[0-9a-f]{64}", stamp)
    assert owner | {"marketer": marketer} == results
    assert marketer["reached"] == pytest.approx(owner["reached"], rel=1e-11)


def test_a_client_without_channels_has_the_owners_level_alone(tmp_path: Path) -> None:
    file = client(tmp_path / "clients", "one", SMALL)
    outcome = make_report(file, tmp_path / "out", "en")
    assert outcome.reason == ""
    assert "marketer" not in outcome.record
    made = sorted(path.name for path in (tmp_path / "out" / "one").iterdir())
    assert made == [OWNER, "report.html", EXCEL, "results.json"]


def test_a_failure_leaves_the_former_report(tmp_path: Path) -> None:
    file = client(tmp_path / "clients", "one", BROKEN)
    former = tmp_path / "out" / "one" / "report.html"
    former.parent.mkdir(parents=True)
    former.write_text("former")
    outcome = make_report(file, tmp_path / "out", "en")
    assert outcome.reason
    assert former.read_text() == "former"


def test_an_output_folder_that_cannot_be_is_a_reason(tmp_path: Path) -> None:
    blocked = tmp_path / "out"
    blocked.write_text("a file where the folder should be")
    outcome = make_report(client(tmp_path / "clients", "one"), blocked, "en")
    assert outcome.reason.startswith("a file could not be written:")


def test_a_mistyped_client_is_told_at_once(tmp_path: Path) -> None:
    client(tmp_path, "saldo")
    result = CliRunner().invoke(main, ["batch", "sadlo", "--clients", str(tmp_path)])
    assert result.exit_code == 1
    assert "saldo" in result.output


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["batch", "--clients", str(tmp_path)])
    assert result.exit_code == 1
    assert str(tmp_path) in result.output


@pytest.mark.parametrize("command", [[], ["batch"], ["workshop"], ["notebooks"]])
def test_help_teaches(command: list[str]) -> None:
    result = CliRunner().invoke(main, [*command, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4


# What breaks in mid-run.


def notebook_of(*sources: str) -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "", "language": "python"}
    notebook.cells[0].metadata["tags"] = ["parameters"]
    return notebook


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("1 / 0", "the notebook stopped: ZeroDivisionError: division by zero"),
        ("import os\nos._exit(9)", "the notebook's kernel died"),
    ],
)
def test_a_notebook_that_breaks_is_a_reason_and_writes_nothing(
    source: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = notebook_of('client = "x"', source)
    monkeypatch.setattr("funnelkit.faces.batch.for_client", lambda _notebook, _client: broken)
    outcome = make_report(client(tmp_path / "clients", "one"), tmp_path / "out", "en")
    assert outcome.reason == reason
    assert [place.name for place in (tmp_path / "out").iterdir()] == ["logs"]
    assert reason in (tmp_path / "out" / "logs" / "one.txt").read_text("utf-8")


def returns_what_no_process_can_send(_file: Path, _out: Path, _reader: str) -> Outcome:
    return Outcome(client="x", record={"lambda": lambda: None})


def test_an_outcome_that_cannot_be_sent_is_a_reason(tmp_path: Path) -> None:
    job = returns_what_no_process_can_send
    (outcome,) = batch([tmp_path / "a" / "client.yaml"], tmp_path, reader="en", job=job)
    assert "pickle" in outcome.reason.lower()


def test_who_stops_listening_gets_no_further_reports(tmp_path: Path) -> None:
    files = [tmp_path / f"{n}" / "client.yaml" for n in range(50)]
    running = batch(files, tmp_path, reader="en", jobs=1, job=writes_its_name)
    next(running)
    running.close()
    assert 1 <= len(list(tmp_path.iterdir())) < len(files)  # however late a machine hears of it


def writes_its_name(file: Path, out: Path, _reader: str) -> Outcome:
    time.sleep(0.05)
    (out / f"{file.parent.name}.done").touch()
    return Outcome(client=file.parent.name)


def test_ctrl_c_ends_the_batch_and_leaves_whole_reports(tmp_path: Path) -> None:
    clients = tmp_path / "clients"
    for number in range(6):
        client(clients, f"c{number}")
    command = [sys.executable, "-m", "funnelkit.faces.cli", "batch", "--language", "en"]
    command += ["--clients", str(clients), "--out", str(tmp_path / "out"), "--jobs", "1"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        deadline = time.monotonic() + 60
        while not list((tmp_path / "out").glob("*/report.html")):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        _out, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped" in said
    made = list((tmp_path / "out").glob("*/*"))
    assert 0 < len(list((tmp_path / "out").glob("*/report.html"))) < 6
    assert not [file for file in made if file.name.startswith(".")]
    for report in (tmp_path / "out").glob("*/report.html"):
        assert report.read_text("utf-8").rstrip().endswith("</html>")


def test_two_batches_into_one_folder_do_not_mix(tmp_path: Path) -> None:
    """Both write the same clients at once; every file is whole and of one of them."""
    clients = tmp_path / "clients"
    client(clients, "one")
    command = [sys.executable, "-m", "funnelkit.faces.cli", "batch", "--language", "en"]
    command += ["--clients", str(clients), "--out", str(tmp_path / "out")]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert sorted(p.name for p in (tmp_path / "out" / "one").iterdir()) == [
        "1_owner_level.ipynb",
        "2_marketer_level.ipynb",
        "report.html",
        EXCEL,
        "results.json",
    ]


def test_a_folder_that_cannot_be_written_is_told_before_anything_runs(tmp_path: Path) -> None:
    client(tmp_path / "clients", "one")
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")
    options = ["--clients", str(tmp_path / "clients"), "--out", str(blocked / "out")]
    result = CliRunner().invoke(main, ["batch", "--language", "en", *options])
    assert result.exit_code == 1
    assert "nothing can be written into" in result.output


def test_a_full_disk_is_a_reason_and_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("funnelkit.client.files.os.fsync", full)
    outcome = make_report(client(tmp_path / "clients", "one"), tmp_path / "out", "en")
    assert "No space left on device" in outcome.reason
    assert list((tmp_path / "out" / "one").iterdir()) == []
