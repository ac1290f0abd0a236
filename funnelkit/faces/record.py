"""What a notebook records of its results, for nbval, the index of reports and the portfolio."""

import math
from typing import Any

import numpy as np

from funnelkit.client.client import Client
from funnelkit.plan.decompose import waterfall
from funnelkit.plan.gates import diagnose
from funnelkit.plan.scenario import Scenario
from funnelkit.show.summary import Summary

__all__ = ["RECORD_TYPE", "owner_record", "recorded"]

RECORD_TYPE = "application/vnd.funnelkit.results+json"
"""MIME type of a record in a notebook's outputs."""

DIGITS = 12
"""Significant digits recorded: the last ones of a double differ between machines."""

_BY_MONTH = (
    "leads",
    "worked_leads",
    "new_customers",
    "active_customers",
    "revenue_new",
    "revenue_repeat",
    "revenue",
    "contribution",
    "marketing",
    "profit",
    "ltv",
)


def _number(value: float) -> float | None:
    """Round to the digits that every machine agrees on; what is missing stays missing."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def _numbers(values: np.ndarray[Any, Any]) -> list[float | None]:
    return [_number(float(value)) for value in values]


def owner_record(
    client: Client, scenario: Scenario, scenario_name: str, summary: Summary, version: str
) -> dict[str, Any]:
    """Collect the results of the owner's notebook as plain JSON data."""
    path, way = scenario.run(), waterfall(scenario)
    return {
        "version": version,
        "client": client.name,
        "title": client.title,
        "demo": client.demo,
        "currency": client.currency,
        "scenario": scenario_name,
        "metric": scenario.goal.metric,
        "first_month": f"{client.first_month:%Y-%m}",
        "horizon": scenario.goal.horizon,
        "a": _number(summary.a),
        "b": _number(summary.b),
        "reached": _number(summary.reached),
        "gap": _number(summary.gap),
        "steady": _number(summary.steady),
        "stable": summary.stable,
        "probability": summary.probability,
        "first_things": [
            {
                "lever": p.name,
                "now": _number(p.now),
                "plan": _number(p.plan),
                "worth": _number(p.worth),
            }
            for p in summary.first_things
        ],
        "begin_with": str(summary.begin_with),
        "findings": {
            str(finding.gate): None if finding.found.worth is None else _number(finding.found.worth)
            for finding in diagnose(scenario, client.facts)
        },
        "waterfall": {
            "calibration": _number(way.calibration),
            "drift": _number(way.drift),
            "stages": {stage: _number(value) for stage, value in way.stages.items()},
        },
        "levers": {name: _number(value) for name, value in scenario.target.items()},
        "months": {name: _numbers(getattr(path, name)) for name in _BY_MONTH},
    }


def recorded(notebook: Any) -> dict[str, Any]:
    """Read the record out of an executed notebook.

    Raises
    ------
    LookupError
        If the notebook recorded nothing.
    """
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if RECORD_TYPE in data:
                record: dict[str, Any] = data[RECORD_TYPE]
                return record
    raise LookupError("the notebook recorded no results")
