"""Names of the stages and of the departments that answer for them."""

from collections.abc import Mapping
from types import MappingProxyType

from funnelkit.client.client import Department
from funnelkit.model.levers import Stage
from funnelkit.model.levers import message as _
from funnelkit.show.words import Words

__all__ = ["DEPARTMENTS", "STAGES", "department_names", "person_of"]


STAGES = MappingProxyType(
    {
        Stage.ACCOUNT: _("Account management"),
        Stage.CONVERSION: _("Lead conversion"),
        Stage.GENERATION: _("Lead generation"),
        Stage.NURTURING: _("Lead nurturing"),
        Stage.ECONOMICS: _("Economics"),
    }
)

DEPARTMENTS = MappingProxyType(
    {
        Stage.ACCOUNT: _("Client service"),
        Stage.CONVERSION: _("Sales"),
        Stage.GENERATION: _("Advertising"),
        Stage.NURTURING: _("PR"),
        Stage.ECONOMICS: _("Management"),
    }
)


def department_names(departments: Mapping[Stage, Department], words: Words) -> dict[Stage, str]:
    """Name the department of every stage, the client's own name first."""
    return {
        stage: (stage in departments and departments[stage].name) or words(usual)
        for stage, usual in DEPARTMENTS.items()
    }


def person_of(stage: Stage, departments: Mapping[Stage, Department]) -> str:
    """Name the person who answers for a stage, or nobody."""
    return (stage in departments and departments[stage].person) or ""
