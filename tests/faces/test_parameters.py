import pytest

from funnelkit.client.problems import ClientFileError, Code
from funnelkit.faces.parameters import CHANNEL_PARAMETERS, PARAMETERS, read_parameters

GIVEN = {"client": "saldo", "scenario": "plan"}


def codes(namespace: dict[str, object]) -> list[tuple[str, Code]]:
    with pytest.raises(ClientFileError) as raised:
        read_parameters(namespace)
    return [(problem.field, problem.code) for problem in raised.value.problems]


def test_levers_left_at_none_are_left_to_the_file() -> None:
    read = read_parameters(GIVEN | dict.fromkeys(PARAMETERS[2:]))
    assert (read.client, read.scenario, read.overrides) == ("saldo", "plan", {})


def test_numbers_may_be_typed_as_in_the_file() -> None:
    read = read_parameters(GIVEN | {"win_rate": "25%", "visitors": "1 000", "managers": 3})
    assert read.overrides == {"win_rate": 0.25, "visitors": 1000.0, "managers": 3.0}


def test_all_problems_are_told_at_once() -> None:
    found = codes({"client": 3, "scenario": "", "win_rate": True, "visitors": "many", "x": 1})
    assert set(found) == {
        ("x", Code.UNKNOWN_PARAMETER),
        ("client", Code.NOT_TEXT),
        ("scenario", Code.NOT_TEXT),
        ("win_rate", Code.NOT_A_NUMBER),
        ("visitors", Code.NOT_A_NUMBER),
    }


def cells(*sources: str) -> dict[str, object]:
    namespace: dict[str, object] = {}
    for source in sources:
        exec(source, namespace)
    return namespace | {"In": ["", *sources]}


def test_an_injected_parameter_nobody_knows_is_a_problem() -> None:
    namespace = cells('client = "saldo"\nscenario = "plan"', "# Parameters\nwin_raet = 0.3")
    assert codes(namespace) == [("win_raet", Code.UNKNOWN_PARAMETER)]


def test_a_readers_own_variables_are_no_parameters() -> None:
    namespace = cells('client = "saldo"\nscenario = "plan"', "note = 3", "win_rate = 0.3")
    assert read_parameters(namespace).overrides == {"win_rate": 0.3}


def test_cells_that_are_no_python_are_passed_over() -> None:
    namespace = cells('client = "saldo"\nscenario = "plan"')
    namespace["In"] = ["", "%matplotlib inline", *namespace["In"]]  # type: ignore[misc]
    assert read_parameters(namespace).client == "saldo"


def test_each_notebook_knows_its_own_parameters() -> None:
    read = read_parameters(GIVEN | {"budget": "60 000", "ctr": "3%"}, CHANNEL_PARAMETERS)
    assert read.overrides == {"budget": 60_000.0, "ctr": 0.03}
    with pytest.raises(ClientFileError) as raised:
        read_parameters(GIVEN | {"win_rate": 0.3, "leed_rate": 1}, CHANNEL_PARAMETERS)
    found = {problem.field: problem.values["nearest"] for problem in raised.value.problems}
    assert found == {"win_rate": "retention_rate", "leed_rate": "lead_rate"}
    assert codes(GIVEN | {"budget": 60_000}) == [("budget", Code.UNKNOWN_PARAMETER)]
