"""Find and read a client's file; every problem of it is reported at once, with its line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from funnelkit.client.client import Client, Department, Later, nearest
from funnelkit.client.problems import ClientFileError, Code, Problem
from funnelkit.client.rules import Finding, findings
from funnelkit.client.schema import (
    ClientFile,
    CountsField,
    LeverField,
    RangeField,
    months_between,
)
from funnelkit.model.levers import LEVERS, Stage
from funnelkit.model.owner import Business
from funnelkit.model.products import Product, product_lever
from funnelkit.plan.scenario import Goal, Scenario
from funnelkit.plan.uncertainty import Counts, Evidence, Range

__all__ = ["CLIENTS", "FILE", "client_names", "find", "read_client"]

FILE = "client.yaml"
CLIENTS = Path("data") / "clients"
MAX_BYTES = 1_000_000
"""A file that a person writes is a few thousand bytes; a larger one is a mistake or an attack."""

Path_ = tuple[str | int, ...]


def client_names(clients: Path) -> list[str]:
    """List the clients of a folder: its subfolders that hold a client's file."""
    return sorted(file.parent.name for file in clients.glob(f"*/{FILE}"))


def find(client: str, clients: Path | None = None) -> Path:
    """Find a client's file.

    Parameters
    ----------
    client : str
        A path to the file or its folder, or the folder's name. A name is looked for in
        `clients`, or else in ``data/clients`` of the working folder and of every folder above,
        and at last of the source tree that this package runs from.
    clients : Path, optional
        The only folder to look for names in.

    Raises
    ------
    ClientFileError
        Where there is no such client; it names the nearest.
    """
    if re.search(r"[/\\]|\.ya?ml$", client):
        path = Path(client).expanduser()
        path = path / FILE if path.is_dir() else path
        if path.is_file():
            return path.resolve()
        raise ClientFileError((Problem(code=Code.NOT_FOUND, file=str(path), found=client[:200]),))
    here = Path.cwd()
    source_tree = Path(__file__).parents[2]
    folders = [clients] if clients else [f / CLIENTS for f in (here, *here.parents, source_tree)]
    known: list[str] = []
    for folder in folders:
        names = client_names(folder)
        if client in names:
            return (folder / client / FILE).resolve()
        known += names
    raise ClientFileError(
        (
            Problem(
                code=Code.NOT_FOUND,
                file=str(folders[0]),
                found=client[:200],
                values={
                    "nearest": nearest(client, known),
                    "allowed": ", ".join(sorted(set(known))),
                },
            ),
        )
    )


def read_client(path: Path, shown_as: str = "") -> Client:
    """Read a client's file.

    Parameters
    ----------
    path : Path
    shown_as : str, optional
        How to name the file in problems; by default its folder and name.

    Raises
    ------
    ClientFileError
        With every problem found.
    """
    name = shown_as or f"{path.parent.name}/{path.name}"
    data = _load(path, name)
    try:
        parsed = ClientFile.model_validate(data)
    except ValidationError as error:
        found = [_from_pydantic(details, data, name) for details in error.errors()]
        raise ClientFileError(tuple(sorted(found, key=lambda p: p.line or 0))) from None
    problems = tuple(_from_finding(finding, data, name) for finding in findings(parsed))
    if problems:
        raise ClientFileError(tuple(sorted(problems, key=lambda p: p.line or 0)))
    return _client(parsed, path)


def _load(path: Path, name: str) -> Any:
    """Parse YAML 1.2 with line numbers; no tags are executed, no aliases followed."""

    def refuse(code: Code, line: int | None = None, found: str = "") -> ClientFileError:
        return ClientFileError(
            (Problem(code=code, file=name, line=line, found=found, values={"high": MAX_BYTES}),)
        )

    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise refuse(Code.NOT_FOUND, found=name) from None
    except OSError as error:
        raise refuse(Code.UNREADABLE, found=error.strerror or "") from None
    if len(raw) > MAX_BYTES:
        raise refuse(Code.TOO_LARGE)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(Code.NOT_UTF8, line=raw[: error.start].count(b"\n") + 1) from None
    try:
        for event in YAML(typ="rt", pure=True).parse(StringIO(text)):
            if isinstance(event, AliasEvent):
                raise refuse(Code.ALIAS, line=event.start_mark.line + 1, found=f"*{event.anchor}")
        data = YAML(typ="rt", pure=True).load(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise refuse(Code.YAML, line=line, found=error.problem or "") from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise refuse(Code.YAML, found=str(error).splitlines()[0][:200]) from None
    if not isinstance(data, dict):
        raise refuse(Code.NOT_A_MAPPING, line=1, found=_shown(data))
    return data


def _shown(value: object) -> str:
    """Shorten what was found to something that fits a sentence."""
    text = " ".join(str(value).split()) if not isinstance(value, dict | list) else ""
    if isinstance(value, dict):
        text = "{" + ", ".join(map(str, value)) + "}"
    elif isinstance(value, list):
        text = "[…]" if value else "[]"
    return text if len(text) <= 80 else text[:79] + "…"


def _at(data: Any, path: Path_) -> tuple[Any, int | None]:
    """Return the value at a path and the line of its key; the last line known where it ends."""
    line: int | None = 1
    for key in path:
        try:
            if isinstance(data, Mapping):
                line = data.lc.key(key)[0] + 1  # type: ignore[attr-defined]  # ruamel's mapping
            else:
                line = data.lc.item(key)[0] + 1
            data = data[key]
        except (KeyError, IndexError, TypeError, AttributeError):
            return None, line
    return data, line


def _problem(code: Code, path: Path_, data: Any, file: str, **values: str | float) -> Problem:
    found, line = _at(data, path)
    return Problem(
        code=code,
        file=file,
        line=line,
        field=".".join(str(key + 1) if isinstance(key, int) else str(key) for key in path),
        found="" if found is None else _shown(found),
        values=values,
    )


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
    "string_too_short": Code.NOT_TEXT,
    "string_pattern_mismatch": Code.NOT_ONE_OF,
    "literal_error": Code.NOT_ONE_OF,
    "enum": Code.NOT_ONE_OF,
    "too_long": Code.TOO_LONG,
    "too_short": Code.MISSING,
    "greater_than_equal": Code.OUT_OF_RANGE,
    "less_than_equal": Code.OUT_OF_RANGE,
    "greater_than": Code.OUT_OF_RANGE,
}


def _from_pydantic(details: ErrorDetails, data: Any, file: str) -> Problem:
    """Turn a pydantic error into a problem; a code of our own passes as it is."""
    kind, context = details["type"], details.get("ctx", {})
    path = tuple(_without_tags(details["loc"], data))
    code = _CODES[kind] if kind in _CODES else Code(kind)
    values: dict[str, str | float] = {}
    if code is Code.OUT_OF_RANGE:
        values = {"low": context.get("ge", context.get("gt", 0.0))}
        values["high"] = context.get("le", float("inf"))
    elif kind == "string_pattern_mismatch":
        values = {"allowed": "RUB, USD, EUR, KZT …"}
    elif code is Code.NOT_ONE_OF:
        values = {"allowed": str(context["expected"]).replace("'", "").replace(" or ", ", ")}
    elif code is Code.TOO_LONG:
        values = {"high": context["max_length"]}
    elif code is Code.UNKNOWN_FIELD:
        values = {"nearest": nearest(str(path[-1]), _siblings(path))}
    if path and path[-1] == "[key]":
        path = path[:-1]
        values["nearest"] = nearest(str(path[-1]), [str(stage) for stage in Stage])
    return _problem(code, path, data, file, **values)


def _without_tags(location: Sequence[str | int], data: Any) -> Iterator[str | int]:
    """Drop what pydantic adds to a path: the names of a union's branches."""
    for key in location:
        if not isinstance(data, dict | list) and key in ("number", "counts", "range"):
            continue
        if isinstance(data, dict) and key not in data and key in ("counts", "range"):
            continue
        yield key
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            data = None


def _siblings(path: Path_) -> list[str]:
    """List the fields allowed where an unknown one stands."""
    match path[:-1]:
        case ("levers" | "products", *_):
            known: set[str] = set()
            for model in (LeverField, CountsField, RangeField):
                known |= set(model.model_fields)
            return sorted(known | {"name", "role", "take_rate", "price", "margin"})
        case (group, *_) if isinstance(group, str):
            model_of = ClientFile.model_fields[group].annotation
            fields = getattr(model_of, "model_fields", {})
            return sorted(set(fields) | {"label", "month", "value", "name", "person", "title"})
        case _:
            return sorted(ClientFile.model_fields)


def _from_finding(finding: Finding, data: Any, file: str) -> Problem:
    return _problem(finding.code, finding.path, data, file, **finding.values)


def _value(field: LeverField) -> tuple[float, Evidence | None]:
    match field.now:
        case CountsField(won=won, of=of):
            counts = Counts(won=won, of=of)
            return counts.value, counts
        case RangeField(low=low, likely=likely, high=high):
            return likely, Range(low=low, likely=likely, high=high)
        case number:
            return number, None


def _client(parsed: ClientFile, path: Path) -> Client:
    """Turn a file without problems into a client."""
    fields = dict(parsed.levers)
    for product in parsed.products:
        for kind in ("take_rate", "price", "margin"):
            fields[product_lever(kind, product.name)] = getattr(product, kind)
    order = {name: place for place, name in enumerate(LEVERS)}
    now: dict[str, float] = {}
    evidence: dict[str, Evidence] = {}
    for name in sorted(fields, key=lambda lever: order.get(lever, len(order))):
        now[name], known = _value(fields[name])
        if known is not None:
            evidence[name] = known
    goal, later = parsed.goal, parsed.goal.c
    scenario = Scenario(
        goal=Goal(metric=goal.metric, a=goal.a, b=goal.b, horizon=goal.months),
        business=Business(
            active_customers=parsed.active_customers,
            sales_cycle=tuple(parsed.sales_cycle),
            leads_per_manager=parsed.team.leads_per_manager or float("inf"),
            overflow=parsed.team.overflow,
            backlog=parsed.team.backlog,
            discount=parsed.discount,
            line=tuple(Product(name=p.name, role=p.role) for p in parsed.products),
        ),
        now=now,
        plan={name: f.plan for name, f in fields.items() if f.plan is not None},
        start={name: f.start for name, f in fields.items() if f.start},
        ceilings={name: f.best for name, f in fields.items() if f.best is not None},
    )
    sources = {name: f.source for name, f in fields.items() if f.source}
    if goal.source:
        sources["goal.a"] = goal.source
    return Client(
        name=path.parent.name,
        path=path,
        title=parsed.title,
        demo=parsed.demo,
        language=parsed.language,
        currency=parsed.currency,
        first_month=goal.month,
        plan=scenario,
        variants={name: variant.levers for name, variant in parsed.scenarios.items()},
        evidence=evidence,
        sources=sources,
        assumed=frozenset(name for name, f in fields.items() if f.assumed),
        departments={
            Stage(stage): Department(name=d.name, person=d.person)
            for stage, d in parsed.departments.items()
        },
        later=None
        if later is None
        else Later(
            label=later.label, offset=months_between(goal.month, later.month), value=later.value
        ),
    )
