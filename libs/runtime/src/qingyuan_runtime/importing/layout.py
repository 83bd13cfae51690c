"""The sheets that a service reads from a workbook: their columns, and the field that each stands for."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

ColumnType = Literal["text", "symbol", "code", "number", "day"]
"""`symbol`: a text in half-width characters. `code`: such a text, in which a leading zero is part of the value."""
DAY_ASKED: Final = "<the day on which the template is asked for>"
"""Stands in an example for that day: one that is kept when the row is filled in is not out of date."""
_NO_WORDS: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Column:
    """`words`: shown word → stored value. `choices`: the words that the template offers. `several`: of them, one or more.

    `width`: of the column in the template, in characters.
    """

    title: str
    field: str
    required: bool = False
    type: ColumnType = "text"
    words: Mapping[str, Any] = dataclasses.field(default_factory=lambda: _NO_WORDS)
    choices: tuple[str, ...] = ()
    several: bool = False
    width: int = 20

    @property
    def is_logical(self) -> bool:
        return True in self.words.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLayout:
    """`heading`: the field without whose column a row is no heading. `also_read`: columns that the template does not have.

    `example`: field → what the template shows in it, or `DAY_ASKED`.
    """

    kind: str
    name: str
    columns: tuple[Column, ...]
    heading: str
    example: Mapping[str, str]
    also_read: tuple[Column, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column that a problem belongs to. `name` may begin with `particulars.`, and say more than the field."""
        bare = bare_field(name)
        return next((column for column in self._all if _is_of(bare, column.field)), None)

    def title(self, name: str) -> str:
        found = self.column(name)
        return found.title if found else bare_field(name).partition(".")[0]

    @property
    def _all(self) -> tuple[Column, ...]:
        return (*self.columns, *self.also_read)


@dataclass(frozen=True, slots=True)
class WorkbookLayout:
    """`max_rows`: of all sheets together."""

    sheets: tuple[SheetLayout, ...]
    max_rows: int

    def sheet(self, kind: str) -> SheetLayout:
        return next(sheet for sheet in self.sheets if sheet.kind == kind)


def bare_field(name: str) -> str:
    return name.removeprefix("particulars.")


def _is_of(name: str, field_name: str) -> bool:
    return name == field_name or name.startswith(f"{field_name}.")
