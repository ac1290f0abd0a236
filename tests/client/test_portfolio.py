"""What stands in a folder of reports, in which order, and nothing beyond it."""

from pathlib import Path

import pytest

from funnelkit.client.portfolio import read_portfolio
from funnelkit.client.standing import Attention
from tests.portfolios import DEMOS, demo, many, written


def names(folder: Path, failed: dict[str, str] | None = None) -> list[str]:
    return [entry.name for entry in read_portfolio(folder, failed)]


def test_the_demos_come_by_urgency() -> None:
    assert names(DEMOS) == ["petlya", "harbor", "saldo", "okna", "mealbox", "cdnow", "dom"]


def urgency(record: dict) -> tuple[float, float]:
    """How urgent a synthetic client is, read from its record alone."""
    planned = record["months"][record["metric"]]
    late = 0.0
    if running := record["running"]:
        late = running["forecast"] / planned[running["month"]] - 1
    elif facts := record["facts"]:
        late = facts[-1]["measured"] / facts[-1]["planned"] - 1
    chance = 9.0 if record["probability"] is None else record["probability"]
    to_mend = {"collections", "junk", "unanswered", "leaky_funnel"} & set(record["findings"])
    if late <= -0.02:
        return 1, late
    if record["reached"] < record["b"]:
        return 2, record["reached"] / record["b"]
    if chance < 0.5:
        return 3, chance
    if to_mend:
        return 4, -len(set(record["findings"]) - {"spare_capacity"})
    return 5, chance


def test_three_hundred_clients_come_by_urgency(tmp_path: Path) -> None:
    records = many(tmp_path, 300)
    by_hand = sorted(records, key=lambda name: (*urgency(records[name]), records[name]["title"]))
    assert names(tmp_path) == by_hand
    assert {urgency(record)[0] for record in records.values()} == {1, 2, 3, 4, 5}


def test_who_failed_comes_first_and_what_stands_of_it_is_known(tmp_path: Path) -> None:
    written(tmp_path, "fine", demo("dom"))
    written(tmp_path, "older", demo("saldo"), ("report.html", "report.pdf"))
    first, second, third = read_portfolio(tmp_path, {"older": "why", "new": "because"})
    assert (first.name, first.reason, first.files, first.title) == ("new", "because", (), "new")
    assert (second.name, second.reason) == ("older", "why")
    assert second.files == ("report.html", "report.pdf")
    assert third.attention is Attention.NOTHING


def test_what_cannot_be_read_is_there_as_such(tmp_path: Path) -> None:
    written(tmp_path, "broken", "{")
    written(tmp_path, "latin", "{}").joinpath("results.json").write_bytes(b'"\xff"')
    (written(tmp_path, "lost", "{}") / "results.json").unlink()
    found = read_portfolio(tmp_path)
    assert [(e.name, e.attention, e.standing) for e in found] == [
        (name, Attention.NO_REPORT, None) for name in ("broken", "latin", "lost")
    ]


def test_what_is_no_clients_folder_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("x")
    (tmp_path / "begun").mkdir()
    (tmp_path / "begun" / "1_owner_level.ipynb").write_text("{}")
    written(tmp_path, "real", demo("dom"))
    assert names(tmp_path) == ["real"]
    assert names(tmp_path / "nowhere") == []
    assert names(tmp_path / "index.html") == []


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    secret = written(tmp_path / "elsewhere", "secret", demo("dom"))
    out = tmp_path / "out"
    inside = written(out, "inside", demo("saldo"))
    try:
        (out / "linked").symlink_to(secret, target_is_directory=True)
        (inside / "results.json").unlink()
        (inside / "results.json").symlink_to(secret / "results.json")
        (inside / "report.pdf").symlink_to(secret / "report.html")
    except OSError:
        pytest.skip("links cannot be made here")
    (only,) = read_portfolio(out)
    assert (only.name, only.standing, only.files) == ("inside", None, ("report.html",))
