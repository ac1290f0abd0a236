from pathlib import Path

import pytest

from funnelkit.faces.files import write_atomically


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
