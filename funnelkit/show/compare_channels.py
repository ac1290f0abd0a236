"""What channels add to a comparison of scenarios: what they bring and cost, and their budgets."""

from collections.abc import Iterator, Sequence

from funnelkit.plan.media import Media
from funnelkit.plan.scenario import Scenario
from funnelkit.show.book_labels import BOOKS, shown
from funnelkit.show.compare import Compared
from funnelkit.show.words import Words

__all__ = ["channel_rows"]

_TOTALS = ("media", "cpl", "cac", "romi_contribution", "net_profit")
_LOWER = ("media", "cpl", "cac")


def channel_rows(plans: Sequence[tuple[Media, Scenario]], words: Words) -> tuple[Compared, ...]:
    """Return rows for `compare_scenarios`; the first plan is what the others are marked against."""
    return tuple(_rows(plans, words))


def _rows(plans: Sequence[tuple[Media, Scenario]], words: Words) -> Iterator[Compared]:
    totals = [media.planned(scenario).total for media, scenario in plans]
    for name in _TOTALS:
        values = tuple(float(getattr(total, name)) for total in totals)

        def show(value: float, name: str = name) -> str:
            return shown(name, value, words)

        yield Compared(words(BOOKS[name].label), values, show, name in _LOWER)
    first = plans[0][0]
    for place, channel in enumerate(first.market.names):
        amounts = tuple(float(media.plan.amount[place]) for media, _scenario in plans)
        format_amount = {"media": words.money, "share": words.share}.get(
            first.starts[place], words.count
        )
        row = Compared(channel, amounts, format_amount, first.starts[place] == "media")
        if row.differs:
            yield row
