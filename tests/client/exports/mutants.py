"""Damages that happen to exports: cut, glued, opened and saved by the wrong program."""

import re
from collections.abc import Callable
from random import Random

from tests.client.exports.samples import SAMPLES, Sample

Damage = Callable[[str, str, Random], str]

SEPARATORS = {"google_ads_ru": "\t", "yandex_direct_api": "\t"}
"""Of the samples in which another separator is not the most frequent one."""


def separator(name: str, text: str) -> str:
    return SEPARATORS.get(name) or max(";,\t", key=text.count)


def _line(text: str, dice: Random) -> tuple[list[str], int]:
    lines = text.splitlines(keepends=True)
    return lines, dice.randrange(len(lines))


def _inserted(text: str, piece: str, dice: Random) -> str:
    place = dice.randint(0, len(text))
    return text[:place] + piece + text[place:]


def cut(text: str, mark: str, dice: Random) -> str:
    del mark
    return text[: dice.randint(1, len(text) - 1)]


def without_a_line(text: str, mark: str, dice: Random) -> str:
    del mark
    lines, place = _line(text, dice)
    return "".join(lines[:place] + lines[place + 1 :])


def with_a_line_twice(text: str, mark: str, dice: Random) -> str:
    del mark
    lines, place = _line(text, dice)
    return "".join(lines[: place + 1] + lines[place:])


def with_a_line_joined(text: str, mark: str, dice: Random) -> str:
    del mark
    lines, place = _line(text, dice)
    lines[place] = lines[place].rstrip("\r\n")
    return "".join(lines)


def with_other_separators(text: str, mark: str, dice: Random) -> str:
    return text.replace(mark, dice.choice(";,\t|"))


def with_other_separators_in_a_line(text: str, mark: str, dice: Random) -> str:
    lines, place = _line(text, dice)
    lines[place] = lines[place].replace(mark, dice.choice(";,\t|"))
    return "".join(lines)


def with_a_separator(text: str, mark: str, dice: Random) -> str:
    """But not one between digits, which might be a number's decimal mark."""
    places = [found.start() for found in re.finditer(r"(?<![0-9])|(?![0-9])", text)]
    place = dice.choice(places)
    return text[:place] + mark + text[place:]


def without_a_separator(text: str, mark: str, dice: Random) -> str:
    """But not one between digits, which might be a number's decimal mark."""
    between = re.finditer(rf"(?<![0-9]){mark}|{mark}(?![0-9])", text)
    place = dice.choice([found.start() for found in between])
    return text[:place] + text[place + 1 :]


def with_a_quote(text: str, mark: str, dice: Random) -> str:
    del mark
    return _inserted(text, '"', dice)


def with_two_quotes(text: str, mark: str, dice: Random) -> str:
    """Before cells, where a quote begins what ends at the next one."""
    places = [place + 1 for place, character in enumerate(text) if character == mark]
    first, last = sorted(dice.choices(places, k=2))
    return text[:first] + '"' + text[first:last] + '"' + text[last:]


def without_a_quote(text: str, mark: str, dice: Random) -> str:
    places = [place for place, character in enumerate(text) if character == '"']
    if not places:
        return with_two_quotes(text, mark, dice)
    place = dice.choice(places)
    return text[:place] + text[place + 1 :]


def with_a_line_end(text: str, mark: str, dice: Random) -> str:
    del mark
    return _inserted(text, dice.choice(["\n", "\r\n", "\r", "\n\n"]), dice)


def with_a_letter(text: str, mark: str, dice: Random) -> str:
    del mark
    return _inserted(text, dice.choice("жZ#@\u200b\ufeff\u2028=+"), dice)


def with_a_control(text: str, mark: str, dice: Random) -> str:
    del mark
    return _inserted(text, dice.choice("\x00\x01\x1a\x7f"), dice)


def with_many_columns(text: str, mark: str, dice: Random) -> str:
    lines, place = _line(text, dice)
    lines[place] = lines[place].rstrip("\r\n") + f"{mark}x" * 3000 + "\n"
    return "".join(lines)


def with_a_huge_line(text: str, mark: str, dice: Random) -> str:
    return _inserted(text, dice.choice(["x", "7", mark, "ж "]) * 300_000, dice)


def with_columns_swapped(text: str, mark: str, dice: Random) -> str:
    """Two columns change places, headings and all, where no cell is in quotes."""
    if '"' in text:
        return text
    rows = [line.split(mark) for line in text.split("\n")]
    width = max(map(len, rows))
    one, other = dice.randrange(width), dice.randrange(width)
    for row in rows:
        if len(row) == width:
            row[one], row[other] = row[other].rstrip("\r"), row[one].rstrip("\r")
    return "\n".join(mark.join(row) for row in rows)


DAMAGES: tuple[Damage, ...] = (
    cut,
    without_a_line,
    with_a_line_twice,
    with_a_line_joined,
    with_other_separators,
    with_other_separators_in_a_line,
    with_a_separator,
    without_a_separator,
    with_a_quote,
    with_two_quotes,
    without_a_quote,
    with_a_line_end,
    with_a_letter,
    with_a_control,
    with_many_columns,
    with_a_huge_line,
    with_columns_swapped,
)


def encoding(name: str) -> str:
    data = SAMPLES[name].data
    if data.startswith(b"\xff\xfe"):
        return "utf-16"
    return "cp1251" if name in ("yandex_direct", "yookassa") else "utf-8"


def glued(data: bytes, dice: Random) -> bytes:
    """Bytes of another encoding somewhere, or a bit turned over."""
    place = dice.randrange(len(data))
    piece = dice.choice(["Итого".encode("cp1251"), "Итого".encode(), b"\xff\xfe", b"\x98"])
    return data[:place] + piece + data[place:]


def broken(data: bytes, dice: Random) -> bytes:
    """A workbook that was cut, or of which a byte is another one."""
    place = dice.randrange(len(data))
    if dice.random() < 0.3:
        return data[:place]
    return data[:place] + bytes([dice.randrange(256)]) + data[place + 1 :]


def mutant(seed: int) -> tuple[Sample, str, bytes]:
    """Damage one of the samples; return it, the damage's name and the damaged file."""
    dice = Random(seed)
    name = dice.choice(sorted(SAMPLES))
    sample = SAMPLES[name]
    if sample.data.startswith(b"PK"):
        return sample, "broken", broken(sample.data, dice)
    if dice.random() < 0.08:
        return sample, "glued", glued(sample.data, dice)
    text = sample.data.decode(encoding(name))
    damage = dice.choice(DAMAGES)
    damaged = damage(text, separator(name, text), dice)
    return sample, damage.__name__, damaged.encode(encoding(name), "replace")
