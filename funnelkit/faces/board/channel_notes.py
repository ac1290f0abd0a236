"""What a workshop keeps of the marketer's board: scenarios with their channels."""

from collections.abc import Mapping

from funnelkit.client.channels import changed_channels
from funnelkit.client.save import Channels
from funnelkit.faces.board.channel_moves import ChannelMoves, ChannelStanding
from funnelkit.faces.board.moves import Moves, Standing
from funnelkit.faces.board.notes import Notes
from funnelkit.plan.media import CHANNEL_LEVERS, Media
from funnelkit.plan.scenario import Scenario
from funnelkit.show.compare import compare_scenarios
from funnelkit.show.compare_channels import channel_rows

__all__ = ["ChannelNotes"]


class ChannelNotes(Notes):
    """Scenarios and decisions of one board of channels."""

    def comparison(self, sliders: Standing) -> str:
        """Return the file's plan, the pinned plans and the sliders' side by side, as HTML."""
        words, marketing = self._words, self._read.marketing
        assert marketing is not None
        columns = [(words("Plan"), self._read.plan)]
        media = [marketing.media]
        for name, standing in (*self.pins.items(), (words("Sliders"), sliders)):
            assert isinstance(standing, ChannelStanding)
            columns.append((name, standing.scenario))
            media.append(standing.media)
        plans = [(each, scenario) for each, (_n, scenario) in zip(media, columns, strict=True)]
        rows = channel_rows([plans[0], *plans], words)
        own = [place == 0 for place in range(len(columns))]
        return compare_scenarios(self._read, columns, words, own=own, more=rows).html()

    def media(self, scenario: Scenario) -> Media:
        """Return the channels of a scenario of the file, also of one that was saved from here."""
        return self._client.media(scenario)

    def _levers(self, moves: Moves) -> Mapping[str, float]:
        """Leave to the channels what they sum up to, where the file has the same channels."""
        assert isinstance(moves, ChannelMoves)
        levers = {n: v for n, v in super()._levers(moves).items() if n not in CHANNEL_LEVERS}
        if self._has_channels(moves):
            return levers
        sums = [name for name in ("visitors", "lead_rate") if self._client.plan.has(name)]
        return levers | {name: moves.scenario.planned(name) for name in sums}

    def _channels(self, moves: Moves) -> Channels:
        """Return what the sliders plan otherwise than the file as it is known."""
        assert isinstance(moves, ChannelMoves)
        present = self._client.marketing
        if present is None or not self._has_channels(moves):
            return {}
        changes: Channels = changed_channels(present.media, moves.standing.media)
        return changes

    def _has_channels(self, moves: ChannelMoves) -> bool:
        """Whether the file as it is known has the sliders' channels, which start from the same."""
        present, media = self._client.marketing, moves.standing.media
        return present is not None and (present.media.market.names, present.media.starts) == (
            media.market.names,
            media.starts,
        )
