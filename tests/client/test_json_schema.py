"""The schema that editors read: generated, complete, and as strict as it can be."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from funnelkit.client.json_schema import DESCRIPTIONS, NUMBER
from funnelkit.client.read import client_names
from funnelkit.client.schema import ClientFile
from funnelkit.faces.schema import schema_text
from funnelkit.model.levers import LEVERS, Stage
from tests.client.files import LINE, MARKETED, SMALL
from tests.client.test_new import KNOWN, begin, text_of

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "data" / "clients"
COMMITTED = ROOT / "data" / "client.schema.json"
MODELINE = "# yaml-language-server: $schema=../../client.schema.json"

SCHEMA = json.loads(schema_text())
VALIDATOR = Draft7Validator(SCHEMA)


def errors(text: str) -> list[str]:
    """What the schema says of a file, as an editor reads it: as YAML 1.2."""
    data = YAML(typ="safe", pure=True).load(text)
    return [f"{'.'.join(map(str, e.path))}: {e.message}" for e in VALIDATOR.iter_errors(data)]


def objects(part: Any) -> list[dict[str, Any]]:
    """Every schema within a schema that describes fields."""
    if isinstance(part, list):
        return [found for item in part for found in objects(item)]
    if not isinstance(part, dict):
        return []
    own = [part] if isinstance(part.get("properties"), dict) else []
    return own + [found for item in part.values() for found in objects(item)]


def test_the_committed_schema_is_the_generated_one() -> None:
    """Run ``funnelkit schema`` where it is not."""
    assert COMMITTED.read_text(encoding="utf-8") == schema_text()


def test_it_is_a_schema() -> None:
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", client_names(CLIENTS))
def test_a_demo_fits_and_names_it(name: str) -> None:
    text = (CLIENTS / name / "client.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[0] == MODELINE
    assert errors(text) == []
    assert (CLIENTS / name / "../../client.schema.json").is_file()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_new_file_fits_and_names_it(language: str) -> None:
    text = text_of(begin(KNOWN), language)
    assert text.splitlines()[0] == MODELINE
    assert errors(text) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("win_rate: 20%", "win_rat: 20%"),
        ("win_rate: 20%", "win_rate: {nwo: 20%}"),
        ("win_rate: 20%", "win_rate: {now: 20%, plna: 30%}"),
        ("win_rate: 20%", "win_rate: {now: {won: 2, off: 3}}"),
        ("win_rate: 20%", "win_rate: lots"),
        ("win_rate: 20%", "win_rate: 1.2"),
        ("win_rate: 20%", "win_rate: -0.1"),
        ("win_rate: 20%", "win_rate: 20% of them"),
        ("win_rate: 20%", "win_rate: {plan: 20%}"),
        ("language: en", "language: fr"),
        ("currency: USD", "currency: dollars"),
        ("currency: USD", "curency: USD"),
        ("goal: {", "goal: {metric: turnover, "),
        ("2026-09", "2026-13"),
        ("2026-09", "September"),
        ("months: 3", "months: 0"),
        ("b: 3000", "b: 3000, d: 1"),
        ("title: Small\n", ""),
        ("levers:", "team: {overflow: waits}\nlevers:"),
        ("levers:", "departments: {sales: {name: x}}\nlevers:"),
        ("levers:", "scenarios: {bold: {levers: {win_rat: 30%}}}\nlevers:"),
        ("levers:", LINE.replace("core", "hero") + "levers:"),
        ("levers:", LINE.replace("50%", "{now: 50%, bset: 1}") + "levers:"),
        ("levers:", "demo: maybe\nlevers:"),
        ("20%", "{now: 20%, plan: {low: 20%, high: 30%}}"),
        ("20%", "{now: 20%, plan: {won: 2, of: 3}}"),
        ("20%", "{now: 20%, locked: perhaps}"),
        ("20%", "{now: 20%, effort: 0}"),
        ("levers:", "actual: [{value: 3}]\nlevers:"),
        ("levers:", "actual: [{month: 2026-10, days_gone: 32}]\nlevers:"),
        ("levers:", "actual: [{month: 2026-10, levers: {win_rat: 1}}]\nlevers:"),
        ("levers:", "recovered: [{month: 2026-10}]\nlevers:"),
        ("levers:", "recovered: [{month: 2026-10, money: -1}]\nlevers:"),
        ("levers:", "scenarios: {x: {products: {Book: {prise: 3}}}}\nlevers:"),
        ("levers:", "scenarios: {x: {products: {Book: {margin: 2}}}}\nlevers:"),
    ],
)
def test_a_slip_does_not_fit(old: str, new: str) -> None:
    assert errors(SMALL) == []
    assert SMALL.count(old) == 1
    assert errors(SMALL.replace(old, new)) != []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: Search", "nmae: Search"),
        ("now: 1_000, plan", "nwo: 1_000, plan"),
        ("price: 2", "price: cheap"),
        ("price: 2", "price: -2"),
        ("price: 2", "buys: banners"),
        ("landing_rate: 10%", "landing_rate: 1.2"),
        ("landing_rate: 10%", "ctr: -0.1"),
        ("landing_rate: 10%", "rates: {win_rate: 2}"),
        ("landing_rate: 10%", "rates: {win_rate: {nwo: 20%}}"),
        ("share: 10%", "share: 1.1"),
        ("of: visitors", "of: clicks"),
        ("leads: 30}", "lead: 30}"),
        ("fact: {", "fact: {click: 3, "),
        ("days_gone: 12", "days_gone: 0"),
        ("{budget: 3_000}", "{bugdet: 3_000}"),
        ("{budget: 3_000}", "{landing_rate: 1.3}"),
    ],
)
def test_a_slip_in_a_channel_does_not_fit(old: str, new: str) -> None:
    assert errors(MARKETED) == []
    assert MARKETED.count(old) == 1
    assert errors(MARKETED.replace(old, new)) != []


@pytest.mark.parametrize(
    "more",
    [
        "actual: [{month: 2026-10}, {month: 2026-11, value: -3, days_gone: 12}]",
        "actual: [{month: 2026-10, active_customers: 7, levers: {win_rate: 21%, visitors: 1 500}}]",
        "recovered: [{month: 2026-10, money: 180 000}]",
        "scenarios: {x: {levers: {}, products: {Book: {take_rate: 1.2, price: 3, margin: 60%}}}}",
    ],
)
def test_months_gone_debts_and_products_of_a_scenario_fit(more: str) -> None:
    assert errors(f"{SMALL}{more}\n") == []


@pytest.mark.parametrize(
    "typed",
    [
        "price: 1 000,5",
        "price: {now: {low: 1, likely: 2, high: 3}, best: 1.5}",
        "rates: {win_rate: 20%}",
        "rates: {win_rate: {now: {won: 2, of: 9}, plan: 30%, source: CRM}}",
        "ctr: {now: 4 %, best: '0,1'}",
        "skips: [win_rate]",
    ],
)
def test_what_a_channel_may_say_fits(typed: str) -> None:
    assert errors(MARKETED.replace("price: 2", typed)) == []


@pytest.mark.parametrize(
    "typed",
    [
        "0.2",
        "20%",
        "20 %",
        "0,2",
        "1e-1",
        "{now: 20%}",
        "{now: {won: 24, of: 1 200}, best: 1}",
        "{now: {low: 5%, likely: 8%, high: 1e-1}, start: 1, cost: 1_000, assumed: true}",
        "{now: 20%, plan: {low: 21%, likely: 25%, high: 0.3}, effort: 2.5, locked: true}",
    ],
)
def test_what_the_file_may_say_fits(typed: str) -> None:
    assert errors(SMALL.replace("20%", typed)) == []


def test_the_pattern_of_numbers_knows_their_spellings() -> None:
    string = Draft7Validator({"type": "string", "pattern": NUMBER})
    good = ["1 000 000", "1_000", "1\u00a0000,5", "25%", "-3", "\u22123", ".5", "5.", "1e6", "007"]
    assert [text for text in good if not string.is_valid(text)] == []
    bad = ["", "%", "1 00", "a", "1 000 00", "1.2.3", "--1", "$5", "1e", "1 %%"]
    assert [text for text in bad if string.is_valid(text)] == []


def test_every_field_is_described_in_both_languages_and_none_may_be_added() -> None:
    for part in objects(SCHEMA):
        assert part["additionalProperties"] is False
        for name, field in part["properties"].items():
            if name in list(Stage):
                continue
            english, russian = field["description"].split("\n")[0].split(" · ")
            assert english != russian, name


def test_no_description_is_left_over() -> None:
    models = {"ClientFile": ClientFile.model_json_schema()}
    models |= models["ClientFile"]["$defs"]
    fields = {f"{m}.{f}" for m, model in models.items() for f in model.get("properties", ())}
    assert set(DESCRIPTIONS) - {"ClientFile"} == fields


def test_all_levers_are_completed() -> None:
    assert list(SCHEMA["properties"]["levers"]["properties"]) == list(LEVERS)
    levers = SCHEMA["definitions"]["ScenarioField"]["properties"]["levers"]
    assert list(levers["properties"]) == list(LEVERS)
