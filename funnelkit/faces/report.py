"""The client's report: an executed notebook through our template; no number is computed here."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

from nbconvert import HTMLExporter, TemplateExporter
from nbformat import NotebookNode

from funnelkit.faces.record import recorded
from funnelkit.show.picture import CHART_TYPE, TABLE_TYPE, svg
from funnelkit.show.summary import style
from funnelkit.show.words import Words

__all__ = ["APPENDIX_TAG", "WORKSHOP_TAG", "joined", "report_html"]

WORKSHOP_TAG = "workshop"
"""Tag of cells that are for the workshop alone and stay out of the report."""

APPENDIX_TAG = "appendix"
"""Tag of cells that come after all others, for whoever checks the numbers."""

_BARE = re.compile(r'<table class="[^"]*\bfk-bare\b')

_TEMPLATES = files("funnelkit.faces") / "templates"


@cache
def _exporter() -> HTMLExporter:
    return HTMLExporter(
        template_name="report",
        extra_template_basedirs=[str(_TEMPLATES)],
        filters={"legible": _legible, "without_style": _without_style},
        embed_images=True,
        default_preprocessors=[],  # none has anything to do, and all are checked
    )


def _legible(html: str) -> str:
    """Write letters as such that Markdown's headings have as numbers."""
    return re.sub(r"&#(\d{3,});", lambda number: chr(int(number[1])), html)


def _without_style(html: str) -> str:
    """Remove the style sheet that an output brings for JupyterLab: the page has it in its head."""
    return re.sub(r"\A\s*<style>.*?</style>\s*", "", html, flags=re.DOTALL)


def joined(notebooks: Sequence[NotebookNode]) -> NotebookNode:
    """Make one notebook of several: their cells in order, then their appendices.

    A section that only says why it is empty stays out: that is for whoever fills in the file.
    """
    parts: dict[bool, list[NotebookNode]] = {False: [], True: []}
    for number, notebook in enumerate(notebooks, start=1):
        sections = (section for section in _sections(notebook) if _says_something(section))
        for cell in chain.from_iterable(sections):
            named = NotebookNode({**cell, "id": f"{number}-{cell.id}"})
            parts[APPENDIX_TAG in cell.metadata.get("tags", [])].append(named)
    return NotebookNode(notebooks[0] | {"cells": parts[False] + parts[True]})


def _sections(notebook: NotebookNode) -> Iterator[list[NotebookNode]]:
    """Yield the cells of each section, its text first."""
    section: list[NotebookNode] = []
    for cell in notebook.cells:
        if section and cell.cell_type == "markdown":
            yield section
            section = []
        section.append(cell)
    yield section


def _says_something(section: list[NotebookNode]) -> bool:
    outputs = [output for cell in section for output in cell.get("outputs", [])]
    shown = [output.get("data", {}).get("text/html") for output in outputs]
    return not shown or not all(html and _BARE.search(html) for html in shown)


def report_html(
    notebook: NotebookNode,
    language: str,
    *,
    title: str = "",
    sheet: str = "",
    script: str = "",
    workbook: str = "",
) -> str:
    """Turn an executed notebook into one HTML page that needs nothing from outside.

    Parameters
    ----------
    notebook : NotebookNode
        Executed, with its results recorded.
    language : {"en", "ru"}
    title : str
        Of the page; by default the client's.
    sheet : str
        Style sheet of its outputs; by default that of a client's notebooks.
    script : str
        Javascript of our own at the page's end; by default none.
    workbook : str
        Name of the Excel workbook beside the page; by default there is none.

    Raises
    ------
    LookupError
        If the notebook recorded no results.
    """
    record = recorded(notebook)
    resources: dict[str, Any] = {
        "funnelkit": {
            "record": record,
            "title": title or record["title"],
            "script": script,
            "words": Words(language=language, currency=record.get("currency", "")),
            "chart": CHART_TYPE,
            "table": TABLE_TYPE,
            "workbook": workbook,
            "style": (sheet or style())
            + (_TEMPLATES / "report" / "report.css").read_text(encoding="utf-8"),
        }
    }
    # HTMLExporter's own would also parse the page, looking for what the template has not.
    html, _resources = TemplateExporter.from_notebook_node(
        _exporter(), _drawn(notebook), resources=resources
    )
    return html


def _drawn(notebook: NotebookNode) -> NotebookNode:
    """Return what the template shows of a notebook: charts as SVG, nothing for the workshop.

    An exporter copies its notebook several times, and specs are most of it.
    """
    cells = []
    for cell in notebook.cells:
        if WORKSHOP_TAG in cell.metadata.get("tags", []):
            continue
        outputs = [
            output
            | {"data": data | ({CHART_TYPE: svg(data[CHART_TYPE])} if CHART_TYPE in data else {})}
            for output in cell.get("outputs", [])
            if (data := output.get("data"))
        ]
        cells.append(NotebookNode(cell | {"outputs": outputs}) if outputs else cell)
    return NotebookNode(notebook | {"cells": cells})
