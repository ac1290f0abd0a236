"""What a client's report costs in a batch, against two plain ways to make it.

One run, the same notebook and the same clients, copies of a demo; each way in processes of its
own, whose processor time is added up:

- ours: notebooks one after another, their kernels forked, each through the report's template;
- loop: ``papermill`` and ``jupyter nbconvert`` as commands, two processes a report;
- pool: both as libraries, in a pool of as many processes as there are processors.

Beside them stands one report made cold, from an interpreter's start to its end. Run it with a
number behind it for so many clients.
"""

import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "notebooks" / "ru" / "1_owner_level.ipynb"
CLIENT, CLIENTS = "saldo", 6


def ours(files: list[Path], out: Path) -> None:
    """Make the reports as `funnelkit batch` does in one of its processes."""
    from funnelkit.faces.kernels.warm import warm_kernels

    with warm_kernels():
        # What a report's own process imports, while the server imports what its kernels need.
        sys.modules["rfc3987_syntax"] = None
        from funnelkit.faces.batch import make_report

        for file in files:
            outcome = make_report(file, out, "en")
            if outcome.reason:
                sys.exit(outcome.reason)


def loop(files: list[Path], out: Path) -> None:
    """Make them with two commands each."""
    for file in files:
        made = out / f"{file.parent.name}.ipynb"
        papermill = [sys.executable, "-m", "papermill", str(NOTEBOOK), str(made)]
        papermill += ["-p", "client", str(file), "--no-progress-bar"]
        nbconvert = [sys.executable, "-m", "nbconvert", "--to", "html", str(made)]
        for command in (papermill, nbconvert):
            subprocess.run(command, check=True, capture_output=True)


def pool(files: list[Path], out: Path) -> None:
    """Make them with both libraries, several at a time."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
        for done in [processes.submit(in_pool, file, out) for file in files]:
            done.result()


def in_pool(file: Path, out: Path) -> None:
    """Make one with both libraries."""
    import papermill
    from nbconvert import HTMLExporter

    made = out / f"{file.parent.name}.ipynb"
    papermill.execute_notebook(NOTEBOOK, made, {"client": str(file)}, progress_bar=False)
    html, _resources = HTMLExporter().from_filename(str(made))
    made.with_suffix(".html").write_text(html, "utf-8")


WAYS: dict[str, Callable[[list[Path], Path], None]] = {"ours": ours, "loop": loop, "pool": pool}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What making some reports took: seconds by the clock, of processors, and the most memory."""

    wall: float
    cpu: float
    peak_mb: float


def cost(way: str, clients: Path, count: int) -> Cost:
    """Make so many clients' reports in one way."""
    with TemporaryDirectory() as out:
        command = [sys.executable, __file__, way, str(clients), str(count), out]
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        with subprocess.Popen(command) as process:
            peak = watched(process)
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        if process.returncode or len(list(Path(out).rglob("*.html"))) != count:
            sys.exit(f"{way} has failed")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall=wall, cpu=cpu, peak_mb=peak)


def watched(process: "subprocess.Popen[bytes]") -> float:
    """Wait for a process; return the most memory that it and its descendants had, in MB.

    What processes share is counted once, so this knows Linux alone; elsewhere it is 0.
    """
    peak, ended = 0.0, Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(0.1):
            peak = max(peak, sum(map(memory, family(process.pid))))

    watching = Thread(target=watch)
    watching.start()
    process.wait()
    ended.set()
    watching.join()
    return peak


def family(pid: int) -> list[int]:
    """List a process and its descendants."""
    members = [pid]
    for member in members:
        with suppress(OSError):
            children = Path(f"/proc/{member}/task/{member}/children").read_text()
            members += map(int, children.split())
    return members


def memory(pid: int) -> float:
    """Return a process's share of memory in MB."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    count = int(sys.argv[1]) if sys.argv[1:] else CLIENTS
    with TemporaryDirectory() as folder:
        for number in range(count):
            shutil.copytree(ROOT / "data" / "clients" / CLIENT, Path(folder, f"client_{number}"))
        cold = cost("ours", Path(folder), 1)
        costs = {way: cost(way, Path(folder), count) for way in WAYS}
    print(f"one report, cold: {cold.wall:.1f} s, {cold.cpu:.1f} s of processors")
    for way, it in costs.items():
        print(
            f"{way:5} {count} reports in {it.wall:5.1f} s, {it.cpu / count:5.2f} s of processors "
            f"a report, {it.peak_mb:5.0f} MB at most"
        )
    ours_cost = costs["ours"]
    print(
        json.dumps(
            {
                "loop_over_ours_cpu": costs["loop"].cpu / ours_cost.cpu,
                "pool_over_ours_cpu": costs["pool"].cpu / ours_cost.cpu,
                "cpu_seconds_per_client": ours_cost.cpu / count,
                "cold_seconds": cold.wall,
                "peak_mb": ours_cost.peak_mb,
            }
        )
    )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        name, clients, number, place = sys.argv[1:]
        chosen = sorted(Path(clients).glob("*/client.yaml"))[: int(number)]
        WAYS[name](chosen, Path(place))
    else:
        main()
