"""Whole client files as Hypothesis draws them, and their YAML."""

from hypothesis import strategies as st

from funnelkit.model.levers import LEVERS, Unit
from funnelkit.model.owner import METRICS
from funnelkit.model.products import REPLACED_BY_LINE, Role


def typed(unit: Unit) -> st.SearchStrategy[str]:
    """Numbers as people type them, now and then out of bounds, small or enormous."""
    share = st.integers(0, 100).map("{}%".format) | st.sampled_from(["0", "1", "0.5", "0,25", "0%"])
    amount = st.integers(0, 10**6).map(str) | st.sampled_from(["0", "1e15", "1e-9", "0.01"])
    return share if unit is Unit.SHARE else amount


@st.composite
def lever(draw: st.DrawFn, unit: Unit) -> object:
    """One lever in one of its spellings."""
    number = typed(unit)
    now = draw(
        number
        | st.fixed_dictionaries({"won": st.integers(0, 9), "of": st.integers(9, 20)})
        | st.lists(st.integers(0, 99), min_size=3, max_size=3).map(
            lambda n: dict(
                zip(("low", "likely", "high"), (f"{x}%" for x in sorted(n)), strict=True)
            )
        )
        if unit is Unit.SHARE
        else number
    )
    optional = {
        "plan": number,
        "start": st.integers(0, 60),
        "assumed": st.booleans(),
        "source": st.just("a note"),
    }
    rest = draw(st.fixed_dictionaries({}, optional=optional))
    return {"now": now} | rest if rest or isinstance(now, dict) else now


@st.composite
def whole_files(draw: st.DrawFn) -> dict[str, object]:
    """Whole client files, most of which the rules accept."""
    line = draw(st.booleans())
    names = [name for name in LEVERS if not (line and name in REPLACED_BY_LINE)]
    some = draw(st.lists(st.sampled_from(names), unique=True))
    chosen = names if draw(st.booleans()) else some
    a = draw(st.integers(-1000, 10**7))
    file: dict[str, object] = {
        "title": "Any",
        "language": draw(st.sampled_from(["en", "ru"])),
        "currency": draw(st.sampled_from(["RUB", "usd", "KZT"])),
        "goal": {
            "metric": draw(st.sampled_from(METRICS)),
            "month": draw(st.sampled_from(["1900-01", "2026-09", "2199-12"])),
            "months": draw(st.integers(1, 60)),
            "a": a,
            "b": a + draw(st.integers(1, 10**7)),
        },
        "active_customers": draw(typed(Unit.COUNT)),
        "sales_cycle": draw(st.sampled_from([["1"], ["0", "1"], ["60%", "30%", "10%"]])),
        "discount": draw(st.sampled_from(["0", "1%", "1"])),
        "levers": {name: draw(lever(LEVERS[name].unit), label=name) for name in chosen},
    }
    if "managers" in chosen:
        file["team"] = {
            "leads_per_manager": draw(st.sampled_from(["1", "90", "1e-9", "1e15"])),
            "overflow": draw(st.sampled_from(["wait", "lost"])),
            "backlog": draw(typed(Unit.COUNT)),
        }
    if line:
        roles = draw(st.lists(st.sampled_from(Role), min_size=1, max_size=4))
        file["products"] = [
            {
                "name": f"p{n}",
                "role": str(role),
                "take_rate": draw(lever(Unit.SHARE)),
                "price": draw(lever(Unit.MONEY)),
                "margin": draw(lever(Unit.SHARE)),
            }
            for n, role in enumerate(roles)
        ]
    movable = [name for name in LEVERS if not LEVERS[name].cost and name != "margin"]
    moved = draw(st.lists(st.sampled_from(movable), unique=True, max_size=3))
    file["scenarios"] = {"other": {"levers": {n: draw(typed(LEVERS[n].unit)) for n in moved}}}
    return file


def as_yaml(value: object, indent: str = "") -> str:
    match value:
        case dict() if value:
            return "".join(f"\n{indent}{k}: {as_yaml(v, indent + '  ')}" for k, v in value.items())
        case list():
            return "".join(f"\n{indent}- {as_yaml(v, indent + '  ').lstrip()}" for v in value)
        case dict():
            return "{}"
        case bool():
            return str(value).lower()
        case _:
            return str(value)
