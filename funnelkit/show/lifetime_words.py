"""What models of clients' lifetimes are called, and why there is none."""

from types import MappingProxyType

from funnelkit.model.levers import message as _
from funnelkit.plan.lifetime import Lack, LifetimeError
from funnelkit.show.tables import Table, note_alone
from funnelkit.show.words import Words

__all__ = ["CONTRACT", "PARAMETERS", "lack_sentence", "too_little"]

LACKS = MappingProxyType(
    {
        Lack.SHAPE: _("the exports have no sales that name a client"),
        Lack.RANGE: _("a sale lies outside the log's time"),
        Lack.PERIODS: _("no client has been there for two months"),
        Lack.GROWING: _("clients of a cohort became more, as no contract lets them"),
        Lack.LOST: _("{found} clients have left, and it takes 20 to know how they leave"),
        Lack.REPEATS: _("{found} clients have bought again, and it takes 40 to know how they buy"),
        Lack.SPEND: _("a client's purchases add up to nothing"),
        Lack.ALIKE: _("clients do not differ enough for their differences to be told from chance"),
        Lack.HEAVY: _("a few clients spend so much more than the others that no mean can be given"),
    }
)

PARAMETERS = MappingProxyType(
    {
        "r": _("r: how alike clients are in how often they buy"),
        "alpha": _("α: weeks; r / α purchases a week is what a client makes on average"),
        "a": _("a: a / (a + b) is the share who leave after a purchase"),
        "b": _("b: the larger a and b, the more alike clients are in it"),
        "p": _("p: how alike the purchases of one client are"),
        "q": _("q: how alike clients are in what they spend"),
        "v": _("v: money; p · v / (q − 1) is a purchase on average"),
    }
)

CONTRACT = MappingProxyType(
    {
        "alpha": _("α: α / (α + β) is the share who leave at the first renewal"),
        "beta": _("β: the larger α and β, the more alike clients are in it"),
    }
)


def lack_sentence(error: LifetimeError, words: Words) -> str:
    """Say why there is no fit."""
    why = words(LACKS[error.lack], found=words.number(error.found))
    return words("Too little data: {why}.", why=why)


def too_little(caption: str, error: LifetimeError, words: Words) -> Table:
    """Return what stands in the place of a picture or a table of a fit that there is none of."""
    return note_alone(caption, lack_sentence(error, words))
