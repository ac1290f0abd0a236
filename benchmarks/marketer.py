"""The frontier of budget against leads for 1,000 draws of 12 response curves, against SLSQP.

Half of the channels have power curves, half Hill's, some of them S-shaped. Both are measured in
one run on the same curves. scipy's SLSQP solves draw after draw, on a sample, and is compared per
budget: it gets exact gradients, shares of the sum as variables, an objective near 1, and starts
from equal shares or from shares by the marginal leads there; each with three tolerances. The
ratio is that of the fastest setting that solves every budget of the sample; the faster ones stop
before they get there.
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).parents[1]))

from funnelkit.plan.budget import best_budget
from funnelkit.plan.response import Response

DRAWS, CHANNELS, SAMPLE, RUNS = 1000, 12, 100, 2
BUDGETS = np.array([300e3, 600e3, 1.2e6, 1.8e6, 2.4e6])
UPPER = 500e3
SOLVED = 1e-6
SETTINGS = {
    f"{start}, ftol {tolerance:g}": (start == "equal shares", tolerance)
    for start, tolerance in product(("equal shares", "marginal leads"), (1e-6, 1e-9, 1e-12))
}


def drawn() -> Response:
    """Draw curves for channels that bring some 1,000 leads for 100,000."""
    dice = np.random.default_rng(0)
    power = np.arange(CHANNELS) < CHANNELS // 2
    shape = (DRAWS, CHANNELS)
    exponent = np.where(power, dice.uniform(0.3, 0.9, shape), dice.uniform(0.6, 2.5, shape))
    half = np.where(power, 100e3, dice.uniform(30e3, 300e3, shape))
    leads = dice.uniform(500.0, 1500.0, shape)
    ceiling = np.where(power, np.inf, leads)
    return Response(scale=leads / half**exponent, exponent=exponent, ceiling=ceiling)


def slsqp(curves: Response, draw: int, budget: float, *, equal: bool, tolerance: float) -> float:
    """Return the leads that SLSQP finds for one budget of one draw."""
    scale, s, ceiling, turn, foot = (
        getattr(curves, name)[draw] for name in ("scale", "exponent", "ceiling", "turn", "foot")
    )
    line = np.where(turn > 0, foot, 0.0)

    def leads(share: np.ndarray) -> float:
        x = share * budget
        p = scale * x**s
        return np.where(x < turn, line * x, p / (1.0 + p / ceiling)).sum()

    def gradient(share: np.ndarray) -> np.ndarray:
        x = share * budget
        p = scale * x**s
        return -np.where(x < turn, line, s * p / x / (1.0 + p / ceiling) ** 2) * budget / size

    start = np.full(CHANNELS, 1.0 / CHANNELS)
    size = leads(start)
    if not equal:
        start = gradient(start)
        start /= start.sum()
    least, most = 1e-9, UPPER / budget
    found = minimize(
        lambda share: -leads(share) / size,
        np.clip(start, least, most),
        jac=gradient,
        method="SLSQP",
        bounds=[(least, most)] * CHANNELS,
        constraints=[
            {"type": "eq", "fun": lambda x: x.sum() - 1.0, "jac": lambda _: np.ones(CHANNELS)}
        ],
        options={"ftol": tolerance, "maxiter": 500},
    )
    return -found.fun * size if abs(found.x.sum() - 1.0) < 1e-6 else -np.inf


def timed(run: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    """Return the seconds that a run takes, and its result."""
    start = time.perf_counter()
    result = run()
    return time.perf_counter() - start, result


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    curves = drawn()

    def frontier() -> np.ndarray:
        return np.stack([best_budget(curves, b, upper=UPPER).total_leads for b in BUDGETS])

    def loop(*, equal: bool, tolerance: float) -> np.ndarray:
        run = partial(slsqp, curves, equal=equal, tolerance=tolerance)
        return np.array([[run(draw, budget) for draw in range(SAMPLE)] for budget in BUDGETS])

    leads = frontier()
    print(f"{DRAWS:,} draws x {CHANNELS} channels x {len(BUDGETS)} budgets")
    for budget, row in zip(BUDGETS, leads, strict=True):
        low, middle, high = np.percentile(row, [10, 50, 90])
        print(f"{budget:>9,.0f}: P10 {low:,.0f}, P50 {middle:,.0f}, P90 {high:,.0f} leads")
    best = leads[:, :SAMPLE]
    ours, solved, theirs = [], [], np.full(best.shape, -np.inf)
    for name, (equal, tolerance) in SETTINGS.items():
        ours += [timed(frontier)[0] / leads.size for _ in range(RUNS)]
        taken, found = timed(partial(loop, equal=equal, tolerance=tolerance))
        lack = float(np.max(1.0 - found / best))
        if lack <= SOLVED:
            solved.append(taken / best.size)
        theirs = np.maximum(theirs, found)
        print(
            f"SLSQP, {name}: {taken / best.size * 1e6:,.0f} us a budget, at worst {lack:.1e} less"
        )
    ratio = min(solved) / float(np.median(ours))
    shortfall = float(np.max(1.0 - best / theirs))
    print(
        f"ours: {np.median(ours) * 1e6:.1f} us a budget, at worst {shortfall:.1e} less than SLSQP"
    )
    print(f"SLSQP that comes within {SOLVED:g} of the most leads needs {ratio:.0f} times as long")
    print(json.dumps({"slsqp_over_ours": ratio, "worst_objective_shortfall": shortfall}))


if __name__ == "__main__":
    main()
