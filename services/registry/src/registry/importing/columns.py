"""One row an instrument: which column of which sheet is which field, and how its words become values."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from qingyuan_events.labels import KINDS, LABELS, SHEETS, VALUES

from registry.domain.factors import FACTORS

POINT_CODE: Final = "测点编号"
POINT_NAME: Final = "测点名称"
SINCE: Final = "启用日期"
KIND_OF_SHEET: Final = {sheet: kind for kind, sheet in SHEETS.items()}
_WORDS: Final = {
    field: {shown: stored for stored, shown in values.items()} for field, values in VALUES.items()
}
_BOOLEANS: Final = {"true": True, "false": False}
_FACTOR_NAMES: Final = {(code[0], name): code for code, (name, _) in FACTORS.items()}
_LETTER: Final = {"wastewater_analyser": "w", "flue_gas_analyser": "a"}


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
        Column(SINCE, "valid_from", True),
    ]


def title_of(kind: str, field: str) -> str:
    """The column a problem belongs to; a field inside `particulars` or of the row itself."""
    bare = field.removeprefix("particulars.").partition(".")[0]
    return next((column.title for column in columns(kind) if column.field == bare), bare)


def value_of(kind: str, field: str, cell: Any) -> Any:
    """A cell's content as the API would get it; a word that is in no list stays, and is refused there."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    text = (
        _number(cell) if isinstance(cell, float | int) and not isinstance(cell, bool) else str(cell).strip()
    )
    if field == "factor":
        return _FACTOR_NAMES.get((_LETTER.get(kind, ""), text), text)
    stored = _WORDS.get(field, {}).get(text, text)
    return _BOOLEANS.get(stored, stored)


def _number(cell: float | int) -> str:
    return str(int(cell)) if float(cell).is_integer() else repr(float(cell))
