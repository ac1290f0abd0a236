"""Make docs/board-en.png and docs/board-ru.png: the owner's board in JupyterLab, as it is.

Run ``python -m tools.screenshot`` from the repository's root, with the path of a browser behind it
where no Chromium, Chrome or Edge is found. It needs no network and changes nothing but the two
pictures, and those only where they look different: icons' edges vary from run to run.
"""

import shutil
import sys
from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from funnelkit.faces.pdf import installed_browser
from tests.jupyterlab import Lab, LiveBoard, Server, browser, copied, server

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = {"en": Path("1_owner_level.ipynb"), "ru": Path("ru", "1_owner_level.ipynb")}
WIDTH, HEIGHT = 1280, 720
UNSEEN = 100
"""Pixels that may differ without a new picture."""

_DIFFERENT_PIXELS = """async pictures => {
    const pixels = async text => {
        const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes]));
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
        canvas.drawImage(image, 0, 0);
        return new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer);
    };
    const [old, young] = await Promise.all(pictures.map(pixels));
    return young.filter((pixel, place) => pixel !== old[place]).length;
}"""


def installed() -> Path:
    """Return the path of a browser, or leave with a sentence."""
    given = shutil.which(sys.argv[1]) if len(sys.argv) > 1 else None
    if found := given or installed_browser():
        return Path(found)
    sys.exit("No Chromium, Chrome or Edge is installed; give the path of one.")


def looks_like(running: Browser, old: bytes, young: bytes) -> bool:
    """Return whether two PNG pictures of one size look the same."""
    page = running.new_page()
    texts = [b64encode(picture).decode() for picture in (old, young)]
    different: int = page.evaluate(_DIFFERENT_PIXELS, texts)
    page.close()
    return different <= UNSEEN


def photograph(running: Browser, lab_server: Server, notebook: Path, picture: Path) -> None:
    """Run a notebook and photograph the window where its board stands."""
    with Lab.opened(running, lab_server, notebook, width=WIDTH, height=HEIGHT) as lab:
        lab.run_all()
        board = LiveBoard(page=lab.page)
        board.drawing.wait_for()
        lab.show(board.whole)
        taken = lab.page.screenshot(animations="disabled")
    if not (picture.is_file() and looks_like(running, picture.read_bytes(), taken)):
        picture.write_bytes(taken)


def main() -> None:
    """Make both pictures."""
    with TemporaryDirectory() as folder:
        book, own = Path(folder, "workbook"), Path(folder, "jupyterlab")
        own.mkdir()
        with server(copied(book), own) as lab_server, browser(installed()) as running:
            for language, notebook in NOTEBOOKS.items():
                picture = ROOT / "docs" / f"board-{language}.png"
                picture.parent.mkdir(exist_ok=True)
                photograph(running, lab_server, book / "notebooks" / notebook, picture)


if __name__ == "__main__":
    main()
