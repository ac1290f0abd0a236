"""The board itself: four pictures as one live chart, with sliders and scenarios around it."""

import asyncio
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from math import isnan
from typing import Any

import traitlets

from funnelkit.client.client import Client
from funnelkit.faces.board.measured import measured_ltv
from funnelkit.faces.board.moves import Moves, Standing
from funnelkit.faces.board.notes import Notes
from funnelkit.faces.board.said import Said
from funnelkit.faces.board.slider import LTV, Panel, Slider, ltv_slider, panels
from funnelkit.faces.board.texts import board_texts
from funnelkit.faces.board.warnings import Warned, warnings_of
from funnelkit.faces.live.chart import LiveChart, source
from funnelkit.faces.pictures import LINES, board_pictures
from funnelkit.faces.ways import way_to_b
from funnelkit.model.levers import LEVERS
from funnelkit.model.ltv import LTV_PARTS
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.solution import Verdict
from funnelkit.show.charts.together import rows_together, together
from funnelkit.show.lever_texts import lever_text
from funnelkit.show.owner_tables import key_figures
from funnelkit.show.picture import Picture, Row, rounded
from funnelkit.show.solution_tables import WAYS
from funnelkit.show.words import Words

__all__ = ["Board"]

AHEAD = 0.01
"""Seconds after an answer, in which it leaves the kernel."""

KEPT = 32
"""Plans whose pictures are kept."""

DIGITS = 11
"""Digits of a number beside its slider: a search that ends at 9.9999999999998 has found 10."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a plan looks like: key figures as names and values, and rows by dataset."""

    figures: list[list[str]]
    rows: Mapping[str, Sequence[Row]]


class Board(LiveChart):
    """The owner's board.

    A page tells it what a person does, and each telling has one answer: the rows that changed and
    what changed with them. Warnings and the comparison, which take longer, come when the page has
    been at rest for a moment.

    Parameters
    ----------
    client : Client
    scenario : Scenario
        The plan it opens with.
    words : Words

    Attributes
    ----------
    moves : Moves
        The plan as the sliders stand.
    notes : Notes
        What is pinned, saved and decided.
    sliders : dict of str to Slider
        By lever; `LTV` moves what LTV is made of.
    panel : dict
        What a page has to know once.
    state : dict
        What it shows.
    """

    _esm = source("funnelkit.faces.live", "live.js") + source(
        "funnelkit.faces.board", "teller.js", "board.js"
    )
    _css = source("funnelkit.show", "style.css") + source("funnelkit.faces.board", "board.css")
    panel = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    lines: tuple[tuple[str, ...], ...] = LINES
    """How the pictures stand on their common canvas."""

    def __init__(self, client: Client, scenario: Scenario, words: Words) -> None:
        self._client, self._words = client, words
        self.moves = self._begun(scenario)
        self.notes = self._noted()
        shown = tuple(self._panels())
        self.sliders: dict[str, Slider] = {s.name: s for panel in shown for s in panel.sliders}
        self._first = self._warned(None)
        pictures = self._pictures(self.moves.standing)
        self._drawn: Mapping[str, Sequence[Row]] = rounded(rows_together(pictures))
        self._looks: dict[Hashable, Look] = {}
        super().__init__(together(pictures, self.lines), language=words.language, **self._drawn)
        self.panel = {
            "panels": [panel.described(words) for panel in shown],
            "pictures": [name for line in self.lines for name in line],
            "months": [words.month(client.first_month, month) for month in range(scenario.months)],
            "horizon": scenario.goal.horizon,
            "texts": board_texts(words),
            "acts": self._acts(),
        }
        self.state = self._as_it_stands(Said()) | self._at_rest() | {"comparison": ""}

    # ---- what is the owner's: other boards have their own

    def _begun(self, scenario: Scenario) -> Moves:
        return Moves(self._client, scenario)

    def _noted(self) -> Notes:
        return Notes(self._client, self._words)

    def _panels(self) -> Iterator[Panel]:
        return panels(self._client, self.moves.known, self._words, self._ltv_slider())

    def _pictures(self, standing: Standing) -> dict[str, Picture]:
        return board_pictures(self._client, standing.scenario, self._words)

    def _figures(self, standing: Standing) -> Sequence[tuple[str, str]]:
        return key_figures(standing.scenario, self._words)

    def _warned(self, before: Sequence[Warned] | None) -> tuple[Warned, ...]:
        return warnings_of(self._client, self.moves.scenario, self._words, before)

    def _acts(self) -> list[list[str]]:
        """Return the ways to solve for B, as names and texts."""
        return [[name, self._words(text)] for name, text in WAYS.items()]

    def _act(self, name: str) -> Said:
        """Let the sliders stand where one way solves for B; what is locked stays."""
        words, way = self._words, self._words(WAYS[name])
        found = way_to_b(name, self._client, self.moves.scenario, self.moves.locked)
        if found.verdict in (Verdict.MISSING, Verdict.NO_LEVERS):
            return Said(words("{way}: nothing may move to B.", way=way), problem=True)
        self.moves.open(found.scenario)
        if found.gap <= 0:
            return Said(words("{way}: the sliders stand where B is reached.", way=way))
        stopped = ", ".join(lever_text(lever, words) for lever in found.binding)
        sentence = words(
            "{way}: {gap} missing to B at the limits: {levers}.",
            way=way,
            gap=words.money(found.gap),
            levers=stopped or words.missing,
        )
        return Said(sentence, problem=True)

    # ---- what a page tells, and what it is told

    def _heard(self, content: Mapping[str, Any]) -> None:
        """Do what a person did on a page, and answer with what changed."""
        super()._heard(content)
        said, moves, gesture = Said(), self.moves, content.get("gesture")
        match content:
            case {"kind": "move", "lever": name, "position": position}:
                before = self.state["levers"][name]["position"]
                said = self.move(name, self._slider(name).at(position), gesture)
                self._look_ahead(name, position, 1 if position >= before else -1)
            case {"kind": "type", "lever": name, "text": text}:
                said = self._typed(name, text)
            case {"kind": "reset", "lever": name}:
                moves.reset(*(LTV_PARTS if name == LTV else (name,)))
            case {"kind": "reset"}:
                moves.reset()
            case {"kind": "lock", "lever": name} if name in self.sliders and name != LTV:
                moves.lock(name)
            case {"kind": "undo"}:
                moves.undo()
            case {"kind": "redo"}:
                moves.redo()
            case {"kind": "open", "scenario": name}:
                said = self._open(name)
            case {"kind": "open", "pin": name} if name in self.notes.pins:
                moves.stand(self.notes.pins[name])
            case {"kind": "act", "name": name} if name in dict(self._acts()):
                said = self._act(name)
            case {"kind": "pin", "name": name}:
                said = self.notes.pin(name, moves.standing)
            case {"kind": "unpin", "name": name}:
                self.notes.unpin(name)
            case {"kind": "save", "name": name}:
                said = self.notes.save(name, moves)
            case {"kind": "decide", "what": what, "who": who, "by": month, "money": money}:
                said = self.notes.decide(what, who, month, money)
            case {"kind": "rest", "compare": bool(wanted)}:
                self._answer(content, self._at_rest(compare=wanted))
                return
            case _:
                return
        self._answer(content, self._as_it_stands(said))

    def move(self, name: str, value: float, gesture: object = None) -> Said:
        """Plan a lever otherwise; return what there is to say of it."""
        words = self._words
        if name != LTV:
            try:
                self.moves.move(name, value, gesture)
            except ValueError:
                return Said(words("The product line has nothing to move here."), problem=True)
            return Said()
        if self.moves.locked_parts.issuperset(LTV_PARTS):
            return Said(words("All that LTV is made of is locked."), problem=True, lever=LTV)
        try:
            spread = self.moves.move_ltv(value, gesture)
        except ValueError:
            sentence = words("Repeat sales alone cannot bring LTV there: change the first sale.")
            return Said(sentence, problem=True, lever=LTV)
        limit = words("at its limit")
        parts = [
            f"{words(LEVERS[part].label)}: {words.value(planned, LEVERS[part].unit)}"
            + (f" ({limit})" if planned >= self.moves.ceilings[part] * (1 - 1e-9) else "")
            for part, planned in spread.levers.items()
        ]
        return Said(words("LTV moved: {parts}.", parts="; ".join(parts)), lever=LTV)

    def _typed(self, name: str, text: str) -> Said:
        slider, words = self._slider(name), self._words
        try:
            value = words.parse(text, slider.unit)
        except ValueError:
            value = float("nan")
        if 0.0 <= value <= slider.top:
            return self.move(name, value)
        sentence = words(
            "{lever}: “{text}” is not possible. Allowed is {low} to {high}.",
            lever=slider.text,
            text=text,
            low=words.value(0.0, slider.unit),
            high=words.value(slider.top, slider.unit),
        )
        return Said(sentence, problem=True, lever=name)

    def _open(self, name: str) -> Said:
        scenario, said = self.notes.scenario(name)
        if scenario is not None:
            self.moves.open(scenario)
        return said

    def _ltv_slider(self) -> Slider | None:
        """Make LTV's slider; None where repeat sales make no LTV."""
        scenario = self.moves.scenario
        if not all(scenario.has(part) for part in LTV_PARTS):
            return None
        now, plan = (scenario.per_customer(at) for at in (scenario.now, scenario.target))
        top = self.moves.ltv_top
        if isnan(self.moves.ltv) or not (plan.monthly_value.item() > 0 and top > 0):
            return None
        measured = measured_ltv(self._client, self._words)
        return ltv_slider(float(now.ltv.item()), top, self._words, measured)

    def _slider(self, name: str) -> Slider:
        """Return a slider as it is now: that of LTV ends where its parts' ceilings allow."""
        slider = self.sliders[name]
        top = self.moves.ltv_top if name == LTV else slider.top
        return replace(slider, top=top) if top > 0 else slider

    def _look(self, standing: Standing) -> Look:
        """Return what a plan looks like; the last few are kept."""
        key = standing.key
        if key not in self._looks:
            rows = rounded(rows_together(self._pictures(standing)))
            figures = [list(figure) for figure in self._figures(standing)]
            self._looks[key] = Look(figures=figures, rows=rows)
            while len(self._looks) > KEPT:
                del self._looks[next(iter(self._looks))]
        return self._looks[key]

    def _look_ahead(self, name: str, position: int, way: int) -> None:
        """Draw where a slider's next steps lead, as soon as nobody waits for an answer.

        Whoever holds a key down, or pulls a slider slowly, then waits for the way there and back
        alone.
        """
        with suppress(RuntimeError):  # no loop runs where there is no kernel
            loop = asyncio.get_running_loop()
            for step in (way, -way):
                loop.call_later(AHEAD, self._look_at, name, position + step)

    def _look_at(self, name: str, position: int) -> None:
        slider = self._slider(name)
        if 0 <= position <= slider.last:
            with suppress(ValueError):  # the move itself will say why
                self._look(self.moves.after(name, slider.at(position)))

    def _as_it_stands(self, said: Said) -> dict[str, Any]:
        """Return all that follows a move at once."""
        return {
            "figures": self._look(self.moves.standing).figures,
            "levers": {name: self._lever(self._slider(name)) for name in self.sliders},
            "undo": self.moves.can_undo,
            "redo": self.moves.can_redo,
            "said": asdict(said),
            **self.notes.described(),
        }

    def _lever(self, slider: Slider) -> dict[str, Any]:
        name, moves = slider.name, self.moves
        value = moves.ltv if name == LTV else moves.planned(name)
        parts = LTV_PARTS if name == LTV else (name,)
        return {
            "position": slider.position(value),
            "last": slider.last,
            "text": self._words.value(float(f"{value:.{DIGITS}g}"), slider.unit),
            "moved": any(moves.is_moved(part) for part in parts),
            "locked": None if name == LTV else moves.is_locked(name),
        }

    def _at_rest(self, *, compare: bool = False) -> dict[str, Any]:
        """Return what may come a moment later."""
        warned_now = self._warned(self._first)
        return {
            "warnings": [asdict(warned) for warned in warned_now],
            **({"comparison": self.notes.comparison(self.moves.standing)} if compare else {}),
        }

    def _answer(self, content: Mapping[str, Any], state: Mapping[str, Any]) -> None:
        """Send the rows and the parts of the state that changed."""
        drawn = self._look(self.moves.standing).rows
        rows = {name: rows for name, rows in drawn.items() if rows != self._drawn[name]}
        self._drawn = drawn
        news = {key: value for key, value in state.items() if value != self.state.get(key)}
        if "levers" in news:
            old = self.state["levers"]
            news["levers"] = {n: s for n, s in news["levers"].items() if s != old[n]}
        self.state.update(state)
        self._send_rows(rows, state=news, number=content.get("number"))
