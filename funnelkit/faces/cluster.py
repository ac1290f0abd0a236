"""The same batch on a Dask cluster: whoever's machines these are, the job is `make_report`'s.

Every machine has this package and the same folders under the same names. What a worker that is
lost had under way, another begins anew; a report is written whole or not at all, so that is safe.
"""

import atexit
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

from funnelkit.faces.batch import Job, Outcome, make_report
from funnelkit.faces.kernels.warm import warm_kernels
from funnelkit.faces.log import log_failure
from funnelkit.faces.pool import REHEARSAL

__all__ = ["ClusterError", "cluster_batch"]

_PATIENCE = 10  # seconds for a scheduler to answer and a worker to be there
_ONE_AT_A_TIME = Lock()


class ClusterError(Exception):
    """There is no such cluster, or nothing to reach it with.

    Attributes
    ----------
    installed : bool
        Whether it is the cluster that is missing.
    """

    def __init__(self, *, installed: bool) -> None:
        super().__init__(installed)
        self.installed = installed


def cluster_batch(
    client_files: Sequence[Path], out: Path, *, reader: str, address: str, job: Job = make_report
) -> Iterator[Outcome]:
    """Make the reports of many clients on a cluster, yielding each outcome as it is there.

    Parameters
    ----------
    client_files : sequence of Path
        Whole paths, the same on every machine.
    out : Path
    reader : str
        Language in which failures are told.
    address : str
        Of the cluster's scheduler, such as ``tcp://10.0.0.1:8786``.
    job : callable
        What is done per client.

    Raises
    ------
    ClusterError
        Without the package ``distributed``, or if no scheduler with a worker answers there.
    """
    try:
        distributed: Any = import_module("distributed")  # slow to load, and may not be there
    except ImportError:
        raise ClusterError(installed=False) from None
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(
                distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
            )
            cluster.wait_for_workers(1, timeout=_PATIENCE)
        except (OSError, ValueError):
            raise ClusterError(installed=True) from None
        asked = {
            cluster.submit(_on_worker, job, file, out, reader, pure=False): file.parent.name
            for file in client_files
        }
        for future in distributed.as_completed([*asked], loop=cluster.loop):
            client = asked.pop(future)  # so that the cluster forgets it
            try:
                outcome: Outcome = future.result()
            except Exception as error:  # noqa: BLE001  # one client's failure must not stop others
                reason = f"{type(error).__name__}: {error}"
                log_failure(out, client, reason)
                outcome = Outcome(client=client, reason=reason)
            yield outcome


def _on_worker(job: Job, file: Path, out: Path, reader: str) -> Outcome:
    """Do a job in a worker's process, which has warm kernels from its first one on."""
    with _ONE_AT_A_TIME:
        _warm()
        return job(file, out, reader)


@cache
def _warm() -> None:
    kernels = ExitStack()
    kernels.enter_context(warm_kernels(REHEARSAL))
    atexit.register(kernels.close)
