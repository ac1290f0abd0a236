import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")

SKIPPED_AT_RUN = """
import pytest
def test_skipped():
    pytest.skip("no browser")
"""
SKIPPED_AT_IMPORT = """
import pytest
pytest.skip("no such system", allow_module_level=True)
"""
EXPECTED_TO_FAIL = """
import pytest
@pytest.mark.xfail
def test_expected_to_fail():
    assert False
"""


def run(folder: Path, test: str, *, ci: str, workers: int = 0) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST.read_text("utf-8"), "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    (folder / "test_it.py").write_text(test, "utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:nbval", "-n", str(workers)],
        cwd=folder,
        env=os.environ | {"CI": ci},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize("test", [SKIPPED_AT_RUN, SKIPPED_AT_IMPORT])
def test_ci_fails_when_a_test_is_skipped(tmp_path: Path, test: str, workers: int) -> None:
    finished = run(tmp_path, test, ci="true", workers=workers)
    assert finished.returncode == pytest.ExitCode.TESTS_FAILED
    assert "these were skipped, so the run fails:\n  test_it.py" in finished.stdout


def test_elsewhere_a_test_may_be_skipped(tmp_path: Path) -> None:
    finished = run(tmp_path, SKIPPED_AT_RUN, ci="")
    assert finished.returncode == pytest.ExitCode.OK


def test_an_expected_failure_is_not_a_skip(tmp_path: Path) -> None:
    finished = run(tmp_path, EXPECTED_TO_FAIL, ci="true")
    assert finished.returncode == pytest.ExitCode.OK
