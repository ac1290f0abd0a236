"""What speaks against the marketer's plan as the sliders stand."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from funnelkit.client.channel_doubts import channel_doubts
from funnelkit.client.client import Client
from funnelkit.client.remark import Matter
from funnelkit.faces.board.channel_moves import ChannelStanding
from funnelkit.faces.board.warnings import Warned, marked, plan_warnings
from funnelkit.plan.reconcile import reconciled
from funnelkit.show.channel_summary import TOO_FEW, leads_sentence
from funnelkit.show.doubts import doubt_sentence
from funnelkit.show.words import Words

__all__ = ["channel_warnings"]

_FAILED = frozenset({Matter.CHANNEL_LEFT_OUT, Matter.LOSS_PER_ORDER})


def channel_warnings(
    client: Client,
    standing: ChannelStanding,
    words: Words,
    before: Sequence[Warned] | None = None,
) -> tuple[Warned, ...]:
    """Return what speaks against the channels and the plan, what was not there `before` first."""
    found = [*_channels(client, standing, words), *plan_warnings(client, standing.scenario, words)]
    return marked(found, before)


def _channels(client: Client, standing: ChannelStanding, words: Words) -> Iterator[Warned]:
    marketing = client.marketing
    assert marketing is not None
    found = reconciled(standing.media, standing.scenario, standing.table)
    if not found.leads_short <= TOO_FEW:
        yield Warned(key="leads_short", sentence=leads_sentence(found, words), failed=True)
    for doubt in channel_doubts(replace(marketing, media=standing.media), standing.scenario):
        remark = doubt.about
        yield Warned(
            key=f"{getattr(remark, 'matter', '')} {getattr(remark, 'channel', '')}",
            sentence=doubt_sentence(doubt, words),
            failed=getattr(remark, "matter", None) in _FAILED,
        )
