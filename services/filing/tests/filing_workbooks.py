"""Workbooks as operators fill them: the template's titles and the example's values, with changes."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from filing.importing.layout import WORKBOOK
from filing_samples import TODAY
from qingyuan_runtime.importing.layout import SheetLayout
from qingyuan_runtime.importing.template import example_values

Change = Callable[[Any, Any], None]
PEOPLE, DEVICES, PARTS = WORKBOOK.sheets


def row(layout: SheetLayout, **changed: Any) -> list[Any]:
    """Of the example, with other values in some columns; `p_` stands for the fields of the paper."""
    values = {
        **example_values(layout, TODAY),
        **{name.replace("p_", "papers.0.", 1): value for name, value in changed.items()},
    }
    return [values.get(column.field, "") for column in layout.columns]


def cell(layout: SheetLayout, field: str, number: int) -> str:
    return f"{chr(ord('A') + [column.field for column in layout.columns].index(field))}{number}"


def made(*sheets: tuple[SheetLayout, Sequence[Sequence[Any]]], change: Change | None = None) -> bytes:
    """`change` may alter the last sheet further."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    page = None
    for layout, rows in sheets:
        page = book.add_worksheet(layout.name)
        for number, cells in enumerate([[column.title for column in layout.columns], *rows]):
            page.write_row(number, 0, cells)
    if change:
        change(book, page)
    book.close()
    return out.getvalue()


def people(*rows: Sequence[Any], change: Change | None = None) -> bytes:
    return made((PEOPLE, rows), change=change)


def named(name: str, number: str = "", **changed: Any) -> list[Any]:
    return row(PEOPLE, **{"name": name, "p_number": number, "p_scan": f"{name}.pdf"} | changed)
