"""Writes the template workbook: one sheet for each kind, required columns marked, closed choices as lists, an example row."""

from io import BytesIO
from typing import Any, Final

from qingyuan_events.labels import KINDS, SHEETS, VALUES

from registry.importing.columns import Column, columns

ROWS_WITH_LISTS: Final = 5_000
EXAMPLES: Final[dict[str, dict[str, str]]] = {
    "wastewater_analyser": {
        "point_code": "DW001",
        "factor": "化学需氧量",
        "model": "示例型号",
        "brand": "示例品牌",
        "method": "重铬酸钾氧化分光光度法",
        "construction": "已建成",
        "unit": "mg/L",
        "om_operator": "运维机构全称",
        "om_operator_previous": "无",
        "permit_point_name": "污水总排口",
        "permit_point_code": "DW001",
        "integrator": "系统集成单位全称",
        "installer": "安装单位全称",
        "valid_from": "2026-01-01",
    },
    "sampler": {
        "point_code": "DW001",
        "name": "水质自动采样器",
        "model": "示例型号",
        "construction": "已建成",
        "manufacturer": "生产商全称",
        "outlet_kind": "总排口",
        "mixed_sampling": "是",
        "refrigeration": "是",
        "valid_from": "2026-01-01",
    },
    "flue_gas_analyser": {
        "point_code": "DA001",
        "factor": "二氧化硫",
        "brand": "示例品牌",
        "model": "示例型号",
        "serial_number": "示例编号",
        "method": "紫外差分吸收法",
        "construction": "已建成",
        "unit": "mg/m³",
        "om_operator": "运维机构全称",
        "permit_point_name": "1 号锅炉废气排口",
        "permit_point_code": "DA001",
        "integrator": "系统集成单位全称",
        "installer": "安装单位全称",
        "reference_oxygen": "6",
        "valid_from": "2026-01-01",
    },
}


def template() -> bytes:
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
    for kind in KINDS:
        _write_sheet(book.add_worksheet(SHEETS[kind]), kind, styles)
    book.close()
    return out.getvalue()


def _write_sheet(sheet: Any, kind: str, styles: dict[str, Any]) -> None:
    wanted = columns(kind)
    for number, column in enumerate(wanted):
        title, style = (f"*{column.title}", "required") if column.required else (column.title, "optional")
        sheet.write_string(0, number, title, styles[style])
        sheet.write_string(1, number, _example(kind, column, number), styles["example"])
        if choices := VALUES.get(column.field):
            sheet.data_validation(
                2, number, ROWS_WITH_LISTS, number, {"validate": "list", "source": list(choices.values())}
            )
    sheet.set_column(0, len(wanted) - 1, 20, styles["text"])
    sheet.freeze_panes(1, 1)


def example_row(kind: str) -> list[str]:
    """The row that shows how a sheet is filled in."""
    return [_example(kind, column, number) for number, column in enumerate(columns(kind))]


def _example(kind: str, column: Column, number: int) -> str:
    value = EXAMPLES[kind].get(column.field, "")
    return f"# 示例，不会导入 {value}" if number == 0 else value
