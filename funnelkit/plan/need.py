"""What B needs of the funnel's beginning: visitors, the rest being as planned."""

import numpy as np

from funnelkit.plan.scenario import Scenario

__all__ = ["visitors_needed"]

WIDEST, POINTS, ROUNDS = 1024.0, 65, 9
"""Times the plan's visitors that are looked at, at so many points, and how often more closely."""


def visitors_needed(scenario: Scenario) -> float:
    """Return the fewest visitors a month in the plan with which the goal's month reaches B.

    They are moved in proportion from the plan's; NaN where no number of them reaches B (the team
    is full, each costs more than it brings) or the plan has none.
    """
    planned = scenario.planned("visitors") if scenario.has("visitors") else 0.0
    if not planned > 0:
        return np.nan

    def reaches(visitors: np.ndarray) -> np.ndarray:
        met: np.ndarray = scenario.at_goal({**scenario.target, "visitors": visitors})
        return met >= scenario.goal.b

    tried = planned * np.concatenate([[0.0], np.geomspace(1.0 / WIDEST, WIDEST, POINTS - 1)])
    for _round in range(ROUNDS):
        met = reaches(tried)
        if not met.any():
            return np.nan
        first = int(met.argmax())
        if first == 0:
            return float(tried[0])
        tried = np.linspace(tried[first - 1], tried[first], POINTS)
    return float(tried[reaches(tried).argmax()])
