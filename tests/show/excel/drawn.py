"""Clients with scenarios as Hypothesis draws them, the same for the same seed."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from funnelkit.client.client import Client
from funnelkit.client.problems import ClientFileError
from funnelkit.client.read import read_client
from funnelkit.plan.scenario import Scenario
from funnelkit.show.excel.book import workbook
from funnelkit.show.words import Words
from tests.client.files import write
from tests.client.whole_files import as_yaml, whole_files
from tests.strategies import scenarios


@dataclass(frozen=True)
class Case:
    """A client, one of its scenarios, and the workbook made of them."""

    client: Client
    scenario: Scenario
    language: str

    @cached_property
    def content(self) -> bytes:
        return workbook(self.client, self.scenario, Words(language=self.language, currency="RUB"))


def drawn(folder: Path, number: int, *, which: int) -> dict[str, Case]:
    """Draw `number` whole files, half of them with channels, and as many plain scenarios."""
    cases: dict[str, Case] = {}

    def examples(strategy, keep):
        run = settings(
            max_examples=number,
            phases=[Phase.generate],
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        seed(which)(run(given(strategy)(keep)))()

    def keep_file(file) -> None:
        try:
            client = read_client(write(folder, as_yaml(file).lstrip()))
            for name in ("plan", "other"):
                case = Case(client, client.scenario(name), client.language)
                cases[f"file{len(cases)}"] = case
        except ClientFileError:
            return

    def keep_scenario(pair: tuple[Scenario, str]) -> None:
        scenario, language = pair
        client = Client(
            name="any",
            path=Path("any"),
            title="Any",
            demo=False,
            language=language,
            currency="RUB",
            first_month=date(2026, 9, 1),
            plan=scenario,
        )
        cases[f"plain{len(cases)}"] = Case(client, scenario, language)

    examples(whole_files(), keep_file)
    examples(st.tuples(scenarios(), st.sampled_from(["en", "ru"])), keep_scenario)
    return cases
