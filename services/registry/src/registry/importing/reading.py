"""A workbook's rows as they stand. Values only: a formula is never executed, macros are never looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from registry.importing.columns import KIND_OF_SHEET, columns, value_of
from registry.importing.sizes import UNREADABLE, Unreadable, require_bearable

ROWS_MAX: Final = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the row's number as Excel shows it."""

    sheet: str
    kind: str
    number: int
    values: dict[str, Any]


def read(content: bytes) -> list[Row]:
    """Every filled row of every known sheet. Raises `Unreadable`."""
    require_bearable(content)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheets = [name for name in book.sheet_names if name in KIND_OF_SHEET]
        rows = [row for name in sheets for row in _rows(name, book.get_sheet_by_name(name).to_python())]
    except (CalamineError, ValueError) as error:
        raise Unreadable(UNREADABLE) from error
    if not rows:
        raise Unreadable("文件中没有可导入的行；请使用下载的模板，工作表名称和表头不要改动。")
    if len(rows) > ROWS_MAX:
        raise Unreadable(f"一次最多导入 {ROWS_MAX} 行，请分几个文件导入。")
    return rows


def _rows(sheet: str, cells: list[list[Any]]) -> Iterator[Row]:
    if not cells:
        return
    kind = KIND_OF_SHEET[sheet]
    titles = [str(title).strip().lstrip("*") for title in cells[0]]
    places = {column.field: titles.index(column.title) for column in columns(kind) if column.title in titles}
    if "point_code" not in places:
        raise Unreadable(f"工作表“{sheet}”的表头不是模板的表头。")
    for number, row in enumerate(cells[1:], start=2):
        if any(cell not in ("", None) for cell in row) and not str(row[0]).startswith("#"):
            values = {field: value_of(kind, field, row[place]) for field, place in places.items()}
            yield Row(sheet, kind, number, values)
