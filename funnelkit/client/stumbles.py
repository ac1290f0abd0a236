"""Everything that is wrong with a file that is YAML, as far as one can see at once."""

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from funnelkit.client.channel_fields import (
    SHARES,
    ChannelField,
    ChannelPlanField,
    EconomicsField,
    FactField,
    InstalmentsField,
    MarketingField,
    PointField,
    RecoveryField,
    RunningField,
    TargetField,
    TaxField,
)
from funnelkit.client.client import nearest
from funnelkit.client.document import Document, Keys, name_of, shown
from funnelkit.client.export_fields import ExportFileField, ExportsField, StagesField
from funnelkit.client.fields import LONGEST, CountsField, LeverField, QuantityField, RangeField
from funnelkit.client.finding import Finding
from funnelkit.client.numbers import LARGEST
from funnelkit.client.problems import Code, Problem
from funnelkit.client.rules import OF_ABSENCE, findings
from funnelkit.client.schema import (
    ActualField,
    ClientFile,
    DecisionField,
    DepartmentField,
    FunnelField,
    GoalField,
    LaterField,
    ProductField,
    ProductPlanField,
    RecoveredField,
    ScenarioField,
    TeamField,
)
from funnelkit.model.levers import LEVERS, Stage, Unit

__all__ = ["find_problems"]


def find_problems(document: Document, file: str) -> list[Problem]:
    """Find what is wrong with a file that is YAML, as far as one can see at once."""
    problems = list(document.problems)
    data, stumbles = document.data, []
    try:
        parsed = ClientFile.model_validate(data)
    except ValidationError as error:
        for details in error.errors():
            stumbles.append(_path(details["loc"], document))
            problems.append(_from_pydantic(details, document, file))
        try:
            parsed = ClientFile.model_validate(_mended(data, stumbles))
        except ValidationError:
            return problems
    for finding in findings(parsed):
        if not stumbles or (finding.code not in OF_ABSENCE and finding.path not in stumbles):
            problems.append(_from_finding(finding, document, file))
    return problems


_STAND_INS = {
    "title": "x",
    "language": "en",
    "currency": "XXX",
    "goal": {"month": "2000-01", "months": "1", "a": "0", "b": "1"},
    "levers": {},
}


_TOLD_BY = {
    "goal": ("actual", "recovered"),
    "levers": ("actual",),
    "products": ("scenarios", "actual"),
}
"""What is judged by a part of the file, and so cannot be where that part does not fit."""


def _mended(data: Mapping[str, Any], stumbles: list[Keys]) -> dict[str, Any]:
    """Copy a file's data with stand-ins for what does not fit, so that the rest can be judged."""
    mended = copy.deepcopy(dict(data))
    for path in stumbles:
        match path:
            case ("levers", str() as name, *_):
                mended["levers"].pop(name, None)
            case (str() as top, *_):
                mended.pop(top, None)
        for other in _TOLD_BY.get(str(path[0]) if path else "", ()):
            mended.pop(other, None)
    return _STAND_INS | mended


_BRANCHES = ("number", "counts", "range")
"""The branches of what a number can be."""


def _path(location: Sequence[str | int], document: Document) -> Keys:
    """Turn pydantic's path into the file's.

    The names of a union's branches and the mark of a key's own error go, and what was typed in
    short (``win_rate: 20%``) ends at its name.
    """
    keys = list(location)
    if keys[-1] == "[key]":
        del keys[-1]
    for place in range(2, len(keys) - 1):
        if keys[place] in ("now", "plan") and keys[place + 1] in _BRANCHES:
            del keys[place + 1]
            break
    return document.reach(tuple(keys))[0]


_CODES = {
    "missing": Code.MISSING,
    "extra_forbidden": Code.UNKNOWN_FIELD,
    "model_type": Code.NOT_A_MAPPING,
    "model_attributes_type": Code.NOT_A_MAPPING,
    "dict_type": Code.NOT_A_MAPPING,
    "list_type": Code.NOT_A_LIST,
    "bool_parsing": Code.NOT_YES_OR_NO,
    "bool_type": Code.NOT_YES_OR_NO,
    "string_type": Code.NOT_TEXT,
    "string_too_long": Code.TOO_LONG,
    "string_too_short": Code.EMPTY,
    "string_pattern_mismatch": Code.NOT_ONE_OF,
    "literal_error": Code.NOT_ONE_OF,
    "enum": Code.NOT_ONE_OF,
    "too_long": Code.TOO_MANY,
    "too_short": Code.EMPTY,
    "greater_than_equal": Code.OUT_OF_RANGE,
    "less_than_equal": Code.OUT_OF_RANGE,
    "greater_than": Code.NOT_POSITIVE,
}


def _from_pydantic(details: ErrorDetails, document: Document, file: str) -> Problem:
    """Turn a pydantic error into a problem; a code of our own passes as it is."""
    kind, context = details["type"], details.get("ctx", {})
    path = _path(details["loc"], document)
    code = _CODES[kind] if kind in _CODES else Code(kind)
    of_key = kind == "extra_forbidden" or details["loc"][-1] == "[key]"
    values: dict[str, str | float] = {}
    if of_key and code is Code.NOT_ONE_OF:
        code = Code.UNKNOWN_FIELD
    elif code is Code.UNKNOWN_FIELD and re.fullmatch("[0-9]+%?", str(path[-1])):
        code = Code.COMMA
    elif details["input"] is None and code not in (Code.MISSING, Code.UNKNOWN_FIELD):
        code = Code.EMPTY
    if code is Code.TOO_MANY and isinstance(details["input"], str):
        code = Code.TOO_LONG
    if code is Code.OUT_OF_RANGE:
        values = _limits(path)
        if values == {"low": 0.0, "high": 1.0}:
            code = Code.NOT_A_SHARE
    elif kind == "string_pattern_mismatch":
        values = {"allowed": "RUB, USD, EUR, KZT …"}
    elif code is Code.NOT_ONE_OF:
        values = {"allowed": str(context["expected"]).replace("'", "").replace(" or ", ", ")}
    elif code in (Code.TOO_LONG, Code.TOO_MANY):
        values = {"high": context["max_length"]}
    elif code is Code.UNKNOWN_FIELD:
        allowed = _allowed(path[:-1])
        values = {"nearest": nearest(str(path[-1]), allowed), "allowed": ", ".join(allowed)}
    return Problem(
        code=code,
        file=file,
        line=document.line(path),
        field=name_of(path),
        found=shown(path[-1] if of_key else document.reach(path)[1]),
        values=values,
    )


_SHARES = frozenset({*EconomicsField.model_fields, *SHARES, "rates", "rate", "fee_rate"})
"""Fields of the channels that lie from 0 to 1, and what stands below them."""


def _limits(path: Keys) -> dict[str, str | float]:
    """Return the range of the number at a path."""
    low, high = 0.0, LARGEST
    match path:
        case ("goal", "months"):
            low, high = 1.0, LONGEST
        case (*_, "start" | "delay"):
            high = LONGEST
        case ("marketing", "running", "days_gone"):
            low, high = 1.0, 31.0
        case ("marketing", "channels", _, "margin"):
            low, high = -LARGEST, 1.0
        case ("actual", _, "days_gone"):
            low, high = 1.0, 31.0
        case ("goal", *_) | ("decisions", _, "money") | ("actual", _, "value"):
            low = -LARGEST
        case (*_, "won" | "of"):
            pass
        case ("exports", "active_months"):
            low, high = 1.0, 36.0
        case ("discount" | "sales_cycle", *_) | ("exports", "vat") | ("products", _, "margin", *_):
            high = 1.0
        case ("team", "declared_junk") | ("scenarios", _, "products", _, "margin"):
            high = 1.0
        case ("scenarios", _, "channels", _, str() as name):
            high = 1.0 if name in SHARES else LARGEST
        case ("marketing", *below) if _SHARES.intersection(below):
            high = 1.0
        case ("levers", str() as name, *_) | ("scenarios" | "actual", _, "levers", str() as name):
            if name in LEVERS and LEVERS[name].unit is Unit.SHARE:
                high = 1.0
    return {"low": low, "high": high}


def _allowed(path: Keys) -> list[str]:
    """List the fields that are allowed below a path."""
    match path:
        case ("levers",) | ("scenarios" | "actual", _, "levers"):
            return list(LEVERS)
        case ("exports", "rates"):
            return ["RUB", "USD", "EUR", "KZT"]
        case ("departments",):
            return [str(stage) for stage in Stage]
        case ("levers", _, "plan") | ("products", _, _, "plan"):
            return list(RangeField.model_fields)
        case (*_, "now"):
            return [*CountsField.model_fields, *RangeField.model_fields]
        case ("levers", _) | ("products", _, _):
            model: type[BaseModel] = LeverField
        case ("marketing", *_) | ("scenarios", _, "channels", _):
            model = _of_channels(path)
        case ("products", _):
            model = ProductField
        case ("goal",):
            model = GoalField
        case ("goal", "c"):
            model = LaterField
        case ("team",):
            model = TeamField
        case ("departments", _):
            model = DepartmentField
        case ("funnel",):
            model = FunnelField
        case ("decisions", _):
            model = DecisionField
        case ("actual", _):
            model = ActualField
        case ("recovered", _):
            model = RecoveredField
        case ("scenarios", _):
            model = ScenarioField
        case ("scenarios", _, "products", _):
            model = ProductPlanField
        case ("exports",):
            model = ExportsField
        case ("exports", "stages"):
            model = StagesField
        case ("exports", "files", _):
            model = ExportFileField
        case _:
            model = ClientFile
    return list(model.model_fields)


def _of_channels(path: Keys) -> type[BaseModel]:
    """Return the shape of a mapping in the channels' part of the file."""
    match path:
        case ("scenarios", *_):
            return ChannelPlanField
        case ("marketing", "channels", _):
            return ChannelField
        case ("marketing", "channels", _, "recovers"):
            return RecoveryField
        case ("marketing", "channels", _, "fact"):
            return FactField
        case ("marketing", "channels", _, "history", _):
            return PointField
        case ("marketing", "channels", *_):
            return QuantityField
        case ("marketing", str() as name) if name in _PARTS:
            return _PARTS[name]
    return MarketingField


_PARTS: Mapping[str, type[BaseModel]] = {
    "economics": EconomicsField,
    "tax": TaxField,
    "instalments": InstalmentsField,
    "target": TargetField,
    "running": RunningField,
}


def _from_finding(finding: Finding, document: Document, file: str) -> Problem:
    path, found = document.reach(finding.path)
    first = {"first": document.line(finding.first)} if finding.first else {}
    return Problem(
        code=finding.code,
        file=file,
        line=document.line(path),
        field=name_of(path),
        found=shown(path[-1] if finding.of_key else found),
        values={**finding.values, **first},
    )
