"""Lists as Excel files: names instead of codes, numbers as numbers, days as days; the first sheet says what was asked for."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from os import SEEK_END
from typing import IO, Any, Final, Protocol
from urllib.parse import quote

from fastapi.responses import StreamingResponse
from qingyuan_standards.days import local_clock, local_day

Row = dict[str, Any]
Value = str | int | Decimal | date | datetime | None
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_MAX: Final = 50_000
ASKED: Final = "查询条件"
ENOUGH: Final = f"符合条件的超过 {ROWS_MAX:,} 行，本文件只有前 {ROWS_MAX:,} 行。请缩小查询条件，分几次导出。"


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    of: Callable[[Row], Value]
    width: int = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """`asked` are the filters with their values in words, `at` is the time of the export."""

    name: str
    columns: Sequence[Column]
    asked: Sequence[tuple[str, str]]
    at: datetime


class Styles:
    """How the cells of a workbook look, and its sheet that says what was asked for."""

    def __init__(self, book: Any) -> None:
        self.bold = book.add_format({"bold": True, "bg_color": "#EAF3F1", "border": 1})
        self._day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})

    def write(self, sheet: Any, row: int, column: int, value: Value) -> None:
        match value:
            case None | "":
                return
            case datetime():
                sheet.write_datetime(row, column, local_clock(value), self._moment)
            case date():
                sheet.write_datetime(row, column, value, self._day)
            case int() | Decimal():
                sheet.write_number(row, column, value)
            case _:
                sheet.write_string(row, column, value)

    def tell(self, sheet: Any, about: Sequence[tuple[str, Value]]) -> None:
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 60)
        for number, (title, value) in enumerate(about):
            sheet.write_string(number, 0, title, self.bold)
            self.write(sheet, number, 1, value)


class ListWorkbook:
    """Written to disk row by row, so that its size costs no memory. Texts stay texts, also those that begin like a formula."""

    def __init__(self, out: IO[bytes], sheet: Sheet, rows_max: int = ROWS_MAX) -> None:
        import xlsxwriter

        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(out, options)
        self._sheet, self._rows_max, self._count = sheet, rows_max, 0
        self._styles = Styles(self._book)
        self._about = self._book.add_worksheet(ASKED)
        self._rows = self._book.add_worksheet(sheet.name)
        self._head()

    def _head(self) -> None:
        for number, column in enumerate(self._sheet.columns):
            self._rows.set_column(number, number, column.width)
            self._rows.write_string(0, number, column.title, self._styles.bold)
        self._rows.freeze_panes(1, 0)

    def add(self, rows: Sequence[Row]) -> None:
        """A row more than fits is not written: it only says that there are more."""
        for row in rows:
            self._count += 1
            if self._count <= self._rows_max:
                for number, column in enumerate(self._sheet.columns):
                    self._styles.write(self._rows, self._count, number, column.of(row))

    def close(self) -> None:
        """The first sheet comes last: only now it is known how many rows there are."""
        written = min(self._count, self._rows_max)
        about: list[tuple[str, Value]] = [("名单", self._sheet.name), *self._sheet.asked]
        about += [("导出时间", self._sheet.at), ("行数", written)]
        if self._count > self._rows_max:
            about.append(("说明", ENOUGH))
        self._styles.tell(self._about, about)
        self._about.set_first_sheet()
        self._rows.activate()
        self._book.close()


class Book(Protocol):
    """A workbook that is written to a file row by row."""

    def add(self, rows: Sequence[Row]) -> None: ...

    def close(self) -> None: ...


async def written(book_in: Callable[[IO[bytes]], Book], batches: AsyncIterator[Sequence[Row]]) -> IO[bytes]:
    """Write the workbook to a temporary file, which is removed when it is closed.

    Each batch is written in a thread, so that other requests are served meanwhile.
    """
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    try:
        book = book_in(out)
        async for rows in batches:
            await asyncio.to_thread(book.add, rows)
        await asyncio.to_thread(book.close)
    except BaseException:
        out.close()
        raise
    return out


async def exported(sheet: Sheet, batches: AsyncIterator[Sequence[Row]]) -> StreamingResponse:
    file = await written(lambda out: ListWorkbook(out, sheet), batches)
    return download(file, f"{sheet.name}-{local_day(sheet.at).isoformat()}.xlsx")


def download(file: IO[bytes], name: str) -> StreamingResponse:
    """Sends the file and closes it, which removes a temporary one."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Content-Length": str(file.seek(0, SEEK_END)),
    }
    return StreamingResponse(_chunks(file), media_type=XLSX, headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(64 * 1024):
            yield chunk
