"""A chart in a notebook whose rows a running kernel swaps in place."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import altair as alt
import anywidget
import traitlets

from funnelkit.faces.live.library import library, library_name, prepare
from funnelkit.show.picture import Row, Spec, rounded
from funnelkit.show.words import Words, system_language

__all__ = ["LiveChart", "source"]


def source(package: str, *names: str) -> str:
    """Join a package's files to one text: a module of Javascript, or a style sheet."""
    return "\n".join((files(package) / name).read_text("utf-8") for name in names)


class LiveChart(anywidget.AnyWidget):
    """An Altair chart, simple or concatenated, whose named datasets change while one looks.

    It is embedded once. `swap` sends the new rows in one message; rows that come faster than a
    page can draw them replace each other, and the last are always drawn. The drawing library
    comes from the kernel, once a page, so no network is needed. Where the kernel is restarted the
    chart says so and stays as it is.

    Parameters
    ----------
    chart : altair chart or dict
        With ``alt.NamedData("name")`` where rows will be swapped; a dict is Vega-Lite.
    language : {"en", "ru"}, optional
        Language of what the chart itself says; by default the one this machine's user reads.
    **rows : sequence of mapping, or data frame
        The first rows of every named dataset.

    Raises
    ------
    KeyError
        For rows of a dataset that the chart does not read.

    Examples
    --------
    >>> points = alt.Chart(alt.NamedData("points")).mark_point().encode(x="x:Q", y="y:Q")
    >>> live = LiveChart(points, points=[{"x": 1, "y": 2}])
    >>> live.swap(points=[{"x": 1, "y": 3}])
    >>> live.spec["datasets"]["points"]
    [{'x': 1, 'y': 3}]
    """

    _esm = source("funnelkit.faces.live", "live.js", "chart.js")
    _css = source("funnelkit.faces.live", "chart.css")
    _library = traitlets.Unicode().tag(sync=True)
    _texts = traitlets.Dict().tag(sync=True)
    spec = traitlets.Dict().tag(sync=True)

    def __init__(
        self, chart: alt.TopLevelMixin | Spec, *, language: str | None = None, **rows: Any
    ) -> None:
        prepare()
        words = Words(language=language or system_language())
        spec = dict(chart) if isinstance(chart, dict) else chart.to_dict()
        self._named = frozenset(_named(spec)) | set(spec.get("datasets", {}))
        empty: dict[str, list[Row]] = {name: [] for name in self._named}
        spec["datasets"] = empty | spec.get("datasets", {}) | self._checked(rows)
        super().__init__(spec=spec, _library=library_name(), _texts=live_texts(words))
        self.on_msg(lambda _widget, content, _buffers: self._heard(content))

    def swap(self, **rows: Any) -> None:
        """Show other rows of these datasets; the others stay as they are.

        Raises
        ------
        KeyError
            For a dataset that the chart does not read.
        """
        self._send_rows(self._checked(rows))

    def _send_rows(self, rows: Mapping[str, Sequence[Row]], **more: object) -> None:
        """Send what is new in these datasets, with whatever else belongs to the same moment."""
        held = self.spec["datasets"]
        news = {name: _news(held[name], values) for name, values in rows.items()}
        held.update(rows)  # what a page that is opened later asks for
        self.send({"rows": news, **more})

    def _heard(self, content: Mapping[str, Any]) -> None:
        """Answer what a page asks."""
        if content.get("kind") == "library":
            self.send({"kind": "library"}, buffers=[library()])

    def _checked(self, rows: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
        if unknown := sorted(set(rows) - self._named):
            raise KeyError(
                f"the chart reads no {', '.join(unknown)}; it reads: "
                f"{', '.join(sorted(self._named)) or 'no named dataset'}"
            )
        return {name: _records(values) for name, values in rows.items()}


def live_texts(words: Words) -> dict[str, str]:
    """Return what a live chart may have to say, in the reader's language."""
    return {
        "gone": words("The kernel was restarted: run the cell again."),
        "failed": words("The chart cannot be drawn:"),
    }


def _records(values: Any) -> list[dict[str, Any]]:
    """Return rows as plain data: of a list as they are, of a data frame as Altair reads it."""
    if not isinstance(values, list | tuple):
        values = alt.to_values(values)["values"]
    records: list[dict[str, Any]] = rounded(values)
    return records


def _news(before: Sequence[Row], after: Sequence[Row]) -> Sequence[Row] | dict[int, Row]:
    """Return the rows that changed by their place, or all where there are more or fewer."""
    if len(before) != len(after):
        return after
    pairs = enumerate(zip(before, after, strict=True))
    return {place: new for place, (old, new) in pairs if new != old}


def _named(part: Any) -> set[str]:
    """Find the names of all datasets that a spec reads."""
    match part:
        case dict():
            data = part.get("data")
            own = {data["name"]} if isinstance(data, dict) and "name" in data else set()
            return own.union(*map(_named, part.values()))
        case list():
            return set().union(*map(_named, part))
        case _:
            return set()
