"""A kernel as a test talks to it."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

__all__ = ["Kernel", "is_running", "kernel"]

PATIENCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """A running kernel, its manager and a client of it."""

    manager: KernelManager
    client: BlockingKernelClient

    def run(self, code: str) -> None:
        """Run code that has to succeed."""
        reply = self.client.execute_interactive(code, timeout=PATIENCE, output_hook=lambda _: None)
        assert reply["content"]["status"] == "ok", reply["content"]

    def value(self, expression: str) -> Any:
        """Evaluate an expression whose value can be written down, and leave no trace of it."""
        reply = self.client.execute_interactive(
            "", timeout=PATIENCE, silent=True, user_expressions={"value": expression}
        )
        answer = reply["content"]["user_expressions"]["value"]
        assert answer["status"] == "ok", answer
        return ast.literal_eval(answer["data"]["text/plain"])


@contextmanager
def kernel(**options: Any) -> Iterator[Kernel]:
    """Run a kernel, started with options of ``start_kernel``."""
    manager = KernelManager(kernel_name="python3")
    options.setdefault("extra_arguments", ["--HistoryManager.hist_file=:memory:"])
    manager.start_kernel(**options)
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=PATIENCE)
        yield Kernel(manager=manager, client=client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def is_running(pid: int) -> bool:
    """Return whether there is such a process, zombies aside."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
