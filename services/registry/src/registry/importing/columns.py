"""The columns of the import sheets, and the field that each stands for. One row is one instrument."""

from dataclasses import dataclass
from typing import Final

from qingyuan_events.labels import KINDS, LABELS, SHEETS

POINT_CODE: Final = "测点编号"
POINT_NAME: Final = "测点名称"
VALID_FROM: Final = "启用日期"
EXPORT_ONLY: Final = {"单位名称": "enterprise_name", "停用日期": "valid_to"}
"""Columns that an export has in addition to those of the template."""
KIND_OF_SHEET: Final = {sheet: kind for kind, sheet in SHEETS.items()}


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    field: str
    required: bool


def columns(kind: str) -> list[Column]:
    """The columns of a kind's sheet, in the order of its figure."""
    fields = KINDS[kind].model_fields
    own = [Column(title, field, fields[field].is_required()) for field, title in LABELS[KINDS[kind]].items()]
    return [
        Column(POINT_CODE, "point_code", True),
        Column(POINT_NAME, "point_name", False),
        *own,
        Column(VALID_FROM, "valid_from", True),
    ]


def title_of(kind: str, field: str) -> str:
    """The title of the column that a problem belongs to. `field` may begin with `particulars.`."""
    name = field.removeprefix("particulars.").partition(".")[0]
    own = {column.field: column.title for column in columns(kind)}
    export_only = {field_name: title for title, field_name in EXPORT_ONLY.items()}
    return own.get(name) or export_only.get(name, name)
