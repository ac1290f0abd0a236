"""Whole client files as Hypothesis draws them, and their YAML."""

from hypothesis import strategies as st

from funnelkit.model.levers import LEVERS, Unit
from funnelkit.model.owner import METRICS
from funnelkit.model.products import REPLACED_BY_LINE, Role
from funnelkit.plan.media import CHANNEL_LEVERS


def typed(unit: Unit) -> st.SearchStrategy[str]:
    """Numbers as people type them, now and then out of bounds, small or enormous."""
    share = st.integers(0, 100).map("{}%".format) | st.sampled_from(["0", "1", "0.5", "0,25", "0%"])
    amount = st.integers(0, 10**6).map(str) | st.sampled_from(["0", "1e15", "1e-9", "0.01"])
    return share if unit is Unit.SHARE else amount


def guess() -> st.SearchStrategy[dict[str, str]]:
    """A share that is guessed."""
    ends = ("low", "likely", "high")
    return st.lists(st.integers(0, 99), min_size=3, max_size=3).map(
        lambda n: dict(zip(ends, (f"{x}%" for x in sorted(n)), strict=True))
    )


@st.composite
def lever(draw: st.DrawFn, unit: Unit) -> object:
    """One lever in one of its spellings."""
    number = typed(unit)
    now = draw(
        number
        | st.fixed_dictionaries({"won": st.integers(0, 9), "of": st.integers(9, 20)})
        | guess()
        if unit is Unit.SHARE
        else number
    )
    optional = {
        "plan": number | guess() if unit is Unit.SHARE else number,
        "start": st.integers(0, 60),
        "cost": typed(Unit.MONEY),
        "effort": st.sampled_from(["1", "0.5", "40"]),
        "locked": st.booleans(),
        "assumed": st.booleans(),
        "source": st.just("a note"),
    }
    rest = draw(st.fixed_dictionaries({}, optional=optional))
    return {"now": now} | rest if rest or isinstance(now, dict) else now


def quantity(number: st.SearchStrategy[str]) -> st.SearchStrategy[object]:
    """A number of a channel, with a plan or without."""
    return number | st.fixed_dictionaries({"now": number}, optional={"plan": number})


@st.composite
def channel(draw: st.DrawFn, place: int) -> dict[str, object]:
    """One channel; now and then one that lacks a conversion."""
    amount, share = typed(Unit.COUNT), typed(Unit.SHARE)
    price = st.sampled_from(["0.01", "2", "140", "1e6"])
    start = draw(st.sampled_from(["budget", "impressions", "clicks", "leads", "recovers"]))
    found: dict[str, object] = {"name": f"c{place}"}
    if start == "recovers":
        found[start] = {
            "of": draw(st.sampled_from(["visitors", "leads"])),
            "share": draw(quantity(share)),
            "delay": draw(st.integers(0, 3)),
        }
    else:
        found[start] = draw(quantity(amount))
    if start == "budget" or draw(st.booleans()):
        found["price"] = draw(quantity(price))
    optional = {
        "buys": st.sampled_from(["impressions", "clicks", "leads"]),
        "ctr": quantity(share),
        "landing_rate": quantity(share) | lever(Unit.SHARE).filter(_is_of_a_channel),
        "rates": st.fixed_dictionaries({"win_rate": share}),
        "skips": st.just(["win_rate"]),
        "check": amount,
        "margin": st.sampled_from(["-20%", "0", "100%"]),
        "returned_share": share,
        "repeat_share": share,
        "agency_fee": amount,
        "audience": amount,
        "frequency": st.sampled_from(["1", "3.5"]),
        "fact": st.fixed_dictionaries({"leads": amount}),
    }
    return found | draw(st.fixed_dictionaries({}, optional=optional))


def _is_of_a_channel(value: object) -> bool:
    """A channel's numbers begin when its plan does, and no solve moves them alone."""
    if not isinstance(value, dict):
        return True
    own = {"start", "cost", "effort", "locked"}
    return not own & set(value) and not isinstance(value.get("plan"), dict)


@st.composite
def marketing(draw: st.DrawFn) -> dict[str, object]:
    """Channels, of which the first is complete."""
    first: dict[str, object] = {
        "name": "first",
        "budget": draw(quantity(typed(Unit.MONEY))),
        "price": draw(st.sampled_from(["2", "0.5"])),
        "landing_rate": draw(quantity(typed(Unit.SHARE))),
        "rates": {"win_rate": draw(typed(Unit.SHARE))},
    }
    if draw(st.booleans()):
        first["history"] = [{"spend": 500, "leads": 30}, {"spend": "1 000", "leads": 50}]
    others = [draw(channel(place)) for place in range(draw(st.integers(0, 4)))]
    return {
        "channels": [first, *others],
        "stages": ["win_rate"],
        "start": draw(st.integers(0, 60)),
        "economics": {"ad_vat": draw(typed(Unit.SHARE)), "agency_share": "10%"},
        "agency_fee": draw(typed(Unit.MONEY)),
        "whole": draw(st.sampled_from(["no", "end", "stages"])),
        "running": {"month": "2026-09", "days_gone": draw(st.integers(1, 30))},
        "target": {"metric": draw(st.sampled_from(["roas", "drr", "cpo"])), "value": "0.5"},
    }


@st.composite
def whole_files(draw: st.DrawFn, *, channels: bool | None = None) -> dict[str, object]:
    """Whole client files, most of which the rules accept; with channels or without."""
    line = draw(st.booleans())
    channels = draw(st.booleans()) if channels is None else channels
    names = [
        name
        for name in LEVERS
        if not ((line and name in REPLACED_BY_LINE) or (channels and name in CHANNEL_LEVERS))
    ]
    some = draw(st.lists(st.sampled_from(names), unique=True))
    chosen = names if draw(st.booleans()) else some
    a = draw(st.integers(-1000, 10**7))
    file: dict[str, object] = {
        "title": "Any",
        "language": draw(st.sampled_from(["en", "ru"])),
        "currency": draw(st.sampled_from(["RUB", "usd", "KZT"])),
        "goal": {
            "metric": draw(st.sampled_from(METRICS)),
            "month": "2026-09"
            if channels
            else draw(st.sampled_from(["1900-01", "2026-09", "2199-12"])),
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
    if channels:
        file["marketing"] = draw(marketing())
    movable = [name for name in LEVERS if not LEVERS[name].cost and name != "margin"]
    moved = draw(st.lists(st.sampled_from(movable), unique=True, max_size=3))
    other: dict[str, object] = {"levers": {n: draw(typed(LEVERS[n].unit)) for n in moved}}
    if channels and draw(st.booleans()):
        other["channels"] = {"first": {"budget": draw(typed(Unit.MONEY))}}
    if line and draw(st.booleans()):
        other["products"] = {"p0": {"price": draw(typed(Unit.MONEY)), "margin": "50%"}}
    file["scenarios"] = {"other": other}
    if file["goal"]["month"] == "2026-09":
        file |= draw(months_gone(chosen, file["goal"]["months"] + 2))
    return file


@st.composite
def months_gone(draw: st.DrawFn, levers: list[str], most: int) -> dict[str, object]:
    """Months as they turned out, the last perhaps under way, and debts collected."""
    months = [f"{2026 + n // 12}-{n % 12 + 1:02d}" for n in range(9, 9 + min(most, 4))]
    gone: list[dict[str, object]] = []
    for month in months[: draw(st.integers(0, len(months)))]:
        some = draw(st.lists(st.sampled_from(levers), unique=True, max_size=3)) if levers else []
        gone.append({"month": month, "levers": {n: draw(typed(LEVERS[n].unit)) for n in some}})
        gone[-1] |= draw(
            st.fixed_dictionaries(
                {}, optional={"value": typed(Unit.MONEY), "active_customers": typed(Unit.COUNT)}
            )
        )
    if gone and draw(st.booleans()):
        gone[-1]["days_gone"] = draw(st.integers(1, 28))
    debts = draw(st.lists(st.sampled_from(months), max_size=3))
    recovered = [{"month": month, "money": draw(typed(Unit.MONEY))} for month in debts]
    return {n: rows for n, rows in (("actual", gone), ("recovered", recovered)) if rows}


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
