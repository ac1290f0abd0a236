from pathlib import Path

from tools.environment import environment

ROOT = Path(__file__).parent.parent

PYPROJECT = """
[project]
name = "kit"
requires-python = ">=3.11"
dependencies = ["typst>=0.13", "numpy>=2,<3"]
[project.optional-dependencies]
test = ["playwright"]
"""


def test_the_committed_file_is_the_generated_one() -> None:
    committed = (ROOT / "environment.yml").read_text("utf-8")
    assert committed == environment((ROOT / "pyproject.toml").read_text("utf-8"))


def test_packages_get_their_conda_forge_names_and_keep_their_bounds() -> None:
    lines = environment(PYPROJECT).splitlines()
    start = lines.index("dependencies:") + 1
    assert lines[start : start + 4] == [
        "  - python>=3.11",
        "  - numpy>=2,<3",
        "  - playwright-python",
        "  - typst-py>=0.13",
    ]
