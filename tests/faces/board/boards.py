"""A board without a browser, and a page that follows it as `board.js` does."""

import json
from pathlib import Path
from typing import Any

from funnelkit.client.client import Client
from funnelkit.client.read import read_client
from funnelkit.faces.board import Board
from funnelkit.faces.board.marketer import MarketerBoard
from funnelkit.model.levers import LEVERS
from funnelkit.model.products import SUMMED_UP
from funnelkit.plan.media import Media
from funnelkit.plan.scenario import Scenario
from funnelkit.show.words import Words
from tests.client.files import SMALL, write, write_beside

CLIENTS = Path(__file__).parents[3] / "data" / "clients"
DEMOS = sorted(
    file.parent.name
    for file in CLIENTS.glob("*/client.yaml")
    if "demo: true" in file.read_text("utf-8").splitlines()  # others may lie in the same folder
)

REPEAT = "  retention_rate: 80%\n  purchase_rate: 0.5\n  repeat_check: 100\n  margin: 50%\n"
"""Levers that let the small client sell again."""

LINE = SMALL.replace("  average_check: 500\n", "  retention_rate: 80%\n") + "products:\n"
"""A small client whose products follow."""

CHANNELS = """\
title: Small
language: en
currency: USD
goal: {month: 2026-09, months: 3, a: 1000, b: 3000}
levers:
  win_rate: 20%
  average_check: 500
  margin: 50%
marketing:
  channels:
"""
"""A small client whose channels follow."""

SEARCH = (
    "    - {name: Search, budget: {now: 100, plan: 200}, price: 1, ctr: 5%, landing_rate: 10%}\n"
)
SOCIAL = (
    "    - {name: Social, budget: 100, buys: impressions, price: 10, ctr: 1%, landing_rate: 5%}\n"
)
FREE = "    - {name: Search engines, clicks: 300, landing_rate: 4%}\n"
WORD = "    - {name: Word of mouth, leads: 5}\n"
BACK = "    - {name: Again, recovers: {of: visitors, share: 10%}, price: 0.5, landing_rate: 5%}\n"
LACKING = "    - {name: Unknown, budget: 50, price: 1}\n"
SHAPES = {
    "one channel": SEARCH,
    "no budgets": FREE + WORD,
    "all free": FREE,
    "leads alone": WORD,
    "one left out": SEARCH + LACKING,
    "with recovery": SEARCH + SOCIAL + FREE + WORD + BACK,
}
"""Channels of clients whose boards have little to divide by."""


def changed(held: dict[str, Any], rows: dict[str, Any]) -> dict[str, Any]:
    """The datasets that a message names as a page has them then: whole, or row by row."""
    return {
        name: news
        if isinstance(news, list)
        else [news.get(str(place), row) for place, row in enumerate(held[name])]
        for name, news in rows.items()
    }


class Page:
    """What a browser knows of a board: what it read at first, and what it was told since."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.state = as_sent(board.state)
        self.rows = as_sent(board.spec["datasets"])
        self.heard: list[dict[str, Any]] = []
        self._number = 0
        board.send = self._hear

    def _hear(self, content: dict[str, Any], buffers: object = None) -> None:
        assert buffers is None
        message = as_sent(content)
        self.heard.append(message)
        self.rows = self.rows | changed(self.rows, message.get("rows", {}))
        state = message.get("state", {})
        levers = self.state["levers"] | state.get("levers", {})
        self.state = self.state | state | {"levers": levers}

    def tell(self, kind: str, **more: object) -> dict[str, Any]:
        """Tell the board what a person did; return its one answer."""
        self._number += 1
        before = len(self.heard)
        self.board._heard({"kind": kind, **more, "number": f"page {self._number}"})
        (answer,) = self.heard[before:]
        assert answer["number"] == f"page {self._number}"
        return answer

    def move(self, lever: str, position: int, gesture: str = "") -> dict[str, Any]:
        more = {"gesture": gesture} if gesture else {}
        return self.tell("move", lever=lever, position=position, **more)

    def type(self, lever: str, text: str) -> dict[str, Any]:
        return self.tell("type", lever=lever, text=text)

    @property
    def said(self) -> dict[str, Any]:
        said: dict[str, Any] = self.state["said"]
        return said

    @property
    def figures(self) -> list[str]:
        return [value for _name, value in self.state["figures"]]

    def lever(self, name: str) -> dict[str, Any]:
        lever: dict[str, Any] = self.state["levers"][name]
        return lever


def as_sent(value: Any) -> Any:
    """What arrives of a value: JSON knows neither NaN nor tuples."""
    return json.loads(json.dumps(value, allow_nan=False))


def client_of(name: str) -> Client:
    return read_client(CLIENTS / name / "client.yaml")


def copied(name: str, folder: Path) -> Client:
    """A demo client whose file may be written to."""
    demo = CLIENTS / name / "client.yaml"
    return read_client(write_beside(demo, folder, demo.read_bytes()))


def small(folder: Path, more: str = "") -> Client:
    return read_client(write(folder, SMALL + more))


def words_of(client: Client) -> Words:
    return Words(language=client.language, currency=client.currency)


def board_of(client: Client, scenario: Scenario | None = None) -> Board:
    return Board(client, scenario or client.plan, words_of(client))


def page_of(client: Client, scenario: Scenario | None = None) -> Page:
    return Page(board_of(client, scenario))


def marketer_board(
    client: Client, scenario: Scenario | None = None, media: Media | None = None
) -> MarketerBoard:
    scenario = scenario or client.plan
    return MarketerBoard(client, scenario, media or client.media(scenario), words_of(client))


def marketer_page(
    client: Client, scenario: Scenario | None = None, media: Media | None = None
) -> Page:
    return Page(marketer_board(client, scenario, media))


def with_channels(folder: Path, channels: str, more: str = "") -> Client:
    return read_client(write(folder, CHANNELS + channels + more))


def movable(client: Client) -> list[str]:
    """Levers of a client's file that are not costs, in the table's order; of a line its sums."""
    plan = client.plan
    line = bool(plan.business.line)
    return [
        name
        for name, lever in LEVERS.items()
        if not lever.cost and (name in plan.now or (line and name in SUMMED_UP))
    ]
