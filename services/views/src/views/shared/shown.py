"""Whether an asker may see a stream: asked of the row that it became, inside the asker's fence."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from qingyuan_runtime.database.connections import Pool

from views.shared.fenced import fenced
from views.shared.scope import Scope

_ROWS: Final[Mapping[str, str]] = {
    "contract": "work.contract",
    "plan": "work.plan",
    "visit": "work.visit",
    "confirmation": "confirmations.confirmation",
}
"""Where the streams of a noun became rows that name their owners; all other nouns are entries of the register."""


async def shown(pool: Pool, scope: Scope, stream: str) -> bool:
    noun, key = stream.split("-", 1)
    async with fenced(pool, scope) as connection:
        if table := _ROWS.get(noun):
            sql = f"select exists (select from {table} r where r.id = $1 and {scope.own('r', '$2')})"
            found: bool = await connection.fetchval(sql, UUID(key), scope.place)
        else:
            sql = f"select exists (select from register.entry e where e.id = $1 and e.noun = $3 and {scope.condition(2)})"
            found = await connection.fetchval(sql, UUID(key), scope.place, noun)
        return found
