"""The columns of the import sheets, and the field that each stands for. One row is one instrument."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from pydantic.fields import FieldInfo
from qingyuan_events.labels import KINDS, LABELS, SHEETS, VALUES
from qingyuan_runtime.importing.layout import Column, ColumnType, SheetLayout, WorkbookLayout
from qingyuan_standards.factors import FACTORS

from registry.importing.examples import EXAMPLES

MAX_ROWS: Final = 20_000
POINT_CODE: Final = Column("测点编号", "point_code", True, "code")
POINT_NAME: Final = Column("测点名称", "point_name")
VALID_FROM: Final = Column("启用日期", "valid_from", True, "day")
EXPORT_ONLY: Final = (Column("单位名称", "enterprise_name"), Column("停用日期", "valid_to", type="day"))
"""Columns that an export has in addition to those of the template."""
CODES: Final = frozenset(
    {"permit_point_code", "serial_number", "production_licence_number", "test_report_number"}
)
"""Fields that are codes: a leading zero is part of the value."""
SYMBOLS: Final = frozenset({"factor", "unit"})
_BOOLEANS: Final = {"true": True, "false": False}
_FACTOR_LETTER: Final = {"wastewater_analyser": "w", "flue_gas_analyser": "a"}


def columns(kind: str) -> tuple[Column, ...]:
    """The columns of a kind's sheet, in the order of its figure."""
    fields = KINDS[kind].model_fields
    own = (_column(kind, title, name, fields[name]) for name, title in LABELS[KINDS[kind]].items())
    return (POINT_CODE, POINT_NAME, *own, VALID_FROM)


def _column(kind: str, title: str, name: str, info: FieldInfo) -> Column:
    choices = tuple(VALUES.get(name, {}).values())
    return Column(title, name, info.is_required(), _type(name, info), _words(kind, name), choices)


def _type(name: str, info: FieldInfo) -> ColumnType:
    if Decimal in (info.annotation, *getattr(info.annotation, "__args__", ())):
        return "number"
    return "code" if name in CODES else "symbol" if name in SYMBOLS else "text"


def _words(kind: str, name: str) -> Mapping[str, Any]:
    if name == "factor":
        letter = _FACTOR_LETTER.get(kind, "")
        return {shown: code for code, (shown, _) in FACTORS.items() if code[0] == letter}
    return {shown: _BOOLEANS.get(stored, stored) for stored, shown in VALUES.get(name, {}).items()}


def _sheet(kind: str) -> SheetLayout:
    return SheetLayout(
        kind=kind,
        name=SHEETS[kind],
        columns=columns(kind),
        heading="point_code",
        example=EXAMPLES[kind],
        also_read=EXPORT_ONLY,
    )


WORKBOOK: Final = WorkbookLayout(tuple(map(_sheet, KINDS)), MAX_ROWS)
