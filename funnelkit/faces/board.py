"""The owner's board: sliders for every lever and for LTV, and pictures that follow them."""

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets
import numpy as np

from funnelkit.client.client import Client
from funnelkit.faces.pictures import months_picture, tree_picture, waterfall_picture
from funnelkit.model.levers import LEVERS, Stage, Unit
from funnelkit.model.ltv import LTV_PARTS, LtvMove, spread_ltv
from funnelkit.model.products import SUMMED_UP, aggregate
from funnelkit.plan.scenario import Scenario
from funnelkit.show.owner_tables import key_figures
from funnelkit.show.stages import STAGES, department_names
from funnelkit.show.words import Words

__all__ = ["Board", "LeverControl", "slider_top"]

STEPS = 400
"""Positions of a slider between 0 and its top."""


def slider_top(name: str, scenario: Scenario) -> float:
    """Return where a lever's slider ends: its typed ceiling, or room to double what is there."""
    present, planned = scenario.present(name), scenario.planned(name)
    line = scenario.business.line
    best = aggregate({**scenario.target, **scenario.ceilings}, line, name)
    room = max(present, planned, best, 0.0)
    if name in scenario.ceilings or (line and name not in scenario.now):
        return room
    return 1.0 if LEVERS[name].unit is Unit.SHARE else max(2.0 * room, 1.0)


class LeverControl:
    """A slider with its number in the reader's format beside it.

    Parameters
    ----------
    text : str
        What the slider moves.
    unit : Unit
    value, top : float
        Where it stands and where it ends; it begins at 0.
    words : Words
    moved : callable
        Called with the new value after a person moved the slider or typed a number.
    """

    def __init__(
        self,
        text: str,
        unit: Unit,
        value: float,
        top: float,
        words: Words,
        moved: Callable[[float], None],
    ) -> None:
        self._unit, self._words, self._moved = unit, words, moved
        self._quiet = False
        self.slider = widgets.FloatSlider(
            value=value,
            min=0.0,
            max=top,
            step=top / STEPS,
            readout=False,
            layout=widgets.Layout(width="190px"),
        )
        self.entry = widgets.Text(
            value=words.value(value, unit), layout=widgets.Layout(width="110px")
        )
        self.entry.continuous_update = False
        self.caption = widgets.Label(text, layout=widgets.Layout(width="180px"), tooltip=text)
        self.problem = widgets.Label("", layout=widgets.Layout(display="none"))
        self.widget = widgets.VBox(
            [widgets.HBox([self.caption, self.slider, self.entry]), self.problem]
        )
        self.slider.observe(self._slid, names="value")
        self.entry.observe(self._typed, names="value")

    def show(self, value: float) -> None:
        """Move to a value without telling anybody."""
        self._quiet = True
        self.slider.value = min(value, self.slider.max)
        self.entry.value = self._words.value(value, self._unit)
        self.problem.layout.display = "none"
        self._quiet = False

    def _slid(self, change: dict[str, Any]) -> None:
        if not self._quiet:
            self.show(change["new"])
            self._moved(change["new"])

    def _typed(self, change: dict[str, Any]) -> None:
        if self._quiet:
            return
        try:
            value = self._words.parse(change["new"], self._unit)
        except ValueError:
            value = float("nan")
        if not 0.0 <= value <= self.slider.max:
            self.problem.value = self._words(
                "Allowed is {low} to {high}.",
                low=self._words.value(0.0, self._unit),
                high=self._words.value(self.slider.max, self._unit),
            )
            self.problem.layout.display = ""
            return
        self.show(value)
        self._moved(value)


class Board:
    """Everything on the owner's board.

    Attributes
    ----------
    scenario : Scenario
        The plan as the sliders stand.
    controls : dict of str to LeverControl
        By lever; ``ltv`` moves what LTV is made of.
    widget : ipywidgets.Widget
    """

    def __init__(self, client: Client, scenario: Scenario, words: Words) -> None:
        self._client, self._first, self._words = client, scenario, words
        self._departments = department_names(client.departments, words)
        self.scenario = scenario
        self._moves: dict[str, float] = {}
        self.figures = widgets.HTML()
        self.said = widgets.HTML()
        self._pictures = [widgets.Output() for _ in range(3)]
        self.controls: dict[str, LeverControl] = {}
        reset = widgets.Button(description=words("Back to the plan"), icon="undo")
        reset.on_click(lambda _button: self.reset())
        panels, titles = [], []
        for stage in Stage:
            controls = self._stage_controls(stage)
            if controls:
                panels.append(widgets.VBox([control.widget for control in controls]))
                titles.append(f"{words(STAGES[stage])} · {self._departments[stage]}")
        sliders = widgets.Accordion(children=panels, titles=titles, selected_index=0)
        tabs = widgets.Tab(
            children=self._pictures,
            titles=[words("From A to B"), words("Tree of B"), words("Months")],
        )
        self.widget = widgets.VBox(
            [
                self.figures,
                widgets.HBox(
                    [
                        widgets.VBox([sliders, self.said, reset]),
                        widgets.Box([tabs], layout=widgets.Layout(flex="1 1 auto", width="auto")),
                    ]
                ),
            ]
        )
        self._draw()

    def move(self, name: str, value: float) -> None:
        """Plan a lever otherwise; ``ltv`` spreads the target over what LTV is made of."""
        if name == "ltv":
            self._move_ltv(value)
        else:
            self._plan({name: value})
            self.said.value = ""
        self._draw()

    def reset(self) -> None:
        """Go back to the plan the board began with."""
        self._moves.clear()
        self._plan({})
        self.said.value = ""
        self._draw()

    def _plan(self, levers: dict[str, float]) -> None:
        """Plan from the first scenario, so that a line moved to 0 keeps its proportions."""
        self._moves |= levers
        self.scenario = self._first.with_plan(**self._moves)

    def _stage_controls(self, stage: Stage) -> list[LeverControl]:
        controls = []
        for name, lever in LEVERS.items():
            value = self._planned(name) if lever.stage is stage and not lever.cost else np.nan
            if np.isfinite(value):
                top, text = slider_top(name, self._first), self._words(lever.label)
                controls.append(self._control(name, text, lever.unit, value, top))
        one = self.scenario.per_customer(self.scenario.target)
        if stage is Stage.ACCOUNT and np.isfinite(self._ltv()) and one.monthly_value.item() > 0:
            best = self._spread(np.inf).reached
            top = best if np.isfinite(best) else 3.0 * self._ltv()
            text = self._words("LTV (purchases, check, retention)")
            controls.append(self._control("ltv", text, Unit.MONEY, self._ltv(), top))
        return controls

    def _control(self, name: str, text: str, unit: Unit, value: float, top: float) -> LeverControl:
        control = LeverControl(text, unit, value, top, self._words, lambda v: self.move(name, v))
        self.controls[name] = control
        return control

    def _planned(self, name: str) -> float:
        line = self.scenario.business.line
        if name in self.scenario.now or (line and name in SUMMED_UP):
            return self.scenario.planned(name)
        return float("nan")

    def _ltv(self) -> float:
        return float(self.scenario.per_customer(self.scenario.target).ltv.item())

    def _spread(self, target: float) -> LtvMove:
        one = self.scenario.per_customer(self.scenario.target)
        return spread_ltv(
            target,
            first_value=one.first_value.item(),
            monthly_value=one.monthly_value.item(),
            parts={name: self.scenario.planned(name) for name in LTV_PARTS},
            ceilings={name: slider_top(name, self._first) for name in LTV_PARTS},
            discount=self.scenario.business.discount,
        )

    def _move_ltv(self, target: float) -> None:
        words = self._words
        try:
            moved = self._spread(target)
        except ValueError:
            self.said.value = escape(
                words("Repeat sales alone cannot bring LTV there: change the first sale.")
            )
            return
        self._plan(moved.levers)
        limit = words("at its limit")
        parts = [
            f"{words(LEVERS[name].label)}: {words.value(value, LEVERS[name].unit)}"
            + (f" ({limit})" if name in moved.clipped else "")
            for name, value in moved.levers.items()
        ]
        self.said.value = escape(words("LTV moved: {parts}.", parts="; ".join(parts)))

    def _draw(self) -> None:
        scenario, words = self.scenario, self._words
        for name, control in self.controls.items():
            control.show(self._ltv() if name == "ltv" else scenario.planned(name))
        self.figures.value = "".join(
            f'<span style="display:inline-block;margin:0 28px 8px 0">'
            f'<span style="color:#5b6470">{escape(name)}</span><br>'
            f'<strong style="font-size:22px">{escape(value)}</strong></span>'
            for name, value in key_figures(scenario, words)
        )
        draw = (waterfall_picture, tree_picture, months_picture)
        pictures = [picture(self._client, scenario, words) for picture in draw]
        for output, picture in zip(self._pictures, pictures, strict=True):
            output.outputs = (
                {
                    "output_type": "display_data",
                    "data": picture._repr_mimebundle_(),
                    "metadata": {},
                },
            )
