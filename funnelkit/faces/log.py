"""What was done for one client's report and how long it took, for whoever makes the reports."""

import re
import time
from contextlib import suppress
from pathlib import Path

from funnelkit.client.files import write_atomically

__all__ = ["LOGS", "Log", "log_failure"]

LOGS = "logs"
"""Folder of the logs, beside the clients' own: a log names this machine's folders."""

_COLOURS = re.compile("\x1b\\[[0-9;]*m")


class Log:
    """Steps of one client's report, each with its seconds."""

    def __init__(self) -> None:
        self._lines = [time.strftime("%Y-%m-%d %H:%M:%S")]
        self._since = time.monotonic()

    def step(self, what: str) -> None:
        """Note what has been done since the step before."""
        now = time.monotonic()
        self._lines.append(f"{now - self._since:8.2f} s  {what}")
        self._since = now

    def note(self, text: str) -> None:
        """Note something as it is, a failure or where it came from."""
        self._lines.append(_COLOURS.sub("", text))

    def write(self, out: Path, client: str) -> None:
        """Write the log of a client; a report is none the worse where that cannot be."""
        with suppress(OSError):
            write_atomically(out / LOGS / f"{client}.txt", "\n".join([*self._lines, ""]))


def log_failure(out: Path, client: str, reason: str) -> None:
    """Log a report whose process cannot do so any more."""
    log = Log()
    log.step(reason)
    log.write(out, client)
