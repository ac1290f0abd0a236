"""Small clients' files for the tests."""

import shutil
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

MARKETED = """\
title: Marketed
language: en
currency: USD
goal: {month: 2026-09, months: 3, a: 1000, b: 3000}
levers:
  answered_rate: 80%
  win_rate: 20%
  average_check: 500
  margin: 40%
marketing:
  running: {month: 2026-10, days_gone: 12}
  channels:
    - name: Search
      budget: {now: 1_000, plan: 2_000, best: 9_000}
      price: 2
      landing_rate: 10%
      history: [{spend: 500, leads: 30}, {spend: 1_000, leads: 50}]
    - name: Articles
      clicks: {now: 300, plan: 400}
      landing_rate: {now: {won: 6, of: 300}}
      fact: {leads: 2}
    - name: Retargeting
      recovers: {of: visitors, share: 10%, delay: 1}
      price: 1
      landing_rate: 5%
scenarios:
  more: {channels: {Search: {budget: 3_000}}}
"""
"""A file with channels and without problems."""


def write_beside(original: Path, folder: Path, text: str | bytes) -> Path:
    """Write a client's file into a folder, with the exports that lie beside the original."""
    exports = original.parent / "exports"
    if exports.is_dir():
        shutil.copytree(exports, folder / "exports")
    return write(folder, text)


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


def months_gone(*months: str) -> str:
    """Months that turned out somehow, one a line, each with what else is said of it."""
    return "actual:\n" + "".join(f"  - {{month: {month}}}\n" for month in months)


def of_a_line(more: str = "") -> str:
    """`SMALL` with a product line; what a test adds begins in line 11."""
    return changed("  average_check: 500\n", "") + LINE + more


def remarketed(*pieces: str) -> str:
    """`MARKETED` with pieces replaced, each old one followed by its new one."""
    text = MARKETED
    for old, new in zip(pieces[::2], pieces[1::2], strict=True):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
