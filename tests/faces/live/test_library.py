"""The drawing library: bundled once, kept in the user's cache, never half of it."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
import vl_convert

from funnelkit.faces.live import library as live_library
from funnelkit.faces.live import library as module
from funnelkit.faces.live.library import library, library_name, prepare

BUNDLED = "export { vegaEmbed }; // as bundled here"
SECONDS = 20.0  # after which a test gives up


@pytest.fixture
def bundles(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was asked to be bundled, in a process that has not kept a library yet."""
    asked: list[str] = []

    def bundle(snippet: str) -> str:
        asked.append(snippet)
        return BUNDLED

    monkeypatch.setattr(vl_convert, "javascript_bundle", bundle)
    live_library._library.cache_clear()
    yield asked
    live_library._library.cache_clear()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the library is kept, in a cache folder that nothing was put into yet."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(module, "user_cache_path", lambda _name: folder)
    return folder / f"{library_name()}.js.gz"


def text_of(packed: bytes) -> str:
    return gzip.decompress(packed).decode()


def test_a_library_is_bundled_once_and_kept(kept: Path, bundles: list[str]) -> None:
    first = library()
    assert text_of(first) == BUNDLED
    assert kept.read_bytes() == first
    live_library._library.cache_clear()  # as another kernel would
    assert library() == first
    assert len(bundles) == 1
    assert "vegaEmbed" in bundles[0]
    assert [file.name for file in kept.parent.iterdir()] == [kept.name]


def test_a_library_that_is_kept_is_not_bundled(kept: Path, bundles: list[str]) -> None:
    kept.parent.mkdir()
    kept.write_bytes(gzip.compress(b"another kernel's"))
    assert text_of(library()) == "another kernel's"
    assert bundles == []


WHOLE = gzip.compress(b"the library" * 1000)
DAMAGED = {
    "half": WHOLE[: len(WHOLE) // 2],
    "without its end": WHOLE[:-1],
    "empty": b"",
    "no gzip": b"<html>captive portal</html>",
    "spoilt inside": WHOLE[:15] + b"\xff\xff\xff" + WHOLE[18:],
    "spoilt sum": WHOLE[:-8] + bytes(4) + WHOLE[-4:],
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_file_is_replaced(damage: str, kept: Path, bundles: list[str]) -> None:
    kept.parent.mkdir()
    kept.write_bytes(DAMAGED[damage])
    assert text_of(library()) == BUNDLED
    assert text_of(kept.read_bytes()) == BUNDLED
    assert len(bundles) == 1


@pytest.mark.parametrize("place", ["a file", "below a file"])
def test_where_nothing_can_be_kept_each_kernel_bundles_its_own(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundles: list[str]
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("somebody's")
    folder = taken if place == "a file" else taken / "funnelkit"
    monkeypatch.setattr(module, "user_cache_path", lambda _name: folder)
    assert text_of(library()) == BUNDLED
    live_library._library.cache_clear()
    assert text_of(library()) == BUNDLED
    assert len(bundles) == 2
    assert taken.read_text() == "somebody's"


def test_a_full_disk_leaves_no_half_of_a_library(
    kept: Path, bundles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("funnelkit.client.files.os.fsync", full)
    assert text_of(library()) == BUNDLED
    assert list(kept.parent.iterdir()) == []
    assert len(bundles) == 1


def test_another_version_of_the_library_has_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    now = library_name()
    library_name.cache_clear()
    with monkeypatch.context() as changed:
        changed.setattr(module, "version", lambda _package: "0.0.1")
        older = library_name()
    library_name.cache_clear()
    assert older != now
    assert library_name() == now


@pytest.mark.usefixtures("kept")
def test_whoever_asks_while_it_is_being_bundled_waits_for_it(
    bundles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, again = Event(), Event(), Event()

    def slowly(snippet: str) -> str:
        (again if begun.is_set() else begun).set()
        bundles.append(snippet)
        assert go_on.wait(SECONDS)
        return BUNDLED

    monkeypatch.setattr(vl_convert, "javascript_bundle", slowly)
    prepare()
    assert begun.wait(SECONDS)
    asking = Thread(target=library)
    asking.start()
    again.wait(0.3)  # the longest that a second bundling is given to begin
    go_on.set()
    asking.join(SECONDS)
    assert not asking.is_alive()
    assert len(bundles) == 1


def test_the_real_bundle_offers_vega_embed() -> None:
    assert "vegaEmbed" in text_of(library())
    assert len(library()) < 2_000_000
