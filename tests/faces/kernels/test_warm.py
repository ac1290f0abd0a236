"""Kernels are warm for as long as one has use for them, whoever starts them; then nothing stays."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest

from funnelkit.faces.kernels.provisioner import ForkedProcess
from funnelkit.faces.kernels.warm import ADDRESS, DEFAULT, warm_kernels
from funnelkit.faces.notebooks import execute, notebook_of
from tests.faces.kernels.kernel import is_running, kernel

ROOT = Path(__file__).parents[3]
CLIENT = ROOT / "data" / "clients" / "saldo" / "client.yaml"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux")


def gone(*pids: int, within: float = 10) -> bool:
    deadline = time.monotonic() + within
    while any(map(is_running, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def executed(notebook: nbformat.NotebookNode | Path) -> str:
    return nbformat.writes(execute(notebook, {"client": str(CLIENT)}, CLIENT.parent))


def parent_of_kernel() -> nbformat.NotebookNode:
    source = "import os, sys\nprint(os.getppid(), 'funnelkit.faces.workbook' in sys.modules)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "", "language": "python"}
    return notebook


def test_papermill_gets_the_same_notebook_from_a_warm_kernel() -> None:
    with warm_kernels():
        twice = [executed(notebook_of("ru")) for _ in range(2)]
    assert twice == [executed(notebook_of("ru"))] * 2


def test_papermills_command_line_gets_a_warm_kernel_too(tmp_path: Path) -> None:
    nbformat.write(parent_of_kernel(), tmp_path / "in.ipynb")
    command = [sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb", "--no-progress-bar"]
    with warm_kernels():
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        (cell,) = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells
        parent, warm = cell.outputs[0].text.split()
        assert warm == "True"
        assert "funnelkit.faces.kernels.server" in Path(f"/proc/{parent}/cmdline").read_text()
        # What is forked should be doing nothing, and one thing at that.
        assert len(list(Path(f"/proc/{parent}/task").iterdir())) == 1


def test_afterwards_everything_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DEFAULT, "local-provisioner")
    before = dict(os.environ)
    with warm_kernels():
        folder = Path(os.environ[ADDRESS]).parent
        with kernel() as forked:
            process = forked.manager.provisioner.process
            assert isinstance(process, ForkedProcess)
            server = forked.value("__import__('os').getppid()")
            assert forked.value(f"{ADDRESS!r} in __import__('os').environ") is False
        with warm_kernels():  # the same server
            assert Path(os.environ[ADDRESS]).parent == folder
    assert gone(server, process.pid)
    assert not folder.exists()
    assert dict(os.environ) == before
    with kernel() as other:
        assert not isinstance(other.manager.provisioner.process, ForkedProcess)


def test_a_long_name_of_the_folder_for_temporary_files_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("long" * 25)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    with warm_kernels(), kernel() as forked:
        assert isinstance(forked.manager.provisioner.process, ForkedProcess)


def test_kernels_die_with_their_server_and_are_then_started_as_ever() -> None:
    with warm_kernels():
        with kernel() as forked:
            process = forked.manager.provisioner.process
            server = forked.value("__import__('os').getppid()")
            os.kill(server, signal.SIGKILL)
            assert gone(server, process.pid)
            assert process.wait(timeout=10) == -signal.SIGKILL
        with kernel() as other:
            assert not isinstance(other.manager.provisioner.process, ForkedProcess)
            assert other.value("6 * 7") == 42


STARTS = """
import time
from jupyter_client.manager import start_new_kernel
from funnelkit.faces.kernels.warm import warm_kernels

with warm_kernels():
    manager, client = start_new_kernel(kernel_name="python3")
    client.execute("import time\\nwhile True: time.sleep(1)")
    print(manager.provisioner.process.pid, manager.ip, flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_its_starter(number: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTS], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as starter:
        kernel_pid, place = starter.stdout.readline().split()
        status = Path(f"/proc/{kernel_pid}/stat").read_text()
        server = int(status.rpartition(")")[2].split()[1])
        assert is_running(server)
        starter.send_signal(number)
        starter.wait(30)
        assert gone(server, int(kernel_pid))
        assert not Path(place).parent.exists()
