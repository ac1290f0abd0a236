"""What speaks against the plan as the sliders stand, and which decision each warning suggests."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from funnelkit.client.client import Client
from funnelkit.plan.diagnosis import Status, smart
from funnelkit.plan.gates import diagnose
from funnelkit.plan.scenario import Scenario
from funnelkit.show.gates import advice_sentence, finding_sentence
from funnelkit.show.stages import department_names, person_of
from funnelkit.show.verdicts import verdict_sentence
from funnelkit.show.words import Words

__all__ = ["Warned", "marked", "plan_warnings", "warnings_of"]

_AGAINST = (Status.WARNING, Status.FAILED)


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning, and the decision that it suggests.

    Attributes
    ----------
    key : str
        What tells it from other warnings.
    sentence : str
        What was found.
    failed : bool
        Whether it has to be mended first.
    begun : bool
        Whether it applies only since the sliders moved.
    decision, who : str
        What to do first and who would do it; empty where nothing follows.
    worth : str
        What doing it brings in the goal's month; empty where nobody can say.
    """

    key: str
    sentence: str
    failed: bool
    begun: bool = False
    decision: str = ""
    who: str = ""
    worth: str = ""


def warnings_of(
    client: Client, scenario: Scenario, words: Words, before: Sequence[Warned] | None = None
) -> tuple[Warned, ...]:
    """Return what speaks against a scenario, what was not there `before` first."""
    return marked(plan_warnings(client, scenario, words), before)


def plan_warnings(client: Client, scenario: Scenario, words: Words) -> Iterator[Warned]:
    """Yield what speaks against a scenario."""
    yield from _verdicts(scenario, words)
    yield from _findings(client, scenario, words)


def marked(found: Iterable[Warned], before: Sequence[Warned] | None) -> tuple[Warned, ...]:
    """Mark the warnings that were not there `before`, and put them first."""
    known = None if before is None else {warned.key for warned in before}
    warnings = [
        replace(warned, begun=known is not None and warned.key not in known) for warned in found
    ]
    return tuple(sorted(warnings, key=lambda warned: (not warned.begun, not warned.failed)))


def _verdicts(scenario: Scenario, words: Words) -> Iterator[Warned]:
    for verdict in smart(scenario):
        if verdict.status in _AGAINST and verdict.check != "measurable":
            yield Warned(
                key=verdict.case,
                sentence=verdict_sentence(verdict, words),
                failed=verdict.status is Status.FAILED,
            )


def _findings(client: Client, scenario: Scenario, words: Words) -> Iterator[Warned]:
    departments = department_names(client.departments, words)
    for finding in diagnose(scenario, client.facts):
        worth = finding.found.worth
        if finding.status in _AGAINST:
            yield Warned(
                key=finding.gate,
                sentence=finding_sentence(finding, words),
                failed=finding.status is Status.FAILED,
                decision=advice_sentence(finding, words),
                who=person_of(finding.stage, client.departments) or departments[finding.stage],
                worth=words.money(worth) if worth is not None and worth > 0 else "",
            )
