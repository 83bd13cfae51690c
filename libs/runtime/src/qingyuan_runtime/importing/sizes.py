"""Checks the size that a workbook declares before it is decoded: a small file may declare a very large sheet.

The declared size may be false; then the limits of the process that decodes the file apply (see `decoding.py`).
"""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import chain, pairwise
from typing import Final
from zipfile import ZipFile

MAX_PARTS: Final = 1_000
MAX_UNPACKED: Final = 200 * 1024 * 1024
MAX_READ_WHOLE: Final = 16 * 1024 * 1024
"""Bytes of a part that is read as a whole, as that of the shared texts is."""
MAX_RATIO: Final = 200
"""How often smaller a large sheet may be packed. Excel's own stay below 50; the same letter again and again comes to 1,000."""
MAX_TEXT: Final = 32_767 * len("_x000D_")
"""Excel's limit for the characters of a cell, each of which the file may write as seven."""
MAX_CELLS: Final = 4_000_000
"""Cells in the rectangle around all filled cells of a sheet, for which a reader allocates memory."""
CHUNK: Final = 256 * 1024
OVERLAP: Final = 1024
"""More than an opening tag of a cell needs."""
FILLED: Final = re.compile(rb'<(?:\w+:)?c\s(?:[^<>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"(?:[^<>]*[^<>/])?>')
"""The opening tag of a cell with content, and its column and row. A tag that ends in `/>` is an empty cell."""
UNREADABLE: Final = "文件无法读取，请使用下载的模板，保存为 .xlsx 格式。"
TOO_LARGE: Final = "文件展开后过大，不能导入。"
TEXT_TOO_LONG: Final = "有单元格的内容超过 Excel 的上限（32767 个字），不能导入。"


class Unreadable(Exception):
    """An import cannot read the file; the message is shown to the person."""


def require_bounded_size(content: bytes) -> None:
    """Raises `Unreadable`."""
    try:
        _check(ZipFile(BytesIO(content)))
    except Unreadable:
        raise
    except Exception as error:
        # `zipfile` raises exceptions of many types for a damaged archive, as for a name that is not in the declared encoding.
        raise Unreadable(UNREADABLE) from error


def _check(archive: ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unreadable(TOO_LARGE)
    for part in parts:
        if "worksheets/" in part.filename and part.filename.endswith(".xml"):
            if part.file_size > max(MAX_READ_WHOLE, MAX_RATIO * part.compress_size):
                raise Unreadable(TOO_LARGE)
            _check_sheet(archive, part.filename)


def _check_sheet(archive: ZipFile, name: str) -> None:
    """Empty cells, as in a formatted column, do not count: no memory is allocated for them."""
    rows, columns, last = 0, 0, ""
    for letters, digits in _filled(archive, name):
        row, column = int(digits), _column(letters)
        if row > rows or column > columns:
            rows, columns = max(rows, row), max(columns, column)
            last = f"{letters.decode()}{row}"
        if rows * columns > MAX_CELLS:
            raise Unreadable(
                f"工作表的范围一直到单元格 {last}，过大，不能导入；请删除数据以外的行、列和空格后重新上传。"
            )


def _filled(archive: ZipFile, name: str) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk is searched together with the end of the one before it, since an opening tag may span both."""
    with archive.open(name) as part:
        chunks = iter(lambda: part.read(CHUNK), b"")
        for before, chunk in pairwise(chain([b""], chunks)):
            yield from FILLED.findall(before[-OVERLAP:] + chunk)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
