"""The process that kernels are forked from: it imports what notebooks need, and then waits.

It runs as ``python -m funnelkit.faces.kernels.server SOCKET``, started by `warm_kernels`, and ends
with it: its standard input is a pipe whose other end is there. No client's notebook is run in it,
no thread is begun and no drawing library used, since a fork would copy all that in mid-work.
Behind the socket may stand the name of a module whose ``rehearse`` is called before the first fork.

Every connection is one kernel. What comes is an order, what goes back is the kernel's process id
and, once it has ended, its exit code. Then the server waits for the connection to end, so that the
id is nobody else's until then; where the connection ends first, the kernel is killed.
"""

import ctypes
import gc
import json
import os
import resource
import runpy
import signal
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from shutil import rmtree
from socket import socket
from typing import Any

from funnelkit.faces.imports import without_parsers

__all__ = ["ForkServer"]

_IMPORTS = """
ipykernel.debugger ipykernel.kernelapp IPython.core.completerlib IPython.core.debugger
IPython.core.logger IPython.core.oinspect IPython.extensions.storemagic faulthandler sqlite3
tornado.platform.asyncio numpy.random pandas funnelkit.faces.workbook funnelkit.faces.board
"""
_LONGEST = 1 << 20  # bytes of an order; sockets take fewer at once
_STDIN = 0
_PR_SET_PDEATHSIG = 1


class ForkServer:
    """Forks a kernel for every order.

    Parameters
    ----------
    listener : socket
        Where connections come in, a message at a time; its folder goes with the server.
    """

    def __init__(self, listener: socket) -> None:
        self._pid = os.getpid()
        self._listener = listener
        self._kernels: dict[socket, int] = {}
        self._watches: dict[socket, int] = {}
        self._selector = DefaultSelector()
        self._selector.register(_STDIN, EVENT_READ)
        self._selector.register(listener, EVENT_READ)

    def serve(self) -> list[str]:
        """Fork kernels until standard input ends, then end them and this process.

        Returns
        -------
        list of str
            In a kernel's process, and nowhere else: the kernel's arguments.
        """
        while True:
            for key, _events in self._selector.select():
                if key.fileobj == _STDIN:
                    for link in [*self._kernels]:
                        self._let_go(link)
                    # Its starter may have been killed, and cannot tidy up then.
                    rmtree(Path(self._listener.getsockname()).parent, ignore_errors=True)
                    sys.exit()
                elif key.fileobj is self._listener:
                    self._selector.register(self._listener.accept()[0], EVENT_READ)
                elif key.data:
                    self._tell(key.data)
                elif arguments := self._read(key.fileobj):
                    return arguments

    def _read(self, link: Any) -> list[str] | None:
        """Fork what is ordered, or let go of what nobody asks after any more."""
        try:
            message = link.recv(_LONGEST)
            pid = os.fork() if message else -1
        except OSError:
            pid = -1
        if pid == 0:
            return self._kernel(link, json.loads(message))
        if pid < 0:
            self._let_go(link)
        else:
            self._kernels[link], self._watches[link] = pid, os.pidfd_open(pid)
            self._selector.register(self._watches[link], EVENT_READ, link)
        return None

    def _tell(self, link: socket) -> None:
        """Send a kernel's exit code."""
        if self._unwatch(link):
            ended = os.waitid(os.P_PID, self._kernels[link], os.WEXITED | os.WNOWAIT)
            assert ended
            signalled = ended.si_code != os.CLD_EXITED
            with suppress(OSError):
                link.send(b"ended %d" % (-ended.si_status if signalled else ended.si_status))

    def _let_go(self, link: socket) -> None:
        """Forget a kernel, and kill it where it has not ended."""
        self._selector.unregister(link)
        link.close()
        running = self._unwatch(link)
        if pid := self._kernels.pop(link, 0):
            for kill in (os.killpg, os.kill) if running else ():
                with suppress(ProcessLookupError):  # its group may not have been made yet
                    kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _unwatch(self, link: socket) -> bool:
        """Look no more for a kernel's end; return whether it has not been seen."""
        watch = self._watches.pop(link, None)
        if watch is not None:
            self._selector.unregister(watch)
            os.close(watch)
        return watch is not None

    def _kernel(self, link: socket, order: dict[str, Any]) -> list[str]:
        """Make this process, just forked, one that knows nothing of the server."""
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket):
                if key.fileobj is not link:
                    key.fileobj.close()
            elif key.fd != _STDIN:
                os.close(key.fd)
        self._selector.close()
        os.setsid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != self._pid:
            sys.exit(1)
        try:
            os.chdir(order["folder"])
            link.send(b"%d" % os.getpid())
        except OSError:
            sys.exit(1)
        link.close()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, _STDIN)
        os.close(nothing)
        # What the debugger sets as it is imported, it does not set again.
        debugger = {name: value for name, value in os.environ.items() if "PYDEVD" in name}
        os.environ.clear()
        os.environ.update(debugger | order["environment"], JPY_PARENT_PID=str(self._pid))
        time.tzset()
        # Whoever asks for more memory than there is gets an error, before others have to go for it.
        most = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))
        sys.modules["numpy.random"].seed()  # Python's own is drawn anew by itself
        sys.path.insert(0, str(Path.cwd()))  # as for any -m; the launcher takes it out again
        return [*order["arguments"], f"--IPKernelApp.parent_handle={self._pid}"]


def main() -> None:
    """Serve, and in a kernel's process be the kernel."""
    del sys.path[0]  # the folder where this was started
    with without_parsers():
        for module in _IMPORTS.split():
            import_module(module)
        for module in sys.argv[2:]:
            import_module(module).rehearse()
    if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208  # names alone
        sys.exit(1)  # a module has begun a thread; kernels are then started as ever
    gc.collect()
    gc.freeze()
    sys.argv[1:] = ForkServer(socket(fileno=int(sys.argv[1]))).serve()
    runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
