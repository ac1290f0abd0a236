"""Kernels that are there at once, for as long as one has use for them."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points

from jupyter_client.provisioning.factory import KernelProvisionerFactory

__all__ = ["ADDRESS", "DEFAULT", "PROVISIONER", "warm_kernels"]

ADDRESS = "FUNNELKIT_FORK_SERVER"
"""Environment variable that names the socket of the process that kernels are forked from."""

PROVISIONER = "funnelkit-forked"
"""Entry point of `funnelkit.faces.kernels.provisioner.ForkedProvisioner`."""

DEFAULT = KernelProvisionerFactory.default_provisioner_name_env
"""Environment variable by which jupyter_client finds a provisioner."""

# Else libraries begin threads as they are imported: numpy's for matrices, pyarrow's for memory.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_ONE_THREAD |= {"JE_ARROW_MALLOC_CONF": "background_thread:false"}
_LONGEST = 60  # characters of a folder; a socket's path has at most 107


@contextmanager
def warm_kernels(rehearsal: str = "") -> Iterator[None]:
    """Fork every kernel that is started meanwhile, by this process or one that it starts.

    What starts kernels, papermill or nbclient, need not know of it. The server imports what
    notebooks need while its starter goes on. Where kernels cannot be forked, which is anywhere but
    on Linux, they are started as ever and do the same.

    Parameters
    ----------
    rehearsal : str
        Name of a module whose ``rehearse`` is called once, before the first kernel: what it leaves
        in memory is in every kernel's.
    """
    registered = entry_points(group=KernelProvisionerFactory.GROUP_NAME, name=PROVISIONER)
    if sys.platform != "linux" or not registered or ADDRESS in os.environ:
        yield
        return
    place = tempfile.gettempdir()
    folder = tempfile.TemporaryDirectory(
        prefix="funnelkit-", dir=place if len(place) <= _LONGEST else "/tmp"
    )
    factory = KernelProvisionerFactory.instance()
    former, in_environment = factory.default_provisioner_name, os.environ.get(DEFAULT)
    with folder as name, _server(f"{name}/server", rehearsal):
        os.environ[ADDRESS] = f"{name}/server"
        factory.default_provisioner_name = os.environ[DEFAULT] = PROVISIONER
        try:
            yield
        finally:
            del os.environ[ADDRESS], os.environ[DEFAULT]
            factory.default_provisioner_name = former
            if in_environment is not None:
                os.environ[DEFAULT] = in_environment


@contextmanager
def _server(address: str, rehearsal: str) -> Iterator[None]:
    """Run a fork server; who connects before it has imported everything waits."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(address)
        listener.listen()
        command = [sys.executable, "-Xfrozen_modules=off", "-m", "funnelkit.faces.kernels.server"]
        server = subprocess.Popen(
            [*command, str(listener.fileno()), *filter(None, [rehearsal])],
            stdin=subprocess.PIPE,
            pass_fds=[listener.fileno()],
            env=os.environ | _ONE_THREAD,
            start_new_session=True,  # Ctrl+C is for those who use it
        )
    with server:  # closes the pipe, which ends it, and waits
        yield
