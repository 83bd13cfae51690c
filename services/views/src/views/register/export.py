"""The register as an Excel file: one sheet a kind, with the columns of the import template, in its order."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from typing import IO, Any, Final

from qingyuan_events.labels import KINDS, LABELS, POINT_CODE, POINT_NAME, SHEETS, SINCE, word

Row = dict[str, Any]
ENTERPRISE: Final = "单位名称"
UNTIL: Final = "停用日期"


def titles(kind: str) -> list[str]:
    """Whose it is, the template's own columns, and the end: an export can be imported again."""
    return [ENTERPRISE, POINT_CODE, POINT_NAME, *LABELS[KINDS[kind]].values(), SINCE, UNTIL]


def cells(row: Row) -> list[str]:
    own = [word(field, row["particulars"].get(field)) for field in LABELS[KINDS[row["kind"]]]]
    place = [row["enterprise_name"], row["point_code"], row["point_name"]]
    return [text or "" for text in (*place, *own, row["valid_from"], row["valid_to"])]


class Workbook:
    """Written to disk row by row, so its size costs no memory. Text stays text: a formula is only a word here."""

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
    """A temporary file with the workbook in it, to be read from its start; closing removes it.

    The work is done in a thread, a batch at a time, so other requests go on.
    """
    out = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever reads it
    try:
        book = Workbook(out)
        async for rows in batches:
            await asyncio.to_thread(book.add, rows)
        await asyncio.to_thread(book.close)
    except BaseException:
        out.close()
        raise
    return out
