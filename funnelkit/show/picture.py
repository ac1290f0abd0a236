"""A picture is a Vega-Lite spec with named data, a sentence that says it, and its numbers."""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from html import escape
from typing import Any

from funnelkit.show.tables import Table

__all__ = ["CHART_TYPE", "SCHEMA", "TABLE_TYPE", "Picture", "Row", "Spec", "rounded", "svg"]

Spec = dict[str, Any]
Row = Mapping[str, Any]

CHART_TYPE = "application/vnd.vegalite.v5+json"
"""MIME type of a chart in a notebook's outputs."""

TABLE_TYPE = "application/vnd.funnelkit.table+html"
"""MIME type of the numbers behind a chart: one of our own, since JupyterLab shows any text/html
in the chart's place."""

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
"""JupyterLab draws Vega-Lite by MIME type up to version 5."""

_DRAWN_BY = "5.21"
"""The Vega-Lite inside vl-convert that draws SVG."""

_STAND_IN = "\u01bf"
"""A letter of no living language; with a number it stands for a text while a picture is drawn."""

_STANDING_IN = re.compile(rf"(?<=>){_STAND_IN}(\d+)(?=</text>)")

_DIGITS = 10
"""Significant digits of numbers in a spec: fewer than machines differ by."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What a notebook shows and a report draws.

    A live chart needs the rows alone, so marks and table are made only where somebody looks.

    Attributes
    ----------
    datasets : mapping of str to sequence of mapping
        Rows by the name of their dataset, as the chart works them out.
    description : str
        The text alternative, a sentence with the main numbers.
    draw : callable
        Returns the marks: Vega-Lite 5 without its data.
    tabulate : callable
        Returns the numbers behind the picture.
    """

    datasets: Mapping[str, Sequence[Row]]
    description: str
    draw: Callable[[], Spec]
    tabulate: Callable[[], Table]

    @cached_property
    def spec(self) -> Spec:
        """Vega-Lite 5 with named ``datasets`` and the description."""
        whole: Spec = rounded(self.draw() | {"datasets": self.datasets})
        return whole

    @cached_property
    def table(self) -> Table:
        """The numbers behind the picture."""
        return self.tabulate()

    def svg(self) -> str:
        """Draw the picture, see `svg`."""
        return svg(self.spec)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        del include, exclude
        return {
            CHART_TYPE: self.spec,
            TABLE_TYPE: self.table.html(),
            "text/plain": self.description,
        }


def rounded(value: Any, digits: int = _DIGITS) -> Any:
    """Round every number inside a spec to so many significant digits; a missing one becomes null.

    Examples
    --------
    >>> rounded({"x": [0.1 + 0.2, 3, float("nan")]})
    {'x': [0.3, 3, None]}
    """
    match value:
        case bool() | str() | None:
            return value
        case Mapping():
            return {str(key): rounded(part, digits) for key, part in value.items()}
        case list() | tuple():
            return [rounded(part, digits) for part in value]
        case int():
            return value
        case date():
            return value.isoformat()
        case _:
            number = float(value)
            return float(f"{number:.{digits}g}") + 0.0 if math.isfinite(number) else None


def svg(spec: Spec) -> str:
    """Draw a spec as an SVG element that stands in a page beside others.

    It scales with CSS (it has a view box), is one image with a name to a screen reader, and the
    same spec gives the same text: element ids, which the drawing library counts up from figure to
    figure, are named after the spec.

    Parameters
    ----------
    spec : dict
        Vega-Lite with a ``description``.

    Returns
    -------
    str
    """
    import vl_convert  # slow to load, and needed by reports alone

    rows = spec.get("datasets", {})
    empty: dict[str, list[Row]] = {name: [] for name in rows}
    marks = json.dumps(spec | {"datasets": empty, "description": "", "usermeta": {}})
    # On a canvas of fixed size every text has its place, however wide it is.
    fixed = spec.get("autosize") == "none" and spec.get("config", {}).get("aria") is False
    free = _STAND_IN not in json.dumps(rows, ensure_ascii=False)
    written = _written(marks) if fixed and free else frozenset()
    texts: dict[str, int] = {}
    vega = json.loads(_compiled(marks))
    for data in vega["data"]:
        if data["name"] in rows:
            data["values"] = [_short(row, written, texts) for row in rows[data["name"]]]
    drawn: str = vl_convert.vega_to_svg(json.dumps(vega))
    if texts:
        shown = [escape(text.strip(), quote=False) for text in texts]
        drawn = _STANDING_IN.sub(lambda number: shown[int(number[1])], drawn)
    name = escape(str(spec.get("description", "")), quote=True)
    drawn = drawn.replace(
        '<svg xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" class="marks"',
        f'<svg xmlns="http://www.w3.org/2000/svg" class="fk-svg" role="img" aria-label="{name}"',
        1,
    )
    return _with_own_ids(drawn, spec)


@lru_cache(maxsize=256)
def _compiled(marks: str) -> str:
    """Compile Vega-Lite to Vega, both as JSON; reports of many clients have the same marks."""
    import vl_convert

    return json.dumps(vl_convert.vegalite_to_vega(marks, vl_version=_DRAWN_BY))


@lru_cache(maxsize=256)
def _written(marks: str) -> frozenset[str]:
    """Name the fields that marks, as JSON, write as texts and use for nothing else."""
    used = list(_fields(json.loads(marks)))
    other = {field for channel, field in used if channel != "text"}
    asked = set(re.findall(r"\bdatum\W+(\w+)", marks))
    return frozenset({field for _channel, field in used} - other - asked)


def _fields(part: Any, channel: str = "") -> Iterator[tuple[str, str]]:
    match part:
        case dict():
            if "field" in part:
                yield channel, part["field"]
            for key, inner in part.items():
                yield from _fields(inner, key)
        case list():
            for inner in part:
                yield from _fields(inner, channel)


def _short(row: Row, written: frozenset[str], texts: dict[str, int]) -> dict[str, Any]:
    """Put stand-ins where a row has texts, noting which text is which.

    The drawing library measures every text, letter by letter; most of a picture's time went there.
    """
    return dict(row) | {
        field: f"{_STAND_IN}{texts.setdefault(text, len(texts))}"
        for field in written
        if isinstance(text := row.get(field), str) and text.strip()
    }


def _with_own_ids(drawn: str, spec: Spec) -> str:
    """Replace counted element ids by ones that only this spec has."""
    ids = dict.fromkeys(re.findall(r'<[a-zA-Z]+[^>]*? id="([^"]+)"', drawn))
    if not ids:
        return drawn
    digest = hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:12]
    own = {old: f"fk-{digest}-{number}" for number, old in enumerate(ids)}
    pattern = "|".join(re.escape(old) for old in sorted(ids, key=len, reverse=True))
    return re.sub(
        rf'(\bid="|url\(#|href="#)({pattern})(?=["\)])', lambda m: m[1] + own[m[2]], drawn
    )
