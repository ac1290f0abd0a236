"""What breaks in a batch breaks one client's report; what ends it leaves nothing behind."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import nbformat
import pytest

from funnelkit.client.read import read_client
from funnelkit.faces import batch as reports
from funnelkit.faces.batch import Outcome, make_report
from funnelkit.faces.kernels.warm import warm_kernels
from funnelkit.faces.notebooks import OWNER, notebook_of
from funnelkit.faces.pool import batch
from funnelkit.faces.stamp import made_of
from tests.client.files import SMALL

MARK = "FUNNELKIT_TESTED"


def client(folder: Path, name: str, text: str = SMALL) -> Path:
    file = folder / name / "client.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return file


def notebook(*sources: str) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "", "language": "python"}
    made.cells[0].metadata["tags"] = ["parameters"]
    return made


# Jobs of a batch run in processes of their own and so are found by name.


def sleeps_on_b(file: Path, _out: Path, _reader: str) -> Outcome:
    if file.parent.name == "b":
        time.sleep(600)
    return Outcome(client=file.parent.name)


def removes_the_folder(file: Path, out: Path, reader: str) -> Outcome:
    if file.parent.name == "b":
        shutil.rmtree(out)
    return make_report(file, out, reader)


def times_out_by_itself(_file: Path, _out: Path, _reader: str) -> Outcome:
    raise TimeoutError("of the job's own")


def test_a_client_that_takes_for_ever_is_given_up(tmp_path: Path) -> None:
    files = [tmp_path / name / "client.yaml" for name in "abc"]
    went = batch(files, tmp_path, reader="en", jobs=1, job=sleeps_on_b, limit=8)
    reasons = {outcome.client: outcome.reason for outcome in went}
    assert reasons == {"a": "", "b": "its report took too long and was given up", "c": ""}
    assert "took too long" in (tmp_path / "logs" / "b.txt").read_text("utf-8")


def test_a_time_out_of_the_job_itself_is_told_as_such(tmp_path: Path) -> None:
    job = times_out_by_itself
    (outcome,) = batch([tmp_path / "a" / "client.yaml"], tmp_path, reader="en", job=job)
    assert outcome.reason == "TimeoutError: of the job's own"


def test_an_output_folder_removed_in_mid_run_is_made_again(tmp_path: Path) -> None:
    files = [client(tmp_path / "clients", name) for name in "ab"]
    job, out = removes_the_folder, tmp_path / "out"
    went = list(batch(files, out, reader="en", jobs=1, job=job))
    assert [outcome.reason for outcome in went] == ["", ""]
    assert (out / "b" / "report.html").is_file()


def test_a_file_changed_in_mid_run_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = client(tmp_path / "clients", "one")
    changed = SMALL.replace("visitors: 100", "visitors: 120")
    assert changed != SMALL
    for_client = reports.for_client

    def and_change(path: Path, name: str) -> nbformat.NotebookNode:
        file.write_text(changed, encoding="utf-8")
        return for_client(path, name)

    monkeypatch.setattr(reports, "for_client", and_change)
    outcome = make_report(file, tmp_path / "out", "en")
    client_now = read_client(file)
    assert outcome.record["reached"] == pytest.approx(float(client_now.plan.at_goal()), rel=1e-9)
    assert outcome.record["made_of"] == made_of(file, [notebook_of(client_now.language, OWNER)])


def test_a_file_that_keeps_changing_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = client(tmp_path / "clients", "one")
    quick = notebook("client = ''")

    def and_change(_path: Path, _name: str) -> nbformat.NotebookNode:
        file.write_text(f"{file.read_text('utf-8')}# seen\n", encoding="utf-8")
        return quick

    monkeypatch.setattr(reports, "for_client", and_change)
    with warm_kernels():
        outcome = make_report(file, tmp_path / "out", "en")
    assert outcome.reason == "its files kept changing while its report was made"
    assert not (tmp_path / "out" / "one").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")
def test_a_notebook_that_asks_for_too_much_memory_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Zeros that nobody has read take address space, and no memory.
    hoard = "import numpy as np\nhoard = [np.zeros(1 << 30, 'u1') for _ in range(1 << 14)]"
    greedy = notebook("client = ''", hoard)
    monkeypatch.setattr(reports, "for_client", lambda _path, _name: greedy)
    with warm_kernels():
        outcome = make_report(client(tmp_path / "clients", "one"), tmp_path / "out", "en")
    assert "MemoryError" in outcome.reason
    assert "np.zeros(1 << 30" in (tmp_path / "out" / "logs" / "one.txt").read_text("utf-8")


def test_a_clock_that_goes_backwards_is_no_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = itertools.count(time.time(), -3600)
    monkeypatch.setattr(time, "time", lambda: next(back))
    outcome = make_report(client(tmp_path / "clients", "one"), tmp_path / "out", "en", limit=60)
    assert outcome.reason == ""


def marked(mark: str) -> set[int]:
    """Find the running processes that were started with a mark."""
    found = set()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            ended = (place / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            if not ended and f"{MARK}={mark}".encode() in (place / "environ").read_bytes():
                found.add(int(place.name))
        except OSError:
            continue
    return found


@pytest.fixture
def mark() -> Iterator[str]:
    name = uuid4().hex
    yield name
    for pid in marked(name):
        os.kill(pid, signal.SIGKILL)


def started(tmp_path: Path, mark: str, clients: int = 4) -> "subprocess.Popen[bytes]":
    """Start a batch and wait for its first report."""
    for number in range(clients):
        client(tmp_path / "clients", f"c{number}")
    process = subprocess.Popen(
        command(tmp_path), env=os.environ | {MARK: mark}, stderr=subprocess.DEVNULL
    )
    wait_for(lambda: any((tmp_path / "out").glob("*/report.html")), 120)
    return process


def command(tmp_path: Path) -> list[str]:
    line = [sys.executable, "-m", "funnelkit.faces.cli", "batch", "--language", "en"]
    return [*line, "--clients", str(tmp_path / "clients"), "--out", str(tmp_path / "out")]


def wait_for(there: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def assert_whole(out: Path) -> None:
    pages = list(out.glob("*/report.html"))
    assert pages
    for page in pages:
        assert page.read_text("utf-8").rstrip().endswith("</html>")


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes as Linux lists them")
def test_a_killed_batch_leaves_no_process_and_a_rerun_goes_on(tmp_path: Path, mark: str) -> None:
    with started(tmp_path, mark) as process:
        assert len(marked(mark)) > 2  # itself, the kernels' server, a worker
        process.kill()
    wait_for(lambda: not marked(mark), 20)
    assert_whole(tmp_path / "out")
    again = subprocess.run(command(tmp_path), capture_output=True, text=True, check=True)
    assert "4 of 4 reports made." in again.stdout
    assert "from an earlier run" in again.stdout
    assert not list((tmp_path / "out").glob("**/.*"))


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes as Linux lists them")
def test_a_process_in_mid_job_ends_with_a_killed_batch(tmp_path: Path, mark: str) -> None:
    code = (
        "from tests.faces.test_pool import Path, batch, sleeps_on_b\n"
        f"files = [Path({str(tmp_path)!r}, name, 'client.yaml') for name in 'ab']\n"
        "for outcome in batch(files, files[0], reader='en', jobs=1, job=sleeps_on_b):\n"
        "    print(outcome.client, flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | {MARK: mark}, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"a\n"
        process.kill()
    wait_for(lambda: not marked(mark), 20)


@pytest.mark.stress
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes as Linux lists them")
def test_every_process_of_a_batch_killed_in_turn_leaves_the_rest_whole(
    tmp_path: Path, mark: str
) -> None:
    """Kill one of its processes a second, never the batch itself: it comes to its end."""
    with started(tmp_path, mark, clients=30) as process:
        for number in itertools.count():
            others = sorted(marked(mark) - {process.pid})
            if process.poll() is not None:
                break
            if others:
                os.kill(others[number % len(others)], signal.SIGKILL)
            time.sleep(1)
    wait_for(lambda: not marked(mark), 20)
    assert_whole(tmp_path / "out")
    again = subprocess.run(command(tmp_path), capture_output=True, text=True, check=True)
    assert "30 of 30 reports made." in again.stdout


@pytest.mark.stress
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes as Linux lists them")
def test_a_batch_killed_again_and_again_comes_to_its_end(tmp_path: Path, mark: str) -> None:
    for number in range(8):
        client(tmp_path / "clients", f"d{number}")
    with started(tmp_path, mark) as process:
        process.kill()
    for seconds in (1.0, 2.5, 4.0, 6.0):
        with subprocess.Popen(
            command(tmp_path), env=os.environ | {MARK: mark}, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(seconds)
            process.kill()
        wait_for(lambda: not marked(mark), 20)
        assert_whole(tmp_path / "out")
    again = subprocess.run(command(tmp_path), capture_output=True, text=True, check=True)
    assert "12 of 12 reports made." in again.stdout
