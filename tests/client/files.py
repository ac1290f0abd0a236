"""Small clients' files for the tests."""

from pathlib import Path

from funnelkit.client.problems import ClientFileError, Problem
from funnelkit.client.read import read_client

SMALL = """\
title: Small
language: en
currency: USD
goal: {month: 2026-09, months: 3, a: 1000, b: 3000}
levers:
  visitors: 100
  lead_rate: 10%
  win_rate: 20%
  average_check: 500
"""
"""A file without problems; what a test adds begins in line 10."""

LINE = """\
products:
  - {name: Book, role: core, take_rate: 1, price: 20, margin: 50%}
"""


def write(folder: Path, text: str | bytes) -> Path:
    file = folder / "client.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def problems(folder: Path, text: str | bytes) -> tuple[Problem, ...]:
    """Problems of a file, none if it can be read."""
    try:
        read_client(write(folder, text))
    except ClientFileError as error:
        return error.problems
    return ()


def changed(old: str, new: str) -> str:
    """`SMALL` with a piece replaced."""
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)
