"""The marketer's sliders: all channels together, from lead to money, each channel's beginning."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import isfinite

from funnelkit.client.channels import FIELDS
from funnelkit.client.client import Client
from funnelkit.client.marketing import Marketing
from funnelkit.faces.board.channel_moves import AMOUNT
from funnelkit.faces.board.slider import (
    Panel,
    Slider,
    between,
    can_move,
    lever_slider,
    ltv_slider,
)
from funnelkit.model.levers import Stage, Unit
from funnelkit.model.levers import message as _
from funnelkit.plan.joint import Joint, joint
from funnelkit.plan.media import Media, Start, Terms
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.uncertainty import interval
from funnelkit.show.charts.theme import STAGE_COLOURS
from funnelkit.show.inputs import known_note
from funnelkit.show.stages import department_names
from funnelkit.show.words import Words

__all__ = ["channel_panels"]

MOST = 5
"""Sliders of a panel."""

_COUNTS = {
    "media": (Unit.MONEY, _("Ad spend a month; it brings less per unit the more it is.")),
    "impressions": (Unit.COUNT, _("Impressions a month.")),
    "clicks": (Unit.COUNT, _("Clicks a month.")),
    "leads": (Unit.COUNT, _("Leads a month.")),
    "share": (Unit.SHARE, _("Share of the lost who come back.")),
}
_JOINT: Mapping[Joint, tuple[str, str, Unit]] = {
    "ctr": (_("CTR"), _("Clicks per impression; it moves all channels in proportion."), Unit.SHARE),
    "cpc": (
        _("CPC"),
        _("Ad spend per click of the paid channels; it moves all in proportion."),
        Unit.MONEY,
    ),
    "lead_rate": (
        _("Clicks to leads"),
        _("Leads per click of all channels: the owner's visitors to leads."),
        Unit.SHARE,
    ),
    "sale_rate": (
        _("Leads to orders"),
        _("Orders per lead; it moves the share of won deals."),
        Unit.SHARE,
    ),
}
_RATES: Mapping[str, str] = {"ctr": "ctr", "lead_rate": "landing_rate"}


def channel_panels(
    client: Client,
    scenarios: tuple[Scenario, ...],
    media: Media,
    words: Words,
    ltv: tuple[float, float] | None,
) -> Iterator[Panel]:
    """Yield the marketer's panels; one without sliders is left out.

    Parameters
    ----------
    client : Client
        With channels.
    scenarios : tuple of Scenario
        All that the board may show, the one it opens with first.
    media : Media
        The channels it opens with.
    words : Words
    ltv : tuple of float or None
        Today's LTV and where its slider ends; None where it has none.
    """
    marketing, scenario = client.marketing, scenarios[0]
    assert marketing is not None
    departments = department_names(client.departments, words)
    joints = {name: _joint(name, marketing, media, scenario, words) for name in _JOINT}
    traffic = [joints[name] for name in ("ctr", "cpc", "lead_rate")]
    money = [joints["sale_rate"]] if "win_rate" in scenario.now else []
    if can_move("average_check", scenario):
        money.append(lever_slider("average_check", client, scenarios, words))
    if ltv is not None:
        money.append(ltv_slider(*ltv, words))
    amounts = [
        _amount(place, client, marketing, media, words) for place in range(len(media.starts))
    ]
    paid = media.starting("media")
    groups: list[tuple[str, Stage, Sequence[Slider | None]]] = [
        (_("All channels together"), Stage.GENERATION, traffic),
        (_("From lead to money"), Stage.CONVERSION, money),
        (_("Budgets"), Stage.GENERATION, [a for a, own in zip(amounts, paid, strict=True) if own]),
        (
            _("Other channels"),
            Stage.GENERATION,
            [a for a, own in zip(amounts, paid, strict=True) if not own],
        ),
    ]
    for title, stage, sliders in groups:
        there = [slider for slider in sliders if slider is not None]
        for first in range(0, len(there), MOST):
            number = f" {first // MOST + 1}" if len(there) > MOST else ""
            yield Panel(
                title=words(title) + number,
                department=departments[stage],
                colour=STAGE_COLOURS[stage],
                sliders=tuple(there[first : first + MOST]),
            )


def _joint(
    name: Joint, marketing: Marketing, media: Media, scenario: Scenario, words: Words
) -> Slider | None:
    """Make the slider of a number of all channels; None where they do not have it."""
    text, meaning, unit = _JOINT[name]
    plan = joint(name, media, media.planned(scenario))
    now = joint(name, media, media.today(scenario))
    movable = name not in _RATES or (media.plan.rates[_RATES[name]] > 0).any()
    if not (isfinite(plan) and plan > 0 and movable):
        return None
    limit = _limit(name, marketing, media, scenario)
    top = max(value for value in (2 * plan, now, limit or 0.0) if isfinite(value))
    if limit is not None:
        top = max(plan, limit, now)
    return Slider(
        name=name,
        text=words(text),
        meaning=words(meaning),
        counts="%" if unit is Unit.SHARE else words.currency_sign,
        unit=unit,
        now=now,
        top=min(top, 1.0) if unit is Unit.SHARE else top,
        real=None if limit is None else between(now, limit),
        known=None,
    )


def _limit(name: Joint, marketing: Marketing, media: Media, scenario: Scenario) -> float | None:
    """Return a number of all channels at the limits that somebody gave; None without any."""
    plan, best = media.plan, marketing.best
    terms: Terms | None = None
    if name in _RATES and _RATES[name] in marketing.limited:
        rate = _RATES[name]
        terms = replace(plan, rates={**plan.rates, rate: best.rates[rate]})
    elif name == "cpc" and "price" in marketing.limited:
        terms = replace(plan, price=best.price)
    if terms is not None:
        return joint(name, media, media.with_plan(terms).planned(scenario))
    if name == "sale_rate" and "win_rate" in scenario.ceilings:
        at_best = scenario.with_plan(win_rate=scenario.ceilings["win_rate"])
        return joint(name, media, media.planned(at_best))
    return None


def _amount(place: int, client: Client, marketing: Marketing, media: Media, words: Words) -> Slider:
    """Make the slider of what a channel begins with."""
    start: Start = media.starts[place]
    unit, meaning = _COUNTS[start]
    terms = (media.now, media.plan, marketing.media.plan, *marketing.variants.values())
    values = [float(each.amount[place]) for each in terms]
    best = float(marketing.best.amount[place])
    limited = best > max(values[0], float(marketing.media.plan.amount[place]))
    room = max(best, *values)
    top = room if limited else max(2.0 * room, 1.0)
    known = marketing.media.known.get("amount", (None,) * len(media.starts))[place]
    counts = {Unit.SHARE: "%", Unit.MONEY: words.currency_sign}
    field = f"{media.market.names[place]}.{FIELDS[start]}"
    assumed = field in marketing.assumed
    note = known_note(client, field, known, unit, words, assumed=assumed)
    return Slider(
        name=f"{AMOUNT}{place}",
        text=media.market.names[place],
        meaning=f"{words(meaning)} {note}".rstrip(),
        counts=counts.get(unit, words(_("leads") if start == "leads" else _("a month"))),
        unit=unit,
        now=values[0],
        top=min(top, 1.0) if unit is Unit.SHARE else top,
        real=between(values[0], best) if limited else None,
        known=interval(known) if known else None,
    )
