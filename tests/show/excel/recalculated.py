"""Workbooks as LibreOffice recalculates them: no number that was stored survives."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from python_calamine import CalamineWorkbook

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""Recalculate on loading, always."""

STALE = "12345678"
"""What every formula's stored value is replaced by."""

BESIDE = re.compile(
    r"<legacyDrawing [^>]*>|<conditionalFormatting.*?</conditionalFormatting>"
    r"|<dataValidations.*?</dataValidations>"
)
"""What a sheet has beside its cells."""

DIFFERENCES = re.compile(
    r"(months|settled)_(contribution|profit|goal|waiting_leads|lost_leads)|result_\w+"
    r"|(channels|total)_(now|plan)_(gross_profit|contribution|ebitda|tax|net_profit|lost_\w+)"
)
"""Names of what may be a small difference of large numbers, exact to those numbers' rounding."""


def soffice() -> str:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    return program


def names_of(content: bytes) -> dict[str, tuple[str, str]]:
    """Return sheet and range of every name that a workbook defines."""
    with ZipFile(BytesIO(content)) as file:
        text = file.read("xl/workbook.xml").decode()
    found = re.findall(r'<definedName name="(\w+)">\'?([^<\']+)\'?!([^<]+)</definedName>', text)
    return {name: (sheet, cells.replace("$", "")) for name, sheet, cells in found}


def without_values(content: bytes, inputs: Mapping[str, object] | None = None) -> bytes:
    """Return a workbook whose formulas' values are all wrong, with some inputs typed anew.

    Notes, rules of what may be typed, and colours are left out: LibreOffice is faster without.
    """
    names = names_of(content)
    changed = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(changed, "w", ZIP_DEFLATED) as new:
        sheets = re.findall(r'<sheet name="([^"]+)"', old.read("xl/workbook.xml").decode())
        for entry in old.namelist():
            if entry.startswith(("xl/comments", "xl/drawings", "xl/worksheets/_rels")):
                continue
            data = old.read(entry)
            if entry == "[Content_Types].xml":
                data = re.sub(rb'<Override PartName="/xl/comments[^>]*>', b"", data)
            if place := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", entry):
                text = re.sub(
                    r'(<c r="\w+"(?: s="\d+")?)(?: t="\w+")?>(<f>[^<]*</f>)<v>[^<]*</v>',
                    rf"\1>\2<v>{STALE}</v>",
                    BESIDE.sub("", data.decode()),
                )
                for name, value in (inputs or {}).items():
                    sheet, cell = names[name]
                    if sheet == sheets[int(place[1]) - 1]:
                        text = _typed(text, cell, value)
                data = text.encode()
            new.writestr(entry, data)
    return changed.getvalue()


def _typed(text: str, cell: str, value: object) -> str:
    if isinstance(value, str):
        put = rf't="inlineStr"><is><t>{value}</t></is></c>'
    else:
        put = "/>" if value is None else f"><v>{value!r}</v></c>"
    pattern = rf'<c r="{cell}"( s="\d+")?(?: t="\w+")?(?:/>|>.*?</c>)'
    text, count = re.subn(pattern, rf'<c r="{cell}"\1 {put}', text)
    assert count == 1, cell
    return text


@dataclass(frozen=True)
class Calculated:
    """A workbook's cells, as LibreOffice has calculated them or as they were stored."""

    names: dict[str, tuple[str, str]]
    sheets: dict[str, list[list[object]]]

    @property
    def all(self) -> dict[str, list[object]]:
        """Everything that has a name."""
        return {name: self[name] for name in self.names}

    def __getitem__(self, name: str) -> list[object]:
        """Return the cells of a name, "" where nothing or an error stands."""
        sheet, cells = self.names[name]
        first, _, last = cells.partition(":")
        (r1, c1), (r2, c2) = _place(first), _place(last or first)
        rows = self.sheets[sheet]
        return [
            rows[r][c] if r < len(rows) and c < len(rows[r]) else ""
            for r in range(r1, r2 + 1)
            for c in range(c1, c2 + 1)
        ]


def _place(cell: str) -> tuple[int, int]:
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits) - 1, column - 1


def recalculated(contents: Mapping[str, bytes], folder: Path) -> dict[str, Calculated]:
    """Let LibreOffice load workbooks, calculate and save them."""
    program = soffice()
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    files = []
    for name, content in contents.items():
        files.append(folder / f"{name}.xlsx")
        files[-1].write_bytes(content)
    subprocess.run(
        [
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(out),
            *map(str, files),
        ],
        check=True,
        capture_output=True,
        timeout=540,
    )
    return {
        name: _of(CalamineWorkbook.from_path(out / f"{name}.xlsx"), content)
        for name, content in contents.items()
    }


def disagreements(
    got: "Calculated | Mapping[str, list[object]]", want: Mapping[str, list[object]]
) -> list[str]:
    """Compare what has the same name, to 1e-9; "" is a missing number."""
    numbers = [abs(v) for values in want.values() for v in values if not isinstance(v, str)]
    rounding = 1e-15 * max(numbers, default=0.0)
    found = []
    for name, values in want.items():
        allowed = rounding if DIFFERENCES.fullmatch(name) else 0.0
        for here, (one, other) in enumerate(zip(got[name], values, strict=True)):
            if isinstance(one, str) or isinstance(other, str):
                agree = one == other
            else:
                agree = abs(one - other) <= 1e-9 * abs(other) + allowed
            if not agree:
                found.append(f"{name}[{here}]: {one!r} instead of {other!r}")
    return found


def _of(book: CalamineWorkbook, content: bytes) -> Calculated:
    sheets = {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }
    return Calculated(names_of(content), sheets)


def stored(content: bytes) -> Calculated:
    """Return a workbook with the values that were stored in it."""
    return _of(CalamineWorkbook.from_filelike(BytesIO(content)), content)
