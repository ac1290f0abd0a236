"""A workshop's copy: the client's own, never overwritten, and put away without dead views."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

from funnelkit.client.read import read_client
from funnelkit.faces import workshop
from funnelkit.faces.notebooks import EVIDENCE, MARKETER, OWNER, levels_of
from funnelkit.faces.record import recorded
from funnelkit.faces.workshop import open_workshop, put_away, workshop_copy
from tests.client.files import SMALL

ROOT = Path(__file__).parents[2]
LEVELS = (OWNER, MARKETER)
"""The notebooks of a client with channels and without exports."""

VIEW = {"application/vnd.jupyter.widget-view+json": {"model_id": "gone"}, "text/plain": "Board"}


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("clients") / "saldo" / "client.yaml"
    file.parent.mkdir()
    file.write_bytes((ROOT / "data" / "clients" / "saldo" / "client.yaml").read_bytes())
    return workshop_copy(file, "ru", LEVELS)


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    path = tmp_path / "saldo" / "workshop" / OWNER
    path.parent.mkdir(parents=True)
    for name in LEVELS:
        (path.parent / name).write_bytes((made.parent / name).read_bytes())
    return path


def with_view(path: Path) -> None:
    """What JupyterLab saves after Run All."""
    notebook = read(path)
    (cell,) = (cell for cell in notebook.cells if cell.id == "board")
    cell.outputs = [new_output("display_data", VIEW)]
    nbformat.write(notebook, path)


def board_outputs(path: Path) -> list[NotebookNode]:
    (cell,) = (cell for cell in read(path).cells if cell.id == "board")
    return list(cell.outputs)


def test_the_owners_copy_is_opened(made: Path) -> None:
    assert made.parts[-3:] == ("saldo", "workshop", OWNER)
    assert sorted(path.name for path in made.parent.iterdir()) == list(LEVELS)


@pytest.mark.parametrize("name", LEVELS)
def test_a_copy_is_the_clients_own_with_its_code_hidden(name: str, made: Path) -> None:
    notebook = read(made.parent / name)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.metadata.jupyter.source_hidden for cell in code)
    assert all(cell.execution_count for cell in code)
    assert recorded(notebook)["title"] == "Бухгалтерия «Сальдо»"
    assert board_outputs(made.parent / name) == []


def test_a_client_without_channels_gets_no_copy_for_them(tmp_path: Path) -> None:
    file = tmp_path / "small" / "client.yaml"
    file.parent.mkdir()
    file.write_text(SMALL, "utf-8")
    assert levels_of(read_client(file)) == (OWNER,)
    copy = workshop_copy(file, "en", levels_of(read_client(file)))
    assert [path.name for path in copy.parent.iterdir()] == [OWNER]


def test_a_client_with_exports_gets_the_notebook_of_evidence() -> None:
    demos = ROOT / "data" / "clients"
    levels = {n: levels_of(read_client(demos / n / "client.yaml")) for n in ("cdnow", "saldo")}
    assert levels == {"cdnow": (OWNER, EVIDENCE), "saldo": LEVELS}


def test_an_existing_copy_is_never_overwritten(copy: Path) -> None:
    copy.write_text("my notes")
    assert workshop_copy(copy.parent.parent / "client.yaml", "ru") == copy
    put_away(copy)
    assert copy.read_text() == "my notes"


def test_a_view_without_its_kernel_is_put_away_and_all_else_stays(copy: Path) -> None:
    before = read(copy)
    with_view(copy)
    assert board_outputs(copy)
    put_away(copy)
    assert read(copy) == before


def test_what_holds_no_view_is_not_written_to(copy: Path) -> None:
    before = copy.stat()
    put_away(copy)
    assert copy.stat().st_mtime_ns == before.st_mtime_ns
    assert copy.stat().st_ino == before.st_ino


class Lab:
    """JupyterLab as a process: it saves a view, and Ctrl+C is pressed so many times."""

    def __init__(self, copy: Path, presses: int) -> None:
        self.copy, self.presses = copy, presses
        self.commands: list[list[str]] = []
        self.returncode: int | None = None

    def __call__(self, command: list[str]) -> "Lab":
        for name in LEVELS:
            assert board_outputs(self.copy.parent / name) == []
            with_view(self.copy.parent / name)
        self.commands.append(command)
        return self

    def __enter__(self) -> "Lab":
        return self

    def __exit__(self, *error: object) -> None:
        assert self.returncode is not None

    def poll(self) -> int | None:
        return self.returncode

    def wait(self) -> None:
        if self.presses:
            self.presses -= 1
            raise KeyboardInterrupt
        self.returncode = 3


@pytest.mark.parametrize("presses", [0, 2])
def test_a_workshop_opens_its_copy_alone_and_puts_it_away(
    presses: int, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [copy.parent / name for name in LEVELS]
    for each in both:
        with_view(each)
    lab = Lab(copy, presses)
    monkeypatch.setattr(workshop.subprocess, "Popen", lab)
    assert open_workshop(copy) == 3
    assert [board_outputs(each) for each in both] == [[], []]
    (command,) = lab.commands
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={copy.parent.parent}" in command
    assert f"--LabApp.default_url=/doc/tree/workshop/{OWNER}" in command
    assert "--LabApp.news_url=None" in command
