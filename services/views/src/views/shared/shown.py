"""Whether an actor may see a stream: whether its row is visible to the actor's scope."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from qingyuan_runtime.database.connections import Pool
from sqlalchemy import Select, Table, exists, select

from views.shared.composed import composed, parameter
from views.shared.scope import Scope, own_enterprises, own_rows
from views.shared.scoped import scoped
from views.tables.confirmations import CONFIRMATION
from views.tables.register import ENTRY
from views.tables.work import CONTRACT, PLAN, VISIT

_ROWS: Final[Mapping[str, Table]] = {
    "contract": CONTRACT,
    "plan": PLAN,
    "visit": VISIT,
    "confirmation": CONFIRMATION,
}
"""The table with the rows of a noun's streams; all other nouns are entries of the register."""


async def shown(pool: Pool, scope: Scope, stream: str) -> bool:
    noun, key = stream.split("-", 1)
    query = _shown_row(_ROWS[noun], scope.sees) if noun in _ROWS else _shown_entry(scope.sees)
    statement = query.statement({"id": UUID(key), "noun": noun, "place": scope.place})
    async with scoped(pool, scope) as connection:
        visible: bool = await connection.fetchval(*statement)
        return visible


@composed
def _shown_row(table: Table, sees: str) -> Select[Any]:
    row = table.alias("r")
    return select(exists().where(row.c.id == parameter("id"), own_rows(sees, row)))


@composed
def _shown_entry(sees: str) -> Select[Any]:
    entry = ENTRY.alias("e")
    return select(
        exists().where(
            entry.c.id == parameter("id"), entry.c.noun == parameter("noun"), own_enterprises(sees, entry)
        )
    )
