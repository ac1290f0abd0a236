"""A batch on a Dask cluster: a scheduler and two workers, each a process, on the loopback."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from funnelkit.faces.cli import main
from tests.client.files import SMALL

CLIENTS = tuple(f"c{number}" for number in range(6))


def started(*arguments: str) -> "subprocess.Popen[str]":
    nothing = subprocess.DEVNULL
    command = [sys.executable, "-m", *arguments]
    return subprocess.Popen(command, stdout=nothing, stderr=nothing, text=True)


@pytest.fixture
def cluster() -> Iterator[tuple[str, list["subprocess.Popen[str]"]]]:
    """A scheduler's address and two workers that nobody starts again."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    scheduler = ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port)]
    worker = ["distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny"]
    with ExitStack() as stack:
        running = [started(*scheduler, "--no-dashboard")]
        running += [started(*worker, "--no-dashboard") for _ in range(2)]
        for process in running:
            stack.enter_context(process)
            stack.callback(process.kill)
        yield address, running[1:]


def command(tmp_path: Path, address: str) -> list[str]:
    for name in CLIENTS:
        folder = tmp_path / "clients" / name
        folder.mkdir(parents=True)
        (folder / "client.yaml").write_text(SMALL, encoding="utf-8")
    line = ["batch", "--language", "en", "--cluster", address, "--out", str(tmp_path / "out")]
    return [*line, "--clients", str(tmp_path / "clients")]


def test_a_worker_killed_in_mid_batch_costs_no_client(
    tmp_path: Path, cluster: tuple[str, list["subprocess.Popen[str]"]]
) -> None:
    address, workers = cluster
    line = [sys.executable, "-m", "funnelkit.faces.cli", *command(tmp_path, address)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 120
        while not list((tmp_path / "out").glob("*/report.html")):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        workers[0].kill()
        said, _nothing = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "6 of 6 reports made." in said
    for name in CLIENTS:
        page = (tmp_path / "out" / name / "report.html").read_text("utf-8")
        assert page.rstrip().endswith("</html>")
    logs = [log.stem for log in (tmp_path / "out" / "logs").iterdir()]
    assert sorted(logs) == sorted(CLIENTS)


def test_without_the_package_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = CliRunner().invoke(main, command(tmp_path, "tcp://127.0.0.1:1"))
    assert result.exit_code == 1
    assert "pip install funnelkit[cluster]" in result.output


def test_an_address_where_no_cluster_is_says_so(tmp_path: Path) -> None:
    impatient = "from funnelkit.faces import cli, cluster; cluster._PATIENCE = 1; cli.main()"
    line = [sys.executable, "-c", impatient, *command(tmp_path, "tcp://127.0.0.1:9")]
    result = subprocess.run(line, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "no cluster with a worker answers at tcp://127.0.0.1:9" in result.stderr
