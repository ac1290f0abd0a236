"""A demo client's file as plain numbers, and what they come to, from the YAML text alone."""

import math
import random
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from funnelkit.model.owner import Business
from funnelkit.model.products import Product
from tests.reference import ramp, reference

ROOT = Path(__file__).parents[2]
FIRST = ("lead_magnet", "tripwire", "core")


def number(typed: Any) -> float:
    """Read a number as the demo files spell it."""
    if isinstance(typed, dict):
        if "won" in typed:
            return number(typed["won"]) / number(typed["of"])
        return number(typed["likely"])
    text = str(typed).replace(" ", "").replace("_", "")
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def way(entry: Any, part: float) -> float:
    """A number of a channel, so far on its way from now to the plan."""
    if not isinstance(entry, dict) or "now" not in entry:
        return number(entry)
    now = number(entry["now"])
    return now + (number(entry.get("plan", now)) - now) * part


class Plain:
    """A demo client's file as plain numbers: per lever now, plan, start and what is known."""

    def __init__(self, name: str) -> None:
        self.file = ROOT / "data" / "clients" / name / "client.yaml"
        data = YAML(typ="safe").load(self.file.read_text(encoding="utf-8"))
        self.data, self.horizon = data, int(data["goal"]["months"])
        self.levers: dict[str, tuple[float, float, int, Any]] = {}
        for lever, entry in data["levers"].items():
            self.add(lever, entry)
        for product in data.get("products", []):
            for kind in ("take_rate", "price", "margin"):
                self.add(f"{kind}.{product['name']}", product[kind])
        if "marketing" in data:
            self.add_channels()
        self.business = Business(
            active_customers=number(data["active_customers"]),
            sales_cycle=tuple(number(share) for share in data["sales_cycle"]),
            leads_per_manager=number(data["team"]["leads_per_manager"]),
            discount=number(data.get("discount", 0)),
            line=tuple(Product(name=p["name"], role=p["role"]) for p in data.get("products", [])),
        )

    def add(self, lever: str, entry: Any) -> None:
        entry = entry if isinstance(entry, dict) else {"now": entry}
        now = number(entry["now"])
        known = entry["now"] if isinstance(entry["now"], dict) else None
        self.levers[lever] = (now, number(entry.get("plan", now)), entry.get("start", 0), known)

    def add_channels(self) -> None:
        """Sum the channels up to the owner's levers."""
        sides = [self.total(self.channels(end), end) for end in (0, 1)]
        sums = {
            "visitors": [side["clicks"] for side in sides],
            "lead_rate": [side["leads"] / side["clicks"] for side in sides],
            "cost_per_visitor": [side["media_cost"] / side["clicks"] for side in sides],
            "marketing_fixed": [side["fixed"] for side in sides],
        }
        counted = [c["landing_rate"]["now"] for c in self.rows if "landing_rate" in c]
        of = sum(number(count["of"]) for count in counted)
        for name, (now, plan) in sums.items():
            known = {"won": now * of, "of": of} if name == "lead_rate" else None
            self.levers[name] = (now, plan, self.data["marketing"].get("start", 0), known)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The channels as the file has them."""
        rows: list[dict[str, Any]] = self.data["marketing"]["channels"]
        return rows

    def channels(self, end: int) -> list[dict[str, float]]:
        """Every channel's people and ad spend, now at 0, as planned at 1, month like month."""
        levers = {name: ends[end] for name, ends in self.levers.items()}
        return self.months_of([end], [levers])[0]

    def by_month(self) -> list[list[dict[str, float]]]:
        """Every channel's people and ad spend in month 0 and the months up to the goal's."""
        start, months = int(self.data["marketing"].get("start", 0)), self.horizon + 1
        parts = ramp(0.0, 1.0, start, self.horizon, months)
        ways = {
            name: ramp(now, plan, int(since), self.horizon, months)
            for name, (now, plan, since, _known) in self.levers.items()
        }
        levers = [{name: values[month] for name, values in ways.items()} for month in range(months)]
        return self.months_of(parts, levers)

    def months_of(
        self, parts: list[float], levers: list[dict[str, float]]
    ) -> list[list[dict[str, float]]]:
        """Every channel month by month, each month so far on the way to the plan."""
        found = [[self.channel(row, part) for row in self.rows] for part in parts]
        for of in ("visitors", "leads"):  # who left comes back before who did not buy
            lost = [self.lost(of, month, at) for month, at in zip(found, levers, strict=True)]
            for place, row in enumerate(self.rows):
                back = row.get("recovers", {})
                if back.get("of") == of:
                    for month, part in enumerate(parts):
                        people = lost[max(month - back.get("delay", 0), 0)]
                        people *= way(back["share"], part)
                        self.come_back(row, found[month][place], people, part)
        for month, at in zip(found, levers, strict=True):
            for row, channel in zip(self.rows, month, strict=True):
                channel["new_customers"] = channel["leads"] * self.sold(row, at)
                channel["production"] = number(row.get("production", 0))
        return found

    def channel(self, row: dict[str, Any], part: float) -> dict[str, float]:
        """A channel as far as its leads; one that only recovers has none yet."""
        clicks = media = 0.0
        landing = way(row.get("landing_rate", 0), part)
        if "budget" in row:
            media = way(row["budget"], part)
            units = media / self.price(row, media, part)
            if row.get("buys") == "leads":
                return {"clicks": 0.0, "leads": units, "media": media}
            shown = row.get("buys") == "impressions"
            clicks = 1000 * units * way(row["ctr"], part) if shown else units
        elif "clicks" in row:
            clicks = way(row["clicks"], part)
            media = clicks * way(row.get("price", 0), part)
        leads = clicks * landing if clicks else way(row.get("leads", 0), part)
        return {"clicks": clicks, "leads": leads, "media": media}

    def price(self, row: dict[str, Any], media: float, part: float) -> float:
        """A unit's price: dearer where more is spent, by the slope of the history's logarithms."""
        price = way(row["price"], part)
        if "history" not in row:
            return price
        x = [math.log(number(month["spend"])) for month in row["history"]]
        y = [math.log(number(month["leads"])) for month in row["history"]]
        mean, level = sum(x) / len(x), sum(y) / len(y)
        slope = sum((a - mean) * (b - level) for a, b in zip(x, y, strict=True))
        slope /= sum((a - mean) ** 2 for a in x)
        return price * (media / way(row["budget"], 0)) ** (1 - slope)

    def lost(self, of: str, found: list[dict[str, float]], levers: dict[str, float]) -> float:
        """Visitors without a contact, or leads without an order, of those that can be."""
        lost = 0.0
        for row, channel in zip(self.rows, found, strict=True):
            back = row.get("recovers", {}).get("of")
            if of == "visitors" and back is None and channel["clicks"]:
                lost += channel["clicks"] - channel["leads"]
            elif of == "leads" and back != "leads":
                lost += channel["leads"] * (1 - self.sold(row, levers))
        return lost

    def come_back(
        self, row: dict[str, Any], channel: dict[str, float], people: float, part: float
    ) -> None:
        """Add those who come back, as clicks or as leads."""
        if row["recovers"]["of"] == "visitors":
            channel["clicks"] = people
            channel["leads"] = people * way(row["landing_rate"], part)
            channel["media"] = people * way(row.get("price", 0), part)
        else:
            channel["leads"] = people

    def sold(self, row: dict[str, Any], levers: dict[str, float]) -> float:
        """Orders per lead: the channel's own rates, else the owner's."""
        own = {name: number(rate) for name, rate in row.get("rates", {}).items()}
        return math.prod(
            own.get(name, levers[name]) for name in ("answered_rate", "qualified_rate", "win_rate")
        )

    def total(self, channels: list[dict[str, float]], end: int) -> dict[str, float]:
        """All channels together, with what they cost."""
        marketing = self.data["marketing"]
        names = ("clicks", "leads", "media", "new_customers")
        found = {name: sum(channel[name] for channel in channels) for name in names}
        usual = {name: number(value) for name, value in marketing["economics"].items()}
        factor = 1 + usual.get("ad_vat", 0) + usual.get("agency_share", 0)
        found["media_cost"] = found["media"] * factor
        found["fixed"] = sum(channel["production"] for channel in channels)
        found["fixed"] += number(marketing["agency_fee"]) + number(marketing["production"])
        managers, each = (self.levers[n][end] for n in ("managers", "cost_per_manager"))
        found["total_marketing"] = found["media_cost"] + found["fixed"]
        found["cac"] = (found["total_marketing"] + managers * each) / found["new_customers"]
        return found

    def visitors_needed(self) -> float:
        """The fewest visitors in the plan with which the goal's month reaches B."""
        now, plan, start, known = self.levers["visitors"]
        low, high = 0.0, 8 * plan
        for _step in range(80):
            tried = (low + high) / 2
            month = self.revenue(self.levers | {"visitors": (now, tried, start, known)})
            reached = month[self.horizon] >= number(self.data["goal"]["b"])
            low, high = (low, tried) if reached else (tried, high)
        return high

    def revenue(self, levers: dict[str, tuple[float, float, int, Any]]) -> list[float]:
        months = self.horizon + 3
        ways = {
            name: ramp(now, plan, int(start), self.horizon, months)
            for name, (now, plan, start, _known) in levers.items()
        }
        return reference(ways, self.business, months)["revenue"]

    def without(self, names: set[str]) -> float:
        """Revenue of the goal's month with these levers left as they are now."""
        levers = {
            name: (now, now if name in names else plan, start, known)
            for name, (now, plan, start, known) in self.levers.items()
        }
        return self.revenue(levers)[self.horizon]

    def chance(self, draws: int, seed: int) -> float:
        """Share of draws in which B is reached, drawn by the standard library."""
        dice = random.Random(seed)
        hits = 0
        for _ in range(draws):
            drawn = dict(self.levers)
            for name, (now, plan, start, known) in self.levers.items():
                if known and "won" in known:
                    won, of = number(known["won"]), number(known["of"])
                    value = dice.betavariate(0.5 + won, 0.5 + of - won)
                elif known:
                    low, likely, high = (number(known[k]) for k in ("low", "likely", "high"))
                    width = high - low
                    value = low + width * dice.betavariate(
                        1 + 4 * (likely - low) / width, 1 + 4 * (high - likely) / width
                    )
                else:
                    continue
                drawn[name] = (value, min(plan * value / now, 1.0), start, known)
            hits += self.revenue(drawn)[self.horizon] >= number(self.data["goal"]["b"])
        return hits / draws
