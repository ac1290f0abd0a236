"""What a notebook records of its results, for nbval, the index of reports and the portfolio."""

from typing import Any

from funnelkit.client.client import Client, UnderWay
from funnelkit.model.pace import Pace
from funnelkit.plan.decompose import waterfall
from funnelkit.plan.fact import against_fact
from funnelkit.plan.gates import Finding
from funnelkit.plan.scenario import Scenario
from funnelkit.show.picture import rounded
from funnelkit.show.summary import Summary

__all__ = ["RECORD_TYPE", "owner_record", "recorded"]

RECORD_TYPE = "application/vnd.funnelkit.results+json"
"""MIME type of a record in a notebook's outputs."""

DIGITS = 12
"""Significant digits recorded."""

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


def owner_record(
    client: Client,
    scenario: Scenario,
    scenario_name: str,
    summary: Summary,
    running: tuple[UnderWay, Pace] | None,
    version: str,
) -> dict[str, Any]:
    """Collect the results of the owner's notebook as plain JSON data."""
    path, way = scenario.run(), waterfall(scenario)
    record: dict[str, Any] = {
        "version": version,
        "client": client.name,
        "title": client.title,
        "demo": client.demo,
        "currency": client.currency,
        "scenario": scenario_name,
        "metric": scenario.goal.metric,
        "first_month": f"{client.first_month:%Y-%m}",
        "horizon": scenario.goal.horizon,
        "a": summary.a,
        "b": summary.b,
        "reached": summary.reached,
        "gap": summary.gap,
        "steady": summary.steady,
        "stable": summary.stable,
        "probability": summary.probability,
        "first_things": [
            {"lever": p.name, "now": p.now, "plan": p.plan, "worth": p.worth}
            for p in summary.first_things
        ],
        "begin_with": str(summary.begin_with),
        "findings": {str(finding.gate): _seen(finding) for finding in summary.findings},
        "waterfall": {
            "calibration": way.calibration,
            "drift": way.drift,
            "stages": way.stages,
        },
        "levers": scenario.target,
        "months": {name: getattr(path, name).tolist() for name in _BY_MONTH},
        "facts": [
            {
                "month": gone.month,
                "planned": gone.planned,
                "stages": gone.stages,
                "by_model": gone.by_model,
                "measured": gone.measured,
            }
            for gone in against_fact(scenario, client.gone)
        ],
        "running": running and _under_way(*running),
    }
    # The last digits of a double differ between machines.
    exact: dict[str, Any] = rounded(record, DIGITS)
    return exact


def _seen(finding: Finding) -> dict[str, Any]:
    """Record all that a finding's sentence is made of."""
    found = finding.found
    return {
        "worth": found.worth,
        "shares": found.shares,
        "counts": found.counts,
        "tools": found.tools,
    }


def _under_way(way: UnderWay, pace: Pace) -> dict[str, Any]:
    """Record the month under way, and where it leads."""
    return {
        "month": way.month,
        "value": way.value,
        "days_gone": way.days_gone,
        "days": way.days,
        "forecast": float(pace.forecast),
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
