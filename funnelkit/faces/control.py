"""A slider that shows and reads its number in the reader's language."""

from collections.abc import Callable
from html import escape
from math import ceil, isfinite, log10
from typing import Any

import ipywidgets as widgets

from funnelkit.model.levers import Unit
from funnelkit.show.words import Words

__all__ = ["LeverControl", "step_of"]

FEWEST = 100
"""Positions that a slider has at least, where its unit's digits allow that."""


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


class LeverControl:
    """A slider from 0 up, with its number beside it.

    The widget's slider counts positions: a browser rounds what a slider is set to, and a rounded
    number that came back would move a plan that nobody touched.

    Parameters
    ----------
    text, meaning : str
        What the slider moves, and the sentence that explains it.
    unit : Unit
    now, top : float
        Where things stand today, shown beside the slider, and where the slider ends, above 0.
    words : Words
    moved : callable
        Called with the new value after a person moved the slider or typed a number.
    colour : str
        Of the slider's handle.
    """

    def __init__(
        self,
        text: str,
        meaning: str,
        unit: Unit,
        now: float,
        top: float,
        words: Words,
        moved: Callable[[float], None],
        *,
        colour: str,
    ) -> None:
        self._unit, self._words, self._moved = unit, words, moved
        self._quiet = False
        self.slider = widgets.IntSlider(
            min=0,
            max=1,
            readout=False,
            style={"handle_color": colour},
            layout=widgets.Layout(flex="1 1 auto", width="auto"),
        )
        self.entry = widgets.Text(continuous_update=False)
        today = words("now {value}", value=words.value(now, unit))
        self.note = widgets.HTML()
        title = escape(meaning, quote=True)
        caption = widgets.HTML(f'<span title="{title}">{escape(text)}</span>')
        lines = (
            (caption.add_class("fk-caption"), self.entry),
            (self.slider, widgets.HTML(escape(today)).add_class("fk-now")),
        )
        self.widget = widgets.VBox([*map(widgets.HBox, lines), self.note]).add_class("fk-lever")
        self.end_at(top)
        self.slider.observe(self._slid, names="value")
        self.entry.observe(self._typed, names="value")

    @property
    def value(self) -> float:
        """Where the slider stands, at one of its round numbers."""
        return self._at(self.slider.value)

    def end_at(self, top: float) -> None:
        """Let the slider end elsewhere."""
        self.top, self._step = top, step_of(top, self._unit)
        self._quiet = True
        self.slider.max = ceil(round(top / self._step, 9))
        self._quiet = False

    def show(self, value: float) -> None:
        """Move to a value without telling anybody; what was said about the old one goes."""
        self._quiet = True
        if isfinite(value):
            self.slider.value = min(round(value / self._step), self.slider.max)
        self.entry.value = self._words.value(value, self._unit)
        self._quiet = False
        self.say("")

    def say(self, sentence: str, *, problem: bool = False) -> None:
        """Write a sentence under the slider."""
        kind = "fk-problem" if problem else "fk-said"
        self.note.value = f'<span class="{kind}">{escape(sentence)}</span>' if sentence else ""
        self.note.layout.display = "" if sentence else "none"

    def _at(self, position: int) -> float:
        last = position >= self.slider.max
        return self.top if last else min(round(position * self._step, 12), self.top)

    def _slid(self, change: dict[str, Any]) -> None:
        if not self._quiet:
            self._moved(self._at(change["new"]))

    def _typed(self, change: dict[str, Any]) -> None:
        if self._quiet:
            return
        try:
            value = self._words.parse(change["new"], self._unit)
        except ValueError:
            value = float("nan")
        if 0.0 <= value <= self.top:
            self._moved(value)
        else:
            sentence = self._words(
                "Allowed is {low} to {high}.",
                low=self._words.value(0.0, self._unit),
                high=self._words.value(self.top, self._unit),
            )
            self.say(sentence, problem=True)
