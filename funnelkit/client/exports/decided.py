"""What a person decided about a file that cannot be read without it."""

from dataclasses import dataclass

from funnelkit.client.exports.meanings import Format

__all__ = ["UNDECIDED", "Decided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Answers to what a file leaves open; what the file itself shows goes before them.

    Attributes
    ----------
    decimal : {"", ",", "."}
        Decimal mark; empty where nobody said it.
    month_first : bool or None
        Whether ``07/01/2026`` is the first of July.
    micros : bool or None
        Whether money is in millionths.
    form : Format or None
        The only form that the file can have.
    """

    decimal: str = ""
    month_first: bool | None = None
    micros: bool | None = None
    form: Format | None = None


UNDECIDED = Decided()
