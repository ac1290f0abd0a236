"""The results on top of the sheets: A, B, what the plan comes to, the gap."""

from collections.abc import Iterator

import numpy as np

from funnelkit.plan.diagnosis import stable
from funnelkit.plan.scenario import Scenario
from funnelkit.show.words import Words

__all__ = ["result_formulas", "result_texts", "result_values"]


def result_texts(words: Words) -> Iterator[tuple[str, str]]:
    """Yield the results' names in the workbook, and what they are called."""
    yield "result_a", words("Point A, measured")
    yield "result_b", words("Point B")
    yield "result_month_b", words("The plan in B's month")
    yield "result_gap", words("Missing to B")
    yield "result_met", words("Is B reached?")
    yield "result_stable", words("Do the two months after it hold B?")
    yield "result_settled", words("Where the plan settles")


def result_formulas(words: Words) -> dict[str, str]:
    """Return the results' formulas by name; the goal's months are the range ``months_goal``."""
    yes, no = words("yes"), words("no")
    held = ",".join(f"INDEX(months_goal,horizon+{n})>=goal_b" for n in (1, 2, 3))
    return {
        "result_a": "goal_a",
        "result_b": "goal_b",
        "result_month_b": "INDEX(months_goal,horizon+1)",
        "result_gap": "MAX(result_b-result_month_b,0)",
        "result_met": f'IF(result_month_b>=goal_b,"{yes}","{no}")',
        "result_stable": f'IF(AND({held}),"{yes}","{no}")',
        "result_settled": "settled_goal",
    }


def result_values(scenario: Scenario, words: Words) -> dict[str, float | str]:
    """Return what the results come to."""
    goal = scenario.goal
    reached = float(scenario.at_goal())
    holds = stable(scenario)

    def said(holds: bool | None) -> float | str:
        return np.nan if holds is None else words("yes") if holds else words("no")

    return {
        "result_a": goal.a,
        "result_b": goal.b,
        "result_month_b": reached,
        "result_gap": float(np.maximum(goal.b - reached, 0.0)),
        "result_met": said(None if np.isnan(reached) else reached >= goal.b),
        "result_stable": said(holds),
        "result_settled": float(scenario.steady().metric(goal.metric)[0]),
    }
