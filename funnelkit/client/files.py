"""Write files so that nobody ever sees half of one."""

import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["alone_in", "write_atomically"]

_UNFINISHED = ".part"


def write_atomically(
    path: Path, content: str | bytes, check: Callable[[Path], None] | None = None
) -> None:
    """Write a file beside its place, then move it there; folders are made.

    A file that stood there passes its permissions on.

    Parameters
    ----------
    path : Path
    content : str or bytes
        Text is written as UTF-8; its line ends stay as they are.
    check : callable, optional
        Called with what was written just before it is moved; what it raises stops that.

    Raises
    ------
    OSError
        Where the folder cannot be written to; what stood there before stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o644
    handle, temporary = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.name}.", suffix=_UNFINISHED
    )
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        if check:
            check(Path(temporary))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Be the only one who writes into a folder, and remove what a killed writer left of a file.

    Others who ask for it wait meanwhile. Windows locks no folders; there it does nothing but make
    the folder.

    Raises
    ------
    OSError
        Where the folder cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        yield
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for left in folder.glob(f".*.*{_UNFINISHED}"):
            left.unlink(missing_ok=True)
        yield
    finally:
        os.close(descriptor)
