import stat
from pathlib import Path

import pytest

from funnelkit.client.files import write_atomically


def test_a_file_and_its_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"
    write_atomically(path, "отчёт\n")
    assert path.read_bytes() == "отчёт\n".encode()
    assert [p.name for p in path.parent.iterdir()] == ["b.txt"]


def test_what_fails_leaves_the_former_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "b.txt"
    write_atomically(path, "former")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "half \ud800")
    assert path.read_text() == "former"
    assert [p.name for p in tmp_path.iterdir()] == ["b.txt"]


def test_a_check_that_fails_leaves_the_former_file_and_nothing_else(tmp_path: Path) -> None:
    path, seen = tmp_path / "b.txt", []

    def check(written: Path) -> None:
        seen.append((written.parent, written.read_bytes(), path.read_bytes()))
        raise ValueError("no good")

    write_atomically(path, "former")
    with pytest.raises(ValueError, match="no good"):
        write_atomically(path, "new\r\n", check)
    assert seen == [(tmp_path, b"new\r\n", b"former")]
    assert path.read_text() == "former"
    assert [p.name for p in tmp_path.iterdir()] == ["b.txt"]


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "b.txt"
    write_atomically(path, "former")
    path.chmod(0o600)
    write_atomically(path, "new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
