"""Sentences for what is doubtful in a client's file."""

from dataclasses import replace
from types import MappingProxyType

from funnelkit.client.client import Client
from funnelkit.client.contradictions import Contradiction
from funnelkit.client.document import Document, name_of
from funnelkit.client.exports.problems import ExportProblem
from funnelkit.client.remark import Doubt, Matter, Remark
from funnelkit.model.levers import LEVERS
from funnelkit.model.levers import message as _
from funnelkit.plan.diagnosis import Verdict
from funnelkit.plan.gates import Finding
from funnelkit.show.exports import refusal_line
from funnelkit.show.gates import finding_sentence
from funnelkit.show.labels import QUANTITIES
from funnelkit.show.provenance import contradiction_sentence
from funnelkit.show.verdicts import verdict_sentence
from funnelkit.show.words import Words

__all__ = ["SENTENCES", "doubt_lines", "doubt_sentence"]


SENTENCES = MappingProxyType(
    {
        Matter.PLAN_IS_NOW: _("The plan moves nothing yet: give levers a “plan”."),
        Matter.WORSE_THAN_NOW: _("{lever}: planned worse than now, {plan} after {now}."),
        Matter.FEW_COUNTS: _(
            "{lever}: counted on {count} only, the true share may be {low} to {high}."
        ),
        Matter.METRIC_MISSING: _("{metric} is not known without: {names}."),
        Matter.ASSUMED: _("Assumed, not measured: {names}."),
        Matter.CHANNEL_LEFT_OUT: _(
            "{channel} is left out of all totals: there is no conversion {names}."
        ),
        Matter.BUDGET_WITHOUT_END: _(
            "{channel} has neither a history nor a “best” budget, so its returns never diminish."
        ),
        Matter.BEYOND_HISTORY: _(
            "{channel}: {plan} a month is planned, and its history has seen {seen} at most."
        ),
        Matter.AUDIENCE_SHORT: _(
            "{channel}: the plan has to reach {people} people, and there are {audience}."
        ),
        Matter.LOSS_PER_ORDER: _("{channel}: each order loses {loss} before any advertising."),
        Matter.TARGET_LOSES: _(
            "{channel}: at this target each order loses {loss}; advertising breaks even at a ROAS "
            "of {roas}."
        ),
        Matter.DAYS_MISSING: _("{names} does not cover {days} days of the period measured."),
        Matter.LEADS_WITHOUT_SOURCE: _(
            "{share} of the leads name no source, so channels cannot be compared by them."
        ),
        Matter.PAID_WITHOUT_SOURCE: _(
            "{share} of the payments lead to no source, so channels cannot be compared by them."
        ),
        Matter.UNSPENT: _(
            "{share} of the leads come from channels of which no export has the spend; if they are "
            "paid for, add those exports, or name the channels in exports: channels."
        ),
    }
)


def doubt_sentence(doubt: Doubt, words: Words) -> str:
    """Say what is doubtful; `words` in the client's currency."""
    match doubt.about:
        case Verdict() as verdict:
            return verdict_sentence(verdict, words)
        case Finding() as finding:
            return finding_sentence(finding, words)
        case Contradiction() as found:
            return contradiction_sentence(found, words)
        case ExportProblem() as problem:
            return refusal_line(problem, words)
        case Remark() as remark:
            return _remark(remark, words)


def _remark(remark: Remark, words: Words) -> str:
    values: dict[str, str] = {"names": ", ".join(remark.names), "channel": remark.channel}
    values |= {name: words.money(value) for name, value in remark.money.items()}
    values |= {name: words.count(value) for name, value in remark.counts.items()}
    values |= {name: words.share(value) for name, value in remark.shares.items()}
    if remark.lever:
        lever = LEVERS[remark.lever]
        values["lever"] = words(lever.label)
        for name, value in remark.values.items():
            values[name] = words.value(value, lever.unit)
    if remark.metric:
        values["metric"] = words(QUANTITIES[remark.metric])
    return words(SENTENCES[remark.matter], **values)


def doubt_lines(
    doubts: tuple[Doubt, ...], client: Client, document: Document, words: Words
) -> list[str]:
    """One line a doubt: file and line, field, sentence; in the file's order."""
    file = f"{client.path.parent.name}/{client.path.name}"
    joined = _together(doubts, words)
    placed = sorted((document.line(doubt.path), place) for place, doubt in enumerate(joined))
    return [
        f"{file}:{line}: {name_of(joined[place].path)}: {doubt_sentence(joined[place], words)}"
        for line, place in placed
    ]


def _together(doubts: tuple[Doubt, ...], words: Words) -> tuple[Doubt, ...]:
    """Join the channels of whom the same is said at the same place."""
    joined: dict[object, Doubt] = {}
    for place, doubt in enumerate(doubts):
        key: object = place
        if isinstance(doubt.about, Remark) and doubt.about.channel:
            key = doubt.path, _remark(replace(doubt.about, channel=""), words)
            before = joined.get(key)
            if before and isinstance(before.about, Remark):
                names = f"{before.about.channel}, {doubt.about.channel}"
                doubt = replace(doubt, about=replace(doubt.about, channel=names))
        joined[key] = doubt
    return tuple(joined.values())
