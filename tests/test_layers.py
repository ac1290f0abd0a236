"""Holds the rooms of funnelkit apart: each imports only what stands above it."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "funnelkit"

# In order: a room may import itself, the rooms above it, the standard library, and of other
# packages those named here; None is any. The core, model and plan, knows no Jupyter, no Altair
# and no pandas. Exports of a million rows are read by pyarrow, workbooks by python_calamine.
ROOMS: dict[str, frozenset[str] | None] = {
    "model": frozenset({"numpy"}),
    "plan": frozenset({"numpy", "scipy"}),
    "client": frozenset(
        {"numpy", "pyarrow", "pydantic", "pydantic_core", "python_calamine", "yaml"}
    ),
    "show": frozenset({"altair", "babel", "jinja2", "numpy", "pandas", "vl_convert", "xlsxwriter"}),
    "faces": None,
}


def imported_modules(source: str, package: str) -> Iterator[str]:
    """Yield the full name of every module, or module's member, that source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: -node.level + 1 or None] if node.level else []
            base = [*above, *filter(None, [node.module])]
            yield from (".".join([*base, alias.name]) for alias in node.names)


def violations(source: str, package: str) -> list[str]:
    """Return what source, a module of package (``funnelkit.plan``), imports and may not."""
    rooms = list(ROOMS)
    room = package.split(".")[1] if "." in package else None
    found = []
    for module in imported_modules(source, package):
        top, *rest = module.split(".")
        if top == "funnelkit":
            allowed = rooms[: rooms.index(room) + 1] if room else []
            if rest and rest[0] in rooms and rest[0] not in allowed:
                found.append(module)
        elif top not in sys.stdlib_module_names:
            others = ROOMS[room] if room else frozenset()
            if others is not None and top not in others:
                found.append(module)
    return found


def test_every_room_is_one_of_the_known() -> None:
    folders = {file.relative_to(PACKAGE).parts[0] for file in PACKAGE.glob("*/**/*.py")}
    assert folders <= set(ROOMS)


def test_every_module_keeps_to_its_layer() -> None:
    found = {
        file.relative_to(PACKAGE).as_posix(): wrong
        for file in PACKAGE.rglob("*.py")
        if (wrong := violations(file.read_text("utf-8"), package_of(file)))
    }
    assert found == {}


def package_of(file: Path) -> str:
    return ".".join(file.parent.relative_to(PACKAGE.parent).parts)


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("funnelkit", "import numpy"),
        ("funnelkit", "from funnelkit import model"),
        ("funnelkit.model", "import pandas"),
        ("funnelkit.model", "import scipy.optimize"),
        ("funnelkit.model", "from funnelkit.plan import solve"),
        ("funnelkit.model", "from funnelkit import plan"),
        ("funnelkit.model", "from ..plan import solve"),
        ("funnelkit.model", "from .. import plan"),
        ("funnelkit.model", "def late():\n    import funnelkit.plan.solve"),
        ("funnelkit.plan", "import pandas"),
        ("funnelkit.plan", "import altair"),
        ("funnelkit.plan", "from IPython.display import display"),
        ("funnelkit.plan", "import ipywidgets"),
        ("funnelkit.plan", "from funnelkit.client import read"),
        ("funnelkit.client", "import altair"),
        ("funnelkit.client", "from ..show.words import phrase"),
        ("funnelkit.show", "import papermill"),
        ("funnelkit.show", "import IPython"),
        ("funnelkit.show", "from funnelkit.faces import cli"),
    ],
)
def test_an_import_of_what_stands_below_is_found(package: str, source: str) -> None:
    assert len(violations(source, package)) == 1


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("funnelkit", "from importlib.metadata import version"),
        ("funnelkit.model", "import math, numpy as np\nfrom . import levers"),
        ("funnelkit.plan", "from scipy import optimize\nfrom ..model.owner import evaluate"),
        ("funnelkit.client", "import yaml\nfrom funnelkit.plan import solve"),
        ("funnelkit.show", "from funnelkit import __version__\nfrom funnelkit import model"),
        ("funnelkit.faces", "import papermill\nfrom ..show import charts\nfrom .board import x"),
    ],
)
def test_an_import_of_what_stands_above_is_not(package: str, source: str) -> None:
    assert violations(source, package) == []
