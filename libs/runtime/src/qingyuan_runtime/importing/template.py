"""Writes the template workbook: one sheet for each kind, required columns marked, closed choices as lists, an example row."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any, Final

from qingyuan_runtime.importing.layout import DAY_ASKED, Column, SheetLayout, WorkbookLayout

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
ROWS_WITH_LISTS: Final = 5_000


def template(workbook: WorkbookLayout, today: date) -> bytes:
    """The workbook as bytes of an .xlsx file. Its example rows begin with # and are not read. `today`: see `DAY_ASKED`."""
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    styles = {
        "required": book.add_format({"bold": True, "bg_color": "#FCE9D9", "border": 1, "text_wrap": True}),
        "optional": book.add_format({"bold": True, "bg_color": "#EAF3F1", "border": 1, "text_wrap": True}),
        "example": book.add_format({"italic": True, "font_color": "#66757C"}),
        "text": book.add_format({"num_format": "@"}),
    }
    for layout in workbook.sheets:
        _write_sheet(book.add_worksheet(layout.name), layout, example_row(layout, today), styles)
    book.close()
    return out.getvalue()


def _write_sheet(sheet: Any, layout: SheetLayout, example: Sequence[str], styles: dict[str, Any]) -> None:
    for number, column in enumerate(layout.columns):
        title, style = (f"*{column.title}", "required") if column.required else (column.title, "optional")
        sheet.write_string(0, number, title, styles[style])
        sheet.write_string(1, number, example[number], styles["example"])
        sheet.set_column(number, number, column.width, styles["text"])
        if column.choices:
            sheet.data_validation(2, number, ROWS_WITH_LISTS, number, _listed(column))
    sheet.freeze_panes(1, 1)


def _listed(column: Column) -> dict[str, Any]:
    """A cell that may hold several words is no refusal of Excel."""
    return {"validate": "list", "source": list(column.choices), "show_error": not column.several}


def example_values(layout: SheetLayout, today: date) -> Mapping[str, str]:
    """By the fields of the columns."""
    return {
        field: today.isoformat() if value == DAY_ASKED else value for field, value in layout.example.items()
    }


def example_row(layout: SheetLayout, today: date) -> list[str]:
    """The row that shows how a sheet is filled in."""
    values = example_values(layout, today)
    return [_example(values, column, number) for number, column in enumerate(layout.columns)]


def is_example_row(layout: SheetLayout, texts: Sequence[str]) -> bool:
    """Whether filled cells are those of the example, on whatever day the template was asked for."""
    cells = (_example(layout.example, column, number) for number, column in enumerate(layout.columns))
    shown = [cell for cell in cells if cell]
    return len(texts) == len(shown) and all(map(_is_shown, texts, shown))


def _is_shown(text: str, shown: str) -> bool:
    return bool(_DAY.fullmatch(text)) if shown == DAY_ASKED else text == shown


def _example(values: Mapping[str, str], column: Column, number: int) -> str:
    value = values.get(column.field, "")
    return f"# 示例，不会导入 {value}" if number == 0 else value
