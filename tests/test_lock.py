import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PINS = re.findall(r"^(\S+)==(\S+)(.*(?:\n    --hash=.*)*)", LOCK, re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REQUIREMENTS = [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]


@pytest.mark.parametrize("requirement", [*map(Requirement, REQUIREMENTS)], ids=str)
def test_the_lock_meets_every_requirement(requirement: Requirement) -> None:
    name = canonicalize_name(requirement.name)
    versions = [version for pinned, version, _ in PINS if pinned == name]
    assert versions
    assert all(requirement.specifier.contains(version) for version in versions)


def test_every_pin_has_its_hashes() -> None:
    lines = [line for line in LOCK.splitlines() if re.match(r"[^\s#]", line)]
    assert len(lines) == len(PINS)
    assert [name for name, _, rest in PINS if "--hash=sha256:" not in rest] == []


def test_the_lock_names_no_address_and_no_build_of_one_machine() -> None:
    assert re.findall(r"\S*://\S*|--(?:index|extra-index|find-links)\S*", LOCK) == []
    assert [version for _, version, _ in PINS if "+" in version] == []
