"""How jupyter_client comes by a forked kernel."""

import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from funnelkit.faces.kernels.warm import ADDRESS, DEFAULT

__all__ = ["ForkedProcess", "ForkedProvisioner"]

_PATIENCE = 60.0  # seconds; a server on a busy machine may be importing for ten
_KNOWN = {"cwd", "env", "extra_arguments", "kernel_id"}


class ForkedProcess(subprocess.Popen[bytes]):
    """A kernel's process as its starter sees it, though it is the server's child.

    Parameters
    ----------
    link : socket
        The connection on which it was ordered.
    pid : int
    """

    def __init__(self, link: socket.socket, pid: int) -> None:
        # Nothing is started, so Popen's own beginning is left out, and with it its end.
        self.stdin = self.stdout = self.stderr = None
        self.args = ()
        self.pid = pid
        self.returncode = None
        self._link = link

    def poll(self) -> int | None:
        """Return the exit code, a signal's with a minus, or None where there is none yet."""
        if self.returncode is None:
            try:
                message = self._link.recv(64)
            except BlockingIOError:
                return None
            except ConnectionError:
                message = b""
            # Without a word the server is gone, and has taken its kernels with it.
            self.returncode = int(message.removeprefix(b"ended ") or -signal.SIGKILL)
            self._link.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code as soon as there is one.

        Raises
        ------
        subprocess.TimeoutExpired
            After `timeout` seconds.
        """
        if self.poll() is None:
            select.select([self._link], [], [], timeout)
        if (code := self.poll()) is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
        return code


class ForkedProvisioner(LocalProvisioner):
    """Starts kernels by `warm_kernels`' server, and as ever where that cannot be."""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Let client and kernel talk through files beside the server's, where there is one."""
        address, manager = Path(os.environ.get(ADDRESS, "")), cast(KernelManager, self.parent)
        if address.is_socket() and manager.transport == "tcp" and not any(manager.ports):
            manager.transport, manager.ip = "ipc", str(address.with_name(uuid4().hex[:8]))
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Have a kernel forked, or start one."""
        try:
            process = await _forked(os.environ.get(ADDRESS, ""), cmd, kwargs)
        except (OSError, ValueError):
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process
        self.pid = self.pgid = process.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    def _finalize_env(self, env: dict[str, str]) -> None:
        """Keep from notebooks how their kernels were started."""
        super()._finalize_env(env)
        for name in (ADDRESS, DEFAULT):
            env.pop(name, None)


async def _forked(address: str, cmd: list[str], options: Mapping[str, Any]) -> ForkedProcess:
    """Order a kernel and wait for its process.

    Raises
    ------
    OSError
        If no server answers, or not as it should.
    ValueError
        If something is asked for that a forked process cannot do.
    """
    python, *arguments = (part for part in cmd if part != "-Xfrozen_modules=off")
    if (
        not address
        or python != sys.executable
        or arguments[:2] != ["-m", "ipykernel_launcher"]
        or not _KNOWN.issuperset(options)
        or any(
            name.startswith("PYTHON")  # read while Python starts, and not again
            for name, _value in options["env"].items() ^ os.environ.items()
        )
    ):
        raise ValueError(cmd)
    order = {
        "arguments": arguments[2:],
        "environment": options["env"],
        "folder": os.fspath(options.get("cwd") or Path.cwd()),
    }
    link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        link.setblocking(False)
        link.connect(address)
        link.send(json.dumps(order).encode())
        loop = asyncio.get_running_loop()
        return ForkedProcess(link, int(await asyncio.wait_for(loop.sock_recv(link, 64), _PATIENCE)))
    except BaseException:
        link.close()
        raise
