"""Imports that cost seconds, and how a process of our own does without them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["without_parsers"]

_PARSERS = "rfc3987_syntax"


@contextmanager
def without_parsers() -> Iterator[None]:
    """Import meanwhile without what jsonschema loads, for seconds, to check addresses.

    No notebook, spec or file of ours has an address to check. It is for processes that funnelkit
    starts, for they are nobody else's; what asks for the parsers afterwards gets them.
    """
    known = _PARSERS in sys.modules
    if not known:
        sys.modules[_PARSERS] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if not known:
            del sys.modules[_PARSERS]
