"""The first file of a new client, in the reader's language: numbers, what they mean, examples."""

import json
import textwrap
from datetime import date
from functools import cache
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from funnelkit.client.new import Beginning, Origin
from funnelkit.model.levers import LEVERS, Stage, Unit
from funnelkit.show.stages import DEPARTMENTS, STAGES
from funnelkit.show.words import Words

__all__ = ["client_text", "spelled"]

_MADE_OF = MappingProxyType(
    {
        "purchase_rate": ("repeat_purchases",),
        "average_check": ("first_check",),
        "win_rate": ("win_rate", "deals", "leads"),
    }
)
"""Answers that a lever is made of, where they are not its own name."""

_EXAMPLES = MappingProxyType(
    {
        "collection_repeat": "95%",
        "answered_rate": "{now: {won: 102, of: 160}}",
        "qualified_rate": "{now: {low: 50%, likely: 60%, high: 70%}}",
        "collection_new": "95%",
        "refund_rate": "{now: 3%, plan: 2%, best: 1%}",
        "managers": "{now: 2, best: 4}",
        "audience": "{now: 12000, best: 40000}",
        "engagement_rate": "4%",
        "nurtured_lead_rate": "2%",
        "margin": "45%",
        "other_revenue": "0",
        "other_revenue_margin": "60%",
        "fixed_costs": "190000",
        "cost_per_manager": "50000",
        "marketing_fixed": "40000",
        "cost_per_visitor": "9",
        "cost_per_reached": "1",
    }
)
"""How the levers look that nobody was asked for; a line of them is a comment."""


def spelled(value: float, language: str = "en", *, share: bool = False, typed: bool = True) -> str:
    """Write a number as people type it into the file.

    Parameters
    ----------
    value : float
    language : str
        Thousands are apart by a space in Russian, by an underscore in English.
    share : bool
        Whether to write it as a percentage.
    typed : bool
        Whether somebody typed it; a computed one has 12 significant digits.

    Examples
    --------
    >>> spelled(1_234_567.5), spelled(1_234_567.5, "ru"), spelled(13 / 60, share=True, typed=False)
    ('1_234_567.5', '1 234 567.5', '21.6666666667%')
    """
    text = f"{100 * value if share else value:,.{15 if typed else 12}g}"
    return text.replace(",", " " if language == "ru" else "_") + ("%" if share else "")


def _comment(text: str, indent: int = 0) -> str:
    """Wrap a sentence into comment lines."""
    return textwrap.fill(
        text,
        98,
        initial_indent=" " * indent + "# ",
        subsequent_indent=" " * indent + "# ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _quoted(text: str) -> str:
    """Write text so that YAML reads it as text."""
    return json.dumps(text, ensure_ascii=False)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("funnelkit.show"),
        autoescape=False,  # it is YAML, and every text from outside is quoted
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"comment": _comment, "quoted": _quoted}
    return environment.get_template("client.yaml.jinja")


def client_text(
    beginning: Beginning,
    *,
    title: str,
    language: str,
    currency: str,
    month: date,
    months: int,
) -> str:
    """Write the file of a new client.

    Parameters
    ----------
    beginning : Beginning
    title : str
        Untrusted; written as quoted text.
    language : {"en", "ru"}
        Of the comments, and of the client's reports.
    currency : str
        ISO 4217 code.
    month : date
        First day of month 0.
    months : int
        Months from A to B.

    Returns
    -------
    str
        YAML that `funnelkit.client.read.read_client` accepts.
    """
    words = Words(language=language, currency=currency)

    def spell(value: float, name: str = "") -> str:
        return spelled(value, language, typed=beginning.origin(name) is Origin.TYPED)

    return _template().render(
        words=words,
        spell=spell,
        remark=lambda name: _remark(name, beginning, words),
        title=_quoted(" ".join(title.split())),
        currency=currency,
        month=f"{month:%Y-%m}",
        next=f"{_after(month, 1):%Y-%m}",
        later=f"{_after(month, months + 12):%Y-%m}",
        months=months,
        answers=beginning.answers,
        solved=beginning.solved,
        reckoned=words("reckoned from the other answers"),
        cycle=", ".join(spelled(share, share=True) for share in beginning.sales_cycle),
        visitors=beginning.levers["visitors"],
        stages=[_stage(stage, beginning, words) for stage in Stage],
        departments=[(stage.value, words(name)) for stage, name in DEPARTMENTS.items()],
    )


def _after(month: date, months: int) -> date:
    years, place = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(years, place + 1, 1)


def _said(name: str, beginning: Beginning, words: Words) -> str:
    """Say how a number came about that nobody typed."""
    names = _MADE_OF.get(name, (name,))
    match beginning.origin(*names):
        case Origin.SOLVED:
            return words("Solved from A and the other answers.")
        case Origin.ASSUMED:
            reasons = [words(beginning.assumed[n].reason) for n in names if n in beginning.assumed]
            return words("Assumption: {reason}.", reason="; ".join(reasons))
        case Origin.TYPED:
            return ""


def _remark(name: str, beginning: Beginning, words: Words) -> str:
    said = _said(name, beginning, words)
    return f"   # {said}" if said else ""


def _stage(stage: Stage, beginning: Beginning, words: Words) -> dict[str, object]:
    levers = []
    for lever in LEVERS.values():
        if lever.stage is not stage:
            continue
        comment = words(lever.sentence)
        if lever.name in beginning.levers:
            line = f"{lever.name}: {_field(lever.name, beginning, words)}"
            comment += f" {_said(lever.name, beginning, words)}".rstrip()
        else:
            line = f"#{lever.name}: {_EXAMPLES[lever.name]}"
        levers.append({"comment": comment, "line": line})
    return {"name": words(STAGES[stage]), "levers": levers}


def _field(name: str, beginning: Beginning, words: Words) -> str:
    """Write what stands after a lever's name."""
    language, answers = words.language, beginning.answers
    if name == "win_rate" and beginning.counted:
        won, of = (spelled(answers[part], language) for part in ("deals", "leads"))
        return f"{{now: {{won: {won}, of: {of}}}}}"
    origin = beginning.origin(*_MADE_OF.get(name, (name,)))
    share = LEVERS[name].unit is Unit.SHARE
    typed = origin is Origin.TYPED
    now = spelled(beginning.levers[name], language, share=share, typed=typed)
    match origin:
        case Origin.ASSUMED:
            return f"{{now: {now}, assumed: true}}"
        case Origin.SOLVED:
            source = _quoted(words("solved from A"))
            return f"{{now: {now}, source: {source}}}"
        case Origin.TYPED:
            return now
