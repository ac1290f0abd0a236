"""A new client from eight answers: one unknown solved from A, the others assumed and marked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from funnelkit.client.answers import ANSWERS, Conflict, ContradictionError
from funnelkit.client.assumptions import (
    ASSUMPTIONS,
    KEPT,
    KEPT_AT_MOST,
    LEAD_RATE,
    Assumption,
)
from funnelkit.client.numbers import LARGEST
from funnelkit.model.levers import LEVERS
from funnelkit.model.owner import Business, static

__all__ = ["Beginning", "Origin", "begin"]

_SOLVED = ("deals", "repeat_purchases", "active_customers", "first_check", "repeat_check")
"""What is solved from A, the first that A depends on: what is hardest to assume."""

LONGEST_CYCLE = 1000.0
"""Days from the first contact to the deal; a file holds 36 months."""

_SMALLEST = 1e-8
"""A computed number below this is next to nothing, and no file can hold it."""


class Origin(StrEnum):
    """Where a number of a new file comes from."""

    TYPED = "typed"
    SOLVED = "solved"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a new client's file says.

    Attributes
    ----------
    answers : mapping of str to float
        All answers, in the units of `ANSWERS`.
    levers : mapping of str to float
    sales_cycle : tuple of float
        Shares of deals closed in the lead's month, a month later ...
    month_0 : float
        Turnover that the levers give; it is A where something was solved from A.
    solved : str or None
        The answer that was solved from the others.
    assumed : mapping of str to Assumption
        By answer, or by lever where nobody was asked.
    """

    answers: Mapping[str, float]
    levers: Mapping[str, float]
    sales_cycle: tuple[float, ...]
    month_0: float
    solved: str | None
    assumed: Mapping[str, Assumption] = field(default_factory=dict)

    def origin(self, *names: str) -> Origin:
        """Say where a number comes from that is made of these answers or levers."""
        if self.solved in names:
            return Origin.SOLVED
        return Origin.ASSUMED if set(names) & set(self.assumed) else Origin.TYPED

    @property
    def counted(self) -> bool:
        """Whether deals of leads are counts, from which a probability can be reckoned."""
        return self.origin("deals", "leads") is Origin.TYPED and self.answers["leads"] > 0


def begin(answers: Mapping[str, float | None]) -> Beginning:
    """Turn answers into a client's beginning.

    Parameters
    ----------
    answers : mapping of str to (float or None)
        By name of `ANSWERS`, 0 or more each; what is None or not named is not known.

    Raises
    ------
    ContradictionError
        Where the answers cannot all be true, or nothing says what money comes in.
    """
    known = {name: value for name in ANSWERS if (value := answers.get(name)) is not None}
    _check(known)
    solved: str | None = None
    if "turnover" not in known:
        if not {"first_check", "repeat_check"} & set(known):
            raise ContradictionError(Conflict.NO_MONEY, ("turnover", "first_check"))
        solved, known = "turnover", known | {"turnover": _month_0(known)}
    elif found := _solve(known):
        solved, known = found[0], known | {found[0]: found[1]}
    filled, assumed = _filled(known)
    if "first_check" not in filled:
        raise ContradictionError(Conflict.NOTHING_SOLD, ("first_check", "deals"))
    if filled["target"] <= filled["turnover"]:
        money = {"a": filled["turnover"], "b": filled["target"]}
        raise ContradictionError(
            Conflict.TARGET_NOT_ABOVE_A, _asked(known, "turnover", "target"), money=money
        )
    if filled["leads"] == 0:  # what share of no leads is won, nobody has seen
        assumed["win_rate"] = next(a for a in ASSUMPTIONS if a.name == "deals")
    levers = _levers(filled)
    for value in (*filled.values(), *levers.values()):
        if value and not _SMALLEST <= value <= LARGEST:
            counts = {"value": value, "low": _SMALLEST, "high": LARGEST}
            raise ContradictionError(Conflict.OUT_OF_RANGE, tuple(answers), counts=counts)
    return Beginning(
        answers=MappingProxyType(filled),
        levers=MappingProxyType(levers),
        sales_cycle=_cycle(filled["sales_cycle"]),
        month_0=_month_0(filled),
        solved=solved,
        assumed=MappingProxyType(assumed),
    )


def _check(known: Mapping[str, float]) -> None:
    """Refuse answers that contradict each other without any model."""
    leads, deals = known.get("leads"), known.get("deals")
    if leads is not None and deals is not None and deals > leads:
        counts = {"deals": deals, "leads": leads}
        raise ContradictionError(Conflict.DEALS_ABOVE_LEADS, ("leads", "deals"), counts=counts)
    days = known.get("sales_cycle", 0.0)
    if days > LONGEST_CYCLE:
        counts = {"value": days, "low": 0.0, "high": LONGEST_CYCLE}
        raise ContradictionError(Conflict.OUT_OF_RANGE, ("sales_cycle",), counts=counts)


def _asked(known: Mapping[str, float], *names: str) -> tuple[str, ...]:
    """Name the answers to give again: those that were given, or else all."""
    return tuple(name for name in names if name in known) or names


def _filled(known: Mapping[str, float]) -> tuple[dict[str, float], dict[str, Assumption]]:
    """Take an assumption for every answer that is not known, and name those taken."""
    filled, taken = dict(known), {}
    for assumption in ASSUMPTIONS:
        name, of = assumption.name, assumption.of
        if name in ANSWERS and name not in filled and (of is None or of in filled):
            filled[name] = assumption.factor * (1.0 if of is None else filled[of])
            taken[name] = assumption
        elif name not in ANSWERS:
            taken[name] = assumption
    return filled, taken


def _levers(filled: Mapping[str, float]) -> dict[str, float]:
    """Say answers in levers, in the table's order."""
    leads, deals, clients = (filled[name] for name in ("leads", "deals", "active_customers"))
    factors = {assumption.name: assumption.factor for assumption in ASSUMPTIONS}
    kept = KEPT if clients == 0 else min(round(clients / (clients + deals), 3), KEPT_AT_MOST)
    levers = {
        "retention_rate": kept,
        "purchase_rate": filled["repeat_purchases"],
        "repeat_check": filled["repeat_check"],
        "win_rate": deals / leads if leads else factors["deals"],
        "average_check": filled["first_check"],
        "visitors": leads / LEAD_RATE,
        "lead_rate": LEAD_RATE,
    }
    return {name: levers[name] for name in LEVERS if name in levers}


def _cycle(days: float) -> tuple[float, ...]:
    """Spread deals over whole months so that their mean delay is so many days."""
    whole, rest = divmod(round(days / 30.0, 4), 1.0)
    late = round(rest, 4)
    return (0.0,) * int(whole) + ((1.0,) if late == 0 else (round(1.0 - late, 4), late))


def _month_0(known: Mapping[str, float]) -> float:
    """Return the model's turnover of month 0; what is not known is assumed."""
    filled, _taken = _filled(known)
    business = Business(active_customers=filled["active_customers"])
    return float(static(_levers(filled), business).revenue[0])


def _solve(known: Mapping[str, float]) -> tuple[str, float] | None:
    """Solve one unknown from A; None where A depends on none of them."""
    unknown = tuple(name for name in _SOLVED if name not in known)
    if {"first_check", "repeat_check"} <= set(unknown):
        unknown = ("first_check",)
    refusal: ContradictionError | None = None
    for name in unknown:
        try:
            value = _solved(name, known)
        except ContradictionError as error:
            refusal = refusal or error
            continue
        if value is not None:
            return name, value
    if refusal is not None:
        raise refusal
    return None


def _solved(name: str, known: Mapping[str, float]) -> float | None:
    """Solve an unknown from A, in which the model is linear; None where it has no influence."""
    a = known["turnover"]
    without = _month_0({**known, name: 0.0})
    value = 1.0
    for _round in range(3):  # once is exact but for rounding: a step of 1 may be far too small
        slope = (_month_0({**known, name: value}) - without) / value
        if slope <= 0:
            return None
        value = (a - without) / slope
        if value <= 0:
            break
    again = _asked(known, "turnover", *(n for n in _SOLVED if n in known))
    if value < 0:
        raise ContradictionError(Conflict.KNOWN_ABOVE_A, again, money={"known": without, "a": a})
    most = known.get("leads") if name == "deals" else None
    if most is not None and value > most:
        money = {"a": a, "most": _month_0({**known, name: most})}
        counts = {"leads": most}
        raise ContradictionError(
            Conflict.OUT_OF_REACH, (*again, "leads"), money=money, counts=counts
        )
    return value
