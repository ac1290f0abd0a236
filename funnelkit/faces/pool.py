"""Many clients at once: one after another in each of a few processes that last as long as all."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from funnelkit.faces.batch import Job, Outcome, make_report
from funnelkit.faces.kernels.warm import warm_kernels
from funnelkit.faces.log import log_failure
from funnelkit.faces.worker import serve
from funnelkit.show.words import Words

__all__ = ["CLIENT_LIMIT", "REHEARSAL", "batch"]

REHEARSAL = "funnelkit.faces.rehearsal"
"""What a batch's kernels have done before they begin."""

CLIENT_LIMIT = 1200.0
"""Seconds that a client's report may take, where nobody says otherwise."""

# A fork would copy threads in mid-work.
_SPAWN = multiprocessing.get_context("spawn")


def batch(
    client_files: Sequence[Path],
    out: Path,
    *,
    reader: str,
    jobs: int | None = None,
    job: Job = make_report,
    limit: float = CLIENT_LIMIT,
) -> Iterator[Outcome]:
    """Make the reports of many clients, yielding each outcome as it is there.

    Where the caller stops listening, reports under way are finished and no other is begun.

    Parameters
    ----------
    client_files : sequence of Path
    out : Path
    reader : str
        Language in which failures are told.
    jobs : int, optional
        Processes; by default half as many again as there are processors, since each waits a third
        of the time for a kernel to start.
    job : callable
        What is done per client.
    limit : float
        Seconds that it may take; its process is killed then, and its client has no report.
    """
    waiting: SimpleQueue[Path] = SimpleQueue()
    for file in client_files:
        waiting.put(file)
    done: SimpleQueue[Outcome] = SimpleQueue()
    lanes = min(jobs or 3 * (os.cpu_count() or 1) // 2, len(client_files))
    rehearsal = REHEARSAL if len(client_files) > lanes else ""  # it takes a report's time

    def ordered(worker: _Worker, file: Path) -> Outcome:
        return worker.result((job, file, out, reader), limit)

    with warm_kernels(rehearsal), ThreadPoolExecutor(max(lanes, 1)) as threads:
        for _lane in range(lanes):
            threads.submit(_work_off, waiting, done, ordered, out, reader)
        try:
            for _file in client_files:
                yield done.get()
        finally:
            with suppress(Empty):
                while True:
                    waiting.get_nowait()


class _Worker:
    """A process that does one job after another, and can be killed in the middle of one."""

    def __init__(self) -> None:
        self._link, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()  # so that the link ends with the process
        self._link.recv()  # it has imported what it needs, which takes nobody's time

    def result(self, order: object, limit: float) -> Outcome:
        """Wait for what a job returns.

        Raises
        ------
        TimeoutError
            If that takes longer than so many seconds.
        EOFError, OSError
            If the process has ended.
        """
        self._link.send(order)
        if not self._link.poll(limit):
            raise TimeoutError
        outcome: Outcome = self._link.recv()
        return outcome

    def end(self, *, at_once: bool) -> None:
        """End the process, and with it the kernels that it has started."""
        self._link.close()
        if at_once:
            self._process.kill()
        self._process.join()
        self._process.close()


def _work_off(
    waiting: "SimpleQueue[Path]",
    done: "SimpleQueue[Outcome]",
    ordered: Callable[[_Worker, Path], Outcome],
    out: Path,
    reader: str,
) -> None:
    """Take clients off a queue, one at a time in one process, replaced where it dies."""
    words = Words(language=reader)
    worker: _Worker | None = None
    while True:
        try:
            file = waiting.get_nowait()
        except Empty:
            break
        try:
            worker = worker or _Worker()
            done.put(ordered(worker, file))
            continue
        except TimeoutError:
            reason = words("its report took too long and was given up")
        except (EOFError, OSError):
            reason = words("its process was stopped")
        except Exception as error:  # noqa: BLE001  # whatever it is, the others go on
            reason = f"{type(error).__name__}: {error}"
        log_failure(out, file.parent.name, reason)
        done.put(Outcome(client=file.parent.name, reason=reason))
        if worker:
            worker.end(at_once=True)
            worker = None
    if worker:
        worker.end(at_once=False)
