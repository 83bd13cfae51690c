"""Finds the heading row of a sheet and the field of each column. Titles match if they look the same to a person."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from qingyuan_runtime.domain.text import LINE_MOST, normalised

from registry.importing.columns import EXPORT_ONLY, KIND_OF_SHEET, columns
from registry.importing.sheets import Cell, Sheet

ROWS_SEARCHED: Final = 20


@dataclass(frozen=True, slots=True)
class Heading:
    """`fields`: column → field; `twice` and `unknown`: column → its title, for columns that are not read."""

    row: int
    fields: Mapping[int, str]
    twice: Mapping[int, str]
    unknown: Mapping[int, str]


def kind_of(sheet_name: str) -> str | None:
    return _KINDS.get(title_key(sheet_name))


def heading_of(kind: str, sheet: Sheet) -> Heading | None:
    """The first row near the top that has the title of the column of point codes."""
    known = {title_key(column.title): column.field for column in columns(kind)}
    known |= {title_key(title): field for title, field in EXPORT_ONLY.items()}
    for number in sorted(sheet.rows)[:ROWS_SEARCHED]:
        found = _heading(number, sheet.rows[number], known)
        if "point_code" in found.fields.values():
            return found
    return None


def missing(kind: str, heading: Heading) -> Iterator[str]:
    """Titles of required columns that the sheet does not have."""
    read = set(heading.fields.values())
    return (column.title for column in columns(kind) if column.required and column.field not in read)


def title_key(title: str) -> str:
    """A key that is equal for titles that look alike: without line breaks, blanks, stars, and differences of width or case."""
    text = unicodedata.normalize("NFKC", normalised(title)[:LINE_MOST])
    return re.sub(r"[\s*]", "", text).casefold()


def _heading(number: int, cells: list[Cell], known: Mapping[str, str]) -> Heading:
    fields: dict[int, str] = {}
    twice: dict[int, str] = {}
    unknown: dict[int, str] = {}
    for cell in cells:
        field = known.get(title_key(cell.text))
        if field is None:
            unknown[cell.column] = " ".join(cell.text.split())
        elif field in fields.values():
            twice[cell.column] = " ".join(cell.text.split())
        else:
            fields[cell.column] = field
    return Heading(number, fields, twice, unknown)


_KINDS: Final = {title_key(name): kind for name, kind in KIND_OF_SHEET.items()}
