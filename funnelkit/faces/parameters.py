"""Check a notebook's parameters before anything runs."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic_core import PydanticCustomError

from funnelkit.client.client import nearest
from funnelkit.client.numbers import parse_number
from funnelkit.client.problems import ClientFileError, Code, Problem
from funnelkit.model.levers import LEVERS

__all__ = [
    "CHANNEL_PARAMETERS",
    "PARAMETERS",
    "PORTFOLIO_PARAMETERS",
    "Parameters",
    "PortfolioParameters",
    "read_parameters",
    "read_portfolio_parameters",
]

PARAMETERS = ("client", "scenario", *(name for name, lever in LEVERS.items() if not lever.cost))
"""The parameters of the owner's notebook; all but the first two override a planned lever."""


CHANNEL_PARAMETERS = (
    *("client", "scenario", "budget", "ctr", "cpc", "lead_rate", "sale_rate"),
    *("average_check", "purchase_rate", "repeat_check", "retention_rate"),
)
"""The parameters of the marketer's notebook; numbers of all channels together, and LTV's parts."""

PORTFOLIO_PARAMETERS = ("reports", "links", "failed")
"""The parameters of the portfolio's notebook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What a notebook was asked for.

    Attributes
    ----------
    client : str
        Name or path of the client.
    scenario : str
    overrides : dict of str to float
        Planned values by lever, without those left to the client's file.
    """

    client: str
    scenario: str
    overrides: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioParameters:
    """What the portfolio's notebook was asked for.

    Attributes
    ----------
    reports : str
        Folder of reports.
    links : str or None
        What comes before a client's folder in a link; None for no links.
    failed : dict of str to str
        Why the run that asks made no report, by client.
    """

    reports: str
    links: str | None
    failed: dict[str, str]


def read_portfolio_parameters(namespace: Mapping[str, object]) -> PortfolioParameters:
    """Read and check the parameters in the namespace of the portfolio's notebook.

    Raises
    ------
    ClientFileError
        With every unknown parameter and every value that is none.
    """
    problems = _unknown(namespace, PORTFOLIO_PARAMETERS)
    reports, links, failed = (namespace.get(name) for name in PORTFOLIO_PARAMETERS)
    wrong = {
        "reports": not isinstance(reports, str) or not reports,
        "links": not isinstance(links, str | None),
        "failed": not isinstance(failed, dict | None),
    }
    problems += [
        Problem(code=Code.NOT_TEXT, field=name, found=str(namespace.get(name))[:80])
        for name, is_wrong in wrong.items()
        if is_wrong
    ]
    if problems:
        raise ClientFileError(tuple(problems))
    reasons = failed if isinstance(failed, dict) else {}
    return PortfolioParameters(
        reports=str(reports),
        links=None if links is None else str(links),
        failed={str(client): str(reason) for client, reason in reasons.items()},
    )


def read_parameters(
    namespace: Mapping[str, object], known: tuple[str, ...] = PARAMETERS
) -> Parameters:
    """Read and check the parameters in a notebook's namespace.

    Parameters
    ----------
    namespace : mapping
        A notebook's ``globals()``, or a plain mapping of parameters.
    known : tuple of str
        The notebook's parameters, ``client`` and ``scenario`` first.

    Raises
    ------
    ClientFileError
        With every unknown parameter and every value that is none.
    """
    problems = _unknown(namespace, known)
    texts = {}
    for name in ("client", "scenario"):
        value = namespace.get(name)
        if not isinstance(value, str) or not value:
            problems.append(Problem(code=Code.NOT_TEXT, field=name, found=str(value)[:80]))
        else:
            texts[name] = value
    overrides = {}
    for name in known[2:]:
        value = namespace.get(name)
        if value is not None:
            try:
                overrides[name] = parse_number(value)
            except PydanticCustomError as error:
                found = str(value)[:80]
                problems.append(Problem(code=Code(error.type), field=name, found=found))
    if problems:
        raise ClientFileError(tuple(problems))
    return Parameters(**texts, overrides=overrides)


def _unknown(namespace: Mapping[str, object], known: tuple[str, ...]) -> list[Problem]:
    """Find parameters that a notebook does not have."""
    return [
        Problem(
            code=Code.UNKNOWN_PARAMETER,
            field=name,
            values={"nearest": nearest(name, list(known))},
        )
        for name in _assigned(namespace, known[0])
        if name not in known
    ]


def _assigned(namespace: Mapping[str, object], first: str) -> Iterator[str]:
    """Name what was set as a parameter.

    In a notebook that is what the cells assign that set the `first` parameter or that papermill
    injected (they begin with "# Parameters"); variables of other cells are the reader's own.
    """
    cells = namespace.get("In")
    if not isinstance(cells, list):
        yield from (name for name in namespace if not name.startswith("_"))
        return
    seen: set[str] = set()
    for source in cells:
        try:
            statements = ast.parse(source).body
        except SyntaxError:
            continue
        names = [
            target.id
            for statement in statements
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        ]
        if first in names or source.startswith("# Parameters"):
            yield from (name for name in dict.fromkeys(names) if name not in seen)
            seen |= set(names)
