"""Find and read a client's file; every problem of it is reported at once, with its line."""

import re
from dataclasses import replace
from pathlib import Path

from funnelkit.client.channels import marketing_of
from funnelkit.client.client import Client, Decision, Department, Later, UnderWay, nearest
from funnelkit.client.document import load
from funnelkit.client.evidence.found import Found
from funnelkit.client.fields import MEASURED
from funnelkit.client.fill import Filled, filled
from funnelkit.client.problems import ClientFileError, Code, Problem
from funnelkit.client.schema import ClientFile, days_of, months_between
from funnelkit.client.stumbles import find_problems
from funnelkit.model.levers import LEVERS, Stage
from funnelkit.model.owner import Business
from funnelkit.model.products import Product, product_lever
from funnelkit.plan.fact import Fact
from funnelkit.plan.gates import Facts
from funnelkit.plan.scenario import Goal, Scenario
from funnelkit.plan.uncertainty import Counts, Evidence

__all__ = ["CLIENTS", "FILE", "client_names", "export_problems", "find", "read_client"]

FILE = "client.yaml"
CLIENTS = Path("data") / "clients"


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
        path = Path(client)
        try:
            path = path.expanduser()
            path = path / FILE if path.is_dir() else path
            if path.is_file():
                return path.resolve()
        except (OSError, RuntimeError, ValueError):
            pass  # a name that no file can have
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
    whole = filled(load(path, name), path.parent)
    if problems := [_unmeasured(p, whole) for p in find_problems(whole.document, name)]:
        found = sorted(problems, key=lambda p: p.line or 0)
        raise ClientFileError((*found, *export_problems(whole.found, path.parent.name)))
    client = _client(ClientFile.model_validate(whole.document.data), path)
    return replace(client, found=whole.found, measured=whole.measured) if whole.found else client


def _unmeasured(problem: Problem, whole: Filled) -> Problem:
    """Say of a number that the file wants measured that the exports do not say it."""
    if problem.code is not Code.NOT_A_NUMBER or problem.found.casefold() != MEASURED:
        return problem
    name = problem.field.removeprefix("levers.").removesuffix(".now")
    lack = whole.lacking.get(name)
    return replace(problem, code=Code.NOT_MEASURED, values={"lack": str(lack)} if lack else {})


def export_problems(found: Found | None, client: str) -> tuple[Problem, ...]:
    """Place what is wrong with a client's exports beside what is wrong with its file."""
    return tuple(
        Problem(
            code=Code.EXPORT,
            file=f"{client}/{problem.file}",
            line=problem.row,
            field=problem.column,
            found=problem.found,
            export=problem,
        )
        for problem in (found.problems if found else ())
    )


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
        now[name] = fields[name].value
        if known := fields[name].known:
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
        plan={name: f.planned for name, f in fields.items() if f.planned is not None},
        start={name: f.start for name, f in fields.items() if f.start},
        ceilings={name: f.best for name, f in fields.items() if f.best is not None},
        costs={name: f.cost for name, f in fields.items() if f.cost is not None},
    )
    marketing = marketing_of(parsed) if parsed.marketing else None
    if marketing:
        scenario = marketing.media.for_owner(scenario)
        limits = dict(scenario.ceilings) | marketing.ceilings(scenario)
        scenario = replace(scenario, ceilings=limits)
        if counts := marketing.lead_counts:
            share = scenario.now["lead_rate"]
            evidence["lead_rate"] = Counts(won=share * counts.of, of=counts.of)
    variants = {
        name: variant.product_levers | variant.levers for name, variant in parsed.scenarios.items()
    }
    if marketing:
        variants |= {
            name: marketing.levers_of(name, scenario, variants[name]) for name in marketing.variants
        }
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
        variants=variants,
        titles={name: v.title for name, v in parsed.scenarios.items() if v.title},
        evidence=evidence,
        sources=sources,
        assumed=frozenset(name for name, f in fields.items() if f.assumed),
        departments={
            Stage(stage): Department(name=d.name, person=d.person)
            for stage, d in parsed.departments.items()
        },
        facts=Facts(
            declared_junk=parsed.team.declared_junk,
            tools=parsed.funnel.model_dump(exclude_none=True),
            counted=sum(isinstance(known, Counts) for known in evidence.values()),
        ),
        decisions=tuple(
            Decision(what=d.what, who=d.who, by=d.by, money=d.money) for d in parsed.decisions
        ),
        locked=frozenset(name for name, f in fields.items() if f.locked),
        weights={name: f.effort for name, f in fields.items() if f.effort != 1},
        plan_evidence={name: f.plan_known for name, f in fields.items() if f.plan_known},
        gone=tuple(
            Fact(levers=gone.levers, metric=gone.value, active_customers=gone.active_customers)
            for gone in parsed.actual
            if gone.days_gone is None
        ),
        under_way=_under_way(parsed),
        recovered=_recovered(parsed),
        marketing=marketing,
        later=None
        if later is None
        else Later(
            label=later.label, offset=months_between(goal.month, later.month), value=later.value
        ),
    )


def _under_way(parsed: ClientFile) -> UnderWay | None:
    """Return the last month, where it is still under way and somebody gave its value."""
    last = parsed.actual[-1] if parsed.actual else None
    if last is None or last.days_gone is None or last.value is None:
        return None
    return UnderWay(
        month=months_between(parsed.goal.month, last.month),
        value=last.value,
        days_gone=last.days_gone,
        days=days_of(last.month),
    )


def _recovered(parsed: ClientFile) -> dict[int, float]:
    """Add up overdue debts by month."""
    sums: dict[int, float] = {}
    for debt in parsed.recovered:
        month = months_between(parsed.goal.month, debt.month)
        sums[month] = sums.get(month, 0.0) + debt.money
    return sums
