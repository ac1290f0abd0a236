"""A forked kernel is like any other: it starts, is interrupted, ends and leaves nothing."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager

from funnelkit.faces.kernels.provisioner import ForkedProcess
from funnelkit.faces.kernels.warm import ADDRESS, warm_kernels
from tests.faces.kernels.kernel import Kernel, is_running, kernel

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux"),
    pytest.mark.usefixtures("warm"),
]


@pytest.fixture(scope="module")
def warm() -> Iterator[None]:
    with warm_kernels():
        yield


# What could tell a forked kernel from another, were it not for the same.
SELF = """{
    "folder": __import__("os").getcwd(),
    "environment": {
        name: value
        for name, value in __import__("os").environ.items() if name != "JPY_PARENT_PID"
    },
    "arguments": [
        part for part in __import__("sys").argv if "json" not in part and "parent" not in part
    ],
    "path": __import__("sys").path,
    "flags": tuple(__import__("sys").flags),
    "names": sorted(globals()),
    "main": sorted(vars(__import__("sys").modules["__main__"])),
    "signals": [
        str(__import__("signal").getsignal(number)) for number in (2, 15, 17)
    ],
    "threads": sorted(
        thread.name.rstrip("0123456789") for thread in __import__("threading").enumerate()
    ),
    "input": __import__("os").read(0, 1),
    "leader": __import__("os").getsid(0) == __import__("os").getpid(),
    "can check addresses": __import__("importlib.util").util.find_spec("rfc3987_syntax") is None,
    "draws": "vl_convert" in __import__("sys").modules,
}"""


@pytest.fixture
def forked(tmp_path: Path) -> Iterator[Kernel]:
    with kernel(cwd=str(tmp_path)) as running:
        assert isinstance(running.manager.provisioner.process, ForkedProcess)
        yield running


def ended(running: Kernel, within: float = 10) -> int:
    """Return a kernel's exit code."""
    provisioner = running.manager.provisioner
    deadline = time.monotonic() + within
    while (code := provisioner.process.poll()) is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return code


def test_it_differs_in_nothing_from_one_started_as_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"cwd": str(tmp_path), "env": os.environ | {"OWN": "é", "TZ": "Asia/Tokyo"}}
    with kernel(**options) as forked:
        assert isinstance(forked.manager.provisioner.process, ForkedProcess)
        seen, hour = forked.value(SELF), forked.value("__import__('time').localtime(0).tm_hour")
    monkeypatch.delenv(ADDRESS)
    with kernel(**options) as other:
        assert not isinstance(other.manager.provisioner.process, ForkedProcess)
        assert seen == other.value(SELF)
    assert hour == 9
    assert seen["folder"] == str(tmp_path)


LEAVE = """
import os, random, sys
import numpy, pandas, funnelkit
funnelkit.left = numpy.left = left = True
pandas.options.display.precision = 1
os.environ["LEFT"] = "x"
os.chdir("/")
os.umask(0o123)
sys.path.append("left")
numpy.random.seed(0)
random.seed(0)
"left"
"""
FOUND = """[
    hasattr(__import__("funnelkit"), "left"),
    hasattr(__import__("numpy"), "left"),
    "left" in globals(),
    __import__("pandas").options.display.precision == 1,
    "LEFT" in __import__("os").environ,
    __import__("os").getcwd() == "/",
    "left" in __import__("sys").path,
    bool(Out) or any(In) or bool(_),
    bool(__import__("numpy").random.get_state()[1][0] == 0),
    __import__("random").random() == 0.8444218515250481,
]"""


def test_nothing_of_one_kernel_is_in_the_next(tmp_path: Path) -> None:
    with kernel(cwd=str(tmp_path)) as first:
        assert first.value(FOUND) == [False] * 10
        first.run(LEAVE)
        assert first.value(FOUND) == [True] * 10
        with kernel(cwd=str(tmp_path)) as beside:
            assert beside.value(FOUND) == [False] * 10
    with kernel(cwd=str(tmp_path)) as after:
        assert after.value(FOUND) == [False] * 10
        assert after.value("list(get_ipython().history_manager.get_range(0))") == []


def test_no_two_kernels_draw_the_same_numbers() -> None:
    draws = "[__import__('random').random(), __import__('numpy').random.random()]"
    drawn = []
    for _ in range(3):
        with kernel() as forked:
            drawn += forked.value(draws)
    assert len(set(drawn)) == 6


def test_client_and_kernel_talk_through_files_with_short_names(forked: Kernel) -> None:
    manager = forked.manager
    assert manager.transport == "ipc"
    assert len(manager.ip) < 80
    assert Path(f"{manager.ip}-{manager.shell_port}").is_socket()
    assert Path(manager.ip).parent.stat().st_mode & 0o077 == 0
    manager.shutdown_kernel(now=True)
    assert not list(Path(manager.ip).parent.glob(f"{Path(manager.ip).name}*"))


def test_an_interrupt_stops_the_cell_and_not_the_kernel(forked: Kernel) -> None:
    forked.run("here = 1")
    sleeps = "print('now', flush=True)\nimport time\ntime.sleep(60)"
    asked = forked.client.execute(sleeps, stop_on_error=False)
    while forked.client.get_iopub_msg(timeout=30)["msg_type"] != "stream":
        pass
    forked.manager.interrupt_kernel()
    reply = forked.client.get_shell_msg(timeout=30)
    assert reply["parent_header"]["msg_id"] == asked
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert forked.value("here") == 1


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (lambda it: it.client.execute("import os; os._exit(0)"), 0),
        (lambda it: it.client.execute("import os; os._exit(7)"), 7),
        (lambda it: it.client.execute("import os; os.kill(os.getpid(), 6)"), -signal.SIGABRT),
        (lambda it: it.manager.signal_kernel(signal.SIGTERM), -signal.SIGTERM),
        (lambda it: it.manager.signal_kernel(signal.SIGKILL), -signal.SIGKILL),
        (lambda it: it.manager.provisioner.process.terminate(), -signal.SIGTERM),
        (lambda it: it.manager.provisioner.process.kill(), -signal.SIGKILL),
    ],
)
def test_its_exit_code_is_known(forked: Kernel, end: Callable[[Kernel], object], code: int) -> None:
    process = forked.manager.provisioner.process
    assert process.poll() is None
    assert forked.manager.is_alive()
    end(forked)
    assert ended(forked) == process.wait() == code
    assert not forked.manager.is_alive()
    assert not is_running(process.pid)
    process.send_signal(signal.SIGTERM)  # says nothing, as Popen's


def test_it_ends_when_asked_to(forked: Kernel) -> None:
    pid = forked.manager.provisioner.process.pid
    # If need be by force, as any ipykernel: its threads can wait for each other as they end.
    forked.manager.shutdown_kernel()
    assert not is_running(pid)


def test_what_a_kernel_started_is_killed_with_it(forked: Kernel) -> None:
    forked.run("import subprocess\nchild = subprocess.Popen(['sleep', '600'])")
    child = forked.value("child.pid")
    assert is_running(child)
    forked.manager.shutdown_kernel(now=True)
    deadline = time.monotonic() + 10
    while is_running(child):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_restarted_kernel_is_forked_anew(forked: Kernel) -> None:
    first = forked.manager.provisioner.process.pid
    forked.run("left = 1")
    forked.manager.restart_kernel(now=True)
    forked.client.wait_for_ready(timeout=60)
    assert isinstance(forked.manager.provisioner.process, ForkedProcess)
    assert forked.manager.provisioner.process.pid != first
    assert forked.value("'left' in globals()") is False


def test_what_python_reads_as_it_starts_has_a_process_of_its_own() -> None:
    with kernel(env=os.environ | {"PYTHONHASHSEED": "1"}) as other:
        assert not isinstance(other.manager.provisioner.process, ForkedProcess)
        assert other.value("hash('a')") == other.value("hash('a')")


def test_a_folder_that_is_not_there_is_refused_as_ever(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        KernelManager(kernel_name="python3").start_kernel(cwd=str(tmp_path / "nowhere"))
