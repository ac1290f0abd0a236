"""What a file is, by its bytes and never by its name: text in some encoding, or a workbook."""

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import numpy as np

from funnelkit.client.exports.problems import ExportError, Refusal

__all__ = ["MAX_BYTES", "Sniffed", "sniff"]

MAX_BYTES = 400_000_000
"""A million rows of a wide report; more would not fit into memory several times over."""

MAX_UNPACKED = 2_000_000_000
"""Bytes that a workbook may unpack to: what says more is an attack."""

_SIGNATURES = (
    (b"%PDF", Refusal.PDF),
    (b"\x89PNG", Refusal.PICTURE),
    (b"\xff\xd8\xff", Refusal.PICTURE),
    (b"GIF8", Refusal.PICTURE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Refusal.OLD_EXCEL),
    (b"\x1f\x8b", Refusal.ARCHIVE),
    (b"7z\xbc\xaf", Refusal.ARCHIVE),
    (b"Rar!", Refusal.ARCHIVE),
)

_HTML = re.compile(rb"^\s*(?:<!doctype html|<html|<table|<meta)", re.IGNORECASE)
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\r"))
_CONTROL = re.compile(f"[{re.escape(_CONTROLS.decode())}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sniffed:
    """A file's content.

    Attributes
    ----------
    kind : {'text', 'html', 'workbook'}
    encoding : str
        Empty for a workbook.
    text : str
        Without a byte order mark; empty for a workbook.
    """

    kind: Literal["text", "html", "workbook"]
    encoding: str = ""
    text: str = ""


def sniff(data: bytes) -> Sniffed:
    """Look into a file.

    Raises
    ------
    ExportError
        For what is no table, text in no known encoding or in two, and characters that no text
        has (it names the line).
    """
    if len(data) > MAX_BYTES:
        raise ExportError(Refusal.TOO_LARGE, bytes=len(data), most=MAX_BYTES)
    if not data.strip():
        raise ExportError(Refusal.EMPTY)
    for signature, refusal in _SIGNATURES:
        if data.startswith(signature):
            raise ExportError(refusal)
    if data.startswith(b"PK\x03\x04"):
        return _workbook(data)
    encoding, text = _decoded(data)
    text = text.removeprefix("\ufeff")
    # bytes are searched faster than characters, and in texts of 16 bits any may be there
    controls = encoding.startswith("utf-16") or len(data.translate(None, _CONTROLS)) < len(data)
    if controls and (control := _CONTROL.search(text)):
        row = text.count("\n", 0, control.start()) + 1
        raise ExportError(Refusal.CHARACTER, row=row, found=f"U+{ord(control[0]):04X}")
    if not text.strip():
        raise ExportError(Refusal.EMPTY)
    html = _HTML.match(data[:1000].removeprefix(b"\xef\xbb\xbf"))
    return Sniffed(kind="html" if html else "text", encoding=encoding, text=text)


_BROKEN = (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError)
"""What the standard library raises for what is packed wrongly, by a way unknown, or locked."""


def _workbook(data: bytes) -> Sniffed:
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            names = packed.namelist()
            unpacked = sum(entry.file_size for entry in packed.infolist())
            if unpacked > MAX_UNPACKED:
                raise ExportError(Refusal.TOO_LARGE, bytes=unpacked, most=MAX_UNPACKED)
            # whoever reads the parts stops before their end, where their checksum is
            broken = packed.testzip()
    except (*_BROKEN, zlib.error) as error:
        raise ExportError(Refusal.BROKEN_WORKBOOK) from error
    if broken:
        raise ExportError(Refusal.BROKEN_WORKBOOK, found=broken)
    if not any(name.startswith("xl/") or name == "content.xml" for name in names):
        raise ExportError(Refusal.ARCHIVE)
    return Sniffed(kind="workbook")


def _decoded(data: bytes) -> tuple[str, str]:
    """Return the encoding in which the whole file is text, and that text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", _whole(data, "utf-16")
    head = data[:4000]
    if head.count(0) > len(head) / 4:  # half of the bytes of Latin text without a mark
        encoding = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        return encoding, _whole(data, encoding)
    try:
        return "utf-8", data.decode("utf-8")
    except UnicodeDecodeError as error:
        return "cp1251", _one_byte(data, error)


def _whole(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data[: error.start].decode(encoding, "ignore").count("\n") + 1
        raise ExportError(Refusal.ENCODING, row=row, found=encoding) from error


def _one_byte(data: bytes, error: UnicodeDecodeError) -> str:
    """Take what is not UTF-8 for cp1251, unless much of it is UTF-8 all the same.

    Excel writes cp1251 where the machine is Russian. A file glued from two, or one cut within a
    letter, would become gibberish there. UTF-8 writes Russian as pairs of bytes of which the
    first is D0 or D1, the second below C0: in cp1251 letters before signs, which is rare.
    """
    row = data.count(b"\n", 0, error.start) + 1
    codes = np.frombuffer(data, dtype=np.uint8)
    pairs = ((codes[:-1] & 0xFE) == 0xD0) & ((codes[1:] & 0xC0) == 0x80)
    letters, high = np.count_nonzero(pairs), np.count_nonzero(codes & 0x80)
    if data.startswith(b"\xef\xbb\xbf") or letters > high / 16:
        raise ExportError(Refusal.ENCODING, row=row, found="utf-8") from error
    return _whole(data, "cp1251")
