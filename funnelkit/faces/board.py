"""The owner's board: sliders for every lever and for LTV, pictures that follow, and saving."""

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets
import numpy as np

from funnelkit.client.client import Client
from funnelkit.client.problems import ClientFileError
from funnelkit.client.variants import levers_of, stored_levers
from funnelkit.faces.control import LeverControl
from funnelkit.faces.pictures import months_picture, tree_picture, waterfall_picture
from funnelkit.faces.save_row import SaveRow
from funnelkit.model.levers import LEVERS, Stage, Unit
from funnelkit.model.ltv import LTV_PARTS, LtvMove, spread_ltv
from funnelkit.model.products import SUMMED_UP, aggregate
from funnelkit.plan.scenario import Scenario
from funnelkit.show.charts.theme import STAGE_COLOURS
from funnelkit.show.owner_tables import key_figures
from funnelkit.show.picture import Picture
from funnelkit.show.stages import STAGES, department_names
from funnelkit.show.words import Words

__all__ = ["Board", "slider_top"]

# A picture is as wide as its place and never higher than the window; texts grow on a large screen.
STYLE = """<style>
.fk-board { --fk-quiet: #5b6470; --fk-bad: #b3261e; overflow: hidden;
  --jp-widgets-font-size: clamp(13px, 0.85vw, 17px); font-size: var(--jp-widgets-font-size); }
.fk-board .widget-html-content { font-size: inherit; line-height: 1.35; }
.fk-figures { display: flex; flex-wrap: wrap; gap: 2px clamp(20px, 2.6vw, 56px); }
.fk-figures span { color: var(--fk-quiet); }
.fk-figures strong { display: block; font-size: clamp(22px, 1.9vw, 36px); white-space: nowrap; }
.fk-board .fk-sliders { flex: 0 0 29em; }
.fk-board .jupyter-widget-Collapse-header { padding: 5px 8px; font-size: 0.95em; }
.fk-board .jupyter-widget-Collapse-contents { padding: 4px 10px; }
.fk-board .fk-lever .widget-text { width: 9.5em; flex: none; margin: 0; }
.fk-board .fk-lever .widget-text input { text-align: right; }
.fk-board .fk-lever .fk-caption { flex: 1 1 auto; width: auto; margin: 0; }
.fk-board .fk-lever .fk-now { flex: none; width: 8.6em; text-align: right; margin: 0;
  color: var(--fk-quiet); }
.fk-board .fk-lever .widget-hbox { align-items: center; }
.fk-board .fk-lever .widget-slider { height: 22px; margin: 0 10px 0 2px; }
.fk-board .fk-save { overflow-wrap: anywhere; }
.fk-problem { color: var(--fk-bad); }
.fk-said { color: var(--fk-quiet); }
.fk-board .widget-tab.widget-tab > .lm-TabBar .lm-TabBar-tab { flex: none; max-width: none; }
.fk-board .widget-tab-contents.widget-tab-contents { padding: 6px; overflow: hidden; }
.fk-board .fk-picture { --fk-high: calc(100vh - 212px - 2vw); min-height: var(--fk-high); }
.fk-picture svg { display: block; width: 100%; height: auto; max-height: var(--fk-high); }
</style>"""


def slider_top(name: str, scenario: Scenario) -> float:
    """Return where a lever's slider ends: its typed ceiling, or room to double what is there."""
    present, planned = scenario.present(name), scenario.planned(name)
    line = scenario.business.line
    best = aggregate({**scenario.target, **scenario.ceilings}, line, name)
    room = max(present, planned, best, 0.0)
    if room > 0 and (name in scenario.ceilings or (line and name not in scenario.now)):
        return room
    return 1.0 if LEVERS[name].unit is Unit.SHARE else max(2.0 * room, 1.0)


class Board:
    """Everything on the owner's board.

    Attributes
    ----------
    scenario : Scenario
        The plan as the sliders stand.
    controls : dict of str to LeverControl
        By lever; ``ltv`` moves what LTV is made of.
    figures : ipywidgets.HTML
        The key figures of B's month.
    pictures : tuple of ipywidgets.HTML
        A place for each picture; only the one in sight is drawn anew.
    saving : SaveRow
        Saves the sliders' state by name.
    widget : ipywidgets.Widget
    """

    def __init__(self, client: Client, scenario: Scenario, words: Words) -> None:
        self._client, self._first, self._words = client, scenario, words
        self.scenario = scenario
        self._moves: dict[str, float] = {}
        self._origin, self._base, self._unsaid = client.plan, {}, None
        try:
            self._base = levers_of(client, scenario)
        except ClientFileError as error:
            self._origin, self._unsaid = scenario, error
        self._before_ltv = scenario
        self.figures = widgets.HTML(layout=widgets.Layout(flex="1 1 auto", width="auto"))
        self.controls: dict[str, LeverControl] = {}
        kinds: dict[str, Callable[[Client, Scenario, Words], Picture]] = {
            words("From A to B"): waterfall_picture,
            words("Tree of B"): tree_picture,
            words("Months"): months_picture,
        }
        self._kinds = tuple(kinds.values())
        self.pictures = tuple(widgets.HTML().add_class("fk-picture") for _ in kinds)
        self.tabs = widgets.Tab(
            children=self.pictures,
            titles=tuple(kinds),
            selected_index=0,
            layout=widgets.Layout(flex="1 1 0", width="auto", min_width="0"),
        )
        self.tabs.observe(lambda _change: self._draw_picture(), names="selected_index")
        self.back = widgets.Button(
            description=words("Back to the plan"), icon="undo", layout={"width": "auto"}
        )
        self.back.on_click(lambda _button: self.reset())
        self.saving = SaveRow(client, self.levers, words)
        sliders = widgets.VBox([widgets.Box([self._sliders()]), self.saving.widget])
        sliders.add_class("fk-sliders")
        self.widget = widgets.VBox(
            [
                widgets.HTML(STYLE, layout=widgets.Layout(display="none")),
                widgets.HBox([self.figures, self.back]),
                widgets.HBox([sliders, self.tabs]),
            ]
        ).add_class("fk-board")
        self._draw()

    def move(self, name: str, value: float) -> None:
        """Plan a lever otherwise; ``ltv`` spreads the target over what LTV is made of."""
        said, problem = "", False
        if name == "ltv":
            said, problem = self._move_ltv(value)
        else:
            self._plan({name: value})
            self._before_ltv = self.scenario
        self._draw()
        self.controls[name].say(said, problem=problem)

    def reset(self) -> None:
        """Go back to the plan the board began with."""
        self._moves.clear()
        self._plan({})
        self._before_ltv = self.scenario
        self._draw()

    def levers(self) -> dict[str, float]:
        """Return the levers by which the sliders differ from the file's plan.

        Raises
        ------
        ClientFileError
            Where the board began with a line that levers cannot make of the file's plan.
        """
        if self._unsaid is not None:
            raise self._unsaid
        return self._base | self._moves

    def _plan(self, levers: dict[str, float]) -> None:
        """Plan from the file's plan, as a saved scenario does, down to the last digit.

        So a line moved to 0 keeps its proportions, too.
        """
        self._moves |= levers
        moved = stored_levers(self._origin, self._base | self._moves)
        self.scenario = self._origin.with_plan(**moved)

    def _planned(self, name: str) -> float:
        """Return where a lever stands, also where the line does not say it any more."""
        return self._moves[name] if name in self._moves else self._first.planned(name)

    def _sliders(self) -> widgets.Accordion:
        departments = department_names(self._client.departments, self._words)
        panels, titles = [], []
        for stage in Stage:
            if controls := self._stage_controls(stage):
                panels.append(widgets.VBox([control.widget for control in controls]))
                titles.append(f"{self._words(STAGES[stage])} · {departments[stage]}")
        return widgets.Accordion(
            children=panels, titles=titles, selected_index=0, layout={"width": "100%"}
        )

    def _stage_controls(self, stage: Stage) -> list[LeverControl]:
        controls, words, first = [], self._words, self._first
        colour = STAGE_COLOURS[stage]
        for name, lever in LEVERS.items():
            if lever.stage is stage and not lever.cost and self._can_move(name):
                top, text = slider_top(name, first), words(lever.label)
                now, meaning = first.present(name), words(lever.sentence)
                controls.append(self._control(name, text, meaning, lever.unit, now, top, colour))
        one = first.per_customer(first.target)
        if stage is Stage.ACCOUNT and np.isfinite(self._ltv()) and one.monthly_value.item() > 0:
            text = words("LTV (purchases, check, retention)")
            meaning = words("LTV: contribution over the whole relation")
            now = float(first.per_customer(first.now).ltv.item())
            controls.append(
                self._control("ltv", text, meaning, Unit.MONEY, now, self._ltv_top(), colour)
            )
        return controls

    def _can_move(self, name: str) -> bool:
        """Whether the client has this lever; a line's sums move only in proportion."""
        if self._first.business.line and name in SUMMED_UP:
            return self._first.planned(name) > 0
        return name in self._first.now and bool(np.isfinite(self._first.planned(name)))

    def _control(
        self, name: str, text: str, meaning: str, unit: Unit, now: float, top: float, colour: str
    ) -> LeverControl:
        def moved(value: float) -> None:
            self.move(name, value)

        self.controls[name] = LeverControl(
            text, meaning, unit, now, top, self._words, moved, colour=colour
        )
        return self.controls[name]

    def _ltv(self, scenario: Scenario | None = None) -> float:
        at = scenario or self.scenario
        return float(at.per_customer(at.target).ltv.item())

    def _ltv_top(self) -> float:
        """Return the LTV that the ceilings allow, or three times the plan's where nothing ends."""
        try:
            best = self._spread(np.inf).reached
        except ValueError:
            best = np.nan
        present = self._ltv()
        top = best if np.isfinite(best) else 3.0 * self._ltv(self._first)
        return max(top, present) if np.isfinite(present) else top

    def _spread(self, target: float) -> LtvMove:
        """Spread an LTV from where its parts stood before its slider moved."""
        base = self._before_ltv
        one = base.per_customer(base.target)
        return spread_ltv(
            target,
            first_value=one.first_value.item(),
            monthly_value=one.monthly_value.item(),
            parts={name: base.planned(name) for name in LTV_PARTS},
            ceilings={name: slider_top(name, self._first) for name in LTV_PARTS},
            discount=base.business.discount,
        )

    def _move_ltv(self, target: float) -> tuple[str, bool]:
        """Move what LTV is made of; return what to say, and whether it is a problem."""
        words = self._words
        try:
            moved = self._spread(target)
        except ValueError:
            return words("Repeat sales alone cannot bring LTV there: change the first sale."), True
        self._plan(moved.levers)
        limit = words("at its limit")
        parts = [
            f"{words(LEVERS[name].label)}: {words.value(value, LEVERS[name].unit)}"
            + (f" ({limit})" if value >= slider_top(name, self._first) * (1 - 1e-9) else "")
            for name, value in moved.levers.items()
        ]
        return words("LTV moved: {parts}.", parts="; ".join(parts)), False

    def _draw(self) -> None:
        for name, control in self.controls.items():
            if name == "ltv":
                control.end_at(self._ltv_top())
            control.show(self._ltv() if name == "ltv" else self._planned(name))
        figures = "".join(
            f"<div><span>{escape(name)}</span><strong>{escape(value)}</strong></div>"
            for name, value in key_figures(self.scenario, self._words)
        )
        self.figures.value = f'<div class="fk-figures">{figures}</div>'
        self._draw_picture()

    def _draw_picture(self) -> None:
        """Draw the picture in sight as SVG: it is swapped whole, so nothing flickers."""
        seen: Any = self.tabs.selected_index
        if seen is not None:
            picture = self._kinds[seen](self._client, self.scenario, self._words)
            self.pictures[seen].value = picture.svg()
