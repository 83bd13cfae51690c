"""A list in pages: the SELECT of one, and what it found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from views.shared.names import Names
from views.shared.where import cursor_of


@dataclass(frozen=True, slots=True)
class List:
    """One SELECT, and how the place of a row in its order is written down and read again."""

    sql: str
    parameters: Sequence[Any]
    order: tuple[str, ...]
    limit: int

    def cut(self, rows: Sequence[Any]) -> tuple[Sequence[Any], str | None]:
        """Of one row more than wanted: those to show, and the cursor of the next page if there is one."""
        if len(rows) <= self.limit:
            return rows, None
        last = rows[self.limit - 1]
        return rows[: self.limit], cursor_of(*(last[name] for name in self.order))


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list with the names of what they point at; `following` is the cursor of the next page, if there is one."""

    rows: Sequence[Any]
    following: str | None
    names: Names
