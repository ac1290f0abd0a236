"""The marketer's board: sliders for the channels, and pictures that follow them."""

from collections.abc import Iterator, Sequence
from math import isclose

from funnelkit.client.client import Client
from funnelkit.faces.board.board import Board
from funnelkit.faces.board.channel_moves import ChannelMoves, ChannelStanding
from funnelkit.faces.board.channel_notes import ChannelNotes
from funnelkit.faces.board.channel_panels import channel_panels
from funnelkit.faces.board.channel_warnings import channel_warnings
from funnelkit.faces.board.moves import Standing
from funnelkit.faces.board.said import Said
from funnelkit.faces.board.slider import Panel
from funnelkit.faces.board.warnings import Warned
from funnelkit.faces.channel_pictures import CHANNEL_LINES, channel_board_pictures
from funnelkit.plan.budget import Verdict
from funnelkit.plan.joint import JOINT
from funnelkit.plan.media import Media
from funnelkit.plan.scenario import Scenario
from funnelkit.show.channel_figures import channel_figures
from funnelkit.show.channel_summary import leads_sentence
from funnelkit.show.picture import Picture
from funnelkit.show.words import Words

__all__ = ["MarketerBoard"]

REACHED = 1e-9
"""Share by which a slider of all channels may miss its value."""


class MarketerBoard(Board):
    """The marketer's board.

    Parameters
    ----------
    client : Client
        With channels.
    scenario : Scenario
        The plan it opens with.
    media : Media
        Its channels.
    words : Words
    """

    lines = CHANNEL_LINES
    moves: ChannelMoves
    notes: ChannelNotes

    def __init__(self, client: Client, scenario: Scenario, media: Media, words: Words) -> None:
        self._media = media
        super().__init__(client, scenario, words)

    def _begun(self, scenario: Scenario) -> ChannelMoves:
        return ChannelMoves(self._client, scenario, self._media)

    def move(self, name: str, value: float, gesture: object = None) -> Said:
        """Plan a lever, or all channels, otherwise; return what there is to say of it."""
        if name not in JOINT:
            return super().move(name, value, gesture)
        words, slider = self._words, self.sliders[name]
        try:
            self.moves.move(name, value, gesture)
        except ValueError:
            sentence = words(
                "{lever}: all channels moved in proportion do not come to {value}.",
                lever=slider.text,
                value=words.value(value, slider.unit),
            )
            return Said(sentence, problem=True, lever=name)
        reached = self.moves.planned(name)
        if isclose(reached, value, rel_tol=REACHED):
            return Said()
        sentence = words(
            "{lever}: all channels moved in proportion come to {value} and no farther.",
            lever=slider.text,
            value=words.value(reached, slider.unit),
        )
        return Said(sentence, lever=name)

    def _open(self, name: str) -> Said:
        scenario, said = self.notes.scenario(name)
        if scenario is not None:
            self.moves.open(scenario, self.notes.media(scenario))
        return said

    def _noted(self) -> ChannelNotes:
        return ChannelNotes(self._client, self._words)

    def _panels(self) -> Iterator[Panel]:
        ltv = self._ltv_slider()
        return channel_panels(self._client, self.moves.known, self._media, self._words, ltv)

    def _pictures(self, standing: Standing) -> dict[str, Picture]:
        assert isinstance(standing, ChannelStanding)
        return channel_board_pictures(
            standing.media, standing.scenario, standing.table, self._words
        )

    def _figures(self, standing: Standing) -> Sequence[tuple[str, str]]:
        assert isinstance(standing, ChannelStanding)
        return channel_figures(standing.scenario, standing.table, self._words)

    def _warned(self, before: Sequence[Warned] | None) -> tuple[Warned, ...]:
        return channel_warnings(self._client, self.moves.standing, self._words, before)

    def _acts(self) -> list[list[str]]:
        """Offer to solve the budgets, where there are any."""
        paid = bool(self._media.starting("media").any())
        return [["solve", self._words("Budgets for B")]] if paid else []

    def _act(self, name: str) -> Said:
        """Plan the cheapest budgets that bring the leads B needs."""
        del name  # there is one button
        words = self._words
        found, budget = self.moves.solve()
        match str(budget.verdict):
            case Verdict.MET:
                sentence = words(
                    "The cheapest budgets for the leads B needs: {money} a month.",
                    money=words.money(float(budget.total_spend)),
                )
                return Said(sentence)
            case Verdict.UNREACHABLE:
                sentence = words("At their limits the budgets do not bring the leads that B needs.")
                return Said(sentence, problem=True)
        return Said(leads_sentence(found, words), problem=True)
