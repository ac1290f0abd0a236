"""A client's Excel workbook, beside its report."""

from pathlib import Path

from funnelkit.client.client import Client
from funnelkit.client.files import write_atomically
from funnelkit.show.excel.book import workbook
from funnelkit.show.words import Words

__all__ = ["EXCEL", "write_workbook"]

EXCEL = "report.xlsx"
"""A client's workbook with live formulas, beside its page."""


def write_workbook(client: Client, folder: Path) -> None:
    """Write the workbook of a client's plan, in the client's language."""
    words = Words(language=client.language, currency=client.currency)
    write_atomically(folder / EXCEL, workbook(client, client.scenario(), words))
