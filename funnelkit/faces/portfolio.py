"""The portfolio of all clients: its notebook, the page made of it, the demo clients' results."""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from math import nan
from pathlib import Path
from typing import Any

import nbformat

from funnelkit import __version__
from funnelkit.client.files import write_atomically
from funnelkit.client.portfolio import RESULTS, Entry, read_portfolio
from funnelkit.client.problems import ClientFileError, Code, Problem
from funnelkit.client.read import CLIENTS, FILE, read_client
from funnelkit.client.standing import Attention
from funnelkit.faces.batch import Outcome
from funnelkit.faces.cells import Page, Record, WorkbookError
from funnelkit.faces.inprocess import run_here
from funnelkit.faces.notebooks import NOTEBOOKS, PORTFOLIO, notebook_of
from funnelkit.faces.parameters import read_portfolio_parameters
from funnelkit.faces.report import report_html
from funnelkit.faces.workbook import OwnerLevel
from funnelkit.show.charts import portfolio_chart
from funnelkit.show.charts.portfolio import PortfolioRow
from funnelkit.show.picture import Picture, rounded
from funnelkit.show.portfolio import portfolio_head, portfolio_style, portfolio_table
from funnelkit.show.problems import problem_lines
from funnelkit.show.tables import note_alone
from funnelkit.show.words import Words

__all__ = ["DEMOS", "Portfolio", "portfolio", "record_demos", "write_index"]

DEMOS = Path("data") / "reports"
"""What the demo clients' notebooks recorded, for a notebook that has no reports yet."""

_SOURCE = NOTEBOOKS.parent


def portfolio(namespace: Mapping[str, object], *, language: str) -> "Portfolio":
    """Open a folder of reports for the portfolio's notebook.

    Parameters
    ----------
    namespace : mapping
        The notebook's ``globals()`` with its parameters, or a plain mapping of parameters.
    language : {"en", "ru"}
        Language of the reader.

    Raises
    ------
    WorkbookError
        If a parameter is unknown or wrong, or there is no such folder.
    """
    words = Words(language=language)
    try:
        asked = read_portfolio_parameters(namespace)
        folder = _found(asked.reports)
    except ClientFileError as error:
        raise WorkbookError("\n".join(problem_lines(error.problems, words))) from None
    return Portfolio(read_portfolio(folder, asked.failed), words, asked.links)


def _found(reports: str) -> Path:
    """Find a folder: here, in a folder above, or in the source tree that this package runs from."""
    here = Path.cwd()
    for folder in (here, *here.parents, _SOURCE):
        if (folder / reports).is_dir():
            return folder / reports
    raise ClientFileError((Problem(code=Code.NO_FOLDER, field="reports", found=reports[:80]),))


class Portfolio:
    """All clients as the portfolio's notebook shows them.

    Parameters
    ----------
    entries : sequence of Entry
        The most urgent first.
    words : Words
        Of the reader.
    links : str or None
        What comes before a client's folder in a link; None for no links.
    """

    def __init__(self, entries: Sequence[Entry], words: Words, links: str | None) -> None:
        self.entries = entries
        self.words = words
        self.links = links

    @property
    def summary(self) -> Page:
        """How many clients stand how, and whom to look at first."""
        html = portfolio_head(self.entries, self.words, self.links)
        text = self.words.plural("{n} client", "{n} clients", len(self.entries))
        return Page(f"<style>\n{portfolio_style()}</style>\n{html}", text)

    @property
    def picture(self) -> Picture | Page:
        """Every client's way from A to the plan, as a share of its B."""
        rows = []
        for entry in self.entries:
            if (standing := entry.standing) and entry.attention is not Attention.NO_REPORT:
                now, plan = standing.of_b(standing.a), standing.of_b(standing.reached)
                growth = standing.growth(standing.reached)
                shares = [nan if share is None else share for share in (now, plan, growth)]
                rows.append(
                    PortfolioRow(name=entry.title, now=shares[0], plan=shares[1], growth=shares[2])
                )
        if not rows:
            nothing = self.words("There are no reports yet.")
            return Page(note_alone("", nothing).html(), nothing)
        return portfolio_chart(rows, self.words)

    @property
    def table(self) -> Page:
        """All clients, the most urgent first."""
        html = portfolio_table(self.entries, self.words, self.links)
        return Page(html, ", ".join(entry.title for entry in self.entries))

    @property
    def record(self) -> Record:
        """The numbers this notebook stands for."""
        clients: dict[str, Any] = {}
        for entry in self.entries:
            clients[entry.name] = {"attention": str(entry.attention)}
            if standing := entry.standing:
                clients[entry.name] |= {
                    "currency": standing.currency,
                    "plan_of_b": standing.of_b(standing.reached),
                    "probability": standing.probability,
                    "off_course": standing.off_course,
                    "warnings": [str(finding.gate) for finding in standing.warnings],
                }
        return Record({"version": __version__, "clients": rounded(clients)}, self.words)


def write_index(outcomes: Sequence[Outcome], out: Path, reader: str) -> Path:
    """Write the page of all reports in a folder, earlier ones too, and why one failed.

    It is the portfolio's notebook, run here.

    Parameters
    ----------
    outcomes : sequence of Outcome
        Of this run.
    out : Path
        Folder of all reports.
    reader : {"en", "ru"}
        Language of the page.
    """
    out.mkdir(parents=True, exist_ok=True)
    failed = {outcome.client: outcome.reason for outcome in outcomes if outcome.reason}
    source = nbformat.read(notebook_of(reader, PORTFOLIO), as_version=4)
    ran = run_here(source, {"reports": str(out), "links": "", "failed": failed})
    script = files("funnelkit.faces") / "templates" / "report" / "portfolio.js"
    page = report_html(
        ran,
        reader,
        title=Words(language=reader)("All clients"),
        sheet=portfolio_style(),
        script=script.read_text(encoding="utf-8"),
    )
    index = out / "index.html"
    write_atomically(index, page)
    return index


def record_demos() -> list[Path]:
    """Write what the demo clients' notebooks record, for the portfolio's notebook."""
    recorded = sorted((_SOURCE / DEMOS).glob(f"*/{RESULTS}"))
    for path in recorded:
        client = read_client(_SOURCE / CLIENTS / path.parent.name / FILE)
        level = OwnerLevel(client, client.plan, "plan", client.language)
        text = json.dumps(level.record.data, ensure_ascii=False, indent=1)
        write_atomically(path, text + "\n")
    return recorded
