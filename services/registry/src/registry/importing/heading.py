"""Which row of a sheet is its heading, and which column is which field. Titles are known by what a person reads."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from qingyuan_runtime.domain.text import LINE_MOST, normalised

from registry.importing.columns import KIND_OF_SHEET, OF_EXPORTS, columns
from registry.importing.sheets import Cell, Sheet

ROWS_LOOKED_AT: Final = 20


@dataclass(frozen=True, slots=True)
class Heading:
    """`fields`: column → field; `twice` and `unknown`: column → its title, for columns that are not read."""

    row: int
    fields: Mapping[int, str]
    twice: Mapping[int, str]
    unknown: Mapping[int, str]


def kind_of(sheet_name: str) -> str | None:
    return _KINDS.get(alike(sheet_name))


def heading_of(kind: str, sheet: Sheet) -> Heading | None:
    """The first of the upper rows that names the column of the points."""
    known = {alike(column.title): column.field for column in columns(kind)}
    known |= {alike(title): field for title, field in OF_EXPORTS.items()}
    for number in sorted(sheet.rows)[:ROWS_LOOKED_AT]:
        found = _heading(number, sheet.rows[number], known)
        if "point_code" in found.fields.values():
            return found
    return None


def missing(kind: str, heading: Heading) -> Iterator[str]:
    """Titles of columns that must be filled and are not there."""
    read = set(heading.fields.values())
    return (column.title for column in columns(kind) if column.required and column.field not in read)


def alike(title: str) -> str:
    """The same for titles that look the same: without line breaks, blanks, stars and differences of width or case."""
    text = unicodedata.normalize("NFKC", normalised(title)[:LINE_MOST])
    return re.sub(r"[\s*]", "", text).casefold()


def _heading(number: int, cells: list[Cell], known: Mapping[str, str]) -> Heading:
    fields: dict[int, str] = {}
    twice: dict[int, str] = {}
    unknown: dict[int, str] = {}
    for cell in cells:
        field = known.get(alike(cell.text))
        if field is None:
            unknown[cell.column] = " ".join(cell.text.split())
        elif field in fields.values():
            twice[cell.column] = " ".join(cell.text.split())
        else:
            fields[cell.column] = field
    return Heading(number, fields, twice, unknown)


_KINDS: Final = {alike(name): kind for name, kind in KIND_OF_SHEET.items()}
