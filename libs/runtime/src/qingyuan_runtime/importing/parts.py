"""Reads the parts of an .xlsx package that its sheets refer to: order of sheets, shared texts, number formats.

The file is read directly, because libraries for Excel do not keep what the person saw: digits, number formats, hidden
rows and merged cells.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import join, normpath
from typing import Final
from xml.etree import ElementTree
from zipfile import ZipFile

from qingyuan_runtime.importing.sizes import (
    MAX_READ_WHOLE,
    MAX_TEXT,
    TEXT_TOO_LONG,
    TOO_LARGE,
    Unreadable,
)

MAX_TEXTS: Final = 1_000_000
FIRST_OWN_FORMAT: Final = 164
BUILT_IN: Final[dict[int, str]] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00",
    44: "#,##0.00", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""Built-in formats, which a file names by number only (ECMA-376, 18.8.30). All others below 164 show days or times."""
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")


class NotAWorkbook(Exception):
    """The package is not a workbook as Excel writes it."""


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet: its name for people, and the name of its part in the package."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Package:
    """An open workbook. `texts` and `formats` are numbered as its cells refer to them.

    `since_1904`: days are counted from 1904, as older versions of Excel on a Mac do, instead of 1900.
    """

    archive: ZipFile
    sheets: tuple[SheetPart, ...]
    texts: tuple[str, ...]
    formats: tuple[str, ...]
    since_1904: bool


def open_package(archive: ZipFile) -> Package:
    """Raises `NotAWorkbook`, `Unreadable`, or what zip and XML raise."""
    book = _workbook_part(archive)
    root = _tree(archive, book)
    related = _related(archive, book)
    properties = root.find("{*}workbookPr")
    return Package(
        archive,
        tuple(_sheets(root, related)),
        _texts(archive, _target(related, "/sharedStrings")),
        _formats(archive, _target(related, "/styles")),
        properties is not None and properties.get("date1904") in ("1", "true"),
    )


def unescaped(text: str) -> str:
    """Characters that XML cannot hold are written `_x000D_`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _workbook_part(archive: ZipFile) -> str:
    found = _target(_related(archive, ""), "/officeDocument")
    if found is None or not found.endswith(".xml"):
        raise NotAWorkbook
    return found


def _related(archive: ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """The relationships of a part: id → (type, name of the target part)."""
    folder, _, name = part.rpartition("/")
    path = join(folder, "_rels", f"{name}.rels")
    if path not in archive.namelist():
        raise NotAWorkbook
    return {
        relationship.get("Id", ""): (
            relationship.get("Type", ""),
            normpath(join("/", folder, relationship.get("Target", ""))).lstrip("/"),
        )
        for relationship in _tree(archive, path).findall("{*}Relationship")
    }


def _target(related: dict[str, tuple[str, str]], kind: str) -> str | None:
    return next((part for found, part in related.values() if found.endswith(kind)), None)


def _sheets(root: ElementTree.Element, related: dict[str, tuple[str, str]]) -> Iterator[SheetPart]:
    """Worksheets only: sheets of charts and dialogues have no cells."""
    for sheet in root.iterfind("{*}sheets/{*}sheet"):
        key = next((value for name, value in sheet.items() if name.endswith("}id")), "")
        kind, part = related.get(key, ("", ""))
        if kind.endswith("/worksheet"):
            yield SheetPart(sheet.get("name", ""), part, sheet.get("state", "visible") != "visible")


def _texts(archive: ZipFile, part: str | None) -> tuple[str, ...]:
    if part is None:
        return ()
    found = tuple(map(_text, _tree(archive, part).iterfind("{*}si")))
    if len(found) > MAX_TEXTS:
        raise NotAWorkbook
    return found


def _text(item: ElementTree.Element) -> str:
    """The text of all runs; phonetic hints (`rPh`) are not part of it."""
    direct, runs = item.findall("{*}t"), item.findall("{*}r/{*}t")
    text = "".join(run.text or "" for run in (*direct, *runs))
    if len(text) > MAX_TEXT:
        raise Unreadable(TEXT_TOO_LONG)
    return unescaped(text)


def _formats(archive: ZipFile, part: str | None) -> tuple[str, ...]:
    """The number format of every cell style, in order."""
    if part is None:
        return ()
    root = _tree(archive, part)
    own = {
        int(number_format.get("numFmtId", "0")): number_format.get("formatCode", "")
        for number_format in root.iterfind("{*}numFmts/{*}numFmt")
    }
    return tuple(_format(int(style.get("numFmtId", "0")), own) for style in root.iterfind("{*}cellXfs/{*}xf"))


def _format(number: int, own: dict[int, str]) -> str:
    if number in own:
        return own[number]
    return BUILT_IN.get(number, "yyyy-mm-dd" if number < FIRST_OWN_FORMAT else "General")


class _TreeWithoutDoctype(ElementTree.TreeBuilder):
    """Refuses document types: they can define entities that expand without limit, and Excel never writes one."""

    def doctype(self, *_declared: object) -> None:
        raise NotAWorkbook


def _tree(archive: ZipFile, part: str) -> ElementTree.Element:
    if part not in archive.namelist():
        raise NotAWorkbook
    if archive.getinfo(part).file_size > MAX_READ_WHOLE:  # zipfile gives no more than is declared
        raise Unreadable(TOO_LARGE)
    parser = ElementTree.XMLParser(target=_TreeWithoutDoctype())  # noqa: S314 - it refuses document types, which are the danger
    parser.feed(archive.read(part))
    root: ElementTree.Element = parser.close()
    return root
