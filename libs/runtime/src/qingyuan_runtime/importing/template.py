"""Writes the template workbook: one sheet for each kind, required columns marked, closed choices as lists, an example row."""

from io import BytesIO
from typing import Any, Final

from qingyuan_runtime.importing.layout import Column, SheetLayout, WorkbookLayout

ROWS_WITH_LISTS: Final = 5_000


def template(workbook: WorkbookLayout) -> bytes:
    """The workbook as bytes of an .xlsx file. Its example rows begin with # and are not read."""
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
        _write_sheet(book.add_worksheet(layout.name), layout, styles)
    book.close()
    return out.getvalue()


def _write_sheet(sheet: Any, layout: SheetLayout, styles: dict[str, Any]) -> None:
    for number, column in enumerate(layout.columns):
        title, style = (f"*{column.title}", "required") if column.required else (column.title, "optional")
        sheet.write_string(0, number, title, styles[style])
        sheet.write_string(1, number, _example(layout, column, number), styles["example"])
        sheet.set_column(number, number, column.width, styles["text"])
        if column.choices:
            sheet.data_validation(2, number, ROWS_WITH_LISTS, number, _listed(column))
    sheet.freeze_panes(1, 1)


def _listed(column: Column) -> dict[str, Any]:
    """A cell that may hold several words is no refusal of Excel."""
    return {"validate": "list", "source": list(column.choices), "show_error": not column.several}


def example_row(layout: SheetLayout) -> list[str]:
    """The row that shows how a sheet is filled in."""
    return [_example(layout, column, number) for number, column in enumerate(layout.columns)]


def _example(layout: SheetLayout, column: Column, number: int) -> str:
    value = layout.example.get(column.field, "")
    return f"# 示例，不会导入 {value}" if number == 0 else value
