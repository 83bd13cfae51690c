"""The register as an Excel file: one sheet a kind, the columns of the import template."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from qingyuan_events.labels import KINDS, LABELS, SHEETS, word

Row = dict[str, Any]
FIRST: Final = ("单位名称", "测点名称")
LAST: Final = ("启用日期", "停用日期")


class Workbook:
    """Collects rows sheet by sheet; text is always written as text, so a formula stays a word."""

    def __init__(self) -> None:
        self._out = BytesIO()
        self._book = xlsxwriter.Workbook(self._out, {"in_memory": True, "strings_to_formulas": False})
        self._bold = self._book.add_format({"bold": True, "bg_color": "#EAF3F1", "border": 1})
        self._sheets = {kind: self._sheet(kind) for kind in KINDS}
        self._next = dict.fromkeys(KINDS, 1)

    def _sheet(self, kind: str) -> Any:
        sheet = self._book.add_worksheet(SHEETS[kind])
        titles = [*FIRST, *LABELS[KINDS[kind]].values(), *LAST]
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, self._bold)
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, len(titles) - 1, 18)
        return sheet

    def add(self, row: Row) -> None:
        kind = row["kind"]
        values = [row["enterprise_name"], row["point_name"]]
        values += [word(field, row["particulars"].get(field)) for field in LABELS[KINDS[kind]]]
        values += [row["valid_from"], row["valid_to"]]
        for column, value in enumerate(values):
            self._sheets[kind].write_string(self._next[kind], column, value or "")
        self._next[kind] += 1

    def bytes(self) -> bytes:
        self._book.close()
        return self._out.getvalue()


async def workbook(rows: AsyncIterator[Row]) -> bytes:
    book = Workbook()
    async for row in rows:
        book.add(row)
    return book.bytes()
