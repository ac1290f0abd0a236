"""A process that does one job after another; what it imports, it imports here."""

import multiprocessing
import os
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from threading import Thread

from funnelkit.faces.imports import without_parsers

__all__ = ["serve"]


def serve(link: Connection) -> None:
    """Do jobs until their giver is gone; a killed one cannot say so, hence the thread.

    Parameters
    ----------
    link : Connection
        Where a job comes with its client's file, the folder of all reports and the reader's
        language, and its outcome goes.
    """
    Thread(target=_end_with_parent, daemon=True).start()
    with without_parsers():
        from funnelkit.faces.batch import Outcome
    with suppress(EOFError, OSError, KeyboardInterrupt):
        link.send(None)
        while True:
            job, file, out, reader = link.recv()
            try:
                link.send(job(file, out, reader))
            except Exception as error:  # noqa: BLE001  # one client's failure must not stop others
                reason = f"{type(error).__name__}: {error}"
                link.send(Outcome(client=file.parent.name, reason=reason))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
