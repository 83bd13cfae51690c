"""Workbooks as people make them: the template's titles and the example's values, with changes."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from qingyuan_runtime.importing import reading as engine
from qingyuan_runtime.importing.reading import Reading
from registry.importing.columns import WORKBOOK, columns
from registry.importing.examples import EXAMPLES

WATER = "废水分析仪器"
GAS = "废气分析仪器"
Change = Callable[[Any, Any], None]


def read(content: bytes) -> Reading:
    return engine.read(content, WORKBOOK)


def row(kind: str = "wastewater_analyser", **changed: Any) -> list[Any]:
    values = EXAMPLES[kind] | changed
    return [values.get(column.field, "") for column in columns(kind)]


def titles(kind: str = "wastewater_analyser") -> list[str]:
    return [column.title for column in columns(kind)]


def at(field: str, kind: str = "wastewater_analyser") -> int:
    """The column of a field, from 0."""
    return [column.field for column in columns(kind)].index(field)


def made(
    *rows: Sequence[Any],
    change: Change | None = None,
    heading: Sequence[str] | None = None,
    first: int = 0,
    sheet: str = WATER,
    **options: Any,
) -> bytes:
    """A workbook with its heading in row `first` (from 0) and the rows below it; `change` may alter it further."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False} | options)
    page = book.add_worksheet(sheet)
    page.write_row(first, 0, titles() if heading is None else heading)
    for number, cells in enumerate(rows, start=first + 1):
        page.write_row(number, 0, cells)
    if change:
        change(book, page)
    book.close()
    return out.getvalue()


def rules_by_cell(reading: Reading) -> dict[str, str]:
    """All problems and notes: cell → rule."""
    rows = [found for row in reading.rows for found in (*row.problems, *row.notes)]
    return {
        found["cell"] or str(found["row"]): found["rule"]
        for found in (*reading.problems, *reading.notes, *rows)
    }


def findings(content: bytes) -> dict[str, str]:
    return rules_by_cell(read(content))


SERIAL, BRAND = at("serial_number"), at("brand")


def cell(column: int, number: int) -> str:
    """The name of a cell; its column is counted from 0, its row as Excel shows it."""
    return f"{chr(ord('A') + column)}{number}"
