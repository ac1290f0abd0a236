"""Reports for many clients, each one's notebooks run in order, none in another's way."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill import PapermillExecutionError

from funnelkit.client.files import alone_in, write_atomically
from funnelkit.client.problems import ClientFileError
from funnelkit.client.read import read_client
from funnelkit.faces.excel import EXCEL, write_workbook
from funnelkit.faces.log import Log
from funnelkit.faces.notebooks import (
    EVIDENCE,
    MARKETER,
    OWNER,
    compact,
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

__all__ = ["LIMIT", "PDF", "Job", "Outcome", "make_report"]

PDF = "report.pdf"
"""A client's printed report, beside its page."""

LIMIT = 600
"""Seconds that a cell of a notebook may take, where nobody says otherwise."""

_ATTEMPTS = 3  # at a client whose files change meanwhile


class ClientChangedError(Exception):
    """A client's files were others after its notebooks had run than before."""


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


Job = Callable[[Path, Path, str], Outcome]
"""What is done per client: its file, the folder of all reports, the reader's language."""


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
    log = Log()
    outcome = _made(client_file, out, reader, log, force=force, limit=limit)
    if not outcome.unchanged:
        log.write(out, outcome.client)
    return outcome


def _made(
    client_file: Path, out: Path, reader: str, log: Log, *, force: bool, limit: int
) -> Outcome:
    name = client_file.parent.name
    words = Words(language=reader)
    try:
        return _written(client_file, out / name, log, force=force, limit=limit)
    except ClientFileError as error:
        reason = "\n".join(problem_lines(error.problems, words))
    except ClientChangedError:
        reason = words("its files kept changing while its report was made")
    except PapermillExecutionError as error:
        reason = words("the notebook stopped: {error}", error=f"{error.ename}: {error.evalue}")
        log.note("\n".join(error.traceback))
    except CellTimeoutError:
        reason = words("a cell of the notebook took longer than {seconds} seconds", seconds=limit)
    except DeadKernelError:
        reason = words("the notebook's kernel died")
    except OSError as error:
        reason = words("a file could not be written: {error}", error=error)
    log.step(reason)
    return Outcome(client=name, reason=reason)


def _written(client_file: Path, folder: Path, log: Log, *, force: bool, limit: int) -> Outcome:
    name = client_file.parent.name
    for _attempt in range(_ATTEMPTS):
        client = read_client(client_file)
        templates = {level: notebook_of(client.language, level) for level in levels_of(client)}
        stamp = made_of(client_file, templates.values())
        if not force and (known := still_stands(folder, stamp)):
            return Outcome(client=name, record=known, unchanged=True)
        log.step(client_file.name)
        notebooks = {}
        for level, template in templates.items():
            parameters = {"client": str(client_file)}
            notebooks[level] = execute(
                for_client(template, name),
                parameters,
                client_file.parent,
                limit=limit,
                boards=False,
            )
            log.step(level)
        if made_of(client_file, templates.values()) == stamp:
            break
    else:
        raise ClientChangedError
    record = recorded(notebooks[OWNER]) | {"made_of": stamp}
    if MARKETER in notebooks:
        record["marketer"] = recorded(notebooks[MARKETER])
    if EVIDENCE in notebooks:
        record["evidence"] = recorded(notebooks[EVIDENCE])
    page = report_html(joined(list(notebooks.values())), client.language, workbook=EXCEL)
    log.step("report.html")
    with alone_in(folder):
        for level, notebook in notebooks.items():
            write_atomically(folder / level, compact(notebook))
        (folder / PDF).unlink(missing_ok=True)  # it was printed from another page
        write_workbook(client, folder)
        log.step(EXCEL)
        write_atomically(folder / "report.html", page)
        # Last, since what stands there vouches for the rest.
        write_atomically(folder / "results.json", json.dumps(record, ensure_ascii=False, indent=1))
    log.step("results.json")
    return Outcome(client=name, record=record)
