"""The JSON Schema of a client's file, from which editors complete and explain its YAML.

It is made of the pydantic models and of the table of levers. It is looser than reading the file:
rules across fields, and numbers that can be read in two ways, are told by ``funnelkit check``.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from funnelkit.client.channel_descriptions import CHANNEL_DESCRIPTIONS
from funnelkit.client.channel_fields import SHARES, STARTS
from funnelkit.client.export_descriptions import EXPORT_DESCRIPTIONS
from funnelkit.client.fields import MEASURED
from funnelkit.client.schema import ClientFile
from funnelkit.model.levers import LEVERS, Stage, Unit
from funnelkit.model.levers import message as _

__all__ = ["DESCRIPTIONS", "client_schema"]

Schema = dict[str, Any]

NUMBER = (
    r"^\s*[+\u2212-]?([0-9]+([ _\u00a0\u2007\u2009\u202f][0-9]{3})*([.,][0-9]*)?|[.,][0-9]+)"
    r"([eE][+-]?[0-9]{1,3})?\s*%?\s*$"
)
"""Numbers as text, as ``1 000 000``, ``25%`` and ``0,25``; see `funnelkit.client.numbers`."""

MONTH = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"


DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "ClientFile": _("A client: where the turnover is, where it has to be, and the levers."),
        "ClientFile.title": _("The client's name as reports show it."),
        "ClientFile.demo": _("Whether the client is invented."),
        "ClientFile.language": _("Language of the client's reports."),
        "ClientFile.currency": _("Three letters of ISO 4217, as in RUB or USD."),
        "ClientFile.goal": _("Points A, B and C."),
        "ClientFile.active_customers": _("Clients at the start of month 0."),
        "ClientFile.sales_cycle": _(
            "Shares of deals closed in the lead's month, a month later, and so on; they sum to 1."
        ),
        "ClientFile.discount": _("Monthly discount of lifetime value."),
        "ClientFile.team": _("The sales team's capacity."),
        "ClientFile.levers": _("The numbers that a plan can move."),
        "ClientFile.products": _("The product line; it stands for checks and purchases."),
        "ClientFile.departments": _("The client's own names of the departments, and who answers."),
        "ClientFile.funnel": _("What the funnel has of what nurturing needs."),
        "ClientFile.decisions": _("What was agreed in the workshop."),
        "ClientFile.scenarios": _("Other plans by name."),
        "GoalField.metric": _("What has to grow."),
        "GoalField.month": _("Month 0, in which A was measured, as in 2026-09."),
        "GoalField.months": _("Months from A to B, 1 to 60."),
        "GoalField.a": _("Point A: the metric in month 0, money a month."),
        "GoalField.b": _("Point B: the target, money a month."),
        "GoalField.c": _("Point C, to which B has to lead."),
        "GoalField.source": _("Where A comes from."),
        "LaterField.label": _("What point C is."),
        "LaterField.month": _("Month of point C, after B's, as in 2027-12."),
        "LaterField.value": _("The metric in that month, money a month."),
        "TeamField.leads_per_manager": _("Leads that a sales manager gets through in a month."),
        "TeamField.overflow": _("What becomes of leads above the team's capacity."),
        "TeamField.backlog": _("Leads already waiting at the start of month 0."),
        "TeamField.declared_junk": _("Share of leads that sales calls junk."),
        "LeverField.now": _(
            "Value now: a number, counts {won: 24, of: 120} or a guess "
            "{low: 5%, likely: 8%, high: 10%}."
        ),
        "LeverField.plan": _(
            "Value from the goal's month on, or a guess {low: 5%, likely: 8%, high: 10%}; left "
            "out, it stays as now."
        ),
        "LeverField.best": _("A realistic limit."),
        "LeverField.start": _("Last month without a change; 0 is at once."),
        "LeverField.cost": _("Money a month that it takes to bring the lever to its limit."),
        "LeverField.effort": _("How hard it is to move beside the others; 1 is usual."),
        "LeverField.locked": _("Whether no solution may move it."),
        "LeverField.source": _("Where the number comes from."),
        "LeverField.assumed": _("Whether the number is a guess that waits to be measured."),
        "CountsField.won": _("So many ..."),
        "CountsField.of": _("... of so many."),
        "RangeField.low": _("The least it can be."),
        "RangeField.likely": _("The most likely value."),
        "RangeField.high": _("The most it can be."),
        "ProductField.name": _("The product's name, unique in the line."),
        "ProductField.role": _(
            "lead_magnet, tripwire and core are sold to new clients, upsell and recurring to "
            "existing ones."
        ),
        "ProductField.take_rate": _(
            "Purchases per new client, or per existing client and month, as the role says."
        ),
        "ProductField.price": _("Price, money."),
        "ProductField.margin": _("Share of the price left after direct cost."),
        "DepartmentField.name": _("The department's name."),
        "DepartmentField.person": _("Who answers for its numbers."),
        "FunnelField.landing_pages": _("Whether there are landing pages."),
        "FunnelField.end_to_end_analytics": _("Whether money is traced back to its source."),
        "FunnelField.retargeting": _("Whether visitors who left are shown advertising."),
        "FunnelField.email_autofunnel": _("Whether contacts get a series of e-mails."),
        "ProductPlanField.take_rate": _("Take rate planned in this scenario."),
        "ProductPlanField.price": _("Price planned in this scenario."),
        "ProductPlanField.margin": _("Margin planned in this scenario."),
        "ScenarioField.products": _("Products that it plans otherwise, by name."),
        "ClientFile.recovered": _("Overdue debts that are collected once, beside the run rate."),
        "ClientFile.actual": _("Months after A as they turned out, one after another."),
        "RecoveredField.month": _("The month in which they are collected."),
        "RecoveredField.money": _("The money collected."),
        "ActualField.month": _("The month, as in 2026-10."),
        "ActualField.value": _("The goal's metric in it."),
        "ActualField.active_customers": _("Clients at its start, as counted."),
        "ActualField.levers": _("Levers as they were; one not named was as planned."),
        "ActualField.days_gone": _("Whole days gone, where the month is still under way."),
        "DecisionField.what": _("What was agreed."),
        "DecisionField.who": _("Who does it."),
        "DecisionField.by": _("The month by whose end it is done, as in 2026-11."),
        "DecisionField.money": _("What it is expected to bring in B's month."),
        "ScenarioField.title": _("The scenario's name as reports show it."),
        "ScenarioField.levers": _("Levers that it plans otherwise than the plan."),
        "ScenarioField.channels": _("Channels that it plans otherwise, by name."),
        "ClientFile.marketing": _("The channels; they stand for visitors and leads."),
        "ClientFile.exports": _("Exports beside this file, from which numbers are measured."),
        **CHANNEL_DESCRIPTIONS,
        **EXPORT_DESCRIPTIONS,
    }
)
"""Message ids by model and field."""


def client_schema(say: Callable[[str], str]) -> Schema:
    """Make the schema.

    Parameters
    ----------
    say : callable
        Words a message id.

    Returns
    -------
    dict
        JSON Schema draft 7, the one that editors know best.
    """
    raw = ClientFile.model_json_schema(ref_template="#/definitions/{model}")
    models = raw.pop("$defs")
    definitions = {
        name: _model(name, model, say) for name, model in sorted(models.items()) if name != "Role"
    }
    definitions["Share"] = _typed({"type": "number", "minimum": 0, "maximum": 1})
    definitions["Amount"] = _typed({"type": "number", "minimum": 0})
    whole = _model("ClientFile", raw, say)
    whole["properties"]["levers"] |= _by_lever("LeverField", say)
    for name in ("ScenarioField", "ActualField"):
        definitions[name]["properties"]["levers"] |= _by_lever(None, say)
    for name in ("take_rate", "price", "margin"):
        field = definitions["ProductField"]["properties"][name]
        of = "Share" if name == "margin" else "Amount"
        definitions["ProductField"]["properties"][name] = {
            "description": field["description"],
            "anyOf": _refs(of, "LeverField"),
        }
    _channels(definitions)
    for fields, name in (
        (definitions["LeverField"]["properties"], "now"),
        (definitions["QuantityField"]["properties"], "now"),
        *((definitions["ChannelField"]["properties"], name) for name in _MEASURED),
        (definitions["GoalField"]["properties"], "a"),
        (whole["properties"], "active_customers"),
    ):
        fields[name] = _or_measured(fields[name])
    role = {"enum": models["Role"]["enum"], "type": "string"}
    definitions["ProductField"]["properties"]["role"] |= role
    definitions["ProductField"]["properties"]["role"].pop("allOf")
    departments = whole["properties"]["departments"]
    departments.pop("propertyNames")
    departments["additionalProperties"] = False
    departments["properties"] = {
        str(stage): {"$ref": "#/definitions/DepartmentField"} for stage in Stage
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "client.yaml",
        **whole,
        "definitions": dict(sorted(definitions.items())),
    }


def _refs(*names: str) -> list[Schema]:
    return [{"$ref": f"#/definitions/{name}"} for name in names]


def _by_lever(model: str | None, say: Callable[[str], str]) -> Schema:
    """Name every lever, as a number or as a mapping of `model`."""
    properties = {}
    for lever in LEVERS.values():
        of = "Share" if lever.unit is Unit.SHARE else "Amount"
        properties[lever.name] = {
            "description": "\n\n".join((say(lever.label), say(lever.sentence))),
            "anyOf": [*_refs(of, model), {"const": MEASURED}] if model else _refs(of),
        }
    return {"properties": properties, "additionalProperties": False}


_MEASURED = ("budget", "clicks", "price", "landing_rate")
"""Numbers of a channel that exports may say."""


def _or_measured(part: Schema) -> Schema:
    """Allow a number to be left to the exports."""
    kept = {name: part[name] for name in part if name == "description"}
    number = {name: value for name, value in part.items() if name not in kept}
    return {**kept, "anyOf": [*number.pop("anyOf", [number]), {"const": MEASURED}]}


def _channels(definitions: dict[str, Schema]) -> None:
    """Let each number of a channel be typed in short, a share as one."""
    channel = definitions["ChannelField"]["properties"]
    recovery = definitions["RecoveryField"]["properties"]
    for name in (*STARTS, "price", *SHARES):
        fields = recovery if name == "share" else channel
        if name != "recovers":
            of = "Share" if name in SHARES else "Amount"
            description = fields[name]["description"]
            fields[name] = {"description": description, "anyOf": _refs(of, "QuantityField")}
    channel["rates"]["additionalProperties"] = {"anyOf": _refs("Share", "QuantityField")}


def _model(name: str, model: Schema, say: Callable[[str], str]) -> Schema:
    """Describe a model's fields."""
    properties = {
        field: {"description": say(DESCRIPTIONS[f"{name}.{field}"])} | _field(part)
        for field, part in model["properties"].items()
    }
    made = {"type": "object", "additionalProperties": False, "properties": properties}
    if name in DESCRIPTIONS:
        made["description"] = say(DESCRIPTIONS[name])
    if "required" in model:
        made["required"] = model["required"]
    return made


_RENAMED = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum"}


def _field(part: Any) -> Any:
    """Turn a field's own schema into draft 7, its numbers and months as people type them."""
    if isinstance(part, list):
        return [_field(item) for item in part]
    if not isinstance(part, dict):
        return part
    made: Schema = {
        _RENAMED.get(str(key), str(key)): _field(value)
        for key, value in part.items()
        if key not in ("title", "default", "description")
    }
    if "$ref" in made:  # draft 7 reads nothing beside a reference
        return {"allOf": [{"$ref": made.pop("$ref")}], **made}
    if made.get("format") == "date":
        return {"type": "string", "pattern": MONTH}
    if made.get("pattern") == "^[A-Z]{3}$":
        return {"type": "string", "pattern": "^[A-Za-z]{3}$"}
    return _typed(made)


def _typed(made: Schema) -> Schema:
    """Allow a number to be typed as text, and a text to look like a number."""
    match made.get("type"):
        case "number" | "integer":
            return made | {"type": [made["type"], "string"], "pattern": NUMBER}
        case "string" if "enum" not in made:
            return made | {"type": ["string", "number"]}
    return made
