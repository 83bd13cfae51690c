"""Workbooks that once stopped the import worker, and similar ones. Some tool writes or accepts each of them."""

import struct
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from qingyuan_runtime.importing.template import template as template_of
from registry.importing.columns import WORKBOOK

SHEET: Final = "xl/worksheets/sheet1.xml"
UTF8: Final = 0x800
HEADS: Final = ((b"PK\x03\x04", 30, 6), (b"PK\x01\x02", 46, 8))
"""For a member and its entry in the directory: signature, offset of the name, offset of the flags."""


def template() -> bytes:
    return template_of(WORKBOOK, date(2026, 11, 24))


def with_part(workbook: bytes, name: str, content: bytes) -> bytes:
    out = BytesIO(workbook)
    with ZipFile(out, "a", ZIP_DEFLATED) as book:
        book.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return out.getvalue()


def changed(workbook: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(workbook)) as book, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for part in book.infolist():
            content = book.read(part)
            made.writestr(part.filename, change(content) if part.filename == name else content)
    return out.getvalue()


def named_in_gbk() -> bytes:
    """A member with a Chinese name as Windows writes it, under the flag that says it is UTF-8."""
    content = bytearray(with_part(template(), "xl/NAME.txt", b"x"))
    name = "仪器".encode("gbk")
    for at in places(content, b"xl/NAME.txt"):
        content[at + 3 : at + 7] = name
        for head, length, flags in HEADS:
            if content[at - length :][:4] == head:
                struct.pack_into("<H", content, at - length + flags, UTF8)
    return bytes(content)


def places(content: bytearray, wanted: bytes) -> Iterator[int]:
    at = content.find(wanted)
    while at >= 0:
        yield at
        at = content.find(wanted, at + 1)


def blank_in_the_last_cell() -> bytes:
    return row_added(b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t> </t></is></c></row>')


def blank_in_the_last_row_without_saying_where() -> bytes:
    """A cell may lack its reference, so the check of sizes does not see this one."""
    cell = b'<c t="inlineStr"><is><t> </t></is></c>'
    return row_added(b'<row r="1048576">' + cell * 1000 + b"</row>")


def row_added(row: bytes) -> bytes:
    return changed(template(), SHEET, lambda sheet: sheet.replace(b"</sheetData>", row + b"</sheetData>"))


def says_it_is_large() -> bytes:
    return with_part(template(), "xl/media/x.bin", b"\0" * (201 * 1024 * 1024))


def lies_about_its_size() -> bytes:
    """The directory declares a hundred bytes, but the member unpacks to 250 megabytes of text."""
    content = bytearray(with_part(template(), "xl/NAME.xml", b"<a>" + b" " * (250 * 1024 * 1024)))
    for at in places(content, b"xl/NAME.xml"):
        for head, length, flags in HEADS:
            if content[at - length :][:4] == head:
                struct.pack_into("<I", content, at - length + flags + 16, 100)
    return bytes(content)


def of_very_many_parts() -> bytes:
    out = BytesIO(template())
    with ZipFile(out, "a") as book:
        for number in range(2_000):
            book.writestr(f"xl/{number}.txt", b"")
    return out.getvalue()


def of_a_sheet_that_is_no_xml() -> bytes:
    return changed(template(), SHEET, lambda sheet: sheet[:500] + b"<<<&nothing;" + sheet[500:])


POISONS: Final = {
    "a name in GBK": named_in_gbk,
    "a blank in XFD1048576": blank_in_the_last_cell,
    "a blank in the last row": blank_in_the_last_row_without_saying_where,
    "large": says_it_is_large,
    "many parts": of_very_many_parts,
    "a broken sheet": of_a_sheet_that_is_no_xml,
}
