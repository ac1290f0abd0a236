"""What in a client's file is possible and yet doubtful; worded in `funnelkit.show.doubts`."""

from collections.abc import Iterator, Mapping

import numpy as np

from funnelkit.client.channel_doubts import channel_doubts
from funnelkit.client.client import Client
from funnelkit.client.document import Keys
from funnelkit.client.export_doubts import export_doubts
from funnelkit.client.remark import Doubt, Matter, Remark
from funnelkit.model.levers import LEVERS
from funnelkit.model.owner import run
from funnelkit.model.products import known_levers, parameter_of
from funnelkit.plan.diagnosis import Case, Verdict, above_ceilings, smart
from funnelkit.plan.gates import Gate, diagnose
from funnelkit.plan.media import CHANNEL_LEVERS
from funnelkit.plan.uncertainty import Counts, wilson

__all__ = ["FEW", "doubts"]

FEW = 30
"""Counts of fewer than this many say little: at 30, a half may be a third or two thirds."""

ROUNDING = 0.02
"""Share of now by which a plan may fall below it because somebody rounded."""

_PLACES: Mapping[Case, Keys] = {
    Case.A_CONTRADICTED: ("goal", "a"),
    Case.CYCLE_TOO_LONG: ("sales_cycle",),
    Case.RETENTION_TOO_LATE: ("levers", "retention_rate", "start"),
    Case.CONTRIBUTION_FALLS: ("levers",),
    Case.MODEL_UNKNOWN: ("levers",),
}
"""Verdicts that doubt the file's numbers, and where those stand.

That a plan misses B is the plan's affair and the report's; above the limits is looked for apart,
since the verdict on reach hides it.
"""

_GATES: Mapping[Gate, Keys] = {
    Gate.OVERLOAD: ("team", "leads_per_manager"),
    Gate.OVERPUSHING: ("levers", "win_rate"),
    Gate.NOTHING_MEASURED: ("levers",),
}
"""Gates that doubt the file's numbers."""


def doubts(client: Client) -> tuple[Doubt, ...]:
    """Find everything that a consultant should ask about before the workshop."""
    of_channels = channel_doubts(client.marketing, client.plan) if client.marketing else ()
    own = (*_verdicts(client), *_gates(client), *_remarks(client), *of_channels)
    return (*own, *export_doubts(client)) if client.found else own


def _place(name: str, client: Client, field: str) -> Keys:
    """Return where a lever's field stands in the file, one of a product by its number."""
    kind, _dot, product = name.partition(".")
    if client.marketing and name in CHANNEL_LEVERS:
        return ("marketing", "channels")
    if not product:
        return ("levers", name, field)
    names = [item.name for item in client.plan.business.line]
    return ("products", names.index(product), kind, field)


def _verdicts(client: Client) -> Iterator[Doubt]:
    for verdict in smart(client.plan):
        if verdict.case in _PLACES and (client.plan.moved or verdict.check != "relevant"):
            yield Doubt(path=_PLACES[verdict.case], about=verdict)
    if beyond := above_ceilings(client.plan):
        verdict = Verdict(check="achievable", case=Case.ABOVE_CEILINGS, levers=beyond)
        path: Keys = ("levers", beyond[0]) if len(beyond) == 1 else ("levers",)
        yield Doubt(path=path, about=verdict)


def _gates(client: Client) -> Iterator[Doubt]:
    for finding in diagnose(client.plan, client.facts):
        if finding.gate in _GATES:
            yield Doubt(path=_GATES[finding.gate], about=finding)


def _remarks(client: Client) -> Iterator[Doubt]:
    plan = client.plan
    if not plan.moved:
        yield Doubt(path=("levers",), about=Remark(matter=Matter.PLAN_IS_NOW))
    for name in plan.moved:
        lever = LEVERS[parameter_of(name, plan.business.line)]
        now, planned = plan.now[name], plan.target[name]
        if client.marketing and name in CHANNEL_LEVERS:
            continue  # another mix of channels is no worse number
        worse = planned - now if lever.lower_is_better else now - planned
        if not lever.cost and worse > ROUNDING * now:
            values = {"now": now, "plan": planned}
            remark = Remark(matter=Matter.WORSE_THAN_NOW, lever=lever.name, values=values)
            yield Doubt(path=_place(name, client, "plan"), about=remark)
    for name, known in client.evidence.items():
        if isinstance(known, Counts) and known.of < FEW:
            low, high = wilson(known)
            remark = Remark(
                matter=Matter.FEW_COUNTS,
                lever=parameter_of(name, plan.business.line),
                values={"low": low, "high": high},
                counts={"count": known.of},
            )
            yield Doubt(path=_place(name, client, "now"), about=remark)
    yield from _missing(client)
    if client.assumed:
        names = tuple(name for name in plan.now if name in client.assumed)
        yield Doubt(path=("levers",), about=Remark(matter=Matter.ASSUMED, names=names))


def _missing(client: Client) -> Iterator[Doubt]:
    """Ask the model which inputs it lacks for which metric; each input is named once."""
    plan, line = client.plan, client.plan.business.line
    absent = [
        name
        for name in LEVERS
        if name in known_levers(line) and name not in plan.now and np.isnan(LEVERS[name].absent)
    ]
    named: set[str] = set()
    for metric in ("contribution", "profit"):
        lacking = []
        for name in absent:
            others = {other: 0.5 for other in absent if other != name}
            month = run({**plan.now, **others}, plan.business, months=1)
            if np.isnan(getattr(month, metric)[0]):
                lacking.append(name)
        if new := tuple(name for name in lacking if name not in named):
            named |= set(new)
            remark = Remark(matter=Matter.METRIC_MISSING, metric=metric, names=new)
            yield Doubt(path=("levers",), about=remark)
