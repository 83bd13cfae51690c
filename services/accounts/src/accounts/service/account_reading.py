"""What is asked of accounts without changing them."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from qingyuan_runtime.database.connections import Pool

from accounts import display_names
from accounts.account import Account, account_of
from accounts.display_names import Reader
from accounts.names import account_name


class AccountReading:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_name(self, name: str) -> Account | None:
        row = await self._pool.fetchrow("select * from accounts where name = $1", account_name(name))
        return account_of(row) if row else None

    async def names(self, account: UUID) -> tuple[str, ...]:
        """The account's name and label, which its password must not contain."""
        row = await self._pool.fetchrow("select name, label from accounts where account_id = $1", account)
        return tuple(row) if row else ()

    async def all(self) -> Sequence[asyncpg.Record]:
        return list(await self._pool.fetch("select * from accounts order by name"))

    async def may_sign(self, account: UUID) -> bool:
        """Whether this account of an enterprise may sign for it, as the database says now."""
        found = await self._pool.fetchval("select signs from accounts where account_id = $1", account)
        return bool(found)

    async def must_change(self, account: UUID) -> bool:
        """Whether the password is a one-time one."""
        found = await self._pool.fetchval("select must_change from accounts where account_id = $1", account)
        return bool(found)

    async def labels(self, ids: Sequence[UUID], reader: Reader) -> dict[str, str]:
        return await display_names.labels(self._pool, ids, reader)
