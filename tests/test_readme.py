"""What the README says holds."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


def test_it_is_read_in_one_sitting() -> None:
    assert len(README.splitlines()) < 150


def test_its_files_exist() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_its_python_runs_and_gives_what_it_says() -> None:
    (block,) = blocks()
    namespace: dict[str, object] = {}
    exec(block, namespace)
    assert len(namespace["path"].revenue) == 4  # type: ignore[attr-defined]
