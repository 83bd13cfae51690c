"""Shared tokens in a table of PostgreSQL: one row for each key."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

import asyncpg

from qingyuan_wechat.tokens import MARGIN, Fetch

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Pool = asyncpg.Pool


def tables() -> str:
    """The table, for a migration of the service that uses it. The service needs select, insert and update."""
    return """
create table wechat_tokens (
    key     text primary key,
    value   text not null,
    expires timestamptz not null
);
"""


class TokensInPostgres:
    """Within a process only one caller waits for the database's lock: the others would hold connections meanwhile."""

    def __init__(self, pool: Pool, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def valid(self, key: str, fetch: Fetch, *, instead_of: str | None = None) -> str:
        found = await self._pool.fetchval(_VALID, key, self._clock(), instead_of)
        if found is not None:
            return str(found)
        async with self._turns[key]:
            return await self._replaced(key, fetch, instead_of)

    async def _replaced(self, key: str, fetch: Fetch, instead_of: str | None) -> str:
        """The lock belongs to the transaction: it ends with the connection when this process dies."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_LOCK, f"wechat {key}")
            found = await connection.fetchval(_VALID, key, self._clock(), instead_of)
            if found is not None:
                return str(found)
            fresh = await fetch()
            await connection.execute(_KEEP, key, fresh.value, self._clock() + fresh.lasts - MARGIN)
            return fresh.value


_VALID: Final = (
    "select value from wechat_tokens where key = $1 and expires > $2 and value is distinct from $3"
)
_LOCK: Final = "select pg_advisory_xact_lock(hashtextextended($1, 0))"
_KEEP: Final = """
    insert into wechat_tokens values ($1, $2, $3)
    on conflict (key) do update set value = excluded.value, expires = excluded.expires
"""
