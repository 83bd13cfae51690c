"""Finds the heading row of a sheet and the field of each column. Titles match if they look the same to a person."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from qingyuan_runtime.domain.text import LINE_MOST, normalised
from qingyuan_runtime.importing.layout import SheetLayout, WorkbookLayout
from qingyuan_runtime.importing.sheets import Cell, Sheet

ROWS_SEARCHED: Final = 20


@dataclass(frozen=True, slots=True)
class Heading:
    """`fields`: column → field; `twice` and `unknown`: column → its title, for columns that are not read."""

    row: int
    fields: Mapping[int, str]
    twice: Mapping[int, str]
    unknown: Mapping[int, str]


def layout_of(sheet_name: str, workbook: WorkbookLayout) -> SheetLayout | None:
    return next((sheet for sheet in workbook.sheets if title_key(sheet.name) == title_key(sheet_name)), None)


def heading_of(layout: SheetLayout, sheet: Sheet) -> Heading | None:
    """The first row near the top that has the title of the column by which a heading is known."""
    known = {title_key(column.title): column.field for column in (*layout.columns, *layout.also_read)}
    for number in sorted(sheet.rows)[:ROWS_SEARCHED]:
        found = _heading(number, sheet.rows[number], known)
        if layout.heading in found.fields.values():
            return found
    return None


def missing(layout: SheetLayout, heading: Heading) -> Iterator[str]:
    """Titles of required columns that the sheet does not have."""
    read = set(heading.fields.values())
    return (column.title for column in layout.columns if column.required and column.field not in read)


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
