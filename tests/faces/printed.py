"""Read what a PDF that a browser printed says, page by page."""

import re
import zlib
from unicodedata import normalize

__all__ = ["pages"]


def pages(pdf: bytes) -> list[str]:
    """Return each page's text in the order in which it is drawn, without any white space."""
    parts = re.findall(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", pdf, re.DOTALL)
    objects = {int(number): body for number, body in parts}
    fonts = {
        number: _letters(_stream(objects[int(found[1])]))
        for number, body in objects.items()
        if (found := re.search(rb"/ToUnicode (\d+)", body))
    }
    texts = []
    for body in objects.values():
        if b"/Type /Page\n" in body:
            named = dict(re.findall(rb"/(F\d+) (\d+) 0 R", body))
            letters = {name: fonts.get(int(number), {}) for name, number in named.items()}
            content = re.search(rb"/Contents (\d+)", body)
            assert content
            text = _text(_stream(objects[int(content[1])]), letters)
            # NFKC: two letters that are drawn as one are two.
            texts.append("".join(normalize("NFKC", text).split()))
    return texts


def _stream(body: bytes) -> bytes:
    found = re.search(rb"stream\r?\n(.*)\r?\nendstream", body, re.DOTALL)
    assert found
    return zlib.decompress(found[1])


def _letters(table: bytes) -> dict[int, str]:
    """Read which letters a font's glyphs stand for."""
    letters = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for glyph, letter in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            letters[int(glyph, 16)] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, letter in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for place, glyph in enumerate(range(int(first, 16), int(last, 16) + 1)):
                letters[glyph] = chr(int(letter, 16) + place)
    return letters


def _text(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    letters: dict[int, str] = {}
    drawn = []
    for font, glyphs in re.findall(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj", content):
        if font:
            letters = fonts[font]
        else:
            codes = (glyphs[i : i + 4] for i in range(0, len(glyphs), 4))
            drawn += [letters.get(int(code, 16), "") for code in codes]
    return "".join(drawn)
