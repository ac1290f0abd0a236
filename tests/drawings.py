"""What a drawn picture shows, and where: what the charts' tests share."""

import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree

from funnelkit.show.charts.measure import width
from funnelkit.show.picture import Picture

DRAWINGS: dict[str, str] = {}


def drawing(picture: Picture) -> str:
    """Draw a picture once for all tests; specs are equal where their texts are."""
    spec = json.dumps(picture.spec, sort_keys=True)
    if spec not in DRAWINGS:
        DRAWINGS[spec] = picture.svg()
    return DRAWINGS[spec]


def texts_of(picture: Picture) -> Iterator[tuple[float, float, float, float, str]]:
    """Yield left, right, top, bottom and text of every text of a picture's SVG."""
    root = ElementTree.fromstring(drawing(picture))

    def walk(
        element: ElementTree.Element, x: float, y: float
    ) -> Iterator[tuple[float, float, float, float, str]]:
        for dx, dy in re.findall(
            r"translate\(([-\d.e]+),([-\d.e]+)\)", element.get("transform", "")
        ):
            x, y = x + float(dx), y + float(dy)
        if element.tag.endswith("}text") and element.text and not element.get("stroke"):
            size = float(element.get("font-size", "").removesuffix("px"))
            wide = width(element.text, size, bold=element.get("font-weight") == "bold")
            share = {"start": 0.0, "middle": 0.5, "end": 1.0}[element.get("text-anchor", "start")]
            left = x - wide * share
            yield left, left + wide, y - size * 0.72, y + size * 0.1, element.text
        for child in element:
            yield from walk(child, x, y)

    yield from walk(root, 0.0, 0.0)


def view_box(picture: Picture) -> tuple[float, float]:
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing(picture))
    assert box
    return float(box[1]), float(box[2])


def outside_of(picture: Picture) -> list[str]:
    """Texts that leave a picture, by the most room that they may take."""
    wide, high = view_box(picture)
    return [
        text
        for left, right, top, bottom, text in texts_of(picture)
        if left < 0 or top < 0 or right > wide or bottom > high
    ]


def overlaps_of(picture: Picture) -> list[tuple[str, str]]:
    """Pairs of texts that overlap, by the most room that they may take."""
    boxes = list(texts_of(picture))
    return [
        (one[4], other[4])
        for number, one in enumerate(boxes)
        for other in boxes[:number]
        if min(one[1], other[1]) - max(one[0], other[0]) > 1
        and min(one[3], other[3]) - max(one[2], other[2]) > 1
    ]


def shown_in(picture: Picture, dataset: str) -> list[str]:
    return [row["text"] for row in picture.spec["datasets"][dataset]]


class Greek:
    """A catalog that leaves no Latin letter in what goes through it."""

    def gettext(self, message: str) -> str:
        parts = re.split(r"(\{\w+\})", message)
        return "".join(p if p.startswith("{") else re.sub("[A-Za-z]", "λ", p) for p in parts)

    def ngettext(self, one: str, many: str, n: float) -> str:
        return self.gettext(one if n == 1 else many)


def flaws_of(picture: Picture) -> list[str]:
    """What no picture may have, whatever it shows."""
    text = json.dumps(picture.spec, allow_nan=False)
    read = set(re.findall(r'"data": \{"name": "([^"]+)"\}', text))
    wide, high = view_box(picture)
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', drawing(picture))]
    said = [text for *_box, text in texts_of(picture)]
    found = {
        "a text outside": outside_of(picture),
        "texts overlap": overlaps_of(picture),
        "data and marks differ": read ^ set(picture.spec["datasets"]),
        "no projector is so large": (wide, high) if wide > 1180 or high > 620 else (),
        "too small to read": [size for size in sizes if size < 12],
        "not a number": [one for one in said if re.search("nan|inf|undefined|null", one.lower())],
        "no sentence": [] if picture.spec["description"] == picture.description else ["other"],
    }
    return [f"{flaw}: {where}" for flaw, where in found.items() if where]


def untranslated_in(picture: Picture, *, but: str = r"\b\B") -> list[str]:
    """Texts of a picture, drawn with `Greek` and a currency that has a sign, in Latin letters.

    What Babel writes, not the catalog, may be named as a pattern.
    """
    cells = [getattr(cell, "text", cell) for row in picture.table.rows for cell in row]
    drawn = [text for *_box, text in texts_of(picture)]
    said = [picture.description, picture.table.caption, picture.table.note]
    return [
        text
        for text in [*said, *picture.table.header, *cells, *drawn]
        if re.search("[A-Za-z]", re.sub(rf"{but}|(?<=\d)[KMBT]\b", "", text))
    ]
