"""The plan of every demo client against drawing one of its charts, and draws against two loops.

One run, the same inputs on all sides:

- draws: 100,000 draws of all levers over 12 months, with the probability of B by month, the fan
  and every input's share, against the tests' second model draw by draw in plain Python, and
  against the same model applied to the rows of a pandas table; both run a sample of the draws
  and are compared per draw;
- plan: all solves of a client, Shapley values and 10,000 draws, against drawing its tree of B,
  from the scenario to SVG and the drawing library warm; and against the SVG alone;
- memory: the most that 100,000 draws take, and ten times as many over it.
"""

import json
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from funnelkit.client.client import Client
from funnelkit.client.read import find, read_client
from funnelkit.faces.pictures import tree_picture
from funnelkit.model.levers import LEVERS
from funnelkit.model.products import is_share
from funnelkit.plan.cost import least_cost
from funnelkit.plan.decompose import SHAPLEY_PLAYERS, by_stage, shapley
from funnelkit.plan.effort import least_effort
from funnelkit.plan.frommoney import from_the_money
from funnelkit.plan.growth import growth_prices
from funnelkit.plan.scenario import Scenario
from funnelkit.plan.solve import alone, equal_effort
from funnelkit.plan.spread import spread, tornado
from funnelkit.plan.uncertainty import Range, draws, outcomes
from funnelkit.show.picture import svg
from funnelkit.show.words import Words
from tests.reference import ramp, reference

CLIENTS = ("dom", "harbor", "mealbox", "okna", "petlya", "saldo")
DRAWS, MONTHS, SAMPLE, RUNS = 100_000, 12, 300, 5


def timed(run: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median seconds that a run takes."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return float(np.median(taken))


def uncertain(base: Scenario) -> tuple[Scenario, dict[str, Range]]:
    """Make every lever a guess of a tenth to either side, and the plan one of twelve months."""
    now = {name: lever.absent for name, lever in LEVERS.items()} | dict(base.now)
    goal = replace(base.goal, metric="profit", horizon=MONTHS - 3)
    known = {
        name: Range(low=0.9 * value, likely=value, high=min(1.1 * value, max(value, 1.0)))
        if value <= 1
        else Range(low=0.9 * value, likely=value, high=1.1 * value)
        for name, value in now.items()
    }
    return replace(base, now=now, goal=goal), known


def plain(scenario: Scenario, drawn: Mapping[str, float]) -> list[float]:
    """Return a draw's profit by month, in plain Python."""
    ways = {}
    for name, now in scenario.now.items():
        plan = (
            scenario.target[name] * drawn[name] / now
            if now
            else scenario.target[name] or drawn[name]
        )
        if is_share(name, ()):
            plan = min(plan, 1.0)
        start = scenario.start.get(name, 0)
        ways[name] = ramp(drawn[name], plan, start, scenario.goal.horizon, MONTHS)
    return reference(ways, scenario.business, MONTHS)["profit"]


def loops(scenario: Scenario, known: Mapping[str, Range]) -> tuple[float, float, float]:
    """Return seconds per draw in a loop and in a table, and the largest difference from ours."""
    table = pd.DataFrame({name: draws(name, guess, SAMPLE) for name, guess in known.items()})
    rows = table.to_dict("records")
    loop = timed(lambda: [plain(scenario, row) for row in rows], 3) / SAMPLE
    by_row = timed(lambda: table.apply(lambda row: plain(scenario, row), axis=1), 3) / SAMPLE
    expected = np.array([plain(scenario, row) for row in rows])
    ours = np.concatenate([metric for _, metric in outcomes(scenario, known, size=SAMPLE)])
    return loop, by_row, float(np.max(np.abs(ours - expected) / (1.0 + np.abs(expected))))


def peak(run: Callable[[], object]) -> float:
    """Return the most memory that a run takes, in MB."""
    tracemalloc.start()
    run()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def whole_plan(client: Client) -> Callable[[], None]:
    """Return all that is worked out about a client's plan; nothing is kept from a run before."""

    def run() -> None:
        scenario = replace(client.plan)
        for solve in (alone, equal_effort, from_the_money, least_effort, least_cost, growth_prices):
            solve(scenario)
        groups = {name: [name] for name in scenario.moved}
        if len(groups) > SHAPLEY_PLAYERS:
            groups = by_stage(scenario)
        shapley(scenario.at_goal, scenario.now, scenario.target, groups)
        spread(scenario, client.evidence)
        tornado(scenario, client.evidence)

    return run


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    scenario, known = uncertain(read_client(find("mealbox")).plan)
    ours = timed(lambda: spread(scenario, known, size=DRAWS), 3) / DRAWS
    loop, by_row, difference = loops(scenario, known)
    print(f"{DRAWS:,} draws x {MONTHS} months x {len(known)} levers: {ours * DRAWS:.2f} s")
    print(f"plain Python: {loop / ours:.0f} times as long, extrapolated from {SAMPLE} draws")
    print(f"pandas row by row: {by_row / ours:.0f} times as long, extrapolated from {SAMPLE} draws")
    print(f"largest relative difference of profit: {difference:.1e}")
    few, many = (peak(lambda n=n: spread(scenario, known, size=n)) for n in (DRAWS // 10, DRAWS))
    print(f"most memory: {few:.1f} MB for {DRAWS // 10:,} draws, {many:.1f} MB for {DRAWS:,}")

    ratios = []
    for name in CLIENTS:
        client = read_client(find(name))
        words = Words(language=client.language, currency=client.currency)
        plan = whole_plan(client)

        def chart(client: Client = client, words: Words = words) -> str:
            return tree_picture(client, replace(client.plan), words).svg()

        svg_alone = partial(svg, tree_picture(client, client.plan, words).spec)
        chart()
        plan()
        # In turn, so that whatever else the machine does falls on all alike.
        rounds = [[timed(run, 1) for run in (plan, chart, svg_alone)] for _ in range(2 * RUNS)]
        planned, drawn, painted = np.median(rounds, axis=0)
        ratios.append((planned / drawn, planned / painted))
        print(
            f"{name:8} plan {planned * 1e3:4.0f} ms, chart {drawn * 1e3:4.0f} ms, of which "
            f"{painted * 1e3:4.0f} ms paint a spec that is ready"
        )
    over_chart, over_svg = np.median(ratios, axis=0)
    print(
        json.dumps(
            {
                "draws_over_loop": loop / ours,
                "draws_over_pandas": by_row / ours,
                "plan_over_chart_drawing": float(over_chart),
                "plan_over_chart_drawing_worst": float(max(ratio for ratio, _ in ratios)),
                "plan_over_svg_alone": float(over_svg),
                "peak_mb": many,
                "peak_of_ten_times_the_draws": many / few,
                "largest_difference": difference,
            }
        )
    )


if __name__ == "__main__":
    main()
