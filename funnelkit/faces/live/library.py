"""The drawing library that a page needs once: Vega, Vega-Lite and Vega-Embed as one module."""

import gzip
import zlib
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from threading import Lock, Thread

from platformdirs import user_cache_path

from funnelkit.client.files import write_atomically

__all__ = ["library", "library_name", "prepare"]

_SNIPPET = "export { vegaEmbed };"
"""What the module offers; vl-convert puts the libraries in front of it."""


@cache
def library_name() -> str:
    """Return what tells one library from another: pages keep them by this name."""
    wanted = f"{version('vl-convert-python')} {_SNIPPET}"
    return f"vega-{sha256(wanted.encode()).hexdigest()[:16]}"


_bundling = Lock()


def library() -> bytes:
    """Return the module, compressed with gzip.

    It takes seconds to bundle, so it is kept between kernels in the user's cache folder; where
    nothing can be written there, each kernel bundles its own. Who asks while that is being done
    waits for it.
    """
    with _bundling:
        return _library()


@cache
def _library() -> bytes:
    kept = user_cache_path("funnelkit") / f"{library_name()}.js.gz"
    with suppress(OSError, EOFError, zlib.error):
        packed = kept.read_bytes()
        if gzip.decompress(packed):  # half a file is none
            return packed
    import vl_convert  # slow to load, and needed where nothing is kept alone

    packed = gzip.compress(vl_convert.javascript_bundle(_SNIPPET).encode(), mtime=0)
    with suppress(OSError):
        write_atomically(kept, packed)
    return packed


def prepare() -> None:
    """Begin to read or bundle the library, so that it is there when the page asks for it."""
    Thread(target=library, daemon=True).start()
