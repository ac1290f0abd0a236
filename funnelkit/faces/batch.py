"""Reports for many clients, each one's notebooks run in order, none in another's way."""

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill import PapermillExecutionError

from funnelkit.client.files import write_atomically
from funnelkit.client.problems import ClientFileError
from funnelkit.client.read import read_client
from funnelkit.faces.excel import EXCEL, write_workbook
from funnelkit.faces.kernels.warm import warm_kernels
from funnelkit.faces.notebooks import (
    EVIDENCE,
    MARKETER,
    OWNER,
    execute,
    for_client,
    levels_of,
    notebook_of,
)
from funnelkit.faces.record import recorded
from funnelkit.faces.report import joined, report_html
from funnelkit.faces.stamp import made_of, still_stands
from funnelkit.show.problems import problem_lines
from funnelkit.show.words import Words

__all__ = ["LIMIT", "PDF", "REHEARSAL", "Outcome", "batch", "make_report"]

PDF = "report.pdf"
"""A client's printed report, beside its page."""

REHEARSAL = "funnelkit.faces.rehearsal"
"""What a batch's kernels have done before they begin."""

LIMIT = 600
"""Seconds that a cell of a notebook may take, where nobody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one client's report went.

    Attributes
    ----------
    client : str
    reason : str
        Why there is no new report; empty where there is one.
    record : dict
        What the client's notebook recorded; empty without a report.
    pdf : bool
        Whether the report was printed, too.
    no_pdf : str
        Why it was not, though it should have been.
    unchanged : bool
        Whether the report of an earlier run still stands, since nothing it is made of changed.
    """

    client: str
    reason: str = ""
    record: dict[str, Any] = field(default_factory=dict)
    pdf: bool = False
    no_pdf: str = ""
    unchanged: bool = False


def make_report(
    client_file: Path, out: Path, reader: str, *, force: bool = False, limit: int = LIMIT
) -> Outcome:
    """Run a client's notebooks and write its report, notebooks and results, or say why not.

    Parameters
    ----------
    client_file : Path
    out : Path
        Folder of all reports; the client's folder in it is named like the client's own.
    reader : str
        Language in which a failure is told.
    force : bool
        Whether to make a report anew that nothing has changed for.
    limit : int
        Seconds that a cell of a notebook may take.
    """
    name = client_file.parent.name
    words = Words(language=reader)
    folder = out / name
    try:
        client = read_client(client_file)
        stamp = made_of(client_file, [notebook_of(client.language, n) for n in levels_of(client)])
        if not force and (known := still_stands(folder, stamp)):
            return Outcome(client=name, record=known, unchanged=True)
        notebooks = {}
        for level in levels_of(client):
            template = for_client(notebook_of(client.language, level), name)
            parameters = {"client": str(client_file)}
            notebooks[level] = execute(
                template, parameters, client_file.parent, limit=limit, boards=False
            )
        record = recorded(notebooks[OWNER]) | {"made_of": stamp}
        if MARKETER in notebooks:
            record["marketer"] = recorded(notebooks[MARKETER])
        if EVIDENCE in notebooks:
            record["evidence"] = recorded(notebooks[EVIDENCE])
        page = report_html(joined(list(notebooks.values())), client.language, workbook=EXCEL)
        for level, notebook in notebooks.items():
            write_atomically(folder / level, nbformat.writes(notebook) + "\n")
        (folder / PDF).unlink(missing_ok=True)  # it was printed from another page
        write_workbook(client, folder)
        write_atomically(folder / "report.html", page)
        # Last, since what stands there vouches for the rest.
        write_atomically(folder / "results.json", json.dumps(record, ensure_ascii=False, indent=1))
    except ClientFileError as error:
        return Outcome(client=name, reason="\n".join(problem_lines(error.problems, words)))
    except PapermillExecutionError as error:
        reason = words("the notebook stopped: {error}", error=f"{error.ename}: {error.evalue}")
        return Outcome(client=name, reason=reason)
    except CellTimeoutError:
        reason = words("a cell of the notebook took longer than {seconds} seconds", seconds=limit)
        return Outcome(client=name, reason=reason)
    except DeadKernelError:
        return Outcome(client=name, reason=words("the notebook's kernel died"))
    except OSError as error:
        reason = words("a file could not be written: {error}", error=error)
        return Outcome(client=name, reason=reason)
    return Outcome(client=name, record=record)


def batch(
    client_files: Sequence[Path],
    out: Path,
    *,
    reader: str,
    jobs: int | None = None,
    job: Callable[[Path, Path, str], Outcome] = make_report,
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
        Processes; by default as many as there are processors.
    job : callable
        What is done per client.
    """
    waiting: SimpleQueue[Path] = SimpleQueue()
    for file in client_files:
        waiting.put(file)
    done: SimpleQueue[Outcome] = SimpleQueue()
    lanes = min(jobs or os.cpu_count() or 1, len(client_files))
    rehearsal = REHEARSAL if len(client_files) > lanes else ""  # it takes a report's time
    with warm_kernels(rehearsal), ThreadPoolExecutor(max(lanes, 1)) as threads:
        for _lane in range(lanes):
            threads.submit(_work_off, waiting, done, out, reader, job)
        try:
            for _file in client_files:
                yield done.get()
        finally:
            with suppress(Empty):
                while True:
                    waiting.get_nowait()


def _work_off(
    waiting: SimpleQueue[Path],
    done: SimpleQueue[Outcome],
    out: Path,
    reader: str,
    job: Callable[[Path, Path, str], Outcome],
) -> None:
    """Take clients off a queue, one at a time in one process, replaced where it dies."""
    pool = _one_process()
    while True:
        try:
            file = waiting.get_nowait()
        except Empty:
            break
        try:
            done.put(pool.submit(job, file, out, reader).result())
        except BrokenProcessPool:
            words = Words(language=reader)
            reason = words("its process was stopped")
            done.put(Outcome(client=file.parent.name, reason=reason))
            pool = _one_process()
        except Exception as error:  # noqa: BLE001  # one client's failure must not stop the others
            reason = f"{type(error).__name__}: {error}"
            done.put(Outcome(client=file.parent.name, reason=reason))
    pool.shutdown()


def _one_process() -> ProcessPoolExecutor:
    """Start a process for reports; spawned, since a fork would copy threads in mid-work."""
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
