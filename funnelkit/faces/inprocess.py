"""Run one of our own notebooks in this process, for a page that must not wait for a kernel."""

import ast
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode

__all__ = ["run_here"]


def run_here(notebook: NotebookNode, parameters: Mapping[str, object]) -> NotebookNode:
    """Run a notebook's cells as a kernel would, and return it with what their last lines show.

    For notebooks whose cells show what knows its MIME types, and print nothing; an error is
    raised. A kernel would take longer than such a notebook's cells, and could not be started for
    a batch that is being interrupted.

    Parameters
    ----------
    notebook : NotebookNode
        One of the package's own; its code is trusted.
    parameters : mapping
        Take the place of those in the cell tagged ``parameters``.
    """
    ran: NotebookNode = nbformat.from_dict(notebook)
    namespace: dict[str, object] = {"In": (sources := [])}
    code = [cell for cell in ran.cells if cell.cell_type == "code"]
    for count, cell in enumerate(code, start=1):
        sources.append(cell.source)
        shown = _last_value(cell.source, namespace)
        if "parameters" in cell.metadata.get("tags", []):
            namespace |= parameters
        cell.execution_count = count
        cell.outputs = [] if shown is None else [_output(shown, count)]
    return ran


def _last_value(source: str, namespace: dict[str, object]) -> object:
    """Execute a cell and return the value of its last line, where that is an expression."""
    statements = ast.parse(source).body
    last = statements.pop() if statements and isinstance(statements[-1], ast.Expr) else None
    exec(compile(ast.Module(statements, type_ignores=[]), "<cell>", "exec"), namespace)
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace)


def _output(shown: Any, count: int) -> NotebookNode:
    made: NotebookNode = nbformat.v4.new_output(
        "execute_result", data=shown._repr_mimebundle_(), execution_count=count
    )
    return made
