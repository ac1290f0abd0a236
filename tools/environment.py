"""Write environment.yml, for conda, from pyproject.toml; with --check, only compare the two."""

import re
import sys
import tomllib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONDA_NAMES = {
    "duckdb": "python-duckdb",
    "great-tables": "great_tables",
    "playwright": "playwright-python",
    "typst": "typst-py",
}
FRAME = """\
# Made from pyproject.toml by tools/environment.py; edit that file and run it again.
name: {name}
channels:
  - conda-forge
dependencies:
{dependencies}
  - pip
  - pip:
      - -e .
"""


def conda(requirement: str) -> str:
    """Return a requirement under its conda-forge name: ``typst>=0.13`` is ``typst-py>=0.13``."""
    name = re.split("[<>=]", requirement)[0]
    return requirement.replace(name, CONDA_NAMES.get(name, name), 1)


def environment(pyproject: str) -> str:
    """Return the text of environment.yml for the text of a pyproject.toml."""
    project = tomllib.loads(pyproject)["project"]
    requirements = chain(project["dependencies"], *project["optional-dependencies"].values())
    dependencies = ["python" + project["requires-python"], *sorted(map(conda, requirements))]
    return FRAME.format(
        name=project["name"], dependencies="\n".join(f"  - {line}" for line in dependencies)
    )


def main() -> None:
    """Write the file or, with --check, exit with a sentence if it differs."""
    file = ROOT / "environment.yml"
    text = environment((ROOT / "pyproject.toml").read_text("utf-8"))
    if "--check" not in sys.argv:
        file.write_text(text, "utf-8", newline="\n")
    elif file.read_text("utf-8") != text:
        sys.exit("environment.yml differs from pyproject.toml: run python tools/environment.py")


if __name__ == "__main__":
    main()
