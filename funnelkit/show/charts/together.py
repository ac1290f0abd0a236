"""Several pictures on one canvas, so that one live chart draws them all at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from funnelkit.show.picture import Picture, Row, Spec

__all__ = ["rows_together", "together"]

GAP = 14
_OF_THE_WHOLE = ("$schema", "config", "usermeta", "autosize", "padding")


def together(pictures: Mapping[str, Picture], lines: Sequence[Sequence[str]]) -> Spec:
    """Put pictures side by side and below each other.

    Parameters
    ----------
    pictures : mapping of str to Picture
        By a name that only letters are in; their canvases keep their sizes.
    lines : sequence of sequence of str
        Names, line by line from the top.

    Returns
    -------
    dict
        Vega-Lite without data: each picture is a view of its name, and its datasets are called
        ``name_dataset``.
    """
    drawn = {name: picture.draw() for name, picture in pictures.items()}
    first = next(iter(drawn.values()))
    rest = {key: first[key] for key in _OF_THE_WHOLE if key in first}
    rest["usermeta"] = {"embedOptions": first["usermeta"]["embedOptions"] | _size(drawn, lines)}
    description = " ".join(picture.description for picture in pictures.values())
    # A line has no size of its own, so lines are set by what they hold, views by their canvases.
    rows = [
        {"hconcat": [_part(n, drawn[n]) for n in line], "spacing": GAP, "bounds": "flush"}
        for line in lines
    ]
    return rest | {"description": description, "vconcat": rows, "spacing": GAP, "bounds": "full"}


def _size(drawn: Mapping[str, Spec], lines: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return the size of the whole: Vega-Lite leaves it to whoever embeds several views."""

    def length(parts: Sequence[float]) -> float:
        return sum(parts) + GAP * (len(parts) - 1)

    return {
        "width": max(length([drawn[name]["width"] for name in line]) for line in lines),
        "height": length([max(drawn[name]["height"] for name in line) for line in lines]),
    }


def rows_together(pictures: Mapping[str, Picture]) -> dict[str, Sequence[Row]]:
    """Return the pictures' rows by the names that `together` gives their datasets."""
    return {
        f"{name}_{dataset}": rows
        for name, picture in pictures.items()
        for dataset, rows in picture.datasets.items()
    }


def _part(name: str, spec: Spec) -> Spec:
    part: Spec = {key: value for key, value in spec.items() if key not in _OF_THE_WHOLE}
    return {"name": name} | dict(_renamed(name, part))


def _renamed(prefix: str, part: Any) -> Any:
    """Prefix the name of every dataset that a spec reads, and let no mark leave its view.

    A mark that did would move what stands beside it.
    """
    match part:
        case {"mark": dict() as mark, **rest}:
            return {"mark": mark | {"clip": True}} | _renamed(prefix, rest)
        case Mapping():
            return {
                key: {"name": f"{prefix}_{value['name']}"}
                if key == "data" and set(value) == {"name"}
                else _renamed(prefix, value)
                for key, value in part.items()
            }
        case list():
            return [_renamed(prefix, value) for value in part]
        case _:
            return part
