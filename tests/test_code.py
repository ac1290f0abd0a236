import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("command", ["ruff check", "ruff format --check", "mypy"])
def test_the_code_passes(command: str) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", *command.split()], cwd=ROOT, capture_output=True, text=True
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_the_wheel_holds_the_package_with_its_data(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
    )
    with ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        built = {name for name in wheel.namelist() if name.startswith("funnelkit/")}
    files = (file for file in (ROOT / "funnelkit").rglob("*") if file.is_file())
    assert built == {
        file.relative_to(ROOT).as_posix() for file in files if "__pycache__" not in file.parts
    }
