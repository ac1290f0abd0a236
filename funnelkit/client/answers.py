"""The answers of a first conversation, read one by one, and how they can contradict each other."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic_core import PydanticCustomError

from funnelkit.client.document import shown
from funnelkit.client.numbers import LARGEST, parse_number
from funnelkit.client.problems import ClientFileError, Code, Problem

__all__ = ["ANSWERS", "Conflict", "ContradictionError", "answer"]

ANSWERS = (
    "turnover",
    "leads",
    "deals",
    "first_check",
    "repeat_check",
    "active_customers",
    "repeat_purchases",
    "sales_cycle",
    "target",
)
"""The eight answers, the two checks apart: money and people a month, purchases per client and
month, days from the first contact to the deal."""


class Conflict(StrEnum):
    """How answers can contradict each other."""

    DEALS_ABOVE_LEADS = "deals_above_leads"
    KNOWN_ABOVE_A = "known_above_a"
    OUT_OF_REACH = "out_of_reach"
    TARGET_NOT_ABOVE_A = "target_not_above_a"
    NO_MONEY = "no_money"
    NOTHING_SOLD = "nothing_sold"
    OUT_OF_RANGE = "out_of_range"


class ContradictionError(Exception):
    """Answers that cannot all be true.

    Attributes
    ----------
    conflict : Conflict
    questions : tuple of str
        The answers to give again.
    money, counts : mapping of str to float
        Numbers for the sentence.
    """

    def __init__(
        self,
        conflict: Conflict,
        questions: tuple[str, ...],
        *,
        money: Mapping[str, float] | None = None,
        counts: Mapping[str, float] | None = None,
    ) -> None:
        super().__init__(f"{conflict}: {', '.join(questions)} {money or ''} {counts or ''}")
        self.conflict = conflict
        self.questions = questions
        self.money = money or {}
        self.counts = counts or {}


def answer(name: str, text: str) -> float | None:
    """Read one answer as it is typed; nothing or a question mark is not known.

    Raises
    ------
    ClientFileError
        Where it is no number of 0 or more.
    """
    typed = text.strip()
    if typed in ("", "?"):
        return None
    try:
        value = parse_number(typed)
    except PydanticCustomError as error:
        problem = Problem(code=Code(error.type), field=name, found=shown(typed))
        raise ClientFileError((problem,)) from None
    if not 0 <= value <= LARGEST:
        limits: dict[str, str | float] = {"low": 0.0, "high": LARGEST}
        problem = Problem(code=Code.OUT_OF_RANGE, field=name, found=shown(typed), values=limits)
        raise ClientFileError((problem,))
    return value
