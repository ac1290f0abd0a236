"""A client's workbook: inputs, the two models as live formulas, definitions."""

from funnelkit.client.client import Client
from funnelkit.plan.scenario import Scenario
from funnelkit.show.excel.channel_inputs import ChannelInputs
from funnelkit.show.excel.channel_sheet import ChannelSheet, followed_levers
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
    media = None if client.marketing is None else client.media(scenario)
    followed = {} if media is None else followed_levers(media, scenario)
    inputs = OwnerInputs(book.sheet(words("Inputs")), client, scenario, words, followed)
    if client.marketing is not None and media is not None:
        sheet = book.sheet(words("Channel inputs"))
        ChannelInputs(sheet, client.marketing, media, scenario, words).write()
    months = OwnerSheet(book.sheet(words("Months")), client, scenario, words)
    if media is not None:
        ChannelSheet(book.sheet(words("Channels")), media, scenario, words).write(followed)
    results = result_values(scenario, words)
    inputs.write(results)
    months.write(results)
    write_definitions(book.sheet(words("Definitions"), landscape=False), client, words)
    return book.content()
