"""How wide a text is, without asking a machine for its fonts.

Widths are those of Liberation Sans, which is as wide as Arial and Helvetica, and then some: the
commonest substitute, DejaVu Sans, is the widest, and nothing may overlap there either. Widths are
kept: most texts of a live picture are there again after a slider's move.
"""

from functools import lru_cache

__all__ = ["shortened", "width", "wrapped"]

_WIDTHS = {
    0.24: "'ijl|\u202f",
    0.3: " !,./:;I[\\]ft\xa0()-`r·{}",
    0.4: '"г*',
    0.5: "Jcksvxyzсухкзтэ^",
    0.67: "&ABEKPSVXYАВЕРХЧЁБЛЬДУмжFTZТ~",
    0.75: "CDHNRUwНСЯИЙПЭыЦюФ",
    0.83: "GOQОЪшфщMmМ",
    1.0: "%WШЖЩЫЮ@№→—…",
}
_WIDTH_OF = {character: em for em, characters in _WIDTHS.items() for character in characters}
_USUAL = 0.56
_SUBSTITUTE = {False: 1.15, True: 1.27}


@lru_cache(maxsize=8192)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the most room a line of text may take, in pixels."""
    return sum(_WIDTH_OF.get(c, _USUAL) for c in text) * size * _SUBSTITUTE[bold]


@lru_cache(maxsize=4096)
def shortened(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Cut a text that does not fit, with an ellipsis to show it."""
    if width(text, size, bold=bold) <= room:
        return text
    while text and width(text + "…", size, bold=bold) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(
    text: str, room: float, size: float, *, lines: int = 2, bold: bool = False
) -> tuple[str, ...]:
    """Break a text at spaces into lines that fit; what is too much for the last is cut."""
    whole: list[str] = []
    for word in text.split(" "):
        longer = f"{whole[-1]} {word}" if whole else word
        if whole and (width(longer, size, bold=bold) <= room or len(whole) == lines):
            whole[-1] = longer
        else:
            whole.append(word)
    return tuple(shortened(line, room, size, bold=bold) for line in whole)
