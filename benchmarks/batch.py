"""What a client's report costs in a batch, against two plain ways to make it.

One run, the same notebooks and the same clients, a demo varied; each way in processes of its own,
whose processor time is added up:

- ours: `funnelkit batch`;
- loop: ``papermill`` and ``jupyter nbconvert`` as commands, two processes a notebook;
- pool: both as libraries, in a pool of as many processes as there are processors.

A client has two notebooks, so ours makes one page of both, the others a page of each. Then ours
alone makes more, and one cold, from the command to the file. Two numbers may stand behind it: how
many clients each way has (20), and how many ours has in the end against 100 (200; 1000 takes a
quarter of an hour).
"""

import json
import re
import resource
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
NOTEBOOKS = [
    ROOT / "notebooks" / "ru" / f"{name}_level.ipynb" for name in ("1_owner", "2_marketer")
]
CLIENT = "saldo"
CLIENTS, FEW, MANY = 20, 100, 200


def ours(files: list[Path], out: Path) -> None:
    """Make the reports as anybody does."""
    command = [sys.executable, "-m", "funnelkit.faces.cli", "batch", "--out", str(out)]
    names = [file.parent.name for file in files]
    subprocess.run(
        [*command, "--clients", str(files[0].parents[1]), *names],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def loop(files: list[Path], out: Path) -> None:
    """Make them with two commands a notebook."""
    for file in files:
        for notebook in NOTEBOOKS:
            made = out / f"{file.parent.name}_{notebook.stem}.ipynb"
            papermill = [sys.executable, "-m", "papermill", str(notebook), str(made)]
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

    for notebook in NOTEBOOKS:
        made = out / f"{file.parent.name}_{notebook.stem}.ipynb"
        papermill.execute_notebook(notebook, made, {"client": str(file)}, progress_bar=False)
        html, _resources = HTMLExporter().from_filename(str(made))
        made.with_suffix(".html").write_text(html, "utf-8")


WAYS: dict[str, Callable[[list[Path], Path], None]] = {"ours": ours, "loop": loop, "pool": pool}
PAGES = {"ours": "*/report.html", "loop": "*.html", "pool": "*.html"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What some reports took: seconds by the clock, of processors, and the most memory."""

    count: int
    wall: float
    cpu: float
    peak_mb: float

    @property
    def each(self) -> float:
        """Seconds of processors a client."""
        return self.cpu / self.count

    def __str__(self) -> str:
        """Say it in a line."""
        return (
            f"{self.count:4} clients, {60 * self.count / self.wall:5.1f} a minute, "
            f"{self.each:6.2f} s of processors each, {self.peak_mb:5.0f} MB at most"
        )


def cost(way: str, clients: Path, count: int, out: Path) -> Cost:
    """Make so many clients' reports in one way."""
    command = [sys.executable, __file__, way, str(clients), str(count), str(out)]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with subprocess.Popen(command) as process:
        peak = watched(process)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    pages = count * (1 if way == "ours" else len(NOTEBOOKS))
    if process.returncode or len(list(out.glob(PAGES[way]))) != pages:
        sys.exit(f"{way} has failed")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(count=count, wall=wall, cpu=cpu, peak_mb=peak)


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


def varied(folder: Path, count: int) -> None:
    """Write so many clients that differ in a number."""
    demo = (ROOT / "data" / "clients" / CLIENT / "client.yaml").read_text("utf-8")
    for number in range(count):
        place = folder / f"client_{number:04}"
        place.mkdir()
        text = re.sub(r"(?m)^title: .*$", f"title: Client {number}", demo)
        text = re.sub(r"(?m)^(active_customers:) .*$", rf"\1 {84 + number}", text)
        (place / "client.yaml").write_text(text, "utf-8")


def print_seconds(out: Path) -> float | None:
    """Print every report as a PDF, as a batch does; return the seconds of each."""
    from funnelkit.faces.batch import Outcome
    from funnelkit.faces.pdf import installed_browser
    from funnelkit.faces.printing import printed
    from funnelkit.show.words import Words

    if installed_browser() is None:
        return None
    made = [Outcome(client=page.parent.name) for page in sorted(out.glob("*/report.html"))]
    start = time.perf_counter()
    if not all(outcome.pdf for outcome in printed(made, out, Words(language="en"))):
        sys.exit("printing has failed")
    return (time.perf_counter() - start) / len(made)


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    count, many = [*map(int, sys.argv[1:]), *(CLIENTS, MANY)[len(sys.argv) - 1 :]]
    costs = {}
    with TemporaryDirectory() as folder, TemporaryDirectory() as made:
        clients, out = Path(folder), Path(made)
        varied(clients, max(count, many, FEW))
        cold = cost("ours", clients, 1, out / "cold")
        print(f"one report, cold: {cold.wall:.1f} s, {cold.cpu:.1f} s of processors; of these")
        print(next((out / "cold" / "logs").iterdir()).read_text("utf-8"))
        for way in WAYS:
            (out / way).mkdir()
            costs[way] = cost(way, clients, count, out / way)
            print(way, costs[way], flush=True)
        pdf = print_seconds(out / "ours")
        few = cost("ours", clients, FEW, out / "few")
        print("ours", few, flush=True)
        most = cost("ours", clients, many, out / "many")
        print("ours", most)
    found = {
        "loop_over_ours_cpu": costs["loop"].each / costs["ours"].each,
        f"loop_over_ours_cpu_at_{many}": costs["loop"].each / most.each,  # has no start to share
        "pool_over_ours_cpu": costs["pool"].each / costs["ours"].each,
        "cpu_seconds_per_client": most.each,
        "cost_1000_over_100" if many == 10 * FEW else f"cost_{many}_over_{FEW}": most.each
        / few.each,
        "peak_mb": most.peak_mb,
        "pdf_seconds_per_client": pdf,
        "cold_seconds": cold.wall,
    }
    print(json.dumps({key: value and round(value, 3) for key, value in found.items()}))


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in WAYS:
        name, given, number, place = sys.argv[1:]
        chosen = sorted(Path(given).glob("*/client.yaml"))[: int(number)]
        WAYS[name](chosen, Path(place))
    else:
        main()
