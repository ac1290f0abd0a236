"""The owner's model on 10,000 scenarios of 12 months against the same model in plain Python.

Both are measured in one run on the same levers; the plain loop, which is the tests' second model,
runs a sample of the scenarios and is compared per scenario.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from funnelkit.client.read import find, read_client
from funnelkit.model.levers import LEVERS
from funnelkit.model.owner import run
from tests.reference import reference

SCENARIOS, SAMPLE, MONTHS, RUNS = 10_000, 200, 12, 5


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    client = read_client(find("mealbox"))
    business = client.plan.business
    dice = np.random.default_rng(0)
    now = {name: lever.absent for name, lever in LEVERS.items()} | dict(client.plan.now)
    levers = {
        name: value * dice.uniform(0.8, 1.0, (SCENARIOS, MONTHS)) for name, value in now.items()
    }
    sample = [
        {name: way[scenario].tolist() for name, way in levers.items()} for scenario in range(SAMPLE)
    ]
    ours, loop = [], []
    for _ in range(RUNS):
        start = time.perf_counter()
        path = run(levers, business)
        ours.append((time.perf_counter() - start) / SCENARIOS)
        start = time.perf_counter()
        plain = [reference(one, business, MONTHS) for one in sample]
        loop.append((time.perf_counter() - start) / SAMPLE)
    expected = np.array([one["profit"] for one in plain])
    difference = float(np.max(np.abs(path.profit[:SAMPLE] / expected - 1)))
    ratio = float(np.median(loop) / np.median(ours))
    print(f"{SCENARIOS:,} scenarios x {MONTHS} months, medians of {RUNS} runs")
    print(f"plain Python needs {ratio:.0f} times as long per scenario")
    print(f"largest relative difference of profit: {difference:.1e}")
    print(json.dumps({"loop_over_ours": ratio, "largest_difference": difference}))


if __name__ == "__main__":
    main()
