"""A client's workbook: inputs, the two models as live formulas, definitions."""

from funnelkit.client.client import Client
from funnelkit.plan.scenario import Scenario
from funnelkit.show.excel.definitions_sheet import write_definitions
from funnelkit.show.excel.owner_inputs import OwnerInputs
from funnelkit.show.excel.owner_sheet import OwnerSheet
from funnelkit.show.excel.results import result_values
from funnelkit.show.excel.sheet import Book
from funnelkit.show.words import Words

__all__ = ["workbook"]


def workbook(client: Client, scenario: Scenario, words: Words) -> bytes:
    """Return a client's workbook, in which every number follows the inputs.

    Parameters
    ----------
    client : Client
    scenario : Scenario
        The plan that its inputs state.
    words : Words
        Language of all that is not the client's own text, and currency.

    Returns
    -------
    bytes
        An xlsx file; the same inputs give the same bytes.
    """
    book = Book()
    results = result_values(scenario, words)
    inputs = OwnerInputs(book.sheet(words("Inputs")), client, scenario, words, frozenset())
    months = OwnerSheet(book.sheet(words("Months")), client, scenario, words)
    inputs.write(results)
    months.write(results)
    write_definitions(book.sheet(words("Definitions"), landscape=False), client, words)
    return book.content()
