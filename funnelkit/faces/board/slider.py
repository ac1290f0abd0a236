"""The sliders: where each ends, at which round numbers it stops, and what is marked on it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from math import ceil, isfinite, log10
from types import MappingProxyType
from typing import Any

from funnelkit.client.client import Client
from funnelkit.model.levers import LEVERS, Stage, Unit
from funnelkit.model.levers import message as _
from funnelkit.model.products import SUMMED_UP, aggregate, parameter_of
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.uncertainty import interval
from funnelkit.show.charts.theme import STAGE_COLOURS
from funnelkit.show.inputs import known_note
from funnelkit.show.stages import STAGES, department_names
from funnelkit.show.words import Words

__all__ = [
    "LTV",
    "Panel",
    "Slider",
    "between",
    "can_move",
    "lever_slider",
    "ltv_slider",
    "panels",
    "slider_top",
    "step_of",
]

LTV = "ltv"
"""The slider that moves what LTV is made of."""

FEWEST = 100
"""Positions that a slider has at least, where its unit's digits allow that."""

SPLIT: Mapping[Stage, tuple[tuple[str, tuple[str, ...]], ...]] = MappingProxyType(
    {
        Stage.CONVERSION: (
            (
                _("Lead conversion"),
                ("answered_rate", "qualified_rate", "win_rate", "managers"),
            ),
            (
                _("Conversion: check and payment"),
                ("average_check", "collection_new", "refund_rate"),
            ),
        )
    }
)
"""Stages with more levers than a hand has fingers, in parts."""

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "purchase_rate": _("a month"),
        "managers": _("people"),
        "visitors": _("a month"),
        "audience": _("a month"),
    }
)
"""What the levers count that are neither shares nor money."""


def step_of(top: float, unit: Unit) -> float:
    """Return a slider's step: 1, 2 or 5 of a decimal place, so that it stops at round numbers.

    Parameters
    ----------
    top : float
        Where the slider ends, above 0; it begins at 0.
    unit : Unit
        A share does not move by less than what is shown of it.

    Examples
    --------
    >>> step_of(60_000, Unit.COUNT), step_of(0.91, Unit.SHARE), step_of(0.042, Unit.SHARE)
    (500.0, 0.005, 0.001)
    """
    finest = top / FEWEST
    place = float(f"1e{int(log10(finest) // 1)}")
    step = max(round(times * place, 15) for times in (0.5, 1, 2, 5) if times * place <= finest)
    return step if unit is not Unit.SHARE else max(step, 1e-3 if top >= 0.01 else 1e-4)


def slider_top(name: str, scenarios: Iterable[Scenario]) -> float:
    """Return where a lever's slider ends: its typed ceiling, or room to double what is there."""
    known = tuple(scenarios)
    scenario = known[0]
    line = scenario.business.line
    best = aggregate({**scenario.target, **scenario.ceilings}, line, name)
    values = (scenario.present(name), best, *(other.planned(name) for other in known))
    room = max((0.0, *filter(isfinite, values)))
    if room > 0 and _has_ceiling(name, scenario):
        return room
    return 1.0 if LEVERS[name].unit is Unit.SHARE else max(2.0 * room, 1.0)


def _has_ceiling(name: str, scenario: Scenario) -> bool:
    """Whether somebody gave a lever's ceiling, of a line that of one of its products."""
    line = scenario.business.line
    return any(parameter_of(ceiling, line) == name for ceiling in scenario.ceilings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slider:
    """One slider, from 0 up.

    A page counts positions: a browser rounds what a slider is set to, and a rounded number that
    came back would move a plan that nobody touched.

    Attributes
    ----------
    name : str
        A lever, or `LTV`.
    text, meaning, counts : str
        What it moves, the sentence that explains it, and what its number counts.
    unit : Unit
    now, top : float
        Where things stand today, and where the slider ends.
    real : tuple of float or None
        From what there is today to the ceiling that somebody gave: what is realistic.
    known : tuple of float or None
        What is known of today's number: 95 % interval of counts, or least and most of a guess.
    step : float
        From one position to the next.
    last : int
        The highest position.
    """

    name: str
    text: str
    meaning: str
    counts: str
    unit: Unit
    now: float
    top: float
    real: tuple[float, float] | None
    known: tuple[float, float] | None
    step: float = field(init=False)
    last: int = field(init=False)

    def __post_init__(self) -> None:
        step = step_of(self.top, self.unit)
        object.__setattr__(self, "step", step)
        object.__setattr__(self, "last", ceil(round(self.top / step, 9)))

    def at(self, position: int) -> float:
        """Return the value at a position: a round number, or the top."""
        if position >= self.last:
            return self.top
        return min(round(max(position, 0) * self.step, 12), self.top)

    def position(self, value: float) -> int:
        """Return the position nearest to a value."""
        if not isfinite(value):
            return 0
        if value >= self.top * (1 - 1e-9):
            return self.last
        nearest = max(0, min(round(value / self.step), self.last))
        if nearest == self.last - 1 and self.top - value < value - self.at(nearest):
            return self.last  # the last step may be shorter than the others
        return nearest

    def described(self, words: Words) -> dict[str, Any]:
        """Return what a page has to know of it once."""

        def share(value: float) -> float:
            return min(max(value / self.top, 0.0), 1.0) if isfinite(value) else 0.0

        marks = {
            name: None if ends is None else [share(end) for end in ends]
            for name, ends in (("real", self.real), ("known", self.known))
        }
        shown = words("now {value}", value=words.value(self.now, self.unit))
        own = {key: asdict(self)[key] for key in ("name", "text", "meaning", "counts")}
        return own | marks | {"now": share(self.now), "today": shown, "last": self.last}


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The sliders that are seen together.

    Attributes
    ----------
    title, department : str
    colour : str
    sliders : tuple of Slider
        Five at the most.
    """

    title: str
    department: str
    colour: str
    sliders: tuple[Slider, ...]

    def described(self, words: Words) -> dict[str, Any]:
        """Return what a page has to know of it once."""
        return {
            "title": self.title,
            "department": self.department,
            "colour": self.colour,
            "sliders": [slider.described(words) for slider in self.sliders],
        }


def panels(
    client: Client, scenarios: tuple[Scenario, ...], words: Words, ltv: tuple[float, float] | None
) -> Iterator[Panel]:
    """Yield the panels in the owner's order; one without sliders is left out.

    Parameters
    ----------
    client : Client
    scenarios : tuple of Scenario
        All that the board may show, the one it opens with first.
    words : Words
    ltv : tuple of float or None
        Today's LTV and where its slider ends; None where it has none.
    """
    departments = department_names(client.departments, words)
    for stage in Stage:
        own = [
            name
            for name, lever in LEVERS.items()
            if lever.stage is stage and not lever.cost and can_move(name, scenarios[0])
        ]
        for title, names in SPLIT.get(stage, ((STAGES[stage], tuple(own)),)):
            sliders = [lever_slider(n, client, scenarios, words) for n in names if n in own]
            if stage is Stage.ACCOUNT and ltv is not None:
                sliders.append(ltv_slider(*ltv, words))
            if sliders:
                yield Panel(
                    title=words(title),
                    department=departments[stage],
                    colour=STAGE_COLOURS[stage],
                    sliders=tuple(sliders),
                )


def can_move(name: str, scenario: Scenario) -> bool:
    """Whether the client has this lever; a line's sums move only in proportion."""
    if scenario.business.line and name in SUMMED_UP:
        return scenario.planned(name) > 0
    return name in scenario.now and isfinite(scenario.planned(name))


def lever_slider(
    name: str, client: Client, scenarios: tuple[Scenario, ...], words: Words
) -> Slider:
    """Make the slider of a lever of the table."""
    lever, scenario = LEVERS[name], scenarios[0]
    now, known = scenario.present(name), client.evidence.get(name)
    best = aggregate({**scenario.target, **scenario.ceilings}, scenario.business.line, name)
    note = ""
    if name in scenario.now:
        assumed = name in client.assumed
        note = known_note(client, name, known, lever.unit, words, assumed=assumed)
    match lever.unit:
        case Unit.SHARE:
            counts = "%"
        case Unit.MONEY:
            counts = words.currency_sign
        case Unit.COUNT:
            counts = words(UNITS[name])
    return Slider(
        name=name,
        text=words(lever.label),
        meaning=f"{words(lever.sentence)} {note}".rstrip(),
        counts=counts,
        unit=lever.unit,
        now=now,
        top=slider_top(name, scenarios),
        real=between(now, best) if _has_ceiling(name, scenario) else None,
        known=interval(known) if known else None,
    )


def between(now: float, best: float) -> tuple[float, float] | None:
    """Return the two in order; None where they are one or not known."""
    return (min(now, best), max(now, best)) if now < best or best < now else None


def ltv_slider(now: float, top: float, words: Words) -> Slider:
    """Make LTV's slider."""
    return Slider(
        name=LTV,
        text=words("LTV"),
        meaning=words("LTV: contribution over the whole relation"),
        counts=words.currency_sign,
        unit=Unit.MONEY,
        now=now,
        top=top,
        real=None,
        known=None,
    )
