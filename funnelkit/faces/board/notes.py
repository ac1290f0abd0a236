"""What a workshop keeps of the board: pinned, opened and saved scenarios, and decisions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from funnelkit.client.client import Client, Decision
from funnelkit.client.edit import lines_of
from funnelkit.client.problems import ClientFileError, Code, Problem
from funnelkit.client.read import read_client
from funnelkit.client.save import (
    LONGEST_NAME,
    Channels,
    decision_lines,
    save_beside,
    save_decision,
    scenario_entry,
)
from funnelkit.client.variants import stored_levers
from funnelkit.faces.board.moves import Moves, Standing
from funnelkit.faces.board.said import Said
from funnelkit.model.levers import LEVERS, Unit
from funnelkit.plan.scenario import Scenario
from funnelkit.show.changes import change_lines
from funnelkit.show.compare import compare_scenarios
from funnelkit.show.problems import problem_lines
from funnelkit.show.words import Words, later_month

__all__ = ["Notes"]

MOST_PINS = 3
"""Plans that can be told apart side by side, beside the file's plan and the sliders."""

_NAME_IS_WRONG = frozenset({Code.NO_NAME, Code.RESERVED, Code.TOO_LONG, Code.CHARACTER})


class Notes:
    """Scenarios and decisions of one board.

    Parameters
    ----------
    client : Client
        As the board read it.
    words : Words
    """

    def __init__(self, client: Client, words: Words) -> None:
        self._read, self._words = client, words
        # The file as this board knows it: its plan as it was last told to the reader, and the
        # scenarios that stood there when it was read or that were saved from here.
        self._client = client
        self.pins: dict[str, Standing] = {}

    def described(self) -> dict[str, Any]:
        """Return what a page shows of it."""
        own = {"plan": self._words("Plan"), "now": self._words("Now")}
        titles = {name: self._client.titles.get(name, name) for name in self._client.variants}
        return {"pins": list(self.pins), "scenarios": list((own | titles).items())}

    def comparison(self, sliders: Standing) -> str:
        """Return the file's plan, the pinned plans and the sliders' side by side, as HTML."""
        words = self._words
        pinned = ((name, standing.scenario) for name, standing in self.pins.items())
        columns = [(words("Plan"), self._read.plan), *pinned, (words("Sliders"), sliders.scenario)]
        own = [place == 0 for place in range(len(columns))]
        return compare_scenarios(self._read, columns, words, own=own).html()

    def pin(self, name: str, standing: Standing) -> Said:
        """Keep where the sliders stand, without writing anything."""
        words, name = self._words, " ".join(name.split())[:LONGEST_NAME]
        if name not in self.pins and len(self.pins) == MOST_PINS:
            sentence = words("{most} plans are pinned; unpin one first.", most=MOST_PINS)
            return Said(sentence, problem=True)
        number = 1
        while not name:
            proposal = words("Variant {number}", number=number)
            name, number = "" if proposal in self.pins else proposal, number + 1
        self.pins[name] = standing
        return Said(words("Pinned as “{name}”.", name=name))

    def unpin(self, name: str) -> None:
        """Forget a pinned plan."""
        self.pins.pop(name, None)

    def scenario(self, name: str) -> tuple[Scenario | None, Said]:
        """Return a scenario of the file by its name, and what there is to say."""
        if self._client.plan != self._read.plan:
            sentence = self._words("The file was changed: run the cell again to open what it says.")
            return None, Said(sentence, problem=True)
        try:
            return self._client.scenario(name), Said()
        except ClientFileError as error:
            return None, self._refused(error.problems)

    def save(self, name: str, moves: Moves) -> Said:
        """Save where the sliders stand as a scenario of the client's file.

        A file that was changed meanwhile is left as it is the first time: what differs is said,
        and another name offered. Saved again, the scenario plans on the changed file what the
        sliders show.
        """
        name, words = name.strip(), self._words
        levers: Mapping[str, float] | None = None
        channels = self._channels(moves)
        try:
            levers = self._levers(moves)
            self._client = save_beside(self._client, name, levers, channels)
        except ClientFileError as error:
            return self._not_saved(name, levers, channels, error.problems)
        file = self._client.path
        return Said(words("Saved as “{name}” in {file}", name=name, file=file))

    def decide(self, what: str, who: str, month: int, money: str) -> Said:
        """Write a decision into the client's file.

        Parameters
        ----------
        what, who : str
        month : int
            By the end of which month of the plan it is done.
        money : str
            What it is expected to bring in the goal's month, as typed; empty where nobody said.
        """
        words = self._words
        try:
            expected = words.parse(money, Unit.MONEY) if money.strip() else None
        except ValueError:
            return Said(words("“{text}” is no sum of money.", text=money), problem=True)
        decision = Decision(
            what=" ".join(what.split()),
            who=" ".join(who.split()),
            by=later_month(self._read.first_month, month),
            money=expected,
        )
        try:
            save_decision(self._client.path, decision)
        except ClientFileError as error:
            return replace(self._refused(error.problems), copy=decision_lines(decision))
        return Said(words("Recorded: {what}", what=decision.what))

    def _levers(self, moves: Moves) -> Mapping[str, float]:
        """Return the levers by which the sliders differ from the file's plan as it is known."""
        levers = moves.levers()
        if self._client.plan == self._read.plan:
            return levers
        present, shown = self._client.plan, moves.scenario
        return {
            name: moves.planned(name)
            for name, lever in LEVERS.items()
            if not lever.cost and present.has(name) and shown.has(name)
        }

    def _channels(self, moves: Moves) -> Channels:
        """Return what the sliders plan otherwise of channels; the owner's know of none."""
        del moves
        return {}

    def _not_saved(
        self,
        name: str,
        levers: Mapping[str, float] | None,
        channels: Channels,
        problems: tuple[Problem, ...],
    ) -> Said:
        said = self._refused(problems)
        if {problem.code for problem in problems} & _NAME_IS_WRONG or not name or levers is None:
            return said
        stored = stored_levers(self._client.plan, levers)
        entry = scenario_entry(stored, channels)
        said = replace(said, copy=lines_of("scenarios", {name: entry}))
        if problems[0].code is not Code.CHANGED:
            return said
        try:
            present = read_client(self._client.path)
        except ClientFileError as error:
            return replace(self._refused(error.problems), copy=said.copy)
        lines = [said.sentence, *change_lines(self._client, present, self._words)]
        self._client = replace(present, variants=self._client.variants)
        return replace(said, sentence="\n".join(lines), name=self._free(name, present))

    def _free(self, name: str, client: Client) -> str:
        """Return a name that no scenario has: this one with a number behind it."""
        number = 2
        while (other := f"{name[: LONGEST_NAME - 4]} {number}") in client.variants:
            number += 1
        return other

    def _refused(self, problems: tuple[Problem, ...]) -> Said:
        return Said("\n".join(problem_lines(problems, self._words)), problem=True)
