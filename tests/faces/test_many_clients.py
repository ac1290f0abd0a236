"""A long batch: every client gets its own numbers, whoever fails beside it."""

import json
import re
from pathlib import Path

import pytest

from funnelkit.client.read import read_client
from funnelkit.faces.pool import batch

ROOT = Path(__file__).parents[2]
DEMO = (ROOT / "data" / "clients" / "mealbox" / "client.yaml").read_text(encoding="utf-8")


@pytest.mark.stress
def test_thirty_clients_of_whom_every_fifth_is_broken(tmp_path: Path) -> None:
    files = []
    for number in range(30):
        file = tmp_path / "clients" / f"client-{number:02}" / "client.yaml"
        file.parent.mkdir(parents=True)
        text = re.sub(r"active_customers: \d+", f"active_customers: {600 + number}", DEMO)
        file.write_text(text + ("\nnonsense: 1\n" if number % 5 == 0 else ""), encoding="utf-8")
        files.append(file)
    outcomes = {o.client: o for o in batch(files, tmp_path / "out", reader="en")}
    assert len(outcomes) == 30
    for number, file in enumerate(files):
        outcome = outcomes[file.parent.name]
        assert bool(outcome.reason) is (number % 5 == 0)
        if not outcome.reason:
            results = tmp_path / "out" / file.parent.name / "results.json"
            recorded = json.loads(results.read_text(encoding="utf-8"))
            expected = float(read_client(file).plan.at_goal())
            assert recorded["reached"] == pytest.approx(expected, rel=1e-11)
