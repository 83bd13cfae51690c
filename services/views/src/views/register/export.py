"""The register as an Excel file: one sheet for each kind of instrument, with the columns of the import template."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from typing import IO, Any, Final

from qingyuan_events.labels import KINDS, LABELS, POINT_CODE, POINT_NAME, SHEETS, SINCE, word

Row = dict[str, Any]
ENTERPRISE: Final = "单位名称"
UNTIL: Final = "停用日期"


def titles(kind: str) -> list[str]:
    """The enterprise, the columns of the template, and the end of use. An exported file can be imported again."""
    return [ENTERPRISE, POINT_CODE, POINT_NAME, *LABELS[KINDS[kind]].values(), SINCE, UNTIL]


def cells(row: Row) -> list[str]:
    own = [word(field, row["particulars"].get(field)) for field in LABELS[KINDS[row["kind"]]]]
    place = [row["enterprise_name"], row["point_code"], row["point_name"]]
    return [text or "" for text in (*place, *own, row["valid_from"], row["valid_to"])]


class Workbook:
    """Written to disk row by row, so that its size costs no memory.

    All cells are texts, also those that begin like a formula.
    """

    def __init__(self, out: IO[bytes]) -> None:
        import xlsxwriter

        self._book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False})
        self._bold = self._book.add_format({"bold": True, "bg_color": "#EAF3F1", "border": 1})
        self._sheets = {kind: self._sheet(kind) for kind in KINDS}
        self._next = dict.fromkeys(KINDS, 1)

    def _sheet(self, kind: str) -> Any:
        sheet = self._book.add_worksheet(SHEETS[kind])
        for column, title in enumerate(titles(kind)):
            sheet.write_string(0, column, title, self._bold)
        sheet.freeze_panes(1, 3)
        sheet.set_column(0, len(titles(kind)) - 1, 18)
        return sheet

    def add(self, rows: Sequence[Row]) -> None:
        for row in rows:
            kind = row["kind"]
            for column, text in enumerate(cells(row)):
                self._sheets[kind].write_string(self._next[kind], column, text)
            self._next[kind] += 1

    def close(self) -> None:
        self._book.close()


async def write(batches: AsyncIterator[Sequence[Row]]) -> IO[bytes]:
    """Write the workbook to a temporary file, which is removed when it is closed. Seek to its start before reading.

    Each batch is written in a thread, so that other requests are served meanwhile.
    """
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    try:
        book = Workbook(out)
        async for rows in batches:
            await asyncio.to_thread(book.add, rows)
        await asyncio.to_thread(book.close)
    except BaseException:
        out.close()
        raise
    return out
